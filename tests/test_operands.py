"""An operand is of the right period, name and measure, or it is not offered."""

from __future__ import annotations

import pytest

from assistant.asked import read_question
from assistant.choice import Choice, choice_of, figures_of, printed
from assistant.evidence import lines_of
from assistant.figures import read_figures
from assistant.in_common import of_one_period, together
from assistant.lookup import agree
from assistant.named_rows import called
from assistant.operands import choices
from assistant.parts import plan
from assistant.picking import _come_about, _of_kind, _offered
from assistant.plans import Part, Plan
from assistant.tables import read_row
from assistant.timing import nearest_period, of_period
from assistant.types import Evidence, Passage, PassageKind, Source, Span

RESULTS = Source("results.md", "0" * 64, "Results of Castor")
HEADER = "| Quarter | Revenue (CNY billion) | Change (%) | Cars |\n|---|---|---|---|"


def line(text: str, context: str = "", title: str = "Results of Castor", at: int = 0) -> Evidence:
    row = text.startswith("|")
    kind = PassageKind.TABLE_ROW if row else PassageKind.PROSE
    source = Source(RESULTS.id, RESULTS.sha256, title)
    span = Span(at, at + len(text))
    passage = Passage(source, span, text, kind, (), context)
    cells = tuple(cell.figure for cell in read_row(text, context)) if row else ()
    figures = cells or read_figures(text)
    return Evidence(1, passage, span, text, 1.0, figures)


def offered(question: str, *evidence: Evidence) -> list[list[str]]:
    asked = read_question(question)
    planned = plan(asked)
    assert planned is not None
    return [[c.shown for c in choices(asked, planned, part, evidence)] for part in planned.parts]


def test_cell_has_the_unit_of_its_own_column() -> None:
    found = list(read_row("| Q1 2025 | 111.293 | 47.4 | 75,869 |", HEADER))
    assert [(c.figure.unit, f"{c.figure.value:f}", c.column) for c in found[1:]] == [
        ("CNY", "111293000000", "Revenue (CNY billion)"),
        ("percent", "47.4", "Change (%)"),
        ("count", "75869", "Cars"),
    ]
    for cell in found:
        span = cell.figure.span
        assert "| Q1 2025 | 111.293 | 47.4 | 75,869 |"[span.start : span.end] == cell.figure.text


def test_figure_of_another_period_is_not_offered() -> None:
    rows = [
        line("| Q2 2025 | 115.9 | 30.5 | 81,302 |", HEADER, at=0),
        line("| Q3 2025 | 113.1 | 22.3 | 108,796 |", HEADER, at=100),
        line("| Q3 2024 | 92.5 | 30.0 | 39,790 |", HEADER, at=200),
    ]
    first, second = offered(
        "By how much did revenue grow from Q2 2025 to Q3 2025 in percent?", *rows
    )
    assert first == ["CNY 113.1 billion (Revenue (CNY billion))"]
    assert second == ["CNY 115.9 billion (Revenue (CNY billion))"]


def test_figure_in_a_sentence_takes_the_period_nearest_to_it() -> None:
    sentence = line("Revenue was CNY 24.1 billion in 2024, up from CNY 19.1 billion in 2023.")
    question = "How much more revenue did Castor have in 2024 than in 2023?"
    assert offered(question, sentence) == [["CNY 24.1 billion"], ["CNY 19.1 billion"]]


def test_respectively_binds_in_order() -> None:
    sentence = line(
        "For the years ended April 30, 2019 and 2018 penalties were $54,000 and $3,000, respectively."
    )
    question = "What were the respective penalties in 2019 and 2018?"
    assert offered(question, sentence) == [["$54,000"], ["$3,000"]]


def test_years_in_the_header_date_the_cells_below() -> None:
    row = line("| Swiss | $212,986 | $177,935 | $161,544 |", "| Income | 2019 | 2018 | 2017 |")
    question = "What is the percentage increase in Swiss income from 2017 to 2018?"
    assert offered(question, row) == [["$177,935 (2018)"], ["$161,544 (2017)"]]


