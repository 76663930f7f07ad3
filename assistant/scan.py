"""What lies in the corpus folder: the files to index, their hashes, and what is left out and why.

Remembers size, times and hash of each file between syncs, so that unchanged files are not read.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from assistant.errors import ConfigError
from assistant.generations import replace_file
from assistant.read import why_skipped
from assistant.types import Failure, Skipped

_SEEN = "files.json"
# A file changed twice within one tick of the file system's clock looks the same: as git does, do
# not believe the times of a file that was changed just before it was hashed.
_SETTLED_NANOSECONDS = 2_000_000_000
PERMISSION_HINT = "check that the file is there and that you may read it"


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as a sync saw it: (size, mtime_ns, ctime_ns), hash, and why it could not be read."""

    stamp: tuple[int, int, int]
    sha256: str
    error: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """Files by source id; `failed` are those whose bytes cannot even be read."""

    paths: Mapping[str, Path]
    seen: Mapping[str, Seen]
    failed: tuple[Failure, ...]
    skipped: tuple[Skipped, ...]


def scan(corpus: Path, root: Path, known: Mapping[str, Seen]) -> Scan:
    """Find and hash the files of `corpus`, leaving out the index itself should it lie inside.

    A file whose size and times equal those in `known` is not read. Raises ConfigError when the
    folder is not there.
    """
    if not corpus.is_dir():
        raise ConfigError(
            f"the folder of documents {corpus} "
            + ("is not a folder" if corpus.exists() else "does not exist"),
            "set FOOTNOTE_CORPUS to the folder with your documents",
        )
    paths, skipped = _walk(corpus.resolve(), root.resolve())
    seen: dict[str, Seen] = {}
    failed: list[Failure] = []
    for source_id, path in sorted(paths.items()):
        try:
            seen[source_id] = _look(path, known.get(source_id))
        except FileNotFoundError:  # removed since the folder was listed
            continue
        except OSError as error:
            reason = error.strerror or str(error)
            failed.append(Failure(source_id, reason, PERMISSION_HINT))
    return Scan(paths, seen, tuple(failed), tuple(sorted(skipped, key=lambda s: s.source_id)))


def load_seen(root: Path, fingerprint: str) -> dict[str, Seen]:
    """What the last sync with this recipe saw; empty when that is unknown."""
    try:
        content = json.loads((root / _SEEN).read_text("utf-8"))
        if content["recipe"] != fingerprint:
            return {}
        return {
            source_id: Seen(tuple(seen.pop("stamp")), **seen)
            for source_id, seen in content["files"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def save_seen(root: Path, fingerprint: str, seen: Mapping[str, Seen]) -> None:
    """Remember the files for the next sync."""
    files = {source_id: asdict(one) for source_id, one in sorted(seen.items())}
    replace_file(root / _SEEN, json.dumps({"recipe": fingerprint, "files": files}))


def _walk(corpus: Path, root: Path) -> tuple[dict[str, Path], list[Skipped]]:
    paths: dict[str, Path] = {}
    skipped: list[Skipped] = []
    pending = [corpus]
    while pending:
        folder = pending.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            if folder == corpus:
                raise ConfigError(
                    f"the folder of documents {corpus} cannot be read: {error.strerror}",
                    "make it readable, or set FOOTNOTE_CORPUS to another folder",
                ) from error
            why = f"the folder cannot be read: {error.strerror or error}"
            skipped.append(Skipped(_id_of(folder, corpus) + "/", why))
            continue
        for entry in entries:
            path = Path(entry.path)
            source_id = _id_of(path, corpus)
            if entry.is_dir(follow_symlinks=False):
                if entry.name.startswith(".") or entry.name == "__pycache__":
                    skipped.append(Skipped(f"{source_id}/", "a hidden folder"))
                elif path != root:
                    pending.append(path)
            elif reason := _why_not(entry, source_id, corpus):
                skipped.append(Skipped(source_id, reason))
            else:
                paths[source_id] = path
    return paths, skipped


def _id_of(path: Path, corpus: Path) -> str:
    """The source id; bytes that are not Unicode show as they would in a terminal."""
    return path.relative_to(corpus).as_posix().encode("utf-8", "backslashreplace").decode("utf-8")


def _why_not(entry: os.DirEntry[str], source_id: str, corpus: Path) -> str | None:
    """Why this entry is no source; None when it is one."""
    try:
        entry.name.encode("utf-8")
    except UnicodeEncodeError:
        return "its name is not valid Unicode: rename it"
    try:
        if entry.is_symlink():
            target = Path(entry.path).resolve()
            if not target.is_relative_to(corpus):
                return "a link that leaves the folder"
            if not target.exists():
                return "a link to nothing"
            if target.is_dir():
                return "a link to a folder"
        if not stat.S_ISREG(entry.stat().st_mode):
            return "not a regular file"
    except FileNotFoundError:
        return "it vanished"
    except (OSError, RuntimeError):  # a link that leads to itself
        return "a link to nothing"
    return why_skipped(source_id)


def _look(path: Path, known: Seen | None) -> Seen:
    found = path.stat()
    stamp = (found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    if known is not None and known.stamp == stamp:
        return known
    now = time.time_ns()
    with path.open("rb") as handle:
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
    if now - max(stamp[1:]) < _SETTLED_NANOSECONDS:
        stamp = (-1, 0, 0)
    if known is not None and known.sha256 == sha256:
        return replace(known, stamp=stamp)
    return Seen(stamp, sha256)
