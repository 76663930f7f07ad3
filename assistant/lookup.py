"""The figure that a plain question asks for, looked up by code alone. Pure.

A table cell or a sentence holds it when its period, its owner and the words of the question all
stand there. It is the answer if the model as a judge agrees; the model's own draft is tried after it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import pairwise

from assistant.asked import FUNCTION_WORDS, IN_CURRENCY, UNITS_OF_KIND, Asked, content_words
from assistant.choice import Choice, printed
from assistant.evidence import items_of
from assistant.figures import read_figures, same_value, singular
from assistant.fitting import ADJUSTED, BEFORE_PLAN, may_be, name_words, words_wanted
from assistant.lexical import tokens
from assistant.named_rows import row_name
from assistant.on_topic import divides_it
from assistant.operands import KINDS_OF_PROFIT, choices, is_of_statement
from assistant.operations import YEAR_AGO
from assistant.plans import Part, Plan
from assistant.support import beside, surroundings_line
from assistant.synonyms import SPENDING, alike
from assistant.tables import cells, plain_label
from assistant.times import AS_OF, CLOSING, TIME_UNITS, ends_in, is_day, is_middle, year_of
from assistant.timing import words_beside_times
from assistant.types import Evidence, Figure
from assistant.verify import quotable
from assistant.whose import HEADS, asks_change, is_about, is_plain, names_in

MONEY = UNITS_OF_KIND["money"]
TOLD = 0.8
"""Share of the telling words that must stand by a figure. With a sure judge 21 questions of six sets got the
right figure, two what an unreliable document misprints, and no unanswerable question got any."""
CLOSE = 0.05
ABOUT = Decimal("0.01")
FLOOR = Decimal("0.03")
""" "More than 400,000" agrees with 410,000."""
LABELLED = 0.6
"""As `TOLD`, where the question names the whole label of the figure's row."""
AROUND = 0.7
"""What a word counts that stands in the title, heading or caption instead of the line itself."""


@dataclass(frozen=True, slots=True)
class Found:
    """A figure and the share of the question's telling words that its place holds, 0 to 1."""

    choice: Choice
    told: float
    several: bool = False
    """True when another place, a table beside the text or another document, gives the same value."""


def looked_up(asked: Asked, evidence: Sequence[Evidence], subject: str = "") -> list[Found]:
    """Figures that may be the one asked for, the best told first; none for other questions.

    `subject` is whom the documents are about.
    """
    by_label = not asked.wants_figure
    if by_label and (asked.kinds or not _WHAT.match(asked.text) or _WHICH_OF.match(asked.text)):
        return []
    if asked.kinds & {"time"} or len({(p.unit, p.value) for p in asked.periods}) > 1:
        return []
    period = asked.periods[0] if asked.periods else None
    part = Part("", asked.text, period)
    plan = Plan("lookup", (part,), True)
    # An item of a list is read by itself first: with the rest of it, it tells of many things.
    period, evidence = _as_of(asked, period, evidence)
    evidence = [one for e in evidence for one in dict.fromkeys((*items_of(e), e))]
    found = [
        choice
        for one in _periods_meant(asked, period)
        for choice in choices(
            asked,
            plan,
            replace(part, period=one),
            evidence,
            subject,
            partial(_may_stand, asked, subject, by_label, one is not period),
        )
    ]
    told = [
        Found(choice, told_by(asked, choice, subject))
        for choice in _nearest(asked, _counted(asked, found))
    ]
    if by_label:  # the row's own name weighs more than the question's other words
        told = [replace(f, told=1.0) if f.told >= LABELLED else f for f in told]
    told = [f for f in told if f.told and divides_it(asked, [f.choice.evidence])]
    return _narrowed(sorted(told, key=lambda f: -f.told), asked)


def _as_of(
    asked: Asked, period: Figure | None, evidence: Sequence[Evidence]
) -> tuple[Figure | None, Sequence[Evidence]]:
    """ "As of 30 August", where that is the day of a document: what that document says, of any period."""
    if period is None or not AS_OF.search(asked.text[: period.span.start]):
        return period, evidence
    mine = [e for e in evidence if is_day(period, e.passage.source.as_of)]
    return (None, mine) if mine else (period, evidence)


