"""Do the documents give different values for what is asked? Pure.

Two values conflict when places that tell the same of the question give another figure of one unit
and period. Other periods, measures and roundings are no conflict. A false alarm on a plain question
is worse than a missed one, so two places conflict only where one of them says who counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.asked import UNITS_OF_KIND, Asked, read_question
from assistant.entities import NO_ENTITY
from assistant.figures import read_figures, same_value, supports
from assistant.lexical import tokens
from assistant.rivals import (
    ASKING,
    Side,
    agrees,
    apart,
    close,
    compatible,
    copies,
    is_disputed,
    named_words,
    on_topic,
    period_of,
    rival,
    same_period,
    similar,
    slipped,
    unlike,
)
from assistant.support import surroundings, surroundings_line
from assistant.synonyms import alike
from assistant.tables import CellFigure, read_row, row_as_words
from assistant.times import TIME_UNITS, year_of
from assistant.timing import nearest_period
from assistant.types import Evidence, Figure, PassageKind
from assistant.whose import is_base, is_plain

LESS_TOLD = 0.2
LESS_TOLD_BESIDE = 0.3
"""The same for a sentence of one passage that says itself that reports differ."""
TOLD = 0.5
WELL_TOLD = 0.7
ALL_TOLD = 0.85
SIDES = 4
SEEDS = 2

_I_HAVE_READ = re.compile(
    r"\b(?:I|we)(?:['’]ve| have)? (?:seen|read|heard|found|come across)(?: that)?\b", re.IGNORECASE
)
_LISTED = re.compile(r",? (?:and )?")
_WHICH_IS_RIGHT = re.compile(
    r"\bwhich(?: one| of them| figure| number| value)? (?:is|was|are) (?:the )?(?:right|correct|true|it\b(?=\W*$))(?: one| figure| number)?",
    re.IGNORECASE,
)
_OR = re.compile(r"\bor\b|或|还是", re.IGNORECASE)
_SAYS = re.compile(
    r"\b(?:reports?|reported|says|said|states?|stated|writes|wrote|prints?|printed|gives?|gave|puts?|dates"
    r"|describes?|finds|found|sets|measures|according to|by .{2,30} (?:account|count)|quotes?|quoted"
    r"|another|others?|one (?:report|note|page|account|source|blog)|speaks? of|reckons?|claims?)\b",
    re.IGNORECASE,
)
_DISPUTE = re.compile(
    r"\bdisput|\bdisagree|\bcontradict|\bdiffer(?:s|ently)?\b|\bwhereas\b|\bby another\b|\banother\b.*\b(?:gives|says|puts|has)\b"
    r"|\bone\b.*\banother\b|\b(?:account|count|report); \w+ (?:writes|gives|says|puts)\b",
    re.IGNORECASE,
)
_DISPUTED = re.compile(
    r"\bdisput|\bdisagree|\bcontradict|\b(?:dates?|sources?|accounts?) differ\b", re.I
)
_FURTHER = re.compile(
    r"\W*(?:another|others?|a (?:second|third|different)|elsewhere)\b", re.IGNORECASE
)
_BY_SOURCE = re.compile(
    r"^\|\s*(?:printed by|reported by|according to|said by|sources?|reports?|accounts?)\s*\|",
    re.I | re.M,
)
# Words that make of one measure another: where only one of two places has them, they count two things.
_QUALIFIERS = frozenset(
    tokens(
        "target goal guidance forecast expected expects planned estimate adjusted ifrs half monthly "
        "cumulative average previous capacity orders investment expense"
    )
)


def alternatives(asked: Asked) -> tuple[Figure, ...]:
    """The amounts that the question joins with "or", "28 or 29 billion?", or lists to choose from.

    Not two years: in a sentence with several dates code cannot tell which one is meant.
    """
    figures = [
        f for f in _with_scales(asked.text) if f.unit not in TIME_UNITS and not f.text.isalpha()
    ]
    chosen = _WHICH_IS_RIGHT.search(asked.text)
    out: list[Figure] = []
    for one, other in pairwise(figures):
        between_them = asked.text[one.span.end : other.span.start]
        if _OR.search(between_them) or (chosen and _LISTED.fullmatch(between_them)):
            out += [figure for figure in (one, other) if figure not in out]
    return tuple(out)


def offers(asked: Asked) -> bool:
    """True for a question that offers values or times to choose from."""
    return bool(alternatives(asked)) or len(asked.periods) > 1


def offered(asked: Asked, lines: Sequence[Evidence]) -> tuple[Side, ...]:
    """The sides of a question that offers values, if places hold two of them for what is asked."""
    sides: list[Side] = []
    for wanted in alternatives(asked):
        found = [
            (_told(asked, line), Side(figure, line))
            for line in lines
            for figure in line.figures
            if _is(figure, wanted)
        ]
        found = [(told, side) for told, side in found if told >= TOLD and on_topic(asked, side)]
        if found:
            sides.append(max(found, key=lambda pair: pair[0])[1])
    return tuple(sides) if len(sides) > 1 else ()


def offered_times(asked: Asked, lines: Sequence[Evidence]) -> tuple[Side, ...]:
    """The sides of "in 2019 or 2020?" in a line that itself says that its sources disagree on the two."""
    if len(asked.periods) != 2:
        return ()
    one, other = asked.periods
    if not _OR.search(asked.text[one.span.end : other.span.start]):
        return ()
    for line in lines:
        said = _DISPUTED.search(line.text)
        if not said or _told(asked, line) < TOLD or other_amount(asked, line):
            continue
        told = [next((f for f in line.figures if supports(f, time)), None) for time in (one, other)]
        if all(told):
            return tuple(Side(figure, line) for figure in told if figure)
    return ()


def within(asked: Asked, lines: Sequence[Evidence]) -> tuple[Side, ...]:
    """The sides of a line that itself says that its sources disagree."""
    for line in lines:
        if line.passage.kind is PassageKind.TABLE_ROW or not _DISPUTE.search(line.text):
            continue
        if _told(asked, line) < WELL_TOLD or not named_words(asked) <= set(
            tokens(surroundings(line))
        ):
            continue
        if other_amount(asked, line):
            continue
        figures = _of_kind(asked, line.figures)
        for i, one in enumerate(figures):
            for other in figures[i + 1 :]:
                if one.unit != other.unit or not apart(one, other) or unlike(one, other):
                    continue
                if not on_topic(asked, Side(one, line)):
                    continue
                if one.unit in TIME_UNITS or _one_period(line, one, other):
                    return Side(one, line), Side(other, line)
    return _one_and_another(asked, lines)


def other_amount(asked: Asked, line: Evidence) -> bool:
    """True for a line about another amount than the question's "200-billion plan"."""
    named = [f for f in read_figures(asked.text) if f.scale >= 6 and f.unit not in TIME_UNITS]
    told = [f for f in line.figures if f.scale >= 6 and f.unit not in TIME_UNITS]
    return bool(named and told) and not any(_is(f, wanted) for f in told for wanted in named)


