"""Whom the documents are about: the name that nearly all of them name. Pure.

In a folder about one company "What is the margin?" asks for that company's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from assistant.asked import read_question
from assistant.entities import NO_ENTITY

SHARE = 0.75
"""Share of the documents that must name it."""


def subject(documents: Iterable[str]) -> str:
    """The name that most of the texts hold, of those that nearly all do; "" when there is none."""
    named: Counter[str] = Counter()
    mentions: Counter[str] = Counter()
    total = 0
    for text in documents:
        total += 1
        for name in {n for n in read_question(text).names if not NO_ENTITY.fullmatch(n)}:
            # "New" stands in every filing, but only before York.
            count = len(re.findall(rf"\b{re.escape(name)}\b(?! [A-Z][a-z])", text))
            named[name] += count > 0
            mentions[name] += count
    common = [name for name, count in named.items() if count >= SHARE * total]
    return max(common, key=lambda name: mentions[name], default="")
