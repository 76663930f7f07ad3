"""Which documents a question is answered from: the one it names, and the right edition."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.asked import read_question
from assistant.scope import families, named_sources, of_right_edition
from assistant.types import Hit, Passage, PassageKind, Source, Span

MONTHS = {9: "September", 10: "October", 11: "November"}


def factsheet(month: int, holdings: int, title: str = "Lantern fund, factsheet") -> list[Passage]:
    source = Source(f"{month}.md", f"{month:064d}", title, "factsheet", date(2025, month, 28))
    heading = (f"Lantern fund: factsheet, {MONTHS[month]} 2025",)
    row = f"| Holdings | {holdings} |"
    prose = f"The fund had {holdings} holdings and was managed by person {month} of the house."
    return [
        Passage(source, Span(0, len(prose)), prose, PassageKind.PROSE, heading),
        Passage(
            source,
            Span(100, 100 + len(row)),
            row,
            PassageKind.TABLE_ROW,
            heading,
            "| Key | Value |",
        ),
    ]


SHEETS = {
    f"{month}.md": factsheet(month, holdings) for month, holdings in ((9, 48), (10, 51), (11, 47))
}
EDITIONS = families([passages[0] for passages in SHEETS.values()])


def shown(question: str, *hits: Passage) -> list[str]:
    found = of_right_edition(
        read_question(question), [Hit(p, 1.0) for p in hits], EDITIONS, SHEETS.__getitem__
    )
    return [hit.passage.text for hit in found]


def test_documents_of_one_title_and_several_months_are_editions() -> None:
    assert [e.source.id for e in EDITIONS["10.md"]] == ["9.md", "10.md", "11.md"]


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("How many holdings does the Lantern fund have?", "| Holdings | 47 |"),
        ("How many holdings did the Lantern fund have in October 2025?", "| Holdings | 51 |"),
        ("How many holdings were there at the end of September 2025?", "| Holdings | 48 |"),
    ],
)
def test_twin_in_the_edition_asked_for_or_else_the_newest_is_shown(question: str, row: str) -> None:
    rows = [passages[1] for passages in SHEETS.values()]
    assert shown(question, *rows) == [row]
    assert shown(question, rows[0]) == [row]  # though search found another edition


def test_all_editions_are_shown_for_a_change_and_for_a_period_of_none() -> None:
    rows = [passages[1] for passages in SHEETS.values()]
    for question in (
        "How did the holdings change from September 2025 to November 2025?",
        "How have the holdings developed?",
        "How many holdings did the fund have in March 2025?",
        "How many holdings did the fund have in 2025?",
    ):
        assert len(shown(question, *rows)) == 3


def test_what_only_an_older_edition_tells_is_kept() -> None:
    source = SHEETS["9.md"][0].source
    text = "In September the fund left its office in Bergen for a larger one."
    only = Passage(source, Span(300, 300 + len(text)), text)
    assert shown("Where is the office of the fund?", only) == [text]


def test_copies_of_one_day_are_no_editions() -> None:
    copies = [
        Passage(
            Source(f"{n}.md", f"{n:064d}", "Notes", "notes", date(2025, 5, 16)), Span(0, 1), "x"
        )
        for n in range(2)
    ]
    assert families(copies) == {}


SOURCES = [
    Source("ev.md", "0" * 64, "The smart-EV segment by quarter", "quarterly fact sheet"),
    Source("visit.md", "1" * 64, "Notes from a visit to the car plant", "visit notes"),
    Source("market.md", "2" * 64, "The market, 2024-2026", "market note"),
    Source("words.md", "3" * 64, "Words of this folder", "glossary"),
]


@pytest.mark.parametrize(
    ("question", "rest", "ids"),
    [
        (
            "By the sheet on the smart-EV segment, how large was the loss?",
            "How large was the loss?",
            ("ev.md",),
        ),
        ("How often, by the notes from the plant visit?", "How often ?", ("visit.md",)),
        ("According to the glossary, what is NOA?", "What is NOA?", ("words.md",)),
        ("What was R&D in the 2024 annual report?", "What was R&D in the 2024 annual report?", ()),
        ("What do the documents say?", "What do the documents say?", ()),
    ],
)
def test_document_named_in_the_question_is_the_one_looked_in(
    question: str, rest: str, ids: tuple[str, ...]
) -> None:
    assert named_sources(question, SOURCES) == (rest, ids)
