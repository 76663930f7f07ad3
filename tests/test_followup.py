"""A follow-up takes the words of the question before it; a new question is left alone."""

from __future__ import annotations

import pytest

from assistant.followup import (
    is_fragment,
    keeps,
    placed,
    rewritten,
    several,
    standalone,
    strays,
    with_names,
)
from assistant.pronouns import asks_of_answer, pointed

PROFIT = "What was Castor's net profit in 2021?"
CARS = "How many cars did NIO deliver in Q4 2025?"


@pytest.mark.parametrize(
    ("previous", "text", "whole"),
    [
        (CARS, "and XPeng?", "How many cars did XPeng deliver in Q4 2025?"),
        (CARS, "And in Q3?", "How many cars did NIO deliver in Q3 2025?"),
        (CARS, "And the full year?", "How many cars did NIO deliver in the full year 2025?"),
        (CARS, "for XPeng in the first half?",
         "How many cars did XPeng deliver in the first half of 2025?"),
        (PROFIT, "And the year before?", "What was Castor's net profit in 2020?"),
        (PROFIT, "what about 2022?", "What was Castor's net profit in 2022?"),
        (PROFIT, "Orsa's?", "What was Orsa's net profit in 2021?"),
        (PROFIT, "In dollars?", "What was Castor's net profit in 2021 in dollars?"),
        (PROFIT, "and its revenue?", "What was Castor's revenue in 2021?"),
        (PROFIT, "What was its revenue in 2022?", "What was Castor's revenue in 2022?"),
        (PROFIT, "By how much had it risen?",
         "By how much had Castor's net profit in 2021 risen?"),
        ("What was Castor's margin in Q3 2025?", "What was it a year earlier?",
         "What was Castor's margin in Q3 2024?"),
        ("What was Castor's adjusted profit in Q3 2025?", "And under IFRS?",
         "What was Castor's profit in Q3 2025 under IFRS?"),
        ("What was Castor's profit in Q3 2025?", "adjusted?",
         "What was Castor's adjusted profit in Q3 2025?"),
        ("How large is Castor's three-year plan?", "How much of that is for 2026?",
         "How much of Castor's three-year plan is for 2026?"),
        ("Which pump did Castor bring out in May 2025?", "How many parts does it have?",
         "How many parts does Castor's pump have?"),
        ("Which rival did Castor sue in May 2025?", "How many parts does it have?",
         "How many parts does the rival that Castor sue have?"),
        ("How many cars did NIO deliver in 2025?", "How many did it plan for 2026?",
         "How many cars did NIO plan for 2026?"),
        (PROFIT, "and revenue?", "What was Castor's revenue in 2021?"),
        ("How much did Castor spend on R&D in 2021?", "What about net profit?",
         "What was Castor's net profit in 2021?"),
        ("What was Castor's revenue in Q3 2025?", "And the operating margin in Q2?",
         "What was Castor's operating margin in Q2 2025?"),
        ("What was Castor's margin in Q1 2025?", "And the quarter before?",
         "What was Castor's margin in Q4 2024?"),
        ("What was Castor's margin in Q4 2024?", "and in the next quarter?",
         "What was Castor's margin in Q1 2025?"),
        ("How many cars did NIO sell in December 2024?", "And the month after?",
         "How many cars did NIO sell in January 2025?"),
        ("小米集团2025年第二季度的收入是多少?", "那第三季度呢?", "小米集团Q3 2025的收入是多少?"),
    ],
)  # fmt: skip
def test_follow_up_changes_only_what_it_names(previous: str, text: str, whole: str) -> None:
    assert rewritten(text, previous) == whole


@pytest.mark.parametrize(
    "text",
    ["Who built the plant?", "When did the Halden plant open?", "What growth is that?",
     "And the first recall, how many cars was that?"],
)  # fmt: skip
def test_other_follow_ups_are_left_to_the_model(text: str) -> None:
    assert rewritten(text, PROFIT) is None