def test_one_companys_figure_is_not_offered_for_another() -> None:
    lines = [
        line("Orsa spent CNY 179.7 billion on R&D in 2024.", at=0),
        line("Castor spent CNY 24.1 billion on R&D in 2024.", at=100),
        line(
            "| Halden | 54.2 |", "| Company | R&D in 2024 (CNY billion) |", "Orsa and peers", at=200
        ),
    ]
    first, second = offered("How many times Castor's R&D did Orsa spend in 2024?", *lines)
    assert first == ["CNY 179.7 billion"]
    assert second == ["CNY 24.1 billion"]


def test_column_named_after_a_company_is_that_companys() -> None:
    row = line("| Q3 2025 | 87,071 | 116,007 |", "| Quarter | Halden | Orsa |")
    other = line("Castor delivered 108,796 cars in Q3 2025.", at=100)
    question = "Who delivered more cars in Q3 2025, Castor or Orsa?"
    assert offered(question, row, other) == [["108,796"], ["116,007 (Orsa)"]]


def test_narrower_measure_is_preferred_where_a_line_tells_it() -> None:
    lines = [
        line("Orsa sold 4.602 million new-energy cars in 2025.", at=0),
        line("Orsa sold 2.257 million battery-electric cars in 2025.", at=100),
        line("Castor sold 1.636 million battery-electric cars in 2025.", at=200),
    ]
    question = "How many more battery-electric cars than Castor did Orsa sell in 2025?"
    assert offered(question, *lines) == [["2.257 million"], ["1.636 million"]]


def test_bare_cell_is_printed_with_the_unit_of_its_header() -> None:
    figure = list(read_row("| Q3 2025 | 9.1 |", "| Quarter | R&D (CNY bn) |"))[1].figure
    assert printed(figure) == "CNY 9.1 billion"


def test_plain_measure_is_preferred_to_that_of_a_part() -> None:
    lines = [
        line("Segment revenue was CNY 29.0 billion in Q3 2025.", at=0),
        line("Castor's group revenue was CNY 113.12 billion in Q3 2025.", at=100),
        line("The R&D expense was CNY 9.1 billion in Q3 2025.", at=200),
    ]
    part, whole = offered("What share of revenue went into R&D in Q3 2025?", *lines)
    assert part == ["CNY 9.1 billion"]
    assert whole == ["CNY 113.12 billion"]


def test_amount_in_the_caption_is_not_the_unit_of_the_cells() -> None:
    caption = "The fund had a volume of EUR 412.6 million.\n| Key figure | Value |"
    assert [c.figure.unit for c in read_row("| Holdings | 48 |", caption)] == ["count"]
    caption = "Amounts in EUR million.\n| Key figure | Value |"
    assert [c.figure.unit for c in read_row("| Volume | 412.6 |", caption)] == ["EUR"]


INTEREST = (
    "| ($ in millions) |  |  |\n| For the year ended December 31: | 2019 | 2018 |\n|---|---|---|"
)


def test_row_is_taken_by_its_whole_label() -> None:
    rows = [
        line("| Interest expense | $1,344 | $723 |", INTEREST, at=0),
        line("| Operating (non-GAAP) interest expense | $1,116 | $723 |", INTEREST, at=100),
    ]
    change = "What is the increase in {} from 2018 to 2019?"
    assert offered(change.format("Operating (non-GAAP) interest expense"), *rows) == [
        ["USD 1,116 million (2019)"],
        ["USD 723 million (2018)"],
    ]
    assert offered(change.format("interest expense"), *rows) == [
        ["USD 1,344 million (2019)"],
        ["USD 723 million (2018)"],
    ]


def test_unit_in_a_row_of_its_own_heads_the_whole_table() -> None:
    context = f"{INTEREST}\n| Adjustments |  |  |"
    for row in ("| Interest expense | $1,344 | $723 |", "| Charges | $228 | $1 |"):
        cells = [cell.figure for cell in read_row(row, context)]
        assert {figure.scale for figure in cells} == {6}


