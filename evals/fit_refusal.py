"""Fit the weights of assistant/decide.py: `python -m evals.fit_refusal OUT SUITE [SUITE …]`.

Drafts an answer to every question, keeps its signals and whether the draft was right, and fits a
logistic regression on all suites but one in turn, so that each is judged by weights that never
saw it. Drafts are appended to OUT/signals.jsonl; a second run goes on where the first stopped.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from dataclasses import asdict, astuple, fields
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answer import Context, drafted
from assistant.asked import read_question
from assistant.decide import Signals
from assistant.evidence import rank
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
    """Collect signals for the suites, then print weights and what each threshold gives."""
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
    _fit(rows)


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


def _fit(rows: list[dict[str, Any]]) -> None:
    from sklearn.linear_model import LogisticRegression

    rows = [row for row in rows if row["claims"]]
    by_suite = defaultdict(list)
    for row in rows:
        by_suite[row["suite"]].append(row)

    def arrays(chosen: list[dict[str, Any]]) -> tuple[Any, Any]:
        x = np.array([astuple(Signals(**row["signals"])) for row in chosen])
        return x, np.array([row["right"] for row in chosen])

    def fitted(chosen: list[dict[str, Any]]) -> Any:
        return LogisticRegression(C=1.0, class_weight="balanced").fit(*arrays(chosen))

    for name, held_out in by_suite.items():
        others = [row for row in rows if row["suite"] != name] or held_out
        p = fitted(others).predict_proba(arrays(held_out)[0])[:, 1]
        print(f"{name}: {len(held_out)} drafts, judged by weights of the other suites")
        for threshold in (0.3, 0.4, 0.5, 0.6, 0.7):
            shown = p >= threshold
            right = sum(s and row["right"] for s, row in zip(shown, held_out, strict=True))
            wrong = sum(
                s and row["answerable"] and not row["right"]
                for s, row in zip(shown, held_out, strict=True)
            )
            can = sum(row["answerable"] for row in held_out)
            refused = sum(
                not s and not row["answerable"] for s, row in zip(shown, held_out, strict=True)
            )
            print(
                f"  {threshold:.1f}: right {right}, wrong {wrong}, declined {can - right - wrong}"
                f" of {can}; unanswerable declined {refused} of {len(held_out) - can}"
            )
    model = fitted(rows)
    print(f"BIAS = {model.intercept_[0]:.2f}")
    for field, weight in zip(fields(Signals), model.coef_[0], strict=True):
        print(f"  {field.name:<12}{weight:6.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
