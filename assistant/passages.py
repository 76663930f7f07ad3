"""The passages of a generation as one file of lines, read by row without loading the rest.

Line n of passages.jsonl is row n of the lexical index; rows.npy says where each line begins and
which span it holds. Written once, in the order of source ids and spans.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexDamaged
from assistant.lexical import REBUILD_HINT
from assistant.types import Passage, PassageKind, Source, Span

_LINES = "passages.jsonl"
_ROWS = "rows.npy"


def line_of(passage: Passage) -> bytes:
    """A passage as one line; the source is not part of it, the span is in rows.npy too."""
    content = [
        passage.span.start,
        passage.span.end,
        passage.kind.value,
        passage.page,
        passage.headings,
        passage.context,
        passage.text,
    ]
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def passage_of(line: bytes, source: Source) -> Passage:
    """The passage that `line_of` wrote."""
    start, end, kind, page, headings, context, text = json.loads(line)
    span = Span(start, end)
    return Passage(source, span, text, PassageKind(kind), tuple(headings), context, page)


class PassageWriter:
    """Writes the two files of a new generation, row by row; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._rows_path = folder / _ROWS
        self._file = (folder / _LINES).open("wb")
        self._rows: list[tuple[int, int, int]] = []
        self._offset = 0

    @property
    def count(self) -> int:
        """Rows written so far."""
        return len(self._rows)

    def write(self, line: bytes, span: Span) -> None:
        """Append one row."""
        self._file.write(line)
        self._rows.append((self._offset, span.start, span.end))
        self._offset += len(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        if kind is None:
            rows = [*self._rows, (self._offset, 0, 0)]  # the last one says where the file ends
            np.save(self._rows_path, np.array(rows, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class _Files:
    lines: mmap.mmap | bytes
    rows: NDArray[np.int64]


class PassageFile:
    """The passages of a sealed generation, by row."""

    def __init__(self, folder: Path, count: int) -> None:
        """Open the two files; raises IndexDamaged unless they hold `count` passages."""
        try:
            rows = np.load(folder / _ROWS, mmap_mode="r", allow_pickle=False)
            with (folder / _LINES).open("rb") as handle:
                lines: mmap.mmap | bytes = b""
                if count:  # an empty file cannot be mapped
                    lines = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError, EOFError) as error:
            raise IndexDamaged(f"the passages cannot be read: {error}", REBUILD_HINT) from error
        if rows.shape != (count + 1, 3) or int(rows[-1, 0]) != len(lines):
            raise IndexDamaged("the passages are not as many as recorded", REBUILD_HINT)
        self._files = _Files(lines, rows)

    def line(self, row: int) -> bytes:
        """One passage as it was written."""
        begin, end = self._files.rows[row, 0], self._files.rows[row + 1, 0]
        return self._files.lines[begin:end]

    def read(self, row: int, source: Source) -> Passage:
        """The passage in this row, which belongs to `source`."""
        return passage_of(self.line(row), source)

    def span(self, row: int) -> tuple[int, int]:
        """Start and end of the passage in this row."""
        return int(self._files.rows[row, 1]), int(self._files.rows[row, 2])

    def find(self, first: int, rows: int, start: int, end: int) -> int | None:
        """Row of the span start-end among a source's rows."""
        starts = self._files.rows[first : first + rows, 1]
        row = first + int(np.searchsorted(starts, start))
        while row < first + rows and self._files.rows[row, 1] == start:
            if self._files.rows[row, 2] == end:
                return row
            row += 1
        return None

    def __iter__(self) -> Iterator[bytes]:
        return (self.line(row) for row in range(len(self._files.rows) - 1))

    def close(self) -> None:
        """Close the files."""
        if isinstance(self._files.lines, mmap.mmap):
            self._files.lines.close()
