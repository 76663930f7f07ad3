"""Which rows and columns of tables a question names: in full, by a day, or as the total. Pure."""

from __future__ import annotations

import re
from collections.abc import Set

from assistant.asked import Asked
from assistant.choice import Choice
from assistant.lexical import tokens
from assistant.plans import Part
from assistant.synonyms import NOT_TELLING, alike
from assistant.tables import cells, nil_columns, plain_label
from assistant.times import read_times
from assistant.timing import periods_in
from assistant.types import Evidence, PassageKind
from assistant.whose import HEADS, names_in

FILLERS = frozenset(
    tokens(
        "the a an of in on at for to from and or its their total number value values amount other"
    )
)


def of_day(asked: Asked, part: Part, found: list[Choice]) -> list[Choice]:
    """Where rows are headed by days, "At 31 December", those of the day asked for.

    A question for the 31st of December 2019 asks what was there then: of a table that has a row for
    that day no other row is meant, unless it is named in full.
    """
    days = {int(f.value) for f in read_times(asked.text) if f.unit == "date" and f.value < 10000}
    if part.period is not None and part.period.unit == "date":
        days.add(int(part.period.value) % 10000)
    if not days:
        return found
    of_rows = [
        {int(p.value) for p in periods_in(c.row) if p.unit == "date" and p.value < 10000}
        for c in found
    ]
    headed = {_table_of(c) for c, own in zip(found, of_rows, strict=True) if own & days}
    return [
        c
        for c, own in zip(found, of_rows, strict=True)
        if (own & days if own else _table_of(c) not in headed or names_row(asked.text, c))
    ]


def _table_of(choice: Choice) -> tuple[str, str]:
    return choice.evidence.passage.source.id, choice.evidence.passage.context


def of_best_column(text: str, asked: str, found: list[Choice]) -> list[Choice]:
    """Of the cells of one row those whose column tells most of the part's `text`, else of all that is asked."""
    wanted, told = _columns_told(text, found)
    if not any(told):
        wanted, told = _columns_told(asked, found)
    wholes = {_row_of(c) for c in found if _is_whole(c.column)}
    # Where the question names no part, the column "Total" is meant, and not one beside it.
    told = [
        0.5 if not share and _row_of(c) in wholes and _is_whole(c.column) else share
        for c, share in zip(found, told, strict=True)
    ]
    best: dict[tuple[str, int], float] = {}
    for choice, share in zip(found, told, strict=True):
        item = choice.evidence
        place = _row_of(choice)
        if place not in best and choice.column:
            nil = nil_columns(item.text, item.passage.context)
            # Where the very column holds a dash, its neighbour's figure is none of it.
            best[place] = max((len(wanted & alike(tokens(c))) for c in nil), default=0)
        best[place] = max(best.get(place, 0), share)
    return [
        choice
        for choice, share in zip(found, told, strict=True)
        if share == best[_row_of(choice)] or not choice.column
    ]


def _columns_told(asked: str, found: list[Choice]) -> tuple[set[str], list[float]]:
    """The words that may tell a column, and how many of them each figure's column tells."""
    words = set(tokens(asked))
    heads = [alike(tokens(column)) for column in {c.column for c in found if c.column}]
    # What tells one column from another counts, though it tells little elsewhere: "Number", "Current".
    apart = {w for w in words - _ALWAYS if 0 < sum(w in head for head in heads) < len(heads)}
    wanted = (words - FILLERS - NOT_TELLING) | apart
    return wanted, [len(wanted & alike(tokens(c.column))) if c.column else 0 for c in found]


_ALWAYS = frozenset(tokens("the a an of in on at for to from and or its their"))
_TOTAL = frozenset(tokens("total"))


def _row_of(choice: Choice) -> tuple[str, int]:
    return choice.evidence.passage.id, choice.evidence.span.start


def _is_whole(column: str) -> bool:
    """True for the column "Total", and "Total (in thousands)"."""
    return set(tokens(_UNIT_BEHIND.sub("", column))) == _TOTAL


_UNIT_BEHIND = re.compile(
    r"\([^()]*\)|\b(?:US|HK|AU)?[$€£¥]\S*|['’]000|\b(?:in )?(?:thousands|millions|billions)\b", re.I
)