def test_both_ends_of_a_change_are_taken_from_one_row() -> None:
    header = "| Item | 2018 | 2017 |\n|---|---|---|"
    row = line("| Start-up costs | 929 | 427 |", header, at=0)
    remark = line("In 2018 start-up costs of 0.9 million were moved.", at=100)
    asked = read_question("What was the change in start-up costs between 2017 and 2018?")
    planned = plan(asked)
    assert planned is not None
    every = [choices(asked, planned, part, [remark, row]) for part in planned.parts]
    assert [[c.figure.text for c in mine] for mine in together(every)] == [["929"], ["427"]]


def test_dash_in_the_very_column_is_not_passed_over_for_its_neighbour() -> None:
    header = "| Obligation | 1 to 3 years | 3 to 5 years |\n|---|---|---|"
    row = line("| Financing obligations | 5,912 | — |", header)
    asked = read_question("What are the financing obligations due in 3 to 5 years, how much?")
    part = Part("", asked.text)
    assert choices(asked, Plan("lookup", (part,), True), part, [row]) == []


def test_period_that_opens_a_sentence_governs_its_figures() -> None:
    item = line("In Q2 2025 R&D was CNY 7.8 billion, 41% above that of 2024.")
    amount = next(f for f in item.figures if f.unit == "CNY")
    assert [t.text for t in nearest_period(item, amount, "year")] == ["Q2 2025"]
    item = line("In Q2 2025 Castor said that in 2024 R&D was CNY 24 billion.")
    amount = next(f for f in item.figures if f.unit == "CNY")
    assert [t.text for t in nearest_period(item, amount, "year")] == ["2024"]


def test_what_stands_behind_a_figure_is_what_it_counts() -> None:
    split = line("November 2024 was split into 33,729 KX7 and 12,520 K5, together 46,249 cars.")
    shares = offered("What share of the November 2024 cars were KX7 cars?", split)
    assert shares[0] == ["33,729"]


def test_two_companies_are_compared_in_one_period() -> None:
    nine = line("Castor's R&D was CNY 23.5 billion in the first nine months of 2025.", at=0)
    year = line("Castor's R&D was CNY 24.1 billion in 2024.", at=100)
    other = line("Orsa's R&D was CNY 53.2 billion in 2024.", at=200)
    newer = line("Orsa's R&D was CNY 30.9 billion in H1 2025.", at=300)
    asked = read_question("Is Castor's R&D higher than Orsa's?")
    planned = plan(asked)
    assert planned is not None
    both = [choices(asked, planned, part, [nine, year, other, newer]) for part in planned.parts]
    kept, period = of_one_period(both)
    assert [[c.shown for c in mine] for mine in kept] == [
        ["CNY 24.1 billion"],
        ["CNY 53.2 billion"],
    ]
    assert period is not None
    assert period.text == "2024"
    none_shared, _ = of_one_period([both[0], [c for c in both[1] if c.evidence == newer]])
    assert none_shared == [[], []]


def test_of_two_models_in_a_sentence_each_has_the_figure_before_its_name() -> None:
    split = line("November 2025 was split into 33,729 YU7 and 12,520 SU7, together 46,249 cars.")
    built = line(
        "In November 2025 car 500,000 was built, 602 days after the SU7 went on sale.", at=200
    )
    first, second = offered(
        "Which had more deliveries in November 2025, the SU7 or the YU7?", split, built
    )
    assert (first, second) == (["12,520"], ["33,729"])


def test_cars_of_a_company_are_no_rival_to_its_spending() -> None:
    spent = line("Castor's R&D was CNY 23.5 billion in 2024.")
    sold = line("In 2024 about 260,000 Castor cars were sold.", at=200)
    first, _ = offered("Compare Castor's R&D with Orsa's in 2024.", spent, sold)
    assert first == ["CNY 23.5 billion"]


