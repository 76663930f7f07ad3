"""A draft that lost what the question needs: the place's own sentence instead of it. Pure.

A small model cuts a sentence short: its period, its day, its reason or the figure asked for goes missing
although the place that it cites has it. What stands there is quoted then, character for character.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant import verify
from assistant.asked import FUNCTION_WORDS, Asked, asks_why, content_words
from assistant.choice import SPANS
from assistant.contrary import GETS, WENT_TO
from assistant.decide import cited_by
from assistant.figures import supports
from assistant.lexical import tokens
from assistant.support import beside
from assistant.synonyms import NOT_TELLING, alike
from assistant.times import TIME_UNITS
from assistant.types import Evidence, Figure, PassageKind

BARE = 3
"""An answer with fewer words that the question lacks says no more than yes or no."""
_YES_AND_NO = frozenset(tokens("yes no not"))


def in_own_words(
    asked: Asked, checked: verify.Checked, evidence: Sequence[Evidence]
) -> verify.Checked:
    """The draft as it stands, or the sentences it cites where it lost what is asked for."""
    for rule in (with_its_period, to_the_day, with_rival, with_reason):
        checked = rule(asked, checked, evidence)
    return checked


def with_its_period(
    asked: Asked, checked: verify.Checked, evidence: Sequence[Evidence]
) -> verify.Checked:
    """The place's own sentence instead of a figure whose period was lost in the model's words."""
    if asked.periods or not asked.wants_figure or "time" in asked.kinds:
        return checked
    cited = cited_by(checked, evidence)
    told = any(check.figure.unit in TIME_UNITS for check in checked.checks)
    dated = any(figure.unit in SPANS for place in cited for figure in place.figures)
    return verify.quote(cited, len(cited)) if dated and not told else checked


def to_the_day(
    asked: Asked, checked: verify.Checked, evidence: Sequence[Evidence]
) -> verify.Checked:
    """The place's own sentence instead of a month, where "when" is asked and the place tells the day."""
    if "time" not in asked.kinds:
        return checked
    cited = cited_by(checked, evidence)
    said = [check.figure for check in checked.checks]
    months = {int(f.value) for f in said if f.unit == "month" and f.value >= 10000}
    days = [f for place in cited for f in place.figures if f.unit == "date" and f.value >= 10**7]
    if any(f.unit == "date" for f in said) or not any(int(f.value) // 100 in months for f in days):
        return checked
    return verify.quote(cited, len(cited))


def with_rival(
    asked: Asked, checked: verify.Checked, evidence: Sequence[Evidence]
) -> verify.Checked:
    """The place's own sentence where another figure of the kind stands by more words of the question.

    "It had been going at 116 km/h …; the car struck a barrier at about 97 km/h" has two speeds.
    """
    words = {w for w in content_words(asked.text) if w not in NOT_TELLING}
    words -= {
        w for thing in (*asked.names, *(p.text for p in asked.periods)) for w in tokens(thing)
    }
    cited = [e for e in cited_by(checked, evidence) if e.passage.kind is not PassageKind.TABLE_ROW]
    if len(checked.claims) > 1 or len(checked.citations) > 1:
        return checked  # of several places one is not quoted for all

    def told(place: Evidence, figure: Figure) -> int:
        return len(words & alike(beside(place.text, figure.span)))

    for place in cited:
        for check in checked.checks:
            mine = [f for f in place.figures if supports(f, check.figure)]
            others = [f for f in place.figures if f.unit == check.figure.unit and f not in mine]
            if not asked.fits((check.figure,)) or check.figure.unit in TIME_UNITS or not mine:
                continue
            most = max(told(place, f) for f in mine)
            if asked.wants_figure and any(told(place, f) > most for f in others):
                return verify.quote([place], 1)
    return checked


def with_recipient(
    asked: Asked, checked: verify.Checked, evidence: Sequence[Evidence]
) -> verify.Checked:
    """The place's own sentence where "who got it" is asked and the draft leaves one of them out."""
    if not GETS.match(asked.text):
        return checked
    said = set(tokens(checked.text))
    for place in cited_by(checked, evidence):
        getting = [m["who"] or m["other"] for m in WENT_TO.finditer(place.text)]
        if not all(set(tokens(name)) <= said for name in getting):
            return replace(verify.quote([place], 1), quoted=0)
    return checked


# A sentence tells a reason in such words; a draft that has none of them left the reason out.
_REASON = re.compile(
    r"\b(?:because|due to|owing to|thanks to|reasons?|caused?|driven|blam\w+|attribut\w+|expla\w+|cit(?:es|ed|ing)|since|so that|as a result|after)\b",
    re.IGNORECASE,
)


def with_reason(
    asked: Asked, checked: verify.Checked, evidence: Sequence[Evidence]
) -> verify.Checked:
    """The place's own sentence where "why" is asked and the draft left the place's reason out."""
    cited = cited_by(checked, evidence)
    if not asks_why(asked.text) or _REASON.search(checked.text):
        return checked
    return (
        verify.quote(cited, len(cited)) if any(_REASON.search(e.text) for e in cited) else checked
    )


def grounds(asked: Asked, checked: verify.Checked, evidence: Sequence[Evidence]) -> verify.Checked:
    """Instead of a model's "yes" the lines it rests on; nothing where it only says the question again."""
    said = set(tokens(" ".join(claim.text for claim in checked.claims)))
    new = said - set(tokens(asked.text)) - FUNCTION_WORDS - _YES_AND_NO
    cited = cited_by(checked, evidence) if len(new) >= BARE else []
    return verify.quote(cited, len(cited))
