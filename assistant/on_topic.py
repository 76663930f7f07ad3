"""Do the places tell of whom and of what a question asks, and not of a like thing beside it? Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.asked import Asked, content_words, read_question
from assistant.entities import NO_ENTITY, whole_names
from assistant.figures import read_figures, same_thing, singular, supports
from assistant.lexical import tokens
from assistant.support import kin, said_before, surroundings, surroundings_line
from assistant.synonyms import NOT_TELLING, alike
from assistant.tables import cells, plain_label
from assistant.times import TIME_UNITS
from assistant.types import Evidence, Figure, PassageKind
from assistant.whose import POSSESSOR, is_about


def names_someone(asked: Asked, claims: str) -> bool:
    """True unless a person or place is asked for and the claims hold no name but the question's."""
    if not asked.kinds & {"person", "place"}:
        return True
    given = {token for name in asked.names for token in tokens(name)}
    if any(set(tokens(name)) - given for name in read_question(claims).names):
        return True
    # "Where are the symbols found?" may be "on a strip of tape".
    known = set(tokens(asked.text)) | NOT_TELLING
    where = (m[1] for m in _WHERE.finditer(claims))
    return asked.kinds & {"person", "place"} == {"place"} and any(
        set(tokens(word)) - known for word in where
    )


_WHERE = re.compile(
    r"\b(?i:in|on|at|near|inside|within|along|under|behind|across) (?:(?:the|an?|its|their) )?([a-z-]{3,})"
)


def counts_it(asked: Asked, figures: Sequence[Figure], cited: Sequence[Evidence]) -> bool:
    """True unless "how many engineers" is answered with a count of something else."""
    nouns = [singular(word) for word in re.findall(r"[^\W\d_]{2,}", asked.counted)]
    counted = [f.noun for f in figures if f.unit == "count" and f.noun]
    if not nouns or any(same_thing(one, other) for one in counted for other in nouns):
        return True
    said = {token for e in cited for token in tokens(f"{surroundings_line(e)} {e.text}")}
    return any(set(tokens(noun)) & alike(said) for noun in nouns)


def names_most(asked: Asked, cited: Sequence[Evidence]) -> bool:
    """True unless the places lack most of those, or of what, the question names."""
    names = [set(tokens(n)) for n in whole_names(asked)]
    around = alike(token for e in cited for token in tokens(surroundings(e)))
    told = sum(any(w in around or kin(w, around) for w in name) for name in names)
    return not cited or 2 * told >= len(names)


_MARGIN = re.compile(
    r"\bmargins? (?:(?:of|was|is|at|reached|hit|stood at|came to) )?(?:about |over |only )?$", re.I
)


def of_margin(asked: Asked, figures: Sequence[Figure], cited: Sequence[Evidence]) -> bool:
    """True where a share of something is asked for, and the places tell the percentage as a margin."""
    if "share" not in asked.kinds or "margin" in tokens(asked.text):
        return False
    told = [
        _MARGIN.search(e.text[: f.span.start]) is not None
        for e in cited
        for f in e.figures
        if f.unit == "percent" and any(supports(f, figure) for figure in figures)
    ]
    return bool(told) and all(told)


# What companies spend on and sell, as documents abbreviate it, with the words that say the same.
_TOPICS = tuple(
    frozenset(tokens(words))
    for words in (
        "R&D research", "AI artificial", "EV car vehicle auto automotive electric", "IoT AIoT",
        "OS HyperOS", "chip processor silicon",
    )
)  # fmt: skip


_GOES_ON = re.compile(
    r"\W*(?:that|this|these|those|it|its|they|their|the (?:earlier|same|other))\b", re.I
)


def is_on_topic(asked: Asked, cited: Sequence[Evidence]) -> bool:
    """False where a plan for R&D is asked for and the places tell only of one for AI."""
    wanted = set(tokens(asked.text))
    told = {token for e in cited for token in tokens(e.text)}
    around = told | {token for e in cited for token in tokens(surroundings_line(e))}
    # "That earlier goal was …" goes on about what its passage speaks of.
    around |= {w for e in cited if _GOES_ON.match(e.text) for w in tokens(e.passage.text)}
    missing = [t for t in _TOPICS if t & wanted and not t & around]
    return not missing or not any(t & told and not t & wanted for t in _TOPICS)


