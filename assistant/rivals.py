"""Two values side by side: do they differ, and are they of one thing, name and period? Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.asked import Asked
from assistant.choice import figures_of
from assistant.figures import same_thing, supports
from assistant.lexical import tokens
from assistant.support import surroundings
from assistant.synonyms import alike, representative
from assistant.times import TIME_UNITS
from assistant.timing import nearest_period, of_period
from assistant.types import Evidence, Figure

APART = 0.015
"""Values closer than this share of the larger one are roundings of each other."""
UNLIKE = 3
"""One value more than this many times the other counts something else, unless the question offers both."""
BOUND = Decimal("0.1")
"""So far above "more than 400,000" a value may lie and still agree."""
# A passage that says so itself tells of a dispute, whatever its sentences name as their sources.
_TOLD_OF = re.compile(
    r"\b(?:do(?:es)? not agree|disagree|disputed?|contradict|conflicting|depends on the|differently"
    r"|do(?:es)? not settle|sources differ|accounts differ)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Side:
    """A value and the place that gives it."""

    figure: Figure
    place: Evidence


def agrees(mine: Side, other: Side) -> bool:
    """True for the same or a compatible value, unless the places give it for different periods."""
    if not (supports(other.figure, mine.figure) or compatible(other.figure, mine.figure)):
        return False
    one, two = period_of(mine), period_of(other)
    return mine.figure.unit in TIME_UNITS or not one or not two or same_period(one, two)


def slipped(row: Evidence, side: Side) -> Figure | None:
    """The cell of the side's period that has its digits, ten, a hundred or a thousand times."""
    period = period_of(side)
    if period is None:
        return None
    return next(
        (
            figure
            for figure, column, label in figures_of(row)
            if _is_slip(figure, side.figure)
            and of_period(row, figure, period, column, label)
            and set(tokens(column)) & alike(tokens(side.place.text))
        ),
        None,
    )


def _is_slip(one: Figure, other: Figure) -> bool:
    """True for values of one unit that differ by a power of ten, as translated amounts do."""
    low, high = sorted((abs(one.value), abs(other.value)))
    if one.unit != other.unit or not low or one.unit in TIME_UNITS:
        return False
    return high / low in (10, 100, 1000)


def is_disputed(line: Evidence) -> bool:
    """True where the sentence, or its passage, says that reports do not agree."""
    return _TOLD_OF.search(f"{' '.join(line.passage.headings)} {line.passage.text}") is not None


COPIED = 0.8


def copies(one: Evidence, other: Evidence) -> bool:
    """True for one sentence in two documents, but for its figures."""
    mine, theirs = (_words(e.text) for e in (one, other))
    same = len(mine & theirs) >= COPIED * max(len(mine), len(theirs), 1)
    return same and one.passage.source != other.passage.source


def unlike(one: Figure, other: Figure) -> bool:
    """True for values so far apart that they count different things."""
    return (
        one.unit not in TIME_UNITS
        and not _is_slip(one, other)
        and (max(abs(one.value), abs(other.value)) > UNLIKE * min(abs(one.value), abs(other.value)))
    )


def compatible(one: Figure, other: Figure) -> bool:
    """True for values that agree, and for "more than 400,000" beside "more than 410,000"."""
    if close(one, other):
        return True
    low, high = sorted((one, other), key=lambda f: abs(f.value))
    bounded = low.unit == high.unit and low.approximate in ("over", "at least")
    return bounded and abs(high.value - low.value) < BOUND * abs(high.value)


def rival(asked: Asked, mine: Side, other: Side) -> bool:
    """True when another place gives another value for the same thing, name and period."""
    one, two = mine.figure, other.figure
    if one.unit in TIME_UNITS or one.unit != two.unit or not apart(one, two):
        return False
    if unlike(one, two):
        return False
    flagged = is_disputed(mine.place) or is_disputed(other.place)
    nouns = one.unit == "count" and one.noun and two.noun
    if nouns and not same_thing(one.noun, two.noun) and not flagged:
        return False
    if not same_period(period_of(mine), period_of(other)) or not on_topic(asked, other):
        return False
    together = mine.place.passage.id == other.place.passage.id
    of_mine = named_words(asked) & set(tokens(mine.place.text))
    if together and not flagged and not of_mine <= set(tokens(other.place.text)):
        return False  # beside a sentence on the pumps one on the valves, and both revenues
    there = set(tokens(surroundings(other.place)))
    beside = flagged and together
    return named_words(asked) <= there and (beside or similar(mine.place, other.place))


def named_words(asked: Asked) -> set[str]:
    """The words of the names in a question."""
    return {word for name in asked.names for word in tokens(name)}


def period_of(side: Side) -> Figure | None:
    """The period that stands nearest to a value in its place."""
    near = nearest_period(side.place, side.figure)
    return near[0] if near else None


def same_period(one: Figure | None, other: Figure | None) -> bool:
    """True for figures of one month, quarter or year, and for two that are not dated at all."""
    if one is None or other is None:
        return one is other
    one, other = _month(one), _month(other)
    return one.unit == other.unit and one.value == other.value


def on_topic(asked: Asked, side: Side) -> bool:
    """True when the figure is of a period asked for, if one is."""
    near = period_of(side)
    return not asked.periods or (
        near is not None and any(supports(near, p) or supports(p, near) for p in asked.periods)
    )


def _month(time: Figure) -> Figure:
    """A day as its month: reports of one event are often dated a day apart."""
    if time.unit != "date":
        return time
    return replace(time, unit="month", value=Decimal(int(time.value) // 100))


def close(one: Figure, other: Figure) -> bool:
    """True for one value in one unit, but for its rounding."""
    return one.unit == other.unit and (one.value == other.value or not apart(one, other))


def apart(one: Figure, other: Figure) -> bool:
    """True for values that no rounding or "over" explains."""
    low, high = sorted((one, other), key=lambda f: abs(f.value))
    if high.value == 0 or one.unit in TIME_UNITS:
        return bool(one.value != other.value)
    gap = abs(high.value - low.value) / abs(high.value)
    if low.approximate in ("over", "at least") and gap < 0.1:
        return high.approximate in ("over", "at least") and gap > APART
    if "about" in (low.approximate, high.approximate) and gap < 0.03:
        return False
    return bool(gap > APART)


def _words(text: str) -> set[str]:
    """The words of a text without figures, those that tell the same as one."""
    return {representative(w) for w in tokens(text) if w[0].isalpha()}


def similar(one: Evidence, other: Evidence) -> bool:
    """True when the places share a good part of their words."""
    mine, theirs = (_words(f"{e.text} {e.passage.context}") - ASKING for e in (one, other))
    return bool(mine and theirs) and len(mine & theirs) / min(len(mine), len(theirs)) >= 0.3


ASKING = frozenset(
    tokens(
        "how what which who whom when where why did does do is are was were be been has have had will would "
        "the a an of in on at by for to from and or as it its this that many much more less than far fast "
        "percent percentage give given billion million bn worth add all any"
    )
)
