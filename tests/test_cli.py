"""The command line: answers on standard output, the rest on standard error, errors in two lines."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CACHE

ROOT = Path(__file__).parent.parent


def footnote(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("FOOTNOTE_", "COV_"))}
    env |= {"FOOTNOTE_CACHE": str(CACHE), "FOOTNOTE_LLM": "none", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=env | environment,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "corpus").mkdir()
    article = (ROOT / "corpus" / "xiaomi-200-billion-article.md").read_text()
    (folder / "corpus" / "article.md").write_text(article)
    (folder / "corpus" / "broken.pdf").write_bytes(b"%PDF-1.7 cut off")
    (folder / "corpus" / "binary.md").write_bytes(bytes(range(256)) * 20)
    (folder / "corpus" / "slides.key").write_bytes(b"x")
    done = footnote("sync", "--json", cwd=folder)
    report = json.loads(done.stdout)
    assert report["added"] == ["article.md"]
    assert {failure["source_id"] for failure in report["failed"]} == {"broken.pdf", "binary.md"}
    assert all(failure["hint"] for failure in report["failed"])
    assert "not supported" in report["skipped"][0]["reason"]
    return folder


def test_help_is_instant() -> None:
    spent = []
    for _ in range(3):  # processor time: other tests may share the machine
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert footnote("--help", cwd=ROOT).returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(spent) < 0.5


def test_answer_on_stdout_sources_on_stderr(folder: Path) -> None:
    done = footnote("ask", "How much will Xiaomi invest in R&D over five years?", cwd=folder)
    assert done.returncode == 0
    assert "200 billion" in done.stdout
    assert "article.md" in done.stderr
    assert "Searching" in done.stderr
    assert "Searching" not in done.stdout


def test_json_answer_names_the_exact_span(folder: Path) -> None:
    done = footnote("ask", "--json", "How much will Xiaomi invest in R&D?", cwd=folder)
    answer = json.loads(done.stdout)
    assert answer["status"] == "answered"
    assert answer["citations"][0]["source"] == "article.md"
    assert answer["citations"][0]["end"] > answer["citations"][0]["start"]


def test_search_and_docs_need_no_model(folder: Path) -> None:
    found = json.loads(footnote("search", "--json", "XRING O1 3nm", cwd=folder).stdout)
    assert "XRING O1" in found[0]["text"]
    assert "article.md" in footnote("docs", cwd=folder).stdout


@pytest.mark.parametrize(
    ("arguments", "environment", "says"),
    [
        (("ask", ""), {}, "the question is empty"),
        (("ask", "x" * 100_000), {}, "100,000 characters"),
        (("ask", "R&D?", "--since", "yesterday"), {}, "not a date"),
        (("docs",), {"FOOTNOTE_PORTT": "1"}, "FOOTNOTE_PORTT"),
        (("docs",), {"FOOTNOTE_PORT": "many"}, "port"),
        (("docs",), {"FOOTNOTE_INDEX": "nowhere"}, "no index"),
        (("sync",), {"FOOTNOTE_CORPUS": "nowhere"}, "nowhere"),
        (("sync",), {"FOOTNOTE_CACHE": "empty-cache"}, "all-MiniLM-L6-v2"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_error_is_one_line_and_a_remedy(
    folder: Path, arguments: tuple[str, ...], environment: dict[str, str], says: str
) -> None:
    done = footnote(*arguments, cwd=folder, **environment)
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 1
    assert says.lower() in done.stderr.lower()
    assert lines[-1].startswith("  → ")
    assert "Traceback" not in done.stderr


def test_lost_language_model_is_named_with_its_remedy_and_the_answer_quoted(
    folder: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    for model in CACHE.iterdir():
        if "MiniLM" in model.name:
            (cache / model.name).symlink_to(model, target_is_directory=True)
    lost = {"FOOTNOTE_CACHE": str(cache), "FOOTNOTE_LLM": "embedded"}
    asked = footnote("ask", "Who pledged the CNY 200 billion?", cwd=folder, **lost)
    assert asked.returncode == 0
    assert "Lei Jun" in asked.stdout
    assert "is missing (run `footnote models --fetch`)" in asked.stderr
    verified = footnote("models", "--verify", cwd=folder, **lost)
    assert verified.returncode == 1
    assert "missing" in verified.stdout
    assert "footnote models --fetch" in verified.stderr


def test_garbled_index_pointer_is_one_line_and_its_remedy(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    index.mkdir()
    (index / "CURRENT").write_bytes(b"1-ab\0\0\0")
    asked = footnote("search", "Lei Jun", cwd=folder, FOOTNOTE_INDEX=str(index))
    assert asked.returncode == 1
    assert "Traceback" not in asked.stderr
    assert "footnote sync --rebuild" in asked.stderr
