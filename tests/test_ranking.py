"""The most or least of a table is read off its figures, and nothing else is ranked."""

from __future__ import annotations

import pytest

from assistant.asked import read_question
from assistant.evidence import lines_of
from assistant.figures import read_figures
from assistant.ranking import (
    Ranked,
    asks_rank,
    averaged,
    limited,
    ranked,
    search_text,
    superlative,
)
from assistant.types import Evidence, Passage, PassageKind, Source, Span
from tests.test_operands import line

SOURCE = Source("castor.md", "0" * 64, "Castor's results")


def table(heading: str, header: str, *rows: str, caption: str = "") -> list[Evidence]:
    rule = "|".join("---" for _ in header.split("|"))
    context = "\n".join(filter(None, (caption, f"| {header} |", f"|{rule}|")))
    out: list[Evidence] = []
    for n, row in enumerate(rows):
        text = f"| {row} |"
        span = Span(n * 100, n * 100 + len(text))
        passage = Passage(SOURCE, span, text, PassageKind.TABLE_ROW, (heading,), context)
        out += lines_of(passage)
    return out


QUARTERS = table(
    "By quarter",
    "Quarter | Pump revenue (CNY billion) | Gross margin (%) | Change on the year (%) | Result (CNY billion)",
    "Q4 2024 | 3.1 | 21.0 | 4.0 | 0.2",
    "Q1 2025 | 3.4 | 23.2 | 8.5 | −0.5",
    "Q2 2025 | 3.9 | 26.4 | 12.1 | −0.3",
    "Q3 2025 | 3.7 | 25.5 | 9.9 | 0.1",
)
PEERS = table(
    "Deliveries",
    "Quarter | Orsa | Delta | Halden Rail",
    "Q2 2025 | 72,056 | 103,181 | 111,074",
    "Q3 2025 | 87,071 | 116,007 | 93,211",
    caption="Pumps delivered, from the companies' own releases.",
)
SPENDING = table(
    "R&D in 2024",
    "Company | R&D expense (CNY billion)",
    "Orsa | 54.2",
    "Halden Rail | 24.1",
    "Total | 78.3",
)


def order(question: str, *tables: list[Evidence]) -> Ranked | None:
    return ranked(read_question(question), tables or (QUARTERS, PEERS, SPENDING), "Castor")


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Which quarter had the highest gross margin?", ["Q2 2025", "Q3 2025"]),
        ("What was Castor's best quarter for gross margin?", ["Q2 2025", "Q3 2025"]),
        ("Which quarter of 2025 brought the lowest gross margin?", ["Q1 2025", "Q3 2025"]),
        ("Which quarter of 2025 had the lowest gross margin?", ["Q1 2025", "Q3 2025"]),
        ("In which quarter was Castor's pump revenue lowest?", ["Q4 2024", "Q1 2025"]),
        ("Which quarter had the largest loss in its result?", ["Q1 2025", "Q2 2025"]),
        ("Who delivered the most pumps in Q3 2025?", ["Delta", "Halden Rail"]),
        ("Which of the three delivered the fewest pumps in Q2 2025?", ["Orsa", "Delta"]),
        ("Which company had the highest R&D expense in 2024?", ["Orsa", "Halden Rail"]),
    ],
)
def test_order_of_a_table(question: str, names: list[str]) -> None:
    found = order(question)
    assert found is not None
    assert list(found.names[:2]) == names


@pytest.mark.parametrize(
    "question",
    [
        "Which quarter had the highest dividend?",  # no such column
        "Which country had the highest gross margin?",  # the rows are no countries
        "Who delivered the most pumps in Q1 2024?",  # a period the table lacks
        "Which company spent the most on advertising in 2024?",
        "What was the highest gross margin?",  # of what, it does not say
        "Which quarter had a gross margin of 25.5%?",  # no order is asked for
    ],
)
def test_what_no_table_lists_is_not_ranked(question: str) -> None:
    assert order(question) is None


