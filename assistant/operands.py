"""Which figures of the evidence may stand for a part of a computed answer. Pure.

A table cell has the period and measure of its column and row; a figure in a sentence has the
period that stands nearest to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.asked import UNITS_OF_KIND, Asked, read_question
from assistant.figures import read_figures, supports
from assistant.lexical import tokens
from assistant.parts import NO_ENTITY, Part, Plan
from assistant.synonyms import NOT_TELLING, alike
from assistant.tables import cells, nil_columns, read_row
from assistant.times import TIME_UNITS, ends_in, year_of
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


def choices(
    asked: Asked,
    plan: Plan,
    part: Part,
    evidence: Sequence[Evidence],
    subject: str = "",
    keep: Callable[[Choice], bool] = lambda choice: True,
) -> list[Choice]:
    """Figures of the evidence that may stand for the part, in the order of the evidence.

    `subject` is whom the documents are about: whose figures are asked for where nobody is named.
    What `keep` turns down is not weighed against the rest.
    """
    others = [p.name for p in plan.parts if p.name and p.name != part.name]
    rates = plan.operation not in _LEVELS and bool(_RATES.search(asked.text))
    rates |= plan.operation == "lookup" and "share" in asked.kinds
    levels = plan.operation != "lookup" or not asks_change(asked)
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
    out = [
        c
        for c in out
        if keep(c) and (not part.measure or measures(part.measure, asked.text, c, subject))
    ]
    # "33,729 YU7 and 12,520 SU7": what stands right behind the figure is what it counts.
    out = [c for c in out if set(tokens(c.figure.noun)) & _named_in(part)] or out
    out = _of_named_row(part.measure or asked.text, _of_best_column(asked, out))
    out = _plainest(asked, part, _best_told(asked, plan, out))
    if not part.name and not _names(asked.text):
        out = [
            c
            for c in out
            if not subject or is_about(subject, c.evidence, c.about, None if c.cell else c.figure)
        ]
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


def _named_in(part: Part) -> set[str]:
    return {word for name in _names(part.measure) for word in tokens(name)}


def is_about(subject: str, place: Evidence, about: str = "", figure: Figure | None = None) -> bool:
    """True unless the place is about somebody else: it names others, or begins with "Orsa's", and
    neither it nor what stands above it names the subject.
    """
    text = about or place.text
    words = set(tokens(subject))
    owner = POSSESSOR.match(text)
    if owner and owner[1] not in _MONTHS_AND_SUCH and not set(tokens(owner[1])) & words:
        return False
    passage = place.passage
    above = " ".join((passage.source.title, *passage.headings, passage.context))
    if passage.kind is PassageKind.TABLE_ROW and not about:
        text = f"{text} {passage.context}"
    if words <= set(tokens(f"{text} {above}")):
        return figure is None or not _anothers(subject, place.text, figure)
    return not _names(text)


_ANOTHER = re.compile(
    r"\b(?P<owner>[A-Z][\w&.-]+)(?:['’]s\b| (?:at|with|sold|delivered|had|has|spent|took|made|earned|shipped)\b)"
)


def _anothers(subject: str, text: str, figure: Figure) -> bool:
    """True where another owner stands between the subject and the figure: "Xiaomi at 410,000 and XPeng at …"."""
    at = text.rfind(subject, 0, figure.span.start)
    if at < 0:
        return False
    between = text[at + len(subject) : figure.span.start]
    return any(
        not NO_ENTITY.fullmatch(m["owner"]) and m["owner"] not in _MONTHS_AND_SUCH
        for m in _ANOTHER.finditer(between)
    )


POSSESSOR = re.compile(r"^\W*([A-Z][\w&.-]+(?: [A-Z][\w&.-]+)?)['’]s\b")
_MONTHS_AND_SUCH = frozenset(
    "January February March April May June July August September October November December "
    "Today Yesterday China Europe".split()
)


def _names(text: str) -> list[str]:
    return [name for name in read_question(text).names if not NO_ENTITY.fullmatch(name)]


def _unowned(found: list[Choice]) -> list[Choice]:
    """Where no company is named, the lines that name none before those about one of many."""
    return [choice for choice in found if not _names(choice.about)] or found


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


HEADS = frozenset(tokens("revenue sales margin profit loss expense income cost price deliveries"))
"""Measures of which one sentence often gives several."""


def measures(measure: str, asked: str, choice: Choice, subject: str = "") -> bool:
    """False for a figure of another measure than the one asked for, or of a part of it.

    "R&D expense was 24.1 billion, 6.6% of group revenue" gives no revenue, and "EV revenue" is no
    group's.
    """
    wanted = HEADS & set(tokens(measure))
    if not wanted:
        return True
    if not all(is_plain(head, f"{asked} {subject}", choice.about) for head in wanted):
        return False
    if choice.cell:
        return True
    text, at = choice.evidence.text, choice.figure.span
    before = [w for w in tokens(text[: at.start]) if w in HEADS]
    after = [w for w in tokens(re.split(r"[,;.]\s", text[at.end :])[0]) if w in HEADS]
    nearest = before[-1:] or after[:1]
    return not nearest or bool(set(nearest + after[:1]) & alike(wanted))


_TURNS = re.compile(
    r"\b(?:increas(?:e[sd]?|ing)|decreas(?:e[sd]?|ing)|ris(?:e[sn]?|ing)|rose|f[ae]ll(?:s|en|ing)?|gr[eo]w(?:n|s|ing|th)?"
    r"|declin(?:e[sd]?|ing)|drop(?:s|ped|ping)?|gain(?:s|ed)?|los[te]|chang(?:e[sd]?|ing)|add(?:s|ed)?|yoy|y/y)\b",
    re.IGNORECASE,
)


def asks_change(asked: Asked) -> bool:
    """True for "by how much did it rise": the size of a change, no level."""
    return _TURNS.search(asked.text) is not None


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
        item = choice.evidence
        place = (item.passage.id, item.span.start)
        if place not in best and choice.column:
            nil = nil_columns(item.text, item.passage.context)
            # Where the very column holds a dash, its neighbour's figure is none of it.
            best[place] = max((len(wanted & alike(tokens(c))) for c in nil), default=0)
        best[place] = max(best.get(place, 0), share)
    return [
        choice
        for choice, share in zip(found, told, strict=True)
        if share == best[(choice.evidence.passage.id, choice.evidence.span.start)]
        or not choice.column
    ]


def _of_named_row(asked: str, found: list[Choice]) -> list[Choice]:
    """Where the question names table rows by their labels, the figures of the row it names in full.

    "Operating interest expense" names a row of that name, and not the row "Interest expense" too.
    """
    wanted = alike(tokens(asked))
    named = [_named(wanted, choice) for choice in found]
    most = max(named, default=0)
    # One word may be a row by chance, beside sentences that tell more.
    return [
        choice
        for choice, words in zip(found, named, strict=True)
        if words == most or not most or (most == 1 and not choice.cell)
    ]


def _named(wanted: set[str], choice: Choice) -> int:
    """How many words of a row's own label the question holds, if it holds them all."""
    if not choice.cell or choice.evidence.passage.kind is not PassageKind.TABLE_ROW:
        return 0
    own = {w for w in tokens(_row_name(choice.evidence)) if w not in _FILLERS}
    return len(own) if own <= wanted else 0


