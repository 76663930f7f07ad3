"""Whose a figure is, what it measures, and whether it is a level or a change. Pure."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.asked import HEADER_WORDS, Asked, read_question
from assistant.entities import NO_ENTITY
from assistant.lexical import tokens
from assistant.operations import YEAR_AGO
from assistant.synonyms import alike
from assistant.types import Evidence, Figure, PassageKind

if TYPE_CHECKING:
    from assistant.choice import Choice


def is_about(subject: str, place: Evidence, about: str = "", figure: Figure | None = None) -> bool:
    """True unless the place is about somebody else: it names others, or begins with "Orsa's", and
    neither it nor what stands above it names the subject.
    """
    text = about or place.text
    words = set(tokens(subject))
    owner = POSSESSOR.match(text)
    if owner and owner[1] not in _MONTHS_AND_SUCH and not set(tokens(owner[1])) & words:
        return False
    passage = place.passage
    above = " ".join((passage.source.title, *passage.headings, passage.context))
    if passage.kind is PassageKind.TABLE_ROW and not about:
        text = f"{text} {passage.context}"
    if words <= set(tokens(f"{text} {above}")):
        return figure is None or not _anothers(subject, place.text, figure)
    return not names_in(_ATTRIBUTION.sub(" ", text))


# Who prints a figure is not whose it is.
_ATTRIBUTION = re.compile(
    r",? (?:according to|by the account of) [^,.;]+"
    r"|, [A-Z][\w&.-]*(?: [A-Z][\w&.-]*)* (?:report(?:s|ed)|says|said|writes|wrote|notes|adds)\b[^,.;]*"
)
ACTS = "sold|delivered|had|has|spent|took|made|earned|shipped"
"""What companies do in a sentence that gives their figures."""
_ANOTHER = re.compile(rf"\b(?P<owner>[A-Z][\w&.-]+)(?:['’]s\b| (?:at|with|{ACTS})\b)")


def _anothers(subject: str, text: str, figure: Figure) -> bool:
    """True where another owner stands between the subject and the figure: "Xiaomi at 410,000 and XPeng at …"."""
    at = text.rfind(subject, 0, figure.span.start)
    if at < 0:
        return False
    between = text[at + len(subject) : figure.span.start]
    return any(
        not NO_ENTITY.fullmatch(m["owner"]) and m["owner"] not in _MONTHS_AND_SUCH
        for m in _ANOTHER.finditer(between)
    )


POSSESSOR = re.compile(r"^\W*([A-Z][\w&.-]+(?: [A-Z][\w&.-]+)?)['’]s\b")

_MONTHS_AND_SUCH = frozenset(
    "January February March April May June July August September October November December "
    "Today Yesterday China Europe".split()
)


def names_in(text: str) -> list[str]:
    """The proper names of a text that may be somebody's: no units, measures or words of headers."""
    return [
        name
        for name in read_question(text).names
        if not NO_ENTITY.fullmatch(name)
        and not (_is_header(name) and HEADER_WORDS.issuperset(tokens(name)))
    ]


def _is_header(name: str) -> bool:
    """True for "Revenue" and "Smart-EV": a capital letter that a header has, and no more."""
    return all(word.istitle() or NO_ENTITY.fullmatch(word) for word in name.split("-"))


_KINDS = frozenset(tokens("gross operating net vehicle profit"))
_BASES = frozenset(tokens("adjusted reported ifrs gaap non-ifrs non-gaap underlying"))
_NEUTRAL = frozenset(
    tokens(
        "the its their our group total overall consolidated company whole own of in for and net per"
    )
)


_SAYS_NOTHING = {tokens("price")[0]: tokens("selling retail list unit average")}
"""What may stand before a measure and is no other one: the "selling price" of a car is its price."""


def is_plain(head: str, asked: str, about: str, *, through_kinds: bool = False) -> bool:
    """False where every such word is another one's: "smartphone revenue" where group revenue is asked.

    With `through_kinds` what stands before "gross margin" counts, not the "gross".
    """
    allowed = {*alike(tokens(asked)), *_NEUTRAL, *_SAYS_NOTHING.get(head, ())}
    words = tokens(about)
    if through_kinds:
        words = [word for word in words if word not in _KINDS | _BASES or word == head]
    if head == "margin" and not _KINDS & set(tokens(asked)):
        # "The margin" alone is the gross one, but not that of the smartphones.
        words = [word for word in words if word != "gross"]
    before = [one for one, two in pairwise(words) if two == head]
    return not before or any(word in allowed or not word[0].isalpha() for word in before)


