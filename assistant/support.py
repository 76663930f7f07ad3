"""Does a cited place back a figure, a name, a direction? Pure.

A figure must stand in the place with its unit and scale, for the claim's period, beside the words
that say what it measures, and moving the same way. What to do with a claim that fails is verify's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from assistant.asked import read_question
from assistant.figures import backing, read_figures, supports
from assistant.lexical import tokens
from assistant.sentences import sentence_spans
from assistant.synonyms import alike
from assistant.tables import read_row
from assistant.times import AS_OF, CLOSING, TIME_UNITS, ends_in, is_day, read_times, year_of
from assistant.timing import nearest_period, of_column
from assistant.types import Evidence, Figure, PassageKind, Span
from assistant.whose import is_base


def backs(item: Evidence, figure: Figure) -> bool:
    """True when the place prints the figure.

    A period may also stand in its header, headings, title or paragraph, but only where the place
    itself names none: a sentence about Q2 does not speak of Q3 because its neighbour does.
    """
    loose = item.passage.kind is PassageKind.TABLE_ROW
    if backing(figure, item.figures, loose_unit=loose):
        return True
    if figure.unit not in TIME_UNITS or any(f.unit in TIME_UNITS for f in item.figures):
        return False
    return bool(backing(figure, times_around(item)))


def times_around(item: Evidence) -> list[Figure]:
    """The times that a place without one of its own may be of: above it, or told last before it.

    In a paragraph of several years it is the nearest sentence before that dates a sentence; where
    none before it names a time, any that follows may.
    """
    text, at = item.passage.text, item.span.start - item.passage.span.start
    before = list(read_times(text[:at]))
    near = [t for t in before if not _END.search(text[t.span.end : before[-1].span.start])]
    told = near or list(read_times(text[at:]))
    return [*read_times(surroundings_line(item)), *told]


_END = re.compile(r"[.!?。]\s")


def closes(claim: str, figure: Figure, item: Evidence) -> bool:
    """True where both speak of one closing day: the end of September is the end of Q3.

    "As of 30 August" is so of what a document of that day says.
    """
    if figure.unit == "date" and AS_OF.search(claim[: figure.span.start]):
        return is_day(figure, item.passage.source.as_of)
    if figure.unit not in ("month", "quarter") or not CLOSING.search(claim[: figure.span.start]):
        return False
    wanted = last_month(figure)
    return wanted is not None and any(
        last_month(time) == wanted and CLOSING.search(item.text[: time.span.start])
        for time in item.figures
        if time.unit in ("month", "quarter")
    )


def last_month(time: Figure) -> int | None:
    """The last month of a quarter as yyyymm, or the month itself; None for other times."""
    return ends_in(time) if time.unit in ("month", "quarter") else None


def of_its_period(claim: str, item: Evidence, figures: Sequence[Figure]) -> bool:
    """True when the place backs one of the claim's periods, or the claim names none."""
    times = [figure for figure in figures if figure.unit in TIME_UNITS]
    return (
        not times
        or any(
            (backs(item, time) and not only_since(claim, time, item)) or closes(claim, time, item)
            for time in times
        )
        or any(dated(time, [item]) for time in times)
    )


_BESIDE = re.compile(
    r",? (?:just )?(?:the|an?|one|two|three|\d+) (?:day|week|month|year|quarter)s? (?:after|before) (?P<event>[^,;]+)",
    re.IGNORECASE,
)


def beside_event(claim: str, time: Figure, text: str) -> bool:
    """True where the text gives a time only as a day before or after what is claimed.

    "On 19 November, the day after the results came out, the shares fell" says when the shares fell.
    """
    beside = _BESIDE.match(text, time.span.end)
    if beside is None:
        return False
    said = set(tokens(claim))
    event = set(tokens(beside["event"]))
    rest = set(tokens(text[: time.span.start] + text[beside.end() :]))
    return len(said & event) > len(said & rest)


