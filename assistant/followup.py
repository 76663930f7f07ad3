"""A follow-up as a question that stands alone, in the words of the one before it. Pure: no model.

"And XPeng?", "in Q3?", "what was it a year earlier?", "how much of that is for 2026?" only change a
name, a period or a measure, or point back with a pronoun, which code does exactly; a small model now
and then leaves the change out. What else is asked is left to the model, and checked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.asked import read_question
from assistant.figures import read_figures
from assistant.lexical import tokens
from assistant.periods import label
from assistant.pronouns import resolved, thing_of
from assistant.sentences import sentence_spans
from assistant.synonyms import NOT_TELLING, alike
from assistant.times import TIME_UNITS, year_of
from assistant.turn import AFTER, BEFORE, moved_by, names_of, times_of, with_period
from assistant.types import Figure

_EMPTY = frozenset(
    tokens(
        "and so then but what about how many much was it the in for of at a is by that were during with alone only ok "
        "whole full entire all "
        "那 呢 和 的 是 又 在 那么 么呢"
    )
)
# Of these a question has one or the other: "adjusted net profit … and under IFRS?"
_BASIS = re.compile(
    r"\b(?:under |by |on an? )?(?:non-IFRS|non-GAAP|IFRS|GAAP|adjusted|reported)\b(?: basis)?", re.I
)
_WHOLE_YEAR = re.compile(r"\b(?:the )?(?:full|whole|entire) year\b|\byear as a whole\b|全年", re.I)


def standalone(text: str, history: Sequence[str]) -> str | None:
    """The last question in full, by code alone; None where that takes more than substitution.

    `history` are the earlier questions, oldest first, as they were typed or rewritten.
    """
    wholes: list[str] = []
    for asked in (*history, text):
        done = _between(asked, wholes) or (rewritten(asked, wholes[-1]) if wholes else None)
        if asked is text or asked == text:
            return done
        wholes.append(done or asked)
    return None


_CHANGED = re.compile(
    r"^\W*(?:(?:and|so|then|ok)\b\W*)*(?:by how (?:much|many)|how (?:much|many|big|large)|what)\b[^?]*"
    r"\b(?:go up|gone up|went up|go down|went down|rise|risen|grow|grown|growth|fall|fallen|drop|change[ds]?|increase[ds]?|decrease[ds]?"
    r"|differ\w*|gap|more|less|apart)\b[^?]*\W*$",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\bper ?cent(?:age)?\b|%", re.IGNORECASE)
_GROWTH = re.compile(r"\bgrowth\b", re.IGNORECASE)


def _between(text: str, wholes: Sequence[str]) -> str | None:
    """ "By how much did it go up?" after the same question for two periods, or for two companies."""
    if len(wholes) < 2 or not _CHANGED.match(text) or times_of(text) or names_of(text):
        return None
    one, other = wholes[-2:]
    percent = _PERCENT.search(text) or _GROWTH.search(text)
    asked = "What is the percentage change in" if percent else "By how much did"
    first, second = times_of(one), times_of(other)
    if len(first) == len(second) == 1 and first[0].unit == second[0].unit:
        same = with_period(one, first[0], "") == with_period(other, second[0], "")
        early, late = sorted((first[0], second[0]), key=lambda p: p.value)
        thing = thing_of(one, keep_period=False)
        if same and (thing := thing or _counted(one)) and early.value < late.value:
            moves = "" if asked.endswith("in") else " change"
            return f"{asked} {thing}{moves} from {early.text} to {late.text}?"
    mine, theirs = names_of(one), names_of(other)
    things = (thing_of(one, keep_period=True), thing_of(other, keep_period=True))
    if len(mine) == len(theirs) == 1 and all(things) and one.replace(mine[0], theirs[0]) == other:
        return f"What is the difference between {things[0]} and {things[1]}?"
    return None


_LEANS = re.compile(r"^\W*(?:and|so|then|but|what about|how about)\b", re.IGNORECASE)
SEVERAL = 3


_HOW_MANY = re.compile(
    r"^how many (?P<counted>[\w -]+?) (?P<aux>did|does|do|has|have|had|will) (?P<that>.+?)\??$",
    re.I,
)


_WHO_DID = re.compile(r" that (?:(?:[A-Z][\w&.’'-]*)(?: [A-Z][\w&.’'-]*)*|it|they)(?= [a-z])")


def _counted(text: str) -> str | None:
    """ "The number of cars that Castor did deliver", of the question how many."""
    said = _HOW_MANY.match(text.strip())
    if said is None:
        return None
    whole = f"the number of {said['counted']} that {said['that']}"
    for period in times_of(whole)[::-1]:
        whole = with_period(whole, period, "")
    bare = re.sub(r"\s+(?:in|for|of|at|during|on|by)\s*$", "", " ".join(whole.split()))
    if who := _WHO_DID.search(bare):  # "that Castor did hand over"
        return f"{bare[: who.end()]} {said['aux']}{bare[who.end() :]}"
    return re.sub(r" ([a-z]+)$", rf" {said['aux']} \1", bare)


def several(text: str) -> list[str]:
    """The questions of "And how many a month? After Q1 2026?": each is a turn after the one before it.

    One for a text that says more than questions, or whose questions do not lean on each other.
    """
    pieces = [span.of(text).strip() for span in sentence_spans(text)]
    if kept := [p for p in pieces if not _FROM_TO.fullmatch(p)]:
        pieces, text = kept, " ".join(kept)
    asks = 2 <= len(pieces) <= SEVERAL and all(p.endswith(("?", "？")) for p in pieces)
    leans = asks and any(_LEANS.match(p) or is_fragment(p) for p in pieces)
    return pieces if leans else [text]


# What an answer shows anyhow.
_FROM_TO = re.compile(r"\W*(?:and )?from what to what\W*", re.IGNORECASE)


def is_fragment(text: str) -> bool:
    """True for "And in Q3?", "how many?": without an earlier question nobody can say what is meant."""
    asked = read_question(text)
    times = {w for period in asked.periods for w in tokens(period.text)}
    telling = [w for w in tokens(text) if w not in (NOT_TELLING | _EMPTY | times)]
    if not text.isascii() or not telling:
        return text.isascii() and not telling and not (times and _OF_THING.search(text))
    if not names_of(text) and not times and _POINTS.search(text):
        return True
    named = {w for name in names_of(text) for w in tokens(name)}
    return set(telling) <= named and _ASKS.search(text) is None


# "How far did the shares fall on 13 October?" says what it is about, in words that tell little.
_OF_THING = re.compile(
    r"\b(?:did|does|do|has|have|had|was|were|is|are|will) (?:the |its |their )(?:[\w-]+ )?[\w-]+\b",
    re.I,
)


# "What fortified this concept?", with nothing before it that it could mean.
_POINTS = re.compile(
    r"\b(?:this|that|these|those) (?:concept|idea|process|event|theory|law|case|method|policy|person|place|thing|topic|question|issue"
    r"|result|system|group|company)\b(?! (?:that|which|who|of|for|in)\b)",
    re.IGNORECASE,
)


_ASKS = re.compile(
    r"\b(?:what|which|who|when|where|why|how|is|are|was|were|do|does|did|has|have|can|will|tell|explain|describe|show|give|list)\b",
    re.IGNORECASE,
)


def rewritten(text: str, previous: str) -> str | None:
    """A follow-up in the words of a whole question before it; None for what is none, or too hard."""
    return (
        _moved_by_how_much(text, previous)
        or substituted(text, previous)
        or _that_of(text, previous)
        or _in_stretch(text, previous)
        or _by_the(text, previous)
        or _bounded(text, previous)
        or _in_currency(text, previous)
        or _remeasured(text, previous)
        or resolved(text, previous)
    )


def placed(text: str, previous: str) -> str:
    """The follow-up with "the year after" as the year it means, where the question before names one."""
    old = times_of(previous)
    for said in filter(None, (BEFORE.search(text), AFTER.search(text))):
        if len(old) == 1 and (moved := moved_by(old[0], said)):
            return text[: said.start()] + label(moved) + text[said.end() :]
    return text


def with_names(text: str, previous: str) -> str:
    """The follow-up as it was typed, with the names it leaves out: better than a wrong rewriting."""
    names = [] if names_of(text) else names_of(previous)
    return f"{text.rstrip('?.。？ ')} ({', '.join(names)})?" if names else text


def substituted(text: str, previous: str) -> str | None:
    """The previous question with the name, period or basis of a short follow-up."""
    before, after = BEFORE.search(text), AFTER.search(text)
    names = [n for n in names_of(text) if not any(m and n in m[0] for m in (before, after))]
    periods = times_of(text)
    basis = _BASIS.search(text)
    whole_year = _WHOLE_YEAR.search(text) if not periods else None
    said = [m[0] for m in (before, after, basis, whole_year) if m]
    rest = text
    for piece in [*names, *(p.text for p in periods), *said]:
        rest = rest.replace(piece, " ")
    if before or after:
        rest = _THAT_ONE.sub(" ", rest)
    rest = re.sub(r"['’]s\b", " ", rest)
    if any(w not in _EMPTY for w in tokens(rest)) or not (names or periods or said):
        return None
    out: str | None = previous
    if names:
        mine = names_of(previous)
        if len(names) != 1 or not mine:
            return None
        out = re.sub(rf"(?<!\w){re.escape(mine[0])}(?!\w)", names[0], previous)
    if out and (turn := before or after):
        out = _moved(out, turn)
    if out and (periods or whole_year):
        out = _in_period(out, periods, year=bool(whole_year))
    if out and basis:
        out = _on_basis(out, basis[0])
    return out if out != previous or names else None


_THAT_ONE = re.compile(r"\bthat(?: last| one| quarter| year)*\b", re.IGNORECASE)
_THAT_OF = re.compile(
    r"^\W*(?:(?:and|so|but|then|what (?:about|is|was)|how about)\b\W*)*(?:that|those|the one|the same) (?:of|for|at) (?P<of>(?:the |its )?[\w& -]+?)\W*$",
    re.IGNORECASE,
)
_OF = re.compile(
    r"^(?P<lead>.+? (?:of|at|for) )(?P<of>(?!(?:19|20)\d\d|Q\d)[^,?]+?)(?P<when> (?:in|for|at|during|as of|on) [^?]*)?\??$"
)


def _that_of(text: str, previous: str) -> str | None:
    """ "And that of IoT?" of the gross margin of the phones in Q3."""
    said, old = _THAT_OF.match(text), _OF.match(previous)
    if said is None or old is None or times_of(old["of"]):
        return None
    return f"{old['lead']}{said['of']}{old['when'] or ''}?"


_COUNT_OF = r"(?P<count{0}>two|three|four|five|six|seven|eight|nine|ten|\d+)(?: (?P<unit{0}>years|quarters|months))"
_STRETCH = re.compile(
    rf"\b(?:the )?(?P<which>next|coming|following|past|last|previous|preceding|prior) {_COUNT_OF.format('')}?\b"
    rf"|\b(?:the )?{_COUNT_OF.format('2')} (?P<which2>before|earlier|after|later)\b(?: (?:that|then|it))?",
    re.IGNORECASE,
)
_STRETCH_OF = {"before": "previous", "earlier": "previous", "after": "next", "later": "next"}


def _in_stretch(text: str, previous: str) -> str | None:
    """ "And in the previous five?", "and how much did it spend in the five before that?" of a question
    about the next five years.
    """
    new, old = _STRETCH.search(text), _STRETCH.search(previous)
    if not new or not old or names_of(text):
        return None
    rest = [w for w in tokens(_OF_IT.sub(" ", _STRETCH.sub(" ", text))) if w not in _EMPTY]
    if len(rest) > (1 if _OF_IT.search(text) else 0):  # a verb of its own says the same of it
        return None
    unit = new["unit"] or new["unit2"] or old["unit"] or old["unit2"] or "years"
    which = new["which"] or _STRETCH_OF[new["which2"].lower()]
    count = new["count"] or new["count2"]
    out = f"{previous[: old.start()]}the {which} {count} {unit}{previous[old.end() :]}"
    ahead = which.lower() in ("next", "coming", "following")
    return out if ahead else re.sub(r"\bwill\b", "did", out)


_BY_THE = re.compile(
    r"^\W*(?:(?:and|so|then)\b\W*)*(?:(?:how (?:many|much)|what) )?(?:(?:is|does|would|will) (?:that|it|this)(?: (?:come to|be|make))? )?"
    r"(?P<per>(?:a|per|each|every) (?:month|quarter|week|day|year))\W*$",
    re.IGNORECASE,
)
_ASKED_GROWTH = re.compile(
    r"^\W*(?:what|which|how much|by what|by how much) (?:\w+ )?(?:growth|increase|rise|change)\b",
    re.IGNORECASE,
)


def _by_the(text: str, previous: str) -> str | None:
    """ "And how many a month?" of a question about a year, or about the growth that a target implies."""
    said = _BY_THE.match(text)
    if said is None:
        return None
    if _ASKED_GROWTH.match(previous):
        return _ASKED_GROWTH.sub(f"How many {said['per']}", previous)
    return f"{previous.rstrip('?. ')} {said['per']}?"


_BOUND = re.compile(
    r"^\W*(?:(?:and|so|then)\b\W*)*(?P<bound>(?:after|since|before|until|from|up to|by(?: the end of)?) .+?)\W*$",
    re.IGNORECASE,
)


def _bounded(text: str, previous: str) -> str | None:
    """ "And after Q1 2026?" of a question that names no time."""
    said = _BOUND.match(text)
    if said is None or len(times_of(text)) != 1 or times_of(previous) or names_of(text):
        return None
    rest = said["bound"].replace(times_of(text)[0].text, " ")
    if len(tokens(rest)) > 3:
        return None
    return f"{previous.rstrip('?. ')} {said['bound'][:1].lower()}{said['bound'][1:]}?"


_MOVED_BY = re.compile(
    r"^\W*(?:(?:and|so|then)\b\W*)*(?:(?:up|down|more|less|fewer)\b\W*)?by how (?:much|many)\W*$",
    re.IGNORECASE,
)


def _moved_by_how_much(text: str, previous: str) -> str | None:
    """ "Down by how much?" of a question for one period: the change over the year."""
    if not _MOVED_BY.match(text) or len(times_of(previous)) != 1:
        return None
    period = times_of(previous)[0]
    thing = thing_of(previous, keep_period=False) or _counted(previous)
    return f"By how much did {thing} change in {period.text}?" if thing else None


_CURRENCY = re.compile(
    r"^\W*(?:and|so|what is (?:it|that)|how much is (?:it|that))?\W*in "
    r"(?P<currency>(?:us |american |hong kong )?dollars|usd|yuan|rmb|cny|renminbi|euros?)\W*$",
    re.I,
)


def _in_currency(text: str, previous: str) -> str | None:
    """ "In dollars?": the same amount, in another currency."""
    said = _CURRENCY.match(text)
    return f"{previous.rstrip('?. ')} in {said['currency']}?" if said else None


def _moved(previous: str, said: re.Match[str]) -> str | None:
    """The previous question a year or a quarter earlier or later; None unless it names one period."""
    old = times_of(previous)
    moved = moved_by(old[0], said) if len(old) == 1 else None
    return with_period(previous, old[0], label(moved)) if moved else None


def _in_period(previous: str, periods: list[Figure], *, year: bool = False) -> str | None:
    """The previous question for another period: "in Q3?" keeps the year, "the full year?" too."""
    old = times_of(previous)
    if len(old) != 1 or len(periods) > 1 or not (periods or year):
        return None
    if year:
        return (
            with_period(previous, old[0], f"full year {year_of(old[0])}")
            if year_of(old[0])
            else None
        )
    new = periods[0]
    if year_of(new) or not year_of(old[0]):
        return with_period(previous, old[0], new.text)
    if new.unit == "quarter":
        written = f"Q{new.value} {year_of(old[0])}"
        return with_period(previous, old[0], written if written.isascii() else new.text)
    return with_period(previous, old[0], f"{new.text} of {year_of(old[0])}")


def _on_basis(previous: str, basis: str) -> str:
    """ "Adjusted net profit in Q3" under IFRS: one basis takes the other's place."""
    bare = " ".join(_BASIS.sub(" ", previous).split())
    if basis.lower().startswith(("under", "by", "on")):
        return f"{bare.rstrip('?. ')} {basis}?"
    measure = _MEASURE.match(bare)
    if measure is None:
        return f"{bare.rstrip('?. ')} ({basis})?"
    return bare[: measure.start("measure")] + f"{basis} " + bare[measure.start("measure") :]


