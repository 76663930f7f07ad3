"""The dense half of a generation: passage ids and their vectors in an embedded Chroma.

Only importer of chromadb, inside the function that opens it. Holds no text: a passage is a span
of a document, and Chroma's text index would make a generation six times as large to copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from assistant.errors import FootnoteError, IndexDamaged
from assistant.lexical import REBUILD_HINT

_COLLECTION = "passages"
# Above this share of the rows it is faster to search without Chroma's filter and to drop what is
# not allowed: on 10,000 passages 1 ms instead of 20-40 ms.
_BROAD = 0.25
# Chroma's default of 100 lost 4 in 1,000 of the exact top 50 among 7,658 near-duplicates of real
# passages; 200 lost none, in the same time (2-4 ms).
_EF_SEARCH = 200
# By default the graph of fewer than 1,000 rows is never put on the disk; instead every opening
# truncates its files and writes them anew, and two readers in two processes get in each other's
# way. 2 is the least Chroma takes, and costs no more time.
_FLUSH_ROWS = 2
# SQLite binds a limited number of values in one statement.
_MOST_SOURCES = 10_000


class Vectors:
    """Unit vectors by passage id. Threads may share one; processes may share its files to read."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Open the collection in `folder`; raises IndexDamaged when there is none that works."""
        import chromadb
        from chromadb.config import Settings

        self._folder = folder
        with _damaged("opened"):
            if not create and not (folder / "chroma.sqlite3").is_file():
                raise FileNotFoundError("chroma.sqlite3 is missing")  # Chroma would make a new one
            self._client = cast("Any", chromadb.PersistentClient)(
                path=str(folder), settings=Settings(anonymized_telemetry=False)
            )
        try:
            with _damaged("opened"):
                if create:
                    self._rows = self._client.create_collection(
                        _COLLECTION,
                        configuration={
                            "hnsw": {
                                "space": "cosine",
                                "ef_search": _EF_SEARCH,
                                "batch_size": _FLUSH_ROWS,
                                "sync_threshold": _FLUSH_ROWS,
                            }
                        },
                        embedding_function=None,
                    )
                else:
                    self._rows = self._client.get_collection(_COLLECTION, embedding_function=None)
                self._count = int(self._rows.count())
        except BaseException:
            self._client.close()
            raise

    @property
    def count(self) -> int:
        """How many vectors there are."""
        return self._count

    def add(self, ids: Sequence[str], sources: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add rows; the ids must be new (Chroma would keep the old row of a known one)."""
        step = self._client.get_max_batch_size()
        with _unwritable():
            for a in range(0, len(ids), step):
                self._rows.add(
                    ids=list(ids[a : a + step]),
                    embeddings=vectors[a : a + step],
                    metadatas=[{"source": source} for source in sources[a : a + step]],
                )
            self._count = int(self._rows.count())
            if (
                ids and self._count == 1
            ):  # a lone row must reach _FLUSH_ROWS too: store it once more
                self._rows.update(ids=list(ids[:1]), embeddings=vectors[:1])

    def remove(self, ids: Sequence[str]) -> None:
        """Remove rows by id."""
        step = self._client.get_max_batch_size()
        with _unwritable():
            for a in range(0, len(ids), step):
                self._rows.delete(ids=list(ids[a : a + step]))
            self._count = int(self._rows.count())

    def fetch(self, ids: Sequence[str]) -> NDArray[np.float32]:
        """Stored vectors in the order of `ids`, shape (len(ids), dimensions).

        Raises IndexDamaged when one is missing.
        """
        by_id: dict[str, Any] = {}
        step = min(self._client.get_max_batch_size(), 1000)
        with _damaged("read"):
            for a in range(0, len(ids), step):
                got = self._rows.get(ids=list(ids[a : a + step]), include=["embeddings"])
                by_id.update(zip(got["ids"], cast("Any", got["embeddings"]), strict=True))
            if not ids:
                return np.zeros((0, 0), dtype=np.float32)
            return np.asarray([by_id[id_] for id_ in ids], dtype=np.float32)

    def search(
        self, vector: NDArray[np.float32], k: int, sources: frozenset[str] | None, share: float
    ) -> list[tuple[str, float]]:
        """The k nearest ids with their cosine similarity, nearest first.

        `sources` restricts the search (None: all); `share` is the share of the rows they hold.
        """
        k = min(k, self._count)
        if k < 1 or (sources is not None and not sources):
            return []
        if sources is None:
            return self._query(vector, k, None)
        if share < _BROAD and len(sources) <= _MOST_SOURCES:
            return self._query(vector, k, {"source": {"$in": sorted(sources)}})
        wanted = k
        while True:
            wanted = min(self._count, int(wanted * 1.5 / max(share, 0.01)) + 20)
            found = self._query(vector, wanted, None)
            allowed = [hit for hit in found if hit[0].rpartition("@")[0] in sources]
            if len(allowed) >= k or wanted == self._count:
                return allowed[:k]

    def _query(
        self, vector: NDArray[np.float32], k: int, where: dict[str, Any] | None
    ) -> list[tuple[str, float]]:
        with _damaged("searched"):
            got = self._rows.query(
                query_embeddings=cast("Any", [vector]),
                n_results=k,
                where=where,
                include=["distances"],
            )
            distances = cast("list[list[float]]", got["distances"])[0]
            hits = [
                (id_, 1.0 - float(distance))
                for id_, distance in zip(got["ids"][0], distances, strict=True)
            ]
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))

    def close(self) -> None:
        """Close Chroma's files; other objects on the same folder stay open."""
        self._client.close()


@contextmanager
def _damaged(what: str) -> Iterator[None]:
    """Chroma reports damage as its own errors, ValueError, or a panic that is no Exception."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise IndexDamaged(f"the vectors cannot be {what}: {reason}", REBUILD_HINT) from error


@contextmanager
def _unwritable() -> Iterator[None]:
    """What Chroma says when it cannot write, most often because the disk is full."""
    from chromadb.errors import ChromaError

    try:
        yield
    except ChromaError as error:
        raise FootnoteError(
            f"the vectors cannot be written: {str(error).splitlines()[0]}",
            "check that the disk has space and the index folder is writable; "
            "the earlier index is still in use",
        ) from error
