"""The searches of one question read each text once."""

from __future__ import annotations

import numpy as np

from assistant.embedded_once import EmbeddedOnce
from tests.fakes import FakeEmbedder


def test_each_text_is_read_once_and_the_vectors_keep_their_order() -> None:
    inner = FakeEmbedder()
    once = EmbeddedOnce(inner)
    once.embed_passages(["one car", "two cars"])
    found = once.embed_passages(["two cars", "three cars", "one car", "two cars"])
    assert inner.embedded == ["one car", "two cars", "three cars"]
    plain = FakeEmbedder().embed_passages(["two cars", "three cars", "one car", "two cars"])
    assert np.array_equal(found, plain)
    assert np.array_equal(once.embed_query("cars?"), FakeEmbedder().embed_query("cars?"))
    assert once.embed_query("cars?") is once.embed_query("cars?")


def test_no_texts_have_no_vectors() -> None:
    none = EmbeddedOnce(FakeEmbedder()).embed_passages([])
    assert none.shape == FakeEmbedder().embed_passages([]).shape
