"""A claim is shown only with the place that backs every figure and name of it."""

from __future__ import annotations

import pytest

from assistant.figures import read_figures
from assistant.types import Evidence, Passage, PassageKind, Source, Span, Verdict
from assistant.verify import claims_of, quote, verify

ARTICLE = Source("article.md", "0" * 64, "Xiaomi's R&D plan")
PEERS = Source("peers.md", "2" * 64, "Deliveries of the peers")
TABLE = Source("rd.md", "1" * 64, "R&D expense by year")


def evidence(number: int, text: str, source: Source = ARTICLE, context: str = "") -> Evidence:
    kind = PassageKind.TABLE_ROW if text.startswith("|") else PassageKind.PROSE
    span = Span(number * 1000, number * 1000 + len(text))
    passage = Passage(source, span, text, kind, (), context)
    return Evidence(number, passage, span, text, 1.0, read_figures(text, context))


LINES = (
    evidence(1, "Lei Jun announced CNY 200 billion (about $28 billion) of R&D over five years."),
    evidence(2, "The previous five-year spend was CNY 105 billion."),
    evidence(3, "Xiaomi delivered over 410,000 vehicles in 2025 and targets 550,000 for 2026."),
    evidence(4, "| Q3 2025 | 9.1 | 52.1 |", TABLE, "| Quarter | R&D (CNY bn) | Change (%) |"),
    evidence(5, "BYD delivered 4.6 million vehicles in 2025.", PEERS),
)
PARAGRAPH = (
    "R&D was CNY 7.76 billion in Q2 2025. It was CNY 9.1 billion in Q3 2025. Deliveries rose."
)


def test_period_of_a_neighbouring_sentence_is_no_support() -> None:
    passage = Passage(ARTICLE, Span(0, len(PARAGRAPH)), PARAGRAPH)
    first = "R&D was CNY 7.76 billion in Q2 2025."
    line = Evidence(1, passage, Span(0, len(first)), first, 1.0, read_figures(first))
    checked = verify(QUESTION, "R&D was CNY 7.76 billion in Q3 2025. [1]", [line])
    assert "Q3" not in checked.text


QUESTION = "How much will Xiaomi invest in R&D over the next five years?"

SOUND = [
    ("Xiaomi will invest CNY 200 billion in R&D over five years. [1]", 1),
    ("Xiaomi plans RMB 200bn of R&D over five years [1].", 1),
    ("The plan is 2,000 亿元 of R&D over five years. [1]", 1),
    ("R&D was CNY 9.1 billion in Q3 2025. [4]", 4),
    ("Xiaomi delivered more than 410,000 cars in 2025. [3]", 3),
    ("The previous five-year spend was CNY 105 billion.", 2),  # no marker: attached by code
    ("The previous five-year spend was CNY 105 billion. [1]", 2),  # the wrong line was named
]


@pytest.mark.parametrize(("draft", "line"), SOUND)
def test_backed_claim_keeps_its_words_and_cites_its_line(draft: str, line: int) -> None:
    checked = verify(QUESTION, draft, LINES)
    assert [c.quote for c in checked.citations] == [LINES[line - 1].text]
    assert checked.quoted == checked.dropped == 0
    assert all(check.verdict is Verdict.SUPPORTED for check in checked.checks)


UNSOUND = [
    "Xiaomi will invest CNY 210 billion in R&D over five years. [1]",
    "Xiaomi will invest USD 200 billion in R&D over five years. [1]",
    "Xiaomi will invest CNY 200 million in R&D over five years. [1]",
    "Xiaomi will invest CNY 200 billion in R&D over six years. [1]",
    "Apple will invest CNY 200 billion in R&D over five years. [1]",
    "Xiaomi delivered 410,000 vehicles in 2024. [3]",
    "R&D was CNY 9.1 billion in Q2 2025. [4]",
    "Xiaomi delivered 900,000 vehicles in 2025. [3]",
    "Xiaomi delivered 4.6 million vehicles in 2025. [5]",
]


@pytest.mark.parametrize("draft", UNSOUND)
def test_claim_with_a_wrong_figure_or_name_is_never_shown(draft: str) -> None:
    checked = verify(QUESTION, draft, LINES)
    wrong = draft.rpartition(" [")[0]
    assert wrong not in checked.text
    assert checked.quoted + checked.dropped == 1
    for claim in checked.claims:  # what stands in its place is the document's own sentence
        assert any(
            claim.text.startswith(line.text[:20].lstrip("| ")) or line.passage.context
            for line in LINES
        )


