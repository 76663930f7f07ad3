"""Kill a real sync at every step: the old index answers, and the next sync puts all right."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.index import STEPS, Index, current_generation, open_index, recipe_for, sync
from assistant.types import SyncReport
from tests.fakes import FakeEmbedder

ROOT = Path(__file__).resolve().parents[1]
TOKENS = 60
PARAGRAPHS = 700  # more than are embedded before the first vectors are stored

# Runs a sync that kills itself when it reports step `at`, with `done` or more done.
KILLER = f"""
import os, signal, sys
from pathlib import Path
from assistant.index import recipe_for, sync
from tests.fakes import FakeEmbedder

folder, at, done = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])

def kill(progress):
    if progress.step == at and progress.done >= done:
        os.kill(os.getpid(), signal.SIGKILL)

embedder = FakeEmbedder()
recipe = recipe_for(embedder.name, embedder.sha256, {TOKENS})
sync(folder / "corpus", folder / "index", recipe, lambda: embedder, on_progress=kill)
"""

MOMENTS = [(number, 0) for number in range(1, len(STEPS) + 1)]
MOMENTS += [(STEPS.index("embed") + 1, done) for done in (64, 640)]


def _sync(folder: Path) -> SyncReport:
    embedder = FakeEmbedder()
    recipe = recipe_for(embedder.name, embedder.sha256, TOKENS)
    return sync(folder / "corpus", folder / "index", recipe, lambda: embedder)


def _killed_sync(folder: Path, at: int, done: int) -> None:
    arguments = [sys.executable, "-c", KILLER, str(folder), str(at), str(done)]
    ended = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def _write(folder: Path, name: str, subject: str, paragraphs: int) -> None:
    (folder / "corpus").mkdir(exist_ok=True)
    text = "\n\n".join(
        f"Paragraph {n} tells of the {subject}, of its {n} branches and of its fruit, and nobody "
        f"who has read all {n} parts of it will forget the {subject} again in a long life."
        for n in range(paragraphs)
    )
    (folder / "corpus" / name).write_text(f"# The {subject}\n\n{text}\n", "utf-8")


def _all_ids(index: Index) -> list[str]:
    ids = [id_ for id_, _ in index.lexical("paragraph", 100_000)]
    assert len(set(ids)) == len(ids) == len(index.passages(ids)) == index.count
    assert len(index.vectors(ids)) == len(ids)  # opening compared the number of vectors
    return ids


def _found(index: Index, word: str) -> set[str]:
    return {id_.rpartition("@")[0] for id_, _ in index.lexical(word, 100_000)}


@pytest.mark.parametrize(("at", "done"), MOMENTS)
def test_a_killed_sync_loses_and_doubles_nothing(tmp_path: Path, at: int, done: int) -> None:
    _write(tmp_path, "stays.md", "oak", 20)
    _write(tmp_path, "goes.md", "elm", 10)
    _write(tmp_path, "changes.md", "ash", 10)
    before = _sync(tmp_path)
    (tmp_path / "corpus/goes.md").unlink()
    _write(tmp_path, "changes.md", "yew", 12)
    _write(tmp_path, "comes.md", "fir", PARAGRAPHS)
    index_folder = tmp_path / "index"

    _killed_sync(tmp_path, at, done)

    switched = at > STEPS.index("switch") + 1
    with open_index(index_folder) as index:
        ids = _all_ids(index)
        assert (index.generation != before.generation) == switched
        assert _found(index, "oak") == {"stays.md"}
        if not switched:
            assert len(ids) == before.passages
            assert _found(index, "elm ash") == {"goes.md", "changes.md"}

    after = _sync(tmp_path)
    assert (after.rebuilt, after.failed) == ("", ())
    with open_index(index_folder) as index:
        assert index.generation == after.generation == current_generation(index_folder)
        assert len(_all_ids(index)) == after.passages > PARAGRAPHS
        assert _found(index, "elm ash") == set()
        assert _found(index, "yew fir oak") == {"changes.md", "comes.md", "stays.md"}
    assert os.listdir(index_folder / "generations") == [after.generation]
    assert _sync(tmp_path).generation == after.generation


@pytest.mark.parametrize("step", ["embed", "switch"])
def test_a_killed_first_sync_leaves_nothing_in_the_way(tmp_path: Path, step: str) -> None:
    _write(tmp_path, "a.md", "oak", 20)
    _killed_sync(tmp_path, STEPS.index(step) + 1, 0)
    assert current_generation(tmp_path / "index") is None
    report = _sync(tmp_path)
    with open_index(tmp_path / "index") as index:
        assert len(_all_ids(index)) == report.passages
    assert os.listdir(tmp_path / "index/generations") == [report.generation]
