"""For each part of a computed answer the one figure that stands for it: code's pick, else the model's.

The grammar lets the model choose only among figures that stand in a line of the right period, name
and measure, so that it can neither invent an operand nor take one of another year.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant import lookup, prompts
from assistant.asked import COUNTED, IN_CURRENCY, UNITS_OF_KIND, Asked, read_question
from assistant.choice import Choice
from assistant.figures import read_figures
from assistant.fitting import asks_per_unit, asks_plan, is_per_unit, is_planned, telling_words
from assistant.in_common import of_one_period, of_one_table, together
from assistant.judge import p_yes
from assistant.lexical import tokens
from assistant.llm import LanguageModel
from assistant.named_rows import names_row
from assistant.operands import RATES, choices, counts_part
from assistant.operations import LESS, MORE, MOVES
from assistant.parts import AMOUNT
from assistant.periods import label
from assistant.plans import Part, Plan
from assistant.support import surroundings_line
from assistant.synonyms import NOT_TELLING, alike, renamed
from assistant.times import TIME_UNITS
from assistant.types import Evidence, Figure
from assistant.whose import HEADS, is_base, measures

LINES = 6
"""Most lines shown for all parts together, two at least for each."""

MAX_TOKENS = 120

TOLD = 0.85
"""Share of a part's words that the place of its figure tells where the model is not asked."""

Search = Callable[[str], tuple[Evidence, ...]]


@dataclass(frozen=True, slots=True)
class Picked:
    """The figure chosen for a part; None where no document gives one."""

    part: Part
    choice: Choice | None


def pick(
    asked: Asked, plan: Plan, search: Search, model: LanguageModel, subject: str = ""
) -> list[Picked]:
    """The figure of each part: by code where one alone is left, else by the model's choice among them.

    Parts without any candidate stay open. Raises ModelUnavailable.
    """
    if plan.operation in ("growth", "cagr") and asked.kinds == {"share"}:
        asked = replace(asked, kinds=frozenset({"money", "count"}))  # a rate is asked, of amounts
    found: dict[str, tuple[Evidence, ...]] = {}
    for part in plan.parts:
        if part.search not in found:
            others = [text for _, text in renamed(part.search)]
            lines = [line for text in (part.search, *others) for line in search(text)]
            found[part.search] = tuple(dict.fromkeys(lines))
    rates = _sets_rates_beside(asked, plan)
    every = [
        (rates and part.name and _looked_up(asked, part, found[part.search], subject))
        or _of_kind(asked, plan, _offered(asked, plan, part, found[part.search], subject))
        for part in plan.parts
    ]
    if plan.operation in ("share", "ratio"):
        every = _of_one_unit(plan, every)
    if plan.operation == "per" or not (asks_per_unit(asked.text) or _PRICE.search(asked.text)):
        # "6,434 for each car" is no result, "40 billion a year" none of one year.
        every = [[c for c in mine if not is_per_unit(c)] for mine in every]
    if not asks_plan(asked):
        every = [_come_about(mine) for mine in every]
    if plan.operation not in ("share", "quotient", "ratio"):
        every = [[c for c in mine if not _is_base(c)] or mine for mine in every]
    series = len(plan.parts) > 1 and all(_is_period(part) for part in plan.parts)
    if series:
        every = together(every)
    elif len(plan.parts) > 1 and not asked.periods and not _states_amounts(plan):
        every, period = of_one_period(every)
        if period is not None:
            plan = _in_period(plan, period)
    if all(part.name for part in plan.parts) and not all(
        _is_settled(asked, part, mine, series) for part, mine in zip(plan.parts, every, strict=True)
    ):
        every = of_one_table(every)
    told_at_once = series and _is_one_place(asked, plan, every, subject)
    settled = {
        part: lookup.least_rounded(mine)
        if (rates and part.name and _is_alone(asked, part, mine, subject))
        or told_at_once
        or _is_settled(asked, part, mine, series)
        else _agreed(asked, part, mine, found[part.search], subject)
        for part, mine in zip(plan.parts, every, strict=True)
    }
    open_ = {
        part: mine for part, mine in zip(plan.parts, every, strict=True) if settled[part] is None
    }
    if any(open_.values()):
        picked = _picked_by_model(asked, open_, model)
        settled |= {
            part: choice if choice and _is_believed(asked, part, choice, model) else None
            for part, choice in picked.items()
        }
    if series:
        settled = _of_one_thing(asked, settled)
    return [Picked(part, settled[part]) for part in plan.parts]


