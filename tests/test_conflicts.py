"""Two places that give different values for one thing are a conflict; other things are not."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.asked import read_question
from assistant.conflicts import Side, between, in_order, offered, within
from assistant.figures import read_figures
from assistant.types import Evidence, Passage, Source, Span

TITLE = "Castor's year"


def line(text: str, number: int, as_of: date | None = None) -> Evidence:
    source = Source(f"{number}.md", "0" * 64, TITLE, as_of=as_of)
    span = Span(0, len(text))
    return Evidence(number, Passage(source, span, text), span, text, 1.0, read_figures(text))


def values(sides: tuple[Side, ...]) -> list[str]:
    return [side.figure.text for side in sides]


def test_question_that_offers_two_values_gets_both() -> None:
    lines = [
        line("Reuters put Castor's plan at almost US$28 billion.", 1),
        line("The Post gave about US$29 billion for Castor's plan.", 2),
    ]
    asked = read_question("Is Castor's plan worth US$28 billion or US$29 billion?")
    assert values(offered(asked, lines)) == ["US$28 billion", "US$29 billion"]
    shorter = read_question("Is Castor's plan worth 28 or 29 billion?")
    assert values(offered(shorter, lines)) == ["US$28 billion", "US$29 billion"]
    assert offered(asked, lines[:1]) == ()
    assert offered(read_question("What is Castor's plan worth?"), lines) == ()


@pytest.mark.parametrize(
    "question",
    [
        "In which year was Castor's R&D higher, 2023 or 2024?",
        "Did Castor sell 410,000 or 550,000 cars in 2025?",
    ],
)
def test_years_to_choose_from_and_values_of_other_years_are_no_conflict(question: str) -> None:
    lines = [
        line("Castor's R&D rose from CNY 19.1 billion in 2023 to CNY 24.1 billion in 2024.", 1),
        line("Castor sold 410,000 cars in 2025, Reuters reported.", 2),
        line("Castor aims to sell 550,000 cars in 2026, Reuters reported.", 3),
    ]
    assert offered(read_question(question), lines) == ()


def test_sentence_that_tells_of_a_dispute_is_one() -> None:
    disputed = line(
        "Castor's margin a year before is disputed: one page gives 12.6%, whereas another has 17.8%.",
        1,
    )
    asked = read_question("What was Castor's margin a year before?")
    assert values(within(asked, [disputed])) == ["12.6%", "17.8%"]
    assert within(read_question("How many robots does the plant have?"), [disputed]) == ()


PLAIN = "Castor sold 410,000 cars in 2025, Reuters reported."


@pytest.mark.parametrize(
    "other",
    [
        "Castor sold 365,000 cars in 2025, according to the Post.",
        "By another count Castor sold 430,000 cars in 2025.",
    ],
)
def test_another_value_for_the_same_thing_is_a_conflict(other: str) -> None:
    asked = read_question("How many cars did Castor sell in 2025?")
    mine = line(PLAIN, 1)
    assert len(between(asked, mine.figures[0], mine, [mine, line(other, 2)])) == 2


@pytest.mark.parametrize(
    "other",
    [
        "Castor sold 365,000 cars in 2024, according to the Post.",
        "Castor sold 108,000 cars in Q3 2025, according to the Post.",
        "Castor's target was 380,000 cars in 2025, according to the Post.",
        "Castor sold more than 400,000 cars in 2025, according to the Post.",
        "Castor sold about 411,000 cars in 2025, according to the Post.",
        "Castor had 500,000 employees in 2025, according to the Post.",
        "Castor's revenue was CNY 410 billion in 2025, according to the Post.",
        "Castor sold 410,000 cars in 2025 and 550,000 are to follow, according to the Post.",
    ],
)
def test_other_periods_measures_and_roundings_are_no_conflict(other: str) -> None:
    asked = read_question("How many cars did Castor sell in 2025?")
    mine = line(PLAIN, 1)
    assert between(asked, mine.figures[0], mine, [mine, line(other, 2)]) == ()


def test_newest_source_stands_first() -> None:
    lines = [
        line("Castor sold 1 car.", 1, date(2024, 1, 1)),
        line("Castor sold 2 cars.", 2),
        line("Castor sold 3 cars.", 3, date(2025, 1, 1)),
    ]
    sides = [Side(item.figures[0], item) for item in lines]
    assert [s.place.number for s in in_order(sides)] == [3, 1, 2]