def only_beside(claim: str, time: Figure, item: Evidence) -> bool:
    """True where the place names the claim's time, but as a day before or after what is claimed."""
    mine = [f for f in item.figures if f.unit in TIME_UNITS and supports(f, time)]
    return bool(mine) and all(beside_event(claim, f, item.text) for f in mine)


def only_base(claim: str, figure: Figure, item: Evidence) -> bool:
    """True where the place gives the figure as the whole of a share, and the claim tells it of the part.

    "The recall is nearly 38% of 305,055 cars sold since launch" recalls no 305,055 cars.
    """
    mine = [f for f in item.figures if supports(f, figure)]
    if item.passage.kind is PassageKind.TABLE_ROW or is_base(claim, figure) or not mine:
        return False
    said = set(tokens(claim))
    return all(
        is_base(item.text, f)
        and len(said & set(tokens(item.text[: f.span.start])))
        > len(said & set(tokens(item.text[f.span.end :])))
        for f in mine
    )


_QUALIFIED = re.compile(
    r"\b(?P<kind>adjusted|non-IFRS|non-GAAP|underlying|pro forma|preliminary)\s+(?:\w+\s+){0,2}?"
    r"(?P<measure>profit|loss|income|EBITDA|earnings|EPS|margin)\b",
    re.IGNORECASE,
)


def lacks_kind(claim: str, item: Evidence) -> bool:
    """True where the claim says "net profit" of what the place gives as adjusted net profit alone."""
    for said in _QUALIFIED.finditer(item.text):
        measure, kind = said["measure"].lower(), said["kind"].lower()
        plain = len(re.findall(rf"\b{measure}\b", item.text, re.IGNORECASE)) > 1
        if measure in claim.lower() and kind not in claim.lower() and not plain:
            return True
    return False


_SINCE = re.compile(r"\bsince\s+(?:the\s+)?$", re.IGNORECASE)


def only_since(claim: str, time: Figure, item: Evidence) -> bool:
    """True where the place names the claim's time only as a beginning: "since 2018" is not in 2018."""
    mine = [f for f in item.figures if f.unit in TIME_UNITS and supports(f, time)]
    return (
        bool(mine)
        and all(_SINCE.search(item.text[: f.span.start]) for f in mine)
        and not _SINCE.search(claim[: time.span.start])
    )


STRETCH = re.compile(
    r"\b(?:(?P<ahead>next|coming|following|upcoming)|last|past|previous|preceding|prior) "
    r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|few|several|couple of)"
    r"[ -](?:years?|yrs?|quarters?|months?|decades?)\b",
    re.IGNORECASE,
)


def is_other_way(asked: str, text: str, figures: Sequence[Figure]) -> bool:
    """True where the text tells all these figures of its of the years to come, and those past are asked for.

    Or the other way round: "200 billion over the next five years" was not spent in the last five.
    """
    wanted = {_way(stretch) for stretch in STRETCH.finditer(asked)}
    told = {_way(_nearest(text, figure.span.start)) for figure in figures}
    return len(wanted) == 1 and bool(told) and not told & {*wanted, ""}


def _nearest(text: str, at: int) -> re.Match[str] | None:
    """The stretch of years that stands nearest to a place of the text."""
    stretches = STRETCH.finditer(text)
    return min(stretches, key=lambda m: max(m.start() - at, at - m.end()), default=None)


def _way(stretch: re.Match[str] | None) -> str:
    return "" if stretch is None else "ahead" if stretch["ahead"] else "back"


def bound(item: Evidence, figure: Figure, figures: Sequence[Figure]) -> bool:
    """True unless the place gives the figure for another period than the claim's only one.

    "24.1 billion in 2024, up from 19.1 billion in 2023" does not back 19.1 billion in 2024, nor does
    a cell of the column headed 2023.
    """
    times = [f for f in figures if f.unit in TIME_UNITS]
    if len(times) != 1 or not backs(item, times[0]):
        return True
    wanted = times[0]
    if item.passage.kind is PassageKind.TABLE_ROW:
        mine = [
            of_column(cell.column)
            for cell in read_row(item.text, item.passage.context)
            if supports(cell.figure, figure, loose_unit=True)
        ]
        return not mine or any(not near or of_stretch(wanted, near) for near in mine)
    mine = [
        nearest_period(item, found, wanted.unit)
        for found in item.figures
        if supports(found, figure)
    ]
    return not mine or any(not near or of_stretch(wanted, near) for near in mine)


