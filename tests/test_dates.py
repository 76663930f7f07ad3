"""Code alone finds the day or year that a "when" question asks for, or says that there is none."""

from __future__ import annotations

import pytest

from assistant.asked import read_question
from assistant.dates import agreed, dated
from assistant.types import Evidence
from tests.test_operands import line

RULE = line("Electric cars must have mechanical door releases from 1 January 2027.", at=0)
RELIEF = line("The purchase tax on electric cars is halved until 31 December 2027.", at=100)
RECALL = line(
    "Xiaomi's regulator announced on 19 September 2025 that 116,887 SU7 cars were recalled.", at=200
)
RESULTS = line(
    "On 19 November 2025, the day after the Q3 results came out, the shares of Castor fell.", at=300
)
HEADER = "| Rule | Applies from | Content |\n|---|---|---|"
ROW = line("| Purchase tax | 1 January 2026 | relief halved |", HEADER, at=400)


def found(question: str, *evidence: Evidence) -> str | None:
    best = agreed(dated(read_question(question), evidence))
    return best.choice.figure.text if best else None


@pytest.mark.parametrize(
    ("question", "place", "date"),
    [
        ("From when must cars have mechanical door releases?", RULE, "1 January 2027"),
        ("Until when is the purchase tax halved?", RELIEF, "31 December 2027"),
        ("When was the recall of the SU7 announced?", RECALL, "19 September 2025"),
        ("From when does the purchase tax relief apply?", ROW, "1 January 2026"),
        ("When did the shares of Castor fall?", RESULTS, "19 November 2025"),
    ],
)
def test_date_is_found_beside_the_words_of_the_question(
    question: str, place: Evidence, date: str
) -> None:
    assert found(question, place) == date


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("How many SU7 cars were recalled?", RECALL),  # no date is asked for
        ("When were mechanical windows required?", RULE),  # another thing
        ("When did the Q3 results come out?", RESULTS),  # the day after is not the day
        ("When will the second phase be finished?",
         line("Building of the second phase began on 25 July 2024.")),
        ("When was the chip plan for 50 billion announced?",
         line("A chip plan of CNY 6 billion was announced on 22 May 2025.")),
        ("When did Castor first spend more than 10 billion?",
         line("In 2020 Castor spent 9 billion, short of the more than 10 billion it first planned.")),
        ("On what day was Castor founded?", line("Castor was founded in April 2010.")),
        # The day of a snippet dates the text alone.
        ("When was the Castor Derby?", line("May 13, 2021 ... The Castor Derby takes place in Rome.")),
    ],
)  # fmt: skip
def test_date_of_another_thing_is_not_found(question: str, place: Evidence) -> None:
    assert found(question, place) is None


def test_day_of_a_report_is_not_the_day_asked_for() -> None:
    place = line("Reuters, in a story of 3 May 2025, has Castor open its plant in June 2026.")
    assert found("When does Castor open its plant?", place) == "June 2026"


def test_of_two_times_that_of_the_clause_asked_about_counts() -> None:
    place = line("Software is barred from cars from 2027, and hardware from 2030.")
    assert found("From when is hardware barred from cars?", place) == "2030"
    assert found("From when is software barred from cars?", place) == "2027"


def test_two_dates_told_as_well_are_no_answer() -> None:
    one = line("Castor opened its plant in June 2025.", at=0)
    other = line("Castor opened its plant in July 2025.", at=100)
    assert found("When did Castor open its plant?", one) == "June 2025"
    assert found("When did Castor open its plant?", one, other) is None


def test_the_finest_of_dates_that_agree_is_given() -> None:
    coarse = line("Castor opened its plant in 2025.", at=0)
    fine = line("Castor opened its plant on 3 June 2025.", at=100)
    assert found("When did Castor open its plant?", coarse, fine) == "3 June 2025"


def test_without_a_name_the_time_of_another_company_is_not_taken() -> None:
    other = line("Orsa's expense reached its highest level in Q3 2025.", title="Peers")
    asked = read_question("When did the expense reach its highest level?")
    assert not dated(asked, [other], "Castor")
    assert dated(asked, [other], "Orsa")
