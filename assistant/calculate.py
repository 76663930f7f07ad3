"""Arithmetic over cited figures: exact decimals, a formula to show. Pure.

A language model never computes: it names operands, and this module does the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from assistant.asked import UNITS_OF_KIND
from assistant.errors import CannotCompute
from assistant.times import TIME_UNITS
from assistant.types import Calculation, Figure, Operand

PRECISION = 40
"""Digits carried; what is shown is rounded once, at the end."""

APART = 1000
"""Figures of one measure seldom differ more than this many times, those of two scales do."""

_MONEY = UNITS_OF_KIND["money"]
_ASK_ALIKE = "ask for figures of one unit, or give a rate"


def calculate(
    operation: str,
    operands: Sequence[Operand],
    *,
    divisor: Decimal = Decimal(1),
    factor: Decimal = Decimal(1),
    unit: str = "",
) -> Calculation:
    """The exact result of an operation over operands, with its formula.

    difference    first - second, in their unit     ratio     first / second, times
    remainder     first - all the others, in their unit
    growth        (first - second) / second, %      share     first / second, %
    sum, average  of all, in their unit             quotient  first / second, in the first's unit
    turnover      first / the average of the others, times
    return        the same, in %
    per           first / divisor, in the first's unit
    convert       first / divisor or, at a `factor`, first * factor, in `unit`
    cagr          (first / second) ^ (1 / divisor) - 1, %, over so many years

    Raises CannotCompute for too few operands, different units, dates, or a base of zero.
    """
    if len(operands) < (1 if operation in ("per", "convert") else 2):
        raise CannotCompute("there are not enough figures to compute with", "name both sides")
    if any(operand.figure.unit in TIME_UNITS for operand in operands):
        raise CannotCompute("dates are not added or divided", "ask for figures")
    if operation not in ("per", "convert", "quotient"):
        _check_units(operands)
    figures = [operand.figure for operand in operands]
    with localcontext() as context:
        context.prec = PRECISION
        result = _result(operation, [figure.value for figure in figures], divisor / factor)
        result += 0  # no "−0.0%"
    result_unit = _unit(operation, figures[0].unit, unit)
    shown = _shown(operation, result, result_unit, figures)
    formula = f"{_formula(operation, operands, divisor, factor)} = {shown}"
    return Calculation(operation, tuple(operands), formula, result, result_unit, shown)


def hedge(calculation: Calculation) -> str:
    """ "more than " or "about " before a result whose operands are printed so; "" for exact ones."""
    first, *rest = (operand.figure.approximate for operand in calculation.operands)
    if not any((first, *rest)):
        return ""
    summed = calculation.operation in ("sum", "average") and {first, *rest} <= {*_FLOORS, ""}
    reduced = calculation.operation in ("difference", "remainder", "per", "convert")
    if summed or (reduced and first in _FLOORS and not any(rest)):
        return "more than "
    return "about "


_FLOORS = ("over", "at least")


def _result(operation: str, values: Sequence[Decimal], divisor: Decimal) -> Decimal:
    first, second = values[0], values[-1]
    base = divisor if operation in ("per", "convert") else second
    if operation in ("growth", "ratio", "share", "quotient", "per", "convert") and base == 0:
        raise CannotCompute("the base is zero", "choose another base")
    match operation:
        case "difference":
            return first - second
        case "remainder":
            return first - sum(values[1:], Decimal(0))
        case "growth":
            return (first - second) / second * 100
        case "share":
            return first / second * 100
        case "ratio" | "quotient":
            return first / second
        case "sum":
            return sum(values, Decimal(0))
        case "average":
            return sum(values, Decimal(0)) / len(values)
        case "turnover" | "return":
            average = sum(values[1:], Decimal(0)) / (len(values) - 1)
            if average == 0:
                raise CannotCompute("the base is zero", "choose another base")
            return first / average * (100 if operation == "return" else 1)
        case "per" | "convert":
            return first / divisor
        case "cagr":
            if first <= 0 or second <= 0:
                raise CannotCompute("a loss has no yearly growth", "ask for the difference")
            return ((first / second) ** (1 / divisor) - 1) * 100
    raise CannotCompute(f"{operation} is not an operation", "ask for a difference, ratio or sum")


def _unit(operation: str, own: str, wanted: str) -> str:
    if operation in ("growth", "share", "return", "cagr"):
        return "percent"
    if operation in ("ratio", "turnover"):
        return "times"
    if operation == "difference" and own == "percent":
        return "percentage_point"
    return wanted or own


def _check_units(operands: Sequence[Operand]) -> None:
    first = operands[0]
    for other in operands[1:]:
        if other.figure.unit != first.figure.unit:
            raise CannotCompute(
                f"{first.figure.text} ({first.label}) and {other.figure.text} ({other.label}) "
                "are in different units",
                _ASK_ALIKE,
            )
        # Of two bare numbers only one has its scale told: the other's "in thousands" was not seen.
        if first.figure.unit == "count" and (first.figure.scale >= 6) != (other.figure.scale >= 6):
            low, high = sorted(abs(o.figure.value) for o in (first, other))
            if high > low * APART:
                raise CannotCompute(
                    f"{first.figure.text} ({first.label}) and {other.figure.text} ({other.label}) "
                    "are not printed in one scale",
                    _ASK_ALIKE,
                )


def _formula(operation: str, operands: Sequence[Operand], divisor: Decimal, factor: Decimal) -> str:
    named = [
        operand.figure.text
        + (f" ({operand.label})" if operand.label != operand.figure.text else "")
        for operand in operands
    ]
    match operation:
        case "difference" | "remainder":
            return " − ".join(named)
        case "growth":
            return f"({named[0]} − {named[1]}) / {operands[1].figure.text}"
        case "cagr":
            return f"({named[0]} / {named[1]})^(1/{divisor.normalize():f}) − 1"
        case "sum":
            return " + ".join(named)
        case "turnover" | "return":
            return f"{named[0]} / (({' + '.join(named[1:])}) / {len(named) - 1})"
        case "average":
            return f"({' + '.join(named)}) / {len(named)}"
        case "convert" if factor != 1:
            return f"{operands[0].figure.text} × {factor:f}"
        case "per" | "convert":
            return f"{operands[0].figure.text} / {divisor.normalize():f}"
    return " / ".join(named)


_SCALES = {12: "trillion", 9: "billion", 6: "million", 3: "thousand"}


def _shown(operation: str, result: Decimal, unit: str, figures: Sequence[Figure]) -> str:
    """The result as printed, in the largest scale of the operands.

    A sum or difference shows every digit the operands print, a quotient three digits or so.
    """
    if unit == "percent":
        if operation == "average":
            finest = max(figure.decimals for figure in figures)
            return f"{_rounded(result, min(finest + 1, 2))}%".replace("-", "−")
        small = abs(result) < 10 and all(_digits(figure) >= DIGITS for figure in figures)
        return f"{_rounded(result, 2 if small else 1)}%".replace("-", "−")
    if unit == "times":
        return f"{_rounded(result, 2)} times"
    largest = max(figure.scale for figure in figures)
    if operation in ("quotient", "per"):
        largest = min(largest, result.adjusted()) if result.adjusted() >= 6 else 0
    scale = next((s for s in _SCALES if s <= largest), 0)  # 亿 is shown in millions
    decimals = max(0, *(figure.decimals + scale - figure.scale for figure in figures))
    if operation not in ("difference", "remainder", "sum"):
        decimals = max(decimals, 2) if scale or abs(result) < 100 else 0
    amount = _rounded(result.scaleb(-scale), min(decimals, 6))
    printed = max(figure.decimals for figure in figures)
    while "." in amount and amount.endswith("0") and len(amount.partition(".")[2]) > printed:
        amount = amount[:-1].removesuffix(".")
    if unit == "percentage_point":
        return f"{amount} percentage points"
    money = f"{unit} " if unit in _MONEY else ""
    words = f" {_SCALES[scale]}" if scale else ""
    sign, amount = ("−", amount[1:]) if amount.startswith("-") else ("", amount)
    return f"{sign}{money}{amount}{words}"


DIGITS = 3
"""So many digits of its operands make the third one of a percentage worth showing."""


def _digits(figure: Figure) -> int:
    return len(re.sub(r"\D", "", figure.text).lstrip("0"))


def _rounded(value: Decimal, decimals: int) -> str:
    return f"{value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN):,f}"
