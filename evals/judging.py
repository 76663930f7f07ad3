"""Is an answer right, wrong or declined? Pure.

The rules are written out in evals/README.md; each has a hand-made case in tests/test_metrics.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import combinations
from typing import Any

from evals.figures import (
    CURRENCIES,
    DATE,
    PERCENT,
    POINTS,
    SCALES,
    TIMES,
    YEAR,
    Number,
    periods,
    read_numbers,
    same,
    same_period,
    without_markers,
)
from evals.suite import Item

Row = Mapping[str, Any]
"""A line of predictions.jsonl."""

FREE_TEXT = ("text", "yesno+explanation")
FREE_TEXT_RECALL = 0.5
PROSE_WORDS = 12
"""An accepted answer longer than this many words is a description, not a string to look for."""

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_UNITS = frozenset(CURRENCIES) | frozenset(SCALES) | {
    "percent", "per", "cent", "times", "x", "percentage", "points", "point", "pp", "us", "hk",
    "about", "around", "over", "more", "than", "approximately", "roughly", "some", "nearly",
    "almost", "up", "to", "at", "least", "under", "of", "in", "and", "by", "on",
}  # fmt: skip
STOP = frozenset(
    "a an the of in on at to for by with and or as is are was were be been it its this that these "
    "those from has have had will would which who whom what when where than then there their they "
    "he she his her not no yes did does do due also any into over under between during".split()
)
_FALL = re.compile(
    r"\b(?:fell|fall|falls|fallen|declin|decreas|down|drop|lower|less|below|short|reduc|loss|negative|minus"
    r"|shrank|shrunk|worse)",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"[,(]? ?\b(?:up|down|from|versus|vs|against|than|while|whereas|compared|to(?= ?\D{0,5}\d))\b",
    re.IGNORECASE,
)
_RISE = re.compile(r"\b(?:rose|rise|risen|grew|grow|increas|higher|up|improv|gain)", re.IGNORECASE)
_HEDGE = re.compile(
    r"\b(?:or|either|alternatively|possibly|perhaps|versus|whereas|while|but|though|although"
    r"|however|another|others|other (?:reports?|sources?|accounts?|documents?|pages?|notes?)|elsewhere|also)\b|/|或",
    re.IGNORECASE,
)
# The steps of a calculation, "550,000 / 12 =", are no other answers.
_FORMULA = re.compile(r": [^:=]*[/−+×][^:=]*= ")
_SHORT = "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec No vs Inc Mr Dr approx".split()
_SENTENCE = re.compile(
    r"(?<=[.!?。！？;；])"
    + "".join(rf"(?<!\b{word}\.)" for word in _SHORT)
    + r"(?<!\b[A-Z]\.)\s+|(?<=[。！？；])|\n+"
)
_YES = re.compile(r"^\W*(?:yes|是的?|correct|it does|it is)\b", re.IGNORECASE)
_NO = re.compile(r"^\W*(?:no|not|否|不)\b", re.IGNORECASE)


def normalised(text: str) -> str:
    """Lower case, one kind of dash, no punctuation, articles or thousands separators."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text)
    text = re.sub(r"(?<=\d)\.(?=\d)", "\0", text)  # the point of 24.1 stays
    text = re.sub(r"[^\w\0]+", " ", text).replace("\0", ".")
    return " ".join(_ARTICLES.sub(" ", text).split())


@lru_cache(maxsize=20000)
def words(text: str) -> tuple[str, ...]:
    """The words of a normalised text; each CJK character counts as one."""
    spaced = re.sub(r"([\u3400-\u9fff])", r" \1 ", normalised(text))
    return tuple(spaced.split())


def contains(text: str, wanted: str) -> bool:
    """True when the wanted string stands in the text as whole words, after normalising."""
    return bool(words(wanted)) and f" {' '.join(words(wanted))} " in f" {' '.join(words(text))} "


# ---------------------------------------------------------------- right, wrong, declined


