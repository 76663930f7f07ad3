"""What code works out of the rows of a table: which grew the most, which make up so much of the whole. Pure.

"Which segment grew fastest?" and "which make up more than 20% of revenue?" name figures that a table
of levels does not print. Its rows hold the operands: the same row a year before, and the total below.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.asked import Asked, content_words, read_question
from assistant.choice import Choice, choice_of, figures_of
from assistant.figures import singular
from assistant.lexical import tokens
from assistant.ranking import EXTREMES, FALLING, Named, asks_most, asks_rank, listed, thing_of
from assistant.times import year_of
from assistant.timing import periods_in
from assistant.types import Evidence
from assistant.whose import HEADS, TURNS, names_in

ROUNDED = Decimal("0.6")
"""By so much of its last digit for each row a total may differ from the sum of its rows."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row's figure and the one it is measured against: the year before, or the total."""

    name: str
    figure: Choice
    base: Choice

    @property
    def value(self) -> Decimal:
        """The figure as a multiple of its base."""
        return self.figure.figure.value / self.base.figure.value


@dataclass(frozen=True, slots=True)
class Among:
    """Rows of one table in the order asked for; `operation` is "growth" or "share", `word` says the order."""

    operation: str
    rows: tuple[Row, ...]
    word: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """A question among rows: the levels to look for, and what is worked out of them.

    `highest` says which end comes first, `least` and `most` bound the share of those shown, in percent.
    """

    operation: str
    levels: Asked
    word: str = ""
    highest: bool = True
    least: Decimal | None = None
    most: Decimal | None = None


# "In which region did Castor's revenue fall between 2021 and 2022?"
_WHICH_MOVED = re.compile(
    r"^\W*(?:in |for )?(?:which|what) (?P<thing>[\w.& -]+?) (?:did|has|have|saw|had) (?P<rest>(?:the |its |a )?[^?]*?\b)"
    r"(?P<turn>(?:f[ae]ll(?:en)?|declined?|dropp?(?:ed)?|decreased?|shr[aiu]nk|rise|rose|grow|grew|grown|increased?))\b",
    re.IGNORECASE,
)
# "The worst top-line performance", "the fastest growth" and "grew fastest" ask for a change.
_PERFORMED = re.compile(
    r"\b(?:performance|performing|performed|performer|momentum)\b", re.IGNORECASE
)
_TOP_LINE = re.compile(r"\btop[- ]?line\b", re.IGNORECASE)
_PARTS_OF = re.compile(
    r"\b(?:represent|mak|made|account|contribut|bring|brought|generat|compris|constitut|deliver|provid)\w*\b[^?]*?"
    r"\b(?P<bound>more than|over|above|at least|exceeding|less than|under|below|at most) "
    r"(?P<amount>\d+(?:\.\d+)?) ?(?:%|percent\b|per cent\b) of (?P<whole>[^?]+)",
    re.IGNORECASE,
)
_LISTS = re.compile(
    r"\b(?:which|what|any|are there|how many) (?:of )?(?:its |the |their |[A-Z][\w&]*['’]s )?(?P<things>[^?]+?)\W*$",
    re.IGNORECASE,
)
_RELATING = ("that", "which", "who", "did", "does", "do", "each")
_CONTRIBUTION = re.compile(r"\bcontribut\w+\b", re.IGNORECASE)


def asking(asked: Asked) -> Asking | None:
    """What a question wants worked out of a table's rows; None for any other question."""
    return _of_shares(asked) or _of_growth(asked)


def _of_growth(asked: Asked) -> Asking | None:
    extreme = EXTREMES.search(asked.text)
    if extreme is None and (moved := _WHICH_MOVED.match(asked.text)):
        levels = _levels(f"Which {moved['thing']} had the highest {moved['rest']}")
        falls = FALLING.search(moved["turn"]) is not None
        hundred = Decimal(100)
        return Asking(
            "growth",
            levels,
            highest=not falls,
            least=None if falls else hundred,
            most=hundred if falls else None,
        )
    changes = TURNS.search(asked.text) or _PERFORMED.search(asked.text)
    if extreme is None or not changes or not asks_rank(asked):
        return None
    text = TURNS.sub(" had ", _PERFORMED.sub(" ", _TOP_LINE.sub("revenue", asked.text)))
    return Asking("growth", _levels(text), extreme[0].lower(), asks_most(asked))


def _of_shares(asked: Asked) -> Asking | None:
    said = _PARTS_OF.search(asked.text)
    if said is None:
        most = EXTREMES.search(asked.text)
        if most and _CONTRIBUTION.search(asked.text) and thing_of(asked):
            levels = _levels(_CONTRIBUTION.sub(" ", asked.text))
            return Asking("share", levels, most[0].lower(), asks_most(asked))
        return None
    things = _LISTS.search(asked.text[: said.start()])
    if things is None:
        return None
    amount = Decimal(said["amount"])
    below = said["bound"].lower() in ("less than", "under", "below", "at most")
    words = [w for w in things["things"].split("/")[0].split() if w.lower() not in _RELATING]
    if not words:
        return None
    thing = singular(words[-1])
    levels = _levels(f"Which {thing} had the highest {said['whole']}?")
    least, most_ = (None, amount) if below else (amount, None)
    return Asking("share", levels, least=least, most=most_)


