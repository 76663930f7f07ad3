"""Whether a figure may be the one that a plain question asks for: its kind, measure and time. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.asked import Asked, content_words
from assistant.choice import Choice
from assistant.entities import NO_ENTITY
from assistant.lexical import tokens
from assistant.support import direction, is_other_way
from assistant.synonyms import NOT_TELLING, alike
from assistant.types import Figure, Span
from assistant.whose import asks_change, is_base, is_change, measures

ADJUSTED = frozenset(tokens("adjusted"))


def label_words(asked: Asked) -> set[str]:
    """The words of a question, and those that say the same, that the label of a row may consist of."""
    return alike(telling_words(asked))


def telling_words(asked: Asked) -> set[str]:
    """The words of a question that tell what is asked for: no names, periods and words that ask."""
    return words_wanted(asked, asked.text) - name_words(asked)


def name_words(asked: Asked) -> set[str]:
    """The words of the names in a question that may be somebody's."""
    return {w for name in asked.names if not NO_ENTITY.fullmatch(name) for w in tokens(name)}


def may_be(asked: Asked, choice: Choice, subject: str) -> bool:
    """True for a figure of the kind, the measure and the direction asked for."""
    bare = choice.cell and choice.figure.unit == "count"
    if bare and not asked.kinds & {"count"} and _COUNTED_UNIT.search(choice.column):
        return False  # "R&D staff (people)" is no money
    if bare and asked.kinds == {"share"} and not _SHARE.search(choice.about):
        return False  # an amount of the table, where a share of it is asked for
    if _SHARE_OF.search(asked.text) and not _OF_WHOLE.search(choice.about):
        return False  # an expected loss rate is no share of the total loss
    fits = bare or asked.fits((choice.figure,))
    changes = choice.cell and _CHANGES.search(choice.row)
    if changes and not (_CHANGES.search(asked.text) or asks_change(asked)):
        return False  # what inventories took in a year's cash flow is not what they were
    text = choice.evidence.text
    told = set(tokens(" ".join((choice.about, *choice.evidence.passage.headings))))
    if ADJUSTED & set(tokens(asked.text)) and not ADJUSTED & told:
        return False  # an adjusted result is no other one
    if not choice.cell and (
        _is_left(text, choice.figure) or is_other_way(asked.text, text, [choice.figure])
    ):
        return False
    if not choice.cell and is_base(text, choice.figure):
        # "38% of 305,055 cars sold since launch" tells how many were sold, not how many recalled.
        told = alike(tokens(text[choice.figure.span.end :]))
        if not words_wanted(asked, asked.text) <= told:
            return False
    if not _per(asked.text, choice) or not tells_age(asked, choice.about, choice.figure):
        return False
    if choice.cell:
        cell = f"{choice.column} {choice.row}"
        planned = not is_past(asked, cell, replace(choice.figure, span=Span(0, 0)))
    else:
        planned = not is_past(asked, text, choice.figure)
    return (
        not planned
        and fits
        and measures(asked.text, asked.text, choice, subject)
        and _moves(asked, choice)
    )


_SHARE = re.compile(
    r"%|\b(?:per ?cent(?:age)?|rates?|ratios?|margins?|shares?|proportion|growth|change|yield|intensity|times)\b",
    re.IGNORECASE,
)
_SHARE_OF = re.compile(
    r"\b(?:percentage|share|proportion|fraction|percent|per cent|part|%) of (?!change|growth)",
    re.IGNORECASE,
)
_OF_WHOLE = re.compile(
    r"(?:%|％|\b(?:per ?cent(?:age)?|shares?|proportion|portion|part|fraction|thirds?|half|quarters?))\W+(?:[\w-]+ ){0,2}?(?:of|in|on)\b"
    r"|\bof (?:total|revenue|sales)\b|\baccount\w* for\b|\bmade? up\b|\bintensity\b|\bmargin\b|\bshare\b|占",
    re.IGNORECASE,
)
_HOW_OLD = re.compile(r"\bhow old\b", re.IGNORECASE)
_AGE = re.compile(r"\b(?:aged?|at|turn(?:s|ed)|was|is)(?: of)? $|, $", re.IGNORECASE)
_YEARS_OLD = re.compile(r"[- ]?(?:years?|months?)\b|,|\s*$", re.IGNORECASE)


def tells_age(asked: Asked, text: str, figure: Figure) -> bool:
    """False where it is asked how old somebody is, and the figure of the text is no age."""
    if not _HOW_OLD.search(asked.text):
        return True
    at = text.find(figure.text)
    return at >= 0 and bool(
        (_YEARS_OLD.match(text[at + len(figure.text) :]) and _AGE.search(text[:at]))
        or re.match(r"[- ]years?[- ]old\b", text[at + len(figure.text) :])
    )


_CHANGES = re.compile(
    r"\b(?:changes?|increase|decrease|additions?|purchases?|proceeds)\b", re.IGNORECASE
)
_PER = (
    r"(?:for )?(?:a|an|per|each|every) (?P<unit>month|week|day|quarter|year|hour)\b(?! (?:earlier|later|ago|before|after|on\b|to\b))"
    r"|(?:for )?(?:per|each|every) (?P<thing>car|vehicle|unit|share|person|employee)\b"
    r"|\b(?P<adverb>month|week|dai|quarter|year|annual)ly\b"
)
_PER_ASKED = re.compile(
    rf"(?<!\bover )(?<!\bin )(?<!\bwithin )(?<!\bafter )(?<!\bfrom )\b(?:{_PER})", re.IGNORECASE
)
_PER_TOLD = re.compile(rf"(?:\W+[\w-]+){{0,2}}?\W+(?:{_PER})", re.IGNORECASE)
_UNIT_OF = {"dai": "day", "annual": "year"}


