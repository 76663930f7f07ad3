"""Which row or column of a table holds the most, or the least: ranked by code. Pure.

"Which quarter had the highest margin?" names no figure, and a draft takes the first it meets. A table
that lists them all answers it exactly; what no table lists is not ranked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.asked import Asked, content_words, read_question
from assistant.choice import Choice, caption, choice_of, figures_of
from assistant.figures import read_figures
from assistant.lexical import tokens
from assistant.named_rows import words_of_row
from assistant.periods import label as written
from assistant.support import surroundings_line
from assistant.synonyms import NOT_TELLING, SPENDING, alike
from assistant.tables import cells
from assistant.times import TIME_UNITS, year_of
from assistant.timing import of_period, periods_in, words_beside_times
from assistant.types import Evidence, Figure
from assistant.whose import HEADS, TURNS, asks_change, names_in

TOLD = 0.75
"""Share of the question's telling words that a column must hold, with the caption and title above it."""
AROUND = 0.7
WHOLE = 0.5
"""A table more of whose rows are ranked counts before one that holds other lines too."""
LEAST = 2
"""So many figures at least make an order."""

NEAR = 100
"""A figure without a scale that is so many times smaller than a limit with one lacks its "in thousands"."""

_MOST = (
    "highest largest biggest greatest most best strongest fastest longest top record maximum peak"
)
_LEAST = "lowest smallest least fewest worst weakest slowest shortest minimum"
_NUMBERS = "two three four five six seven eight nine ten"
EXTREMES = re.compile(rf"\b(?:{'|'.join((*_MOST.split(), *_LEAST.split()))})\b", re.IGNORECASE)
"""Words that ask for the most or the least of several, or tell it."""
_ASKS = re.compile(r"\W*(?:and |so )?(?:in |by |at |for )?(?:which|what|who)\b", re.IGNORECASE)
_WHICH = re.compile(
    r"\b(?i:which|what|who)\b(?: of (?:the|these|those|its|their|them|all|[A-Z][\w&.]*['’]s?)(?= ))?"
    r"(?: (?:[A-Z][\w-]*|two|three|four|five|six|seven|eight|\d+))*(?: (?P<thing>[a-z-]+(?: (?:category|segment|region|division|unit|area|market))?))?"
)
_BEST_TIME = re.compile(
    rf"\b(?:{'|'.join((*_MOST.split(), *_LEAST.split()))}) (?P<thing>quarter|year|month|half)\b",
    re.I,
)
_TIMES = {"quarter": "quarter", "year": "year", "month": "month", "half": "half"}
_OWNERS = frozenset(
    tokens(
        "company companies firm maker carmaker automaker producer peer rival brand competitor group manufacturer"
    )
)
_PARTS = frozenset(
    tokens("segment region division business unit category area line geography market property")
)
_LINES = HEADS | frozenset(tokens("tax interest depreciation amortization equity provision"))
"""Words that a line of a statement has in its label, and the name of a segment has not."""
_TOTALS = re.compile(r"\W*(?:total|group|all|sum|together|overall|average)\b", re.IGNORECASE)
_VERBS = frozenset(
    tokens(
        "did does do has have had is are was were will spent spends delivered delivers sold sells made makes built grew earned"
    )
)
_CHANGES = re.compile(
    r"\b(?:change|growth|yoy|y/y|increase|decrease|rise|fall)\b|同比|增", re.IGNORECASE
)


Named = tuple[str, Choice]
"""What a row or column is called, and its figure."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Figures of one column or row of a table, the one asked for first; `word` says how.

    `names` are those of the rows or columns they stand in.
    """

    word: str
    places: tuple[Choice, ...]
    names: tuple[str, ...]


_NO_RANK = re.compile(r"\b(?:at|to|from) the (?:very )?top\b|\bat (?:most|least)\b", re.IGNORECASE)


def asks_rank(asked: Asked) -> bool:
    """True for "which quarter had the highest …" and "who spends the most on …"."""
    text = _NO_RANK.sub(" ", asked.text)
    return _ASKS.match(text) is not None and EXTREMES.search(text) is not None


