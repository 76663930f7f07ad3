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

from collections.abc import Generator, Sequence
from dataclasses import replace

from assistant import conflicts, dates, lookup, open_questions, overview, ranking, verify
from assistant.asked import asks_why, read_question, wants_advice, wants_obedience
from assistant.computed import computed, gives, of_all_periods
from assistant.decide import Signals, answerable, cited_by
from assistant.drafting import drafted, is_believed, is_sure, reworded
from assistant.errors import ModelUnavailable
from assistant.followup import is_fragment
from assistant.llm import LanguageModel
from assistant.on_time import tells_period
from assistant.operands import Choice, printed
from assistant.outcome import (
    NO_ORDERS,
    Context,
    disputed,
    ignored_orders,
    nothing,
    of_claims,
    quoted,
    refused,
    stated_as,
    unclear,
    widely,
    with_hits,
    with_places,
)
from assistant.own_words import grounds, in_own_words, with_its_period
from assistant.parts import GATHERING, Plan, plan, remainder
from assistant.periods import label
from assistant.readings import readable, readings
from assistant.rivals import Side
from assistant.stated import Stated, holds, stated
from assistant.synonyms import renamed
from assistant.types import (
    Answer,
    Check,
    Checked,
    Citation,
    Claim,
    Done,
    Event,
    Evidence,
    Searching,
    Status,
    Verdict,
)
from assistant.whose import is_about, names_in

SHOWN_IN_ORDER = 5
DISPUTING = 6
"""So many of the best lines are looked at for a dispute that they tell of themselves."""
HALF_TOLD = 0.5
"""So much of the question two places must tell whose passage says itself that reports differ."""
BEARING = "An open question: what the documents say on it is quoted, not summed up."
BOTH_BASES = (
    "The question does not say on which basis: the adjusted and the reported figure are given."
)
YES = "Yes."
NO = "No: the documents give another value."

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
    if not compares and conflicts.alternatives(context.asked):
        sides = conflicts.offered(context.asked, widely(context))
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
    plain = planned is None or planned.operation in ("share", "growth", "per")
    if plain and (found := (yield from looked_up(context, model))):
        return found
    if planned is None and (found := by_period(context, model)):
        return found
    if planned is not None and not planned.explicit:
        answer = computed(context.asked, planned, context.search, model, context.subject)
        if isinstance(answer, Answer):
            return with_hits(context, answer)
        reason = answer
    if planned is None and (found := open_first(context, model)):
        return found
    direct_answer = yield from direct(context, model, planned)
    if direct_answer.status is Status.NOT_FOUND and (found := borne_on(context, model)):
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
    sides = _sides(context, checked if answered else None)
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


def looked_up(context: Context, model: LanguageModel) -> Generator[Event, None, Answer | None]:
    """The figure that code finds for a plain question, if the model as a judge is sure of it.

    A short sentence that can be read alone is the answer as it stands. A long one is reworded by
    the model, which sees that line alone; where the wording loses the figure the line itself is
    the answer.
    """
    if "time" in context.asked.kinds:
        every = dates.dated(context.asked, widely(context), context.subject)
        found = dates.agreed(every)
    else:
        every = lookup.looked_up(context.asked, widely(context), context.subject)
        if lookup.agreed(every) is None:
            context, every = _by_another_name(context, every)
        found = lookup.agreed(every)
    half = [Side(f.choice.figure, f.choice.evidence) for f in every if f.told >= HALF_TOLD]
    if sides := conflicts.of_section(context.asked, half):
        return disputed(context, sides, model.name)
    if found is None and (both := lookup.by_basis(context.asked, every)):
        return _on_each_basis(context, both, model)
    if found is None and (sides := _told_apart(context, lookup.best(every))):
        return disputed(context, sides, model.name)
    if found is None:
        return None
    choice = found.choice
    context = with_places(context, [choice.evidence])
    checked = stated_as([choice])
    sides = _sides(context, checked)
    said = None
    if not (sides or choice.cell or lookup.reads_alone(context.asked, choice)):
        # Before the judge is asked: its words are the first that the reader sees.
        said = yield from reworded(context, choice, model)
    if not is_believed(context, found, model):
        if said:
            yield Searching()
        return None
    if sides:
        return disputed(context, sides, model.name)
    checked = with_its_period(context.asked, said, context.evidence) if said else checked
    for claim in checked.claims:
        yield Checked(claim)
    return of_claims(context, checked, Status.ANSWERED, model.name, tuple(ignored_orders(context)))


def _by_another_name(
    context: Context, every: list[lookup.Found]
) -> tuple[Context, list[lookup.Found]]:
    """What is found for a line of a statement under its other names; what was found before if nothing is."""
    for name, text in renamed(context.asked.text):
        asked = read_question(text)
        found = lookup.looked_up(asked, context.search(text), context.subject)
        found = [one for one in found if lookup.is_named(one.choice, name)]
        if lookup.agreed(found):
            return replace(context, asked=asked), found
    return context, every