def of_its_year(item: Evidence, new: set[str], figures: Sequence[Figure]) -> bool:
    """False where a line of several years tells what the claim adds beside another year than its own.

    "Oct 29, 2019: … is 2018 prize winner Ann Berg" does not say who won the prize of 2019.
    """
    times = [f for f in figures if f.unit in TIME_UNITS]
    if len(times) != 1 or times[0].unit != "year" or len(figures) > 1:
        return True
    lives = [m.span() for m in _LIFE.finditer(item.text)]
    told = [
        f
        for f in item.figures
        if f.unit in TIME_UNITS and not any(a <= f.span.start < b for a, b in lives)
    ]
    if len({year_of(f) for f in told}) < 2:
        return True
    at = next((m for m in _WORD.finditer(item.text) if set(tokens(m[0])) & new), None)
    if at is None:
        return True
    start = max((m.end() for m in _RELATIVE.finditer(item.text, 0, at.start())), default=0)
    end = next((m.start() for m in _RELATIVE.finditer(item.text, at.end())), len(item.text))
    clause = [f for f in told if start <= f.span.start < end]
    if clause and all(supports(f, times[0]) for f in clause):
        return True  # "in 1981 it was bought by Ann Berg, who sold it in 1985"
    place = Figure(times[0].value, "", Span(*at.span()), at[0])
    near = nearest_period(item, place, "year")
    return not near or near[0].unit != "year" or supports(near[0], times[0])


_WORD = re.compile(r"[^\W\d_][\w'’-]+")
# When somebody was born and died says nothing of when what is told of them was.
_LIFE = re.compile(
    r"\((?:(?:born|b\.|died|d\.|aged?)[^()]*|(?:c\. ?)?1\d\d\d ?[-–—] ?(?:1\d|20)\d\d)\)",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r", (?:who|which|where|when|while|after|before)\b|;\s|\.\s")
_PARTS = {"year": {"half", "months", "quarter", "month"}, "half": {"quarter", "month"},
          "months": {"half", "quarter", "month"}, "quarter": {"month"}}  # fmt: skip


def of_stretch(wanted: Figure, times: Sequence[Figure]) -> bool:
    """True when one of the times is the wanted one, or a day in it: a quarter's sum is no year's."""
    return any(
        supports(time, wanted) and time.unit not in _PARTS.get(wanted.unit, ()) for time in times
    )


WINDOW = 5
"""Words on each side of a figure that say what it measures."""
CLEARLY = 2
"""So many more of the claim's words by another figure show that the claim took the wrong one."""


def misplaced(claim: str, figure: Figure, item: Evidence) -> bool:
    """True when another figure of the place fits the claim's words much better than the one it has.

    "Net profit was CNY 111 billion" is no claim that a line with "revenue of CNY 111 billion and a
    net profit of CNY 10 billion" backs.
    """
    mine = beside(claim, figure.span)
    if item.passage.kind is PassageKind.TABLE_ROW:
        around = [
            (cell.figure, set(tokens(cell.column)))
            for cell in read_row(item.text, item.passage.context)
            if cell.column
        ]
        needed = 1
    else:
        around = [(f, beside(item.text, f.span)) for f in item.figures]
        needed = CLEARLY
        if any(_is_next_in_turn(item, f) for f in item.figures if supports(f, figure)):
            around = [(f, w) for f, w in around if not _of_other_time(claim, f, figure, item)]
    around = [(f, words) for f, words in around if f.unit not in TIME_UNITS]
    own = [words for f, words in around if supports(f, figure, loose_unit=True)]
    others = [
        words
        for f, words in around
        if not supports(f, figure, loose_unit=True) and figure.unit in (f.unit, "count")
    ]
    where = " ".join(" ".join(words) for words in own) if needed == 1 else item.text
    if own and (_other_kind(claim, where) or _other_measure(claim, where, item)):
        return True
    if not own or not others:
        return False
    best = max(len(mine & words) for words in own)
    return max(len(mine & words) for words in others) >= best + needed


