"""Answer → Markdown, JSON and plain text for a terminal; and the one escaping function.

Everything that came from a file or a model passes through `clean` (characters) and, on its way into
a page, `escape` (markup). The HTML itself is made in `render_html`. Pure.
"""

from __future__ import annotations

import html as _html
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from assistant.types import Answer, Check, Citation, Figure, Status, Verdict

MARKER = re.compile(r"\[(\d{1,3})\]")

STATUS_WORDS: Mapping[Status, str] = {
    Status.ANSWERED: "Answered from the documents",
    Status.PARTIAL: "Only partly in the documents",
    Status.NOT_FOUND: "Not in the documents",
    Status.CONFLICT: "The documents disagree",
    Status.REFUSED: "Declined",
}

# Direction marks and overrides can make "CNY 100" read as "001 YNC", or hide a marker.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#!|~$])")


def clean(text: str) -> str:
    """`text` with control, direction and broken characters replaced one for one by U+FFFD.

    Newline and tab stay. The length never changes, so spans of the text stay valid.
    """
    return "".join(
        "\ufffd"
        if char in _BIDI or (unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t")
        else char
        for char in text
    )


def escape(text: str) -> str:
    """`text` as inert HTML, for element content and quoted attributes alike.

    Braces become references too: the page's template engine gives `{{…}}` and `${…}` a meaning.
    """
    return _html.escape(clean(text), quote=True).replace("{", "&#123;").replace("}", "&#125;")


def escape_markdown(text: str) -> str:
    """`text` so that a Markdown renderer shows it as it is: no link, image, HTML or emphasis."""
    inert = _MARKDOWN.sub(r"\\\1", clean(text))
    return inert.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def total_seconds(answer: Answer) -> float:
    """Wall time of the answer: the stage `total` where there is one, else the sum of the stages."""
    return float(answer.seconds.get("total", sum(answer.seconds.values())))


def place(citation: Citation) -> tuple[str, ...]:
    """Where a citation stands, in words: kind, date, page, headings; only what is known."""
    source, passage = citation.source, citation.passage
    parts = [source.kind]
    if source.as_of:
        parts.append(source.as_of.isoformat())
    if citation.page is not None:
        parts.append(f"page {citation.page}")
    if passage.headings:
        parts.append(" › ".join(passage.headings))
    return tuple(part for part in parts if part)


def figure_words(figure: Figure) -> str:
    """A figure as it is printed; a number in words with what it counts, "five years"."""
    if not (figure.text.isalpha() and figure.noun):
        return figure.text
    return f"{figure.text} {figure.noun}{'' if abs(figure.value) == 1 else 's'}"


def check_words(check: Check) -> str:
    """One line on a checked figure: what was found, or why it does not count as found."""
    figure = figure_words(check.figure)
    if check.verdict is Verdict.SUPPORTED:
        where = f"[{check.citation}]" if check.citation is not None else "the documents"
        return f"{figure}: found in {where}"
    if check.verdict is Verdict.COMPUTED:
        return f"{figure}: computed, {check.formula or 'from cited figures'}"
    return f"{figure}: NOT FOUND in the documents" + (f" ({check.reason})" if check.reason else "")


def markdown(answer: Answer) -> str:
    """The answer as GitHub Markdown with footnotes (`[^1]`); text from outside is inert in it."""
    numbers = {citation.number for citation in answer.citations}
    parts: list[str] = []
    last = 0
    for match in MARKER.finditer(answer.text):
        if int(match[1]) in numbers:
            parts += [escape_markdown(answer.text[last : match.start()]), f"[^{int(match[1])}]"]
            last = match.end()
    parts.append(escape_markdown(answer.text[last:]))
    lines = ["".join(parts), "", f"**{STATUS_WORDS[answer.status]}**"]
    if answer.calculation and answer.calculation.formula not in answer.text:
        lines += ["", f"Calculation: {escape_markdown(answer.calculation.formula)}"]
    for conflict in answer.conflicts:
        lines += ["", f"{escape_markdown(conflict.about)}:", ""]
        lines += [
            f"- {escape_markdown(figure.text + _dated(answer, n))} [^{n}]"
            for figure, n in conflict.sides
        ]
    if answer.checks:
        lines += ["", *(f"- {escape_markdown(check_words(check))}" for check in answer.checks)]
    lines += [f"\n_{escape_markdown(note)}_" for note in answer.notes]
    lines += [f"\n[^{c.number}]: {_footnote(c)}" for c in answer.citations]
    if answer.nearest:
        lines += ["", "Nearest passages:", "", *(f"- {_footnote(c)}" for c in answer.nearest)]
    return "\n".join(lines) + "\n"


def to_json(answer: Answer) -> dict[str, Any]:
    """The answer as plain JSON values; this shape is stable, new keys may be added.

    asked, text, status, model, seconds (by stage), notes
    citations, nearest  [{number, source, title, as_of, kind, page, headings, start, end, text}]
                        start and end are characters of the document; text is the quote
    checks              [{figure, verdict, citation, formula, reason}]
    calculation         null or {operation, formula, result, unit, shown, operands}
    conflicts           [{about, sides: [{figure, citation}]}]
    """
    calculation = answer.calculation
    return {
        "asked": answer.asked,
        "text": answer.text,
        "status": answer.status.value,
        "citations": [_citation_json(c) for c in answer.citations],
        "checks": [
            {
                "figure": check.figure.text,
                "verdict": check.verdict.value,
                "citation": check.citation,
                "formula": check.formula,
                "reason": check.reason,
            }
            for check in answer.checks
        ],
        "calculation": calculation
        and {
            "operation": calculation.operation,
            "formula": calculation.formula,
            "result": str(calculation.result),
            "unit": calculation.unit,
            "shown": calculation.shown,
            "operands": [
                {"label": o.label, "figure": o.figure.text, "citation": o.citation}
                for o in calculation.operands
            ],
        },
        "conflicts": [
            {
                "about": conflict.about,
                "sides": [{"figure": f.text, "citation": n} for f, n in conflict.sides],
            }
            for conflict in answer.conflicts
        ],
        "nearest": [_citation_json(c) for c in answer.nearest],
        "notes": list(answer.notes),
        "model": answer.model,
        "seconds": {stage: round(seconds, 3) for stage, seconds in answer.seconds.items()},
    }


def terminal(answer: Answer) -> str:
    """What to print as the answer: its text, the calculation and both sides of a conflict."""
    lines = [clean(answer.text)]
    if answer.calculation and answer.calculation.formula not in answer.text:
        lines += ["", f"  {clean(answer.calculation.formula)}"]
    for conflict in answer.conflicts:
        lines += ["", clean(conflict.about)]
        lines += [
            f"  {clean(figure.text)}{_dated(answer, n)}  [{n}]" for figure, n in conflict.sides
        ]
    return "\n".join(lines)


def _dated(answer: Answer, number: int) -> str:
    """The date of a cited document as it stands behind one side of a conflict."""
    dates = (c.source.as_of for c in answer.citations if c.number == number)
    as_of = next(dates, None)
    return f" ({as_of.isoformat()})" if as_of else ""


def terminal_sources(answer: Answer) -> str:
    """What to print beside the answer: status, sources with their quotes, checks, notes, time."""
    lines = [STATUS_WORDS[answer.status]]
    for citation in answer.citations:
        lines += _source_lines(f"[{citation.number}]", citation)
    if answer.nearest:
        lines += ["", "Nearest passages (they do not answer the question):"]
        for citation in answer.nearest:
            lines += _source_lines("-", citation)
    if answer.checks:
        lines += ["", "Figures checked:", *(f"  {clean(check_words(c))}" for c in answer.checks)]
    if answer.notes:
        lines += ["", *(clean(note) for note in answer.notes)]
    if answer.seconds:
        by = f", {clean(answer.model)}" if answer.model else ""
        lines += ["", f"{total_seconds(answer):.1f} s{by}"]
    return "\n".join(lines)


def _source_lines(mark: str, citation: Citation) -> list[str]:
    quote = " ".join(clean(citation.quote).split())
    where = ", ".join(place(citation))
    return [
        "",
        f"{mark} {clean(citation.source.title)} ({clean(where)})",
        f"    {clean(citation.source.id)}",
        f"    “{quote}”",
    ]


def _footnote(citation: Citation) -> str:
    quote = " ".join(citation.quote.split())
    where = ", ".join((citation.source.title, *place(citation), citation.source.id))
    return f"{escape_markdown(' '.join(where.split()))}: “{escape_markdown(quote)}”"


def _citation_json(citation: Citation) -> dict[str, Any]:
    source = citation.source
    return {
        "number": citation.number,
        "source": source.id,
        "title": source.title,
        "as_of": source.as_of.isoformat() if source.as_of else None,
        "kind": source.kind,
        "page": citation.page,
        "headings": list(citation.passage.headings),
        "start": citation.span.start,
        "end": citation.span.end,
        "text": citation.quote,
    }
