"""Two places that give different values for one thing are a conflict; other things are not."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.asked import read_question
from assistant.conflicts import (
    alternatives,
    between,
    by_source,
    in_order,
    of_section,
    offered,
    offered_times,
    seeds,
    told_apart,
    within,
)
from assistant.figures import read_figures
from assistant.rivals import Side
from assistant.tables import read_row
from assistant.types import Evidence, Passage, PassageKind, Source, Span
from assistant.verify import quotable
from tests.test_operands import line as table_line

TITLE = "Castor's year"


def line(text: str, number: int, as_of: date | None = None) -> Evidence:
    return passage_lines(text, number=number, as_of=as_of)[0]


def passage_lines(
    *sentences: str, number: int = 1, as_of: date | None = None, context: str = ""
) -> list[Evidence]:
    """Sentences of one passage, or rows of one table."""
    source = Source(f"{number}.md", "0" * 64, TITLE, as_of=as_of)
    whole = " ".join(sentences)
    passage = Passage(source, Span(0, len(whole)), whole)
    out = []
    for text in sentences:
        span = Span(whole.index(text), whole.index(text) + len(text))
        mine = passage
        if context:
            mine = Passage(source, span, text, PassageKind.TABLE_ROW, (), context)
        cells = tuple(cell.figure for cell in read_row(text, context)) if context else ()
        out.append(Evidence(number, mine, span, text, 1.0, cells or read_figures(text)))
    return out


def values(sides: tuple[Side, ...]) -> list[str]:
    return [side.figure.text for side in sides]


def test_question_that_offers_two_values_gets_both() -> None:
    lines = [
        line("Reuters put Castor's plan at almost US$28 billion.", 1),
        line("The Post gave about US$29 billion for Castor's plan.", 2),
    ]
    asked = read_question("Is Castor's plan worth US$28 billion or US$29 billion?")
    assert values(offered(asked, lines)) == ["US$28 billion", "US$29 billion"]
    shorter = read_question("Is Castor's plan worth 28 or 29 billion?")
    assert values(offered(shorter, lines)) == ["US$28 billion", "US$29 billion"]
    assert offered(asked, lines[:1]) == ()
    assert offered(read_question("What is Castor's plan worth?"), lines) == ()


@pytest.mark.parametrize(
    "question",
    [
        "In which year was Castor's R&D higher, 2023 or 2024?",
        "Did Castor sell 410,000 or 550,000 cars in 2025?",
    ],
)
def test_years_to_choose_from_and_values_of_other_years_are_no_conflict(question: str) -> None:
    lines = [
        line("Castor's R&D rose from CNY 19.1 billion in 2023 to CNY 24.1 billion in 2024.", 1),
        line("Castor sold 410,000 cars in 2025, Reuters reported.", 2),
        line("Castor aims to sell 550,000 cars in 2026, Reuters reported.", 3),
    ]
    assert offered(read_question(question), lines) == ()


def test_sentence_that_tells_of_a_dispute_is_one() -> None:
    disputed = line(
        "Castor's margin a year before is disputed: one page gives 12.6%, whereas another has 17.8%.",
        1,
    )
    asked = read_question("What was Castor's margin a year before?")
    assert values(within(asked, [disputed])) == ["12.6%", "17.8%"]
    assert within(read_question("How many robots does the plant have?"), [disputed]) == ()


PLAIN = "Castor sold 410,000 cars in 2025, Reuters reported."


@pytest.mark.parametrize(
    "other",
    [
        "Castor sold 365,000 cars in 2025, according to the Post.",
        "By another count Castor sold 430,000 cars in 2025.",
    ],
)
def test_another_value_for_the_same_thing_is_a_conflict(other: str) -> None:
    asked = read_question("How many cars did Castor sell in 2025?")
    mine = line(PLAIN, 1)
    assert len(between(asked, mine.figures[0], mine, [mine, line(other, 2)])) == 2


@pytest.mark.parametrize(
    "other",
    [
        "Castor sold 365,000 cars in 2024, according to the Post.",
        "Castor sold 108,000 cars in Q3 2025, according to the Post.",
        "Castor's target was 380,000 cars in 2025, according to the Post.",
        "Castor sold more than 400,000 cars in 2025, according to the Post.",
        "Castor sold about 411,000 cars in 2025, according to the Post.",
        "Castor had 500,000 employees in 2025, according to the Post.",
        "Castor's revenue was CNY 410 billion in 2025, according to the Post.",
        "Castor sold 410,000 cars in 2025 and 550,000 are to follow, according to the Post.",
    ],
)
def test_other_periods_measures_and_roundings_are_no_conflict(other: str) -> None:
    asked = read_question("How many cars did Castor sell in 2025?")
    mine = line(PLAIN, 1)
    assert between(asked, mine.figures[0], mine, [mine, line(other, 2)]) == ()


def test_newest_source_stands_first() -> None:
    lines = [
        line("Castor sold 1 car.", 1, date(2024, 1, 1)),
        line("Castor sold 2 cars.", 2),
        line("Castor sold 3 cars.", 3, date(2025, 1, 1)),
    ]
    sides = [Side(item.figures[0], item) for item in lines]
    assert [s.place.number for s in in_order(sides)] == [3, 1, 2]


def test_one_report_and_another_disagree() -> None:
    lines = passage_lines(
        "One report set Castor's revenue against expectations of CNY 112.5 billion.",
        "Another, with an average forecast of CNY 116.5 billion, found Castor's revenue short of expectations.",
    )
    asked = read_question("Did Castor's revenue beat expectations?")
    assert values(within(asked, lines)) == ["CNY 112.5 billion", "CNY 116.5 billion"]
    assert within(asked, lines[:1]) == ()


def test_table_of_sources_shows_each_value() -> None:
    header = "| Printed by | Fall of Castor's shares (%) |\n|---|---|"
    rows = passage_lines("| Reuters | 8.7 |", "| The Post | 7.5 |", context=header)
    asked = read_question("How far did Castor's shares fall?")
    assert values(by_source(asked, rows[0].figures[0], rows)) == ["8.7", "7.5"]
    years = header.replace("Printed by", "Year")
    plain = passage_lines("| 2023 | 8.7 |", "| 2024 | 7.5 |", context=years)
    assert by_source(asked, rows[0].figures[0], plain) == ()


def test_beginning_told_differently_is_a_conflict_where_the_passage_says_so() -> None:
    question = read_question("When does Castor's chip plan begin?")
    told = ("A third report has Castor's chip plan begin in 2025.",
            "The Daily lets Castor's chip plan run from 2021 to 2031.")  # fmt: skip
    flagged = passage_lines("Reports do not agree on the start of the plan.", *told)
    mine = flagged[1]
    assert values(between(question, mine.figures[0], mine, flagged)) == ["2025", "2021"]
    plain = passage_lines(*told)
    assert between(question, plain[0].figures[0], plain[0], plain) == ()


def test_copies_of_one_sentence_with_other_figures_are_a_conflict() -> None:
    asked = read_question("How many robots does Castor's plant have?")
    mine, other = (
        line("Castor's plant has 381 robots.", 1),
        line("Castor's plant has 318 robots.", 2),
    )
    assert len(between(asked, mine.figures[0], mine, [mine, other])) == 2


@pytest.mark.parametrize(
    "other",
    [
        "Castor's smartphone margin was 15% in 2024, according to the Post.",
        "Orsa's car margin was 15% in 2024, according to the Post.",
    ],
)
def test_another_business_or_company_is_no_conflict(other: str) -> None:
    asked = read_question("What was the car margin in 2024?")
    mine = line("Castor's car margin was 12% in 2024, Reuters reported.", 1)
    assert between(asked, mine.figures[0], mine, [mine, line(other, 2)]) == ()


def test_more_than_two_round_numbers_agree() -> None:
    asked = read_question("How many cars did Castor sell in 2025?")
    mine = line("Castor sold more than 410,000 cars in 2025, Reuters reported.", 1)
    other = line("Castor sold more than 400,000 cars in 2025, according to the Post.", 2)
    assert between(asked, mine.figures[0], mine, [mine, other]) == ()


def test_a_dispute_is_seen_from_lines_alone() -> None:
    asked = read_question("By how much did Castor's R&D grow in 2021?")
    lines = [
        line("The Post wrote that Castor's R&D grew 30% in 2021.", 1),
        line("Castor sold 12% more cars in 2021.", 2),
    ]
    assert values(tuple(seeds(asked, lines))) == ["30%"]
    assert seeds(read_question("Who leads Castor's R&D?"), lines) == []


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What was Castor's group revenue in Q1 2026?",
         "In Q1 2025 Castor's segment had revenue of CNY 58 billion, whereas its group revenue was CNY 111 billion."),
        ("What was Castor's group revenue in Q1 2025?",
         "In Q1 2025 Castor's segment had revenue of CNY 18 billion, whereas its group revenue was CNY 111 billion."),
    ],
)  # fmt: skip
def test_whereas_between_other_periods_or_sizes_is_no_dispute(question: str, text: str) -> None:
    assert within(read_question(question), [line(text, 1)]) == ()


def test_investment_and_expense_are_two_measures() -> None:
    asked = read_question("What was Castor's R&D investment in 2024?")
    mine = line("Castor's R&D investment was CNY 54 billion in 2024, Reuters reported.", 1)
    other = line("The Post gives an R&D expense of CNY 51 billion for Castor in 2024.", 2)
    assert between(asked, mine.figures[0], mine, [mine, other]) == ()


APART = (
    "Orsa wrote in 2021 that Castor's sales rose 30% in 2021.",
    "A company profile gives a rise of Castor's sales of 42.3% in 2021.",
)


@pytest.mark.parametrize(
    ("question", "texts", "values"),
    [
        ("By what percentage did Castor's sales rise in 2021?", APART, ["30%", "42.3%"]),
        ("By what percentage did Castor's sales rise?", APART, []),  # of which year?
        ("By what percentage did Castor's sales rise in 2021?",
         (APART[0], "Castor's sales rose 42.3% in 2021."), []),  # nobody said so
        ("By what percentage did Castor's sales rise in 2021?",
         (*APART, "Halden reports that Castor's sales rose 36% in 2021."), []),  # three: too unlike
    ],
)  # fmt: skip
def test_lines_that_tell_all_of_the_question_and_differ_are_a_conflict(
    question: str, texts: tuple[str, ...], values: list[str]
) -> None:
    lines = [line(text, i) for i, text in enumerate(texts)]
    sides = [Side(next(f for f in item.figures if f.unit == "percent"), item) for item in lines]
    assert [s.figure.text for s in told_apart(read_question(question), sides)] == values


def test_whole_of_a_share_is_no_rival_count() -> None:
    question = "How many cars did the September 2025 recall cover?"
    asked = read_question(question)
    one = line("SAMR says the September 2025 recall covers 116,887 Castor cars.", 1)
    other = line("A report sets the September 2025 recall at 38% of 305,055 Castor cars.", 2)
    figure = next(f for f in one.figures if f.text == "116,887")
    assert not between(asked, figure, one, [other])


def test_a_row_is_quoted_behind_its_label() -> None:
    header = "| Printed by | Fall (%) | Read as |\n|---|---|---|"
    row = table_line("| Orsa News | 8.7 | lowest point |", header)
    assert quotable(row) == "Orsa News — Fall (%): 8.7; Read as: lowest point"


def test_a_row_and_a_sentence_that_says_otherwise_are_both_shown() -> None:
    header = "| Quarter | Car revenue (CNY billion) |\n|---|---|"
    row = table_line("| Q3 2025 | 28.3 |", header, at=0)
    said = table_line("A blog puts Castor's car revenue at CNY 29 billion in Q3 2025.", "", at=100)
    asked = read_question("What was Castor's car revenue in Q3 2025?")
    sides = [Side(row.figures[-1], row), Side(said.figures[0], said)]
    assert len(told_apart(asked, sides)) == 2
    assert told_apart(asked, [sides[0], sides[0]]) == ()


def test_a_dispute_about_others_is_none_about_the_one_asked_for() -> None:
    asked = read_question("What was Halden's pump expense in Q4 2025?")
    lines = [
        line("In Q4 2025 Orsa's pump expense was about CNY 2.0 billion, the Post reported.", 1),
        line("Delta's pump expense rose to CNY 5.9 billion in Q4 2025.", 2),
    ]
    assert seeds(asked, lines) == []


def test_values_of_a_section_that_says_reports_differ_are_a_conflict() -> None:
    lines = passage_lines(
        "Two sources date the ban differently.",
        "Reuters has the ban apply from 2029.",
        "Caixin has the ban apply from 2030.",
    )
    sides = [Side(e.figures[0], e) for e in lines[1:]]
    assert [
        side.figure.text
        for side in of_section(read_question("From when does the ban apply?"), sides)
    ] == ["2029", "2030"]


def test_values_of_a_section_that_says_nothing_of_the_kind_are_none() -> None:
    lines = passage_lines("The ban applies from 2029.", "It is extended in 2030.")
    asked = read_question("From when does the ban apply?")
    assert not of_section(asked, [Side(e.figures[0], e) for e in lines])


def test_two_sentences_of_a_passage_that_tell_of_two_yardsticks_are_a_conflict() -> None:
    first, second = passage_lines(
        "One report set Castor's Q3 2025 revenue against expectations of CNY 112.5 billion.",
        "Another, using a forecast of CNY 116.5 billion, found Castor's Q3 2025 revenue of CNY 113.1 billion short.",
    )
    asked = read_question("Did Castor's Q3 2025 revenue beat expectations?")
    assert [side.figure.text for side in within(asked, [first, second])] == [
        "CNY 112.5 billion", "CNY 116.5 billion",
    ]  # fmt: skip


def test_expense_and_investment_of_a_section_that_differs_are_two_measures() -> None:
    lines = passage_lines(
        "The notes do not agree on Castor.",
        "Castor's R&D expense was CNY 53.2 billion in 2024.",
        "Castor's R&D investment was CNY 54.2 billion in 2024.",
    )
    sides = [Side(e.figures[0], e) for e in lines[1:]]
    assert not of_section(read_question("How big was Castor's R&D in 2024?"), sides)


def test_two_forecasts_are_no_dispute_about_the_figure_itself() -> None:
    first, second = passage_lines(
        "One report set Castor's Q3 2025 revenue against expectations of CNY 112.5 billion.",
        "Another, using a forecast of CNY 116.5 billion, found Castor's Q3 2025 revenue of CNY 113.1 billion short.",
    )
    assert not within(read_question("What was Castor's revenue in Q3 2025?"), [first, second])


def test_whole_of_a_share_starts_no_dispute() -> None:
    place = line("The September 2025 recall of the SU7 was nearly 38% of 305,055 SU7 cars sold.", 1)
    assert not seeds(
        read_question("How many SU7 cars did the September 2025 recall cover?"), [place]
    )


def test_sentences_on_two_parts_of_a_company_do_not_disagree() -> None:
    asked = read_question("How much did Castor's IoT business bring in during Q3 2025?")
    one = "Castor's IoT revenue was CNY 27 billion in Q3 2025."
    both = passage_lines(
        one, "By business, Reuters said Castor brought in CNY 46 billion in Q3 2025."
    )
    assert between(asked, both[0].figures[0], both[0], both) == ()
    again = passage_lines(
        one, "Reuters said Castor's IoT business brought in CNY 46 billion in Q3 2025."
    )
    assert len(between(asked, again[0].figures[0], again[0], again)) == 2


def test_margins_of_two_parts_of_a_business_contradict_nothing() -> None:
    mine = line("Castor's smartphone gross margin was 12.6% for all of 2024, the Post reports.", 1)
    other = line("The segment's gross margin at Castor was 18.5% for all of 2024, by AB.", 2)
    same = line("Castor's smartphone gross margin was 14.5% for all of 2024, by AB.", 2)
    asked = read_question("What was Castor's gross margin in 2024?")
    assert between(asked, mine.figures[0], mine, [mine, other]) == ()
    assert values(between(asked, mine.figures[0], mine, [mine, same])) == ["12.6%", "14.5%"]


def test_of_values_that_are_listed_to_choose_from_those_that_places_give() -> None:
    asked = read_question("The shares fell 5.7%, 7.5 and 8.7 on the day. Which one is right?")
    assert [str(f.value) for f in alternatives(asked)] == ["5.7", "7.5", "8.7"]
    lines = [
        line("The shares fell 7.5% on the day, writes Orsa News.", 1),
        line("On the day the shares fell by up to 8.7%, Delta says.", 2),
    ]
    assert [side.figure.text for side in offered(asked, lines)] == ["7.5%", "8.7%"]


def test_two_years_are_offered_only_where_a_line_says_that_its_sources_disagree() -> None:
    asked = read_question("Was Castor's goal of 50 billion set in 2019 or in 2020?")
    dispute = line(
        "The date of Castor's goal of CNY 50 billion is disputed: one page has it set on 11 January 2019, a later "
        "one at the start of 2020.", 1)  # fmt: skip
    plain = line(
        "Castor's goal of CNY 50 billion was set in 2019, and its plant opened in 2020.", 2
    )
    other = line("The date of Castor's goal of CNY 6 billion is disputed: 2019 or 2020.", 3)
    assert values(offered_times(asked, [plain, dispute])) == ["11 January 2019", "2020"]
    assert offered_times(asked, [plain]) == ()
    assert offered_times(asked, [other]) == ()
    both = read_question("Was Castor's goal of 50 billion kept in 2019 and in 2020?")
    assert offered_times(both, [dispute]) == ()
