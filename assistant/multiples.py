"""Questions of how many times one figure is another, put so that they can be planned. Pure.

"Did deliveries double?" claims a multiple, "for how many years would it pay" asks for one, a compound
annual growth rate is the yearly root of one.
"""

from __future__ import annotations

import re
from decimal import Decimal

from assistant.asked import read_question
from assistant.entities import whole_names
from assistant.operations import YEAR_AGO
from assistant.periods import label, shifted

_TIMES: dict[str, int | str] = {
    "double": 2, "treble": 3, "triple": 3, "quadruple": 4, "twice": 2, "three times": 3, "four times": 4,
    "five times": 5, "ten times": 10, "half": "0.5", "halve": "0.5",
}  # fmt: skip
_MOVED = re.compile(
    r"^\W*(?P<lead>did|has|have|had|is it so that|is it true that) (?P<what>[^?]+?) (?:more than |nearly |almost |about |roughly |at least )?"
    r"(?P<times>double|treble|triple|quadruple|halve)d?\b(?P<when>[^?]*)",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"^\W*(?:is|are|was|were|did|does|do|has|have|had) (?P<one>[^?]+?) (?:spend |have |make |deliver |sell |earn |report )?(?:more than |nearly |almost |about |roughly |at least )?"
    r"(?P<times>double|twice|(?:three|four|five|ten) times|half)(?: as (?:much|many|large|big|high)(?P<as> [^?]*?)? as| that of| of)? (?:that of )?(?P<other>[^?]+)",
    re.IGNORECASE,
)


def claimed(text: str) -> tuple[str, Decimal] | None:
    """A question whether something is a multiple of something, as one for the multiple; and what it claims.

    "Did sales double from 2023 to 2024?" becomes "By what multiple did sales change …?", and 2.
    """
    if moved := _MOVED.match(text):
        what, when = moved["what"], moved["when"].strip()
        periods = read_question(text).periods
        if len(periods) == 1 and YEAR_AGO.search(text) and (before := shifted(periods[0], -1)):
            when = f"from {label(before)} to {label(periods[0])}"
        elif len(periods) != 2:
            return None
        return f"By what multiple did {what} change {when}?", _value(moved["times"])
    if beside := _BESIDE.match(text):
        one, other = beside["one"].strip(), beside["other"].strip()
        named = [whole_names(read_question(side)) for side in (one, other)]
        if not all(named) or len(whole_names(read_question(text))) != 2:
            return None  # "Is the first half of 2025 …"
        asked = f"How many times {other} is {one}{beside['as'] or ''}?"
        return asked, _value(beside["times"])
    return None


def _value(word: str) -> Decimal:
    return Decimal(_TIMES[word.lower()])


_YEARLY = re.compile(
    r"\b(?:the )?CAGR(?: (?:of|in|for))?\b|\b(?:the )?(?:compound(?:ed)?|average|mean)(?:,? (?:annual|yearly|annuali[sz]ed))+ (?:rate of growth|growth(?: rate)?|increase)(?: (?:of|in|for))?\b"
    r"|\b(?:the )?annuali[sz]ed (?:growth(?: rate)?|rate of growth)(?: (?:of|in|for))?\b",
    re.IGNORECASE,
)


def yearly_growth(text: str) -> tuple[str, int] | None:
    """A question for a compound annual growth rate as one for the amounts, and over how many years.

    None where it names no first and last year.
    """
    years = [int(p.value) for p in read_question(text).periods if p.unit == "year"]
    if not _YEARLY.search(text) or len(years) != 2 or years[0] == years[1]:
        return None
    return " ".join(_YEARLY.sub(" ", text).split()), abs(years[1] - years[0])


_LASTS = re.compile(
    r"^\W*(?:for )?how many (?P<unit>years?|months?|quarters?)(?:['’]| of| worth of) (?P<base>[^?]+?) (?:would|could|will|does|do|is|are|can) "
    r"(?P<whole>(?:the |its |their )?[^?]+?) (?:pay for|cover|fund|finance|buy|equal|make up|correspond to|worth|amount to|last)\W*$",
    re.IGNORECASE,
)


def lasting(text: str) -> str:
    """ "How many years of 2024 R&D would the 200 billion pay for?" as a ratio; "" for other questions."""
    said = _LASTS.match(text)
    return f"What is the ratio of {said['whole']} to {said['base']}?" if said else ""