def asks_per_unit(text: str) -> bool:
    """True for "how many a month": an amount by the month, the year or the car is asked for."""
    return _PER_ASKED.search(text) is not None


def is_per_unit(choice: Choice) -> bool:
    """True for "45,800 a month": an amount that is spread already."""
    behind = choice.evidence.text[choice.figure.span.end :]
    return not choice.cell and _PER_TOLD.match(behind) is not None


def _per(asked: str, choice: Choice) -> bool:
    """False where one of figure and question is by the month or year, and the other is not."""
    wanted = _units_of(_PER_ASKED, asked)
    if choice.cell:
        told = _units_of(_PER_ASKED, choice.about)
        return not wanted or bool(told & wanted)
    behind = _PER_TOLD.match(choice.evidence.text[choice.figure.span.end :])
    told = {_unit(behind)} if behind else set()
    # "The quarterly dividend per share" is told by "a quarterly dividend of $1.19 per share".
    return bool(told & wanted) if told or wanted else True


def _units_of(pattern: re.Pattern[str], text: str) -> set[str]:
    return {_unit(match) for match in pattern.finditer(text)}


def _unit(match: re.Match[str]) -> str:
    adverb = match["adverb"] or ""
    return (match["unit"] or match["thing"] or _UNIT_OF.get(adverb.lower(), adverb)).lower()


_COUNTED_UNIT = re.compile(r"\((?!in\b|(?:thousand|million|billion|trillion)s?\b)[a-z]{3,}\)")


def _is_left(text: str, figure: Figure) -> bool:
    """True for the first of "raised from 300,000 to 350,000": what is so no longer."""
    return _FROM.search(text[: figure.span.start]) is not None and bool(
        _TO.match(text[figure.span.end :])
    )


_FROM = re.compile(r"\bfrom (?:about |around |nearly |over )?$", re.IGNORECASE)
_TO = re.compile(
    r"\s+(?:[a-z]+\s+)?to\s+(?:about |around |nearly |over )?\W?\w*\s?\d", re.IGNORECASE
)


NOT_YET = frozenset(
    tokens(
        "target goal guidance forecast expected expects planned plans estimate aims will would could "
        "budget pledge capacity accumulated cumulative decade"
    )
)
"""Words beside a figure that has not come about, or is of more than its period."""
_PAST = re.compile(
    r"^\W*(?:how (?:much|many)|what|which)\b.*\b(?:did|had|was|were)\b"
    r"|^\W*how (?:much|many)\b.*\b(?:has|have)\b.*\b(?:so far|already|to date|until now|up to now|by now)\b"
    r"|\b(?:did|had|was|were)\b.*: how (?:much|many)\b",
    re.IGNORECASE,
)
_FUTURE = frozenset(
    tokens(
        "will would next coming target goal expect expected expectation forecast guide guidance pledge "
        "promise announce aim further plan planned commit committed broker consensus"
    )
)


def is_past(asked: Asked, told: str, figure: Figure) -> bool:
    """False for a figure that its clause only plans, where the question asks for what has been."""
    before = BEFORE_PLAN.sub(" ", asked.text)
    if not _PAST.search(before) or _FUTURE & set(tokens(before)):
        return True
    clause = (
        _CLAUSE.split(told[: figure.span.start])[-1] + _CLAUSE.split(told[figure.span.end :])[0]
    )
    return not (set(tokens(clause)) & (_FUTURE - _OF_REPORTS) or _WOULD_BE.search(clause))


# "R&D in 2025 would certainly be above CNY 30 billion" was said before the year had ended.
_WOULD_BE = re.compile(r"\bwould (?:\w+ly )?(?:be|end|exceed|reach|come|total|rise|top)\b", re.I)


def is_planned(choice: Choice, *, whole: bool = False) -> bool:
    """True for a figure whose clause, or `whole` sentence, or column or row speaks of a target or a forecast,
    or of a decade.
    """
    text, span = choice.evidence.text, choice.figure.span
    if choice.cell:
        near = f"{choice.column} {choice.row}"
    elif whole:
        near = text
    else:
        near = _CLAUSE.split(text[: span.start])[-1] + _CLAUSE.split(text[span.end :])[0]
    return bool(set(tokens(near)) & (_FUTURE | NOT_YET) - _OF_REPORTS)


def asks_plan(asked: Asked) -> bool:
    """True for a question about a target, a plan, a forecast, or a longer time."""
    return bool((_FUTURE | NOT_YET) & set(tokens(asked.text)))


_CLAUSE = re.compile(r"[,;:]\s|\s(?:and|but|while|whereas)\s")
BEFORE_PLAN = re.compile(
    r"\bbefore (?:the |its |this )?(?:new |latest |present )?plan\b", re.IGNORECASE
)
# A sentence may say when a result was announced.
_OF_REPORTS = frozenset(tokens("announce next plan guide would promise"))
_CHANGE = re.compile(
    r"\b(?:change|growth|yoy|y/y|increase|decrease|rise|fall)\b|同比|增", re.IGNORECASE
)


def _moves(asked: Asked, choice: Choice) -> bool:
    """False for a level where a change is asked for: "how much did it grow" is no revenue."""
    if not asks_change(asked):
        return True
    if choice.cell:
        return _CHANGE.search(choice.column) is not None
    if choice.figure.unit != "percent":
        return is_change(choice.evidence.text, choice.figure)
    return direction(choice.evidence.text, choice.figure.span) != ""


def words_wanted(asked: Asked, text: str) -> set[str]:
    """The telling words of the question, without its periods."""
    wanted = {w for w in content_words(text) if w not in NOT_TELLING}
    return wanted - {w for period in asked.periods for w in tokens(period.text)}
