"""Characters of a PDF page with their boxes → lines of words in reading order.

Knows pypdfium2's text page and nothing of paragraphs or tables.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_high

import pypdfium2 as pdfium
import pypdfium2.raw as raw


@dataclass(slots=True)
class Box:
    """Text and where it stands, in points; y grows upward."""

    text: str
    x0: float
    x1: float
    y0: float
    y1: float

    @property
    def height(self) -> float:
        """Height of the font's box: about 1.15 times the font size."""
        return self.y1 - self.y0


@dataclass(slots=True)
class Line:
    """A line of a page; `cells` are its words joined up to the wide gaps."""

    cells: list[Box]
    height: float  # of the font's box, for most of its words
    bold: bool = False

    @property
    def text(self) -> str:
        """All cells with blanks between."""
        return " ".join(cell.text for cell in self.cells)

    @property
    def x0(self) -> float:
        """Left end."""
        return self.cells[0].x0

    @property
    def x1(self) -> float:
        """Right end."""
        return self.cells[-1].x1

    @property
    def y0(self) -> float:
        """Lower end of the highest cell's box."""
        return min(cell.y0 for cell in self.cells)

    @property
    def y1(self) -> float:
        """Upper end."""
        return max(cell.y1 for cell in self.cells)


@dataclass(slots=True)
class _Word(Box):
    bold: bool = False
    spaced: bool = False  # the file itself has a blank before it


# Justified prose stretches its blanks alike, to about 0.7 of the font size; columns stand 1 apart
# or more, or at least clearly further than the line's other blanks.
CELL_GAP = 0.85
_SIGNS = frozenset(("$", "€", "£", "¥", "US$", "HK$", "RMB"))


def lines_of_page(page: pdfium.PdfPage) -> list[Line]:
    """The page's lines from top to bottom; two columns of prose come one after the other."""
    textpage = page.get_textpage()
    try:
        words = _words(page, textpage)
    finally:
        textpage.close()
    left, right = _columns(words)
    return _lines(left) + _lines(right)


def _words(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage) -> list[_Word]:
    count = textpage.count_chars()
    handle = textpage.raw
    width, height = page.get_size()
    turns = _turns(handle, count)
    box = raw.FS_RECTF()
    words: list[_Word] = []
    word: _Word | None = None
    get_box, get_unicode = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetUnicode
    high, spaced = 0, False
    for i in range(count):
        code = get_unicode(handle, i)
        if code in (0x20, 0x0A, 0x0D, 0x09, 0xA0, 0x3000) or not get_box(handle, i, box):
            word = None
            spaced = spaced or not raw.FPDFText_IsGenerated(handle, i)
            continue
        if code in (0x02, 0xFFFE):  # pdfium's marks for a hyphen at a line end
            code = 0x2D
        elif code == 0 or (0xDC00 <= code < 0xE000 and not high):
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if high:
            code, high = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00), 0
        x0, x1, y0, y1 = _upright(box, turns, width, height)
        if y1 - y0 < 1.5 or x1 < 0 or y1 < 0:  # too small to see, or off the page
            continue
        character = chr(code)
        if word is not None:
            size = word.y1 - word.y0
            near = -0.5 * size < x0 - word.x1 < 0.25 * size
            same = abs(y0 - word.y0) < 0.1 * size and abs(y1 - y0 - size) < 0.15 * size
            if near and same:
                word.text += character
                word.x1 = max(word.x1, x1)
                continue
        word = _Word(character, x0, x1, y0, y1, _is_bold(handle, i), spaced)
        spaced = False
        words.append(word)
    return words


