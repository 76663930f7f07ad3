"""Questions that no single figure or name answers: "why", "is it so", "what did they say of it". Pure.

A small model's yes, no or reason is seldom safe. Lines that tell nearly all of such a question are shown
as they stand instead, and the reader judges.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.asked import Asked, asks_why, content_words
from assistant.evidence import is_order
from assistant.figures import read_figures
from assistant.lexical import tokens
from assistant.sentences import sentence_spans
from assistant.support import surroundings_line
from assistant.synonyms import alike
from assistant.types import Evidence, PassageKind, Span
from assistant.whose import HEADS, is_about, names_in

TOLD = 0.68
"""Share of an open question's words, weighed by rarity, that its best line must tell. Of 35 such questions
about what the documents say 27 reach it, of 35 about what they do not say one does at 0.65 and none at 0.7."""
LESS_TOLD = 0.2
"""How much less than the best line the next ones may tell."""
LEAST_TOLD = 0.5
"""The same for a line that names one of the things offered: "2021 or 2025?"."""
AROUND = 0.7
"""What a word counts that stands in the title, heading or caption instead of the line itself."""
LINES = 3
NEAR = 8
JUDGED = 3
"""So many of the nearest lines are put to the judge where none tells nearly all."""
LEAST_SURE = 0.5
"""What the judge must give one of the lines that tell nearly all: of three that told so of what the
documents do not say it gave 0.34, 0.42 and 0.06, of those that answer 0.56 and more."""
SURE_OF_NEAR = ((0.15, 0.9), (0.5, 0.8))
"""Told at least the first, a line needs the second of the judge. Of 24 open questions that the documents
do not answer (96 lines) no line had more than 0.76; of 20 that they do 12 had one above 0.8."""
SHORT = 40
"""A sentence of fewer characters ("That is not stated.") takes the one behind it along."""

_WHETHER = r"is|are|was|were|do|does|did|has|have|had|can|could|will|would|may|might|must"
_OPEN = re.compile(
    rf"(?:^|[.;!]\s)\W*(?:and |so |but |then )?(?:{_WHETHER}|why"
    r"|how (?!(?:did|does|do|has|have|is|are|was|were) [^?]{2,40} (?:do|doing|done|fare|fared|perform|performed)\b|many\b|much\b|long\b|old\b|often\b|large\b|big\b|far\b|fast\b|high\b|tall\b|wide\b|strongly\b)"
    r"|what (?:did|does|do|has|have|is|are) [^?]*\b(?:say|said|says|think|thinks|thought|expect|expects|expected|mean|means)\b"
    r"|what (?:explains|explained|happen(?:s|ed)|caused?|drove|drives|led)"
    r"|what (?:is|are|was|were) (?:said|known|reported|the (?:\w+ )?(?:reasons?|risks?|causes?|drivers?|view|position|outlook)))\b"
    r"|\bhow (?:do|does|did) (?:it|that|this|they|these) compare\b"
    r"|^\W*what (?:is|are) the differences? between [^?\d]+\?*$"
    r"|为什么|为何|是否|吗[？?]?$|\b(?:true|correct|right)\W*$",
    re.IGNORECASE,
)
# "What is XLA?" asks for all that is told of a name.
_DEFINES = re.compile(
    r"^\W*(?i:what (?:is|are|does)|define|explain)(?i: the| an?)?"
    r" [\w&.-]*[A-Z][\w&.-]*(?: [\w&.-]*[A-Z\d][\w&.-]*){0,2}(?i: mean| stand for)?\W*$"
)
_YES_OR_NO = re.compile(
    rf"^\W*(?:and |so |but |then )?(?:{_WHETHER})\b"
    r"|是否|吗[？?]?$|\b(?:true|correct|right)\W*$",
    re.IGNORECASE,
)
_ASKING = frozenset(
    tokens(
        "because instead explain reason happen able must likely probably say think mean differ difference possible "
        "drive drove driver cause lead led true real really actually still already ever yet subject respect regard concern "
        "make made take get give go come"
    )
)
"""Words that ask in such questions, and so do not tell what is asked about."""


def is_open(asked: Asked) -> bool:
    """True for a question of why, how or whether, or of what was said."""
    return _OPEN.search(asked.text) is not None or _DEFINES.match(asked.text) is not None


def is_yes_or_no(asked: Asked) -> bool:
    """True for "is it so?": a model of this size says yes too readily to be asked."""
    return _YES_OR_NO.search(asked.text) is not None


def bearing(asked: Asked, lines: Sequence[Evidence], subject: str = "") -> tuple[Evidence, ...]:
    """The few lines that tell (nearly) all of an open question, best first; none where no line does.

    `lines` are those found for the question, the more the better its words are weighed; `subject` is
    whom the documents are about.
    """
    scored = _scored(asked, lines, subject)
    if not scored or scored[0][0] < TOLD:
        return ()
    least = max(TOLD - LESS_TOLD / 2, scored[0][0] - LESS_TOLD)
    chosen = [_whole(line) for told, line in scored[:LINES] if told >= least]
    if asks_why(asked.text):
        chosen = [*_reasons(chosen[0]), *chosen]
    elif offered := _offered(asked):
        chosen = [*_of_each(offered, scored), *chosen]
    return _shown(chosen)


def nearest(
    asked: Asked, lines: Sequence[Evidence], subject: str = ""
) -> list[tuple[float, Evidence]]:
    """The lines that tell most of an open question, for a judge to say whether one answers it.

    A line that tells only its names is none: it is about them, and not about what is asked.
    """
    names = {w for name in names_in(asked.text) for w in tokens(name)} | set(tokens(subject))
    things = set(content_words(asked.text)) - _ASKING - names
    near = [
        (told, line)
        for told, line in _scored(asked, lines, subject, named=False)[:NEAR]
        if things & alike(set(tokens(line.text)))
    ]
    return near[:JUDGED]


def answering(asked: Asked, line: Evidence) -> tuple[Evidence, ...]:
    """What is shown of a line that answers an open question: it, and its reason or what follows it."""
    return _shown(_reasons(line) if asks_why(asked.text) else [_whole(line)])


def _shown(chosen: list[Evidence]) -> tuple[Evidence, ...]:
    if len(chosen) == 1:
        chosen = [*chosen, *_next(chosen[0])]
    return tuple(_apart(chosen)[:LINES])


def _scored(
    asked: Asked, lines: Sequence[Evidence], subject: str, *, named: bool = True
) -> list[tuple[float, Evidence]]:
    """How much of the question each line tells, most first. With `named` a line must tell its names."""
    wanted = set(content_words(_ASIDE.sub(" ", asked.text))) - _ASKING
    if _OF_SPEAKER.search(asked.text):
        wanted -= _SPEAKERS
    if not wanted or not is_open(asked):
        return []
    seen: Counter[str] = Counter()
    for line in lines:
        seen.update(alike(set(tokens(f"{line.text} {surroundings_line(line)}"))))
    weights = {w: math.log(1 + len(lines) / (1 + seen[w])) for w in wanted}
    names = {w for name in names_in(asked.text) for w in tokens(name)} - set(tokens(subject))
    names = names & wanted - _in_small_letters(lines) if named else set()
    if subject and not names_in(asked.text):  # "the group's margin" is not told of another one
        lines = [line for line in lines if is_about(subject, line)]
    scored = [(_told(weights, names, line), line) for line in lines]
    return sorted(scored, key=lambda pair: -pair[0])


# "As the article suggests", "according to the firm itself": who may have said it, not what is asked.
_ASIDE = re.compile(
    r",? \bas (?:the |its |their |an? |some |one )?[\w’' -]{1,40}? (?:suggests?|says?|said|claims?|claimed|implies|implied|reports?|reported)\b"
    r"|,? \baccording to [^?,.;]+",
    re.IGNORECASE,
)
_OF_SPEAKER = re.compile(
    r"\bwhat (?:did|does|do|has|have) [^?]*\b(?:say|said|think|thought|expect|expected|warn|warned)\b",
    re.I,
)
_SPEAKERS = frozenset(
    tokens("management managers bosses executives leadership company firm maker group")
)
"""Who speaks for whom the documents are about: they name the person instead."""


def _in_small_letters(lines: Sequence[Evidence]) -> set[str]:
    """The words that some line writes small: capitals in a question make no names of them."""
    small = (word for line in lines for word in _SMALL_WORD.findall(line.text))
    return set(tokens(" ".join(small)))


_SMALL_WORD = re.compile(r"(?<![\w-])[a-z][a-z-]+")


def _offered(asked: Asked) -> list[str]:
    """What a question offers to choose from: "2021 or 2025" as written."""
    figures = read_figures(asked.text)
    for one, other in pairwise(figures):
        if re.fullmatch(r"\W*or\W*(?:in )?", asked.text[one.span.end : other.span.start], re.I):
            return [one.text, other.text]
    return []


def _of_each(offered: Sequence[str], scored: Sequence[tuple[float, Evidence]]) -> list[Evidence]:
    """For each of the things offered the line that tells most of the question and names it."""
    found = []
    for one in offered:
        words = set(tokens(one))
        mine = [e for told, e in scored if told >= LEAST_TOLD and words <= set(tokens(e.text))]
        found += mine[:1]
    return found


def _next(line: Evidence) -> list[Evidence]:
    """The sentence that follows in the passage: it often says what to make of the first."""
    passage = line.passage
    if passage.kind is PassageKind.TABLE_ROW:
        return []
    end = line.span.end - passage.span.start
    following = next((s for s in sentence_spans(passage.text) if s.start >= end), None)
    if following is None or is_order(following.of(passage.text)):
        return []
    return [_at(line, following)]


def _at(line: Evidence, span: Span) -> Evidence:
    """Another stretch of a line's passage."""
    text = span.of(line.passage.text)
    place = span.shifted(line.passage.span.start)
    return replace(line, span=place, text=text, figures=read_figures(text))


