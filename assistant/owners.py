"""Which of several companies a figure of a sentence or a table belongs to. Pure.

A row or column that is headed by a name is that one's, and in a sentence a figure goes to the name before
it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from assistant.asked import read_question
from assistant.entities import NO_ENTITY
from assistant.lexical import tokens
from assistant.tables import cells, read_row
from assistant.timing import periods_in
from assistant.types import Evidence, Figure, PassageKind
from assistant.whose import ACTS, names_in


def is_of(item: Evidence, name: str, others: Sequence[str], column: str, row: str) -> bool:
    """True when the figure is of the named one: its cell or sentence says so, or what is above."""
    words = set(tokens(name))
    for near in (column, row):
        if words <= set(tokens(near)):
            return True
        if any(set(tokens(other)) <= set(tokens(near)) for other in others):
            return False
    if words <= set(tokens(item.text)):
        return True
    if row or column:
        owners = read_question(row).names if not periods_in(row) else ()
        heads = tokens(" ".join(read_question(column).names))
        if column and set(tokens(column)) <= set(heads):  # a column headed by another's name alone
            return False
    else:
        owners = read_question(item.text).names
    if any(not NO_ENTITY.fullmatch(owner) for owner in owners):
        return False
    above = " ".join((item.passage.source.title, *item.passage.headings, item.passage.context))
    return words <= set(tokens(above))


def is_beside_another(item: Evidence, figure: Figure, name: str, others: Sequence[str]) -> bool:
    """True where another part's name stands nearest before the figure, or behind it if none does.

    "Xiaomi at about 410,000 cars in 2025 and XPeng at 429,400" gives one figure to each.
    """
    if _IN_TURN.search(item.text):
        return False
    at = [
        (found.start(), one)
        for one in (name, *others)
        for found in re.finditer(rf"(?<!\w){re.escape(one)}(?!\w)", item.text)
    ]
    before = [one for place, one in sorted(at) if place < figure.span.start]
    behind = [(place, one) for place, one in sorted(at) if place >= figure.span.end]
    counted = [one for place, one in behind if place <= figure.span.end + 1]  # "33,729 YU7"
    nearest = counted or before[-1:] or [one for _, one in behind[:1]]
    return bool(nearest) and nearest[0] != name and name in (one for _, one in at)


_IN_TURN = re.compile(r"\brespectively\b|\bin (?:turn|that order)\b", re.IGNORECASE)


_OWNS = re.compile(
    rf"(?<![\w&])(?P<owner>[A-Z][\w&.-]*(?: [A-Z][\w&.-]*){{0,2}})(?:['’]s\b| (?:{ACTS})\b)"
)
_IN_BRACKETS = re.compile(r"\([^()]*\)")


def owners_in(evidence: Sequence[Evidence], meant: Sequence[str]) -> set[tuple[str, ...]]:
    """Those who have or do something in one of the lines, as tokens: "Orsa's revenue", "Halden sold".

    A table that sets one of them, or one of the names that are `meant`, beside others tells those too.
    """
    found = {tuple(tokens(m["owner"])) for e in evidence for m in _OWNS.finditer(e.text)}
    found |= {tuple(tokens(name)) for name in meant}
    beside: dict[str, set[str]] = {}
    for item in evidence:
        if item.passage.kind is PassageKind.TABLE_ROW:
            context = item.passage.context
            beside.setdefault(f"down {context}", set()).add(cells(item.text)[0])
            beside.setdefault(f"across {context}", set()).update(
                cell.column for cell in read_row(item.text, context)
            )
    for heads in beside.values():
        names = {_bare(head) for head in heads if _is_name(head)}
        if names & found:
            found |= names
    return found


def _is_name(head: str) -> bool:
    """True for a heading that is nothing but a name."""
    return set(_bare(head)) <= {w for name in names_in(head) for w in tokens(name)}


def _bare(head: str) -> tuple[str, ...]:
    """The words of a heading without its unit in brackets."""
    return tuple(tokens(_IN_BRACKETS.sub(" ", head)))


def heads_another(
    heads: Sequence[str], asked: str, subject: str, owners: Set[tuple[str, ...]]
) -> bool:
    """True for a cell whose row or column is headed by nothing but the name of somebody else."""
    meant = set(tokens(asked if names_in(asked) else f"{asked} {subject}"))
    return any(_bare(head) in owners and not meant & set(_bare(head)) for head in heads)


_ACTOR = re.compile(
    rf"(?<![\w&])(?P<owner>[A-Z][\w&.-]*(?: [A-Z][\w&.-]*){{0,2}})(?:['’]s R&D\b| (?:{ACTS})\b)"
)


def acts_alone(text: str, words: Set[str]) -> bool:
    """True for a sentence in which somebody sold or spent who is not the one of the `words`."""
    if words & set(tokens(text)):
        return False
    return any(not NO_ENTITY.fullmatch(m["owner"]) for m in _ACTOR.finditer(text))