_NEXT = re.compile(r"\W*(?:and|or)?\W*(?:about|around|some|nearly|over|almost)?\W*", re.IGNORECASE)


def _is_next_in_turn(item: Evidence, figure: Figure) -> bool:
    """True for the second of "1.5 billion on R&D in 2015, 2.1 billion in 2016": what it is of was said."""
    before = [f for f in item.figures if f.span.end <= figure.span.start]
    return (
        bool(before)
        and before[-1].unit in TIME_UNITS
        and bool(_NEXT.fullmatch(item.text[before[-1].span.end : figure.span.start]))
    )


def _of_other_time(claim: str, other: Figure, figure: Figure, item: Evidence) -> bool:
    """True where the other figure of the place is said of another time than the claim's only one."""
    times = list(read_times(claim))
    if len(times) != 1 or supports(other, figure, loose_unit=True) or other.unit != figure.unit:
        return False
    near = nearest_period(item, other, times[0].unit)
    return bool(near) and not of_stretch(times[0], near)


_KINDS = re.compile(
    r"\b(?P<kind>gross|operat\w*|net|pre-?tax|vehicle(?= margin))\s+(?P<head>margin|profit|income|loss|result)",
    re.IGNORECASE,
)


def _other_kind(claim: str, place: str) -> bool:
    """True when the claim has an operating margin and the place only a gross one."""
    stems = " ".join(tokens(place))
    for match in _KINDS.finditer(claim):
        head, kind = tokens(match["head"])[0], tokens(match["kind"])[0]
        told = set(stems.split())
        others = {"gross", "oper", "net", *tokens("vehicle" if head == "margin" else "")} - {kind}
        if head in told and kind not in told and others & told:
            return True
    return False


_MEASURES_APART = tuple(
    frozenset(tokens(group))
    for group in ("revenue sales turnover rev", "profit income earnings result loss", "margin")
)


def _other_measure(claim: str, where: str, item: Evidence) -> bool:
    """True when the claim gives a revenue where its place tells of a profit alone."""
    said, told = set(tokens(claim)), set(tokens(where))
    mine = [group for group in _MEASURES_APART if group & said]
    if len(mine) != 1 or mine[0] & (told | set(tokens(surroundings_line(item)))):
        return False
    return any(group & told for group in _MEASURES_APART)


def beside(text: str, span: Span) -> set[str]:
    """The words next to a figure, within its clause; times say when, not what."""
    for time in read_times(text):
        blank = " " * (time.span.end - time.span.start)
        text = text[: time.span.start] + blank + text[time.span.end :]
    before = re.split(r"[;.]\s|,\s(?:and|while|up|down|of which|including)\s", text[: span.start])[
        -1
    ]
    after = re.split(r"[,;.]\s|\sand\s(?=[^,;.]*\d)", text[span.end :])[0]
    return {*_telling(before)[-WINDOW:], *_telling(after)[:WINDOW]}


def _telling(text: str) -> list[str]:
    return [word for word in tokens(text) if word[0].isalpha() and word not in _BESIDE_ANY]


_BESIDE_ANY = frozenset(
    tokens(
        "the a an of in on at by for to and or was were is are its it their that this with from as"
    )
)
_RISES = r"rose|rise|rises|risen|grew|grow|grows|growth|increase[sd]?|gain(?:ed)?|(?<!made )(?<!makes )(?<!make )(?<!added )up|higher|more|above|jumped|climbed"
_FALLS = r"fell|fall|falls|fallen|declined?|drop(?:ped)?|decreased?|lost|loss of|down|lower|less|below|shrank|shrunk|slid"
# To give up, step down or set up is no rise or fall.
_NO_TURN = "".join(
    f"(?<!{verb} )"
    for verb in "give gave given giving step steps stepped stepping set sets setting shut turn turned sign signed end "
    "ended make makes".split()
)
_TURN = re.compile(
    rf"\b{_NO_TURN}(?:(?P<up>{_RISES})|(?P<down>{_FALLS}))\b(?! than [\d$€£])", re.IGNORECASE
)
REACH = 45
"""Characters before a figure, and half as many behind it, in which a word tells its direction."""