_FULL_NAME = re.compile(
    r"[A-Z][\w'’-]*(?: (?:(?:of|the|and|de) )?[A-Z0-9][\w'’-]*)+|[A-Z]+[a-z]*\d\w*"
)
_EDITION = (
    r"(?:Ultra|Pro|Max|Plus|Mini|Lite|Air|GT|SE|Turbo|Edition|DLC|Deluxe|Remastered|Update|Album)\b"
)


def of_longer_name(asked: Asked, cited: Sequence[Evidence]) -> bool:
    """True where the places name only another thing whose name goes on: "SU7 Ultra" for the SU7.

    A subtitle behind a colon makes another work, a word for an edition another model.
    """
    if not asked.kinds:
        return False
    for match in _FULL_NAME.finditer(asked.text):
        name = re.escape(match[0])
        longer = re.compile(rf"(?<![\w-]){name}(?:: (?!\w+ed by\b|Starring\b)[A-Z]| {_EDITION})")
        if longer.search(asked.text) or any(p.text in match[0] for p in asked.periods):
            continue
        plain = re.compile(rf"(?<![\w-]){name}(?!\w)")
        counts = [(len(longer.findall(e.text)), len(plain.findall(e.text))) for e in cited]
        mentions = [pair for pair in counts if pair[1]]
        if mentions and all(more == every for more, every in mentions):
            return True
    return False


_NUMBERED = re.compile(
    r"\b(?P<name>[A-Z][a-z][\w’'-]*|[Ss]eason|[Pp]hase|[Ee]pisode|[Vv]olume|[Gg]eneration|[Pp]art|[Vv]ersion) "
    r"(?P<number>\d{1,2}|[IVX]{1,4})(?![\w.,]*\d|(?:st|nd|rd|th)\b| ?(?:%|per ?cent|million|billion|thousand|yuan|times))\b"
)
_NAMES_A_TIME = re.compile(
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*|In|On|At|By|From|Since|About|Over|Under|Only|Some|The|Of|To|For|And"
)


def of_sibling(asked: Asked, figures: Sequence[Figure], cited: Sequence[Evidence]) -> bool:
    """True where the claimed figure stands behind another number of the name: the release of Diablo 3
    for that of Diablo 4.
    """
    for said in _numbered(asked.text):
        for e in cited:
            alike_ = [m for m in _numbered(e.text) if m["name"].lower() == said["name"].lower()]
            numbers = {m["number"] for m in alike_}
            if numbers and said["number"] not in numbers:
                return True  # it tells of another one alone
            for found in e.figures if len(numbers) > 1 else ():
                if any(supports(found, f) for f in figures if f.text != said["number"]):
                    before = [m for m in alike_ if m.end() <= found.span.start]
                    if before and before[-1]["number"] != said["number"]:
                        return True
    return False


def _numbered(text: str) -> list[re.Match[str]]:
    return [m for m in _NUMBERED.finditer(text) if not _NAMES_A_TIME.fullmatch(m["name"])]


_BEST = re.compile(r"\b(?P<best>best|outstanding|top|worst) (?P<what>[a-z]+)", re.IGNORECASE)


def of_other_award(asked: Asked, cited: Sequence[Evidence]) -> bool:
    """True where the places tell only of the best supporting actor, and the best actor is asked for."""
    for said in _BEST.finditer(asked.text):
        best, what = said["best"], said["what"]
        plain = re.compile(rf"\b{best} {what}\b", re.IGNORECASE)
        other = re.compile(rf"\b{best} \w+ {what}\b", re.IGNORECASE)
        texts = [surroundings(e) for e in cited]
        if not any(map(plain.search, texts)) and any(map(other.search, texts)):
            return True
    return any(_of_namesake(said, cited) for said in _AWARD.finditer(asked.text))


_AWARD = re.compile(
    r"\b(?P<name>[A-Z][\w’'-]+)(?:['’]s)? (?P<kind>Award|Prize|Medal|Trophy|Cup|Bowl|Open|Championship)s?\b"
)


