"""Grids of cells → Markdown pipe tables with one header row. Pure."""

from __future__ import annotations

import re

_MONEY = re.compile(r"[$€£¥₩]|[A-Z]{2,3}\$|RMB|CNY|USD|EUR")
_TAIL = re.compile(r"[)%]+|\)%|pts?\.?|bps|x")
_NUMBER = re.compile(
    r"[\s$€£¥+\-−–(]*(?:RMB|CNY|USD|EUR)?\s*\(?\d[\d,.\s]*\)?\s*(?:%|pts?|x|bps)?\)?[*†‡^\d]*"
)
_VALUE_WORDS = re.compile(
    r"\b(?:approximately|about|over|up to|at least|to|and|between|thousand|million|billion|trillion"
    r"|percent|points?|pts?|bps|RMB|CNY|USD|EUR)\b|(?<=\d)[BMKxX](?![a-z])",
    re.I,
)
_LONGEST = 40  # characters of a figure; also keeps the patterns from long searches
_BLANK = frozenset(("—", "–", "-", "−", "--", "n/a", "N/A", "NM", "nm", "*", "**"))


def is_number(text: str) -> bool:
    """True for what stands in a figure's cell: 1,234, (5), $7.5, 12%, and dashes for nothing."""
    text = text.strip()
    return text in _BLANK or (len(text) <= _LONGEST and bool(_NUMBER.fullmatch(text)))


def is_value(text: str) -> bool:
    """True for a figure, a range of figures, or a figure with a scale: 4% to 5%, ~$900 million."""
    if is_number(text):
        return True
    if len(text) > 2 * _LONGEST:
        return False
    rest = _VALUE_WORDS.sub("", text)
    return bool(re.search(r"\d", rest)) and bool(re.fullmatch(r"[\s\d.,()$€£¥%+~/^*†‡−–—-]+", rest))


def pipe_table(rows: list[list[str]], header_rows: int) -> list[str]:
    """The blocks of a table: title paragraphs of one cell, then the pipe rows.

    Columns without any text go, a lone currency sign or closing bracket joins its number, and
    header rows are merged into one. Without header rows the first row serves, unless it has data.
    """
    width = max((len(row) for row in rows), default=0)
    grid = [[*row, *[""] * (width - len(row))] for row in rows]
    grid = [_joined(row) for row in grid]
    keep = [i for i in range(width) if any(row[i] for row in grid)]
    grid = [[row[i] for i in keep] for row in grid]
    blocks: list[str] = []
    heads = grid[:header_rows]
    body = [row for row in grid[header_rows:] if any(row)]
    if not heads:
        while (
            len(body) > 1 and body[0][0] and _alone(body[0]) and len(keep) > 1
        ):  # a title over the table
            blocks.append(next(cell for cell in body.pop(0) if cell))
        while len(body) > 1 and (not body[0][0] or _heads(body[0])) and len(heads) < 4:
            if heads and _heads(heads[-1]) and body[0][0]:
                break
            heads.append(body.pop(0))
        if not heads and body and not any(is_value(cell) for cell in body[0][1:] if cell):
            heads.append(body.pop(0))
    if not keep or not (heads or body):
        return blocks
    header = [_merged([row[i] for row in heads]) for i in range(len(keep))]
    _merge_twins(header, body)
    lines = [pipe_row(header), "| " + " | ".join(["---"] * len(header)) + " |"]
    lines.extend(pipe_row(row) for row in body)
    return [*blocks, "\n".join(lines)]


def pipe_row(cells: list[str]) -> str:
    """One Markdown row; pipes inside of cells are escaped."""
    cleaned = [re.sub(r"\s+", " ", cell).strip().replace("|", "\\|") for cell in cells]
    return "| " + " | ".join(cleaned) + " |"


def _alone(row: list[str]) -> bool:
    return len({cell for cell in row if cell}) == 1 and not is_number(row[-1] or "x")


def _heads(row: list[str]) -> bool:
    """A row of column names: years and periods, no figures."""
    cells = [cell for cell in row[1:] if cell]
    return bool(cells) and all(
        re.fullmatch(r"(?:.*\D)?(?:19|20)\d\d(?:\D.*)?", cell) and not re.search(r"\d,\d{3}", cell)
        for cell in cells
    )


def _merged(names: list[str]) -> str:
    return " ".join(dict.fromkeys(name for name in names if name))


def _merge_twins(header: list[str], body: list[list[str]]) -> None:
    """Columns of one name whose rows hold one value between them become one column."""
    i = 1
    while i + 1 < len(header):
        pairs = [{row[i], row[i + 1]} - {""} for row in body]
        if header[i] == header[i + 1] and all(len(pair) < 2 for pair in pairs):
            del header[i]
            for row in body:
                row[i] = row[i] or row[i + 1]
                del row[i + 1]
        else:
            i += 1


def _joined(row: list[str]) -> list[str]:
    """Lone signs moved to the number beside them; repeats of a spanned number left out."""
    row = list(row)
    for i, cell in enumerate(row):
        if _MONEY.fullmatch(cell):
            for j in range(i + 1, min(i + 3, len(row))):
                if row[j] and row[j] != cell:
                    if is_number(row[j]):
                        row[j], row[i] = cell + row[j], ""
                        for k in range(j + 1, len(row)):  # the same cell, spanned on
                            if cell + row[k] != row[j]:
                                break
                            row[k] = ""
                    break
        elif _TAIL.fullmatch(cell) and i and re.search(r"\d", row[i - 1]):
            row[i - 1], row[i] = row[i - 1] + cell, ""
    return row


_PERIOD = re.compile(
    r"(?:(?:19|20)\d\d|(?:fiscal|fy|q[1-4]|h[12]|1h|2h|year|quarter|months?|ended|as of|"
    r"first|second|third|fourth|three|six|nine|twelve|weeks?|at|and|"
    r"jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*)\.?"
    r"|[0-3]?\d,?|[('’*)\s,^/–-])+",
    re.I,
)


def is_period(text: str) -> bool:
    """True for a column name made of a year or period alone: 2022, Q3 2025, December 31, 2022."""
    if len(text) > 2 * _LONGEST:
        return False
    return bool(re.search(r"(?<!\d)(?:19|20)\d\d(?![\d,.])", text)) and bool(
        _PERIOD.fullmatch(text.strip())
    )
