"""Steps 3 to 7 of a sync: write the next generation beside the old one, and check it.

Vectors, texts and passages of unchanged files come from the old generation, which is only read.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from assistant.errors import IndexDamaged
from assistant.generations import (
    Entry,
    Manifest,
    folder_of,
    link,
    new_folder,
    write_manifest,
)
from assistant.lexical import REBUILD_HINT, Lexical, write_lexical
from assistant.passages import PassageFile, PassageWriter, line_of, passage_of
from assistant.types import Document, Embedder, Passage, Recipe, SyncProgress
from assistant.vectors import Vectors

STEPS = ("plan", "read", "copy", "remove", "embed", "lexical", "check", "switch", "clean")

OnProgress = Callable[[SyncProgress], None]

# Passages are embedded by length, so that a batch has little padding, within windows that are
# small enough to be stored every few seconds.
_WINDOW = 512
_BATCH = 64
_SLACK_ROWS = 1000
_TRIES, _PAUSE = 20, 0.1
"""So often, and seconds apart, a copy waits for a reader to have opened the old vectors."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """A document that was read in this sync."""

    document: Document
    passages: list[Passage]


def step(report: OnProgress, number: int, done: int = 0, total: int = 0, unit: str = "") -> None:
    """Report that step `number` of STEPS has begun or has come this far."""
    report(SyncProgress(number, STEPS[number - 1], done, total, unit))


def build(
    root: Path,
    recipe: Recipe,
    old: Manifest | None,
    kept: dict[str, Entry],
    fresh: dict[str, Fresh],
    embedder: Embedder | None,
    report: OnProgress,
) -> tuple[Manifest, int]:
    """Write and check the next generation; its folder is removed again when that fails."""
    folder = new_folder(root)
    try:
        step(report, 3)
        (folder / "documents").mkdir()
        if old is not None:
            before = folder_of(root, old.generation)
            _copy_vectors(before / "chroma", folder / "chroma")
            for sha256 in {entry.text_sha256 for entry in kept.values()}:
                link(before / f"documents/{sha256}.txt", folder / f"documents/{sha256}.txt")
        written, embedded = _write_vectors(folder, root, old, kept, fresh, embedder, report)
        step(report, 6)
        entries = _write_passages(folder, root, old, kept, fresh)
        count = sum(entry.rows for entry in entries)
        step(report, 7)
        _check(folder, count)
        manifest = Manifest(folder.name, recipe, tuple(entries), count, written)
        write_manifest(folder, manifest)
        return manifest, embedded
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _copy_vectors(before: Path, after: Path) -> None:
    """Copy Chroma's folder while no other process writes in it.

    A reader that opens it does so for a moment, and a journal tells of that; one that stays was left by
    a process that was killed, and goes along: Chroma rolls back with it.
    """
    journal = before / "chroma.sqlite3-journal"
    for _ in range(_TRIES):
        if not journal.exists():
            shutil.copytree(before, after, ignore=shutil.ignore_patterns(journal.name))
            if not journal.exists():
                return
            shutil.rmtree(after)
        time.sleep(_PAUSE)
    shutil.copytree(before, after)


def _write_vectors(
    folder: Path,
    root: Path,
    old: Manifest | None,
    kept: dict[str, Entry],
    fresh: dict[str, Fresh],
    embedder: Embedder | None,
    report: OnProgress,
) -> tuple[int, int]:
    """Bring the copied Chroma up to date: rows ever written to it, passages embedded."""
    step(report, 4)
    new = [passage for one in fresh.values() for passage in one.passages]
    vectors = Vectors(folder / "chroma", create=old is None)
    try:
        reuse = _Reuse()
        if old is not None:
            if vectors.count != old.passages:
                raise IndexDamaged("the vectors are not as many as recorded", REBUILD_HINT)
            reuse = _reusable(root, old, kept, fresh)
        stay = reuse.stay
        borrow = [p for p in new if p.id in reuse.lent]
        borrowed = vectors.fetch([reuse.lent[p.id] for p in borrow])
        added = len(new) - len(reuse.in_place)
        written = added + (0 if old is None else old.written)
        # Chroma only marks a removed row in its graph. Before the marks outnumber the rows, the
        # graph is made anew from the same vectors.
        if written > 2 * (len(stay) + added) + _SLACK_ROWS:
            values = vectors.fetch(stay)
            vectors.close()
            shutil.rmtree(folder / "chroma")
            vectors = Vectors(folder / "chroma", create=True)
            vectors.add(stay, [id_.rpartition("@")[0] for id_ in stay], values)
            written = len(stay) + added
        else:
            vectors.remove(reuse.gone)
        vectors.add([p.id for p in borrow], [p.source.id for p in borrow], borrowed)
        todo = [p for p in new if p.id not in reuse.lent and p.id not in reuse.in_place]
        step(report, 5, 0, len(todo), "passages")
        for start in range(0, len(todo), _WINDOW):
            assert embedder is not None
            window = sorted(todo[start : start + _WINDOW], key=lambda p: -len(p.embedding_text))
            parts = []
            for a in range(0, len(window), _BATCH):
                batch = window[a : a + _BATCH]
                parts.append(embedder.embed_passages([p.embedding_text for p in batch]))
                step(report, 5, start + a + len(batch), len(todo), "passages")
            ids, sources = [p.id for p in window], [p.source.id for p in window]
            vectors.add(ids, sources, np.concatenate(parts))
        return written, len(todo)
    finally:
        vectors.close()


@dataclass(slots=True)
class _Reuse:
    """Ids of rows that stay and of rows to remove; `in_place` are new passages among the first.

    `lent` gives, for a new passage, the id of an old row with its vector.
    """

    stay: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    in_place: set[str] = field(default_factory=set)
    lent: dict[str, str] = field(default_factory=dict)


def _reusable(root: Path, old: Manifest, kept: dict[str, Entry], fresh: dict[str, Fresh]) -> _Reuse:
    """Which rows of the copied Chroma stay, go, or lend their vector to a new passage.

    A vector serves again when the embedder would read the same text. For a file that was renamed
    or copied (same bytes) the title may differ, where it comes from the file's name; that is no
    reason to embed it again.
    """
    reuse = _Reuse()
    gone: dict[str, str] = {}
    by_key: dict[str, str] = {}
    copied = {one.document.source.sha256 for one in fresh.values()}
    file = PassageFile(folder_of(root, old.generation), old.passages)
    try:
        for entry in old.entries:
            source = entry.source
            rows = range(entry.first, entry.first + entry.rows)
            if source.id in kept:
                reuse.stay += [f"{source.id}@{s}-{e}" for s, e in map(file.span, rows)]
                if source.sha256 not in copied:
                    continue
            for row in rows:
                passage = file.read(row, source)
                for key in _keys(passage):
                    by_key.setdefault(key, passage.id)
                if source.id not in kept:
                    gone[passage.id] = _keys(passage)[0]
    finally:
        file.close()
    for one in fresh.values():
        for passage in one.passages:
            keys = _keys(passage)
            if gone.get(passage.id) == keys[0]:  # it stands where it stood
                reuse.in_place.add(passage.id)
                del gone[passage.id]
            elif donor := by_key.get(keys[0]) or by_key.get(keys[1]):
                reuse.lent[passage.id] = donor
    reuse.stay += sorted(reuse.in_place)
    reuse.gone += gone
    return reuse


def _keys(passage: Passage) -> tuple[str, str]:
    """Hash of what the embedder reads; hash of the same with the file in place of its title."""
    untitled = replace(passage, source=replace(passage.source, title=""))
    same_file = f"{passage.source.sha256}\0{passage.span}\0{untitled.embedding_text}"
    return _sha256(passage.embedding_text), _sha256(same_file)


def _write_passages(
    folder: Path,
    root: Path,
    old: Manifest | None,
    kept: dict[str, Entry],
    fresh: dict[str, Fresh],
) -> list[Entry]:
    """Write texts, passages and the lexical index; return the sources with their rows, by id."""
    entries: list[Entry] = []

    def texts() -> Iterator[str]:
        """What is indexed, while it is written: all texts at once would not fit in memory."""
        before = None
        if old is not None:
            before = PassageFile(folder_of(root, old.generation), old.passages)
        try:
            with PassageWriter(folder) as writer:
                for source_id in sorted(kept.keys() | fresh.keys()):
                    first = writer.count
                    if (entry := kept.get(source_id)) is not None:
                        assert before is not None
                        source, text_sha256 = entry.source, entry.text_sha256
                        for row in range(entry.first, entry.first + entry.rows):
                            line = before.line(row)
                            passage = passage_of(line, source)
                            writer.write(line, passage.span)
                            yield passage.embedding_text
                    else:
                        one = fresh[source_id]
                        source = one.document.source
                        text_sha256 = _write_document(folder, one.document.text)
                        for passage in one.passages:
                            writer.write(line_of(passage), passage.span)
                            yield passage.embedding_text
                    entries.append(Entry(source, text_sha256, first, writer.count - first))
        finally:
            if before is not None:
                before.close()

    write_lexical(folder / "lexical", texts())
    return entries


def _write_document(folder: Path, text: str) -> str:
    content = text.encode("utf-8")
    sha256 = hashlib.sha256(content).hexdigest()
    path = folder / "documents" / f"{sha256}.txt"
    if not path.exists():  # it may be the shared file of an older generation: never write into it
        path.write_bytes(content)
    return sha256


def _check(folder: Path, count: int) -> None:
    """Open what was written, as a reader would, and compare the counts."""
    PassageFile(folder, count).close()
    Lexical(folder / "lexical", count).close()
    vectors = Vectors(folder / "chroma")
    try:
        if vectors.count != count:
            raise IndexDamaged(
                f"{vectors.count} vectors were stored for {count} passages", REBUILD_HINT
            )
    finally:
        vectors.close()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