def _may_stand(asked: Asked, subject: str, by_label: bool, at_end: bool, choice: Choice) -> bool:
    return (
        may_be(asked, choice, subject)
        and (not by_label or _is_labelled(asked, choice))
        and (not at_end or _tells_end(choice))
    )


def _periods_meant(asked: Asked, period: Figure | None) -> list[Figure | None]:
    """The period asked for; "at the end of 2022" may also be told as the end of its last quarter, that of
    a quarter as the end of its last month.
    """
    before = asked.text[: period.span.start] if period else ""
    if period and CLOSING.search(before) and not _BY_END.search(before):
        if period.unit == "year":
            return [period, replace(period, value=period.value * 10 + 4, unit="quarter")]
        if period.unit in ("quarter", "half") and (month := ends_in(period)):
            return [period, replace(period, value=Decimal(month), unit="month")]
    if period and is_middle(period):  # that of a year is the end of its second quarter
        return [period, replace(period, value=Decimal(year_of(period) * 10 + 2), unit="quarter")]
    return [period]


_BY_END = re.compile(r"\b(?:by|until|to|through) the end of\W*$", re.IGNORECASE)
_AT_END = re.compile(r"\b(?:end of|as of|as at|year[- ]end)\b", re.IGNORECASE)


def _tells_end(choice: Choice) -> bool:
    """True for a figure as of the end of its period."""
    told = choice.evidence.text
    if choice.cell:
        told = f"{choice.evidence.passage.context} {choice.row}"
    return _AT_END.search(told) is not None


# Asks for names, whatever figure stands in a row that the question's other words label.
_WHICH_OF = re.compile(
    r"\W*(?:(?:and|so|but)\s)?(?:what|which) (?:[\w-]+ ){0,2}?(?:(?:auto|car ?)?makers?|compan(?:y|ies)|firms?|brands?|banks?|people|persons?|executives?"
    r"|analysts?|agenc(?:y|ies)|authorit(?:y|ies)|cit(?:y|ies)|countr(?:y|ies)|groups?)\b",
    re.IGNORECASE,
)
_WHAT = re.compile(r"\W*(?:(?:and|so|but)\s)?(?:what|which)\b", re.IGNORECASE)


def _is_labelled(asked: Asked, choice: Choice) -> bool:
    """True for the cell of a row whose whole label the question names: "what weight has Xiaomi?"

    So a figure is found whose name is none of the known measures.
    """
    label = {w for w in tokens(_UNIT.sub("", row_name(choice.evidence))) if w[0].isalpha()}
    label -= FUNCTION_WORDS
    return choice.cell and bool(label) and label <= alike(tokens(asked.text))


_WHOLE = frozenset(tokens("group consolidated overall"))
_PART = frozenset(tokens("segment division unit business"))


def _narrowed(found: list[Found], asked: Asked) -> list[Found]:
    """Where well told figures differ, those of the whole group or of the very phrase, if there are any.

    "Xiaomi's gross margin" is the group's, though its phones and its cars have one each; "R&D
    people" are no people at an R&D centre; "the first recall" is not the second, and an investment
    is no expense.
    """
    for fits in (
        _converts,
        _says_so,
        _is_plain,
        _is_of_whole,
        _counts_phrase,
        _is_of_ordinal,
        _is_called_so,
        _is_at_end,
        lambda choice, _: is_of_statement(choice),
    ):
        mine = [f for f in found if f.told >= TOLD]
        if all(agree(f.choice.figure, mine[0].choice.figure) for f in mine):
            return found
        kept = [f for f in found if fits(f.choice, asked)]
        if kept and kept[0].told >= TOLD:
            found = kept
    return found


