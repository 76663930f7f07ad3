"""Which figures of the evidence may stand for a part of a computed answer. Pure.

A table cell has the period and measure of its column and row; a figure in a sentence has the
period that stands nearest to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.asked import UNITS_OF_KIND, Asked, read_question
from assistant.figures import read_figures, supports
from assistant.lexical import tokens
from assistant.parts import NO_ENTITY, Part, Plan
from assistant.synonyms import NOT_TELLING, alike
from assistant.tables import read_row
from assistant.times import TIME_UNITS, year_of
from assistant.types import Evidence, Figure, Passage, PassageKind, Source, Span

SMALLEST_AMOUNT = 1000
"""A smaller figure beside "at 7.2 yuan to the dollar" is the rate."""
LESS_TOLD = 0.2
"""How much less of the question a figure's surroundings may tell than the best one's."""
MEASURE_SHARE = 0.5
"""Share of a measure's words that must stand by the figure."""

KINDS_OF_PROFIT = frozenset(tokens("gross operating net"))
_FOOTNOTE = re.compile(r"\(\d\)?|\(\d\) ?\$?")  # "(2)", a remark's number
_RATES = re.compile(r"\b(?:margin|rate|share|ratio|yield|percentage|points?)\b", re.IGNORECASE)
_CHANGES = ("percentage_point", "times")
_LEVELS = ("growth", "ratio", "share", "sum", "quotient", "per", "convert")
_FILLERS = frozenset(
    tokens("the a an of in on at for to and or its their total number value values amount other")
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A figure that may be taken.

    `cell` is True in a table, with its `column` and `row`; `given` when the question states it;
    `about` are the words that say what it is: its sentence, or its column, row and caption.
    """

    evidence: Evidence
    figure: Figure
    shown: str
    cell: bool = False
    given: bool = False
    about: str = ""
    column: str = ""
    row: str = ""


def choices(asked: Asked, plan: Plan, part: Part, evidence: Sequence[Evidence]) -> list[Choice]:
    """Figures of the evidence that may stand for the part, in the order of the evidence."""
    others = [p.name for p in plan.parts if p.name and p.name != part.name]
    rates = plan.operation not in _LEVELS and bool(_RATES.search(asked.text))
    levels = plan.operation != "lookup" or not _TURNS.search(asked.text)
    out: list[Choice] = []
    amounts = [f for f in read_figures(part.measure) if f.unit not in TIME_UNITS]
    if any(f.scale or f.value >= SMALLEST_AMOUNT for f in amounts):
        return [c for c in given(asked, evidence) if c.shown in part.measure]
    if plan.operation == "convert":
        out += [c for c in given(asked, evidence) if c.figure.value >= SMALLEST_AMOUNT]
    for item in evidence:
        for figure, column, row in figures_of(item):
            if part.name and not _is_of(item, part.name, others, column, row):
                continue
            if figure.unit in (*TIME_UNITS, *_CHANGES) or (figure.unit == "percent" and not rates):
                continue
            if _FOOTNOTE.fullmatch(figure.text) or (levels and is_change(item.text, figure)):
                continue
            if part.period is not None and not of_period(item, figure, part.period, column, row):
                continue
            if part.measure and not _is_called(item, part.measure, column, row):
                continue
            shown = printed(figure) + (f" ({column})" if column and _wide(item) else "")
            about = f"{column} {row} {_caption(item)}" if column or row else item.text
            out.append(Choice(item, figure, shown, bool(column or row), False, about, column, row))
    out = _plainest(asked, part, _best_told(asked, plan, _of_best_column(asked, out)))
    if not part.name and not any(not NO_ENTITY.fullmatch(name) for name in asked.names):
        out = _unowned(out)
    unique = {(c.evidence.passage.id, c.evidence.span.start, c.shown): c for c in out}
    return list(unique.values())


def given(asked: Asked, evidence: Sequence[Evidence]) -> list[Choice]:
    """The question's own figures, each cited to a line that prints it where there is one."""
    out = []
    for figure in read_figures(asked.text):
        if figure.unit in TIME_UNITS or figure.unit == "percent" or figure.text.isalpha():
            continue
        for item in evidence:
            # "105 billion" is backed by "CNY 105 billion", and takes its currency.
            bare = figure.unit == "count" and figure.scale >= 6
            backed = [f for f in item.figures if supports(f, figure)
                      or (bare and f.unit in UNITS_OF_KIND["money"] and f.value == figure.value)]  # fmt: skip
            if backed:
                figure = replace(figure, unit=backed[0].unit, noun=backed[0].noun)
                out.append(Choice(item, figure, figure.text))
                break
        else:
            out.append(Choice(_question_line(asked), figure, figure.text, given=True))
    return out


def _unowned(found: list[Choice]) -> list[Choice]:
    """Where no company is named, the lines that name none before those about one of many."""
    free = [
        choice
        for choice in found
        if all(NO_ENTITY.fullmatch(name) for name in read_question(choice.about).names)
    ]
    return free or found


_NEUTRAL = frozenset(
    tokens("the its their group total overall company whole own of in for and net per")
)


def _plainest(asked: Asked, part: Part, found: list[Choice]) -> list[Choice]:
    """Where "revenue" is asked for, not "segment revenue" or "BYD's revenue" if plain ones exist."""
    words = tokens(part.measure)
    head = next((w for w in reversed(words) if w not in _FILLERS and w[0].isalpha()), "")
    if not head:
        return found
    return [choice for choice in found if is_plain(head, asked.text, choice.about)] or found


def is_plain(head: str, asked: str, about: str) -> bool:
    """False where every such word is another one's: "smartphone revenue" where group revenue is asked."""
    allowed = {*tokens(asked), *_NEUTRAL}
    before = [one for one, two in pairwise(tokens(about)) if two == head]
    return not before or any(word in allowed or not word[0].isalpha() for word in before)


_TURNS = re.compile(
    r"\b(?:increas|decreas|ris|rose|fell|fall|grew|grow|declin|drop|gain|los[te]|chang|add)\w*",
    re.IGNORECASE,
)
_CHANGED_BY = re.compile(
    r"\b(?:increas|decreas|ris|rose|fell|fall|grew|grow|declin|dropp|gain|up|down|higher|lower)\w*"
    r"\s+(?:by|of|was|were)?\s*(?:about|some|around|nearly|roughly|over)?\s*$",
    re.IGNORECASE,
)


def is_change(text: str, figure: Figure) -> bool:
    """True for an amount by which something changed: "increased $621 million" is no expense."""
    return _CHANGED_BY.search(text[: figure.span.start]) is not None


def _of_best_column(asked: Asked, found: list[Choice]) -> list[Choice]:
    """Of the cells of one row those whose column tells most of the question."""
    wanted = set(tokens(asked.text)) - _FILLERS - NOT_TELLING
    told = [len(wanted & alike(tokens(c.column))) if c.column else 0 for c in found]
    best: dict[tuple[str, int], int] = {}
    for choice, share in zip(found, told, strict=True):
        place = (choice.evidence.passage.id, choice.evidence.span.start)
        best[place] = max(best.get(place, 0), share)
    return [
        choice
        for choice, share in zip(found, told, strict=True)
        if share == best[(choice.evidence.passage.id, choice.evidence.span.start)]
        or not choice.column
    ]


def _caption(item: Evidence) -> str:
    lines = item.passage.context.splitlines()
    return " ".join(line for line in lines if not line.lstrip().startswith("|"))


def _best_told(asked: Asked, plan: Plan, found: list[Choice]) -> list[Choice]:
    """Only the figures whose row, column or sentence tells most of what is asked.

    "Battery-electric cars" must not be answered with all cars where a line counts the former.
    """
    named = {w for p in plan.parts for w in tokens(f"{p.name} {p.period.text if p.period else ''}")}
    wanted = set(tokens(asked.text)) - named - _FILLERS - NOT_TELLING
    if not wanted:
        return found
    told = []
    for choice in found:
        passage = choice.evidence.passage
        by = set(tokens(choice.about))
        around = set(tokens(" ".join((passage.source.title, *passage.headings))))
        told.append(
            sum(1.0 if w in by else 0.5 if w in around else 0.0 for w in wanted) / len(wanted)
        )
    best = max(told, default=0.0)
    return [choice for choice, share in zip(found, told, strict=True) if share >= best - LESS_TOLD]


def _question_line(asked: Asked) -> Evidence:
    """The question as a line to choose from; it is never cited."""
    span = Span(0, len(asked.text))
    passage = Passage(Source("", "", "the question"), span, asked.text)
    return Evidence(0, passage, span, asked.text, 0.0, read_figures(asked.text))


def _wide(item: Evidence) -> bool:
    return sum(f.unit not in TIME_UNITS for f in item.figures) > 1


def figures_of(item: Evidence) -> Iterator[tuple[Figure, str, str]]:
    """Each figure of a line, with the header of its column and the label of its row in a table."""
    if item.passage.kind is PassageKind.TABLE_ROW:
        for cell in read_row(item.text, item.passage.context):
            if cell.column or cell.label:
                yield cell.figure, cell.column, cell.label
        return
    for figure in item.figures:
        if not figure.text.isalpha():  # "two", "ten" count things that nobody computes with
            yield figure, "", ""


def of_period(item: Evidence, figure: Figure, wanted: Figure, column: str, row: str) -> bool:
    """True when the figure is of the wanted period: by its cell, its sentence, or what is above."""
    if item.passage.kind is PassageKind.TABLE_ROW:
        near = [*_periods(column), *_periods(row)]
    else:
        near = nearest_period(item, figure, wanted.unit)
    if near:
        return _agrees(near, wanted)
    passage = item.passage
    for above in (passage.context, " ".join(passage.headings), passage.text, passage.source.title):
        if found := _periods(above):
            return _agrees(found, wanted) and len({p.value for p in found}) == 1
    return False


def _agrees(found: Sequence[Figure], wanted: Figure) -> bool:
    """True when one of the periods is the wanted one, and none is of another year or finer."""
    year = year_of(wanted)
    if any(p.unit == "year" and int(p.value) != year for p in found):
        return False
    closing = ("year", "date") if wanted.unit == "year" else (wanted.unit,)  # balance sheet dates
    same = [p for p in found if p.unit in closing]
    finer = [p for p in found if p not in same and p.unit != "year"]
    if wanted.unit == "year" and finer:
        return False
    return any(supports(p, wanted) for p in same)


def nearest_period(item: Evidence, figure: Figure, unit: str = "") -> list[Figure]:
    """The period of the sentence that stands nearest to the figure; behind it counts as nearer.

    Where periods of the wanted kind are named, the others ("after the Q3 results") are passed over.
    """
    times = [f for f in item.figures if f.unit in TIME_UNITS]
    same = [f for f in item.figures if f.unit == figure.unit]
    if len(same) == len(times) > 1 and "respectively" in item.text and figure in same:
        return [times[same.index(figure)]]
    times = [f for f in times if f.unit == unit] or times
    times = [f for f in times if not _compared(item.text, f)] or times
    if not times:
        return []

    def gap(time: Figure) -> float:
        if time.span.start >= figure.span.end:
            return time.span.start - figure.span.end
        return 1.5 * (figure.span.start - time.span.end)

    return [min(times, key=gap)]


_COMPARED = re.compile(
    r"\b(?:than|than in|than for|as in|on|against|versus|vs\.?|(?:up|down) from|same (?:quarter|period|half|month) (?:of|in))"
    r"\s+(?:the )?$",
    re.IGNORECASE,
)


def _compared(text: str, time: Figure) -> bool:
    """True for a period that a figure is only measured against: "52.1% on Q3 2024"."""
    return time.unit != "date" and _COMPARED.search(text[: time.span.start]) is not None


def _periods(text: str) -> list[Figure]:
    return [f for f in read_figures(text) if f.unit in TIME_UNITS]


def _is_of(item: Evidence, name: str, others: Sequence[str], column: str, row: str) -> bool:
    """True when the figure is of the named one: its cell or sentence says so, or what is above."""
    words = set(tokens(name))
    for near in (column, row):
        if words <= set(tokens(near)):
            return True
        if any(set(tokens(other)) <= set(tokens(near)) for other in others):
            return False
    if words <= set(tokens(item.text)):
        return True
    if row or column:
        owners = read_question(row).names if not _periods(row) else ()
        heads = tokens(" ".join(read_question(column).names))
        if column and set(tokens(column)) <= set(heads):  # a column headed by another's name alone
            return False
    else:
        owners = read_question(item.text).names
    if any(not NO_ENTITY.fullmatch(owner) for owner in owners):
        return False
    above = " ".join((item.passage.source.title, *item.passage.headings, item.passage.context))
    return words <= set(tokens(above))


def _is_called(item: Evidence, measure: str, column: str, row: str) -> bool:
    """True when enough of the measure's words, or others for them, stand by the figure."""
    wanted = [w for w in dict.fromkeys(tokens(measure)) if w not in _FILLERS and w[0].isalpha()]
    if row and tokens(row) == ["other"] == tokens(measure)[:1]:
        return True  # "other intangible assets" is the row "Other" of their table
    in_table = item.passage.kind is PassageKind.TABLE_ROW
    by = alike(tokens(f"{column} {row}" if in_table else item.text))
    around = set(tokens(" ".join((item.passage.context, *item.passage.headings))))
    held = sum(1.0 if w in by else 0.5 if w in around else 0.0 for w in wanted)
    if not wanted:
        return True
    if (KINDS_OF_PROFIT & set(wanted)) - by and KINDS_OF_PROFIT & by:
        return False  # a net profit is no gross profit, though the table has a gross margin too
    if len(wanted) == 2 and not in_table and not _adjacent(wanted, item.text):
        return False  # "net profit … gross margin" is no gross profit
    return any(w in by for w in wanted) and held / len(wanted) >= MEASURE_SHARE


def _adjacent(wanted: Sequence[str], text: str) -> bool:
    """True when two words, or others for them, stand side by side."""
    first, second = (alike([word]) for word in wanted)
    return any(one in first and two in second for one, two in pairwise(tokens(text)))


def printed(figure: Figure) -> str:
    """The figure as it is shown outside its table: with the currency, scale or % of its header."""
    if figure.unit == "percent" and not re.search(r"[^\W\d_]|[%％]", figure.text):
        return f"{figure.text}%"
    if figure.unit not in UNITS_OF_KIND["money"] or re.search(r"[^\W\d_]|[$€£¥￥]", figure.text):
        return figure.text
    scale = {12: " trillion", 9: " billion", 6: " million", 3: " thousand"}.get(figure.scale, "")
    amount = figure.value.scaleb(-figure.scale) if scale else figure.value
    return f"{figure.unit} {amount:,.{figure.decimals}f}{scale}"
