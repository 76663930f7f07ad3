"""The nouns of Footnote: frozen values, no behaviour beyond their own invariants.

A *passage* is a span of a *document*; a *citation* is a span too. Splitting, look-up and
highlighting are arithmetic on spans, so `document.text[span] == passage.text` always holds.
This module imports nothing of ours.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# ---------------------------------------------------------------- file → index


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of characters in `Document.text`: `text[start:end]`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def of(self, text: str) -> str:
        """The characters of `text` this span covers."""
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        """True when `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """True when the two spans share at least one character."""
        return self.start < other.end and other.start < self.end

    def shifted(self, by: int) -> Span:
        """The same span moved `by` characters to the right."""
        return Span(self.start + by, self.end + by)


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the corpus; `id`, its stable key, is its posix path relative to the corpus."""

    id: str
    sha256: str
    title: str
    kind: str = "document"
    as_of: date | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a paged document; `number` counts from 1."""

    number: int
    span: Span


@dataclass(frozen=True, slots=True)
class Document:
    """A source's text, normalised once when it was read, and never again."""

    source: Source
    text: str
    pages: tuple[Page, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """Number of the page that holds character `offset`; None when the document has no pages."""
        for page in self.pages:
            if page.span.start <= offset < page.span.end:
                return page.number
        return None


class PassageKind(StrEnum):
    """What a passage is made of."""

    PROSE = "prose"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a document, the unit that is embedded and retrieved.

    `context` is what a reader needs beside the span to understand it and what is not part of it:
    the header row (and caption) of a table row, the lead-in sentence of a list item.
    """

    source: Source
    span: Span
    text: str
    kind: PassageKind = PassageKind.PROSE
    headings: tuple[str, ...] = ()
    context: str = ""
    page: int | None = None

    @property
    def id(self) -> str:
        """Stable key: source id and span."""
        return f"{self.source.id}@{self.span.start}-{self.span.end}"

    @property
    def embedding_text(self) -> str:
        """What the embedder and the lexical index read: title and headings in front of the text."""
        path = " > ".join(dict.fromkeys((self.source.title, *self.headings)))
        return "\n".join(part for part in (path, self.context, self.text) if part)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What an index was made with; another fingerprint means that the index must be rebuilt."""

    schema: int
    embedder: str
    embedder_sha256: str
    passage_tokens: int

    @property
    def fingerprint(self) -> str:
        """SHA-256 over all parts, in hexadecimal."""
        parts = [self.schema, self.embedder, self.embedder_sha256, self.passage_tokens]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


class Embedder(Protocol):
    """What turns text into vectors: the Sentence Transformers model, or a fake in tests."""

    @property
    def name(self) -> str:
        """Name for people."""

    @property
    def sha256(self) -> str:
        """Hash of the weights; part of the Recipe."""

    @property
    def max_tokens(self) -> int:
        """Longest input the model reads, special tokens included; more would be cut silently."""

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as the model counts them, special tokens included."""

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of shape (len(texts), dimensions); (0, dimensions) for no texts."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Unit vector of shape (dimensions,)."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read; its older version, if any, is no longer in the index."""

    source_id: str
    error: str
    hint: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was left out on purpose, with the reason."""

    source_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far a sync has come: `step` counts `index.STEPS`; done and total count `unit`s."""

    step: int
    name: str
    done: int = 0
    total: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did. The four tuples hold source ids."""

    generation: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    passages: int = 0
    embedded: int = 0
    rebuilt: str = ""
    seconds: float = 0.0


# ---------------------------------------------------------------- question → answer


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation, in its standalone form, and its answer's text."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """Restrict the search; empty means all. A source without a date passes no date filter."""

    sources: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return bool(self.sources or self.kinds or self.since or self.until)


@dataclass(frozen=True, slots=True)
class Question:
    """What the user asked, with what was asked before and where to look."""

    text: str
    history: tuple[Turn, ...] = ()
    filters: Filters = Filters()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its meaning, as read from a text.

    value        exact, with the scale word applied ("CNY 200 billion" is Decimal(200000000000))
    unit         a currency code, "percent", "percentage_point", "times", "count", or a unit of
                 time: "date", "month", "quarter", "half", "months", "year"
    noun         what is counted ("vehicle"), empty where the unit says all
    approximate  "" or one of "over", "about", "up to", "at least", "under"
    decimals     how many digits after the point were printed, for comparing within rounding
    scale        power of ten of the printed scale word (9 for "billion"), for the same purpose
    period       "2024", "Q3 2025", "2025-05-22" where the text next to it says so
    """

    value: Decimal
    unit: str
    span: Span
    text: str
    noun: str = ""
    approximate: str = ""
    decimals: int = 0
    scale: int = 0
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage. Ranks count from 1; None where that search did not find it."""

    passage: Passage
    score: float
    dense_rank: int | None = None
    lexical_rank: int | None = None
    cosine: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence, list item or table row, numbered as the model sees it."""

    number: int
    passage: Passage
    span: Span
    text: str
    score: float
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A footnote: `quote` is the document's text at `span`, character for character."""

    number: int
    passage: Passage
    span: Span
    quote: str

    @property
    def source(self) -> Source:
        """The file the quote stands in."""
        return self.passage.source

    @property
    def page(self) -> int | None:
        """Page of the quote, where the document has pages."""
        return self.passage.page


class Verdict(StrEnum):
    """What the check of a claim or figure found."""

    SUPPORTED = "supported"
    COMPUTED = "computed"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Check:
    """A figure of the answer and where it was found (or how it was computed)."""

    figure: Figure
    verdict: Verdict
    citation: int | None = None
    formula: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of the answer, without markers; `citations` are citation numbers."""

    text: str
    citations: tuple[int, ...]
    checks: tuple[Check, ...] = ()
    verdict: Verdict = Verdict.SUPPORTED


def text_of(claims: Sequence[Claim]) -> str:
    """Claims with their markers, as one text."""
    return " ".join(c.text + "".join(f" [{n}]" for n in c.citations) for c in claims)


@dataclass(frozen=True, slots=True)
class Operand:
    """A cited figure that a calculation uses."""

    label: str
    figure: Figure
    citation: int


@dataclass(frozen=True, slots=True)
class Calculation:
    """Arithmetic done by code: the operands, the formula as shown, and the exact result."""

    operation: str
    operands: tuple[Operand, ...]
    formula: str
    result: Decimal
    unit: str
    shown: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Documents give different values for one thing; a side is a figure and its citation."""

    about: str
    sides: tuple[tuple[Figure, int], ...]


class Status(StrEnum):
    """How an answer ended; set by code, never read from the model's words."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked answer. `text` carries markers like [1] that name `citations` by number.

    `asked` is the standalone form of the question. `notes` are short remarks to the reader ("No
    language model: quoted from the documents"). `nearest` are citations shown beside a not_found.
    """

    asked: str
    text: str
    status: Status
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    checks: tuple[Check, ...] = ()
    calculation: Calculation | None = None
    conflicts: tuple[Conflict, ...] = ()
    nearest: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    model: str | None = None
    notes: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)


# ---------------------------------------------------------------- what ask() yields


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The follow-up was rewritten to stand alone, or the question is asked in other words."""

    asked: str


@dataclass(frozen=True, slots=True)
class Searching:
    """The index is being searched; what was drafted before is not the answer."""


@dataclass(frozen=True, slots=True)
class Found:
    """Passages were retrieved; the model reads their best sentences next."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """More text of the draft; not yet checked."""

    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One claim of the draft has been checked."""

    claim: Claim


@dataclass(frozen=True, slots=True)
class Done:
    """The checked answer; always the last event."""

    answer: Answer


Event = Rewritten | Searching | Found | Delta | Checked | Done


@dataclass(frozen=True, slots=True)
class Overview:
    """What an open assistant has at hand. `model` is None without a language model; `notes` are
    remarks for the reader ("No language model: answers are quoted from the documents").
    """

    documents: int
    passages: int
    model: str | None = None
    notes: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
