"""Slips in a question are mended by the documents' words, and nothing else is."""

import pytest

from assistant.spelling import mended

WORDS = {"target": 9, "delivery": 7, "expense": 8, "planned": 3, "plan": 5, "form": 1, "from": 40}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("delivery taregt for 2026?", "delivery target for 2026?"),
        ("how mcuh was the expens", "how much was the expense"),
        ("What was the dividend?", "What was the dividend?"),  # unknown, and near nothing
        ("What did Taregt plan?", "What did Taregt plan?"),  # a name stays as it is typed
        ("the target from 2026", "the target from 2026"),
        ("taregt-setting", "target-setting"),
        ("R&D expnese", "R&D expense"),
        ("expenmse", "expenmse"),  # a letter too many may make another word
        ("expennse", "expense"),
    ],
)
def test_slips_are_mended(typed: str, meant: str) -> None:
    assert mended(typed, lambda word: word in WORDS, lambda: WORDS) == meant


def test_the_documents_words_are_only_fetched_for_an_unknown_word() -> None:
    def words() -> dict[str, int]:
        raise AssertionError("not needed")

    assert mended("the delivery target", lambda word: True, words) == "the delivery target"