def test_people_are_not_compared_with_money() -> None:
    money = line("Castor's R&D was CNY 5.98 billion in Q3 2024.")
    asked = read_question("How many R&D people did Castor have in Q3 2025 compared to Q3 2024?")
    planned = plan(asked)
    assert planned is not None
    mine = choices(asked, planned, planned.parts[1], [money])
    assert [choice.shown for choice in mine] == ["CNY 5.98 billion"]
    assert _of_kind(asked, planned, mine) == []


def test_change_on_a_year_is_that_of_the_next() -> None:
    header = "| Company | 2025 (cars) | Change on 2024 (%) |\n|---|---|---|"
    row = line("| Orsa | 596,600 | 103 |", header)
    cells = {cell.column: cell for cell in read_row(row.text, header)}
    (year,) = read_figures("2025")
    change = cells["Change on 2024 (%)"]
    assert of_period(row, change.figure, year, change.column, change.label)
    assert not of_period(row, change.figure, read_figures("2024")[0], change.column, change.label)


def test_figure_is_of_the_time_right_behind_it() -> None:
    item = line("Staff grew from 1,501 people at 30 June 2018 to 1,620 people at 30 June 2019.")
    first, second = (f for f in item.figures if f.unit == "count")
    assert [t.text for t in nearest_period(item, first)] == ["30 June 2018"]
    assert [t.text for t in nearest_period(item, second)] == ["30 June 2019"]


def test_heading_that_spans_columns_heads_each_of_them() -> None:
    header = "|  | 2019 |  | 2018 |  |\n|---|---|---|---|---|\n|  | Men | Women | Men | Women |"
    columns = [cell.column for cell in read_row("| Aged 65 | 86.8 | 88.9 | 87.3 | 89.3 |", header)][
        1:
    ]
    assert columns == ["2019 Men", "2019 Women", "2018 Men", "2018 Women"]


@pytest.mark.parametrize(
    ("text", "shown", "period"),
    [
        ("Revenue was CNY 113 billion in Q3 2025, against CNY 93 billion a year earlier.", "CNY 93 billion", "Q3 2024"),
        ("Orsa sold 81,302 cars in Q2 2025 after 27,300 cars in the same quarter of the year before.", "27,300", "Q2 2024"),
        ("The loss was CNY 2 billion in Q2 2025, after CNY 3 billion the quarter before.", "CNY 3 billion", "Q1 2025"),
        ("Deliveries were 81,302 in Q2 2025, 197.7% more than a year earlier.", "197.7%", "Q2 2025"),
        ("Revenue was CNY 10 billion in Q3 2025, up from CNY 8 billion a year earlier, in Q3 2024.", "CNY 8 billion", "Q3 2024"),
    ],
)  # fmt: skip
def test_a_year_earlier_is_a_period(text: str, shown: str, period: str) -> None:
    item = line(text)
    figure = next(f for f in item.figures if f.text.startswith(shown))
    assert [t.text for t in nearest_period(item, figure, "quarter")] == [period]


def test_staff_of_mid_year_are_those_at_the_end_of_its_second_quarter() -> None:
    header = "| End of | Staff (people) |\n|---|---|"
    rows = [
        line("| Q2 2024 | 18,290 |", header, at=0),
        line("| Q1 2024 | 17,000 |", header, at=100),
    ]
    asked = read_question("By how much did Castor's staff grow from mid-2024 to mid-2025?")
    planned = plan(asked)
    assert planned is not None
    part = next(p for p in planned.parts if p.label == "mid-2024")
    assert [c.figure.text for c in choices(asked, planned, part, rows)] == ["18,290"]


def test_direction_of_a_share_is_that_of_the_share_and_not_of_what_it_is_taken_of() -> None:
    rows = [
        line("| Net sales | $10,208 | $8,630 |", "| (USD million) | 2023 | 2022 |", at=0),
        line("As a percent of net sales wages were 23.9% in 2023 and 23.5% in 2022.", at=100),
        line("| Net sales | 100.0% | 100.0% |", "| Percent of net sales | 2023 | 2022 |", at=200),
    ]
    question = "Did Castor's wages as a percent of net sales increase or decrease in 2023?"
    asked = read_question(question)
    planned = plan(asked)
    assert planned is not None
    mine = [_offered(asked, planned, part, rows, "") for part in planned.parts]
    assert [[c.shown for c in each] for each in mine] == [["23.9%"], ["23.5%"]]


