"""Evidence → streamed draft → checked Answer: the strategies, and when each is used.

confirmed the question states a value: held against the one that code finds
looked_up code finds the one figure or date asked for, and the model as a judge is sure of it
by_period no period is asked for and documents tell of several: the newest, and the newest year
direct    the model answers in a sentence or two; verify checks it
disputed  places give different values for one thing: each is shown with its source and date
in_order  the most or least of a table is asked for: code ranks its figures
overview  the results of one period are asked for: its key figures, each looked up by code
computed  the question names several figures: code looks each up and computes
borne_on  a question why or whether: the lines that tell all of it, as they stand
quoted    no model, or one that fails: the best sentences themselves
refused   advice or a prediction is asked for
unclear   "And in Q3?" with no question before it: one short question back
nothing   none of these: the documents do not say, with the nearest places
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from assistant import conflicts, open_questions, verify
from assistant.asked import wants_advice, wants_obedience
from assistant.computed import computed, gives, of_all_periods
from assistant.decide import Signals, answerable, cited_by
from assistant.disputes import sides_of
from assistant.drafting import drafted
from assistant.errors import ModelUnavailable
from assistant.followup import is_fragment
from assistant.found import borne_on, by_period, confirmed, key_figures, looked_up, open_first
from assistant.in_order import in_order
from assistant.llm import LanguageModel
from assistant.on_time import tells_period
from assistant.operations import GATHERING
from assistant.outcome import (
    NO_ORDERS,
    Context,
    disputed,
    ignored_orders,
    nothing,
    of_claims,
    quoted,
    refused,
    unclear,
    widely,
    with_hits,
)
from assistant.own_words import grounds, in_own_words
from assistant.parts import plan, remainder
from assistant.plans import Plan
from assistant.stated import stated
from assistant.types import Answer, Checked, Done, Event, Searching, Status

PLANNED_TOLD = 0.75
"""Share of the telling words that the places of a direct answer tell at least where a result is computed."""
STRUCK_REFUSAL = 0.5
"""With more doubt of the model than this a failed draft is not tried again without the lines it cites."""


def answer(context: Context) -> Generator[Event, None, None]:
    """Events of one answer, Done last. Falls back to quotation when the model fails."""
    if wants_advice(context.asked.text):
        yield Done(refused(context))
        return
    if wants_obedience(context.asked.text):
        yield Done(refused(context, NO_ORDERS))
        return
    if is_fragment(context.asked.text):
        yield Done(unclear(context))
        return
    if not context.evidence:
        yield Done(nothing(context))
        return
    if context.model is None:
        yield Done(quoted(context, f"{context.why_no_model}: quoted from the documents."))
        return
    try:
        yield Done((yield from _by_strategy(context, context.model)))
    except ModelUnavailable as error:
        yield Done(quoted(context, f"{error.message}: quoted from the documents. {error.hint}"))


def _by_strategy(context: Context, model: LanguageModel) -> Generator[Event, None, Answer]:
    """Computed first where the question names all its parts; else only if no place states it."""
    if found := (yield from in_order(context, model)):
        return found
    if found := key_figures(context, model):
        return found
    planned = plan(context.asked)
    compares = planned is not None and planned.operation == "compare"
    if not compares:
        wide = widely(context) if conflicts.offers(context.asked) else ()
        sides = conflicts.offered(context.asked, wide) or conflicts.offered_times(
            context.asked, wide
        )
        if sides:
            return disputed(context, sides, model.name)
    if (claim := stated(context.asked)) and (
        found := (yield from confirmed(context, claim, model))
    ):
        return found
    reason = ""
    if planned is not None and planned.explicit:
        answer = computed(context.asked, planned, context.search, model, context.subject)
        if isinstance(answer, Answer):
            return with_hits(context, answer)
        reason = answer
    # A document may print a margin or a growth itself: better than one of rounded figures.
    plain = planned is None or planned.operation in ("share", "growth", "cagr", "per")
    if plain and (found := (yield from looked_up(context, model))):
        return found
    printed = planned is None or planned.operation == "share"
    if printed and (found := by_period(context, model)):
        return found
    if planned is not None and not planned.explicit:
        answer = computed(context.asked, planned, context.search, model, context.subject)
        if isinstance(answer, Answer):
            return with_hits(context, answer)
        reason = answer
    if planned is None and (found := open_first(context, model)):
        return found
    direct_answer = yield from direct(context, model, planned)
    if direct_answer.status is Status.NOT_FOUND and (found := borne_on(context, model, near=True)):
        return found
    left = remainder(context.asked) if planned is None else None
    if left is not None and direct_answer.status is Status.NOT_FOUND:
        answer = computed(context.asked, left, context.search, model, context.subject)
        if isinstance(answer, Answer):
            return with_hits(context, answer)
    if planned is None or direct_answer.status is Status.CONFLICT:
        return direct_answer
    if direct_answer.status is not Status.NOT_FOUND:
        fits = gives(planned.operation, direct_answer)
        if not planned.explicit or (fits and of_all_periods(context.asked, direct_answer)):
            return direct_answer
        direct_answer = nothing(context)
    return replace(direct_answer, notes=(f"Not computed: {reason}.",))


def direct(
    context: Context, model: LanguageModel, planned: Plan | None = None
) -> Generator[Event, None, Answer]:
    """The model drafts from numbered lines; the draft streams, and is then checked.

    What is to be computed by the plan is seldom what one line states.
    """
    checked, signals = yield from drafted(context, model)
    answered = _may_show(checked, signals, planned)
    if not answered and (left := _struck(context, checked, signals)):
        yield Searching()
        again, signals = yield from drafted(left, model)
        if _may_show(again, signals, planned):
            context, checked, answered = left, again, True
    sides = sides_of(context, checked if answered else None)
    if sides:
        return disputed(context, sides, model.name)
    if not answered:
        return nothing(context)
    checked = in_own_words(context.asked, checked, context.evidence)
    if open_questions.is_yes_or_no(context.asked):
        checked = grounds(context.asked, checked, context.evidence)
    if not checked.claims:
        return nothing(context)
    for claim in checked.claims:
        yield Checked(claim)
    notes = ignored_orders(context)
    if checked.dropped:
        notes.append("A sentence of the draft was left out: its figures are not in the documents.")
    status = Status.PARTIAL if checked.dropped else Status.ANSWERED
    return of_claims(context, checked, status, model.name, tuple(notes))


def _may_show(checked: verify.Checked, signals: Signals, planned: Plan | None) -> bool:
    """True for a draft that answers; where a result is to be computed one that tells nearly all of it."""
    if planned and checked.quoted:
        return False
    if planned and planned.operation not in GATHERING and signals.told < PLANNED_TOLD:
        return False
    return bool(checked.claims) and answerable(signals)


def _struck(context: Context, checked: verify.Checked, signals: Signals) -> Context | None:
    """The context without the lines that a draft cites which a check refused.

    None where the model itself had doubts, and where no figure is asked for: a small model often takes a
    line of another quarter or row beside the right one, but of other questions squad2's unanswerable
    ones got three more answers so, and its answerable ones none.
    """
    asked = context.asked
    if not asked.wants_figure or "time" in asked.kinds:
        return None
    cited = cited_by(checked, context.evidence)
    refused = checked.quoted or not (signals.fits and signals.on_period)
    left = [e for e in context.evidence if e not in cited]
    if not signals.on_period:
        left = [e for e in left if tells_period(asked, (), [e])]
    if not cited or not left or not refused or signals.p_refusal > STRUCK_REFUSAL:
        return None
    return replace(context, evidence=tuple(replace(e, number=n) for n, e in enumerate(left, 1)))