def ranked(asked: Asked, tables: Sequence[Sequence[Evidence]], subject: str = "") -> Ranked | None:
    """The order that a question asks for; None where no table, or tables that differ, give one.

    `tables` are rows of one table each; `subject` is whom the documents are about.
    """
    extreme = EXTREMES.search(asked.text)
    if extreme is None or not asks_rank(asked):
        return None
    most = asks_most(asked)
    best = listed(asked, tables, subject, most)
    losses = "loss" in tokens(asked.text)
    for places in best:
        # The largest loss is the lowest result.
        low = losses and any(place.figure.value < 0 for _, place in places)
        sign = 1 if most == low else -1
        places.sort(key=lambda named: sign * named[1].figure.value)
    if not best or best[0][0][1].figure.value == best[0][1][1].figure.value:
        return None
    if any(places[0][0] != best[0][0][0] for places in best):
        return None
    names, choices = zip(*best[0], strict=True)
    return Ranked(extreme[0].lower(), choices, names)


FALLING = re.compile(
    r"\b(?:f[ae]ll(?:s|en|ing)?|declin\w+|dropp?\w*|decreas\w+|los[te]|shr[aiu]nk|slump\w*|slid|down)\b",
    re.IGNORECASE,
)


def asks_most(asked: Asked) -> bool:
    """True where the most is asked for: the most sold, the slowest fall, but not the deepest fall."""
    extreme = EXTREMES.search(asked.text)
    most = extreme is not None and extreme[0].lower() in _MOST.split()
    return most != (asks_change(asked) and FALLING.search(asked.text) is not None)


def listed(
    asked: Asked, tables: Sequence[Sequence[Evidence]], subject: str, most: bool = True
) -> list[list[Named]]:
    """The columns and rows that tell most of the question, if they tell enough, the longest first.

    Each is a list of names with their figures, in the table's order.
    """
    thing = thing_of(asked)
    found = [
        ((told, _words_named(asked, places)), len(places) > WHOLE * len(table), places)
        for table in tables
        for told, places in (
            *_down(asked, table, thing, subject, most),
            *_across(asked, table, thing, subject),
        )
        if told >= TOLD and len(places) >= LEAST
    ]
    # Of "Interest expense" and "Operating interest expense" the one that the question names in full.
    found.sort(key=lambda one: (-one[0][0], -one[0][1], not one[1], -len(one[2])))
    return [places for told, whole, places in found if (told, whole) == found[0][:2]]


def _words_named(asked: Asked, places: Sequence[Named]) -> int:
    """The words of the row that all the figures stand in, if the question names it in full."""
    rows = {choice.evidence.span for _, choice in places}
    return words_of_row(asked.text, places[0][1]) if len(rows) == 1 else 0


@dataclass(frozen=True, slots=True)
class Limit:
    """ "In which quarters was X above 25%?": the order to look for, and the limit its figures are held to."""

    asked: Asked
    amount: Figure
    above: bool
    counts: bool
    closed: bool

    def is_near(self, figure: Figure) -> bool:
        """False for a figure of a table that told no scale: "$1,826" is not below "$1,500 thousand"."""
        told = figure.scale > 0 or self.amount.scale == 0
        return told or abs(figure.value) * NEAR >= self.amount.value

    def holds(self, figure: Figure) -> bool:
        """True for a figure beyond the limit, or at it where the question says "at least"."""
        if figure.value == self.amount.value:
            return self.closed
        return (figure.value > self.amount.value) is self.above


_LIMIT = re.compile(
    r"^\W*(?:(?:in|for|during|over) )?(?P<ask>which|what|how many) (?:(?:fiscal|financial|calendar) )?(?P<thing>quarter|year|month|half)s?\b"
    r"(?: end(?:ed|ing) (?:on )?[A-Z][a-z]+ \d{1,2},?)?(?P<rest>[^?]*?)\W*"
    r"\b(?:(?P<above>more than|greater than|higher than|larger than|above|over|exceed(?:s|ed)?|at least)"
    r"|(?P<below>less than|lower than|smaller than|fewer than|below|under|at most)) (?P<amount>[^?]+?)\W*$",
    re.IGNORECASE,
)