def _turns(handle: object, count: int) -> int:
    """Quarter turns (clockwise) in which most of the text is written."""
    sampled = range(0, count, max(1, count // 60))
    angles = (raw.FPDFText_GetCharAngle(handle, i) for i in sampled)
    turns = Counter(round(a / (math.pi / 2)) % 4 for a in angles if a >= 0)
    return turns.most_common(1)[0][0] if turns else 0


def _upright(
    box: raw.FS_RECTF, turns: int, width: float, height: float
) -> tuple[float, float, float, float]:
    x0, x1, y0, y1 = box.left, box.right, box.bottom, box.top
    if turns == 3:
        return y0, y1, width - x1, width - x0
    if turns == 2:
        return width - x1, width - x0, height - y1, height - y0
    if turns == 1:
        return height - y1, height - y0, x0, x1
    return x0, x1, y0, y1


def _is_bold(handle: object, i: int) -> bool:
    if raw.FPDFText_GetFontWeight(handle, i) >= 600:
        return True
    name = ctypes.create_string_buffer(96)
    flags = ctypes.c_int()
    length = raw.FPDFText_GetFontInfo(handle, i, name, 96, flags)
    return 0 < length <= 96 and b"bold" in name.value.lower()


def _columns(words: list[_Word]) -> tuple[list[_Word], list[_Word]]:
    """The words left and right of a gutter between two columns of prose; all left without one."""
    if len(words) < 200:
        return words, []
    x0, x1 = min(w.x0 for w in words), max(w.x1 for w in words)
    rows = _rows(words)
    step = (x1 - x0) / 100
    crossed, _, gutter = min(_gutter(rows, x0 + k * step) for k in range(35, 66))
    both = 0
    for row in rows:
        lefts = [w for w in row if w.x1 <= gutter]
        rights = [w for w in row if w.x0 >= gutter]
        if len(lefts) > 2 and len(rights) > 2:
            full = sum(w.x1 - w.x0 for w in lefts) > 0.55 * (gutter - x0)
            full = full and sum(w.x1 - w.x0 for w in rights) > 0.4 * (x1 - gutter)
            gap = min(w.x0 for w in rights) - max(w.x1 for w in lefts)
            both += full and gap > 0.8 * row[0].height
    if both < 12 or both < 0.5 * len(rows) or crossed > 0.2 * len(rows):
        return words, []
    left: list[_Word] = []
    right: list[_Word] = []
    for row in rows:
        crosses = any(w.x0 < gutter < w.x1 for w in row)
        for word in row:
            (right if word.x0 >= gutter and not crosses else left).append(word)
    return left, right


def _gutter(rows: list[list[_Word]], x: float) -> tuple[int, float, float]:
    """Rows with a word across `x`, less the free width around it, and `x`: smallest is best."""
    crossed, free = 0, 0.0
    for row in rows:
        if any(w.x0 < x < w.x1 for w in row):
            crossed += 1
        else:
            left = max((w.x1 for w in row if w.x1 <= x), default=x)
            free += min((w.x0 for w in row if w.x0 >= x), default=x) - left
    return crossed, -free, x


def _rows(words: list[_Word]) -> list[list[_Word]]:
    """Words that share a baseline, from top to bottom; raised notes stay with their word."""
    rows: list[list[_Word]] = []
    for word in sorted(words, key=lambda w: (-(w.y0 + w.y1) / 2, w.x0)):
        middle = (word.y0 + word.y1) / 2
        for row in rows[-2:]:
            first = row[0]
            if first.y0 < middle < first.y1 or word.y0 < (first.y0 + first.y1) / 2 < word.y1:
                share = min(first.y1, word.y1) - max(first.y0, word.y0)
                if share > 0.6 * min(first.height, word.height):
                    row.append(word)
                    if word.height > first.height:
                        row[0], row[-1] = word, first
                    break
        else:
            rows.append([word])
    return rows


def _lines(words: list[_Word]) -> list[Line]:
    return [_line(sorted(row, key=lambda w: w.x0)) for row in _rows(words)]


def _line(words: list[_Word]) -> Line:
    height = median_high(word.height for word in words)
    gaps = sorted(gap for a, b in pairwise(words) if (gap := b.x0 - a.x1) > 0.12 * height)
    blank = gaps[len(gaps) // 10] if gaps else 0.0
    wide = min(CELL_GAP * height, max(0.5 * height, 2.4 * blank))
    first = words[0]
    cells = [Box(first.text, first.x0, first.x1, first.y0, first.y1)]
    for before, word in pairwise(words):
        cell = cells[-1]
        gap = word.x0 - cell.x1
        if gap > wide or (gap > 0.2 * height and _next_amount(cell.text, word.text)):
            cells.append(Box(word.text, word.x0, word.x1, word.y0, word.y1))
            continue
        raised = word.height < 0.85 * before.height and word.y0 > before.y0 + 0.05 * height
        if gap > 0.12 * height or (word.spaced and gap > -0.05 * height):
            cell.text += " " + word.text
        elif raised and before.text[-1:].isdigit() and word.text[0].isdigit():
            cell.text += "^" + word.text  # a footnote's number must not lengthen the figure
        else:
            cell.text += word.text
        cell.x1 = max(cell.x1, word.x1)
        cell.y0, cell.y1 = min(cell.y0, word.y0), max(cell.y1, word.y1)
    return Line(cells, height, all(word.bold for word in words))


def _next_amount(before: str, word: str) -> bool:
    """A currency sign after a figure begins the next column, however narrow the gap."""
    return word in _SIGNS and before[-1:] in "0123456789)%—–"
