"""A follow-up as a question that stands alone, in the words of the one before it. Pure: no model.

"And XPeng?", "in Q3?", "what was it a year earlier?", "how much of that is for 2026?" only change a
name, a period or a measure, or point back with a pronoun, which code does exactly; a small model now
and then leaves the change out. What else is asked is left to the model, and checked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.asked import read_question
from assistant.entities import whole_names
from assistant.figures import read_figures
from assistant.lexical import tokens
from assistant.periods import beside, label, shifted
from assistant.phrasing import with_counted
from assistant.sentences import sentence_spans
from assistant.synonyms import NOT_TELLING, alike
from assistant.times import TIME_UNITS, year_of
from assistant.types import Figure

_COUNT = "one two three four five six seven eight nine ten eleven twelve".split()
_BEFORE = re.compile(
    rf"\b(?:the|a|(?P<count>{'|'.join(_COUNT)}|[1-5])) (?P<unit>year|period|quarter|half|month)s? (?:before|earlier|previously)\b"
    r"|\b(?:previous|prior|preceding|last) (?P<unit2>year|quarter|half|month)\b|\byear before\b"
    r"|(?:上|前)一?年|去年同期",
    re.I,
)
_AFTER = re.compile(
    rf"\b(?:the|a|(?P<count>{'|'.join(_COUNT)}|[1-5])) (?P<unit>year|quarter|half|month)s? (?:after|later)\b"
    r"|\b(?:following|next) (?P<unit2>year|quarter|half|month)\b|(?:下|后|第二)一?年",
    re.I,
)
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
    if len(wholes) < 2 or not _CHANGED.match(text) or _periods(text) or _names(text):
        return None
    one, other = wholes[-2:]
    percent = _PERCENT.search(text) or _GROWTH.search(text)
    asked = "What is the percentage change in" if percent else "By how much did"
    first, second = _periods(one), _periods(other)
    if len(first) == len(second) == 1 and first[0].unit == second[0].unit:
        same = _replaced(one, first[0], "") == _replaced(other, second[0], "")
        early, late = sorted((first[0], second[0]), key=lambda p: p.value)
        thing = _thing(one, keep_period=False)
        if same and (thing := thing or _counted(one)) and early.value < late.value:
            moves = "" if asked.endswith("in") else " change"
            return f"{asked} {thing}{moves} from {early.text} to {late.text}?"
    mine, theirs = _names(one), _names(other)
    things = (_thing(one, keep_period=True), _thing(other, keep_period=True))
    if len(mine) == len(theirs) == 1 and all(things) and one.replace(mine[0], theirs[0]) == other:
        return f"What is the difference between {things[0]} and {things[1]}?"
    return None


_LEANS = re.compile(r"^\W*(?:and|so|then|but|what about|how about)\b", re.IGNORECASE)
SEVERAL = 3


_HOW_MANY = re.compile(
    r"^how many (?P<counted>[\w -]+?) (?P<aux>did|does|do|has|have|had|will) (?P<that>.+?)\??$",
    re.I,
)


def _counted(text: str) -> str | None:
    """ "The number of cars that Castor did deliver", of the question how many."""
    said = _HOW_MANY.match(text.strip())
    if said is None:
        return None
    whole = f"the number of {said['counted']} that {said['that']}"
    for period in _periods(whole)[::-1]:
        whole = _replaced(whole, period, "")
    bare = re.sub(r"\s+(?:in|for|of|at|during|on|by)\s*$", "", " ".join(whole.split()))
    return re.sub(r" ([a-z]+)$", rf" {said['aux']} \1", bare)


def several(text: str) -> list[str]:
    """The questions of "And how many a month? After Q1 2026?": each is a turn after the one before it.

    One for a text that says more than questions, or whose questions do not lean on each other.
    """
    pieces = [span.of(text).strip() for span in sentence_spans(text)]
    asks = 2 <= len(pieces) <= SEVERAL and all(p.endswith(("?", "？")) for p in pieces)
    leans = asks and any(_LEANS.match(p) or is_fragment(p) for p in pieces)
    return pieces if leans else [text]


def is_fragment(text: str) -> bool:
    """True for "And in Q3?", "how many?": without an earlier question nobody can say what is meant."""
    asked = read_question(text)
    times = {w for period in asked.periods for w in tokens(period.text)}
    telling = [w for w in tokens(text) if w not in (NOT_TELLING | _EMPTY | times)]
    if not text.isascii() or not telling:
        return text.isascii() and not telling and not (times and _OF_THING.search(text))
    if not _names(text) and not times and _POINTS.search(text):
        return True
    named = {w for name in _names(text) for w in tokens(name)}
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
        substituted(text, previous)
        or _that_of(text, previous)
        or _in_stretch(text, previous)
        or _by_the(text, previous)
        or _bounded(text, previous)
        or _in_currency(text, previous)
        or _remeasured(text, previous)
        or _resolved(text, previous)
    )


def placed(text: str, previous: str) -> str:
    """The follow-up with "the year after" as the year it means, where the question before names one."""
    old = _periods(previous)
    for said in filter(None, (_BEFORE.search(text), _AFTER.search(text))):
        if len(old) == 1 and (moved := _moved_by(old[0], said)):
            return text[: said.start()] + label(moved) + text[said.end() :]
    return text


def _moved_by(period: Figure, said: re.Match[str]) -> Figure | None:
    """The period that "the year before" or "the next quarter" means beside another one."""
    count = (said["count"] or "one").lower()
    step = int(count) if count.isdigit() else _COUNT.index(count) + 1
    step = -step if said.re is _BEFORE else step
    unit = (said["unit"] or said["unit2"] or "year").lower()
    if unit in ("year", "period"):
        return shifted(period, step)
    if unit == "month" and (whole := {"quarter": 3, "half": 6}.get(period.unit)):
        return None if step % whole else beside(period, step // whole)  # "three months later"
    return beside(period, step) if period.unit == unit else None


def with_names(text: str, previous: str) -> str:
    """The follow-up as it was typed, with the names it leaves out: better than a wrong rewriting."""
    names = [] if _names(text) else _names(previous)
    return f"{text.rstrip('?.。？ ')} ({', '.join(names)})?" if names else text


def substituted(text: str, previous: str) -> str | None:
    """The previous question with the name, period or basis of a short follow-up."""
    before, after = _BEFORE.search(text), _AFTER.search(text)
    names = [n for n in _names(text) if not any(m and n in m[0] for m in (before, after))]
    periods = _periods(text)
    basis = _BASIS.search(text)
    whole_year = _WHOLE_YEAR.search(text) if not periods else None
    said = [m[0] for m in (before, after, basis, whole_year) if m]
    rest = text
    for piece in [*names, *(p.text for p in periods), *said]:
        rest = rest.replace(piece, " ")
    rest = re.sub(r"['’]s\b", " ", rest)
    if any(w not in _EMPTY for w in tokens(rest)) or not (names or periods or said):
        return None
    out: str | None = previous
    if names:
        mine = _names(previous)
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
    if said is None or old is None or _periods(old["of"]):
        return None
    return f"{old['lead']}{said['of']}{old['when'] or ''}?"


_STRETCH = re.compile(
    r"\b(?:the )?(?P<which>next|coming|following|past|last|previous|preceding|prior) "
    r"(?P<count>two|three|four|five|six|seven|eight|nine|ten|\d+)(?: (?P<unit>years|quarters|months))?\b",
    re.IGNORECASE,
)


def _in_stretch(text: str, previous: str) -> str | None:
    """ "And in the previous five?" of a question about the next five years."""
    new, old = _STRETCH.search(text), _STRETCH.search(previous)
    if not new or not old or any(w not in _EMPTY for w in tokens(_STRETCH.sub(" ", text))):
        return None
    unit = new["unit"] or old["unit"] or "years"
    out = (
        f"{previous[: old.start()]}the {new['which']} {new['count']} {unit}{previous[old.end() :]}"
    )
    ahead = new["which"].lower() in ("next", "coming", "following")
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
    if said is None or len(_periods(text)) != 1 or _periods(previous) or _names(text):
        return None
    rest = said["bound"].replace(_periods(text)[0].text, " ")
    if len(tokens(rest)) > 3:
        return None
    return f"{previous.rstrip('?. ')} {said['bound'][:1].lower()}{said['bound'][1:]}?"


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
    old = _periods(previous)
    moved = _moved_by(old[0], said) if len(old) == 1 else None
    return _replaced(previous, old[0], label(moved)) if moved else None


def _in_period(previous: str, periods: list[Figure], *, year: bool = False) -> str | None:
    """The previous question for another period: "in Q3?" keeps the year, "the full year?" too."""
    old = _periods(previous)
    if len(old) != 1 or len(periods) > 1 or not (periods or year):
        return None
    if year:
        return (
            _replaced(previous, old[0], f"full year {year_of(old[0])}") if year_of(old[0]) else None
        )
    new = periods[0]
    if year_of(new) or not year_of(old[0]):
        return _replaced(previous, old[0], new.text)
    if new.unit == "quarter":
        written = f"Q{new.value} {year_of(old[0])}"
        return _replaced(previous, old[0], written if written.isascii() else new.text)
    return _replaced(previous, old[0], f"{new.text} of {year_of(old[0])}")


def _replaced(text: str, period: Figure, by: str) -> str:
    """The text with another period; "the first half" has an article, "Q3" has none."""
    before = re.sub(r"\b(?:the|an?)\s+$", "", text[: period.span.start], flags=re.I)
    article = "the " if by.startswith(("first ", "second ", "full ")) else ""
    return f"{before}{article}{by}{text[period.span.end :]}"


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
    if not new or _names(text) or len(new["measure"].split()) > 5:
        return None
    if old and old["owner"]:
        if new["when"] and old["when"] and (asked := _in_period(previous, _periods(new["when"]))):
            return rewritten(f"and the {new['measure']}?", asked)
        when = new["when"] or (old["when"] if not _periods(new["measure"]) else "") or ""
        return f"{old['lead']}{old['owner']}{_part(old['measure'])}{new['measure']}{when}?"
    names, periods = _names(previous), _periods(previous)
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


_PRONOUN = re.compile(r"\b(?:it|that|this|them|they|its|their|he|she|his|her|those|these)\b", re.I)
_POSSESSIVE = ("its", "their", "his", "her")
_OF_MANY = ("them", "they", "those", "these")
_SUBJECT = (
    re.compile(
        r"^(?:what|how (?:large|big|high|long|much|fast|far|old|many)) (?:is|was|are|were|will be) (?P<thing>.+?)\??$",
        re.I,
    ),
    re.compile(r"^which (?P<thing>[\w -]+?) (?:did|does|do|has|have|will|is|was|were) (?P<that>.+?)\??$", re.I),
)  # fmt: skip
_ACTS = re.compile(
    r"\b(?:did|does|do|will|has|have|can) (?:it|they) (?!rise|risen|grow|grown|fall|fallen|change|drop|increase"
    r"|decline|compare|amount|come|cost|have\b)\w+",
    re.I,
)


def _resolved(text: str, previous: str) -> str | None:
    """A follow-up whose one pronoun stands for the thing, or the company, of the question before."""
    pronouns = list(_PRONOUN.finditer(text))
    if len(pronouns) != 1 or _names(text) or len(text.split()) < 3:
        return None
    pronoun = pronouns[0]
    if re.match(r"\s+(?:year|quarter|month|time|way)\b", text[pronoun.end() :]) or re.search(
        r"\b(?:is|was) $", text[: pronoun.start()]
    ):
        return None  # "that year", "what growth is that?"
    names = _names(previous)
    word = pronoun[0].lower()
    if word in _OF_MANY and len(names) > 1:
        by = f"{', '.join(names[:-1])} and {names[-1]}"
    elif word in (*_POSSESSIVE, "he", "she") or _ACTS.search(text):
        if not names:
            return None
        by = f"{names[0]}'s" if word in _POSSESSIVE else names[0]
    elif (thing := _thing(previous, keep_period=not _periods(text))) is not None:
        by = thing
    else:
        return None
    out = text[: pronoun.start()] + by + text[pronoun.end() :]
    out = with_counted(out, previous)
    out = re.sub(r"^\W*(?:and|so|then|but)\b\W*", "", out, flags=re.I).rstrip("?. ") + "?"
    moved = _BEFORE.search(out) or _AFTER.search(out)
    return None if moved else out[:1].upper() + out[1:]


def asks_of_answer(text: str, previous: str) -> bool:
    """True where the pronoun of a follow-up stands for what the question before asks for: "how many
    transistors does it have?" after "which chip did it bring out?", "how old is she?" after "who …?".
    """
    pronouns = list(_PRONOUN.finditer(text))
    if len(pronouns) != 1 or _names(text):
        return False
    if pronouns[0][0].lower() in _OF_PERSONS:
        return _WHO.match(previous) is not None
    matches = (pattern.match(previous.strip()) for pattern in _SUBJECT)
    of_company = _ACTS.search(text) or _COMPANYS.search(text)
    return not of_company and any(m and m.groupdict().get("that") for m in matches)


_OF_PERSONS = ("he", "she", "him", "his", "her")
# A chip has transistors, but no profit.
_COMPANYS = re.compile(
    r"\b(?:revenue|sales|turnover|profit|loss|margin|income|earnings|expenses?|R&D|deliveries|dividend|cash|debt|staff|employees)\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"\W*who\b", re.IGNORECASE)


def pointed(text: str, previous: str, answer: str) -> str | None:
    """The follow-up with the name that the answer before it gives for its pronoun; None without one."""
    known = set(tokens(previous))
    names = [n for n in whole_names(read_question(answer)) if not set(tokens(n)) <= known]
    pronoun = _PRONOUN.search(text)
    if not names or pronoun is None:
        return None
    owned = pronoun[0].lower() in _POSSESSIVE and pronoun[0].lower() != "her"
    by = f"{names[0]}'s" if owned else names[0]
    out = with_counted(text[: pronoun.start()] + by + text[pronoun.end() :], previous)
    out = re.sub(r"^\W*(?:and|so|then|but)\b\W*", "", out, flags=re.I).rstrip("?. ") + "?"
    return out[:1].upper() + out[1:]


def _thing(previous: str, *, keep_period: bool) -> str | None:
    """What the previous question is about: "the average price of a car in Q2 2025"."""
    for pattern in _SUBJECT:
        if match := pattern.match(previous.strip()):
            groups = match.groupdict()
            thing = match["thing"].strip()
            if groups.get("that"):  # "which chip did X bring out in May?": the day is not asked for
                thing, keep_period = f"the {thing} that {match['that'].strip()}", False
            if not keep_period:
                for period in _periods(thing)[::-1]:
                    thing = _replaced(thing, period, "")
                thing = re.sub(r"\s+(?:in|for|of|at|during|on|by)\s*$", "", " ".join(thing.split()))
            return thing
    return None


def keeps(whole: str, text: str, previous: str) -> bool:
    """True when a rewriting names what the follow-up names and does not just repeat the last question."""
    words = alike(tokens(whole))
    years = [f.text for f in _periods(text) if f.text.isascii()]
    if not all(set(tokens(piece)) & words for piece in (*_names(text), *years)):
        return False
    lost = _telling(text) - words
    before = _telling(previous)
    added = [w for w in _telling(whole) if not any(w.startswith(b) for b in before)]
    return not lost or bool(added)


def _telling(text: str) -> set[str]:
    return {w for w in tokens(text) if w not in NOT_TELLING and w not in _EMPTY and w.isascii()}


def _names(text: str) -> list[str]:
    return list(whole_names(read_question(text)))


def _periods(text: str) -> list[Figure]:
    return [f for f in read_figures(text) if f.unit in TIME_UNITS]
