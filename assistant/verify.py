"""Draft + evidence → claims with citations and checked figures. Pure: no model, no index.

Every figure and name of a claim is looked for in the cited place; a claim that fails is replaced
by the cited sentence itself or dropped, and is never shown as supported.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.asked import FUNCTION_WORDS, read_question
from assistant.figures import read_figures, supports
from assistant.lexical import tokens
from assistant.sentences import sentence_spans
from assistant.support import (
    STRETCH,
    backs,
    bound,
    closes,
    dated,
    in_name,
    is_other_way,
    lacks_condition,
    lacks_kind,
    misplaced,
    of_its_period,
    of_its_year,
    only_base,
    only_beside,
    only_since,
    strange_names,
    surroundings_line,
    turned,
)
from assistant.synonyms import alike
from assistant.tables import row_as_words
from assistant.times import TIME_UNITS
from assistant.types import (
    Check,
    Citation,
    Claim,
    Evidence,
    Figure,
    PassageKind,
    Verdict,
)

MARKER = re.compile(r"\s*[\[【(]\s*(?:line\s*)?(\d{1,2}(?:\s*[,;]\s*\d{1,2})*)\s*[\]】]\)?")
_ATTACH_OVERLAP = 0.5
"""Share of a claim's words a sentence must hold to be attached where the model gave no marker."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A verified draft: claims, the citations they use, and what had to be done to it."""

    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    checks: tuple[Check, ...]
    quoted: int = 0
    dropped: int = 0

    @property
    def text(self) -> str:
        """The claims with their markers, as one text."""
        return " ".join(
            claim.text + "".join(f" [{number}]" for number in claim.citations)
            for claim in self.claims
        )


@dataclass(frozen=True, slots=True)
class _Judged:
    text: str
    evidence: tuple[Evidence, ...]
    checks: tuple[tuple[Figure, Evidence | None, str], ...]
    sound: bool


def verify(question: str, draft: str, evidence: Sequence[Evidence]) -> Checked:
    """Check a model's draft against the evidence it was shown."""
    claims: list[_Judged] = []
    quoted = dropped = 0
    for sentence, numbers in claims_of(draft):
        judged = _judge(question, sentence, numbers, evidence)
        if not judged.sound:
            repaired = _quote_for(question, judged, evidence)
            if repaired is None or any(repaired.text == other.text for other in claims):
                dropped += 1
                continue
            quoted += 1
            judged = repaired
        claims.append(judged)
    return _assembled(claims, quoted, dropped)


def quote(evidence: Sequence[Evidence], limit: int) -> Checked:
    """The best sentences themselves, each as a claim that cites itself."""
    return _assembled([_as_quote(item) for item in evidence[:limit]], 0, 0)


def claims_of(draft: str) -> list[tuple[str, tuple[int, ...]]]:
    """Sentences of a draft without markers, each with the numbers of the lines it names."""
    joined = re.sub(r"([.!?。！？])(\s*(?:[\[【]\s*\d[\d,;\s]*[\]】])+)", r"\2\1", draft.strip())
    out = []
    for span in sentence_spans(joined):
        raw = span.of(joined)
        numbers = tuple(
            dict.fromkeys(int(n) for m in MARKER.finditer(raw) for n in re.findall(r"\d+", m[1]))
        )
        text = re.sub(r"\s+([.,;!?])", r"\1", MARKER.sub("", raw)).strip(" -•*")
        text = re.sub(r"[,;\s]+(?=[.!?]?$)|(?<=[.!?])[,;\s]+$", "", text)
        if text and any(c.isalnum() for c in text):
            out.append((text, numbers))
    return out


def _judge(
    question: str, text: str, numbers: tuple[int, ...], evidence: Sequence[Evidence]
) -> _Judged:
    """Look every figure and name of one claim up, first in the lines it names, then in all."""
    figures = read_figures(text)
    named = [e for e in evidence if e.number in numbers]
    places = list(dict.fromkeys([*named, *_alike(text, evidence)]))
    new = set(tokens(text)) - set(tokens(question)) - FUNCTION_WORDS
    if not any(figure.unit not in TIME_UNITS for figure in figures):
        places = _best_telling(question, text, new, places, evidence)
    # Where two places hold a figure, the one that backs more of the claim is cited for it.
    places.sort(key=lambda e: -sum(backs(e, figure) for figure in figures))
    checks: list[tuple[Figure, Evidence | None, str]] = []
    for figure in figures:
        holders = [
            e
            for e in places
            if backs(e, figure) or closes(text, figure, e) or in_name(text, figure, e)
        ]
        if figure.unit in TIME_UNITS:
            holders = [e for e in holders if not only_beside(text, figure, e)]
            holders = [e for e in holders if not only_since(text, figure, e)]
        else:
            holders = [e for e in holders if of_its_period(text, e, figures)]
            holders = [e for e in holders if bound(e, figure, figures)]
            holders = [e for e in holders if not only_base(text, figure, e)]
            holders = [e for e in holders if not _is_other_way(question, text, figure, e)]
        holders = [e for e in holders if not misplaced(text, figure, e)]
        holder = next(iter(holders), None)
        if holder is None and figure.unit in TIME_UNITS:
            holder = dated(figure, places[:1])
        checks.append((figure, holder, "" if holder else "not in the cited text"))
    cited = list(dict.fromkeys(holder for _, holder, _ in checks if holder)) or places[:1]
    sound = bool(cited) and all(holder for _, holder, _ in checks)
    if sound and turned(text, cited):
        sound = False
        checks = [(f, None, "the cited text says the contrary") for f, _, _ in checks]
    if sound and any(lacks_condition(text, e) for e in cited):
        sound = False
        checks = [(f, None, "the cited text says so under a condition") for f, _, _ in checks]
    if sound and any(lacks_kind(text, e) for e in cited):
        sound = False
        checks = [(f, None, "the cited text says so of the adjusted figure") for f, _, _ in checks]
    if sound and not all(of_its_year(e, new, figures) for e in cited):
        sound = False
        checks = [(f, None, "the cited text says so of another year") for f, _, _ in checks]
    if sound and (strange := strange_names(text, cited, question)):
        sound = False
        checks = [(f, None, f"{', '.join(strange)} is not in the cited text") for f, _, _ in checks]
    return _Judged(text, tuple(cited), tuple(checks), sound)