def _come_about(mine: list[Choice]) -> list[Choice]:
    """What has come about, before what was planned; where that is one value, no other one's sentence
    speaks of plans.
    """
    told = [c for c in mine if not is_planned(c)] or mine
    sure = [c for c in told if not is_planned(c, whole=True)]
    return sure if _are_one(sure) else told


def _of_one_unit(plan: Plan, every: list[list[Choice]]) -> list[list[Choice]]:
    """Without figures of units that another part has none of: no phones sold are a share of revenue."""

    def bare(choice: Choice) -> bool:
        return choice.cell and choice.figure.unit == "count" and not choice.figure.noun

    units = [{c.figure.unit for c in mine if not bare(c)} for mine in every]
    common = set.intersection(*units) - {"percent"} if all(units) else set()
    money = UNITS_OF_KIND["money"]
    if common & money and any(
        read_question(f"What was {part.measure}?").kinds == {"money"} for part in plan.parts
    ):
        common &= money
    if not common:
        return every
    return [[c for c in mine if bare(c) or c.figure.unit in common] for mine in every]


def _is_base(choice: Choice) -> bool:
    """True for the whole of a share: "38% of 305,055 cars" recalls no 305,055."""
    return not choice.cell and is_base(choice.evidence.text, choice.figure)


def _of_one_thing(asked: Asked, settled: dict[Part, Choice | None]) -> dict[Part, Choice | None]:
    """Without the figures whose places tell less of the question than those of its other periods.

    The phones' revenue of one quarter is not compared with the group's of another.
    """
    wanted = telling_words(asked) - {w for part in settled for w in tokens(part.label)}
    told = {
        part: wanted & alike(tokens(f"{choice.about} {surroundings_line(choice.evidence)}"))
        for part, choice in settled.items()
        if choice is not None and not choice.given
    }

    words = tokens(asked.text)
    # What stands before the measure says whose or which it is: "phone revenue", not "cash reserves".
    which = {w for i, head in enumerate(words) if head in HEADS for w in words[max(0, i - 2) : i]}

    def lacks(part: Part) -> bool:
        # A sentence that goes on, "six months earlier it was …", names no measure and lacks nothing.
        mine = told.get(part, set())
        return bool(mine & HEADS) and any((other - mine) & which - HEADS for other in told.values())

    return {part: None if lacks(part) else choice for part, choice in settled.items()}


