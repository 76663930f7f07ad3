"""Questions that state the value themselves: "Was it 900,000?", "19%, true?", "2, 20 or 200 billion?". Pure.

What is stated is the asker's, not the documents'. So the value is taken out, the rest is looked up as
a plain question, and what is found is held against what was stated.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.asked import UNITS_OF_KIND, Asked, read_question
from assistant.figures import read_figures, supports
from assistant.times import TIME_UNITS
from assistant.types import Figure

NEAR = Decimal("0.03")
"""A value "about" as large as the one found differs from it by at most this share."""

_CLAIMS = re.compile(
    r"^\W*(?:is|are|was|were|did|does|do|has|have|will)\b"
    r"|\b(?:true|correct|right|confirm|so)\W*$|\bis (?:it|that|this) (?:true|correct|right|so)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^\W*(?:(?:as your [^,]*?|i|we|they|people|somebody|someone|an? \w+|the \w+|it|[A-Z]\w+(?: [A-Z]\w+)?)"
    r" (?:was |were |have |has )?(?:tell|told|say|said|hear|heard|read|claim|claimed|write|wrote|think|thought|believe|believed)s?"
    r"(?: you| me| us| it| here)?(?: that)?\s+"
    r"|(?:(?:is it|is that|is this) (?:true|correct|right)(?: that)?|confirm that|is|are|was|were|did|does|do|has|have|will)\b)",
    re.IGNORECASE,
)
_ASKS_BACK = re.compile(
    r"\W*\b(?:(?:is (?:it|that|this) )?(?:true|correct|right|so)|(?:please )?confirm(?: (?:it|this|that))?|really)\W*$",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\b(?:more than|less than|at least|at most|up to|over|under|about|around|nearly|almost|roughly|only|exactly)\s*$",
    re.IGNORECASE,
)
# "The 200-billion plan", "the CNY 50 billion": a name of a thing, no value that is claimed of it.
_NAMES_A_THING = re.compile(r"\b(?:the|this|that|its|their|a|an)\s+$", re.IGNORECASE)
_JOINED = re.compile(r"\s*(?:,|,?\s*\bor\b|/|或|还是|、)\s*", re.IGNORECASE)
_ASKED_OF = {"money": "how much", "share": "what percentage", "count": "how many"}


@dataclass(frozen=True, slots=True)
class Stated:
    """The values that a question states, and the same question without them."""

    values: tuple[Figure, ...]
    plain: Asked

    @property
    def is_choice(self) -> bool:
        """True where the question offers several values."""
        return len(self.values) > 1


def stated(asked: Asked) -> Stated | None:
    """The values a question offers or claims; None for a question that states none."""
    text = asked.text
    values = [f for f in read_figures(text) if f.unit not in TIME_UNITS and not f.text.isalpha()]
    if not values:
        return None
    first, last = values[0], values[-1]
    joined = all(
        _JOINED.fullmatch(text[one.span.end : other.span.start])
        for one, other in zip(values, values[1:], strict=False)
    )
    offered = len(values) > 1 and joined
    claimed = len(values) == 1 and _CLAIMS.search(text) is not None
    if not (offered or claimed) or _NAMES_A_THING.search(text[: first.span.start]):
        return None
    kind = next((k for k, units in UNITS_OF_KIND.items() if last.unit in units), "")
    if kind == "count" and last.scale >= 6 and not last.noun:
        kind = "money"  # "20.6 billion" of revenue
    if kind not in _ASKED_OF:
        return None
    values = [_scaled(value, last) for value in values]
    before = _BESIDE.sub("", text[: first.span.start])
    after = text[last.span.end :].strip()
    counted = f" {after.split()[0]}" if kind == "count" and last.noun and after else ""
    after = after[len(counted) :]  # "600,000 cars": the cars are counted, and asked for below
    rest = f"{before} {after}"
    rest = _ASKS_BACK.sub("", rest.rstrip("?!. ")).strip()
    rest = " ".join(_LEAD.sub("", rest).split()).strip(" ,.")
    if len(rest.split()) < 2:
        return None
    asking = f"{_ASKED_OF[kind]}{counted}".rstrip("?")
    return Stated(tuple(values), read_question(f"{rest}: {asking}?"))


def _scaled(value: Figure, last: Figure) -> Figure:
    """ "2 or 20 billion": the first in the scale of the last."""
    if value is last or value.scale or not last.scale or value.unit not in (last.unit, "count"):
        return value
    moved = value.value.scaleb(last.scale)
    return Figure(moved, last.unit, value.span, value.text, last.noun, value.approximate,
                  value.decimals, last.scale)  # fmt: skip


def holds(found: Figure, values: Sequence[Figure]) -> bool:
    """True when what was found is one of the stated values, or lies where they say ("over 20")."""
    return any(_holds(found, value) for value in values)


def _holds(found: Figure, value: Figure) -> bool:
    alike = found.unit == value.unit or "count" in (found.unit, value.unit)
    if not alike:
        return False
    if value.approximate in ("over", "at least") and not found.approximate:
        return found.value >= value.value
    if value.approximate in ("under", "up to") and not found.approximate:
        return found.value <= value.value
    if value.approximate == "about":
        return abs(found.value - value.value) <= NEAR * abs(found.value)
    bare = found.unit != value.unit
    return supports(found, value, loose_unit=True) or (bare and found.value == value.value)
