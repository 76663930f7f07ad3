"""What the language model does for an answer: a draft that streams, and its judgement of a place."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace

from assistant import lookup, prompts, verify
from assistant.choice import Choice
from assistant.decide import Signals, cited_by
from assistant.figures import same_value
from assistant.judge import p_yes
from assistant.llm import LanguageModel
from assistant.outcome import Context
from assistant.own_words import with_recipient
from assistant.times import TIME_UNITS
from assistant.types import (
    Delta,
    Event,
)

MAX_TOKENS = 160
SURE = 0.9
"""Probability of the judge's yes that a figure found by code alone needs."""
SURE_OF_CELL = 0.7
"""The same for a table cell, whose column and row say exactly what it is."""
SURE_OF_SEVERAL = 0.5
"""The same for a value that several places give, none of the best told another."""
WHOLLY_TOLD = 0.95
"""Share of the question that such a value's place tells where the judge is not even asked."""
SURE_OF_WHOLLY = 0.4
"""The same for a value of one place that tells all of the question. Of 62 figures found so in six sets one
was wrong, one side of a dispute; the judge's yes for the right ones went down to 0.4, of cells to 0.1."""
SURE_OF_DATE = 0.7
"""The same for a date: of 22 the judge gave the right ones 0.75 to 1.0, but for one that it gave 0.4."""
SURE_OF_PUT = 0.7
"""The same for what is found for the question in other words."""
SURE_REFUSAL = 0.85
"""Above this probability of a refusal the model is believed at once, which saves its writing."""


def drafted(
    context: Context, model: LanguageModel
) -> Generator[Event, None, tuple[verify.Checked, Signals]]:
    """A draft, verified, with the signals that decide whether it may be shown."""
    messages = prompts.answer_messages(context.asked.text, context.evidence)
    draft, p_refusal = yield from _draft(model, messages)
    written = verify.verify(context.asked.text, draft, context.evidence)
    checked = with_recipient(context.asked, written, context.evidence)
    signals = Signals.of(
        context.asked, checked, context.evidence, p_refusal, subject=context.subject
    )
    if checked is not written:
        signals = replace(signals, thing=True)  # the place says in so many words who got it
    if checked.claims and signals.fits and signals.on_period:
        claims = " ".join(claim.text for claim in checked.claims)
        cited = cited_by(checked, context.evidence)
        signals = replace(signals, p_yes=p_yes(context.judged, cited, claims, model))
    return checked, signals


def reworded(
    context: Context, choice: Choice, model: LanguageModel
) -> Generator[Event, None, verify.Checked | None]:
    """The line's sentence as an answer to the question; None where the wording loses the figure."""
    line = replace(choice.evidence, number=1)
    messages = prompts.answer_messages(context.asked.text, [line])
    draft, _ = yield from _draft(model, messages, refusals=False)
    checked = verify.verify(context.asked.text, draft, [line])
    holds = any(same_value(check.figure, choice.figure) for check in checked.checks)
    return checked if holds and not checked.dropped else None


def is_believed(context: Context, found: lookup.Found, model: LanguageModel) -> bool:
    """True when the judge is sure; a value of several places that tell all of it needs no judge.

    What was found for a question in other words is always judged.
    """
    if context.put:
        return is_sure(context, found.choice, model, least=SURE_OF_PUT)
    if found.several and found.told >= WHOLLY_TOLD:
        return True
    if found.several:
        return is_sure(context, found.choice, model, least=SURE_OF_SEVERAL)
    if found.told < WHOLLY_TOLD:
        return is_sure(context, found.choice, model)
    if found.choice.cell and found.told >= 1:
        return True  # its column and row say all that is asked: the judge knows no better
    of_time = found.choice.figure.unit in TIME_UNITS
    least = SURE_OF_DATE if of_time else SURE_OF_WHOLLY
    return is_sure(context, found.choice, model, least=least)


def is_sure(
    context: Context, choice: Choice, model: LanguageModel, *, least: float | None = None
) -> bool:
    """True when the model as a judge finds the figure's place to answer the question."""
    if least is None:
        least = SURE_OF_CELL if choice.cell else SURE
    said = lookup.said(choice)
    return p_yes(context.judged, [choice.evidence], said, model) >= least


def _draft(
    model: LanguageModel, messages: Sequence[prompts.Message], *, refusals: bool = True
) -> Generator[Event, None, tuple[str, float]]:
    """Stream a draft; returns its text and the probability that it had begun as a refusal.

    With `refusals` a likely one ends it at once.
    """
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
                if refusals and p_refusal > SURE_REFUSAL:
                    return "", p_refusal
            text += token.text
            yield Delta(token.text)
    if text.strip().lower().startswith(prompts.NOT_FOUND.lower().rstrip(".")):
        return "", 1.0  # a model at an endpoint can refuse in words: nothing was banned there
    return text, p_refusal
