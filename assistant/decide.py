"""Whether a checked draft answers the question, or the documents do not say. Pure.

The model's own refusal is neither safe nor sharp, so the code's own signals decide with it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.asked import FUNCTION_WORDS, Asked, content_words
from assistant.contrary import opposed
from assistant.entities import NO_ENTITY
from assistant.figures import read_figures
from assistant.fitting import tells_age
from assistant.lexical import tokens
from assistant.on_time import (
    has_been,
    is_to_come,
    of_century,
    of_other_years,
    tells_period,
    was_put_off,
)
from assistant.on_topic import (
    counts_it,
    divides_it,
    is_on_topic,
    measures_it,
    names_most,
    names_someone,
    of_longer_name,
    of_margin,
    of_other_award,
    of_other_row,
    of_sibling,
    of_subject,
    share_told,
    tells_of_it,
    tells_role,
    tells_thing,
    tells_victory,
)
from assistant.ranking import EXTREMES, asks_rank
from assistant.support import surroundings
from assistant.synonyms import NOT_TELLING, alike
from assistant.times import TIME_UNITS
from assistant.types import Evidence, Figure
from assistant.verify import Checked


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of a draft.

    p_refusal   probability that the model begins with the refusal
    p_yes       probability that the model, asked as a judge, finds the answer in the cited lines
    fits        the claims hold the kind of answer asked for, and more than the question itself
    figure      it fits, and a figure is asked for
    on_period   the claims or their places speak of a period asked for, if one is
    told        share of the question's telling words that the cited places tell
    thing       what a thing is called or the like is asked for, of somebody or something named
    """

    p_refusal: float
    p_yes: float
    fits: bool
    on_period: bool
    figure: bool = False
    told: float = 0.0
    thing: bool = False

    @classmethod
    def of(
        cls,
        asked: Asked,
        checked: Checked,
        evidence: Sequence[Evidence],
        p_refusal: float,
        p_yes: float = 1.0,
        subject: str = "",
    ) -> Signals:
        """Signals of a verified draft; `subject` is whom the documents are about."""
        cited = cited_by(checked, evidence)
        claims = " ".join(claim.text for claim in checked.claims)
        figures = tuple(check.figure for check in checked.checks)
        fits = (
            asked.fits(figures)
            and names_someone(asked, claims)
            and _adds(asked, claims)
            and _is_told(asked, claims, cited)
            and counts_it(asked, figures, cited)
            and _tells_age(asked, figures, cited)
            and not opposed(asked, claims, cited)
            and not of_margin(asked, figures, cited)
            and names_most(asked, cited)
            and is_on_topic(asked, cited)
            and not of_longer_name(asked, cited)
            and not of_sibling(asked, figures, cited)
            and not of_other_award(asked, cited)
            and tells_victory(asked, cited)
            and of_subject(asked, claims, cited, subject)
            and has_been(asked, figures, cited)
            and not was_put_off(asked, claims, cited)
            and not of_other_years(asked, figures, cited)
            and _ranks(asked, cited)
            and measures_it(asked, cited)
            and divides_it(asked, cited)
            and tells_of_it(asked, cited)
            and tells_role(asked, cited)
            and tells_thing(asked, cited)
            and not is_to_come(asked, claims)
            and not of_other_row(asked, cited, evidence)
            and _holds_number(asked, claims, cited)
            and of_century(asked, claims)
            # A sentence quoted for a failed draft answers a question for a figure when it holds one;
            # for others it was an answer in 4 of 10 cases, with the judge no wiser.
            and (asked.wants_figure or not checked.quoted)
        )
        on_period = tells_period(asked, figures, cited)
        figure = fits and asked.wants_figure
        told = share_told(asked, cited, subject)
        thing = not asked.kinds and any(not NO_ENTITY.fullmatch(name) for name in asked.names)
        return cls(p_refusal, p_yes, fits, on_period, figure, told, thing)


