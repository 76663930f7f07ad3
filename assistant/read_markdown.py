"""Markdown as a reader of the page would see it, in the one shape that the splitter reads.

Comments and hidden raw HTML go; setext headings, `*` bullets and tables without outer pipes are
written the common way. Inline markup and code stay as they are.
"""

from __future__ import annotations

import re

from assistant.hidden import hides

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*'){0,2000})>")
_ATTRIBUTE = re.compile(r"([\w:-]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?")
_RULE_ROW = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_UNSEEN = frozenset("script style template noscript title head".split())
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


def visible_markdown(text: str) -> str:
    """`text` without comments and hidden HTML, with headings, bullets and tables in one shape."""
    parts: list[str] = []
    for is_code, part in _parts(text):
        parts.append(part if is_code else _one_shape(_without_hidden(part)))
    return "\n".join(parts)


def _parts(text: str) -> list[tuple[bool, str]]:
    """The text cut into (is fenced code, lines)."""
    parts: list[tuple[bool, str]] = []
    lines: list[str] = []
    fence = ""
    comment = False
    for line in text.split("\n"):
        match = _FENCE.match(line)
        if fence:
            lines.append(line)
            if match and line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                parts.append((True, "\n".join(lines)))
                lines, fence = [], ""
            continue
        if match and not comment:
            parts.append((False, "\n".join(lines)))
            lines, fence = [line], match.group(1)
            continue
        lines.append(line)
        if line.rfind("<!--") > line.rfind("-->"):
            comment = True
        elif "-->" in line:
            comment = False
    parts.append((bool(fence), "\n".join(lines)))
    return parts


def _without_hidden(text: str) -> str:
    if "<" not in text:
        return text
    text = re.sub(r"<!--.*?(?:-->|\Z)", "", text, flags=re.S)
    kept: list[str] = []
    at = 0
    hidden, depth = "", 0
    for match in _TAG.finditer(text):
        closing, name, rest = match.group(1), match.group(2).lower(), match.group(3)
        if hidden:
            if name == hidden and name not in _VOID and not rest.rstrip().endswith("/"):
                depth += -1 if closing else 1
            if depth == 0:
                hidden, at = "", match.end()
            continue
        if closing or name in _VOID or _in_code(text, match.start()):
            continue
        if name in _UNSEEN or hides({a.lower(): v.strip("\"'") for a, v in _attributes(rest)}):
            kept.append(text[at : match.start()])
            hidden, depth, at = name, 1, match.end()
    if not hidden:
        kept.append(text[at:])
    elif hidden not in _UNSEEN and "\n\n" in text[at:]:  # never closed: it ends with its block
        kept.append(text[text.index("\n\n", at) :])
    return "".join(kept)


def _attributes(rest: str) -> list[tuple[str, str]]:
    return [(match.group(1), match.group(2) or "") for match in _ATTRIBUTE.finditer(rest)]


def _in_code(text: str, at: int) -> bool:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line.count("`") % 2 == 1


def _one_shape(text: str) -> str:
    lines = text.split("\n")
    out: list[str] = []
    table = False
    for line in lines:
        before = out[-1] if out else ""
        bare = line.strip()
        plain = bool(before.strip()) and not before.lstrip().startswith(("#", "|", "- ", ">"))
        alone = len(out) < 2 or not out[-2].strip()
        if plain and alone and re.fullmatch(r"=+|-{2,}", bare) and not before.startswith("    "):
            out[-1] = ("# " if bare[0] == "=" else "## ") + before.strip()
            continue
        if "|" in before and "|" in line and _RULE_ROW.fullmatch(line):
            out[-1] = _with_pipes(before)
            table = True
        table = table and "|" in line
        if table:
            out.append(_with_pipes(line))
            continue
        if match := re.match(r"(\s*)[*+•]( +)(?=\S)", line):
            rest = line[match.end() :]
            if not re.fullmatch(r"[*+ ]+", rest):
                line = f"{match.group(1)}-{match.group(2)}{rest}"
        out.append(line)
    return "\n".join(out)


def _with_pipes(line: str) -> str:
    bare = line.strip()
    if not bare.startswith("|"):
        bare = "| " + bare
    return bare if bare.endswith("|") and not bare.endswith("\\|") else bare + " |"
