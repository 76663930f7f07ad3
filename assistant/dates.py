"""The day, month or year that a "when" question asks for, looked up by code alone. Pure.

A sentence or a table's row holds it when the words of the question stand there beside a time that is
not merely that of a report ("SHINE wrote on 19 May"). It is the answer if the judge agrees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.asked import Asked, read_question
from assistant.choice import Choice, choice_of, figures_of
from assistant.conflicts import other_amount
from assistant.contrary import says_contrary
from assistant.evidence import in_dateline, items_of
from assistant.figures import supports
from assistant.lexical import tokens
from assistant.lookup import Found, best, told_by
from assistant.on_topic import is_on_topic
from assistant.support import beside_event
from assistant.synonyms import alike
from assistant.times import TIME_UNITS, same_time, year_of
from assistant.types import Evidence, Figure, PassageKind
from assistant.whose import POSSESSOR, names_in

# What a question for a date may say without any line having to say it too: the date says it.
_OF_TIME = re.compile(
    r"\b(?:date|day|days|time|moment|begins?|began|starts?|started|appl(?:y|ies|ied)|effect|force|takes?|took"
    r"|happen(?:s|ed)?|occur(?:s|red)?|ends?|ended|finish(?:es|ed)?|expires?|expected|planned|scheduled|exactly"
    r"|runs?|turn(?:s|ed)?|must|still|already|ever)\b",
    re.IGNORECASE,
)
_STARTS = re.compile(
    r"\b(?:from when|since when|starts?|started|begins?|began|applies|apply|takes? effect|in force)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:until when|by when|ends?|ended|finish(?:es|ed)?|expires?|runs? out)\b", re.IGNORECASE
)
_FROM = re.compile(
    r"\b(?:from|since|starting|beginning|as of|effective|after)\s+(?:\w+ year )?$", re.IGNORECASE
)
_UNTIL = re.compile(r"\b(?:until|till|to|through|by|before)\s+(?:the end of )?$", re.IGNORECASE)
# The day on which somebody wrote or said it, which is seldom the day asked for.
_OF_REPORT = re.compile(
    r"\b(?:report(?:s|ed)?|writes|wrote|said|says|told|story|article|commentary|page|post|notes?|dated|published|printed"
    r"|quoted|speaking|statement|interview|sheet|brief|summary|release|carried|call)\b[^.;:]{0,30}?\b(?:of|on|in|from|dated|for|by)?\s*$"
    r"|^\W*(?:the )?(?-i:[A-Z])[\w&.'’-]*(?: (?-i:[A-Z])[\w&.'’-]*)*, (?:\w+,? ){0,4}?(?:on|of|in|dated)\s+$",
    re.IGNORECASE,
)  # fmt: skip
_END = re.compile(
    r"\b(?:until|till|ends?|ended|finish(?:es|ed)?|complet(?:es?|ed|ion)|expires?|expired|through)\b", re.IGNORECASE
)  # fmt: skip
# Elsewhere these tell nothing; beside a date they are what happened.
_HAPPENED = frozenset(tokens("listed reached recorded made"))
_CLAUSE = re.compile(r"[,;:]\s|\s(?:and|while|whereas|but|after|before)\s")
_FIRST = re.compile(r"\bfirst\b", re.IGNORECASE)
LESS_FIRST = 0.1
"""What a place loses that does not say "first" where the first time is asked for."""
# "When did it first spend more than 10 billion?" asks to compare, which words alone do not tell.
_MORE_THAN = re.compile(
    r"\b(?:more than|less than|fewer than|over|above|below|under|exceed(?:s|ed)?|pass(?:es|ed)?|reach(?:es|ed)?) (?:[A-Z]{2,3} ?)?[$€£¥]?\d",
    re.IGNORECASE,
)
_REPORTS = re.compile(
    r"\b(?:report|publish|say|said|write|wrote|tell|told|announce|present|release|quote)", re.IGNORECASE
)  # fmt: skip


def dated(asked: Asked, evidence: Sequence[Evidence], subject: str = "") -> list[Found]:
    """Times that may be the one asked for, the best told first; none for other questions."""
    if "time" not in asked.kinds or _MORE_THAN.search(asked.text):
        return []
    plain = read_question(_OF_TIME.sub(" ", asked.text))
    plain = replace(plain, periods=asked.periods)
    anybody = bool(subject) and not names_in(asked.text)  # then the folder's own company is meant
    found = []
    for line in dict.fromkeys(one for e in evidence for one in (*items_of(e), e)):
        owner = POSSESSOR.match(line.text)
        if anybody and owner and subject not in owner[1]:
            continue  # "Orsa's expense reached its highest in Q3"
        choice = _nearest(asked, [c for c in _choices(line) if _may_be(asked, c)])
        if choice is not None and (told := told_by(plain, choice, subject)):
            first = _FIRST.search(asked.text) and not _FIRST.search(choice.about)
            found.append(Found(choice, told - LESS_FIRST if first else told))
    return sorted(found, key=lambda f: -f.told)


def agreed(found: Sequence[Found]) -> Found | None:
    """The best told time, if it is told well and all told as well agree; the finest one."""
    told = best(found)
    if not told:
        return None
    finest = max(told, key=lambda f: _UNITS.index(f.choice.figure.unit))
    if not all(_one_time(finest.choice.figure, f.choice.figure) for f in told):
        return None
    places = {f.choice.evidence.passage.id for f in told}
    return replace(finest, several=len(places) > 1)


_UNITS = ("year", "half", "months", "quarter", "month", "date")


def _one_time(fine: Figure, coarse: Figure) -> bool:
    return same_time(fine, coarse) or same_time(coarse, fine)


def _choices(line: Evidence) -> Iterator[Choice]:
    """The times of a line, each beside all that the line says."""
    row = line.passage.kind is PassageKind.TABLE_ROW
    for figure, column, label in figures_of(line):
        if figure.unit in TIME_UNITS and year_of(figure):
            choice = choice_of(line, figure, column, label)
            yield replace(choice, about=f"{choice.about} {line.text}") if row else choice


def _may_be(asked: Asked, choice: Choice) -> bool:
    """False for a period that the question names itself, a coarser time than asked for, a report's day."""
    figure, text = choice.figure, choice.evidence.text
    if any(supports(period, figure) for period in asked.periods):
        return False
    if not is_on_topic(asked, [choice.evidence]) or other_amount(asked, choice.evidence):
        return False
    if _UNITS.index(figure.unit) < _least_unit(asked):
        return False
    if not _HAPPENED & set(tokens(asked.text)) <= alike(tokens(choice.about)):
        return False
    if _ENDS.search(asked.text) and not _END.search(choice.about):
        return False
    if beside_event(asked.text, figure, text):
        return False
    if choice.cell or _REPORTS.search(asked.text):
        return True
    if in_dateline(text, figure):
        return False
    return _OF_REPORT.search(text[: figure.span.start]) is None


