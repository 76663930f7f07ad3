"""HTML → text of the one shape: what a person sees of the page, in reading order.

Scripts, hidden elements and menus go; tables become pipe rows with spans expanded.
"""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_to_datetime

from bs4 import BeautifulSoup, Tag

from assistant.html_seen import hidden_selectors, seen_events
from assistant.read import Content
from assistant.table_text import pipe_table

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section "
    "summary table tbody td tfoot th thead tr ul".split()
)
_HEADING = re.compile(r"h[1-6]\Z")


def content_from_html(html: str) -> Content:
    """The visible text of a page, with title, date and address where the page gives them."""
    html = re.sub(r"\A\s*<\?xml[^>]*\?>", "", html)  # lxml refuses str with an encoding declared
    soup = BeautifulSoup(html, "lxml")
    title = soup.title.get_text() if soup.title else ""
    facts = Content(
        (),
        title=title.strip() or _meta(soup, "og:title"),
        as_of=_date(soup),
        url=_address(soup),
    )
    hidden_names = hidden_selectors(soup)
    writer = _Writer()
    _walk(soup.body or soup, writer, hidden_names)
    return Content((writer.text(),), title=facts.title, as_of=facts.as_of, url=facts.url)


# ---------------------------------------------------------------- facts


def _meta(soup: BeautifulSoup, name: str) -> str:
    for key in ("property", "name", "itemprop"):
        tag = soup.find("meta", attrs={key: re.compile(re.escape(name) + r"\Z", re.I)})
        if isinstance(tag, Tag) and (value := str(tag.get("content") or "").strip()):
            return value
    return ""


def _date(soup: BeautifulSoup) -> date | None:
    for name in ("article:published_time", "datePublished", "date", "dc.date", "dcterms.date"):
        value = _meta(soup, name)
        try:
            if match := re.match(r"\d{4}-\d{2}-\d{2}", value):
                return date.fromisoformat(match.group())
            if value:
                return parsedate_to_datetime(value).date()
        except (ValueError, TypeError):
            continue
    return None


def _address(soup: BeautifulSoup) -> str | None:
    link = soup.find("link", attrs={"rel": "canonical"})
    href = str(link.get("href") or "") if isinstance(link, Tag) else _meta(soup, "og:url")
    return href if href.startswith(("http://", "https://")) else None


# ---------------------------------------------------------------- writing


class _Writer:
    """Collects blocks; inline text gathers until the block ends."""

    def __init__(self) -> None:
        self.blocks: list[tuple[str, bool]] = []  # text, is a list item
        self.inline: list[str] = []
        self.prefix = ""
        self.lists: list[int] = []  # numbers of open ordered lists; -1 for bullets

    def text(self) -> str:
        self.flush()
        out: list[str] = []
        for i, (block, item) in enumerate(self.blocks):
            if i:
                out.append("\n" if item and self.blocks[i - 1][1] else "\n\n")
            out.append(block)
        return "".join(out)

    def flush(self) -> None:
        text = _squeezed("".join(self.inline))
        self.inline.clear()
        if not text:
            return
        if not self.prefix:
            text = re.sub(r"^(?=#{1,6} |\|)", r"\\", text, flags=re.M)  # text, not markup
        item = bool(re.match(r"\s*(?:- |\d+\. )", self.prefix))
        if self.prefix.startswith("#"):
            text = text.replace("\n", " ")
        if item:
            text = text.replace("\n", "\n" + " " * len(self.prefix))
        self.blocks.append((self.prefix + text, item))
        self.prefix = ""


def _squeezed(text: str) -> str:
    """Blanks collapsed; NUL marks a line break, \\x01 … \\x01 keeps its lines (pre)."""
    parts = text.split("\x01")
    for i in range(0, len(parts), 2):
        parts[i] = re.sub(r"\s+", " ", parts[i])
    text = "".join(parts).replace("\0", "\n")
    return re.sub(r" *\n *", "\n", text).strip() if len(parts) == 1 else text.strip()


