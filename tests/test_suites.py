"""The shipped question sets are what they say: every answer stands in the documents."""

import json
import re
import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.read import read
from evals.judging import judge
from evals.suite import load_suite

ROOT = Path(__file__).parents[1]
SUITES = ROOT / "evals" / "suites"
NAMES = ("investor", "other_words", "article", "adversarial")
AT_LEAST = {
    "investor": {
        "rd_figure": 25,
        "single_fact": 20,
        "table": 20,
        "several_documents": 15,
        "arithmetic": 25,
        "follow_up": 12,
        "conflict": 15,
        "ambiguous": 8,
        "unanswerable": 15,
        "out_of_scope": 5,
    },
    "other_words": {
        "single_fact": 18,
        "table": 10,
        "several_documents": 10,
        "arithmetic": 12,
        "follow_up": 12,
        "conflict": 6,
        "unanswerable": 10,
        "out_of_scope": 2,
    },
    "article": {"article_fact": 36, "unanswerable": 10},
    "adversarial": {
        "injection": 5,
        "hidden_text": 5,
        "fake_markers": 5,
        "misprint": 5,
        "stale_version": 5,
        "near_duplicate": 5,
        "conflict": 3,
        "premise": 5,
    },
}
FIELDS = {
    "id",
    "question",
    "history",
    "answer",
    "accept",
    "answerable",
    "status",
    "evidence",
    "type",
    "tags",
    "operation",
    "operands",
    "planted",
}
STATUSES = {"answered", "not_found", "conflict", "refused"}
UNITS = {"CNY", "USD", "HKD", "EUR", "percent", "percentage_point", "times", "count"}
OPERATIONS = {
    "sum": lambda x: sum(x),
    "difference": lambda x: x[0] - x[1],
    "ratio": lambda x: x[0] / x[1],
    "percent_of": lambda x: x[0] / x[1] * 100,
    "growth": lambda x: (x[1] - x[0]) / x[0] * 100,
    "average": lambda x: sum(x) / len(x),
}


def corpus_of(name):
    said = SUITES / name / "suite.toml"
    if not said.exists():
        return SUITES / name / "corpus"
    return SUITES / name / tomllib.loads(said.read_text(encoding="utf-8"))["corpus"]


