"""What the pronoun of a follow-up stands for: a thing or company of the question before, or of its answer. Pure."""

from __future__ import annotations

import re

from assistant.asked import read_question
from assistant.entities import whole_names
from assistant.lexical import tokens
from assistant.phrasing import with_counted
from assistant.turn import AFTER, BEFORE, names_of, times_of, with_period

_PRONOUN = re.compile(r"\b(?:it|that|this|them|they|its|their|he|she|his|her|those|these)\b", re.I)
_POSSESSIVE = ("its", "their", "his", "her")
_OF_MANY = ("them", "they", "those", "these")
_SUBJECT = (
    re.compile(
        r"^(?:what|how (?:large|big|high|long|much|fast|far|old|many)) (?:is|was|are|were|will be) (?P<thing>.+?)\??$",
        re.I,
    ),
    re.compile(r"^which (?P<thing>(?:(?!\b(?:did|does|do|has|have|will|is|was|were)\b)[\w -])+?) (?:did|does|do|has|have|will|is|was|were) (?P<that>.+?)\??$", re.I),
)  # fmt: skip
_ACTS = re.compile(
    r"\b(?:did|does|do|will|has|have|can) (?:it|they) (?!rise|risen|grow|grown|fall|fallen|change|drop|increase"
    r"|decline|compare|amount|come|cost|go\b|weigh|arrive|appear|debut|reach|have\b)\w+",
    re.I,
)


def resolved(text: str, previous: str) -> str | None:
    """A follow-up whose one pronoun stands for the thing, or the company, of the question before."""
    pronouns = list(_PRONOUN.finditer(text))
    if len(pronouns) != 1 or names_of(text) or len(text.split()) < 3:
        return None
    pronoun = pronouns[0]
    if re.match(r"\s+(?:year|quarter|month|time|way)\b", text[pronoun.end() :]) or re.search(
        r"\b(?:is|was) $", text[: pronoun.start()]
    ):
        return None  # "that year", "what growth is that?"
    names = names_of(previous)
    word = pronoun[0].lower()
    if word in _OF_MANY and len(names) > 1:
        by = f"{', '.join(names[:-1])} and {names[-1]}"
    elif word in (*_POSSESSIVE, "he", "she") or _ACTS.search(text):
        if not names:
            return None
        by = f"{names[0]}'s" if word in _POSSESSIVE else names[0]
    elif (thing := thing_of(previous, keep_period=not times_of(text))) is not None:
        by = thing
    else:
        return None
    out = text[: pronoun.start()] + by + text[pronoun.end() :]
    out = with_counted(out, previous)
    out = re.sub(r"^\W*(?:and|so|then|but)\b\W*", "", out, flags=re.I).rstrip("?. ") + "?"
    moved = BEFORE.search(out) or AFTER.search(out)
    return None if moved else out[:1].upper() + out[1:]


def asks_of_answer(text: str, previous: str) -> bool:
    """True where the pronoun of a follow-up stands for what the question before asks for: "how many
    transistors does it have?" after "which chip did it bring out?", "how old is she?" after "who …?".
    """
    pronouns = list(_PRONOUN.finditer(text))
    if len(pronouns) != 1 or names_of(text):
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


# What a company made is its own: "its chip". What it sold or sued is not.
_MADE = re.compile(
    r"(?P<who>[A-Z][\w&.-]*(?: [A-Z][\w&.-]*)*) (?:bring out|launch|release|make|build|develop|introduce|unveil|present|design|produce)\b"
)


def thing_of(previous: str, *, keep_period: bool) -> str | None:
    """What the previous question is about: "the average price of a car in Q2 2025"."""
    for pattern in _SUBJECT:
        if match := pattern.match(previous.strip()):
            groups = match.groupdict()
            thing = match["thing"].strip()
            if groups.get("that"):  # "which chip did X bring out in May?": the day is not asked for
                made = _MADE.match(match["that"].strip())
                whole = f"the {thing} that {match['that'].strip()}"
                thing, keep_period = f"{made['who']}'s {thing}" if made else whole, False
            if not keep_period:
                for period in times_of(thing)[::-1]:
                    thing = with_period(thing, period, "")
                thing = re.sub(r"\s+(?:in|for|of|at|during|on|by)\s*$", "", " ".join(thing.split()))
            return thing
    return None
