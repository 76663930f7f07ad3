"""Figures are read, normalised and compared as an investor would."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.figures import backing, read_figures, supports
from assistant.tables import read_row

TABLE = Path(__file__).parent / "data" / "figures.tsv"
CASES = [
    line.split("\t")
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def _expected(reading: str) -> list[tuple[Decimal, str, str]]:
    cases = [piece.split(" ", 2) for piece in reading.split("; ") if piece]
    return [(Decimal(v), unit, hedge[0].strip("[]") if hedge else "") for v, unit, *hedge in cases]


@pytest.mark.parametrize(("text", "reading"), CASES)
def test_the_table_of_figures(text: str, reading: str) -> None:
    found = [
        (f.value.quantize(Decimal("0.0001")) if f.decimals == 8 else f.value, f.unit, f.approximate)
        for f in read_figures(text)
    ]
    assert found == _expected(reading)


def test_the_table_has_its_three_hundred_cases() -> None:
    assert len({text for text, _ in CASES}) >= 300


SAME = [
    "CNY 200 billion",
    "RMB 200bn",
    "RMB200bn",
    "200 billion yuan",
    "200,000 million yuan",
    "2,000 亿元",
    "2000亿元人民币",
    "¥200bn",
    "over CNY 200 billion",
]


@pytest.mark.parametrize("text", SAME)
def test_one_amount_in_many_spellings(text: str) -> None:
    (figure,) = read_figures(text)
    assert (figure.value, figure.unit) == (Decimal(200_000_000_000), "CNY")


READ = [
    ("about US$28 billion", 28_000_000_000, "USD"),
    ("approximately $28 billion USD", 28_000_000_000, "USD"),
    ("HK$5.3bn", 5_300_000_000, "HKD"),
    ("$1.2m", 1_200_000, "USD"),
    ("€5 million", 5_000_000, "EUR"),
    ("US$30,000 a wafer", 30_000, "USD"),
    ("$(5.2) million", -5_200_000, "USD"),
    ("CNY -0.3 billion", -300_000_000, "CNY"),
    ("52.1%", Decimal("52.1"), "percent"),
    ("52.1 percent", Decimal("52.1"), "percent"),
    ("fell -3.5%", Decimal("-3.5"), "percent"),
    ("8.4 percentage points", Decimal("8.4"), "percentage_point"),
    ("50 basis points", Decimal("0.5"), "percentage_point"),
    ("1.90 times", Decimal("1.90"), "times"),
    ("7.5x", Decimal("7.5"), "times"),
    ("over 410,000 vehicles", 410_000, "count"),
    ("150k units", 150_000, "count"),
    ("55万辆", 550_000, "count"),
    ("five years", 5, "count"),
    ("3nm", 3, "count"),
    ("91亿元", 9_100_000_000, "CNY"),
    ("22 May 2025", 20250522, "date"),
    ("May 22, 2025", 20250522, "date"),
    ("2025-05-22", 20250522, "date"),
    ("2025年5月22日", 20250522, "date"),
    ("March 2021", 202103, "month"),
    ("Q3 2025", 20253, "quarter"),
    ("1Q25", 20251, "quarter"),
    ("the third quarter of 2025", 20253, "quarter"),
    ("FY2024", 2024, "year"),
    ("in 2024", 2024, "year"),
]


@pytest.mark.parametrize(("text", "value", "unit"), READ)
def test_value_and_unit(text: str, value: Decimal | int, unit: str) -> None:
    (figure,) = read_figures(text)
    assert (figure.value, figure.unit) == (value, unit)


@pytest.mark.parametrize(
    "text", ["XRING O1", "SU7 and YU7", "Xiaomi 15S Pro", "the 10-K form", "S-1"]
)
def test_digits_of_a_name_are_no_figure(text: str) -> None:
    assert read_figures(text) == ()


def test_fraction_in_words_is_a_percentage() -> None:
    (figure,) = read_figures("two-thirds of the winning projects")
    assert figure.unit == "percent"
    (rounded,) = read_figures("66.7%")
    assert supports(figure, rounded)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("13-14 billion yuan", 13, 14), ("CNY 13 to 14 billion", 13, 14)],
)
def test_range_shares_its_unit(text: str, low: int, high: int) -> None:
    figures = read_figures(text)
    assert [f.value for f in figures] == [low * 10**9, high * 10**9]
    assert {f.unit for f in figures} == {"CNY"}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("over 410,000 cars", "over"),
        ("more than 410,000 cars", "over"),
        ("at least 200 cars", "at least"),
        ("up to 200 cars", "up to"),
        ("about 200 cars", "about"),
        ("exactly 200 cars", ""),
    ],
)
def test_hedge_is_kept(text: str, word: str) -> None:
    assert read_figures(text)[0].approximate == word


def test_cell_takes_unit_and_scale_from_its_header() -> None:
    quarter, amount, share = read_figures("| Q3 2025 | 9.1 | 52.1% |", "| Quarter | R&D (CNY bn) |")
    assert (amount.value, amount.unit) == (Decimal("9.1e9"), "CNY")
    assert quarter.unit == "quarter"
    assert share.unit == "percent"


REJECTED = [
    ("CNY 200 billion", "USD 200 billion"),
    ("CNY 200 billion", "CNY 210 billion"),
    ("CNY 200 billion", "CNY 200 million"),
    ("CNY 9.1 billion", "CNY 9.14 billion"),
    ("52.1%", "52.1 percentage points"),
    ("over 410,000 vehicles", "410,000 yuan"),
    ("Q3 2025", "Q2 2025"),
    ("2024", "2025"),
    ("550,000 units", "550,000 employees"),
    ("5.2%", "-5.2%"),
    ("five years", "5 months"),
]


@pytest.mark.parametrize(("found", "claimed"), REJECTED)
def test_other_unit_value_or_period_is_no_support(found: str, claimed: str) -> None:
    assert backing(read_figures(claimed)[0], read_figures(found)) is None


ACCEPTED = [
    ("CNY 9.14 billion", "CNY 9.1 billion"),
    ("CNY 200 billion", "200,000 million yuan"),
    ("over 410,000 vehicles", "410,000 cars"),
    ("22 May 2025", "May 2025"),
    ("22 May 2025", "2025"),
    ("May 2025", "Q2 2025"),
    ("3 nm", "3-nanometer"),
    ("25.92%", "26%"),
]


@pytest.mark.parametrize(("found", "claimed"), ACCEPTED)
def test_rounding_and_spelling_are_support(found: str, claimed: str) -> None:
    assert backing(read_figures(claimed)[0], read_figures(found)) is not None


@given(st.decimals(min_value="0.01", max_value=99999, places=2, allow_nan=False))
def test_any_amount_supports_itself_and_never_its_tenfold(value: Decimal) -> None:
    (figure,) = read_figures(f"CNY {value} billion")
    (tenfold,) = read_figures(f"CNY {value * 10} billion")
    assert figure.value == value * 10**9
    assert supports(figure, figure)
    assert not supports(figure, tenfold)


@given(st.text(max_size=120))
def test_spans_are_ordered_disjoint_and_what_is_printed(text: str) -> None:
    figures = read_figures(text)
    for figure in figures:
        assert figure.span.of(text) == figure.text
    for one, other in zip(figures, figures[1:], strict=False):
        assert one.span.end <= other.span.start


def test_a_unit_written_right_behind_the_number_is_what_it_counts() -> None:
    assert [f.noun for f in read_figures("a 3nm chip, a 5 nm chip and 30 km")] == ["nm", "nm", "km"]


def test_a_row_called_europe_is_not_in_euros() -> None:
    context = "(Dollars in millions)\n| Years ended December 31, | 2022 |\n| --- | --- |"
    for place in ("Europe", "Taiwon", "Cayenne"):
        (cell,) = read_row(f"| {place} | 7,916 |", context)
        assert (cell.figure.unit, cell.figure.scale) == ("USD", 6)


def test_a_header_cell_alone_in_its_row_heads_every_column() -> None:
    context = (
        "|  |  | Segment assets |  |\n|  | 2019 | 2018 | 2017 |\n|  |  | ($ in millions) |  |\n"
        "| --- | --- | --- | --- |"
    )
    found = list(read_row("| Pumps | 849 | 959 | 951 |", context))
    assert [cell.figure.scale for cell in found] == [6, 6, 6]
    change = "|  |  |  | Change |\n|  | 2019 | 2018 | % |\n| --- | --- | --- | --- |"
    columns = [cell.column for cell in read_row("| Pumps | 849 | 959 | 11 |", change)]
    assert columns == ["2019", "2018", "Change %"]


def test_a_sum_line_without_a_label_is_the_total_of_its_group() -> None:
    context = "|  | 2019 |\n| --- | --- |\n| Accrued liabilities: |  |"
    (cell,) = read_row("|  | $1,837 |", context)
    assert cell.label == "Total Accrued liabilities"


def test_things_are_counted_in_the_millions_of_their_column() -> None:
    context = "| Year | Sales (million) | Change (%) |\n| --- | --- | --- |"
    sales, change = list(read_row("| 2025 | 16.49 | 28.2 |", context))[-2:]
    assert (float(sales.figure.value), sales.figure.scale) == (16_490_000, 6)
    assert (float(change.figure.value), change.figure.unit) == (28.2, "percent")
