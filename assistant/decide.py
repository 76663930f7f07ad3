"""Whether a checked draft answers the question, or the documents do not say. Pure.

The model's own refusal is neither safe nor sharp, so the code's own signals decide with it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import permutations

from assistant.asked import FUNCTION_WORDS, Asked, content_words, read_question
from assistant.figures import (
    backing,
    read_figures,
    same_thing,
    same_value,
    singular,
    supports,
)
from assistant.fitting import is_past, tells_age
from assistant.lexical import tokens
from assistant.parts import NO_ENTITY, whole_names
from assistant.ranking import EXTREMES, asks_rank
from assistant.support import (
    backs,
    bound,
    kin,
    last_month,
    of_stretch,
    surroundings,
    surroundings_line,
    times_around,
)
from assistant.synonyms import NOT_TELLING, alike
from assistant.tables import cells, plain_label
from assistant.times import TIME_UNITS
from assistant.types import Evidence, Figure, PassageKind
from assistant.verify import Checked
from assistant.whose import POSSESSOR, is_about


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of a draft.

    p_refusal   probability that the model begins with the refusal
    p_yes       probability that the model, asked as a judge, finds the answer in the cited lines
    fits        the claims hold the kind of answer asked for, and more than the question itself
    figure      it fits, and a figure is asked for
    on_period   the claims or their places speak of a period asked for, if one is
    """

    p_refusal: float
    p_yes: float
    fits: bool
    on_period: bool
    figure: bool = False

    @classmethod
    def of(
        cls,
        asked: Asked,
        checked: Checked,
        evidence: Sequence[Evidence],
        p_refusal: float,
        p_yes: float = 1.0,
        subject: str = "",
    ) -> Signals:
        """Signals of a verified draft; `subject` is whom the documents are about."""
        cited = cited_by(checked, evidence)
        claims = " ".join(claim.text for claim in checked.claims)
        figures = tuple(check.figure for check in checked.checks)
        fits = (
            asked.fits(figures)
            and _names_someone(asked, claims)
            and _adds(asked, claims)
            and _is_told(asked, claims, cited)
            and _counts_it(asked, figures, cited)
            and _tells_age(asked, figures, cited)
            and not _opposed(asked, claims, cited)
            and _names_most(asked, cited)
            and is_on_topic(asked, cited)
            and not _of_longer_name(asked, cited)
            and _of_subject(asked, claims, cited, subject)
            and _has_been(asked, figures, cited)
            and not _was_put_off(asked, claims, cited)
            and _ranks(asked, cited)
            and _measures_it(asked, cited)
            and _tells_of_it(asked, cited)
            and _tells_role(asked, cited)
            and _tells_thing(asked, cited)
            and not _is_to_come(asked, claims)
            and not _of_other_row(asked, cited, evidence)
            and _holds_number(asked, claims, cited)
            and _of_century(asked, claims)
            # A sentence quoted for a failed draft answers a question for a figure when it holds one;
            # for others it was an answer in 4 of 10 cases, with the judge no wiser.
            and (asked.wants_figure or not checked.quoted)
        )
        on_period = _on_period(asked, figures, cited)
        return cls(p_refusal, p_yes, fits, on_period, fits and asked.wants_figure)


