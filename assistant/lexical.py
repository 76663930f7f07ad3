"""The lexical half of a generation: a tokenizer for filings, and BM25 scores over its passages.

`tokens` is pure and serves passages and questions alike. Only importer of bm25s. Knows rows, not
passages: row n of the index is passage n of the generation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexDamaged

REBUILD_HINT = "run `footnote sync --rebuild`; it needs nothing but the documents"

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
_QUOTES = dict.fromkeys(map(ord, "’‘ʼ＇"), "'")
_DROPPED = dict.fromkeys(map(ord, "\u00ad™®©"))  # NFKC would make "tm" of a trade mark sign

# What is written in several ways and must be found by any of them.
_SAME = {
    **dict.fromkeys("rmb yuan renminbi cny ¥".split(), "cny"),
    **dict.fromkeys("usd dollar dollars us$ $".split(), "usd"),
    **dict.fromkeys("hkd hk$".split(), "hkd"),
    **dict.fromkeys("eur euro euros €".split(), "eur"),
    **dict.fromkeys("gbp £".split(), "gbp"),
    **dict.fromkeys("bn billion billions".split(), "billion"),
    **dict.fromkeys("mn mln million millions".split(), "million"),
    **dict.fromkeys("tn trn trillion trillions".split(), "trillion"),
    **dict.fromkeys("pct percent %".split(), "%"),
    # What is owed is not what was received: the stem would be the same.
    **dict.fromkeys("receivable receivables".split(), "receivable"),
}
# Right behind a number only: "28b", "410m".
_SCALES = {"b": "billion", "m": "million"}

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER = rf"[^\W\d_{_CJK}]"
_TOKEN = re.compile(
    rf"""
      (?P<phrase> research\ (?:and|&)\ development )
    | (?P<form> (?<![\w.,])(?:\d{{1,2}}-?[kqf]|[a-z]-\d{{1,2}})(?![\w-]) )       # 10-K, 20-F, S-1
    | (?P<number> \d+(?:,\d{{3}})+(?:\.\d+)? | \d+(?:\.\d+)? )
      (?: [^\S\n]?(?P<percent> %|pct\b|percent\b|per\ cent\b ) | (?P<scale> [bm])(?!\w) )?
    | (?P<cjk> [{_CJK}]+ )
    | (?P<and> {_LETTER}+(?:&{_LETTER}+)+ | \b[a-z]\ &\ [a-z]\b )                # R&D, S & P
    | (?P<initials> (?<!\w)(?:[a-z]\.){{2,}} )                                   # U.S.
    | (?P<currency> us\$ | hk\$ | [$€£¥] )
    | (?P<money> (?:rmb|cny|usd|hkd|eur|gbp)(?=\d) )                             # RMB200bn
    | (?P<sign> per\ cent\b | % )
    | (?P<word> {_LETTER}+(?:\d{_LETTER}*)*(?:'{_LETTER}+)? )                    # YU7, company's
    """,
    re.VERBOSE,
)


def tokens(text: str) -> list[str]:
    """The words BM25 counts, in order; the same for a passage and for a question.

    Keeps `10-k`, `r&d`, `3.2%`, `yu7`, `1234.5` (printed 1,234.5), `not` and `no`. Compounds come
    apart at any kind of dash. Chinese becomes pairs of characters, English words their stems.
    """
    text = unicodedata.normalize("NFKC", text.translate(_DROPPED)).lower()
    text = text.translate(_DASHES).translate(_QUOTES)
    found: list[str] = []
    for match in _TOKEN.finditer(text):
        kind, piece = match.lastgroup, match.group()
        if kind == "word":
            found.extend(_word(piece))
        elif number := match["number"]:
            number = number.replace(",", "")
            if match["percent"]:
                found += [f"{number}%", "%"]
            else:
                found.append(number)
                if match["scale"]:
                    found.append(_SCALES[match["scale"]])
        elif kind == "cjk":
            found.extend(piece[i : i + 2] for i in range(max(1, len(piece) - 1)))
        elif kind == "phrase":
            found += [*_word("research"), *_word("development"), "r&d"]
        elif kind == "form":
            found.append(piece if "-" in piece else f"{piece[:-1]}-{piece[-1]}")
        elif kind == "initials":
            found.append(piece.replace(".", ""))
        elif kind == "and":
            found.append(piece.replace(" ", ""))
        elif kind == "sign":
            found.append("%")
        else:
            found.append(_SAME.get(piece, piece))
    return found


@lru_cache(maxsize=1 << 17)
def _word(word: str) -> tuple[str, ...]:
    """One word as its stem; a possessive loses its 's, "isn't" becomes "is" and "not"."""
    word, _, ending = word.partition("'")
    negated = ending == "t" and len(word) > 2 and word.endswith("n")
    if negated:
        word = {"won": "will", "can": "can"}.get(word, word[:-1])
    if word in _SAME:
        stem = _SAME[word]
    elif len(word) > 2 and word.isascii() and word.isalpha():
        stem = _stemmer().stemWord(word)
    elif len(word) > 3 and word[-1] == "s" and word[-2].isdigit():
        stem = word[:-1]  # "SU7s" are several of one model
    else:
        stem = word
    if negated:
        return stem, "not"
    return (stem,) if ending in ("", "s", "t") else (stem, ending)


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    # Without its own cache, which is not safe between threads; `_word` caches.
    return Stemmer.Stemmer("english", 0)


def write_lexical(folder: Path, texts: Iterable[str]) -> int:
    """Index the texts, in order, in `folder`; return how many there were."""
    import bm25s

    folder.mkdir(parents=True)
    vocabulary: dict[str, int] = {}
    rows = [
        [vocabulary.setdefault(token, len(vocabulary)) for token in tokens(text)] for text in texts
    ]
    if vocabulary:  # bm25s cannot index nothing
        model = bm25s.BM25()
        model.index((rows, vocabulary), show_progress=False)
        model.save(folder, show_progress=False)
    return len(rows)


class Lexical:
    """BM25 over the rows of a generation; reads from disk as needed (memory-mapped)."""

    def __init__(self, folder: Path, rows: int) -> None:
        """Open what `write_lexical` wrote; raises IndexDamaged unless it holds `rows` rows."""
        import bm25s

        self._model: Any = None
        try:
            if any(folder.iterdir()):
                self._model = bm25s.BM25.load(folder, mmap=True, show_progress=False)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(
                f"the lexical index cannot be read: {error}", REBUILD_HINT
            ) from error
        if self._model is not None and self._model.scores["num_docs"] != rows:
            raise IndexDamaged("the lexical index does not match its passages", REBUILD_HINT)

    def search(
        self, text: str, k: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """The k best rows and their scores, best first, only scores above zero."""
        if self._model is None or k < 1:
            return []
        vocabulary = self._model.vocab_dict
        known = [vocabulary[token] for token in tokens(text) if token in vocabulary]
        if not known:
            return []
        scores = self._model.get_scores(known)
        if allowed is not None:
            scores = np.where(allowed, scores, 0.0)
        # bm25s returns rows with score 0 to fill k, and masked rows too.
        rows = np.flatnonzero(scores > 0)
        if len(rows) > k:
            least = np.partition(scores[rows], len(rows) - k)[len(rows) - k]
            rows = rows[scores[rows] >= least]
        best = rows[np.lexsort((rows, -scores[rows]))][:k]
        return [(int(row), float(scores[row])) for row in best]

    def knows(self, word: str) -> bool:
        """True when some row holds every token of the word."""
        vocabulary = self._model.vocab_dict if self._model is not None else {}
        return all(token in vocabulary for token in tokens(word))

    def close(self) -> None:
        """Let go of the files."""
        self._model = None
