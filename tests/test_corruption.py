"""Answers with one thing altered are caught, by kind; true ones are let through.

Pairs of a line and a sentence about it are made from the shipped documents: sentences are claims of
themselves, table rows become "<column> in <period> was <cell>". Each claim is checked beside other
lines of its document, as in life.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import pytest

from assistant.figures import read_figures
from assistant.read import read
from assistant.sentences import sentence_spans
from assistant.split import split
from assistant.tables import read_row
from assistant.times import TIME_UNITS
from assistant.types import Evidence, Figure, Passage, PassageKind, Span
from assistant.verify import verify
from tests.fakes import FakeEmbedder

CORPUS = Path(__file__).parent.parent / "corpus"
PAIRS = 300
NEIGHBOURS = 5
COMPANIES = ("Xiaomi", "BYD", "Tesla", "Huawei", "NIO", "Geely", "Apple")


@dataclass(frozen=True)
class Pair:
    """A true claim, the line that backs it, and all lines shown."""

    claim: str
    line: Evidence
    shown: tuple[Evidence, ...]


def lines_of(passages: list[Passage]) -> Iterator[Evidence]:
    for passage in passages:
        if passage.kind is PassageKind.TABLE_ROW:
            figures = tuple(c.figure for c in read_row(passage.text, passage.context))
            yield Evidence(1, passage, passage.span, passage.text, 1.0, figures)
            continue
        for span in sentence_spans(passage.text):
            text = span.of(passage.text)
            place = Span(passage.span.start + span.start, passage.span.start + span.end)
            yield Evidence(1, passage, place, text, 1.0, read_figures(text))


def claim_of(line: Evidence) -> str | None:
    """A sentence for a line, or None where it holds no figure of its own."""
    figures = [f for f in line.figures if f.unit not in TIME_UNITS and not f.text.isalpha()]
    if line.passage.kind is not PassageKind.TABLE_ROW:
        plain = "**" not in line.text and "[" not in line.text and len(line.text) < 260
        return line.text.lstrip("-* ") if figures and plain else None
    for cell in read_row(line.text, line.passage.context):
        period = [f for f in read_figures(cell.label) if f.unit in TIME_UNITS]
        if len(period) == 1 and period[0].text == cell.label and cell.figure.unit not in TIME_UNITS:
            unit = re.search(r"\(([^)]*)\)", cell.column)
            name = re.sub(r"\s*\([^)]*\)", "", cell.column)
            value = cell.figure.text
            if unit and "CNY billion" in unit[1] and cell.figure.unit == "CNY":
                value = f"CNY {value} billion"
            elif unit and "%" in unit[1] and "%" not in value:
                value = f"{value}%"
            return f"{name} in {cell.label} was {value}."
    return None


@lru_cache(maxsize=1)
def pairs() -> tuple[Pair, ...]:
    found: list[Pair] = []
    for path in sorted(CORPUS.glob("*.md")):
        if path.name == "README.md":
            continue
        document = read(path, path.name)
        lines = list(lines_of(split(document, FakeEmbedder().token_counts, 200)))
        for i, line in enumerate(lines):
            claim = claim_of(line)
            if claim is None:
                continue
            near = [x for x in lines[max(0, i - 4) : i + 6] if x is not line][:NEIGHBOURS]
            shown = [replace(x, number=n) for n, x in enumerate([line, *near], start=1)]
            found.append(Pair(claim, shown[0], tuple(shown)))
    return tuple(random.Random(7).sample(found, PAIRS))


def accepted(pair: Pair, claim: str) -> bool:
    """True when the check lets the claim stand as it is."""
    checked = verify("What do the documents say?", f"{claim} [1]", pair.shown)
    return any(c.text.rstrip(".") == claim.rstrip(".") for c in checked.claims)


def own_figures(claim: str) -> list[Figure]:
    return [f for f in read_figures(claim) if f.unit not in TIME_UNITS and not f.text.isalpha()]


def put(claim: str, figure: Figure, text: str) -> str:
    return claim[: figure.span.start] + text + claim[figure.span.end :]


def value(pair: Pair, rng: random.Random) -> str | None:
    figure = rng.choice(own_figures(pair.claim))
    digits = re.search(r"\d[\d,.]*\d|\d", figure.text)
    if digits is None:
        return None
    number = digits[0].replace(",", "")
    other = float(number) * rng.choice((0.8, 1.1, 1.3, 2))
    comma = "," if "," in digits[0] else ""
    changed = figure.text.replace(digits[0], f"{other:{comma}.{len(number.partition('.')[2])}f}")
    return put(pair.claim, figure, changed) if changed != figure.text else None


def neighbour(pair: Pair, rng: random.Random) -> str | None:
    """The figure of another measure of the same row, the likeliest slip of all."""
    if pair.line.passage.kind is not PassageKind.TABLE_ROW:
        return None
    figure = own_figures(pair.claim)[0]
    others = [
        c.figure
        for c in read_row(pair.line.text, pair.line.passage.context)
        if c.column and c.figure.unit == figure.unit and c.figure.value != figure.value
    ]
    if not others or figure.unit == "count":
        return None
    other = rng.choice(others).text
    text = f"CNY {other} billion" if figure.unit == "CNY" else f"{other.rstrip('%')}%"
    return put(pair.claim, figure, text)


def scale(pair: Pair, rng: random.Random) -> str | None:
    for one, two in (("billion", "million"), ("million", "billion"), ("trillion", "billion")):
        if re.search(rf"\d {one}\b", pair.claim):
            return re.sub(rf"(\d) {one}\b", rf"\1 {two}", pair.claim, count=1)
    return None


def currency(pair: Pair, rng: random.Random) -> str | None:
    for one, two in (("CNY ", "USD "), ("US$", "EUR "), ("HK$", "US$")):
        if one in pair.claim:
            return pair.claim.replace(one, two, 1)
    return None


def unit(pair: Pair, rng: random.Random) -> str | None:
    if re.search(r"\d%", pair.claim):
        return re.sub(r"(\d)%", r"\1 percentage points", pair.claim, count=1)
    return (
        re.sub(r"(\d) points\b", r"\1%", pair.claim, count=1) if " points" in pair.claim else None
    )


def period(pair: Pair, rng: random.Random) -> str | None:
    times = [f for f in read_figures(pair.claim) if f.unit in ("year", "quarter", "month", "date")]
    if len({int(y) for t in times for y in re.findall(r"(?:19|20)\d\d", t.text)}) != 1:
        return None
    year = re.findall(r"(?:19|20)\d\d", " ".join(t.text for t in times))[0]
    return pair.claim.replace(year, str(int(year) - rng.choice((1, 2, 3))))


def entity(pair: Pair, rng: random.Random) -> str | None:
    named = [c for c in COMPANIES if re.search(rf"\b{c}\b", pair.claim)]
    if len(named) != 1:
        return None
    other = rng.choice([c for c in COMPANIES if c not in named])
    return re.sub(rf"\b{named[0]}\b", other, pair.claim)


def sign(pair: Pair, rng: random.Random) -> str | None:
    turns = (("rose", "fell"), ("fell", "rose"), ("(?<!made )up (?=\\d|by )", "down "), ("down (?=\\d|by )", "up "), ("rise\\b", "fall"),
             ("fall\\b", "rise"), ("higher\\b", "lower"), ("lower\\b", "higher"), ("increase of", "decrease of"))  # fmt: skip
    used = [t for t in turns if re.search(rf"\b{t[0]}", pair.claim)]
    if len(used) != 1:
        return None
    return re.sub(rf"\b{used[0][0]}", used[0][1], pair.claim)


ALTERATIONS: dict[str, Callable[[Pair, random.Random], str | None]] = {
    f.__name__: f for f in (value, neighbour, scale, currency, unit, period, entity, sign)
}
LEAST = 10
"""So many altered claims of a kind are needed for its share to mean anything."""


def test_true_claims_are_let_through() -> None:
    refused = [pair.claim for pair in pairs() if not accepted(pair, pair.claim)]
    assert len(refused) <= 0.03 * PAIRS, refused


@pytest.mark.parametrize("kind", list(ALTERATIONS))
def test_altered_claims_are_caught(kind: str) -> None:
    rng = random.Random(kind)
    counts: Counter[bool] = Counter()
    missed = []
    for pair in pairs():
        altered = ALTERATIONS[kind](pair, rng)
        if altered is None or altered == pair.claim:
            continue
        caught = not accepted(pair, altered)
        counts[caught] += 1
        if not caught:
            missed.append((altered, pair.line.text))
    total = counts.total()
    print(f"{kind}: {counts[True]} of {total} caught")
    assert total >= LEAST
    assert counts[True] >= 0.97 * total, missed
