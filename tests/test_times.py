"""Dates, quarters, halves and first months are read as what they are."""

from __future__ import annotations

import pytest

from assistant.figures import read_figures, supports
from assistant.periods import label, shifted
from assistant.times import TIME_UNITS, read_times, year_of
from assistant.types import Figure


def time(text: str) -> Figure:
    (found,) = [f for f in read_figures(text) if f.unit in TIME_UNITS]
    return found


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("in 2024", "year", 2024),
        ("In 1066, Duke William", "year", 1066),
        ("since 1851.", "year", 1851),
        ("on 14 October 1066", "date", 10661014),
        ("on March 3, 1885", "date", 18850303),
        ("in July 1789", "month", 178907),
        ("in the 1850s", "year", 1850),
        ("on 30 September 2025", "date", 20250930),
        ("on September 30, 2025", "date", 20250930),
        ("on 2025-09-30", "date", 20250930),
        ("2025年9月30日", "date", 20250930),
        ("in April 2025", "month", 202504),
        ("2025年4月", "month", 202504),
        ("Q3 2025", "quarter", 20253),
        ("3Q25", "quarter", 20253),
        ("three months ended December 31, 2022", "quarter", 20224),
        ("six months ended 31 December 2024", "half", 20242),
        ("nine months ended September 30, 2024", "months", 202409),
        ("twelve months ended December 31, 2022", "year", 2022),
        ("Q3'25", "quarter", 20253),
        ("the third quarter of 2025", "quarter", 20253),
        ("2025年第三季度", "quarter", 20253),
        ("2025年三季度", "quarter", 20253),
        ("July to September 2025", "quarter", 20253),
        ("the first three months of 2025", "quarter", 20251),
        ("2025年第一季度", "quarter", 20251),
        ("in Q3", "quarter", 3),
        ("那第三季度呢", "quarter", 3),
        ("H1 2025", "half", 20251),
        ("1H2025", "half", 20251),
        ("the first half of 2025", "half", 20251),
        ("the first half of Castor's fiscal 2026", "half", 20261),
        ("the first six months of its FY26", "half", 20261),
        ("between January and September 2025", "months", 202509),
        ("the second half of 2025", "half", 20252),
        ("2025年上半年", "half", 20251),
        ("six months ended June 30, 2025", "half", 20251),
        ("the first nine months of 2025", "months", 202509),
        ("the first three quarters of 2025", "months", 202509),
        ("nine months ended 30 September 2025", "months", 202509),
        ("9M 2025", "months", 202509),
        ("9M25", "months", 202509),
        ("Jan-Sep 2025", "months", 202509),
        ("January to September 2025", "months", 202509),
        ("2025年前九个月", "months", 202509),
        ("2025年前三季度", "months", 202509),
        ("ten months into 2025", "months", 202510),
        ("twelve months ended 31 December 2025", "year", 2025),
        ("FY2024", "year", 2024),
        ("fiscal 2024", "year", 2024),
    ],
)
def test_time_is_read_with_its_unit(text: str, unit: str, value: int) -> None:
    found = time(text)
    assert (found.unit, int(found.value)) == (unit, value)


@pytest.mark.parametrize(
    "text",
    [
        "first customers",
        "8M tokens",
        "three quarters of the staff",
        "2000 cars",
        "99 May",
        "in 1200 stores",
        "in 1500 words",
        "1066 cars",
        "in May 1200 cars",
        "(1850)",
        "up by 1066",
    ],
)
def test_what_is_no_time_is_not_read_as_one(text: str) -> None:
    assert not [f for f in read_figures(text) if f.unit in TIME_UNITS]


@pytest.mark.parametrize(
    ("text", "printed", "before"),
    [
        ("the first nine months of 2025", "first nine months of 2025", "first nine months of 2024"),
        ("2025年第三季度", "Q3 2025", "Q3 2024"),
        ("the second half of 2025", "H2 2025", "H2 2024"),
        ("April 2025", "April 2025", "April 2024"),
    ],
)
def test_time_has_a_name_and_a_year_before(text: str, printed: str, before: str) -> None:
    found = time(text)
    earlier = shifted(found, -1)
    assert label(found) == printed
    assert earlier is not None
    assert label(earlier) == before
    assert year_of(earlier) == 2024


def test_nine_months_are_neither_a_year_nor_a_quarter() -> None:
    nine = time("first nine months of 2025")
    assert supports(nine, time("9M25"))
    assert not supports(nine, time("Q3 2025"))
    assert not supports(time("in 2025"), nine)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("mid-2025", "month", 202506),
        ("the middle of 2024", "month", 202406),
        ("2023 SIX MONTHS Amount", "half", 20231),
        ("nine months 2024", "months", 202409),
        ("between April and June 2025", "quarter", 20252),
    ],
)
def test_middle_of_a_year_and_months_as_columns_head_them(text: str, unit: str, value: int) -> None:
    (time,) = read_times(text)
    assert (time.unit, int(time.value)) == (unit, value)
