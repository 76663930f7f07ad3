"""Answer → HTML: the answer with footnote links, and the cards of the sources they lead to.

Footnotes are in-page anchors and `:target`, so they need no script. Every piece of text goes
through `render.escape`; the tags and attributes written here are all a page can get. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from assistant.render import (
    MARKER,
    STATUS_WORDS,
    check_words,
    escape,
    figure_words,
    place,
    terminal,
    terminal_sources,
    total_seconds,
)
from assistant.types import Answer, Check, Citation, Hit, PassageKind, Span, Status, Verdict

QUESTION_SHOWN = 400
"""Longest question shown whole in the conversation, in characters."""

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", re.DOTALL)
_LIST_ITEM = re.compile(r"\s*(?:[-•*]|\d{1,2}[.)])\s+")
_RULE_ROW = re.compile(r"\s*\|?[\s:|-]*-[\s:|-]*\|?\s*")
_CELL = re.compile(r"(?:\\.|[^|\\])*", re.DOTALL)


def turn(question: str, body: str, aside: str, message_id: str) -> str:
    """One question with what stands under it (`body`) and beside it (`aside`), both made here."""
    shown = question.strip()
    if len(shown) > QUESTION_SHOWN:
        shown = f"{shown[:QUESTION_SHOWN].rstrip()}… ({len(question):,} characters)"
    return (
        f'<article class="turn" id="{escape(message_id)}"><h2 class="asked">{escape(shown)}</h2>'
        f'<div class="columns"><div class="reply">{body}</div>'
        f'<aside class="beside">{aside}</aside></div></article>'
    )


def html(answer: Answer, message_id: str, question: str | None = None) -> str:
    """The answer column: status, text with footnote links, checks, calculation, conflicts, notes.

    `question` is the question as typed; where the answer's standalone form differs it is shown.
    """
    parts = [f'<p class="badge {answer.status.value}">{escape(STATUS_WORDS[answer.status])}</p>']
    if question is not None and question.strip() != answer.asked.strip():
        parts.append(f'<p class="rewritten">Asked as: {escape(answer.asked)}</p>')
    parts.append(f'<div class="text">{_prose(answer, message_id)}</div>')
    parts += [_conflict_table(answer, message_id), _calculation(answer, message_id)]
    parts += [_checks(answer, message_id), _notes(answer.notes), _foot(answer)]
    return "".join(parts)


NO_ANSWER = "Found, but they do not answer the question."
NEAREST_WORDS = {
    Status.NOT_FOUND: ("Nearest passages", NO_ANSWER),
    Status.REFUSED: ("What bears on it", "Facts from the documents, no advice."),
}


def source_cards(answer: Answer, message_id: str) -> str:
    """A card for each citation: the passage with the cited sentence marked, and where it stands."""
    known = _first_references(answer)
    cards = [_card(c, message_id, f"s{c.number}", str(c.number), known) for c in answer.citations]
    heading = f"Source{'s' if len(cards) > 1 else ''}"
    parts = [f'<h3 class="side">{heading}</h3>', *cards] if cards else []
    if answer.nearest:
        words, hint = NEAREST_WORDS.get(answer.status, ("Also near", NO_ANSWER))
        parts.append(f'<h3 class="side">{words}</h3><p class="hint">{hint}</p>')
        parts += [
            _card(c, message_id, f"n{position}", "", set())
            for position, c in enumerate(answer.nearest, 1)
        ]
    return "".join(parts)


def working(stage: str, seconds: float, asked: str | None = None, draft: str = "") -> str:
    """The answer column while the engine works; the draft carries no markers and says it is one."""
    parts = [
        f'<p class="stage"><span class="pulse"></span>{escape(stage)} '
        f'<span class="seconds" aria-hidden="true">{seconds:.0f} s</span></p>'
    ]
    if asked is not None:
        parts.append(f'<p class="rewritten">Asked as: {escape(asked)}</p>')
    if draft.strip():
        parts.append(_draft(draft, "Draft, being checked"))
    return "".join(parts)


def stopped(draft: str = "") -> str:
    """The answer column after Stop."""
    parts = ['<p class="badge refused">Stopped</p>']
    if draft.strip():
        parts.append(_draft(draft, "Draft, not checked"))
    else:
        parts.append('<p class="hint">Stopped before there was an answer.</p>')
    return "".join(parts)


def problem(message: str, hint: str = "") -> str:
    """The answer column after an error meant for the user."""
    parts = [f'<div class="problem" role="alert"><p>{escape(message)}</p>']
    if hint:
        parts.append(f'<p class="hint">{escape(hint)}</p>')
    return "".join(parts) + "</div>"


def reading(hits: Sequence[Hit]) -> str:
    """The side column while the model reads: the documents the passages come from."""
    titles = dict.fromkeys(hit.passage.source.title for hit in hits)
    items = "".join(f"<li>{escape(title)}</li>" for title in titles)
    return f'<h3 class="side">Reading</h3><ul class="reading">{items}</ul>' if items else ""


# ---------------------------------------------------------------- the answer column


def _draft(text: str, label: str) -> str:
    # The model's markers count its evidence, not the footnotes of the checked answer.
    paragraphs = _blocks(MARKER.sub("", text), _styled)
    return f'<div class="draft"><p class="label">{escape(label)}</p>{paragraphs}</div>'


def _first_references(answer: Answer) -> set[int]:
    """Numbers of the citations that the text names, and that a card can lead back to."""
    return {int(match[1]) for match in MARKER.finditer(answer.text)}


def _prose(answer: Answer, message_id: str) -> str:
    numbers = {citation.number for citation in answer.citations}
    seen: set[int] = set()

    def inline(text: str) -> str:
        parts, last = [], 0
        for match in MARKER.finditer(text):
            number = int(match[1])
            if number not in numbers:
                continue
            anchor = "" if number in seen else f"r{number}"
            seen.add(number)
            before = text[last : match.start()].rstrip(" ")
            parts += [_styled(before), _reference(number, message_id, anchor)]
            last = match.end()
        return "".join(parts) + _styled(text[last:])

    return _blocks(answer.text, inline)


def _blocks(text: str, inline: Callable[[str], str]) -> str:
    """Paragraphs and lists of a plain text; `inline` renders one line."""
    parts: list[str] = []
    items: list[str] = []
    for line in [*text.splitlines(), ""]:
        bullet = _LIST_ITEM.match(line)
        if bullet:
            items.append(f"<li>{inline(line[bullet.end() :])}</li>")
            continue
        if items:
            parts.append(f"<ul>{''.join(items)}</ul>")
            items = []
        if line.strip():
            parts.append(f"<p>{inline(line.strip())}</p>")
    return "".join(parts)


def _styled(text: str) -> str:
    """Escaped text; `**bold**` is set bold, its asterisks stay in the text but are not shown."""
    stars = '<span class="md" aria-hidden="true">**</span>'
    return _BOLD.sub(lambda m: f"<strong>{stars}{m[1]}{stars}</strong>", escape(text))


def _reference(number: int, message_id: str, anchor: str = "") -> str:
    message = escape(message_id)
    name = f' id="{message}-{anchor}"' if anchor else ""
    return (
        f'<sup{name} class="ref"><a href="#{message}-s{number}" '
        f'aria-label="Source {number}">[{number}]</a></sup>'
    )


def _conflict_table(answer: Answer, message_id: str) -> str:
    cited = {citation.number: citation for citation in answer.citations}
    parts = []
    for conflict in answer.conflicts:
        rows = []
        for figure, number in conflict.sides:
            citation = cited.get(number)
            title = escape(citation.source.title) if citation else ""
            as_of = citation.source.as_of if citation else None
            link = _reference(number, message_id) if citation else ""
            when = as_of.isoformat() if as_of else "undated"
            rows.append(
                f'<tr><td class="value">{escape(figure.text)}</td>'
                f"<td>{title}{link}</td><td>{when}</td></tr>"
            )
        parts.append(
            f'<div class="scroll"><table class="conflict"><caption>{escape(conflict.about)}'
            "</caption><thead><tr><th>Value</th><th>Source</th><th>Date</th></tr></thead>"
            f"<tbody>{''.join(rows)}</tbody></table></div>"
        )
    return "".join(parts)


def _calculation(answer: Answer, message_id: str) -> str:
    calculation = answer.calculation
    if calculation is None:
        return ""
    cited = {citation.number for citation in answer.citations}
    operands = "".join(
        f"<li>{escape(operand.label)}: {escape(operand.figure.text)}"
        f"{_reference(operand.citation, message_id) if operand.citation in cited else ''}</li>"
        for operand in calculation.operands
    )
    return (
        f'<div class="calculation"><p class="label">Calculated from the cited figures</p>'
        f'<p class="formula">{escape(calculation.formula)}</p><ul>{operands}</ul></div>'
    )


def _checks(answer: Answer, message_id: str) -> str:
    if not answer.checks:
        return ""
    bad = sum(check.verdict is Verdict.UNSUPPORTED for check in answer.checks)
    count = len(answer.checks)
    words = f"{count} figure{'s' if count != 1 else ''} checked"
    words += f", {bad} not found" if bad else ""
    cited = {citation.number for citation in answer.citations}
    items = "".join(_check(check, message_id, cited) for check in answer.checks)
    return (
        f'<div class="checks{" bad" if bad else ""}"><p class="label">{words}</p>'
        f"<ul>{items}</ul></div>"
    )


def _check(check: Check, message_id: str, cited: set[int]) -> str:
    words = check_words(check)
    named = figure_words(check.figure)
    figure = escape(named)
    rest = escape(words.removeprefix(named).removeprefix(": "))
    if check.verdict is Verdict.SUPPORTED and check.citation in cited:
        rest = f"found in {_reference(check.citation, message_id)}"
    return f'<li class="{check.verdict.value}"><b>{figure}</b> <span>{rest}</span></li>'


def _notes(notes: tuple[str, ...]) -> str:
    return "".join(f'<p class="note">{escape(note)}</p>' for note in notes)


def _foot(answer: Answer) -> str:
    facts = [f"{total_seconds(answer):.1f} s"] if answer.seconds else []
    if answer.model:
        facts.append(escape(answer.model))
    plain = f"{terminal(answer)}\n\n{terminal_sources(answer)}"
    return (
        f'<p class="foot"><span>{" · ".join(facts)}</span>'
        f'<button type="button" class="copy" data-copy="{escape(plain)}">Copy</button></p>'
    )


# ---------------------------------------------------------------- the source cards


def _card(citation: Citation, message_id: str, anchor: str, number: str, known: set[int]) -> str:
    source, message = citation.source, escape(message_id)
    meta = "".join(f"<span>{escape(part)}</span>" for part in place(citation))
    back = ""
    if citation.number in known:
        back = (
            f'<a class="back" href="#{message}-r{citation.number}" '
            f'aria-label="Back to the answer">↩ Back</a>'
        )
    label = f'<span class="number">{escape(number)}</span>' if number else ""
    return (
        f'<section class="card" id="{message}-{anchor}" tabindex="-1">'
        f'<h4>{label}<span class="title">{escape(source.title)}</span></h4>'
        f'<p class="meta">{meta}</p>{_passage(citation)}'
        f'<p class="origin"><code>{escape(source.id)}</code>{_address(source.url)}{back}</p>'
        "</section>"
    )


def _address(url: str | None) -> str:
    """A link to where the document came from: web addresses only, named by their host."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return (
        f'<a class="address" href="{escape(url or "")}" target="_blank" '
        f'rel="noopener noreferrer">{escape(parts.hostname)} ↗</a>'
    )


