"""Do the places say the contrary of what a question says: "less" for "more", "after" for "before"? Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from itertools import permutations

from assistant.asked import Asked
from assistant.figures import read_figures, same_value
from assistant.lexical import tokens
from assistant.times import TIME_UNITS
from assistant.types import Evidence

_OPPOSITES = (
    "more less", "more fewer", "most least", "largest smallest", "biggest smallest", "highest lowest",
    "higher lower", "increase decrease", "rise fall", "rose fell", "grow shrink", "gain loss",
    "profit loss", "first last", "best worst", "common rare", "commonly rarely", "often seldom",
    "fast slow", "rapidly slowly", "quickly slowly", "north south",
    "east west", "won lost", "buy sell", "bought sold", "open close", "opened closed", "able unable",
    "possible impossible", "support oppose", "accept reject", "start end", "male female",
    "men women", "import export", "major minor", "maximum minimum", "internal external",
    "domestic foreign", "strong weak", "early late", "injured died", "injured killed", "hired fired", "appointed dismissed", "hardware software",
    "reveal hide", "reveal conceal", "allow forbid", "allow prohibit", "allow ban", "permit forbid", "permit prohibit", "legal illegal",
    "easy difficult", "easily difficult", "easily troublesome", "easy troublesome", "succeed fail", "success failure", "include exclude",
    "present absent", "ancient modern", "modern medieval", "contemporary ancient", "buyer seller", "winner loser", "borrow lend", "inside outside", "upper lower", "love hate", "ally enemy", "friend enemy", "victory defeat",
    "win lose", "attack defend", "arrive depart", "enter leave", "create destroy", "build demolish", "encourage discourage", "agree disagree",
    "approve reject", "approve disapprove", "connect disconnect", "add remove", "join leave", "shorten lengthen", "widen narrow",
    "strengthen weaken", "improve worsen", "improve deteriorate", "raise lower", "ascend descend", "rural urban", "public private",
    "directly indirectly", "direct indirect", "active inactive", "active passive", "visible invisible", "known unknown", "natural artificial",
    "hot cold", "wet dry", "rich poor", "wealthy poor", "cheap expensive", "thick thin", "deep shallow", "wide narrow",
    "majority minority", "superior inferior", "guilty innocent", "winter summer", "sunrise sunset", "always never", "frequently rarely",
    "frequently seldom", "common uncommon", "usual unusual", "temporary permanent", "temporarily permanently", "voluntary mandatory",
    "voluntary compulsory", "optional mandatory", "vertical horizontal", "positive negative", "absorb emit", "attract repel", "push pull",
    "lender borrower", "creditor debtor", "asset liability", "upstream downstream", "northern southern", "eastern western", "mild severe",
    "likely unlikely", "certain uncertain", "stable unstable", "regular irregular", "formal informal", "official unofficial",
    "popular unpopular", "successful unsuccessful", "necessary unnecessary", "equal unequal", "finite infinite",
    "sufficient insufficient", "effective ineffective", "complete incomplete", "dependent independent", "rapid slow", "tallest shortest",
    "longest shortest", "oldest newest", "oldest youngest", "richest poorest", "hottest coldest", "nearest farthest", "nearest furthest",
)  # fmt: skip
_OPPOSITE: dict[str, set[str]] = {}
for _pair in _OPPOSITES:
    for _one, _other in permutations(_pair.split(), 2):
        _OPPOSITE.setdefault(tokens(_one)[0], set()).add(tokens(_other)[0])
_NEGATION = re.compile(
    r"\b(?:not|no longer|never|without|unable|cannot|neither|nor|non|except|fail(?:s|ed)? to"
    r"|lack(?:s|ed|ing)?)\b|n't\b",
    re.IGNORECASE,
)


def opposed(asked: Asked, claims: str, cited: Sequence[Evidence]) -> bool:
    """True when the question says "without" or "more" and the places say only the contrary.

    Also when a claim says "not bound" of what the question takes to be bound.
    """
    if not cited:
        return False
    said = {token for e in cited for token in tokens(e.text)}
    if says_contrary(asked.text, said) or _on_other_side(asked.text, cited):
        return True
    if any(_falls_short(asked, e) for e in cited):
        return True
    if GETS.match(asked.text) and _GIVES.match(claims) and not WENT_TO.search(claims):
        return True  # who granted a permit is not who got it
    negated = _NEGATION.search(asked.text) is not None
    if negated:
        denied = (_NEGATION.search(e.text) or _REFUSES.search(e.text) for e in cited)
        return not any(denied) and not any("no" in tokens(e.text) for e in cited)
    # "TSMC, since others cannot": what a reason denies is not what is claimed. A title denies nothing.
    return asked.is_wh and _NEGATION.search(_TITLE.sub("", _REASON.split(claims)[0])) is not None


# "Which state would not sign?" is told by "it refused to sign".
_REFUSES = re.compile(
    r"\b(?:refus(?:e[sd]?|ing|al)|declin(?:e[sd]?|ing) to|veto(?:e[sd]|ing)?|reject(?:s|ed|ing)?|oppos(?:e[sd]?|ing)"
    r"|opt(?:s|ed)? out|exempt(?:ed|s)?|avoid(?:s|ed|ing)?|den(?:y|ies|ied)|withdrew|abstain(?:s|ed)?)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\b[A-Z]\w*n['’]t\b(?= [A-Z])")


_SHORT = re.compile(
    r"\b(?:short of|below|under|less than|fewer than|missed|misses|not reach(?:ed)?)\W+(?:the |more than |about |over )*$",
    re.IGNORECASE,
)


def _falls_short(asked: Asked, place: Evidence) -> bool:
    """True where a place says "short of 10 billion" and the question takes the 10 billion to be passed."""
    stated = [
        f for f in read_figures(asked.text) if f.unit not in TIME_UNITS and not f.text.isalpha()
    ]  # "under two abbots" falls short of nothing
    return not _SHORT.search(asked.text[: stated[0].span.start] if stated else "") and any(
        same_value(found, figure) and _SHORT.search(place.text[: found.span.start])
        for figure in stated
        for found in place.figures
        if found.unit not in TIME_UNITS
    )


def says_contrary(asked: str, told: Set[str]) -> bool:
    """True where the question says "hardware" and what is told only "software"."""
    return any(_OPPOSITE.get(w, set()) & told and w not in told for w in tokens(asked))


_SIDES = {"before": "after", "after": "before", "above": "below", "below": "above"}
_SIDE = re.compile(r"\b(before|after|above|below) (?:the |an? )?([\w-]+)", re.IGNORECASE)


def _on_other_side(asked: str, cited: Sequence[Evidence]) -> bool:
    """True where the question says "before the war" and the places only "after the war"."""
    said = {(m[1].lower(), *tokens(m[2])) for e in cited for m in _SIDE.finditer(e.text)}
    wanted = [(m[1].lower(), *tokens(m[2])) for m in _SIDE.finditer(asked)]
    return any((_SIDES[w[0]], *w[1:]) in said and w not in said for w in wanted)


GETS = re.compile(
    r"\W*who (?:\w+ )?(?:got|gets|received?s?|obtain(?:ed|s)|bought|acquired)\b", re.IGNORECASE
)
WENT_TO = re.compile(
    r"\b(?:went|(?:was|were) (?:given|awarded|granted|handed|issued)) to (?:an? |the )?(?P<who>[A-Z][\w-]+)"
    r"|\bthe other to (?:an? |the )?(?P<other>[A-Z][\w-]+)"
)
"""Who got it: "one went to Castor, the other to Orsa"."""
_GIVES = re.compile(
    r"\W*[A-Z][\w&.-]*(?: [A-Z][\w&.-]*)* (?:has |had )?(?:granted|gave|issued|awarded|handed|sold)\b"
)
_REASON = re.compile(
    r",? (?:since|because|as no|although|though|while|whereas|who|which|where|unless|even)\b",
    re.IGNORECASE,
)
