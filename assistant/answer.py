"""Evidence → streamed draft → checked Answer: the strategies, and when each is used.

confirmed the question states a value: held against the one that code finds
looked_up code finds the one figure asked for, and the model as a judge is sure of it
by_period no period is asked for and documents tell of several: the newest, and the newest year
direct    the model answers in a sentence or two; verify checks it
disputed  places give different values for one thing: each is shown with its source and date
in_order  the most or least of a table is asked for: code ranks its figures
computed  the question names several figures: code looks each up and computes
borne_on  an open question that no draft answers: the lines that tell all of it, as they stand
quoted    no model, or one that fails: the best sentences themselves
refused   advice or a prediction is asked for
nothing   none of these: the documents do not say, with the nearest places
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from assistant import conflicts, lookup, open_questions, prompts, ranking, verify
from assistant.asked import FUNCTION_WORDS, Asked, wants_advice
from assistant.computed import Search, computed, gives
from assistant.decide import Signals, answerable, cited_by
from assistant.errors import ModelUnavailable
from assistant.evidence import is_order
from assistant.figures import same_value
from assistant.lexical import tokens
from assistant.llm import LanguageModel
from assistant.operands import Choice, printed
from assistant.parts import plan, remainder
from assistant.readings import readable, readings
from assistant.sentences import sentence_spans
from assistant.stated import Stated, holds, stated
from assistant.types import (
    Answer,
    Check,
    Checked,
    Citation,
    Claim,
    Conflict,
    Delta,
    Done,
    Event,
    Evidence,
    Hit,
    Status,
    Verdict,
    text_of,
)

MAX_TOKENS = 160
NOT_FOUND_TEXT = "The documents do not say."
NO_ADVICE = "Footnote gives no advice and no predictions; beside it stands what the documents say."
NEAREST = 3
SHOWN_IN_ORDER = 5
QUOTED = 2
DISPUTING = 6
"""So many of the best lines are looked at for a dispute that they tell of themselves."""
DISAGREE = "The documents disagree."
BEARING = "An open question: what the documents say on it is quoted, not summed up."
YES = "Yes."
NO = "No: the documents give another value."
BARE = 3
"""An answer with fewer words that the question lacks says no more than yes or no."""
_YES_AND_NO = frozenset(tokens("yes no not"))
SURE = 0.9
"""Probability of the judge's yes that a figure found by code alone needs."""
SURE_OF_CELL = 0.7
"""The same for a table cell, whose column and row say exactly what it is."""
SURE_OF_SEVERAL = 0.5
"""The same for a value that several places give, none of the best told another."""
WHOLLY_TOLD = 0.95
"""Share of the question that such a value's place tells where the judge is not even asked."""
SURE_REFUSAL = 0.85
"""Above this probability of a refusal the model is believed at once, which saves its writing."""


@dataclass(frozen=True, slots=True)
class Context:
    """What every strategy gets: the question, what was found for it, and the model if any.

    `search` finds lines for a part of the question: more of them than a prompt would hold; `tables`
    gives the whole tables that some lines are rows of; `subject` is whom the documents are about.
    """

    asked: Asked
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    model: LanguageModel | None
    search: Search = lambda text: ()
    subject: str = ""
    tables: Callable[[Sequence[Evidence]], Sequence[Sequence[Evidence]]] = lambda lines: ()


def answer(context: Context) -> Generator[Event, None, None]:
    """Events of one answer, Done last. Falls back to quotation when the model fails."""
    if wants_advice(context.asked.text):
        yield Done(refused(context))
        return
    if not context.evidence:
        yield Done(nothing(context))
        return
    if context.model is None:
        yield Done(quoted(context, "No language model: quoted from the documents."))
        return
    try:
        yield Done((yield from _by_strategy(context, context.model)))
    except ModelUnavailable as error:
        yield Done(quoted(context, f"{error.message}: quoted from the documents. {error.hint}"))


