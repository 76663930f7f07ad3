"""One person's conversation, and the line in front of the one engine. Knows HTML, not Gradio.

The engine runs in a thread of its own, so that Stop, the seconds and the place in the line are
shown while it is busy; it is free for the next question only when that thread has let go.
"""

from __future__ import annotations

import logging
import queue
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from assistant import render_html
from assistant.errors import FootnoteError
from assistant.render import STATUS_WORDS
from assistant.types import (
    Checked,
    Delta,
    Done,
    Event,
    Filters,
    Found,
    Hit,
    Overview,
    Question,
    Rewritten,
    Searching,
    Turn,
)

TICK_SECONDS = 0.1
"""Time between two frames shown; a person does not see more, and the page redraws each."""

LONGEST_LINE = 8
"""Questions that may wait or run at once; at some 8 s each the last waits about a minute."""

REMEMBERED_TURNS = 20

NO_FILTERS = Filters()

log = logging.getLogger(__name__)


class Engine(Protocol):
    """What the chat needs of the assistant; `pipeline.Assistant`, or a scripted one in tests."""

    def ask(self, question: Question) -> Iterator[Event]:
        """Typed events, the last one Done; raises FootnoteError."""

    def examples(self) -> list[str]:
        """Questions that the documents answer."""

    def overview(self) -> Overview:
        """What is at hand."""

    def close(self) -> None:
        """Lets go of models and index."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """`ahead` questions of other people come first."""

    ahead: int


@dataclass(frozen=True, slots=True)
class Tick:
    """Nothing new; time has passed."""


class Line:
    """First come, first served: one question at a time reaches the engine."""

    def __init__(self, engine: Engine, longest: int = LONGEST_LINE) -> None:
        self.engine = engine
        self.documents = engine.overview().documents
        self._longest = longest
        self._tickets: deque[object] = deque()
        self._lock = threading.Lock()

    def ask(self, question: Question, stop: threading.Event) -> Iterator[Event | Waiting | Tick]:
        """The engine's events, with Waiting and Tick between them; ends early once `stop` is set.

        Raises what the engine raises, and FootnoteError when the line is full.
        """
        ticket = self._join()
        events: queue.Queue[Event | Exception | None] = queue.Queue()
        worker = threading.Thread(
            target=self._work, args=(question, stop, events, ticket), daemon=True
        )
        try:
            while ahead := self._ahead(ticket):
                yield Waiting(ahead)
                if stop.wait(TICK_SECONDS):
                    return
            worker.start()
            while not stop.is_set():
                try:
                    event = events.get(timeout=TICK_SECONDS)
                except queue.Empty:
                    yield Tick()
                    continue
                if event is None:
                    return
                if isinstance(event, Exception):
                    raise event
                yield event
        finally:
            stop.set()
            if worker.ident is None:
                self._leave(ticket)

    def _work(
        self,
        question: Question,
        stop: threading.Event,
        events: queue.Queue[Event | Exception | None],
        ticket: object,
    ) -> None:
        try:
            answering = self.engine.ask(question)
            try:
                for event in answering:
                    if stop.is_set():
                        break
                    events.put(event)
            finally:
                # A generator: closing it is what stops the model.
                close = getattr(answering, "close", None)
                if close is not None:
                    close()
        except Exception as error:
            events.put(error)
        finally:
            self._leave(ticket)
            events.put(None)

    def _join(self) -> object:
        ticket = object()
        with self._lock:
            if len(self._tickets) >= self._longest:
                raise FootnoteError(
                    "Too many people are asking at the moment.",
                    "Your question is still in the box: send it again in a minute.",
                )
            self._tickets.append(ticket)
        return ticket

    def _ahead(self, ticket: object) -> int:
        with self._lock:
            return self._tickets.index(ticket)

    def _leave(self, ticket: object) -> None:
        with self._lock:
            self._tickets.remove(ticket)


@dataclass(slots=True, eq=False)
class Chat:
    """One person's conversation: `past` and `live` are HTML, `history` is what the engine gets.

    `unsent` is a question that got no answer and belongs back into the box; `left` says that a new
    chat has taken this one's place on the page; `news` is what a screen reader hears.
    """

    past: str = ""
    live: str = ""
    history: list[Turn] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    unsent: str = ""
    news: str = ""
    number: int = 0
    left: bool = False

    def ask(self, line: Line, text: str, filters: Filters = NO_FILTERS) -> Iterator[None]:
        """Asks and keeps `live` up to date; yields whenever it is worth showing. Never raises
        because of the engine: whatever happens is told in the conversation.
        """
        if self.live:
            self.past += self.live
        self.number += 1
        self.unsent, self.news = "", ""
        self.stop = threading.Event()
        stop = self.stop
        message_id = f"m{self.number}"
        progress = _Progress(line.documents)

        def show(body: str, aside: str = "") -> None:
            self.live = render_html.turn(text, body, aside, message_id)

        try:
            show(progress.body(), "")
            yield
            shown_at = time.monotonic()
            question = Question(text.strip(), tuple(self.history), filters)
            for event in line.ask(question, stop):
                if isinstance(event, Done):
                    answer = event.answer
                    show(
                        render_html.html(answer, message_id, text),
                        render_html.source_cards(answer, message_id),
                    )
                    self.history.append(Turn(answer.asked, answer.text))
                    del self.history[:-REMEMBERED_TURNS]
                    self.news = f"{STATUS_WORDS[answer.status]}. {answer.text}"
                    yield
                    return
                progress.take(event)
                if time.monotonic() - shown_at >= TICK_SECONDS:
                    show(progress.body(), render_html.reading(progress.hits))
                    shown_at = time.monotonic()
                    yield
            show(render_html.stopped(progress.draft))
            self.news = "Stopped."
        except FootnoteError as error:
            self._tell(show, text, error.message, error.hint)
        except Exception:
            number = secrets.token_hex(4)
            log.exception("internal error %s", number)
            self._tell(
                show,
                text,
                f"Internal error, see log {number}.",
                "The conversation is kept; you can ask again.",
            )
        finally:
            stop.set()
        yield

    def _tell(self, show: Callable[[str], None], text: str, message: str, hint: str) -> None:
        show(render_html.problem(message, hint))
        self.unsent = text
        self.news = f"{message} {hint}"


class _Progress:
    """What to say while the engine works."""

    def __init__(self, documents: int) -> None:
        self.documents = documents
        self.draft = ""
        self.hits: Sequence[Hit] = ()
        self._asked: str | None = None
        self._stage = "Starting…"
        self._started = time.monotonic()

    def take(self, event: Event | Waiting | Tick) -> None:
        """Takes one event into account."""
        match event:
            case Waiting(ahead):
                others = "1 question" if ahead == 1 else f"{ahead} questions"
                self._stage = f"Waiting: {others} ahead of yours…"
            case Rewritten(asked):
                self._asked = asked
            case Searching():
                self.draft = ""  # of what was drafted before nothing may be shown
                self._stage = f"Searching {_count(self.documents, 'document')}…"
            case Found(hits):
                self.hits = hits
                self._stage = f"Reading {_count(len(hits), 'passage')}…"
            case Delta(text):
                self.draft += text
                self._stage = "Writing a draft…"
            case Checked():
                self._stage = "Checking figures…"

    def body(self) -> str:
        """The answer column so far."""
        seconds = time.monotonic() - self._started
        return render_html.working(self._stage, seconds, self._asked, self.draft)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