def _on_each_basis(
    context: Context, both: Sequence[lookup.Found], model: LanguageModel
) -> Answer | None:
    """The adjusted figure and the reported one, for a question that does not say which it means."""
    if not all(is_believed(context, one, model) for one in both):
        return None
    chosen = [one.choice for one in both]
    context = with_places(context, [choice.evidence for choice in chosen])
    notes = (BOTH_BASES, *ignored_orders(context))
    return of_claims(context, stated_as(chosen), Status.ANSWERED, model.name, notes)


def _told_apart(context: Context, best: Sequence[lookup.Found]) -> tuple[Side, ...]:
    """The sides where the lines that tell the question best do not agree."""
    sides = [Side(f.choice.figure, f.choice.evidence) for f in best]
    if len(sides) < 2:
        return ()
    places = [side.place for side in sides[1:]]
    return (
        conflicts.between(context.asked, sides[0].figure, sides[0].place, places)
        or conflicts.told_apart(context.asked, sides)
        or conflicts.by_source(context.asked, sides[0].figure, places)
    )


def confirmed(
    context: Context, claim: Stated, model: LanguageModel
) -> Generator[Event, None, Answer | None]:
    """What the documents say where the question states a value: its yes, its no, or which one."""
    wide = context.search(claim.plain.text)
    every = lookup.looked_up(claim.plain, wide, context.subject)
    newest = readings(claim.plain, every)  # of what changes with time the newest is held against it
    found = newest[0][1] if newest else lookup.agreed(every)
    if found is None:  # of two measures the one that the asker may have read of
        found = next((f for f in lookup.best(every) if holds(f.choice.figure, claim.values)), None)
    plain = replace(context, asked=claim.plain)
    if found is None or not is_believed(plain, found, model):
        return None
    checked = stated_as([found.choice])
    context = with_places(context, [found.choice.evidence])
    if sides := _sides(replace(context, asked=claim.plain), checked):
        return disputed(context, sides, model.name)
    said = holds(found.choice.figure, claim.values)
    lead = "" if claim.is_choice and said else YES if said else NO
    claims = (*[Claim(lead, ())] * bool(lead), *checked.claims)
    for one in claims:
        yield Checked(one)
    checked = replace(checked, claims=claims)
    return of_claims(context, checked, Status.ANSWERED, model.name, tuple(ignored_orders(context)))


def in_order(context: Context, model: LanguageModel) -> Generator[Event, None, Answer | None]:
    """The row or column of a table that holds the most or least, and the next ones after it; or its
    times in which a limit is passed.
    """
    limit = ranking.limited(context.asked)
    asked = limit.asked if limit else context.asked
    if not ranking.asks_rank(asked):
        return None
    heading = ranking.search_text(asked)
    lines = [*widely(context), *context.search(heading)]
    if not names_in(asked.text):
        lines += context.search(f"{context.subject} {heading}")
    tables = context.tables(lines)
    order = ranking.ranked(asked, tables, context.subject)
    if order is None:
        return None
    first = order.places[0]
    listed = list(zip(order.names, order.places, strict=True))
    if limit:
        kept = [(name, place) for name, place in listed if limit.holds(place.figure)]
        listed = kept or (listed[:1] if limit.above else listed[-1:])
    lines = [place.evidence for _, place in listed]
    numbers = {line: n for n, line in enumerate(dict.fromkeys(lines), 1)}
    if limit:
        claims = _beyond(limit, listed, numbers)
    else:
        ends = f", the {order.word} in its table."
        claims = [_of_cell(first, lookup.said(first).rstrip(".") + ends, numbers)]
        for name, place in listed[1:SHOWN_IN_ORDER]:
            claims.append(_of_cell(place, f"{name}: {printed(place.figure)}.", numbers))
    for claim in claims:
        yield Checked(claim)
    places = list(numbers)
    cited = {number for claim in claims for number in claim.citations}
    citations = [Citation(n, e.passage, e.span, e.text) for e, n in numbers.items() if n in cited]
    every = tuple(check for claim in claims for check in claim.checks)
    checked = verify.Checked(tuple(claims), tuple(citations), every)
    context = with_places(context, places)
    return of_claims(context, checked, Status.ANSWERED, model.name, tuple(ignored_orders(context)))


_NUMBERS = "No One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve".split()


def _beyond(
    limit: ranking.Limit, listed: Sequence[tuple[str, Choice]], numbers: dict[Evidence, int]
) -> list[Claim]:
    """The times `listed` that pass the limit, after how many they are; or that none does, and the nearest."""
    claims = [
        _of_cell(place, f"{name}: {printed(place.figure)}.", numbers) for name, place in listed
    ]
    if not limit.holds(listed[0][1].figure):
        nearest = "highest" if limit.above else "lowest"
        return [Claim(f"None; the {nearest} in its table is this.", ()), *claims]
    if limit.counts and len(listed) < len(_NUMBERS):
        return [Claim(f"{_NUMBERS[len(listed)]}.", ()), *claims]
    return claims