def _by_strategy(context: Context, model: LanguageModel) -> Generator[Event, None, Answer]:
    """Computed first where the question names all its parts; else only if no place states it."""
    if found := (yield from in_order(context, model)):
        return found
    planned = plan(context.asked)
    compares = planned is not None and planned.operation == "compare"
    if not compares and conflicts.alternatives(context.asked):
        sides = conflicts.offered(context.asked, _widely(context))
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
            return _with_hits(context, answer)
        reason = answer
    # A document may print a margin or a growth itself: better than one of rounded figures.
    plain = planned is None or planned.operation in ("share", "growth")
    if plain and (found := (yield from looked_up(context, model))):
        return found
    if planned is None and (found := by_period(context, model)):
        return found
    if planned is not None and not planned.explicit:
        answer = computed(context.asked, planned, context.search, model, context.subject)
        if isinstance(answer, Answer):
            return _with_hits(context, answer)
        reason = answer
    # What has to be computed is seldom what a quoted line states.
    direct_answer = yield from direct(context, model, quotes=planned is None)
    if direct_answer.status is Status.NOT_FOUND and (found := borne_on(context, model)):
        return found
    left = remainder(context.asked) if planned is None else None
    if left is not None and direct_answer.status is Status.NOT_FOUND:
        answer = computed(context.asked, left, context.search, model, context.subject)
        if isinstance(answer, Answer):
            return _with_hits(context, answer)
    if planned is None or direct_answer.status is Status.CONFLICT:
        return direct_answer
    if direct_answer.status is not Status.NOT_FOUND:
        if not planned.explicit or gives(planned.operation, direct_answer):
            return direct_answer
        direct_answer = nothing(context)
    return replace(direct_answer, notes=(f"Not computed: {reason}.",))


def direct(
    context: Context, model: LanguageModel, *, quotes: bool = True
) -> Generator[Event, None, Answer]:
    """The model drafts from numbered lines; the draft streams, and is then checked.

    Without `quotes` a draft that failed its check is not replaced by the sentence it cites.
    """
    checked, signals = yield from drafted(context, model)
    answered = bool(checked.claims) and answerable(signals) and (quotes or not checked.quoted)
    sides = _sides(context, checked if answered else None)
    if sides:
        return disputed(context, sides, model.name)
    if not answered:
        return nothing(context)
    checked = _with_grounds(context, checked)
    for claim in checked.claims:
        yield Checked(claim)
    notes = ignored_orders(context)
    if checked.dropped:
        notes.append("A sentence of the draft was left out: its figures are not in the documents.")
    status = Status.PARTIAL if checked.dropped else Status.ANSWERED
    return _answer(context, checked, status, model.name, tuple(notes))


def _with_grounds(context: Context, checked: verify.Checked) -> verify.Checked:
    """A bare "yes, it is" together with the line that it rests on."""
    said = set(tokens(" ".join(claim.text for claim in checked.claims)))
    new = said - set(tokens(context.asked.text)) - FUNCTION_WORDS - _YES_AND_NO
    cited = cited_by(checked, context.evidence)
    if not open_questions.is_open(context.asked) or len(new) >= BARE or not cited:
        return checked
    number = next(c.number for c in checked.citations if c.span == cited[0].span)
    checks = tuple(Check(figure, Verdict.SUPPORTED, number) for figure in cited[0].figures)
    grounds = Claim(verify.quotable(cited[0]), (number,), checks)
    return replace(checked, claims=(*checked.claims, grounds), checks=(*checked.checks, *checks))


def looked_up(context: Context, model: LanguageModel) -> Generator[Event, None, Answer | None]:
    """The figure that code finds for a plain question, if the model as a judge is sure of it.

    A short sentence that can be read alone is the answer as it stands. A long one is reworded by
    the model, which sees that line alone; where the wording loses the figure the line itself is
    the answer.
    """
    every = lookup.looked_up(context.asked, _widely(context), context.subject)
    found = lookup.agreed(every)
    if found is None and (sides := _told_apart(context, lookup.best(every))):
        return disputed(context, sides, model.name)
    if found is None or not _is_believed(context, found, model):
        return None
    choice = found.choice
    context = _with_places(context, [choice.evidence])
    checked = _stated([choice])
    if sides := _sides(context, checked):
        return disputed(context, sides, model.name)
    if not choice.cell and not lookup.reads_alone(context.asked, choice):
        checked = (yield from _reworded(context, choice, model)) or checked
    for claim in checked.claims:
        yield Checked(claim)
    return _answer(context, checked, Status.ANSWERED, model.name, tuple(ignored_orders(context)))


