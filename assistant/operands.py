"""Which figures of the evidence may stand for a part of a computed answer. Pure.

Kept are those of the part's period (timing), owner and measure (whose); of table rows the one that the
question names in full, of columns the one that tells most of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.asked import UNITS_OF_KIND, Asked, read_question
from assistant.entities import whole_names
from assistant.figures import read_figures, supports
from assistant.lexical import tokens
from assistant.owners import acts_alone, heads_another, is_beside_another, is_of, owners_in
from assistant.plans import Part, Plan
from assistant.sentences import sentence_spans
from assistant.support import surroundings_line
from assistant.synonyms import NOT_TELLING, alike
from assistant.tables import cells, nil_columns, plain_label, read_row
from assistant.times import TIME_UNITS, ends_in, read_times
from assistant.timing import nearest_period, of_period, periods_in
from assistant.types import Evidence, Figure, Passage, PassageKind, Source, Span
from assistant.whose import (
    HEADS,
    asks_change,
    is_about,
    is_change,
    is_plain,
    measures,
    names_in,
)

SMALLEST_AMOUNT = 1000
"""A smaller figure beside "at 7.2 yuan to the dollar" is the rate."""
LESS_TOLD = 0.2
"""How much less of the question a figure's surroundings may tell than the best one's."""
LEAST_TOLD = 0.5
"""What a quarter that the year leaves is computed from must tell more of the question than its headings do."""
MEANT = 0.8
"""What a word counts for which another stands by the figure: "vehicle" for "car"."""
MEASURE_SHARE = 0.5
"""Share of a measure's words that must stand by the figure."""