HEADS = frozenset(tokens("revenue sales margin profit loss expense income cost price deliveries"))
"""Measures of which one sentence often gives several."""


CAPEX = re.compile(
    r"\bcapex\b|\bcapital (?:expenditures?|spending|investments?)\b"
    r"|\b(?:purchases?|payments? to acquire|additions? to|acquisitions? of|expenditures? (?:for|on)|investments? in)[\w ]{0,20} (?:property|plant|equipment|fixed assets)\b",
    re.IGNORECASE,
)


def measures(measure: str, asked: str, choice: Choice, subject: str = "") -> bool:
    """False for a figure of another measure than the one asked for, or of a part of it.

    "R&D expense was 24.1 billion, 6.6% of group revenue" gives no revenue, and "EV revenue" is no
    group's.
    """
    if CAPEX.search(measure) and not CAPEX.search(choice.about):
        return False  # interest that is capitalised is no capital expenditure
    wanted = set(_heads(measure))
    if not wanted:
        return True
    plain = wanted - {_RESEARCH}
    if not all(is_plain(head, f"{asked} {subject}", choice.about) for head in plain):
        return False
    if choice.cell:
        return True
    text, at = choice.evidence.text, choice.figure.span
    before = _heads(text[: at.start])
    after = _heads(re.split(r"[,;.]\s", text[at.end :])[0])
    nearest = before[-1:] or after[:1]
    return not nearest or bool(set(nearest + after[:1]) & alike(wanted))


_RESEARCH = "r&d"


def _heads(text: str) -> list[str]:
    """The measures that a text names, in its order; "R&D expense" is R&D."""
    words = tokens(text)
    return [
        word
        for previous, word in pairwise(["", *words])
        if word == _RESEARCH or (word in HEADS and previous != _RESEARCH)
    ]


TURNS = re.compile(
    r"\b(?:increas(?:e[sd]?|ing)|decreas(?:e[sd]?|ing)|ris(?:e[sn]?|ing)|rose|f[ae]ll(?:s|en|ing)?|gr[eo]w(?:n|s|ing|th)?"
    r"|declin(?:e[sd]?|ing)|drop(?:s|ped|ping)?|gain(?:s|ed)?|los[te]|chang(?:e[sd]?|ing)|add(?:s|ed)?|yoy|y/y)\b",
    re.IGNORECASE,
)


def asks_change(asked: Asked) -> bool:
    """True for "by how much did it rise", "how many percent more than the year before": no level."""
    on_year = "share" in asked.kinds and YEAR_AGO.search(asked.text)
    return bool(on_year) or TURNS.search(asked.text) is not None


_CHANGED_BY = re.compile(
    r"\b(?:increas|decreas|ris|rose|fell|fall|grew|grow|declin|dropp|gain|(?<!made )(?<!makes )(?<!make )up|down|higher|lower)\w*"
    r"\s+(?:by|of|was|were)?\s*(?:[\d.,]+ ?%? or (?:of )?)?(?:about|approximately|some|around|nearly|roughly|over)?\s*$",
    re.IGNORECASE,
)


_IS_CHANGE = re.compile(
    r"\s*(?:improvement|increase|decrease|decline|reduction|rise|drop)\b", re.IGNORECASE
)


def is_change(text: str, figure: Figure) -> bool:
    """True for an amount by which something changed: "increased $621 million" is no expense."""
    return (
        _CHANGED_BY.search(text[: figure.span.start]) is not None
        or _IS_CHANGE.match(text[figure.span.end :]) is not None
    )


def is_base(text: str, figure: Figure) -> bool:
    """True for the whole that a share is taken of: "38% of 305,055 cars" counts no recalled ones."""
    return _BASE.search(text[: figure.span.start]) is not None


_BASE = re.compile(
    r"(?:%|\bpercent|\bthird|\bhalf|\bquarter|\bshare|\bpart) of (?:the |its |their |all )?(?:(?:[\w&-]+ ){1,3}of )?$",
    re.IGNORECASE,
)