def test_each_question_is_completed_by_the_one_before_it() -> None:
    history = ["What was BYD's R&D in the first nine months of 2025?", "And Xiaomi's?"]
    assert standalone("Then in Q3 2025 alone?", history) == "What was Xiaomi's R&D in Q3 2025?"
    assert standalone("And its gross margin?", ["And you?", PROFIT]) == (
        "What was Castor's gross margin in 2021?"
    )
    assert standalone("Who built the plant?", [PROFIT]) is None


def test_a_year_counted_from_the_last_question_is_named() -> None:
    assert placed("What is the target for the year after?", CARS[:-8] + "2025?") == (
        "What is the target for 2026?"
    )
    assert placed("Who built it?", CARS) == "Who built it?"


def test_rewritten_question_must_keep_what_was_asked() -> None:
    assert keeps("How many cars did XPeng deliver?", "and XPeng?", CARS)
    assert not keeps("How many cars did NIO deliver?", "and XPeng?", CARS)
    assert not keeps(PROFIT, "And for the full year, what was finally booked?", PROFIT)
    assert keeps("How many cars did Orsa deliver?", "And how many did Orsa hand over?", CARS)
    recalled = "How many SU7 were recalled in 2025?"
    assert not keeps("How many SU7s were recalled in 2025?", "And the first, in cars?", recalled)
    assert with_names("Who built the plant?", PROFIT) == "Who built the plant (Castor)?"


PLAN = "How much will Castor invest in R&D over the next five years?"


@pytest.mark.parametrize(
    ("previous", "text", "whole"),
    [
        (PLAN, "And in the previous five?",
         "How much did Castor invest in R&D over the previous five years?"),
        (PLAN, "And per year?", f"{PLAN[:-1]} per year?"),
        (CARS, "How many is that a month?", f"{CARS[:-1]} a month?"),
        ("What growth does the 550,000 target imply?", "And how many a month?",
         "How many a month does the 550,000 target imply?"),
    ],
)  # fmt: skip
def test_stretch_or_unit_of_time_takes_the_other_ones_place(
    previous: str, text: str, whole: str
) -> None:
    assert rewritten(text, previous) == whole


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("And in Q3 2025?", True), ("And XPeng?", True), ("How many in Q4 2025?", True),
        ("Why?", True), ("What is XLA?", False), ("What is the margin?", False),
        ("R&D in Q3?", False), ("Who is Lei Jun?", False), ("研发呢?", False),
    ],
)  # fmt: skip
def test_what_only_an_earlier_question_makes_whole_is_a_fragment(text: str, fragment: bool) -> None:
    assert is_fragment(text) is fragment


def test_measure_of_a_part_of_the_company_stays_that_of_the_part() -> None:
    iot = "What was Castor's IoT revenue in Q3 2025?"
    assert rewritten("And its gross margin?", iot) == (
        "What was Castor's IoT gross margin in Q3 2025?"
    )
    assert rewritten("And its revenue?", "What was Castor's R&D expense in 2024?") == (
        "What was Castor's revenue in 2024?"
    )


CHIP = "Which chip did Castor bring out in May 2025?"


@pytest.mark.parametrize(
    ("text", "previous", "answer", "whole"),
    [
        (
            "How many transistors does it have?",
            CHIP,
            "The XR1 came to market in May 2025. [1]",
            "How many transistors does XR1 have?",
        ),
        ("And what is its process node?", CHIP, "Castor's XR1. [1]", "What is XR1's process node?"),
        ("What did he say?", "Who leads Castor?", "Ada Brandt. [1]", "What did Ada Brandt say?"),
    ],
)
def test_pronoun_stands_for_what_the_answer_names(
    text: str, previous: str, answer: str, whole: str
) -> None:
    assert asks_of_answer(text, previous)
    assert pointed(text, previous, answer) == whole


@pytest.mark.parametrize(
    ("text", "previous"),
    [
        ("How much did it invest in R&D?", CHIP),  # the company did
        ("What was its revenue in 2025?", CHIP),
        ("How many of them were sold?", "What was Castor's margin?"),
        ("How old is she?", CHIP),
    ],
)
def test_pronoun_of_the_company_or_of_a_figure_is_not_the_answers(text: str, previous: str) -> None:
    assert not asks_of_answer(text, previous)


