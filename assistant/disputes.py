"""Where places disagree with an answer, or tell of a dispute themselves: its sides. Shows nothing."""

from __future__ import annotations

from collections.abc import Sequence

from assistant import conflicts, lookup, verify
from assistant.decide import cited_by
from assistant.outcome import Context, widely
from assistant.rivals import Side
from assistant.types import Check, Evidence
from assistant.whose import is_about, names_in

DISPUTING = 6
"""So many of the best lines are looked at for a dispute that they tell of themselves."""


def told_apart(context: Context, best: Sequence[lookup.Found]) -> tuple[Side, ...]:
    """The sides where the lines that tell the question best do not agree."""
    sides = [Side(f.choice.figure, f.choice.evidence) for f in best]
    if len(sides) < 2:
        return ()
    places = [side.place for side in sides[1:]]
    return (
        conflicts.between(context.asked, sides[0].figure, sides[0].place, places)
        or conflicts.told_apart(context.asked, sides)
        or conflicts.by_source(context.asked, sides[0].figure, places)
    )


def sides_of(context: Context, checked: verify.Checked | None) -> tuple[Side, ...]:
    """Places that contradict the answer, or a good line that tells of a dispute itself."""
    cited = cited_by(checked, context.evidence) if checked else []
    if sides := conflicts.within(context.asked, [*cited, *context.evidence[:DISPUTING]]):
        return sides
    wide = _of_nobody_else(context, widely(context))
    if checked is None:
        starts = conflicts.seeds(context.asked, context.evidence)
    else:
        starts = [
            Side(check.figure, place)
            for check in checked.checks
            for place in cited
            if context.asked.wants_figure
            and context.asked.fits((check.figure,))
            and _is_cited(check, checked, place)
        ][:1]
    for side in starts:
        found = conflicts.between(
            context.asked,
            side.figure,
            side.place,
            wide,
            least=0.0 if checked else conflicts.ALL_TOLD,
        )
        if sides := found or conflicts.by_source(context.asked, side.figure, wide):
            return sides
    return ()


def _of_nobody_else(context: Context, lines: Sequence[Evidence]) -> Sequence[Evidence]:
    """Where nobody is named, the lines about whom all documents are about: a rival contradicts nothing."""
    if not context.subject or names_in(context.asked.text):
        return lines
    return [line for line in lines if is_about(context.subject, line)]


def _is_cited(check: Check, checked: verify.Checked | None, place: Evidence) -> bool:
    return checked is not None and any(
        c.number == check.citation and c.span == place.span for c in checked.citations
    )
