"""A Chinese question keeps its names, amounts and periods in translation."""

from __future__ import annotations

import pytest

from assistant.chinese import hints, is_foreign, mended


def test_terms_amounts_and_periods_are_told_to_the_model() -> None:
    told = hints("小鹏2025年前九个月的研发费用是2000亿元吗?")
    assert told == {
        "小鹏": "XPeng",
        "研发费用": "R&D expense",
        "2025年前九个月": "first nine months of 2025",
        "2000亿元": "CNY 200 billion",
    }


@pytest.mark.parametrize(
    ("english", "text", "right"),
    [
        ("What was小米's revenue in 2024?", "小米2024年的收入是多少?", "What was Xiaomi's revenue in 2024?"),
        ("How many cars did Poying deliver in Q1 2025?", "小鹏2025年第一季度交付了多少辆车?",
         "How many cars did Poying deliver in Q1 2025 (XPeng)?"),
        ("What was Xiaomi's revenue?", "小米2025年第三季度的收入是多少?",
         "What was Xiaomi's revenue in Q3 2025?"),
        ("What is Xiaomi's R&D plan worth in US dollars?",
         "小米2000亿元的研发计划折合多少美元?280亿还是290亿?",
         "What is Xiaomi's R&D plan worth in US dollars (CNY 200 billion): 28 billion or 29 billion?"),
        ("How much did Norvik's R&D expense rise in 2024?", "2024年的研发费用增长多少?",
         "How much did R&D expense rise in 2024?"),
        ("How much did Xiaomi invest?", "2021年3月小米宣布投入多少美元?",
         "How much did Xiaomi invest in US dollars in March 2021?"),
        ("What was Xiaomi's revenue in the third quarter of 2025?", "小米2025年第三季度的收入是多少?",
         "What was Xiaomi's revenue in the third quarter of 2025?"),
    ],
)  # fmt: skip
def test_what_a_translation_dropped_is_put_back(english: str, text: str, right: str) -> None:
    assert mended(english, text, ("Norvik",)) == right


def test_only_other_scripts_are_foreign() -> None:
    assert is_foreign("小米的利润?")
    assert not is_foreign("What was CATL’s profit – in €?")


def test_part_of_a_company_that_a_translation_lost_is_put_back() -> None:
    text = "小米手机业务2025年第二季度的毛利率是多少?"
    assert mended("What was Xiaomi's gross margin in Q2 2025?", text) == (
        "What was Xiaomi's gross margin in Q2 2025 (smartphone)?"
    )
    whole = "What was the gross margin of Xiaomi's phones in Q2 2025?"
    assert mended(whole, text) == whole


def test_english_question_about_a_character_is_no_chinese_one() -> None:
    assert not is_foreign(
        "On finance pages I keep seeing 亿 behind numbers. What does it stand for?"
    )
    assert is_foreign("Xiaomi 2024 年研发费用是多少")
    assert is_foreign("2000亿")