def _told_apart(context: Context, best: Sequence[lookup.Found]) -> tuple[conflicts.Side, ...]:
    """The sides where the lines that tell the question best do not agree."""
    sides = [conflicts.Side(f.choice.figure, f.choice.evidence) for f in best]
    if len(sides) < 2:
        return ()
    places = [side.place for side in sides[1:]]
    return conflicts.between(
        context.asked, sides[0].figure, sides[0].place, places
    ) or conflicts.told_apart(context.asked, sides)


def confirmed(
    context: Context, claim: Stated, model: LanguageModel
) -> Generator[Event, None, Answer | None]:
    """What the documents say where the question states a value: its yes, its no, or which one."""
    wide = context.search(claim.plain.text)
    found = lookup.agreed(lookup.looked_up(claim.plain, wide, context.subject))
    plain = replace(context, asked=claim.plain)
    if found is None or not _is_believed(plain, found, model):
        return None
    checked = _stated([found.choice])
    context = _with_places(context, [found.choice.evidence])
    if sides := _sides(replace(context, asked=claim.plain), checked):
        return disputed(context, sides, model.name)
    said = holds(found.choice.figure, claim.values)
    lead = "" if claim.is_choice and said else YES if said else NO
    claims = (*[Claim(lead, ())] * bool(lead), *checked.claims)
    for one in claims:
        yield Checked(one)
    checked = replace(checked, claims=claims)
    return _answer(context, checked, Status.ANSWERED, model.name, tuple(ignored_orders(context)))


def in_order(context: Context, model: LanguageModel) -> Generator[Event, None, Answer | None]:
    """The row or column of a table that holds the most or least, and the next ones after it."""
    if not ranking.asks_rank(context.asked):
        return None
    lines = [*_widely(context), *context.search(ranking.search_text(context.asked))]
    tables = context.tables(lines)
    order = ranking.ranked(context.asked, tables, context.subject)
    if order is None:
        return None
    first = order.places[0]
    numbers = {
        c.evidence: n for n, c in enumerate({c.evidence: c for c in order.places}.values(), 1)
    }
    ends = f", the {order.word} of the {len(order.places)} in its table."
    claims = [_of_cell(first, lookup.said(first).rstrip(".") + ends, numbers)]
    for name, place in list(zip(order.names, order.places, strict=True))[1:SHOWN_IN_ORDER]:
        claims.append(_of_cell(place, f"{name}: {printed(place.figure)}.", numbers))
    for claim in claims:
        yield Checked(claim)
    places = list(numbers)
    cited = {number for claim in claims for number in claim.citations}
    citations = [Citation(n, e.passage, e.span, e.text) for e, n in numbers.items() if n in cited]
    every = tuple(check for claim in claims for check in claim.checks)
    checked = verify.Checked(tuple(claims), tuple(citations), every)
    context = _with_places(context, places)
    return _answer(context, checked, Status.ANSWERED, model.name, tuple(ignored_orders(context)))


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
        if _is_sure(context, one.choice, model):
            chosen.append(one.choice)
            if time.unit == "year" or len(chosen) == 2:
                break
    if not chosen:
        return None
    context = _with_places(context, [choice.evidence for choice in chosen])
    checked = _stated(chosen)
    if sides := _sides(context, checked):
        return disputed(context, sides, model.name)
    notes = ("The question names no period: the newest is given.", *ignored_orders(context))
    return _answer(context, checked, Status.ANSWERED, model.name, notes)


def _of_newest_years(context: Context) -> tuple[Evidence, ...]:
    """The lines found for the question, and those found for it in the two newest years."""
    dates = [h.passage.source.as_of for h in context.hits if h.passage.source.as_of]
    newest = max(dates).year if dates else 0
    wide = list(_widely(context))
    for year in (newest, newest - 1) if newest else ():
        wide += context.search(f"{context.asked.text.rstrip('?')} {year}")
    return tuple({(e.passage.id, e.span.start): e for e in wide}.values())


def _is_believed(context: Context, found: lookup.Found, model: LanguageModel) -> bool:
    """True when the judge is sure; a value of several places that tell all of it needs no judge."""
    if found.several and found.told >= WHOLLY_TOLD:
        return True
    least = SURE_OF_SEVERAL if found.several else None
    return _is_sure(context, found.choice, model, least=least)


def _is_sure(
    context: Context, choice: Choice, model: LanguageModel, *, least: float | None = None
) -> bool:
    """True when the model as a judge finds the figure's place to answer the question."""
    if least is None:
        least = SURE_OF_CELL if choice.cell else SURE
    said = lookup.said(choice)
    return _p_yes(context.asked.text, [choice.evidence], said, model) >= least