def _converts(choice: Choice, asked: Asked) -> bool:
    """True where the figure stands right behind the question's own amount, in its currency: "(about $28 billion)"."""
    amounts = [f for f in read_figures(asked.text) if f.scale >= 6 and f.unit not in TIME_UNITS]
    text, at = choice.evidence.text, choice.figure.span.start
    return bool(asked.currency) and any(
        amount.value == f.value and f.span.end <= at and _BRACKET.fullmatch(text[f.span.end : at])
        for amount in amounts
        for f in choice.evidence.figures
    )


_BRACKET = re.compile(
    r"\W*(?:\(|or |, )\W*(?:about|approximately|around|some|roughly|almost|nearly|equal to)?\W*",
    re.IGNORECASE,
)
# Two measures of one thing, though elsewhere one word does for the other.
_APART = frozenset(tokens("investment expense"))


def _says_so(choice: Choice, asked: Asked) -> bool:
    said = _APART & set(tokens(asked.text))
    return bool(said) and said <= set(tokens(choice.about))


def _is_plain(choice: Choice, asked: Asked) -> bool:
    """False for the smartphones' gross margin where nobody's, or the group's, is asked for."""
    heads = HEADS & set(tokens(asked.text))
    return all(is_plain(head, asked.text, choice.about, through_kinds=True) for head in heads)


def _is_of_whole(choice: Choice, asked: Asked) -> bool:
    by = set(tokens(choice.about))
    return bool(by & _WHOLE) and not by & _PART


def _counts_phrase(choice: Choice, asked: Asked) -> bool:
    pairs = list(pairwise(tokens(asked.counted)))
    told = list(pairwise(tokens(choice.about)))
    return bool(pairs) and all(
        any(a in alike([one]) and b in alike([other]) for one, other in told) for a, b in pairs
    )


_ORDINAL = re.compile(
    r"\b(?:first|second|third|fourth|last|latest|previous)\b(?! (?:\w+ )?(?:quarter|half|month|year|day|week)s?\b)",
    re.IGNORECASE,
)


_OF_ANY_ROW = frozenset(tokens("total net gaap consolidated group value amount year end ended"))


def _is_called_so(choice: Choice, asked: Asked) -> bool:
    """True for a row whose label says what is asked for and nothing more: no "segment operating loss"."""
    own = plain_label(cells(choice.evidence.text)[0]) if choice.cell else ""
    label = {w for w in content_words(own) if w[0].isalpha()} - _OF_ANY_ROW
    wanted = words_wanted(asked, asked.text) - name_words(asked) - _OF_ANY_ROW
    return bool(label) and label <= alike(wanted) and wanted <= alike(label)


def is_named(choice: Choice, name: str) -> bool:
    """True where the row's label, or the sentence, holds the name's very words and no other ones for them."""
    told = cells(choice.evidence.text)[0] if choice.cell else choice.evidence.text
    return set(content_words(name)) <= set(tokens(told))


def _is_at_end(choice: Choice, asked: Asked) -> bool:
    """True for "at the end of 2022 it had", where the end of a period is asked for, and no change in it."""
    times = [asked.text[: period.span.start] for period in asked.periods]
    return any(CLOSING.search(before) for before in times) and _tells_end(choice)


def _is_of_ordinal(choice: Choice, asked: Asked) -> bool:
    said = _ORDINAL.search(asked.text)
    return said is not None and said[0].lower() in choice.about.lower()


def best(found: Sequence[Found]) -> list[Found]:
    """The figures told well, and all about as well as the best."""
    if not found:
        return []
    return [f for f in found if f.told >= max(TOLD, found[0].told - CLOSE)]


def agreed(found: Sequence[Found]) -> Found | None:
    """The best told figure, if it is told well and all told as well agree; the least rounded one.

    An amount in another currency is no disagreement: the currency that most places give counts.
    """
    told = best(found)
    if not told:
        return None
    units = Counter(f.choice.figure.unit for f in told)
    if len(units) > 1:  # what is told less well counts here too
        units = Counter(f.choice.figure.unit for f in found if f.choice.figure.unit in units)
    most = max(units, key=lambda unit: units[unit])  # the best told one's of those as frequent
    if units[most] > 1 and set(units) <= MONEY:
        told = [f for f in told if f.choice.figure.unit == most]
    finest = max(told, key=_plainness)
    if all(agree(f.choice.figure, finest.choice.figure) for f in told):
        places = {f.choice.evidence.passage.id for f in told}
        return replace(_converted(finest, found), several=len(places) > 1)
    return None


