"""Markdown pipe rows as words, and the figures of their cells. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.figures import read_figures
from assistant.times import TIME_UNITS
from assistant.types import Figure


def row_as_words(row: str, context: str, *, labelled: bool = False) -> str:
    """A Markdown row with its header as "Period: Q3 2025; Revenue (CNY bn): 9.1".

    `labelled` puts the row's label alone in front, as a reader would: "Q3 2025 — Revenue (CNY bn): 9.1".
    """
    headers = [line for line in context.splitlines() if line.lstrip().startswith("|")]
    caption = " ".join(line for line in context.splitlines() if not line.lstrip().startswith("|"))
    names = [cells(line) for line in headers if set(line) - set("|-: ")]
    values = cells(row)
    parts = []
    for i, cell in enumerate(values):
        if not cell:
            continue
        name = " ".join(dict.fromkeys(n[i] for n in names if i < len(n) and n[i]))
        parts.append(f"{name}: {cell}" if name else cell)
    if labelled and len(parts) > 1 and values[0]:
        return f"{values[0]} — {'; '.join(parts[1:])}"
    return (f"{caption} — " if caption else "") + "; ".join(parts)


def cells(line: str) -> list[str]:
    """The cells of a pipe row, without blanks around them."""
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", inner)]


def plain_label(label: str) -> str:
    """A row's label without what its sign is explained by: "provided/(used) by", "(Loss)/income"."""
    return " ".join(_SIGN_WORDS.sub(" ", label).split())


