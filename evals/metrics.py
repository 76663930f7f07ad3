"""What is counted, and how: pure functions over questions, predictions and texts.

Nothing here reads a file, asks a model or imports the assistant's own figure reader.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from evals.judging import Row, is_declined, judge
from evals.places import found_place, sound_figures
from evals.suite import Item

RANKS = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `total`, with the 95% interval by Wilson; share is None for none of none."""

    count: int
    total: int
    low: float
    high: float

    @property
    def share(self) -> float | None:
        """The share itself."""
        return self.count / self.total if self.total else None


def share(count: int, total: int) -> Share:
    """A share with Wilson's 95% interval; (0, 1) when there is nothing to count."""
    if total == 0:
        return Share(0, 0, 0.0, 1.0)
    z = 1.959964
    p = count / total
    middle = p + z * z / (2 * total)
    spread = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    low = 0.0 if count == 0 else max(0.0, (middle - spread) / scale)
    high = 1.0 if count == total else min(1.0, (middle + spread) / scale)
    return Share(count, total, low, high)


def mcnemar(gained: int, lost: int) -> float:
    """Exact two-sided p of McNemar's test: could so uneven a split of flips be chance?"""
    flips = gained + lost
    if flips == 0:
        return 1.0
    tail = sum(math.comb(flips, k) for k in range(min(gained, lost) + 1)) / 2.0**flips
    return min(1.0, 2 * tail)


def percentile(values: Sequence[float], q: float) -> float | None:
    """The q-quantile by linear interpolation; None for no values."""
    if not values:
        return None
    ordered = sorted(values)
    at = (len(ordered) - 1) * q
    low = math.floor(at)
    high = math.ceil(at)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


@dataclass(frozen=True, slots=True)
class Scored:
    """One question with its verdict.

    verdict    "right", "wrong" or "declined"; an unanswerable question is right when declined
    ranks      per gold place, the rank (from 1) of the first passage that holds it, or None
    reached    per gold place, whether a line shown to the model held it
    cited      per citation, whether it overlaps a gold place
    covered    per gold place, whether a citation overlaps it
    sound      per figure of the answer, whether it stands where it is cited or was computed
    stage      where it failed: reading, retrieval, evidence, answer, check; "" when right
    """

    item: Item
    row: Row
    verdict: str
    why: str
    approximate: bool
    ranks: tuple[int | None, ...]
    reached: tuple[bool, ...]
    cited: tuple[bool, ...]
    covered: tuple[bool, ...]
    sound: tuple[tuple[str, bool], ...]
    stage: str


def score(item: Item, row: Row) -> Scored:
    """Judge one prediction by everything the suite says about its question."""
    verdict, why, approximate = judge(item, row)
    answered = not is_declined(item, row)
    ranks = tuple(
        next((n for n, hit in enumerate(row["hits"], 1) if found_place(gold, hit)), None)
        for gold in item.evidence
    )
    reached = tuple(
        any(found_place(gold, line) for line in row.get("evidence", ())) for gold in item.evidence
    )
    citations = row["citations"] if answered else []
    cited = tuple(any(found_place(g, c) for g in item.evidence) for c in citations)
    covered = tuple(any(found_place(g, c) for c in citations) for g in item.evidence)
    sound = tuple(sound_figures(row)) if answered else ()
    stage = "" if verdict == "right" else _stage(item, row, ranks, reached)
    return Scored(
        item, row, verdict, why, approximate, ranks, reached, cited, covered, sound, stage
    )


def by_part(item: Item, found: Sequence[int | bool | None]) -> list[int | bool | None]:
    """What was found for each part of the answer: the best of the places that give it."""
    if not any(gold.parts for gold in item.evidence):
        return list(found)
    parts = sorted({part for gold in item.evidence for part in gold.parts})
    best: list[int | bool | None] = []
    for part in parts:
        of_part = [
            value
            for gold, value in zip(item.evidence, found, strict=True)
            if part in gold.parts and value is not None and value is not False
        ]
        best.append(min(of_part) if of_part else None)
    return best


def _enough(item: Item, found: Sequence[int | bool | None]) -> bool:
    """Every part where the suite names parts; otherwise places may be alternatives: any."""
    named = any(gold.parts for gold in item.evidence)
    return (all if named else any)(by_part(item, found))