def turned(claim: str, cited: Sequence[Evidence]) -> bool:
    """True when the claim says of a figure, or as a whole, that it rose where the place says fell."""
    for figure in read_figures(claim):
        mine = direction(claim, figure.span)
        for item in cited:
            theirs = {direction(item.text, f.span) for f in item.figures if supports(f, figure)}
            if mine and theirs and mine not in theirs and "" not in theirs:
                return True
    text = " ".join(e.text for e in cited)
    told, said = _directions(claim), _directions(text)
    if len(told) == len(said) == 1:
        return set(told) != set(said)
    # Word for word the same sentence, but for a rise in the place of a fall.
    words = set(tokens(claim))
    near = len(words & set(tokens(text))) >= COPIED * len(words)
    more, less = told - said, said - told
    return near and bool(more and less) and set(more) != set(less)


_CONDITION = re.compile(
    r"\b(?:(?:divided|spread|split) evenly|an even spread|at (?:that|this) (?:pace|rate)|assuming|on (?:the|this|that) assumption"
    r"|a full year at)\b|^\W*if\b",
    re.IGNORECASE,
)


def lacks_condition(claim: str, item: Evidence) -> bool:
    """True where a place begins with what it supposes, "Spread evenly, …", and the claim leaves it out."""
    opens = _CONDITION.search(item.text[:CONDITION_REACH])
    return opens is not None and not _CONDITION.search(claim)


CONDITION_REACH = 40
COPIED = 0.8


def _directions(text: str) -> Counter[str]:
    return Counter(match.lastgroup or "" for match in _TURN.finditer(text))


