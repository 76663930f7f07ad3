"""Sentences end where a reader ends them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.sentences import sentence_spans

CASES = [
    ["Xiaomi’s U.S. unit sold 3.2% more.", "Approx. 5 bn was spent in Jan. 2026, vs. 4 bn."],
    ["He said “we grow.”", "The rest followed."],
    ["J. Smith left Xiaomi Inc. in May."],
    ["J. Smith left Xiaomi Inc.", "The firm grew."],
    ["The price is $5.20 a share.", "It fell."],
    ["See No. 5 and Fig. 3 for e.g. the margin."],
    ["Really?", "Yes!", "“No.”"],
    ["小米投入2000亿元。", "雷军宣布！", "新计划"],
    ["It grew... and fell.", "Then it rose."],
    ["Sales rose 5%.", "Profit fell 2.1 pp."],
    ["The U.S. and the E.U. agreed."],
    ["It trades in the U.S.", "The price fell."],
    ["It struck a wall at about 97 km/h.", "Castor's log shows it."],
    ["At 5 p.m. the vote ended."],
    ["The target (approx. 550,000 cars) holds.", "So says Mr. Lei."],
    ["**A sentence that is bold from its first word on.**", "Next one."],
    ["A footnote ended.[3]", "Another began."],
    ["Revenue was CNY 113.1 billion (up 22.3%).", "Net profit was CNY 11.3 billion."],
    ["Dr. Wang and Prof. Li wrote it."],
    ["Version 2.0 of HyperOS is out.", "XRING O1 is made at 3 nm."],
    ["It is a level-2 system.", "2025 was a record year."],
    ["Q3 2025: 9.1 bn; Q2 2025: 7.8 bn.", "H1 2025: 14.5 bn."],
    ["The company (Nasdaq: XYZ) grew.", "(See the annex.)"],
    ["Net sales were $1.2bn vs. $1.1bn.", "“We are pleased,” she said."],
]


@pytest.mark.parametrize("sentences", CASES, ids=lambda s: s[0][:30])
def test_sentences_end_where_a_reader_ends_them(sentences: list[str]) -> None:
    text = " ".join(sentences).replace("。 ", "。").replace("！ ", "！")
    assert [span.of(text) for span in sentence_spans(text)] == sentences


def test_headings_items_and_rows_are_units() -> None:
    text = "# One. Two.\n- An item. More of it.\n| a. | b. C |\nProse here. And\nthere."
    assert [span.of(text) for span in sentence_spans(text)] == [
        "# One. Two.",
        "- An item.",
        "More of it.",
        "| a. | b. C |",
        "Prose here.",
        "And\nthere.",
    ]


@given(st.text(alphabet="ab .!?\n。|-#“”1A", max_size=80))
def test_spans_are_ordered_disjoint_and_cover_all_that_is_not_blank(text: str) -> None:
    spans = sentence_spans(text)
    covered = set()
    for one, other in zip(spans, spans[1:], strict=False):
        assert one.end <= other.start
    for span in spans:
        covered.update(range(span.start, span.end))
    assert all(i in covered for i, c in enumerate(text) if not c.isspace())


def test_heading_that_runs_into_its_paragraph_is_read_with_it() -> None:
    text = "**Vehicle margin.** What is left of a car's price. It is no gross margin."
    assert [span.of(text) for span in sentence_spans(text)] == [
        "**Vehicle margin.** What is left of a car's price.",
        "It is no gross margin.",
    ]
