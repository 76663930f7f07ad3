"""An optional second opinion on free-text answers by a language model, counted apart.

Off by default: the figures of a report never depend on it. LlamaIndex's CorrectnessEvaluator gives 1 to
5 points against the expected answer; 4 and more pass.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.errors import ModelUnavailable
from assistant.llm import LanguageModel
from evals.figures import without_markers
from evals.metrics import Scored, share

PASSING = 4.0


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the judge thinks of one answer; `points` run from 1 to 5, None where it gave none."""

    points: float | None
    why: str

    @property
    def passing(self) -> bool:
        """True from 4 points."""
        return self.points is not None and self.points >= PASSING


def opinions(
    scored: Sequence[Scored],
    judge: LanguageModel,
    show: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> dict[str, Opinion]:
    """Opinions by question id on the answers to free-text questions. Raises ModelUnavailable."""
    from llama_index.core.evaluation import CorrectnessEvaluator

    evaluator = CorrectnessEvaluator(llm=judge.llm, score_threshold=PASSING)
    chosen = [s for s in scored if s.approximate and s.item.answerable and s.item.accepted]
    found: dict[str, Opinion] = {}
    for number, one in enumerate(chosen, start=1):
        try:
            result = evaluator.evaluate(
                query=one.item.question,
                response=without_markers(str(one.row["answer"])),
                reference=" / ".join(one.item.accepted),
            )
        except ValueError as error:  # a reply without a number in its first line
            found[one.item.id] = Opinion(None, f"no score: {error}")
        except Exception as error:  # the client's errors are many, and the judge is a luxury
            raise ModelUnavailable(
                f"the judge {judge.name} failed: {type(error).__name__}",
                "check --judge and --judge-name, or leave them out",
            ) from error
        else:
            found[one.item.id] = Opinion(result.score, (result.feedback or "").strip())
        show("Judging", number, len(chosen))
    return found


def summary_of(judge: str, found: dict[str, Opinion]) -> dict[str, Any]:
    """The opinions as plain JSON values for report.json."""
    passing = share(sum(o.passing for o in found.values()), len(found))
    points = [o.points for o in found.values() if o.points is not None]
    return {
        "model": judge,
        "passing": {
            "count": passing.count,
            "total": passing.total,
            "share": passing.share,
            "low": passing.low,
            "high": passing.high,
        },
        "mean_points": round(sum(points) / len(points), 3) if points else None,
        "questions": {id: {"points": o.points, "why": o.why} for id, o in found.items()},
    }
