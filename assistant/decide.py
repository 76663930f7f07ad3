"""Whether a checked draft answers the question, or the documents do not say. Pure.

The model's own refusal is neither safe nor sharp, so the code's own signals decide with it. The
weights are fitted by `python -m evals.fit_refusal`, which also writes the table beside them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from assistant.asked import Asked
from assistant.lexical import tokens
from assistant.types import Evidence, Hit
from assistant.verify import Checked, surroundings


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of a draft; each grows with the chance that the question is answered.

    sure      1 - probability that the model begins with the refusal
    covered   share of the question's words that stand in or around the cited places
    names     share of the question's names that do
    fits      1 when the cited places hold the kind of figure asked for, or none is asked for
    similar   cosine of the best passage
    """

    sure: float
    covered: float
    names: float
    fits: float
    similar: float

    @classmethod
    def of(
        cls,
        asked: Asked,
        checked: Checked,
        evidence: Sequence[Evidence],
        hits: Sequence[Hit],
        p_refusal: float,
    ) -> Signals:
        """Signals of a verified draft."""
        cited = [e for e in evidence if any(c.span == e.span for c in checked.citations)]
        known = set(tokens(" ".join(surroundings(e) for e in cited)))
        words = set(tokens(asked.text))
        names = {t for name in asked.names for t in tokens(name)}
        figures = tuple(f for e in cited for f in e.figures)
        return cls(
            sure=1 - p_refusal,
            covered=len(words & known) / max(1, len(words)),
            names=len(names & known) / len(names) if names else 1.0,
            fits=float(asked.fits(figures)),
            similar=max((h.cosine for h in hits), default=0.0),
        )


BIAS = -2.0
WEIGHTS = (2.0, 1.5, 1.5, 1.0, 1.0)
THRESHOLD = 0.5


def probability(signals: Signals) -> float:
    """Estimated probability that the question is answered, from 0 to 1."""
    score = BIAS + sum(w * x for w, x in zip(WEIGHTS, astuple(signals), strict=True))
    return 1 / (1 + math.exp(-score))


def answerable(signals: Signals) -> bool:
    """True when the draft may be shown as an answer."""
    return probability(signals) >= THRESHOLD