def limited(asked: Asked) -> Limit | None:
    """The limit that a question for times sets; None for any other question."""
    said = _LIMIT.match(asked.text)
    if said is None:
        return None
    amounts = [f for f in read_figures(said["amount"]) if f.unit not in TIME_UNITS]
    if len(amounts) != 1:
        return None
    behind = said["amount"][amounts[0].span.end :]
    order = f"Which {said['thing']} had the highest{said['rest']} {behind}".strip()
    word = (said["above"] or said["below"]).lower()
    return Limit(
        read_question(f"{order}?"),
        amounts[0],
        said["above"] is not None,
        said["ask"].lower() == "how many",
        word.startswith("at "),
    )


# "What was the average annual gross margin?", "the average quarterly low price in 2018"
_AVERAGED = re.compile(
    r"^\W*what (?:is|was|were|are) (?:the |its |their |(?P<whose>[A-Z][\w&.-]*(?: [A-Z][\w&.-]*)?['’]s ))?(?:average|mean) (?:(?P<each>annual|yearly|quarterly|monthly) )?"
    r"(?!(?:selling|retail|list|unit|purchase|exercise|share|stock)? ?prices?\b|number of (?:months|years|days)\b)(?P<what>[^?]+?)"
    r"(?: (?:across|over|for|of|in) (?:all |each of )?(?:the )?(?:years|quarters|periods|months)(?: shown| given| reported| in the table)?)?\W*$",
    re.IGNORECASE,
)
_TIME_OF = {"quarterly": "quarter", "monthly": "month"}


def averaged(asked: Asked) -> Asked | None:
    """The order that holds what "the average X" is taken of, where no times are named; None without one."""
    said = _AVERAGED.match(asked.text)
    if said is None or len(asked.periods) > 1 or (asked.periods and not said["each"]):
        return None
    thing = _TIME_OF.get((said["each"] or "").lower(), "year")
    return read_question(f"Which {thing} had the highest {said['whose'] or ''}{said['what']}?")


# "What was the percentage change in revenue?", of a table with two years
_MOVED = re.compile(
    r"^\W*what (?:is|was|were) the (?:(?P<percent>percentage|percent|%|relative) )?(?:change|increase|decrease|growth|rise|fall|decline|difference) "
    r"(?:in|of) (?:the |its |their )?(?P<what>[^?]+?)\W*$",
    re.IGNORECASE,
)


def moved(asked: Asked) -> tuple[Asked, str] | None:
    """The order that holds both times of a change for which none is named, and the operation between them."""
    said = _MOVED.match(asked.text)
    if said is None or asked.periods or len(names_in(asked.text)) > 1:
        return None
    order = read_question(f"Which year had the highest {said['what']}?")
    return order, "growth" if said["percent"] else "difference"


# "In which year was the charge larger?" of two years asks for the largest.
_OF_TWO = re.compile(
    r"^(?P<lead>\W*(?:in )?which (?:(?:fiscal|financial) )?(?:year|quarter|half|month)\b[^?]*?) "
    r"(?P<more>larger|bigger|greater|higher|lower|smaller|more|less|fewer)\W*$",
    re.IGNORECASE,
)
_MOST_OF = {"lower": "lowest", "smaller": "smallest", "less": "least", "fewer": "fewest"}


def superlative(asked: Asked) -> Asked:
    """ "In which year was it larger?" as "… largest?"; any other question as it is."""
    said = _OF_TWO.match(asked.text)
    if said is None:
        return asked
    return read_question(f"{said['lead']} {_MOST_OF.get(said['more'].lower(), 'highest')}?")


def search_text(asked: Asked) -> str:
    """The question as the heading of a table: "did Castor spend on pumps by year"."""
    thing = thing_of(asked)
    rest = EXTREMES.sub(" ", _WHICH.sub(" ", asked.text, count=1)).rstrip("?？ ")
    return " ".join(f"{rest} {f'by {thing}' if thing else ''}".split())


def thing_of(asked: Asked) -> str:
    """What is ranked, as the question calls it: "quarter", "business segment"; "" for "who"."""
    match = _WHICH.search(asked.text)
    thing = (match["thing"] or "") if match else ""
    if not _VERBS.issuperset(tokens(thing)):
        return thing
    best = _BEST_TIME.search(asked.text)  # "what was its best quarter?"
    return best["thing"] if best else ""


_SALES = frozenset(tokens("sales revenue"))


