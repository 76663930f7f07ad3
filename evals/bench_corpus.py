"""What the benchmark reads: variants of the shipped documents, and vectors for them in no time.

A variant has other companies, years and figures in the same sentences, as one report has beside the
next: passages that search and evidence ranking find hard to tell apart.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.types import Embedder

CORPUS = Path(__file__).parent.parent / "corpus"
_COMPANIES = (
    "Xiaomi BYD NIO XPeng Tesla Apple Samsung Huawei Geely Leapmotor Volkswagen Toyota".split()
)
_COMPANY = re.compile("|".join(_COMPANIES))
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_NOISE = 0.02  # a variant's cosine to its original is then about 0.93


def write_variants(folder: Path, *, copies: int, files: int | None = None) -> None:
    """Write `copies` of the shipped documents (or of the first `files`); the first copy is exact."""
    folder.mkdir(parents=True)
    for name, text in _variants(copies, files):
        (folder / name).write_text(text, "utf-8")


def write_sections(folder: Path, *, files: int) -> None:
    """Write `files` small documents, each a section of a variant."""
    folder.mkdir(parents=True)
    number = 0
    for _, text in _variants(files):
        for section in re.split(r"\n(?=## )", text)[1:]:
            if number == files:
                return
            (folder / f"{number:04}.md").write_text(section, "utf-8")
            number += 1


def _variants(copies: int, files: int | None = None) -> Iterator[tuple[str, str]]:
    """Names and texts, the same for the same arguments."""
    chance = random.Random(1)
    paths = sorted(path for path in CORPUS.glob("*.md") if path.name != "README.md")[:files]
    for number in range(copies):
        for path in paths:
            text = path.read_text("utf-8")
            yield f"{number:02}-{path.name}", varied(text, chance) if number else text


def varied(text: str, chance: random.Random) -> str:
    """The text with its companies swapped, its years moved and its other figures changed."""
    companies = dict(zip(_COMPANIES, chance.sample(_COMPANIES, len(_COMPANIES)), strict=True))
    years = chance.randint(-12, 3)

    def figure(match: re.Match[str]) -> str:
        if re.fullmatch(r"(?:19|20)\d\d", match[0]):
            return str(int(match[0]) + years)
        return re.sub(r"[1-9]", lambda _: str(chance.randint(1, 9)), match[0])

    matter, rule, body = text.rpartition("\n---\n")  # dates of the front matter stay dates
    swapped = _COMPANY.sub(lambda match: companies[match[0]], body)
    return matter + rule + _NUMBER.sub(figure, swapped)


class LentVectors:
    """A real embedder that gives the variants of a passage its vector, with a little noise."""

    def __init__(self, real: Embedder) -> None:
        self._real = real
        self._known: dict[str, NDArray[np.float32]] = {}
        self.name, self.sha256, self.max_tokens = real.name, real.sha256, real.max_tokens

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """The real counts."""
        return self._real.token_counts(texts)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of shape (len(texts), dimensions)."""
        keys = [re.sub(r"\d", "0", _COMPANY.sub("X", text)) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        self._known |= zip(new, self._real.embed_passages(list(new.values())), strict=True)
        vectors = [self._known[k] + _noise(t) for k, t in zip(keys, texts, strict=True)]
        return np.stack([vector / np.linalg.norm(vector) for vector in vectors])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The real vector."""
        return self._real.embed_query(text)


class MadeUpVectors:
    """An embedder in no time, where vectors do not matter: unit vectors from the text's hash."""

    name = "made up"
    sha256 = "0" * 64
    max_tokens = 256

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """About as many tokens as a word-piece tokenizer counts in English."""
        return [2 + len(text) // 4 for text in texts]

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of shape (len(texts), 384)."""
        if not texts:
            return np.zeros((0, 384), dtype=np.float32)
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Unit vector of shape (384,)."""
        vector = _noise(text)
        return vector / np.linalg.norm(vector)


def _noise(text: str) -> NDArray[np.float32]:
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    return _NOISE * np.random.default_rng(seed).standard_normal(384, dtype=np.float32)
