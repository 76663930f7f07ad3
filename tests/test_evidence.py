"""The lines shown to the model are those that tell most of what is asked."""

from __future__ import annotations

from assistant.asked import read_question
from assistant.evidence import lines_of as sentences_of
from assistant.evidence import rank, rows_of_period
from assistant.types import Hit, Passage, PassageKind, Source, Span
from tests.fakes import FakeEmbedder


def hits_of(*texts: str, context: str = "") -> list[Hit]:
    hits = []
    for number, text in enumerate(texts):
        kind = PassageKind.TABLE_ROW if text.startswith("|") else PassageKind.PROSE
        source = Source(f"{number}.md", f"{number:064d}", "Castor results")
        header = context if kind is PassageKind.TABLE_ROW else ""
        passage = Passage(source, Span(0, len(text)), text, kind, (), header)
        hits.append(Hit(passage, 1.0 - number / 100))
    return hits


def lines_of(question: str, *texts: str, context: str = "") -> list[str]:
    hits = hits_of(*texts, context=context)
    lines = rank(read_question(question), hits, FakeEmbedder(), limit=5)
    return [line.text for line in lines]


def test_date_that_stands_alone_leads_the_sentence_after_it() -> None:
    snippet = "Jul 22, 2020 ... Castor reported revenue of $6 billion. It rose. Jul 27, 2021 ..."
    shown = lines_of("What was Castor's revenue in Q2 2020?", snippet)
    assert shown[0] == "Jul 22, 2020 ... Castor reported revenue of $6 billion."


def test_row_of_the_period_asked_for_stands_before_sentences_of_others() -> None:
    shown = lines_of(
        "What was Castor's revenue in Q2 2024?",
        "Castor's revenue was CNY 113 billion in Q3 2025, less than in Q2 2025.",
        "Castor's revenue was CNY 109 billion in Q4 2024.",
        "| Q2 2024 | 88.9 |",
        context="| Quarter | Revenue of Castor (CNY billion) |\n|---|---|",
    )
    assert shown[0] == "| Q2 2024 | 88.9 |"


def test_words_that_only_ask_do_not_rank() -> None:
    shown = lines_of(
        "What does the grand convergence bring together?",
        "What does this mean? The key takeaway is what it does for the industry.",
        "The grand convergence joins chip, system and model.",
    )
    assert shown[0] == "The grand convergence joins chip, system and model."


def test_every_row_of_the_period_under_a_column_of_the_measure_is_read() -> None:
    header = "| Quarter | Smart-EV revenue (CNY billion) |\n|---|---|"
    hits = hits_of("| Q2 2025 | 20.6 |", "| Q3 2025 | 28.3 |", context=header)
    for question, found in (
        ("What was Castor's car revenue in Q3 2025?", ["| Q3 2025 | 28.3 |"]),
        ("How many shops did Castor have in Q3 2025?", []),
        ("What is Castor's car revenue?", []),
    ):
        assert [row.text for row in rows_of_period(read_question(question), hits)] == found


def test_what_a_document_calls_unverified_stands_behind_what_it_does_not() -> None:
    sure = "Castor launched the pump in June 2025."
    unsure = "Castor launched the pump in June 2025, an unconfirmed report."
    assert lines_of("When did Castor launch the pump?", unsure, sure)[0] == sure


def test_what_is_shared_out_is_read_with_what_is_counted() -> None:
    text = (
        "The ministry granted the first two permits in May 2025. One went to Castor, the other to Orsa. "
        "Delta got none."
    )
    lines = sentences_of(Passage(Source("a.md", "0" * 64, "Permits"), Span(0, len(text)), text))
    assert [len(line.text) for line in lines] == [text.index(" Delta"), len("Delta got none.")]