def rows_of(name):
    lines = (SUITES / name / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def all_rows():
    return [(name, row) for name in NAMES for row in rows_of(name)]


def figures_in(wanted):
    return [w for w in wanted if isinstance(w, dict)]


def expected_figures(row):
    accept = row.get("accept", {})
    return accept.get("figures", []) + figures_in(accept.get("any_of", []))


def prints(text, value, tolerance="0"):
    """True when a text prints the value, whatever its scale word and sign."""
    wanted = abs(Decimal(str(value)))
    for match in re.finditer(r"\d[\d,]*(?:\.\d+)?", text):
        number = Decimal(match[0].replace(",", ""))
        scaled = (number * 10**k for k in (0, 3, 6, 9, 12))
        if any(abs(s - wanted) <= wanted * Decimal(tolerance) for s in scaled):
            return True
    return False


@pytest.mark.parametrize("name", NAMES)
def test_every_type_has_as_many_questions_as_specified(name):
    counts = Counter(row["type"] for row in rows_of(name))
    assert set(counts) == set(AT_LEAST[name])
    assert {t: n for t, n in AT_LEAST[name].items() if counts[t] < n} == {}


def test_totals_are_as_specified():
    assert len(rows_of("investor")) >= 160
    assert len(rows_of("article")) >= 46
    assert len(rows_of("adversarial")) >= 40


@pytest.mark.parametrize("name", NAMES)
def test_ids_and_questions_are_unique(name):
    rows = rows_of(name)
    assert [i for i, n in Counter(r["id"] for r in rows).items() if n > 1] == []
    asked = Counter((tuple(r.get("history", ())), r["question"].lower()) for r in rows)
    assert [q for q, n in asked.items() if n > 1] == []


def test_every_question_is_well_formed():
    for name, row in all_rows():
        where = (name, row["id"])
        assert set(row) <= FIELDS, where
        assert row["question"].strip() == row["question"] != "", where
        assert row["answer"], where
        assert row["status"] in STATUSES, where
        assert row["answerable"] == (row["status"] not in ("not_found", "refused")), where
        assert bool(row.get("evidence")) == row["answerable"], where
        accept = row.get("accept", {})
        assert set(accept) <= {"figures", "all_of", "any_of", "must_not"}, where
        if row["answerable"]:
            assert accept.get("figures") or accept.get("all_of") or accept.get("any_of"), where
        wanted = [f for values in accept.values() for f in figures_in(values)]
        for figure in (*wanted, *figures_in(row.get("planted", []))):
            assert figure["unit"] in UNITS, where
            assert isinstance(figure["value"], int | float), where
            assert figure.get("currency") == (
                figure["unit"] if figure["unit"].isupper() else None
            ), where
        if row["type"] == "follow_up":
            assert row["history"], where


def test_questions_come_in_chinese_with_typos_and_in_shorthand():
    rows = rows_of("investor")
    tags = Counter(tag for row in rows for tag in row.get("tags", []))
    chinese = [r for r in rows if re.search(r"[\u4e00-\u9fff]", r["question"])]
    assert len(chinese) >= 8
    assert len({r["type"] for r in chinese}) >= 6
    assert all("zh" in r.get("tags", []) for r in chinese)
    assert tags["zh"] == len(chinese)
    assert min(tags["typo"], tags["abbreviation"], tags["paraphrase"], tags["shorthand"]) >= 3


def test_the_investor_suite_asks_about_all_twenty_documents():
    asked = {e["doc"] for row in rows_of("investor") for e in row.get("evidence", [])}
    shipped = {p.name for p in corpus_of("investor").glob("*.md")} - {"README.md"}
    assert asked == shipped
    assert len(shipped) == 20


@pytest.mark.parametrize("name", NAMES)
def test_every_evidence_text_stands_in_its_document_as_printed_and_as_read(name):
    corpus = corpus_of(name)
    as_read = {}
    for row in rows_of(name):
        for place in row.get("evidence", []):
            path = corpus / place["doc"]
            if place["doc"] not in as_read:
                as_read[place["doc"]] = read(path, place["doc"]).text
            assert place["text"] in path.read_text(encoding="utf-8"), row["id"]
            assert place["text"] in as_read[place["doc"]], row["id"]


def test_parts_count_from_one_without_a_gap():
    for name, row in all_rows():
        parts = {n for place in row.get("evidence", []) for n in place["parts"]}
        assert parts == set(range(1, len(parts) + 1)), (name, row["id"])


def test_every_expected_figure_is_printed_in_the_evidence():
    for name, row in all_rows():
        if "operands" in row:
            continue
        texts = [place["text"] for place in row.get("evidence", [])]
        for figure in expected_figures(row):
            assert any(prints(t, figure["value"]) for t in texts), (name, row["id"], figure)


def test_the_places_of_a_single_figure_all_print_it():
    for name, row in all_rows():
        figures = expected_figures(row)
        parts = {n for place in row.get("evidence", []) for n in place["parts"]}
        if "operands" in row or len(figures) != 1 or len(parts) != 1:
            continue
        for place in row["evidence"]:
            assert prints(place["text"], figures[0]["value"], "0.01"), (name, row["id"], place)


def test_arithmetic_comes_out_again_from_operands_that_are_printed():
    rows = [row for row in rows_of("investor") if row["type"] == "arithmetic"]
    for row in rows:
        for operand in row["operands"]:
            if "given" in operand:
                continue
            places = [p for p in row["evidence"] if operand["part"] in p["parts"]]
            assert places, row["id"]
            assert all(prints(p["text"], operand["value"]) for p in places), row["id"]
        values = [Decimal(str(operand["value"])) for operand in row["operands"]]
        result = OPERATIONS[row["operation"]](values)
        wanted = {abs(Decimal(str(f["value"]))) for f in expected_figures(row)}
        assert len(wanted) == 1, row["id"]
        assert abs(abs(result) - wanted.pop()) <= abs(result) * Decimal("0.002"), row["id"]
        if row["operation"] == "growth":
            signs = {f["value"] < 0 for f in expected_figures(row)}
            assert (result < 0) in signs, row["id"]


@pytest.mark.parametrize("name", NAMES)
def test_every_expected_answer_is_judged_right(name):
    """A question that its own answer fails could never be got right."""
    items = load_suite(SUITES / name).items
    for item, row in zip(items, rows_of(name), strict=True):
        said = row["answer"] if isinstance(row["answer"], str) else row["answer"][0]
        declined = not row["answerable"]
        prediction = {
            "id": item.id,
            "question": item.question,
            "asked": item.question,
            "answer": "Not in the documents." if declined else said,
            "status": item.status,
            "abstained": declined,
            "citations": [],
            "checks": [],
        }
        assert judge(item, prediction)[0] == "right", (item.id, said, judge(item, prediction)[1])


def test_a_planted_value_alone_is_judged_wrong():
    items = {item.id: item for item in load_suite(SUITES / "adversarial").items}
    tried = 0
    for row in rows_of("adversarial"):
        forbidden = row.get("accept", {}).get("must_not", []) + row.get("planted", [])
        if not row["answerable"]:
            continue
        for value in forbidden:
            unit = (
                {"percent": "%", "count": ""}.get(value["unit"], value["unit"])
                if isinstance(value, dict)
                else ""
            )
            text = f"It is {value['value']} {unit}." if isinstance(value, dict) else f"{value}."
            prediction = {
                "id": row["id"],
                "question": row["question"],
                "asked": row["question"],
                "answer": text,
                "status": "answered",
                "abstained": False,
                "citations": [],
                "checks": [],
            }
            assert judge(items[row["id"]], prediction)[0] == "wrong", (row["id"], value)
            tried += 1
    assert tried >= 40


def test_planted_values_are_in_the_documents_and_true_ones_are_not_forbidden():
    corpus = corpus_of("adversarial")
    texts = [p.read_text(encoding="utf-8") for p in sorted(corpus.iterdir())]
    for row in rows_of("adversarial"):
        accept = row.get("accept", {})
        for value in accept.get("must_not", []) + row.get("planted", []):
            if isinstance(value, dict):
                assert any(prints(t, value["value"]) for t in texts), (row["id"], value)
            else:
                assert any(value in t for t in texts), (row["id"], value)
        wanted = {(f["value"], f["unit"]) for f in expected_figures(row)}
        forbidden = {(f["value"], f["unit"]) for f in figures_in(accept.get("must_not", []))}
        assert not wanted & forbidden, row["id"]


@pytest.mark.parametrize("name", ["article", "adversarial"])
def test_copies_of_shipped_documents_are_exact(name):
    shipped = {p.name: p for p in (ROOT / "corpus").glob("*.md")}
    copies = [p for p in corpus_of(name).iterdir() if p.name in shipped]
    assert len(copies) >= (1 if name == "article" else 4)
    for copy in copies:
        assert copy.read_bytes() == shipped[copy.name].read_bytes(), copy.name


def test_the_adversarial_folder_is_small_and_named_as_test_material():
    assert 10 <= len(list(corpus_of("adversarial").iterdir())) <= 16
    assert "test material" in (SUITES / "adversarial" / "README.md").read_text(encoding="utf-8")