def test_tables_that_differ_give_no_order() -> None:
    other = table("By quarter", "Quarter | Gross margin (%)", "Q1 2025 | 27.0", "Q2 2025 | 22.0")
    assert order("Which quarter had the highest gross margin?", QUARTERS, other) is None


def test_a_tie_gives_no_order() -> None:
    tied = table("By quarter", "Quarter | Gross margin (%)", "Q1 2025 | 27.0", "Q2 2025 | 27.0")
    assert order("Which quarter had the highest gross margin?", tied) is None


def test_the_question_is_searched_for_as_a_table_is_headed() -> None:
    asked = read_question("In which year did Castor spend the most on pumps?")
    assert asks_rank(asked)
    assert search_text(asked) == "In did Castor spend the on pumps by year"


def test_of_two_rows_of_one_company_the_larger_counts_and_others_columns_do_not() -> None:
    twice = table(
        "R&D in 2024",
        "Company | Measure | R&D (CNY billion)",
        "Orsa | investment | 54.2",
        "Orsa | expense | 53.2",
        "Delta | expense | 60.1",
    )
    found = ranked(read_question("Which company spent the most on R&D?"), [twice], "Castor")
    assert found is not None
    assert [round(float(place.figure.value) / 1e9, 1) for place in found.places] == [60.1, 54.2]
    deliveries = read_question("What was Castor's best quarter for pumps delivered?")
    assert ranked(deliveries, [PEERS], "Castor") is None


def test_what_the_rows_say_they_count_tells_what_is_ranked() -> None:
    header = "| Company | What is counted | 2025 (cars) |\n|---|---|---|"
    rows = [
        line("| Castor | cars sold | 596,600 |", header, title="Peers", at=0),
        line("| Orsa | deliveries | 429,445 |", header, title="Peers", at=100),
    ]
    order = ranked(read_question("Which company delivered the most cars in 2025?"), [rows])
    assert order is not None
    assert order.places[0].figure.text == "596,600"


def test_times_in_which_a_limit_is_passed() -> None:
    limit = limited(read_question("In which quarters of 2025 was the gross margin above 25%?"))
    assert limit is not None
    assert limit.above
    assert not limit.counts
    held = [value for value in ("24.9%", "25%", "25.5%") if limit.holds(read_figures(value)[0])]
    assert held == ["25.5%"]
    least = limited(read_question("How many years did it sell at least 400,000 cars?"))
    assert least is not None
    assert least.counts
    assert least.holds(read_figures("400,000 cars")[0])
    assert limited(read_question("In which quarter was the gross margin highest?")) is None


def test_row_with_years_across_is_ranked() -> None:
    header = "| In millions | 2019 | 2018 | 2017 |\n|---|---|---|---|"
    table = [line("| Impairment charges | 94.2 | 394.0 | 211.4 |", header)]
    order = ranked(read_question("In which year were the impairment charges the largest?"), [table])
    assert order is not None
    assert order.names == ("2018", "2017", "2019")
    between = ranked(
        read_question("Which year between 2018 and 2019 had the largest impairment charges?"),
        [table],
    )
    assert between is not None
    assert between.names == ("2018", "2019")


def test_categories_are_ranked_under_a_heading_that_names_them() -> None:
    rows = table(
        "Sales by category",
        " | 52 Weeks Ended January 28, 2023 | 52 Weeks Ended January 29, 2022",
        "Pumps | 42% | 43%",
        "Valves | 21% | 20%",
        "Pipes | 17% | 17%",
    )
    order = ranked(
        read_question("Which product category had the largest share of net sales in fiscal 2022?"),
        [rows],
    )
    assert order is not None
    assert order.names[0] == "Pumps"