def names_row(asked: str, choice: Choice) -> bool:
    """True for a cell of a row that the question names in full."""
    return _named(alike(tokens(asked)), choice) > 0


_REMARK = re.compile(r"\(\w{1,2}\)|\b(?:mid|early|late|end|as of|as at)\b-?", re.IGNORECASE)


def _row_name(row: Evidence) -> str:
    """The label of a row without its periods and remarks' numbers: what the row is about."""
    label = cells(row.text)[0]
    for time in reversed(_periods(label)):
        label = label[: time.span.start] + " " + label[time.span.end :]
    return _REMARK.sub(" ", label)


def together(options: Sequence[list[Choice]]) -> list[list[Choice]]:
    """The options of parts that differ in period alone, held to the row and column they share.

    A growth from 2018 to 2019 is that of one row: where a row (or, with periods down the side, a
    column) gives a figure for every part, no figure from elsewhere is compared with it.
    """
    keys = [{key for choice in mine if (key := _series(choice))} for mine in options]
    shared = set.intersection(*keys) if keys else set()
    if not shared:
        return list(options)
    return [[choice for choice in mine if _series(choice) in shared] for mine in options]


def _series(choice: Choice) -> tuple[str, ...] | None:
    """What a cell's row and column say besides the period; None for a sentence."""
    if choice.evidence.passage.kind is not PassageKind.TABLE_ROW or not choice.cell:
        return None
    column = choice.column
    for time in reversed(_periods(column)):
        column = column[: time.span.start] + " " + column[time.span.end :]
    # A header that spans years ("Years ended March 31, 2019 | 2018") is printed over the first alone.
    about = () if _periods(choice.column) else tuple(tokens(column))
    return (choice.evidence.passage.source.id, *tokens(_row_name(choice.evidence)), "|", *about)


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
    elif _OVER_YEARS.match(item.text[figure.span.end :]):
        return False
    else:
        near = nearest_period(item, figure, wanted.unit)
    if near:
        return _agrees(near, wanted)
    passage = item.passage
    for above in (passage.context, " ".join(passage.headings), passage.text, passage.source.title):
        if found := _periods(above):
            return _agrees(found, wanted) and len({p.value for p in found}) == 1
    return False


