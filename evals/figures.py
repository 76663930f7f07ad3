"""A small strict reader of numbers, for the metrics only.

Written apart from assistant/figures.py on purpose: what checks the assistant's figures must not
share its mistakes. Digits only (and 亿, 万), no number words, no guessing of units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

SCALES = {
    "trillion": 12, "tn": 12, "万亿": 12,
    "billion": 9, "billions": 9, "bn": 9, "b": 9, "十亿": 9, "亿": 8,
    "million": 6, "millions": 6, "mn": 6, "m": 6, "mio": 6, "百万": 6, "万": 4,
    "thousand": 3, "thousands": 3, "k": 3, "千": 3,
}  # fmt: skip
CURRENCIES = {
    "us$": "USD", "usd": "USD", "$": "USD", "dollar": "USD", "dollars": "USD", "美元": "USD",
    "hk$": "HKD", "hkd": "HKD", "港元": "HKD", "港币": "HKD",
    "cny": "CNY", "rmb": "CNY", "yuan": "CNY", "renminbi": "CNY", "¥": "CNY", "元": "CNY",
    "人民币": "CNY", "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "欧元": "EUR",
    "£": "GBP", "gbp": "GBP", "jpy": "JPY", "yen": "JPY", "日元": "JPY",
}  # fmt: skip
PERCENT, POINTS, TIMES, YEAR, DATE = "percent", "points", "times", "year", "date"
_MONTHS = "january february march april may june july august september october november december"
MONTHS = {name[:3]: number for number, name in enumerate(_MONTHS.split(), start=1)}

_MONTH = r"(?P<month>Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\w.])(?P<year>\d{4})-(?P<number>\d\d)-(?P<day>\d\d)(?!\d)",
        r"(?P<year>\d{4})\s*年\s*(?P<number>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日",
        rf"(?<![\w.])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH},?\s+(?P<year>\d{{4}})\b",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b",
        rf"(?<![\w.,])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH}(?!\w)",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\w,.]*\d)(?!\s*(?:%|percent|billion))",
    )
)
_PRE = r"(?:US\$|HK\$|\$|€|£|¥|\b(?:USD|HKD|CNY|RMB|EUR|GBP|JPY)|人民币)"
_POST = (
    r"(?:US\$|USD|HKD|CNY|RMB|EUR|GBP|JPY|yuan|renminbi|dollars?|euros?|yen"
    r"|美元|港元|港币|日元|欧元|元|人民币)"
)
_SCALE = (
    r"(?:[ \u00a0-]?(?P<scale>trillions?|billions?|millions?|thousands?|(?:tn|bn|mn|mio)(?![a-z])"
    r"|万亿|十亿|百万|亿|万|千)|(?P<letter>[bmk])(?![a-z]))"
)
_NUMBER = re.compile(
    rf"(?P<pre>{_PRE})?\s*(?P<open>\(\s*)?(?P<minus>[-−–])?\s*(?P<pre2>{_PRE})?\s*"
    rf"(?<![\d.,])(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d])"
    rf"{_SCALE}?"
    rf"(?:\s?(?P<percent>%|％|percent(?!age)|per cent)|\s(?P<points>percentage[- ]points?|pp\b)"
    rf"|\s?(?P<times>times\b|x\b|倍)|\s?(?P<post>{_POST})(?![a-z]))?",
    re.IGNORECASE,
)
# SU7, 10-K, Q3, FY2024, 5G, 3nm, 12th, 15S: names that hold digits.
_NAME_BEFORE = re.compile(r"[A-Za-z_]-?$")
_NAME_AFTER = re.compile(r"^(?:[A-Za-z_]|-[A-Za-z]{1,3}\b)")
_MARKER = re.compile(r"\s*[\[【]\s*\d{1,3}(?:\s*[,;]\s*\d{1,3})*\s*[\]】]")
_PERIOD = re.compile(
    r"(?P<q>\bQ[1-4]\b|\b[1-4]Q|\b(?:first|second|third|fourth)[ -]quarter|第[一二三四]季度)"
    r"|(?P<h>\bH[12]\b|\b[12]H|\b(?:first|second)[ -]half|上半年|下半年)"
    r"|(?P<nine>\bnine[ -]months?|\b9M|\bQ1\s*[-–]\s*Q3|前三季度)"
    r"|(?<![\d,.$€£¥])(?:FY\s?)?(?P<year>(?:19|20)\d\d)(?!\d|[.,]\d|\s?(?:%|billion|million|bn))",
    re.IGNORECASE,
)
_PARTS = {"first": "1", "second": "2", "third": "3", "fourth": "4"} | dict(
    zip("一二三四", "1234", strict=True)
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as printed: `value` has its scale word applied; `scaled` tells that there was one.

    unit   "", a currency code, "percent", "points", "times", "year", or "date" (value yyyymmdd,
           yyyy being 0 where the text names no year)
    """

    value: Decimal
    unit: str = ""
    scaled: bool = False
    start: int = 0
    end: int = 0
    text: str = ""


