"""A measure that goes by a name, or that the question defines, as what it is taken of. Pure.

"The current ratio" is the ratio of current assets to current liabilities; "free cash flow, defined as A
less B" is the difference between the two.
"""

from __future__ import annotations

import re

from assistant.asked import read_question
from assistant.entities import whole_names
from assistant.whose import CAPEX

# Ratios that analysts ask for by name and statements seldom print.
_METRICS = tuple(
    (re.compile(rf"\b{name}\b", re.IGNORECASE), formula)
    for name, formula in (
        ("current ratio", "ratio of total current assets to total current liabilities"),
        (
            "(?:net )?working capital",
            "difference between total current assets and total current liabilities",
        ),
        (
            "(?:total )?liabilities[- ]to[- ]assets(?: ratio)?",
            "ratio of total liabilities to total assets",
        ),
        ("debt[- ]to[- ]assets ratio", "ratio of total debt to total assets"),
        ("debt[- ]to[- ]equity(?: ratio)?", "ratio of total debt to total equity"),
    )
)


def by_formula(text: str) -> str:
    """The question with a named ratio, or one that it defines, as what it is taken of; "" without one."""
    if later := _DEFINE.match(text):
        text = f"{later['head'].rstrip('? ')}, defined as {later['what']}?"
    elif is_defined := _IS_DEFINED.match(text):
        text = f"{is_defined['head'].rstrip('? ')}, defined as {is_defined['what']}?"
    if said := _DEFINED.match(text):
        return _spelled_out(said)
    for name, formula in _METRICS:
        if name.search(text):
            return name.sub(formula, text)
    return ""


# "What is its inventory turnover? Inventory turnover is defined as: cost of sales / inventories."
_IS_DEFINED = re.compile(
    r"^(?P<head>[^?]+\?) (?:[A-Z][^?.]*?) (?:is|are) (?:defined|calculated|computed) as:? (?P<what>[^?]+?)\W*$"
)
# "What was its free cash flow? Define it as cash from operations less capital expenditure."
_DEFINE = re.compile(
    r"^(?P<head>[^?]+\?) (?:please )?define [^?]*? as:? (?P<what>[^?]+?)\W*$", re.IGNORECASE
)
# "Its free cash flow, defined as cash from operations less capital expenditure".
_DEFINED = re.compile(
    r"^(?P<head>[^?]*?),? \(?(?:defined|calculated|computed|measured) as:? (?:the )?(?P<a>[^?]+?) "
    r"(?P<by>divided by|over|less|minus|/|[-–−]) (?:the |its )?(?P<b>[^?.]+?)\)?(?:[?.]|$)",
    re.IGNORECASE,
)
IN_PERCENT = re.compile(
    r"\b(?:margin|percent|percentage|(?<!per )share|intensity|rate)\b|%", re.IGNORECASE
)


def _spelled_out(said: re.Match[str]) -> str:
    """A measure that the question defines, as the difference, ratio or share that it is."""
    head = read_question(said["head"])
    first, second = (
        "capital expenditures" if CAPEX.search(side) else side.strip()
        for side in (said["a"], said["b"])
    )
    if said["by"].lower() in ("less", "minus", "-", "–", "−"):
        asked = f"difference between {first} and {second}"
    elif IN_PERCENT.search(said["head"]):
        asked = f"{first} as a percentage of {second}"
    else:
        asked = f"ratio of {first} to {second}"
    owner = "".join(f"For {name}, what" for name in whole_names(head)[:1]) or "What"
    when = f" in {head.periods[-1].text}" if head.periods else ""
    return f"{owner} is the {asked}{when}?"
