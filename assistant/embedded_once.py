"""An embedder that reads each text once: the searches of one question meet the same lines again.

Kept for one question only. What a text's vector is depends, in its last digits, on the texts beside
it; a memory that outlived the question would let an answer depend on what was asked before.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.types import Embedder


class EmbeddedOnce:
    """The vectors of another Embedder, each computed at most once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._passages: dict[str, NDArray[np.float32]] = {}
        self._queries: dict[str, NDArray[np.float32]] = {}

    @property
    def name(self) -> str:
        """Name for people."""
        return self._embedder.name

    @property
    def sha256(self) -> str:
        """Hash of the weights."""
        return self._embedder.sha256

    @property
    def max_tokens(self) -> int:
        """Longest input the model reads."""
        return self._embedder.max_tokens

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as the model counts them."""
        return self._embedder.token_counts(texts)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of shape (len(texts), dimensions); (0, dimensions) for no texts."""
        new = [text for text in dict.fromkeys(texts) if text not in self._passages]
        if new or not texts:
            vectors = self._embedder.embed_passages(new)
            self._passages |= dict(zip(new, vectors, strict=True))
            if not texts:
                return vectors
        return np.stack([self._passages[text] for text in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Unit vector of shape (dimensions,)."""
        if text not in self._queries:
            self._queries[text] = self._embedder.embed_query(text)
        return self._queries[text]
