"""Document → Passages by structure: paragraphs, list items, table rows with their header. Pure.

Every passage is an exact span of the document, and its embedding text is never longer than the
embedder reads. Knows the one shape of text that every reader gives, and no file format.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.figures import has_currency
from assistant.sentences import sentence_spans
from assistant.table_text import is_period, is_value
from assistant.tables import cells
from assistant.types import Document, Passage, PassageKind, Span

TokenCounts = Callable[[Sequence[str]], list[int]]

# Paragraphs are joined up to this share of the longest passage. Smaller passages find a fact more
# surely, larger ones keep what a sentence refers to.
TARGET_SHARE = 0.65

_HEADING = re.compile(r"(?:(?P<marks>#{1,6})\s+|H(?P<level>[1-6]):\s*)(?P<title>.*\S)")
_BOLD_LINE = re.compile(r"\*\*[^*]{2,80}\*\*:?")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+\S")
_ROW = re.compile(r"\s*\|.*\|\s*$")
_RULE = re.compile(r"\s*\|[\s|:-]+\|\s*$")
_PERIODISH = re.compile(
    r"(?:FY|Q[1-4]|[12]H|H[12])?\s?'?(?:19|20)\d\d\w?|[1-4]Q\d\d|.*\b(?:months|years?|quarter)\b.*",
    re.I,
)
MAX_HEADER_ROWS = 3
MAX_GROUP_ROWS = 6
"""So many rows of units and labels may stand between a header and its first figures."""
LONGEST_GROUP = 80
"""Characters of a label that stands alone in its row, above the rows of its group."""
MAX_CAPTION_CHARACTERS = 200
MAX_CAPTIONS = 3
_BRACKETED = re.compile(r"\([^()]*\)")
_BARE_TOTAL = re.compile(r"total(?: \(\w{1,2}\))?[.:]?", re.IGNORECASE)
_SCALED = re.compile(r"\bin ?(?:thousands|millions|billions)\b", re.IGNORECASE)
_SIGN = re.compile(r"[$€£¥]")


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, list item or table row before packing."""

    span: Span
    kind: PassageKind
    headings: tuple[str, ...]
    context: str
    page: int | None
    group: int  # blocks of one group may share a passage


def split(document: Document, token_counts: TokenCounts, max_tokens: int) -> list[Passage]:
    """Passages of `document` in order.

    document.text[p.span] == p.text; passages do not overlap; headings, table headers and rules
    are context, not passages; len(p.embedding_text) in tokens is at most `max_tokens`.
    """
    blocks = _blocks(document)
    passages = _packed(document, blocks, token_counts, max_tokens)
    return _fitted(document, passages, token_counts, max_tokens)