def _is_other_way(question: str, text: str, figure: Figure, item: Evidence) -> bool:
    """True where the claim, or else the question, is of the last years, and the place of the next."""
    mine = [f for f in item.figures if supports(f, figure)]
    return is_other_way(text if STRETCH.search(text) else question, item.text, mine)


CLEARLY = 0.1
"""So much more of question and claim another line must tell to be cited instead of the model's."""


def _best_telling(
    question: str,
    text: str,
    new: set[str],
    places: Sequence[Evidence],
    evidence: Sequence[Evidence],
) -> list[Evidence]:
    """The places, led by the line that holds what the claim adds and tells most of the rest.

    The model often names the second-best of several lines that say the same, say the one without
    the year that is asked for.
    """
    wanted = (set(tokens(question)) | set(tokens(text))) - FUNCTION_WORDS

    def told(item: Evidence) -> float:
        here, above = alike(tokens(item.text)), alike(tokens(surroundings_line(item)))
        return sum(1.0 if w in here else 0.5 if w in above else 0.0 for w in wanted)

    holders = [e for e in evidence if new and new <= set(tokens(e.text))]
    if not holders or not wanted:
        return list(places)
    best = max(holders, key=told)
    if places and told(best) <= told(places[0]) + CLEARLY * len(wanted):
        return list(places)
    return list(dict.fromkeys([best, *places]))


def _alike(text: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Places that share at least half of the claim's words, the most alike first."""
    words = set(tokens(text))
    if not words:
        return []
    shares = [
        (len(words & set(tokens(f"{surroundings_line(e)} {e.text}"))) / len(words), -e.number, e)
        for e in evidence
    ]
    shares.sort(key=lambda s: s[:2], reverse=True)
    return [e for share, _, e in shares if share >= _ATTACH_OVERLAP]


def _quote_for(question: str, judged: _Judged, evidence: Sequence[Evidence]) -> _Judged | None:
    """The cited sentence in place of a claim that failed, if it can hold what is asked."""
    asked = read_question(question)
    places = [*judged.evidence, *_alike(judged.text, evidence)]
    for item in dict.fromkeys(places):
        if asked.fits(item.figures):
            return _as_quote(item)
    return None


def _as_quote(item: Evidence) -> _Judged:
    text = quotable(item)
    checks = tuple((figure, item, "") for figure in item.figures)
    return _Judged(text, (item,), checks, True)


def quotable(item: Evidence) -> str:
    """The place itself as a sentence of an answer; a table row with its header's words."""
    if item.passage.kind is PassageKind.TABLE_ROW:
        rows = [line for line in item.passage.context.splitlines() if line.startswith("|")]
        return row_as_words(item.text, "\n".join(rows), labelled=True)
    plain = _EMPHASIS.sub(r"\1", item.text.strip())
    return plain.lstrip("-*• ").strip()


_EMPHASIS = re.compile(r"\*{1,3}([^*\n]+)\*{1,3}")


def _assembled(claims: Sequence[_Judged], quoted: int, dropped: int) -> Checked:
    """Number citations by first use and turn judged claims into values for the answer."""
    numbers: dict[Evidence, int] = {}
    out: list[Claim] = []
    for judged in claims:
        for item in judged.evidence:
            numbers.setdefault(item, len(numbers) + 1)
        checks = tuple(
            Check(
                figure,
                Verdict.SUPPORTED if holder else Verdict.UNSUPPORTED,
                numbers[holder] if holder else None,
                reason=reason,
            )
            for figure, holder, reason in judged.checks
        )
        cited = tuple(sorted(numbers[item] for item in judged.evidence))
        out.append(Claim(judged.text, cited, checks, Verdict.SUPPORTED))
    citations = tuple(
        Citation(number, item.passage, item.span, item.text) for item, number in numbers.items()
    )
    checks = tuple(check for claim in out for check in claim.checks)
    return Checked(tuple(out), citations, checks, quoted, dropped)
