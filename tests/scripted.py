"""A stand-in for the assistant: yields the typed events of a scripted answer, without a model.

`python -m tests.scripted [PORT]` shows the chat over it.
"""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from assistant.errors import IndexMissing, QuestionError
from assistant.types import (
    Answer,
    Calculation,
    Check,
    Checked,
    Citation,
    Claim,
    Conflict,
    Delta,
    Done,
    Event,
    Figure,
    Found,
    Hit,
    Operand,
    Overview,
    Passage,
    PassageKind,
    Question,
    Rewritten,
    Searching,
    Source,
    Span,
    Status,
    Verdict,
)

ARTICLE = Source(
    "xiaomi-200-billion-article.md",
    "0" * 64,
    "Xiaomi’s $28 Billion Bet: Will In-House AI and Chips Drive its EV Future?",
    "article",
    date(2026, 1, 9),
    "https://thesinoreport.com/xiaomi-200-billion-rnd-ev-tech-breakthrough",
)
TABLE = Source(
    "deliveries-2025.md", "1" * 64, "Deliveries, 2025", "company report", date(2026, 1, 5)
)
OLD = Source("old-note.md", "2" * 64, "Analyst note on the plan", "note", date(2025, 3, 2))

QUOTE = (
    "This is the central question facing investors after CEO Lei Jun announced a staggering "
    "commitment of **CNY 200 billion (approximately $28 billion USD)** for research and "
    "development over the next five years."
)
LEAD = (
    "Is Xiaomi positioning itself to be the next true vertically integrated tech giant, "
    "challenging not just Apple, but also the established order in the automotive sector? "
)
RD_QUESTION = "How much will Xiaomi invest in R&D over the next five years?"
RD_ANSWER = (
    "Xiaomi plans to invest CNY 200 billion (about USD 28 billion) in research and development "
    "over the next five years. [1]"
)
HOSTILE = (
    '<img src=http://evil.example/x onerror="window.hacked=1"> ![x](http://evil.example/leak) '
    "[click](javascript:window.hacked=2) [1](#src-9) <script>window.hacked=3</script> "
    "{{constructor}} ${window.hacked=4} \u202e000,1 YNC [2] </mark></section><iframe "
    "src=//evil.example></iframe>"
)


def passage(source: Source, text: str, **more: object) -> Passage:
    return Passage(source, Span(100, 100 + len(text)), text, **more)  # type: ignore[arg-type]


def cite(number: int, where: Passage, quote: str) -> Citation:
    start = where.span.start + where.text.index(quote)
    return Citation(number, where, Span(start, start + len(quote)), quote)


def figure(text: str, value: str = "1", unit: str = "CNY") -> Figure:
    return Figure(Decimal(value), unit, Span(0, len(text)), text)


PLAN = passage(ARTICLE, LEAD + QUOTE, headings=("The announcement",))
ROW = passage(
    TABLE,
    "| December | 50,212 | +61% |",
    kind=PassageKind.TABLE_ROW,
    context="Vehicles delivered by month\n| Month | Delivered | Year on year |\n|---|---:|---:|",
    headings=("2025", "By month"),
    page=3,
)
NOTE = passage(OLD, "We expect Xiaomi to spend CNY 105 billion on R&D in five years.")
BAD = passage(
    Source("bad.md", "3" * 64, f"Note [1] {HOSTILE}", "note", url="javascript:alert(1)"),
    f"Before. {HOSTILE} After.",
    headings=(HOSTILE,),
)
NEXT = passage(ARTICLE, "It will also build plants.\nThe next step is robotics.")