def key_figures(context: Context, model: LanguageModel) -> Answer | None:
    """The key figures of the period whose results are asked for.

    Of "last quarter" the newest that documents tell of, and the newest they tell more than one figure of.
    """
    asked, subject = context.asked, context.subject
    if not overview.asks_results(asked):
        return None
    periods = list(asked.periods)
    if not periods:
        newest = overview.newest_question(asked, subject)
        lines = _of_newest_years(replace(context, asked=newest))
        found = lookup.looked_up(newest, lines, subject)
        periods = overview.last_periods(asked, found, subject)
    chosen: list[Choice] = []
    for period in periods:
        mine = overview.figures(asked, period, subject, context.search)
        chosen += mine
        if len({choice.figure.value for choice in mine}) >= overview.LEAST:
            break
    else:
        return None
    # A sentence with several of them is quoted once.
    once = {
        (c.evidence.passage.id, c.evidence.span.start, c.figure if c.cell else None): c
        for c in reversed(chosen)
    }
    chosen = list(reversed(once.values()))
    context = with_places(context, [choice.evidence for choice in chosen])
    notes = (f"The key figures of {label(period)} that the documents give.",)
    return of_claims(context, stated_as(chosen), Status.ANSWERED, model.name, notes)


def _of_cell(choice: Choice, text: str, numbers: dict[Evidence, int]) -> Claim:
    number = numbers[choice.evidence]
    return Claim(text, (number,), (Check(choice.figure, Verdict.SUPPORTED, number),))


def by_period(context: Context, model: LanguageModel) -> Answer | None:
    """For a question without a period the newest figure, and beside it that of the newest year."""
    if not readable(context.asked):
        return None
    found = lookup.looked_up(context.asked, _of_newest_years(context), context.subject)
    ordered = readings(context.asked, found)
    chosen: list[Choice] = []
    for time, one in ordered:
        if chosen and time.unit != "year":
            continue
        if is_sure(context, one.choice, model):
            chosen.append(one.choice)
            if time.unit == "year" or len(chosen) == 2:
                break
    if not chosen:
        return None
    context = with_places(context, [choice.evidence for choice in chosen])
    checked = stated_as(chosen)
    if sides := _sides(context, checked):
        return disputed(context, sides, model.name)
    notes = ("The question names no period: the newest is given.", *ignored_orders(context))
    return of_claims(context, checked, Status.ANSWERED, model.name, notes)


def _of_newest_years(context: Context) -> tuple[Evidence, ...]:
    """The lines found for the question, and those found for it in the two newest years."""
    dates = [h.passage.source.as_of for h in context.hits if h.passage.source.as_of]
    newest = max(dates).year if dates else 0
    wide = list(widely(context))
    for year in (newest, newest - 1) if newest else ():
        wide += context.search(f"{context.asked.text.rstrip('?')} {year}")
    return tuple({(e.passage.id, e.span.start): e for e in wide}.values())


def _sides(context: Context, checked: verify.Checked | None) -> tuple[Side, ...]:
    """Places that contradict the answer, or a good line that tells of a dispute itself."""
    cited = cited_by(checked, context.evidence) if checked else []
    if sides := conflicts.within(context.asked, [*cited, *context.evidence[:DISPUTING]]):
        return sides
    wide = _of_nobody_else(context, widely(context))
    if checked is None:
        starts = conflicts.seeds(context.asked, context.evidence)
    else:
        starts = [
            Side(check.figure, place)
            for check in checked.checks
            for place in cited
            if context.asked.wants_figure
            and context.asked.fits((check.figure,))
            and _is_cited(check, checked, place)
        ][:1]
    for side in starts:
        found = conflicts.between(
            context.asked,
            side.figure,
            side.place,
            wide,
            least=0.0 if checked else conflicts.ALL_TOLD,
        )
        if sides := found or conflicts.by_source(context.asked, side.figure, wide):
            return sides
    return ()


def _of_nobody_else(context: Context, lines: Sequence[Evidence]) -> Sequence[Evidence]:
    """Where nobody is named, the lines about whom all documents are about: a rival contradicts nothing."""
    if not context.subject or names_in(context.asked.text):
        return lines
    return [line for line in lines if is_about(context.subject, line)]


def _is_cited(check: Check, checked: verify.Checked | None, place: Evidence) -> bool:
    return checked is not None and any(
        c.number == check.citation and c.span == place.span for c in checked.citations
    )


def open_first(context: Context, model: LanguageModel) -> Answer | None:
    """For "is it so?" and "why?" the lines that tell all of it, or that differ on it, before any draft."""
    asked = context.asked
    if not (open_questions.is_yes_or_no(asked) or asks_why(asked.text)):
        return None
    if sides := _sides(context, None):
        return disputed(context, sides, model.name)
    return borne_on(context, model)


def borne_on(context: Context, model: LanguageModel) -> Answer | None:
    """The lines that tell all of an open question, character for character."""
    lines = open_questions.bearing(context.asked, widely(context), context.subject)
    if not lines:
        return None
    checked = verify.quote(lines, len(lines))
    notes = (BEARING, *ignored_orders(context))
    return of_claims(with_places(context, lines), checked, Status.ANSWERED, model.name, notes)