def _one_and_another(asked: Asked, lines: Sequence[Evidence]) -> tuple[Side, ...]:
    """ "One report has 12. Another, with a wider count, has 15.": two sentences of one passage."""
    for second in lines:
        if not _FURTHER.match(second.text) or _told(asked, second) < TOLD:
            continue
        if _EXPECTED & set(tokens(second.text)) and not (_EXPECTED | _BEATS) & set(
            tokens(asked.text)
        ):
            continue  # two forecasts that it was held against are no two values of it
        for first in lines:
            same = first.passage.id == second.passage.id and first.span.start < second.span.start
            if not same or _told(asked, first) < WELL_TOLD or _agree(first, second):
                continue
            for one in _of_kind(asked, first.figures):
                for other in _of_kind(asked, second.figures):
                    if rival(asked, Side(one, first), Side(other, second)):
                        return Side(one, first), Side(other, second)
    return ()


_EXPECTED = frozenset(tokens("expected expectations forecast estimate consensus"))
_BEATS = frozenset(tokens("beat beats miss missed surprise"))


def _agree(first: Evidence, second: Evidence) -> bool:
    """True when two sentences share a value: "other pages give much the same number"."""
    return any(
        one.unit not in TIME_UNITS and (supports(one, other) or supports(other, one))
        for one in first.figures
        for other in second.figures
    )


