"""A question → what has to be looked up for it, and what is to be done with the figures. Pure.

"How much more was spent in 2024 than in 2023?" has two parts, 2024 and 2023, and the operation
"difference". A plain question has no parts and no operation. Looks nothing up.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from assistant.asked import COUNTED, Asked, asks_why, read_question
from assistant.derived import MARKET_SHARE, OVER_AVERAGE, needed, of_market, over_average
from assistant.entities import NO_ENTITY, whole_names
from assistant.figures import read_figures, singular
from assistant.formulas import IN_PERCENT, by_formula
from assistant.multiples import claimed, lasting, yearly_growth
from assistant.operations import (
    BOTH_OF,
    DIVISORS,
    LESS,
    MORE,
    MOVES,
    PER_YEAR,
    YEAR_AGO,
    operation_of,
)
from assistant.pairs import FORMULAS, pair_of
from assistant.periods import BY_QUARTER, beside, label, listed, periods_of, shifted
from assistant.plans import Part, Plan, one_period, timeless
from assistant.times import TIME_UNITS
from assistant.types import Figure

_BASE = re.compile(r"\b(?:how many times|multiple of|than)\b", re.IGNORECASE)
_THAN = re.compile(r"\bthan\b", re.IGNORECASE)
_BOTH = re.compile(
    r"\W*what (?:are|were) (?:the )?[^?]+? and (?:its|their|the) [^?]+", re.IGNORECASE
)


def plan(asked: Asked) -> Plan | None:
    """How to compute or gather the answer from several figures; None for a plain question."""
    text = asked.text
    if asks_why(text):
        return None
    if (said := claimed(text)) and (found := plan(read_question(said[0]))):
        return replace(found, claimed=said[1]) if found.operation == "ratio" else None
    if yearly := yearly_growth(text):
        level = read_question(yearly[0])
        return replace(_of_periods(level, "cagr", level.periods), explicit=False, over=yearly[1])
    if lasts := lasting(text):
        return plan(read_question(lasts))
    if averaged := OVER_AVERAGE.search(text):
        return over_average(asked, averaged)
    if (formula := by_formula(text)) and (found := plan(read_question(formula))):
        return replace(found, explicit=False)  # a document may print the ratio itself
    if missing := needed(asked):
        return missing
    if market := MARKET_SHARE.search(text):
        return of_market(asked, market)
    if each := _FOR_EACH_HEAD.match(text):
        counted = _HEADS_COUNTED.get(singular(each["b"]), f"number of {each['b']}s")
        return replace(_of_labels(asked, "quotient", (each["a"], counted)), explicit=False)
    if (most := WHICH_OF.match(text)) and _side_by_side(most["who"], whole_names(asked)):
        return _of_names(asked, "compare", whole_names(asked))
    if rank := RANK.match(text):
        things = "number of " if COUNTED.search(rank["by"]) else ""
        level = read_question(f"What was the {things}{rank['by']} of {rank['who']}?")
        names = whole_names(level)
        if 1 < len(names) <= MOST_NAMES and _side_by_side(level.text, names):
            return _of_names(level, "compare", names)
    if used := _USED_UP.match(text):
        whole = f"What share of {used['amount']} is the amount spent on the {used['thing']}{used['when']}?"
        return plan(read_question(whole))
    if _DIRECTION.search(text):
        return _directed(text)
    if moved := _DID_MOVE.match(text):
        return _directed(f"{moved['lead']} rise or fall{moved['rest']}")
    operation = operation_of(text)
    if "share" in asked.kinds and (operation == "per" or BY_QUARTER.search(text)):
        operation = "list"  # a margin is not spread over quarters
    periods = periods_of(asked, operation)
    if len(periods) > 1 and not operation and asked.wants_figure and listed(asked):
        operation = "list"
    names = whole_names(asked)
    if not operation and asked.wants_figure and (_BOTH.match(text) or _side_by_side(text, names)):
        operation = "list"
    if not operation:
        return None
    if len(periods) > 1 and operation not in ("convert", "quotient", "per"):
        # A margin in two years is two figures to look up, none to compute.
        return _of_periods(asked, "list" if operation == "share" else operation, periods)
    if operation in ("growth", "difference", "share", "compare") and (
        quarters := _on_quarter(asked, operation)
    ):
        return quarters
    if operation == "quotient" and IN_PERCENT.search(text):
        operation = "share"  # a tax rate is a tax divided by an income, in percent
    if operation == "convert":
        return Plan(operation, (Part(AMOUNT, text, one_period(asked)),), True)
    if operation == "average" and len(periods) < 2 and _PER_UNIT.search(text):
        operation = "per"
    if operation == "per":
        return _spread(asked, text)
    if len(names) == 2 and operation in (*_OF_MANY, "ratio", "difference"):
        planned = _of_names(asked, operation, names)
        in_percent = operation == "difference" and _IN_PERCENT.search(text)
        return replace(planned, operation="growth") if in_percent else planned
    if 2 < len(names) <= MOST_NAMES and operation in _OF_MANY and _side_by_side(text, names):
        return _of_names(asked, operation, names)
    if operation in ("share", "quotient", "difference", "ratio", "compare", "sum", "list"):
        pair = pair_of(text, operation)
        if pair is not None:
            return _of_labels(asked, operation, pair)
    if operation == "sum" and (both := re.search(BOTH_OF, text, re.I)):
        return _of_both(asked, both)
    if len(asked.periods) == 1 and (
        (operation in ("growth", "difference") and YEAR_AGO.search(text))
        or (operation in ("growth", "difference") and _MOVED.search(text))
    ):
        return _over_a_year(asked, "difference" if _HOW_MANY_MORE.search(text) else "growth")
    return _of_given(text, operation)


# "How much larger was A's than B's, in percent?"
_IN_PERCENT = re.compile(
    r"\bin (?:percent|per cent|%|percentage terms)(?!\w)|\b(?:by )?(?:what|how many) per ?cent(?:age)?\b(?!.{0,3}points?)",
    re.IGNORECASE,
)


def _on_quarter(asked: Asked, operation: str) -> Plan | None:
    """A quarter and the one before it; None for a question that sets no quarter against the last."""
    if len(asked.periods) != 1 or not _QUARTER_AGO.search(asked.text):
        return None
    now, before = asked.periods[0], beside(asked.periods[0], -1)
    if now.unit != "quarter" or before is None:
        return None
    beside_it = operation in ("share", "compare")  # two margins are set side by side
    return _of_periods(asked, "list" if beside_it else operation, (now, before))


_QUARTER_AGO = re.compile(
    r"\b(?:than|from|on|over|compared (?:with|to)|against)(?: in)? the (?:quarter (?:before|earlier)|(?:previous|preceding|prior|last) quarter)"
    r"|\bquarter[- ](?:on|over)[- ]quarter\b|\bqoq\b|环比",
    re.IGNORECASE,
)
_UP = r"(?:rise|rose|risen|increas\w*|grow|grew|grown|gone? up|went up|up|improve[ds]?|higher|better|more)"
_DOWN = r"(?:fall|fell|fallen|decreas\w*|declin\w*|drop(?:ped)?|shr[aiu]nk|gone? down|went down|down|worsen(?:ed)?|deteriorate[ds]?|lower|worse|less|fewer)"
_DIRECTION = re.compile(
    rf"\b(?:(?:go|gone|went|come|came|move[ds]?) )?(?:{_UP} or {_DOWN}|{_DOWN} or {_UP})\b",
    re.IGNORECASE,
)
# "R&D spending per researcher in Q3 2025".
_FOR_EACH_HEAD = re.compile(
    r"^\W*(?:(?:what|how (?:much|large|big)) (?:is|was|were|are) )?(?:the |its |their )?(?P<a>[^?]*?\b(?:revenue|profit|loss|R&D|spend(?:ing)?|cost|expenses?|income|investment|sales)\b[^?]*?) "
    r"(?:per|for (?:each|every)) (?P<b>researcher|R&D employee|employee|worker|head|engineer|staff member)\b",
    re.IGNORECASE,
)
_HEADS_COUNTED = {
    "researcher": "number of R&D staff", "r&d employee": "number of R&D staff", "engineer": "number of R&D staff",
    "employee": "number of employees", "worker": "number of employees", "head": "number of employees",
    "staff member": "number of employees",
}  # fmt: skip
# "Rank Castor, Orsa and Delta by cars in 2025, biggest first."
RANK = re.compile(
    r"^\W*(?:please )?(?:rank|sort|order) (?P<who>[^?]+?) by (?:the |their )?(?P<by>[^?,]+?)"
    r"(?:,? (?:from )?(?:the )?(?:(?P<least>smallest|lowest|fewest|least)|biggest|largest|highest|most|top)(?: first| to \w+)?)?\W*$",
    re.IGNORECASE,
)
"""Asks for an order of several names by a measure, of the least first where it says so."""
WHICH_OF = re.compile(
    r"^\W*(?:which|who)(?: one| company| maker)? (?:of|among) (?:the )?(?P<who>[A-Z][^?]*?) "
    r"(?=(?:spent|spends|spend|put|puts|paid|pays|built|produced|had|has|have|delivered|sold|made|makes|earned|posted|reported|shipped|invested|employs|employed)\b)"
    r"[^?]*\b(?:(?P<least>least|fewest|lowest|smallest)|most|highest|largest|biggest)\b",
    re.IGNORECASE,
)
"""Asks which of several names has most of something, or least."""
# "What percentage of the 50bn programme had been used up by April 2025?"
_USED_UP = re.compile(
    r"^\W*(?:what|which|how much) (?:share |percentage |proportion |percent |part )?of (?:the |its |their )?(?P<amount>(?:CNY |RMB |US\$|[$€¥])?\d[\d,.]*[- ]?(?:bn|billion|m|mn|million|trillion))(?: yuan)?[- ]"
    r"(?P<thing>[^?]+?) (?:has|had|have|was|were|is) (?:already |so far )?(?:been )?(?:used(?: up)?|spent|invested|consumed|drawn|committed|put in)(?P<when> [^?]*)?\W*$",
    re.IGNORECASE,
)
# "Did the margin improve between Q4 2024 and Q4 2025?"
_DID_MOVE = re.compile(
    rf"^\W*(?P<lead>(?:did|has|have|had|is|are|was|were|does|do) [^?]+?) (?:getting )?(?:{_UP}|{_DOWN})(?P<rest> (?:between|from) [^?]+? (?:and|to) [^?]+)",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(r"^\W*(?:did|has|have|had|is|are|was|were|does|do)\b\s*", re.IGNORECASE)


def _directed(text: str) -> Plan | None:
    """ "Did the margin rise or fall in Q3?": the level then, and a year before where no other time is named."""
    level = _AUXILIARY.sub("", _DIRECTION.sub(" ", text))
    plain = read_question(f"What was {' '.join(level.split())}")
    if len(plain.periods) == 2:
        return _of_periods(plain, "difference", plain.periods)
    moved = _over_a_year(plain) if len(plain.periods) == 1 else None
    return replace(moved, operation="difference") if moved else None


def remainder(asked: Asked) -> Plan | None:
    """The last quarter or half of a year as what the year leaves after the others.

    For a question that no document answers; None for any other period.
    """
    if len(asked.periods) != 1 or not asked.wants_figure or asked.kinds & {"share", "time"}:
        return None
    period = asked.periods[0]
    year, number = divmod(int(period.value), 10)
    last = {"quarter": 4, "half": 2}.get(period.unit)
    if number != last or not year:
        return None
    whole = Figure(Decimal(year), "year", period.span, str(year))
    others = [replace(period, value=Decimal(year * 10 + n)) for n in range(1, number)]
    planned = _of_periods(asked, "remainder", (whole, *others))
    return replace(planned, rest=label(period))


_OF_MANY = ("compare", "sum", "average", "list")
MOST_NAMES = 6


def _side_by_side(text: str, names: tuple[str, ...]) -> bool:
    """True for "Castor and Orsa", "Castor, Orsa and Halden": names of which the same is asked."""
    one = r"(?<!\w){}(?:['’]s)?"
    between = r"(?:, (?:and |or )?| and | or | vs\.? | versus | ?/ ?)"
    joined = between.join(one.format(re.escape(n)) for n in names)
    return len(names) > 1 and re.search(rf"{joined}(?!\w)", text) is not None


_FALLS = re.compile(
    r"\b(?:fall|fell|fallen|drop(?:ped)?|declined?|decreased?|below|short|less|lower)\b",
    re.IGNORECASE,
)


def _of_given(text: str, operation: str) -> Plan | None:
    """A question that states both figures itself; its words tell which is which."""
    figures = [f for f in read_figures(text) if f.unit not in TIME_UNITS | {"percent"}]
    figures = [f for f in figures if not f.text.isalpha()]
    if len(figures) != 2 or operation not in ("share", "ratio", "difference", "growth"):
        return None
    first, second = sorted(figures, key=lambda f: -f.value)
    base = _BASE.search(text)
    if operation == "share" or (operation == "growth" and _FALLS.search(text)):
        first, second = second, first
    elif operation == "ratio" and base is not None:
        after = [f for f in figures if f.span.start >= base.end()]
        if after and after[0] is first:
            first, second = second, first
    parts = tuple(Part(f.text, text, measure=f.text) for f in (first, second))
    return Plan(operation, parts, False)


WHOLE = "the whole"
AMOUNT = "the amount"
_PER_UNIT = re.compile(
    r"\b(?:a|per|each|every) (?:month|quarter|week|day)\b|\b(?:month|quarter)ly\b", re.IGNORECASE
)


def _spread(asked: Asked, text: str) -> Plan | None:
    """A year's amount by the month, quarter, week or day."""
    years = [f for f in read_figures(text) if f.noun == "year"]
    if re.search(PER_YEAR, text, re.I):
        whole = re.sub(PER_YEAR, "", text, flags=re.I)
        part = Part(WHOLE, " ".join(whole.split()))
        return Plan("per", (part,), False, "year", int(years[0].value)) if years else None
    unit = next((u for u in DIVISORS if re.search(rf"\b(?:{u}|{u}ly)\b", text, re.I)), "")
    period = one_period(asked)
    if not unit or period is None:
        return None
    over = _months_of(period) if unit == "month" else 0
    if period.unit != "year" and not over:
        return None
    whole = re.sub(
        rf"\b(?:a|per|each|every) {unit}\b|\b{unit}ly\b|\bon average\b|\b(?:average|mean)\b",
        "",
        text,
        flags=re.I,
    )
    part = Part(label(period), " ".join(whole.split()), period)
    return Plan("per", (part,), False, unit, 0 if period.unit == "year" else over)


