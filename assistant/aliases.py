"""Short names that documents define, "Johnson & Johnson (NYSE: JNJ)", put for the long ones. Pure.

A question says "JnJ" where the documents say "Johnson & Johnson" but once. The rule is that of A. S.
Schwartz and M. A. Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical
text" (2003): the letters of the short name stand in the long one in their order, the first of them at
the beginning of a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

_LONG = r"[A-Z][\w.'’-]*(?:\s(?:&|and|of|the|for|[A-Z][\w.'’-]*))*"
_DEFINED = re.compile(
    rf"(?P<long>{_LONG})\s?\((?:(?:the )?[“\"'])?(?:(?:NYSE|NASDAQ|Nasdaq|AMEX|HKEX|SEHK|LSE|TSE)\s?:\s?)?"
    r"(?P<short>[A-Z][A-Za-z&]{1,6})[”\"']?\)"
)
_JOINED = re.compile(r"\b(?P<one>[A-Z])[\w'’-]+ & (?P<two>[A-Z])[\w'’-]+")
_SHORT = re.compile(r"(?<![\w&-])[A-Z][A-Za-z]?[A-Z&][A-Za-z&]{0,4}(?![\w&-])")


def aliases(texts: Iterable[str]) -> dict[str, str]:
    """The long name of every short one that the texts define, by the short one in capitals."""
    found: dict[str, str] = {}
    for text in texts:
        for match in _DEFINED.finditer(text):
            name = _meant(match["long"], match["short"])
            if name and match["short"].lower() not in name.lower().split():
                found.setdefault(match["short"].upper(), name)
        for match in _JOINED.finditer(text):
            found.setdefault(f"{match['one']}&{match['two']}", match[0])
    return found


def _meant(long: str, short: str) -> str:
    """The fewest words at the end of `long` that `short` abbreviates; "" when none do."""
    words = long.split()
    for count in range(1, len(words) + 1):
        name = " ".join(words[-count:])
        if name[0].lower() == short[0].lower() and _in_order(short.replace("&", ""), name):
            return name
    return ""


def _in_order(short: str, long: str) -> bool:
    letters = iter(long.lower())
    return all(letter in letters for letter in short.lower())


def spelled_out(text: str, known: Mapping[str, str], mentions: Callable[[str], int]) -> str:
    """The question with a short name written out, where the documents use the long one more.

    `mentions` counts the passages that hold a name.
    """

    def long(match: re.Match[str]) -> str:
        name = known.get(match[0].upper(), "")
        if not name or name in text or mentions(match[0]) >= mentions(name):
            return match[0]
        return name

    return _SHORT.sub(long, text) if known else text
