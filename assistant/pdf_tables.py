"""Lines of a PDF page → which of them form tables of figures, and those tables as pipe rows. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.pdf_lines import Box, Line
from assistant.table_text import is_number, is_period, pipe_table

_CURRENCY = re.compile(r"[$€£¥]|US\$|RMB|CNY|USD|EUR|HK\$")
_TAIL = re.compile(r"[)%]+|\)\s*%|pts?\.?|bps|x|[*†‡]+")


@dataclass(frozen=True, slots=True)
class Table:
    """Lines `first` to `end` (not included) of a page as blocks: captions, then pipe rows."""

    first: int
    end: int
    blocks: tuple[str, ...]


def tables_of_lines(lines: list[Line]) -> list[Table]:
    """The tables of a page, from top to bottom; they share no line."""
    joined = [Line(_joined(line.cells), line.bold) for line in lines]
    tables: list[Table] = []
    taken = 0
    for first, end in _runs(joined):
        start = _header_start(joined, first, end, taken)
        table = _table(joined, start, end)
        if table is not None:
            tables.append(table)
            taken = end
    return tables


def _joined(cells: list[Box]) -> list[Box]:
    """Lone currency signs and closing signs joined with their numbers."""
    out: list[Box] = []
    for cell in cells:
        before = out[-1] if out else None
        if before is not None and _CURRENCY.fullmatch(before.text) and is_number(cell.text):
            out[-1] = _together(before, cell, "")
        elif (
            before is not None
            and _TAIL.fullmatch(cell.text)
            and is_number(before.text)
            and cell.x0 - before.x1 < 2.5 * cell.height
        ):
            out[-1] = _together(before, cell, "")
        else:
            out.append(Box(cell.text, cell.x0, cell.x1, cell.y0, cell.y1))
    if len(out) > 1 and (match := re.search(r"\s*(?:\.\s?){3,}$", out[0].text)):
        out[0].text = out[0].text[: match.start()]  # leaders
    return out


def _together(a: Box, b: Box, between: str) -> Box:
    text = a.text + between + b.text
    return Box(text, a.x0, b.x1, min(a.y0, b.y0), max(a.y1, b.y1))


def _is_row(line: Line) -> bool:
    cells = line.cells
    if len(cells) < 2:
        return False
    numbers = [cell for cell in cells[1:] if is_number(cell.text)]
    return len(numbers) * 2 >= len(cells) - 1 and bool(numbers)


def _is_heads(line: Line) -> bool:
    """Column names only: years and dates, perhaps with a label at the left."""
    cells = line.cells if is_period(line.cells[0].text) else line.cells[1:]
    return bool(cells) and all(is_period(cell.text) for cell in cells)


def _is_label(line: Line, width: float) -> bool:
    if len(line.cells) != 1 or line.text.rstrip().endswith((".", ";")):
        return False
    return line.x1 - line.x0 < 0.6 * width and len(line.text) < 100


def _runs(lines: list[Line]) -> list[tuple[int, int]]:
    """Half-open ranges of lines from the first to the last row of each table."""
    if not lines:
        return []
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    runs: list[tuple[int, int]] = []
    first = last = -1
    data = 0
    for i, line in enumerate(lines):
        if not _is_row(line) and not _is_heads(line):
            continue
        between = lines[last + 1 : i] if last >= 0 else []
        far = last >= 0 and any(
            upper.y0 - lower.y1 > 2.2 * max(upper.height, lower.height)
            for upper, lower in zip(lines[last:i], lines[last + 1 : i + 1], strict=True)
        )
        joins = last >= 0 and len(between) <= 4 and all(_is_label(b, width) for b in between)
        if joins and not far and not (_is_heads(line) and data):
            last = i
        else:
            if last >= 0 and data >= 2:
                runs.append((first, last + 1))
            first = last = i
            data = 0
        data += 0 if _is_heads(line) else 1
    if last >= 0 and data >= 2:
        runs.append((first, last + 1))
    return runs


def _extents(lines: list[Line]) -> list[tuple[float, float]]:
    """Left and right ends of the columns of figures, from the rows' cells that overlap."""
    spans = sorted(
        (cell.x0, cell.x1)
        for line in lines
        if _is_row(line)
        for cell in (line.cells if _no_label(line, lines) else line.cells[1:])
        if is_number(cell.text)
    )
    columns: list[tuple[float, float]] = []
    for x0, x1 in spans:
        if columns and x0 < columns[-1][1] - 0.5:
            columns[-1] = (columns[-1][0], max(columns[-1][1], x1))
        else:
            columns.append((x0, x1))
    return columns


def _no_label(line: Line, lines: list[Line]) -> bool:
    """A row of totals: its first cell is a number and stands right of the labels."""
    left = min(other.x0 for other in lines)
    return is_number(line.cells[0].text) and line.x0 > left + 60