def direction(text: str, span: Span) -> str:
    """ "up" or "down" by the nearest such word before a figure, else just behind it; or ""."""
    before = list(_TURN.finditer(text, max(0, span.start - REACH), span.start))
    if before:
        return before[-1].lastgroup or ""
    after = _TURN.search(text, span.end, span.end + REACH // 2)
    return (after.lastgroup or "") if after else ""


def dated(figure: Figure, places: Sequence[Evidence]) -> Evidence | None:
    """A place whose document is dated in the claimed year, when its own text names no year."""
    for item in places:
        as_of = item.passage.source.as_of
        if any(f.unit in TIME_UNITS for f in item.figures) or as_of is None:
            continue
        if figure.unit == "year" and int(figure.value) == as_of.year:
            return item
    return None


def in_name(claim: str, figure: Figure, item: Evidence) -> bool:
    """True for the 11 of "the iPhone 11", where the passage of the place has that name."""
    name = _NUMBERED_NAME.search(claim[: figure.span.start])
    return name is not None and f"{name[0]}{figure.text}" in surroundings(item)


_NUMBERED_NAME = re.compile(r"\b[a-z]*[A-Z][\w'’-]* $")


def surroundings(item: Evidence) -> str:
    """What a reader sees around a cited place: title, headings, header row, its passage."""
    passage = item.passage
    parts = (passage.source.title, *passage.headings, passage.context, passage.text)
    return "\n".join(part for part in parts if part)


def surroundings_line(item: Evidence) -> str:
    """Title, headings and header row of a cited place, without its passage's other sentences."""
    passage = item.passage
    return " ".join((passage.source.title, *passage.headings, passage.context))


def _naming(item: Evidence) -> str:
    """Where the owner of a place's figures is named: in it, above it, else in its paragraph."""
    own = [n for n in read_question(item.text).names if not item.text.startswith(n)]
    if not own:
        return surroundings(item)
    return f"{surroundings_line(item)} {item.text} {_antecedent(item)}"


_PRONOUN = re.compile(r"\b(?:it|its|they|their|he|his|she|her)\b", re.IGNORECASE)
_LEADING = re.compile(r"\W*(?:he|she|it|they|his|her|its|their)\b", re.IGNORECASE)
_SUBJECT = re.compile(
    r"(?:^|, )(?:the )?(?P<name>[A-Z][\w&-]*(?: [A-Z][\w&-]*){0,3})(?<!ing)(?= (?:is|was|are|were|has|had|will|[a-z]{3,}ed) )",
)


def said_before(item: Evidence) -> str:
    """The sentence before a place that opens with a pronoun: it says who or what is meant; else ""."""
    return _before(item) if _LEADING.match(item.text) else ""


def _antecedent(item: Evidence) -> str:
    """Whom "71% of its oil" is of: the subject of the sentence before, where the place has a pronoun."""
    said = _SUBJECT.search(_before(item)) if _PRONOUN.search(item.text) else None
    return said["name"] if said else ""


def _before(item: Evidence) -> str:
    """The sentence before a place in its passage; "" for a table's row."""
    passage = item.passage
    if passage.kind is PassageKind.TABLE_ROW:
        return ""
    at = item.span.start - passage.span.start
    before = [span for span in sentence_spans(passage.text) if span.end <= at]
    return before[-1].of(passage.text) if before else ""


# Written like names, but how something is measured, not whose it is.
_MEASURES = frozenset(
    "yoy qoq y/y q/q gm fy r&d rmb cny usd hkd eur gbp jpy ttm eps ebit ebitda capex opex nm bn mn".split()
)
_SENTENCE_OPENERS = frozenset(
    "yes no approximately about around according overall total more less up nearly almost "
    "roughly only currently there their documents document line lines based".split()
)


def strange_names(text: str, cited: Sequence[Evidence], question: str = "") -> list[str]:
    """Proper names of the claim that do not stand around the cited places.

    That the question holds a name does not help: whose figure, film or post it is must be told by
    the document, or BYD's deliveries pass for Xiaomi's. Of a name of several words in the question,
    "the French Presidential Election", one word will do.
    """
    figures = any(figure.unit not in TIME_UNITS for figure in read_figures(text))
    known = alike(tokens(" ".join(_naming(e) if figures else surroundings(e) for e in cited)))
    strange = []
    units = " ".join(figure.text for figure in read_figures(text))  # the US of US$, the HK of HK$
    for name in read_question(text).names:
        if text.startswith(name) and name.lower() in _SENTENCE_OPENERS:
            continue
        if name.istitle() and re.search(rf"\b{re.escape(name.lower())}\b", question):
            continue  # "Customers", "Prize": the question has the word, and not as a name
        if name.lower() in _MEASURES or re.search(rf"(?<!\w){re.escape(name)}\b", units):
            continue
        words = tokens(name)
        if words and not any(word in known or kin(word, known) for word in words):
            strange.append(name)
    return [name for name in strange if not _is_told_beside(name, question, known)]


def _is_told_beside(name: str, question: str, known: set[str]) -> bool:
    """True for a word of a longer name of the question of which the place tells another word."""
    runs = (match[0] for match in _RUN.finditer(question))
    return any(
        name in run.split()
        and any(w in known or kin(w, known) for w in tokens(run.replace(name, " ")))
        for run in runs
    )


_RUN = re.compile(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+)+\b")
_PEOPLES = {
    "french": "france", "dutch": "netherlands", "swiss": "switzerland", "english": "england", "british": "uk britain",
    "uk": "british britain", "american": "us usa america", "us": "american america", "danish": "denmark", "german": "germany",
}  # fmt: skip
SAME_STEM = 5


def kin(word: str, known: set[str]) -> bool:
    """True for a word that another form of stands there: Germany for German, president for presidential."""
    if any(stem in known for stem in tokens(_PEOPLES.get(word, ""))):
        return True
    return len(word) >= SAME_STEM and any(
        other[:SAME_STEM] == word[:SAME_STEM] and other.isalpha() for other in known
    )