def _months_of(period: Figure) -> int:
    """The months of a quarter, a half or "the first nine months"; 0 for a shorter time."""
    if period.unit == "months":
        return int(period.value) % 100
    return {"year": 12, "half": 6, "quarter": 3}.get(period.unit, 0)


def _of_both(asked: Asked, said: re.Match[str]) -> Plan:
    """ "Both recalls taken together": the first of them and the second."""
    thing = said["things"][:-1]
    labels = [f"{which} {thing}" for which in ("first", "second")]
    rest = re.sub(r"\b(?:taken |put |counted )?(?:together|combined)\b", " ", asked.text)
    parts = tuple(
        Part(
            label_,
            " ".join(rest.replace(said[0], f"the {label_}").split()),
            one_period(asked),
            measure=label_,
        )
        for label_ in labels
    )
    return Plan("sum", parts, False)


def _of_labels(asked: Asked, operation: str, pair: tuple[str, str]) -> Plan:
    period = one_period(asked)
    first, second = (timeless(asked, side) for side in pair)
    if operation == "share":  # "of all cars exported, which share were electric ones?"
        first = re.sub(r"\bones?$", lambda _: second, first)
    pair = (first, second)
    parts = tuple(_labelled(asked, x, [y for y in pair if y != x], period) for x in pair)
    if operation == "difference" and _OVER_TIME.search(asked.text):
        parts = parts[::-1]  # "added between mid-2025 and today"
    by_formula = any(pattern.search(asked.text) for pattern in FORMULAS)
    told = ("difference", "ratio", "compare", "sum", "list")
    return Plan(operation, parts, by_formula or operation in told)


