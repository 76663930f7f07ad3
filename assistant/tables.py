"""Markdown pipe rows as words. Pure."""

from __future__ import annotations

import re


def row_as_words(row: str, context: str) -> str:
    """A Markdown row with its header as "Period: Q3 2025; Revenue (CNY bn): 9.1"."""
    headers = [line for line in context.splitlines() if line.lstrip().startswith("|")]
    caption = " ".join(line for line in context.splitlines() if not line.lstrip().startswith("|"))
    names = [cells(line) for line in headers if set(line) - set("|-: ")]
    values = cells(row)
    parts = []
    for i, cell in enumerate(values):
        if not cell:
            continue
        name = " ".join(dict.fromkeys(n[i] for n in names if i < len(n) and n[i]))
        parts.append(f"{name}: {cell}" if name else cell)
    return (f"{caption} — " if caption else "") + "; ".join(parts)


def cells(line: str) -> list[str]:
    """The cells of a pipe row, without blanks around them."""
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", inner)]
