"""The most or least of a table, or its times in which a limit is passed: a strategy of code."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import replace

from assistant import among_rows, lookup, ranking, verify
from assistant.asked import Asked
from assistant.calculate import calculate
from assistant.choice import Choice, printed
from assistant.computed import lead
from assistant.errors import CannotCompute
from assistant.llm import LanguageModel
from assistant.outcome import Context, ignored_orders, of_claims, widely, with_places, worked_out
from assistant.periods import label
from assistant.timing import periods_in
from assistant.types import (
    Answer,
    Check,
    Checked,
    Citation,
    Claim,
    Event,
    Evidence,
    Operand,
    Status,
    Verdict,
)
from assistant.whose import names_in

SHOWN_IN_ORDER = 5
OF_ALL_TIMES = "The average is of all the times that its table gives."
OF_TWO_TIMES = "The question names no times: the two that its table gives are compared."
_IS_MEAN = re.compile(r"\b(?:average|mean)\b", re.IGNORECASE)


def in_order(context: Context, model: LanguageModel) -> Generator[Event, None, Answer | None]:
    """The row or column of a table that holds the most or least, and the next ones after it; or its
    times in which a limit is passed.
    """
    limit = ranking.limited(context.asked)
    mean, change = ranking.averaged(context.asked), ranking.moved(context.asked)
    over = (mean, "average") if mean else change
    asked = limit.asked if limit else over[0] if over else ranking.superlative(context.asked)
    worked = None if limit or over else among_rows.asking(asked)
    if worked:
        asked = worked.levels
    elif not ranking.asks_rank(asked):
        return None
    heading = ranking.search_text(asked)
    lines = [*widely(context), *context.search(heading)]
    if worked:
        lines += context.search(ranking.search_text(context.asked))
    if not names_in(asked.text):
        lines += context.search(f"{context.subject} {heading}")
    tables = context.tables(lines)
    if over:
        return (yield from _over_times(context, *over, tables, model))
    order = ranking.ranked(context.asked if worked else asked, tables, context.subject)
    if worked and not (order and worked.operation == "growth"):  # a column of changes is printed
        rows = among_rows.among(worked, tables, context.subject)
        if rows and (answer := (yield from _among(context, rows, model))):
            return answer
    if order is None:
        return None
    first = order.places[0]
    listed = list(zip(order.names, order.places, strict=True))
    if limit and not all(limit.is_near(place.figure) for _, place in listed):
        return None
    if limit:
        kept = [(name, place) for name, place in listed if limit.holds(place.figure)]
        listed = kept or (listed[:1] if limit.above else listed[-1:])
    lines = [place.evidence for _, place in listed]
    numbers = {line: n for n, line in enumerate(dict.fromkeys(lines), 1)}
    if limit:
        claims = _beyond(limit, listed, numbers)
    else:
        ends = f", the {order.word} in its table."
        claims = [_of_cell(first, lookup.said(first).rstrip(".") + ends, numbers)]
        for name, place in listed[1:SHOWN_IN_ORDER]:
            claims.append(_of_cell(place, f"{name}: {printed(place.figure)}.", numbers))
    return (yield from _shown(context, claims, numbers, model))


def _over_times(
    context: Context,
    asked: Asked,
    operation: str,
    tables: Sequence[Sequence[Evidence]],
    model: LanguageModel,
) -> Generator[Event, None, Answer | None]:
    """The average over all times that one table gives, or the change between its two.

    None where tables differ, where a line is called an average itself, or where a change has more
    times than two to be taken between.
    """
    found = ranking.listed(asked, tables, context.subject)
    if not found or len({tuple(c.figure.value for _, c in places) for places in found}) > 1:
        return None
    named = found[0]
    if operation != "average":
        named = sorted(named, key=lambda one: one[0], reverse=True)
        if len(named) != 2:
            return None
    elif any(_IS_MEAN.search(f"{c.row} {c.column}") for _, c in named):
        return None
    numbers = {line: n for n, line in enumerate(dict.fromkeys(c.evidence for _, c in named), 1)}
    operands = [
        Operand(name, replace(c.figure, text=printed(c.figure)), numbers[c.evidence])
        for name, c in named
    ]
    try:
        calculation = calculate(operation, operands)
    except CannotCompute:
        return None
    claim = worked_out(f"{lead(calculation, over_time=True)}: {calculation.formula}.", calculation)
    note = OF_ALL_TIMES if operation == "average" else OF_TWO_TIMES
    return (yield from _shown(context, [claim], numbers, model, note))


def _among(
    context: Context, found: among_rows.Among, model: LanguageModel
) -> Generator[Event, None, Answer | None]:
    """What is worked out of each row of a table, with the arithmetic of each; None where nothing can be."""
    rows = found.rows[:SHOWN_IN_ORDER]
    lines = dict.fromkeys(c.evidence for row in rows for c in (row.figure, row.base))
    numbers = {line: n for n, line in enumerate(lines, 1)}
    claims: list[Claim] = []
    for row in rows:
        try:
            calculation = calculate(found.operation, _operands(found.operation, row, numbers))
        except CannotCompute:
            return None  # printed in two units, or one scale of two is not told
        ends = f", the {found.word} in its table" if found.word and not claims else ""
        claims.append(worked_out(f"{row.name}: {calculation.formula}{ends}.", calculation))
    return (yield from _shown(context, claims, numbers, model))


def _shown(
    context: Context,
    claims: Sequence[Claim],
    numbers: dict[Evidence, int],
    model: LanguageModel,
    *notes: str,
) -> Generator[Event, None, Answer]:
    """The claims as an answer with the lines they cite, whose `numbers` they give."""
    for claim in claims:
        yield Checked(claim)
    cited = {number for claim in claims for number in claim.citations}
    citations = [Citation(n, e.passage, e.span, e.text) for e, n in numbers.items() if n in cited]
    every = tuple(check for claim in claims for check in claim.checks)
    checked = verify.Checked(tuple(claims), tuple(citations), every)
    context = with_places(context, list(numbers))
    notes = (*notes, *ignored_orders(context))
    return of_claims(context, checked, Status.ANSWERED, model.name, notes)


def _operands(operation: str, row: among_rows.Row, numbers: dict[Evidence, int]) -> list[Operand]:
    """The row's figure and its base, each called by what sets it apart from the other."""
    chosen = (row.figure, row.base)
    if operation == "growth":
        labels = [label(periods_in(c.column)[-1]) for c in chosen]
    else:
        labels = [printed(row.figure.figure), "total"]  # whose it is stands before it
    return [
        Operand(name, replace(c.figure, text=printed(c.figure)), numbers[c.evidence])
        for name, c in zip(labels, chosen, strict=True)
    ]


_NUMBERS = "No One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve".split()


def _beyond(
    limit: ranking.Limit, listed: Sequence[tuple[str, Choice]], numbers: dict[Evidence, int]
) -> list[Claim]:
    """The times `listed` that pass the limit, after how many they are; or that none does, and the nearest."""
    claims = [
        _of_cell(place, f"{name}: {printed(place.figure)}.", numbers) for name, place in listed
    ]
    if not limit.holds(listed[0][1].figure):
        nearest = "highest" if limit.above else "lowest"
        return [Claim(f"None; the {nearest} in its table is this.", ()), *claims]
    if limit.counts and len(listed) < len(_NUMBERS):
        return [Claim(f"{_NUMBERS[len(listed)]}.", ()), *claims]
    return claims


def _of_cell(choice: Choice, text: str, numbers: dict[Evidence, int]) -> Claim:
    number = numbers[choice.evidence]
    return Claim(text, (number,), (Check(choice.figure, Verdict.SUPPORTED, number),))
