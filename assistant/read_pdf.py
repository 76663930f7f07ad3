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

_BULLET = re.compile(r"([•●▪■◦‣∙·○]|[-–—](?=\s))\s*")
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
    pages = _without_running(pages)
    words = Counter(
        word.strip(".,;:()“”\"'").lower()
        for lines in pages
        for line in lines
        for word in line.text.split()
    )
    texts = tuple(_page_text(lines, words) for lines in pages)
    return Content(
        texts,
        paged=True,
        title=_title(facts.get("Title", "")) or _filing(pages),
        as_of=_created(facts),
    )


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


def _filing(pages: list[list[Line]]) -> str:
    """Company, form and period from the cover of an SEC filing: its first line names nobody."""
    lines = [line.text for page in pages[:1] for line in page]
    text = "\n".join(lines)
    form = re.search(r"\bform\s+(\d+-[A-Z]+)\b", text, re.I)
    at = next((i for i, line in enumerate(lines) if re.search("exact name of reg", line, re.I)), 0)
    if form is None or not at:
        return ""
    when = re.search(
        r"(?:year|quarter\w*(?: period)?|period) ended:?\s+([A-Z]\w+ \d+,? \d{4})"
        r"|([A-Z]\w+ \d+, \d{4})\s*\n?\s*(?:date of report|\(date of)"
        r"|date of report[^\n]*?([A-Z]\w+ \d+, \d{4})",
        text,
        re.I,
    )
    period = next((found for found in when.groups() if found), "") if when else ""
    return f"{lines[at - 1]} Form {form.group(1).upper()} {period}".strip()


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
    return kept if any(kept) else pages


def _edges(lines: list[Line]) -> list[Line]:
    return lines if len(lines) <= 2 * _EDGE else lines[:_EDGE] + lines[-_EDGE:]


def _key(line: Line) -> str:
    # Only a number at an end counts pages: slides may differ in a year or quarter alone.
    return re.sub(r"^\W*\d{1,4}\b|\b\d{1,4}(?:\s*(?:of|/)\s*\d+)?\W*$", "#", line.text.lower())


def _runs(line: Line, often: set[str], pages: int) -> bool:
    return _key(line) in often or (pages > 1 and bool(_PAGE_NUMBER.fullmatch(line.text)))


# ---------------------------------------------------------------- paragraphs


def _page_text(lines: list[Line], words: Counter[str]) -> str:
    blocks: list[str] = []
    at = 0
    for table in tables_of_lines(lines):
        blocks.extend(_paragraphs(lines[at : table.first], lines, words))
        blocks.extend(table.blocks)
        at = table.end
    blocks.extend(_paragraphs(lines[at:], lines, words))
    return "\n\n".join(blocks)


def _paragraphs(lines: list[Line], page: list[Line], words: Counter[str]) -> list[str]:
    gaps = [a.y0 - b.y1 for a, b in pairwise(page) if a.y0 > b.y0]
    usual = median(gaps) if len(gaps) > 3 else 0.0  # of few lines no gap is the usual one
    right = max((line.x1 for line in page), default=0.0)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and not _starts(groups[-1], line, usual, right):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_paragraph(group, words) for group in groups]


def _starts(group: list[Line], line: Line, usual: float, right: float) -> bool:
    before = group[-1]
    height = min(before.height, line.height)
    gap = before.y0 - line.y1
    own = group[-2].y0 - before.y1 if len(group) > 1 else usual
    runs_on = before.x1 > right - 6 * height and not re.search(r"[.:;!?]\W?$", before.text)
    limit = 0.9 * height if runs_on else min(usual, 0.9 * height) + 0.3 * height
    if gap > max(limit, own + 0.2 * height if len(group) > 1 else 0.0) or gap < -2 * height:
        return True
    if _tabular(before) or _tabular(line):
        return not _BULLET.match(before.text) or _tabular(line)
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


def _tabular(line: Line) -> bool:
    """Cells stand apart as columns do; the gaps of stretched prose are narrower."""
    return any(b.x0 - a.x1 > 2 * line.height for a, b in pairwise(line.cells))


def _paragraph(group: list[Line], words: Counter[str]) -> str:
    text = group[0].text
    for line in group[1:]:
        following = line.text
        if re.search(r"[a-zà-ÿ]-$", text) and following[:1].islower():
            text = _without_hyphen(text, following, words) + following
        elif text.endswith(("-", "/")) and not text.endswith(" -"):
            text += following
        elif _wide(text[-1:]) and _wide(following[:1]):
            text += following  # Chinese and Japanese have no blanks between words
        else:
            text += " " + following
    if match := _BULLET.match(text):
        return "- " + text[match.end() :]
    if (
        all(line.bold and not _tabular(line) for line in group)
        and len(text) < 120
        and re.search(r"^\w.*\w[^.,;]?$", text)
    ):
        return "## " + text
    return re.sub(r"^(?=#{1,6} |\|)", r"\\", text)


def _without_hyphen(text: str, following: str, words: Counter[str]) -> str:
    """`text` without its last hyphen, unless the document writes the word with one."""
    start = text[:-1].split()[-1].lower().lstrip("(“\"'")
    end = re.split(r"[\s.,;:)”\"']", following, maxsplit=1)[0].lower()
    keep = "-" in start or words[f"{start}-{end}"] > words[f"{start}{end}"]
    return text if keep else text[:-1]


def _wide(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef"
