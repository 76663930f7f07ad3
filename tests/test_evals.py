"""Running a suite: resumes, never touches the user's index, and reports what a person can read."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import ConfigError, ModelUnavailable
from assistant.settings import Settings
from assistant.types import (
    Answer,
    Citation,
    Delta,
    Done,
    Event,
    Evidence,
    Hit,
    Overview,
    Passage,
    Question,
    Source,
    Span,
    Status,
    SyncReport,
)
from evals.compare import comparison_text, flips, side_by_side
from evals.gates import load_gates, missed_gates
from evals.judging import judge
from evals.peers.llamaindex_citation import row_from_response
from evals.predictions import read_rows, readable
from evals.run import run_command, suite_settings
from evals.suite import Gold, load_suite

TEXT = "Acme spent CNY 24.1 billion on R&D in 2024. Acme was founded by Ada Lovelace."
QUESTIONS: list[dict[str, Any]] = [
    {"id": "rd", "question": "What did Acme spend on R&D in 2024?", "type": "fact",
     "answer": "CNY 24.1 billion", "answerable": True,
     "evidence": [{"doc": "acme.md", "text": "Acme spent CNY 24.1 billion on R&D in 2024."}]},
    {"id": "founder", "question": "Who founded it?", "history": ["What is Acme?"],
     "type": ["fact", "follow_up"], "answer": ["Ada Lovelace", "Lovelace"], "answerable": True,
     "evidence": [{"doc": "acme.md", "text": "Acme was founded by Ada Lovelace."}],
     "scope_doc": "acme.md", "unknown_field": {"is": "ignored"}},
    {"id": "none", "question": "What did <b>Acme</b> earn?", "type": "unanswerable", "answer": [],
     "answerable": False, "evidence": []},
]  # fmt: skip
ANSWERS = {
    "What did Acme spend on R&D in 2024?": "It spent CNY 24.1 billion on R&D in 2024. [1]",
    "Who founded it?": "<script>alert('x')</script> Grace Hopper did. [1]",
    "What did <b>Acme</b> earn?": "",
}


@dataclass
class Texts:
    texts: dict[str, str]

    def document_text(self, source_id: str) -> str:
        return self.texts[source_id]


@dataclass
class ScriptedEngine:
    """Answers from a table over one document; stops after `survives` questions, as if killed."""

    settings: Settings
    survives: int = 99
    model: str | None = "scripted"
    asked: list[Question] = field(default_factory=list)
    closed: bool = False

    @property
    def index(self) -> Texts:
        return Texts({"acme.md": TEXT})

    def sync(self, *, rebuild: bool = False, on_progress: object = None) -> SyncReport:
        return SyncReport("g1", added=("acme.md",), passages=1)

    def overview(self) -> Overview:
        return Overview(1, 1, self.model if self.settings.llm != "none" else None, ("no file",))

    def ask(self, question: Question) -> Iterator[Event]:
        if len(self.asked) == self.survives:
            raise KeyboardInterrupt
        self.asked.append(question)
        source = Source("acme.md", "0" * 64, "Acme")
        passage = Passage(source, Span(0, len(TEXT)), TEXT)
        quote = Span(0, TEXT.index(".", 20) + 1)
        said = ANSWERS[question.text]
        yield Delta(said)
        yield Done(
            Answer(
                asked=question.text,
                text=said or "The documents do not say.",
                status=Status.ANSWERED if said else Status.NOT_FOUND,
                citations=(Citation(1, passage, quote, quote.of(TEXT)),) if said else (),
                hits=(Hit(passage, 0.5),),
                evidence=(Evidence(1, passage, passage.span, TEXT, 0.5),),
                seconds={"total": 0.25},
            )
        )

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    (folder / "corpus").mkdir(parents=True)
    (folder / "corpus" / "acme.md").write_text(TEXT)
    write_questions(folder, QUESTIONS)
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache=tmp_path / "cache", index=tmp_path / "mine", corpus=tmp_path / "docs")


@pytest.fixture
def run(suite: Path, settings: Settings, tmp_path: Path) -> Callable[..., ScriptedEngine]:
    """Runs the suite into tmp_path/out and hands back the engine that was asked."""

    def run_once(
        survives: int = 99, model: str | None = "scripted", **options: Any
    ) -> ScriptedEngine:
        opened: list[ScriptedEngine] = []

        def opener(own: Settings) -> ScriptedEngine:
            opened.append(ScriptedEngine(own, survives, model))
            return opened[0]

        options = {"out": tmp_path / "out"} | options
        try:
            opened_code = run_command(suite, settings=settings, opener=opener, **options)
        finally:
            if opened:
                assert opened[0].closed
        opened[0].code = opened_code  # type: ignore[attr-defined]
        return opened[0]

    return run_once


def write_questions(folder: Path, questions: list[dict[str, Any]]) -> None:
    lines = [json.dumps(q, ensure_ascii=False) for q in questions]
    (folder / "questions.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def report(out: Path) -> dict[str, Any]:
    return json.loads((out / "report.json").read_text())


# ---------------------------------------------------------------- running


def test_a_run_asks_every_question_and_judges_it(run, tmp_path: Path, capsys) -> None:
    engine = run()
    assert [q.text for q in engine.asked] == [q["question"] for q in QUESTIONS]
    assert engine.asked[1].history[0].question == "What is Acme?"
    assert engine.asked[1].filters.sources == ("acme.md",)
    verdicts = {q["id"]: (q["verdict"], q["stage"]) for q in report(tmp_path / "out")["questions"]}
    assert verdicts == {"rd": ("right", ""), "founder": ("wrong", "answer"), "none": ("right", "")}
    assert "50.0% (9-91, 1 of 2)" in capsys.readouterr().out


def test_predictions_have_the_shape_that_others_write_too(run, tmp_path: Path) -> None:
    run()
    first = next(read_rows(tmp_path / "out" / "predictions.jsonl"))
    assert set(first) >= {
        "id", "question", "asked", "answer", "status", "abstained", "citations", "hits", "evidence",
        "checks", "seconds",
    }  # fmt: skip
    assert set(first["citations"][0]) >= {"number", "doc", "page", "start", "end", "text"}
    cited = first["citations"][0]
    assert TEXT[cited["start"] : cited["end"]] == cited["text"]


def test_the_users_index_is_never_touched(run, settings: Settings) -> None:
    engine = run()
    assert engine.settings.index != settings.index
    assert settings.cache in engine.settings.index.parents
    assert not settings.index.exists()


def test_an_interrupted_run_goes_on_and_ends_in_the_same_report(run, tmp_path: Path) -> None:
    run(out=tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        run(survives=1)
    predictions = tmp_path / "out" / "predictions.jsonl"
    predictions.write_text(predictions.read_text() + '{"id": "founder", "ques')
    again = run()
    assert [q.text for q in again.asked] == [q["question"] for q in QUESTIONS[1:]]
    for name in ("report.json", "report.md", "report.html", "junit.xml", "predictions.jsonl"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_a_finished_run_asks_nothing_again(run) -> None:
    run()
    assert run().asked == []


def test_another_model_or_suite_starts_anew(run, suite: Path) -> None:
    run()
    assert len(run(model="another").asked) == 3
    (suite / "corpus" / "acme.md").write_text(TEXT + " More.")
    assert len(run(model="another").asked) == 3


def test_a_limit_is_widened_without_asking_again(run, tmp_path: Path) -> None:
    assert len(run(limit=1).asked) == 1
    assert report(tmp_path / "out")["partial"]
    assert len(run().asked) == 2


def test_only_one_type_can_be_asked(run) -> None:
    assert [q.text for q in run(only="follow_up").asked] == ["Who founded it?"]
    with pytest.raises(ConfigError, match="no question of type 'nonsense'"):
        run(only="nonsense")


def test_a_missing_model_is_said_before_anything_is_asked(run) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        run(model=None)
    assert "--no-model" in caught.value.hint
    assert run(no_model=True).settings.llm == "none"


def test_a_gate_that_is_missed_fails_the_command(
    run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys
) -> None:
    gates = tmp_path / "gates.toml"
    gates.write_text("[tiny.all]\nright = { at_least = 0.9 }\nwrong = { at_most = 0.1 }\n")
    monkeypatch.setattr("evals.report.load_gates", lambda: load_gates(gates))
    assert run(gate=False).code == 0
    assert run(gate=True).code == 1
    said = capsys.readouterr().err
    assert "gate missed: tiny, all: right is 50.0% (1 of 2), at least 90.0% is needed" in said
    gates.write_text("[tiny.all]\nright = { at_least = 0.5 }\n")
    assert run(gate=True).code == 0


# ---------------------------------------------------------------- suites


def test_a_suite_may_say_where_its_corpus_lies(suite: Path, tmp_path: Path) -> None:
    (suite / "corpus").rename(tmp_path / "elsewhere")
    with pytest.raises(ConfigError, match="not there"):
        load_suite(suite)
    (suite / "suite.toml").write_text('corpus = "../elsewhere"\n')
    assert load_suite(suite).corpus == (tmp_path / "elsewhere").resolve()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 4"),
        ('{"id": "x"}', "question"),
        ("[1]", "line 4"),
        ('{"id": "rd", "question": "again?"}', "stands twice"),
        ('{"id": "x", "question": "?", "accept": {"figures": [{"unit": "CNY"}]}}', "figure"),
    ],
)
def test_a_broken_question_is_named_by_its_line(suite: Path, line: str, said: str) -> None:
    path = suite / "questions.jsonl"
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(ConfigError, match=said):
        load_suite(suite)


def test_a_folder_without_questions_is_not_a_suite(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not a suite"):
        load_suite(tmp_path)


def test_each_expected_answer_is_right_and_anothers_is_wrong(suite: Path) -> None:
    items = [item for item in load_suite(suite).items if item.answerable]
    for one in items:
        for other in items:
            row = {"answer": other.accepted[0], "status": "answered", "abstained": False}
            assert judge(one, row)[0] == ("right" if one is other else "wrong")


def test_suites_of_different_folders_have_different_indexes(
    suite: Path, settings: Settings, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    (other / "corpus").mkdir(parents=True)
    write_questions(other, QUESTIONS)
    indexes = {suite_settings(load_suite(f), settings).index for f in (suite, other)}
    assert len(indexes) == 2


def test_evidence_that_was_lost_in_reading_is_noticed() -> None:
    texts = Texts({"acme.md": "Intro. " * 50 + TEXT})
    assert readable(texts, Gold("acme.md", "Acme was founded by  ADA Lovelace"))
    assert not readable(texts, Gold("acme.md", "| Goodwill | 12.5 | 13.1 |"))
    assert not readable(texts, Gold("lost.pdf", "Acme was founded by Ada Lovelace"))


# ---------------------------------------------------------------- reports


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += [name for name, _ in attrs]


def test_the_page_is_one_file_and_escapes_what_models_say(run, tmp_path: Path) -> None:
    run()
    page = (tmp_path / "out" / "report.html").read_text()
    tags = Tags()
    tags.feed(page)
    assert "svg" in tags.names
    assert not {"script", "img", "link", "iframe", "base"} & set(tags.names)
    assert not {"src", "href", "onload", "onerror"} & set(tags.attributes)
    assert not re.search(r"https?://|@import|url\(", page)
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; Grace Hopper did." in page
    assert "Expected" in page
    assert "Ada Lovelace / Lovelace" in page
    assert tags.names.count("details") == 1


def test_junit_counts_missed_gates_as_failures_and_wrong_answers_as_skipped(
    run, tmp_path: Path
) -> None:
    run()
    suite = ET.parse(tmp_path / "out" / "junit.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "0", "1")


def test_two_runs_are_compared_question_by_question(run, tmp_path: Path, capsys) -> None:
    run(out=tmp_path / "one")
    before = report(tmp_path / "one")
    after = json.loads(json.dumps(before))
    for q in after["questions"]:
        q["verdict"] = "wrong" if q["id"] == "rd" else "right"
    assert flips(before, after) == (["founder"], ["rd"], 3)
    said = comparison_text(before, after)
    assert "1 became right, 1 became not" in said
    assert "+ founder: wrong → right" in said
    assert "- rd: right → wrong" in said
    assert "could well be chance" in said
    assert "Right  " in side_by_side(("a", "b"), before, after)
    run(out=tmp_path / "two", compare=tmp_path / "one")
    assert "3 questions in both runs: 0 became right, 0 became not." in capsys.readouterr().out
    with pytest.raises(ConfigError, match="not a report"):
        run(compare=tmp_path / "nowhere")


# ---------------------------------------------------------------- gates


def gates_of(wanted: dict[str, Any], **found: Any) -> list[str]:
    value = {"count": 8, "total": 10, "share": 0.8, "low": 0.5, "high": 0.9}
    nothing = {"count": 0, "total": 0, "share": None, "low": 0.0, "high": 1.0}
    one = {"right": value, "conflict_recall": nothing, "bad": 0, "recall": {"5": 0.7}}
    made = {"partial": False, "all": one, "types": {"fact": one}} | found
    return missed_gates({"s": wanted}, "s", made)


def test_a_gate_compares_with_its_limit() -> None:
    assert gates_of({"all": {"right": {"at_least": 0.8}, "bad": {"at_most": 0}}}) == []
    assert gates_of({"all": {"recall.5": {"at_least": 0.75}}}) == [
        "s, all: recall.5 is 0.7, at least 75.0% is needed"
    ]
    assert "at most 50.0% is allowed" in gates_of({"fact": {"right": {"at_most": 0.5}}})[0]


def test_a_gate_without_questions_is_missed() -> None:
    assert gates_of({"gone": {"right": {"at_least": 0.1}}}) == [
        "s, gone: there is no question of this type"
    ]
    assert "nothing to count" in gates_of({"all": {"conflict_recall": {"at_least": 0.1}}})[0]


def test_a_misspelt_gate_is_an_error() -> None:
    with pytest.raises(ConfigError, match="no metric"):
        gates_of({"all": {"rihgt": {"at_least": 0.1}}})
    with pytest.raises(ConfigError, match="is not a gate"):
        gates_of({"all": {"right": {"atleast": 0.1}}})


def test_the_shipped_gates_can_be_read() -> None:
    assert "investor" in load_gates()


# ---------------------------------------------------------------- the peer


@dataclass
class Node:
    text: str
    score: float = 0.5

    @property
    def node(self) -> Node:
        return self

    @property
    def metadata(self) -> dict[str, str]:
        return {"doc": "acme.md"}

    def get_content(self) -> str:
        return self.text


@pytest.mark.parametrize(
    ("said", "abstained"),
    [
        ("Ada Lovelace founded Acme [1].", False),
        ("Source 1 says Ada Lovelace.", False),
        ("The provided sources do not mention who founded Acme.", True),
        ("There is no information about it.", True),
        ("It is not possible to determine this.", True),
        ("The text doesn't explicitly state it.", True),
        ("I'm sorry, but I cannot answer.", True),
        ("", True),
    ],
)
def test_the_peers_refusals_are_read_generously(suite: Path, said: str, abstained: bool) -> None:
    engine: Any = ScriptedEngine(Settings())
    item = load_suite(suite).items[1]
    row = row_from_response(engine, item, item.question, said, [Node(f"Source 1:\n{TEXT}\n")], 0.1)
    assert row["abstained"] is abstained
    assert row["hits"][0]["start"] == 0
    assert [c["text"] for c in row["citations"]] == ([TEXT] if "1" in said else [])