CARS = table(
    "Cars in 2025",
    "Company | What is counted | 2025 (cars) | Change on 2024 (%)",
    "Orsa | cars sold | 596,600 | 103",
    "Delta | cars sold | 1.636 million | −8.6",
    "Halden Rail | deliveries | 326,028 | 47",
)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Which carmaker's deliveries grew fastest in 2025?", "Orsa, cars sold"),
        ("Which carmaker's deliveries fell most in 2025?", "Delta, cars sold"),
        ("Which carmaker grew fastest in 2025?", "Orsa, cars sold"),
    ],
)
def test_a_printed_change_is_ranked_by_the_year_it_is_of(question: str, first: str) -> None:
    found = order(question, CARS)
    assert found is not None
    assert found.names[0] == first
    assert order(question.replace("2025", "2024"), CARS) is None


def test_a_change_is_of_the_column_before_it() -> None:
    found = order("Which quarter of 2025 had the fastest growth in pump revenue?", QUARTERS)
    assert found is None  # the column before the change is the gross margin
    revenue = table(
        "By quarter",
        "Quarter | Pump revenue (CNY billion) | Change on the year (%) | Gross margin (%)",
        "Q1 2025 | 3.4 | 8.5 | 23.2",
        "Q2 2025 | 3.9 | 12.1 | 26.4",
    )
    found = order("Which quarter of 2025 had the fastest growth in pump revenue?", revenue)
    assert found is not None
    assert found.names[0] == "Q2 2025"


def test_a_table_of_nothing_else_counts_before_one_of_many_lines() -> None:
    whole = table("Sales", " | 2025", "Pumps | 600", "Valves | 300", "Total | 900")
    mixed = table(
        "Statement", " | 2025", "Sales", "Wages | 700", "Rent | 650", "Energy | 30", "Interest | 20"
    )
    found = order("Which segment had the highest sales in 2025?", whole, mixed)
    assert found is not None
    assert found.names[0] == "Pumps"


def test_a_limit_for_fiscal_years() -> None:
    asked = read_question(
        "In which fiscal year ended January 31 was the return on assets more than 4%?"
    )
    limit = limited(asked)
    assert limit is not None
    assert limit.above
    assert float(limit.amount.value) == 4


@pytest.mark.parametrize(
    ("question", "order"),
    [
        ("What is the average allowance for losses?", "Which year had the highest allowance for losses?"),
        ("What is the average quarterly low price in 2018?", "Which quarter had the highest low price in 2018?"),
        ("What was the mean annual gross margin for the years shown?", "Which year had the highest gross margin?"),
        ("What was Castor's average quarterly R&D expense in 2025?",
         "Which quarter had the highest Castor's R&D expense in 2025?"),
        ("What is the average selling price?", None),
        ("What was the average revenue in 2018 and 2019?", None),
        ("What was the average revenue in 2019?", None),
    ],
)  # fmt: skip
def test_average_over_the_times_of_a_table(question: str, order: str | None) -> None:
    found = averaged(read_question(question))
    assert (found.text if found else None) == order


def test_which_of_two_years_had_more_asks_for_the_most() -> None:
    asked = superlative(read_question("In which year was the allowance larger?"))
    assert asks_rank(asked)
    assert asked.text == "In which year was the allowance highest?"
    other = read_question("In which year was the allowance larger than 5 million?")
    assert superlative(other) is other


def test_a_table_without_its_scale_is_held_against_no_limit() -> None:
    limit = limited(read_question("How many years did interest income exceed $1,500 thousand?"))
    assert limit is not None
    (bare,) = read_figures("$1,826")
    (told,) = read_figures("$1,826 thousand")
    assert not limit.is_near(bare)
    assert limit.is_near(told)


def test_row_that_is_named_in_full_is_ranked_before_one_that_tells_as_much() -> None:
    rows = table(
        "Interest",
        "For the year ended | 2019 | 2018",
        "Operating interest expense | 1,116 | 900",
        "Interest expense | 1,344 | 723",
    )
    found = ranked(read_question("In which year was the interest expense highest?"), [rows])
    assert found is not None
    assert [choice.figure.text for choice in found.places] == ["1,344", "723"]