# "What was Castor's net profit in 2021?": whose, what, and when.
_MEASURE = re.compile(
    r"(?P<lead>(?:what|how (?:much|big|large|high|many)) (?:is|was|are|were|will be) )"
    r"(?P<owner>(?:the )?(?:[\w&.-]+ ){0,3}?[\w&.-]+['’]s? )?(?P<measure>.+?)"
    r"(?P<when> (?:in|for|at|during|as of|on) [^?]*)?\??$",
    re.IGNORECASE,
)
_ITS = re.compile(
    r"^\W*(?:and|so|then|but)?\W*(?:what (?:about|was|is|were|are)|how about)?\W*(?:its|their|the)\s+"
    r"(?P<measure>[\w&, -]+?)(?P<when> (?:in|for|at|during|on) [^?]*)?\W*$",
    re.IGNORECASE,
)


# "And net profit?" names a measure by its last word alone.
_BARE = re.compile(
    r"^\W*(?:(?:and|so|but|then|what about|how about)\b\W*)*(?:(?:at|with|on) (?:what|which)\s)?(?P<measure>(?:[\w&-]+ ){0,3}?"
    r"(?:revenues?|sales|turnover|margin|profit|loss|expenses?|spending|income|costs?|price|deliveries|shipments"
    r"|cash(?: flow)?|debt|capex|R&D|headcount|employees|market share)(?: as an? (?:share|percentage|proportion|%) of (?:\w+ )?\w+)?)(?P<when> (?:in|for|at|during|on) [^?]*)?\W*$",
    re.IGNORECASE,
)


