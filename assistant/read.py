"""Bytes of a file → Document: text of one shape, normalised here and never again.

Paragraphs are parted by blank lines; headings are `# …`, list items `- …` or `1. …`, tables pipe
rows. HTML and PDF are in read_html and read_pdf. Nothing here splits or indexes.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath

import charset_normalizer
import yaml

from assistant.errors import ReadError
from assistant.types import Document, Page, Source, Span

MAX_BYTES = 100 * 1024 * 1024
READ_SUFFIXES = (".md", ".markdown", ".txt", ".html", ".htm", ".pdf")
TITLE_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Content:
    """What a reader found: one text per page (one in all where there are none), and the facts."""

    texts: tuple[str, ...]
    paged: bool = False
    title: str = ""
    kind: str = ""
    as_of: date | None = None
    url: str | None = None


def why_skipped(source_id: str) -> str | None:
    """Reason for which this file of the corpus is left out; None when `read` takes it."""
    path = PurePosixPath(source_id)
    if any(part.startswith((".", "~", "__MACOSX")) for part in path.parts):
        return "hidden or temporary file"
    if source_id.lower() == "readme.md":
        return "README.md describes the folder"
    suffix = path.suffix.lower()
    if suffix == ".jsonl":
        return "list of sources, not a document"
    if not suffix:
        return "file without a suffix"
    if suffix not in READ_SUFFIXES:
        return f"format {suffix} is not supported yet"
    return None


def read(path: Path, source_id: str) -> Document:
    """The document in the file `path`; renaming the file changes nothing but the source's id.

    Raises ReadError when the file is gone, too big, empty, encrypted, damaged or not text.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ReadError(
                f"{source_id} is larger than {MAX_BYTES // 1024**2} MB", "split it into parts"
            )
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(
            f"{source_id} cannot be opened: {error.strerror}", "check that it is a readable file"
        ) from error
    if not data.strip():
        raise ReadError(f"{source_id} is empty", "remove it or fill it")
    suffix = PurePosixPath(source_id).suffix.lower()
    if suffix == ".pdf":
        from assistant.read_pdf import content_from_pdf

        content = content_from_pdf(data, source_id)
    elif suffix in (".html", ".htm"):
        from assistant.read_html import content_from_html

        content = content_from_html(_html_text(data, source_id))
    elif suffix == ".txt":
        content = Content((decode(data, source_id),))
    elif suffix in (".md", ".markdown"):
        content = content_from_markdown(decode(data, source_id), source_id)
    else:
        raise ReadError(f"{source_id}: {why_skipped(source_id)}", "convert it to PDF or Markdown")
    return _document(content, source_id, hashlib.sha256(data).hexdigest())


def _document(content: Content, source_id: str, sha256: str) -> Document:
    parts: list[str] = []
    pages: list[Page] = []
    at = 0
    for number, raw in enumerate(content.texts, start=1):
        text = normalise(raw)
        if parts and text:
            parts.append("\n\n")
            at += 2
        pages.append(Page(number, Span(at, at + len(text))))
        if text:
            parts.append(text)
            at += len(text)
    text = "".join(parts)
    if not text:
        raise ReadError(f"{source_id} is empty", "it holds no visible text: remove it or fill it")
    source = Source(
        id=source_id,
        sha256=sha256,
        title=_one_line(content.title) or _title_from_text(text),
        kind=_one_line(content.kind) or "document",
        as_of=content.as_of,
        url=content.url,
    )
    return Document(source, text, tuple(pages) if content.paged else ())


# ---------------------------------------------------------------- normalisation

_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
_KEPT_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2")  # they print
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u3164\uffa0")


class _Characters(dict[int, str]):
    """Table for str.translate that decides about a character when it first meets it."""

    def __missing__(self, code: int) -> str:
        self[code] = _character(chr(code))
        return self[code]


def _character(character: str) -> str:
    category = unicodedata.category(character)
    if character in "\n\t":
        return character
    if character in "\x0b\x85\u2028":
        return "\n"
    if character in "\x0c\u2029":
        return "\n\n"
    if category == "Zs":
        return " "
    if character in "\uf0b7\uf0a7":  # bullets of the Symbol and Wingdings fonts
        return "•"
    code = ord(character)
    if character in _INVISIBLE or 0xFE00 <= code <= 0xFE0F or 0xE0000 <= code <= 0xE0FFF:
        return ""  # variation selectors and tags can carry text that nobody sees
    if (code & 0xFFFE) == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return ""
    if category in ("Cc", "Cs") or (category == "Cf" and character not in _KEPT_FORMATS):
        return ""
    return _LIGATURES.get(character, character)