def _apart(lines: Sequence[Evidence]) -> list[Evidence]:
    """The lines, of those that overlap the longest, each where the first of them stood."""
    kept: list[Evidence] = []
    for line in lines:
        same = next((i for i, k in enumerate(kept) if _overlap(k, line)), None)
        if same is None:
            kept.append(line)
        elif len(line.text) > len(kept[same].text):
            kept[same] = line
    return kept


def _overlap(one: Evidence, other: Evidence) -> bool:
    a, b = one.span, other.span
    return one.passage.id == other.passage.id and a.start < b.end and b.start < a.end


_CAUSE = re.compile(
    r"\b(?:because|since|reasons?|due to|owing to|caused?|explain(?:s|ed)?|driven by|thanks to|result of|so that|which is why)\b"
    r"|因为|由于|原因",
    re.IGNORECASE,
)


def _reasons(line: Evidence) -> list[Evidence]:
    """The line, and the sentence of its passage that gives a reason where it gives none itself."""
    passage = line.passage
    if _CAUSE.search(line.text) or passage.kind is PassageKind.TABLE_ROW:
        return [line]
    for span in sentence_spans(passage.text):
        text = span.of(passage.text)
        if _CAUSE.search(text) and not is_order(text):
            return [line, _at(line, span)]
    return [line]


def _told(weights: dict[str, float], names: set[str], line: Evidence) -> float:
    """Share of the question that the line tells; all of it where its heading asks the very same."""
    by = alike(set(tokens(line.text)))
    around = alike(set(tokens(surroundings_line(line))))
    if not names <= by | around or (HEADS & weights.keys()) - by - around:
        return 0.0  # "did it make a profit" is not told by where it makes its cars
    total = sum(weights.values())
    told = sum(v * (1.0 if w in by else AROUND if w in around else 0.0) for w, v in weights.items())
    heading = (line.passage.headings[-1:] or ("",))[0]
    if heading.rstrip().endswith(("?", "？")) and line.span.start == line.passage.span.start:
        above = alike(set(tokens(heading)))
        told = max(told, sum(v for w, v in weights.items() if w in above))
    return told / total


def _whole(line: Evidence) -> Evidence:
    """A very short sentence together with the next one of its passage."""
    passage = line.passage
    if len(line.text) >= SHORT or passage.kind is PassageKind.TABLE_ROW:
        return line
    following = _next(line)
    if not following:
        return line
    start = line.span.start - passage.span.start
    return _at(line, Span(start, following[0].span.end - passage.span.start))
