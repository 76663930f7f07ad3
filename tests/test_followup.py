"""A short follow-up takes the words of the question before it; a new question is left alone."""

from __future__ import annotations

import pytest

from assistant.followup import keeps, substituted


@pytest.mark.parametrize(
    ("previous", "text", "whole"),
    [
        ("How many cars did NIO deliver in Q4 2025?", "and XPeng?",
         "How many cars did XPeng deliver in Q4 2025?"),
        ("How many cars did NIO deliver in Q4 2025?", "And in Q3?",
         "How many cars did NIO deliver in Q3 2025?"),
        ("What was Castor's profit in 2024?", "And the year before?",
         "What was Castor's profit in 2023?"),
        ("What was Castor's margin in Q3 2025?", "What was it a year earlier?",
         "What was Castor's margin in Q3 2024?"),
        ("What was Castor's profit in 2024?", "what about 2022?", "What was Castor's profit in 2022?"),
        ("What was Castor's profit in 2024?", "And Orsa?", "What was Orsa's profit in 2024?"),
    ],
)  # fmt: skip
def test_follow_up_changes_only_what_it_names(previous: str, text: str, whole: str) -> None:
    assert substituted(text, previous) == whole


@pytest.mark.parametrize(
    "text", ["Who built it?", "When did the Halden plant open?", "and its margin?"]
)
def test_other_follow_ups_are_left_to_the_model(text: str) -> None:
    assert substituted(text, "What was Castor's profit in 2024?") is None


def test_rewritten_question_must_keep_what_was_asked() -> None:
    assert keeps("How many cars did XPeng deliver?", "and XPeng?")
    assert not keeps("How many cars did NIO deliver?", "and XPeng?")