def _walk(root: Tag, writer: _Writer, hidden_names: frozenset[str]) -> None:
    events = seen_events(root, hidden_names)
    reply: bool | None = None
    while True:
        try:
            what, item, behind = events.send(reply)
        except StopIteration:
            break
        reply = None
        if what == "text":
            writer.inline.append(_text(str(item)))
        elif isinstance(item, Tag):
            if item.name == "table" and what == "start" and _is_data(item):
                writer.flush()
                writer.blocks.extend((b, False) for b in _table(item, hidden_names, behind))
                reply = True
            elif item.name in _BLOCKS:
                writer.flush()
                _block(writer, what, item)
            else:
                _inline(writer.inline, what, item)
    writer.flush()


def _text(text: str) -> str:
    return re.sub(r"[\0\x01]", "", text)


def _inline(out: list[str], what: str, tag: Tag) -> None:
    if tag.name == "br" and what == "start":
        out.append("\0")
    elif tag.name == "sup" and what == "start":
        # "25,867<sup>1</sup>" must not read as 25,8671; "10<sup>6</sup>" is 10^6 anyway.
        before = "".join(out[-3:])[-1:]
        if before.isdigit() and re.match(r"\s*[\d−-]", tag.get_text()):
            out.append("^")
    elif tag.name == "q":
        out.append("“" if what == "start" else "”")


def _block(writer: _Writer, what: str, tag: Tag) -> None:
    name = tag.name
    if name in ("ul", "ol"):
        if what == "start":
            start = str(tag.get("start") or "1")
            writer.lists.append(int(start) - 1 if name == "ol" and start.isdigit() else -1)
        elif writer.lists:
            writer.lists.pop()
        writer.prefix = ""
    elif name in ("li", "dd"):
        writer.prefix = ""
        if what == "start":
            marker = "- "
            if name == "li" and writer.lists and writer.lists[-1] >= 0:
                writer.lists[-1] += 1
                marker = f"{writer.lists[-1]}. "
            writer.prefix = "  " * max(0, min(len(writer.lists), 9) - 1) + marker
    elif _HEADING.match(name):
        writer.prefix = "#" * int(name[1]) + " " if what == "start" else ""
    elif name == "pre":
        writer.inline.append("\x01")
        if what == "end":
            writer.flush()


# ---------------------------------------------------------------- tables


def _is_data(table: Tag) -> bool:
    """False for tables that only lay out the page: nested tables, or a single column."""
    if table.find("table") is not None:
        return False
    rows = table.find_all("tr")
    widest = max((len(row.find_all(["td", "th"])) for row in rows), default=0)
    return widest > 1 and len(rows) > 1


def _table(table: Tag, hidden_names: frozenset[str], behind: str) -> list[str]:
    rows: list[list[str]] = []
    heads: list[bool] = []
    below: dict[tuple[int, int], str] = {}  # cells that reach down from rows above
    blocks: list[str] = []
    row: list[str] = []
    cell: list[str] | None = None
    all_head = True
    for what, item, _ in seen_events(table, hidden_names, behind):
        if isinstance(item, str):
            if cell is not None:
                cell.append(_text(item))
        elif item.name == "caption":
            cell = [] if what == "start" else cell
            if what == "end" and cell is not None:
                blocks.append(_squeezed("".join(cell)))
                cell = None
        elif item.name == "tr":
            if what == "start":
                row, all_head = [], True
            elif row:
                _take_below(row, below, len(rows))
                rows.append(row)
                heads.append(all_head or item.find_parent("thead") is not None)
        elif item.name in ("td", "th"):
            if what == "start":
                cell = []
            elif cell is not None:
                all_head = all_head and item.name == "th"
                text = _squeezed("".join(cell)).replace("\n", " ")
                cell = None
                _take_below(row, below, len(rows))
                wide, high = _count(item, "colspan"), _count(item, "rowspan")
                for down in range(1, high):
                    for i in range(wide):
                        below[len(rows) + down, len(row) + i] = text
                row.extend([text] * wide)
        elif cell is not None:
            if item.name in _BLOCKS and cell:
                cell.append(" ")
            _inline(cell, what, item)
    header_rows = 0
    while header_rows < len(heads) and heads[header_rows]:
        header_rows += 1
    return [b for b in blocks if b] + pipe_table(rows, header_rows)


def _take_below(row: list[str], below: dict[tuple[int, int], str], number: int) -> None:
    while (number, len(row)) in below:
        row.append(below.pop((number, len(row))))


def _count(tag: Tag, name: str) -> int:
    value = str(tag.get(name) or "1").strip()
    return min(max(int(value), 1), 100) if value.isdecimal() else 1
