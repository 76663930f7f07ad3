"""Corpus folder → next generation of the index, doing again only what changed.

Everything is written beside the generation in use, which stays untouched and in use until the
last step but one; a sync killed at any point costs only its own work.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.build import STEPS, Fresh, OnProgress, build, step
from assistant.errors import ConfigError, IndexDamaged, ReadError
from assistant.generations import (
    SCHEMA,
    Manifest,
    current_name,
    read_manifest,
    remove_unused,
    set_current,
    write_error,
    writer_lock,
)
from assistant.read import read
from assistant.scan import PERMISSION_HINT, Scan, Seen, load_seen, save_seen, scan
from assistant.split import split
from assistant.types import Embedder, Failure, Recipe, SyncProgress, SyncReport

__all__ = ["STEPS", "recipe_for", "sync"]

_DROPPED = "its earlier version is no longer searched; "


def recipe_for(embedder: str, embedder_sha256: str, passage_tokens: int) -> Recipe:
    """The recipe of an index made by this version with this embedder."""
    return Recipe(SCHEMA, embedder, embedder_sha256, passage_tokens)


def sync(
    corpus: Path,
    root: Path,
    recipe: Recipe,
    load: Callable[[], Embedder],
    *,
    rebuild: bool = False,
    on_progress: OnProgress | None = None,
) -> SyncReport:
    """Bring the index in `root` up to date with the files in `corpus`, and say what was done.

    `load` gives the embedder of the recipe and is called only when there is something to read. A
    file that cannot be read becomes a Failure and stops nothing else. When nothing changed, no
    generation is made. Raises ConfigError (no such folder), IndexBusy, ModelUnavailable (from
    `load`), and FootnoteError when the index cannot be written; the index in use is then unharmed.
    """
    started = time.monotonic()
    report = on_progress or _silent
    with writer_lock(root):
        try:
            done = _sync(corpus, root, recipe, load, rebuild, report)
        except OSError as error:  # files of the corpus are handled one by one, so it is the index
            raise write_error(root, error) from error
    return replace(done, seconds=time.monotonic() - started)


@dataclass(slots=True)
class _Plan:
    """What is to be done; `old` is None when nothing of an earlier index can be used."""

    scan: Scan
    old: Manifest | None
    rebuilt: str
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)


def _sync(
    corpus: Path,
    root: Path,
    recipe: Recipe,
    load: Callable[[], Embedder],
    rebuild: bool,
    report: OnProgress,
) -> SyncReport:
    step(report, 1)
    old, rebuilt = _old(root, recipe, rebuild)
    known = {} if rebuild else load_seen(root, recipe.fingerprint)
    plan = _plan(scan(corpus, root, known), old, rebuilt)
    embedder: Embedder | None = None
    if plan.added or plan.changed:
        embedder = load()
        _check_embedder(embedder, recipe)
    fresh = _read_all(plan, recipe, embedder, report)
    kept = {} if plan.old is None else {e.source.id: e for e in plan.old.entries}
    for source_id in kept.keys() - set(plan.unchanged):
        del kept[source_id]
    if plan.old is not None and not fresh and len(kept) == len(plan.old.entries):
        manifest, embedded = plan.old, 0
    else:
        try:
            manifest, embedded = build(root, recipe, plan.old, kept, fresh, embedder, report)
        except IndexDamaged:
            if plan.old is None:
                raise
            # Damage that only showed when the vectors were copied: make everything anew.
            again = _plan(plan.scan, None, "the index was damaged")
            plan, embedder = again, embedder or load()
            fresh = _read_all(plan, recipe, embedder, report)
            manifest, embedded = build(root, recipe, None, {}, fresh, embedder, report)
        step(report, 8)
        set_current(root, manifest.generation)
    step(report, 9)
    if plan.scan.seen != known:
        save_seen(root, recipe.fingerprint, plan.scan.seen)
    remove_unused(root, manifest.generation)
    return SyncReport(
        generation=manifest.generation,
        added=tuple(plan.added),
        changed=tuple(plan.changed),
        removed=tuple(plan.removed),
        unchanged=tuple(plan.unchanged),
        failed=tuple(sorted(plan.failed, key=lambda failure: failure.source_id)),
        skipped=plan.scan.skipped,
        passages=manifest.passages,
        embedded=embedded,
        rebuilt=plan.rebuilt,
    )


# ---------------------------------------------------------------- 1 plan


def _old(root: Path, recipe: Recipe, rebuild: bool) -> tuple[Manifest | None, str]:
    """The generation to build on, or None and why an existing one cannot be used."""
    try:
        name = current_name(root)
        remove_unused(root, name)  # what killed syncs left, before it is missed as disk space
        if name is None:
            return None, ""
        old = read_manifest(root, name)
    except IndexDamaged:
        return None, "asked for" if rebuild else "the index was damaged"
    if rebuild:
        return None, "asked for"
    if old.recipe.schema != recipe.schema:
        return None, "the index format changed"
    if old.recipe.embedder_sha256 != recipe.embedder_sha256:
        return None, "the embedder changed"
    if old.recipe.passage_tokens != recipe.passage_tokens:
        return None, "the passage length changed"
    return (old, "") if old.recipe == recipe else (None, "the embedder changed")


def _plan(found: Scan, old: Manifest | None, rebuilt: str) -> _Plan:
    """Set arithmetic between the files found and the sources of the old generation."""
    plan = _Plan(found, old, rebuilt)
    before = {} if old is None else {e.source.id: e.source.sha256 for e in old.entries}
    for failure in found.failed:
        plan.failed.append(_dropped(failure, before))
    for source_id, seen in found.seen.items():
        if seen.error and old is not None:  # the same bytes failed before
            plan.failed.append(_dropped(Failure(source_id, seen.error, seen.hint), before))
        elif source_id not in before:
            plan.added.append(source_id)
        elif before[source_id] != seen.sha256:
            plan.changed.append(source_id)
        else:
            plan.unchanged.append(source_id)
    gone = before.keys() - found.seen.keys() - {failure.source_id for failure in found.failed}
    plan.removed.extend(sorted(gone))
    return plan


def _dropped(failure: Failure, before: dict[str, str]) -> Failure:
    if failure.source_id not in before:
        return failure
    return replace(failure, hint=_DROPPED + failure.hint)


def _check_embedder(embedder: Embedder, recipe: Recipe) -> None:
    if embedder.sha256 != recipe.embedder_sha256:
        raise ValueError("the embedder is not the one of the recipe")
    if embedder.max_tokens < recipe.passage_tokens:
        raise ConfigError(
            f"passages of {recipe.passage_tokens} tokens are too long for {embedder.name}, "
            f"which reads {embedder.max_tokens}",
            f"set FOOTNOTE_PASSAGE_TOKENS to {embedder.max_tokens} or less",
        )


# ---------------------------------------------------------------- 2 read


def _read_all(
    plan: _Plan, recipe: Recipe, embedder: Embedder | None, report: OnProgress
) -> dict[str, Fresh]:
    """Read and split what is new; failures and vanished files move to where they belong in plan."""
    todo = sorted(plan.added + plan.changed)
    step(report, 2, 0, len(todo), "files")
    fresh: dict[str, Fresh] = {}
    seen = dict(plan.scan.seen)
    for number, source_id in enumerate(todo, start=1):
        assert embedder is not None
        outcome = _read_one(plan.scan.paths[source_id], source_id, recipe, embedder)
        if isinstance(outcome, Fresh):
            fresh[source_id] = outcome
            seen[source_id] = replace(seen[source_id], error="", hint="")
            if outcome.document.source.sha256 != seen[source_id].sha256:  # changed since hashed
                seen[source_id] = Seen((-1, 0, 0), outcome.document.source.sha256)
        else:
            was_known = source_id in plan.changed
            (plan.changed if was_known else plan.added).remove(source_id)
            if outcome is None:
                del seen[source_id]
                if was_known:
                    plan.removed.append(source_id)
            else:
                seen[source_id] = replace(seen[source_id], error=outcome.error, hint=outcome.hint)
                plan.failed.append(_dropped(outcome, {source_id: ""} if was_known else {}))
        step(report, 2, number, len(todo), "files")
    plan.scan = replace(plan.scan, seen=seen)
    return fresh


def _read_one(
    path: Path, source_id: str, recipe: Recipe, embedder: Embedder
) -> Fresh | Failure | None:
    """The document and its passages; None when the file is no longer there."""
    try:
        document = read(path, source_id)
        passages = split(document, embedder.token_counts, recipe.passage_tokens)
        passages = sorted(passages, key=lambda passage: passage.span)
        spans = {passage.span for passage in passages}
        if len(spans) < len(passages) or any(
            passage.span.of(document.text) != passage.text for passage in passages
        ):
            raise ValueError("the passages do not fit the text")
        return Fresh(document, passages)
    except ReadError as error:
        return Failure(source_id, error.message, error.hint) if path.exists() else None
    except OSError as error:
        if not path.exists():
            return None
        return Failure(source_id, error.strerror or str(error), PERMISSION_HINT)
    except Exception as error:  # a document nobody thought of must not keep the others out
        return Failure(
            source_id,
            f"internal error: {type(error).__name__}: {error}",
            "please report this file; the others are not affected",
        )


def _silent(progress: SyncProgress) -> None:
    pass
