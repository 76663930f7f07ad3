"""Dates, months, quarters, halves, first months and years in English and Chinese text. Pure.

A time is a Figure whose value orders within its unit: 20250930, 202509, 20253 for Q3 2025. "First nine
months of 2025" is no year and no month: it has a unit of its own, "months", with value 202509.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from assistant.types import Figure, Span

_MONTHS = {
    name: index
    for index, names in enumerate(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|"
        "september sept sep|october oct|november nov|december dec".split("|"),
        start=1,
    )
    for name in names.split()
}
MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_NUMBERS = "two|three|four|five|six|seven|eight|nine|ten|eleven"
_YEAR = r"(?:19|20)\d{2}"
# A bare number below 1900 is a year only where the words around it say so: "in 1066", "14 October 1066",
# and not "in 1200 stores".
_OLD = r"1[0-8]\d{2}(?![\d%]|[.,]\d|\s?(?:percent|billion|million|thousand|bn|mn|yuan|km|kg|metres|meters|of)\b|\s[a-z]{2,}s\b)"
_ANY = rf"(?:{_YEAR}|{_OLD})"
_PRINTED = r"(?<!\d)(?:1\d|20)\d{2}(?!\d)"
# "of Apple's fiscal 2026", "of its FY26".
_OF_FISCAL = rf"\s(?:of\s(?:(?:its|the|their|\w+['’]s)\s)?)?(?:(?:FY\s?|fiscal\s)?(?:year\s)?{_YEAR}|FY\s?'?\d{{2}})\b"
_DATE = re.compile(
    rf"(?P<stretch>(?:\b(?:{MONTH})\b\.?\s?(?:-|–|to|through|until)|\bbetween\sjan(?:uary)?\b\.?\sand"
    r"|(?<!difference\s)\bbetween\s(?:apr(?:il)?\b\.?\sand(?=\sjun)|july?\b\.?\sand(?=\ssep)|oct(?:ober)?\b\.?\sand(?=\sdec)))\s?"
    rf"(?:{MONTH})\b\.?,?\s+{_YEAR}\b)"
    rf"|(?P<ended>\b(?:three|six|nine|twelve|\d{{1,2}})[- ]months?\s(?:period\s)?(?:to|ended|ending|through)\s(?:\d{{1,2}}\s)?(?:{MONTH})\b(?:\s\d{{1,2}},?)?\s{_YEAR}\b)"
    rf"|(?P<iso>\b{_YEAR}-\d{{2}}-\d{{2}}\b)"
    rf"|(?P<dmy>\b(?:\d{{1,2}}\s?[-–]\s?)?\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{MONTH})\b\.?,?(?:\s+{_ANY}\b)?)"
    rf"|(?P<mdy>\b(?:{MONTH})\b\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?!\s?(?:%|\.\d|million|billion|bn))(?:,?\s+{_ANY}\b)?)"
    rf"|(?P<my>\b(?:{MONTH})\b\.?,?\s+{_ANY}\b)"
    rf"|(?P<mid>\b(?:mid|(?:the\s)?middle\sof)[-\s]{_YEAR}\b)"
    rf"|(?P<cn_quarter>(?:{_YEAR}\s?年)?\s?第?[一二三四1-4]季度?)"
    rf"|(?P<cn_half>(?:{_YEAR}\s?年)?[上下]半年)"
    rf"|(?P<cn_months>(?:{_YEAR}\s?年)?前(?:[一二两三四五六七八九]|十一?|\d{{1,2}})个?(?:月|季度))"
    rf"|(?P<cn>{_YEAR}\s?年(?:\s?\d{{1,2}}\s?月(?:\s?\d{{1,2}}\s?日)?)?)"
    rf"|(?P<quarter>\b(?:[1-4]Q|Q[1-4])(?:\s?(?:of\s)?(?:FY|CY)?\s?'?(?:{_YEAR}|\d{{2}})\b)?(?!\w))"
    rf"|(?P<quarter_word>\b(?:first|second|third|fourth|(?:final|last)(?= quarter of (?:FY|fiscal )?{_YEAR}))[- ]quarter(?!\s(?:in which|that|since|ever|with)\b)"
    rf"(?:{_OF_FISCAL})?)"
    rf"|(?P<half>\b(?:[12]H|H[12])\s?(?:FY)?\s?{_YEAR}\b)"
    rf"|(?P<half_word>\b(?:first|second)[- ]half(?:{_OF_FISCAL})?)"
    rf"|(?P<nm>\b\d{{1,2}}M\s?(?:of\s)?(?:FY\s?)?'?(?:{_YEAR}|\d{{2}})\b)"
    rf"|(?P<months>\bfirst\s(?:\w+|\d{{1,2}})\s(?:months|quarters)(?:\sof\sthe\syear\s{_YEAR}\b|{_OF_FISCAL})?)"
    rf"|(?P<bare_months>\b{_YEAR}\s(?:three|six|nine|twelve)\smonths\b|\b(?:three|six|nine|twelve)\smonths\s{_YEAR}\b)"
    rf"|(?P<into>\b(?:{_NUMBERS})\smonths\sinto\s{_YEAR}\b)"
    rf"|(?P<fiscal>\b(?:FY|fiscal(?:\syear)?)\s?'?(?:{_YEAR}|\d{{2}})\b)"
    rf"|(?P<year>(?<![\w.,$€£¥%]){_YEAR}s?\b(?![.,]\d|\s?(?:%|percent|billion|million|bn|mn|yuan|元|亿|万|vehicles|units|cars|people|employees|stores)))"
    rf"|(?P<old>(?<=\bin\s){_OLD}|(?<=\bsince\s){_OLD}|(?<=\buntil\s){_OLD}|(?<=\bbefore\s){_OLD}|(?<=\bafter\s){_OLD}"
    rf"|(?<=\bcirca\s){_OLD}|(?<=\bearly\s){_OLD}|(?<=\blate\s){_OLD}|(?<=\byear\s){_OLD}|(?<=\bduring\s){_OLD}"
    r"|(?<=\bthe\s)1[0-8]\d0s\b)",
    re.IGNORECASE,
)
_ORDINALS = {
    **{"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 4},
    **{"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4},
}
_COUNTS = {
    word: number
    for number, words in enumerate(
        "- one|一 two|二|两 three|三 four|四 five|五 six|六 seven|七 eight|八 nine|九 ten|十 eleven|十一 twelve|十二".split()
    )
    for word in (*words.split("|"), str(number))
}


def read_times(text: str) -> Iterator[Figure]:
    """The times of `text` in order; spans are offsets in `text`."""
    for match in _DATE.finditer(text):
        if time := _date(match):
            yield time


def _date(match: re.Match[str]) -> Figure | None:
    """A time as a figure; its value orders within its unit, and has no year where none is printed."""
    printed = match[0]
    years = re.findall(_PRINTED, printed)
    year = int(years[0]) if years else 0
    kind = match.lastgroup
    if not year and (short := re.search(r"FY\s?'?(\d{2})$", printed, re.IGNORECASE)):
        year = 2000 + int(short[1])
    match kind:
        case "iso":
            number, unit = int(printed.replace("-", "")), "date"
        case "dmy" | "mdy":
            month = _MONTHS[_month_names(printed)[0]]
            day = int(re.findall(r"\d{1,2}(?!\d)", re.sub(_PRINTED, "", printed))[0])
            if not 1 <= day <= 31:
                return None
            number, unit = year * 10000 + month * 100 + day, "date"
        case "my":
            number, unit = year * 100 + _MONTHS[_month_names(printed)[0]], "month"
        case "mid":
            number, unit = year * 100 + 6, "month"
        case "cn":
            parts = [int(p) for p in re.findall(r"\d+", printed)]
            number = sum(p * f for p, f in zip(parts, (10000, 100, 1), strict=False))
            unit = ("year", "month", "date")[len(parts) - 1]
            number //= (10000, 100, 1)[len(parts) - 1]
        case "quarter":
            if not year and (short := re.search(r"'?(\d{2})$", printed[2:])):
                year = 2000 + int(short[1])
            number, unit = year * 10 + int(re.findall(r"[1-4]", printed)[0]), "quarter"
        case "quarter_word" | "cn_quarter":
            ordinal = re.split(r"[- ]", printed)[0] if kind == "quarter_word" else printed[-3:]
            number, unit = year * 10 + _ordinal(ordinal), "quarter"
        case "half":
            number, unit = year * 10 + int(re.findall(r"[12]", printed)[0]), "half"
        case "half_word" | "cn_half":
            first = printed.lower().startswith("first") or "上" in printed
            number, unit = year * 10 + (1 if first else 2), "half"
        case "stretch":
            first_month, last_month = (_MONTHS[name] for name in _month_names(printed)[:2])
            if first_month == 1:
                return _months(match, year, last_month)
            quarter, rest = divmod(last_month, 3)
            whole = rest == 0 and first_month == last_month - 2
            number, unit = (year * 10 + quarter, "quarter") if whole else (year, "year")
        case "ended":
            return _ended(match, year, _count(re.sub(_YEAR, "", printed)))
        case "nm" | "months" | "bare_months" | "cn_months" | "into":
            if not year and (short := re.search(r"M\s?'?(\d{2})$", printed)):
                year = 2000 + int(short[1])
            count = _count(re.sub(_YEAR, "", printed))
            return _months(match, year, count * 3 if re.search("quarter|季", printed) else count)
        case _:
            number = year or 2000 + int(re.findall(r"(\d{2})s?$", printed)[0])
            unit = "year"
    return Figure(Decimal(number), unit, Span(*match.span()), printed)


def _months(match: re.Match[str], year: int, count: int) -> Figure | None:
    """The first so many months of a year: three are its first quarter, six its first half."""
    span = Span(*match.span())
    if count in (3, 6):
        unit = "quarter" if count == 3 else "half"
        return Figure(Decimal(year * 10 + 1), unit, span, match[0])
    if count == 12:
        return Figure(Decimal(year), "year", span, match[0]) if year else None
    return Figure(Decimal(year * 100 + count), "months", span, match[0]) if 0 < count < 12 else None


def _ended(match: re.Match[str], year: int, count: int) -> Figure | None:
    """So many months up to a month: three to December are the fourth quarter, twelve are its year."""
    month = _MONTHS[_month_names(match[0])[0]]
    if count in (month, 12):
        return _months(match, year, count)
    span = Span(*match.span())
    if count == 3 and month % 3 == 0:
        return Figure(Decimal(year * 10 + month // 3), "quarter", span, match[0])
    if (count, month) == (6, 12):
        return Figure(Decimal(year * 10 + 2), "half", span, match[0])
    return Figure(Decimal(year * 100 + month), "month", span, match[0])


def _month_names(printed: str) -> list[str]:
    return [name.lower() for name in re.findall(rf"\b(?:{MONTH})\b", printed, re.IGNORECASE)]


def _ordinal(printed: str) -> int:
    return next(_ORDINALS[piece] for piece in (printed.lower(), *printed) if piece in _ORDINALS)


def _count(printed: str) -> int:
    """The number in "first nine months", "9M", "前十一个月"; 0 where there is none."""
    if "十" in printed:
        return 11 if "十一" in printed else 10
    pieces = (*re.findall(r"[a-z]+", printed.lower()), *printed)
    word = next((_COUNTS[p] for p in pieces if p in _COUNTS and not p.isdigit()), 0)
    digits = re.search(r"\d{1,2}", printed)
    return word or (int(digits[0]) if digits else 0)


CLOSING = re.compile(r"\b(?:end of|close of|ended|as of|as at)\s+(?:the\s+)?$", re.IGNORECASE)
"""Before a time of which only the last day counts: "at the end of Q3"."""
AS_OF = re.compile(r"\bas (?:of|at)\W*$", re.IGNORECASE)
"""Before the day that a document speaks of as its own: "as of 30 August"."""
TIME_UNITS = frozenset({"date", "month", "quarter", "half", "months", "year"})


_PER_YEAR = {"date": 10000, "month": 100, "quarter": 10, "half": 10, "months": 100, "year": 1}


def year_of(time: Figure) -> int:
    """The year of a figure of time; 0 where none is printed."""
    return int(time.value) // _PER_YEAR[time.unit]


def is_day(time: Figure, day: date | None) -> bool:
    """True for a date that is the given day."""
    if time.unit != "date" or day is None:
        return False
    return int(time.value) == day.year * 10000 + day.month * 100 + day.day


_MIDDLE = re.compile(r"(?:mid|(?:the )?middle of)[- ]", re.IGNORECASE)


def is_middle(time: Figure) -> bool:
    """True for "mid-2025", which is read as June."""
    return _MIDDLE.match(time.text) is not None


def ends_in(time: Figure) -> int | None:
    """The month that a time ends with or lies in, as yyyymm; None where it has no year."""
    if not year_of(time):
        return None
    rest = int(time.value) % _PER_YEAR[time.unit]
    match time.unit:
        case "date":
            rest //= 100
        case "quarter":
            rest *= 3
        case "half":
            rest *= 6
        case "year":
            rest = 12
    return year_of(time) * 100 + rest


def same_time(found: Figure, claimed: Figure) -> bool:
    """A claimed date is backed by the same or a finer date; missing years are left open."""
    if found.unit == claimed.unit:
        divisor = _PER_YEAR[found.unit]
        one, other = divmod(int(found.value), divisor), divmod(int(claimed.value), divisor)
        if divisor == 1:
            return found.value == claimed.value
        return one[1] == other[1] and (one[0] == other[0] or not one[0] or not other[0])
    if claimed.unit == "year":
        return found.unit in TIME_UNITS and year_of(found) == int(claimed.value)
    if claimed.unit == "month" and found.unit == "date":
        return int(found.value) // 100 == int(claimed.value)
    if claimed.unit == "quarter" and found.unit in ("month", "date"):
        month = int(found.value) // (100 if found.unit == "date" else 1) % 100
        return year_of(found) * 10 + (month + 2) // 3 == int(claimed.value)
    return False
