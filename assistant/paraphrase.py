"""A question that nothing seemed to answer, said again in the plain words of company reports.

Query rewriting, as in Ma et al. 2023, "Query Rewriting for Retrieval-Augmented Large Language
Models". The model chooses the words; code holds it to the names, figures and periods of the
question, and whether an answer fits is judged on the question as it was put.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.asked import FUNCTION_WORDS, Asked, read_question
from assistant.chinese import is_foreign
from assistant.entities import NO_ENTITY
from assistant.figures import read_figures, same_value
from assistant.lexical import tokens
from assistant.llm import LanguageModel
from assistant.parts import plan
from assistant.prompts import EXAMPLE_NAMES, paraphrase_messages
from assistant.ranking import asks_rank
from assistant.support import kin
from assistant.synonyms import NOT_TELLING, alike
from assistant.types import Figure

MAX_TOKENS = 60
MOST_LOST = 3
"""So many more words may go than come: people say more than they ask."""
SHORTEST_PART = 3
"""Letters of the shortest word that may name a part of a company."""
# Left out, they turn the question round; "only the phones" is not "the phones".
_TURNING = frozenset(
    tokens("not no never without except excluding only least most first last before after")
)


def paraphrased(asked: Asked, model: LanguageModel) -> Asked | None:
    """The question in plain words; None where the model changed what is asked. Raises ModelUnavailable."""
    said = model.complete(paraphrase_messages(asked.text), max_tokens=MAX_TOKENS).strip()
    other = read_question(said.splitlines()[0].strip() if said else "")
    return other if keeps(asked, other) else None


def keeps(asked: Asked, other: Asked) -> bool:
    """True where both ask of the same names, figures and periods, and the other uses other words."""
    if not other.text.endswith("?") or is_foreign(other.text):
        return False
    mine, theirs = _words(asked), _words(other)
    lost, added = _telling(mine - alike(theirs)), _telling(theirs - alike(mine))
    before, after = _operation(asked), _operation(other)
    if (
        not (added or after != before or asked.kinds != other.kinds)
        or mine & _TURNING != theirs & _TURNING
    ):
        return False  # nothing new to search for, or what was there is left out
    if asked.kinds and not asked.kinds & other.kinds:
        return False  # "how much did the court order" asks for no judgment
    return (
        _same(asked.periods, other.periods)
        and _same(_amounts(asked), _amounts(other))
        and _same_names(asked, other)
        and (before == after or (not before and after != "rank"))
        and len(lost) <= len(added) + MOST_LOST
    )


def _words(asked: Asked) -> set[str]:
    """The words of a question but those of its periods."""
    text = asked.text
    for period in reversed(asked.periods):
        text = text[: period.span.start] + text[period.span.end :]
    return set(tokens(text))


_RESEARCH = frozenset(tokens("research development"))
_MEASURES = (
    "revenues?|sales|margin|profit|loss|gross|income|deliveries|expenses?|segment|business|unit"
)


def lost_part(asked: Asked, other: Asked) -> re.Pattern[str] | None:
    """What documents say if a word that was left out names a part of a company: "smartphone revenue",
    or if two such words belong together: "internet services".

    None where no word was left out that may be one.
    """
    lost = _telling(_words(asked) - alike(_words(other)))
    if "R&D" in other.text:
        lost -= _RESEARCH
    stems = sorted(stem for stem in alike(lost) if stem.isalpha() and len(stem) >= SHORTEST_PART)
    if not stems:
        return None
    said = tokens(asked.text)
    pairs = [
        rf"{re.escape(a)}\w* {re.escape(b)}\w*"
        for a, b in pairwise(said)
        if a in lost and b in lost
    ]
    of_measure = rf"(?:{'|'.join(stems)})\w*(?: \w+)? (?:{_MEASURES})"
    return re.compile(rf"\b(?:{'|'.join([of_measure, *pairs])})\b", re.IGNORECASE)


def _telling(words: set[str]) -> set[str]:
    return words - NOT_TELLING - FUNCTION_WORDS


def _amounts(asked: Asked) -> list[Figure]:
    """The figures of a question that are no times."""
    times = [p.span for p in asked.periods]
    return [
        f
        for f in read_figures(asked.text)
        if not any(t.start <= f.span.start < t.end for t in times)
    ]


def _same(mine: Sequence[Figure], theirs: Sequence[Figure]) -> bool:
    """True where each figure of one stands among those of the other."""
    return all(any(same_value(a, b) for b in theirs) for a in mine) and all(
        any(same_value(a, b) for a in mine) for b in theirs
    )


def _same_names(asked: Asked, other: Asked) -> bool:
    """True where every name is kept and none is new, and none comes from the examples."""
    invented = set(EXAMPLE_NAMES) - set(re.findall(r"\w+", asked.text))
    if invented & set(re.findall(r"\w+", other.text)):
        return False
    here, there = alike(tokens(asked.text)), alike(tokens(other.text))
    mine = {w for n in asked.names if not NO_ENTITY.fullmatch(n) for w in tokens(n)}
    theirs = [set(tokens(n)) for n in other.names if not NO_ENTITY.fullmatch(n)]
    return all(w in there or kin(w, there) for w in mine) and all(
        name & here or any(kin(w, here) for w in name) for name in theirs
    )


def _operation(asked: Asked) -> str:
    planned = plan(asked)
    return "rank" if asks_rank(asked) else planned.operation if planned else ""
