"""Is what the places tell of the time that is asked for: its period, and what has been or is to come? Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.asked import Asked
from assistant.figures import backing, read_figures, supports
from assistant.fitting import is_past
from assistant.support import backs, bound, is_other_way, last_month, of_stretch, times_around
from assistant.times import TIME_UNITS, is_middle, year_of
from assistant.types import Evidence, Figure


def has_been(asked: Asked, figures: Sequence[Figure], cited: Sequence[Evidence]) -> bool:
    """True unless what has been is asked for and the places only plan the figures told."""
    told = [
        is_past(asked, e.text, f)
        for e in cited
        for f in e.figures
        if f.unit not in TIME_UNITS and any(supports(f, figure) for figure in figures)
    ]
    return not asked.wants_figure or not told or any(told)


def of_other_years(asked: Asked, figures: Sequence[Figure], cited: Sequence[Evidence]) -> bool:
    """True where the last five years are asked for and the places tell the figures of the next five."""
    told = [
        is_other_way(asked.text, e.text, [f])
        for e in cited
        for f in e.figures
        if f.unit not in TIME_UNITS and any(supports(f, figure) for figure in figures)
    ]
    return bool(told) and all(told)


_PUT_OFF = re.compile(
    r"\b(?:original(?:ly)?|initial(?:ly)?|first planned|was (?:due|to be|scheduled|supposed)|previously|earlier plan)\b",
    re.IGNORECASE,
)
_COMING = re.compile(
    r"\b(?:is|are) (?:coming|due|set to|expected|scheduled|planned|slated)\b|\bwill (?:be|come|launch|arrive|open|start)\b",
    re.IGNORECASE,
)


def was_put_off(asked: Asked, claims: str, cited: Sequence[Evidence]) -> bool:
    """True where a date is asked for and a place tells one that was only planned, or was given up."""
    if "time" not in asked.kinds or _PUT_OFF.search(asked.text):
        return False
    if _PUT_OFF.search(claims):
        return True
    been = re.search(r"\b(?:was|were|did|had)\b", asked.text, re.IGNORECASE) is not None
    return been and bool(cited) and all(_COMING.search(e.text) for e in cited)


_WILL = re.compile(
    r"\bwill (?:not )?(?:be|have|become|carry|come|get|go|start|open|launch)\b", re.IGNORECASE
)
_BEEN = re.compile(r"\b(?:was|were|did|had)\b", re.IGNORECASE)


def is_to_come(asked: Asked, claims: str) -> bool:
    """True where it is asked what was, and the claims tell what will be."""
    been = asked.is_wh and _BEEN.search(asked.text) and not _WILL.search(asked.text)
    return bool(been) and _WILL.search(claims) is not None


_CENTURY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)[- ]century\b", re.IGNORECASE)
_YEAR = re.compile(r"\b\d{3,4}\b")


def _is_vague(asked: Asked, period: Figure) -> bool:
    """True for "early 2025" and "mid-2025", which a place of any time of that year may tell."""
    return is_middle(period) or _VAGUE.search(asked.text[: period.span.start]) is not None


def _year(time: Figure) -> Figure:
    return replace(time, value=Decimal(year_of(time)), unit="year")


def of_century(asked: Asked, claims: str) -> bool:
    """True unless a century is asked for and the claims tell only years of another one."""
    said = _CENTURY.search(asked.text)
    years = [int(year) for year in _YEAR.findall(claims)]
    return not (said and years) or any(year // 100 + 1 == int(said[1]) for year in years)


def _day_of(item: Evidence) -> str:
    """The day of the document, which an "as of" asked for may mean."""
    as_of = item.passage.source.as_of
    return as_of.isoformat() if as_of else ""


# "Early 2025" is told by a place of the first quarter.
_VAGUE = re.compile(
    r"\b(?:early(?: in)?|mid|middle of|late(?: in)?|around|beginning of|start of)[- ]$",
    re.IGNORECASE,
)


def _of_that_period(asked: Asked, figures: Sequence[Figure], cited: Sequence[Evidence]) -> bool:
    """False where the places name the period asked for, but give the figure for another one.

    "About CNY 5 billion in Q1 2024, from the Q1 2025 figure and its growth" tells no figure of Q1 2025.
    """
    if len(asked.periods) != 1 or not asked.wants_figure or "time" in asked.kinds:
        return True
    if _is_vague(asked, asked.periods[0]):
        return True  # "early 2025" may be told by its first quarter
    told = [f for f in figures if f.unit not in TIME_UNITS and asked.fits((f,))]
    places = [(e, f) for e in cited for f in told if backs(e, f)]
    return not places or any(bound(e, f, (f, asked.periods[0])) for e, f in places)


def tells_period(asked: Asked, figures: Sequence[Figure], cited: Sequence[Evidence]) -> bool:
    """False when a period is asked for and the claims, or silent claims' places, lack it."""
    times = [figure for figure in figures if figure.unit in TIME_UNITS]
    if not asked.periods:
        return True
    asked = replace(asked, periods=tuple(_year(p) if is_middle(p) else p for p in asked.periods))
    if not times:
        around = [
            f for e in cited for f in (*e.figures, *times_around(e), *read_figures(_day_of(e)))
        ]
        return any(backing(period, around) for period in asked.periods)
    if not _of_that_period(asked, figures, cited):
        return False
    if asked.wants_figure and "time" not in asked.kinds:
        # November's deliveries are none of the year's.
        whole = [p for p in asked.periods if not _is_vague(asked, p)]
        times = [
            t
            for t in times
            if whole != list(asked.periods)
            or any(of_stretch(p, [t]) or not supports(t, p) for p in whole)
        ]
    return any(
        supports(time, period)
        or supports(period, time)
        or (last_month(time) is not None and last_month(time) == last_month(period))
        for time in times
        for period in asked.periods
    )
