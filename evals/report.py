"""Reports of a run: report.json, report.md, report.html and junit.xml.

What is shown is plain data from evals/metrics.py; nothing is judged here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.gates import load_gates, missed_gates
from evals.metrics import Scored, by_type, metrics


@dataclass(frozen=True, slots=True)
class Written:
    """What the command prints: a summary, and a line for each missed gate."""

    summary: str
    missed: tuple[str, ...]


def write_reports(
    out: Path,
    suite: str,
    scored: Sequence[Scored],
    described: dict[str, Any],
    *,
    partial: bool = False,
    before: dict[str, Any] | None = None,
    judged: dict[str, Any] | None = None,
) -> Written:
    """Write all reports of a run into `out`; `judged` is a model's second opinion, if one was asked."""
    report = report_of(suite, scored, described, partial=partial)
    if judged is not None:
        report["judge"] = judged
    missed = missed_gates(load_gates(), suite, report)
    report["gates_missed"] = missed
    (out / "report.json").write_text(
        json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    flips = ""
    if before is not None:
        from evals.compare import comparison_text

        flips = comparison_text(before, report)
    text = markdown(report, flips)
    (out / "report.md").write_text(text, encoding="utf-8")
    from evals.report_html import page
    from evals.report_junit import junit

    (out / "report.html").write_text(page(report, flips), encoding="utf-8")
    (out / "junit.xml").write_text(junit(report), encoding="utf-8")
    return Written(summary(report) + (f"\n{flips}" if flips else ""), tuple(missed))


def report_of(
    suite: str, scored: Sequence[Scored], described: dict[str, Any], *, partial: bool = False
) -> dict[str, Any]:
    """The whole report as plain JSON values."""
    return {
        "suite": suite,
        "partial": partial,
        "run": described,
        "all": metrics(scored),
        "types": by_type(scored),
        "failures_by_stage": failures_by_stage(scored),
        "questions": [question_row(s) for s in scored],
    }


def failures_by_stage(scored: Sequence[Scored]) -> dict[str, dict[str, int]]:
    """Type → stage → how many questions failed there."""
    table: dict[str, dict[str, int]] = {}
    for one in scored:
        if one.stage:
            for name in one.item.types:
                row = table.setdefault(name, {})
                row[one.stage] = row.get(one.stage, 0) + 1
    return table


def question_row(one: Scored) -> dict[str, Any]:
    """One question with its verdict, for the reports and for comparing runs."""
    item, row = one.item, one.row
    return {
        "id": item.id,
        "types": list(item.types),
        "question": item.question,
        "history": list(item.history),
        "asked": row["asked"],
        "answerable": item.answerable,
        "expected_status": item.status,
        "expected": list(item.accepted) or [str(f) for f in item.figures],
        "answer": row["answer"],
        "draft": row.get("draft", ""),
        "status": row["status"],
        "verdict": one.verdict,
        "why": one.why,
        "approximate": one.approximate,
        "stage": one.stage,
        "citations": [
            {"number": c["number"], "doc": c["doc"], "page": c["page"], "text": c["text"],
             "in_gold": good}
            for c, good in zip(row["citations"], one.cited, strict=False)
        ],
        "gold": [
            {"doc": g.doc, "page": g.page, "text": g.text, "rank": rank, "reached": reached}
            for g, rank, reached in zip(item.evidence, one.ranks, one.reached, strict=True)
        ],
        "unsound_figures": [text for text, good in one.sound if not good],
        "notes": row.get("notes", []),
        "seconds": row["seconds"].get("total"),
    }  # fmt: skip


def percent(value: dict[str, Any]) -> str:
    """A share for people: "76.0% (61-87, 26 of 34)"; "-" where nothing was to be counted."""
    if value["share"] is None:
        return "-"
    low, high = 100 * value["low"], 100 * value["high"]
    return (
        f"{100 * value['share']:.1f}% ({low:.0f}-{high:.0f}, {value['count']} of {value['total']})"
    )


SHARES = (
    ("right", "Right"),
    ("wrong", "Wrong"),
    ("declined", "Declined"),
    ("unanswerable_declined", "Unanswerable declined"),
    ("evidence_reached", "Evidence reached the model"),
    ("evidence_all_reached", "All of the evidence reached it"),
    ("citation_precision", "Citation precision"),
    ("citation_recall", "Citation recall"),
    ("figure_soundness", "Figure soundness"),
    ("conflict_recall", "Conflicts noticed"),
    ("conflict_precision", "Conflicts noticed rightly"),
)


def summary(report: dict[str, Any]) -> str:
    """The figures of a run as lines for a terminal."""
    whole = report["all"]
    lines = [f"{report['suite']}: {whole['questions']} questions, model {report['run']['model']}"]
    lines += [f"  {label:<31}{percent(whole[name])}" for name, label in SHARES
              if whole[name]["total"]]  # fmt: skip
    recall = ", ".join(f"@{k} {_number(v)}" for k, v in whole["recall"].items())
    lines.append(f"  {'Passage recall':<31}{recall}; MRR {_number(whole['mrr'])}")
    lines.append(f"  {'Right minus wrong, all':<31}{_number(whole['right_minus_wrong'])}")
    lines.append(f"  {'Wrong with supported figure':<31}{whole['wrong_supported_figures']}")
    for name in ("first_token", "total"):
        if name in whole["seconds"]:
            time = whole["seconds"][name]
            lines.append(f"  {'Seconds, ' + name:<31}{time['median']} median, {time['p95']} p95")
    if whole["stages"]:
        stages = ", ".join(f"{name} {count}" for name, count in sorted(whole["stages"].items()))
        lines.append(f"  {'Failed at':<31}{stages}")
    if whole["approximate"]:
        lines.append(f"  ({whole['approximate']} free-text answers judged approximately)")
    if judge := report.get("judge"):
        lines.append(
            f"  Of these {judge['model']} as a judge passes {percent(judge['passing'])}, "
            f"mean {_number(judge['mean_points'])} of 5 points"
        )
    return "\n".join(lines)


def markdown(report: dict[str, Any], flips: str = "") -> str:
    """The report as Markdown: figures, types, failures by stage, each failing question."""
    lines = [f"# {report['suite']}", "", "```", summary(report), "```", ""]
    lines += [f"- gate missed: {line}" for line in report.get("gates_missed", [])]
    lines += ["", "| type | questions | right | wrong | declined | unanswerable declined |",
              "|---|---|---|---|---|---|"]  # fmt: skip
    for name, one in report["types"].items():
        shares = " | ".join(
            percent(one[key]) for key in ("right", "wrong", "declined", "unanswerable_declined")
        )
        lines.append(f"| {name} | {one['questions']} | {shares} |")
    stages = ("reading", "retrieval", "evidence", "answer", "check")
    lines += ["", "## Failures by stage", "", "| type | " + " | ".join(stages) + " |",
              "|---" * (len(stages) + 1) + "|"]  # fmt: skip
    for name, row in report["failures_by_stage"].items():
        lines.append(f"| {name} | " + " | ".join(str(row.get(s, 0)) for s in stages) + " |")
    if flips:
        lines += ["", "## Against the earlier run", "", "```", flips, "```"]
    lines += ["", "## Failing questions", ""]
    for q in report["questions"]:
        if q["verdict"] != "right":
            expected = " / ".join(q["expected"]) or q["expected_status"] or "to decline"
            lines += [
                f"- **{_line(q['id'])}** ({q['verdict']}, stage {q['stage']}: {_line(q['why'])})",
                f"  - asked: {_line(q['question'])}",
                f"  - expected: {_line(expected)}",
                f"  - answer: {_line(q['answer'])}",
            ]
    return "\n".join(lines) + "\n"


def _line(text: str) -> str:
    flat = " ".join(str(text).split())
    return flat if len(flat) <= 400 else flat[:399] + "…"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
