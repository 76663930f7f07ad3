"""Tokens of filings, and BM25 over them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import IndexDamaged
from assistant.lexical import Lexical, tokens, write_lexical


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The 10-K", ["the", "10-k"]),
        ("R&D and S & P", ["r&d", "and", "s&p"]),
        ("up 3.2%", ["up", "3.2%", "%"]),
        ("YU7, SU7", ["yu7", "su7"]),
        ("1,234.5", ["1234.5"]),
        ("not up; no debt", ["not", "up", "no", "debt"]),
        ("isn't", ["is", "not"]),
        ("Xiaomi's cars", ["xiaomi", "car"]),
        ("3nm", ["3", "nm"]),
        ("2025-2030", ["2025", "2030"]),
        ("U.S. market", ["us", "market"]),
        ("研发投入", ["研发", "发投", "投入"]),
        ("市", ["市"]),
        ("", []),
        ("!!! -- …", []),
    ],
)
def test_what_filings_say_is_kept(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("human-car-home", "human car home"),
        ("human–car—home", "human car home"),
        ("human‑car−home", "human car home"),
        ("RMB200bn", "CNY 200 billion"),
        ("200 bn yuan", "200 billion renminbi"),
        ("US$28b", "USD 28 billion"),
        ("$410m", "usd 410 million"),
        ("3.2 percent", "3.2%"),
        ("3.2 pct", "3.2 per cent"),
        ("10K", "10-K"),
        ("20,000 cars", "20000 car"),
        ("Xiaomi’s", "Xiaomi"),
        ("won't", "will not"),
        ("ＲＭＢ　２００", "RMB 200"),
        ("invests investing", "invested invest"),
    ],
)
def test_ways_to_write_the_same_meet(one: str, other: str) -> None:
    assert tokens(one) == tokens(other)


def test_research_and_development_is_found_by_its_short_form() -> None:
    assert "r&d" in tokens("research and development expenses")


@given(st.text())
def test_tokens_are_never_empty_or_spaced(text: str) -> None:
    assert all(token and not any(c.isspace() for c in token) for token in tokens(text))


@given(st.text(), st.text())
def test_a_line_break_separates_tokens(one: str, other: str) -> None:
    assert tokens(f"{one}\n{other}") == tokens(one) + tokens(other)


def _lexical(folder: Path, texts: list[str]) -> Lexical:
    assert write_lexical(folder / "lexical", texts) == len(texts)
    return Lexical(folder / "lexical", len(texts))


def test_the_text_with_the_rare_word_comes_first(tmp_path: Path) -> None:
    index = _lexical(tmp_path, ["the car", "the car with XRING", "the home"])
    assert [row for row, _ in index.search("XRING car", 5)] == [1, 0]


def test_rows_that_share_no_word_are_not_returned(tmp_path: Path) -> None:
    index = _lexical(tmp_path, ["the car", "a home", "???"])
    assert [row for row, _ in index.search("home", 3)] == [1]
    assert index.search("unheard", 3) == []
    assert index.search("", 3) == []
    assert index.search("home", 0) == []


def test_masked_rows_are_not_returned(tmp_path: Path) -> None:
    index = _lexical(tmp_path, ["home", "home", "home"])
    mask = np.array([False, True, False])
    assert [row for row, _ in index.search("home", 3, mask)] == [1]


def test_equal_scores_keep_the_order_of_rows(tmp_path: Path) -> None:
    index = _lexical(tmp_path, ["home"] * 9 + ["car"])
    assert [row for row, _ in index.search("home", 4)] == [0, 1, 2, 3]


@pytest.mark.parametrize("texts", [[], ["", "?"]])
def test_an_index_without_words_answers_nothing(tmp_path: Path, texts: list[str]) -> None:
    assert _lexical(tmp_path, texts).search("anything", 3) == []


def test_a_wrong_number_of_rows_is_damage(tmp_path: Path) -> None:
    write_lexical(tmp_path / "lexical", ["one car", "two cars"])
    with pytest.raises(IndexDamaged):
        Lexical(tmp_path / "lexical", 3)
