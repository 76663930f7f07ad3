"""Answers computed from several figures: each is picked (picking), code computes and shows how."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.asked import UNITS_OF_KIND, Asked
from assistant.calculate import APART, calculate, hedge
from assistant.choice import Choice, printed
from assistant.errors import CannotCompute
from assistant.figures import read_figures, supports
from assistant.llm import LanguageModel
from assistant.operations import DIVISORS, GATHERING, LESS, MORE
from assistant.outcome import worked_out
from assistant.parts import RANK, WHICH_OF
from assistant.picking import RATE, Picked, Search, pick
from assistant.plans import Plan
from assistant.times import TIME_UNITS, read_times
from assistant.types import (
    Answer,
    Calculation,
    Check,
    Citation,
    Claim,
    Evidence,
    Figure,
    Operand,
    Status,
    Verdict,
    text_of,
)


def computed(
    asked: Asked, plan: Plan, search: Search, model: LanguageModel, subject: str = ""
) -> Answer | str:
    """A computed or gathered answer, or the reason why there is none. Raises ModelUnavailable."""
    picked = pick(asked, plan, search, model, subject)
    missing = [p.part.label for p in picked if p.choice is None]
    chosen = [p for p in picked if p.choice is not None]
    gathered = plan.operation in GATHERING
    if not chosen or (missing and not gathered) or (gathered and len(chosen) < 2):
        return f"no figure was found for {', '.join(missing)}" if missing else "no figures found"
    places = {(p.choice.evidence.passage.id, p.choice.figure.span) for p in chosen if p.choice}
    if len(places) < len(chosen):
        return "the same figure was found for two parts"
    calculation: Calculation | None = None
    operands = _operands(asked, chosen, plan.operation)
    if plan.operation in _OF_ONE_KIND and _far_apart([o.figure for o in operands]):
        return "the figures found are too far apart to be of one kind"
    if _is_beside(plan) and operands[-1].figure.value < 0:
        return "a percentage of a loss says nothing of who has more"
    if gathered and len({_is_money(o.figure) for o in operands}) > 1:
        return "the figures found are not of one kind"
    try:
        if plan.operation == "convert":
            calculation = _converted(asked, operands)
        elif plan.operation == "per":
            calculation = calculate(
                "per", operands, divisor=Decimal(plan.over or DIVISORS[plan.spread])
            )
        elif plan.operation == "cagr":
            calculation = calculate("cagr", operands, divisor=Decimal(plan.over))
        elif plan.operation == "compare":
            calculation = _comparison(operands)
        elif plan.operation != "list":
            calculation = calculate(_without_unit(plan.operation, operands), operands)
    except CannotCompute as error:
        return f"{error.message}; {error.hint}"
    if plan.operation == "share" and calculation is not None and abs(calculation.result) >= 100:
        return "no part smaller than its whole was found"
    return _answer(asked, plan, calculation, operands, chosen, missing, model.name)


_OF_ONE_KIND = ("compare", "growth", "cagr", "difference", "average")


def _far_apart(figures: Sequence[Figure]) -> bool:
    """True for a profit per car beside one of a quarter: what is compared seldom differs so much."""
    sizes = sorted(abs(f.value) for f in figures if f.value)
    return len(sizes) > 1 and sizes[-1] > sizes[0] * APART and len({f.unit for f in figures}) == 1


def _without_unit(operation: str, operands: Sequence[Operand]) -> str:
    """A quotient of two amounts of money is no amount but a ratio."""
    alike = operation == "quotient" and len({o.figure.unit for o in operands}) == 1
    return "ratio" if alike and _is_money(operands[0].figure) else operation


def _is_money(figure: Figure) -> bool:
    return figure.unit in UNITS_OF_KIND["money"]


def gives(operation: str, answer: Answer) -> bool:
    """True when a direct answer holds the kind of figure that the operation would have given."""
    wanted = {
        "growth": {"percent"},
        "share": {"percent"},
        "ratio": {"times"},
        "difference": {"count", "percentage_point", *UNITS_OF_KIND["money"]},
    }.get(operation)
    return wanted is None or any(check.figure.unit in wanted for check in answer.checks)


def of_all_periods(asked: Asked, answer: Answer) -> bool:
    """True when the places cited speak of every period that the question names."""
    told = [
        time
        for c in answer.citations
        for text in (c.quote, c.passage.context, *c.passage.headings, c.source.title)
        for time in read_times(text)
    ]
    return all(
        any(supports(time, period) or supports(period, time) for time in told)
        for period in asked.periods
    )


_LOSS = re.compile(
    r"\b(?:loss(?:es)?|deficit)\b(?: (?:widened|grew|rose|fell|narrowed) to| of| was| were| came to| at| stood at)?"
    r"(?: (?:about|around|some|nearly|almost|over|more than|approximately))?\W*$",
    re.IGNORECASE,
)


def _signed(asked: Asked, choice: Choice) -> Figure:
    """The figure; a loss as the negative result that it is, where no loss is asked for."""
    figure = choice.figure
    before = choice.evidence.text[: figure.span.start]
    if choice.cell or choice.given or figure.value <= 0 or re.search(r"\bloss", asked.text, re.I):
        return figure
    if figure.unit not in UNITS_OF_KIND["money"] or not _LOSS.search(before):
        return figure
    return replace(figure, value=-figure.value, text=f"a loss of {figure.text}")


def _operands(asked: Asked, chosen: Sequence[Picked], operation: str) -> list[Operand]:
    """Operands with their citation numbers; bare cells take the unit that the others print."""
    numbers: dict[tuple[str, int], int] = {}
    units = {p.choice.figure.unit for p in chosen if p.choice}
    money = units & UNITS_OF_KIND["money"]
    out = []
    for picked in chosen:
        choice = picked.choice
        if choice is None:
            continue
        figure = _signed(asked, choice)
        bare = figure.unit == "count" and not figure.noun and (choice.cell or figure.scale >= 6)
        if len(money) == 1 and bare and operation != "quotient":
            figure = replace(figure, unit=next(iter(money)))
        place = (choice.evidence.passage.id, choice.evidence.span.start)
        number = numbers.setdefault(place, len(numbers) + 1) if not choice.given else 0
        out.append(Operand(picked.part.label, replace(figure, text=printed(figure)), number))
    return out


def _converted(asked: Asked, operands: Sequence[Operand]) -> Calculation:
    """An amount in another currency, at the rate that the question states."""
    match = RATE.search(asked.text)
    money = UNITS_OF_KIND["money"]
    rates = [f for f in read_figures(match["rate"]) if f.unit in money] if match else []
    other = next(
        (f.unit for f in read_figures(re.sub(r".*? (?:to|per|for) (?:the |a |one |each )?", "1 ", match["rate"]))
         if f.unit in money), "") if match else ""  # fmt: skip
    amount = operands[0].figure
    if not rates or not other or amount.unit not in (rates[0].unit, other):
        raise CannotCompute("the rate does not fit the amount", "name a rate of its currency")
    rate = rates[0].value
    if amount.unit == rates[0].unit:
        return calculate("convert", operands, divisor=rate, unit=other)
    return calculate("convert", operands, factor=rate, unit=rates[0].unit)


def _comparison(operands: Sequence[Operand]) -> Calculation | None:
    """How many times the larger of two figures is the smaller; None where they do not compare."""
    if len(operands) != 2 or len({o.figure.unit for o in operands}) != 1:
        return None
    larger, smaller = sorted(operands, key=lambda o: -o.figure.value)
    if smaller.figure.value <= 0 or larger.figure.unit in ("percent", *TIME_UNITS):
        return None
    return calculate("ratio", (larger, smaller))


def _answer(
    asked: Asked,
    plan: Plan,
    calculation: Calculation | None,
    operands: Sequence[Operand],
    chosen: Sequence[Picked],
    missing: Sequence[str],
    model: str,
) -> Answer:
    cited: dict[int, Evidence] = {}
    for operand, picked in zip(operands, chosen, strict=True):
        if operand.citation and picked.choice is not None:
            cited[operand.citation] = picked.choice.evidence
    citations = tuple(
        Citation(number, item.passage, item.span, item.text) for number, item in cited.items()
    )
    claims = []
    if plan.operation == "compare" and (verdict := _verdict(asked, operands)):
        claims.append(Claim(verdict, ()))
    if plan.claimed is not None and calculation is not None:
        claims.append(Claim(_of_claim(plan.claimed, calculation), ()))
    if plan.operation in GATHERING:
        pairs = list(zip(operands, chosen, strict=True))
        rank = RANK.match(asked.text) or WHICH_OF.match(asked.text)
        if rank and len({o.figure.unit for o in operands}) == 1:  # dollars are not ranked with yuan
            pairs.sort(key=lambda pair: pair[0].figure.value, reverse=not rank["least"])
        for operand, picked in pairs:
            numbers = (operand.citation,) if operand.citation else ()
            when = f", {picked.part.when}" if picked.part.when else ""
            text = f"{_capital(operand.label)}{when}: {_as_printed(operand.figure)}."
            claims.append(Claim(text, numbers, _supported(text, operand)))
    if calculation is not None:
        claims.append(_result(plan, calculation, chosen[0].part.when))
    claims += [Claim(f"{_capital(label)}: not in the documents.", ()) for label in missing]
    return Answer(
        asked=asked.text,
        text=text_of(claims),
        status=Status.PARTIAL if missing else Status.ANSWERED,
        claims=tuple(claims),
        citations=citations,
        checks=tuple(check for claim in claims for check in claim.checks),
        calculation=calculation,
        evidence=tuple(cited.values()),
        model=model,
    )


def _first_of(operands: Sequence[Operand], *, least: bool) -> str:
    """The name of the one that has most, or least; "" where that is not told."""
    if len({o.figure.unit for o in operands}) != 1:
        return ""
    ordered = sorted(operands, key=lambda o: o.figure.value, reverse=not least)
    if ordered[0].figure.value == ordered[1].figure.value:
        return ""
    lead = "By these figures, " if any(o.figure.approximate for o in operands) else ""
    return f"{lead}{_capital(ordered[0].label)}."


_HEDGES = {"over": "more than ", "under": "less than "}


def _as_printed(figure: Figure) -> str:
    """The figure with its "about" or "more than"."""
    hedge_ = _HEDGES.get(figure.approximate, f"{figure.approximate} ".lstrip())
    return f"{hedge_}{figure.text}"


_COMPARED = re.compile(rf"\b(?:(?P<more>{MORE}|above)|(?P<less>{LESS}|below))\b", re.IGNORECASE)
_THAN = re.compile(r"\bthan\b|\b(?:above|below) th(?:at|ose) of\b", re.IGNORECASE)
_ASKS_WHICH = re.compile(
    r"\W*(?:and |so )?(?:in |by |at |for |of )?(?:who|which|what)\b", re.IGNORECASE
)
_ASKS_WHETHER = re.compile(r"\W*(?:and |so )?(?:is|are|was|were|did|does|do)\b", re.IGNORECASE)


def _verdict(asked: Asked, operands: Sequence[Operand]) -> str:
    """ "Yes.", "No." or the name of the one that has more (or less), as the question asks; else ""."""
    if most := WHICH_OF.match(asked.text):
        return _first_of(operands, least=bool(most["least"]))
    said = _COMPARED.search(asked.text)
    if said is None or len(operands) != 2 or len({o.figure.unit for o in operands}) != 1:
        return ""
    first, second = operands
    one, other = first.figure.value, second.figure.value
    if "loss" in asked.text.lower() and one < 0 and other < 0:
        one, other = -one, -other  # the larger loss is the lower result
    if one == other:
        return "They are equal."
    more = (one > other) == (said.lastgroup == "more")
    open_ = any(o.figure.approximate for o in operands)
    lead = "By these figures, " if open_ else ""
    if _ASKS_WHETHER.match(asked.text) and _THAN.search(asked.text):
        return _capital(f"{lead}{'yes' if more else 'no'}.")
    if _ASKS_WHICH.match(asked.text):
        return f"{lead}{_capital((first if more else second).label)}."
    return ""


NOT_QUITE = Decimal("0.9")
"""So much of a multiple is nearly that."""


def _of_claim(claimed: Decimal, calculation: Calculation) -> str:
    """ "Yes.", "No." or "Not quite." for the multiple that the question claims: 1.9 times is no doubling."""
    if claimed < 1:  # halved is what is now half or less
        reached, near = calculation.result <= claimed, calculation.result * NOT_QUITE <= claimed
    else:
        reached, near = calculation.result >= claimed, calculation.result >= claimed * NOT_QUITE
    lead = "By these figures, " if hedge(calculation) else ""
    return _capital(f"{lead}{'yes' if reached else 'not quite' if near else 'no'}.")


def _supported(text: str, operand: Operand) -> tuple[Check, ...]:
    if not operand.citation:
        return ()
    return (Check(operand.figure, Verdict.SUPPORTED, operand.citation),)


def _result(plan: Plan, calculation: Calculation, when: str = "") -> Claim:
    """The sentence with the result and its formula, which cites every operand."""
    period = f" ({when})" if when else ""
    over_time = len({part.period.value for part in plan.parts if part.period}) > 1
    if _is_beside(plan):
        said = _beside(calculation)
    elif plan.operation == "remainder":
        said = f"{_hedged(calculation)} is left for {plan.rest}"
    elif plan.operation == "per":
        said = f"{_hedged(calculation)} a {plan.spread}"
    else:
        said = lead(calculation, over_time=over_time)
    text = f"{said}{period}: {calculation.formula}."
    return worked_out(text, calculation)


def _hedged(calculation: Calculation) -> str:
    """The result with its "about" or "more than", as a sentence opens."""
    return _capital(f"{hedge(calculation)}{calculation.shown}")


def _is_beside(plan: Plan) -> bool:
    """True for "how much larger, in percent": a growth between two companies, not two times."""
    return plan.operation == "growth" and all(part.name for part in plan.parts)


def _beside(calculation: Calculation) -> str:
    """One company's figure against another's, in percent."""
    first, second = calculation.operands
    size = f"{hedge(calculation)}{calculation.shown.lstrip('−-')}"
    side = "below" if calculation.result < 0 else "above"
    return f"{first.label} is {size} {side} {second.label}"


def lead(calculation: Calculation, *, over_time: bool) -> str:
    """What a computed answer opens with, before its formula; `over_time` for a change between two times."""
    shown = f"{hedge(calculation)}{calculation.shown}"
    size = f"{hedge(calculation)}{calculation.shown.lstrip('−-')}"
    falls = calculation.result < 0
    match calculation.operation:
        case "growth" if not calculation.result:
            return "Unchanged"
        case "growth" if _below_zero(calculation, 1):
            if _below_zero(calculation, 0):
                return f"{'Nearer to' if falls else 'Further below'} zero by {size}"
            return f"Up from below zero, of which a percentage says little: {shown}"
        case "growth":
            return f"A fall of {size}" if falls else f"A rise of {size}"
        case "cagr":
            return f"{_capital(shown)} a year, compounded"
        case "difference" if over_time:
            if not calculation.result:
                return "Unchanged"
            return f"Down by {size}" if falls else f"Up by {size}"
        case "difference":
            return f"The difference is {shown}"
        case "ratio":
            first, second = calculation.operands
            return f"{_capital(first.label)} is {shown} {second.label}"
        case "sum":
            return f"{_capital(shown)} in total"
        case "average":
            return f"{_capital(shown)} on average"
    return _capital(shown)


def _below_zero(calculation: Calculation, at: int) -> bool:
    return calculation.operands[at].figure.value < 0


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