def test_answer_that_names_nothing_new_gives_no_name() -> None:
    assert pointed("How many transistors does it have?", CHIP, "The documents do not say.") is None


@pytest.mark.parametrize(
    ("text", "history", "whole"),
    [
        ("Two years earlier?", ["What was Orsa's R&D in 2024?"], "What was Orsa's R&D in 2022?"),
        ("and 2 quarters later?", ["How many cars did Orsa sell in Q1 2025?"],
         "How many cars did Orsa sell in Q3 2025?"),
        ("So by how much did it go up?", ["What was Orsa's R&D in 2025?", "And in 2024?"],
         "By how much did Orsa's R&D change from 2024 to 2025?"),
        ("and by how many percent did it grow?", ["What was Orsa's revenue in 2023?", "and 2024?"],
         "What is the percentage change in Orsa's revenue from 2023 to 2024?"),
        ("What is the difference?", ["What was Orsa's margin in Q3 2025?", "And Castor's?"],
         "What is the difference between Orsa's margin in Q3 2025 and Castor's margin in Q3 2025?"),
        ("And that of IoT?", ["What was the gross margin of the phones in Q3 2025?"],
         "What was the gross margin of IoT in Q3 2025?"),
    ],
)  # fmt: skip
def test_what_two_questions_before_ask_for(text: str, history: list[str], whole: str) -> None:
    assert standalone(text, history) == whole


def test_what_points_at_nothing_is_asked_back() -> None:
    assert is_fragment("What fortified this concept?")
    assert not is_fragment("What fortified this concept of Orsa?")
    assert not is_fragment("Which policy did Orsa follow?")


@pytest.mark.parametrize(
    "previous",
    [
        "How much revenue did Castor get from pumps in Q3 2025?",
        "What was Castor's pumps revenue in Q3 2025?",
    ],
)
def test_at_what_margin_is_of_the_part_asked_for_before(previous: str) -> None:
    whole = standalone("At what gross margin?", [previous])
    assert whole == "What was Castor's pumps gross margin in Q3 2025?"


def test_name_of_two_words_is_one_name() -> None:
    previous = "How many cars did XPeng deliver in Q4 2025?"
    assert standalone("and Li Auto?", [previous]) == "How many cars did Li Auto deliver in Q4 2025?"
    previous = "What was Li Auto's revenue in 2025?"
    assert standalone("and XPeng?", [previous]) == "What was XPeng's revenue in 2025?"


def test_three_months_later_is_the_next_quarter() -> None:
    asked = "What operating loss did Castor make in Q1 2025?"
    assert standalone("and three months later?", [asked]) == asked.replace("Q1", "Q2")
    assert standalone("and six months earlier?", [asked]) == asked.replace("Q1 2025", "Q3 2024")


@pytest.mark.parametrize(
    ("text", "history", "wholes"),
    [
        ("And how many a month? After Q1 2026?", ["What growth does the 550,000 target imply?"],
         ["How many a month does the 550,000 target imply?",
          "How many a month does the 550,000 target imply after Q1 2026?"]),
        ("And the year before? What growth is that?", ["What was Orsa's R&D expense in 2024?"],
         ["What was Orsa's R&D expense in 2023?",
          "What is the percentage change in Orsa's R&D expense from 2023 to 2024?"]),
    ],
)  # fmt: skip
def test_each_question_of_a_message_is_a_turn(
    text: str, history: list[str], wholes: list[str]
) -> None:
    pieces = several(text)
    assert len(pieces) == len(wholes)
    for piece, whole in zip(pieces, wholes, strict=True):
        assert standalone(piece, history) == whole
        history = [*history, whole]


@pytest.mark.parametrize(
    "text",
    [
        "What was Orsa's revenue in 2024?",
        "Orsa made a loss in 2022. And what was its revenue?",  # a statement is no question
        "Does Orsa own a plant? Does Castor own one?",  # neither leans on the other
    ],
)
def test_other_messages_are_one_turn(text: str) -> None:
    assert several(text) == [text]


def test_from_what_to_what_is_shown_anyhow() -> None:
    asked = "Did Orsa's margin improve between 2024 and 2025?"
    assert several(f"{asked} From what to what?") == [asked]


