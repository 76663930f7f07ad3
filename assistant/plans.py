"""What a question needs looked up, and what is to be done with it: the values. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from assistant.asked import Asked
from assistant.types import Figure


@dataclass(frozen=True, slots=True)
class Part:
    """One figure to look up.

    label    what the part is called: "2024", "BYD", "operating profit"
    search   the question with the other parts' words taken out
    period   the period its figure must be of, None for any
    name     who or what it must belong to, measure what it must be called; empty for any
    when     the period its figure was found for, where none is asked for
    """

    label: str
    search: str
    period: Figure | None = None
    name: str = ""
    measure: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a question needs beyond one look-up.

    `operation` is one of OPERATIONS. `explicit` is True when the question itself names every part,
    so that no document is expected to state the result. `spread` is the unit of time of "per" and
    `over` how many of them the amount is for, or the years of "cagr", `rest` the period of "remainder",
    `claimed` the multiple that the question takes a ratio to be.
    """

    operation: str
    parts: tuple[Part, ...]
    explicit: bool
    spread: str = ""
    over: int = 0
    rest: str = ""
    claimed: Decimal | None = None


def timeless(asked: Asked, side: str) -> str:
    """ "Cars sold in 2025" without the time, which is asked for apart."""
    for period in asked.periods:
        said = re.escape(period.text)
        side = re.sub(rf"\s+(?:in|of|during|for) {said}$|(?:^|(?<=['’]s )){said} ", "", side)
    return side


_STRETCH = re.compile(
    r"\b(?:months|quarters|half|weeks) of \W*$|\b(?:by|since|before|after|until|from) $|\b9M ", re.I
)


def one_period(asked: Asked) -> Figure | None:
    """The only period a question names, where it means that period as a whole."""
    if len({(p.unit, p.value) for p in asked.periods}) != 1:
        return None
    if _STRETCH.search(asked.text[: asked.periods[0].span.start]):
        return None
    return asked.periods[0]
