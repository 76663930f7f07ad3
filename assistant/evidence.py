"""Hits → Evidence: the few sentences and table rows that may hold the answer, best first.

Ranks by meaning, word overlap and the kind of answer asked for. Decides nothing about the answer.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.asked import Asked, content_words
from assistant.choice import figures_of
from assistant.entities import NO_ENTITY
from assistant.figures import backing, read_figures
from assistant.lexical import tokens
from assistant.prompts import shown
from assistant.sentences import sentence_spans
from assistant.synonyms import NOT_TELLING, alike
from assistant.tables import read_row
from assistant.times import TIME_UNITS
from assistant.timing import of_period
from assistant.types import Embedder, Evidence, Figure, Hit, Passage, PassageKind, Span

# Embedding a sentence takes about 2 ms on 2 cores: only the best by the cheap signals are embedded.
EMBEDDED = 16
# Weights of the signals, chosen by recall of the gold sentence among the first 8 on four sets.
OVERLAP_WEIGHT = 0.5
PHRASE_WEIGHT = 0.3
KIND_BONUS = 0.25
PART_KIND_BONUS = 0.12
"""For lines that code reads: the operands of a growth are amounts, though a percentage is asked for."""
PERIOD_BONUS = 0.12
OWN_PERIOD_BONUS = 0.2
PASSAGE_WEIGHT = 0.35
SUBJECT_BONUS = 0.1
UNVERIFIED_MALUS = 0.1
"""For what a document itself calls unverified: of two places that say the same, the other is shown."""
ALWAYS = 3
"""So many of the best are shown however long they are: a list that is asked for is one of them."""
SHOWN_CHARACTERS = 760
"""The model reads some 60 tokens a second: about 190 tokens of evidence, three seconds."""


def rank(
    asked: Asked,
    hits: Sequence[Hit],
    embedder: Embedder,
    *,
    limit: int,
    characters: int = SHOWN_CHARACTERS,
    subject: str = "",
    kind_bonus: float = KIND_BONUS,
) -> tuple[Evidence, ...]:
    """At most `limit` sentences of `hits` for the question, best first, numbered from 1.

    Together they have at most about `characters` characters as the model reads them. `subject` is
    whom the documents are about: where the question names nobody, lines that name it count more.
    `kind_bonus` is what a figure or name of the kind asked for counts.
    """
    candidates = [c for hit in hits for c in lines_of(hit.passage, hit.score)]
    if not candidates:
        return ()
    wanted = Counter(content_words(asked.text) or tokens(asked.text))
    rarity = _rarity(wanted, candidates)
    cheap = [_cheap_score(asked, c, wanted, rarity, kind_bonus) for c in candidates]
    order = sorted(range(len(candidates)), key=lambda i: -cheap[i])[:EMBEDDED]
    vectors = embedder.embed_passages([_read(candidates[i]) for i in order])
    cosines = vectors @ embedder.embed_query(asked.text)
    if subject and not any(not NO_ENTITY.fullmatch(name) for name in asked.names):
        told = re.compile(rf"\b{re.escape(subject)}\b")
        cheap = [
            score + SUBJECT_BONUS * (told.search(c.text) is not None)
            for score, c in zip(cheap, candidates, strict=True)
        ]
    scored = sorted(
        ((float(cheap[i] + cosine), i) for i, cosine in zip(order, cosines, strict=True)),
        key=lambda pair: (-pair[0], pair[1]),
    )
    return _chosen(scored, candidates, limit, characters)


def rows_of_period(asked: Asked, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """The table rows of `hits` with a figure of a period asked for under a column of the measure.

    Code reads all of a table at no cost; ranking by words passes over "Smart-EV revenue" for "car sales".
    """
    wanted = set(content_words(asked.text)) - NOT_TELLING
    wanted -= {w for period in asked.periods for w in tokens(period.text)}
    rows = [
        row
        for hit in hits
        if hit.passage.kind is PassageKind.TABLE_ROW
        for row in lines_of(hit.passage, hit.score)
    ]
    return tuple(
        row
        for row in rows
        if any(
            wanted & alike(tokens(f"{column} {name}"))
            and of_period(row, figure, period, column, name)
            for figure, column, name in figures_of(row)
            for period in asked.periods
        )
    )


def _read(candidate: Evidence) -> str:
    """What the embedder reads: a sentence with the last heading, a row with its header."""
    passage = candidate.passage
    lead = passage.context or (passage.headings[-1:] or [""])[0]
    return f"{lead}\n{candidate.text}" if lead else candidate.text


def lines_of(passage: Passage, score: float = 0.0) -> list[Evidence]:
    """The sentences of a passage, or its table row, without what gives orders to an assistant."""
    if passage.kind is PassageKind.TABLE_ROW:
        spans = [Span(0, len(passage.text))]
    else:
        spans = _with_pairs(passage.text, _with_dates(passage.text, sentence_spans(passage.text)))
        spans = _with_lists(passage.text, spans)
    out = []
    for span in spans:
        text = span.of(passage.text)
        if len(text.split()) < 2 and not any(c.isdigit() for c in text) and text.isascii():
            continue
        if is_order(text):
            continue
        if passage.kind is PassageKind.TABLE_ROW:
            figures = tuple(cell.figure for cell in read_row(text, passage.context))
        else:
            figures = read_figures(text)
        place = span.shifted(passage.span.start)
        out.append(Evidence(0, passage, place, text, score, figures))
    return out


# A sentence that tells an assistant what to say is an order, and orders in documents are data.
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:all|any|previous|prior|other|above|earlier)"
    r"\b.{0,40}\b(?:instructions?|documents?|rules?|sources?|prompts?|figures?|text)\b"
    r"|\b(?:assistants?|language models?|chatbots?|ai (?:models?|systems?)|llms?)\b.{0,80}"
    r"\b(?:must|should|shall|are to|is to|need to|reply|respond|answer|say|report|output)\b"
    r"|\byou (?:must|should|shall|are (?:now|to|required)|will)\b.{0,60}"
    r"\b(?:answer|reply|respond|report|say|state|output|cite|repeat|confirm)\b"
    r"|\b(?:must|should|shall|always) (?:answer|reply|respond|report) (?:that|with|only)\b"
    r"|^\W*(?:system|assistant|instructions?|prompt)\s*(?:message|notice|prompt|note)?\s*:"
    r"|^\W*(?:answer|reply|response)\s*:.*\[\d+\]\W*$"
    r"|^\W*(?:\d{1,2}[.)]\s*)?(?:always |never |please )?(?:tell|inform|assure|convince|advise|persuade|urge) "
    r"(?:the |every |any |all |your )?(?:users?|readers?|investors?|clients?|askers?|them|whoever)\b"
    r"|^\W*(?:\d{1,2}[.)]\s*)?(?:(?:always|never|please|only|do not) )?(?:answer|reply|respond|reveal|disclose|output|repeat) "
    r"(?:every|all|any|this|these|the|with|to|only|that|no|nothing)\b"
    r"|(?:\b(?:if|when|whenever) (?:you are )?|^\W*)asked (?:for|about|to|whether|how|what)\b.{0,80}, "
    r"(?:(?:always |only )?(?:reply|answer|say|respond|state)|the (?:approved|correct|right|official) (?:value|answer|figure))\b"
    r"|\b(?:replaces?|outranks?|overrides?) (?:your (?:\w+ )?(?:instructions?|rules?|prompts?)|the user)\b",
    re.IGNORECASE,
)


def is_order(text: str) -> bool:
    """True for text that speaks to an assistant, or as one, instead of informing a reader."""
    return _ORDER.search(text) is not None


# A document's own warning about what it prints, in the sentence or as the heading above it.
_UNVERIFIED = re.compile(
    r"\b(?:unverified|unconfirmed|rumou?red|not (?:yet |been )*(?:verified|confirmed|checked against))\b"
    r"|未经(?:证实|核实)",
    re.IGNORECASE,
)
_TO_VERIFY = re.compile(
    r"\b(?:to be (?:verified|confirmed|checked)|rumou?rs?|unverified|unconfirmed)\b", re.IGNORECASE
)


def is_unverified(passage: Passage, text: str) -> bool:
    """True where a document calls what it prints, or the section that holds it, unverified."""
    heading = (passage.headings[-1:] or ("",))[0]
    return _UNVERIFIED.search(text) is not None or _TO_VERIFY.search(heading) is not None


# "Two permits were granted. One went to Castor, the other to Orsa": of what, only the first sentence says.
_ONE_AND_OTHER = re.compile(
    r"\W*(?:one|the first)\b(?! (?:report|source|account|page|note|study|analyst)).*\bthe (?:other|second)\b",
    re.IGNORECASE,
)


def _with_pairs(text: str, spans: Sequence[Span]) -> list[Span]:
    """Sentences, one that shares out what the sentence before it counts together with that one."""
    out: list[Span] = []
    for span in spans:
        if out and _ONE_AND_OTHER.match(span.of(text)):
            out[-1] = Span(out[-1].start, span.end)
        else:
            out.append(span)
    return out


# "Jul 22, 2020 ... Tesla reports": the date of a snippet belongs to what follows it.
_DATE_ALONE = re.compile(r"[\W\d]*(?:[A-Z][a-z]{2,8}\.?)?[\W\d]*\d{4}[\W\d]*")


def _with_dates(text: str, spans: Sequence[Span]) -> list[Span]:
    """Sentences, where a date that stands alone leads the next one."""
    out: list[Span] = []
    lead: Span | None = None
    for span in spans:
        span = Span(lead.start, span.end) if lead else span
        alone = span.end - span.start < 40 and _DATE_ALONE.fullmatch(span.of(text)) is not None
        lead = span if alone else None
        if not alone:
            out.append(span)
    return [*out, lead] if lead else out


LIST_CHARACTERS = 600
_ITEM = re.compile(r"(?:[-*+•]|\d{1,3}[.)])\s")


def _with_lists(text: str, spans: Sequence[Span]) -> list[Span]:
    """Sentences, where one that opens a list ("… three pillars:") takes its items along."""
    out: list[Span] = []
    i = 0
    while i < len(spans):
        end = i + 1
        if spans[i].of(text).rstrip("*").endswith((":", "：")) and end < len(spans):
            opens = _ITEM.match(spans[end].of(text)) is not None
            while opens and end < len(spans) and spans[end].end - spans[i].start < LIST_CHARACTERS:
                end += 1
        out.append(Span(spans[i].start, spans[end - 1].end))
        i = end
    return out


def items_of(line: Evidence) -> list[Evidence]:
    """The items of a list that is read with what opens it, each by itself; the line where it is none."""
    starts = [m.start() for m in _NEXT_ITEM.finditer(line.text)]
    if not starts or line.passage.kind is PassageKind.TABLE_ROW:
        return [line]
    out = []
    for start, end in zip([0, *starts], [*starts, len(line.text)], strict=True):
        text = line.text[start:end].strip()
        begin = line.span.start + line.text.index(text, start)
        span = Span(begin, begin + len(text))
        out.append(replace(line, span=span, text=text, figures=read_figures(text)))
    return out


_NEXT_ITEM = re.compile(r"(?<=\n)\s*(?:[-*+•]|\d{1,3}[.)])\s", re.MULTILINE)
_MONTH_NAMES = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)


def _rarity(wanted: Counter[str], candidates: Sequence[Evidence]) -> dict[str, float]:
    """How telling each word of the question is among the candidates, from 0 to about 3."""
    seen: Counter[str] = Counter()
    for candidate in candidates:
        seen.update(set(tokens(_read(candidate))) & wanted.keys())
    n = len(candidates)
    return {word: math.log(1 + n / (1 + seen[word])) for word in wanted}


def _cheap_score(
    asked: Asked,
    candidate: Evidence,
    wanted: Counter[str],
    rarity: dict[str, float],
    kind_bonus: float,
) -> float:
    passage = candidate.passage
    words = set(tokens(_read(candidate)))
    around = set(tokens(" ".join((passage.source.title, *passage.headings)))) - words
    total = sum(rarity.values()) or 1.0
    covered = sum(rarity[w] for w in wanted if w in words)
    nearby = sum(rarity[w] for w in wanted if w in around)
    score = OVERLAP_WEIGHT * (covered + 0.5 * nearby) / total
    score += PHRASE_WEIGHT * _phrases(tokens(asked.text), tokens(_read(candidate)))
    score += PASSAGE_WEIGHT * candidate.score
    if asked.kinds and asked.fits(_told_figures(candidate)) and _names_one(asked, candidate.text):
        score += kind_bonus
    if asked.periods:
        score += _period_score(asked, candidate)
    if is_unverified(passage, candidate.text):
        score -= UNVERIFIED_MALUS
    return score


# "Nov 14, 2022 ... The release date": the day of a snippet is no date that it tells.
_DATELINE = re.compile(r"[\W\d]*(?:[A-Z][a-z]{2,8}\.?)?[\W\d]*\d{4}\s*(?:\.\.\.|…|·)\s")


def in_dateline(text: str, figure: Figure) -> bool:
    """True for the date that a line begins with, as snippets and news do: it dates the text alone."""
    lead = _DATELINE.match(text)
    return lead is not None and figure.span.start < lead.end()


def _told_figures(candidate: Evidence) -> tuple[Figure, ...]:
    """The figures of a line but for those of a date before it."""
    return tuple(f for f in candidate.figures if not in_dateline(candidate.text, f))


_PROPER = re.compile(r"[A-Z][a-z]+ [A-Z][\w'’-]+|[\u4e00-\u9fff]")


def _names_one(asked: Asked, text: str) -> bool:
    """True unless a person is asked for and the line holds no name but the question's."""
    if "person" not in asked.kinds:
        return True
    given = {word for name in asked.names for word in tokens(name)}
    return any(
        not given.issuperset(tokens(name[0])) and not _MONTH_NAMES.match(name[0])
        for name in _PROPER.finditer(text)
    )


