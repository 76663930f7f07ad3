"""What every strategy gets, and the answers it may give: stated, quoted, disputed, refused, not found.

Values only: nothing here asks the model or searches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant import conflicts, lookup, verify
from assistant.asked import Asked
from assistant.choice import Choice
from assistant.evidence import is_order, is_unverified
from assistant.figures import read_figures
from assistant.llm import LanguageModel
from assistant.picking import Search
from assistant.rivals import Side
from assistant.sentences import sentence_spans
from assistant.types import (
    Answer,
    Calculation,
    Check,
    Citation,
    Claim,
    Conflict,
    Evidence,
    Figure,
    Hit,
    Status,
    Verdict,
    text_of,
)

NOT_FOUND_TEXT = "The documents do not say."
NO_ADVICE = "Footnote gives no advice and no predictions; beside it stands what the documents say."
NO_ORDERS = (
    "Footnote takes no orders from documents and keeps to its rules; ask what the documents say."
)
WHAT_OF_IT = "What do you mean by that: which figure or thing should be looked up?"
NEAREST = 3
QUOTED = 2
DISAGREE = "The documents disagree."


@dataclass(frozen=True, slots=True)
class Context:
    """What every strategy gets: the question, what was found for it, and the model if any.

    `search` finds lines for a part of the question: more of them than a prompt would hold; `tables`
    gives the whole tables that some lines are rows of; `subject` is whom the documents are about;
    `why_no_model` is said where there is no model; `put` is the question in its own words, where
    it is looked for in others.
    """

    asked: Asked
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    model: LanguageModel | None
    search: Search = lambda text: ()
    subject: str = ""
    tables: Callable[[Sequence[Evidence]], Sequence[Sequence[Evidence]]] = lambda lines: ()
    why_no_model: str = "No language model"
    put: str = ""

    @property
    def judged(self) -> str:
        """The question that an answer is judged on."""
        return self.put or self.asked.text


def widely(context: Context) -> tuple[Evidence, ...]:
    """The lines shown to the model, and more that it has no time to read."""
    wide = (*context.evidence, *context.search(context.asked.text))
    return tuple({(e.passage.id, e.span.start): e for e in wide}.values())


def with_places(context: Context, places: Sequence[Evidence]) -> Context:
    """The context with some places before all other evidence."""
    return replace(context, evidence=tuple(dict.fromkeys((*places, *context.evidence))))


def with_hits(context: Context, answer: Answer) -> Answer:
    """A computed answer beside what was found for the whole question."""
    lines = dict.fromkeys((*answer.evidence, *context.evidence))
    return replace(
        answer,
        hits=context.hits,
        evidence=tuple(lines),
        notes=(*unverified(answer.citations), *ignored_orders(context)),
    )


def of_claims(
    context: Context,
    checked: verify.Checked,
    status: Status,
    model: str | None,
    notes: tuple[str, ...],
) -> Answer:
    """Verified claims as an answer, beside what was found."""
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
        notes=(*notes, *unverified(checked.citations)),
    )


def unverified(citations: Sequence[Citation]) -> list[str]:
    """A note that names the documents which call a cited place unverified themselves."""
    marked = dict.fromkeys(
        f"“{c.source.title}”" for c in citations if is_unverified(c.passage, c.quote)
    )
    return [f"Not verified, says the document itself: {', '.join(marked)}."] * bool(marked)


def stated_as(chosen: Sequence[Choice]) -> verify.Checked:
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


def worked_out(text: str, calculation: Calculation) -> Claim:
    """A sentence with a computed result, which cites every operand."""
    operands = [o for o in calculation.operands if o.citation]
    numbers = tuple(dict.fromkeys(o.citation for o in operands))
    shown = read_figures(calculation.shown)
    span = calculation.operands[0].figure.span
    result = Figure(calculation.result, calculation.unit, span, calculation.shown)
    checks = (
        Check(shown[0] if shown else result, Verdict.COMPUTED, None, calculation.formula),
        *(Check(o.figure, Verdict.SUPPORTED, o.citation) for o in operands),
    )
    return Claim(text, numbers, checks, Verdict.COMPUTED)


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


def unclear(context: Context) -> Answer:
    """One short question back, for a question that only an earlier one could make whole."""
    return replace(nothing(context), text=WHAT_OF_IT, nearest=())


def refused(context: Context, why: str = NO_ADVICE) -> Answer:
    """No advice, no prediction, no order taken; the places that bear on the question stand beside it."""
    return replace(nothing(context), text=why, status=Status.REFUSED)


def quoted(context: Context, note: str) -> Answer:
    """The best sentences, character for character."""
    checked = verify.quote(context.evidence, QUOTED)
    return of_claims(context, checked, Status.ANSWERED, None, (note,))


def disputed(context: Context, sides: Sequence[Side], model: str) -> Answer:
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
    citations = tuple(Citation(n, p.passage, p.span, p.text) for p, n in numbers.items())
    return Answer(
        asked=context.asked.text,
        text=text_of(claims),
        status=Status.CONFLICT,
        claims=tuple(claims),
        citations=citations,
        checks=tuple(check for claim in claims for check in claim.checks),
        conflicts=(Conflict(context.asked.text, sides_shown),),
        hits=context.hits,
        evidence=tuple(dict.fromkeys((*places, *context.evidence))),
        model=model,
        notes=(*unverified(citations), *ignored_orders(context)),
    )


def ignored_orders(context: Context) -> list[str]:
    """A note that names the documents, among those found, which give orders to an assistant."""
    odd = dict.fromkeys(
        hit.passage.source.id
        for hit in context.hits
        for span in sentence_spans(hit.passage.text)
        if is_order(span.of(hit.passage.text))
    )
    return [f"Orders inside {', '.join(odd)} were ignored: documents are read as data."] * bool(odd)


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