def test_them_are_all_that_the_question_before_names() -> None:
    history = ["How many cars did Nio, XPeng and Li Auto deliver in 2025?"]
    assert standalone("Which of them fell in 2025?", history) == (
        "Which of Nio, XPeng and Li Auto fell in 2025?"
    )


@pytest.mark.parametrize(
    ("text", "history", "whole"),
    [
        ("And in the whole of 2025?", ["What was Orsa's R&D in Q2 2025?", "And in Q3 2025?"],
         "What was Orsa's R&D in 2025?"),
        ("And how many six months earlier?", ["How many stores did Orsa have in September 2025?"],
         "How many stores did Orsa have in March 2025?"),
        ("What growth is that?", ["How many cars did Orsa sell in Q1 2025?", "And a year later?"],
         "What is the percentage change in the number of cars that Orsa did sell from Q1 2025 to Q1 2026?"),
    ],
)  # fmt: skip
def test_small_words_of_a_follow_up_change_nothing_else(
    text: str, history: list[str], whole: str
) -> None:
    assert standalone(text, history) == whole


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("How far did the shares fall on 13 October 2025?", False),
        ("How far did it fall on 13 October 2025?", True),
    ],
)
def test_question_in_plain_words_says_what_it_is_about(text: str, fragment: bool) -> None:
    assert is_fragment(text) is fragment


@pytest.mark.parametrize(
    ("text", "whole", "stray"),
    [
        ("What growth does the 550,000 target imply?",
         "What growth does the 550,000 target imply for every kind of pump?", True),
        ("How many cars did Orsa sell?", "How many cars did Orsa sell in Q4 2025?", False),
        ("What did it cost?", "What did the kind of pump cost?", False),  # it points back
    ],
)  # fmt: skip
def test_new_topic_takes_no_more_than_names_and_times(text: str, whole: str, stray: bool) -> None:
    previous = "Does Castor's rule of Q4 2025 hold for every kind of pump?"
    assert strays(whole, text, previous) is stray


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (
            "And how much did it spend in the five years before?",
            "How much did Castor put into R&D over the previous five years?",
        ),
        (
            "What about the five years before that?",
            "How much did Castor put into R&D over the previous five years?",
        ),
    ],
)
def test_a_stretch_before_or_after_another(text: str, whole: str) -> None:
    assert (
        standalone(text, ["How much will Castor put into R&D over the next five years?"]) == whole
    )


def test_a_rewriting_that_repeats_the_last_question_is_refused() -> None:
    before = "How much will Castor put into R&D over the next five years?"
    again = "What will Castor put into R&D over the next five years?"
    assert not keeps(again, "And what did it sell then?", before)


@pytest.mark.parametrize(
    ("text", "history", "whole"),
    [
        (
            "Down by how much?",
            ["How many cars did Castor hand over in Q1 2026?"],
            "By how much did the number of cars that Castor did hand over change in Q1 2026?",
        ),
        (
            "And one year before that last one?",
            ["What gross margin did the pump segment make in Q3 2025?", "And in Q2?"],
            "What gross margin did the pump segment make in Q2 2024?",
        ),
    ],
)
def test_a_change_of_one_period_and_a_year_before_the_last(
    text: str, history: list[str], whole: str
) -> None:
    assert standalone(text, history) == whole


@pytest.mark.parametrize(
    ("text", "whole", "kept"),
    [
        (
            "What must Q4 2025 R&D be to reach 30 billion?",
            "What was the fastest revenue growth quarter in 2025?",
            False,
        ),
        (
            "What must Q4 2025 R&D be to reach 30 billion?",
            "What must Castor's Q4 2025 R&D be to reach 30 billion?",
            True,
        ),
        (
            "How many pumps were delivered in Q3?",
            "How many pumps were delivered by Castor in Q3 2025?",
            True,
        ),
    ],
)
def test_a_rewriting_keeps_what_a_whole_question_asks(text: str, whole: str, kept: bool) -> None:
    assert keeps(whole, text, "What share of China's pump sales in 2025 was Castor's?") is kept