# "On the Q3 call: CNY 200 billion over the next five years" is no figure of Q3.
_OVER_YEARS = re.compile(
    r"[^.;,\d]{0,40}\b(?:over|in|for|during|within) (?:the |these )?(?:(?:next|coming|past|last|following|previous) )?"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|\d+) years\b",
    re.IGNORECASE,
)


def _agrees(found: Sequence[Figure], wanted: Figure) -> bool:
    """True when one of the periods is the wanted one, and none is of another year or finer."""
    year = year_of(wanted)
    if any(p.unit == "year" and int(p.value) != year for p in found):
        return False
    same = [p for p in found if p.unit == wanted.unit or (p.unit == "date" and _closes(p, wanted))]
    finer = [p for p in found if p not in same and p.unit != "year"]
    if wanted.unit == "year" and finer:
        return False
    return any(supports(p, wanted) for p in same)


def _closes(day: Figure, wanted: Figure) -> bool:
    """True for the day of a balance sheet: any in a year, the last of a month or quarter."""
    return wanted.unit == "year" or (
        int(day.value) % 100 >= LAST_DAYS and ends_in(day) == ends_in(wanted)
    )


LAST_DAYS = 28


def nearest_period(item: Evidence, figure: Figure, unit: str = "") -> list[Figure]:
    """The period of the sentence that stands nearest to the figure; behind it counts as nearer.

    Where periods of the wanted kind are named, the others ("after the Q3 results") are passed over.
    """
    times = [f for f in item.figures if f.unit in TIME_UNITS]
    same = [f for f in item.figures if f.unit == figure.unit]
    if len(same) == len(times) > 1 and "respectively" in item.text and figure in same:
        return [times[same.index(figure)]]
    times = [f for f in times if not _compared(item.text, f)] or times
    if lead := _leading(item.text, times, figure, unit):
        return [lead]
    times = [f for f in times if f.unit == unit] or times
    if not times:
        return []

    def gap(time: Figure) -> float:
        behind = time.span.start >= figure.span.end
        start, end = (
            (figure.span.end, time.span.start) if behind else (time.span.end, figure.span.start)
        )
        apart = ACROSS if _CLAUSE.search(item.text[start:end]) else 0
        return apart + (1.0 if behind else 1.5) * (end - start)

    return [min(times, key=gap)]


ACROSS = 12
"""So many characters farther is a period beyond a comma: "6.0% in Q1 2025, 6.7% in Q2 2025"."""
_CLAUSE = re.compile(r"[,;]\s|\s(?:and|but)\s")
_LEADS = re.compile(
    r"\W*(?:(?:in|for|over|during|as of|at the end of)\W+)?(?:the\s+)?", re.IGNORECASE
)


def _leading(text: str, times: Sequence[Figure], figure: Figure, unit: str) -> Figure | None:
    """The period a sentence opens with, "In Q2 2025 …", unless one of the wanted unit follows it
    before the figure: it is what the figure is of, whatever year the sentence names behind.
    """
    first = min(times, key=lambda f: f.span.start, default=None)
    if (
        first is None
        or first.unit in (unit, "date")
        or not unit
        or figure.span.start < first.span.end
    ):
        return None
    if not _LEADS.fullmatch(text[: first.span.start]):
        return None
    between = [
        f for f in times if f.unit == unit and first.span.end <= f.span.start < figure.span.start
    ]
    return None if between else first


_COMPARED = re.compile(
    r"\b(?:than|than in|than for|as in(?: all of| the whole of)?|on|against|versus|vs\.?|(?:up|down) from|same (?:quarter|period|half|month) (?:of|in))"
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
    named = {word for name in _names(measure) for word in tokens(name)}
    if not named <= by | around:
        return False  # "YU7 cars" are not all the cars
    if (KINDS_OF_PROFIT & set(wanted)) - by and KINDS_OF_PROFIT & by:
        return False  # a net profit is no gross profit, though the table has a gross margin too
    if len(wanted) == 2 and not named and not in_table and not _adjacent(wanted, item.text):
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
