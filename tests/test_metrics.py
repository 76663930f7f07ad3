"""The metrics are strict: each has hand-made answers that it must fail."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.figures import periods, read_numbers, same
from evals.judging import contains, judge
from evals.metrics import mcnemar, metrics, percentile, score, share
from evals.places import found_place, sound_figures
from evals.suite import Gold, Item, item_from_json

SENTENCE = "Xiaomi spent CNY 24.1 billion on R&D in 2024, up 25.9%."


def item(**fields: Any) -> Item:
    row = {"id": "q", "question": "How much did Xiaomi spend on R&D in 2024?", "type": "fact"}
    return item_from_json(row | fields)


def row(answer: str, **fields: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "id": "q",
        "question": "How much did Xiaomi spend on R&D in 2024?",
        "asked": "How much did Xiaomi spend on R&D in 2024?",
        "answer": answer,
        "status": "answered",
        "abstained": False,
        "citations": [],
        "hits": [],
        "evidence": [],
        "checks": [],
        "seconds": {"total": 1.0},
    }
    return base | fields


def cited(text: str, number: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "number": number,
        "doc": "a.md",
        "page": None,
        "start": 0,
        "end": 9,
        "text": text,
    } | fields


RD = {"figures": [{"value": 24.1, "unit": "billion", "currency": "CNY", "period": "2024"}]}
DECLINED = {"status": "not_found", "abstained": True}


# ---------------------------------------------------------------- right and wrong


@pytest.mark.parametrize(
    "answer",
    [
        "CNY 24.1 billion in 2024 [1].",
        "It spent RMB 24,100 million.",
        "24.05 billion yuan in FY2024.",
        "R&D was 241 亿元.",
        "About CNY24.1bn, up 25.9% from CNY 19.1 billion in 2023.",
        "CNY 24.1 billion, or about US$3.4 billion.",
    ],
)
def test_a_figure_is_right_whatever_its_scale_word(answer: str) -> None:
    assert judge(item(accept=RD), row(answer))[0] == "right"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("CNY 21.4 billion in 2024.", "wrong figure"),
        ("US$24.1 billion in 2024.", "wrong currency"),
        ("CNY 24.1 billion in 2023.", "wrong period"),
        ("CNY 24.1 billion in Q3 2024.", "a quarter is not the year"),
        ("CNY 24.1 million in 2024.", "wrong scale"),
        ("24.1% in 2024.", "wrong unit"),
        ("CNY 24.1 billion or CNY 19.1 billion.", "hedge in a sentence"),
        ("It was CNY 24.1 billion, while another report says CNY 30 billion.", "hedge"),
        ("R&D spending was CNY 24.1 billion. R&D spending was CNY 30 billion.", "two sentences"),
        ("It spent a lot in 2024.", "no figure"),
        ("", "nothing"),
    ],
)
def test_a_figure_that_is_off_is_wrong(answer: str, why: str) -> None:
    assert judge(item(accept=RD), row(answer))[0] == "wrong", why


def test_a_sentence_with_two_things_is_no_hedge() -> None:
    told = "Phase one makes 150,000 cars, 300,000 cars together. Phase two makes 150,000 cars."
    assert judge(item(question="Phase two?", answer="150,000"), row(told))[0] == "right"


def test_a_forbidden_value_makes_a_right_answer_wrong() -> None:
    strict = RD | {"must_not": ["CNY 30 billion", "guaranteed"]}
    assert judge(item(accept=strict), row("CNY 24.1 billion in 2024."))[0] == "right"
    told = "CNY 24.1 billion in 2024 and CNY 30 billion in 2025."
    assert judge(item(accept=strict), row(told))[0] == "wrong"
    assert judge(item(accept=strict), row("CNY 24.1 billion, guaranteed."))[0] == "wrong"


def test_two_values_are_right_where_the_documents_disagree() -> None:
    sides = {"figures": [{"value": "28", "unit": "billion", "currency": "USD"},
                         {"value": "29", "unit": "billion", "currency": "USD"}]}  # fmt: skip
    asked = item(accept=sides, status="conflict", question="How much in dollars?")
    both = "One says US$28 billion, another US$29 billion."
    assert judge(asked, row(both, status="conflict"))[0] == "right"
    assert judge(asked, row("US$28 billion.", status="conflict"))[0] == "wrong"


def test_all_of_and_any_of_are_needed() -> None:
    asked = item(accept={"all_of": ["own chip", ["own OS", "HyperOS"]], "any_of": ["2026", "2027"]})
    assert judge(asked, row("Its own chip and HyperOS in 2026."))[0] == "right"
    assert judge(asked, row("Its own chip and HyperOS."))[0] == "wrong"
    assert judge(asked, row("Its own chip in 2026."))[0] == "wrong"


@pytest.mark.parametrize(
    ("accepted", "answer", "verdict"),
    [
        ("the Eiffel Tower", "It is Eiffel-Tower!", "right"),
        ("12,345", "12345 units", "right"),
        ("12,345", "12.3 million", "right"),
        ("0.05", "5%", "right"),
        ("-19.91", "It fell by 19.91%.", "right"),
        ("-19.91", "It rose by 19.91%.", "wrong"),
        ("3", "It is $3,000.", "wrong"),
        ("10 December 2020", "On December 10, 2020.", "right"),
        ("10 December 2020", "On December 11, 2020.", "wrong"),
        ("Dec. 10, 2020", "Released 10 Dec 2020.", "right"),
        ("2018", "In fiscal 2018.", "right"),
        ("2018", "In 2019.", "wrong"),
        ("cat", "a category", "wrong"),
        ("410,000 vehicles", "It delivered over 410,000 cars and vehicles.", "right"),
    ],
)
def test_accepted_strings_are_found_as_whole_words(
    accepted: str, answer: str, verdict: str
) -> None:
    assert judge(item(question="What?", answer=accepted), row(answer, asked=""))[0] == verdict


def test_a_fall_that_the_question_names_needs_no_sign_in_the_answer() -> None:
    asked = item(question="How far did deliveries fall?", answer="-18.81")
    assert judge(asked, row("By 18.8%."))[0] == "right"
    assert judge(asked, row("They rose by 18.8%."))[0] == "wrong"
    assert judge(item(question="What changed?", answer="-18.81"), row("18.8%"))[0] == "wrong"


def test_every_member_of_a_list_is_needed() -> None:
    asked = item(question="Which?", answer=["6,551", "0"], answer_kind="list")
    assert judge(asked, row("They were 6,551 and 0."))[0] == "right"
    assert judge(asked, row("It was 6,551."))[0] == "wrong"


def test_free_text_needs_the_polarity_and_the_content() -> None:
    gold = "Yes, the business is cyclical because it depends on commercial airlines and defence."
    asked = item(question="Is it cyclical?", answer=gold, answer_kind="yesno+explanation")
    said = "Yes: it depends on airlines, commercial demand and defence budgets."
    assert judge(asked, row(said)) == ("right", "says the same, approximately", True)
    assert judge(asked, row("No, it depends on commercial airlines and defence."))[0] == "wrong"
    assert judge(asked, row("Yes."))[0] == "wrong"


def test_the_direction_decides_where_it_is_asked_for() -> None:
    asked = item(question="Did wages increase or decrease?", answer="Wages increased in 2023.",
                 answer_kind="text")  # fmt: skip
    assert judge(asked, row("Wages increased."))[0] == "right"
    assert judge(asked, row("Wages decreased."))[0] == "wrong"


# ---------------------------------------------------------------- declining


def test_declining_is_right_only_where_nothing_can_be_known() -> None:
    assert judge(item(answerable=False), row("The documents do not say.", **DECLINED))[0] == "right"
    assert judge(item(accept=RD), row("The documents do not say.", **DECLINED))[0] == "declined"
    assert judge(item(answerable=False), row("CNY 24.1 billion."))[0] == "wrong"


def test_a_refusal_that_leaks_a_figure_did_not_decline() -> None:
    leak = row("The documents do not say, but it may be CNY 31 billion.", **DECLINED)
    verdict, why, _ = judge(item(answerable=False), leak)
    assert verdict == "wrong"
    assert "tells a figure" in why
    assert judge(item(accept=RD), leak)[0] == "wrong"


def test_a_refusal_may_repeat_the_figure_that_was_asked_about() -> None:
    asked = item(question="Is CNY 50 billion for chips in 2031?", answerable=False)
    told = row("Nothing is said about CNY 50 billion.", asked=asked.question, **DECLINED)
    assert judge(asked, told)[0] == "right"


def test_the_expected_status_makes_a_question_unanswerable() -> None:
    assert not item(status="refused").answerable


# ---------------------------------------------------------------- citations and figures


def test_a_citation_is_the_same_place_only_in_its_document_page_and_figure() -> None:
    gold = Gold("a.md", SENTENCE, 5)
    assert found_place(gold, cited("spent CNY 24.1 billion on R&D in 2024", page=6))
    assert not found_place(gold, cited(SENTENCE, page=7))
    assert not found_place(gold, cited(SENTENCE, doc="b.md"))
    assert not found_place(gold, cited("Xiaomi spent CNY 19.1 billion on R&D then, up a lot."))
    assert not found_place(gold, cited("A sentence on cars."))
    assert not found_place(gold, cited(""))


def test_a_right_figure_cited_to_the_wrong_sentence_is_neither_precise_nor_sound() -> None:
    asked = item(accept=RD, evidence=[{"doc": "a.md", "text": SENTENCE}])
    answer = "Xiaomi spent CNY 24.1 billion on R&D in 2024. [1]"
    good = score(asked, row(answer, citations=[cited(SENTENCE)]))
    bad = score(asked, row(answer, citations=[cited("Xiaomi delivered 136,854 cars in 2024.")]))
    assert (good.verdict, good.cited, good.covered) == ("right", (True,), (True,))
    assert (bad.verdict, bad.cited, bad.covered) == ("right", (False,), (False,))
    assert dict(good.sound)["CNY 24.1 billion"]
    assert not dict(bad.sound)["CNY 24.1 billion"]


def test_each_sentence_is_held_to_its_own_citation() -> None:
    answer = "R&D was CNY 24.1 billion. [1] Cars were 136,854. [1]"
    places = [cited(SENTENCE), cited("Xiaomi delivered 136,854 cars.", 2)]
    assert [ok for _, ok in sound_figures(row(answer, citations=places))] == [True, False]


@pytest.mark.parametrize(
    ("answer", "sound"),
    [
        ("CNY 24.1 billion [1]", True),
        ("US$24.1 billion [1]", False),
        ("CNY 24.1 million [1]", False),
        ("CNY 24.2 billion [1]", False),
        ("25.9% [1]", True),
        ("25.9 percentage points [1]", False),
        ("It rose 26% in 2023 [1]", False),
    ],
)
def test_soundness_is_exact_in_value_scale_and_unit(answer: str, sound: bool) -> None:
    found = [ok for _, ok in sound_figures(row(answer, asked="", citations=[cited(SENTENCE)]))]
    assert all(found) is sound
    assert found


def test_a_computed_figure_is_sound_only_when_it_can_be_computed_again() -> None:
    places = [cited("R&D was CNY 24.1 billion."), cited("R&D was CNY 19.1 billion.", 2)]
    told = [{"figure": "26.2%", "verdict": "computed"}, {"figure": "31.7%", "verdict": "computed"}]
    good = row("It grew by 26.2%. [1] [2]", citations=places, checks=told)
    bad = row("It grew by 31.7%. [1] [2]", citations=places, checks=told)
    unchecked = row("It grew by 26.2%. [1] [2]", citations=places)
    assert [ok for _, ok in sound_figures(good)] == [True]
    assert [ok for _, ok in sound_figures(bad)] == [False]
    assert [ok for _, ok in sound_figures(unchecked)] == [False]


def test_a_year_may_stand_around_the_cited_row_but_a_value_may_not() -> None:
    place = cited("| R&D | 24.1 |", around="| CNY billion | 2024 | 31 |")
    figures = dict(
        sound_figures(row("R&D was 24.1 in 2024 and 31. [1]", asked="", citations=[place]))
    )
    assert figures == {"24.1": True, "2024": True, "31": False}


# ---------------------------------------------------------------- stages


def stage(**fields: Any) -> str:
    asked = item(accept=RD, evidence=[{"doc": "a.md", "text": SENTENCE}])
    return score(asked, row("CNY 1 billion in 2024.") | fields).stage


def test_the_stage_is_the_first_that_lost_the_answer() -> None:
    place = cited(SENTENCE)
    other = cited("Cars.")
    assert stage(readable=[False]) == "reading"
    assert stage(readable=[True], hits=[other]) == "retrieval"
    assert stage(hits=[place], evidence=[other]) == "evidence"
    assert stage(hits=[place], evidence=[place]) == "answer"
    assert stage(hits=[place], evidence=[place], draft="CNY 24.1 billion in 2024.") == "check"
    assert stage(answer="CNY 24.1 billion in 2024.") == ""


# ---------------------------------------------------------------- the figures of a run


def test_recall_and_rank_count_only_passages_that_hold_the_place() -> None:
    asked = item(accept=RD, evidence=[{"doc": "a.md", "text": SENTENCE}])
    hits = [cited("Cars."), cited("Phones."), cited(SENTENCE)]
    whole = metrics([score(asked, row("CNY 24.1 billion", hits=hits))])
    assert whole["recall"] == {"1": 0.0, "5": 1.0, "10": 1.0}
    assert whole["mrr"] == pytest.approx(1 / 3, abs=1e-4)
    missed = metrics([score(asked, row("CNY 24.1 billion", hits=hits[:2]))])
    assert (missed["recall"]["10"], missed["mrr"]) == (0.0, 0.0)


def test_places_of_one_part_are_alternatives_and_every_part_is_needed() -> None:
    places = [{"doc": "a.md", "text": text, "parts": parts}
              for text, parts in ((SENTENCE, [1]), ("R&D cost CNY 24.1 billion.", [1]),
                                  ("Acme sold 136,854 cars.", [2]))]  # fmt: skip
    asked = item(accept=RD, evidence=places)
    first, second = cited(SENTENCE), cited("Acme sold 136,854 cars.")
    half = row("CNY 1 billion", hits=[first], evidence=[first], citations=[first])
    both = row("CNY 1 billion", hits=[first, second], evidence=[first, second])
    assert metrics([score(asked, half)])["recall"]["5"] == 0.5
    assert metrics([score(asked, half)])["citation_recall"]["share"] == 0.5
    assert score(asked, half).stage == "retrieval"
    assert metrics([score(asked, both)])["recall"]["5"] == 1.0
    assert metrics([score(asked, both)])["evidence_all_reached"]["share"] == 1.0
    assert score(asked, both).stage == "answer"


def test_shares_are_of_answerable_questions_and_the_rest_is_apart() -> None:
    scored = [
        score(item(accept=RD), row("CNY 24.1 billion in 2024.")),
        score(
            item(accept=RD), row("CNY 1 billion.", checks=[{"figure": "1", "verdict": "supported"}])
        ),
        score(item(accept=RD), row("No.", **DECLINED)),
        score(item(answerable=False), row("No.", **DECLINED)),
        score(item(answerable=False), row("CNY 2 billion.")),
    ]
    whole = metrics(scored)
    assert [whole[k]["count"] for k in ("right", "wrong", "declined")] == [1, 1, 1]
    assert [whole[k]["total"] for k in ("right", "wrong", "declined")] == [3, 3, 3]
    assert whole["unanswerable_declined"]["share"] == 0.5
    assert whole["right_minus_wrong"] == 0.0
    assert whole["wrong_supported_figures"] == 1


def test_conflicts_are_counted_by_status_both_ways() -> None:
    scored = [
        score(item(status="conflict", answer="28"), row("28 or 29", status="conflict")),
        score(item(status="conflict", answer="28"), row("28")),
        score(item(answer="24"), row("24", status="conflict")),
    ]
    whole = metrics(scored)
    assert (whole["conflict_recall"]["share"], whole["conflict_precision"]["share"]) == (0.5, 0.5)


def test_wilson_intervals_hold_known_values() -> None:
    half = share(5, 10)
    assert (half.low, half.high) == (
        pytest.approx(0.2366, abs=1e-4),
        pytest.approx(0.7634, abs=1e-4),
    )
    assert share(0, 10).low == 0.0
    assert share(10, 10).high == 1.0
    assert share(0, 0).share is None


def test_mcnemar_is_exact() -> None:
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(5, 0) == pytest.approx(0.0625)
    assert mcnemar(3, 3) == 1.0
    assert mcnemar(10, 1) == pytest.approx(0.01171875)


def test_percentiles_interpolate() -> None:
    assert percentile([1, 2, 3, 4], 0.5) == 2.5
    assert percentile([7], 0.95) == 7
    assert percentile([], 0.5) is None


# ---------------------------------------------------------------- invariants


@given(st.integers(0, 400), st.integers(0, 400))
def test_an_interval_holds_its_share(count: int, more: int) -> None:
    found = share(count, count + more)
    assert found.share is None or 0 <= found.low <= found.share <= found.high <= 1


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_a_probability_and_symmetric(gained: int, lost: int) -> None:
    assert 0 < mcnemar(gained, lost) == mcnemar(lost, gained) <= 1


@given(
    st.integers(10, 10**9),
    st.sampled_from(["", "$", "CNY ", "€"]),
    st.sampled_from(["", "%", " billion"]),
)
def test_a_figure_states_itself_and_not_its_double(value: int, before: str, after: str) -> None:
    if after == "%":
        before = ""
    (number,) = read_numbers(f"{before}{value:,}{after}")
    if number.unit == "year":
        return
    (double,) = read_numbers(f"{before}{2 * value:,}{after}")
    assert same(number, number)
    assert not same(double, number)


@given(st.text(max_size=80))
def test_any_text_can_be_read_and_contains_itself(text: str) -> None:
    read_numbers(text)
    judge(item(accept=RD), row(text))
    list(sound_figures(row(text, citations=[cited(text)])))
    assert contains(text, text) or not contains(text + " x", text)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("SU7, 10-K, Q3 2025, FY2024, 5G and 3nm", ["2025"]),
        ("(4,422) and -3.5", ["-4422", "-3.5"]),
        ("2021-2025, pages 3-5", ["2021", "2025", "3", "5"]),
        ("200亿元 and 5万", ["20000000000", "50000"]),
        ("US$28bn on 22 May 2025", ["28000000000", "20250522"]),
    ],
)
def test_the_reader_reads_what_is_printed(text: str, values: list[str]) -> None:
    assert [str(n.value.normalize() + 0) if "E" not in str(n.value) else str(int(n.value))
            for n in read_numbers(text)] == values  # fmt: skip


def test_result_is_computed_again_from_operands_of_cell_and_sentence() -> None:
    cited = [
        {"number": 1, "doc": "a", "text": "| Q3 2025 | 9.1 |", "around": "R&D (CNY billion)"},
        {"number": 2, "doc": "a", "text": "In Q2 2025 R&D was CNY 7.76 billion.", "around": ""},
    ]
    formula = "(CNY 9.1 billion (Q3 2025) − CNY 7.76 billion (Q2 2025)) / CNY 7.76 billion"
    for result, sound in (("17.3%", True), ("71.3%", False)):
        answered = row(
            f"A rise of {result}: {formula} = {result}. [1] [2]",
            citations=cited,
            checks=[{"figure": result, "verdict": "computed"}],
        )
        assert all(ok for _, ok in sound_figures(answered)) is sound


def test_a_yearly_growth_is_computed_again_over_the_years_of_its_formula() -> None:
    cited = [
        {"number": 1, "doc": "a", "text": "| 2024 | 24.1 |", "around": "R&D (CNY billion)"},
        {"number": 2, "doc": "a", "text": "| 2020 | 9.3 |", "around": "R&D (CNY billion)"},
    ]
    for result, years, sound in (("26.9%", 4, True), ("26.9%", 5, False), ("29.6%", 4, False)):
        formula = f"(CNY 24.1 billion (2024) / CNY 9.3 billion (2020))^(1/{years}) − 1 = {result}"
        answered = row(
            f"{result} a year, compounded: {formula}. [1] [2]",
            asked="What was the yearly growth of R&D from 2020 to 2024?",
            citations=cited,
            checks=[{"figure": result, "verdict": "computed"}],
        )
        assert all(ok for _, ok in sound_figures(answered)) is sound


def test_a_year_before_a_comma_is_a_period() -> None:
    assert periods("sold abroad in 2025, a rise of 145%") == {(2025, "")}
    assert periods("a bus for 2,025 people and 2025,000 yuan") == set()


def test_amount_in_brackets_behind_another_is_no_loss() -> None:
    assert [n.value for n in read_numbers("CNY 13.5 billion (US$1.9 billion), a loss of (1.9)")] == [
        Decimal("13500000000"), Decimal("1900000000"), Decimal("-1.9"),
    ]  # fmt: skip