def _of_namesake(award: re.Match[str], cited: Sequence[Evidence]) -> bool:
    """True where the places have the award's name only as somebody's: "Ann Castor" for the Castor Award."""
    name = re.escape(award["name"])
    texts = [surroundings(e) for e in cited]
    itself = re.compile(rf"\b{name}\b(?:['’]s)?(?: \w+){{0,2}} {award['kind']}", re.IGNORECASE)
    person = re.compile(rf"\b[A-Z][a-z]+ {name}\b")
    return not any(map(itself.search, texts)) and any(map(person.search, texts))


_WINNING = re.compile(
    r"\b(?:who|which (?:team|player|film|movie|song|party|candidate|country|club|side|nation)) (?:has |have |had )?(?:won|wins|win)\b",
    re.IGNORECASE,
)
_VICTORIES = frozenset(
    tokens(
        "win won winner winning victory victorious champion championship beat beaten defeat defeated defeating "
        "title crown crowned clinch clinched triumph triumphed award awarded honored receive received claim claimed "
        "take took taken earn earned trophy medal gold prize lift lifted elected capture captured secure secured overcame"
    )
)


def tells_victory(asked: Asked, cited: Sequence[Evidence]) -> bool:
    """True unless "who won it?" is answered from a place that tells of no victory: of a draw, or a match to come."""
    if not _WINNING.search(asked.text) or not cited:
        return True
    return any(_VICTORIES & set(tokens(surroundings(e))) for e in cited)


def of_subject(asked: Asked, claims: str, cited: Sequence[Evidence], subject: str) -> bool:
    """True unless a figure is asked for of nobody by name and the places give another company's."""
    named = any(not NO_ENTITY.fullmatch(n) for n in asked.names)
    if not subject or named or not asked.wants_figure or not cited:
        return True
    owner = POSSESSOR.match(claims)
    if owner and subject not in owner[1]:
        return False
    return any(is_about(subject, e) for e in cited)


def _told_by(cited: Sequence[Evidence]) -> set[str]:
    """The words that the cited lines and what heads them tell, and those that say the same."""
    return alike(
        token
        for e in cited
        for token in tokens(f"{surroundings_line(e)} {e.text} {said_before(e)}")
    )


def tells_of_it(asked: Asked, cited: Sequence[Evidence]) -> bool:
    """False where a figure is asked for that Xiaomi paid for land, and the place tells of Xiaomi only."""
    if not asked.wants_figure or not cited:
        return True
    apart = {w for name in asked.names if not NO_ENTITY.fullmatch(name) for w in tokens(name)}
    apart |= {w for period in asked.periods for w in tokens(period.text)}
    wanted = {w for w in content_words(asked.text) if w not in NOT_TELLING} - apart
    told = _told_by(cited)
    by_name = len(apart) >= NAMED and apart <= told
    return len(wanted) < 2 or by_name or bool(wanted & told)  # one word may be said in many ways


def share_told(asked: Asked, cited: Sequence[Evidence], subject: str = "") -> float:
    """Share of the question's telling words that the cited lines and what heads them tell, 0 to 1.

    Whom the documents are about need not be named where nobody else is.
    """
    wanted = {w for w in content_words(asked.text) if w not in NOT_TELLING}
    told = _told_by(cited)
    if subject and cited and all(is_about(subject, e) for e in cited):
        told |= set(tokens(subject))
    return len(wanted & told) / len(wanted) if wanted else 0.0


NAMED = 3
"""So many words of names, all told, say which thing it is without the question's other words."""


_ROLE = re.compile(
    r"^\W*who(?:['’]s| is| was| are| were) the (?P<role>[^?,]+?) (?:of|in|for|at|on|to|behind|from)\b(?P<of>[^?]*)",
    re.IGNORECASE,
)


