""" "How did Castor do last quarter?": the key figures of one period, each looked up by code. Pure.

No single line answers such a question, and a model that sums one up takes whatever is nearest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant import lookup
from assistant.asked import Asked, read_question
from assistant.choice import Choice
from assistant.periods import label
from assistant.readings import readings
from assistant.types import Evidence, Figure
from assistant.whose import names_in

MEASURES = (
    "revenue",
    "net profit",
    "net loss",
    "adjusted net profit",
    "gross margin",
    "R&D expense",
)
"""What an investor looks at first; those that no document gives for the period are left out."""
LEAST = 2
_PERIODS = ("quarter", "half", "year")
_RESULTS = re.compile(
    r"^\W*(?:and |so )?(?:how (?:did|is|has|was|were) [^?]*?"
    r"\b(?:do|doing|done|perform(?:ed|ing)?|fared?|(?:quarter|year|business) go|(?:last|latest) (?:quarter|year))\b"
    r"|(?:what (?:were|are|was)|give(?: me)?|show(?: me)?|summari[sz]e|list|tell me)\b[^?]*"
    r"\b(?:results|key figures|key numbers|headline figures|financials|financial performance)\b)"
    r"(?! (?:of|on|for|about) (?:the |an? )?(?:test|crash|study|survey|poll|tender|trial)\b)",
    re.IGNORECASE,
)
_LAST = re.compile(
    r"\b(?:last|latest|most recent|newest)(?: (?:reported|full))? (?P<unit>quarter|year)\b", re.I
)


def asks_results(asked: Asked) -> bool:
    """True for a question for the results of one period, named or the last."""
    if _RESULTS.match(asked.text) is None:
        return False
    named = [p for p in asked.periods if p.unit in _PERIODS]
    return len(named) == len(asked.periods) == 1 or (
        not asked.periods and _LAST.search(asked.text) is not None
    )


def newest_question(asked: Asked, subject: str) -> Asked:
    """The question whose newest answer tells which period "last quarter" is."""
    return read_question(f"What was {_owner(asked, subject)}revenue?")


def last_periods(asked: Asked, found: Sequence[lookup.Found], subject: str) -> list[Figure]:
    """The periods of the kind asked for that answers to `newest_question` are of, the newest first."""
    said = _LAST.search(asked.text)
    if said is None:
        return []
    times = (time for time, _ in readings(newest_question(asked, subject), found))
    return [time for time in times if time.unit == said["unit"].lower()]


def figures(
    asked: Asked, period: Figure, subject: str, search: Callable[[str], Sequence[Evidence]]
) -> list[Choice]:
    """The key figures of a period on which all places agree that tell all of it."""
    owner, when = _owner(asked, subject), label(period)
    out = []
    for measure in MEASURES:
        plain = read_question(f"What was {owner}{measure} in {when}?")
        found = lookup.agreed(lookup.looked_up(plain, search(plain.text), subject))
        if found is not None:
            out.append(found.choice)
    return out


def _owner(asked: Asked, subject: str) -> str:
    names = names_in(asked.text)
    owner = " ".join(names) if names else subject
    return f"{owner}'s " if owner else ""