def by_source(asked: Asked, figure: Figure, lines: Sequence[Evidence]) -> tuple[Side, ...]:
    """The values of a column that a table lists by the sources that print them."""
    for line in lines:
        if line.passage.kind is not PassageKind.TABLE_ROW or not _BY_SOURCE.search(
            line.passage.context
        ):
            continue
        column = next((c.column for c in _cells(line) if c.column and close(c.figure, figure)), "")
        if not column or _told(asked, line) < TOLD:
            continue
        rows = [e for e in lines if e.passage.context == line.passage.context]
        sides: list[Side] = []
        for row in rows:
            cell = next((c.figure for c in _cells(row) if c.column == column), None)
            if cell and not any(close(cell, side.figure) for side in sides):
                sides.append(Side(cell, row))
        if len(sides) > 1:
            return tuple(sides[:SIDES])
    return ()


def _cells(row: Evidence) -> list[CellFigure]:
    return list(read_row(row.text, row.passage.context))


def seeds(asked: Asked, lines: Sequence[Evidence]) -> list[Side]:
    """Values of what is asked from which a dispute may be seen, where no answer was found."""
    if not asked.wants_figure:
        return []
    sides = [
        Side(figure, line)
        for line in lines
        if _told(asked, line) >= WELL_TOLD
        and _measures_it(asked, line)
        and named_words(asked) <= set(tokens(f"{line.text} {surroundings_line(line)}"))
        for figure in [f for f in _of_kind(asked, line.figures) if not is_base(line.text, f)][:1]
    ]
    return [side for side in sides if on_topic(asked, side)][:SEEDS]


def told_apart(asked: Asked, sides: Sequence[Side]) -> tuple[Side, ...]:
    """The two values that lines give for what is asked, all of which tell the question equally well.

    Only for a question that names a period, and where each line says whose value it is, or one is a
    row of a table that a sentence from elsewhere contradicts.
    """
    kept: list[Side] = []
    for side in sides:
        if not any(close(side.figure, other.figure) for other in kept):
            kept.append(side)
    if not asked.periods or len(kept) != 2:
        return ()
    one, other = kept
    if one.figure.unit != other.figure.unit or unlike(one.figure, other.figure):
        return ()
    rows = [side for side in kept if side.place.passage.kind is PassageKind.TABLE_ROW]
    named = len(rows) < 2 and all(side in rows or _SAYS.search(side.place.text) for side in kept)
    return (one, other) if named and apart(one.figure, other.figure) else ()


def _section(place: Evidence) -> tuple[str, ...]:
    return place.passage.source.id, *place.passage.headings


def of_section(asked: Asked, sides: Sequence[Side]) -> tuple[Side, ...]:
    """The values that sentences of one section give for what is asked, if it says that reports differ.

    `sides` are all the figures found for the question, of its measure and period.
    """
    for first in sides:
        if not is_disputed(first.place):
            continue
        kept = [first]
        for other in sides:
            if _section(other.place) != _section(first.place) or not is_disputed(other.place):
                continue
            against = not _qualified(asked, first.place, other.place) and all(
                side.place.span != other.place.span
                and side.figure.unit == other.figure.unit
                and apart(side.figure, other.figure)
                and not compatible(side.figure, other.figure)
                and not unlike(side.figure, other.figure)
                for side in kept
            )
            if against and (
                first.figure.unit in TIME_UNITS or same_period(period_of(first), period_of(other))
            ):
                kept.append(other)
        if len(kept) > 1:
            return tuple(kept[:SIDES])
    return ()