def _levels(text: str) -> Asked:
    """The question for the levels themselves; of revenue where it names no measure."""
    text = text.rstrip("?？ ")
    said = set(content_words(EXTREMES.sub(" ", text)))
    said -= {
        w for name in (*names_in(text), *(t.text for t in periods_in(text))) for w in tokens(name)
    }
    if not said & HEADS and not said - _NOT_MEASURED:
        text = f"{text} revenue"
    if not EXTREMES.search(text):
        text = f"{text} highest"
    return read_question(" ".join(text.split()) + "?")


_NOT_MEASURED = frozenset(
    tokens(
        "segment region division business unit category area line geography market property product service "
        "company firm maker carmaker automaker group company's year quarter half month"
    )
)


def among(wanted: Asking, tables: Sequence[Sequence[Evidence]], subject: str = "") -> Among | None:
    """The rows of a table with what is worked out of each; None where no table, or tables that differ, tell."""
    columns = listed(wanted.levels, tables, subject)
    if not wanted.levels.periods:
        newest = max((_year(places) for places in columns), default=0)
        columns = [places for places in columns if _year(places) == newest]
    columns = [_plainly(places) for places in columns]
    worked = [_growths(p) if wanted.operation == "growth" else _shares(p, tables) for p in columns]
    found = [_ordered(wanted, rows) for rows in worked if rows]
    if not found or not all(found):
        return None
    if any([row.name for row in rows][:1] != [found[0][0].name] for rows in found):
        return None
    longest = sorted(found, key=len)[-1]
    return Among(wanted.operation, tuple(longest), wanted.word)


def _ordered(wanted: Asking, rows: list[Row]) -> list[Row]:
    """The rows that are within the bounds, in the order asked for; none where two share the first place."""
    rows.sort(key=lambda row: row.value, reverse=wanted.highest)
    if wanted.word and (len(rows) < 2 or rows[0].value == rows[1].value):
        return []
    return [
        row
        for row in rows
        if (wanted.least is None or row.value * 100 >= wanted.least)
        and (wanted.most is None or row.value * 100 <= wanted.most)
    ]


def _plainly(places: list[Named]) -> list[Named]:
    """The rows without the heading that all their names begin with: "Revenues Pumps", "Revenues Valves"."""
    names = [name.split() for name, _ in places]
    common = 0
    while all(len(words) > common + 1 and words[common] == names[0][common] for words in names):
        common += 1
    return [
        (" ".join(words[common:]), choice) for words, (_, choice) in zip(names, places, strict=True)
    ]


def _year(places: Sequence[Named]) -> int:
    return max((year_of(time) or 0 for time in periods_in(places[0][1].column)), default=0)


def _growths(places: Sequence[Named]) -> list[Row]:
    """Each row against its figure of the year before, in the column that differs by the year alone."""
    rows = []
    for name, choice in places:
        year = _year([(name, choice)])
        before = choice.column.replace(str(year), str(year - 1))
        for figure, column, label in figures_of(choice.evidence):
            if column == before != choice.column and figure.value > 0:
                rows.append(Row(name, choice, choice_of(choice.evidence, figure, column, label)))
    return rows


def _shares(places: Sequence[Named], tables: Sequence[Sequence[Evidence]]) -> list[Row]:
    """Each row against the total below it that it is summed into."""
    lines = {choice.evidence for _, choice in places}
    table = next((table for table in tables if lines <= set(table)), ())
    total = _total(table, places[0][1].column, lines)
    if total is None or total.figure.value <= 0:
        return []
    return [Row(name, choice, total) for name, choice in places]


def _total(table: Sequence[Evidence], column: str, lines: set[Evidence]) -> Choice | None:
    """The first figure of a column that is the sum of those above it, and stands below all the `lines`."""
    above: list[Choice] = []
    seen: set[Evidence] = set()
    for row in table:
        mine = [c for c in figures_of(row) if c[1] == column]
        if not mine:
            above = []  # a heading between the rows begins another sum
            continue
        choice = choice_of(row, *mine[0])
        figure = choice.figure
        last = Decimal(1).scaleb(figure.scale - figure.decimals)
        apart = abs(figure.value - sum((c.figure.value for c in above), Decimal(0)))
        if len(above) > 1 and lines <= seen and apart <= ROUNDED * last * len(above):
            return choice
        above.append(choice)
        seen.add(row)
    return None