def _with_places(context: Context, places: Sequence[Evidence]) -> Context:
    return replace(context, evidence=tuple(dict.fromkeys((*places, *context.evidence))))


def _stated(chosen: Sequence[Choice]) -> verify.Checked:
    """Figures in their documents' own words, each a claim with a citation."""
    claims, citations = [], []
    for number, choice in enumerate(chosen, start=1):
        item = choice.evidence
        figures = [choice.figure] if choice.cell else item.figures
        checks = tuple(Check(figure, Verdict.SUPPORTED, number) for figure in figures)
        claims.append(Claim(lookup.said(choice), (number,), checks))
        citations.append(Citation(number, item.passage, item.span, item.text))
    every = tuple(check for claim in claims for check in claim.checks)
    return verify.Checked(tuple(claims), tuple(citations), every)


def _reworded(
    context: Context, choice: Choice, model: LanguageModel
) -> Generator[Event, None, verify.Checked | None]:
    """The line's sentence as an answer to the question; None where the wording loses the figure."""
    line = replace(choice.evidence, number=1)
    messages = prompts.answer_messages(context.asked.text, [line])
    draft, _ = yield from _draft(model, messages, refusals=False)
    checked = verify.verify(context.asked.text, draft, [line])
    holds = any(same_value(check.figure, choice.figure) for check in checked.checks)
    return checked if holds and not checked.dropped else None


def _with_hits(context: Context, answer: Answer) -> Answer:
    """A computed answer beside what was found for the whole question."""
    lines = dict.fromkeys((*answer.evidence, *context.evidence))
    return replace(
        answer, hits=context.hits, evidence=tuple(lines), notes=tuple(ignored_orders(context))
    )


def together(asked: str, answers: Sequence[Answer]) -> Answer:
    """Answers to the questions of one sentence as one answer, footnotes numbered on."""
    if len(answers) == 1:
        return answers[0]
    claims: list[Claim] = []
    citations: list[Citation] = []
    for answer in answers:
        by = len(citations)
        if not answer.claims:
            claims.append(Claim(f"The documents do not say: {answer.asked}", ()))
        for claim in answer.claims:
            checks = tuple(
                replace(c, citation=c.citation + by if c.citation else c.citation)
                for c in claim.checks
            )
            numbers = tuple(n + by for n in claim.citations)
            claims.append(replace(claim, citations=numbers, checks=checks))
        citations += [replace(c, number=c.number + by) for c in answer.citations]
    found = [a for a in answers if a.status not in (Status.NOT_FOUND, Status.REFUSED)]
    if not found:
        return replace(answers[0], asked=asked)
    return Answer(
        asked=asked,
        text=text_of(claims),
        status=_status_of(answers),
        claims=tuple(claims),
        citations=tuple(citations),
        checks=tuple(check for claim in claims for check in claim.checks),
        calculation=next((a.calculation for a in found if a.calculation), None),
        conflicts=tuple(c for a in found for c in a.conflicts),
        hits=tuple(dict.fromkeys(hit for a in answers for hit in a.hits)),
        evidence=tuple(dict.fromkeys(e for a in answers for e in a.evidence)),
        model=found[0].model,
        notes=tuple(dict.fromkeys(note for a in answers for note in a.notes)),
    )


def _status_of(answers: Sequence[Answer]) -> Status:
    """A conflict in one part is one of the whole; what one part lacks the whole lacks."""
    statuses = {answer.status for answer in answers}
    if Status.CONFLICT in statuses:
        return Status.CONFLICT
    return Status.ANSWERED if statuses == {Status.ANSWERED} else Status.PARTIAL


def _sides(context: Context, checked: verify.Checked | None) -> tuple[conflicts.Side, ...]:
    """Places that contradict the answer, or a good line that tells of a dispute itself."""
    cited = cited_by(checked, context.evidence) if checked else []
    if sides := conflicts.within(context.asked, [*cited, *context.evidence[:DISPUTING]]):
        return sides
    if checked is None:
        starts = conflicts.seeds(context.asked, context.evidence)
    else:
        starts = [
            conflicts.Side(check.figure, place)
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
            _widely(context),
            least=0.0 if checked else conflicts.ALL_TOLD,
        )
        if sides := found or conflicts.by_source(context.asked, side.figure, _widely(context)):
            return sides
    return ()