def tells_role(asked: Asked, cited: Sequence[Evidence]) -> bool:
    """False where "who is the lead actress in The Shape of Water" is answered from a place that
    speaks of no actress, or not of that film: a name stands in many sentences beside it.
    """
    said = _ROLE.match(asked.text)
    if said is None or not cited:
        return True
    role = content_words(said["role"])[-1:]
    told = _told_by(cited)
    mine = read_question(said["of"]).names
    names = {w for name in mine for w in tokens(name)}
    if not set(role) <= told or (names and not names & told):
        return False
    if not role or not mine:
        return True
    # "Director Ann Berg said that Iron Shore was great" names no director of Iron Shore.
    speaks = re.compile(
        rf"\b{re.escape(role[-1])}\w* [^.;]*?\b(?:{_SPEAKS})\b[^.;]*?\b(?:{'|'.join(map(re.escape, mine))})\b",
        re.IGNORECASE,
    )
    return not all(speaks.search(e.text) for e in cited)


_SPEAKS = (
    "believed|believes|said|says|thinks|thought|called|calls|considered|considers|praised|praises|admired|admires"
    "|felt|feels|argued|argues|described|describes|criticised|criticized|ranked|rated|recommended"
)


_COSTS = re.compile(
    r"^\W*(?:what|how much) (?:did|does|do|will|would) (?:the |its |a |an )?(?P<thing>[\w-]+(?: [\w-]+){0,2}?)(?: (?:of|for) [^?]*?)? cost\b",
    re.IGNORECASE,
)


def tells_thing(asked: Asked, cited: Sequence[Evidence]) -> bool:
    """False where "what did the hire of the car cost" is answered from a place that speaks of no hire."""
    said = _COSTS.match(asked.text)
    if said is None or not cited:
        return True
    told = _told_by(cited)
    return set(content_words(said["thing"])[-1:]) <= told


_REMARK = re.compile(r"\([^()]*\)")


def of_other_row(asked: Asked, cited: Sequence[Evidence], evidence: Sequence[Evidence]) -> bool:
    """True where the question names a row in full, "Performance fee", and only other rows of that
    table are cited.
    """
    if not cited or any(e.passage.kind is not PassageKind.TABLE_ROW for e in cited):
        return False
    wanted = alike(tokens(asked.text))

    def is_named(row: Evidence) -> bool:
        name = _REMARK.sub(" ", plain_label(cells(row.text)[0]))
        label = {w for w in content_words(name) if w[0].isalpha()}
        return len(label) > 1 and label <= wanted

    sources = {e.passage.source.id for e in cited}
    rows = [
        e
        for e in evidence
        if e.passage.kind is PassageKind.TABLE_ROW and e.passage.source.id in sources
    ]
    return any(is_named(row) for row in rows) and not any(is_named(row) for row in cited)


# What an amount may be of; one that no place tells is not what its figure measures.
_MEASURES = frozenset(
    tokens(
        "revenue profit loss income expense budget capex earnings dividend cash debt assets "
        "liabilities equity valuation fee margin inventory tax subsidy interest borrowings wage salary fine "
        "orders exports headcount capacity"
    )
)


# "How much cash did the winner get?" asks for an amount, "how much cash does it have?" for a cash balance.
_AS_MONEY = re.compile(
    r"\bcash\b(?=[^?]*\b(?:take[ns]? home|took home|got|gets?|receiv\w+|win|won|paid|pays?|cost|awarded|handed|prize))",
    re.IGNORECASE,
)


def measures_it(asked: Asked, cited: Sequence[Evidence]) -> bool:
    """True unless a figure is asked for of a debt, a price or the like, and no place speaks of one."""
    wanted = _MEASURES & set(tokens(_AS_MONEY.sub(" ", asked.text)))
    if not (wanted and asked.wants_figure and cited) or "time" in asked.kinds:
        return True
    told = _told_by(cited)
    return wanted <= told


_PART_OF = re.compile(r"\b(?:out )?of (?:the |its |their |that |this )?$", re.IGNORECASE)


def divides_it(asked: Asked, cited: Sequence[Evidence]) -> bool:
    """True unless a part "of the 200bn" is asked for and no place tells that amount."""
    wholes = [
        f
        for f in read_figures(asked.text)
        if f.scale >= LEAST_SCALE
        and f.unit not in TIME_UNITS
        and _PART_OF.search(asked.text[: f.span.start])
    ]
    told = {f.value for e in cited for f in read_figures(surroundings(e))}
    return not asked.wants_figure or all(f.value in told for f in wholes)


LEAST_SCALE = 6
"""Amounts in millions and more are wholes that something is a part of."""
