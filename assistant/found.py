"""The strategies in which code finds the answer and the model, at most, judges or words it.

confirmed, looked_up, by_period, key_figures, open_first and borne_on; `answer` says when each is used.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace

from assistant import conflicts, dates, lookup, open_questions, overview, verify
from assistant.asked import asks_why, read_question
from assistant.choice import Choice, period_of
from assistant.disputes import sides_of, told_apart
from assistant.drafting import is_believed, is_sure, reworded
from assistant.judge import p_yes
from assistant.llm import LanguageModel
from assistant.outcome import (
    Context,
    disputed,
    ignored_orders,
    of_claims,
    stated_as,
    widely,
    with_places,
)
from assistant.own_words import with_its_period
from assistant.periods import label
from assistant.readings import readable, readings
from assistant.rivals import Side
from assistant.stated import Stated, holds
from assistant.synonyms import renamed
from assistant.types import Answer, Checked, Claim, Event, Evidence, Searching, Status

HALF_TOLD = 0.5
"""So much of the question two places must tell whose passage says itself that reports differ."""
BEARING = "An open question: what the documents say on it is quoted, not summed up."
BOTH_BASES = (
    "The question does not say on which basis: the adjusted and the reported figure are given."
)
YES = "Yes."
NO = "No: the documents give another value."


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
        if found and lookup.of_unnamed_row(context.asked, found, every):
            found = None
        # Of a series of periods a cell that happens to be found is not the newest.
        series = found and found.choice.cell and period_of(found.choice)
        if series and readable(context.asked) and (newest := by_period(context, model)):
            return newest
    half = [Side(f.choice.figure, f.choice.evidence) for f in every if f.told >= HALF_TOLD]
    if sides := conflicts.of_section(context.asked, half):
        return disputed(context, sides, model.name)
    if found is None and (both := lookup.by_basis(context.asked, every)):
        return _on_each_basis(context, both, model)
    if found is None and (sides := told_apart(context, lookup.best(every))):
        return disputed(context, sides, model.name)
    if found is None:
        return None
    choice = found.choice
    context = with_places(context, [choice.evidence])
    checked = stated_as([choice])
    sides = sides_of(context, checked)
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
    if sides := sides_of(replace(context, asked=claim.plain), checked):
        return disputed(context, sides, model.name)
    said = holds(found.choice.figure, claim.values)
    lead = "" if claim.is_choice and said else YES if said else NO
    claims = (*[Claim(lead, ())] * bool(lead), *checked.claims)
    for one in claims:
        yield Checked(one)
    checked = replace(checked, claims=claims)
    return of_claims(context, checked, Status.ANSWERED, model.name, tuple(ignored_orders(context)))


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


def by_period(context: Context, model: LanguageModel) -> Answer | None:
    """For a question without a period the newest figure, and beside it that of the newest year."""
    if not readable(context.asked):
        return None
    lines = _of_newest_years(context)
    found = lookup.looked_up(context.asked, lines, context.subject)
    if rows := _beside(context, found):  # the newest row may lie further down in the ranking
        found = lookup.looked_up(context.asked, (*lines, *rows), context.subject)
    ordered = readings(context.asked, found)
    chosen: list[Choice] = []
    if not ordered and (only := lookup.agreed(found)) and (time := period_of(only.choice)):
        ordered = [(time, only)]  # of the newest years nothing else is told
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
    if sides := sides_of(context, checked):
        return disputed(context, sides, model.name)
    notes = ("The question names no period: the newest is given.", *ignored_orders(context))
    return of_claims(context, checked, Status.ANSWERED, model.name, notes)


def _beside(context: Context, found: Sequence[lookup.Found]) -> list[Evidence]:
    """The other rows of the tables that figures were found in."""
    cells = [f.choice.evidence for f in found if f.choice.cell]
    known = {(e.passage.id, e.span.start) for e in cells}
    rows = (row for table in context.tables(cells) for row in table)
    return [row for row in rows if (row.passage.id, row.span.start) not in known]


def _of_newest_years(context: Context) -> tuple[Evidence, ...]:
    """The lines found for the question, and those found for it in the two newest years."""
    dates = [h.passage.source.as_of for h in context.hits if h.passage.source.as_of]
    newest = max(dates).year if dates else 0
    wide = list(widely(context))
    for year in (newest, newest - 1) if newest else ():
        wide += context.search(f"{context.asked.text.rstrip('?')} {year}")
    return tuple({(e.passage.id, e.span.start): e for e in wide}.values())


def open_first(context: Context, model: LanguageModel) -> Answer | None:
    """For "is it so?" and "why?" the lines that tell all of it, or that differ on it, before any draft."""
    asked = context.asked
    if not (open_questions.is_yes_or_no(asked) or asks_why(asked.text)):
        return None
    if sides := sides_of(context, None):
        return disputed(context, sides, model.name)
    return borne_on(context, model)


def borne_on(context: Context, model: LanguageModel, *, near: bool = False) -> Answer | None:
    """The lines that tell all of an open question, character for character, if the judge agrees.

    With `near` also one that tells less, where the model as a judge is sure that it answers.
    """
    wide = widely(context)
    lines = open_questions.bearing(context.asked, wide, context.subject)
    sure = open_questions.LEAST_SURE
    if not any(p_yes(context.judged, [line], line.text, model) >= sure for line in lines):
        lines = ()
    if not lines and near:
        lines = _judged_near(context, wide, model)
    if not lines:
        return None
    checked = verify.quote(lines, len(lines))
    notes = (BEARING, *ignored_orders(context))
    return of_claims(with_places(context, lines), checked, Status.ANSWERED, model.name, notes)


def _judged_near(
    context: Context, lines: Sequence[Evidence], model: LanguageModel
) -> tuple[Evidence, ...]:
    for told, line in open_questions.nearest(context.asked, lines, context.subject):
        enough = [sure for least, sure in open_questions.SURE_OF_NEAR if told >= least]
        if enough and p_yes(context.judged, [line], line.text, model) >= min(enough):
            return open_questions.answering(context.asked, line)
    return ()