def _is_cited(check: Check, checked: verify.Checked | None, place: Evidence) -> bool:
    return checked is not None and any(
        c.number == check.citation and c.span == place.span for c in checked.citations
    )


def _widely(context: Context) -> tuple[Evidence, ...]:
    """The lines shown to the model, and more that it has no time to read."""
    wide = (*context.evidence, *context.search(context.asked.text))
    return tuple({(e.passage.id, e.span.start): e for e in wide}.values())


def disputed(context: Context, sides: Sequence[conflicts.Side], model: str) -> Answer:
    """Each value in its document's own words, the newest source first."""
    ordered = conflicts.in_order(sides)
    places = list(dict.fromkeys(side.place for side in ordered))
    numbers = {place: n for n, place in enumerate(places, start=1)}
    claims = [Claim(DISAGREE, ())]
    for place in places:
        checks = tuple(
            Check(side.figure, Verdict.SUPPORTED, numbers[place])
            for side in ordered
            if side.place is place
        )
        # Only its words: a date or title before them would be read as the figure's own period.
        claims.append(Claim(verify.quotable(place), (numbers[place],), checks))
    sides_shown = tuple((side.figure, numbers[side.place]) for side in ordered)
    return Answer(
        asked=context.asked.text,
        text=text_of(claims),
        status=Status.CONFLICT,
        claims=tuple(claims),
        citations=tuple(Citation(n, p.passage, p.span, p.text) for p, n in numbers.items()),
        checks=tuple(check for claim in claims for check in claim.checks),
        conflicts=(Conflict(context.asked.text, sides_shown),),
        hits=context.hits,
        evidence=tuple(dict.fromkeys((*places, *context.evidence))),
        model=model,
        notes=tuple(ignored_orders(context)),
    )


def drafted(
    context: Context, model: LanguageModel
) -> Generator[Event, None, tuple[verify.Checked, Signals]]:
    """A draft, verified, with the signals that decide whether it may be shown."""
    messages = prompts.answer_messages(context.asked.text, context.evidence)
    draft, p_refusal = yield from _draft(model, messages)
    checked = verify.verify(context.asked.text, draft, context.evidence)
    signals = Signals.of(
        context.asked, checked, context.evidence, p_refusal, subject=context.subject
    )
    if checked.claims and signals.fits and signals.on_period:
        claims = " ".join(claim.text for claim in checked.claims)
        cited = cited_by(checked, context.evidence)
        signals = replace(signals, p_yes=_p_yes(context.asked.text, cited, claims, model))
    return checked, signals


def _p_yes(question: str, cited: Sequence[Evidence], claims: str, model: LanguageModel) -> float:
    """Probability that the model, shown only the cited lines and the claims, says they agree."""
    messages = prompts.judge_messages(question, cited, claims)
    said = {"yes": 0.0, "no": 0.0}
    with closing(model.stream(messages, max_tokens=1, top_logprobs=10)) as tokens:
        for token in tokens:
            for word, logprob in (token.top or {token.text: 0.0}).items():
                if word.strip().lower() in said:
                    said[word.strip().lower()] += math.exp(logprob)
    total = said["yes"] + said["no"]
    return said["yes"] / total if total else 0.5


def borne_on(context: Context, model: LanguageModel) -> Answer | None:
    """The lines that tell all of an open question, character for character."""
    lines = open_questions.bearing(context.asked, _widely(context), context.subject)
    if not lines:
        return None
    checked = verify.quote(lines, len(lines))
    notes = (BEARING, *ignored_orders(context))
    return _answer(_with_places(context, lines), checked, Status.ANSWERED, model.name, notes)


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


def refused(context: Context) -> Answer:
    """No advice and no prediction; the places that bear on the question are shown beside it."""
    return replace(nothing(context), text=NO_ADVICE, status=Status.REFUSED)


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


def _answer(
    context: Context,
    checked: verify.Checked,
    status: Status,
    model: str | None,
    notes: tuple[str, ...],
) -> Answer:
    return Answer(
        asked=context.asked.text,
        text=text_of(checked.claims),
        status=status,
        claims=checked.claims,
        citations=checked.citations,
        checks=checked.checks,
        hits=context.hits,
        evidence=context.evidence,
        model=model,
        notes=notes,
    )
