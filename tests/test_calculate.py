"""Code computes, exactly, and shows how."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.calculate import calculate, hedge
from assistant.computed import lead
from assistant.errors import CannotCompute
from assistant.figures import read_figures
from assistant.types import Operand


def operand(text: str, label: str = "", citation: int = 1) -> Operand:
    figure = read_figures(text)[0]
    return Operand(label or text, figure, citation)


CASES = [
    ("difference", ["CNY 24.1 billion", "CNY 19.1 billion"], "CNY 5.0 billion"),
    ("difference", ["550,000 cars", "410,000 cars"], "140,000"),
    ("difference", ["25.5%", "22.9%"], "2.6 percentage points"),
    ("difference", ["CNY 1.2 billion", "CNY 900 million"], "CNY 0.3 billion"),
    ("growth", ["CNY 9.1 billion", "CNY 7.76 billion"], "17.3%"),
    ("growth", ["406,343 cars", "500,508 cars"], "−18.8%"),
    ("ratio", ["CNY 179.7 billion", "CNY 24.1 billion"], "7.46 times"),
    ("share", ["33,729 cars", "46,249 cars"], "72.9%"),
    ("sum", ["75,869 cars", "81,302 cars", "108,796 cars"], "265,967"),
    ("average", ["CNY 6.712 billion", "CNY 7.76 billion", "CNY 9.1 billion"], "CNY 7.857 billion"),
    ("remainder", ["410,000 cars", "75,869 cars", "81,302 cars", "108,796 cars"], "144,033"),
    ("quotient", ["CNY 46 billion", "43.3 million phones"], "CNY 1,062"),
]


@pytest.mark.parametrize(("operation", "texts", "shown"), CASES)
def test_result_is_shown_as_people_print_it(operation: str, texts: list[str], shown: str) -> None:
    calculation = calculate(operation, [operand(text) for text in texts])
    assert calculation.shown.startswith(shown)
    assert calculation.formula.endswith(f"= {calculation.shown}")


@pytest.mark.parametrize(
    ("operation", "texts", "said"),
    [
        ("difference", ["550,000 cars", "410,000 cars"], ""),
        ("remainder", ["more than 410,000 cars", "75,869 cars"], "more than "),
        ("growth", ["550,000 cars", "more than 410,000 cars"], "about "),
        ("difference", ["550,000 cars", "more than 410,000 cars"], "about "),
        ("sum", ["over 40,000 cars", "39,000 cars"], "more than "),
        ("share", ["about CNY 0.7 billion", "CNY 29.0 billion"], "about "),
        ("per", ["over 410,000 cars"], "more than "),
    ],
)
def test_rounded_operands_make_no_exact_result(operation: str, texts: list[str], said: str) -> None:
    assert hedge(calculate(operation, [operand(text) for text in texts])) == said


def test_formula_names_every_operand_and_its_label() -> None:
    operands = [operand("CNY 24.1 billion", "2024"), operand("CNY 19.1 billion", "2023")]
    formula = calculate("difference", operands).formula
    assert formula == "CNY 24.1 billion (2024) − CNY 19.1 billion (2023) = CNY 5.0 billion"


def test_amount_is_converted_at_a_rate() -> None:
    converted = calculate(
        "convert", [operand("CNY 24.1 billion")], divisor=Decimal("7.2"), unit="USD"
    )
    assert converted.shown == "USD 3.35 billion"


def test_amount_is_spread_over_a_year() -> None:
    assert calculate("per", [operand("550,000 cars")], divisor=Decimal(12)).shown == "45,833"


@pytest.mark.parametrize(
    ("operation", "texts", "why"),
    [
        ("difference", ["CNY 24.1 billion", "USD 3.4 billion"], "different units"),
        ("ratio", ["410,000 cars", "CNY 3 billion"], "different units"),
        ("growth", ["5 cars", "0 cars"], "base is zero"),
        ("difference", ["2024", "2023"], "dates"),
        ("sum", ["5 cars"], "not enough"),
    ],
)
def test_what_does_not_go_together_is_refused_with_the_reason(
    operation: str, texts: list[str], why: str
) -> None:
    with pytest.raises(CannotCompute, match=why) as refused:
        calculate(operation, [operand(text) for text in texts])
    assert refused.value.hint


amounts = st.decimals(min_value=Decimal("0.1"), max_value=Decimal("9999.9"), places=1)


@given(amounts, amounts)
def test_difference_and_growth_are_exact(one: Decimal, two: Decimal) -> None:
    operands = [operand(f"CNY {value} billion") for value in (one, two)]
    difference = calculate("difference", operands)
    assert difference.result == (one - two) * 10**9
    growth = calculate("growth", operands)
    assert abs(growth.result - (one - two) / two * 100) < Decimal("1e-20")
    ratio = calculate("ratio", operands).result
    assert abs((ratio - 1) * 100 - growth.result) < Decimal("1e-20")


def test_bare_numbers_of_two_scales_are_not_subtracted() -> None:
    with pytest.raises(CannotCompute, match="scale"):
        calculate("difference", [operand("0.9 million", "2018"), operand("427", "2017")])


def test_a_turnover_is_over_the_average_of_two_times() -> None:
    sales, last, first = (
        Operand(label, read_figures(text)[0], 1)
        for label, text in (
            ("sales", "CNY 66 billion"),
            ("2022", "CNY 10 billion"),
            ("2021", "CNY 12 billion"),
        )
    )
    found = calculate("turnover", (sales, last, first))
    assert found.shown == "6.00 times"
    assert found.formula == (
        "CNY 66 billion (sales) / ((CNY 10 billion (2022) + CNY 12 billion (2021)) / 2) = 6.00 times"
    )
    assert calculate("return", (last, sales, sales)).shown == "15.2%"


def test_a_change_from_below_zero_shows_its_true_arithmetic() -> None:
    operands = [operand("USD 542 million"), operand("USD 762.3 million")]
    loss = replace(operands[1], figure=replace(operands[1].figure, value=-operands[1].figure.value))
    found = calculate("growth", [operands[0], loss])
    assert found.result < -171
    assert lead(found, over_time=True).startswith("Up from below zero")
    same = calculate("growth", [loss, loss])
    assert lead(same, over_time=True) == "Unchanged"
    assert "−0" not in same.shown


@pytest.mark.parametrize(
    ("texts", "operation", "shown"),
    [
        (["CNY 42.237 billion", "CNY 43.486 billion"], "growth", "−2.87%"),
        (["CNY 8 billion", "CNY 7.5 billion"], "growth", "6.7%"),
        (["4.6%", "4.5%"], "average", "4.55%"),
        (["62%", "73%"], "average", "67.5%"),
    ],
)
def test_a_percentage_shows_the_digits_its_operands_bear(
    texts: list[str], operation: str, shown: str
) -> None:
    assert calculate(operation, [operand(text) for text in texts]).shown == shown
