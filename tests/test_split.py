"""Passages are exact spans, in order, never too long, and keep what explains them."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.split import split
from assistant.types import Document, Page, Passage, PassageKind, Source, Span

SOURCE = Source("a.md", "0" * 64, "Report")


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) + text.count("|") + len(text) // 12 for text in texts]


def passages_of(text: str, max_tokens: int = 120) -> list[Passage]:
    return split(Document(SOURCE, text), words, max_tokens)


line = st.one_of(
    st.sampled_from(
        [
            "# Results",
            "## Sub heading",
            "H2: The plan",
            "**Bold lead**",
            "| Year | R&D (CNY bn) |",
            "| --- | --- |",
            "| 2023 | 19.1 |",
            "| 2024 | 24.1 | extra |",
            "- item one of a list",
            "1. numbered item",
            "The parts are:",
            "",
            "  indented text with  two blanks",
        ]
    ),
    st.lists(
        st.sampled_from(
            "Xiaomi spent 24.1 bn. Inc. and 研发 two-thirds, of; 5% U.S. “quote”.".split()
        ),
        max_size=60,
    ).map(" ".join),
)
texts = st.lists(line, max_size=25).map("\n".join)


@settings(max_examples=150, deadline=None)
@given(texts, st.integers(30, 150))
def test_passages_are_ordered_disjoint_exact_spans_that_fit(text: str, max_tokens: int) -> None:
    passages = passages_of(text, max_tokens)
    for passage in passages:
        assert passage.span.of(text) == passage.text
        assert passage.text.strip()
        assert words([passage.embedding_text])[0] <= max_tokens
    for one, other in zip(passages, passages[1:], strict=False):
        assert one.span.end <= other.span.start
    assert len({passage.id for passage in passages}) == len(passages)


@settings(max_examples=150, deadline=None)
@given(texts)
def test_no_word_of_the_body_is_lost(text: str) -> None:
    passages = passages_of(text)
    kept = "\n".join([*(p.text for p in passages), *(p.context for p in passages)])
    kept += "\n".join(h for p in passages for h in p.headings)
    for body_line in text.splitlines():
        if body_line.startswith(("#", "H2:", "**", "|")):
            continue  # headings and header rows without anything below them are no passage
        for word in body_line.split():
            assert word.strip("*") in kept


def test_row_is_a_passage_with_caption_and_header() -> None:
    text = "# R&D\n\nAmounts in CNY billion.\n\n| Year | R&D |\n| --- | --- |\n| 2023 | 19.1 |\n| 2024 | 24.1 |\n"
    rows = [p for p in passages_of(text) if p.kind is PassageKind.TABLE_ROW]
    assert [row.text for row in rows] == ["| 2023 | 19.1 |", "| 2024 | 24.1 |"]
    assert rows[1].context == "Amounts in CNY billion.\n| Year | R&D |"
    assert rows[1].headings == ("R&D",)


def test_second_header_row_is_header() -> None:
    text = (
        "|  | 2019 |  | 2018 |\n| --- | --- | --- | --- |\n"
        "| (In millions) | Carrying Amount | Fair Value | Carrying Amount |\n"
        "| Term Loan | 474.6 | 470.1 | 222.2 |\n"
    )
    rows = passages_of(text)
    assert [row.text for row in rows] == ["| Term Loan | 474.6 | 470.1 | 222.2 |"]
    assert "Carrying Amount" in rows[0].context


def test_table_without_numbers_keeps_all_its_rows() -> None:
    text = "| Rule | Applies to |\n| --- | --- |\n| Door handles | new models |\n| Batteries | all cars |\n"
    assert [p.text for p in passages_of(text)] == [
        "| Door handles | new models |",
        "| Batteries | all cars |",
    ]


def test_headings_of_both_kinds_give_the_path() -> None:
    text = "# Report\n\n## One\n\nFirst.\n\nH2: Two\n\nSecond.\n\nH3: Deep\n\nThird.\n"
    assert [p.headings for p in passages_of(text)] == [
        ("Report", "One"),
        ("Report", "Two"),
        ("Report", "Two", "Deep"),
    ]


def test_list_stays_with_its_lead_in_or_carries_it() -> None:
    short = "The pillars are:\n- chip\n- system\n"
    assert len(passages_of(short)) == 1
    long = "The pillars are:\n" + "\n".join(f"- pillar {i} " + "word " * 40 for i in range(4))
    later = passages_of(long)[-1]
    assert later.kind is PassageKind.LIST_ITEM
    assert later.context == "The pillars are:"


def test_passages_do_not_cross_pages() -> None:
    text = "First page text.\n\nSecond page text."
    pages = (Page(1, Span(0, 18)), Page(2, Span(18, len(text))))
    passages = split(Document(SOURCE, text, pages), words, 100)
    assert [(p.page, p.text) for p in passages] == [
        (1, "First page text."),
        (2, "Second page text."),
    ]


def test_one_enormous_word_is_cut_and_kept_whole() -> None:
    text = "x" * 5000
    assert "".join(p.text for p in passages_of(text)) == text


def test_years_under_a_heading_row_are_header() -> None:
    text = (
        "| Years ended December 31 |  |  |\n| --- | --- | --- |\n| Assumptions | 2019 | 2018 |\n"
        "| Dividend yield | 4.5% | 4.6% |\n"
    )
    assert [row.text for row in passages_of(text)] == ["| Dividend yield | 4.5% | 4.6% |"]


def test_units_under_the_names_of_columns_are_header() -> None:
    text = "|  | Total | Fixed |\n| --- | --- | --- |\n| 2019 | £m | £m |\n| Euro | 115.9 | 1.4 |\n"
    (row,) = passages_of(text)
    assert "£m" in row.context


def test_table_that_goes_on_for_another_time_has_a_new_header() -> None:
    text = (
        "|  |  | As of December 31, 2019 |  |\n| --- | --- | --- | --- |\n"
        "|  | Cost | Gains | Fair value |\n| Bonds | $129,499 | $14 | $126,066 |\n"
        "| Total | $229,199 | $20 | $223,785 |\n"
        "|  |  | As of December 31, 2018 |  |\n|  | Cost | Gains | Fair value |\n"
        "| Bonds | $73,798 | $13 | $87,797 |\n"
    )
    first, _, again = passages_of(text)
    assert "2019" in first.context
    assert "2018" not in first.context
    assert "2018" in again.context
    assert "2019" not in again.context
    assert again.context.count("Fair value") == 1


def test_header_above_rows_of_units_and_labels_is_one() -> None:
    text = (
        "| Consolidated |  |  |\n| --- | --- | --- |\n|  | 2019 | 2018 |\n|  | US$000 | US$000 |\n"
        "| Expenses: |  |  |\n| Finance costs |  |  |\n| Interest | 200 | 62 |\n"
    )
    row = passages_of(text)[-1]
    assert "| 2019 | 2018 |" in row.context
    assert "US$000" in row.context


def test_bare_total_behind_that_of_a_part_is_of_the_group() -> None:
    text = (
        "| Years ended | 2019 | 2018 |\n| --- | --- | --- |\n| Revenue: |  |  |\n| Pumps | $30 | $28 |\n"
        "| Total Product | 39 | 36 |\n| Services | 12 | 11 |\n| Total (1) | $51 | $47 |\n"
    )
    services, total = passages_of(text)[-2:]
    assert "Revenue" in total.context
    assert "Revenue" not in services.context


def test_scale_that_the_heading_of_the_notes_gives_is_that_of_their_tables() -> None:
    text = (
        "# Notes (in thousands, except per share data)\n\n|  | 2019 | 2018 |\n| --- | --- | --- |\n"
        "| Finished goods | $9,447 | $10,995 |\n"
    )
    row = passages_of(text)[-1]
    assert "in thousands" in row.context
    plain = text.replace("$", "")
    assert "in thousands" not in passages_of(plain)[-1].context