def is_declined(item: Item, row: Row) -> bool:
    """True when the system declined, and told no figure in doing so that was not asked about."""
    if not row["abstained"]:
        return False
    asked = read_numbers(_asked(item, row))
    told = read_numbers(without_markers(str(row["answer"])))
    return not [n for n in told if n.unit != YEAR and not any(same(n, a) for a in asked)]


def judge(item: Item, row: Row) -> tuple[str, str, bool]:
    """("right" | "wrong" | "declined", the reason, judged approximately)."""
    declined = is_declined(item, row)
    if not item.answerable:
        if declined:
            return "right", "declined, as it should", False
        leak = " (a refusal that tells a figure)" if row["abstained"] else ""
        return "wrong", f"answered what the documents do not say{leak}", False
    if declined:
        return "declined", "declined", False
    text = without_markers(str(row["answer"]))
    for forbidden in item.must_not:
        if _holds(text, forbidden, strict=True):
            return "wrong", f"holds the forbidden {_shown(forbidden)}", False
    conflict = item.status == "conflict" or row["status"] == "conflict"
    if not conflict and (pair := hedged(text, _wanted(item), _asked(item, row))):
        return "wrong", f"hedges between {pair[0]} and {pair[1]}", False
    return _matches(item, text)


def _matches(item: Item, text: str) -> tuple[str, str, bool]:
    asked = item.question
    if item.figures or item.all_of or item.any_of:
        missing = [f for f in (*item.figures, *item.all_of) if not _holds(text, f, question=asked)]
        if missing:
            return "wrong", f"lacks {'; '.join(_shown(m) for m in missing)}", False
        if item.any_of and not any(_holds(text, option, question=asked) for option in item.any_of):
            return "wrong", f"lacks any of {'; '.join(_shown(o) for o in item.any_of)}", False
        return "right", "holds what is asked for", False
    if not item.accepted:
        return "wrong", "the suite names no accepted answer", False
    if item.kind == "list":
        missing = [a for a in item.accepted if not _holds(text, a, question=asked)]
        return (
            ("wrong", f"lacks {'; '.join(missing)}", False)
            if missing
            else ("right", "holds all of the list", False)
        )
    if any(_holds(text, a, question=asked) for a in item.accepted):
        return "right", "holds an accepted answer", False
    free = [a for a in item.accepted if item.kind in FREE_TEXT or len(words(a)) > PROSE_WORDS]
    if free:
        good = any(_says(text, a, item.question) for a in free)
        why = "says the same, approximately" if good else "does not say the same, approximately"
        return ("right" if good else "wrong"), why, True
    return "wrong", "holds no accepted answer", False


def _holds(text: str, wanted: Any, *, question: str = "", strict: bool = False) -> bool:
    """True when a text holds a figure or a string; a list holds when one of it does."""
    if isinstance(wanted, list | tuple):
        return any(_holds(text, w, question=question, strict=strict) for w in wanted)
    figure = _figure_of(wanted)
    if figure is not None:
        number, period = figure
        return any(
            _states(found, number, sentence, question, 0.001 if strict else 0.01)
            and same_period(periods(_clause(sentence, found)), period)
            for sentence in sentences(text)
            for found in read_numbers(sentence)
        )
    if contains(text, str(wanted)):
        return True
    if strict:
        return False
    # "410,000 vehicles": every figure and every other word, in any order.
    numbers = read_numbers(str(wanted))
    rest = [w for w in words(str(wanted)) if w not in _UNITS and not w[0].isdigit()]
    if not numbers or len(rest) > 4:
        return False
    have, stems = read_numbers(text), {_stem(w) for w in words(text)}
    return all(any(same(f, n) for f in have) for n in numbers) and all(
        _stem(w) in stems for w in rest
    )


def _clause(sentence: str, number: Number) -> str:
    """The part of a sentence around a figure: "24.1 bn, up 26% from 19.1 bn in 2023" has three."""
    start, end = 0, len(sentence)
    for match in _TURN.finditer(sentence):
        if match.end() <= number.start:
            start = match.end()
        elif match.start() >= number.end:
            end = match.start()
            break
    return sentence[start:end]