def of_unnamed_row(asked: Asked, one: Found, found: Sequence[Found]) -> bool:
    """True for a cell of one row among others that tell as much, where the question names no row:
    the capacity of phase one is not that of the plant.
    """
    if not one.choice.cell:
        return False
    mine, wanted = one.choice.evidence, set(tokens(asked.text))
    table = (mine.passage.source.id, mine.passage.headings, mine.passage.context)
    labels = {
        _row_label(other.choice.evidence)
        for other in (one, *best(found))
        if other.choice.cell
        and other.told >= one.told
        and (p := other.choice.evidence.passage)
        and (p.source.id, p.headings, p.context) == table
    }
    return len(labels) > 1 and not any(wanted & set(tokens(label)) for label in labels)


def _row_label(row: Evidence) -> str:
    return row.text.strip().strip("|").split("|")[0].strip()


_BASES = ADJUSTED | frozenset(tokens("ifrs gaap reported"))
_ON_A_BASIS = frozenset(tokens("profit loss income earnings result EBIT EBITDA EPS"))


def by_basis(asked: Asked, found: Sequence[Found]) -> list[Found]:
    """A profit as reported and as adjusted, where the question does not say which and the two differ."""
    words = set(tokens(asked.text))
    if _BASES & words or not _ON_A_BASIS & words:
        return []
    told = best(found)
    adjusted = [f for f in told if ADJUSTED & set(tokens(f.choice.about))]
    reported = [f for f in told if f not in adjusted]
    pair = [agreed(adjusted), agreed(reported)]
    return [one for one in pair if one] if all(pair) else []


_CONVERSION = re.compile(r"\W*\([^()]*\)")


def _converted(finest: Found, found: Sequence[Found]) -> Found:
    """Rather a place that gives the same amount in a second currency behind it, in brackets."""
    if finest.choice.figure.unit not in MONEY:
        return finest
    for other in found:
        figure = other.choice.figure
        behind = _CONVERSION.match(other.choice.evidence.text, figure.span.end)
        if other.choice.cell or other.told < TOLD or not behind:
            continue
        if not same_value(finest.choice.figure, figure):
            continue
        if any(f.unit in MONEY - {figure.unit} for f in read_figures(behind[0])):
            return other
    return finest


def least_rounded(mine: Sequence[Choice]) -> Choice:
    """The figure printed with the most digits, of those alike the first."""
    return max(mine, key=lambda c: _digits(c.figure))


def _plainness(found: Found) -> tuple[int, bool, int]:
    """The most digits first; then a sentence, if it has few figures to take for it; then the fewest."""
    figure = found.choice.figure
    alike_ = sum(f.unit == figure.unit for f in found.choice.evidence.figures)
    return _digits(figure), not found.choice.cell and alike_ <= PLAIN, -alike_


PLAIN = 2
"""A sentence with no more figures of the kind is read as easily as a cell."""


def agree(one: Figure, exact: Figure) -> bool:
    """True for one value, the first of them rounded, "about" or "more than"."""
    if exact.unit not in (one.unit, "count") and one.unit != "count":
        return False
    apart = abs(one.value - exact.value)
    near = one.approximate == "about" and apart <= ABOUT * abs(exact.value)
    floor = (
        one.approximate in ("over", "at least")
        and 0 < exact.value - one.value <= FLOOR * exact.value
    )
    return near or floor or same_value(exact, one) or _is_round(one, exact)


LEAST_DIGITS = 3
"""So many digits must be left of a round number for it to be another one rounded: 429,400 of 429,445."""