def test_marker_that_points_nowhere_is_dropped() -> None:
    checked = verify(QUESTION, "The previous five-year spend was CNY 105 billion. [9]", LINES)
    assert checked.text == "The previous five-year spend was CNY 105 billion. [1]"


def test_citations_are_numbered_by_first_use() -> None:
    draft = "The previous five-year spend was CNY 105 billion. [2] The plan is CNY 200 billion. [1]"
    checked = verify(QUESTION, draft, LINES)
    assert [c.quote for c in checked.citations] == [LINES[1].text, LINES[0].text]
    assert checked.text.endswith("The plan is CNY 200 billion. [2]")


def test_quotation_is_the_sentence_character_for_character() -> None:
    checked = quote(LINES, 2)
    assert [claim.text for claim in checked.claims] == [LINES[0].text, LINES[1].text]
    assert all(check.verdict is Verdict.SUPPORTED for check in checked.checks)


@pytest.mark.parametrize(
    ("draft", "claims"),
    [
        ("A is 5. [1] B is 6. [2]", [("A is 5.", (1,)), ("B is 6.", (2,))]),
        ("A is 5 [1][3].", [("A is 5.", (1, 3))]),
        ("A is 5. [1], [2], [3]", [("A is 5.", (1, 2, 3))]),
        ("A is 5 [1, 2].", [("A is 5.", (1, 2))]),
        ("[1]", []),
        ("", []),
    ],
)
def test_draft_is_cut_into_claims_and_line_numbers(
    draft: str, claims: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert claims_of(draft) == claims


def test_figure_of_the_other_year_of_a_sentence_is_no_support() -> None:
    both = evidence(1, "R&D was CNY 24.1 billion in 2024, up from CNY 19.1 billion in 2023.")
    assert (
        "2023"
        not in verify("R&D?", "R&D was CNY 24.1 billion in 2023. [1]", [both]).claims[0].text[:36]
    )
    true = "R&D was CNY 19.1 billion in 2023."
    assert verify("R&D?", f"{true} [1]", [both]).claims[0].text == true


def test_cell_of_the_other_years_column_is_no_support() -> None:
    row = evidence(1, "| Swiss | 212 | 177 |", TABLE, "| Income | 2019 | 2018 |")
    true, false = "Swiss income was 177 in 2018.", "Swiss income was 212 in 2018."
    assert verify("Swiss income?", f"{true} [1]", [row]).claims[0].text == true
    assert verify("Swiss income?", f"{false} [1]", [row]).text != f"{false} [1]"


def test_film_of_the_question_must_stand_in_the_cited_place() -> None:
    other = evidence(1, "Liu Yifei is the lead actress of Mulan.", PEERS)
    draft = "Liu Yifei is the lead actress in The Shape of Water. [1]"
    question = "Who is the lead actress in The Shape of Water?"
    assert verify(question, draft, [other]).text != draft


def test_unit_of_money_is_not_taken_for_a_name() -> None:
    line = evidence(1, "Goldman has a target of HK$53.5 for Xiaomi.")
    draft = "Goldman's target for Xiaomi is HK$53.5."
    assert verify("Target?", f"{draft} [1]", [line]).claims[0].text == draft


def test_another_measure_of_a_sentence_is_no_support_whatever_its_period() -> None:
    line = evidence(
        1,
        "In Q4 2024 alone, revenue was CNY 109,005.2 million at Orsa, a gain of 48.8%, and adjusted "
        "net profit CNY 8,316.2 million.",
    )
    false = "Orsa's adjusted net profit in Q4 2024 was CNY 109,005.2 million."
    true = "Orsa's adjusted net profit in Q4 2024 was CNY 8,316.2 million."
    assert verify("Profit?", f"{false} [1]", [line]).claims[0].text != false
    assert verify("Profit?", f"{true} [1]", [line]).claims[0].text == true


def test_the_line_that_tells_most_is_cited_for_a_claim_without_figures() -> None:
    vague = evidence(1, "Ann Berg won the final in straight sets.")
    exact = evidence(2, "Ann Berg beat Eva Lind to win the 2013 Castor Open final.")
    checked = verify(
        "Who won the Castor Open final in 2013?",
        "Ann Berg won the 2013 Castor Open final. [1]",
        [vague, exact],
    )
    assert [c.quote for c in checked.citations] == [exact.text]


def test_winner_of_another_year_is_not_the_winner_asked_for() -> None:
    item = evidence(1, "Oct 29, 2019: leading the list is 2018 Castor Prize winner Ann Berg.")
    question = "Who is the Castor Prize winner in 2019?"
    checked = verify(question, "Ann Berg is the Castor Prize winner in 2019. [1]", [item])
    assert not any("in 2019" in claim.text for claim in checked.claims)


def test_another_form_of_a_name_is_no_strange_name() -> None:
    item = evidence(1, "Voters in France chose Emil Marc to be their next president in 2017.")
    checked = verify(
        "Who won the French Presidential Election 2017?",
        "Emil Marc won the French Presidential Election 2017. [1]",
        [item],
    )
    assert checked.quoted == checked.dropped == 0


def test_a_profit_is_no_revenue_and_since_a_year_is_not_in_it() -> None:
    profit = evidence(1, "Castor made an average profit of CNY 6,434 a car in Q3 2025.")
    checked = verify("Revenue?", "Castor's revenue was CNY 6,434 in Q3 2025. [1]", [profit])
    assert "revenue" not in checked.text
    since = evidence(1, "Castor, listed since 2018, sold 300 pumps.")
    checked = verify("Pumps in 2018?", "Castor sold 300 pumps in 2018. [1]", [since])
    assert "in 2018" not in checked.text


def test_what_is_only_supposed_is_told_with_what_it_supposes() -> None:
    even = evidence(1, "Spread evenly, Castor's plan works out at CNY 40 billion a year.")
    bare = verify("R&D in 2030?", "Castor's plan is CNY 40 billion a year. [1]", [even])
    assert bare.text == "Spread evenly, Castor's plan works out at CNY 40 billion a year. [1]"
    told = verify("R&D in 2030?", "Spread evenly, it is CNY 40 billion a year. [1]", [even])
    assert told.text == "Spread evenly, it is CNY 40 billion a year. [1]"


def test_the_day_after_an_event_is_not_the_day_of_it() -> None:
    place = evidence(
        1, "On 19 November 2025, the day after the Q3 results came out, Castor's shares fell."
    )
    out = verify("When did Castor's Q3 results come out?", "Castor's Q3 results came out on 19 November 2025. [1]", [place])  # fmt: skip
    assert "came out on" not in out.text
    kept = verify("When did Castor's shares fall?", "Castor's shares fell on 19 November 2025. [1]", [place])  # fmt: skip
    assert kept.text == "Castor's shares fell on 19 November 2025. [1]"


def test_adjusted_profit_is_not_told_as_profit() -> None:
    place = evidence(1, "Castor's adjusted net profit was CNY 11.3 billion in Q3 2025.")
    out = verify("What was Castor's net profit in Q3 2025?",
                 "Castor's net profit in Q3 2025 was CNY 11.3 billion. [1]", [place])  # fmt: skip
    assert out.text == "Castor's adjusted net profit was CNY 11.3 billion in Q3 2025. [1]"


def test_of_several_years_in_a_paragraph_the_last_before_the_sentence_counts() -> None:
    text = "Castor won the cup in 1920. Orsa joined in 1906. Then it legalised the pass."
    passage = Passage(ARTICLE, Span(0, len(text)), text)
    start = text.index("Then")
    place = Evidence(1, passage, Span(start, len(text)), text[start:], 1.0, ())
    assert verify("What did it legalise?", "It legalised the pass in 1906. [1]", [place]).claims
    assert not verify("What did it legalise?", "It legalised the pass in 1920. [1]", [place]).checks


def test_whole_of_a_share_is_not_told_of_the_part() -> None:
    place = evidence(1, "The recall was nearly 38% of 305,055 SU7 cars sold since launch.")
    wrong = verify(
        "How many cars did the recall cover?", "The recall covered 305,055 cars. [1]", [place]
    )
    assert "covered" not in wrong.text
    right = verify(
        "How many SU7 cars were sold?", "305,055 SU7 cars were sold since launch. [1]", [place]
    )
    assert right.text == "305,055 SU7 cars were sold since launch. [1]"


def test_a_year_since_which_something_holds_is_not_the_year_of_it() -> None:
    place = evidence(1, "Elena won the final on 9 July 2022 and has played for Castor since 2018.")
    wrong = verify("Who won the final in 2018?", "Elena won the final in 2018. [1]", [place])
    assert "in 2018" not in wrong.text
    right = verify(
        "Who has played since 2018?", "Elena has played for Castor since 2018. [1]", [place]
    )
    assert right.text == "Elena has played for Castor since 2018. [1]"


def test_the_line_that_tells_it_in_other_words_but_with_the_year_is_cited() -> None:
    bare = evidence(1, "Andy won the men's singles at Wimbledon in straight sets.")
    dated = evidence(2, "Andy defeated Novak to win the 2013 men's singles title at Wimbledon.")
    out = verify("Who won the men's singles at Wimbledon in 2013?",
                 "Andy won the men's singles at Wimbledon. [1]", [bare, dated])  # fmt: skip
    assert [c.quote for c in out.citations] == [dated.text]


def test_number_in_a_name_is_told_by_the_passage() -> None:
    text = "The Orsa 11 was shown in May. Orders began on 13 September."
    second = text.index("Orders")
    passage = Passage(ARTICLE, Span(0, len(text)), text)
    place = Evidence(
        1, passage, Span(second, len(text)), text[second:], 1.0, read_figures(text[second:])
    )
    question = "From which day could people order the Orsa 11?"
    assert not verify(question, "The Orsa 11 could be ordered on 13 September. [1]", [place]).quoted
    assert verify(question, "The Orsa 12 could be ordered on 13 September. [1]", [place]).quoted


def test_to_give_up_a_post_is_no_rise() -> None:
    item = evidence(1, "Ann Berg should step down from the helm, said Li Wei of Orsa.")
    question = "Who said that Ann Berg should give up her post?"
    draft = "Li Wei said that Ann Berg should give up her post. [1]"
    assert not verify(question, draft, [item]).quoted


def test_gross_margin_is_no_vehicle_margin() -> None:
    item = evidence(1, "Orsa's gross margin, that of the whole business, was 21.3% in Q4 2025.")
    question = "What was Orsa's vehicle margin in Q4 2025?"
    wrong = verify(question, "Orsa's vehicle margin was 21.3% in Q4 2025. [1]", [item])
    assert not any("vehicle margin was" in claim.text for claim in wrong.claims)
    right = verify(question, "Orsa's gross margin was 21.3% in Q4 2025. [1]", [item])
    assert [claim.text for claim in right.claims] == ["Orsa's gross margin was 21.3% in Q4 2025."]


def test_years_to_come_are_not_the_last_ones() -> None:
    item = evidence(1, "Orsa promised CNY 200 billion for R&D over the next five years.")
    question = "R&D last 5 yrs in RMB bn"
    wrong = verify(question, "Orsa's R&D over the last five years was CNY 200 billion. [1]", [item])
    assert not any("last" in claim.text for claim in wrong.claims)
    right = verify(
        "R&D plan of Orsa", "Orsa promised CNY 200 billion over the next five years. [1]", [item]
    )
    assert not right.quoted
    assert right.claims


def test_figure_told_in_turn_is_of_what_was_said_before() -> None:
    item = evidence(
        1, "Orsa spent CNY 1.5 billion on R&D in 2015, CNY 2.1 billion in 2016 and CNY 3.2 billion in 2017."
    )  # fmt: skip
    right = verify("Orsa R&D 2017", "Orsa spent CNY 3.2 billion on R&D in 2017. [1]", [item])
    assert not right.quoted
    assert right.claims
    assert verify("Orsa R&D 2016", "Orsa spent CNY 3.2 billion on R&D in 2016. [1]", [item]).quoted


def test_the_year_somebody_was_born_is_not_that_of_what_is_told() -> None:
    born = evidence(
        1, "The 2018 Castor Prize was awarded the writer Ann Berg (born 1962) for a narrative."
    )
    checked = verify(
        "Who got the 2018 Castor Prize?", "Ann Berg got the 2018 Castor Prize. [1]", [born]
    )
    assert not checked.quoted
    later = evidence(1, "Oct 29, 2019: among the guests is the 2018 prize winner Ann Berg.")
    checked = verify(
        "Who got the 2019 Castor Prize?", "Ann Berg got the 2019 Castor Prize. [1]", [later]
    )
    assert checked.quoted or not checked.claims
