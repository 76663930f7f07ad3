"""The lines shown to the model: of two editions of a document, the one that is asked for."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.asked import read_question
from assistant.evidence import rank
from assistant.types import Hit, Passage, PassageKind, Source, Span
from tests.fakes import FakeEmbedder


def hit(month: int, row: str) -> Hit:
    source = Source(
        f"factsheet-{month}.md",
        f"{month:064d}",
        "Lantern fund, factsheet",
        as_of=date(2025, month, 28),
    )
    context = f"| Key figure | Value at the end of {'x October November'.split()[month - 9]} 2025 |"
    passage = Passage(source, Span(0, len(row)), row, PassageKind.TABLE_ROW, (), context)
    return Hit(passage, 1.0 - month / 100)


HITS = [hit(10, "| Holdings | 51 |"), hit(11, "| Holdings | 47 |")]


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("How many holdings does the Lantern fund have?", ["| Holdings | 47 |"]),
        ("How many holdings did the Lantern fund have in October 2025?", ["| Holdings | 51 |"]),
        ("How many holdings did the Lantern fund have in November 2025?", ["| Holdings | 47 |"]),
    ],
)
def test_edition_asked_for_or_else_the_newest_is_shown(question: str, shown: list[str]) -> None:
    lines = rank(read_question(question), HITS, FakeEmbedder(), limit=5)
    assert [line.text for line in lines] == shown


def test_editions_are_all_shown_for_a_period_that_none_is_of() -> None:
    asked = read_question("How many holdings did the Lantern fund have in December 2025?")
    assert len(rank(asked, HITS, FakeEmbedder(), limit=5)) == 2