def _is_round(one: Figure, exact: Figure) -> bool:
    digits, all_ = _digits(one), len(re.sub(r"\D", "", one.text))
    if one.decimals or not LEAST_DIGITS <= digits < min(all_, _digits(exact)):
        return False
    return abs(one.value - exact.value) * 2 <= Decimal(1).scaleb(all_ - digits + one.scale)


def _digits(figure: Figure) -> int:
    """How many digits of a figure are printed before its last zeros."""
    return len(re.sub(r"\D", "", figure.text).rstrip("0"))


def said(choice: Choice) -> str:
    """A cell as a sentence, "Gross margin, Q1 2024: 22.3%."; a sentence as it stands."""
    item = choice.evidence
    if not choice.cell:
        return quotable(item)
    column = _UNIT.sub("", choice.column).strip()
    named = {w for name in names_in(column) for w in tokens(name)}
    headings = item.passage.headings[-1:]
    # A column headed by a company alone does not say what is measured; the heading above does.
    above = headings if column and set(tokens(column)) <= named else ()
    heading = _shortened(" ".join(headings))
    if column and not above and not words_beside_times(column) and names_in(choice.row):
        # "Q4 2022, MGM China" is that of what the heading says; "Goodwill" says so itself.
        tells = not is_of_statement(choice) and not set(tokens(heading)) & set(tokens(choice.row))
        above = headings if tells else ()
    parts = (*([heading] if above else ()), column, choice.row)
    value = printed(choice.figure)
    whole = next((c for c in cells(item.text) if choice.figure.text in c), "")
    if choice.figure.unit in TIME_UNITS or _SEVERAL.search(
        whole.replace(choice.figure.text, "", 1)
    ):
        value = whole  # "309 billion, 15 billion active"
    return f"{', '.join(part for part in parts if part)}: {value}."


def _shortened(heading: str) -> str:
    """The last part of a heading, "SUPPLEMENTAL DATA – NET REVENUES", without its capitals."""
    last = re.split(r" [–—-] ", heading)[-1].strip()
    return last.capitalize() if last.isupper() else last


_SEVERAL = re.compile(r"\d.*[^\W\d_]{3,}|[^\W\d_]{3,}.*\d")


def reads_alone(asked: Asked, choice: Choice) -> bool:
    """True for a short sentence that names itself whom the question is about."""
    text = quotable(choice.evidence)
    names = name_words(asked)
    whole = text[:1].isupper() or not text.isascii()
    return len(text) <= SHORT and whole and names <= set(tokens(text)) and not _DANGLING.match(text)


SHORT = 200
_DANGLING = re.compile(
    r"(?:it|its|they|their|this|that|these|those|he|she|such|both|the same|another|here|there)\b",
    re.IGNORECASE,
)
_UNIT = re.compile(r"\s*\([^()]*\)\s*$")


def _counted(asked: Asked, found: list[Choice]) -> list[Choice]:
    """Of "335 shops in 92 cities" only the cities, where cities are asked for."""
    wanted = alike(tokens(asked.counted or asked.text))
    named = [c for c in found if set(tokens(_noun(asked, c))) & wanted]
    return [c for c in found if not _noun(asked, c) or c in named] if named else found


_BEHIND_HEAD = re.compile(r"\s+(?:with|of|in|by|per|on|for|at)\b|\s*\(")


def _noun(asked: Asked, choice: Choice) -> str:
    """What a figure counts, in a table by the head of its column: "Cities with stores" are cities."""
    if choice.figure.noun or not (choice.cell and asked.counted):
        return choice.figure.noun
    return " ".join(_BEHIND_HEAD.split(choice.column)[0].split()[-1:])