RD = Answer(
    asked=RD_QUESTION,
    text=RD_ANSWER,
    status=Status.ANSWERED,
    claims=(Claim(RD_ANSWER, (1,)),),
    citations=(cite(1, PLAN, QUOTE),),
    checks=(
        Check(figure("CNY 200 billion", "200000000000"), Verdict.SUPPORTED, 1),
        Check(figure("about USD 28 billion", "28000000000", "USD"), Verdict.SUPPORTED, 1),
    ),
    model="Qwen2.5-Coder-1.5B-Instruct",
    seconds={"retrieve": 0.1, "total": 4.7},
)
NOT_FOUND = Answer(
    asked="What is the gross margin of Xiaomi’s cars?",
    text="The documents do not say.",
    status=Status.NOT_FOUND,
    nearest=(cite(1, PLAN, QUOTE), cite(2, ROW, ROW.text)),
    seconds={"total": 0.2},
)
MONTH = Answer(
    asked="How many vehicles were delivered in December 2025?",
    text="Xiaomi delivered 50,212 vehicles in December 2025. [1] Some say 60,000.",
    status=Status.PARTIAL,
    citations=(cite(1, ROW, ROW.text),),
    checks=(
        Check(figure("50,212 vehicles"), Verdict.SUPPORTED, 1),
        Check(figure("60,000"), Verdict.UNSUPPORTED, reason="in no cited sentence"),
    ),
    notes=("No language model: answers are quoted from the documents.",),
    seconds={"total": 1.3},
)
DISAGREE = Answer(
    asked="What is the five-year R&D plan?",
    text="The documents disagree:\n- CNY 200 billion [1]\n- CNY 105 billion [2]",
    status=Status.CONFLICT,
    citations=(cite(1, PLAN, QUOTE), cite(2, NOTE, NOTE.text)),
    conflicts=(
        Conflict(
            "R&D over five years", ((figure("CNY 200 billion"), 1), (figure("CNY 105 billion"), 2))
        ),
    ),
    seconds={"total": 3.0},
)
RATIO = Answer(
    asked="How many times the earlier spend of CNY 105 billion is the new plan?",
    text="The new plan is about 1.9 times the earlier one. [1][2]",
    status=Status.ANSWERED,
    citations=(cite(1, PLAN, QUOTE), cite(2, NOTE, NOTE.text)),
    checks=(
        Check(figure("1.9 times"), Verdict.COMPUTED, formula="200 billion ÷ 105 billion = 1.90"),
    ),
    calculation=Calculation(
        "ratio",
        (
            Operand("new plan", figure("CNY 200 billion"), 1),
            Operand("earlier spend", figure("CNY 105 billion"), 2),
        ),
        "CNY 200 billion ÷ CNY 105 billion = 1.90",
        Decimal("1.904761904761904761904761905"),
        "times",
        "1.9 times",
    ),
    seconds={"total": 5.1},
)
EVIL = Answer(
    asked=HOSTILE,
    text=f"{HOSTILE} [1]",
    status=Status.ANSWERED,
    citations=(cite(1, BAD, HOSTILE),),
    checks=(Check(figure(HOSTILE), Verdict.UNSUPPORTED, reason=HOSTILE),),
    conflicts=(Conflict(HOSTILE, ((figure(HOSTILE), 1),)),),
    notes=(HOSTILE,),
    nearest=(cite(1, BAD, HOSTILE),),
    model=HOSTILE,
    seconds={"total": 1.0},
)
SCRIPT = {
    "r&d": RD,
    "margin": NOT_FOUND,
    "december": MONTH,
    "disagree": DISAGREE,
    "times": RATIO,
    "hostile": EVIL,
    "slow": RD,
}


class ScriptedAssistant:
    """Answers by the first word of SCRIPT that the question holds; keeps what it was asked."""

    def __init__(self, pause: float = 0.0) -> None:
        self.pause = pause
        self.questions: list[Question] = []
        self.active = 0
        self.most_active = 0
        self.closed_early = 0
        self._lock = threading.Lock()

    def ask(self, question: Question) -> Iterator[Event]:
        with self._lock:
            self.active += 1
            self.most_active = max(self.most_active, self.active)
            self.questions.append(question)
        try:
            yield from self._events(question)
        except GeneratorExit:
            self.closed_early += 1
            raise
        finally:
            with self._lock:
                self.active -= 1

    def _events(self, question: Question) -> Iterator[Event]:
        text = question.text.lower()
        if len(text) > 2000:
            raise QuestionError("The question is too long.", "Ask it in under 2,000 characters.")
        if "no index" in text:
            raise IndexMissing("There is no index yet.", "Run `footnote sync`.")
        if "crash" in text:
            raise ZeroDivisionError("secret detail")
        answer = next((answer for word, answer in SCRIPT.items() if word in text), NOT_FOUND)
        if question.history:
            yield Rewritten(answer.asked)
        yield Searching()
        time.sleep(self.pause)
        cited = (*answer.citations, *answer.nearest)
        hits = tuple(Hit(citation.passage, 1.0, 1, 1) for citation in cited)
        yield Found(hits)
        time.sleep(self.pause)
        for piece in re.findall(r"\S+\s*", answer.text) * (50 if "slow" in text else 1):
            yield Delta(piece)
            time.sleep(self.pause / 5)
        for claim in answer.claims:
            yield Checked(claim)
        time.sleep(self.pause)
        yield Done(answer)

    def examples(self) -> list[str]:
        return [
            RD_QUESTION,
            NOT_FOUND.asked,
            MONTH.asked,
            "Where do the documents disagree on the plan?",
        ]

    def overview(self) -> Overview:
        sources = (ARTICLE, TABLE, OLD)
        return Overview(20, 812, "Qwen2.5-Coder-1.5B-Instruct", sources=sources)

    def close(self) -> None:
        pass


if __name__ == "__main__":
    from assistant.web import launch

    page = launch(ScriptedAssistant(0.3), port=int(sys.argv[1]) if len(sys.argv) > 1 else 7860)
    print(f"ready: {page.local_url}", flush=True)
    page.block_thread()
