"""Run a suite: index its documents apart from the user's, ask, write predictions and reports.

Predictions are appended line by line under a fingerprint of all that decides an answer, so that
a run that was stopped goes on where it stood, and one of another make starts anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from assistant.errors import ConfigError, FootnoteError, ModelUnavailable
from assistant.settings import Settings
from assistant.types import (
    Answer,
    Citation,
    Delta,
    Done,
    Event,
    Evidence,
    Filters,
    Hit,
    Overview,
    Passage,
    Question,
    Status,
    SyncProgress,
    SyncReport,
    Turn,
)
from evals.judging import PLACE_OVERLAP, words
from evals.metrics import score
from evals.report import write_reports
from evals.suite import Gold, Item, Suite, load_suite

ABSTAINED = (Status.NOT_FOUND, Status.REFUSED)
PREDICTIONS, RUN = "predictions.jsonl", "run.json"
# What makes no difference to an answer.
IRRELEVANT = {"corpus", "index", "cache", "hub_url", "host", "port", "llm_api_key", "threads"}

SHOWING = {"__main__", "chat", "web", "web_style", "render", "render_html", "health", "download"}


class Texts(Protocol):
    """The part of an Index that the runner reads."""

    def document_text(self, source_id: str) -> str:
        """The source's text; KeyError when it is not indexed."""


class Engine(Protocol):
    """The part of an Assistant that the runner uses."""

    @property
    def index(self) -> Texts:
        """The open index."""

    def sync(
        self,
        *,
        rebuild: bool = False,
        on_progress: Callable[[SyncProgress], None] | None = None,
    ) -> SyncReport:
        """Bring the index up to date."""

    def ask(self, question: Question) -> Iterable[Event]:
        """Events of one answer, Done last."""

    def overview(self) -> Overview:
        """Counts and the model's name."""

    def close(self) -> None:
        """Give everything back."""


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
    opener: Callable[[Settings], Engine] | None = None,
) -> int:
    """Run a suite and write its reports to `out`; 1 when `gate` is given and a gate is missed."""
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
    written = write_reports(
        out, loaded.name, scored, described, partial=len(items) < len(loaded.items), before=before
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


def predict(
    engine: Engine,
    items: Sequence[Item],
    out: Path,
    described: dict[str, Any],
    show: Callable[[str, int, int], None],
) -> dict[str, dict[str, Any]]:
    """Ask what has no answer of this fingerprint in `out` yet; rows by question id."""
    return predict_with(lambda item: ask(engine, item), items, out, described, show)


def predict_with(
    ask_one: Callable[[Item], dict[str, Any]],
    items: Sequence[Item],
    out: Path,
    described: dict[str, Any],
    show: Callable[[str, int, int], None],
) -> dict[str, dict[str, Any]]:
    """As `predict`, whoever answers."""
    out.mkdir(parents=True, exist_ok=True)
    rows = kept_rows(out, described)
    todo = [item for item in items if item.id not in rows]
    done = len(items) - len(todo)
    show("Asking", done, len(items))
    with (out / PREDICTIONS).open("a", encoding="utf-8") as lines:
        for number, item in enumerate(todo, start=done + 1):
            row = ask_one(item)
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
            lines.flush()
            rows[item.id] = row
            show("Asking", number, len(items))
    return rows


def kept_rows(out: Path, described: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Rows of an earlier run of the same fingerprint; otherwise `out` is made ready for a new one.

    A last line that was cut off when the run was killed is dropped.
    """
    predictions, run = out / PREDICTIONS, out / RUN
    rows: dict[str, dict[str, Any]] = {}
    try:
        same = json.loads(run.read_text())["fingerprint"] == described["fingerprint"]
    except (OSError, ValueError, KeyError, TypeError):
        same = False
    if same and predictions.exists():
        for row in read_rows(predictions):
            rows[row["id"]] = row
    _replace(
        predictions, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows.values())
    )
    _replace(run, json.dumps(described, indent=2, ensure_ascii=False) + "\n")
    return rows


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Whole lines of a predictions.jsonl; a broken last line is left out."""
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and "id" in row:
            yield row


def ask(engine: Engine, item: Item) -> dict[str, Any]:
    """One line of predictions.jsonl. A question that cannot be asked is recorded as an error."""
    scope = Filters(sources=(item.scope_doc,)) if item.scope_doc else Filters()
    question = Question(item.question, tuple(Turn(text) for text in item.history), scope)
    draft: list[str] = []
    started = time.perf_counter()
    try:
        for event in engine.ask(question):
            if isinstance(event, Delta):
                draft.append(event.text)
            if isinstance(event, Done):
                row = row_from_answer(item, event.answer)
                row["draft"] = "".join(draft)
                row["readable"] = [readable(engine.index, gold) for gold in item.evidence]
                return row
    except FootnoteError as error:
        return _failed(item, f"{error.message} ({error.hint})", time.perf_counter() - started)
    return _failed(item, "the answer had no end", time.perf_counter() - started)


def row_from_answer(item: Item, answer: Answer) -> dict[str, Any]:
    """An Answer as plain JSON values."""
    return {
        "id": item.id,
        "question": item.question,
        "asked": answer.asked,
        "answer": answer.text,
        "status": answer.status.value,
        "abstained": answer.status in ABSTAINED,
        "citations": [_citation(citation) for citation in answer.citations],
        "hits": [_hit(hit) for hit in answer.hits],
        "evidence": [_evidence(line) for line in answer.evidence],
        "checks": [
            {"figure": check.figure.text, "verdict": check.verdict.value} for check in answer.checks
        ],
        "notes": list(answer.notes),
        "seconds": {name: round(value, 3) for name, value in answer.seconds.items()},
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "number": citation.number,
        "doc": citation.source.id,
        "page": citation.page,
        "start": citation.span.start,
        "end": citation.span.end,
        "text": citation.quote,
        "around": _around(citation.passage),
    }


def _hit(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    return {
        "doc": passage.source.id,
        "page": passage.page,
        "start": passage.span.start,
        "end": passage.span.end,
        "score": round(hit.score, 5),
        "text": passage.text,
    }


def _evidence(line: Evidence) -> dict[str, Any]:
    return {
        "doc": line.passage.source.id,
        "page": line.passage.page,
        "start": line.span.start,
        "end": line.span.end,
        "text": line.text,
    }


def _around(passage: Passage) -> str:
    """What a reader sees around a cited place."""
    source = passage.source
    day = source.as_of.isoformat() if source.as_of else ""
    parts = (source.title, day, *passage.headings, passage.context)
    return "\n".join(part for part in parts if part)


def _failed(item: Item, why: str, seconds: float) -> dict[str, Any]:
    return {
        "id": item.id,
        "question": item.question,
        "asked": item.question,
        "answer": why,
        "status": "error",
        "abstained": False,
        "citations": [],
        "hits": [],
        "evidence": [],
        "checks": [],
        "notes": [],
        "seconds": {"total": round(seconds, 3)},
    }


def readable(texts: Texts, gold: Gold) -> bool:
    """True when the gold place stands in the document as it was read (in any order of cells)."""
    try:
        have = words(texts.document_text(gold.doc))
    except KeyError:
        return False
    wanted = words(gold.text)
    if not wanted:
        return True
    need, length = set(wanted), len(wanted)
    for start in range(0, max(1, len(have)), length):
        window = set(have[start : start + 3 * length])
        if len(need & window) / len(need) >= max(PLACE_OVERLAP, 0.8):
            return True
    return False


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


def _replace(path: Path, text: str) -> None:
    """Write whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, path)


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
