"""PDF → text page by page, rebuilt from where the words stand: paragraphs and tables of figures.

Running heads, feet and page numbers go. No OCR: a scan without a text layer is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from itertools import pairwise
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from assistant.errors import ReadError
from assistant.pdf_lines import Line, lines_of_page
from assistant.pdf_tables import tables_of_lines
from assistant.read import Content

_BULLET = re.compile(r"([•●▪■◦‣∙·○]|[-–—*](?=\s))\s*")
_PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:page\s+)?(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:of|/)\s*\d+)?[-–—\s]*", re.I
)
_EDGE = 3  # lines at the top and bottom of a page that may be running heads or feet


def content_from_pdf(data: bytes, source_id: str) -> Content:
    """The text of every page, empty pages included; raises ReadError (see read.read)."""
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise ReadError(f"{source_id} is encrypted", "save it without a password") from error
        raise ReadError(
            f"{source_id} is not a readable PDF", "it may be cut off: get the file again"
        ) from error
    try:
        pages = [_lines(pdf, i, source_id) for i in range(len(pdf))]
        facts = pdf.get_metadata_dict()
    finally:
        pdf.close()
    if not any(pages):
        raise ReadError(
            f"{source_id} has no text layer (scanned)", "run OCR on it first, e.g. ocrmypdf"
        )
    texts = tuple(_page_text(lines) for lines in _without_running(pages))
    return Content(texts, paged=True, title=_title(facts.get("Title", "")), as_of=_created(facts))


def _lines(pdf: pdfium.PdfDocument, i: int, source_id: str) -> list[Line]:
    try:
        page = pdf[i]
    except pdfium.PdfiumError as error:
        raise ReadError(
            f"{source_id}: page {i + 1} cannot be read", "it may be damaged: get the file again"
        ) from error
    try:
        return lines_of_page(page)
    finally:
        page.close()


def _title(title: str) -> str:
    title = " ".join(title.split())
    if re.match(
        r"microsoft (?:word|powerpoint|excel)\b|untitled|document\d*$|slide \d", title, re.I
    ):
        return ""
    if re.search(r"\.\w{2,5}$|^[\w.:/\\-]*[\d_/\\][\w.:/\\-]*$|^[\W\d]*$", title):
        return ""  # a file name or an accession number
    return title if len(title) > 3 else ""


def _created(facts: dict[str, str]) -> date | None:
    match = re.match(r"(?:D:)?(\d{4})(\d{2})(\d{2})", facts.get("CreationDate", ""))
    if match is None:
        return None
    try:
        created = date(*map(int, match.groups()))
    except ValueError:
        return None
    return created if date(1993, 1, 1) <= created <= date.today() else None


# ---------------------------------------------------------------- running heads and feet


def _without_running(pages: list[list[Line]]) -> list[list[Line]]:
    full = [lines for lines in pages if lines]
    seen = Counter(key for lines in full for key in {_key(line) for line in _edges(lines)})
    often = {key for key, n in seen.items() if len(full) >= 3 and n > 0.5 * len(full)}
    kept = []
    for lines in pages:
        first, end = 0, len(lines)
        while first < min(_EDGE, end) and _runs(lines[first], often, len(full)):
            first += 1
        while end > max(first, len(lines) - _EDGE) and _runs(lines[end - 1], often, len(full)):
            end -= 1
        kept.append(lines[first:end])
    return kept


def _edges(lines: list[Line]) -> list[Line]:
    return lines if len(lines) <= 2 * _EDGE else lines[:_EDGE] + lines[-_EDGE:]


def _key(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text.lower())


def _runs(line: Line, often: set[str], pages: int) -> bool:
    return _key(line) in often or (pages > 1 and bool(_PAGE_NUMBER.fullmatch(line.text)))


# ---------------------------------------------------------------- paragraphs


def _page_text(lines: list[Line]) -> str:
    blocks: list[str] = []
    at = 0
    for table in tables_of_lines(lines):
        blocks.extend(_paragraphs(lines[at : table.first], lines))
        blocks.extend(table.blocks)
        at = table.end
    blocks.extend(_paragraphs(lines[at:], lines))
    return "\n\n".join(blocks)


def _paragraphs(lines: list[Line], page: list[Line]) -> list[str]:
    gaps = [a.y0 - b.y1 for a, b in pairwise(page) if a.y0 > b.y0]
    usual = median(gaps) if gaps else 0.0
    right = max((line.x1 for line in page), default=0.0)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and not _starts(groups[-1], line, usual, right):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_paragraph(group) for group in groups]


def _starts(group: list[Line], line: Line, usual: float, right: float) -> bool:
    before = group[-1]
    height = min(before.height, line.height)
    gap = before.y0 - line.y1
    if gap > min(usual, 0.9 * height) + 0.3 * height or gap < -2 * height:
        return True
    if len(before.cells) > 1 or len(line.cells) > 1:
        return not _BULLET.match(before.text) or len(line.cells) > 1
    if _BULLET.match(line.text) or abs(before.height - line.height) > 0.15 * height:
        return True
    if before.bold != line.bold and (before.bold or len(group) == 1):
        return True
    if _BULLET.match(group[0].text):
        return line.x0 <= group[0].x0 + 1 and before.x1 < right - 6 * height
    indented = line.x0 > before.x0 + 0.8 * height
    if indented and (len(group) > 1 or before.text.rstrip().endswith((".", ":"))):
        return True
    short = before.x1 < right - 0.25 * (right - before.x0)
    return short and before.text.rstrip().endswith((".", ":", "?", "!"))


def _paragraph(group: list[Line]) -> str:
    text = group[0].text
    for line in group[1:]:
        following = line.text
        if re.search(r"[a-zà-ÿ]-$", text) and following[:1].islower():
            text = text[:-1] + following
        elif text.endswith(("-", "/")) and not text.endswith(" -"):
            text += following
        elif _wide(text[-1:]) and _wide(following[:1]):
            text += following  # Chinese and Japanese have no blanks between words
        else:
            text += " " + following
    if match := _BULLET.match(text):
        return "- " + text[match.end() :]
    return re.sub(r"^(?=#{1,6} |\|)", r"\\", text)


def _wide(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef"