def cited_by(checked: Checked, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The lines that a verified draft cites."""
    return [e for e in evidence if any(c.span == e.span for c in checked.citations)]


# A draft is shown when log-odds(p_yes) - REFUSAL_WEIGHT x log-odds(p_refusal) reaches THRESHOLD.
# Answerable questions right / wrong, unanswerable declined, default model (`python -m evals.refusal`):
#     weight, threshold    investor, direct      rgb_en               squad2
#     0.5, 3.0             44 / 3 of 63, 15/16   11 / 3 of 23, 9/12   27 / 0 of 31, 13/26
#     0.5, 3.5             44 / 2        15/16   11 / 3        9/12   27 / 0        16/26
#     0.5, 4.0             39 / 1        15/16   11 / 3        9/12   25 / 0        17/26
#     1.0, 5.5             39 / 2        15/16   10 / 1       10/12   26 / 0        19/26
#     p_refusal alone      40 / 1        15/16   12 / 3        8/12   28 / 0        10/26
# The judge tells right from wrong better on the first and last (area under the curve 0.95 and 0.79
# against 0.73 and 0.63), the refusal on rgb_en (0.82 against 0.76).
REFUSAL_WEIGHT = 0.5
THRESHOLD = 3.5
# Where a figure of the very kind is asked for and found, the code's evidence outweighs more doubt:
# with 2.5 for these, 45 / 2 on the first set and the same on the others; with 2.0, 46 / 3.
FIGURE_THRESHOLD = 2.5
LEAST_DOUBT = 1e-3
"""A refusal less likely than this is not told from one that is not among the first ten tokens."""


def answerable(signals: Signals, threshold: float = THRESHOLD) -> bool:
    """True when the draft may be shown as an answer."""
    if signals.figure:
        threshold -= THRESHOLD - FIGURE_THRESHOLD
    sure = _log_odds(signals.p_yes) - REFUSAL_WEIGHT * _log_odds(
        max(signals.p_refusal, LEAST_DOUBT)
    )
    return signals.fits and signals.on_period and sure >= threshold


def _log_odds(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))


def _names_someone(asked: Asked, claims: str) -> bool:
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


def _counts_it(asked: Asked, figures: Sequence[Figure], cited: Sequence[Evidence]) -> bool:
    """True unless "how many engineers" is answered with a count of something else."""
    nouns = [singular(word) for word in re.findall(r"[^\W\d_]{2,}", asked.counted)]
    counted = [f.noun for f in figures if f.unit == "count" and f.noun]
    if not nouns or any(same_thing(one, other) for one in counted for other in nouns):
        return True
    said = {token for e in cited for token in tokens(f"{surroundings_line(e)} {e.text}")}
    return any(set(tokens(noun)) & alike(said) for noun in nouns)


def _tells_age(asked: Asked, figures: Sequence[Figure], cited: Sequence[Evidence]) -> bool:
    """True unless "how old" is answered with a figure that is no age in any place."""
    told = [(e, f) for e in cited for f in figures if f.unit not in TIME_UNITS]
    return not told or any(tells_age(asked, e.text, f) for e, f in told)


_OPPOSITES = (
    "more less", "more fewer", "most least", "largest smallest", "biggest smallest", "highest lowest",
    "higher lower", "increase decrease", "rise fall", "rose fell", "grow shrink", "gain loss",
    "profit loss", "first last", "best worst", "common rare", "commonly rarely", "often seldom",
    "fast slow", "rapidly slowly", "quickly slowly", "north south",
    "east west", "won lost", "buy sell", "bought sold", "open close", "opened closed", "able unable",
    "possible impossible", "support oppose", "accept reject", "start end", "male female",
    "men women", "import export", "major minor", "maximum minimum", "internal external",
    "domestic foreign", "strong weak", "early late", "injured died", "injured killed", "hired fired", "appointed dismissed", "hardware software",
)  # fmt: skip
_OPPOSITE: dict[str, set[str]] = {}
for _pair in _OPPOSITES:
    for _one, _other in permutations(_pair.split(), 2):
        _OPPOSITE.setdefault(tokens(_one)[0], set()).add(tokens(_other)[0])
_NEGATION = re.compile(
    r"\b(?:not|no longer|never|without|unable|cannot|neither|nor|non|except|fail(?:s|ed)? to"
    r"|lack(?:s|ed|ing)?)\b|n't\b",
    re.IGNORECASE,
)


def _opposed(asked: Asked, claims: str, cited: Sequence[Evidence]) -> bool:
    """True when the question says "without" or "more" and the places say only the contrary.

    Also when a claim says "not bound" of what the question takes to be bound.
    """
    if not cited:
        return False
    said = {token for e in cited for token in tokens(e.text)}
    if says_contrary(asked.text, said) or _on_other_side(asked.text, cited):
        return True
    if any(_falls_short(asked, e) for e in cited):
        return True
    if _GETS.match(asked.text) and _GIVES.match(claims):
        return True  # who granted a permit is not who got it
    negated = _NEGATION.search(asked.text) is not None
    if negated:
        return not any(_NEGATION.search(e.text) or "no" in tokens(e.text) for e in cited)
    # "TSMC, since others cannot": what a reason denies is not what is claimed. A title denies nothing.
    return asked.is_wh and _NEGATION.search(_TITLE.sub("", _REASON.split(claims)[0])) is not None


_TITLE = re.compile(r"\b[A-Z]\w*n['’]t\b(?= [A-Z])")


_SHORT = re.compile(
    r"\b(?:short of|below|under|less than|fewer than|missed|misses|not reach(?:ed)?)\W+(?:the |more than |about |over )*$",
    re.IGNORECASE,
)


def _falls_short(asked: Asked, place: Evidence) -> bool:
    """True where a place says "short of 10 billion" and the question takes the 10 billion to be passed."""
    stated = [f for f in read_figures(asked.text) if f.unit not in TIME_UNITS]
    return not _SHORT.search(asked.text[: stated[0].span.start] if stated else "") and any(
        same_value(found, figure) and _SHORT.search(place.text[: found.span.start])
        for figure in stated
        for found in place.figures
        if found.unit not in TIME_UNITS
    )


def says_contrary(asked: str, told: Set[str]) -> bool:
    """True where the question says "hardware" and what is told only "software"."""
    return any(_OPPOSITE.get(w, set()) & told and w not in told for w in tokens(asked))


_SIDES = {"before": "after", "after": "before", "above": "below", "below": "above"}
_SIDE = re.compile(r"\b(before|after|above|below) (?:the |an? )?([\w-]+)", re.IGNORECASE)


def _on_other_side(asked: str, cited: Sequence[Evidence]) -> bool:
    """True where the question says "before the war" and the places only "after the war"."""
    said = {(m[1].lower(), *tokens(m[2])) for e in cited for m in _SIDE.finditer(e.text)}
    wanted = [(m[1].lower(), *tokens(m[2])) for m in _SIDE.finditer(asked)]
    return any((_SIDES[w[0]], *w[1:]) in said and w not in said for w in wanted)


_GETS = re.compile(
    r"\W*who (?:\w+ )?(?:got|gets|received?s?|obtain(?:ed|s)|bought|acquired)\b", re.IGNORECASE
)
_GIVES = re.compile(
    r"\W*[A-Z][\w&.-]*(?: [A-Z][\w&.-]*)* (?:has |had )?(?:granted|gave|issued|awarded|handed|sold)\b"
)
_REASON = re.compile(
    r",? (?:since|because|as no|although|though|while|whereas|who|which|where|unless|even)\b",
    re.IGNORECASE,
)


def _names_most(asked: Asked, cited: Sequence[Evidence]) -> bool:
    """True unless the places lack most of those, or of what, the question names."""
    names = [set(tokens(n)) for n in whole_names(asked)]
    around = alike(token for e in cited for token in tokens(surroundings(e)))
    told = sum(any(w in around or kin(w, around) for w in name) for name in names)
    return not cited or 2 * told >= len(names)


# What companies spend on and sell, as documents abbreviate it, with the words that say the same.
_TOPICS = tuple(
    frozenset(tokens(words))
    for words in (
        "R&D research", "AI artificial", "EV car vehicle auto automotive electric", "IoT AIoT",
        "OS HyperOS", "chip processor silicon",
    )
)  # fmt: skip


def is_on_topic(asked: Asked, cited: Sequence[Evidence]) -> bool:
    """False where a plan for R&D is asked for and the places tell only of one for AI."""
    wanted = set(tokens(asked.text))
    told = {token for e in cited for token in tokens(e.text)}
    around = told | {token for e in cited for token in tokens(surroundings_line(e))}
    missing = [t for t in _TOPICS if t & wanted and not t & around]
    return not missing or not any(t & told and not t & wanted for t in _TOPICS)


_FULL_NAME = re.compile(
    r"[A-Z][\w'’-]*(?: (?:(?:of|the|and|de) )?[A-Z0-9][\w'’-]*)+|[A-Z]+[a-z]*\d\w*"
)
_EDITION = (
    r"(?:Ultra|Pro|Max|Plus|Mini|Lite|Air|GT|SE|Turbo|Edition|DLC|Deluxe|Remastered|Update|Album)\b"
)


def _of_longer_name(asked: Asked, cited: Sequence[Evidence]) -> bool:
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


def _of_subject(asked: Asked, claims: str, cited: Sequence[Evidence], subject: str) -> bool:
    """True unless a figure is asked for of nobody by name and the places give another company's."""
    named = any(not NO_ENTITY.fullmatch(n) for n in asked.names)
    if not subject or named or not asked.wants_figure or not cited:
        return True
    owner = POSSESSOR.match(claims)
    if owner and subject not in owner[1]:
        return False
    return any(is_about(subject, e) for e in cited)


def _has_been(asked: Asked, figures: Sequence[Figure], cited: Sequence[Evidence]) -> bool:
    """True unless what has been is asked for and the places only plan the figures told."""
    told = [
        is_past(asked, e.text, f)
        for e in cited
        for f in e.figures
        if f.unit not in TIME_UNITS and any(supports(f, figure) for figure in figures)
    ]
    return not asked.wants_figure or not told or any(told)


_PUT_OFF = re.compile(
    r"\b(?:original(?:ly)?|initial(?:ly)?|first planned|was (?:due|to be|scheduled|supposed)|previously|earlier plan)\b",
    re.IGNORECASE,
)
_COMING = re.compile(
    r"\b(?:is|are) (?:coming|due|set to|expected|scheduled|planned|slated)\b|\bwill (?:be|come|launch|arrive|open|start)\b",
    re.IGNORECASE,
)


def _was_put_off(asked: Asked, claims: str, cited: Sequence[Evidence]) -> bool:
    """True where a date is asked for and a place tells one that was only planned, or was given up."""
    if "time" not in asked.kinds or _PUT_OFF.search(asked.text):
        return False
    if _PUT_OFF.search(claims):
        return True
    been = re.search(r"\b(?:was|were|did|had)\b", asked.text, re.IGNORECASE) is not None
    return been and bool(cited) and all(_COMING.search(e.text) for e in cited)


def _ranks(asked: Asked, cited: Sequence[Evidence]) -> bool:
    """True unless the most or least is asked for and no place says what that is."""
    return not asks_rank(asked) or any(EXTREMES.search(e.text) for e in cited)


def _told_by(cited: Sequence[Evidence]) -> set[str]:
    """The words that the cited lines and what heads them tell, and those that say the same."""
    return alike(token for e in cited for token in tokens(f"{surroundings_line(e)} {e.text}"))


def _tells_of_it(asked: Asked, cited: Sequence[Evidence]) -> bool:
    """False where a figure is asked for that Xiaomi paid for land, and the place tells of Xiaomi only."""
    if not asked.wants_figure or not cited:
        return True
    apart = {w for name in asked.names if not NO_ENTITY.fullmatch(name) for w in tokens(name)}
    apart |= {w for period in asked.periods for w in tokens(period.text)}
    wanted = {w for w in content_words(asked.text) if w not in NOT_TELLING} - apart
    told = _told_by(cited)
    by_name = len(apart) >= NAMED and apart <= told
    return len(wanted) < 2 or by_name or bool(wanted & told)  # one word may be said in many ways


NAMED = 3
"""So many words of names, all told, say which thing it is without the question's other words."""


_ROLE = re.compile(
    r"^\W*who(?:['’]s| is| was| are| were) the (?P<role>[^?,]+?) (?:of|in|for|at|on|to|behind|from)\b(?P<of>[^?]*)",
    re.IGNORECASE,
)


def _tells_role(asked: Asked, cited: Sequence[Evidence]) -> bool:
    """False where "who is the lead actress in The Shape of Water" is answered from a place that
    speaks of no actress, or not of that film: a name stands in many sentences beside it.
    """
    said = _ROLE.match(asked.text)
    if said is None or not cited:
        return True
    role = content_words(said["role"])[-1:]
    told = _told_by(cited)
    names = {w for name in read_question(said["of"]).names for w in tokens(name)}
    return set(role) <= told and (not names or bool(names & told))


_COSTS = re.compile(
    r"^\W*(?:what|how much) (?:did|does|do|will|would) (?:the |its |a |an )?(?P<thing>[\w-]+(?: [\w-]+){0,2}?)(?: (?:of|for) [^?]*?)? cost\b",
    re.IGNORECASE,
)


def _tells_thing(asked: Asked, cited: Sequence[Evidence]) -> bool:
    """False where "what did the hire of the car cost" is answered from a place that speaks of no hire."""
    said = _COSTS.match(asked.text)
    if said is None or not cited:
        return True
    told = _told_by(cited)
    return set(content_words(said["thing"])[-1:]) <= told


_WILL = re.compile(
    r"\bwill (?:not )?(?:be|have|become|carry|come|get|go|start|open|launch)\b", re.IGNORECASE
)
_BEEN = re.compile(r"\b(?:was|were|did|had)\b", re.IGNORECASE)


def _is_to_come(asked: Asked, claims: str) -> bool:
    """True where it is asked what was, and the claims tell what will be."""
    been = asked.is_wh and _BEEN.search(asked.text) and not _WILL.search(asked.text)
    return bool(been) and _WILL.search(claims) is not None


_REMARK = re.compile(r"\([^()]*\)")


def _of_other_row(asked: Asked, cited: Sequence[Evidence], evidence: Sequence[Evidence]) -> bool:
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


def _measures_it(asked: Asked, cited: Sequence[Evidence]) -> bool:
    """True unless a figure is asked for of a debt, a price or the like, and no place speaks of one."""
    wanted = _MEASURES & set(tokens(asked.text))
    if not (wanted and asked.wants_figure and cited) or "time" in asked.kinds:
        return True
    told = _told_by(cited)
    return wanted <= told


_ITEMS = re.compile(r"\s*(?:[,;]\s*(?:and\s|or\s)?|\s(?:and|or)\s)\s*")
_STRETCHES = frozenset(
    {"year", "month", "quarter", "week", "day", "hour", "minute", "decade", "time"}
)


def _holds_number(asked: Asked, claims: str, cited: Sequence[Evidence]) -> bool:
    """True unless the question says "the four classes" and neither place nor answer has four."""
    said = [
        f
        for f in read_figures(asked.text)
        if f.unit == "count"
        and f.text.isalpha()
        and f.value > 1
        and f.noun not in _STRETCHES
        and asked.text[f.span.end : f.span.end + 1] != "-"  # "three-part" counts nothing told
    ]
    told = {f.value for e in cited for f in read_figures(f"{surroundings(e)}")}
    return all(f.value in told or len(_ITEMS.split(claims)) == f.value for f in said)


_CENTURY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)[- ]century\b", re.IGNORECASE)
_YEAR = re.compile(r"\b\d{3,4}\b")


