"""Evidence → streamed draft → checked Answer: the strategies, and when each is used.

direct   the model answers in a sentence or two; verify checks it
quoted   no model, or one that fails: the best sentences themselves
nothing  neither: the documents do not say, with the nearest places
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass

from assistant import prompts, verify
from assistant.asked import Asked
from assistant.decide import Signals, answerable
from assistant.errors import ModelUnavailable
from assistant.evidence import is_order
from assistant.llm import LanguageModel
from assistant.sentences import sentence_spans
from assistant.types import Answer, Checked, Citation, Delta, Done, Event, Evidence, Hit, Status

MAX_TOKENS = 160
NOT_FOUND_TEXT = "The documents do not say."
NEAREST = 3
QUOTED = 2
SURE_REFUSAL = 0.85
"""Above this probability of a refusal the model is believed at once, which saves its writing."""


@dataclass(frozen=True, slots=True)
class Context:
    """What every strategy gets: the question, what was found for it, and the model if any."""

    asked: Asked
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    model: LanguageModel | None


def answer(context: Context) -> Generator[Event, None, None]:
    """Events of one answer, Done last. Falls back to quotation when the model fails."""
    if not context.evidence:
        yield Done(nothing(context))
        return
    if context.model is None:
        yield Done(quoted(context, "No language model: quoted from the documents."))
        return
    try:
        yield from direct(context, context.model)
    except ModelUnavailable as error:
        yield Done(quoted(context, f"{error.message}: quoted from the documents. {error.hint}"))


def direct(context: Context, model: LanguageModel) -> Generator[Event, None, None]:
    """The model drafts from numbered lines; the draft streams, and is then checked."""
    checked, signals = yield from drafted(context, model)
    if not checked.claims or not answerable(signals):
        yield Done(nothing(context))
        return
    for claim in checked.claims:
        yield Checked(claim)
    notes = ignored_orders(context)
    if checked.dropped:
        notes.append("A sentence of the draft was left out: its figures are not in the documents.")
    status = Status.PARTIAL if checked.dropped else Status.ANSWERED
    yield Done(_answer(context, checked, status, model.name, tuple(notes)))


def drafted(
    context: Context, model: LanguageModel
) -> Generator[Event, None, tuple[verify.Checked, Signals]]:
    """A draft, verified, with the signals that decide whether it may be shown."""
    messages = prompts.answer_messages(context.asked.text, context.evidence)
    draft, p_refusal = yield from _draft(model, messages)
    checked = verify.verify(context.asked.text, draft, context.evidence)
    return checked, Signals.of(context.asked, checked, context.evidence, p_refusal)


def quoted(context: Context, note: str) -> Answer:
    """The best sentences, character for character."""
    checked = verify.quote(context.evidence, QUOTED)
    return _answer(context, checked, Status.ANSWERED, None, (note,))


def ignored_orders(context: Context) -> list[str]:
    """A note that names the documents, among those found, which give orders to an assistant."""
    odd = dict.fromkeys(
        hit.passage.source.id
        for hit in context.hits
        for span in sentence_spans(hit.passage.text)
        if is_order(span.of(hit.passage.text))
    )
    return [f"Orders inside {', '.join(odd)} were ignored: documents are read as data."] * bool(odd)


def nothing(context: Context) -> Answer:
    """The documents do not say; the nearest places are shown beside it."""
    nearest = tuple(
        Citation(number, item.passage, item.span, item.text)
        for number, item in enumerate(context.evidence[:NEAREST], start=1)
    )
    return Answer(
        asked=context.asked.text,
        text=NOT_FOUND_TEXT,
        status=Status.NOT_FOUND,
        nearest=nearest,
        hits=context.hits,
        evidence=context.evidence,
        model=context.model.name if context.model else None,
    )


def _draft(
    model: LanguageModel, messages: Sequence[prompts.Message]
) -> Generator[Event, None, tuple[str, float]]:
    """Stream a draft; returns its text and the probability that it had begun as a refusal."""
    text = ""
    p_refusal = 0.0
    first = prompts.NOT_FOUND.split()[0]
    tokens = model.stream(messages, max_tokens=MAX_TOKENS, top_logprobs=10, banned=(first,))
    with closing(tokens):
        for token in tokens:
            if not text:
                p_refusal = sum(
                    math.exp(logprob)
                    for word, logprob in token.top.items()
                    if word.strip() == first
                )
                if p_refusal > SURE_REFUSAL:
                    return "", p_refusal
            text += token.text
            yield Delta(token.text)
    if text.strip().lower().startswith(prompts.NOT_FOUND.lower().rstrip(".")):
        return "", 1.0  # a model at an endpoint can refuse in words: nothing was banned there
    return text, p_refusal


def _answer(
    context: Context,
    checked: verify.Checked,
    status: Status,
    model: str | None,
    notes: tuple[str, ...],
) -> Answer:
    return Answer(
        asked=context.asked.text,
        text=checked.text,
        status=status,
        claims=checked.claims,
        citations=checked.citations,
        checks=checked.checks,
        hits=context.hits,
        evidence=context.evidence,
        model=model,
        notes=notes,
    )
