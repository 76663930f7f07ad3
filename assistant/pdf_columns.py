"""Which column of a PDF table each cell of a line belongs to. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from assistant.pdf_lines import Box
from assistant.table_text import is_value

Columns = Sequence[tuple[float, float]]  # left and right ends


def spread(cells: list[Box], columns: Columns, is_head: bool) -> list[str]:
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
        if i == 0 and not is_head and not is_value(cell.text):
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


def _widened(placed: list[tuple[Box, set[int]]], columns: Columns) -> list[tuple[Box, set[int]]]:
    """Each head stretched over the run of free columns whose middle is nearest to its own."""
    heads = [cell for cell, over in placed if over]
    if not heads or len(heads) >= len(columns):
        return placed
    if even := _even_groups(heads, columns):
        groups = iter(even)
        return [(cell, next(groups) if over else over) for cell, over in placed]
    pitch = min(b[1] - a[1] for a, b in pairwise(columns))
    result: list[tuple[Box, set[int]]] = []
    for i, (cell, over) in enumerate(placed):
        own = min((_off({k}, cell, columns) for k in over), default=0.0)
        if not over or (len(heads) > 1 and own < 0.3 * pitch):
            result.append((cell, over))
            continue
        taken = set().union(*(o for j, (_, o) in enumerate(placed) if j != i))
        runs = [
            set(range(a, b + 1))
            for a in range(min(over) + 1)
            for b in range(max(over), len(columns))
            if not set(range(a, b + 1)) & taken
        ]
        best = min(runs, key=lambda run: (round(_off(run, cell, columns)), -len(run)), default=over)
        gained = own - _off(best, cell, columns)
        result.append((cell, over if len(heads) > 1 and gained < 0.25 * pitch else best))
    return result


def _even_groups(heads: list[Box], columns: Columns) -> list[set[int]]:
    """As many columns for each head, where the heads stand in the middle of such groups."""
    each, rest = divmod(len(columns), len(heads))
    if rest or each < 2:
        return []
    groups = [set(range(i * each, (i + 1) * each)) for i in range(len(heads))]
    off = [_off(group, head, columns) for group, head in zip(groups, heads, strict=True)]
    own = [min(_off({k}, head, columns) for k in range(len(columns))) for head in heads]
    # A head over three columns stands over the middle one too; over two it stands between them.
    slack = 4 * len(heads) if each % 2 else 0
    return groups if sum(off) <= sum(own) + slack and max(off) < 30 else []


def _off(group: set[int], head: Box, columns: Columns) -> float:
    middle = (columns[min(group)][0] + columns[max(group)][1]) / 2
    return abs(middle - (head.x0 + head.x1) / 2)
