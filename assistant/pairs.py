"""The two things that a question puts side by side, in its own words. Pure.

"What share of revenue was R&D?" puts R&D beside revenue; "the ratio of A to B", "A less B", a margin.
"""

from __future__ import annotations

import re

from assistant.operations import LESS, MORE

FORMULAS = (
    re.compile(r"\((?P<a>[^()]+?) (?:over|divided by|less|minus|per|/|-) (?P<b>[^()]+?)\)", re.I),
    re.compile(r"[:] (?P<a>[^:?]+?) (?:over|divided by|less|minus) (?P<b>[^:?,]+)", re.I),
)  # fmt: skip
# "For" ends a measure before a time alone: "the allowance for credit losses" goes on.
_WHEN = r" (?:in|at|as of|during) | for (?=(?:the )?(?:fiscal|FY|years?|quarter|half|first|second|third|fourth|full|Q\d|H\d|\d|[A-Z][a-z]+ \d))"
_PAIR = (
    *FORMULAS,
    re.compile(rf"\bratio of (?:the )?(?P<a>[^,?]+?) to (?:the |its |their )?(?P<b>[^,?]+?)(?:{_WHEN}|[,?.]|$)", re.I),
    re.compile(rf"\b(?P<a>[^,?]+?) as an? (?:share|percentage|percent|proportion|%) of (?:the |its )?(?P<b>[^,?]+?)(?:{_WHEN}|[,?.]|$)", re.I),
    re.compile(rf"\bbetween (?:the )?(?P<a>[^,?]+?) and (?:the )?(?P<b>[^,?]+?)(?:{_WHEN}|[,?]|$)", re.I),
    re.compile(rf"\b(?:compare|set|put) (?:the )?(?P<a>.+?) (?:with|to|beside|next to|against|and) (?:that of |the )?(?P<b>.+?)(?:{_WHEN}|[,?.]|$)", re.I),
    re.compile(rf"^\W*(?:is|are|was|were) (?:the )?(?P<a>.+?) (?:(?:{MORE}|{LESS}) than|(?:above|below) (?:that|those) of) (?:the |its )?(?P<b>.+?)(?:{_WHEN}|[,?.]|$)", re.I),
    re.compile(rf"\bhow (?:does|do|did) (?:the )?(?P<a>.+?) compare (?:with|to) (?:that of |the )?(?P<b>.+?)(?:{_WHEN}|[,?.]|$)", re.I),
    re.compile(rf"^(?:what|how (?:big|large|high|much|many)) (?:is|are|was|were) (?:the )?(?P<a>.+?) and (?:its |the |their )?(?P<b>.+?)(?:{_WHEN}|[,?.]|$)", re.I),
    re.compile(rf"^\W*(?:which|what) (?:is|was|were|are) (?:the )?(?:{MORE}|{LESS})(?:(?:{_WHEN})[^,?:]+)?[,:] (?:the )?(?P<a>[^,?]+?) or (?:the |that of (?:the )?)?(?P<b>[^,?]+?)\W*$", re.I),
    re.compile(rf"\b(?:on|in|with|from) (?:its |the |their )?(?P<a>[a-z][\w -]{{2,30}}?) or (?:on|in|with|from) (?:its |the |their )?(?P<b>[\w -]{{2,30}}?)(?:{_WHEN}|[,?.]|$)", re.I),
)  # fmt: skip
_SHARE = re.compile(
    r"\b(?:share|percentage|percent|proportion|fraction|part|how much) of (?:the |all |its |their )?(?P<b>.+?) "
    r"(?:is|are|was|were|went (?:in)?to|goes (?:in)?to|come[s]? from|came from|would|has|have|had|did|does) "
    r"(?:the |made up of |spent on )?(?P<a>[^?,]+?)(?: be)?(?: (?:in|for|at|as of|during) |[,?]|$)",
    re.IGNORECASE,
)
# "The percentage of A out of B", "of A to B", "of A in the total B".
_PART_OF = re.compile(
    rf"\b(?:the )?(?:share|percentage|percent|proportion|fraction) of (?:the |its |their )?(?P<a>[^,?]+?) "
    rf"(?:(?:out of|relative to|to) (?:the |its |their )?|(?:in|within|among) (?:the |its |their )?(?=total |overall |all |consolidated ))"
    rf"(?P<b>[^,?]+?)(?:{_WHEN}|[,?.]|$)",
    re.IGNORECASE,
)
_OF_WHOLE = re.compile(
    r"^\W*(?:out )?of (?:the |all |its |their )?(?P<b>[^,?]+?)(?: (?:on|in|for|at|as of|during|at the end of) [^,?]+)?, "
    r"(?:what|which) (?:share|percentage|percent|per cent|proportion|fraction|part) (?:is|are|was|were|went (?:in)?to|came from|consisted of) "
    r"(?:the |made up of |spent on )?(?P<a>[^?,]+?)(?: proper| alone| only)?(?: (?:in|for|at|as of|during) |[,?]|$)",
    re.IGNORECASE,
)
_MARGIN = re.compile(
    r"\b(?:(?:adjusted|non-GAAP) )?(gross|operating|net|free cash flow)[a-z -]* margin\b", re.I
)
_MARGIN_OF = {
    "gross": "gross profit",
    "operating": "operating profit",
    "net": "net profit",
    "free cash flow": "free cash flow",
}
_YES_OR_NO = re.compile(r"\W*(?:did|does|do|is|are|was|were|will|has|have|can)\b", re.IGNORECASE)


