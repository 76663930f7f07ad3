"""A short follow-up in the words of the question before it. Pure: no model.

"And XPeng?", "in Q3?", "the year before?" only change a name or a period, which code does exactly; a
model now and then leaves the change out. What else is asked is left to the model, and checked.
"""

from __future__ import annotations

import re

from assistant.asked import read_question
from assistant.figures import read_figures
from assistant.lexical import tokens
from assistant.parts import NO_ENTITY
from assistant.periods import label, shifted
from assistant.times import TIME_UNITS

_LEAD = re.compile(
    r"^\W*(?:and|so|then|but|ok|what about|how about|what of)?\W*(?:what about|how about)?\W*"
    r"(?:in|for|of|at|the|with|by|during)?\s*(?:the\s+)?",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"\b(?:the|a|one) (?:year|period) (?:before|earlier)\b|\b(?:previous|prior|last) year\b|\byear before\b",
    re.I,
)
_AFTER = re.compile(r"\b(?:the|a|one) year (?:after|later)\b|\b(?:following|next) year\b", re.I)
_EMPTY = frozenset(
    tokens("and so then but what about how was it the in for of at a is by that were during with")
)


def substituted(text: str, previous: str) -> str | None:
    """The previous question with the name or period of a short follow-up; None for a real question."""
    before, after = _BEFORE.search(text), _AFTER.search(text)
    names = [n for n in read_question(text).names if not NO_ENTITY.fullmatch(n)]
    periods = [f for f in read_figures(text) if f.unit in TIME_UNITS]
    rest = text
    for piece in [*names, *(p.text for p in periods), *(m[0] for m in (before, after) if m)]:
        rest = rest.replace(piece, " ")
    if any(w not in _EMPTY for w in tokens(rest)) or not (names or periods or before or after):
        return None
    if before or after:
        return _moved(previous, -1 if before else 1)
    out = previous
    if names:
        mine = [n for n in read_question(previous).names if not NO_ENTITY.fullmatch(n)]
        if len(names) != 1 or not mine:
            return None
        out = re.sub(rf"(?<!\w){re.escape(mine[0])}(?!\w)", names[0], out)
    if periods:
        old = [f for f in read_figures(out) if f.unit in TIME_UNITS]
        if len(periods) != 1 or len(old) != 1:
            return None
        new = periods[0]
        if new.unit == "quarter" and new.value < 10:  # "in Q3?" keeps the year
            year = re.search(r"(?:19|20)\d\d", old[0].text)
            written = f"Q{new.value} {year[0]}" if year else new.text
        else:
            written = new.text
        out = out[: old[0].span.start] + written + out[old[0].span.end :]
    return out


def _moved(previous: str, years: int) -> str | None:
    """The previous question a year earlier or later; None unless it names one period."""
    old = [f for f in read_figures(previous) if f.unit in TIME_UNITS]
    if len(old) != 1:
        return None
    moved = shifted(old[0], years)
    if moved is None:
        return None
    return previous[: old[0].span.start] + label(moved) + previous[old[0].span.end :]


def keeps(rewritten: str, text: str) -> bool:
    """True when a rewritten question still has every name and figure of the follow-up."""
    words = set(tokens(rewritten))
    names = [n for n in read_question(text).names if not NO_ENTITY.fullmatch(n)]
    years = [f.text for f in read_figures(text) if f.unit in TIME_UNITS and f.text.isascii()]
    return all(set(tokens(piece)) & words for piece in (*names, *years))
