"""What the figures of several parts must have in common to be set against each other. Pure.

A growth is that of one row, companies are compared in one table, and nine months are not set against
a year.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.choice import SPANS, Choice, period_of
from assistant.lexical import tokens
from assistant.named_rows import called
from assistant.times import ends_in
from assistant.timing import periods_in
from assistant.types import Figure, PassageKind


def together(options: Sequence[list[Choice]]) -> list[list[Choice]]:
    """The options of parts that differ in period alone, held to the row and column they share.

    A growth from 2018 to 2019 is that of one row: where a row (or, with periods down the side, a
    column) gives a figure for every part, no figure from elsewhere is compared with it.
    """
    keys = [{key for choice in mine if (key := _series(choice))} for mine in options]
    shared = set.intersection(*keys) if keys else set()
    if not shared:
        return list(options)
    return [[choice for choice in mine if _series(choice) in shared] for mine in options]


def of_one_table(options: Sequence[list[Choice]]) -> list[list[Choice]]:
    """The options of parts that differ in name alone, held to the column of one table that has them all.

    Sentences give many figures of one company; where a table sets the companies side by side, its are
    of one kind.
    """
    keys = [{key for choice in mine if (key := _column_key(choice))} for mine in options]
    shared = set.intersection(*keys) if len(keys) >= LEAST_ROWS else set()
    if len(shared) != 1:
        return list(options)
    return [[choice for choice in mine if _column_key(choice) in shared] for mine in options]


LEAST_ROWS = 3
"""So many rows make a table that sets companies side by side."""


def _column_key(choice: Choice) -> tuple[str, str, str] | None:
    passage = choice.evidence.passage
    if passage.kind is not PassageKind.TABLE_ROW or not choice.cell:
        return None
    return passage.source.id, passage.context, choice.column


def of_one_period(options: Sequence[list[Choice]]) -> tuple[list[list[Choice]], Figure | None]:
    """The options of parts for which no period is asked, held to the newest one that all have.

    Nine months of one company are not set against a year of another. Nothing is left where the
    periods are told and none is shared; figures without a period stay as they are.
    """
    keys = [{key for choice in mine if (key := _period_key(choice))} for mine in options]
    if not all(keys):
        return list(options), None
    newest = max(set.intersection(*keys), default=None)
    kept = [[c for c in mine if newest and _period_key(c) == newest] for mine in options]
    return kept, next((period_of(c) for mine in kept for c in mine), None)


def _period_key(choice: Choice) -> tuple[int, int] | None:
    time = period_of(choice)
    end = ends_in(time) if time else None
    return (end, SPANS.index(time.unit)) if time and end else None


def _series(choice: Choice) -> tuple[str, ...] | None:
    """What a cell's row and column say besides the period; None for a sentence."""
    if choice.evidence.passage.kind is not PassageKind.TABLE_ROW or not choice.cell:
        return None
    column = choice.column
    for time in reversed(periods_in(column)):
        column = column[: time.span.start] + " " + column[time.span.end :]
    # A header that spans years ("Years ended March 31, 2019 | 2018") is printed over the first alone.
    about = () if periods_in(choice.column) else tuple(tokens(column))
    return (choice.evidence.passage.source.id, *tokens(called(choice)), "|", *about)
