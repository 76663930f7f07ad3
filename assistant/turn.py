"""The periods and names of a turn of a conversation, and the words that move a period. Pure."""

from __future__ import annotations

import re

from assistant.asked import read_question
from assistant.entities import whole_names
from assistant.figures import read_figures
from assistant.periods import beside, shifted
from assistant.times import TIME_UNITS
from assistant.types import Figure

_COUNT = "one two three four five six seven eight nine ten eleven twelve".split()
BEFORE = re.compile(
    rf"\b(?:the|a|(?P<count>{'|'.join(_COUNT)}|[1-5])) (?P<unit>year|period|quarter|half|month)s? (?:before|earlier|previously)\b"
    r"|\b(?:previous|prior|preceding|last) (?P<unit2>year|quarter|half|month)\b|\byear before\b"
    r"|(?:上|前)一?年|去年同期",
    re.I,
)
AFTER = re.compile(
    rf"\b(?:the|a|(?P<count>{'|'.join(_COUNT)}|[1-5])) (?P<unit>year|quarter|half|month)s? (?:after|later)\b"
    r"|\b(?:following|next) (?P<unit2>year|quarter|half|month)\b|(?:下|后|第二)一?年",
    re.I,
)


def moved_by(period: Figure, said: re.Match[str]) -> Figure | None:
    """The period that "the year before" or "the next quarter" means beside another one."""
    count = (said["count"] or "one").lower()
    step = int(count) if count.isdigit() else _COUNT.index(count) + 1
    step = -step if said.re is BEFORE else step
    unit = (said["unit"] or said["unit2"] or "year").lower()
    if unit in ("year", "period"):
        return shifted(period, step)
    if unit == "month" and (whole := {"quarter": 3, "half": 6}.get(period.unit)):
        return None if step % whole else beside(period, step // whole)  # "three months later"
    return beside(period, step) if period.unit == unit else None


def with_period(text: str, period: Figure, by: str) -> str:
    """The text with another period; "the first half" has an article, "Q3" has none."""
    before = re.sub(r"\b(?:the|an?)\s+$", "", text[: period.span.start], flags=re.I)
    article = "the " if by.startswith(("first ", "second ", "full ")) else ""
    return f"{before}{article}{by}{text[period.span.end :]}"


def names_of(text: str) -> list[str]:
    """The names of a question, those of several words as one."""
    return list(whole_names(read_question(text)))


def times_of(text: str) -> list[Figure]:
    """The days, months, quarters and years that a text names."""
    return [f for f in read_figures(text) if f.unit in TIME_UNITS]
