"""Lines of a PDF page → its tables of figures as pipe rows. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.pdf_columns import Columns, spread
from assistant.pdf_lines import Box, Line
from assistant.table_text import is_number, is_period, is_value, pipe_table

_CURRENCY = re.compile(r"[$€£¥]|US\$|RMB|CNY|USD|EUR|HK\$")
_BESIDE_PERIODS = re.compile(
    r"(?:%|\$|percent(?:age)?|inc(?:rease)?|dec(?:rease)?|change|variance|growth|total|average"
    r"|[\s/().])+",
    re.I,
)
_TAIL = re.compile(r"[)%]+|\)\s*%|pts?\.?|bps|x|[*†‡]+")


@dataclass(frozen=True, slots=True)
class Table:
    """Lines `first` to `end` (not included) of a page as blocks: captions, then pipe rows."""

    first: int
    end: int
    blocks: tuple[str, ...]
    columns: Columns
    header: tuple[list[str], ...]


def tables_of_lines(lines: list[Line]) -> list[Table]:
    """The tables of a page, from top to bottom; they share no line."""
    joined = [Line(_joined(line.cells), line.height, line.bold) for line in lines]
    tables: list[Table] = []
    taken = 0
    for first, end in _runs(joined):
        start = _header_start(joined, first, end, taken)
        table = _table(joined, start, end, tables[-1] if tables else None)
        if table is not None:
            tables.append(table)
            taken = end
    return tables


def _joined(cells: list[Box]) -> list[Box]:
    """Lone currency signs and closing signs joined with their numbers."""
    out: list[Box] = []
    for cell in cells:
        before = out[-1] if out else None
        if before is not None and _belong(before, cell):
            out[-1] = Box(before.text + cell.text, before.x0, cell.x1, cell.y0, cell.y1)
        else:
            if before is not None and before.text.endswith(" $") and is_number(cell.text):
                before.text = before.text[:-2]  # the sign stood close to the label
                cell = Box("$" + cell.text, cell.x0, cell.x1, cell.y0, cell.y1)
            text = re.sub(r"^([$€£¥]) (?=[\d(—–-])", r"\1", cell.text)
            out.append(Box(text, cell.x0, cell.x1, cell.y0, cell.y1))
    if len(out) > 1 and (match := re.search(r"\s*(?:\.\s?){3,}$", out[0].text)):
        out[0].text = out[0].text[: match.start()]  # leaders
    return out


def _belong(before: Box, cell: Box) -> bool:
    if _CURRENCY.fullmatch(before.text):
        return is_number(cell.text)
    near = cell.x0 - before.x1 < 2.5 * cell.height
    return near and bool(_TAIL.fullmatch(cell.text)) and is_number(before.text)


def _is_row(line: Line) -> bool:
    cells = line.cells
    if len(cells) < 2:
        return False
    numbers = [cell for cell in cells[1:] if is_value(cell.text)]
    return len(numbers) * 2 >= len(cells) - 1 and bool(numbers)


def _is_heads(line: Line) -> bool:
    """Column names only: years and dates, perhaps with a label at the left."""
    cells = line.cells if is_period(line.cells[0].text) else line.cells[1:]
    periods = [cell for cell in cells if is_period(cell.text)]
    others = [cell for cell in cells if not is_period(cell.text)]
    return bool(periods) and all(_BESIDE_PERIODS.fullmatch(cell.text) for cell in others)


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
            upper.y0 - lower.y1 > 3.2 * max(upper.height, lower.height)
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
        if is_value(cell.text)
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
    return is_value(line.cells[0].text) and line.x0 > left + 60


def _header_start(lines: list[Line], first: int, end: int, taken: int) -> int:
    """First line of the header that stands over row `first`."""
    columns = _extents(lines[first:end])
    if not columns:
        return first
    left = columns[0][0] - 3 * lines[first].height
    start = at = first
    while at > taken and first - at < 9:
        line, below = lines[at - 1], lines[at]
        gap = line.y0 - below.y1
        near = 2.6 if len(line.cells) > 1 or below.x0 < left else 1.6
        if gap > near * max(line.height, below.height):
            break
        at -= 1
        one = len(line.cells) == 1
        if re.fullmatch(r"\(.*\)|.*\((?:[^()]*\b(?:in|except)\b[^()]*)\)", line.text):
            start = at
            if one and line.x0 < left:  # "(Dollars in millions)" stands above all
                break
        elif one and line.x0 < left and not _over(line, columns):
            if not _is_label(line, 1e9) or len(line.text) > 60:
                break
            if _ends(line):
                start = at
            elif start < first or first - at > 3:
                break  # labels may stand below the column names, never above
        elif line.text.endswith(".") or (
            one and not _names_period(line.text) and gap > 0.3 * line.height and line.text[0] != "("
        ):
            break
        elif line.cells[-1].x1 > left:
            start = at
        else:
            break
    return start


def _over(line: Line, columns: Columns) -> bool:
    """Whether a lone cell is centred over the columns, not over the page or the labels."""
    middle = (line.x0 + line.x1) / 2
    if line.x0 < columns[0][0] - 3 * line.height:
        return False
    return middle > columns[0][0] and line.x1 <= columns[-1][1] + 2 * line.height


def _names_period(text: str) -> bool:
    return bool(
        re.search(r"\b(?:19|20)\d\d\b|ended|ending|audited|as of|change|year|fiscal", text, re.I)
    )


def _ends(line: Line) -> bool:
    return bool(re.search(r"December 31,?|ended|\bas of\b.*,$", line.text))


def _table(lines: list[Line], start: int, end: int, above: Table | None) -> Table | None:
    columns = _extents(lines[start:end])
    if not columns:
        return None
    last_head = _last_head(lines, start, end, columns[0][0])
    columns = _with_empty(columns, lines[start : max(start, last_head + 1)])
    left = min(line.x0 for line in lines[start:end])
    captions: list[str] = []
    rows: list[list[str]] = []
    heads = 0
    in_head = True
    wraps = False  # the label above runs up to the figures
    for number, line in enumerate(lines[start:end], start):
        cells = line.cells
        if in_head and not rows and re.fullmatch(r"(\([^()]*\)\s*)+", line.text):
            captions.append(line.text)
            continue
        lone = len(cells) == 1 and cells[0].x0 < columns[0][0] - 3 * line.height
        if in_head and lone and not _ends(line) and not _is_row(line) and not rows:
            captions.append(line.text)
            continue
        is_head = in_head and (number <= last_head or not _is_row(line))
        if is_head and lone and heads and any(any(r[1:]) for r in rows):
            is_head = False  # a section label under the column names
        in_head = in_head and is_head
        row = spread(cells, columns, is_head)
        if not is_head and len(rows) > heads and any(row[1:]):
            label = rows[-1][0]
            if not any(rows[-1][1:]) and row[0] and _goes_on(label, row[0], wraps):
                row[0] = f"{label} {row[0]}"
                rows.pop()
        wraps = lone and cells[0].x1 > left + 0.8 * (columns[0][0] - left)
        rows.append(row)
        heads += is_head
    if len(rows) - heads < 2:
        return None
    if above is not None and not heads and _same_columns(above.columns, columns):
        rows, heads = [*above.header, *rows], len(above.header)  # goes on after a gap
    blocks = (*captions, *pipe_table(rows, heads))
    return Table(start, end, blocks, tuple(columns), tuple(rows[:heads]))


def _with_empty(columns: list[tuple[float, float]], heads: list[Line]) -> list[tuple[float, float]]:
    """The columns, and those that have a name but no figure in any row."""
    for line in heads:
        named = [(cell.x0, cell.x1) for cell in line.cells]
        free = [
            (x0, x1) for x0, x1 in named if not any(min(x1, b) > max(x0, a) for a, b in columns)
        ]
        free = [cell for cell in free if cell[0] > columns[0][0]]
        if all(any(min(x1, b) > max(x0, a) for x0, x1 in named) for a, b in columns):
            columns = sorted([*columns, *free])
    return columns


def _same_columns(one: Columns, other: Columns) -> bool:
    return len(one) == len(other) and all(
        min(a[1], b[1]) > max(a[0], b[0]) for a, b in zip(one, other, strict=True)
    )


def _last_head(lines: list[Line], start: int, end: int, left: float) -> int:
    """The last line of periods before the first row with a label: all above it are heads too."""
    last = -1
    for i in range(start, end):
        line = lines[i]
        if _is_heads(line):
            last = i
        elif _is_row(line) and line.x0 < left - 2 * line.height and not _ends(line):
            break
    return last


def _goes_on(above: str, label: str, wraps: bool) -> bool:
    """Whether a label without figures and the next row's label are one, on two lines."""
    if not above or above.endswith((":", ")", ".")):
        return False
    if wraps or label[0].islower() or label[0] in "($":
        return True
    return above.endswith((",", "-", " and", " of", " or", " the", " in"))