def _remeasured(text: str, previous: str) -> str | None:
    """ "And its gross margin?", "and revenue?": another measure of the same company and period."""
    new, old = _ITS.match(text) or _BARE.match(text), _MEASURE.match(previous)
    if not new or names_of(text) or len(new["measure"].split()) > 5:
        return None
    if old and old["owner"]:
        if new["when"] and old["when"] and (asked := _in_period(previous, times_of(new["when"]))):
            return rewritten(f"and the {new['measure']}?", asked)
        when = new["when"] or (old["when"] if not times_of(new["measure"]) else "") or ""
        return f"{old['lead']}{old['owner']}{_part(old['measure'])}{new['measure']}{when}?"
    names, periods = names_of(previous), times_of(previous)
    if (
        not _BARE.match(text)
        or len(names) != 1
        or len(periods) > 1
        or read_question(new["measure"]).periods
    ):
        return None
    when = new["when"] or (f" in {periods[0].text}" if periods else "")
    of = _FROM_PART.search(previous)
    part = f"{of['part']} " if of else ""
    return f"What was {names[0]}'s {part}{new['measure']}{when}?"


# "How much revenue did Castor get from pumps in 2021?"
_FROM_PART = re.compile(
    r"\b(?:get|got|earn(?:ed)?|make|made|take|took|come|came|generated?|have|had)(?: in)? (?:from|with|out of) (?:its |the |their )?"
    r"(?P<part>[\w&-]+(?: [\w&-]+)?)(?= (?:in|for|during|at|over|last)\b|\W*$)",
    re.IGNORECASE,
)