def between(
    asked: Asked,
    figure: Figure,
    place: Evidence,
    lines: Sequence[Evidence],
    *,
    least: float = 0.0,
) -> tuple[Side, ...]:
    """The answer's figure and place, and every other place that gives another value for it.

    `least` is the share of the question that another place must tell at least.
    """
    told = _told(asked, place)
    sides = [Side(figure, place)]
    for line in lines:
        if line.span == place.span and line.passage.source == place.passage.source:
            continue
        if line.passage.kind is PassageKind.TABLE_ROW:  # rows that differ by source: by_source
            slip = slipped(line, sides[0])
            if slip is not None and _told(asked, line) >= max(TOLD, told - LESS_TOLD):
                sides.append(Side(slip, line))
            continue
        if not _as_telling(asked, place, line):
            continue
        flagged = is_disputed(line) or is_disputed(place) or copies(line, place)
        if not (flagged or _SAYS.search(line.text) or _SAYS.search(place.text)):
            continue
        less = LESS_TOLD_BESIDE if line.passage.id == place.passage.id and flagged else LESS_TOLD
        if _told(asked, line) < max(TOLD, least, told - less) or _qualified(asked, place, line):
            continue
        if any(agrees(sides[0], Side(f, line)) for f in line.figures):
            continue
        if figure.unit in TIME_UNITS:
            if flagged and (other := _other_time(asked, figure, line)) and similar(place, line):
                sides.append(Side(other, line))
            continue
        if len(_years(line)) > 1:
            continue  # it speaks of several years at once
        for other in _of_kind(asked, line.figures):
            if other.text.isalpha() and other.unit == "count":
                continue
            if is_base(line.text, other):
                continue
            if rival(asked, sides[0], Side(other, line)) and not any(
                close(other, side.figure) for side in sides
            ):
                sides.append(Side(other, line))
                break
        if len(sides) == SIDES:
            break
    return tuple(sides) if len(sides) > 1 else ()


def _owners(text: str) -> set[str]:
    return {n for n in read_question(text).names if not NO_ENTITY.fullmatch(n)}


def _as_telling(asked: Asked, mine: Evidence, other: Evidence) -> bool:
    """True unless the other is about other names, or lacks a word of the question that mine holds."""
    one, two = (_POSSESSOR.match(e.text) for e in (mine, other))
    if one and two and one[1] != two[1]:
        return False  # "BYD's R&D … Xiaomi's R&D"
    if not _measures_it(asked, other):
        return False
    if not alternatives(asked) and other_amount(asked, other):
        return False
    if mine.passage.id == other.passage.id:
        return True
    owners, others = (_owners(e.text) for e in (mine, other))
    if owners and others and not owners & others:
        return False
    wanted = {w for w in tokens(asked.text) if w[0].isalpha() and w not in ASKING}
    here, there = (alike(tokens(_read(e))) for e in (mine, other))
    return not (wanted & here) - there


def _read(line: Evidence) -> str:
    """A sentence as it stands, a table's row with its header."""
    if line.passage.kind is PassageKind.TABLE_ROW:
        return row_as_words(line.text, line.passage.context)
    return line.text


def _measures_it(asked: Asked, line: Evidence) -> bool:
    """False for a line about "smartphone revenue" where the group's is asked for."""
    heads = _MEASURES & set(tokens(asked.text))
    return all(is_plain(head, asked.text, line.text) for head in heads)


_POSSESSOR = re.compile(r"^\W*([A-Z][\w&.-]+)['’]s\b")
_MEASURES = frozenset(
    tokens("revenue sales margin profit loss expense income cost price deliveries")
)


def _other_time(asked: Asked, figure: Figure, line: Evidence) -> Figure | None:
    """The first year of a line, or day where a day is asked for, that is not the answer's."""
    times = [f for f in line.figures if f.unit == figure.unit]
    return next((f for f in times if year_of(f) and year_of(f) != year_of(figure)), None)


def in_order(sides: Sequence[Side]) -> list[Side]:
    """Newest source first; an undated one last."""
    return sorted(
        sides, key=lambda s: s.place.passage.source.as_of.toordinal() if s.place.passage.source.as_of else 0,
        reverse=True,
    )  # fmt: skip


def _one_period(line: Evidence, one: Figure, other: Figure) -> bool:
    """True unless the two figures of a line stand nearest to different periods."""
    mine, theirs = nearest_period(line, one), nearest_period(line, other)
    return [f.value for f in mine] == [f.value for f in theirs]


