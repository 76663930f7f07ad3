"""What each refusal threshold of assistant/decide.py gives: `python -m evals.refusal OUT SUITE …`.

Drafts an answer to every question and keeps its signals and whether the draft was right; drafts
are appended to OUT/signals.jsonl, so that a second run goes on where the first stopped.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.asked import read_question
from assistant.decide import Signals, answerable
from assistant.drafting import drafted
from assistant.evidence import rank
from assistant.outcome import Context
from assistant.pipeline import Assistant, open_assistant
from assistant.settings import load_settings
from assistant.types import Filters
from evals.judging import judge
from evals.suite import Item, load_suite

TYPES = {
    "single_fact",
    "rd_figure",
    "table",
    "unanswerable",
    "extractive",
    "noise",
    "rejection",
    "article_fact",
}
"""Kinds of question that the direct strategy is meant for; others would teach it nothing."""


def main(arguments: list[str]) -> None:
    """Collect signals for the suites, then print what each threshold gives."""
    out, suites = Path(arguments[0]), [Path(a) for a in arguments[1:]]
    out.mkdir(parents=True, exist_ok=True)
    store = out / "signals.jsonl"
    rows = [json.loads(line) for line in store.read_text().splitlines()] if store.exists() else []
    seen = {(row["suite"], row["id"]) for row in rows}
    with store.open("a") as handle:
        for folder in suites:
            suite = load_suite(folder)
            settings = load_settings(corpus=suite.corpus, index=out / folder.name)
            with open_assistant(settings) as assistant:
                assistant.sync()
                for item in suite.items:
                    if (
                        (folder.name, item.id) in seen
                        or item.history
                        or not TYPES.intersection(item.types)
                    ):
                        continue
                    row = {"suite": folder.name, "id": item.id, **_drafted(assistant, item)}
                    rows.append(row)
                    handle.write(json.dumps(row, ensure_ascii=False) + "\n")
                    handle.flush()
    _table(rows)


def _drafted(assistant: Assistant, item: Item) -> dict[str, Any]:
    """Signals of one draft, and whether it was right."""
    filters = Filters(sources=(item.scope_doc,)) if item.scope_doc else Filters()
    asked = read_question(item.question)
    hits = assistant.search(item.question, filters)
    evidence = rank(asked, hits, assistant.embedder, limit=assistant.settings.evidence)
    model = assistant.model
    if model is None:
        raise SystemExit("needs a language model: footnote models --fetch")
    steps = drafted(Context(asked, hits, evidence, model), model)
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            checked, signals = stop.value
            break
    row = {"answer": checked.text, "abstained": False, "status": "answered"}
    right = bool(checked.claims) and item.answerable and judge(item, row)[0] == "right"
    return {
        "answerable": item.answerable,
        "right": right,
        "claims": len(checked.claims),
        "answer": checked.text,
        "signals": asdict(signals),
    }


def _table(rows: list[dict[str, Any]]) -> None:
    for name in dict.fromkeys(row["suite"] for row in rows):
        chosen = [row for row in rows if row["suite"] == name]
        can = [row for row in chosen if row["answerable"]]
        cannot = [row for row in chosen if not row["answerable"]]
        print(f"{name}: {len(can)} answerable, {len(cannot)} not")
        for threshold in (1.0, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0):
            shown = [row for row in can if _shown(row, threshold)]
            right = sum(row["right"] for row in shown)
            declined = sum(not _shown(row, threshold) for row in cannot)
            print(
                f"  {threshold:4.2f}: right {right}, wrong {len(shown) - right}, declined "
                f"{len(can) - len(shown)}; unanswerable declined {declined} of {len(cannot)}"
            )


def _shown(row: dict[str, Any], threshold: float) -> bool:
    """What `answerable` says with another threshold."""
    return bool(row["claims"]) and answerable(Signals(**row["signals"]), threshold)


if __name__ == "__main__":
    main(sys.argv[1:])