def without_markers(text: str) -> str:
    """The text without citation markers like [1] or [2, 3]."""
    return _MARKER.sub("", text)


def read_numbers(text: str) -> list[Number]:
    """Every number of a text that is not part of a name, in order; dates are one number each."""
    found: list[Number] = []
    masked = text
    for pattern in _DATES:
        for match in pattern.finditer(masked):
            groups = match.groupdict()
            month = int(groups.get("number") or MONTHS[groups["month"][:3].lower()])
            year, day = int(groups.get("year") or 0), int(groups["day"])
            if not (1 <= month <= 12 and 1 <= day <= 31):
                continue
            value = Decimal(year * 10000 + month * 100 + day)
            found.append(Number(value, DATE, False, *match.span(), match[0]))
            start, end = match.span()
            masked = masked[:start] + " " * (end - start) + masked[end:]
    found += [n for match in _NUMBER.finditer(masked) if (n := _number(masked, match))]
    return sorted(found, key=lambda number: number.start)


def _number(text: str, match: re.Match[str]) -> Number | None:
    start, end = match.start("digits"), match.end("digits")
    currency = match["pre"] or match["pre2"] or match["post"]
    named = not (match["pre"] or match["pre2"]) and _NAME_BEFORE.search(text[:start][-3:])
    bare = not any(match[g] for g in ("scale", "letter", "percent", "points", "times", "post"))
    if named or (bare and _NAME_AFTER.match(text[end : end + 5])):
        return None
    try:
        value = Decimal(match["digits"].replace(",", ""))
    except InvalidOperation:
        return None
    unit = CURRENCIES[currency.lower()] if currency else ""
    unit = PERCENT if match["percent"] else POINTS if match["points"] else unit
    unit = TIMES if match["times"] else unit
    word = match["scale"] or match["letter"]
    scale = SCALES[_singular(word)] if word else 0
    closing = text[match.end() : match.end() + 3].lstrip().startswith(")")
    # A dash is a minus only where nothing stands right before it ("2023-2024" is a range).
    before = text[: match.start("minus")][-1:] if match["minus"] else ""
    minus = match["minus"] and not before.isalnum()
    plain = not unit and not scale and not minus
    if plain and re.fullmatch(r"(?:19|20)\d\d", match["digits"]):
        unit = YEAR
    # "(1.9)" is a loss, "CNY 13.5 billion (US$1.9 billion)" a remark.
    bracketed = match["open"] and closing and not (word and currency)
    if (minus or bracketed) and unit != YEAR:
        value = -value
    value *= Decimal(10) ** scale
    return Number(value, unit, bool(scale), match.start(), match.end(), match[0].strip())


def _singular(scale: str) -> str:
    word = scale.lower()
    return word.removesuffix("s") if len(word) > 4 else word


SMALLEST = Decimal("0.1")
"""A cell "0.3" of a table in billions is 300 million; less says too little to guess a scale."""