_OVER_TIME = re.compile(rf"\b(?:added?|gained?|lost|{MOVES})\b.*\bbetween\b", re.IGNORECASE)


# Whose it is stands in the search; the line is called by the rest: "Castor's worldwide sales".
_OWNER = re.compile(r"^(?:[A-Z][\w.-]*(?: (?:& )?[A-Z][\w.-]*){0,3})['’]s (?=[a-z])")


def _labelled(asked: Asked, label_: str, others: list[str], period: Figure | None) -> Part:
    search = _ASKING.sub("", _without(asked.text, others))
    label_ = _OWNER.sub("", label_)
    lost = [n for n in asked.names if n not in search and not NO_ENTITY.fullmatch(n)]
    search = " ".join([search, *lost])
    if period is not None and period.text not in search:
        search = f"{search} {label(period)}"
    return Part(label_, search, period, measure=label_)


# What is left of "What were A and its B" without A.
_ASKING = re.compile(
    r"^\W*(?:what|which|how (?:much|many|big|large|high)) (?:is|are|was|were)\b(?:\s+and\b)?(?:\s+(?:its|the|their)\b)?\s*",
    re.IGNORECASE,
)
# Where no base is named, a change is one over the year, as in any results release.
_MOVED = re.compile(
    rf"\b(?:by how much|how (?:much|far|fast|strongly)) (?:did|has|have|had|does)\b.*\b(?:{MOVES})\b"
    r"|\b(?:percentage|percent|%) (?:change|increase|decrease|rise|fall|decline) (?:in|of)\b",
    re.IGNORECASE,
)


