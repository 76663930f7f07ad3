"""Sentence boundaries as spans, for English and Chinese financial prose. Pure.

A heading, a list item and a table row is one unit, whatever stands in it. The bundled Punkt model
cuts at "U.S. " and "Approx. ", so the rules are ours.
"""

from __future__ import annotations

import re

from assistant.types import Span

_ABBREVIATIONS = frozenset(
    "inc corp co ltd llc plc vs approx no nos fig figs vol est dept mr mrs ms dr prof sr jr st gen "
    "sen rep gov capt col lt sgt jan feb mar apr jun jul aug sept sep oct nov dec mon tue wed thu "
    "fri sat sun e.g i.e cf etc al u.s u.k u.n e.u p.m a.m ph.d m.d b.a m.a d.c bros mt ave blvd "
    "ex excl incl resp ca fy pp p sec art para ch eq ref refs ed eds op cit tel ext min max avg "
    "a.k.a viz assn dist div gmbh s.a n.v a.g".split()
)
# An abbreviation that often ends a sentence too: it does where a clear opener follows.
_MAY_END = frozenset("inc corp co ltd llc plc etc u.s u.k u.n e.u p.m a.m d.c al jr sr".split())
_OPENERS = frozenset(
    "The A An In It This That These Those He She They We I You But And However For On At As By "
    "Since After Before While When If Its Their His Her Our There Both Sales Revenue Net Total "
    "Shares Management Analysts".split()
)
_END = re.compile(
    r"(?P<stop>[.!?]+|…)(?P<close>[\"'”’)\]»*_]*(?:\[\d+\])*)(?P<gap>\s+|$)|(?P<wide>[。！？]+[”’」』）]*)"
)
_LINE = re.compile(r"[^\n]+")
_UNIT = re.compile(r"\s*(?:#{1,6}\s|\||[-*+•]\s|H[1-6]:\s)")


def sentence_spans(text: str) -> list[Span]:
    """Spans of the sentences of `text` in order, without blanks at their ends.

    Lines that belong to one paragraph are read on; together the spans cover all that is not blank.
    """
    spans: list[Span] = []
    for start, end, whole in _blocks(text):
        spans.extend([_trimmed(text, start, end)] if whole else _prose(text, start, end))
    return [span for span in spans if span.end > span.start]


def _blocks(text: str) -> list[tuple[int, int, bool]]:
    """Paragraphs, and lines that are a unit by themselves (headings, rows, list items)."""
    blocks: list[tuple[int, int, bool]] = []
    for match in _LINE.finditer(text):
        if not match[0].strip():
            continue
        row = re.match(r"\s*(?:#{1,6}\s|\||H[1-6]:\s)", match[0]) is not None
        item = _UNIT.match(match[0]) is not None
        after_blank = bool(blocks) and "\n" in text[blocks[-1][1] : match.start()].replace(
            "\n", "", 1
        )
        if row or item or not blocks or blocks[-1][2] or after_blank:
            blocks.append((match.start(), match.end(), row))
        else:
            blocks[-1] = (blocks[-1][0], match.end(), False)
    return blocks


def _prose(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    begin = start
    for match in _END.finditer(text, start, end):
        if match["wide"] or _ends(text, begin, match, end):
            spans.append(_trimmed(text, begin, match.end()))
            begin = match.end()
    spans.append(_trimmed(text, begin, end))
    return _with_run_ins(text, spans)


# "**Vehicle margin.** What is left of …": the term alone tells nothing, its definition alone not of what.
_RUN_IN = re.compile(r"(\*{1,3}|_{1,3})(?:[^*_\s]+\s?){1,5}[.:]\1")


def _with_run_ins(text: str, spans: list[Span]) -> list[Span]:
    """The sentences, a heading that runs into its paragraph with the sentence behind it."""
    joined: list[Span] = []
    for span in spans:
        if joined and span.end > span.start and _RUN_IN.fullmatch(joined[-1].of(text)):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _ends(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    """True when the stop of `match` ends a sentence rather than an abbreviation or a number."""
    following = text[match.end() : end].lstrip(" \t\"'“‘(*_[")
    if not following:
        return True
    if match["stop"][0] in "!?":
        return not following[0].islower()
    if len(match["stop"]) > 1 or match["stop"] == "…":  # an ellipsis goes on in lower case
        return not following[0].islower() and not following.startswith(("...", "…"))
    word = re.search(r"[\w.&’'/-]*$", text[begin : match.start()])  # "97 km/h." has no initial
    last = (word[0] if word else "").lower()
    opener = re.match(r"[\w’'-]+", following)
    opens = opener is not None and opener[0] in _OPENERS
    if re.fullmatch(r"[a-z]", last):  # an initial: "J. Smith"; but "plan B. The"
        return opens
    if last in _ABBREVIATIONS:
        return last in _MAY_END and opens
    if re.fullmatch(r"(?:[a-z]\.)+[a-z]", last):
        return opens
    if re.fullmatch(r"\d{1,2}", last) and not text[begin : match.start()].strip(" \n-*" + last):
        return False  # the number of a list item
    return not following[0].islower()


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
