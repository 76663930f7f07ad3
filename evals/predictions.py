"""predictions.jsonl: ask each question and append what was answered; go on where a run stopped."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from assistant.errors import FootnoteError
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
from evals.judging import words
from evals.suite import Gold, Item

ABSTAINED = (Status.NOT_FOUND, Status.REFUSED)
PREDICTIONS, RUN = "predictions.jsonl", "run.json"
READ_OVERLAP = 0.8
"""Share of a gold place's words that a stretch of the document must hold to have been read."""


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
        if len(need & window) / len(need) >= READ_OVERLAP:
            return True
    return False


def _replace(path: Path, text: str) -> None:
    """Write whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, path)
