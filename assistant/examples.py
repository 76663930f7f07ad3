"""Questions to start with, taken from the folder itself: headings that ask, rows that hold a figure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.asked import read_question
from assistant.figures import read_figures
from assistant.tables import cells
from assistant.types import Passage, PassageKind

_POINTS_BACK = re.compile(
    r"\b(?:that|this|these|those|it|its|they|them|he|she|his|her|now|page)\b", re.I
)
FROM_HEADINGS = 2
FROM_ROWS = 2


def examples(passages: Iterable[Passage]) -> list[str]:
    """At most four questions; none when the folder asks nothing and holds no table by period."""
    asked: dict[str, None] = {}
    rows: dict[str, str] = {}
    for passage in passages:
        for heading in passage.headings:
            if _asks_alone(heading):
                asked[heading] = None
        if passage.kind is PassageKind.TABLE_ROW and (question := _of_row(passage)):
            rows[passage.source.id] = question  # the last row: mostly the newest period
    return [*list(asked)[:FROM_HEADINGS], *list(dict.fromkeys(rows.values()))[:FROM_ROWS]]


def _asks_alone(heading: str) -> bool:
    """True for a question that names what it is about and points back to nothing."""
    names = read_question(heading).names
    return heading.endswith(("?", "？")) and bool(names) and not _POINTS_BACK.search(heading)


def _of_row(passage: Passage) -> str | None:
    """ "R&D expense in Q3 2025?" for a row that begins with a year or quarter."""
    headers = [line for line in passage.context.splitlines() if line.startswith("|")]
    names, values = (cells(headers[0]) if headers else []), cells(passage.text)
    if len(names) < 2 or len(values) < 2 or not any(c.isdigit() for c in values[1]):
        return None
    measure = re.fullmatch(r"([^(]+?)\s*\([^)]*\)", names[1])  # a measure is printed with its unit
    period = read_figures(values[0])
    if measure is None or len(period) != 1 or period[0].text != values[0]:
        return None
    return f"{measure[1]} in {values[0]}?" if period[0].unit in ("year", "quarter") else None