_SIGN_WORDS = re.compile(
    r"/\([^()]*\)|\([^()]*\)/| \((?:loss(?:es)?|income|deficit|expenses?|used|benefits?|decrease|provision)\)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CellFigure:
    """A figure of a row (span in the row), the header of its column and the label of its row.

    Column and label are empty for figures in the label itself.
    """

    figure: Figure
    column: str
    label: str


_UNIT = re.compile(
    r"%|percent|\b(?:CNY|RMB|USD|US\$|HK\$|EUR|yuan|cars|vehicles|units|people|million|billion|thousand"
    r"|number|count|times)\b|[$€£¥]",
    re.IGNORECASE,
)


_ALL_UNIT = re.compile(r"\(?[^()]*\bin ?(?:thousands|millions|billions)\b[^()]*\)?", re.IGNORECASE)


def read_row(row: str, context: str) -> Iterator[CellFigure]:
    """The figures of a pipe row, each with the unit of its own column and the label of its group.

    "47.4" under "Change (%)" is no amount of money, though its neighbour under "CNY billion" is.
    Where a column names no unit, the caption or the label of the row does.
    """
    lines = context.splitlines()
    headers = [cells(line) for line in lines if line.lstrip().startswith("|")]
    names = spanned([header for header in headers if set("".join(header)) - set("-: ")])
    caption = _without_figures(
        " ".join(line for line in lines if not line.lstrip().startswith("|"))
    )
    groups = [name[0].rstrip(":：") for name in names if name[0] and not any(name[1:])]
    # "($ in millions)" in a row of its own heads the whole table, whatever groups follow it.
    # So does one in the empty corner above the labels.
    corners = [name[0] for name in names if any(name[1:]) and _ALL_UNIT.fullmatch(name[0])]
    caption = " ".join([caption, *corners, *(group for group in groups if _UNIT.search(group))])
    groups = [group for group in groups if not _ALL_UNIT.fullmatch(group)]
    at = 0
    values = cells(row)
    labels = [values[0]]
    for i, value in enumerate(values):
        if not value:
            continue
        label = " ".join([*groups[-1:], ", ".join(labels)]).strip()
        if groups and labels == [""]:
            label = f"Total {groups[-1]}"  # a sum line is drawn under its group, and not named
        if i and i == len(labels) and _is_label(value):
            labels.append(value)
        found = row.find(value, at)
        start = found if found >= 0 else at
        at = start + len(value)  # the next cell may print the same
        column = " ".join(dict.fromkeys(n[i] for n in names if i < len(n) and n[i]))
        told = column if _UNIT.search(column) else f"{column} {caption} {label if i else ''}"
        if _COUNTED.search(label) or (_THINGS.search(label) and not _OF_THINGS.search(label)):
            told = column  # shares and stores are no money, whatever the caption says
        elif _PER_SHARE.search(label):
            told = _ALL_UNIT.sub(" ", told)  # "in millions, except per share data"
        for figure in read_figures(value, told):
            if figure.value < 0 and i and _is_deducted(labels[0]):
                figure = replace(figure, value=-figure.value)
            if _IN_PERCENT.search(told) and figure.unit == "count":
                figure = replace(figure, unit="percent", noun="")
            scale = _COLUMN_SCALE.search(column) if i else None
            if scale and figure.unit == "count" and not figure.scale:
                power = {"t": 3, "m": 6, "b": 9}[scale["word"][0].lower()]
                figure = replace(figure, value=figure.value.scaleb(power), scale=power)
            placed = replace(figure, span=figure.span.shifted(start))
            yield CellFigure(placed, column if i else "", label if i else "")


def spanned(names: list[list[str]]) -> list[list[str]]:
    """Header rows in which a cell that spans several columns stands over each of them.

    "| | 2019 | | 2018 | |" over "| | Men | Women | Men | Women |" heads two columns with each year. Only
    where every column right of the first is so headed: of "| | | Fiscal year | | % Change |" nobody
    can tell which blank belongs to what. A cell alone in its row heads all that another row names.
    """
    out = []
    for i, name in enumerate(names):
        below = names[i + 1] if i + 1 < len(names) else []
        told = [cell for cell in name[1:] if cell]
        even = told and name[1] and len(name[1:]) % len(told) == 0 and len(below) >= len(name)
        step = len(name[1:]) // len(told) if even else 1
        if len(told) == 1 and not name[0] and not _OF_ONE.search(told[0]):
            others = [other for at, other in enumerate(names) if at != i]
            if any(all(other[1 : len(name)]) and len(other) >= len(name) for other in others):
                name = ["", *told * (len(name) - 1)]  # "(in millions)", wherever it was centred
        if step > 1 and all(bool(cell) == (at % step == 0) for at, cell in enumerate(name[1:])):
            name = [name[0], *(told[at // step] for at in range(len(name) - 1))]
        out.append(name)
    return out


# "NEV sales (million)": things are counted in millions too.
_COLUMN_SCALE = re.compile(
    r"\((?:in )?(?P<word>thousands?|millions?|billions?)(?: (?:of )?[a-z]+)?\)", re.IGNORECASE
)
# What heads one column alone, whatever stands above the others.
_OF_ONE = re.compile(r"%|\b(?:change|variance|increase|decrease|notes?|growth)\b", re.IGNORECASE)
_IN_PERCENT = re.compile(r"%|\bper ?cent(?:age)?\b", re.IGNORECASE)
_PER_SHARE = re.compile(r"\bper (?:[\w-]+ ){0,2}share\b", re.IGNORECASE)
_COUNTED = re.compile(
    r"\bnumber of\b|\bweighted[- ]average\b.*\bshares\b|\bshares (?:outstanding|issued)\b|\bsquare (?:feet|foot|footage)\b",
    re.IGNORECASE,
)
_THINGS = re.compile(r"\b(?:stores|employees|headcount|rooms|aircraft)\b", re.IGNORECASE)
_OF_THINGS = re.compile(
    r"\b(?:revenues?|sales|expenses?|costs?|income|assets|per)\b", re.IGNORECASE
)
_DEDUCTED = re.compile(
    r"\b(?:expenses?|costs?|expenditures?|payments?|purchases?|repurchases?|repayments?|allowances? for|dividends paid|taxes paid|provisions? for taxes)\b",
    re.IGNORECASE,
)
_EITHER_WAY = re.compile(
    r"[(/]|\b(?:income|gains?|benefits?|loss(?:es)?|profits?|earnings|change|increase|decrease)\b",
    re.IGNORECASE,
)


def _is_deducted(label: str) -> bool:
    """True for "Cost of products (53,969)": a statement puts in brackets what it takes off, a cost is
    no negative one. Where a label says that it may be income too, the sign is kept.
    """
    label = _INCOME_TAX.sub("taxes", label)
    return _DEDUCTED.search(label) is not None and not _EITHER_WAY.search(label)


_INCOME_TAX = re.compile(r"\bincome tax(?:es)?\b", re.IGNORECASE)


_NIL = frozenset("—–-−")


def nil_columns(row: str, context: str) -> list[str]:
    """The headers of the columns in which a row has a dash: nothing there, or nothing known."""
    lines = [cells(line) for line in context.splitlines() if line.lstrip().startswith("|")]
    names = spanned([header for header in lines if set("".join(header)) - set("-: ")])
    return [
        " ".join(dict.fromkeys(n[i] for n in names if i < len(n) and n[i]))
        for i, value in enumerate(cells(row))
        if i and value in _NIL
    ]


def _is_label(value: str) -> bool:
    """True for a cell that says more of the row, "cars sold" or "first half of 2025"."""
    return all(f.unit in TIME_UNITS for f in read_figures(value)) and any(
        c.isalpha() for c in value
    )


def _without_figures(caption: str) -> str:
    """ "Amounts in CNY billion" gives a table its unit, "a volume of EUR 412.6 million" does not."""
    for figure in reversed(read_figures(caption)):
        caption = caption[: figure.span.start] + caption[figure.span.end :]
    return caption
