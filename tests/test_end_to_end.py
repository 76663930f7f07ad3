"""The whole of it with the real models: article in, checked answers with footnotes out."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.pipeline import Assistant, open_assistant
from assistant.settings import load_settings
from assistant.types import Answer, Delta, Done, Question, Status, Verdict
from tests.conftest import CACHE

ARTICLE = Path(__file__).parent.parent / "corpus" / "xiaomi-200-billion-article.md"

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def assistant(
    tmp_path_factory: pytest.TempPathFactory, language_model_file: Path
) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("article")
    (folder / "corpus").mkdir()
    shutil.copy(ARTICLE, folder / "corpus")
    settings = load_settings(corpus=folder / "corpus", index=folder / "index", cache=CACHE)
    with open_assistant(settings) as opened:
        opened.sync()
        yield opened


def ask(assistant: Assistant, text: str) -> Answer:
    *_, last = assistant.ask(Question(text))
    assert isinstance(last, Done)
    return last.answer


def test_budget_is_answered_from_the_very_sentence(assistant: Assistant) -> None:
    answer = ask(assistant, "How much will Xiaomi invest in R&D over the next five years?")
    assert answer.status is Status.ANSWERED
    assert "200 billion" in answer.text
    assert any("CNY 200 billion" in citation.quote for citation in answer.citations)
    assert all(check.verdict is Verdict.SUPPORTED for check in answer.checks)


def test_deliveries_keep_their_year(assistant: Assistant) -> None:
    answer = ask(assistant, "How many vehicles did Xiaomi deliver in 2025?")
    assert "410,000" in answer.text
    assert "550,000" in answer.citations[0].quote


def test_margin_of_the_cars_is_not_in_the_article(assistant: Assistant) -> None:
    answer = ask(assistant, "What is the gross margin of Xiaomi's cars?")
    assert answer.status is Status.NOT_FOUND
    assert not answer.checks


def test_stopping_frees_the_model_for_the_next_question(assistant: Assistant) -> None:
    events = assistant.ask(Question("What is the grand convergence of 2026?"))
    for event in events:
        if isinstance(event, Delta):
            break
    events.close()
    assert "105 billion" in ask(assistant, "How large was the previous five-year R&D spend?").text


def test_same_question_gets_the_same_answer(assistant: Assistant) -> None:
    text = "What share of the winning projects used AI?"
    assert ask(assistant, text).text == ask(assistant, text).text
