"""Statements of accounts as filings print them: scales, signs, fiscal years, names of lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.asked import read_question
from assistant.lookup import agreed, looked_up, said
from assistant.operands import choices
from assistant.parts import plan
from assistant.phrasing import asking
from assistant.picking import _of_one_thing
from assistant.split import split
from assistant.synonyms import renamed
from assistant.tables import read_row
from assistant.types import Document, Evidence, Page, PassageKind, Source, Span
from tests.test_operands import line

YEARS = "(Dollars in millions, except per share data)\n| Years ended December 31, | 2022 | 2021 |\n|---|---|---|"
STATEMENT = "Castor and Subsidiaries Consolidated Statements of Operations"


def placed(row: str, context: str = YEARS, heading: str = STATEMENT, at: int = 0) -> Evidence:
    item = line(row, context, "Castor 10-K", at)
    return replace(item, passage=replace(item.passage, headings=(heading,)))


def found(question: str, *rows: Evidence) -> str | None:
    best = agreed(looked_up(read_question(asking(question)), rows))
    return said(best.choice) if best else None


def values(row: str, context: str = YEARS) -> list[str]:
    return [f"{cell.figure.unit} {cell.figure.value:f}" for cell in read_row(row, context)]


def test_scale_in_the_corner_or_above_the_table_is_that_of_its_cells() -> None:
    corner = "| (Dollars in millions) | Current | Later |\n|---|---|---|"
    assert values("| Debt | $5,197 | 52,338 |", corner) == ["USD 5197000000", "USD 52338000000"]


def test_amount_per_share_and_a_count_have_no_scale_of_money() -> None:
    assert values("| Basic loss per share | ($8.30) | ($7.15) |") == ["USD -8.30", "USD -7.15"]
    assert values("| Stores open | 1,355 | 1,308 |") == ["count 1355", "count 1308"]


def test_cost_in_brackets_is_a_positive_cost_and_a_loss_stays_one() -> None:
    assert values("| Cost of products | (53,969) | (49,954) |")[0] == "USD 53969000000"
    assert values("| Loss from operations | (3,547) | (2,902) |")[0] == "USD -3547000000"
    assert values("| Income tax (expense)/benefit | (31) | 743 |")[0] == "USD -31000000"


def test_captions_in_brackets_and_the_sign_of_the_first_row_head_the_whole_table() -> None:
    text = (
        "# Net revenues\n\n(In thousands)\n\n(Unaudited)\n\n"
        "|  | 2022 | 2021 |\n|---|---|---|\n| Strip | $2,297 | $1,806 |\n| Halden | 174 | 314 |\n"
    )
    document = Document(Source("a.md", "0" * 64, "A"), text, (Page(1, Span(0, len(text))),))
    rows = [
        p
        for p in split(document, lambda texts: [len(t.split()) for t in texts], 200)
        if p.kind is PassageKind.TABLE_ROW
    ]
    assert rows[1].context.startswith("(In thousands) (Unaudited) ($)")
    assert values(rows[1].text, rows[1].context) == ["USD 174000", "USD 314000"]


def test_row_of_the_whole_company_counts_before_that_of_a_segment() -> None:
    rows = (
        placed("| Revenues | $25,867 | $19,493 |", heading="Pumps: results", at=0),
        placed("| Total revenues | 66,608 | 62,286 |", at=100),
        placed("| Segment operating loss | (3,158) | (2,808) |", heading="Segments", at=200),
        placed("| Loss from operations | (3,547) | (2,902) |", at=300),
    )
    assert found("What is Castor's FY2022 total revenue (in USD millions)?", *rows) == (
        "2022, Total revenues: USD 66,608 million."
    )
    assert found("What was Castor's operating loss in 2022?", *rows) == (
        "2022, Loss from operations: −USD 3,547 million."
    )


def test_change_in_a_cash_flow_is_not_the_level() -> None:
    changes = f"{YEARS}\n| Changes in assets and liabilities – |  |  |"
    rows = (
        placed("| Inventories | 420 | (1,127) |", changes, "Consolidated Statements of Cash Flows"),
        placed("| Inventories | 78,151 | 78,823 |", at=100),
    )
    question = "What were Castor's inventories as of December 31, 2021?"
    assert found(question, *rows) == "2021, Inventories: USD 78,823 million."


def test_name_of_a_statement_says_nothing_of_the_line() -> None:
    row = placed("| Goodwill | 8,057 | 8,068 |")
    question = "What was the goodwill on Castor's balance sheet in FY2022?"
    assert asking(question) == "What was the goodwill of Castor in FY2022?"
    assert found(question, row) == "2022, Goodwill: USD 8,057 million."


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("What is its revenue (in USD millions)?", "What is its revenue in USD?"),
        ("What is its capex? Answer in USD thousands.", "What is its capex?"),
        ("How large is the plan in billions of dollars?", "How large is the plan in dollars?"),
        ("How large is it in US dollars in 2024?", "How large is it in US dollars in 2024?"),
    ],
)
def test_scale_that_is_wished_for_is_not_looked_up(question: str, rest: str) -> None:
    assert asking(question) == rest


WEEKS = "(in thousands)\n| | 52 Weeks Ended January 28, 2023 | 52 Weeks Ended January 29, 2022 | 13 Weeks Ended January 28, 2023 |\n|---|---|---|---|"


def test_fiscal_year_is_the_one_the_document_calls_so() -> None:
    row = line("| Net sales | $10,208 | $8,630 | $3,226 |", WEEKS, "Castor, Fiscal 2022 Results")
    assert found("What were Castor's net sales in fiscal 2022?", row) == (
        "52 Weeks Ended January 28, 2023, Net sales: USD 10,208 thousand."
    )
    plain = line("| Net sales | $10,208 | $8,630 | $3,226 |", WEEKS, "Castor results")
    assert found("What were Castor's net sales in FY2023?", plain) == (
        "52 Weeks Ended January 28, 2023, Net sales: USD 10,208 thousand."
    )


def test_values_listed_in_turn_are_of_the_years_listed_in_turn() -> None:
    text = "As of December 31, 2022 and 2021, Castor's workforce was approximately 156,000 and 142,000."
    assert found("How many employees did Castor have as of December 31, 2022?", line(text)) == text
    share = "Sales to Orsa represented 40%, 49% and 51% of Castor's revenues for 2022, 2021 and 2020, respectively."
    best = agreed(
        looked_up(
            read_question("What share of Castor's revenues in 2021 came from Orsa?"), [line(share)]
        )
    )
    assert best is not None
    assert best.choice.figure.text == "49%"


def test_rise_under_a_heading_of_its_period_is_not_of_the_year_it_is_compared_to() -> None:
    text = "Net sales increased 18.3% to $10.2 billion compared to $8.6 billion in fiscal 2021, by prices."
    item = line(text, title="Castor results")
    item = replace(
        item, passage=replace(item.passage, headings=("For the Full Year of Fiscal 2022",))
    )
    assert found("By what percentage did Castor's net sales increase in fiscal 2022?", item) == text
    assert found("By what percentage did Castor's net sales increase in fiscal 2021?", item) is None


def test_end_of_a_year_is_the_end_of_its_last_quarter() -> None:
    held = line("At the end of the fourth quarter of fiscal 2022, Castor operated 1,355 stores.")
    opened = line("During fiscal 2022, Castor opened 47 new stores.", at=200)
    question = "How many stores did Castor have at the end of fiscal 2022?"
    assert found(question, held, opened) == held.text


def test_as_of_the_day_of_a_document_is_what_that_document_says() -> None:
    text = "The exchange brought Castor a gain of approximately $20 billion."
    item = line(text)
    source = replace(item.passage.source, as_of=date(2023, 8, 30))
    item = replace(item, passage=replace(item.passage, source=source))
    question = "What is the amount of the gain from the exchange to Castor, as of August 30, 2023?"
    assert found(question, item) == text
    assert found(question, line(text)) is None


def test_lines_of_statements_go_by_other_names() -> None:
    names = [name for name, _ in renamed("What was Castor's operating cash flow in 2022?")]
    assert "net cash provided by operating activities" in names
    assert renamed("What was Castor's revenue?") == []


def test_ratio_named_by_analysts_is_taken_of_its_two_lines() -> None:
    planned = plan(read_question("What is Castor's FY2022 current ratio?"))
    assert planned is not None
    assert (planned.operation, planned.explicit) == ("ratio", False)
    assert [p.measure for p in planned.parts] == [
        "total current assets",
        "total current liabilities",
    ]


def test_row_is_found_by_its_whole_label_whatever_it_measures() -> None:
    row = line(
        "| Weight of Castor (%) | 4.6 |", "| Key figure | Value |\n|---|---|", "Lantern fund"
    )
    assert found("What weight does Castor have in the Lantern fund?", row) is not None
    assert found("What rank does Castor have in the Lantern fund?", row) is None


def test_rise_or_fall_is_the_level_then_and_a_year_before() -> None:
    planned = plan(read_question("Did Castor's gross margin rise or fall in Q3 2025?"))
    assert planned is not None
    assert planned.operation == "difference"
    assert [(p.label, p.search) for p in planned.parts] == [
        ("Q3 2025", "What was Castor's gross margin in Q3 2025"),
        ("Q3 2024", "What was Castor's gross margin in Q3 2024"),
    ]
    between = plan(read_question("Has the price gone up or down between Q2 2025 and Q3 2025?"))
    assert between is not None
    assert [p.label for p in between.parts] == ["Q3 2025", "Q2 2025"]


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        (
            "Since the EV segment made an operating loss in Q3 2025, what was the operating result in that quarter?",
            "What was the operating result of the EV segment in Q3 2025?",
        ),
        (
            "Given that Castor lost money on cars in 2024, how much was the loss?",
            "How much was the loss of Castor in 2024?",
        ),
        (
            "If Castor spends 200 billion over five years, how much is that a year?",
            "If Castor spends 200 billion over five years, how much is that a year?",
        ),
        ("Since when does Castor design chips?", "Since when does Castor design chips?"),
    ],
)
def test_premise_gives_whose_and_when_and_is_not_taken_for_granted(
    question: str, rest: str
) -> None:
    assert asking(question) == rest


def test_figure_of_the_phones_is_not_compared_with_one_of_the_group() -> None:
    asked = read_question("Did Castor's phone revenue rise or fall in Q3 2025?")
    planned = plan(asked)
    assert planned is not None
    phones = line("Castor's phone revenue was CNY 46 billion in Q3 2025.")
    group = line("Castor's revenue was CNY 92.5 billion in Q3 2024.", at=100)
    before = line("Castor's phone revenue was CNY 47.5 billion in Q3 2024.", at=200)
    first, second = planned.parts
    of = {
        item: next(c for c in choices(asked, planned, part, [item]))
        for item, part in ((phones, first), (group, second), (before, second))
    }
    kept = _of_one_thing(asked, {first: of[phones], second: of[group]})
    assert kept[second] is None
    assert kept[first] is not None
    assert None not in _of_one_thing(asked, {first: of[phones], second: of[before]}).values()


def test_two_cells_that_print_the_same_are_two_places() -> None:
    row = "| Statutory rate | 21.0% | 21.0% | 35.0% |"
    spans = [cell.figure.span for cell in read_row(row, YEARS)]
    assert len({span.start for span in spans}) == 3


def test_an_allowance_in_brackets_is_a_positive_one() -> None:
    assert values("| Allowance for doubtful accounts | (16) | (15) |")[0] == "USD 16000000"


SHARES = (
    "|  | 2019 |  | 2018 |  |\n|  | Number of Shares | Grant Date Value | Number of Shares | Grant Date Value |\n"
    "|---|---|---|---|---|"
)
MATURITIES = "| (In thousands) | Total | 2020 | 2021-2022 | Thereafter |\n|---|---|---|---|---|"
RISKS = (
    "| 30 June 2019 | Current | Past due | Total |\n|  | $'000 | $'000 | $'000 |\n|---|---|---|---|"
)


@pytest.mark.parametrize(
    ("question", "row", "context", "shown"),
    [
        ("What is the change in the number of shares granted between 2018 and 2019?",
         "| Shares granted | 253,113 | 2.17 | 200,000 | 3.16 |", SHARES, [["253,113"], ["200,000"]]),
        ("What are operating leases as a share of operating leases?",
         "| Operating leases | $19,437 | $4,143 | $7,111 | $4,497 |", MATURITIES, [["19,437"]] * 2),
        ("What was the percentage of current net receivables out of total net receivables?",
         "| Net receivables | 23,524 | 4,055 | 27,579 |", RISKS, [["23,524"], ["27,579"]]),
        ("What was the change in other deferred tax liabilities between 2018 and 2019?",
         "| Other | 10 | 14 |", "| Years | 2019 | 2018 |\n|---|---|---|\n| Deferred tax liabilities: | | |",
         [["10"], ["14"]]),
    ],
)  # fmt: skip
def test_column_and_row_that_the_question_tells(
    question: str, row: str, context: str, shown: list[list[str]]
) -> None:
    asked = read_question(question)
    planned = plan(asked)
    assert planned is not None
    rows = [placed(row, context)]
    if "Other" in row:
        rows.append(placed("| Total deferred tax liabilities | 104 | 89 |", context, at=200))
    mine = [
        [c.figure.text.strip("$ ") for c in choices(asked, planned, part, rows)]
        for part in planned.parts
    ]
    assert mine == shown


BALANCES = "| £m | 2019 | 2018 |\n|---|---|---|"


@pytest.mark.parametrize(
    "question",
    [
        "What is the change in the investment in associates from 31 December 2018 to 31 December 2019?",
        "What was the change in the amount of associates at 31 December in 2019 from 2018?",
    ],
)
def test_of_a_day_the_row_of_that_day_is_meant(question: str) -> None:
    rows = [
        placed("| At 1 January | 65.6 | 64.8 |", BALANCES, "Associates"),
        placed("| Share of profit of associates | (0.3) | 2.3 |", BALANCES, "Associates", at=100),
        placed("| At 31 December | 53.7 | 65.6 |", BALANCES, "Associates", at=200),
    ]
    asked = read_question(question)
    planned = plan(asked)
    assert planned is not None
    mine = [[c.figure.text for c in choices(asked, planned, p, rows)] for p in planned.parts]
    assert mine == [["53.7"], ["65.6"]]


def test_amounts_per_common_share_are_no_shares() -> None:
    question = "What was the change in basic income per common share between 2017 and 2018?"
    assert "share" not in read_question(question).kinds
    planned = plan(read_question("What is the diluted result (cents per share) in 2018?"))
    assert planned is None or planned.operation != "share"


def test_what_costs_are_related_to_is_no_figure() -> None:
    assert not read_question("What are Castor's restructuring costs related to?").wants_figure
    assert read_question("What are Castor's restructuring costs?").wants_figure


@pytest.mark.parametrize(
    "text",
    [
        "A broker note of 19 August 2025 repeated CNY 30 billion for Castor's 2025 R&D.",
        "It is guidance: Castor's R&D in 2025 would certainly be above CNY 30 billion.",
    ],
)
def test_what_somebody_expects_is_not_what_was_spent(text: str) -> None:
    expected = line(text)
    assert found("How much did Castor spend on R&D in 2025?", expected) is None
    assert found("How much would Castor spend on R&D in 2025?", expected)
