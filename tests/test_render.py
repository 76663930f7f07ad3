from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant import render, render_html
from assistant.figures import read_figures
from assistant.types import (
    Answer,
    Check,
    Citation,
    Conflict,
    Figure,
    Hit,
    Passage,
    PassageKind,
    Source,
    Span,
    Status,
    Verdict,
)
from tests import scripted

TAGS = set(
    "p div article h2 h3 h4 aside section span sup a b strong ul li mark blockquote code button "
    "table caption thead tbody tr th td".split()
)
ATTRIBUTES = set(
    "class id href aria-label aria-hidden role tabindex type data-copy target rel".split()
)


class Reader(HTMLParser):
    """Collects what a browser would see, and complains about anything that is not ours."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.marked: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.rows: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        self.open.append(tag)
        for name, value in attrs:
            assert name in ATTRIBUTES, name
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.append(value or "")
            if tag == "tr" and name == "class":
                self.rows.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if "mark" in self.open:
            self.marked.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError("a declaration")

    handle_decl = handle_pi = unknown_decl


def page_of(answer: Answer, message: str = "m1", question: str = "?") -> str:
    body = render_html.html(answer, message, question)
    return render_html.turn(question, body, render_html.source_cards(answer, message), message)


HOSTILE_PARTS = [
    *"<>\"'&`{}|",
    *("[1]", "[2]", "](", "![", "**", "\n- ", "<!--", "&lt;", "\u202e", "\x1b[31m"),
    *("javascript:", "<img src=x onerror=y>", "</mark>", "```", "$"),
]

outside = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(HOSTILE_PARTS), max_size=12).map("".join),
)


def answer_with(text: str, kind: PassageKind) -> Answer:
    source = Source(text, "0", text, text, None, f"https://host/{text}")
    quote = text or "x"
    passage = Passage(source, Span(5, 5 + len(quote) + 2), f"|{quote}|", kind, (text,), text, 1)
    citation = Citation(1, passage, Span(6, 6 + len(quote)), quote)
    figure = Figure(Decimal(1), "CNY", Span(0, 1), text)
    return Answer(
        asked=text,
        text=f"{text}[1]",
        status=Status.CONFLICT,
        citations=(citation,),
        checks=tuple(Check(figure, verdict, 1, text, text) for verdict in Verdict),
        conflicts=(Conflict(text, ((figure, 1), (figure, 7))),),
        nearest=(citation,),
        calculation=replace(scripted.RATIO.calculation, formula=text),  # type: ignore[type-var]
        model=text,
        notes=(text,),
        seconds={"total": 1.0},
    )


@given(outside, st.sampled_from(PassageKind))
def test_no_text_from_outside_becomes_markup(text: str, kind: PassageKind) -> None:
    page = page_of(answer_with(text, kind), question=text)
    page += render_html.problem(text, text) + render_html.stopped(text)
    page += render_html.working(text, 1.0, text, text)
    page += render_html.reading([Hit(answer_with(text, kind).citations[0].passage, 1.0)])
    reader = Reader(page)
    assert all(link.startswith(("#m1-", "https://host/")) for link in reader.links)
    assert "{" not in page
    assert "}" not in page


@given(st.text())
def test_escaped_text_reads_as_the_text(text: str) -> None:
    assert "".join(Reader(f"<p>{render.escape(text)}</p>").text) == render.clean(text)
    assert len(render.clean(text)) == len(text)


@given(outside)
def test_markdown_shows_no_foreign_link_image_or_html(text: str) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).parse(
        render.markdown(answer_with(text, PassageKind.PROSE))
    )
    kinds = {child.type for token in tokens for child in [token, *(token.children or [])]}
    assert not kinds & {"html_block", "html_inline", "image", "link_open"}


@given(outside)
def test_terminal_gets_no_control_characters(text: str) -> None:
    answer = answer_with(text, PassageKind.PROSE)
    shown = render.terminal(answer) + render.terminal_sources(answer)
    assert "\x1b" not in shown
    assert "\u202e" not in shown


@given(
    st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=80).filter(
        lambda text: "\r" not in text
    ),
    st.data(),
)
def test_the_marked_text_is_the_quote(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    passage = Passage(scripted.ARTICLE, Span(10, 10 + len(text)), text)
    citation = Citation(1, passage, Span(10 + start, 10 + end), text[start:end])
    answer = Answer("?", "x [1]", Status.ANSWERED, citations=(citation,))
    reader = Reader(render_html.source_cards(answer, "m1"))
    assert "".join(reader.marked) == render.clean(text[start:end])


def test_a_footnote_leads_to_its_card_and_the_card_back() -> None:
    reader = Reader(page_of(scripted.DISAGREE, "m7"))
    assert len(set(reader.ids)) == len(reader.ids)
    anchors = [link[1:] for link in reader.links if link.startswith("#")]
    assert set(anchors) <= set(reader.ids)
    assert {"m7-s1", "m7-s2", "m7-r1", "m7-r2"} <= set(anchors)


def test_two_turns_share_no_id() -> None:
    both = Reader(page_of(scripted.RD, "m1") + page_of(scripted.RD, "m2"))
    assert len(set(both.ids)) == len(both.ids)


def test_a_marker_without_a_citation_stays_text() -> None:
    answer = replace(scripted.RD, text="True. [1] Fake. [9][0]")
    page = render_html.html(answer, "m1")
    assert "Fake. [9][0]" in page
    assert "s9" not in page
    assert "Fake. \\[9\\]\\[0\\]" in render.markdown(answer)
    assert "True. [^1]" in render.markdown(answer)


def test_markers_in_a_title_or_a_draft_are_no_footnotes() -> None:
    title = render_html.source_cards(
        Answer("?", "x", Status.NOT_FOUND, nearest=scripted.EVIL.citations), "m1"
    )
    assert not [link for link in Reader(title).links if link.startswith("#")]
    assert "[" not in render_html.working("Writing", 1, draft="CNY 5 [1][12].")


def test_a_cited_row_stands_under_its_header() -> None:
    cards = render_html.source_cards(scripted.MONTH, "m1")
    reader = Reader(cards)
    assert "<th>Month</th><th>Delivered</th><th>Year on year</th>" in cards
    assert "<caption>Vehicles delivered by month</caption>" in cards
    assert "---" not in cards
    assert reader.rows == ["cited"]
    assert reader.marked == ["December", "50,212", "+61%"]


def test_only_the_cited_row_and_cell_are_marked() -> None:
    text = "| a \\| b | 1 |\n| c | 2 |"
    passage = Passage(
        scripted.TABLE, Span(0, len(text)), text, PassageKind.TABLE_ROW, context="| x | y |"
    )
    start = text.index("2")
    answer = replace(scripted.MONTH, citations=(Citation(1, passage, Span(start, start + 1), "2"),))
    page = render_html.source_cards(answer, "m1")
    assert Reader(page).rows == ["cited"]
    assert "<td>a \\| b</td><td>1</td>" in page
    assert '<tr class="cited"><td>c</td><td><mark>2</mark></td>' in page


def test_a_quote_beyond_its_passage_is_still_shown_marked() -> None:
    citation = Citation(1, scripted.PLAN, Span(0, 120), "A quote over the edge")
    page = render_html.source_cards(replace(scripted.RD, citations=(citation,)), "m1")
    assert Reader(page).marked == ["A quote over the edge"]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x", "http://[", ""]
)
def test_only_web_addresses_become_links(url: str) -> None:
    source = replace(scripted.ARTICLE, url=url)
    citation = replace(scripted.RD.citations[0], passage=replace(scripted.PLAN, source=source))
    page = render_html.source_cards(replace(scripted.RD, citations=(citation,)), "m1")
    assert all(link.startswith("#") for link in Reader(page).links)


def test_an_unsupported_figure_is_flagged_everywhere() -> None:
    page = render_html.html(scripted.MONTH, "m1")
    assert "2 figures checked, 1 not found" in page
    assert '<li class="unsupported"><b>60,000</b> <span>NOT FOUND' in page
    assert '<li class="supported"><b>50,212 vehicles</b> <span>found in <sup' in page
    assert "60,000: NOT FOUND" in render.terminal_sources(scripted.MONTH)
    assert "60,000: NOT FOUND" in render.markdown(scripted.MONTH)


def test_a_supported_check_of_an_unknown_citation_gets_no_link() -> None:
    checks = (replace(scripted.RD.checks[0], citation=5),)
    page = render_html.html(replace(scripted.RD, checks=checks), "m1")
    assert "#m1-s5" not in page


@pytest.mark.parametrize("status", Status)
def test_every_status_is_said_in_words(status: Status) -> None:
    answer = replace(scripted.RD, status=status)
    words = render.STATUS_WORDS[status]
    assert f'<p class="badge {status.value}">{words}</p>' in render_html.html(answer, "m1")
    assert render.terminal_sources(answer).startswith(words)


def test_the_rewritten_question_is_shown_only_when_it_differs() -> None:
    assert "Asked as" in render_html.html(scripted.RD, "m1", "And R&D?")
    assert "Asked as" not in render_html.html(scripted.RD, "m1", f" {scripted.RD_QUESTION} ")


def test_a_conflict_lists_value_source_and_date() -> None:
    page = render_html.html(scripted.DISAGREE, "m1")
    for part in ("CNY 105 billion</td>", "Analyst note on the plan", "2025-03-02"):
        assert part in page
    assert "CNY 105 billion (2025-03-02)  [2]" in render.terminal(scripted.DISAGREE)


def test_a_calculation_shows_its_formula_and_operands() -> None:
    page = render_html.html(scripted.RATIO, "m1")
    assert "CNY 200 billion ÷ CNY 105 billion = 1.90" in page
    assert 'earlier spend: CNY 105 billion<sup class="ref"><a href="#m1-s2"' in page
    assert "CNY 200 billion ÷ CNY 105 billion = 1.90" in render.terminal(scripted.RATIO)


def test_nearest_passages_are_labelled_as_no_answer() -> None:
    page = render_html.source_cards(scripted.NOT_FOUND, "m1")
    assert "Nearest passages" in page
    assert "they do not answer the question" in page
    assert "they do not answer the question" in render.terminal_sources(scripted.NOT_FOUND)


def test_json_is_plain_and_has_the_documented_shape() -> None:
    shape = json.loads(json.dumps(render.to_json(scripted.RATIO)))
    assert set(shape) == set(
        "asked text status citations checks calculation conflicts nearest notes model "
        "seconds".split()
    )
    first = shape["citations"][0]
    assert first["text"] == scripted.QUOTE
    assert first["end"] - first["start"] == len(scripted.QUOTE)
    assert first["as_of"] == "2026-01-09"
    assert shape["calculation"]["operands"][1] == {
        "label": "earlier spend",
        "figure": "CNY 105 billion",
        "citation": 2,
    }
    assert render.to_json(scripted.RD)["calculation"] is None


def test_a_very_long_question_is_shortened_in_the_conversation() -> None:
    page = render_html.turn("word " * 20_000, "", "", "m1")
    assert len(page) < 1_000
    assert "(100,000 characters)" in page


def test_number_in_words_is_shown_with_what_it_counts() -> None:
    amount, five = read_figures("CNY 200 billion over five years")
    assert render.figure_words(five) == "five years"
    assert render.figure_words(amount) == "CNY 200 billion"
    assert render.check_words(Check(five, Verdict.SUPPORTED, 1)) == "five years: found in [1]"
