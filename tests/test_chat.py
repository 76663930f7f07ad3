from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

import pytest

from assistant.chat import Chat, Line, Waiting
from assistant.errors import FootnoteError
from assistant.types import Done, Question, Turn
from tests import scripted
from tests.scripted import ScriptedAssistant


def frames(chat: Chat, line: Line, text: str) -> list[str]:
    return [chat.live for _ in chat.ask(line, text)]


def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def test_stages_and_draft_are_shown_and_the_checked_answer_replaces_them() -> None:
    chat = Chat()
    shown = frames(chat, Line(ScriptedAssistant(pause=0.25)), "R&D")
    for stage in ("Searching 20 documents…", "Reading 1 passage…", "Writing a draft…"):
        assert any(stage in frame for frame in shown), stage
    assert any("Checking figures…" in frame for frame in shown)
    drafts = [frame for frame in shown if "Draft, being checked" in frame]
    assert drafts
    assert all("<sup" not in frame for frame in drafts)
    assert "Draft" not in shown[-1]
    assert "Answered from the documents" in shown[-1]
    assert "#m1-s1" in shown[-1]


def test_a_follow_up_gets_the_earlier_turns_and_keeps_them_on_the_page() -> None:
    engine = ScriptedAssistant()
    chat, line = Chat(), Line(engine)
    frames(chat, line, "How much R&D?")
    shown = frames(chat, line, "And in December?")
    assert engine.questions[1].history == (Turn(scripted.RD_QUESTION, scripted.RD_ANSWER),)
    assert "Asked as: How many vehicles" in shown[-1]
    assert 'id="m1"' in chat.past
    assert 'id="m2"' in chat.live


def test_stop_ends_the_answer_at_once_and_closes_the_engine() -> None:
    engine = ScriptedAssistant(pause=0.2)
    chat, line = Chat(), Line(engine)
    asking = chat.ask(line, "slow R&D")
    for _ in asking:
        if "Draft" in chat.live:
            break
    chat.stop.set()
    began = time.monotonic()
    for _ in asking:
        pass
    assert time.monotonic() - began < 0.5
    assert "Stopped" in chat.live
    assert "Draft, not checked" in chat.live
    assert chat.history == []
    until(lambda: engine.active == 0)
    assert engine.closed_early == 1
    assert "Answered" in frames(chat, line, "R&D")[-1]


def test_a_closed_page_frees_the_engine() -> None:
    engine = ScriptedAssistant(pause=0.2)
    asking = Chat().ask(Line(engine), "slow R&D")
    next(asking)
    next(asking)
    asking.close()  # type: ignore[attr-defined]
    until(lambda: engine.active == 0)
    assert engine.closed_early == 1


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("x" * 100_000, "The question is too long.", "under 2,000 characters"),
        ("no index", "There is no index yet.", "footnote sync"),
    ],
)
def test_an_error_is_told_with_its_hint_and_the_question_is_kept(
    text: str, message: str, hint: str
) -> None:
    chat, line = Chat(), Line(ScriptedAssistant())
    frames(chat, line, "R&D")
    frames(chat, line, text)
    assert message in chat.live
    assert hint in chat.live
    assert chat.unsent == text
    assert 'id="m1"' in chat.past
    assert len(chat.history) == 1
    frames(chat, line, "R&D")
    assert chat.unsent == ""


def test_an_unexpected_error_names_a_log_entry_that_has_the_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    chat = Chat()
    with caplog.at_level(logging.ERROR):
        frames(chat, Line(ScriptedAssistant()), "crash")
    record = caplog.records[0]
    number = record.getMessage().rsplit(" ", 1)[-1]
    assert f"Internal error, see log {number}." in chat.live
    assert "secret detail" not in chat.live
    assert record.exc_info is not None
    assert "secret detail" in str(record.exc_info[1])


def test_questions_are_answered_one_at_a_time_in_order() -> None:
    engine = ScriptedAssistant(pause=0.05)
    line = Line(engine)
    first = line.ask(Question("R&D"), threading.Event())
    next(first)
    second = line.ask(Question("December"), threading.Event())
    third = line.ask(Question("margin"), threading.Event())
    assert next(second) == Waiting(1)
    assert next(third) == Waiting(2)
    for waiting in (first, second, third):
        assert isinstance(list(waiting)[-1], Done)
    assert [q.text for q in engine.questions] == ["R&D", "December", "margin"]
    assert engine.most_active == 1


def test_the_place_in_the_line_is_shown() -> None:
    engine = ScriptedAssistant(pause=0.2)
    line = Line(engine)
    first = line.ask(Question("R&D"), threading.Event())
    next(first)
    chat = Chat()
    asking = chat.ask(line, "December")
    next(asking)
    next(asking)
    assert "Waiting: 1 question ahead of yours…" in chat.live
    chat.stop.set()
    assert list(asking)
    assert "Stopped before there was an answer." in chat.live
    list(first)
    assert "Answered" in frames(chat, line, "R&D")[-1]


def test_a_full_line_says_so_and_loses_nothing() -> None:
    line = Line(ScriptedAssistant(pause=0.05), longest=1)
    first = line.ask(Question("R&D"), threading.Event())
    next(first)
    chat = Chat()
    frames(chat, line, "December")
    assert "Too many people are asking" in chat.live
    assert chat.unsent == "December"
    list(first)
    assert "Only partly" in frames(chat, line, "December")[-1]


def test_the_engine_s_error_frees_the_line() -> None:
    line = Line(ScriptedAssistant(), longest=1)
    with pytest.raises(FootnoteError, match="no index"):
        list(line.ask(Question("no index"), threading.Event()))
    assert isinstance(list(line.ask(Question("R&D"), threading.Event()))[-1], Done)


def test_hostile_text_goes_through_the_chat_inert() -> None:
    chat = Chat()
    for frame in frames(chat, Line(ScriptedAssistant()), scripted.HOSTILE + " hostile"):
        assert "<img" not in frame
        assert "<script" not in frame
        assert "<iframe" not in frame
        assert "{{" not in frame
