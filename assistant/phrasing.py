"""What is asked, taken out of how it is put: premises, scales, several questions in one. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.asked import (
    COUNTED,
    FUNCTION_WORDS,
    Asked,
    content_words,
    read_question,
    reports_order,
)
from assistant.courtesy import without_courtesy, without_scale
from assistant.entities import NO_ENTITY, whole_names
from assistant.figures import read_figures
from assistant.lexical import tokens
from assistant.periods import label, shifted
from assistant.sentences import sentence_spans
from assistant.synonyms import NOT_TELLING
from assistant.times import TIME_UNITS, year_of

_HOW_MANY = re.compile(
    r"\bhow many (?P<counted>(?!did|does|do|has|have|had|will|is|was|were|are)[\w -]+?) "
    r"(?:did|does|do|has|have|had|will|is|was|were|are)\b",
    re.IGNORECASE,
)
_HOW_MANY_DID = re.compile(
    r"\bhow many (?=(?:did|does|do|has|have|had|will|is|are|was|were)\b)", re.IGNORECASE
)


def with_counted(text: str, previous: str) -> str:
    """ "How many did it plan?" with what the question before it counts: "how many cars"."""
    counted = _HOW_MANY.search(previous)
    if counted is None:
        return text
    return _HOW_MANY_DID.sub(lambda m: f"{m[0]}{counted['counted']} ", text)


def _in_its_year(piece: str, asked: Asked) -> str:
    """ "By the end of the first quarter" with the only year that the whole sentence names."""
    years = {year_of(p) for p in asked.periods} - {0}
    bare = [p for p in read_question(piece).periods if not year_of(p) and p.unit != "date"]
    if len(years) != 1 or len(bare) != 1:
        return piece
    return f"{piece[: bare[0].span.end]} of {years.pop()}{piece[bare[0].span.end :]}"


_IMPERATIVE = re.compile(
    r"\W*(?:please )?(?:confirm|give|tell|list|show|name|compare|state|calculate|compute|explain|summari[sz]e|quote"
    r"|what|which|who|whose|when|where|why|how|is|are|was|were|did|does|do|has|have|can|will|and)\b",
    re.IGNORECASE,
)
_CONFIRMS = frozenset(tokens("confirm true false right correct wrong agree verify so"))
_POINTS_BACK = re.compile(r"\b(?:this|that|these|those)\b", re.IGNORECASE)


_PREMISE = re.compile(
    r"^\W*(?:since|given that|because|considering that|now that|assuming that|if) (?P<premise>[^,?]+), (?:so )?"
    r"(?P<asked>(?:what|which|who|when|where|how)\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
_OWNER = re.compile(
    r"^(?P<owner>(?:the |its )?[\w'’&.-]+(?: [\w'’&.-]+){0,3}?) (?:has|have|had|is|was|were|made|makes|posted|reported|earned|lost|sold"
    r"|fell|rose|grew|cut|raised|delivered|spent|missed|beat)\b",
    re.IGNORECASE,
)
_SAME_TIME = re.compile(
    r"\b(?:in|during|for|of) (?:that|the same) (?:quarter|year|month|half|period)\b", re.I
)


def _without_premise(text: str) -> str:
    """The question without what it takes for granted: "since it lost money in Q3, how large …".

    What was so is for the documents to say; only whose and when is taken from it.
    """
    said = _PREMISE.match(text)
    if said is None:
        return text
    asked, premise = said["asked"], said["premise"]
    given = read_figures(premise)
    if any(f.unit not in TIME_UNITS for f in given):
        return text  # "if it spends 200 billion over five years, how much is that a year?"
    times = [f for f in given if f.unit in TIME_UNITS]
    owner = _OWNER.match(premise)
    if owner and not read_question(asked).names and not _PRONOUN.fullmatch(owner["owner"]):
        end = _SAME_TIME.search(asked)
        at = end.start() if end else len(asked.rstrip("?？ "))
        asked = f"{asked[:at].rstrip()} of {owner['owner']} {asked[at:]}"
    if times and not read_question(asked).periods:
        asked = _SAME_TIME.sub(" ", asked)
        asked = f"{asked.rstrip('?？ ')} in {label(times[0])}?"
    asked = " ".join(asked.split())
    return asked[:1].upper() + asked[1:]


_YEAR_BEFORE = re.compile(
    r"\b(?:in the |at the |in )?(?:a|one|the) year (?:before|prior to|earlier than) (?:the )?$",
    re.IGNORECASE,
)


def _a_year_before(text: str) -> str:
    """ "The margin a year before Q1 2025" as that of Q1 2024."""
    for period in read_question(text).periods:
        said = _YEAR_BEFORE.search(text[: period.span.start])
        before = shifted(period, -1) if said else None
        if said and before:
            return f"{text[: said.start()]}in {label(before)}{text[period.span.end :]}"
    return text


# "Li Auto is doing its own AI chip too, what's it called?", "Does Li Auto have its own chip? Whats it called?"
_CALLED = re.compile(
    r"^\W*(?:(?i:does|did|do|has|have|is) )?(?P<who>[A-Z][\w&.-]*(?: [A-Z][\w&.-]*)*) [a-z][^,?]*?\b(?:its|their|an?|the) (?P<thing>[^,?]+?)(?: (?:too|as well|also))?"
    r"[,;.?] ?(?:(?:and|if so),? )?(?i:what(?:['’]?s| is| was)) (?:(?:it|that) called|its name)\W*$",
)


_DIVIDED = re.compile(
    r"^\W*(?:if|when) (?:I|you|we|one) (?P<do>divides?|subtracts?|takes?|adds?) (?:up )?(?:the )?(?P<one>[^,?]+?) (?P<by>by|from|away from|to|and|plus) "
    r"(?:the )?(?P<other>[^,?]+?)(?P<when> (?:in|for|of) (?:FY|fiscal |the )?[\w ]*\d{4})?, [^?]*\?",
    re.IGNORECASE,
)


def _by_hand(said: re.Match[str]) -> str:
    """ "If I divide A by B in 2024, what comes out?" as the quotient, difference or sum that it is."""
    one, other, when = said["one"], said["other"], said["when"] or ""
    match said["do"].lower().rstrip("s"), said["by"].lower():
        case "divide", "by":
            return f"What is the quotient ({one} divided by {other}){when}?"
        case "subtract" | "take", "from" | "away from":
            return f"What is the difference between {other} and {one}{when}?"
        case "add", "to" | "and" | "plus":
            return f"What is the sum of {one} and {other}{when}?"
    return said[0]


# "What is CNY 24.1 billion in dollars at 7.2?"
_AT = re.compile(
    r"^\W*(?:what (?:is|was|are|were)|what['’]s|how much is|convert) (?P<amount>[^?]*?(?:\b(?:CNY|RMB|yuan|renminbi)\b|¥)[^?]*?) (?:in|to|into) "
    r"(?P<into>USD|US\$|US dollars|dollars)(?: if converted)? at (?:a rate of |an exchange rate of |the rate of )?(?P<rate>\d\d?(?:\.\d+)?)(?: yuan)?\W*$",
    re.IGNORECASE,
)


_NOT_PART = re.compile(
    r"^\W*how (?:much|many) of (?P<whole>[^?]+?) (?:was|is|were|are) not (?:in )?(?P<part>[^?,]+?)(?: proper| itself| in the narrow sense)?\W*$",
    re.IGNORECASE,
)


def asking(text: str) -> str:
    """What is asked, without the statements before it: they are the asker's, not the documents'.

    A pronoun takes the name they give; where the question points back to them they stay.
    """
    text = _DIVIDED.sub(_by_hand, without_courtesy(text))
    text = _AT.sub(
        lambda m: f"At {m['rate']} yuan to the dollar, what is {m['amount']} in {m['into']}?", text
    )
    text = _without_premise(without_scale(text))
    text = _NOT_PART.sub(
        lambda m: f"What is the difference between {m['whole']} and {m['part']}?", text
    )
    text = _a_year_before(text)
    text = _CALLED.sub(lambda m: f"What is the name of {m['who']}'s {m['thing']}?", text)
    sentences = [span.of(text) for span in sentence_spans(text)]
    kept = [s for s in sentences if not reports_order(s)]
    if kept and len(kept) < len(sentences):
        return asking(" ".join(kept))
    asks = [s for s in sentences if s.rstrip().endswith(("?", "？")) or _IMPERATIVE.match(s)]
    if not text.isascii() and re.search(r"[\u4e00-\u9fff]", text):
        return text
    if not asks or len(asks) == len(sentences) or sentences[-1] not in asks:
        return text
    if any(len(s.split()) < 2 for s in sentences if s not in asks):
        return text  # "adj. profit 2022?" has no statement before it
    asked = " ".join(asks)
    names = whole_names(read_question(text))
    if not set(tokens(asked)) - NOT_TELLING - _CONFIRMS:
        return text  # "Castor spends 19% on research. True?"

    if _POINTS_BACK.search(asked) or (_PRONOUN.search(asked) and not names):
        return text
    if names and not any(name in asked for name in names):
        numbered = re.search(
            rf"{re.escape(names[0])} (?:one|two|three|four|five|[IVX]+|\d+)\b", text
        )
        name = numbered[0] if numbered else names[0]  # "Phase one makes …"
        asked = _PRONOUN.sub(lambda m: _name_for(m[0], name), asked, count=1)
    alone = read_question(asked)
    if not (alone.names or alone.periods) and len(_telling(asked)) <= THIN:
        return text  # "Memory is dear now. What could take the pressure off?"
    return asked


def _telling(text: str) -> list[str]:
    return [w for w in content_words(_BY_SOURCE.sub("", text)) if w not in NOT_TELLING]


_BY_SOURCE = re.compile(r"\baccording to\b[^?,]*", re.IGNORECASE)


def _name_for(pronoun: str, name: str) -> str:
    return f"{name}'s" if pronoun.lower() in ("its", "their") else name


_AND_ASKS = re.compile(
    r"[,;]?\s+and\s+(?=(?:how|what|which|who|when|where|from when|(?:by|on) (?:how|what|which)|(?:in|at|over|across|for|to|with) (?:how many|what|which) (?=[^?]*\b(?:did|does|do|was|were|is|are|has|have|will)\b))\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\b(?:how|what|which|who|when|where)\b", re.IGNORECASE)
THIN = 3
"""With so few telling words, no name and no time a question leans on the statement before it."""
FEW = 2
"""With so few words of its own a second question is about what the first one names."""
_PRONOUN = re.compile(r"\b(?:it|they|its|their|he|she)\b", re.IGNORECASE)


_LISTED = re.compile(
    r"^\W*(?P<measure>(?!(?:what|how|which|who|when|where|why)\b)[^:?,]{5,60}): (?:the )?(?P<one>[\w -]{3,30}?)"
    r"(?:,? (?:and|&|vs\.?|versus) |, | ?/ ?)(?:the )?(?P<other>[\w -]{3,30}?)\W*$",
    re.IGNORECASE,
)


def _at_another_time(piece: str, before: Asked) -> str:
    """ "And where on 22 January 2026?" as the question before it, for that time."""
    mine = read_question(piece).periods
    if len(mine) != 1 or len(before.periods) != 1:
        return piece
    left = piece[: mine[0].span.start] + piece[mine[0].span.end :]
    if set(tokens(left)) - FUNCTION_WORDS:
        return piece
    old = before.periods[0].span
    return f"{before.text[: old.start]}{mine[0].text}{before.text[old.end :]}"


_SHEET = re.compile(r"^\W*(?P<lead>[^:?]{2,60}): *(?P<items>[^:?]{5,200}?)\W*$")
_ITEMS = re.compile(r",\s*(?:and\s+)?|;\s*|\s+and\s+|\s+plus\s+", re.IGNORECASE)
_SHEET_WORDS = frozenset(
    tokens("snapshot figures numbers data overview results facts quick summary key need give want")
)
MOST_ITEMS = 5


def _of_sheet(asked: Asked) -> tuple[Asked, ...]:
    """ "XPeng in Q3 2025: research outlay and cars delivered": whose and when, and then several measures."""
    said = _SHEET.match(asked.text)
    if said is None:
        return ()
    lead = read_question(said["lead"])
    named = [n for n in lead.names if not NO_ENTITY.fullmatch(n)]
    known = {w for part in (*lead.names, *(p.text for p in lead.periods)) for w in tokens(part)}
    items = [item.strip() for item in _ITEMS.split(said["items"])]
    whole = 2 <= len(items) <= MOST_ITEMS and all(
        set(tokens(item)) & _MEASURED or COUNTED.search(item) for item in items
    )
    if not whole or not lead.periods or set(content_words(lead.text)) - known - _SHEET_WORDS:
        return ()
    whose = f" of {' '.join(named)}" if named else ""
    when = " and ".join(p.text for p in lead.periods)
    return tuple(read_question(f"What was the {item}{whose} in {when}?") for item in items)


_MEASURED = frozenset(
    tokens(
        "revenue sales turnover profit loss margin income result expense cost spending outlay price value "
        "deliveries shipments headcount employees growth share capex ebitda cash debt assets R&D research"
    )
)


def questions(
    asked: Asked, of_answer: Callable[[str, str], bool] = lambda piece, first: False
) -> tuple[Asked, ...]:
    """The questions that stand in one sentence, each to be answered alone; one for most.

    A pronoun that stands `of_answer`, for what the first question asks for, is left as it is.
    """
    if sheet := _of_sheet(asked):
        return sheet
    if led := _LED.match(asked.text):
        pieces = [piece.rstrip("?.,; ") for piece in _AND_ASKS.split(led["rest"])]
        if len(pieces) > 1:
            return tuple(read_question(f"{_upper(p)} ({led['lead']})?") for p in pieces)
    if listed := _LISTED.match(asked.text):
        each = (listed["one"], listed["other"])
        named = (n for one in each for n in read_question(f"for {one}").names)
        if asked.wants_figure and all(NO_ENTITY.fullmatch(name) for name in named):
            # "Q1 gross margin: group and handsets?"; of two companies code makes a comparison
            return tuple(
                read_question(f"What was the {listed['measure']} of the {one}?") for one in each
            )
    pieces = _AND_ASKS.split(asked.text)
    if len(pieces) < 2 or not all(_ASKS.search(p) and len(p.split()) > 3 for p in pieces):
        return (asked,)
    name = next((n for n in asked.names if not NO_ENTITY.fullmatch(n)), "")
    left = {piece for piece in pieces[1:] if of_answer(piece, pieces[0])}
    if not name and any(_PRONOUN.search(piece) for piece in pieces[1:] if piece not in left):
        return (asked,)  # "and who is its author?" cannot be asked alone
    out = [read_question(f"{pieces[0].rstrip('?.,; ')}?")]
    whole_of = _OF_A_WHOLE.match(asked.text)
    for piece in pieces[1:]:
        if whole_of and piece not in left:
            piece = f"{whole_of[0]}{piece}"
        if piece in left:
            out.append(read_question(f"{_upper(piece).rstrip('?.,; ')}?"))
            continue
        piece = _at_another_time(piece, out[-1])
        if name and (pronoun := _PRONOUN.search(piece)) and name not in piece:
            piece = _PRONOUN.sub(_name_for(pronoun[0], name), piece, count=1)
        piece = _in_its_year(with_counted(piece, pieces[0]), asked)
        whole = read_question(piece)
        if name and not (whole.names or whole.periods) and len(content_words(piece)) <= FEW:
            piece = f"{piece.rstrip('?.,; ')} ({name})"  # "and how many are active?"
        out.append(read_question(f"{_upper(piece).rstrip('?.,; ')}?"))
    return tuple(out)


# "Of the 200bn, how much goes into cars and how much into phones?": both are parts of it.
_OF_A_WHOLE = re.compile(r"^\W*(?:out )?of [^,?]{3,60}, (?=(?:how|what|which)\b)", re.IGNORECASE)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


# "MiMo-V2-Flash: what licence, and how much of it is active?" names first what all of it is about.
_LED = re.compile(
    r"^\W*(?P<lead>(?:the )?[A-Z\d][\w&.'’-]*(?: [\w&.'’-]+){0,4}): (?P<rest>(?:what|which|how|who|when|where|why)\b.+)$"
)
