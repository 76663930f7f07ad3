"""Generations on disk: where they lie, which one is current, whether one is whole, who may write.

A generation is written beside the current one and never changed once CURRENT names it. Knows
nothing of what Chroma and bm25s keep inside.

    index/CURRENT                 name of the generation in use
    index/.lock                   held by the one writer
    index/files.json              what the last sync saw of each file; a cache (scan.py)
    index/generations/3-9f2c81d4/
        manifest.json             recipe, sources, size and SHA-256 of the other files
        passages.jsonl, rows.npy  the passages by source and place, and where each line begins
        documents/<sha256>.txt    normalised texts, shared by hard links from one to the next
        chroma/, lexical/
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock, Timeout

from assistant.errors import FootnoteError, IndexBusy, IndexDamaged, IndexMissing
from assistant.lexical import REBUILD_HINT
from assistant.types import Recipe, Source

try:
    import fcntl
except ImportError:  # Windows refuses to delete what is open; no lock is needed there
    fcntl = None  # type: ignore[assignment]

SCHEMA = 6
_DIRECTORY = "generations"
_POINTER = "CURRENT"
_MANIFEST = "manifest.json"
# Chroma writes a lock row here on every opening, so it has no lasting hash; it never shrinks.
_VOLATILE = "chroma/chroma.sqlite3"


@dataclass(frozen=True, slots=True)
class Entry:
    """A source in a generation: its text's hash and its rows, `first` up to `first + rows`."""

    source: Source
    text_sha256: str
    first: int
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds; `written` counts all rows ever put into its Chroma."""

    generation: str
    recipe: Recipe
    entries: tuple[Entry, ...]
    passages: int
    written: int


# ---------------------------------------------------------------- pointer


def current_name(root: Path) -> str | None:
    """Name of the generation in use, None when there is none; raises IndexDamaged on nonsense."""
    try:
        name = (root / _POINTER).read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"{root / _POINTER} cannot be read: {error}", REBUILD_HINT) from error
    if not name.isprintable() or name != Path(name).name or not name or name.startswith("."):
        raise IndexDamaged(f"{root / _POINTER} does not name a generation", REBUILD_HINT)
    return name


def folder_of(root: Path, name: str) -> Path:
    """Where the generation lies, whether it exists or not."""
    return root / _DIRECTORY / name


def set_current(root: Path, name: str) -> None:
    """Make `name` the generation in use, in one step that survives a power cut."""
    replace_file(root / _POINTER, f"{name}\n")


def replace_file(path: Path, text: str) -> None:
    """Write a small file so that it always has either its old or its new content."""
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    os.replace(part, path)
    _fsync(path.parent)


# ---------------------------------------------------------------- writing


@contextlib.contextmanager
def writer_lock(root: Path) -> Iterator[None]:
    """Keep other writers out; raises IndexBusy at once when there is one."""
    try:
        (root / _DIRECTORY).mkdir(parents=True, exist_ok=True)
        lock = FileLock(root / ".lock", timeout=0)
        lock.acquire()
    except Timeout as error:
        raise IndexBusy(
            "another process is updating the index", "wait until it is done, then try again"
        ) from error
    except OSError as error:
        raise write_error(root, error) from error
    try:
        yield
    finally:
        lock.release()


def write_error(root: Path, error: OSError) -> FootnoteError:
    """The error for people when the index cannot be written."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return FootnoteError(
        f"the index in {root} cannot be written: {error.strerror or error}",
        ("free some space" if full else "make the folder writable")
        + " or set FOOTNOTE_INDEX to another folder, then run `footnote sync` again; "
        "an earlier index is still in use",
    )


def new_folder(root: Path) -> Path:
    """Make an empty folder for the next generation; its name is never used again."""
    numbers = [0]
    for path in (root / _DIRECTORY).iterdir():
        number = path.name.partition("-")[0]
        if number.isascii() and number.isdigit():
            numbers.append(int(number))
    folder = folder_of(root, f"{max(numbers) + 1}-{secrets.token_hex(4)}")
    folder.mkdir()
    return folder