def _header_start(lines: list[Line], first: int, end: int, taken: int) -> int:
    """First line of the header that stands over row `first`."""
    columns = _extents(lines[first:end])
    if not columns:
        return first
    left = columns[0][0] - 3 * lines[first].height
    start = first
    while start > taken and first - start < 6:
        line, below = lines[start - 1], lines[start]
        if line.y0 - below.y1 > 1.6 * max(line.height, below.height):
            break
        over = all(cell.x0 >= left or cell.x0 + cell.x1 > 2 * left for cell in line.cells)
        several = len(line.cells) > 1 and line.cells[-1].x1 > left
        if over and line.x0 > left - 40 and line.x1 - line.x0 < 1.3 * (columns[-1][1] - left):
            start -= 1
        elif several and not line.text.endswith("."):
            start -= 1
        elif re.fullmatch(r"\(.*\)|.*\((?:[^()]*\b(?:in|except)\b[^()]*)\)", line.text):
            return start - 1
        elif _is_label(line, 1e9) and start < first and len(line.text) < 60 and _ends(line):
            start -= 1
        else:
            break
    return start


def _ends(line: Line) -> bool:
    return bool(re.search(r"December 31,?|ended|\bas of\b.*,$", line.text))


def _table(lines: list[Line], start: int, end: int) -> Table | None:
    columns = _extents(lines[start:end])
    if not columns:
        return None
    captions: list[str] = []
    rows: list[list[str]] = []
    heads = 0
    in_head = True
    for line in lines[start:end]:
        cells = line.cells
        lone = len(cells) == 1 and cells[0].x0 < columns[0][0] - 3 * line.height
        if in_head and lone and not _ends(line) and not _is_row(line) and not rows:
            captions.append(line.text)
            continue
        is_head = in_head and (_is_heads(line) or not _is_row(line))
        if is_head and lone and heads and any(any(r[1:]) for r in rows):
            is_head = False  # a section label under the column names
        in_head = in_head and is_head
        row = _spread(cells, columns, is_head)
        if not is_head and len(rows) > heads and row[0][:1].islower() and any(row[1:]):
            above = rows[-1]
            if not any(above[1:]) and not above[0].endswith(":"):  # a label on two lines
                row[0] = f"{above[0]} {row[0]}"
                rows.pop()
        rows.append(row)
        heads += is_head
    if len(rows) - heads < 2:
        return None
    return Table(start, end, (*captions, *pipe_table(rows, heads)))


def _spread(cells: list[Box], columns: list[tuple[float, float]], is_head: bool) -> list[str]:
    """The cells put into label and columns; a head over several columns goes into each."""
    row = [""] * (len(columns) + 1)
    placed: list[tuple[Box, set[int]]] = []
    for i, cell in enumerate(cells):
        over = {k for k, (x0, x1) in enumerate(columns) if min(x1, cell.x1) > max(x0, cell.x0)}
        middle = (cell.x0 + cell.x1) / 2
        if not over:
            nearest = min(range(len(columns)), key=lambda k: _distance(columns[k], middle))
            if cell.x1 > columns[0][0] - 2 * cell.height and not (i == 0 and cell.x0 < 0):
                over = {nearest}
        if i == 0 and not is_head and not is_number(cell.text):
            over = set()
        placed.append((cell, over))
    if is_head:
        placed = _widened(placed, columns)
    for cell, over in placed:
        targets = [k + 1 for k in sorted(over)] or [0]
        if not is_head and len(targets) > 1:
            targets = targets[-1:]
        for k in targets:
            row[k] = f"{row[k]} {cell.text}".strip()
    return row


def _distance(column: tuple[float, float], middle: float) -> float:
    return abs((column[0] + column[1]) / 2 - middle)


def _widened(
    placed: list[tuple[Box, set[int]]], columns: list[tuple[float, float]]
) -> list[tuple[Box, set[int]]]:
    """Each head stretched over the run of free columns whose middle is nearest to its own."""
    if len([1 for _, over in placed if over]) >= len(columns):
        return placed
    result: list[tuple[Box, set[int]]] = []
    for i, (cell, over) in enumerate(placed):
        if not over:
            result.append((cell, over))
            continue
        taken = set().union(*(o for j, (_, o) in enumerate(placed) if j != i))
        middle = (cell.x0 + cell.x1) / 2
        best = (abs((columns[min(over)][0] + columns[max(over)][1]) / 2 - middle), over)
        for a in range(min(over) + 1):
            for b in range(max(over), len(columns)):
                run = set(range(a, b + 1))
                if run & taken:
                    continue
                off = abs((columns[a][0] + columns[b][1]) / 2 - middle)
                if off < best[0] - 1:
                    best = (off, run)
        result.append((cell, best[1]))
    return result