KINDS_OF_PROFIT = frozenset(tokens("gross operating net"))
_FOOTNOTE = re.compile(r"\(\d\)?|\(\d\) ?\$?")  # "(2)", a remark's number
_NUMBERED = re.compile(r"\(\d{1,3}\)")  # "Section 401(a)(17)", in a sentence no amount
RATES = re.compile(
    r"\b(?:intensity|margins?|rates?(?! (?:swaps?|risks?|contracts?|caps?|hedges?|derivatives?|agreements?|locks?)\b)|shares?|ratios?|yields?|percentages?|points?|as an? percent)\b",
    re.IGNORECASE,
)
_CHANGES = ("percentage_point", "times")
_LEVELS = ("growth", "cagr", "ratio", "share", "sum", "quotient", "per", "convert")
_FILLERS = frozenset(
    tokens(
        "the a an of in on at for to from and or its their total number value values amount other"
    )
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
    rates = plan.operation not in _LEVELS and bool(RATES.search(asked.text))
    rates |= plan.operation == "lookup" and ("share" in asked.kinds or not asked.wants_figure)
    levels = plan.operation != "lookup" or not asks_change(asked)
    out: list[Choice] = []
    amounts = [f for f in read_figures(part.measure) if f.unit not in TIME_UNITS]
    if any(f.scale or f.value >= SMALLEST_AMOUNT for f in amounts):
        return [c for c in given(asked, evidence) if c.shown in part.measure]
    if plan.operation == "convert":
        stated = [c for c in given(asked, evidence) if c.figure.value >= SMALLEST_AMOUNT]
        if stated:
            return stated
    for item in evidence:
        for figure, column, row in figures_of(item):
            if part.name and not is_of(item, part.name, others, column, row):
                continue
            if (
                part.name
                and not column
                and not row
                and is_beside_another(item, figure, part.name, others)
            ):
                continue
            if figure.unit in (*TIME_UNITS, *_CHANGES):
                continue
            if figure.unit == "percent" and not rates:
                # "Expected volatility" is a rate that no word says to be one, but a row of that name.
                if plan.operation in _LEVELS or not row:
                    continue
                if not names_row(asked.text, choice_of(item, figure, column, row)):
                    continue
            if _FOOTNOTE.fullmatch(figure.text) or (levels and is_change(item.text, figure)):
                continue
            if (
                not column
                and not row
                and (_NUMBERED.fullmatch(figure.text) or _in_name(item.text, figure))
            ):
                continue
            if part.period is not None and not of_period(item, figure, part.period, column, row):
                continue
            if part.measure and not _is_called(item, part.measure, column, row):
                continue
            out.append(choice_of(item, figure, column, row))
    out = _of_day(asked, part, out)
    out = [
        c
        for c in out
        if keep(c)
        and (not part.measure or measures(part.measure, _text_of(part, plan, asked), c, subject))
    ]
    kinds = KINDS_OF_PROFIT & set(tokens(part.measure or asked.text))
    if kinds:  # no net income for an operating one
        out = [
            c
            for c in out
            if not (own := KINDS_OF_PROFIT & set(tokens(label_of(c) if c.cell else c.about)))
            or own & kinds
        ]
    known = owners_in(evidence, names_in(f"{asked.text} {subject}"))
    meant = part.name or asked.text
    out = [c for c in out if not (c.cell and heads_another(_heads(c), meant, subject, known))]
    # "33,729 YU7 and 12,520 SU7": what stands right behind the figure is what it counts.
    named = _named_in(part)
    out = [c for c in out if named and named & _counted(c)] or out
    named_by, in_columns = (
        part.measure or asked.text,
        _of_best_column(_text_of(part, plan, asked), asked.text, out),
    )
    out = _of_named_row(named_by, in_columns, subject, plan.operation == "lookup")
    if not part.name:
        out = _of_owner(asked, out, subject)
    text = _text_of(part, plan, asked)
    # "What share of revenue came from phones" asks for the phones' revenue.
    whole = asked.text if plan.operation == "share" else text
    out = _plainest(text, part, _best_told(whole, plan, out, subject))
    if not part.name and not names_in(asked.text):
        out = [
            c
            for c in out
            if not subject or is_about(subject, c.evidence, c.about, None if c.cell else c.figure)
        ]
        out = out if subject else _unowned(asked, out)
    unique = {(c.evidence.passage.id, c.evidence.span.start, c.shown): c for c in out}
    return list(unique.values())


def _of_day(asked: Asked, part: Part, found: list[Choice]) -> list[Choice]:
    """Where rows are headed by days, "At 31 December", those of the day asked for.

    A question for the 31st of December 2019 asks what was there then: of a table that has a row for
    that day no other row is meant, unless it is named in full.
    """
    days = {int(f.value) for f in read_times(asked.text) if f.unit == "date" and f.value < 10000}
    if part.period is not None and part.period.unit == "date":
        days.add(int(part.period.value) % 10000)
    if not days:
        return found
    of_rows = [
        {int(p.value) for p in periods_in(c.row) if p.unit == "date" and p.value < 10000}
        for c in found
    ]
    headed = {_table_of(c) for c, own in zip(found, of_rows, strict=True) if own & days}
    return [
        c
        for c, own in zip(found, of_rows, strict=True)
        if (own & days if own else _table_of(c) not in headed or names_row(asked.text, c))
    ]


def _table_of(choice: Choice) -> tuple[str, str]:
    return choice.evidence.passage.source.id, choice.evidence.passage.context


def _in_name(text: str, figure: Figure) -> bool:
    """True for the number in "Pad 7 Ultra", which counts nothing."""
    between = text[: figure.span.start], text[figure.span.end :]
    bare = figure.unit == "count" and not figure.scale and figure.text.isdigit()
    return bare and bool(_NAME_ENDS.search(between[0]) and _NAME_GOES_ON.match(between[1]))


_NAME_ENDS = re.compile(r"\b[A-Z][\w-]* $")
_NAME_GOES_ON = re.compile(r" [A-Z]\w+")


def choice_of(item: Evidence, figure: Figure, column: str, row: str) -> Choice:
    """A figure of a line as one to choose, `column` and `row` being those of a table's cell."""
    shown = printed(figure) + (f" ({column})" if column and _wide(item) else "")
    about = f"{column} {row} {caption(item)}" if column or row else item.text
    return Choice(item, figure, shown, bool(column or row), False, about, column, row)


def given(asked: Asked, evidence: Sequence[Evidence]) -> list[Choice]:
    """The question's own figures, each cited to a line that prints it where there is one."""
    out = []
    wanted = set(tokens(asked.text))
    evidence = sorted(evidence, key=lambda e: -len(wanted & alike(tokens(e.text))))
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
    model = part.name if any(c.isdigit() for c in part.name) else ""  # a company is not counted
    return {word for name in names_in(f"{part.measure} {model}") for word in tokens(name)}


def counts_part(part: Part, choice: Choice) -> bool:
    """True where what stands right behind the figure is the part by name: "33,729 YU7"."""
    return bool(_named_in(part) & _counted(choice))


_BEHIND = re.compile(r"\W*[\w-]+")


def _counted(choice: Choice) -> set[str]:
    """The words of what a figure counts: its noun, and the word right behind it."""
    behind = _BEHIND.match(choice.evidence.text[choice.figure.span.end :])
    following = behind[0] if behind and not choice.cell else ""
    return set(tokens(f"{choice.figure.noun} {following}"))


def _heads(choice: Choice) -> tuple[str, str, str]:
    """What stands above and before a cell."""
    return choice.column, choice.row, cells(choice.evidence.text)[0]


def _unowned(asked: Asked, found: list[Choice]) -> list[Choice]:
    """Where no company is named, the lines that name none before those about one of many."""
    # A row that the question names, "Research and development", is nobody's name.
    return [c for c in found if not names_in(c.about) or names_row(asked.text, c)] or found


def _of_owner(asked: Asked, found: list[Choice], subject: str) -> list[Choice]:
    """Where the question names one company, the figures that are its own, if any are."""
    head = asked.text.partition("?")[0]  # a definition behind it names nobody
    names = whole_names(read_question(head))
    if len(names) != 1:
        return found
    words = set(tokens(names[0]))
    if subject and set(tokens(subject)) <= words:
        # What is said of the subject need not name it, but names nobody else alone.
        return [c for c in found if c.cell or not acts_alone(c.about, words)] or found
    titled = [c for c in found if words <= set(tokens(c.evidence.passage.source.title))]
    found = titled or found  # beside the company's own documents no other one's
    # A row of its own statement is its own too, though another row there names it.
    return [
        c
        for c in found
        if is_about(names[0], c.evidence, c.about)
        or (c.cell and words <= set(tokens(surroundings_line(c.evidence))))
    ] or found


def _text_of(part: Part, plan: Plan, asked: Asked) -> str:
    """The question without what its other parts are called: "the EV segment" qualifies no revenue."""
    text = asked.text
    for other in plan.parts:
        if other.measure and other.measure != part.measure and part.measure in text:
            text = text.replace(other.measure, " ")
    return text


def _plainest(asked: str, part: Part, found: list[Choice]) -> list[Choice]:
    """Where "revenue" is asked for, not "segment revenue" or "BYD's revenue" if plain ones exist."""
    words = tokens(part.measure)
    head = next((w for w in reversed(words) if w not in _FILLERS and w[0].isalpha()), "")
    if not head:
        return found
    return [choice for choice in found if is_plain(head, asked, choice.about)] or found


def _of_best_column(text: str, asked: str, found: list[Choice]) -> list[Choice]:
    """Of the cells of one row those whose column tells most of the part's `text`, else of all that is asked."""
    wanted, told = _columns_told(text, found)
    if not any(told):
        wanted, told = _columns_told(asked, found)
    wholes = {_row_of(c) for c in found if _is_whole(c.column)}
    # Where the question names no part, the column "Total" is meant, and not one beside it.
    told = [
        0.5 if not share and _row_of(c) in wholes and _is_whole(c.column) else share
        for c, share in zip(found, told, strict=True)
    ]
    best: dict[tuple[str, int], float] = {}
    for choice, share in zip(found, told, strict=True):
        item = choice.evidence
        place = _row_of(choice)
        if place not in best and choice.column:
            nil = nil_columns(item.text, item.passage.context)
            # Where the very column holds a dash, its neighbour's figure is none of it.
            best[place] = max((len(wanted & alike(tokens(c))) for c in nil), default=0)
        best[place] = max(best.get(place, 0), share)
    return [
        choice
        for choice, share in zip(found, told, strict=True)
        if share == best[_row_of(choice)] or not choice.column
    ]


def _columns_told(asked: str, found: list[Choice]) -> tuple[set[str], list[float]]:
    """The words that may tell a column, and how many of them each figure's column tells."""
    words = set(tokens(asked))
    heads = [alike(tokens(column)) for column in {c.column for c in found if c.column}]
    # What tells one column from another counts, though it tells little elsewhere: "Number", "Current".
    apart = {w for w in words - _ALWAYS if 0 < sum(w in head for head in heads) < len(heads)}
    wanted = (words - _FILLERS - NOT_TELLING) | apart
    return wanted, [len(wanted & alike(tokens(c.column))) if c.column else 0 for c in found]


_ALWAYS = frozenset(tokens("the a an of in on at for to from and or its their"))
_TOTAL = frozenset(tokens("total"))


def _row_of(choice: Choice) -> tuple[str, int]:
    return choice.evidence.passage.id, choice.evidence.span.start


def _is_whole(column: str) -> bool:
    """True for the column "Total", and "Total (in thousands)"."""
    return set(tokens(_UNIT_BEHIND.sub("", column))) == _TOTAL


_UNIT_BEHIND = re.compile(
    r"\([^()]*\)|\b(?:US|HK|AU)?[$€£¥]\S*|['’]000|\b(?:in )?(?:thousands|millions|billions)\b", re.I
)


def _of_named_row(asked: str, found: list[Choice], subject: str, plain: bool) -> list[Choice]:
    """Where the question names table rows by their labels, the figures of the row it names in full.

    "Operating interest expense" names a row of that name, and not the row "Interest expense" too.
    The `subject` of all documents names none: its other tables do not repeat it. To a `plain`
    question a sentence that says all words of the row is as good.
    """
    wanted = alike(tokens(asked)) - set(tokens(subject))
    heads = HEADS & set(tokens(asked))
    named = [_named(wanted, choice, heads) for choice in found]
    most = max(named, default=0)
    labels = [
        {w for w in tokens(called(choice)) if w not in _FILLERS}
        for choice, words in zip(found, named, strict=True)
        if words == most and choice.cell
    ]

    def tells(choice: Choice) -> bool:
        told = alike(tokens(choice.about))
        return plain and any(label <= told for label in labels)

    # One word may be a row by chance, beside sentences that tell more.
    kept = [
        choice
        for choice, words in zip(found, named, strict=True)
        if words == most or not most or (not choice.cell and (most == 1 or tells(choice)))
    ]
    if not most:
        return kept
    # "Total current assets" are not "other current assets".
    said = _ALL_OR_OTHER & set(tokens(asked))
    alike_ = [
        choice
        for choice in kept
        if not choice.cell or _ALL_OR_OTHER & set(tokens(called(choice))) == said
    ]
    if any(choice.cell for choice in alike_):
        return alike_
    # "Other deferred taxes" are not "total deferred taxes".
    return [c for c in kept if said != _OTHER or not _TOTAL & set(tokens(called(c)))]


_OTHER = frozenset(tokens("other"))
_ALL_OR_OTHER = _TOTAL | _OTHER


def _read_with(choice: Choice) -> str:
    """The words of a cell and of what heads its table."""
    return f"{choice.about} {' '.join(choice.evidence.passage.headings)}"


def _named(wanted: set[str], choice: Choice, heads: Set[str] = frozenset()) -> int:
    """How many words of a row's own label the question holds, if it holds them all.

    `heads` are the measures asked for: a row of assets is none of an expense for them.
    """
    if not choice.cell or choice.evidence.passage.kind is not PassageKind.TABLE_ROW:
        return 0
    name = called(choice)
    if set(tokens(name)) in (_OTHER, _TOTAL) and set(tokens(name)) <= wanted:
        name = choice.row  # with the label of its group: "Deferred tax liabilities Other"
    own = {w for w in tokens(name) if w not in _FILLERS}
    if "r&d" in own:
        own -= {"research", "develop"}  # spelled out
    measured = not heads or heads & alike(tokens(_read_with(choice)))
    by_row = len(own) if own <= wanted and measured else 0
    # A column headed by the company asked for says as much as a row of its name.
    owner = {w for name in names_in(choice.column) for w in tokens(name)}
    return max(by_row, len(owner) if owner <= wanted else 0)


def names_row(asked: str, choice: Choice) -> bool:
    """True for a cell of a row that the question names in full."""
    return words_of_row(asked, choice) > 0


def words_of_row(asked: str, choice: Choice) -> int:
    """How many words a row's label has, if the question holds them all; 0 if it does not."""
    return _named(alike(tokens(asked)), choice)


_REMARK = re.compile(
    r"\(\w{1,2}\)|\b(?:mid|early|late|end|as of|as at)\b-?|,\s*net\b(?: of .*)?$", re.IGNORECASE
)


def row_name(row: Evidence) -> str:
    """The label of a row without its periods and remarks' numbers: what the row is about."""
    label = plain_label(cells(row.text)[0])
    for time in reversed(periods_in(label)):
        label = label[: time.span.start] + " " + label[time.span.end :]
    return _REMARK.sub(" ", label)


def asks_total(asked: Asked) -> bool:
    """True for "total revenue": what a row "Total" may hold."""
    return set(tokens(asked.text)) >= _TOTAL


def is_sum(row: Evidence) -> bool:
    """True for a row called "Total", or nothing, at the end of what it sums."""
    return {w for w in tokens(row_name(row)) if w[0].isalpha()} <= _TOTAL


def label_of(choice: Choice) -> str:
    """The label of a cell's row as it is printed."""
    return cells(choice.evidence.text)[0] or choice.row


def called(choice: Choice) -> str:
    """What a cell's row is about; of a sum line without a label, whose total it is."""
    return row_name(choice.evidence) if cells(choice.evidence.text)[0] else choice.row


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


def of_one_table(options: Sequence[list[Choice]]) -> list[list[Choice]]:
    """The options of parts that differ in name alone, held to the column of one table that has them all.

    Sentences give many figures of one company; where a table sets the companies side by side, its are
    of one kind.
    """
    keys = [{key for choice in mine if (key := _column_key(choice))} for mine in options]
    shared = set.intersection(*keys) if len(keys) >= LEAST_ROWS else set()
    if len(shared) != 1:
        return list(options)
    return [[choice for choice in mine if _column_key(choice) in shared] for mine in options]


LEAST_ROWS = 3
"""So many rows make a table that sets companies side by side."""


def _column_key(choice: Choice) -> tuple[str, str, str] | None:
    passage = choice.evidence.passage
    if passage.kind is not PassageKind.TABLE_ROW or not choice.cell:
        return None
    return passage.source.id, passage.context, choice.column


def of_one_period(options: Sequence[list[Choice]]) -> tuple[list[list[Choice]], Figure | None]:
    """The options of parts for which no period is asked, held to the newest one that all have.

    Nine months of one company are not set against a year of another. Nothing is left where the
    periods are told and none is shared; figures without a period stay as they are.
    """
    keys = [{key for choice in mine if (key := _period_key(choice))} for mine in options]
    if not all(keys):
        return list(options), None
    newest = max(set.intersection(*keys), default=None)
    kept = [[c for c in mine if newest and _period_key(c) == newest] for mine in options]
    return kept, next((period_of(c) for mine in kept for c in mine), None)


SPANS = ("month", "quarter", "half", "months", "year")
"""Stretches of time, the shorter before the longer: of those that end together the longest counts."""


def period_of(choice: Choice) -> Figure | None:
    """The stretch of time a figure is of; None where its line names only a day, or none."""
    near = (
        periods_in(f"{choice.column} {choice.row}")
        if choice.cell
        else nearest_period(choice.evidence, choice.figure)
    )
    return next((time for time in near if time.unit in SPANS), None)


def _period_key(choice: Choice) -> tuple[int, int] | None:
    time = period_of(choice)
    end = ends_in(time) if time else None
    return (end, SPANS.index(time.unit)) if time and end else None


def _series(choice: Choice) -> tuple[str, ...] | None:
    """What a cell's row and column say besides the period; None for a sentence."""
    if choice.evidence.passage.kind is not PassageKind.TABLE_ROW or not choice.cell:
        return None
    column = choice.column
    for time in reversed(periods_in(column)):
        column = column[: time.span.start] + " " + column[time.span.end :]
    # A header that spans years ("Years ended March 31, 2019 | 2018") is printed over the first alone.
    about = () if periods_in(choice.column) else tuple(tokens(column))
    return (choice.evidence.passage.source.id, *tokens(called(choice)), "|", *about)


def caption(item: Evidence) -> str:
    """What stands above a table besides its header, without sentences that give figures of their own.

    "The fund had EUR 421.9 million in 47 holdings" does not say what the table below it measures.
    """
    lines = item.passage.context.splitlines()
    above = " ".join(line for line in lines if not line.lstrip().startswith("|"))
    told = (above[s.start : s.end] for s in sentence_spans(above))
    return " ".join(s for s in told if all(f.unit in TIME_UNITS for f in read_figures(s)))


def _best_told(asked: str, plan: Plan, found: list[Choice], subject: str) -> list[Choice]:
    """Only the figures whose row, column or sentence tells most of what is asked.

    "Battery-electric cars" must not be answered with all cars where a line counts the former. Whom
    the documents are about counts for nothing: a table of the company's own need not name it.
    """
    named = {w for p in plan.parts for w in tokens(f"{p.name} {p.period.text if p.period else ''}")}
    wanted = set(tokens(asked)) - named - _FILLERS - NOT_TELLING - set(tokens(subject))
    if plan.operation in ("growth", "cagr"):
        wanted -= _RATE  # of growth; an exchange rate tells none
    if not wanted:
        return found
    told = []
    for choice in found:
        passage = choice.evidence.passage
        by = set(tokens(choice.about))
        meant = alike(by)
        around = set(tokens(" ".join((passage.source.title, *passage.headings))))
        told.append(
            sum(
                1.0 if w in by else MEANT if w in meant else 0.5 if w in around else 0.0
                for w in wanted
            )
            / len(wanted)
        )
    best = max(told, default=0.0)
    stated = any(p.measure for p in plan.parts)  # "to reach 30 billion" tells of no measure
    if plan.operation == "remainder" and best <= LEAST_TOLD and not stated:
        return []  # deliveries are no R&D of the same company and year
    top = [choice for choice, share in zip(found, told, strict=True) if share == best]
    if of_whole := [choice for choice in top if is_of_statement(choice)]:
        return of_whole  # a segment's page has a row of that name too
    return [choice for choice, share in zip(found, told, strict=True) if share >= best - LESS_TOLD]


_RATE = frozenset(tokens("rate"))
_STATEMENT = re.compile(
    r"\b(?:consolidated|condensed)\b.*\b(?:statements?|balance sheets?|results)\b|\bincome statement\b",
    re.IGNORECASE,
)


def is_of_statement(choice: Choice) -> bool:
    """True for a row of the statements of the whole company."""
    headings = " ".join(choice.evidence.passage.headings)
    return choice.cell and _STATEMENT.search(headings) is not None


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
    named = {word for name in names_in(measure) for word in tokens(name)}
    if not named <= by | around:
        return False  # "YU7 cars" are not all the cars
    if (KINDS_OF_PROFIT & set(wanted)) - by and KINDS_OF_PROFIT & by:
        return False  # a net profit is no gross profit, though the table has a gross margin too
    if set(tokens(measure)) >= _TOTAL and not in_table and _PART_ALONE.search(item.text):
        return False  # "$373 million of liabilities related to taxes" are not all of them
    if len(wanted) == 2 and not named and not in_table and not _adjacent(wanted, item.text):
        return False  # "net profit … gross margin" is no gross profit
    return any(w in by for w in wanted) and held / len(wanted) >= MEASURE_SHARE


_PART_ALONE = re.compile(r"\b(?:related|relating|attributable) to\b|\bassociated with\b", re.I)


def _adjacent(wanted: Sequence[str], text: str) -> bool:
    """True when two words, or others for them, stand side by side."""
    first, second = (alike([word]) for word in wanted)
    return any(one in first and two in second for one, two in pairwise(tokens(text)))


def printed(figure: Figure) -> str:
    """The figure as it is shown outside its table: with the currency, scale or % of its header."""
    if figure.unit == "percent" and not re.search(r"[^\W\d_]|[%％]", figure.text):
        return f"{figure.text}%"
    words = re.search(r"[^\W\d_]", figure.text) is not None
    signed = re.search(r"[$€£¥￥]", figure.text) is not None
    # "$1,116" in a table "in millions" is shown with its millions, or a difference would not add up.
    scale = {12: " trillion", 9: " billion", 6: " million", 3: " thousand"}.get(figure.scale, "")
    if figure.unit == "count" and not words and not signed and scale:
        return f"{figure.text}{scale}"
    if figure.unit not in UNITS_OF_KIND["money"] or words or (signed and not figure.scale):
        return figure.text
    amount = figure.value.scaleb(-figure.scale) if scale else figure.value
    sign = "−" if amount < 0 else ""
    return f"{sign}{figure.unit} {abs(amount):,.{figure.decimals}f}{scale}"