def _period_score(asked: Asked, candidate: Evidence) -> float:
    """A reward for a figure of the period asked for, a smaller one for naming it at all."""
    of_kind = asked.wants_figure and any(
        of_period(candidate, figure, period, column, row)
        for figure, column, row in figures_of(candidate)
        if asked.fits((figure,)) or (column and figure.unit == "count")
        for period in asked.periods
    )
    if of_kind:
        return OWN_PERIOD_BONUS
    times = [f for f in candidate.figures if f.unit in TIME_UNITS]
    if any(backing(period, times) for period in asked.periods):
        return PERIOD_BONUS
    around = read_figures(f"{_read(candidate)} {candidate.passage.source.title}")
    if times and not any(backing(period, around) for period in asked.periods):
        return -PERIOD_BONUS
    return 0.0


def _phrases(question: Sequence[str], text: Sequence[str]) -> float:
    """Share of the question's word pairs that stand side by side in the text too."""
    pairs = set(pairwise(question))
    return len(pairs & set(pairwise(text))) / len(pairs) if pairs else 0.0


def _chosen(
    scored: Sequence[tuple[float, int]],
    candidates: Sequence[Evidence],
    limit: int,
    characters: int,
) -> tuple[Evidence, ...]:
    """The best without repeats, until `limit` or the characters the model has time for."""
    chosen: list[Evidence] = []
    texts: set[str] = set()
    length = 0
    for score, i in scored:
        candidate = candidates[i]
        key = f"{candidate.passage.context}\n{' '.join(candidate.text.lower().split())}"
        if key in texts:
            continue
        item = replace(candidate, number=len(chosen) + 1, score=score)
        size = len(shown(item))
        if len(chosen) >= ALWAYS and length + size > characters:
            continue
        texts.add(key)
        chosen.append(item)
        length += size
        if len(chosen) == limit:
            break
    return tuple(chosen)
