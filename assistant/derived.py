"""Plans for measures that need a sum of their own: over an average, of a market, still needed. Pure."""

from __future__ import annotations

import re

from assistant.asked import Asked, read_question
from assistant.entities import whole_names
from assistant.figures import read_figures
from assistant.lexical import tokens
from assistant.periods import label
from assistant.plans import Part, Plan, one_period, timeless
from assistant.times import TIME_UNITS

# "What is Castor's share of all pumps sold in China in 2025?", "what share of pump sales was Castor's?"
MARKET_SHARE = re.compile(
    r"\b(?P<who>[A-Z][\w&]*(?: [A-Z][\w&]*)?)['’]s share of (?:all |the |total )*(?P<b>[^?]*?\b(?:cars|vehicles|phones|smartphones|units|sales|deliveries|shipments)\b[^?]*)"
    r"|\bshare of (?:all |the |total )*(?P<b2>[^?]*?\b(?:cars|vehicles|phones|smartphones|units|sales|deliveries|shipments)\b[^?]*?) (?:is|was|were|are) (?P<who2>[A-Z][\w&]*(?: [A-Z][\w&]*)?)['’]s\W*$"
)


def of_market(asked: Asked, said: re.Match[str]) -> Plan | None:
    """A company's own sales as a share of those of a market."""
    who, market = said["who"] or said["who2"], said["b"] or said["b2"]
    period = one_period(asked)
    market = timeless(asked, market.strip())
    own = "cars" if re.search(r"\b(?:cars?|vehicles?|NEVs?|EVs?)\b", market) else "units"
    if re.search(r"\b(?:smart)?phones?\b", market, re.I):
        own = "smartphones"
    if period is None or set(tokens(who)) & set(tokens(market)):
        return None
    when = label(period)
    mine = Part(f"{own} of {who}", f"How many {own} did {who} sell in {when}?", period, who)
    return Plan("share", (mine, Part(market, f"{market} {when}", period, measure=market)), False)


# "…, defined as cost of sales / (average inventories between FY2021 and FY2022)".
OVER_AVERAGE = re.compile(
    r"\b(?:defined|calculated|computed|define [^?]*?) as:? (?:the )?\(?(?P<a>[^?()]+?) ?(?:/|divided by|over) ?\(?(?:the )?average (?:of )?(?:the |its )?"
    r"(?P<b>[^?()]+?) (?:between|of|for|from|at|in) (?P<first>[^?()]+?) (?:and|to) (?P<last>[^?()]+?)\)?\)?(?:[.?]|$)",
    re.IGNORECASE,
)


def over_average(asked: Asked, said: re.Match[str]) -> Plan | None:
    """A measure as a multiple, or a percentage, of the average of another at two times."""
    times = [read_question(said[which]).periods for which in ("first", "last")]
    head = read_question(asked.text[: said.start()])
    if not all(len(t) == 1 for t in times):
        return None
    (first,), (last,) = times
    whose = " ".join(whole_names(head)[:1])
    period = head.periods[0] if head.periods and last.unit != "date" else last
    a = re.sub(r"^(?:FY ?|fiscal (?:year )?)?(?:19|20)\d\d ", "", said["a"].strip())
    b = said["b"].strip().removesuffix(",")
    b = re.sub(r"\bPP&E\b", "property, plant and equipment", b)
    parts = (
        Part(a, f"{whose} {a} {label(period)}", period, measure=a),
        *(Part(f"{b}, {label(t)}", f"{whose} {b} {label(t)}", t, measure=b) for t in (last, first)),
    )
    rate = re.search(r"\breturn\b|\brate\b|\bmargin\b|%|\bpercent", head.text, re.IGNORECASE)
    return Plan("return" if rate else "turnover", parts, True)


_NEEDS = re.compile(
    r"\b(?:must|(?:have|has|had|need|needs|needed) to|(?:be|is|are|was|were) (?:needed|required|necessary))\b",
    re.IGNORECASE,
)
_TO_REACH = re.compile(
    r"\b(?:to|for) (?:[^?]*? )?(?:reach|get|hit|make|meet|bring|take|arrive|come)\w*\b[^?]*",
    re.IGNORECASE,
)


def needed(asked: Asked) -> Plan | None:
    """ "What must Q4 2025 R&D be to reach 30 billion?": the total stated, less what came before that time."""
    need = _NEEDS.search(asked.text)
    said = _TO_REACH.search(asked.text, need.end()) if need else None
    if said is None or not asked.periods:
        return None
    period = asked.periods[0]
    year, number = divmod(int(period.value), 10)
    months = {("quarter", 4): "nine", ("half", 2): "six"}.get((period.unit, number))
    totals = [
        f
        for f in read_figures(said[0])
        if f.unit not in TIME_UNITS and (f.scale or f.value >= 1000)
    ]
    if not months or len(totals) != 1 or not year:
        return None
    before = f"first {months} months of {year}"
    level = _NEEDS.sub(" ", asked.text[: said.start()]).replace(period.text, " ")
    level = re.sub(r"\b(?:would|will|should|does|did|be)\b", " ", level)
    level = re.sub(r"^\W*(?:what|how much)\b", "What was", level, flags=re.IGNORECASE)
    whole = read_question(f"{' '.join(level.split())} in the {before}?")
    if not whole.periods:
        return None
    parts = (
        Part(totals[0].text, asked.text, measure=totals[0].text),
        Part(before, whole.text, whole.periods[0]),
    )
    return Plan("remainder", parts, True, rest=label(period))
