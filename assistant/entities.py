"""The names in a question: who or what it is about, and the capitals that name nobody. Pure."""

from __future__ import annotations

import re

from assistant.asked import Asked

NO_ENTITY = re.compile(
    r"[A-Z]&[A-Z]|CNY|USD|RMB|HKD|EUR|US|FY|GM|EV|EVs|IFRS|YoY|CEO|AI|OS|Q[1-4]|[1-4]Q|ASP|ARPU|EBIT|EBITDA|EBITDAR|EBITA|ROA|ROIC|ROCE|SG&A|RevPAR"
    r"|American|Chinese|European|Western|EPS|ROE|ROI|FCF|GMV|NEVs?|SUVs?|BEVs?|CAGR|YTD|LTM|TTM|IPO|IoT|CFO|COO|GAAP|R&D|ETF|PE"
)


def whole_names(asked: Asked) -> tuple[str, ...]:
    """The names of a question, those of several words as one: "Li Auto", "SU7 Max"."""
    known = {n for n in asked.names if not NO_ENTITY.fullmatch(n)}
    runs: list[str] = []
    end = -1
    for word in _NAME_WORD.finditer(asked.text):
        name = re.sub(r"['’]s$", "", word[0]).rstrip(".")
        goes_on = word.start() == end + 1 and asked.text[end : end + 1] == " "
        if name not in known and not (goes_on and _MODEL.fullmatch(name)):
            continue
        runs = [*runs[:-1], f"{runs[-1]} {name}"] if goes_on else [*runs, name]
        end = word.end() if name == word[0] else -1
    return tuple(dict.fromkeys(runs))


# "Castor 15S Pro" is one name.
_MODEL = re.compile(r"(?!\d{1,2}[QHM]\d*$)\d+[A-Z]+\w*")
_NAME_WORD = re.compile(r"[\w&.'’-]+")