def test_a_row_of_a_day_is_not_called_by_it() -> None:
    (day,) = rows_of("| Date | Shops |\n|---|---|", "| 30 September 2025 | 402 |")
    (total,) = rows_of("| | 2019 |\n|---|---|\n| Payables: | |", "| | $1,837 |")
    assert not called(day).strip()
    assert called(total) == "Total Payables"


def rows_of(context: str, row: str) -> list[Choice]:
    passage = Passage(
        Source("a.md", "0" * 64, "A"), Span(0, len(row)), row, PassageKind.TABLE_ROW, (), context
    )
    return [choice_of(item, *cell) for item in lines_of(passage) for cell in figures_of(item)]


def test_of_two_companies_in_a_sentence_each_has_the_figure_behind_its_name() -> None:
    both = line("One article puts Castor at 410,000 cars in 2025 and Orsa at 429,400.")
    asked = "Which company delivered more cars in 2025, Castor or Orsa?"
    assert offered(asked, both) == [["410,000"], ["429,400"]]
    in_turn = line("Castor and Orsa delivered 410,000 and 429,400 cars in 2025, respectively.")
    assert offered(asked, in_turn) == [["410,000", "429,400"]] * 2  # the model picks


def test_what_has_come_about_goes_before_a_target() -> None:
    told = rows_of("| Company | 2025 (cars) |\n|---|---|", "| Castor | 410,000 |")
    text = "Castor moved its target for 2025 to 400,000 cars, and delivered 410,000."
    item = line(text)
    target, sold = (
        choice_of(item, f, "", "") for f in item.figures if f.unit == "count" and f.value > 9999
    )
    assert _come_about([target, sold, *told]) == told  # one value, and its line speaks of no target
    assert _come_about([target, sold]) == [sold]
    assert _come_about([target]) == [target]


def test_a_round_number_is_that_of_a_finer_one() -> None:
    for rounded, exact, same in [
        ("429,400 cars", "429,445 cars", True),
        ("597,000 cars", "596,600 cars", True),
        ("429,000 cars", "429,645 cars", False),
        ("430,000 cars", "429,445 cars", False),  # too few digits to be sure
    ]:
        (one,), (other,) = read_figures(rounded), read_figures(exact)
        assert agree(one, other) is same, rounded


def test_a_column_or_sentence_of_another_company_is_not_the_subjects() -> None:
    head = "| Quarter | Halden | Orsa |\n|---|---|---|"
    rows = [
        line("| Q4 2025 | 124,807 | 109,194 |", head),
        line("| Q1 2025 | 42,094 | 92,864 |", head, at=50),
    ]
    orsa = line("Orsa delivered 92,864 cars in Q1 2025.", at=100)
    own = [
        line("Castor's deliveries were 75,869 cars in Q1 2025.", at=200),
        line("Deliveries were 144,000 cars in Q4 2025.", at=300),
    ]
    asked = read_question(
        "How many times Castor's car deliveries in Q1 2025 were those in Q4 2025?"
    )
    planned = plan(asked)
    assert planned is not None
    found = [choices(asked, planned, p, [*rows, orsa, *own], "Castor") for p in planned.parts]
    assert [[c.shown for c in mine] for mine in found] == [["144,000"], ["75,869"]]


def test_what_another_company_spent_is_not_taken_for_the_one_named() -> None:
    other = line(
        "Orsa spent CNY 179.7 billion on R&D in 2024, 20.8% of its revenue of CNY 862.1 billion."
    )
    question = "What percentage of Halden's revenue went to R&D in 2024?"
    assert not any(offered(question, other))