def _told(asked: Asked, thing: str, subject: str, by: str, places: Sequence[Named]) -> float:
    """Share of the question's words that the column or row tells, with the caption above the table."""
    times = {w for period in asked.periods for w in tokens(period.text)}
    names = [set(tokens(name.partition(",")[0])) for name, _ in places]
    # "Revenues" before each of "Revenues Pumps", "Revenues Valves".
    common = set.intersection(*names)
    called = set.union(*names) - common
    asking = {*tokens(f"{_MOST} {_LEAST} {_NUMBERS} {thing} {subject}"), *times, *called}
    wanted = set(content_words(TURNS.sub(" ", asked.text))) - asking - NOT_TELLING
    if "r&d" in wanted:
        wanted -= SPENDING
    if wanted & _SALES:
        wanted -= {"net"}  # a table of "Sales by category" is one of net sales
    row = places[0][1].evidence
    counted = " ".join(name.partition(",")[2] for name, _ in places)  # "Castor, cars sold"
    # A column headed by its period alone is of what the heading above the table says.
    measured = "" if words_beside_times(by) else " ".join(row.passage.headings[-1:])
    near = alike([*tokens(f"{by} {caption(row)} {counted} {measured}"), *common])
    around = alike(tokens(surroundings_line(row)))
    if near & _FROM_OPERATIONS and near & _RESULTS:
        near |= set(tokens("operating"))  # a "loss from operations"
    if "result" in near:
        near.add("loss")  # a column of results holds the losses too
    if not wanted:  # "who grew fastest?" asks for no measure
        return float(asks_change(asked) and _CHANGES.search(by) is not None)
    return sum(1.0 if w in near else AROUND if w in around else 0.0 for w in wanted) / len(wanted)


_FROM_OPERATIONS = frozenset(tokens("operations"))
_RESULTS = frozenset(tokens("loss income earnings profit"))


def _down(
    asked: Asked, table: Sequence[Evidence], thing: str, subject: str, most: bool
) -> Iterator[tuple[float, list[Named]]]:
    """The columns of a table whose rows are the things asked about.

    Of a thing with two rows, "R&D expense" and "R&D investment", the one that says more counts.
    """
    columns: dict[str, list[Named]] = {}
    labels = [set(tokens(cells(row.text)[0])) for row in table]
    if (
        set(tokens(thing)) & _PARTS
        and sum(bool(words & _LINES) for words in labels) > len(labels) / 3
    ):
        return  # the lines of a statement are no segments
    for row in table:
        if not _is_thing(cells(row.text)[0], thing, row) or _TOTALS.match(cells(row.text)[0]):
            continue
        for figure, column, label in figures_of(row):
            if (
                column
                and figure.unit not in TIME_UNITS
                and _in_period(asked, thing, row, figure, column, label)
            ):
                columns.setdefault(column, []).append(
                    (label, choice_of(row, figure, column, label))
                )
    wanted = set(tokens(f"{asked.text} {subject}"))
    for column, places in columns.items():
        owners = set(tokens(" ".join(names_in(column))))
        if words_beside_times(column) and owners and not owners & wanted:
            continue  # another company's quarters
        ordered = sorted(places, key=lambda named: named[1].figure.value, reverse=not most)
        once = {name.partition(",")[0]: choice for name, choice in ordered}
        places = [(name, choice) for name, choice in places if choice in once.values()]
        figure = places[0][1].figure
        # "Which quarter" asks for a time; what is ranked is whatever else is asked for.
        of_kind = replace(asked, kinds=asked.kinds - {"time", "place", "person"})
        fits = of_kind.fits((figure,)) or figure.unit == "count"
        changes = _CHANGES.search(column) is not None
        if changes:  # a change is one of the column before it
            fits = figure.unit in ("percent", "percentage_point")
            header = _columns(places[0][1].evidence)
            at = header.index(column) if column in header else 0
            of = f"{header[at - 1]} {column}" if at else column
        if fits and changes == asks_change(asked):
            yield _told(asked, thing, subject, of if changes else column, places), places


def _columns(row: Evidence) -> list[str]:
    """The headers of a row's table, that of its labels aside."""
    header = next((x for x in row.passage.context.splitlines() if x[:1] == "|"), "")
    return cells(header)[1:]


