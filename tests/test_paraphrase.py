"""A question in other words must ask the same; what changes it is thrown away."""

from __future__ import annotations

import pytest

from assistant.asked import read_question
from assistant.paraphrase import keeps, lost_part

ASKED = [
    (
        "What did Orsa plough into research between January and September 2025?",
        "What was Orsa's R&D expense in the first nine months of 2025?",
    ),
    ("cars handed over by Orsa jul-sep 2025", "What were Orsa's deliveries in Q3 2025?"),
    (
        "By how many percent did Orsa's volume go up in 2025?",
        "What was the growth of Orsa's sales in 2025, in percent?",
    ),
]
CHANGED = [
    # another period, or one that nobody asked for
    ("cars handed over by Orsa in Q3 2025", "What were Orsa's deliveries in Q4 2025?"),
    ("how many ppl at the Munich office", "How many employees had the Munich office in 2021?"),
    # a name lost, new, or of the examples
    ("How old was the man who died in Chengdu?", "What was the driver's age?"),
    ("who actually makes the chip for them?", "Who makes the chip for Norvik?"),
    ("Who runs the unit of Orsa?", "Who leads the dairy unit of Orsa Wuhan?"),
    # the part of the company lost, and nothing said in its place
    ("gross margin on Orsa handsets 2Q25?", "What was Orsa's gross margin in Q2 2025?"),
    # an amount lost, a turn of the question lost, nothing new said
    ("Of the 200 billion, how much is for robots?", "What is the amount allocated for robots?"),
    ("How many of its cars run on batteries only?", "How many cars of it use batteries alone?"),
    ("Who supplies the cells in the Orsa One?", "Who supplies the cells for the Orsa One?"),
    # another kind of answer
    ("How much money did the court tell Orsa to pay?", "What was the judgment against Orsa?"),
    # no question, and none in English
    ("Orsa R and D in 2017", "Orsa's R&D expense in 2017."),
    ("Orsa R and D in 2017", "奥萨2017年的研发费用是多少?"),
]


@pytest.mark.parametrize(("text", "said"), ASKED)
def test_the_same_in_plain_words_is_asked(text: str, said: str) -> None:
    assert keeps(read_question(text), read_question(said))


@pytest.mark.parametrize(("text", "said"), CHANGED)
def test_what_asks_for_something_else_is_not(text: str, said: str) -> None:
    assert not keeps(read_question(text), read_question(said))


def test_a_part_of_a_company_is_not_lost() -> None:
    made = read_question("How much did Orsa make with internet services in Q3 2025?")
    profit = read_question("What was Orsa's net profit in Q3 2025?")
    lost = lost_part(made, profit)
    assert lost is not None
    assert lost.search("It sells phones, internet services and cars.")
    assert lost.search("Internet revenue rose.")
    assert not lost.search("Net profit rose on the internet.")
    assert lost_part(profit, read_question("What was the net profit of Orsa in Q3 2025?")) is None
