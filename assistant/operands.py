"""Which figures of the evidence may stand for a part of a computed answer. Pure.

Kept are those of the part's period (timing), owner and measure (whose); of table rows the one that the
question names in full, of columns the one that tells most of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.asked import UNITS_OF_KIND, Asked, read_question
from assistant.choice import Choice, choice_of, figures_of
from assistant.entities import whole_names
from assistant.figures import read_figures, supports
from assistant.lexical import tokens
from assistant.named_rows import (
    FILLERS,
    label_of,
    names_row,
    of_best_column,
    of_day,
    of_named_row,
)
from assistant.owners import acts_alone, heads_another, is_beside_another, is_of, owners_in
from assistant.plans import Part, Plan
from assistant.support import surroundings_line
from assistant.synonyms import NOT_TELLING, alike
from assistant.tables import cells
from assistant.times import TIME_UNITS
from assistant.timing import of_period
from assistant.types import Evidence, Figure, Passage, PassageKind, Source, Span
from assistant.whose import (
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
    text = _text_of(part, plan, asked)
    out = [
        c
        for c in of_day(asked, part, out)
        if keep(c) and (not part.measure or measures(part.measure, text, c, subject))
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
    out = of_best_column(text, asked.text, out)
    out = of_named_row(part.measure or asked.text, out, subject, plan.operation == "lookup")
    if not part.name:
        out = _of_owner(asked, out, subject)
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


def _in_name(text: str, figure: Figure) -> bool:
    """True for the number in "Pad 7 Ultra", which counts nothing."""
    between = text[: figure.span.start], text[figure.span.end :]
    bare = figure.unit == "count" and not figure.scale and figure.text.isdigit()
    return bare and bool(_NAME_ENDS.search(between[0]) and _NAME_GOES_ON.match(between[1]))


_NAME_ENDS = re.compile(r"\b[A-Z][\w-]* $")
_NAME_GOES_ON = re.compile(r" [A-Z]\w+")


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
    own = [
        c
        for c in found
        if is_about(names[0], c.evidence, c.about)
        or (c.cell and words <= set(tokens(surroundings_line(c.evidence))))
    ]
    # Where none is, what somebody else spent or sold is not taken for it.
    return own or [c for c in found if c.cell or not acts_alone(c.about, words)]


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
    head = next((w for w in reversed(words) if w not in FILLERS and w[0].isalpha()), "")
    if not head:
        return found
    return [choice for choice in found if is_plain(head, asked, choice.about)] or found


def _best_told(asked: str, plan: Plan, found: list[Choice], subject: str) -> list[Choice]:
    """Only the figures whose row, column or sentence tells most of what is asked.

    "Battery-electric cars" must not be answered with all cars where a line counts the former. Whom
    the documents are about counts for nothing: a table of the company's own need not name it.
    """
    named = {w for p in plan.parts for w in tokens(f"{p.name} {p.period.text if p.period else ''}")}
    wanted = set(tokens(asked)) - named - FILLERS - NOT_TELLING - set(tokens(subject))
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


def _is_called(item: Evidence, measure: str, column: str, row: str) -> bool:
    """True when enough of the measure's words, or others for them, stand by the figure."""
    wanted = [w for w in dict.fromkeys(tokens(measure)) if w not in FILLERS and w[0].isalpha()]
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
    if "total" in tokens(measure) and not in_table and _PART_ALONE.search(item.text):
        return False  # "$373 million of liabilities related to taxes" are not all of them
    if len(wanted) == 2 and not named and not in_table and not _adjacent(wanted, item.text):
        return False  # "net profit … gross margin" is no gross profit
    return any(w in by for w in wanted) and held / len(wanted) >= MEASURE_SHARE


_PART_ALONE = re.compile(r"\b(?:related|relating|attributable) to\b|\bassociated with\b", re.I)


def _adjacent(wanted: Sequence[str], text: str) -> bool:
    """True when two words, or others for them, stand side by side."""
    first, second = (alike([word]) for word in wanted)
    return any(one in first and two in second for one, two in pairwise(tokens(text)))
