"""Find every figure of the document folder again among the rows of `sources.jsonl`.

A strict reader of its own, apart from the assistant's: digits only (no number words), no guessing,
and each end of a range must carry its own unit. It knows nothing of whether a source is right,
only that the printed figure is the sourced one.

Numbers that are not figures, and so are not looked up, are exactly those of `NOT_FIGURES`: web
addresses, list numbers, names with digits in them (SU7, XRING O1, 15S Pro, 5G, Q3, H1, FY2024,
27th), names followed by a number (HyperOS 3, Level 2), and bare years from 2000 to 2039. A
date with its day ("22 May 2025") is looked up like a figure; a month with a year is not.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import yaml

WORDS = range(400, 1201)
SCALES = {"trillion": 10**12, "billion": 10**9, "million": 10**6, "thousand": 10**3, "K": 10**3}
CURRENCIES = {"RMB": "CNY", "yuan": "CNY", "US$": "USD", "$": "USD", "HK$": "HKD", "€": "EUR"}
MONTHS = [f"{date(2000, month, 1):%B}" for month in range(1, 13)]
Row = dict[str, Any]

NOT_FIGURES = re.compile(
    r"https?://\S+"
    r"|^\s*(?:[-*]\s+)?\d+\.\s"
    r"|(?<![\w,.])(?!(?:CNY|RMB|USD|HKD|EUR)\d|\d+(?:K|nm)\b)"
    r"(?:[A-Za-z]+\d\w*(?:-[A-Za-z]\w*)*|\d+[A-Za-z]\w*(?:-[A-Za-z]\w*)*)"
    r"|\b(?:HyperOS|Pad|Level|Model|GB|GB/T)[ -]L?\d[\d.-]*\b"
    r"|(?<![\w,.$])20[0-3]\d(?:\s?[-–/]\s?(?:20)?\d\d)?(?![\d,.]\d|\d|\s?%|\s(?:billion|million))"
)
DATE = re.compile(
    r"\b(?:(?P<first>\d{1,2})[-–])?(?P<day>\d{1,2}) "
    rf"(?P<month>{'|'.join(MONTHS)}) (?P<year>20\d\d)\b"
)
MONEY = r"(?:US|HK)?\$|€|\b(?:CNY|RMB|USD|HKD|EUR)(?![A-Za-z])|\byuan\b"
MEASURE = r"%|\bper ?cent\b|\b(?:percentage )?points?\b"
FIGURE = re.compile(
    rf"(?:(?<![^\s(|])(?P<sign>[-+−]))?(?P<money>{MONEY})?\s?"
    r"(?<![\d,.])(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<decimals>\d+))?)"
    r"(?:(?:[\s-]?(?P<scale>trillion|billion|million|thousand)|(?P<kilo>K))\b)?"
    rf"(?:[\s-]?(?P<measure>{MEASURE}))?(?:[\s-]?(?P<after>{MONEY}))?"
)


class Problem(NamedTuple):
    """One thing wrong, with the file and the line (0: the file as a whole)."""

    file: str
    line: int
    message: str


@dataclass(frozen=True)
class Figure:
    """A printed figure: `size` is unsigned and scaled (a date: ISO), `step` its last digit."""

    text: str
    size: Decimal | str
    step: Decimal = Decimal(0)
    sign: str = ""
    measure: str = ""
    currency: str = ""
    bare: bool = False  # printed without any unit
    line: int = 0
    to_verify: bool = False

    @property
    def key(self) -> tuple[str, Decimal | str, str, str]:
        """What two printings of the same figure share."""
        return self.sign, self.size, self.measure, self.currency

    def with_unit(self, unit: str, currency: str | None = None) -> Figure:
        """A figure printed without any unit takes the one of its column (or of its row)."""
        if not (self.bare and isinstance(self.size, Decimal)):
            return self
        scale, money = scale_of(unit), currency or currency_of(unit)
        size, step = self.size * scale, self.step * scale
        return Figure(self.text, size, step, self.sign, measure_of(unit), money)


def scale_of(unit: str) -> int:
    """The factor that a unit such as "CNY billion" or "million phones" stands for."""
    return next((SCALES[word] for word in re.findall(r"\w+", unit) if word in SCALES), 1)


def measure_of(unit: str) -> str:
    """Percent, percentage points, or neither."""
    return "points" if "point" in unit else "percent" if re.search(MEASURE, unit) else ""


def currency_of(unit: str) -> str:
    """The three-letter code of the currency a unit names, if any."""
    found = re.search(MONEY, unit)
    return CURRENCIES.get(found[0], found[0]) if found else ""


def read_figures(text: str) -> list[Figure]:
    """Every calendar date, then every number, of a piece of text."""
    found = [
        Figure(match[0], f"{match['year']}-{MONTHS.index(match['month']) + 1:02}-{int(day):02}")
        for match in DATE.finditer(text)
        for day in filter(None, (match["first"], match["day"]))
    ]
    for match in FIGURE.finditer(NOT_FIGURES.sub(" ; ", DATE.sub(" ; ", text))):
        unit = " ".join(filter(None, match.group("money", "scale", "kilo", "measure", "after")))
        size = Decimal(match["number"].replace(",", "")) * scale_of(unit)
        step = Decimal(1).scaleb(-len(match["decimals"] or "")) * scale_of(unit)
        sign, money = (match["sign"] or "").replace("−", "-"), currency_of(unit)
        found.append(Figure(match[0].strip(), size, step, sign, measure_of(unit), money, not unit))
    return found


def split_document(path: Path) -> tuple[Row, str, int]:
    """Front matter, body, and the number of lines in front of the body."""
    text = path.read_text(encoding="utf-8")
    match = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
    if not match:
        return {}, text, 0
    return yaml.safe_load(match[1]) or {}, text[match.end() :], match[0].count("\n")


def body_figures(body: str, first_line: int) -> Iterator[Figure]:
    """Every figure of a document's body; a table cell without a unit has that of its header."""
    header, to_verify = list[str](), False
    for number, line in enumerate(body.splitlines(), first_line + 1):
        to_verify = "to be verified" in line.lower() if line.startswith("#") else to_verify
        in_table = line.startswith("|")
        cells = line.strip().strip("|").split("|") if in_table else [line]
        units = header if in_table and len(header) == len(cells) else [""] * len(cells)
        header = (header or cells) if in_table else []
        for cell, unit in zip(cells, units, strict=True):
            for figure in read_figures(cell):
                yield replace(figure.with_unit(unit), line=number, to_verify=to_verify)


