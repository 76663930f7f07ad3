from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import models
from assistant.embedder import SentenceEmbedder, load_embedder
from assistant.errors import ModelUnavailable
from assistant.types import Embedder
from tests.fakes import FakeEmbedder

TEXTS = [
    "Xiaomi will invest CNY 200 billion in research and development over five years.",
    "The weather in Leipzig is mild in May.",
    "小米未来五年研发投入2000亿元",
    "",
    "x" * 5000,
]


@pytest.fixture
def folder(embedder_folder: Path, tmp_path: Path) -> Path:
    """A copy of the real embedder's files that may be spoilt."""
    return Path(shutil.copytree(embedder_folder, tmp_path / "model"))


def test_vectors_have_unit_length_and_the_promised_shape(embedder: SentenceEmbedder) -> None:
    vectors = embedder.embed_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimensions) == (5, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    query = embedder.embed_query(TEXTS[0])
    assert query.shape == (384,)
    assert query.dtype == np.float32
    assert embedder.embed_passages([]).shape == (0, 384)
    assert embedder.embed_passages([]).dtype == np.float32


def test_faster_arithmetic_does_not_change_the_vectors(embedder: SentenceEmbedder) -> None:
    exact = embedder._model.encode(TEXTS, normalize_embeddings=True)
    assert (embedder.embed_passages(TEXTS) * exact).sum(axis=1).min() > 0.9998


def test_the_text_that_answers_is_nearer(embedder: SentenceEmbedder) -> None:
    scores = embedder.embed_passages(TEXTS[:2]) @ embedder.embed_query("What is the R&D budget?")
    assert scores[0] > scores[1] + 0.1


def test_token_counts_are_the_models_own_and_not_cut(embedder: SentenceEmbedder) -> None:
    assert embedder.max_tokens == 256
    assert embedder.token_counts(["hello world", ""]) == [4, 2]
    assert embedder.token_counts(["word " * 600]) == [602]
    assert embedder.token_counts([]) == []
    features = embedder._model.tokenize(["one two three"])
    assert embedder.token_counts(["one two three"]) == [features["input_ids"].shape[1]]


def test_token_counts_leave_the_model_able_to_embed(embedder: SentenceEmbedder) -> None:
    before = embedder.embed_passages(["word " * 600])
    embedder.token_counts(["word " * 600])
    assert np.allclose(before, embedder.embed_passages(["word " * 600]), atol=1e-3)


def test_counting_tokens_is_fast(embedder: SentenceEmbedder) -> None:
    texts = [f"{TEXTS[0]} {i}" for i in range(1000)]
    started = time.perf_counter()
    embedder.token_counts(texts)
    assert time.perf_counter() - started < 2


def test_llama_index_sees_the_same_vectors(embedder: SentenceEmbedder) -> None:
    expected = embedder.embed_passages(TEXTS[:2])
    assert np.allclose(embedder.get_text_embedding_batch(TEXTS[:2]), expected, atol=1e-3)
    assert np.allclose(embedder.get_text_embedding(TEXTS[0]), expected[0], atol=1e-2)
    query = embedder.embed_query(TEXTS[0])
    assert np.allclose(embedder.get_query_embedding(TEXTS[0]), query, atol=1e-5)
    answer = asyncio.run(embedder.aget_query_embedding(TEXTS[0]))
    assert np.allclose(answer, query, atol=1e-5)
    texts = asyncio.run(embedder.aget_text_embedding_batch(TEXTS[:2]))
    assert np.allclose(texts, expected, atol=1e-2)


def test_prompts_saved_with_a_model_are_kept(folder: Path) -> None:
    path = folder / "config_sentence_transformers.json"
    plain = load_embedder(folder, name="m", threads=2)
    before, sha256 = plain.embed_query("gross margin"), plain.sha256
    path.write_text('{"prompts": {"query": "Represent this question: ", "document": ""}}')
    prompted = load_embedder(folder, name="m", threads=2)
    assert float(before @ prompted.embed_query("gross margin")) < 0.99
    assert prompted.sha256 != sha256  # another index is needed


def test_hash_depends_on_the_files_and_on_nothing_else(
    embedder: SentenceEmbedder, folder: Path
) -> None:
    (folder / "README.md").write_text("notes")
    (folder / models.STAMP_NAME).write_text("{}")
    copy = load_embedder(folder, name="another name", threads=2)
    assert copy.sha256 == embedder.sha256
    assert copy.name == "another name"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model.safetensors", b"\x00" * 100),
        ("model.safetensors", None),
        ("config.json", b"{"),
        ("modules.json", b"[]"),
        ("modules.json", None),
        ("1_Pooling/config.json", b'{"a": 1}'),
    ],
)
def test_damaged_folder_names_the_remedy(folder: Path, name: str, content: bytes | None) -> None:
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    with pytest.raises(ModelUnavailable) as caught:
        load_embedder(folder, name="m", threads=2)
    assert str(folder) in caught.value.message
    assert "footnote models --fetch" in caught.value.hint


def test_missing_folder_is_not_looked_up_anywhere(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="not a Sentence Transformers folder"):
        load_embedder(tmp_path / "absent", name="m", threads=2)


def test_loading_prints_nothing(folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from assistant.embedder import load_embedder\n"
        "e = load_embedder(Path(sys.argv[1]), name='m', threads=2)\n"
        "e.embed_passages(['a b c'] * 40); e.token_counts(['word ' * 600])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert done.stdout == ""
    assert done.stderr == ""


def test_real_and_fake_keep_the_same_promise(embedder: SentenceEmbedder) -> None:
    real: Embedder = embedder
    fake: Embedder = FakeEmbedder()
    for each in (real, fake):
        vectors = each.embed_passages(["one two", "three"])
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        assert each.embed_query("one").shape == vectors.shape[1:]
        assert len(each.sha256) == 64


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=5))
def test_fake_vectors_always_have_unit_length(texts: list[str]) -> None:
    vectors = FakeEmbedder().embed_passages(texts)
    assert vectors.shape == (len(texts), 64)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
