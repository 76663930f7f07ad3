"""Doublings that are claimed, yearly growth rates, and how long an amount lasts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.asked import read_question
from assistant.calculate import calculate
from assistant.computed import _of_claim
from assistant.errors import CannotCompute
from assistant.figures import read_figures
from assistant.multiples import claimed, yearly_growth
from assistant.parts import plan
from assistant.types import Operand


@pytest.mark.parametrize(
    ("question", "times", "labels"),
    [
        ("Did deliveries double from Q1 2025 to Q4 2025?", 2, ["Q4 2025", "Q1 2025"]),
        ("Did R&D nearly triple between 2020 and 2024?", 3, ["2024", "2020"]),
        ("Has the loss halved from 2023 to 2024?", Decimal("0.5"), ["2024", "2023"]),
        ("Did R&D double year on year in Q3 2025?", 2, ["Q3 2025", "Q3 2024"]),
        ("Is Orsa's R&D twice Castor's in 2024?", 2, ["Orsa", "Castor"]),
        ("Did Orsa spend three times as much on R&D as Castor in 2024?", 3, ["Orsa", "Castor"]),
    ],
)
def test_a_multiple_that_is_claimed_is_a_ratio_held_against_it(
    question: str, times: Decimal, labels: list[str]
) -> None:
    planned = plan(read_question(question))
    assert planned is not None
    assert (planned.operation, planned.claimed) == ("ratio", times)
    assert [part.label for part in planned.parts] == labels


@pytest.mark.parametrize(
    "question",
    [
        "When did deliveries double?",
        "Did deliveries double?",  # of no two times
        "Is the second half stronger?",
        "Is the first half of Orsa's year better than Castor's?",
        "Why did the loss double from 2023 to 2024?",
    ],
)
def test_no_multiple_is_claimed(question: str) -> None:
    assert claimed(question) is None


@pytest.mark.parametrize(
    ("before", "now", "times", "said"),
    [
        ("100", "210", 2, "Yes."),
        ("100", "190", 2, "Not quite."),
        ("100", "150", 2, "No."),
        ("100", "45", Decimal("0.5"), "Yes."),
        ("100", "54", Decimal("0.5"), "Not quite."),
        ("100", "80", Decimal("0.5"), "No."),
        ("100", "more than 190", 2, "By these figures, not quite."),
    ],
)
def test_what_is_nearly_double_is_said_not_to_be(
    before: str, now: str, times: Decimal, said: str
) -> None:
    result = calculate("ratio", (amount(now), amount(before)))
    assert _of_claim(Decimal(times), result) == said


def test_yearly_growth_is_the_root_of_the_whole() -> None:
    assert yearly_growth("What was the CAGR of R&D from 2020 to 2024?") == (
        "What was R&D from 2020 to 2024?",
        4,
    )
    assert yearly_growth("What was the CAGR of R&D in 2024?") is None
    planned = plan(read_question("What was the compound annual growth rate of R&D, 2020 to 2024?"))
    assert planned is not None
    assert (planned.operation, planned.over) == ("cagr", 4)
    result = calculate("cagr", (amount("1,464.1"), amount("1,000")), divisor=Decimal(4))
    assert result.shown == "10.0%"
    assert result.formula == "(1,464.1 / 1,000)^(1/4) − 1 = 10.0%"
    with pytest.raises(CannotCompute):
        calculate("cagr", (amount("1,464.1"), amount("-1,000")), divisor=Decimal(4))


def test_an_amount_at_a_rate_is_shown_multiplied_by_it() -> None:
    result = calculate("convert", (amount("US$34.5 billion"),), factor=Decimal("7.0"), unit="CNY")
    assert result.formula == "US$34.5 billion × 7.0 = CNY 241.5 billion"
    back = calculate("convert", (amount("CNY 70 billion"),), divisor=Decimal("7.0"), unit="USD")
    assert back.formula == "CNY 70 billion / 7 = USD 10 billion"


def test_years_that_an_amount_pays_for_are_a_ratio() -> None:
    planned = plan(read_question("How many years of 2024 R&D would the 200 billion pay for?"))
    assert planned is not None
    assert planned.operation == "ratio"
    assert [part.measure for part in planned.parts] == ["200 billion", "R&D"]


@pytest.mark.parametrize("put", ["spent the most on", "put the most money into"])
def test_which_of_several_has_most_is_a_comparison_of_them(put: str) -> None:
    planned = plan(read_question(f"Which of Castor, Orsa and Halden {put} R&D in 2024?"))
    assert planned is not None
    assert planned.operation == "compare"
    assert [part.name for part in planned.parts] == ["Castor", "Orsa", "Halden"]


@pytest.mark.parametrize("most", ["grew the most", "is the most profitable"])
def test_what_grew_most_is_not_what_is_largest(most: str) -> None:
    planned = plan(read_question(f"Which of Castor, Orsa and Halden {most} in 2024?"))
    assert planned is None or planned.operation != "compare"


def test_one_of_a_measure_is_the_same_measure_of_another() -> None:
    asked = "Which was higher in Q3 2025, the pump segment's gross margin or the valve one's?"
    planned = plan(read_question(asked))
    assert planned is not None
    assert [part.measure for part in planned.parts] == [
        "pump segment's gross margin",
        "valve gross margin",
    ]


def amount(text: str) -> Operand:
    (figure,) = read_figures(text)
    return Operand(figure.text, figure, 1)