def of_named_row(asked: str, found: list[Choice], subject: str, plain: bool) -> list[Choice]:
    """Where the question names table rows by their labels, the figures of the row it names in full.

    "Operating interest expense" names a row of that name, and not the row "Interest expense" too.
    The `subject` of all documents names none: its other tables do not repeat it. To a `plain`
    question a sentence that says all words of the row is as good.
    """
    wanted = alike(tokens(asked)) - set(tokens(subject))
    heads = HEADS & set(tokens(asked))
    named = [_named(wanted, choice, heads) for choice in found]
    most = max(named, default=0)
    labels = [
        {w for w in tokens(called(choice)) if w not in FILLERS}
        for choice, words in zip(found, named, strict=True)
        if words == most and choice.cell
    ]

    def tells(choice: Choice) -> bool:
        told = alike(tokens(choice.about))
        return plain and any(label <= told for label in labels)

    # One word may be a row by chance, beside sentences that tell more.
    kept = [
        choice
        for choice, words in zip(found, named, strict=True)
        if words == most or not most or (not choice.cell and (most == 1 or tells(choice)))
    ]
    if not most:
        return kept
    # "Total current assets" are not "other current assets".
    said = _ALL_OR_OTHER & set(tokens(asked))
    alike_ = [
        choice
        for choice in kept
        if not choice.cell or _ALL_OR_OTHER & set(tokens(called(choice))) == said
    ]
    if any(choice.cell for choice in alike_):
        return alike_
    # "Other deferred taxes" are not "total deferred taxes".
    return [c for c in kept if said != _OTHER or not _TOTAL & set(tokens(called(c)))]


_OTHER = frozenset(tokens("other"))
_ALL_OR_OTHER = _TOTAL | _OTHER


def _read_with(choice: Choice) -> str:
    """The words of a cell and of what heads its table."""
    return f"{choice.about} {' '.join(choice.evidence.passage.headings)}"


def _named(wanted: set[str], choice: Choice, heads: Set[str] = frozenset()) -> int:
    """How many words of a row's own label the question holds, if it holds them all.

    `heads` are the measures asked for: a row of assets is none of an expense for them.
    """
    if not choice.cell or choice.evidence.passage.kind is not PassageKind.TABLE_ROW:
        return 0
    name = called(choice)
    if set(tokens(name)) in (_OTHER, _TOTAL) and set(tokens(name)) <= wanted:
        name = choice.row  # with the label of its group: "Deferred tax liabilities Other"
    own = {w for w in tokens(name) if w not in FILLERS}
    if "r&d" in own:
        own -= {"research", "develop"}  # spelled out
    measured = not heads or heads & alike(tokens(_read_with(choice)))
    by_row = len(own) if own <= wanted and measured else 0
    # A column headed by the company asked for says as much as a row of its name.
    owner = {w for name in names_in(choice.column) for w in tokens(name)}
    return max(by_row, len(owner) if owner <= wanted else 0)


def names_row(asked: str, choice: Choice) -> bool:
    """True for a cell of a row that the question names in full."""
    return words_of_row(asked, choice) > 0


def words_of_row(asked: str, choice: Choice) -> int:
    """How many words a row's label has, if the question holds them all; 0 if it does not."""
    return _named(alike(tokens(asked)), choice)


_REMARK = re.compile(
    r"\(\w{1,2}\)|\b(?:mid|early|late|end|as of|as at)\b-?|,\s*net\b(?: of .*)?$", re.IGNORECASE
)


def row_name(row: Evidence) -> str:
    """The label of a row without its periods and remarks' numbers: what the row is about."""
    label = plain_label(cells(row.text)[0])
    for time in reversed(periods_in(label)):
        label = label[: time.span.start] + " " + label[time.span.end :]
    return _REMARK.sub(" ", label)


def asks_total(asked: Asked) -> bool:
    """True for "total revenue": what a row "Total" may hold."""
    return set(tokens(asked.text)) >= _TOTAL


def is_sum(row: Evidence) -> bool:
    """True for a row called "Total", or nothing, at the end of what it sums."""
    return {w for w in tokens(row_name(row)) if w[0].isalpha()} <= _TOTAL


def label_of(choice: Choice) -> str:
    """The label of a cell's row as it is printed."""
    return cells(choice.evidence.text)[0] or choice.row


def called(choice: Choice) -> str:
    """What a cell's row is about; of a sum line without a label, whose total it is."""
    return row_name(choice.evidence) if cells(choice.evidence.text)[0] else choice.row
