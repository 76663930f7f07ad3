"""A suite on disk: questions.jsonl, and corpus/ or a suite.toml that says where the corpus lies.

Unknown fields of a question are ignored, so that sets made elsewhere run unchanged.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import ConfigError

DECLINES = ("not_found", "refused")


@dataclass(frozen=True, slots=True)
class Gold:
    """A place that holds the answer; `text` as the suite's author copied it.

    `parts` numbers the parts of the answer that the place gives: places of one part are
    alternatives, and every part is needed. Without it, each place is a part of its own.
    """

    doc: str
    text: str
    page: int | None = None
    parts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A question with what is expected of the answer.

    accepted     accepted answers, any one of them (all of them when `kind` is "list")
    figures      figures that the answer must hold: {value, unit?, currency?, period?}
    must_not     texts or figures that make the answer wrong
    status       the expected status; "" where the suite does not say
    kind         answer_kind of the suite: "text" and "yesno+explanation" are judged approximately
    """

    id: str
    question: str
    types: tuple[str, ...]
    accepted: tuple[str, ...] = ()
    figures: tuple[dict[str, Any], ...] = ()
    all_of: tuple[Any, ...] = ()
    any_of: tuple[Any, ...] = ()
    must_not: tuple[Any, ...] = ()
    answerable: bool = True
    status: str = ""
    evidence: tuple[Gold, ...] = ()
    history: tuple[str, ...] = ()
    scope_doc: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite's questions and the folder of its documents; `sha256` is over both."""

    name: str
    folder: Path
    corpus: Path
    items: tuple[Item, ...]
    sha256: str


def load_suite(folder: Path) -> Suite:
    """Read a suite; raises ConfigError with the file and line of what cannot be used."""
    questions = folder / "questions.jsonl"
    if not questions.is_file():
        raise ConfigError(
            f"{folder} is not a suite: it has no questions.jsonl",
            "give a folder with questions.jsonl and corpus/ (see evals/README.md)",
        )
    corpus = _corpus(folder)
    items: list[Item] = []
    for number, line in enumerate(questions.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            items.append(item_from_json(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ConfigError(
                f"{questions}, line {number}: not a question ({type(error).__name__}: {error})",
                "each line is a JSON object with at least id and question",
            ) from error
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise ConfigError(f"{questions}: the id {item.id!r} stands twice", "give it a new id")
        seen.add(item.id)
    if not items:
        raise ConfigError(f"{questions} holds no question", "add one JSON object a line")
    return Suite(folder.resolve().name, folder, corpus, tuple(items), _sha256(questions, corpus))


def item_from_json(row: dict[str, Any]) -> Item:
    """One line of questions.jsonl as an Item; KeyError or ValueError when it is none."""
    accept = row.get("accept") or {}
    if not isinstance(accept, dict):
        raise ValueError("accept is not an object")
    answer = row.get("answer")
    accepted = _listed(answer)
    kind = str(row.get("answer_kind") or "")
    status = str(row.get("status") or "")
    types = tuple(str(t) for t in _listed(row.get("type"))) or ("untyped",)
    tags = tuple(str(t) for t in _listed(row.get("tags")))
    return Item(
        id=str(row["id"]),
        question=str(row["question"]),
        types=tuple(dict.fromkeys((*types, *tags))),
        accepted=tuple(str(a) for a in accepted if str(a).strip()),
        figures=tuple(_figure(f) for f in _listed(accept.get("figures"))),
        all_of=_listed(accept.get("all_of")),
        any_of=_listed(accept.get("any_of")),
        must_not=_listed(accept.get("must_not")),
        answerable=bool(row.get("answerable", True)) and status not in DECLINES,
        status=status,
        evidence=tuple(
            Gold(str(e["doc"]), str(e.get("text") or ""), e.get("page"), _listed(e.get("parts")))
            for e in _listed(row.get("evidence"))
        ),
        history=tuple(
            str(turn["question"] if isinstance(turn, dict) else turn)
            for turn in _listed(row.get("history"))
        ),
        scope_doc=str(row.get("scope_doc") or ""),
        kind=kind,
    )


def _figure(value: Any) -> dict[str, Any]:
    if isinstance(value, dict) and "value" in value:
        return value
    if isinstance(value, int | float | str):
        return {"value": value}
    raise ValueError(f"not a figure: {value!r}")


def _listed(value: Any) -> tuple[Any, ...]:
    if value is None or value == "":
        return ()
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _corpus(folder: Path) -> Path:
    described = folder / "suite.toml"
    corpus = folder / "corpus"
    if described.is_file():
        try:
            said = tomllib.loads(described.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f"{described}: {error}", "correct the file") from error
        corpus = folder / str(said.get("corpus", "corpus"))
    if not corpus.is_dir():
        raise ConfigError(
            f"{folder}: the documents' folder {corpus} is not there",
            'add corpus/, or a suite.toml with corpus = "path relative to the suite"',
        )
    return corpus.resolve()


def _sha256(questions: Path, corpus: Path) -> str:
    whole = hashlib.sha256(questions.read_bytes())
    for path in sorted(p for p in corpus.rglob("*") if p.is_file()):
        whole.update(path.relative_to(corpus).as_posix().encode() + b"\0")
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()
