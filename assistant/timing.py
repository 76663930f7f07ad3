"""Which period a figure of a line is of. Pure.

A table cell has the period of its column and row; a figure in a sentence has the period that stands
nearest to it, or the one that opens the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.figures import read_figures, supports
from assistant.periods import beside, shifted
from assistant.times import CLOSING, TIME_UNITS, ends_in, is_middle, year_of
from assistant.types import Evidence, Figure, PassageKind


def of_period(item: Evidence, figure: Figure, wanted: Figure, column: str, row: str) -> bool:
    """True when the figure is of the wanted period: by its cell, its sentence, or what is above."""
    if item.passage.kind is PassageKind.TABLE_ROW:
        near = _dated([*of_column(column), *periods_in(row)])
        weeks = _WEEKS.search(column)
        if weeks and (wanted.unit in ("year", "date")) != weeks["count"].startswith("5"):
            return False
        if is_middle(wanted) and _AT_END.search(item.passage.context):
            # The staff of mid-2024 is that at the end of its second quarter.
            last = year_of(wanted) * 10 + 2
            return any(p.unit == "quarter" and int(p.value) == last for p in near) or _agrees(
                near, wanted
            )
        days = {int(p.value) for p in periods_in(row) if p.unit == "date" and p.value < 10000}
        if wanted.unit == "date" and days and int(wanted.value) % 10000 not in days:
            return False  # "Balance at January 1" in the column of the year
        if (of_fiscal := _of_fiscal_year(item, near, wanted)) is not None:
            return of_fiscal
        closing = wanted.unit == "date" and int(wanted.value) % 10000 == YEAR_END
        if closing and near and all(p.unit == "year" for p in near):
            # A balance sheet heads its columns with years alone.
            return any(int(p.value) == year_of(wanted) for p in near)
    elif _OVER_YEARS.match(item.text[figure.span.end :]):
        return False
    else:
        near = nearest_period(item, figure, wanted.unit)
    if near:
        return (
            _agrees(near, wanted)
            or _ends_alike(item, near, wanted)
            or _happened(item, near, wanted)
        )
    passage = item.passage
    if passage.kind is not PassageKind.TABLE_ROW and _YEARS.search(item.text):
        return False  # "covers three years and CNY 60 billion": its neighbour's year is not its own
    lines = passage.context.splitlines()
    heads = "\n".join(line for line in lines if line.lstrip().startswith("|"))
    for above in (
        heads,
        passage.context,
        " ".join(passage.headings),
        passage.text,
        passage.source.title,
    ):
        found = _dated([time for time in periods_in(above) if not _printed_on(above, time)])
        if found:
            return _agrees(found, wanted) and len({p.value for p in found}) == 1
    return False


def _dated(times: list[Figure]) -> list[Figure]:
    """Without days that have no year, where others have one: "Years ended December 31 | 2019 | 2018"."""
    told = [t for t in times if t.unit != "date" or t.value >= 10000]
    return told or times


def of_column(column: str) -> list[Figure]:
    """The periods that head a column; "Change on 2024" is that of the year after."""
    found = periods_in(column)
    if len(found) == 1 and _COMPARED.search(column[: found[0].span.start]):
        return [after] if (after := shifted(found[0], 1)) else []
    return found


_AT_END = re.compile(r"\b(?:end of|as of|as at)\b", re.IGNORECASE)
YEAR_END = 1231
_WEEKS = re.compile(r"\b(?P<count>1[34]|2[67]|39|40|5[23])[- ]weeks?\b", re.IGNORECASE)
_FISCAL = re.compile(r"\b(?:FY|fiscal)(?: year)? ?(?P<year>20\d\d)\b", re.IGNORECASE)


def _of_fiscal_year(item: Evidence, near: Sequence[Figure], wanted: Figure) -> bool | None:
    """Whether a column that ends in January or February is of the fiscal year asked for.

    A document that calls the year to January 2023 its "fiscal 2022" is taken at its word; None
    where it does not speak of that fiscal year, or no such column is meant.
    """
    passage = item.passage
    above = " ".join((passage.source.title, *passage.headings, passage.context))
    told = {int(m["year"]) for m in _FISCAL.finditer(above)}
    ends = [end for p in near if p.unit in ("date", "months") and (end := ends_in(p))]
    early = [end for end in ends if end % 100 <= 2]
    if not _FISCAL.match(wanted.text) or year_of(wanted) not in told or not early:
        return None
    return any(end // 100 - 1 == year_of(wanted) for end in early)


def _ends_alike(item: Evidence, found: Sequence[Figure], wanted: Figure) -> bool:
    """True for "at the end of Q3 2025" where the end of September 2025 is asked for."""
    if wanted.unit not in _CLOSING:
        return False
    row = item.passage.kind is PassageKind.TABLE_ROW
    return any(
        p.unit in _CLOSING
        and ends_in(p) == ends_in(wanted) is not None
        and (wanted.unit != "date" or int(wanted.value) % 100 >= LAST_DAYS)
        and bool(
            _END_COLUMN.search(item.passage.context)
            if row
            else CLOSING.search(item.text[: p.span.start])
        )
        for p in found
    )


_EVENT = re.compile(
    r"\b(?:recall(?:s|ed|ing)?|crash(?:es|ed)?|died|killed|injured|bought|acquired|raised|granted|fined|sued|hired|dismissed)\b",
    re.IGNORECASE,
)


def _happened(item: Evidence, found: Sequence[Figure], wanted: Figure) -> bool:
    """True for what happened on a day of the wanted month or quarter; a day's flow is no month's."""
    return wanted.unit in ("month", "quarter") and any(
        p.unit == "date" and supports(p, wanted) and _EVENT.search(item.text) for p in found
    )


_CLOSING = ("date", "month", "quarter")
_END_COLUMN = re.compile(
    r"^\|\s*(?:(?:at )?(?:the )?end of|as of)\s*\|", re.IGNORECASE | re.MULTILINE
)


# "On the Q3 call: CNY 200 billion over the next five years" is no figure of Q3.
_OVER_YEARS = re.compile(
    r"[^.;,\d]{0,40}\b(?:over|in|for|during|within) (?:the |these )?(?:(?:next|coming|past|last|following|previous) )?"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|\d+) years\b",
    re.IGNORECASE,
)


_YEARS = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|\d+)[- ]years?\b(?! (?:ago|earlier|later|before|old))",
    re.IGNORECASE,
)


def _agrees(found: Sequence[Figure], wanted: Figure) -> bool:
    """True when one of the periods is the wanted one, and none is of another year or finer."""
    year = year_of(wanted)
    if any(p.unit == "year" and int(p.value) != year for p in found):
        return False
    same = [p for p in found if p.unit == wanted.unit or (p.unit == "date" and _closes(p, wanted))]
    finer = [p for p in found if p not in same and p.unit != "year"]
    if wanted.unit == "year" and finer:
        return False
    return any(supports(p, wanted) for p in same)


def _closes(day: Figure, wanted: Figure) -> bool:
    """True for the day of a balance sheet: any in a year, the last of a month or quarter."""
    return wanted.unit == "year" or (
        int(day.value) % 100 >= LAST_DAYS and ends_in(day) == ends_in(wanted)
    )


LAST_DAYS = 28


def nearest_period(item: Evidence, figure: Figure, unit: str = "") -> list[Figure]:
    """The period of the sentence that stands nearest to the figure; behind it counts as nearer.

    Where periods of the wanted kind are named, the others ("after the Q3 results") are passed over.
    Of "113 billion in Q3 2025, against 93 billion a year earlier" the second is of Q3 2024.
    """
    near = _nearest(item, figure, unit)
    if near and _THE_EARLIER.search(item.text[: figure.span.start]):
        return [before] if (before := shifted(near[0], -1)) else []
    back = _EARLIER.match(item.text, figure.span.end)
    if back is None or not near:
        return near
    if dated := [f for f in item.figures if _follows(f, back.end())]:
        return dated[:1]
    step = shifted if back["year"] or not back["quarter"] else beside
    return [before] if (before := step(near[0], -1)) else []


# "12.6% a year earlier", "22,000 cars in the same quarter of the year before", but not "more than a year earlier".
_EARLIER = re.compile(
    r"(?: (?!(?:than|from|on|over|more|less|higher|lower|fewer|compared|up|down)\b)[a-z-]+){0,2}? (?:in )?"
    r"(?:(?:(?:a|one|the) (?:(?P<year>year)|(?P<quarter>quarter)) (?:earlier|before|ago|previously))"
    r"|the same (?:quarter|period|month|half) (?:of the (?:year before|previous year|prior year|preceding year)|a year (?:earlier|before))"
    r"|the (?:previous|prior|preceding) year(?! to\b))\b"
)
# "Q1 2025 … 12.6% a year earlier, while another's rise of 5.4 points makes the earlier margin 17.8%".
_THE_EARLIER = re.compile(r"\bthe earlier (?:[a-z]+ ){1,5}$", re.IGNORECASE)
CLOSE_BY = 12
"""So many characters behind "a year earlier" may a period stand that says which: "…, in Q1 2024"."""


def _follows(time: Figure, at: int) -> bool:
    return time.unit in TIME_UNITS and 0 <= time.span.start - at <= CLOSE_BY


def _nearest(item: Evidence, figure: Figure, unit: str) -> list[Figure]:
    """The period printed nearest to the figure, as if no "a year earlier" stood behind it."""
    times = [f for f in item.figures if f.unit in TIME_UNITS]
    same = [f for f in item.figures if f.unit == figure.unit]
    if len(same) == len(times) > 1 and figure in same:
        in_turn = _are_listed(item.text, same) and _are_listed(item.text, times)
        if in_turn or "respectively" in item.text:
            return [times[same.index(figure)]]
    times = [f for f in times if not _printed_on(item.text, f)]
    times = [f for f in times if not _of_base(item.text, figure, f)]
    times = [f for f in times if not _compared(item.text, f)] or times
    for time in times:
        between = item.text[figure.span.end : time.span.start]
        if time.span.start >= figure.span.end and (
            _FOR_ALL.fullmatch(between) or _AT.fullmatch(between)
        ):
            return [time]
    if lead := _leading(item.text, times, figure, unit):
        return [lead]
    times = [f for f in times if f.unit == unit] or times
    if not times:
        return []

    def gap(time: Figure) -> float:
        behind = time.span.start >= figure.span.end
        start, end = (
            (figure.span.end, time.span.start) if behind else (time.span.end, figure.span.start)
        )
        apart = ACROSS if _CLAUSE.search(item.text[start:end]) else 0
        return apart + (1.0 if behind else 1.5) * (end - start)

    return [min(times, key=gap)]


_FOR_ALL = re.compile(
    r"\s+(?:in|for|over|during) (?:all of|the whole of|the whole year|the year|the full year) ?",
    re.IGNORECASE,
)
# "From 1,501 people at 30 June 2018 to 1,620 people at 30 June 2019".
_AT = re.compile(r"(?:\s+[a-z-]+){0,2}\s+(?:at|as of|as at) (?:the end of )?", re.IGNORECASE)
_AND = re.compile(r"\W*(?:and|or)?\W*(?:approximately|about|around|some|nearly|over)?\W*")


def _are_listed(text: str, figures: Sequence[Figure]) -> bool:
    """True for "156,000 and 142,000": nothing but commas and "and" between them."""
    return all(
        _AND.fullmatch(text[one.span.end : other.span.start]) for one, other in pairwise(figures)
    )


ACROSS = 12
"""So many characters farther is a period beyond a comma: "6.0% in Q1 2025, 6.7% in Q2 2025"."""

_CLAUSE = re.compile(r"[,;]\s|\s(?:and|but)\s")

_LEADS = re.compile(
    r"\W*(?:(?:in|for|over|during|as of|at the end of)\W+)?(?:the\s+)?", re.IGNORECASE
)


def _leading(text: str, times: Sequence[Figure], figure: Figure, unit: str) -> Figure | None:
    """The period a sentence opens with, "In Q2 2025 …", unless one of the wanted unit follows it
    before the figure: it is what the figure is of, whatever year the sentence names behind.
    """
    first = min(times, key=lambda f: f.span.start, default=None)
    if (
        first is None
        or first.unit in (unit, "date")
        or not unit
        or figure.span.start < first.span.end
    ):
        return None
    if not _LEADS.fullmatch(text[: first.span.start]):
        return None
    between = [
        f for f in times if f.unit == unit and first.span.end <= f.span.start < figure.span.start
    ]
    return None if between else first


_COMPARED = re.compile(
    r"\b(?:than|than in|than for|as in(?: all of| the whole of)?|on|against|versus|vs\.?|(?:up|down) from|same (?:quarter|period|half|month) (?:of|in))"
    r"\s+(?:the )?$",
    re.IGNORECASE,
)


def _compared(text: str, time: Figure) -> bool:
    """True for a period that a figure is only measured against: "52.1% on Q3 2024", "from Q2 to Q3"."""
    if _FROM.search(text[: time.span.start]) and _TO.match(text[time.span.end :]):
        return True
    return time.unit != "date" and _COMPARED.search(text[: time.span.start]) is not None


_AGAINST = re.compile(
    r"\b(?:compared (?:to|with)|versus|vs\.?)\s(?:[^,;.]*?\d[^,;]{0,40}|(?:the |those of )?)$",
    re.IGNORECASE,
)


def _of_base(text: str, figure: Figure, time: Figure) -> bool:
    """True for the 2021 of "18.3% to 10.2 billion compared to 8.6 billion in 2021", but to the last amount."""
    base = _AGAINST.search(text[: time.span.start])
    return base is not None and figure.span.end <= base.start()


def _printed_on(text: str, time: Figure) -> bool:
    """True for the day of a report, "HTX reported it on 27 March 2026": the figure need not be of it."""
    return time.unit == "date" and _PRINTED.search(text[: time.span.start]) is not None


_PRINTED = re.compile(
    r"\b(?:reported|wrote|printed|noted|published)(?: it| this| that)? on $", re.IGNORECASE
)
_FROM = re.compile(r"\bfrom (?:the )?$", re.IGNORECASE)
_TO = re.compile(r" to \b", re.IGNORECASE)


def words_beside_times(header: str) -> list[str]:
    """The words of a column's header that are no period's: none in "Three months ended 30 June 2025"."""
    for time in reversed(periods_in(header)):
        header = header[: time.span.start] + " " + header[time.span.end :]
    return [w for w in re.findall(r"[^\W\d_]+", header.lower()) if w not in _STRETCH]


_STRETCH = frozenset(
    "year years quarter quarters month months three six nine twelve ended end weeks at the of as".split()
)


def periods_in(text: str) -> list[Figure]:
    """The times that a text names, in its order."""
    return [f for f in read_figures(text) if f.unit in TIME_UNITS]