def link(old: Path, new: Path) -> None:
    """Give a file that nobody changes a second place, without copying where the disk can."""
    try:
        os.link(old, new)
    except OSError:  # a file system without hard links
        shutil.copyfile(old, new)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Seal a generation: record its files and put all of it on the disk."""
    files: dict[str, list[Any]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            files[name] = [path.stat().st_size, None if _unhashed(name) else _sha256(path)]
            _fsync(path)
    content = asdict(manifest) | {"files": files}
    content["checksum"] = _checksum(content)
    target = folder / _MANIFEST
    target.write_text(json.dumps(content, ensure_ascii=False, default=_plain), "utf-8")
    _fsync(target)
    for path in (*(p for p in folder.rglob("*") if p.is_dir()), folder, folder.parent):
        _fsync(path)


def remove_unused(root: Path, keep: str | None) -> None:
    """Delete every generation but `keep`; one that a reader holds open stays until next time."""
    for folder in (root / _DIRECTORY).iterdir():
        if folder.name == keep:
            continue
        with contextlib.suppress(OSError), _unheld(folder):
            shutil.rmtree(folder)


# ---------------------------------------------------------------- reading


def read_manifest(root: Path, name: str) -> Manifest:
    """Manifest of a generation whose files are all whole; raises IndexDamaged otherwise."""
    folder = folder_of(root, name)
    try:
        content = json.loads((folder / _MANIFEST).read_text("utf-8"))
        checksum = content.pop("checksum")
        if checksum != _checksum(content) or content["generation"] != name:
            raise ValueError("its checksum is wrong")
        files = content.pop("files")
        manifest = Manifest(
            generation=name,
            recipe=Recipe(**content["recipe"]),
            entries=tuple(_entry(entry) for entry in content["entries"]),
            passages=content["passages"],
            written=content["written"],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IndexDamaged(f"{folder / _MANIFEST} cannot be used: {error}", REBUILD_HINT) from error
    for file, (size, sha256) in files.items():
        _check_file(folder, file, size, sha256)
    return manifest


def require_current(root: Path) -> str:
    """Name of the generation in use; raises IndexMissing when there is none."""
    name = current_name(root)
    if name is None:
        raise IndexMissing(f"there is no index in {root} yet", "run `footnote sync`")
    return name


def hold(folder: Path) -> BinaryIO:
    """Keep a generation from being deleted until the returned file is closed."""
    handle = (folder / _MANIFEST).open("rb")
    if fcntl is not None:
        fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


@contextlib.contextmanager
def _unheld(folder: Path) -> Iterator[None]:
    """Enter only when no reader holds the generation (else OSError), and keep readers out."""
    if fcntl is None or not (folder / _MANIFEST).exists():
        yield
        return
    with (folder / _MANIFEST).open("rb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _check_file(folder: Path, name: str, size: int, sha256: str | None) -> None:
    path = folder / name
    try:
        found = path.stat().st_size
        whole = found >= size if name == _VOLATILE else found == size
        whole = whole and (sha256 is None or _sha256(path) == sha256)
    except OSError as error:
        raise IndexDamaged(
            f"{path} cannot be read: {error.strerror or error}", REBUILD_HINT
        ) from error
    if not whole:
        raise IndexDamaged(f"{path} is not what was written", REBUILD_HINT)


def _unhashed(name: str) -> bool:
    """Documents are checked when they are read: their names are their hashes."""
    return name == _VOLATILE or name.startswith("documents/")


def _entry(content: dict[str, Any]) -> Entry:
    source = dict(content["source"])
    if source["as_of"] is not None:
        source["as_of"] = date.fromisoformat(source["as_of"])
    return Entry(Source(**source), content["text_sha256"], content["first"], content["rows"])


def _checksum(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=_plain).encode()).hexdigest()


def _plain(value: object) -> str:
    assert isinstance(value, date)
    return value.isoformat()


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _fsync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":  # a directory cannot be opened there
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