def _across(
    asked: Asked, table: Sequence[Evidence], thing: str, subject: str
) -> Iterator[tuple[float, list[Named]]]:
    """The rows of a table whose columns are the companies, or the times, asked about."""
    if thing.rstrip("s") in _TIMES:
        for row in table:
            over = list(_over_time(asked, row, _TIMES[thing.rstrip("s")]))
            if len({name for name, _ in over}) == len(over) > 0:
                yield _told(asked, thing, subject, cells(row.text)[0], over), over
        return
    for row in table:
        places = [
            (_plain(column), choice_of(row, figure, column, label))
            for figure, column, label in figures_of(row)
            if names_in(column)
            and figure.unit not in TIME_UNITS
            and _in_period(asked, thing, row, figure, column, label)
        ]
        owners = {name for name, _ in places}
        if places and asked.periods and len(owners) == len(places):
            yield _told(asked, thing, subject, cells(row.text)[0], places), places


def _over_time(asked: Asked, row: Evidence, unit: str) -> Iterator[Named]:
    """The cells of a row whose columns are years, quarters, halves or months."""
    for figure, column, label in figures_of(row):
        times = [time for time in periods_in(column) if time.unit == unit or year_of(time)]
        if len(times) != 1 or figure.unit in TIME_UNITS or _CHANGES.search(column):
            continue
        fits = replace(asked, kinds=asked.kinds - {"time"}).fits((figure,))
        if times[0].unit in (unit, "date") and (fits or figure.unit == "count"):
            name = str(year_of(times[0])) if unit == "year" else written(times[0])
            if not asked.periods or year_of(times[0]) in _years(asked):
                yield name, choice_of(row, figure, column, label)


_BETWEEN = re.compile(r"\b(?:between|from|since|through|to|until)\b|[-–]", re.IGNORECASE)


def _years(asked: Asked) -> set[int]:
    """The years asked for: "between 2015 and 2019" are five."""
    years = {year_of(p) for p in asked.periods}
    if len(years) == 2 and _BETWEEN.search(asked.text):
        return set(range(min(years), max(years) + 1))
    return years


def _is_thing(label: str, thing: str, row: Evidence) -> bool:
    """True for a row that is a quarter, a company or whatever is asked about."""
    times = periods_in(label)
    if thing.rstrip("s") in _TIMES:
        return any(time.unit == _TIMES[thing.rstrip("s")] for time in times)
    header = next(
        (cells(line)[0] for line in row.passage.context.splitlines() if line[:1] == "|"), ""
    )
    words = set(tokens(thing))
    # Over the names of segments a statement's corner is empty, or says of which years it is.
    header = header if words_beside_times(_SCALE.sub(" ", header)) else ""
    owner = not words or bool(words & (_OWNERS if header else _OWNERS | _PARTS))
    named = any(c.isalpha() for c in label)
    by = _BY.search(" ".join(row.passage.headings[-1:]))  # "Sales by category"
    listed = alike(tokens(f"{header} {by[1] if by else ''}"))
    return named and not times and (owner or bool(alike(words) & listed))


_BY = re.compile(r"\bby ([\w ]+)", re.IGNORECASE)


def _in_period(
    asked: Asked, thing: str, row: Evidence, figure: Figure, column: str, label: str
) -> bool:
    """True where no period is asked for, or the cell is of it, or of a quarter of the year asked for."""
    if not asked.periods:
        return True
    if base := _BASE.search(column):
        return any(year_of(p) == int(base["year"]) + 1 and p.unit == "year" for p in asked.periods)
    if thing.rstrip("s") in _TIMES:
        return any(year_of(time) in _years(asked) for time in periods_in(f"{label} {column}"))
    return any(of_period(row, figure, period, column, label) for period in asked.periods)


_SCALE = re.compile(
    r"\([^()]*\)|\b(?:in|of|us|u\.s\.|dollars|euros|yuan|rmb|cny|usd|thousands|millions|billions|unaudited)\b",
    re.IGNORECASE,
)
# "Change on 2024 (%)" is one of the year after.
_BASE = re.compile(
    r"\b(?:on|over|from|vs\.?|against|compared (?:with|to)) (?P<year>(?:19|20)\d\d)\b", re.I
)


def _plain(column: str) -> str:
    """A column's name without its unit: "Li Auto (%)"."""
    return re.sub(r"\s*\([^()]*\)\s*$", "", column)