def _states(found: Number, wanted: Number, sentence: str, question: str, tolerance: float) -> bool:
    """`same`, where "fell by 3.5" states -3.5, as does "3.5" of a question on a fall alone."""
    asked_fall = _FALL.search(question) and not (_RISE.search(question) or _RISE.search(sentence))
    if wanted.value < 0 < found.value and (_FALL.search(sentence) or asked_fall):
        found = _negative(found)
    return same(found, wanted, tolerance)


def _negative(number: Number) -> Number:
    return Number(-number.value, number.unit, number.scaled, number.start, number.end, number.text)


def _figure_of(wanted: Any) -> tuple[Number, set[tuple[int, str]]] | None:
    """A wanted figure: an object with a value, or a string that is a figure and nothing else."""
    if isinstance(wanted, Mapping):
        return _figure_of_object(wanted)
    if isinstance(wanted, int | float):
        return _figure_of_object({"value": wanted})
    numbers = read_numbers(str(wanted))
    rest = [w for w in words(str(wanted)) if w not in _UNITS and not w[0].isdigit()]
    if len(numbers) != 1 or (rest and numbers[0].unit != DATE):
        return None
    return numbers[0], set()


def _figure_of_object(wanted: Mapping[str, Any]) -> tuple[Number, set[tuple[int, str]]] | None:
    said = str(wanted["value"])
    unit = str(wanted.get("unit") or "").strip().lower()
    currency = str(wanted.get("currency") or "").strip()
    period = periods(str(wanted.get("period") or ""))
    scale, kind = 0, ""
    for word in re.split(r"[\s_]+", unit):
        if word in SCALES or word.removesuffix("s") in SCALES:
            scale += SCALES.get(word, SCALES.get(word.removesuffix("s"), 0))
        elif word in CURRENCIES:
            currency = currency or word
    if unit in ("%", "percent", "per cent"):
        kind = PERCENT
    elif "point" in unit or unit == "pp":
        kind = POINTS
    elif unit in ("times", "x", "ratio"):
        kind = TIMES
    elif unit in ("year", "date"):
        kind = unit
    elif currency:
        kind = CURRENCIES.get(currency.lower(), currency.upper())
    try:
        value = Decimal(said.replace(",", ""))
    except InvalidOperation:
        numbers = read_numbers(said)  # "24.1 billion", "2025-05-22"
        if len(numbers) != 1:
            return None
        number = numbers[0]
        value, kind = number.value, number.unit or kind
        return Number(value * 10**scale, kind, number.scaled or scale > 0, text=said), period
    scaled = scale > 0 or (bool(kind) and abs(value) >= 100_000)
    return Number(value * 10**scale, kind, scaled, text=f"{said} {unit} {currency}".strip()), period


def _wanted(item: Item) -> list[Number]:
    """The figures the answer should hold."""
    wanted: list[Any] = [*item.figures, *item.all_of, *item.any_of] or list(item.accepted)
    return [figure[0] for w in wanted if (figure := _figure_of(w))]


