"""A figure of a line that may be taken for an answer or an operand, and what says which one it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.asked import UNITS_OF_KIND
from assistant.figures import read_figures
from assistant.sentences import sentence_spans
from assistant.tables import read_row
from assistant.times import TIME_UNITS
from assistant.timing import nearest_period, periods_in
from assistant.types import Evidence, Figure, PassageKind


@dataclass(frozen=True, slots=True)
class Choice:
    """A figure that may be taken.

    `cell` is True in a table, with its `column` and `row`; `given` when the question states it;
    `about` are the words that say what it is: its sentence, or its column, row and caption.
    """

    evidence: Evidence
    figure: Figure
    shown: str
    cell: bool = False
    given: bool = False
    about: str = ""
    column: str = ""
    row: str = ""


def choice_of(item: Evidence, figure: Figure, column: str, row: str) -> Choice:
    """A figure of a line as one to choose, `column` and `row` being those of a table's cell."""
    shown = printed(figure) + (f" ({column})" if column and _wide(item) else "")
    about = f"{column} {row} {caption(item)}" if column or row else item.text
    return Choice(item, figure, shown, bool(column or row), False, about, column, row)


SPANS = ("month", "quarter", "half", "months", "year")
"""Stretches of time, the shorter before the longer: of those that end together the longest counts."""


def period_of(choice: Choice) -> Figure | None:
    """The stretch of time a figure is of; None where its line names only a day, or none."""
    near = (
        periods_in(f"{choice.column} {choice.row}")
        if choice.cell
        else nearest_period(choice.evidence, choice.figure)
    )
    return next((time for time in near if time.unit in SPANS), None)


def caption(item: Evidence) -> str:
    """What stands above a table besides its header, without sentences that give figures of their own.

    "The fund had EUR 421.9 million in 47 holdings" does not say what the table below it measures.
    """
    lines = item.passage.context.splitlines()
    above = " ".join(line for line in lines if not line.lstrip().startswith("|"))
    told = (above[s.start : s.end] for s in sentence_spans(above))
    return " ".join(s for s in told if all(f.unit in TIME_UNITS for f in read_figures(s)))


def _wide(item: Evidence) -> bool:
    return sum(f.unit not in TIME_UNITS for f in item.figures) > 1


def figures_of(item: Evidence) -> Iterator[tuple[Figure, str, str]]:
    """Each figure of a line, with the header of its column and the label of its row in a table."""
    if item.passage.kind is PassageKind.TABLE_ROW:
        for cell in read_row(item.text, item.passage.context):
            if cell.column or cell.label:
                yield cell.figure, cell.column, cell.label
        return
    for figure in item.figures:
        if not figure.text.isalpha():  # "two", "ten" count things that nobody computes with
            yield figure, "", ""


def printed(figure: Figure) -> str:
    """The figure as it is shown outside its table: with the currency, scale or % of its header."""
    if figure.unit == "percent" and not re.search(r"[^\W\d_]|[%％]", figure.text):
        return f"{figure.text}%"
    words = re.search(r"[^\W\d_]", figure.text) is not None
    signed = re.search(r"[$€£¥￥]", figure.text) is not None
    # "$1,116" in a table "in millions" is shown with its millions, or a difference would not add up.
    scale = {12: " trillion", 9: " billion", 6: " million", 3: " thousand"}.get(figure.scale, "")
    if figure.unit == "count" and not words and not signed and scale:
        return f"{figure.text}{scale}"
    if figure.unit not in UNITS_OF_KIND["money"] or words or (signed and not figure.scale):
        return figure.text
    amount = figure.value.scaleb(-figure.scale) if scale else figure.value
    sign = "−" if amount < 0 else ""
    return f"{sign}{figure.unit} {abs(amount):,.{figure.decimals}f}{scale}"
