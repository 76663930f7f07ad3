"""Code alone finds the one figure that a plain question asks for, or says that there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.asked import read_question
from assistant.lookup import agreed, by_basis, looked_up, of_unnamed_row, said
from assistant.types import Evidence
from tests.test_operands import HEADER, line

ROWS = [
    line("| Q2 2025 | 115.9 | 30.5 | 81,302 |", HEADER, at=0),
    line("| Q3 2025 | 113.1 | 22.3 | 108,796 |", HEADER, at=100),
]


def found(question: str, *evidence: Evidence) -> str | None:
    best = agreed(looked_up(read_question(question), evidence))
    return said(best.choice) if best else None


def test_cell_is_found_by_its_period_measure_and_owner() -> None:
    assert found("What was Castor's revenue in Q2 2025?", *ROWS) == (
        "Revenue, Q2 2025: CNY 115.9 billion."
    )
    assert found("Castor's cars in Q3 2025, how many?", *ROWS) == ("Cars, Q3 2025: 108,796.")


@pytest.mark.parametrize(
    "question",
    [
        "What was Castor's revenue in Q4 2025?",  # no such period
        "What was Castor's net profit in Q2 2025?",  # no such measure
        "What was Orsa's revenue in Q2 2025?",  # another company
        "What was Castor's revenue in 2025?",  # a quarter is no year
        "Who leads Castor?",
        "When did Castor report its revenue for Q2 2025?",
    ],
)
def test_figure_of_another_thing_is_not_found(question: str) -> None:
    assert found(question, *ROWS) is None


def test_sentence_is_quoted_whole() -> None:
    sentence = line("Castor's stores numbered 335 in 92 cities in 2024.")
    assert found("In how many cities did Castor have stores in 2024?", sentence) == sentence.text


def test_two_values_told_as_well_are_no_answer() -> None:
    one = line("Castor sold 410,000 cars in 2024.", at=0)
    other = line("Castor sold 365,000 cars in 2024.", at=100)
    question = "How many cars did Castor sell in 2024?"
    assert found(question, one) == one.text
    assert found(question, one, other) is None


def test_nine_months_are_no_year() -> None:
    sentence = line("Castor's revenue was CNY 23.5 billion in the first nine months of 2025.")
    assert found("What was Castor's revenue in 2025?", sentence) is None
    assert found("What was Castor's revenue in 9M 2025?", sentence) == sentence.text


def test_figure_of_another_measure_in_the_sentence_is_not_found() -> None:
    revenue = line("Castor's revenue for 2024 was CNY 365.9 billion.", at=0)
    expense = line("Castor's R&D expense in 2024 was CNY 24.1 billion, 6.6% of revenue.", at=100)
    part = line("A note prints CNY 32.8 billion for Castor's 2024 EV revenue.", at=200)
    question = "What was Castor's revenue in 2024?"
    assert found(question, revenue, expense, part) == revenue.text
    assert found(question, expense, part) is None


def test_amounts_in_another_currency_do_not_disagree() -> None:
    lines = [
        line("Castor will put CNY 200 billion into R&D over the next five years.", at=0),
        line("Over the next five years Castor will put CNY 200 billion into R&D.", at=100),
        line("Castor will put US$29 billion into R&D over the next five years.", at=200),
    ]
    best = found("How much will Castor put into R&D over the next five years?", *lines)
    assert best is not None
    assert "CNY 200 billion" in best


def test_value_that_two_documents_give_is_told_from_one_of_a_single_document() -> None:
    text = "Castor sold 410,000 cars in 2024."
    one, other = line(text), line(text, title="Sales of Castor")
    elsewhere = replace(other.passage, source=replace(other.passage.source, id="sales.md"))
    asked = read_question("How many cars did Castor sell in 2024?")
    alone = agreed(looked_up(asked, [one]))
    both = agreed(looked_up(asked, [one, replace(other, passage=elsewhere)]))
    assert alone is not None
    assert both is not None
    assert (alone.several, both.several) == (False, True)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Orsa's gross margin was 16.9% in Q4 2025.", "Results of Castor"),
        ("The gross margin of Orsa was 16.9% in Q4 2025.", "Margins of the peers"),
        ("Castor had 25.5% and Orsa's gross margin was 16.9% in Q4 2025.", "Margins of the peers"),
    ],
)
def test_figure_of_another_company_is_none_of_the_folder_s_subject(text: str, title: str) -> None:
    asked = read_question("What was the gross margin in Q4 2025?")
    shown = [f.choice.shown for f in looked_up(asked, [line(text, title=title)], "Castor")]
    assert "16.9%" not in shown


def test_change_and_level_are_told_apart() -> None:
    sentence = line("In Q2 2025 Castor took CNY 115.9 billion in revenue, up 30.4%, and sold cars.")
    level = looked_up(read_question("What was Castor's revenue in Q2 2025?"), [sentence])
    change = looked_up(
        read_question("By what percentage did Castor's revenue grow in Q2 2025?"), [sentence]
    )
    grown = looked_up(read_question("How much did Castor's revenue grow in Q2 2025?"), [sentence])
    assert [f.choice.figure.text for f in level] == ["CNY 115.9 billion"]
    assert [f.choice.figure.text for f in change] == ["30.4%"]
    assert [f.choice.figure.text for f in grown] == ["30.4%"]


def test_share_of_revenue_is_no_growth() -> None:
    share = line("Castor's R&D works out at 6.6% of revenue in 2024.")
    assert not looked_up(read_question("How fast did Castor's R&D grow in 2024?"), [share])


def test_what_is_planned_is_not_what_was() -> None:
    planned = line("Castor announced a further CNY 200 billion of R&D over five years.", at=0)
    spent = line("In five years Castor spent CNY 105 billion on R&D.", at=100)
    asked = read_question("How much did Castor spend on R&D in the previous five years?")
    shown = {f.choice.figure.text for f in looked_up(asked, [planned, spent])}
    assert shown == {"CNY 105 billion"}


def test_value_that_was_left_is_not_the_value() -> None:
    sentence = line("Castor raised its sales target for 2025 from 300,000 to 350,000 cars.")
    asked = read_question("How many cars was Castor's sales target for 2025?")
    assert [f.choice.figure.text for f in looked_up(asked, [sentence])] == ["350,000"]


def test_table_of_the_folders_own_company_need_not_name_it() -> None:
    header = "| Quarter | Average selling price (CNY per car) |\n|---|---|"
    row = replace(line("| Q2 2025 | 253,662 |", header, title="Prices"))
    asked = read_question("What was the average selling price of a Castor car in Q2 2025?")
    best = agreed(looked_up(asked, [row], "Castor"))
    assert best is not None
    assert said(best.choice) == "Average selling price, Q2 2025: CNY 253,662."
    other = read_question("What was the average selling price of an Orsa car in Q2 2025?")
    assert agreed(looked_up(other, [row], "Castor")) is None


def test_a_column_headed_by_the_company_counts_as_much_as_a_row_of_its_name() -> None:
    margins = line(
        "| Q3 2025 | 14.7 | 15.5 |",
        "Vehicle margin, in percent.\n| Quarter | Orsa (%) | Halden Rail (%) |\n|---|---|---|",
    )
    change = line(
        "| Halden Rail | Q3 2025 | 15.0 |",
        "| Company | Period | Change (%) |\n|---|---|---|",
        at=200,
    )
    assert found("Halden Rail's vehicle margin in Q3 2025?", change, margins) == (
        "Halden Rail, Q3 2025: 15.5%."
    )


def test_a_rise_from_one_period_to_the_next_is_of_the_next() -> None:
    rise = line("The average price of a Castor car rose by 10.9% from Q2 2024 to Q2 2025.")
    question = "By how much had the average price of a Castor car risen in {}?"
    assert found(question.format("Q2 2025"), rise) == rise.text
    assert found(question.format("Q2 2024"), rise) is None


def test_of_an_operating_and_another_figure_the_operating_one_is_taken() -> None:
    both = line(
        "In Q2 2025 Castor's segment took CNY 21 billion, with an operating loss of CNY 3 billion."
    )
    best = looked_up(read_question("What was Castor's operating loss in Q2 2025?"), [both])
    assert [f.choice.figure.text for f in best] == ["CNY 3 billion"]


def test_handing_over_is_no_more_than() -> None:
    assert line("Castor handed over 39,790 cars.").figures[0].approximate == ""
    assert line("Castor sold over 39,790 cars.").figures[0].approximate == "over"


SEGMENT = "| Quarter | Revenue (CNY billion) | Smart-EV revenue (CNY billion) |\n|---|---|---|"


def test_a_column_is_known_by_another_word_for_what_it_measures() -> None:
    row = line("| Q2 2025 | 115.9 | 20.6 |", SEGMENT)
    assert (
        found("What was car revenue in Q2 2025?", row)
        == "Smart-EV revenue, Q2 2025: CNY 20.6 billion."
    )


def test_of_the_parts_and_the_whole_the_groups_figure_is_taken() -> None:
    phones = line("Castor's pump gross margin was 11.1% in Q3 2025.", at=0)
    group = line("The group's gross margin stood at 22.9% in Q3 2025.", at=100)
    asked = read_question("What was Castor's gross margin in Q3 2025?")
    best = agreed(looked_up(asked, [phones, group], "Castor"))
    assert best is not None
    assert best.choice.evidence == group


def test_an_amount_with_its_conversion_is_shown_rather_than_without() -> None:
    bare = line("Castor plans to spend CNY 200 billion on pumps.", at=0)
    both = line("Castor plans to spend CNY 200 billion (about US$28 billion) on pumps.", at=100)
    assert found("How much does Castor plan to spend on pumps?", bare, both) == both.text


def test_what_is_counted_is_the_last_word_of_the_compound() -> None:
    shops = line("Castor had 402 pump stores in 119 Chinese cities in 2025.")
    assert [f.noun for f in shops.figures if f.unit == "count"] == ["store", "city"]
    header = "| Year | Pump stores | Cities with stores |\n|---|---|---|"
    row = line("| 2025 | 402 | 119 |", header, at=200)
    assert found("How many stores did Castor have in 2025?", row) == "Pump stores, 2025: 402."
    assert found("In how many cities did Castor have stores in 2025?", row) == (
        "Cities with stores, 2025: 119."
    )


def test_the_end_of_a_month_is_that_of_its_quarter() -> None:
    end = line("Castor employed 24,871 R&D people at the end of Q3 2025.")
    during = line("Castor hired 900 R&D people in Q3 2025.")
    question = "How many R&D people did Castor employ at the end of September 2025?"
    assert found(question, end) == end.text
    assert found(question, during) is None


def test_of_two_recalls_the_first_is_the_first() -> None:
    first = line("The first recall of Castor concerned 30,931 cars.", at=0)
    second = line("The recall of Castor in May concerned 116,887 cars.", at=100)
    assert found("How many cars did Castor's first recall concern?", first, second) == first.text


def test_what_a_share_makes_up_has_not_risen() -> None:
    share = line("Castor's pumps made up 25.6% of group revenue in Q3 2025.")
    assert found("What share of Castor's revenue came from pumps in Q3 2025?", share) == share.text


def test_people_are_no_money() -> None:
    row = line("| Q3 2025 | 24,871 |", "| Quarter | R&D staff (people) |\n|---|---|")
    assert found("Castor R&D Q3 2025?", row) is None


def test_the_day_of_a_report_is_not_the_period_of_its_figure() -> None:
    plan = line(
        "Castor's pump plan, as Orsa News reported it on 27 March 2026, covers CNY 60 billion."
    )
    assert found("How much is Castor's pump plan?", plan) == plan.text
    assert found("How much of Castor's pump plan is for 2026?", plan) is None


def test_who_prints_a_figure_is_not_whose_it_is() -> None:
    printed_by = line(
        "The unit's gross profit was CNY 7.384 billion in Q3 2025, according to am730."
    )
    asked = read_question("What was the unit's gross profit in Q3 2025?")
    best = agreed(looked_up(asked, [printed_by], "Castor"))
    assert best is not None
    assert best.choice.figure.text == "CNY 7.384 billion"


def test_an_investment_is_no_expense() -> None:
    investment = line("Castor's R&D investment was CNY 54.2 billion in 2024.", at=0)
    expense = line("Castor's R&D expense was CNY 53.2 billion in 2024.", at=100)
    for word, it in (("investment", investment), ("expense", expense)):
        assert found(f"What was Castor's R&D {word} in 2024?", investment, expense) == it.text


def test_item_of_a_list_is_read_by_itself() -> None:
    whole = line(
        "Three pillars meet on one device in 2026:\n- Chip: the XRING O1 3nm processor.\n- OS: its own."
    )
    for question in (
        "How many nanometres is the XRING O1 processor?",
        "On which process node is the XRING O1?",
    ):
        assert found(question, whole) == "Chip: the XRING O1 3nm processor."


def test_count_of_another_thing_in_the_sentence_is_passed_over() -> None:
    sentence = line(
        "A rule draws the line at 30 billion transistors, above the 19 billion of the XRING O1."
    )
    best = agreed(
        looked_up(read_question("How many transistors does the XRING O1 have?"), [sentence])
    )
    assert best is not None
    assert best.choice.figure.text == "19 billion"


def test_amount_over_years_is_not_that_of_a_neighbours_year() -> None:
    plan = line("The AI plan covers three years and more than CNY 60 billion.")
    passage = replace(plan.passage, text=f"{plan.text} It was announced in 2026.")
    plan = replace(plan, passage=passage)
    assert found("How much is the AI plan in 2026?", plan) is None
    assert found("How much is the AI plan?", plan) is not None


def test_amount_by_the_month_answers_only_who_asks_by_the_month() -> None:
    target = line(
        "Castor's target for 2026 is 550,000 cars, which works out at about 45,800 a month."
    )
    best = agreed(
        looked_up(read_question("How many cars a month is Castor's target for 2026?"), [target])
    )
    assert best is not None
    assert best.choice.figure.text == "45,800"
    best = agreed(looked_up(read_question("How many cars is Castor's target for 2026?"), [target]))
    assert best is not None
    assert best.choice.figure.text == "550,000"


def test_whole_of_a_share_counts_only_what_stands_behind_it() -> None:
    place = line("The report sets the recall at nearly 38% of 305,055 SU7 cars sold since launch.")
    assert found("How many SU7s were in the recall?", place) is None
    assert found("How many SU7 cars had been sold since launch?", place) == place.text


def test_profit_without_a_basis_is_given_on_both() -> None:
    adjusted = line("Castor's adjusted net profit was CNY 11.3 billion in Q3 2025.", at=0)
    reported = line("Under IFRS, Castor's net profit was CNY 12.3 billion in Q3 2025.", at=100)
    places = [adjusted, reported]

    def bases(question: str) -> list[str]:
        asked = read_question(question)
        return [f.choice.figure.text for f in by_basis(asked, looked_up(asked, places))]

    assert bases("What was Castor's net profit in Q3 2025?") == [
        "CNY 11.3 billion",
        "CNY 12.3 billion",
    ]
    assert bases("What was Castor's adjusted net profit in Q3 2025?") == []


def test_amount_in_another_currency_is_the_one_behind_it() -> None:
    pledge = line("Castor announced a commitment of CNY 200 billion (about $28 billion).", at=0)
    other = line(
        "Of the 200 billion a paper makes $29 billion, more than the $15 billion of 2021.", at=100
    )
    best = agreed(
        looked_up(
            read_question("What is the 200 billion in US dollars?"), [other, pledge], "Castor"
        )
    )
    assert best is not None
    assert best.choice.figure.text == "$28 billion"


def test_what_happened_on_a_day_of_the_month_is_of_the_month_but_no_flow_is() -> None:
    recall = line("On 19 September 2025 Castor recalled 116,887 cars.")
    assert found("How many cars did Castor recall in September 2025?", recall) == recall.text
    sales = line("On 19 September 2025 Castor sold 1,200 cars.")
    assert found("How many cars did Castor sell in September 2025?", sales) is None


def test_new_plan_may_be_called_a_commitment_of_the_day() -> None:
    pledge = line("Castor announced a commitment of CNY 200 billion for R&D.")
    best = agreed(
        looked_up(
            read_question("What is the size of the new R&D plan in yuan?"), [pledge], "Castor"
        )
    )
    assert best is not None
    assert best.told == 1


def test_margin_of_nobody_in_particular_is_not_the_phones() -> None:
    group = line("| Q1 2025 | 22.8 |", "| Quarter | Gross margin (%) |\n|---|---|", "Group results")
    phones = line(
        "| Q1 2025 | 12.4 |",
        "| Quarter | Smartphone gross margin (%) |\n|---|---|",
        "Group results",
        50,
    )
    assert found("What was the gross margin of the group in Q1 2025?", group, phones) == (
        "Gross margin, Q1 2025: 22.8%."
    )
    assert found("What was the gross margin of the handsets in Q1 2025?", group, phones) == (
        "Smartphone gross margin, Q1 2025: 12.4%."
    )


def test_middle_of_a_year_is_the_end_of_its_second_quarter() -> None:
    header = "| End of | Staff (people) |\n|---|---|"
    rows = [
        line("| Q2 2024 | 18,290 |", header, at=0),
        line("| Q4 2024 | 21,190 |", header, at=100),
    ]
    assert found("How many staff did Castor have in mid 2024?", *rows) == "Staff, Q2 2024: 18,290."


def test_capitalised_interest_is_no_capital_expenditure() -> None:
    header = "| (in thousands) ($) | 2022 |\n|---|---|"
    rows = [line("| Interest expense, net of amounts capitalized | (594,954) |", header, at=0)]
    question = "What were Castor's capital expenditures in 2022?"
    assert found(question, *rows) is None
    assert found(question, *rows, line("| Capital expenditures | (312,126) |", header, at=100))


def test_balance_of_another_day_of_the_year_is_not_found() -> None:
    header = "| ($ in millions) | 2022 |\n|---|---|"
    rows = [
        line("| Unrecognized tax benefits - January 1 | 858 |", header, at=0),
        line("| Unrecognized tax benefits - December 31 | 915 |", header, at=100),
    ]
    said_ = found("What were Castor's unrecognized tax benefits at December 31, 2022?", *rows)
    assert said_ is not None
    assert "915" in said_


def test_figure_beside_what_is_asked_for_is_taken_of_several() -> None:
    sentence = line(
        "Norvik's sales of all trucks were 34.4 million in 2025, and 7.1 million trucks were exported."
    )
    best = agreed(looked_up(read_question("How many trucks went overseas in 2025?"), [sentence]))
    assert best is not None
    assert best.choice.figure.text == "7.1 million"


def test_number_in_a_name_counts_nothing() -> None:
    sentence = line("Castor's chip is in two devices, the Pad 7 Ultra and the phone 15S Pro.")
    assert found("How many phones 15S Pro does Castor have in the Pad 7 Ultra?", sentence) is None


def test_names_asked_for_are_no_figure_of_a_labelled_row() -> None:
    header = "| Core content | Number |\n|---|---|"
    row = line("| Level-3 permits | two |", header, at=0)
    assert found("Which two makers got the first Level-3 permits?", row) is None


@pytest.mark.parametrize(
    ("question", "unnamed"),
    [
        ("What is the nominal capacity of the plant?", True),
        ("What is the nominal capacity of phase two of the plant?", False),
    ],
)
def test_row_that_the_question_does_not_name_is_no_whole(question: str, unnamed: bool) -> None:
    header = "| Phase of the plant | Nominal capacity (cars a year) |"
    rows = [
        line("| One | 150,000 |", header, "Plant", at=0),
        line("| Two | 150,000 |", header, "Plant", at=100),
    ]
    asked = read_question(question)
    every = looked_up(asked, rows)
    best = agreed(every)
    assert best is not None
    assert of_unnamed_row(asked, best, every) is unnamed


def test_a_margin_has_no_basis() -> None:
    lines = [
        line("Castor's adjusted loss fell in 2024; its gross margin was 17.1%.", at=0),
        line("Castor's gross margin was 18.5% in 2024.", at=100),
    ]
    asked = read_question("What was Castor's gross margin in 2024?")
    assert by_basis(asked, looked_up(asked, lines)) == []