_CHARACTERS = _Characters()


def normalise(text: str) -> str:
    """The one normal form: NFC, LF, plain spaces, nothing invisible, no more than one blank line.

    Applying it twice changes nothing. NFKC would turn ² into 2 and so change figures.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CHARACTERS)
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"^[ \t]*\t", lambda m: m.group().replace("\t", "    "), text, flags=re.M)
    text = text.replace("\t", " ")
    text = "\n".join(line.rstrip(" ") for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def decode(data: bytes, source_id: str) -> str:
    """Text of `data`: UTF-8, UTF-16/32 with a mark, else what charset-normalizer finds."""
    not_text = ReadError(
        f"{source_id} is not text", "give it the suffix of its real format, or remove it"
    )
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise not_text from error
    if b"\0" in data:
        raise not_text
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _guess(data) or ""
    odd = sum(1 for c in text[:4096] if unicodedata.category(c) == "Cc" and c not in "\n\r\t\f\v")
    if not text or odd > len(text[:4096]) // 50:
        raise not_text
    return text


def _guess(data: bytes) -> str | None:
    # The encodings of filings and notes in English, Western, Chinese, Japanese and Korean; with
    # all of Python's allowed, short windows-1252 texts come back as Baltic or Turkish.
    best = charset_normalizer.from_bytes(
        data, cp_isolation=["cp1252", "gb18030", "cp932", "big5", "euc_kr", "cp1251"]
    ).best()
    return str(best) if best is not None else None


def _html_text(data: bytes, source_id: str) -> str:
    declared = re.search(rb"<meta[^>]+charset=[\"']?\s*([\w-]+)", data[:4096], re.I)
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        name = declared.group(1).decode("ascii").lower()
        name = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252"}.get(name, name)
        for encoding in ("utf-8", name):
            try:
                return data.decode(encoding)
            except (UnicodeDecodeError, LookupError):
                continue
    return decode(data, source_id)


# ---------------------------------------------------------------- Markdown

_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)


def content_from_markdown(text: str, source_id: str) -> Content:
    """Markdown without its front matter and without what a reader of the page would not see."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    facts: dict[str, object] = {}
    if match := _FRONT_MATTER.match(text):
        found = _front_matter(match.group(1), source_id)
        if found is not None:
            facts, text = found, text[match.end() :]
    from assistant.read_markdown import visible_markdown

    return Content(
        (visible_markdown(text),),
        title=_fact(facts, "title"),
        kind=_fact(facts, "kind"),
        as_of=_as_of(facts.get("as_of"), source_id),
        url=_fact(facts, "url") or None,
    )


def _front_matter(block: str, source_id: str) -> dict[str, object] | None:
    try:
        facts = yaml.safe_load(block)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" on line {mark.line + 2}" if mark else ""
        problem = getattr(error, "problem", None) or "cannot be read"
        raise ReadError(
            f"{source_id}: the front matter is not valid YAML{line}: {problem}",
            "put values that hold a colon or begin with a sign between quotes",
        ) from error
    except (ValueError, RecursionError) as error:  # a date such as 2025-02-30
        raise ReadError(
            f"{source_id}: the front matter cannot be read: {error}",
            "write dates as YYYY-MM-DD",
        ) from error
    if facts is None:
        return {}
    return facts if isinstance(facts, dict) else None  # a text between two rules


def _fact(facts: dict[str, object], name: str) -> str:
    value = facts.get(name)
    return str(value).strip() if isinstance(value, str | int | float | date) else ""


def _as_of(value: object, source_id: str) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError as error:
        raise ReadError(
            f"{source_id}: as_of in the front matter is not a date: {str(value)[:40]}",
            "write it as YYYY-MM-DD",
        ) from error


# ---------------------------------------------------------------- titles


def _one_line(text: str) -> str:
    return " ".join(normalise(text).split())


def _title_from_text(text: str) -> str:
    heading = re.search(r"^#{1,6} +(.+?)(?: +#+)?$", text, re.M)
    line = heading.group(1) if heading else text.split("\n", 1)[0]
    line = line[:1000]  # links in longer lines take the pattern too long
    line = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", line)
    line = " ".join(re.sub(r"\*\*|__|`|^[-|>#\s]+|[|\s]+$", "", line).split()) or line.strip()
    if len(line) <= TITLE_CHARACTERS:
        return line
    cut = line[: TITLE_CHARACTERS - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[40:] else cut).rstrip(" ,;:") + "…"
