"""Whether a checked draft answers the question, or the documents do not say. Pure.

The model's own refusal is neither safe nor sharp, so the code's own signals decide with it. The
weights are fitted by `python -m evals.fit_refusal`, which also writes the table beside them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from assistant.asked import Asked, read_question
from assistant.figures import TIME_UNITS, same_thing, singular, supports
from assistant.lexical import tokens
from assistant.types import Evidence, Figure
from assistant.verify import Checked, surroundings


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of a draft, each from 0 to 1; `missing`, `quoted` and `off_period` speak against.

    sure        1 - probability that the model begins with the refusal
    covered     share of the question's content words that stand in or around the cited places
    missing     1 when one of them stands nowhere in the evidence
    names       share of the question's names that stand in or around the cited places
    fits        1 when the claims hold the kind of answer asked for, or no kind is asked for
    off_period  1 when the question names a period and the claims speak of another only
    quoted      1 when the draft failed its check and a sentence was quoted in its place
    best        score of the best evidence, divided by 2
    """

    sure: float
    covered: float
    missing: float
    names: float
    fits: float
    off_period: float
    quoted: float
    best: float

    @classmethod
    def of(
        cls, asked: Asked, checked: Checked, evidence: Sequence[Evidence], p_refusal: float
    ) -> Signals:
        """Signals of a verified draft."""
        cited = [e for e in evidence if any(c.span == e.span for c in checked.citations)]
        known = set(tokens(" ".join(surroundings(e) for e in cited)))
        shown = known | set(tokens(" ".join(surroundings(e) for e in evidence)))
        words = set(tokens(asked.text)) - _FUNCTION_WORDS
        names = {token for name in asked.names for token in tokens(name)}
        claims = " ".join(claim.text for claim in checked.claims)
        figures = tuple(check.figure for check in checked.checks)
        return cls(
            sure=1 - p_refusal,
            covered=len(words & known) / max(1, len(words)),
            missing=float(bool(words - shown)),
            names=len(names & known) / len(names) if names else 1.0,
            fits=float(
                asked.fits(figures)
                and _names_someone(asked, claims)
                and _adds(asked, claims)
                and _counts_it(asked, figures, claims)
            ),
            off_period=float(_off_period(asked, figures, known)),
            quoted=float(checked.quoted > 0),
            best=min(1.0, max((e.score for e in evidence), default=0.0) / 2),
        )


def _names_someone(asked: Asked, claims: str) -> bool:
    """True unless a person or place is asked for and the claims hold no name but the question's."""
    if not asked.kinds & {"person", "place"}:
        return True
    given = {token for name in asked.names for token in tokens(name)}
    return any(set(tokens(name)) - given for name in read_question(claims).names)


def _counts_it(asked: Asked, figures: Sequence[Figure], claims: str) -> bool:
    """True unless "how many engineers" is answered with a count of something else."""
    wanted = _HOW_MANY.search(asked.text)
    if "count" not in asked.kinds or wanted is None:
        return True
    noun = singular(wanted[1])
    counted = [figure for figure in figures if figure.unit == "count"]
    return any(f.noun and same_thing(f.noun, noun) for f in counted) or bool(
        set(tokens(noun)) & set(tokens(claims))
    )


_HOW_MANY = re.compile(
    r"\bhow many (?:of (?:the|its|their) )?(?:\w+ing |new |more )?([a-z]+)", re.I
)


def _adds(asked: Asked, claims: str) -> bool:
    """True when the claims say something that the question does not."""
    return bool(set(tokens(claims)) - set(tokens(asked.text)) - _FUNCTION_WORDS)


def _off_period(asked: Asked, figures: Sequence[Figure], known: set[str]) -> bool:
    """True when no asked period is among the claims' periods although they name some."""
    times = [figure for figure in figures if figure.unit in TIME_UNITS]
    if not asked.periods:
        return False
    return not any(
        supports(time, period) or supports(period, time)
        for time in times
        for period in asked.periods
    ) and (bool(times) or not any(set(tokens(p.text)) <= known for p in asked.periods))


_FUNCTION_WORDS = frozenset(
    token
    for token in tokens(
        "what which who whom whose when where why how much many long is are was were be been do "
        "does did has have had can could will would should may might the a an in on at by for to "
        "of from and or as give name tell list show me please so between since during over than "
        "it its this that these those he she they his her their there then i we you both each all "
        "any some not no if about into with also only get got say said according document "
        "documents one ones year years number amount total kind type called call"
    )
)

BIAS = -3.0
WEIGHTS = (2.5, 1.5, -1.0, 1.0, 1.5, -1.5, -1.0, 1.5)
THRESHOLD = 0.5


def probability(signals: Signals) -> float:
    """Estimated probability that the question is answered, from 0 to 1."""
    score = BIAS + sum(w * x for w, x in zip(WEIGHTS, astuple(signals), strict=True))
    return 1 / (1 + math.exp(-score))


def answerable(signals: Signals) -> bool:
    """True when the draft may be shown as an answer."""
    return probability(signals) >= THRESHOLD