def row_figure(row: Row) -> Figure | None:
    """The one figure a source row says it backs; without a printed unit it takes the row's."""
    found = read_figures(str(row.get("figure")))
    return found[0].with_unit(row["unit"] or "", row["currency"]) if len(found) == 1 else None


def agrees(figure: Figure, row: Row) -> bool:
    """True when the row's value, scaled and rounded as printed, is the figure."""
    unit, value = row["unit"] or "", str(row["value"])
    if isinstance(figure.size, str):
        return figure.size == value
    if (figure.measure, figure.currency) != (measure_of(unit), row["currency"] or figure.currency):
        return False
    return any(
        isinstance(known.size, Decimal)
        and (not figure.sign or (figure.sign == "-") == (known.sign == "-"))
        and abs(known.size * scale_of(unit) - figure.size) <= figure.step / 2
        for known in read_figures(value)
    )


def faults_of_front_matter(meta: Row) -> Iterator[str]:
    """Required keys that are missing or malformed."""
    for key in {"title", "kind", "as_of", "document", "sources"} - meta.keys():
        yield f"front matter has no {key}"
    if type(meta.get("as_of")) is not date:
        yield "as_of is not a date (YYYY-MM-DD)"
    if not all(source.keys() >= {"title", "url"} for source in meta.get("sources", [])):
        yield "a source has no title or no url"


def fault_of_row(row: Row, figure: Figure | None, times: int, urls: set[str]) -> str:
    """Why a source row does not back a figure printed so many times; empty when it does."""
    if figure is None or not agrees(figure, row):
        return f"is not its value, {row['value']}"
    if times != row.get("times", 1):
        return f"printed {times} time(s), not {row.get('times', 1)}"
    own = not row["source_url"] and (row.get("derived") or row.get("unverified"))
    return "" if own or row["source_url"] in urls else "its address is not in the front matter"


def check_document(path: Path, rows: list[Row]) -> Iterator[Problem]:
    """Problems of one document and of the rows that speak for it."""
    meta, body, first_line = split_document(path)
    for fault in faults_of_front_matter(meta):
        yield Problem(path.name, 1, fault)
    words = sum(any(map(str.isalnum, word)) for word in body.split())
    if words not in WORDS:
        yield Problem(path.name, 0, f"{words} words, not {WORDS.start} to {WORDS.stop - 1}")
    printed = list(body_figures(body, first_line))
    times = Counter(figure.key for figure in printed)
    urls = {source.get("url") for source in meta.get("sources", [])}
    backed: set[tuple[Any, bool]] = set()
    for row in rows:
        figure = row_figure(row)
        if fault := fault_of_row(row, figure, times[figure.key] if figure else 0, urls):
            yield Problem(path.name, 0, f"source row {row['fact']}, {row['figure']}: {fault}")
        if figure and agrees(figure, row):
            backed |= {(figure.key, True), (figure.key, bool(row.get("unverified")))}
    sizes, titles = {key[1] for key, _ in backed}, read_figures(str(meta.get("title")))
    missing = [figure for figure in printed if (figure.key, figure.to_verify) not in backed]
    for figure in missing + [figure for figure in titles if figure.size not in sizes]:
        yield Problem(path.name, figure.line, f"{figure.text}: no source row gives this figure")


def check_repeats(paths: list[Path]) -> Iterator[Problem]:
    """Sentences of eight words or more that two documents share word for word."""
    seen: dict[str, str] = {}
    for path in paths:
        _, body, first_line = split_document(path)
        for number, line in enumerate(body.splitlines(), first_line + 1):
            for sentence in [] if line.startswith("|") else re.split(r"(?<=[.!?])\s+", line):
                words = " ".join(re.findall(r"\w+", sentence.lower()))
                if words.count(" ") >= 7 and seen.setdefault(words, path.name) != path.name:
                    yield Problem(path.name, number, f"sentence also in {seen[words]}: {sentence}")


def check(folder: Path) -> list[Problem]:
    """Everything wrong with a folder; a file with no rows and no `document` key is left alone."""
    rows: dict[str, list[Row]] = {}
    for line in (folder / "sources.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line, parse_float=Decimal)
        rows.setdefault(row["document"], []).append(row)
    paths = {path.name: path for path in sorted(folder.glob("*.md")) if path.name != "README.md"}
    article = paths.pop("xiaomi-200-billion-article.md", None)
    ours = [p for p in paths.values() if p.name in rows or split_document(p)[0].get("document")]
    problems = [Problem(name, 0, "no such document") for name in rows.keys() - paths.keys()]
    for path in ours:
        problems += check_document(path, rows.get(path.name, []))
    return [*problems, *check_repeats([article, *ours] if article else ours)]


def main() -> int:
    """Print what is wrong with the folder named on the command line; 1 when anything is."""
    problems = check(Path(sys.argv[1] if len(sys.argv) > 1 else "corpus"))
    for file, line, message in problems:
        print(f"{file}:{line}: {message}")
    print(f"{len(problems)} problem(s)", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
