"""Which computation a question asks for: the words of each, the first that matches decides. Pure."""

from __future__ import annotations

import re

from assistant.asked import OF_A_WHOLE

_NO_THINGS = "years|quarters|months|halves|weeks|days|periods|times|companies|firms|makers|carmakers|brands|cases|sides|sources|reports|documents|figures"
BOTH_OF = (
    rf"\b(?:both|(?:the )?two) (?P<things>(?:[\w&-]+ ){{0,2}}?(?!(?:{_NO_THINGS})\b)[a-z]{{3,}}s)\b"
)
MORE = "more|higher|larger|bigger|greater"
LESS = "less|fewer|lower|smaller"
# The first pattern that matches decides. Each asks for one thing that code computes from figures.
MOVES = (
    r"rise|rose|risen|fall|fell|fallen|grow|grew|grown|growth|change[ds]?|increase[ds]?|decrease[ds]?|declined?|drop(?:ped)?"
    r"|(?:step|stepped|go|gone|went|come|came) (?:up|down)|climb(?:ed)?|jump(?:ed)?|surged?|soar(?:ed)?|slip(?:ped)?|slump(?:ed)?|shrink|shrank|shrunk"
    r"|lift(?:ed)?|boost(?:ed)?|expand(?:ed)?"
)
_YEARS = r"\b(?:two|three|four|five|six|seven|eight|nine|ten|\d{1,2})[- ]years?\b"
PER_YEAR = r"(?:\b(?:a|per|each|every) year\b(?! (?:earlier|later|ago|before|after|on\b))|\b(?:yearly|annually)\b(?! (?:figures?|numbers?|amounts?|totals?|results?|reports?)))"
OPERATIONS: tuple[tuple[str, str], ...] = (
    ("convert", r"\bat (?:a rate of |an exchange rate of )?[\d.]+ \w+ (?:to|per|for) (?:the |a |one |each )?(?:us )?\w+"),
    ("ratio", r"\bhow many times\b|\bmultiple\b|\bratio (?:of|between)\b|\btimes as (?:much|many)\b|\bby what factor\b|\bhow many[- ]?fold\b"
              r"|几倍|多少倍"),
    ("growth", r"\b(?:percent(?:age)?|%) difference (?:between|in)\b"),
    ("difference", r"\bvariance\b|\bdifference (?:between|in)\b"
                   r"|\bhow (?:much|many) (?:\w+ )?(?:more|less|fewer|higher|lower)\b(?!.*\bor\b)"),
    ("compare", r"\bcompare[ds]?\b(?! (?:with|to) (?:a|the) (?:year|same))|\bversus\b|\bvs\.?(?=\s)"
                r"|^\W*(?:rank|sort|order)\b"
                r"|^(?:set|put)\b.*\b(?:beside|against|next to)\b|['’]s [^?]*\bnext to [A-Z][\w ]*['’]s\b"
                r"|^\W*(?:did|does|do|was|were|is|are|has|have|will) [A-Z][\w&.]*(?: [\w&.]+)? or [A-Z][^?]*\b(?:more|fewer|less|higher|lower|larger|bigger|smaller|most)\b"
                r"|\b(?:who|which|did|does|was|were|is|are)\b.*\b(?:more|fewer|less|higher|lower|larger|bigger|smaller|most|biggest|largest|highest|smallest|lowest|least|fewest|better|worse|stronger|weaker)\b.*\bor\b"
                rf"|^\W*(?:did|does|do|was|were|is|are)\b.*\b(?:{MORE}|{LESS})\b.*\bthan\b"
                r"|^\W*(?:is|are|was|were)\b.*\b(?:above|below) (?:that|those) of\b"),
    ("difference", r"(?<!percentage )(?<!percent )\b(?:increase|decrease|change)\b[\W]*(?:\(?(?:increase|decrease)\W+)?"
                   r"in (?:the )?(?:[\w-]+ ){0,2}(?:percentage|share|proportion|margin)\b|\bvariance\b"),
    ("growth", rf"\bpercent(?:age)?\b.*\b(?:{MOVES}|below|above|short|higher|lower|more|less)\b"
               rf"|\b(?:{MOVES})\b.*(?:\bpercent\b|\bper cent\b|%|\bpercentage\b)"
               r"|%\W{0,2}(?:up|down|rise|change|higher|lower|more|less)\b"
               rf"|\bgrowth\b|\bhow (?:fast|far|strongly)\b|\bgrew\b|\bby (?:what|how many) per ?cent(?:age)?\b|增长|增幅"),
    ("share", r"\bthe (?:percentage|proportion|share|fraction) of [^?]+? (?:out of|relative to|to|(?:in|within|among) (?:the |its |their )?(?:total|overall|all|consolidated)) "
              r"|\b(?:what|which) (?:share|percentage|percent|proportion|fraction|part) of\b|^\W*(?:out )?of [^?]+, (?:what|which) (?:share|percent|per cent|proportion|fraction|part)"
              rf"|\bas an? (?:share|percentage|percent|proportion|%) of\b|\bmargin\b|占.*(?:比|几)|{OF_A_WHOLE}"),
    ("difference", rf"\bhow (?:much|many) (?:\w+ )?(?:more|less|fewer|higher|lower|larger|smaller|bigger)\b"
                   rf"|\bdifference\b|\bvariance\b|\bby how (?:much|many)\b|\b(?:change|increase|decrease)\b.*\bin\b"
                   rf"|\bhow (?:much|many)\b.*\b(?:add(?:ed)?|gain(?:ed)?|los[te]|{MOVES})\b"
                   rf"|\bhow (?:much|many)\b[^?]*\b(?:more|less|fewer|higher|lower|above|below) than\b"
                   rf"|[:(] ?[^()?]+ (?:less|minus) |多多少|少多少|相差"),
    ("quotient", r"\((?!(?:in )?(?:US |HK )?(?:cents?|pence|pennies|dollars|euros|yuan|[$€£¥]) per )[^()]+ (?:over|divided by|per) [^()]+\)|: [^:?]+ (?:over|divided by) "),
    ("average", r"\baverage\b(?! (?:selling |retail |list )?prices?\b)|\bthe mean\b|平均"),
    ("sum", r"\b(?:in total|total|altogether|combined|together|sum of|add(?:ed)? up|totalled)\b|合计|总共"
            rf"|{BOTH_OF}[^?]*\bhow (?:many|much)\b"),
    ("list", r"\b(?:each|every) (?:quarter|year|half)\b|\bby (?:quarter|year)\b|\beach\b|\brespective(?:ly)?\b"
             r"|\bhow (?:did|has|have)\b.*\b(?:develop|evolve|progress)(?:e?d)?\b"),
    ("per", rf"\b(?:a|per|each|every) (?:month|quarter|week|day)\b|\bmonthly\b|每月|每个月"
            rf"|{_YEARS}.*{PER_YEAR}|{PER_YEAR}.*{_YEARS}"),
)  # fmt: skip
_COMPILED = tuple((name, re.compile(p, re.IGNORECASE)) for name, p in OPERATIONS)
_GROWTH = re.compile(
    r"\b(?:what|which) (?:\w+ )?(?:growth|increase|rise|decline|drop)\b|\bgrowth\b[^?]*\b(?:vs|versus)\b"
    r"|\bby (?:what|how many) per ?cent(?:age)?\b",
    re.IGNORECASE,
)
_POINTS = re.compile(r"\bpercentage[- ]points?\b|\bhow many points\b|\bpp\b|百分点", re.IGNORECASE)
_DIFFERENCE = re.compile(r"\bdifference\b", re.IGNORECASE)
GATHERING = ("compare", "list")
"""Operations that set figures side by side; the others compute a result."""
YEAR_AGO = re.compile(
    r"\b(?:compared (?:with|to) )?(?:a |the )?year[ -](?:on|over)[ -]year\b|\byoy\b|\b(?:compared (?:with|to) |from |on )?(?:a|one) year (?:earlier|before|ago)\b"
    r"|\bover a year\b|\b(?:from|than(?: in)?|compared (?:with|to)) (?:the (?:year before|previous year|prior year)|(?:a|one) year (?:earlier|before|ago)|last year)\b|同比",
    re.IGNORECASE,
)
DIVISORS = {"month": 12, "quarter": 4, "week": 52, "day": 365}


def operation_of(text: str) -> str:
    """The operation that a question asks for; "" for a plain one."""
    operation = next((name for name, pattern in _COMPILED if pattern.search(text)), "")
    if operation == "compare" and _GROWTH.search(text):
        return "growth"  # "what growth is that compared to 2023?"
    if operation == "growth" and _POINTS.search(text):
        return "difference"  # of two margins
    if operation == "compare" and _DIFFERENCE.search(text):
        return "difference"  # "Q4 vs Q3, difference?"
    return operation