def same(found: Number, wanted: Number, tolerance: float = 0.01) -> bool:
    """True when `found` states `wanted`: within the tolerance, in a unit that does not disagree.

    A missing unit or scale word disagrees with none: 12,345 in a table "in thousands" is 12.3
    million, 0.05 is 5%. Two stated ones must agree.
    """
    if DATE in (found.unit, wanted.unit) or YEAR in (found.unit, wanted.unit):
        return _same_time(found, wanted)
    ratios = {Decimal(1)}
    if found.unit != wanted.unit:
        units = {found.unit, wanted.unit}
        if units == {PERCENT, ""}:
            percent_first = found.unit == PERCENT
            # 5% is 0.05: only a share below one reads so.
            share = wanted.value if percent_first else found.value
            if abs(share) < 1:
                ratios.add(Decimal(100) if percent_first else Decimal("0.01"))
        elif "" not in units and (found.unit, wanted.unit) != (PERCENT, POINTS):
            return False
    elif found.unit in (PERCENT, POINTS, TIMES):
        pass
    if not {found.unit, wanted.unit} & {PERCENT, POINTS, TIMES} and not (
        found.scaled and wanted.scaled
    ):
        first, second = sorted((found, wanted), key=lambda n: abs(n.value))
        small, large = abs(first.value), abs(second.value)
        # 3 (years) is not 3,000 (dollars): a lone digit says too little to guess a scale, "3.0" enough.
        if large >= 1000 and (small >= 10 or (small >= SMALLEST and "." in first.text)):
            steps = (3, 6, 9, 12)
            ratios |= {Decimal(10) ** s for s in steps} | {Decimal(10) ** -s for s in steps}
    return any(_near(found.value, wanted.value * ratio, tolerance) for ratio in ratios)


def _near(found: Decimal, wanted: Decimal, tolerance: float) -> bool:
    return abs(found - wanted) <= abs(wanted) * Decimal(str(tolerance))


def _same_time(found: Number, wanted: Number) -> bool:
    if found.unit == wanted.unit == DATE:
        years = {int(found.value) // 10000, int(wanted.value) // 10000}
        return found.value % 10000 == wanted.value % 10000 and (len(years) == 1 or 0 in years)
    if {found.unit, wanted.unit} == {YEAR, DATE}:
        year = found if found.unit == YEAR else wanted
        day = wanted if year is found else found
        return wanted.unit == YEAR and int(day.value) // 10000 == int(year.value)
    # A bare four-digit count looks like a year.
    alike = found.unit == wanted.unit or "" in (found.unit, wanted.unit)
    return alike and found.value == wanted.value


def periods(text: str) -> set[tuple[int, str]]:
    """Periods a text names, as (year or 0, "" | "Q3" | "H1" | "9M")."""
    years: set[int] = set()
    parts: set[str] = set()
    apart = 0
    for match in _PERIOD.finditer(text):
        apart += 1 if match["year"] else -1
        if match["year"]:
            years.add(int(match["year"]))
        elif match["nine"]:
            parts.add("9M")
        else:
            letter = "Q" if match["q"] else "H"
            said = (match["q"] or match["h"]).lower()
            digit = next((c for c in said if c.isdigit()), "")
            word = next((d for w, d in _PARTS.items() if w in said), "")
            parts.add(letter + (digit or word or ("1" if "上" in said else "2")))
    # "On the Q3 2025 call … for 2025 alone" names a year as a whole beside the quarter.
    whole = {""} if apart > 0 or not parts else set()
    return {(year, part) for year in years or {0} for part in parts | whole} - {(0, "")}


def same_period(said: set[tuple[int, str]], wanted: set[tuple[int, str]]) -> bool:
    """True when one of the stated periods can be a wanted one; no stated period disagrees not."""
    if not said or not wanted:
        return True
    return any(
        (year == other or not year or not other) and (part == side or (side and not part))
        for year, part in said
        for other, side in wanted
    )