def _with_scales(text: str) -> tuple[Figure, ...]:
    """Figures of a question, the first of "28 or 29 billion" with the scale of the second."""
    figures = list(read_figures(text))
    for i in range(len(figures) - 1):
        one, other = figures[i], figures[i + 1]
        between_them = text[one.span.end : other.span.start].strip().lower()
        if (
            between_them in (",", "and", ", and")
            and one.unit == "percent"
            and other.unit == "count"
        ):
            figures[i + 1] = replace(other, unit="percent", noun="")  # "5.7%, 7.5 and 8.7"
        if _OR.fullmatch(between_them) and not one.scale and other.scale:
            value = one.value.scaleb(other.scale)
            figures[i] = replace(one, value=value, unit=other.unit, scale=other.scale, noun="")
    return tuple(figures)


def _is(figure: Figure, wanted: Figure) -> bool:
    """True when a place's figure is the one offered; a bare "105 billion" may be any currency's."""
    bare = wanted.unit == "count" and wanted.scale >= 6 and figure.unit in UNITS_OF_KIND["money"]
    if figure.unit == wanted.unit == "percent":  # 5.71% is 5.7%
        return same_value(figure, wanted)
    return (figure.unit == wanted.unit or bare) and figure.value == wanted.value


def _of_kind(asked: Asked, figures: Sequence[Figure]) -> list[Figure]:
    """The figures that could answer the question, points for a share too."""
    wanted = {unit for kind in asked.kinds for unit in UNITS_OF_KIND.get(kind, ())}
    if "percent" in wanted:
        wanted.add("percentage_point")
    if not wanted:
        wanted = {"percent", "percentage_point", "count", *UNITS_OF_KIND["money"]}
    return [f for f in figures if f.unit in wanted or ("percent" in wanted and f.noun == "point")]


def _years(line: Evidence) -> set[int]:
    return {year_of(f) for f in line.figures if f.unit in TIME_UNITS} - {0}


_POINTS_BACK = re.compile(
    r"\b(?:that|this) (?:margin|revenue|profit|loss|price|figure|number|growth|share|target|total|value)\b",
    re.IGNORECASE,
)
_KINDS_OF_IT = frozenset(tokens("gross net operating adjusted average"))
"""What "that margin" leaves to a sentence before it, which may stand in another passage."""


def _told(asked: Asked, line: Evidence) -> float:
    """Share of the question's telling words that stand in the line; half for those around it."""
    text = _WHICH_IS_RIGHT.sub(" ", _I_HAVE_READ.sub(" ", asked.text))
    wanted = {w for w in tokens(text) if w[0].isalpha() and w not in ASKING}
    by = alike(tokens(f"{line.text} {line.passage.context}"))
    around = alike(tokens(surroundings(line)))
    if _POINTS_BACK.search(line.text):
        around |= _KINDS_OF_IT
    if not wanted:
        return 0.0
    return sum(1.0 if w in by else 0.5 if w in around else 0.0 for w in wanted) / len(wanted)


def _qualified(asked: Asked, one: Evidence, other: Evidence) -> bool:
    """True when only one of the places speaks of a target, a segment, a half-year and the like."""
    wanted = set(tokens(asked.text))
    mine, theirs = (set(tokens(e.text)) & _QUALIFIERS for e in (one, other))
    if (mine ^ theirs) - wanted:
        return True
    parts = [_parts(e.text) - wanted for e in (one, other)]
    return all(parts) and not parts[0] & parts[1]


# "Xiaomi's smartphone gross margin", "the segment's gross margin": of which part of the business it is.
_OF_PART = re.compile(
    r"(?P<part>[\w-]+)(?:['’]s)? (?:own )?(?:(?:gross|operating|net|adjusted) )*(?:margin|revenue|profit|sales|loss)\b",
    re.IGNORECASE,
)
_NO_PART = frozenset(
    tokens(
        "the its their a an this that and of in gross operating net adjusted total same higher lower"
    )
)


def _parts(text: str) -> set[str]:
    return {w for m in _OF_PART.finditer(text) for w in tokens(m["part"])} - _NO_PART
