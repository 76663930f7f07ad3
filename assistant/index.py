"""The index in use: search by vector or by words, and the passages and texts behind the hits.

Reads one generation and never writes; `sync` (sync.py) makes the next one. The rest of Footnote
imports the index from here.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from assistant.asked import FUNCTION_WORDS, content_words
from assistant.errors import IndexDamaged
from assistant.generations import (
    Entry,
    Manifest,
    current_name,
    folder_of,
    hold,
    read_manifest,
    require_current,
)
from assistant.lexical import REBUILD_HINT, Lexical, tokens
from assistant.passages import PassageFile
from assistant.sync import STEPS, recipe_for, sync
from assistant.tables import cells, plain_label
from assistant.types import Filters, Passage, PassageKind, Recipe, Source
from assistant.vectors import Vectors

_OWNER = re.compile(r"(?<![\w&-])([A-Z][A-Za-z]{2,})['’]s\b")
_SMALL = re.compile(r"(?<![\w-])[a-z]{3,}(?![\w])")
_OWNER_PAIR = re.compile(r"(?<![\w&-])([A-Z][A-Za-z]+ [A-Z][A-Za-z]+)['’]s\b")
_SMALL_PAIR = re.compile(r"(?=(?<![\w-])([a-z]{2,} [a-z]{2,})(?![\w]))")
OFTEN = 2
"""So often a name must own something to be known by its small letters."""
_WORD = re.compile(r"(?<![\w-])[a-z]{4,}(?!\w)")

_ANY_ROW = frozenset(tokens("total net consolidated"))
"""Words of labels that do not tell one row from another."""

__all__ = ["STEPS", "Index", "current_generation", "open_index", "recipe_for", "sync"]


def current_generation(root: Path) -> str | None:
    """Name of the generation in use, None when there is none; reads one small file."""
    return current_name(root)


def open_index(root: Path) -> Index:
    """Open the generation in use; raises IndexMissing, or IndexDamaged when it is not whole."""
    name = require_current(root)
    while True:
        try:
            return Index(root, name)
        except IndexDamaged:
            # It may be gone because a sync has just replaced it.
            if (now := require_current(root)) == name:
                raise
            name = now


class Index:
    """One generation, open for reading; a context manager. Threads may share it.

    A sync does not disturb it: it goes on answering from its generation until it is closed.
    Every method raises IndexDamaged when the files turn out to be unusable.
    """

    def __init__(self, root: Path, name: str) -> None:
        """Open generation `name`; use `open_index` for the one in use."""
        self._folder = folder_of(root, name)
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(hold(self._folder))
            except OSError as error:
                raise IndexDamaged(f"{self._folder} cannot be opened", REBUILD_HINT) from error
            self._manifest: Manifest = read_manifest(root, name)
            count = self._manifest.passages
            self._passages = PassageFile(self._folder, count)
            stack.callback(self._passages.close)
            self._lexical = Lexical(self._folder / "lexical", count)
            stack.callback(self._lexical.close)
            self._vectors = Vectors(self._folder / "chroma")
            stack.callback(self._vectors.close)
            if self._vectors.count != count:
                raise IndexDamaged(
                    f"the index holds {self._vectors.count} vectors for {count} passages",
                    REBUILD_HINT,
                )
            self._entries: dict[str, Entry] = {e.source.id: e for e in self._manifest.entries}
            self._first_rows = [entry.first for entry in self._manifest.entries]
            if count:  # a damaged graph shows at the first search: better now
                self.dense(self.vectors([self._id_at(0)])[0], 1)
            self._stack = stack.pop_all()

    @property
    def generation(self) -> str:
        """Name of the generation; another than `current_generation()` means that it is outdated."""
        return self._manifest.generation

    @property
    def recipe(self) -> Recipe:
        """What the index was made with; an embedder of another recipe must not query it."""
        return self._manifest.recipe

    @property
    def sources(self) -> tuple[Source, ...]:
        """All sources, by id."""
        return tuple(entry.source for entry in self._manifest.entries)

    @property
    def count(self) -> int:
        """How many passages there are."""
        return self._manifest.passages

    def dense(
        self, vector: NDArray[np.float32], k: int, filters: Filters = Filters()
    ) -> list[tuple[str, float]]:
        """Passage ids nearest to a unit vector with their cosine similarity, best first."""
        allowed = self._allowed(filters)
        if allowed is None:
            return self._vectors.search(vector, k, None, 1.0)
        rows = sum(entry.rows for entry in allowed)
        sources = frozenset(entry.source.id for entry in allowed)
        return self._vectors.search(vector, min(k, rows), sources, rows / max(1, self.count))

    def lexical(self, text: str, k: int, filters: Filters = Filters()) -> list[tuple[str, float]]:
        """Passage ids by BM25 with their score, best first; only scores above zero."""
        mask = None
        if (allowed := self._allowed(filters)) is not None:
            mask = np.zeros(self.count, dtype=np.bool_)
            for entry in allowed:
                mask[entry.first : entry.first + entry.rows] = True
        return [(self._id_at(row), score) for row, score in self._lexical.search(text, k, mask)]

    def mentions(self, name: str) -> dict[str, float]:
        """By source the share of its passages that hold a word of `name`; only shares above zero."""
        counts: dict[str, int] = {}
        for row, _ in self._lexical.search(name, self.count):
            entry = self._manifest.entries[bisect_right(self._first_rows, row) - 1]
            counts[entry.source.id] = counts.get(entry.source.id, 0) + 1
        return {id_: n / self._entries[id_].rows for id_, n in counts.items()}

    def count_of(self, name: str) -> int:
        """How many passages hold a word of `name`."""
        return len(self._lexical.search(name, self.count))

    def knows(self, word: str) -> bool:
        """True when some passage holds the word in any of its forms."""
        return self._lexical.knows(word)

    def tells(self, pattern: re.Pattern[str]) -> bool:
        """True when some passage holds what the pattern matches; reads them all (0.1 s for 10,000)."""
        return any(pattern.search(passage.text) for _, _, passage in self._every_passage())

    @cached_property
    def words(self) -> Counter[str]:
        """The lower-case words of all passages with how often each stands there."""
        counted: Counter[str] = Counter()
        for _, _, passage in self._every_passage():
            counted.update(_WORD.findall(passage.text))
        return counted

    def _every_passage(self) -> Iterator[tuple[int, Source, Passage]]:
        """Each passage with its row and source, in the order of the rows of each source."""
        for entry in self._manifest.entries:
            for row in range(entry.first, entry.first + entry.rows):
                yield row, entry.source, self._passages.read(row, entry.source)

    @cached_property
    def names(self) -> dict[str, str]:
        """The words that own something in the passages, "NIO's", and are never written small, by their
        lower-case form: "nio" → "NIO"; also names of two words: "li auto" → "Li Auto".
        """
        owners: dict[str, Counter[str]] = {}
        small: set[str] = set()
        for _, _, passage in self._every_passage():
            small.update(_SMALL.findall(passage.text))
            small.update(_SMALL_PAIR.findall(passage.text))
            for word in (*_OWNER.findall(passage.text), *_OWNER_PAIR.findall(passage.text)):
                owners.setdefault(word.lower(), Counter())[word] += 1
        return {
            low: forms.most_common(1)[0][0]
            for low, forms in owners.items()
            if low not in small
            and forms.total() >= OFTEN
            and FUNCTION_WORDS.isdisjoint(low.split())
        }

    @cached_property
    def _labels(self) -> list[tuple[int, str, frozenset[str]]]:
        """Row number, source and the telling words of the label of every table row that has some."""
        found = []
        for row, source, passage in self._every_passage():
            if passage.kind is PassageKind.TABLE_ROW:
                words = content_words(plain_label(cells(passage.text)[0]))
                if telling := frozenset(w for w in words if w[0].isalpha()) - _ANY_ROW:
                    found.append((row, source.id, telling))
        return found

    def rows_called(self, words: Set[str], k: int, filters: Filters = Filters()) -> list[Passage]:
        """Table rows whose label consists mostly of the given tokens, the best called first.

        Search by meaning finds rows badly: a row is mostly figures, and its neighbours read alike.
        """
        allowed = self._allowed(filters)
        sources = None if allowed is None else {entry.source.id for entry in allowed}
        scored = []
        for row, source, label in self._labels:
            shared = len(label & words)
            if shared * 2 > len(label) and (sources is None or source in sources):
                scored.append((shared / len(label) + shared / max(1, len(words)), -row, source))
        best = sorted(scored, reverse=True)[:k]
        return [self._passages.read(-row, self._entries[id_].source) for _, row, id_ in best]

    def passages(self, ids: Iterable[str]) -> dict[str, Passage]:
        """Passages by id; ids that are not in this generation are left out."""
        found: dict[str, Passage] = {}
        for id_ in ids:
            if (place := self._place(id_)) is not None:
                found[id_] = self._passages.read(place[0], place[1].source)
        return found

    def vectors(self, ids: Sequence[str]) -> NDArray[np.float32]:
        """Stored vectors of passages of this index, shape (len(ids), dimensions)."""
        return self._vectors.fetch(ids)

    def neighbours(self, passage: Passage, before: int = 1, after: int = 1) -> list[Passage]:
        """Passages of the same source just before and after this one, in order, without it."""
        if (place := self._place(passage.id)) is None:
            return []
        row, entry = place
        rows = range(max(entry.first, row - before), min(entry.first + entry.rows, row + after + 1))
        return [self._passages.read(other, entry.source) for other in rows if other != row]

    def passages_of(self, source_id: str) -> list[Passage]:
        """All passages of a source, in order; raises KeyError when it is unknown."""
        entry = self._entries[source_id]
        rows = range(entry.first, entry.first + entry.rows)
        return [self._passages.read(row, entry.source) for row in rows]

    def opening(self, source_id: str) -> Passage:
        """The first passage of a source; raises KeyError when it is unknown."""
        entry = self._entries[source_id]
        return self._passages.read(entry.first, entry.source)

    def document_text(self, source_id: str) -> str:
        """The source's normalised text, in which spans count; raises KeyError when unknown."""
        sha256 = self._entries[source_id].text_sha256
        try:
            content = (self._folder / "documents" / f"{sha256}.txt").read_bytes()
        except OSError as error:
            raise IndexDamaged(f"the text of {source_id} is gone", REBUILD_HINT) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise IndexDamaged(f"the text of {source_id} was changed", REBUILD_HINT)
        return content.decode("utf-8")

    def close(self) -> None:
        """Close all files; closing twice does no harm."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _allowed(self, filters: Filters) -> list[Entry] | None:
        """Entries that pass; None when nothing is filtered.

        All filters are about sources, so they are answered here and not by Chroma: a range of
        dates over 10,000 rows takes it 48 ms, a list of ten sources 5 ms.
        """
        if not filters:
            return None
        return [e for e in self._manifest.entries if passes(e.source, filters)]

    def _place(self, passage_id: str) -> tuple[int, Entry] | None:
        source_id, _, span = passage_id.rpartition("@")
        start, _, end = span.partition("-")
        entry = self._entries.get(source_id)
        if entry is None or not (start.isdecimal() and end.isdecimal()):
            return None
        row = self._passages.find(entry.first, entry.rows, int(start), int(end))
        return None if row is None else (row, entry)

    def _id_at(self, row: int) -> str:
        at = bisect_right(self._first_rows, row) - 1
        start, end = self._passages.span(row)
        return f"{self._manifest.entries[at].source.id}@{start}-{end}"


def passes(source: Source, filters: Filters) -> bool:
    """Whether the source is one of those the filters let through."""
    if filters.sources and not any(
        source.id == wanted or (wanted.endswith("/") and source.id.startswith(wanted))
        for wanted in filters.sources
    ):
        return False
    if filters.kinds and source.kind not in filters.kinds:
        return False
    if filters.since is None and filters.until is None:
        return True
    if source.as_of is None:
        return False
    return (filters.since is None or source.as_of >= filters.since) and (
        filters.until is None or source.as_of <= filters.until
    )