def _least_unit(asked: Asked) -> int:
    said = re.search(r"\b(?:what|which) (day|date|month|quarter)\b", asked.text, re.IGNORECASE)
    return _UNITS.index(said[1].lower().replace("day", "date")) if said else 0


def _nearest(asked: Asked, found: list[Choice]) -> Choice | None:
    """Of several times of one line the first of a stretch, its last, or the one beside most of the words."""
    words = set(tokens(asked.text))

    def fits(choice: Choice) -> tuple[bool, bool, int, int]:
        before = choice.evidence.text[: choice.figure.span.start]
        starts = _STARTS.search(asked.text) is not None and _FROM.search(before) is not None
        ends = _ENDS.search(asked.text) is not None and _UNTIL.search(before) is not None
        fine = _UNITS.index(choice.figure.unit)
        clause = _clause(choice)
        same = not says_contrary(asked.text, clause)
        return starts or ends, same, len(words & alike(clause)), fine

    return max(found, key=fits, default=None)


def _clause(choice: Choice) -> set[str]:
    """The words of the clause that a time stands in; of a cell all of its column and row."""
    if choice.cell:
        return set(tokens(f"{choice.column} {choice.row}"))
    text, span = choice.evidence.text, choice.figure.span
    return set(
        tokens(_CLAUSE.split(text[: span.start])[-1] + " " + _CLAUSE.split(text[span.end :])[0])
    )
