"""Who may import whom: the middle is pure, each library has one door, help is instant."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "assistant").glob("*.py"))
DOORS = {
    "gradio": {"web"},
    "chromadb": {"vectors"},
    "bm25s": {"lexical"},
    "sentence_transformers": {"embedder"},
    "xllamacpp": {"llm"},
    "openai": {"llm"},
    "llama_index": {"embedder", "llm", "retrieve"},
    "pypdfium2": {"read_pdf", "pdf_lines"},
}
PURE = {
    "types", "errors", "figures", "sentences", "split", "asked", "tables", "prompts", "verify",
    "decide", "evidence", "render", "render_html", "catalogue", "hidden", "html_seen",
    "table_text", "pdf_columns", "pdf_tables", "times", "timing", "whose", "parts", "periods", "operands", "owners", "support", "followup", "calculate", "conflicts", "synonyms", "lookup", "stated", "readings", "chinese", "subject",
    "open_questions", "ranking", "spelling", "dates", "scope", "aliases", "fitting", "phrasing",
    "entities", "operations", "pairs", "courtesy", "turn", "pronouns", "rivals", "on_topic", "on_time", "contrary",
    "among_rows", "plans", "formulas", "derived", "multiples",
}  # fmt: skip
EFFECTS = {
    "settings", "read", "models", "download", "embedder", "llm", "index", "sync", "scan",
    "generations", "passages", "vectors", "retrieve", "answer", "pipeline", "web", "chat",
    "health", "build", "judge", "paraphrase", "picking", "computed", "outcome", "drafting", "__main__",
    "found", "in_order", "disputes",
}  # fmt: skip


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            if node.module == "assistant":
                found |= {f"assistant.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
def test_each_library_has_one_door(path: Path) -> None:
    for library, doors in DOORS.items():
        used = any(name.split(".")[0] == library for name in imports(path))
        assert not used or path.stem in doors, f"{path.name} imports {library}"


@pytest.mark.parametrize("path", [p for p in MODULES if p.stem in PURE], ids=lambda p: p.stem)
def test_the_middle_is_pure(path: Path) -> None:
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("assistant.")}
    assert not ours & EFFECTS, f"{path.name} imports {ours & EFFECTS}"
    assert not imports(path) & {"os", "pathlib", "httpx", "socket", "subprocess", "time"}


def test_assistant_never_imports_the_evaluation_but_in_its_command() -> None:
    for path in MODULES:
        used = any(name.split(".")[0] == "evals" for name in imports(path))
        assert not used or path.stem == "__main__"


def test_help_loads_no_library() -> None:
    code = (
        "import sys, assistant.__main__;"
        "heavy = {'torch', 'chromadb', 'gradio', 'llama_index', 'xllamacpp', 'numpy', 'bm25s'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