def _of_century(asked: Asked, claims: str) -> bool:
    """True unless a century is asked for and the claims tell only years of another one."""
    said = _CENTURY.search(asked.text)
    years = [int(year) for year in _YEAR.findall(claims)]
    return not (said and years) or any(year // 100 + 1 == int(said[1]) for year in years)


def _adds(asked: Asked, claims: str) -> bool:
    """True when the claims say something that the question does not."""
    return bool(set(tokens(claims)) - set(tokens(asked.text)) - FUNCTION_WORDS)


_OF_AMOUNTS = frozenset(tokens("USD CNY HKD EUR GBP thousand million billion trillion percent"))


def _is_told(asked: Asked, claims: str, cited: Sequence[Evidence]) -> bool:
    """False where no place tells any of the words that the claims add to the question.

    "The forward pass" is no answer from a sentence that has the year asked for, and no pass.
    """
    known = alike(tokens(asked.text)) | NOT_TELLING | _OF_AMOUNTS
    added = {w for w in content_words(claims) if w[0].isalpha() and w.isascii()} - known
    told = alike(token for e in cited for token in tokens(surroundings(e)))
    return not added or not cited or bool(added & told)


def _day_of(item: Evidence) -> str:
    """The day of the document, which an "as of" asked for may mean."""
    as_of = item.passage.source.as_of
    return as_of.isoformat() if as_of else ""


# "Early 2025" is told by a place of the first quarter.
_VAGUE = re.compile(
    r"\b(?:early(?: in)?|mid|middle of|late(?: in)?|around|beginning of|start of)[- ]$",
    re.IGNORECASE,
)


def _of_that_period(asked: Asked, figures: Sequence[Figure], cited: Sequence[Evidence]) -> bool:
    """False where the places name the period asked for, but give the figure for another one.

    "About CNY 5 billion in Q1 2024, from the Q1 2025 figure and its growth" tells no figure of Q1 2025.
    """
    if len(asked.periods) != 1 or not asked.wants_figure or "time" in asked.kinds:
        return True
    if _VAGUE.search(asked.text[: asked.periods[0].span.start]):
        return True  # "early 2025" may be told by its first quarter
    told = [f for f in figures if f.unit not in TIME_UNITS and asked.fits((f,))]
    places = [(e, f) for e in cited for f in told if backs(e, f)]
    return not places or any(bound(e, f, (f, asked.periods[0])) for e, f in places)


def _on_period(asked: Asked, figures: Sequence[Figure], cited: Sequence[Evidence]) -> bool:
    """False when a period is asked for and the claims, or silent claims' places, lack it."""
    times = [figure for figure in figures if figure.unit in TIME_UNITS]
    if not asked.periods:
        return True
    if not times:
        around = [
            f for e in cited for f in (*e.figures, *times_around(e), *read_figures(_day_of(e)))
        ]
        return any(backing(period, around) for period in asked.periods)
    if not _of_that_period(asked, figures, cited):
        return False
    if asked.wants_figure and "time" not in asked.kinds:
        # November's deliveries are none of the year's.
        whole = [p for p in asked.periods if not _VAGUE.search(asked.text[: p.span.start])]
        times = [
            t
            for t in times
            if whole != list(asked.periods)
            or any(of_stretch(p, [t]) or not supports(t, p) for p in whole)
        ]
    return any(
        supports(time, period)
        or supports(period, time)
        or (last_month(time) is not None and last_month(time) == last_month(period))
        for time in times
        for period in asked.periods
    )
