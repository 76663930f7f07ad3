"""Run a suite: index its documents apart from the user's, ask, write predictions and reports.

Predictions are appended line by line under a fingerprint of all that decides an answer, so that
a run that was stopped goes on where it stood, and one of another make starts anew.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.errors import ConfigError, ModelUnavailable
from assistant.llm import LanguageModel
from assistant.settings import Settings
from assistant.types import (
    Status,
    SyncProgress,
    SyncReport,
)
from evals.metrics import score
from evals.model_judge import opinions, summary_of
from evals.predictions import Engine, predict
from evals.report import write_reports
from evals.suite import Item, Suite, load_suite

ABSTAINED = (Status.NOT_FOUND, Status.REFUSED)
PREDICTIONS, RUN = "predictions.jsonl", "run.json"
# What makes no difference to an answer.
IRRELEVANT = {"corpus", "index", "cache", "hub_url", "host", "port", "llm_api_key", "threads"}

SHOWING = {"__main__", "chat", "web", "web_style", "render", "render_html", "health", "download"}


def run_command(
    suite: Path,
    *,
    settings: Settings,
    out: Path | None = None,
    limit: int | None = None,
    only: str | None = None,
    no_model: bool = False,
    compare: Path | None = None,
    gate: bool = False,
    judge: LanguageModel | None = None,
    opener: Callable[[Settings], Engine] | None = None,
) -> int:
    """Run a suite and write its reports to `out`; 1 when `gate` is given and a gate is missed.

    `judge` gives a second opinion on free-text answers, reported apart.
    """
    loaded = load_suite(suite)
    items = selected(loaded, only, limit)
    out = out or Path("evals/out") / loaded.name
    before = read_report(compare) if compare else None
    own = suite_settings(loaded, settings, no_model=no_model)
    if opener is None:
        opener = _open_assistant
    engine = opener(own)
    try:
        with progress_bar() as show:
            report = engine.sync(on_progress=sync_progress(show))
            described = describe(loaded, own, engine, report)
            rows = predict(engine, items, out, described, show)
    finally:
        engine.close()
    scored = [score(item, rows[item.id]) for item in items]
    judged = None
    if judge is not None:
        with progress_bar() as show:
            judged = summary_of(judge.name, opinions(scored, judge, show))
    partial = len(items) < len(loaded.items)
    written = write_reports(
        out, loaded.name, scored, described, partial=partial, before=before, judged=judged
    )
    print(written.summary)
    print(f"Report: {out / 'report.html'}", file=sys.stderr)
    if gate and written.missed:
        for line in written.missed:
            print(f"gate missed: {line}", file=sys.stderr)
        return 1
    return 0


def selected(suite: Suite, only: str | None, limit: int | None) -> list[Item]:
    """The questions to ask; raises ConfigError when no question is of the type."""
    items = [item for item in suite.items if only is None or only in item.types]
    if not items:
        types = sorted({t for item in suite.items for t in item.types})
        raise ConfigError(f"no question of type {only!r}", f"types are: {', '.join(types)}")
    return items[:limit]


def suite_settings(suite: Suite, settings: Settings, *, no_model: bool = False) -> Settings:
    """The user's settings over the suite's documents, with an index of the suite's own."""
    key = hashlib.sha256(str(suite.corpus).encode()).hexdigest()[:16]
    changes: dict[str, Any] = {
        "corpus": suite.corpus,
        "index": settings.cache / "evals" / key / "index",
    }
    if no_model:
        changes["llm"] = "none"
    return settings.model_copy(update=changes)


def describe(
    suite: Suite, settings: Settings, engine: Engine, report: SyncReport
) -> dict[str, Any]:
    """What decided the answers, with a `fingerprint` over it; written beside every result."""
    seen = engine.overview()
    if seen.model is None and settings.llm != "none":
        raise ModelUnavailable(
            "the language model is not at hand: " + " ".join(seen.notes),
            "run `footnote models --fetch`, or evaluate without it: --no-model",
        )
    decides = {
        "suite": suite.name,
        "suite_sha256": suite.sha256,
        "model": seen.model,
        "code_sha256": code_sha256(),
        "settings": {
            name: value
            for name, value in settings.model_dump(mode="json").items()
            if name not in IRRELEVANT
        },
        "documents": seen.documents,
        "passages": seen.passages,
        "unread": {failure.source_id: failure.error for failure in report.failed},
    }
    fingerprint = hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()
    return {"fingerprint": fingerprint, **decides}


def code_sha256() -> str:
    """Hash over the assistant's modules, but for those that only show or fetch things."""
    whole = hashlib.sha256()
    for path in sorted((Path(__file__).parent.parent / "assistant").glob("*.py")):
        if path.stem in SHOWING:
            continue
        whole.update(path.name.encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


# ---------------------------------------------------------------- helpers of the command


def _open_assistant(settings: Settings) -> Engine:
    from assistant.pipeline import open_assistant

    return open_assistant(settings)


def read_report(path: Path) -> dict[str, Any]:
    """The report.json of a run (or of its folder); raises ConfigError when it is none."""
    path = path / "report.json" if path.is_dir() else path
    try:
        earlier = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} is not a report.json", "give one of an earlier run") from error
    if not isinstance(earlier, dict) or "questions" not in earlier:
        raise ConfigError(f"{path} is not a report.json", "give one of an earlier run")
    return earlier


def sync_progress(show: Callable[[str, int, int], None]) -> Callable[[SyncProgress], None]:
    """What a sync tells of itself, on the bar."""

    def told(progress: SyncProgress) -> None:
        show(progress.name, progress.done, progress.total)

    return told


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar with time left on standard error."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(elapsed_when_finished=False),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        tasks: dict[str, Any] = {}

        def show(name: str, done: int, total: int) -> None:
            if name not in tasks:
                for task in tasks.values():
                    bar.remove_task(task)
                tasks.clear()
                tasks[name] = bar.add_task(name, total=total or None, completed=done)
            bar.update(tasks[name], completed=done, total=total or None)

        yield show
