"""Is a cited or retrieved place the one that holds the answer; is a figure sound? Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain, combinations, permutations

from evals.figures import DATE, SCALES, YEAR, Number, read_numbers, same, without_markers
from evals.judging import STOP, Row, absolute, sentences, words
from evals.suite import Gold

PLACE_OVERLAP = 0.5
"""Share of the shorter text's words that the other must hold for the two to be one place."""


def found_place(gold: Gold, place: Row) -> bool:
    """True when a citation, passage or line of evidence is (or holds) the gold place.

    Same document, page within one where both have a page, at least half of the shorter text's
    words in the other, and one number in common where the gold place has numbers.
    """
    if place["doc"] != gold.doc:
        return False
    page = place.get("page")
    if gold.page is not None and page is not None and abs(page - gold.page) > 1:
        return False
    one, two = (Counter(w for w in words(str(t or "")) if w not in STOP)
                for t in (gold.text, place.get("text")))  # fmt: skip
    shorter = min(one.total(), two.total())
    if not shorter or (one & two).total() / shorter < PLACE_OVERLAP:
        return False
    numbers = {w for w in one if w[0].isdigit()}
    # A year that two places share says little where there are other figures.
    telling = {w for w in numbers if not re.fullmatch(r"(?:19|20)\d\d", w)} or numbers
    return not telling or any(w in two for w in telling)


def sound_figures(row: Row) -> Iterator[tuple[str, bool]]:
    """Each figure of an answer, and whether it can be trusted.

    Sound: it stands in the text that its own sentence cites, or in the question; or the assistant
    calls it computed and it can be computed again from figures of the cited text. A year may also
    stand around the cited place (heading, header row, the document's date).
    """
    citations = {int(c["number"]): c for c in row["citations"]}
    asked = read_numbers(str(row.get("question") or "") + " \n " + str(row.get("asked") or ""))
    computed = [
        n for c in row["checks"] if c["verdict"] == "computed" for n in read_numbers(c["figure"])
    ]
    for sentence in _markedsentences(str(row["answer"])):
        named = [
            int(n)
            for m in re.findall(r"[\[【]([\d,;\s]+)[\]】]", sentence)
            for n in re.findall(r"\d+", m)
        ]
        places = [citations[n] for n in named if n in citations] or list(citations.values())
        cited = [n for place in places for n in read_numbers(str(place["text"]))]
        around = [n for place in places for n in read_numbers(str(place.get("around") or ""))]
        told = read_numbers(_ROOT.sub(lambda m: " " * len(m[0]), without_markers(sentence)))
        # Operands as the answer prints them ("CNY 9.1 billion" of a cell "9.1") once they are found.
        found = [n for n in told if any(_prints(n, c, 0.0005) for c in (*cited, *asked))]
        for figure in told:
            near = 0.0 if figure.unit in (YEAR, DATE) else 0.0005
            stands = any(_prints(figure, n, near) for n in (*cited, *asked))
            if not stands and figure.unit in (YEAR, DATE):
                stands = any(same(n, figure) or same(figure, n) for n in (*around, *cited))
            if not stands and any(same(absolute(figure), absolute(n), 0.0005) for n in computed):
                operands = [n for c in citations.values() for n in read_numbers(str(c["text"]))]
                divisors = [n for n in told if sentence[: n.start].rstrip().endswith("/")]
                roots = [int(root) for root in _ROOT.findall(sentence)]
                stands = computes(figure, [*operands, *asked, *found, *divisors], roots)
            if not stands and computed and not figure.unit:
                # The number that a mean or a yearly amount is divided by, as in "(a + b + c) / 3 =".
                stands = (
                    re.search(rf"/ {re.escape(figure.text)}(?![\d.,]*\d)", sentence) is not None
                )
            yield figure.text, stands


def _markedsentences(text: str) -> list[str]:
    """Sentences with the markers that follow their full stop."""
    moved = re.sub(r"([.!?。！？])((?:\s*[\[【]\s*\d[\d,;\s]*[\]】])+)", r"\2\1", text)
    return sentences(moved)


def _prints(figure: Number, found: Number, tolerance: float) -> bool:
    if same(figure, found, tolerance) or same(absolute(figure), absolute(found), tolerance):
        return True
    return figure.unit == YEAR and found.unit == DATE and same(found, figure)


# The years of a compound annual growth rate, as its formula shows them.
_ROOT = re.compile(r"\^\(1/(\d+)\) − 1\b")


def computes(figure: Number, operands: Sequence[Number], roots: Sequence[int] = ()) -> bool:
    """True when the figure is a sum, difference, ratio, growth, product or mean of operands.

    With `roots` also a yearly growth over so many years.
    """
    values = [n.value for n in operands if n.unit not in (YEAR, DATE)][:24]
    digits = re.search(r"\.(\d+)", figure.text)
    printed = Decimal(10) ** -(len(digits[1]) if digits else 0)
    scale = next(
        (10 ** SCALES[w] for w in re.findall(r"[^\W\d]+", figure.text.lower()) if w in SCALES), 1
    )
    margin = max(printed * scale, abs(figure.value) * Decimal("0.005"))
    for result in chain(_results(values), _yearly(values, roots)):
        if any(abs(abs(figure.value) - abs(result * r)) <= margin for r in (1, 100)):
            return True
    return False


def _yearly(values: Sequence[Decimal], roots: Sequence[int]) -> Iterator[Decimal]:
    for top, bottom in permutations([v for v in values if v > 0], 2):
        for years in roots:
            yield (top / bottom) ** (1 / Decimal(years)) - 1


def _results(values: Sequence[Decimal]) -> Iterator[Decimal]:
    yield from (abs(v) for v in values)
    for one, two in combinations(values, 2):
        yield from (one + two, one - two, (one + two) / 2, one * two, one * two / 100)
        for top, bottom in ((one, two), (two, one)):
            if bottom:
                yield from (top / bottom, (top - bottom) / bottom)
    for top in values[:10]:  # a turnover: one figure over the average of two others
        for one, two in combinations(values[:10], 2):
            if one + two:
                yield top / ((one + two) / 2)
    for size in (3, 4, 5):
        for some in combinations(values[:10], size):
            yield from (sum(some, Decimal(0)), sum(some, Decimal(0)) / size)