def _blocks(document: Document) -> list[_Block]:
    text = document.text
    lines = [Span(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]
    lines = [line for line in lines if line.of(text).strip()]
    out: list[_Block] = []
    path: list[tuple[int, str]] = []
    group = 0
    i = 0
    while i < len(lines):
        line = lines[i].of(text)
        page = document.page_at(lines[i].start)
        headings = tuple(title for _, title in path)
        if match := _HEADING.fullmatch(line.strip()):
            level = len(match["marks"] or "") or int(match["level"])
            path = [entry for entry in path if entry[0] < level]
            path.append((level, match["title"].strip(" #*")))
            group += 1
            i += 1
        elif _BOLD_LINE.fullmatch(line.strip()):
            path = [entry for entry in path if entry[0] < 7]
            path.append((7, line.strip().strip("*: ")))
            group += 1
            i += 1
        elif _ROW.match(line):
            j = _run(lines, i, text, lambda s: _ROW.match(s) is not None)
            caption = _caption(out, lines, i, text)
            out += _rows(text, lines[i:j], headings, caption, page)
            group += 1
            i = j
        elif _ITEM.match(line):
            lead = _lead_in(out, text, lines[i].start, headings)
            out.append(
                _Block(_trimmed(text, lines[i]), PassageKind.LIST_ITEM, headings, lead, page, group)
            )
            i += 1
        else:
            j = i + 1
            while (
                j < len(lines)
                and text[lines[j - 1].end : lines[j].start].count("\n") < 2
                and not _special(lines[j].of(text))
                and document.page_at(lines[j].start) == page
            ):
                j += 1
            span = _trimmed(text, Span(lines[i].start, lines[j - 1].end))
            out.append(_Block(span, PassageKind.PROSE, headings, "", page, group))
            i = j
    return out


def _special(line: str) -> bool:
    stripped = line.strip()
    return bool(
        _HEADING.fullmatch(stripped)
        or _BOLD_LINE.fullmatch(stripped)
        or _ROW.match(line)
        or _ITEM.match(line)
    )


def _run(lines: Sequence[Span], i: int, text: str, belongs: Callable[[str], bool]) -> int:
    """Index behind the lines from `i` on that belong together without a blank line between."""
    j = i + 1
    while (
        j < len(lines)
        and belongs(lines[j].of(text))
        and text[lines[j - 1].end : lines[j].start].count("\n") < 2
    ):
        j += 1
    return j


def _caption(out: Sequence[_Block], lines: Sequence[Span], i: int, text: str) -> str:
    """The short paragraph directly above a table: mostly its title and unit.

    Above a remark in brackets, "(In thousands)" or "(Unaudited)", the paragraph before it counts too.
    """
    if not out or i == 0 or out[-1].kind is not PassageKind.PROSE:
        return ""
    above = out[-1].span
    if lines[i - 1].end < above.end or above.end > lines[i].start or lines[i - 1].start > above.end:
        return ""
    captions: list[str] = []
    for block in reversed(out[-MAX_CAPTIONS:]):
        if block.kind is not PassageKind.PROSE or block.group != out[-1].group:
            break
        caption = " ".join(block.span.of(text).split())
        if len(caption) > MAX_CAPTION_CHARACTERS:
            last = sentence_spans(block.span.of(text))[-1].of(block.span.of(text))
            caption = " ".join(last.split())
        if len(caption) <= MAX_CAPTION_CHARACTERS:
            captions.insert(0, caption)
        if not _BRACKETED.fullmatch(caption):
            break
    return " ".join(captions)


def _lead_in(out: Sequence[_Block], text: str, start: int, headings: tuple[str, ...]) -> str:
    """The sentence ending in a colon that opens a list."""
    if not out:
        return ""
    last = out[-1]
    if last.kind is PassageKind.LIST_ITEM and last.headings == headings:
        return last.context if text[last.span.end : start].strip() == "" else ""
    if last.kind is not PassageKind.PROSE or last.headings != headings:
        return ""
    paragraph = last.span.of(text)
    if not paragraph.rstrip("* ").endswith((":", "：")):
        return ""
    return " ".join(sentence_spans(paragraph)[-1].of(paragraph).split())


def _rows(
    text: str, rows: Sequence[Span], headings: tuple[str, ...], caption: str, page: int | None
) -> list[_Block]:
    """Each row of a table as a block whose context is caption, header and the label of its group."""
    header = _header_rows([row.of(text) for row in rows])
    heads = [row.of(text).strip() for row in rows[:header] if not _RULE.match(row.of(text))]
    # Statements print the sign of their currency in the first row and in that of the sum only.
    told = " ".join((caption, *heads))
    scale = next((m for h in reversed(headings) if (m := _SCALED.search(h))), None)
    first = next((row.of(text) for row in rows[header:] if re.search(r"\d", row.of(text))), "")
    sign = _SIGN.search(first)
    if sign and scale and not _SCALED.search(told):
        caption = f"{caption} ({scale[0]})".strip()  # the heading of the notes says it for them all
        told = f"{told} {scale[0]}"
    if sign and _SCALED.search(told) and not has_currency(told):
        caption = f"{caption} ({sign[0]})".strip()
    out = []
    group: list[str] = []
    groups: list[str] = []
    lines = [row.of(text) for row in rows]
    body = header
    for at, row in enumerate(rows[header:], header):
        line = row.of(text).strip()
        if _RULE.match(line) or not line.strip(" |"):
            continue
        if at < body:
            continue
        if again := _heads_again(lines, at):
            # "| | As of December 31, 2018 |": the same table goes on for another time.
            heads, group, body = _replaced(heads, lines[at : at + again]), [], at + again
            continue
        above = [*[caption] * bool(caption), *heads]
        label, *rest = cells(line)
        opens = bool(label) and not any(rest) and len(label) < LONGEST_GROUP and len(rest) > 0
        if not group and len(groups) == 1 and _BARE_TOTAL.fullmatch(label):
            group = groups  # behind the total of a part the one of the whole
        context = "\n".join([*above, *([] if opens else group)])
        out.append(_Block(_trimmed(text, row), PassageKind.TABLE_ROW, headings, context, page, -1))
        if opens:
            group = [line]
            groups.append(line)
        elif label.lower().startswith("total"):
            group = []  # what follows the sum of a group belongs to it no more
    return out


def _header_rows(rows: Sequence[str]) -> int:
    """How many lines at the top are header: those above the rule, and more of the same below."""
    rule = next((i for i, row in enumerate(rows[: MAX_HEADER_ROWS + 1]) if _RULE.match(row)), None)
    if rule is None:
        return 0
    count = rule + 1
    while count < len(rows) - 1 and count <= rule + MAX_HEADER_ROWS and _is_header(rows, count):
        count += 1
    return count


def _is_header(rows: Sequence[str], at: int) -> bool:
    """A further header row: periods or words above figures, such as "2019 | 2018 | Change"."""
    first, *others = cells(rows[at])
    filled = [cell for cell in others if cell and cell not in ("-", "—", "–")]
    wordy = all(_PERIODISH.fullmatch(c) or not is_value(c) for c in filled)
    below = [cell for row in rows[at + 1 : at + 1 + MAX_GROUP_ROWS] for cell in cells(row)[1:]]
    figures = any(
        is_value(c) and re.search(r"\d", c) and not _PERIODISH.fullmatch(c) for c in below
    )
    spans = any(is_period(c) for c in filled) and _OF_COLUMNS.search(first) is not None
    # "Assumptions | 2019 | 2018" under a header that names no column.
    names = [cell for row in rows[:at] if not _RULE.match(row) for cell in cells(row)[1:]]
    spans |= not any(names) and all(is_period(c) for c in filled)
    # "2019 | £m | £m"
    spans |= is_period(first) and all(_UNITS.fullmatch(c) for c in filled)
    return bool(filled) and wordy and figures and (spans or _unit_or_empty(first))


def _heads_again(rows: Sequence[str], at: int) -> int:
    """How many rows from `at` on are a new header in the body of a table, with a time of its own."""
    count = 0
    while count < MAX_HEADER_ROWS and at + count < len(rows) - 1 and _is_header(rows, at + count):
        count += 1
    filled = [cell for row in rows[at : at + count] for cell in cells(row)[1:] if cell]
    return count if any(is_period(cell) for cell in filled) else 0


def _replaced(heads: Sequence[str], again: Sequence[str]) -> list[str]:
    """The header rows of a table that goes on; what only names times replaces the times alone."""
    again = [row.strip() for row in again]

    def of_times(row: str) -> bool:
        return all(is_period(cell) for cell in cells(row)[1:] if cell)

    if all(map(of_times, again)):
        return [*again, *(row for row in heads if not of_times(row))]
    return again


_UNITS = re.compile(
    r"(?:US|HK|[A-Z]{3})?\s?[$£€¥%]?\s?(?:m|mn|bn|k|['’]?000s?|millions?|thousands?|billions?)?",
    re.I,
)


_OF_COLUMNS = re.compile(r"\b(?:ended|ending|as of|as at|periods?|years?)\b|:$", re.IGNORECASE)


def _unit_or_empty(cell: str) -> bool:
    return (
        not cell
        or cell.startswith("(")
        or bool(re.search(r"\b(?:in|million|thousand)s?\b", cell, re.I))
    )


def _packed(
    document: Document, blocks: Sequence[_Block], token_counts: TokenCounts, max_tokens: int
) -> list[Passage]:
    """Join neighbouring blocks of one section up to the target; rows stay alone."""
    counts = token_counts([block.span.of(document.text) for block in blocks])
    target = int(max_tokens * TARGET_SHARE)
    passages: list[Passage] = []
    held: list[_Block] = []
    size = 0

    def flush() -> None:
        if held:
            passages.append(_passage(document, held))
            held.clear()

    for block, count in zip(blocks, counts, strict=True):
        alone = block.kind is PassageKind.TABLE_ROW
        joins = (
            held
            and not alone
            and held[-1].group == block.group
            and held[-1].page == block.page
            and size + count <= (max_tokens * 9 // 10 if _listed(block) else target)
        )
        if not joins:
            flush()
            size = 0
        held.append(block)
        size += count
        if alone:
            flush()
    flush()
    return passages


def _listed(block: _Block) -> bool:
    """A list item stays with its lead-in sentence while both can be read at once."""
    return block.kind is PassageKind.LIST_ITEM and bool(block.context)


def _passage(document: Document, blocks: Sequence[_Block]) -> Passage:
    span = Span(blocks[0].span.start, blocks[-1].span.end)
    kinds = {block.kind for block in blocks}
    kind = blocks[0].kind if len(kinds) == 1 else PassageKind.PROSE
    first = blocks[0]
    return Passage(
        document.source,
        span,
        span.of(document.text),
        kind,
        first.headings,
        first.context,
        first.page,
    )


def _fitted(
    document: Document, passages: list[Passage], token_counts: TokenCounts, max_tokens: int
) -> list[Passage]:
    """Shorten context, then headings, then cut the span, until each fits the embedder."""
    out: list[Passage] = []
    while passages:
        counts = token_counts([passage.embedding_text for passage in passages])
        too_long = []
        for passage, count in zip(passages, counts, strict=True):
            if count <= max_tokens:
                out.append(passage)
            else:
                too_long += _shorter(document, passage, token_counts, max_tokens)
        passages = too_long
    out.sort(key=lambda passage: passage.span)
    return out


def _shorter(
    document: Document, passage: Passage, token_counts: TokenCounts, max_tokens: int
) -> list[Passage]:
    """One step towards fitting: less context, fewer headings, or two halves of the span."""
    own, lead, title = token_counts(
        [passage.text, "\n".join((*passage.headings, passage.context)), passage.source.title]
    )
    if passage.context and lead > max_tokens // 2:
        lines = passage.context.splitlines()
        if len(lines) > 1 and not lines[0].startswith("|"):
            return [replace(passage, context="\n".join(lines[1:]))]
        keep = len(passage.context) * (max_tokens // 3) // max(lead, 1)
        return [replace(passage, context=passage.context[: min(keep, len(passage.context) - 1)])]
    if len(passage.headings) > 1 and own + lead + title > max_tokens and lead > max_tokens // 4:
        return [replace(passage, headings=passage.headings[1:])]
    if passage.headings and lead > max_tokens // 4:
        heading = passage.headings[0]
        return [
            replace(passage, headings=(heading[: len(heading) // 2].strip(),) * (len(heading) > 40))
        ]
    if title > max_tokens // 2:
        source = replace(
            passage.source, title=passage.source.title[: len(passage.source.title) // 2]
        )
        return [replace(passage, source=source)]
    return _halves(document, passage)


def _halves(document: Document, passage: Passage) -> list[Passage]:
    """The passage cut near its middle: between sentences, else at a blank, else anywhere."""
    text = passage.text
    middle = len(text) // 2
    cuts = [span.start for span in sentence_spans(text)[1:]]
    if not cuts:
        cuts = [m.end() for m in re.finditer(r"[;,:，；、|]\s*", text) if 0 < m.end() < len(text)]
    if not cuts:
        cuts = [m.end() for m in re.finditer(r"\s+", text) if 0 < m.end() < len(text)]
    if not cuts:
        cuts = [middle] if middle else []
    if not cuts:
        # A single character that does not fit: only its context can be at fault.
        return [replace(passage, context="", headings=())]
    cut = min(cuts, key=lambda c: abs(c - middle))
    start = passage.span.start
    parts = (Span(start, start + cut), Span(start + cut, passage.span.end))
    return [
        replace(passage, span=span, text=span.of(document.text))
        for span in (_trimmed(document.text, part) for part in parts)
        if span.end > span.start
    ]


def _trimmed(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