def _stage(item: Item, row: Row, ranks: Sequence[int | None], reached: Sequence[bool]) -> str:
    """The first stage that lost the answer, in the order the question passes through them."""
    if item.answerable and item.evidence:
        read = row.get("readable")
        if read and not _enough(item, read):
            return "reading"
        if not _enough(item, ranks):
            return "retrieval"
        if row.get("evidence") and not _enough(item, reached):
            return "evidence"
    draft = str(row.get("draft") or "")
    if item.answerable and draft.strip():
        drafted = {**row, "answer": draft, "abstained": False, "status": "answered"}
        if judge(item, drafted)[0] == "right":
            return "check"
    return "answer"


def metrics(scored: Sequence[Scored]) -> dict[str, Any]:
    """All figures of a set of scored questions, as plain JSON values."""
    answerable = [s for s in scored if s.item.answerable]
    hopeless = [s for s in scored if not s.item.answerable]
    counts = Counter(s.verdict for s in answerable)
    placed = [s for s in answerable if s.item.evidence]
    cited = [c for s in placed for c in s.cited]
    covered = [
        bool(c) for s in placed if s.verdict != "declined" for c in by_part(s.item, s.covered)
    ]
    figures = [ok for s in scored for _, ok in s.sound]
    conflicts = [s for s in scored if s.item.status == "conflict"]
    shown = [s for s in scored if s.row["status"] == "conflict"]
    both = sum(s.item.status == "conflict" for s in shown)
    judged = len(answerable)
    everything = Counter(s.verdict for s in scored)
    return {
        "questions": len(scored),
        "answerable": judged,
        "right": _plain(share(counts["right"], judged)),
        "wrong": _plain(share(counts["wrong"], judged)),
        "declined": _plain(share(counts["declined"], judged)),
        "right_minus_wrong": (
            round((everything["right"] - everything["wrong"]) / len(scored), 4) if scored else None
        ),
        "unanswerable_declined": _plain(
            share(sum(s.verdict == "right" for s in hopeless), len(hopeless))
        ),
        "wrong_supported_figures": sum(_wrong_supported(s) for s in scored),
        "recall": {
            str(k): _mean([_found(by_part(s.item, s.ranks), k) for s in placed]) for k in RANKS
        },
        "mrr": _mean([max((1 / r for r in s.ranks if r is not None), default=0.0) for s in placed]),
        "evidence_reached": _plain(share(sum(any(s.reached) for s in placed), len(placed))),
        "evidence_all_reached": _plain(
            share(sum(all(by_part(s.item, s.reached)) for s in placed), len(placed))
        ),
        "citation_precision": _plain(share(sum(cited), len(cited))),
        "citation_recall": _plain(share(sum(covered), len(covered))),
        "figure_soundness": _plain(share(sum(figures), len(figures))),
        "conflict_recall": _plain(share(both, len(conflicts))),
        "conflict_precision": _plain(share(both, len(shown))),
        "approximate": sum(s.approximate for s in scored),
        "seconds": seconds(s.row for s in scored),
        "stages": dict(Counter(s.stage for s in scored if s.stage)),
    }


def by_type(scored: Sequence[Scored]) -> dict[str, dict[str, Any]]:
    """`metrics` for each type; a question of two types counts in both. First types come first."""
    first = [s.item.types[0] for s in scored]
    types = dict.fromkeys([*first, *(t for s in scored for t in s.item.types)])
    return {t: metrics([s for s in scored if t in s.item.types]) for t in types}


def seconds(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, float | None]]:
    """Median and 95th percentile of each measured time."""
    times: dict[str, list[float]] = {}
    for row in rows:
        for name, value in row["seconds"].items():
            times.setdefault(name, []).append(float(value))
    return {
        name: {"median": round(median(values), 3), "p95": round(percentile(values, 0.95) or 0, 3)}
        for name, values in times.items()
    }


def _wrong_supported(scored: Scored) -> bool:
    """A wrong answer that shows a figure as supported or computed: the promise broken."""
    good = ("supported", "computed")
    return scored.verdict == "wrong" and any(c["verdict"] in good for c in scored.row["checks"])


def _found(ranks: Sequence[int | None], k: int) -> float:
    return sum(rank is not None and rank <= k for rank in ranks) / len(ranks)


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def _plain(value: Share) -> dict[str, Any]:
    share = value.share
    return {
        "count": value.count,
        "total": value.total,
        "share": None if share is None else round(share, 4),
        "low": round(value.low, 4),
        "high": round(value.high, 4),
    }