_HOW_MANY_MORE = re.compile(rf"\bhow many (?:{MORE}|{LESS})\b", re.IGNORECASE)


def _over_a_year(asked: Asked, operation: str = "growth") -> Plan | None:
    """A growth over a year: the period named, and the same period of the year before."""
    now = asked.periods[0]
    before = shifted(now, -1)
    if before is None:
        return None
    return replace(_of_periods(asked, operation, (now, before)), explicit=False)


def _of_periods(asked: Asked, operation: str, periods: tuple[Figure, ...]) -> Plan:
    printed = [p.text for p in asked.periods]
    base = _without(asked.text, printed)
    parts = tuple(Part(label(p), f"{base} {label(p)}", p) for p in periods)
    if operation in ("growth", "cagr", "difference", "ratio") and len(parts) == 2:
        # Growth runs from the earlier to the later, in whatever order the question names them.
        parts = tuple(sorted(parts, key=lambda part: -_order(part.period)))
    return Plan(operation, parts, True)


def _of_names(asked: Asked, operation: str, names: tuple[str, ...]) -> Plan:
    base = _THAN.search(asked.text) or _BASE.search(asked.text)
    if base and operation in ("ratio", "difference"):
        # "How many times A's did B spend", "more than A": A is what B is measured against.
        names = tuple(sorted(names, key=lambda n: asked.text.find(n, base.end()) == -1))
        names = names if asked.text.find(names[0], base.end()) == -1 else names[::-1]
        if all(asked.text.find(n, base.end()) != -1 for n in names):
            names = tuple(sorted(names, key=lambda n: -asked.text.find(n, base.end())))
    parts = tuple(
        Part(name, _without(asked.text, [n for n in names if n != name]), one_period(asked), name)
        for name in names
    )
    return Plan(operation, parts, True)


def _without(text: str, words: list[str]) -> str:
    """The question without some of its words and remarks behind it, for searching."""
    text = text[: text.index("?")] if "?" in text else text
    for word in sorted(words, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(word)}(?:['’]s)?(?!\w)", " ", text)
    return " ".join(text.split())


def _order(period: Figure | None) -> int:
    """Where a period lies in time, comparable within its unit."""
    return int(period.value) if period is not None else 0
