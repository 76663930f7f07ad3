"""Where a draft loses what is asked for, the place's own sentence stands instead."""

from __future__ import annotations

import pytest

from assistant.asked import read_question
from assistant.own_words import in_own_words, with_recipient
from assistant.types import Evidence
from assistant.verify import verify
from tests.test_decide import evidence

CRASH = (
    "Castor's truck had been going at 116 km/h with its assistant on; "
    "after the driver took over, it struck a concrete wall at about 97 km/h."
)
TARGET = (
    "Analysts at Delta lowered their target for Castor from 66 to 56.5 dollars a share in May 2025 "
    "and named three reasons: dear copper, slow orders and a late plant."
)


def shown(question: str, draft: str, *lines: str) -> str:
    cited: list[Evidence] = [evidence(text, n) for n, text in enumerate(lines, start=1)]
    checked = verify(question, draft, cited)
    return in_own_words(read_question(question), checked, cited).text


def test_neighbours_figure_is_replaced_by_the_sentence_that_has_both() -> None:
    question = "How fast was Castor's truck when it hit the wall?"
    assert "97 km/h" in shown(question, "It was going at 116 km/h. [1]", CRASH)
    right = "It struck the wall at about 97 km/h. [1]"
    assert shown(question, right, CRASH) == right


def test_one_of_two_places_is_not_quoted_for_both() -> None:
    draft = "It was going at 116 km/h. [1] The wall was 2 m high. [2]"
    question = "How fast was Castor's truck when it hit the wall, and how high was that?"
    assert shown(question, draft, CRASH, "The wall was 2 m high.") == draft


def test_reason_that_the_draft_left_out_is_quoted() -> None:
    question = "Why did Delta lower its target for Castor?"
    draft = "Delta lowered its target for Castor from 66 to 56.5 dollars in May 2025. [1]"
    assert "three reasons: dear copper" in shown(question, draft, TARGET)
    told = "Delta lowered its target because of dear copper, slow orders and a late plant. [1]"
    assert shown(question, told, TARGET) == told


@pytest.mark.parametrize(
    ("question", "draft", "line", "kept"),
    [
        (
            "When was the pump shown?",
            "The pump was shown in May 2025. [1]",
            "The pump was shown on 22 May 2025 in Norvik.",
            "22 May 2025",
        ),
        (
            "How many cars did Castor sell?",
            "Castor sold 410,000 cars. [1]",
            "Castor sold 410,000 cars in 2024.",
            "2024",
        ),
    ],
)
def test_day_and_period_that_the_draft_lost_are_quoted(
    question: str, draft: str, line: str, kept: str
) -> None:
    assert kept in shown(question, draft, line)


@pytest.mark.parametrize(
    ("question", "draft", "quoted"),
    [
        ("Who got the first permits?", "The ministry granted the first 2 permits. [1]", True),
        ("Who got the first permits?", "Castor got the first permit. [1]", True),  # and Orsa
        ("Who got the first permits?", "Castor and Orsa got the first permits. [1]", False),
        ("Who granted the first permits?", "The ministry granted the first 2 permits. [1]", False),
    ],
)
def test_everybody_who_got_it_is_named(question: str, draft: str, quoted: bool) -> None:
    place = evidence(
        "The ministry granted the first 2 permits in 2021. One went to Castor, the other to Orsa."
    )
    checked = verify(question, draft, (place,))
    told = with_recipient(read_question(question), checked, (place,))
    assert (told.claims[0].text == place.text) is quoted
    assert (told is checked) is not quoted