def _picked_by_model(
    asked: Asked, open_: dict[Part, list[Choice]], model: LanguageModel
) -> dict[Part, Choice | None]:
    """For each part the one of its figures that the model names, bound by a grammar; or none."""
    each = max(2, LINES // len(open_))
    shown: dict[tuple[str, int], Evidence] = {}
    options: list[list[Choice]] = []
    for mine in open_.values():
        lines = list(dict.fromkeys(choice.evidence for choice in mine))[:each]
        for line in lines:
            shown.setdefault((line.passage.id, line.span.start), line)
        options.append([choice for choice in mine if choice.evidence in lines])
    numbered = [replace(e, number=n) for n, e in enumerate(shown.values(), start=1)]
    numbers = {(e.passage.id, e.span.start): e.number for e in numbered}
    tagged = [
        {_tag(numbers[(c.evidence.passage.id, c.evidence.span.start)], c): c for c in mine}
        for mine in options
    ]
    labels = [part.label for part in open_]
    said = model.complete(
        prompts.operand_messages(asked.text, numbered, labels),
        max_tokens=MAX_TOKENS,
        grammar=_grammar(labels, [list(tags) for tags in tagged]),
    )
    answers = [*said.splitlines(), *[""] * len(labels)]
    return {
        part: _chosen(written.removeprefix(f"{part.label}:").strip(), tags)
        for part, written, tags in zip(open_, answers, tagged, strict=False)
    }


LEAST_PICKED = 0.4
"""Probability of the judge's yes that a figure the model picked needs: of 30 picks in three sets the right
ones got 0.5 to 1.0, the wrong ones 0.13, 0.13 and 0.49."""


def _is_believed(asked: Asked, part: Part, choice: Choice, model: LanguageModel) -> bool:
    """True unless the model, as a judge, finds that the place does not tell the part, asked plainly."""
    plain = [one.text for one in _plain_questions(asked, part)][-1:] or [part.search]
    return p_yes(plain[0], [choice.evidence], lookup.said(choice), model) >= LEAST_PICKED


def _states_amounts(plan: Plan) -> bool:
    """True where the question itself gives what is to be computed with."""
    return any(part.period or read_figures(part.measure) for part in plan.parts)


def _in_period(plan: Plan, period: Figure) -> Plan:
    """The parts with the period their figures were found for: it was not asked for, and is told."""
    return replace(plan, parts=tuple(replace(part, when=label(period)) for part in plan.parts))


_KEEPING = ("difference", "remainder", "sum", "average", "compare", "list", "per")
"""Operations whose result is of the kind that their operands are."""


def _sets_rates_beside(asked: Asked, plan: Plan) -> bool:
    """True for margins or shares that are compared, listed, averaged or subtracted: none is computed."""
    beside = plan.operation in ("compare", "list", "average") and "share" in asked.kinds
    beside |= plan.operation == "difference" and asked.kinds == {"share"}
    return beside and RATES.search(asked.text) is not None


_PRICE = re.compile(
    r"\b(?:prices?|costs?|fees?|rates?|wages?|salar(?:y|ies)|dividends?|rent)\b", re.I
)


def _is_one_place(
    asked: Asked, plan: Plan, every: Sequence[Sequence[Choice]], subject: str
) -> bool:
    """True for a sentence that gives the one figure found for each period: "23.2% in Q1 and 25.5% in Q3"."""
    places = {(c.evidence.passage.id, c.evidence.span) for mine in every for c in mine}
    return len(places) == 1 and all(
        _is_alone(asked, part, mine, subject) for part, mine in zip(plan.parts, every, strict=True)
    )


HALF_TOLD = 0.6
"""Share of a part's words that the place of the only rate found for it tells at least."""


def _is_alone(asked: Asked, part: Part, mine: Sequence[Choice], subject: str) -> bool:
    """True for the only rate found for a company, if it is the one asked for: no gross margin for R&D."""
    plain = replace(read_question(f"{part.search}?"), kinds=asked.kinds)
    return len(mine) == 1 and lookup.told_by(plain, mine[0], subject) >= HALF_TOLD


def _looked_up(asked: Asked, part: Part, lines: Sequence[Evidence], subject: str) -> list[Choice]:
    """The margin or share of one company, as a plain question for it would get it."""
    plain = replace(read_question(f"{part.search}?"), kinds=asked.kinds)
    found = lookup.agreed(lookup.looked_up(plain, lines, subject))
    return [found.choice] if found else []


def _offered(
    asked: Asked, plan: Plan, part: Part, lines: Sequence[Evidence], subject: str
) -> list[Choice]:
    """The figures that may be the part; of two margins no revenues."""
    if not _sets_rates_beside(asked, plan):
        return choices(asked, plan, part, lines, subject)
    said = _AS_SHARE.search(part.search)
    taken = set(tokens(said["a"])) - set(tokens(said["b"])) - NOT_TELLING if said else set()
    taken -= {w for name in asked.names for w in tokens(name)}
    taken = taken - _ANY_LINE or taken  # "wages expense" is no other cost

    def of_it(one: Choice) -> bool:
        told = alike(set(tokens(f"{one.about} {one.row} {one.column}")))
        return one.figure.unit == "percent" and (not taken or bool(taken & told))

    return choices(asked, plan, part, lines, subject, keep=of_it)


_ANY_LINE = frozenset(tokens("expense cost income spending expenditure profit loss"))
# In a table of percentages of sales the sales themselves are 100%: the row must be of what is taken of them.
_AS_SHARE = re.compile(
    r"^(?:what (?:is|was|were|are) )?(?P<a>.+?) as an? (?:percent|percentage|share|proportion|%) of (?:the |its |their )?(?P<b>.+?)(?: in\b|$)",
    re.IGNORECASE,
)


def _of_kind(asked: Asked, plan: Plan, mine: list[Choice]) -> list[Choice]:
    """Where cars are counted no amounts of money, if any counts were found, and the other way round."""
    if plan.operation in ("compare", "list", "sum", "difference") and not plan.parts[0].measure:
        # An operating profit is not set beside a revenue.
        mine = [c for c in mine if measures(asked.text, asked.text, c)] or mine
    if plan.operation not in _KEEPING or not asked.kinds & {"count", "money"}:
        return mine
    bare = [c for c in mine if c.cell and c.figure.unit == "count"]
    kept = [c for c in mine if asked.fits((c.figure,)) or c in bare]
    if not kept and "count" in asked.kinds:  # "how many people" is never an amount of money
        return [c for c in mine if c.figure.unit not in UNITS_OF_KIND["money"]]
    return kept or mine


def _is_period(part: Part) -> bool:
    """True for a part that is a time and nothing else: "2024", "mid-2025"."""
    if not part.measure:
        return part.period is not None
    found = read_figures(part.measure)
    return bool(found) and all(f.unit in TIME_UNITS for f in found)


LEAST_STATED = 4
"""So many characters an amount must have to be one that the question states, and none by chance."""


def _is_settled(asked: Asked, part: Part, mine: Sequence[Choice], series: bool) -> bool:
    """True where the figures left are one: a cell of the row asked for, one value told twice, or an
    amount that the question itself states.
    """
    if len(mine) == 1:
        if mine[0].shown in (part.measure or part.search) and len(mine[0].shown) >= LEAST_STATED:
            return True
        named = any(names_row(text, mine[0]) for text in (asked.text, part.measure) if text)
        named |= mine[0].cell and _names_column(part.measure, mine[0])
        return named or (series and mine[0].cell) or counts_part(part, mine[0])
    return _are_one(mine)


def _names_column(measure: str, choice: Choice) -> bool:
    """True for "R&D" and a cell of the column "R&D expense (CNY billion)"."""
    words = set(tokens(measure))
    return bool(words) and words <= set(tokens(choice.column))


def _are_one(mine: Sequence[Choice]) -> bool:
    """True for one value, however it is rounded."""
    return bool(mine) and all(
        lookup.agree(c.figure, lookup.least_rounded(mine).figure) for c in mine
    )


def _agreed(
    asked: Asked, part: Part, mine: Sequence[Choice], lines: Sequence[Evidence], subject: str
) -> Choice | None:
    """The figure that all places give which tell the part, put as a plain question of its own."""
    values = {c.figure.value for c in mine}
    units = {c.figure.unit for c in mine}
    for plain in _under_other_names(_plain_questions(asked, part)) if values else ():
        told = lookup.looked_up(plain, lines, subject)
        found = lookup.agreed([f for f in told if f.choice.figure.value in values])
        if found and found.told >= TOLD:
            return found.choice
        whole = lookup.agreed(told) if HEADS & alike(tokens(part.measure)) else None
        if whole and whole.told >= 1 and whole.choice.figure.unit in units:
            return whole.choice  # of the part alone it is told, if not of the whole question
    return None


def _plain_questions(asked: Asked, part: Part) -> Iterator[Asked]:
    """ "What was Tesla's R&D spending in 2022?", of each kind of figure that may be meant."""
    whole = read_question(part.search)
    if whole.wants_figure and "share" not in whole.kinds and not part.measure:
        yield whole
    words = f"{part.measure} {label(part.period)}" if part.measure and part.period else part.measure
    search = (
        IN_CURRENCY.sub(" ", RATE.sub(" ", part.search)) if part.label == AMOUNT else part.search
    )
    level = " ".join(_COMPARES.sub(" ", words or search).split())
    plain = read_question(f"What was {level}?")
    kinds = plain.kinds | asked.kinds if not plain.kinds & {"money", "count"} else plain.kinds
    if "share" in asked.kinds and RATES.search(level):
        kinds = asked.kinds
    elif COUNTED.search(level):
        kinds |= {"count"}
    for kind in ("count", "money", "share"):
        if kind in kinds:
            yield replace(plain, kinds=frozenset({kind}))


def _under_other_names(plain: Iterator[Asked]) -> Iterator[Asked]:
    """The questions, and each with a line of a statement by its other names."""
    for one in plain:
        yield one
        for _, text in renamed(one.text):
            yield replace(read_question(text), kinds=one.kinds)


_COMPARES = re.compile(
    rf"\b(?:growth rate|rate of growth)(?: of)?\b|,? ?\bin (?:percent|per cent|percentage terms)\b|^\W*(?:is|are|was|were|did|does|do|has|have|had|add up|what (?:did|does|is|was|were)?)\b|\b(?:{MORE}|{LESS}|than|or|vs|versus|next to|below|above)\b|\bvs\."
    rf"|\b(?:by )?(?:what|how many) per ?cent(?:age)?\b|\b(?:is|was|were|are) the\b|\bpercentage (?:change|increase|decrease|growth|decline)\b|\b(?:how (?:fast|far|much|strongly)|by how (?:much|many)|did|does)\b|\b(?:{MOVES})\b"
    r"|\b(?:sum|average|mean|total|difference|ratio) (?:of|between)\b|\b(?:simple|arithmetic) (?:average|mean)\b|\bon average\b"
    r"|\b(?:in|for|at|of|from|to|between|and)(?= +(?:than|in|for|at|of|from|to|between|and)\b)"
    r"|\b(?:to|and|until)(?= (?:Q[1-4] |H[12] |FY ?)?(?:19|20)\d\d\W*$)|[?？]",
    re.IGNORECASE,
)


def _chosen(written: str, tags: dict[str, Choice]) -> Choice | None:
    """The choice written down; a model without a grammar may leave the column's name out."""
    if written in tags:
        return tags[written]
    short = [choice for tag, choice in tags.items() if tag.split(" (")[0] == written]
    return short[0] if len(short) == 1 else None


def _tag(number: int, choice: Choice) -> str:
    return f"[{number}] {choice.shown}"


def _grammar(labels: Sequence[str], tags: Sequence[Sequence[str]]) -> str:
    """GBNF: a line for each part, its label and one of its tags or "none"."""
    lines, rules = [], []
    for i, (named, mine) in enumerate(zip(labels, tags, strict=True)):
        lines.append(f"{_quoted(f'{named}: ')} part{i}")
        rules.append(f"part{i} ::= {' | '.join(_quoted(tag) for tag in (*mine, 'none'))}")
    return "\n".join(["root ::= " + ' "\\n" '.join(lines), *rules])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


RATE = re.compile(
    r"\bat (?:a rate of |an exchange rate of )?(?P<rate>.+? (?:to|per|for) .+?)(?:[,?]|$)", re.I
)