def _nearest(asked: Asked, found: list[Choice]) -> list[Choice]:
    """Of several figures of one sentence the one beside most of the question's words.

    Words of the measure ("operating", "margin") count before those of whose and when it was.
    """
    words = set(tokens(asked.text)) - {w for p in asked.periods for w in tokens(p.text)}
    names = name_words(asked)
    measure = words & (HEADS | KINDS_OF_PROFIT)

    def told(choice: Choice) -> tuple[bool, int, int, int, int]:
        near = beside(choice.evidence.text, choice.figure.span)
        first = bool(asked.currency) or not _is_conversion(choice)
        said = len(words & near)
        return first, len(measure & near), said, len(names & near), len(words & alike(near))

    best: dict[tuple[str, int, int], Choice] = {}
    for choice in found:
        inside = choice.figure.span.start if choice.cell else -1
        place = (choice.evidence.passage.id, choice.evidence.span.start, inside)
        kept = best.get(place)
        if kept is None or told(choice) > told(kept):
            best[place] = choice
    return list(best.values())


def _is_conversion(choice: Choice) -> bool:
    """True for the dollars of "CNY 13.5 billion (US$1.9 billion)"."""
    text, at = choice.evidence.text, choice.figure.span.start
    if choice.cell or choice.figure.unit not in MONEY:
        return False
    opens = choice.figure.text.startswith("(")
    return any(
        f.unit in MONEY - {choice.figure.unit}
        and f.span.end <= at
        and (
            _BRACKET.fullmatch(text[f.span.end : at]) or (opens and text[f.span.end : at].isspace())
        )
        for f in choice.evidence.figures
    )


_WORD = re.compile(r"[^\W\d_]{2,}")
_NEW_PLAN = re.compile(
    r"\b(?:new|latest)\s+(?=(?:[\w&-]+ ){0,2}(?:plan|pledge|commitment|programme|target|goal)\b)",
    re.IGNORECASE,
)
# What a question says of a line of a statement beside its name.
_OF_STATEMENTS = frozenset(
    tokens(
        "balance carrying basis full year-end segment attributed attributable stated line item consolidated"
    )
)

_NODE_WORDS = frozenset(tokens("process node manufacturing production"))


def _is_titled(choice: Choice, names: set[str]) -> bool:
    """True for a cell of a document whose title names the company asked for, and nobody else."""
    title = choice.evidence.passage.source.title
    own = {w for name in names_in(title) for w in tokens(name) if not w.isdigit()}
    return bool(names) and names <= own | set(tokens(title)) and len(own - names) <= OTHERS_IN_TITLE


OTHERS_IN_TITLE = 4
"""Words written like names that a title has besides its company's: "Form", "Exhibit", a month."""


def told_by(asked: Asked, choice: Choice, subject: str) -> float:
    """Share of the question's telling words that stand by a figure, 0 to 1; 0 for another's figure."""
    text = BEFORE_PLAN.sub(" before ", IN_CURRENCY.sub(" ", asked.text))
    text = _NEW_PLAN.sub(" ", text)  # a document calls its newest plan a plan
    if asks_change(asked):
        text = YEAR_AGO.sub(" ", text)
    wanted = words_wanted(asked, text)
    if "r&d" in wanted:
        wanted -= SPENDING  # what is R&D has been spent, whether the line says so or not
    by = alike(set(tokens(choice.about)))
    if noun := choice.figure.noun:  # "3nm" tells the nanometres asked for, in no word of its own
        if singular(asked.counted) == noun:
            wanted -= _NODE_WORDS
        by |= {w for word in _WORD.findall(text) if singular(word) == noun for w in tokens(word)}
    around = alike(set(tokens(surroundings_line(choice.evidence))))
    names = name_words(asked)
    if subject and is_about(subject, choice.evidence, choice.about):
        # A table of the company's own need not name it; "Its revenue" may be anybody's.
        (by if choice.cell else around).update(tokens(subject))
    if choice.cell and (is_of_statement(choice) or _is_titled(choice, names - by)):
        wanted -= _OF_STATEMENTS
        by |= names & around  # whose statement it is stands above it

    if not wanted or not names <= by | around:
        return 0.0
    if (KINDS_OF_PROFIT & wanted) - by and KINDS_OF_PROFIT & by:
        return 0.0  # the operating margin is no gross margin
    told = sum(1.0 if w in by else AROUND if w in around else 0.0 for w in wanted)
    return round(told / len(wanted), 4)