def cited_by(checked: Checked, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The lines that a verified draft cites."""
    return [e for e in evidence if any(c.span == e.span for c in checked.citations)]


# A draft is shown when log-odds(p_yes) - REFUSAL_WEIGHT x log-odds(p_refusal) reaches THRESHOLD.
# Answerable questions right / wrong, unanswerable declined, default model (`python -m evals.refusal`):
#     weight, threshold    investor, direct      rgb_en               squad2
#     0.5, 3.0             44 / 3 of 63, 15/16   11 / 3 of 23, 9/12   27 / 0 of 31, 13/26
#     0.5, 3.5             44 / 2        15/16   11 / 3        9/12   27 / 0        16/26
#     0.5, 4.0             39 / 1        15/16   11 / 3        9/12   25 / 0        17/26
#     1.0, 5.5             39 / 2        15/16   10 / 1       10/12   26 / 0        19/26
#     p_refusal alone      40 / 1        15/16   12 / 3        8/12   28 / 0        10/26
# The judge tells right from wrong better on the first and last (area under the curve 0.95 and 0.79
# against 0.73 and 0.63), the refusal on rgb_en (0.82 against 0.76).
REFUSAL_WEIGHT = 0.5
THRESHOLD = 3.5
# Where a figure of the very kind is asked for and found, the code's evidence outweighs more doubt:
# with 2.5 for these, 45 / 2 on the first set and the same on the others; with 2.0, 46 / 3.
FIGURE_THRESHOLD = 2.5
# Where the cited places tell every telling word of a question that names something and asks for no
# figure, person, place or time, no unanswerable one of four sets came between this and THRESHOLD. Of those
# that ask for a person or a day six of 12 did, of those without a name one of 26.
TOLD_THRESHOLD = 2.0
WHOLLY_TOLD = 0.95
LEAST_DOUBT = 1e-3
"""A refusal less likely than this is not told from one that is not among the first ten tokens."""


def answerable(signals: Signals, threshold: float = THRESHOLD) -> bool:
    """True when the draft may be shown as an answer."""
    if signals.told >= WHOLLY_TOLD and signals.thing:
        threshold -= THRESHOLD - TOLD_THRESHOLD
    elif signals.figure:
        threshold -= THRESHOLD - FIGURE_THRESHOLD
    sure = _log_odds(signals.p_yes) - REFUSAL_WEIGHT * _log_odds(
        max(signals.p_refusal, LEAST_DOUBT)
    )
    return signals.fits and signals.on_period and sure >= threshold


def _log_odds(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))


def _tells_age(asked: Asked, figures: Sequence[Figure], cited: Sequence[Evidence]) -> bool:
    """True unless "how old" is answered with a figure that is no age in any place."""
    told = [(e, f) for e in cited for f in figures if f.unit not in TIME_UNITS]
    return not told or any(tells_age(asked, e.text, f) for e, f in told)


def _ranks(asked: Asked, cited: Sequence[Evidence]) -> bool:
    """True unless the most or least is asked for and no place says what that is."""
    return not asks_rank(asked) or any(EXTREMES.search(e.text) for e in cited)


_ITEMS = re.compile(r"\s*(?:[,;]\s*(?:and\s|or\s)?|\s(?:and|or)\s)\s*")
_STRETCHES = frozenset(
    {"year", "month", "quarter", "week", "day", "hour", "minute", "decade", "time"}
)


def _holds_number(asked: Asked, claims: str, cited: Sequence[Evidence]) -> bool:
    """True unless the question says "the four classes" and neither place nor answer has four."""
    said = [
        f
        for f in read_figures(asked.text)
        if f.unit == "count"
        and f.text.isalpha()
        and f.value > 1
        and f.noun not in _STRETCHES
        and asked.text[f.span.end : f.span.end + 1] != "-"  # "three-part" counts nothing told
    ]
    told = {f.value for e in cited for f in read_figures(f"{surroundings(e)}")}
    return all(f.value in told or len(_ITEMS.split(claims)) == f.value for f in said)


def _adds(asked: Asked, claims: str) -> bool:
    """True when the claims say something that the question does not."""
    return bool(set(tokens(claims)) - set(tokens(asked.text)) - FUNCTION_WORDS)


_OF_AMOUNTS = frozenset(tokens("USD CNY HKD EUR GBP thousand million billion trillion percent"))


def _is_told(asked: Asked, claims: str, cited: Sequence[Evidence]) -> bool:
    """False where no place tells any of the words that the claims add to the question.

    "The forward pass" is no answer from a sentence that has the year asked for, and no pass.
    """
    known = alike(tokens(asked.text)) | NOT_TELLING | _OF_AMOUNTS
    added = {w for w in content_words(claims) if w[0].isalpha() and w.isascii()} - known
    told = alike(token for e in cited for token in tokens(surroundings(e)))
    return not added or not cited or bool(added & told)
