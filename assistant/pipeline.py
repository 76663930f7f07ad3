"""The two straight paths, called in order: start reading here.

file     → Document → Passages → index generation            read · split · index
Question → Hits → Evidence → draft → checked Answer          retrieve · evidence · answer · verify

A question that nothing answers takes the second path once more, in plain words    paraphrase
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import models, spelling
from assistant.aliases import aliases, spelled_out
from assistant.answer import answer
from assistant.asked import Asked, read_question
from assistant.chinese import is_foreign, mended
from assistant.embedded_once import EmbeddedOnce
from assistant.errors import ModelUnavailable, QuestionError
from assistant.evidence import PART_KIND_BONUS, lines_of, rank, rows_of_period
from assistant.examples import examples
from assistant.fitting import label_words
from assistant.followup import keeps, placed, several, standalone, strays, with_names
from assistant.generations import SCHEMA
from assistant.index import Index, current_generation, open_index
from assistant.llm import LanguageModel, embedded, endpoint
from assistant.named_rows import asks_total, is_sum
from assistant.outcome import NOT_FOUND_TEXT, Context, together
from assistant.paraphrase import lost_part, paraphrased
from assistant.periods import with_labels
from assistant.phrasing import asking, questions
from assistant.prompts import (
    EXAMPLE_NAMES,
    fixed_messages,
    judge_examples,
    paraphrase_messages,
    rewrite_messages,
)
from assistant.pronouns import asks_of_answer, pointed
from assistant.ranking import asks_rank
from assistant.retrieve import Retriever, narrowed
from assistant.scope import Edition, families, named_sources, of_right_edition
from assistant.settings import Settings
from assistant.subject import subject
from assistant.sync import sync
from assistant.types import (
    Answer,
    Delta,
    Done,
    Embedder,
    Event,
    Evidence,
    Filters,
    Found,
    Hit,
    Overview,
    PassageKind,
    Question,
    Recipe,
    Rewritten,
    Searching,
    Status,
    SyncProgress,
    SyncReport,
    Turn,
)
from assistant.whose import names_in

if TYPE_CHECKING:
    from assistant.embedder import SentenceEmbedder

HITS = 12
# For a part of a computed answer more is looked through: code, not the model, reads these lines.
PART_HITS = 30
PART_LINES = 12
PART_CHARACTERS = 4000
CALLED = 24
"""Table rows that are looked through because the question says their label."""
MOST_EDITIONS = 4
"""So many editions of one document are looked through for what the right one says."""
MAX_QUESTION_CHARACTERS = 2000
SAMPLED, SAMPLED_PASSAGES = 40, 12
"""Documents, and passages of each, that are looked through for whom they are about."""


class Assistant:
    """Answers questions from one folder. Models load once; close it after use."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.notes: tuple[str, ...] = ()
        self._embedder: SentenceEmbedder | None = None
        self._model: LanguageModel | None = None
        self._model_tried = False
        self._index: Index | None = None
        self._about = ("", "")
        self._short_names: tuple[str, Mapping[str, str]] = ("", {})
        self._editions: tuple[str, Mapping[str, tuple[Edition, ...]]] = ("", {})
        self._lock = threading.RLock()

    def sync(
        self,
        *,
        rebuild: bool = False,
        on_progress: Callable[[SyncProgress], None] | None = None,
    ) -> SyncReport:
        """Bring the index up to date with the corpus folder."""
        return sync(
            self.settings.corpus,
            self.settings.index,
            self._recipe(),
            lambda: self.embedder,
            rebuild=rebuild,
            on_progress=on_progress,
        )

    def ask(self, question: Question) -> Generator[Event, None, None]:
        """Events of one answer, `Done` last. Closing the generator stops the model."""
        _check(question.text)
        started = time.perf_counter()
        wholes = self._wholes(question)
        asked = " ".join(wholes)
        if asked.lower() != " ".join(question.text.lower().split()):
            yield Rewritten(asked)  # names in capitals need not be shown
        yield Searching()
        searched = time.perf_counter()
        retrieving = 0.0
        first: float | None = None
        answers: list[Answer] = []
        embedder = EmbeddedOnce(self.embedder)
        for wanted in (
            one for whole in wholes for one in questions(read_question(whole), asks_of_answer)
        ):
            began = time.perf_counter()
            if answers and asks_of_answer(wanted.text, answers[-1].asked):
                whole = pointed(wanted.text, answers[-1].asked, answers[-1].text)
                wanted = read_question(whole or with_names(wanted.text, answers[-1].asked))
            for event in self._answered(wanted, question.filters, embedder):
                if isinstance(event, Delta) and first is None:
                    first = time.perf_counter() - started
                if isinstance(event, Found):
                    retrieving += time.perf_counter() - began
                if isinstance(event, Done):
                    answers.append(event.answer)
                else:
                    yield event
                began = time.perf_counter()
        total = time.perf_counter() - started
        seconds = {
            "rewrite": searched - started,
            "retrieve": retrieving,
            "first_token": total if first is None else first,
            "total": total,
        }
        if self._model is not None:
            self._model.rewind()  # the same question gets the same answer, whatever came before
        yield Done(replace(together(asked, answers), seconds=seconds))

    def _answered(
        self, wanted: Asked, filters: Filters, embedder: Embedder
    ) -> Generator[Event, None, None]:
        """Events of the answer to one question; where there is none, it is asked in other words too."""
        context = self._context(wanted, filters, embedder)
        yield Found(context.hits)
        found = yield from _until_done(answer(context))
        if found.text == NOT_FOUND_TEXT and (other := self._paraphrased(context)):
            yield Rewritten(other.text)
            yield Searching()
            again = replace(self._context(other, filters, embedder), put=context.judged)
            yield Found(again.hits)
            second = yield from _until_done(answer(again))
            if second.status in (Status.ANSWERED, Status.CONFLICT):
                found = second
        yield Done(found)

    def _paraphrased(self, context: Context) -> Asked | None:
        """The question in other words; None where the model changed it or lost a part of a company."""
        if context.model is None:
            return None
        try:
            other = paraphrased(context.asked, context.model)
        except ModelUnavailable:
            return None
        lost = lost_part(context.asked, other) if other else None
        return None if lost and self.index.tells(lost) else other

    def search(self, text: str, filters: Filters = Filters(), k: int = HITS) -> tuple[Hit, ...]:
        """The best passages for a query, without a language model."""
        _check(text)
        return self._hits(text, filters, self.embedder, k)

    def overview(self) -> Overview:
        """Counts and remarks for the first screen; opens the index and both models."""
        index, model = self.index, self.model
        self.embedder  # noqa: B018 - loaded now, or the first question would wait for it
        self._aliases  # noqa: B018
        index.rows_called(frozenset(), 1)
        if model is not None:
            try:
                model.warm()
            except ModelUnavailable as error:
                self.notes = (f"{error.message} ({error.hint})",)
        return Overview(len(index.sources), index.count, model.name if model else None, self.notes)

    def examples(self) -> list[str]:
        """A few questions that the folder's documents ask themselves."""
        index = self.index
        return examples(p for s in index.sources for p in index.passages_of(s.id))

    @property
    def index(self) -> Index:
        """The current generation; reopened when a sync has moved the pointer."""
        with self._lock:
            if self._index is None or self._index.generation != current_generation(
                self.settings.index
            ):
                fresh, old = open_index(self.settings.index), self._index
                self._index = fresh
                if old is not None:
                    old.close()
            return self._index

    @property
    def embedder(self) -> SentenceEmbedder:
        """The embedder, loaded on first use."""
        with self._lock:
            if self._embedder is None:
                from assistant.embedder import load_embedder  # imports torch: seconds

                folder, name = self._embedder_folder()
                self._embedder = load_embedder(folder, name=name, threads=self.settings.threads)
            return self._embedder

    @property
    def model(self) -> LanguageModel | None:
        """The language model, loaded on first use; None when it cannot be had."""
        with self._lock:
            if not self._model_tried:
                self._model_tried = True
                try:
                    self._model = open_model(self.settings)
                    if self._model is not None:
                        self._model.expect(
                            fixed_messages(), judge_examples(), paraphrase_messages("")[:-1]
                        )
                except ModelUnavailable as error:
                    self.notes = (f"{error.message} ({error.hint})",)
            return self._model

    def close(self) -> None:
        """Give back the model's memory and the index's files."""
        with self._lock:
            if self._model is not None:
                self._model.close()
            if self._index is not None:
                self._index.close()
            self._model = self._index = self._embedder = None
            self._model_tried = False

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _hits(self, text: str, filters: Filters, embedder: Embedder, k: int) -> tuple[Hit, ...]:
        retriever = Retriever(self.index, embedder, k=k, filters=filters)
        return tuple(retriever.hits(with_labels(text)))

    def _context(self, wanted: Asked, filters: Filters, embedder: Embedder) -> Context:
        """What was found for one question, and a way to look its parts up."""

        def ranked(text: str) -> tuple[Evidence, ...]:
            part = read_question(text)
            hits = self._found(part, filters, embedder, PART_HITS)
            best = rank(
                part,
                hits,
                embedder,
                limit=PART_LINES,
                characters=PART_CHARACTERS,
                subject=subject_,
                kind_bonus=PART_KIND_BONUS,
            )
            rows = rows_of_period(part, hits)
            if part.wants_figure or not part.kinds:
                called = self.index.rows_called(label_words(part), CALLED, filters)
                rows += tuple(line for passage in called for line in lines_of(passage))
            if asks_rank(wanted):  # a row of each table found, however its own figures rank
                rows += tuple(
                    line
                    for hit in hits
                    if hit.passage.kind is PassageKind.TABLE_ROW
                    for line in lines_of(hit.passage)
                )
            if asks_total(part):  # a row "Total" tells no word of what it sums
                sums = (row for table in self._tables(best + rows) for row in table if is_sum(row))
                rows += tuple(sums)
            return best + rows

        @cache
        def lines(text: str) -> tuple[Evidence, ...]:
            found = ranked(text)
            if subject_ in names_in(text):  # its own tables seldom name it
                found += ranked(_without(subject_, text))
            return tuple({(e.passage.id, e.span.start): e for e in found}.values())

        subject_ = self._subject
        if not filters.sources:
            rest, named_ids = named_sources(wanted.text, self.index.sources)
            wanted, filters = read_question(rest), replace(filters, sources=named_ids)
        named = names_in(wanted.text)
        if subject_ not in named:  # beside the folder's own company any document may tell of it
            filters = narrowed(self.index, named, filters)
        hits = self._found(wanted, filters, embedder, HITS)
        evidence = rank(wanted, hits, embedder, limit=self.settings.evidence, subject=subject_)
        found = Context(wanted, hits, evidence, self.model, lines, subject_, self._tables)
        return replace(found, why_no_model=" ".join(self.notes)) if self.notes else found

    def _found(self, asked: Asked, filters: Filters, embedder: Embedder, k: int) -> tuple[Hit, ...]:
        """The k best hits, of several editions of a document those of the one that is asked for."""
        index = self.index
        if self._editions[0] != index.generation:
            openings = [index.opening(s.id) for s in index.sources]
            self._editions = (index.generation, families(openings))
        editions = self._editions[1]
        most = max((len(group) for group in editions.values()), default=1)
        hits = self._hits(asked.text, filters, embedder, k * min(most, MOST_EDITIONS))
        return of_right_edition(asked, hits, editions, index.passages_of)[:k]

    def _tables(self, lines: Sequence[Evidence]) -> list[list[Evidence]]:
        """The whole tables that some of the lines are rows of."""
        found: dict[tuple[object, ...], list[Evidence]] = {}
        for line in lines:
            mine = line.passage
            key = (mine.source.id, mine.headings, mine.context)
            if mine.kind is PassageKind.TABLE_ROW and key not in found:
                found[key] = [
                    row
                    for other in self.index.passages_of(mine.source.id)
                    if other.kind is PassageKind.TABLE_ROW
                    and (other.headings, other.context) == (mine.headings, mine.context)
                    for row in lines_of(other)
                ]
        return list(found.values())

    @property
    def _aliases(self) -> Mapping[str, str]:
        """The short names that the documents define; read once for each generation."""
        index = self.index
        if self._short_names[0] != index.generation:
            every = (p.text for s in index.sources for p in index.passages_of(s.id))
            self._short_names = (index.generation, aliases(every))
        return self._short_names[1]

    @property
    def _subject(self) -> str:
        """Whom the documents are about, from a sample of them; read once for each generation."""
        index = self.index
        if self._about[0] != index.generation:
            step = max(1, len(index.sources) // SAMPLED)
            sample = [
                "\n".join(p.text for p in index.passages_of(source.id)[:SAMPLED_PASSAGES])
                for source in index.sources[::step]
            ]
            self._about = (index.generation, subject(sample))
        return self._about[1]

    def _wholes(self, question: Question) -> list[str]:
        """The question, or each of several in one message, as it can be searched for."""
        history = question.history
        wholes: list[str] = []
        for piece in several(" ".join(question.text.split())):
            wholes.append(self._standalone(replace(question, text=piece, history=history)))
            history = (*history, Turn(wholes[-1], ""))
        return wholes

    def _standalone(self, question: Question) -> str:
        """The question as it can be searched for; follow-ups and other languages are rewritten."""
        asked = asking(self._cased(" ".join(question.text.split())))
        asked = spelled_out(asked, self._aliases, self.index.count_of)
        asked = spelling.mended(asked, self._knows, lambda: self.index.words)
        earlier = [turn.question for turn in question.history]
        if earlier and (whole := self._of_answer(asked, question) or standalone(asked, earlier)):
            asked, earlier = whole, []
        if not earlier and not is_foreign(asked):
            return asked
        if earlier:
            asked = placed(asked, earlier[-1])
        model = self.model
        if model is None:
            return with_names(asked, earlier[-1]) if earlier else asked
        try:
            said = model.complete(rewrite_messages(asked, earlier), max_tokens=80)
        except ModelUnavailable:
            return asked
        said = _first_line(said) or asked
        if is_foreign(asked):
            return mended(said, asked, EXAMPLE_NAMES)
        if strays(said, asked, earlier[-1]):
            return asked  # a new topic stays clear of the old one
        return said if keeps(said, asked, earlier[-1]) else with_names(asked, earlier[-1])

    def _cased(self, text: str) -> str:
        """The question with "nio", "Xpeng", "li auto" and "xiaomis" as the documents write the names."""
        names = self.index.names
        for low in names:
            if " " in low and low in text:
                text = re.sub(rf"(?<![\w&’'.-]){re.escape(low)}(?![\w&-])", names[low], text)

        def written(said: re.Match[str]) -> str:
            low = said[0].lower()
            if low in names or not low.endswith("s") or low[:-1] not in names:
                return names.get(low, said[0])
            return said[0] if low in self.index.words else f"{names[low[:-1]]}'s"

        return _WORD.sub(written, text)

    def _of_answer(self, asked: str, question: Question) -> str | None:
        """The follow-up with the name that the last answer gives for its pronoun.

        Where only the questions of a conversation are known, the last one is answered again.
        """
        *before, last = question.history
        previous = standalone(last.question, [t.question for t in before]) or last.question
        if not asks_of_answer(asked, previous):
            return None
        said = last.answer
        if not said:
            done = [
                e for e in self.ask(Question(previous, (), question.filters)) if isinstance(e, Done)
            ]
            said = done[-1].answer.text if done and done[-1].answer.citations else ""
        return pointed(asked, previous, said)

    def _knows(self, word: str) -> bool:
        """True for a word of the documents, and for one that the embedder reads in one piece."""
        if self.index.knows(word):
            return True
        one, shortest = self.embedder.token_counts([word, "the"])
        return one == shortest

    def _embedder_folder(self) -> tuple[Path, str]:
        if self.settings.embedder:
            folder = Path(self.settings.embedder)
            return folder, folder.name
        return models.locate(models.EMBEDDER, self.settings.cache), models.EMBEDDER.name

    def _recipe(self) -> Recipe:
        folder, name = self._embedder_folder()
        return Recipe(SCHEMA, name, models.embedder_sha256(folder), self.settings.passage_tokens)


def open_assistant(settings: Settings) -> Assistant:
    """An assistant over the folders and models of `settings`; loads nothing yet."""
    return Assistant(settings)


def open_model(settings: Settings) -> LanguageModel | None:
    """The language model the settings name; None for llm = none. Raises ModelUnavailable."""
    if settings.llm == "none":
        return None
    if settings.llm == "endpoint":
        return endpoint(
            settings.llm_url,
            settings.llm_name,
            settings.llm_api_key.get_secret_value(),
            context_tokens=settings.llm_context_tokens,
            timeout_seconds=settings.llm_timeout_seconds,
        )
    gguf = settings.llm_file
    if gguf is None:
        folder = models.locate(models.LANGUAGE_MODEL, settings.cache)
        gguf = folder / models.LANGUAGE_MODEL.files[0].name
    return embedded(
        gguf,
        threads=settings.threads,
        context_tokens=settings.llm_context_tokens,
        timeout_seconds=settings.llm_timeout_seconds,
    )


def _until_done(events: Generator[Event, None, None]) -> Generator[Event, None, Answer]:
    """The events but the last, whose answer is returned."""
    for event in events:
        if isinstance(event, Done):
            return event.answer
        yield event
    raise AssertionError("no answer came")  # pragma: no cover - every strategy ends with one


def _without(name: str, text: str) -> str:
    """The text without a name: "Orsa's revenue" as "revenue"."""
    return " ".join(re.sub(rf"\b{re.escape(name)}\b(?:['’]s\b)?", " ", text).split())


def _first_line(text: str) -> str:
    line = text.strip().splitlines()[0].strip() if text.strip() else ""
    return line.removeprefix("Last:").strip()[:MAX_QUESTION_CHARACTERS]


def _check(text: str) -> None:
    if not any(c.isalnum() for c in text):
        raise QuestionError("the question is empty", "type a question about the documents")
    if len(text) > MAX_QUESTION_CHARACTERS:
        raise QuestionError(
            f"the question has {len(text):,} characters; at most {MAX_QUESTION_CHARACTERS:,} "
            "can be searched for",
            "shorten it, or put the long text into a document of the corpus folder",
        )


__all__ = ["Assistant", "open_assistant", "open_model"]

# A word that may be a name, whatever letters it is typed in.
_WORD = re.compile(r"(?<![\w&’'.-])[A-Za-z]{3,}(?![\w&-]|[’'](?!s\b))")
