"""Words of financial prose that tell the same, and words of questions that tell nothing. Pure.

A short table on purpose: each group was needed by questions that name a measure otherwise than the
documents do ("handset business" for "smartphones"). Everything broader is the embedder's work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.asked import FUNCTION_WORDS
from assistant.lexical import tokens

_GROUPS = (
    "grow grew grown growth rise rose risen increase increased gain higher up",
    "fall fell fallen drop dropped decline declined decrease decreased lower down below reduce reduction shrink shrank shrunk slump slumped",
    "revenue sales turnover rev",
    "sell sold sale deliver delivered deliveries received handed",
    "cars vehicles deliveries units",
    "nev nevs new-energy",
    "profit income earnings result",
    "capex capital",
    "people staff employees workforce headcount employ employed workers ppl folks persons personnel payroll",
    "expense cost spend spent spending expenditure outlay invest investment put plough ploughed pour poured sink sunk",
    "begin begins start starts run first",
    "abroad overseas outside exports exported foreign",
    "chip chips processor processors silicon soc",
    "hit struck strike rammed",
    "recall recalls recalled callback callbacks",
    "r&d research",
    "average typical mean",
    "shares stock",
    "shops stores outlets showrooms",
    "cities towns",
    "fire blaze burned burnt",
    "crash accident collision crashed collided",
    "carmaker automaker",
    "permit permits permitted licence license licensed clearance cleared approval approved",
    "smartphones phones handsets",
    "segment business division unit",
    "release premiere launch debut",
    "worldwide global",
    "before previous past preceding prior earlier",
    "car vehicle auto automotive ev",
    "price asp cost costs",
    "ceiling cap capped limit limited maximum",
    "adas assistance",
    "hidden concealed",
    "win wins won winner victory champion",
    "director directed directs",
    "movie film",
    "ceo chief",
    "founder founders founded cofounder co-founder",
    "actor actress actors starring star stars starred stars played plays",
    "manager manages managed",
    "owner owns owned",
    "inventor invented",
    "chairman chairwoman chair chairperson chairs chaired",
    "head heads headed leads leader led",
    "singer sings sang sung",
    "author wrote written writer writes",
    "buy bought buys purchase purchased acquire acquired acquisition",
    "target goal aim",
    "return returns returned back again",
    "plan pledge commitment promise programme program",
    "ban banned bar barred forbid forbidden prohibit prohibited",
    "freeze froze frozen block blocked",
    "oscar oscars academy",
    "resources reserves pile",
)
_OF_WORD: dict[str, set[str]] = {}
_FIRST: dict[str, str] = {}
for _group in _GROUPS:
    _stems = set(tokens(_group))
    for _stem in _stems:
        _OF_WORD.setdefault(_stem, set()).update(_stems)
        _FIRST.setdefault(_stem, tokens(_group)[0])

NOT_TELLING = FUNCTION_WORDS | frozenset(
    tokens(
        "now good overall paid own too whats use used name present currently today recent latest more less fewer higher lower times percent percentage part proportion fraction rise rose fall fell grow grew growth "
        "change increase decrease difference total average sum altogether combined together compare "
        "compared against quarter first last end per month multiple share number value values "
        "contribution contribute contributed performance perform performed "
        "intensity mean spread evenly converted imply implied lose lost gain gained company firm book report post record print amount other come came make made go went gone put stand stood reach reached have actual alone just exactly represent account constitute bring brought saw marked work works worked large big high low far fast old size still money whole entire"
    )
)
"""Words that ask, count or compare, and so do not tell which thing is asked for."""


SPENDING = frozenset(tokens("spend spends spent spending devote devoted put invested"))
"""Beside "R&D" these tell nothing: what is R&D has been spent, whether a place says so or not."""


def alike(words: Iterable[str]) -> set[str]:
    """The words and all that tell the same as one of them, as tokens."""
    found = set(words)
    return found.union(*(_OF_WORD[word] for word in found if word in _OF_WORD))


def representative(word: str) -> str:
    """The first word of the word's group; the word itself when it has none."""
    return _FIRST.get(word, word)


# Lines of a statement go by several names; the first is how questions call them.
_LINE_NAMES = tuple(
    (re.compile(rf"\b(?:{asked})\b", re.IGNORECASE), tuple(names))
    for asked, *names in (
        (
            "(?:net )?operating cash flows?|cash flows? from operat(?:ions|ing activities)|cash from operations",
            "net cash provided by operating activities",
            "net cash from operating activities",
        ),
        (
            "capital expenditures?|capital spending|capex",
            "capital expenditures",
            "purchases of property, plant and equipment",
            "purchases of property and equipment",
            "payments to acquire property, plant and equipment",
            "additions to property, plant and equipment",
        ),
        ("(?:net )?pp&e|fixed assets", "property, plant and equipment", "property and equipment"),
        ("sg&a", "selling, general and administrative expenses"),
        (
            "cogs|cost of goods sold|cost of sales",
            "cost of sales",
            "cost of revenue",
            "cost of products sold",
        ),
        ("d&a", "depreciation and amortization"),
        ("eps", "earnings per share"),
        ("top[- ]?line", "revenue"),
        ("net (?:income|profit|earnings)", "net income", "net earnings", "profit for the year"),
        ("(?:trade|accounts) receivables?", "accounts receivable", "trade receivables"),
        ("(?:share|stock)holders?['’]? equity", "total equity", "shareholders' equity"),
    )
)


def renamed(text: str) -> list[tuple[str, str]]:
    """Other names of a line of a statement that the question names, each with the question so put."""
    out: list[tuple[str, str]] = []
    for pattern, names in _LINE_NAMES:
        if pattern.search(text):
            out += [(name, pattern.sub(name, text)) for name in names]
    return [(name, other) for name, other in dict.fromkeys(out) if other != text]
