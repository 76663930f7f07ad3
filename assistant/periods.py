"""The periods that a question asks a figure for. Pure.

"The first three quarters of 2025" are three periods, "from 2021 to 2024" under a sum four, "Q2 and Q3
2025" two of one year. Knows nothing of operations but that sums and lists run over ranges.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from assistant.asked import Asked
from assistant.figures import read_figures
from assistant.times import CLOSING, is_middle, year_of
from assistant.types import Figure, Span

MOST = 6
"""So many periods are looked up for one question."""

BY_QUARTER = re.compile(
    r"\b(?P<by>each|every|per|by) quarter (?:of|in|for) (?:FY)?(?P<year>(?:19|20)\d\d)",
    re.IGNORECASE,
)
_FIRST_QUARTERS = re.compile(
    r"\b(?:the )?first (two|three|2|3) quarters of ((?:19|20)\d\d)", re.IGNORECASE
)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_QUARTERS = re.compile(
    r"\b(?:first|second|third|fourth)(?: quarter)?(?:,? (?:and|to|through) |, )(?:the )?(?:first|second|third|fourth)"
    r"(?:,? and (?:the )?(?:third|fourth))? quarters? (?:of )?(?P<year>(?:19|20)\d\d)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s*(?:to|until|through|till|-|–|—|至|到)\s*", re.IGNORECASE)
_RUNNING = ("sum", "average", "list", "share")
_ALTERNATIVE = re.compile(r"\bor\b|或|还是", re.IGNORECASE)


_WORDS = "no one two three four five six seven eight nine ten eleven twelve".split()


def label(period: Figure) -> str:
    """A period as people write it: "2024", "Q3 2025", "30 September 2025"."""
    value = int(period.value)
    if period.unit in ("quarter", "half"):
        sign = "Q" if period.unit == "quarter" else "H"
        return f"{sign}{value % 10} {value // 10}" if value >= 10 else f"{sign}{value}"
    if period.unit == "months":
        stretch = f"first {_WORDS[value % 100]} months"
        return f"{stretch} of {value // 100}" if value >= 100 else stretch
    if period.unit == "year":
        return str(value)
    return period.text


def with_labels(text: str) -> str:
    """A question for searching, its quarters and halves also as documents head them: "Q2 2025".

    The end of June is that of Q2. Investor suite, gold line among those shown: 97.6% without, 98.4% with.
    """
    found = read_figures(text)
    periods = [f for f in found if f.unit in ("quarter", "half")]
    periods += filter(None, (_quarter_ended(text, f) for f in found))
    missing = [label(p) for p in periods if label(p).lower() not in text.lower()]
    return f"{text} ({', '.join(missing)})" if missing else text


def _quarter_ended(text: str, time: Figure) -> Figure | None:
    """The quarter that "the end of September 2025" ends."""
    if time.unit != "month" or not year_of(time):
        return None
    if not (is_middle(time) or CLOSING.search(text[: time.span.start])):
        return None
    year, month = divmod(int(time.value), 100)
    return _quarter(year, month // 3) if month % 3 == 0 else None


def shifted(period: Figure, years: int) -> Figure | None:
    """The same period some years later; None for a day, or for one without a year."""
    step = {"year": 1, "quarter": 10, "half": 10, "months": 100, "month": 100}.get(period.unit)
    if step is None or period.value < 1000:
        return None
    moved = replace(period, value=period.value + step * years)
    year = int(moved.value) // step
    text = (
        re.sub(r"(?:19|20)\d\d", str(year), period.text) if period.unit == "month" else label(moved)
    )
    return replace(moved, text=text)


_IN_A_YEAR = {"quarter": 4, "half": 2, "month": 12}


def beside(period: Figure, steps: int) -> Figure | None:
    """The quarter, half or month so many before or after one; None for other periods."""
    count = _IN_A_YEAR.get(period.unit)
    base = 100 if period.unit == "month" else 10
    if count is None or period.value < 1000:
        return None
    year, number = divmod(int(period.value), base)
    year, number = divmod(year * count + number - 1 + steps, count)
    moved = replace(period, value=Decimal(year * base + number + 1))
    written = f"{_MONTHS[number]} {year}" if period.unit == "month" else label(moved)
    return replace(moved, text=written)


_MONTHS = (
    "January February March April May June July August September October November December".split()
)


def periods_of(asked: Asked, operation: str) -> tuple[Figure, ...]:
    """The periods a question asks a figure for, each once, with years filled in from beside."""
    text = asked.text
    each = BY_QUARTER.search(text)
    if each and (operation == "list" or each["by"].lower() in ("each", "every")):
        return tuple(_quarter(int(each["year"]), q) for q in (1, 2, 3, 4))
    if first := _FIRST_QUARTERS.search(text):
        count = {"two": 2, "2": 2}.get(first[1].lower(), 3)
        return tuple(_quarter(int(first[2]), q) for q in range(1, count + 1))
    if several := _QUARTERS.search(text):
        named = [
            _ORDINALS[word.lower()] for word in re.findall("|".join(_ORDINALS), several[0], re.I)
        ]
        return tuple(_quarter(int(several["year"]), q) for q in dict.fromkeys(named))
    periods = list(asked.periods)
    if len(periods) < 2 or (_ALTERNATIVE.search(text) and operation != "compare"):
        return ()
    years = [p for p in periods if p.unit == "year"]
    finer = [p for p in periods if p.unit in ("quarter", "half")]
    if finer and _STOCK.search(text) and (apart := _of_other_years(finer, years)):
        return tuple(sorted((*finer, *apart), key=lambda p: p.span.start))
    if finer:
        year = next((int(p.value) // 10 for p in finer if p.value >= 10), 0)
        year = year or (int(years[0].value) if years else 0)
        periods = [_with_year(p, year) for p in finer]
    elif any(p.unit == "date" and p.value < 10000 for p in periods):  # "31 March and 30 June 2025"
        periods = _dated(periods)
    elif years and len(years) < len(periods):  # "December 31, 2019 and 2018"
        periods = [_as_year(p) for p in periods]
    spanned = _spanned(text, periods) if operation in _RUNNING else None
    unique = {p.value: p for p in (spanned or periods)}
    return tuple(unique.values())[:MOST] if len(unique) > 1 else ()


_STOCK = re.compile(
    r"\b(?:staff|people|employees|headcount|workforce|researchers|engineers|stores|shops|cities|patents)\b",
    re.IGNORECASE,
)
"""What is counted at a time: of these a quarter may be set beside a year."""


def _of_other_years(finer: list[Figure], years: list[Figure]) -> list[Figure]:
    """Years that no quarter beside them is of: "in Q3 2025 than in 2023"."""
    if any(p.value < 10 for p in finer):
        return []
    return [y for y in years if all(year_of(p) != int(y.value) for p in finer)]


def _spanned(text: str, periods: list[Figure]) -> list[Figure] | None:
    """2021 to 2024 as four years, Q1 to Q3 as three quarters; None where no range is named."""
    if len(periods) != 2 or periods[0].unit != periods[1].unit:
        return None
    low, high = periods
    if low.unit not in ("year", "quarter"):
        return None
    between = text[low.span.end : high.span.start]
    if not _RANGE.fullmatch(between) or low.value == high.value:
        return None
    if low.value > high.value:  # "2019 to 2017", as tables run
        turned = _spanned_up(high, low)
        return turned[::-1] if turned else None
    return _spanned_up(low, high)


def _spanned_up(low: Figure, high: Figure) -> list[Figure] | None:
    """All years or quarters from the one to the other; None for too many."""
    if low.unit == "quarter":
        quarters = range(_count(low), _count(high) + 1)
        return [_quarter(q // 4, q % 4 + 1) for q in quarters] if len(quarters) <= MOST else None
    if high.value - low.value >= MOST:
        return None
    return [
        Figure(Decimal(v), "year", low.span, str(v))
        for v in range(int(low.value), int(high.value) + 1)
    ]


def _count(quarter: Figure) -> int:
    """Quarters since the year 0, so that a range may run over the end of a year."""
    year, number = divmod(int(quarter.value), 10)
    return year * 4 + number - 1


def listed(asked: Asked) -> bool:
    """True for "in 2023 and 2024": periods that stand side by side."""
    first, last = asked.periods[0], asked.periods[-1]
    between = asked.text[first.span.end : last.span.start]
    before = asked.text[: first.span.start]
    joined = re.fullmatch(
        r"[\s,]*(?:and|&|,|和|与)?\s*(?:in|for|of|at|the|as of)?\s*", between, re.I
    )
    return bool(joined) and not re.search(r"\b(?:between|from)\s+$", before, re.I)


def _quarter(year: int, quarter: int) -> Figure:
    return Figure(Decimal(year * 10 + quarter), "quarter", Span(0, 0), f"Q{quarter} {year}")


def _with_year(period: Figure, year: int) -> Figure:
    if period.value >= 10 or not year:
        return period
    text = f"{'Q' if period.unit == 'quarter' else 'H'}{period.value} {year}"
    return Figure(Decimal(year * 10) + period.value, period.unit, period.span, text)


def _dated(periods: list[Figure]) -> list[Figure]:
    """Dates without a year take that of the next one that has it."""
    year = next((int(p.value) // 10000 for p in periods if p.value >= 10000), 0)
    return [
        replace(p, value=p.value + year * 10000, text=f"{p.text} {year}") if p.value < 10000 else p
        for p in periods
    ]


def _as_year(period: Figure) -> Figure:
    year = year_of(period)
    return Figure(Decimal(year), "year", period.span, str(year)) if year else period
