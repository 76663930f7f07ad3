"""The optional judge gives an opinion on free text, and the report's own figures do not move."""

from __future__ import annotations

import pytest

from assistant.errors import ModelUnavailable
from assistant.llm import endpoint
from evals.metrics import Scored, score
from evals.model_judge import opinions, summary_of
from evals.report import report_of, summary
from tests.fakes import ScriptedServer
from tests.test_metrics import item, row


def free_text(answer: str = "Prices that were cut made margins fall. [1]") -> Scored:
    asked = item(
        id="why",
        question="Why did margins fall?",
        answer="Because prices were cut",
        answer_kind="text",
        answerable=True,
    )
    return score(asked, row(answer, id="why"))


def test_judge_sees_question_answer_and_expected_answer_and_its_points_are_kept() -> None:
    with ScriptedServer() as server:
        server.reply("4.5\nIt says the same.")
        judge = endpoint(server.url, "judge", context_tokens=4096, timeout_seconds=5)
        found = opinions([free_text()], judge)
        prompt = server.prompts[0]
    assert "Why did margins fall?" in prompt
    assert "Because prices were cut" in prompt
    assert "[1]" not in prompt
    assert found["why"].passing
    said = summary_of("judge", found)
    assert (said["passing"]["count"], said["mean_points"]) == (1, 4.5)
    report = report_of("suite", [free_text()], {"model": "m"})
    before = report["all"]
    report["judge"] = said
    assert "judge as a judge passes 100.0%" in summary(report)
    assert report["all"] == before


def test_low_points_do_not_pass() -> None:
    with ScriptedServer() as server:
        server.reply("2.0\nIt gives another reason.")
        judge = endpoint(server.url, "judge", context_tokens=4096, timeout_seconds=5)
        assert not opinions([free_text()], judge)["why"].passing


def test_other_answers_are_not_sent_to_the_judge() -> None:
    exact = score(item(answer="24.1 billion", answerable=True), row("CNY 24.1 billion. [1]"))
    with ScriptedServer() as server:
        judge = endpoint(server.url, "judge", context_tokens=4096, timeout_seconds=5)
        assert opinions([exact], judge) == {}
        assert server.requests == []


def test_judge_that_fails_is_told_with_the_remedy() -> None:
    with ScriptedServer() as server:
        server.reply(status=500, error={"message": "broken"})
        judge = endpoint(server.url, "judge", context_tokens=4096, timeout_seconds=5)
        with pytest.raises(ModelUnavailable) as failure:
            opinions([free_text()], judge)
    assert "--judge" in failure.value.hint