def _passage(citation: Citation) -> str:
    passage = citation.passage
    inside = passage.span.contains(citation.span)
    cited = citation.span.shifted(-passage.span.start) if inside else Span(0, 0)
    if passage.kind is PassageKind.TABLE_ROW and "|" in passage.text:
        body = _table(passage.context, passage.text, cited)
    else:
        context = f'<p class="context">{escape(passage.context)}</p>' if passage.context else ""
        body = f"{context}<blockquote>{_marked(passage.text, cited)}</blockquote>"
    if not inside:  # the quote runs over the passage's edge: show it by itself
        body = f"<blockquote><mark>{_styled(citation.quote)}</mark></blockquote>{body}"
    return body


def _marked(text: str, cited: Span) -> str:
    before, quote, after = text[: cited.start], cited.of(text), text[cited.end :]
    mark = f"<mark>{_styled(quote)}</mark>" if quote else ""
    return _styled(before) + mark + _styled(after)


def _table(context: str, text: str, cited: Span) -> str:
    """The row under its header; lines of the context that are not pipe rows are its caption."""
    lines = context.splitlines()
    caption = " ".join(line.strip() for line in lines if "|" not in line and line.strip())
    header = [line for line in lines if "|" in line and not _RULE_ROW.fullmatch(line)]
    head = "".join(
        f"<tr>{''.join(f'<th>{_styled(cell.of(line))}</th>' for cell in _cells(line))}</tr>"
        for line in header
    )
    rows, offset = [], 0
    for line in text.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        if bare.strip() and not _RULE_ROW.fullmatch(bare):
            here = any(_common(cell.shifted(offset), cited) for cell in _cells(bare))
            cells = "".join(
                f"<td>{_marked(cell.of(bare), _relative(cell.shifted(offset), cited))}</td>"
                for cell in _cells(bare)
            )
            rows.append(f'<tr class="cited">{cells}</tr>' if here else f"<tr>{cells}</tr>")
        offset += len(line)
    top = f"<caption>{escape(caption)}</caption>" if caption else ""
    thead = f"<thead>{head}</thead>" if head else ""
    return (
        f'<div class="scroll" tabindex="0"><table class="excerpt">{top}{thead}'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cells(line: str) -> list[Span]:
    """Spans of a pipe row's cells, without the blanks around them; `\\|` is no border."""
    spans, start = [], 0
    while start <= len(line):
        end = max(_CELL.match(line, start).end(), start)  # type: ignore[union-attr]
        if end < len(line) and line[end] == "\\":  # a backslash at the very end
            end = len(line)
        raw = line[start:end]
        left = start + len(raw) - len(raw.lstrip())
        spans.append(Span(left, max(left, start + len(raw.rstrip()))))
        start = end + 1
    if line.lstrip().startswith("|"):
        spans = spans[1:]
    if line.rstrip().endswith("|") and not line.rstrip().endswith("\\|"):
        spans = spans[:-1]
    return spans


def _common(one: Span, other: Span) -> Span | None:
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Span(start, end) if start < end else None


def _relative(cell: Span, cited: Span) -> Span:
    common = _common(cell, cited)
    return common.shifted(-cell.start) if common else Span(0, 0)