# What a measure is of, and no part of the company: "net profit", "R&D expense", "average price".
_KINDS = frozenset(
    tokens(
        "gross operating net adjusted total group annual average selling free cash capital r&d research pre-tax"
    )
)
_HEAD = re.compile(
    r"(?P<part>.+ )(?:revenues?|sales|margin|profit|loss|income|shipments)$", re.IGNORECASE
)


def _part(measure: str) -> str:
    """ "IoT " of "IoT revenue": its gross margin is the IoT business's, not the group's."""
    head = _HEAD.match(measure.strip())
    kept = [w for w in head["part"].split() if not set(tokens(w)) & _KINDS] if head else []
    return "".join(f"{word} " for word in kept)


def _same_times(one: str, other: str) -> bool:
    """True when two questions name the same days, quarters and years."""
    return {(f.unit, f.value) for f in times_of(one)} == {
        (f.unit, f.value) for f in times_of(other)
    }


MOST_LOST = 0.5
"""A rewriting may lose so much of a question that points back to nothing: it says some words otherwise."""
_OF_IT = re.compile(r"\b(?:did|will|does|has|had) (?:it|they|he|she)\b", re.IGNORECASE)


def keeps(whole: str, text: str, previous: str) -> bool:
    """True when a rewriting names what the follow-up names and does not just repeat the last question."""
    words = alike(tokens(whole))
    years = [f.text for f in times_of(text) if f.text.isascii()]
    if not all(set(tokens(piece)) & words for piece in (*names_of(text), *years)):
        return False
    lost = _telling(text) - words
    before = _telling(previous)
    amounts = [f for f in read_figures(text) if f.unit not in TIME_UNITS and not f.text.isalpha()]
    if any(not set(tokens(amount.text)) <= words for amount in amounts):
        return False  # "to reach 30 billion" is what is asked
    whole_already = not _POINTING.search(text) and not is_fragment(text)
    if whole_already and len(lost) > MOST_LOST * len(_telling(text)):
        return False  # an earlier question again, or another one
    if _telling(whole) == before and _telling(text) and _same_times(whole, previous):
        return False
    added = [w for w in _telling(whole) if not any(w.startswith(b) for b in before)]
    return not lost or bool(added)


_POINTING = re.compile(
    r"\b(?:it|its|that|this|these|those|they|them|their|he|she|his|her|there|then|ones?|same|such|so|else|others?|before|after|earlier"
    r"|later|previous|next|last|both|more|less)\b|^\W*(?:and|but|what about|how about)\b",
    re.IGNORECASE,
)


def strays(whole: str, text: str, previous: str) -> bool:
    """True where a rewriting takes more than a name or a time from the question before, and nothing in
    the new one points back: "what growth does the 550,000 target imply" *for every kind of vehicle*.
    """
    if _POINTING.search(text) or is_fragment(text):
        return False
    kept = {w for thing in names_of(previous) for w in tokens(thing)}
    kept |= {w for time in times_of(previous) for w in tokens(time.text)}
    taken = _telling(whole) & _telling(previous)
    return bool(taken - _telling(text) - kept)


def _telling(text: str) -> set[str]:
    return {w for w in tokens(text) if w not in NOT_TELLING and w not in _EMPTY and w.isascii()}
