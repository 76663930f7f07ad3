"""What no table prints is worked out of its rows: which grew the most, which make up so much of the whole."""

from __future__ import annotations

import pytest

from assistant.among_rows import Among, among, asking
from assistant.asked import read_question
from assistant.types import Evidence
from tests.test_ranking import table

SALES = table(
    "Revenue by segment",
    " | Year ended December 31, 2025 | Year ended December 31, 2024",
    "Pumps | 600 | 400",
    "Valves | 300 | 330",
    "Seals | 120 | 100",
    "Eliminations | (20) | (30)",
    "Total | 1,000 | 800",
    caption="(In CNY millions)",
)
NO_TOTAL = table(
    "Revenue by segment",
    " | Year ended December 31, 2025 | Year ended December 31, 2024",
    "Pumps | 600 | 400",
    "Valves | 300 | 330",
    "Order book | 1,234 | 1,000",
)
UNSUMMED = table(
    "Revenue by segment",
    " | Year ended December 31, 2025 | Year ended December 31, 2024",
    "Pumps | 600 | 400",
    "Valves | 300 | 330",
    "Total | 1,500 | 800",
)


def worked(question: str, *tables: list[Evidence]) -> Among | None:
    wanted = asking(read_question(question))
    return among(wanted, tables or (SALES,), "Castor") if wanted else None


@pytest.mark.parametrize(
    ("question", "first", "percent"),
    [
        ("Which segment grew fastest in 2025?", "Pumps", 150.0),
        ("Which of Castor's segments grew the most in 2025?", "Pumps", 150.0),
        ("Which segment's revenue fell the most in 2025?", "Valves", 90.9),
        ("Which segment had the worst top-line performance in 2025?", "Valves", 90.9),
        ("Which segment had the weakest revenue growth in 2025?", "Valves", 90.9),
        ("Which segment had the highest revenue contribution in 2025?", "Pumps", 60.0),
    ],
)
def test_the_first_of_the_rows(question: str, first: str, percent: float) -> None:
    found = worked(question)
    assert found is not None
    assert found.rows[0].name == first
    assert round(float(found.rows[0].value * 100), 1) == percent


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Which segments make up more than 20% of revenue in 2025?", ["Pumps", "Valves"]),
        (
            "Are there any business segments that represent more than 20% of Castor's revenue for 2025?",
            ["Pumps", "Valves"],
        ),
        ("Which segments account for less than 20% of revenue in 2025?", ["Seals", "Eliminations"]),
    ],
)
def test_the_rows_within_a_share_of_the_total(question: str, names: list[str]) -> None:
    found = worked(question)
    assert found is not None
    assert [row.name for row in found.rows] == names


def test_without_a_total_that_is_their_sum_no_share_is_taken() -> None:
    assert worked("Which segments make up more than 20% of revenue in 2025?", NO_TOTAL) is None
    assert worked("Which segments make up more than 20% of revenue in 2025?", UNSUMMED) is None


def test_tables_that_name_another_first_give_no_answer() -> None:
    other = table(
        "Revenue by segment",
        " | Year ended December 31, 2025 | Year ended December 31, 2024",
        "Pumps | 600 | 590",
        "Valves | 300 | 200",
    )
    assert worked("Which segment grew fastest in 2025?", SALES, other) is None


@pytest.mark.parametrize(
    "question",
    [
        "Which segment has the highest revenue in 2025?",  # printed: ranked as it stands
        "What was the revenue of the pumps in 2025?",
        "How much did revenue grow in 2025?",
        "Is more than 20% of revenue spent on R&D?",
    ],
)
def test_what_is_not_asked_among_rows(question: str) -> None:
    assert worked(question) is None


def test_rows_of_a_year_that_the_table_lacks_are_not_taken() -> None:
    assert worked("Which segment grew fastest in 2023?") is None
