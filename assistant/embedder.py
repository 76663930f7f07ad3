"""The embedder: a Sentence Transformers folder as LlamaIndex's BaseEmbedding and our Embedder.

Uses encode_query and encode_document, so that a model's own prompts are kept (LlamaIndex's
HuggingFaceEmbedding empties them). Loads from disk only.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

# Read when these libraries are imported: nothing is looked up on a hub, nothing is printed.
os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # both: see llm.embedded
os.environ.setdefault("GOMP_SPINCOUNT", "20000")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")

import numpy as np
import torch
from llama_index.core.base.embeddings.base import BaseEmbedding
from numpy.typing import NDArray
from pydantic import PrivateAttr
from sentence_transformers import SentenceTransformer
from transformers.utils.logging import disable_progress_bar

from assistant.errors import ModelUnavailable
from assistant.models import FETCH_HINT, embedder_sha256

# 16 was fastest of 16, 32 and 64 on 2 cores, for sentences (34 tokens) and passages (150 tokens).
BATCH_TEXTS = 16


class SentenceEmbedder(BaseEmbedding):
    """Unit vectors of texts; implements types.Embedder as well. Made by `load_embedder`."""

    _model: SentenceTransformer = PrivateAttr()
    _sha256: str = PrivateAttr()

    def __init__(self, model: SentenceTransformer, *, name: str, sha256: str) -> None:
        super().__init__(model_name=name, embed_batch_size=BATCH_TEXTS)
        self._model = model
        self._sha256 = sha256

    @property
    def name(self) -> str:
        """Name for people."""
        return self.model_name

    @property
    def sha256(self) -> str:
        """Hash over all files that decide what the vectors are."""
        return self._sha256

    @property
    def max_tokens(self) -> int:
        """Longest input the model reads, special tokens included; the rest is cut silently."""
        return int(self._model.max_seq_length or 0)

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as the model counts them, special tokens included, never cut."""
        if not texts:
            return []
        encoded = self._model.tokenizer(
            list(texts),
            truncation=False,
            padding=False,
            return_attention_mask=False,
            return_token_type_ids=False,
            verbose=False,
        )
        return [len(ids) for ids in encoded["input_ids"]]

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of shape (len(texts), dimensions); (0, dimensions) for no texts."""
        if not texts:  # encode([]) would return shape (0,)
            return np.zeros((0, self.dimensions), dtype=np.float32)
        # Where the processor multiplies bfloat16 natively: 2.4 times faster, same top ten for every
        # query tried, cosine to the float32 vectors at least 0.99997. A lone query is slower so.
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=_has_bfloat16()):
            encoded = self._model.encode_document(list(texts), **_OPTIONS)
        vectors = np.asarray(encoded, dtype=np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Unit vector of shape (dimensions,)."""
        vector = self._model.encode_query(text, **_OPTIONS)
        return cast("NDArray[np.float32]", np.asarray(vector, dtype=np.float32))

    # What LlamaIndex calls.

    @classmethod
    def class_name(cls) -> str:
        """Name in LlamaIndex's serialised form."""
        return "SentenceEmbedder"

    def _get_query_embedding(self, query: str) -> list[float]:
        return cast("list[float]", self.embed_query(query).tolist())

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return cast("list[list[float]]", self.embed_passages(texts).tolist())

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    async def _aget_text_embedding(self, text: str) -> list[float]:
        return await asyncio.to_thread(self._get_text_embedding, text)


_OPTIONS: dict[str, Any] = {
    "batch_size": BATCH_TEXTS,
    "normalize_embeddings": True,
    "show_progress_bar": False,
    "convert_to_numpy": True,
}


def load_embedder(folder: Path, *, name: str, threads: int) -> SentenceEmbedder:
    """Load a Sentence Transformers folder; raises ModelUnavailable when it is not a whole one."""
    if not (folder / "modules.json").is_file():
        raise ModelUnavailable(
            f"{folder} is not a Sentence Transformers folder",
            f"set FOOTNOTE_EMBEDDER to one, or {FETCH_HINT}",
        )
    torch.set_num_threads(threads)
    disable_progress_bar()  # type: ignore[no-untyped-call]
    for noisy in ("sentence_transformers", "transformers"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    try:
        model = SentenceTransformer(
            str(folder), device="cpu", local_files_only=True, trust_remote_code=False
        )
        sha256 = embedder_sha256(folder)
    # A damaged file shows as almost any exception: safetensors', json's, a KeyError, a TypeError.
    except Exception as error:
        raise ModelUnavailable(
            f"the embedder in {folder} cannot be loaded ({type(error).__name__})",
            f"it may be damaged: {FETCH_HINT}",
        ) from error
    return SentenceEmbedder(model.eval(), name=name, sha256=sha256)


@cache
def _has_bfloat16() -> bool:
    """Whether bfloat16 is an instruction here; emulated, it would be slower than float32."""
    look_up = getattr(torch.cpu, "get_capabilities", dict)  # newer than the oldest torch allowed
    capabilities: dict[str, Any] = look_up()
    return any(capabilities.get(flag) for flag in ("amx_bf16", "avx512_bf16"))