def pair_of(text: str, operation: str) -> tuple[str, str] | None:
    """The two things a question puts side by side, in its own words."""
    formula = any(pattern.search(text) for pattern in FORMULAS)
    if operation == "share" and not formula and (margin := _MARGIN.search(text)):
        if _YES_OR_NO.match(text):
            return None
        return _MARGIN_OF[margin[1].lower()], "revenue"
    if each := _FOR_EACH.search(text):
        return f"{each['head']} for {each['a']}", f"{each['head']} for {each['b']}"
    for pattern in (_SHARE, _OF_WHOLE, _PART_OF, *_PAIR):
        if match := pattern.search(text):
            sides = (_ASKED_FIRST.sub("", match[side].strip()) for side in ("a", "b"))
            pair = _both_of(*_split_anew(*_with_measure(*sides)))
            whole = not any(re.search(r"\b(?:and|or|of|for|the)$", side, re.I) for side in pair)
            if whole and all(any(c.isalpha() for c in side) and len(side) < 80 for side in pair):
                return pair
    return None


# "Between the tax liabilities for plant and equipment and for prepaid assets".
_FOR_EACH = re.compile(
    rf"\bbetween (?:the )?(?P<head>[^?]+?) for (?P<a>[^?]+?) and for (?P<b>[^?]+?)(?:{_WHEN}|[?.]|$)",
    re.I,
)


_OWNED = re.compile(r"^(?P<owner>.+?)['’]s (?P<measure>.+)$")
_OWNER_ALONE = re.compile(r"^(?P<owner>.+?)(?: one)?['’]s$")


def _with_measure(first: str, second: str) -> tuple[str, str]:
    """ "The segment's gross margin" and "the smartphone one's": both are gross margins."""
    owned, alone = _OWNED.match(first), _OWNER_ALONE.match(second)
    if owned and alone:
        return first, f"{alone['owner']} {owned['measure']}"
    return first, second


_ASKED_FIRST = re.compile(
    r"^(?:what|which|how (?:much|many|large|big|high)) (?:is|are|was|were|would be) (?:the )?", re.I
)


def _both_of(first: str, second: str) -> tuple[str, str]:
    """ "Between women and men for a member aged 65": what follows two plain words is said of both."""
    tail = re.fullmatch(r"[^\W\d_]+(?P<tail> (?:for|among|with|aged) .+)", second)
    return (first + tail["tail"], second) if tail and first.isalpha() else (first, second)


def _split_anew(first: str, second: str) -> tuple[str, str]:
    """ "Trademarks and tradenames" + "Other assets", where the pattern stopped at the first "and"."""
    whole = f"{first} and {second}"
    pieces = re.split(r" and (?=[A-Z])", whole)
    return (pieces[0], pieces[1]) if len(pieces) == 2 else (first, second)
