"""A question that names no period, read for the newest one that the documents tell of. Pure.

"What is Castor's revenue?" has as many answers as there are periods. The newest is given, and beside
it the newest whole year; figures that are only planned are no answer to what was.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.asked import Asked
from assistant.choice import SPANS, period_of
from assistant.fitting import NOT_YET
from assistant.lexical import tokens
from assistant.lookup import CLOSE, TOLD, Found
from assistant.times import ends_in
from assistant.types import Figure

MOST = 3
"""So many readings are tried at most; each costs a look by the judge."""
_AHEAD = re.compile(
    r"\b(?:will|plans?|planned|planning|going to|expect\w*|targets?|aims?|goals?|guidance|forecast\w*|next|over the"
    r"|pledge\w*|commit\w*|promis\w*|until|by)\b",
    re.IGNORECASE,
)


def readable(asked: Asked) -> bool:
    """True for a question for a figure, not yet ahead, that names no period."""
    return not asked.periods and asked.wants_figure and not _AHEAD.search(asked.text)


def readings(asked: Asked, found: Sequence[Found]) -> list[tuple[Figure, Found]]:
    """The readings by period, the newest first; none unless two periods at least are told of."""
    if not readable(asked) or not found:
        return []
    wanted = set(tokens(asked.text))
    best: dict[int, tuple[Figure, Found]] = {}
    for one in found:
        time = _period(one)
        end = ends_in(time) if time else None
        if time is None or end is None or one.told < max(TOLD, found[0].told - CLOSE):
            continue
        about = set(tokens(one.choice.about))
        if (NOT_YET & about) - wanted:
            continue
        key = end * 10 + SPANS.index(time.unit)
        kept = best.get(key)
        if kept is None or len(about) < len(set(tokens(kept[1].choice.about))):
            best[key] = (time, one)
    ordered = [best[key] for key in sorted(best, reverse=True)]
    if len({one.choice.figure.value for _, one in ordered}) < 2:
        return []
    return ordered[:MOST]


def _period(found: Found) -> Figure | None:
    """The stretch of time a figure is of; None where only a day is named, or an end: "to 2025"."""
    choice = found.choice
    time = period_of(choice)
    if time and not choice.cell and _UP_TO.search(choice.evidence.text[: time.span.start]):
        return None
    return time


_UP_TO = re.compile(r"\b(?:to|by|since|until|through|from|before|after)\s+$", re.IGNORECASE)
