"""Which documents a question is to be answered from: one it names, and of several editions the right one. Pure.

A monthly factsheet says the same things every month with other values. Asked for September, only
September's holds the answer; asked without a month, the newest does, as far as it tells of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.asked import Asked, content_words
from assistant.lexical import tokens
from assistant.times import ends_in, read_times, same_time
from assistant.types import Figure, Hit, Passage, Source

TWINS = 0.6
"""Two passages that share so many of their words, figures apart, say the same of two dates."""

_KINDS = (
    r"articles?|notes?|letters?|fact ?sheets?|sheets?|digests?|reports?|briefs?|filings?|transcripts?|blogs?|memos?"
    r"|profiles?|papers?|overviews?|timelines?|glossary|q&a|press releases?|releases?|pages?|presentations?"
    r"|statements?|bulletins?|newsletters?|documents?|files?"
)
_NAMED = re.compile(
    rf"\b(?:according to|by|per|in|from) (?:the|its|their|this|that) (?P<name>(?:[\w&'’-]+ ){{0,5}}?(?:{_KINDS})\b"
    r"(?: (?:on|about|from|of|to|for) (?:(?:the|a|an|its) )?[\w&'’-]+(?: (?!(?:in|what|how|who|which|when|where|did|was|is|does)\b)[\w&'’-]+){0,4})?)",
    re.IGNORECASE,
)
_GENERIC = frozenset(tokens(re.sub(r"[|?]", " ", _KINDS))) | frozenset(
    tokens("latest newest recent current last own official monthly quarterly annual")
)
_ANY = frozenset(tokens("document file page report statement"))
"""What any document may be called: alone it names none."""
_SERIES = re.compile(
    r"\b(?:each|every) (?:month|quarter|year|edition|issue)\b|\bby (?:month|quarter|year)\b|\bover time\b"
    r"|\b(?:change[ds]?|changing|develop\w*|evol\w*|trend|history|since|compar\w*|rose|risen|rise|fell|fallen|fall|grow\w*"
    r"|grew|increas\w*|decreas\w*|higher|lower|previous\w*|former\w*|before|earlier|until|used to)\b",
    re.IGNORECASE,
)


def named_sources(text: str, sources: Sequence[Source]) -> tuple[str, tuple[str, ...]]:
    """The question without the document it names, "by the notes from the plant visit", and the ids
    of the documents that may be meant; () for none.

    All telling words of the name must stand in the title or the kind of a document.
    """
    said = _NAMED.search(text)
    if said is None:
        return text, ()
    words = {w for w in content_words(said["name"]) if w[0].isalpha()}
    telling, kinds = words - _GENERIC, words & _GENERIC - _ANY
    titles = {s.id: set(tokens(f"{s.title} {s.kind}")) for s in sources}
    kept = [i for i, title in titles.items() if telling <= title]
    of_kind = [i for i in kept if kinds & titles[i]]
    chosen = of_kind or (kept if telling else [])
    if not chosen or len(chosen) == len(sources):
        return text, ()
    rest = f"{text[: said.start()].rstrip(' ,')} {text[said.end() :].lstrip(' ,')}".strip()
    return rest[:1].upper() + rest[1:], tuple(chosen)


@dataclass(frozen=True, slots=True)
class Edition:
    """One of several documents of one title, and the time that tells it from the others."""

    source: Source
    time: Figure


def families(openings: Sequence[Passage]) -> dict[str, tuple[Edition, ...]]:
    """The editions that each document is one of, by source id, oldest first.

    Editions have one kind and one title, dates apart. The time of each is what its title or its first
    heading names, else its day. `openings` are the first passages of all documents.
    """
    groups: dict[tuple[str, ...], list[Edition]] = defaultdict(list)
    for opening in openings:
        source = opening.source
        day = source.as_of.isoformat() if source.as_of else ""
        head = " ".join((source.title, *opening.headings[:1], day))
        time = next((t for t in read_times(head) if ends_in(t)), None)
        if time is not None and source.as_of is not None:
            groups[source.kind, _undated(source.title)].append(Edition(source, time))
    found: dict[str, tuple[Edition, ...]] = {}
    for group in groups.values():
        if len({e.time.value for e in group}) == len(group) > 1:
            ordered = tuple(sorted(group, key=lambda e: (ends_in(e.time) or 0, e.time.value)))
            found.update((e.source.id, ordered) for e in group)
    return found


def of_right_edition(
    asked: Asked,
    hits: Sequence[Hit],
    editions: Mapping[str, tuple[Edition, ...]],
    passages_of: Callable[[str], Sequence[Passage]],
) -> tuple[Hit, ...]:
    """The hits, those of another edition than the one asked for replaced by their twins in that one.

    What only another edition tells is kept. Questions for more than one period, or for what has
    changed, see every edition.
    """
    if len(asked.periods) > 1 or (not asked.periods and _SERIES.search(asked.text)):
        return tuple(hits)
    kept: dict[str, Hit] = {}
    for hit in hits:
        one = hit
        right = _right(asked, editions.get(hit.passage.source.id, ()))
        if right is not None and right.id != hit.passage.source.id:
            twin = _twin(hit.passage, passages_of(right.id))
            one = replace(hit, passage=twin) if twin else hit
        kept.setdefault(one.passage.id, one)
    return tuple(kept.values())


def _right(asked: Asked, group: Sequence[Edition]) -> Source | None:
    """The edition of the period asked for, or the newest; None where no edition is of that period."""
    if not group:
        return None
    if not asked.periods:
        return group[-1].source
    wanted = asked.periods[0]
    mine = [e for e in group if same_time(e.time, wanted) or same_time(wanted, e.time)]
    return mine[0].source if len(mine) == 1 else None  # a year's months are all of the year


def _twin(passage: Passage, others: Sequence[Passage]) -> Passage | None:
    mine = _words(passage)
    best: tuple[float, Passage | None] = (0.0, None)
    for other in others:
        if other.kind is passage.kind:
            theirs = _words(other)
            share = len(mine & theirs) / max(1, len(mine | theirs))
            if share > best[0]:
                best = share, other
    return best[1] if best[0] >= TWINS else None


def _words(passage: Passage) -> set[str]:
    return set(tokens(re.sub(r"[\d.,%]+", " ", _undated(passage.text))))


def _undated(text: str) -> str:
    """The text in lower case without its times."""
    for time in sorted(read_times(text), key=lambda t: -t.span.start):
        text = text[: time.span.start] + " " + text[time.span.end :]
    return " ".join(text.lower().split())