def hedged(text: str, wanted: Sequence[Number], asked: str) -> tuple[str, str] | None:
    """Two different values given for one thing, or None.

    Found as a wanted value and another of its unit and period that are joined by a hedging word
    ("or", "another report says"), or that stand in two sentences alike but for the figure.
    """
    named = read_numbers(asked)
    held: list[tuple[Number, str, int]] = []
    offset = 0
    for sentence in sentences(text):
        formula = _FORMULA.search(sentence)
        held += [
            (n, sentence, offset + n.start)
            for n in read_numbers(sentence)
            if formula is None or not formula.start() <= n.start < formula.end()
        ]
        offset += len(sentence) + 1
    joined = " ".join(sentences(text))
    for (one, first, at), (two, second, to) in combinations(held, 2):
        if one.unit != two.unit or one.scaled != two.scaled or one.unit == YEAR:
            continue
        good = [any(same(n, w) for w in wanted) for n in (one, two)]
        if sum(good) != 1 or same(two, one):
            continue
        other = two if good[0] else one
        if any(same(other, n) for n in named) or any(same(other, w) for w in wanted):
            continue
        between = joined[at + len(one.text) : to]
        if first is second:
            periodic = bool(periods(between + second[two.end : two.end + 25]))
            if _HEDGE.search(between) and len(between) < 60 and not periodic:
                return one.text, two.text
            continue
        # A sentence that holds both values tells two things, not one twice.
        both = any(all(any(same(n, m) for m in read_numbers(t)) for n in (one, two))
                   for t in (first, second))  # fmt: skip
        if not both and periods(first) == periods(second) and _alike(first, second):
            return one.text, two.text
    return None


def _alike(first: str, second: str) -> bool:
    one, two = ({w for w in words(s) if not w[0].isdigit()} - STOP for s in (first, second))
    return bool(one and two) and len(one & two) / len(one | two) >= 0.6


def _says(text: str, wanted: str, question: str) -> bool:
    """Free text: the same polarity and direction, and two thirds of the figures, or half of the
    content words that the question does not hold already.
    """
    if (_YES.match(wanted) and _NO.match(text)) or (_NO.match(wanted) and _YES.match(text)):
        return False
    core = _core(wanted)
    rises, falls = bool(_RISE.search(core)), bool(_FALL.search(core))
    if rises != falls:
        same_way, other_way = (_RISE, _FALL) if rises else (_FALL, _RISE)
        if other_way.search(text) and not same_way.search(text):
            return False
        if _RISE.search(question) and _FALL.search(question):  # "did it increase or decrease?"
            agrees = bool(same_way.search(text)) and not other_way.search(text)
            return agrees and _share(_content(core), _content(text)) >= FREE_TEXT_RECALL
    named, have = read_numbers(question), read_numbers(text)
    figures = [
        n
        for n in read_numbers(wanted)
        if n.unit not in (YEAR, DATE)
        and (n.unit or n.scaled or n.value >= 100)
        and not any(same(n, a) for a in named)
    ]
    hits = sum(any(same(absolute(f), absolute(n)) for f in have) for n in figures)
    if figures and hits / len(figures) >= 2 / 3:
        return True
    asked, said = _content(question), _content(text)
    new = _content(core) - asked
    if len(new) < 3:
        new = _content(wanted) - asked
    content = new if len(new) >= 3 else _content(core)
    return _share(content, said) >= FREE_TEXT_RECALL


def _share(wanted: set[str], have: set[str]) -> float:
    return len(wanted & have) / len(wanted) if wanted else 0.0


def _content(text: str) -> set[str]:
    return {_stem(w) for w in words(text) if w not in STOP}


def _core(text: str) -> str:
    """The first sentences, until there are eight words: remarks come after the answer."""
    core = ""
    for sentence in sentences(text):
        core = f"{core} {sentence}"
        if len(words(core)) >= 8:
            break
    return core


def absolute(number: Number) -> Number:
    """The number without its sign."""
    return _negative(number) if number.value < 0 else number


def _stem(word: str) -> str:
    return re.sub(r"(?:ies|es|s|ed|ing)$", "", word) if len(word) > 4 else word


def sentences(text: str) -> list[str]:
    """The sentences of an answer that hold anything."""
    return [part for part in _SENTENCE.split(text) if part.strip()]


def _asked(item: Item, row: Row) -> str:
    return " \n ".join([item.question, str(row.get("asked") or ""), *item.history])


def _shown(wanted: Any) -> str:
    if isinstance(wanted, Mapping):
        return " ".join(str(v) for v in wanted.values() if v not in (None, ""))
    return " or ".join(map(str, wanted)) if isinstance(wanted, list | tuple) else str(wanted)
