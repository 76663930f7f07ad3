"""Code alone finds the one figure that a plain question asks for, or says that there is none."""

from __future__ import annotations

import pytest

from assistant.asked import read_question
from assistant.lookup import agreed, looked_up, said
from assistant.types import Evidence
from tests.test_operands import HEADER, line

ROWS = [
    line("| Q2 2025 | 115.9 | 30.5 | 81,302 |", HEADER, at=0),
    line("| Q3 2025 | 113.1 | 22.3 | 108,796 |", HEADER, at=100),
]


def found(question: str, *evidence: Evidence) -> str | None:
    best = agreed(looked_up(read_question(question), evidence))
    return said(best.choice) if best else None


def test_cell_is_found_by_its_period_measure_and_owner() -> None:
    assert found("What was Castor's revenue in Q2 2025?", *ROWS) == (
        "Revenue, Q2 2025: CNY 115.9 billion."
    )
    assert found("Castor's cars in Q3 2025, how many?", *ROWS) == ("Cars, Q3 2025: 108,796.")


@pytest.mark.parametrize(
    "question",
    [
        "What was Castor's revenue in Q4 2025?",  # no such period
        "What was Castor's net profit in Q2 2025?",  # no such measure
        "What was Orsa's revenue in Q2 2025?",  # another company
        "What was Castor's revenue in 2025?",  # a quarter is no year
        "Who leads Castor?",
        "When did Castor report its revenue for Q2 2025?",
    ],
)
def test_figure_of_another_thing_is_not_found(question: str) -> None:
    assert found(question, *ROWS) is None


def test_sentence_is_quoted_whole() -> None:
    sentence = line("Castor's stores numbered 335 in 92 cities in 2024.")
    assert found("In how many cities did Castor have stores in 2024?", sentence) == sentence.text


def test_two_values_told_as_well_are_no_answer() -> None:
    one = line("Castor sold 410,000 cars in 2024.", at=0)
    other = line("Castor sold 365,000 cars in 2024.", at=100)
    question = "How many cars did Castor sell in 2024?"
    assert found(question, one) == one.text
    assert found(question, one, other) is None


def test_nine_months_are_no_year() -> None:
    sentence = line("Castor's revenue was CNY 23.5 billion in the first nine months of 2025.")
    assert found("What was Castor's revenue in 2025?", sentence) is None
    assert found("What was Castor's revenue in 9M 2025?", sentence) == sentence.text
