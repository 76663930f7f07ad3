"""The shipped documents are backed figure by figure, and the checker notices when they are not."""

import json
import re
import shutil
from pathlib import Path

import pytest

from evals.check_corpus import Problem, agrees, check, read_figures, row_figure

SHIPPED = Path(__file__).parents[1] / "corpus"
DOCUMENTS = sorted(
    {json.loads(line)["document"] for line in (SHIPPED / "sources.jsonl").open(encoding="utf-8")}
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "corpus"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def unbacked(problems: list[Problem], file: str) -> list[str]:
    return [
        problem.message.split(":")[0]
        for problem in problems
        if problem.file == file and problem.message.endswith("no source row gives this figure")
    ]


def sizes(text: str) -> list[tuple[str, str, str, str]]:
    return [
        (figure.sign, f"{figure.size:f}", figure.measure, figure.currency)
        for figure in read_figures(text)
    ]


def test_shipped_folder_is_clean() -> None:
    assert check(SHIPPED) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "figure"),
    [
        ("200-billion-pledge.md", "about US$29 billion", "about US$26 billion", "US$26 billion"),
        ("200-billion-pledge.md", "on 22 May 2025", "on 23 May 2025", "23 May 2025"),
        ("rd-expense-2015-to-2025.md", "increase of 52.1%", "increase of 53.1%", "53.1%"),
        ("group-results.md", "HK$38.86", "HK$38.68", "HK$38.68"),
        ("deliveries-2025.md", "361,625 cars", "361,652 cars", "361,652"),
        ("first-quarter-2026.md", "lost CNY 3.1 billion", "lost CNY 31 billion", "CNY 31 billion"),
        ("first-quarter-2026.md", "CNY 99.1 billion", "US$99.1 billion", "US$99.1 billion"),
        ("mimo-and-ai-plan.md", "CNY 16 billion", "CNY 16 million", "CNY 16 million"),
    ],
)
def test_altered_figure_fails(folder: Path, file: str, old: str, new: str, figure: str) -> None:
    change(folder / file, old, new)
    assert figure in unbacked(check(folder), file)


@pytest.mark.parametrize(
    ("file", "old", "new", "figure"),
    [
        ("rd-expense-2015-to-2025.md", "| Q3 2025 | 9.1 |", "| Q3 2025 | 9.7 |", "9.7"),
        ("ev-segment-by-quarter.md", "| – | −0.5 |", "| – | −0.6 |", "−0.6"),
        ("group-results.md", "| 2024 | 12.6 |", "| 2024 | 16.2 |", "16.2"),
    ],
)
def test_table_typo_fails(folder: Path, file: str, old: str, new: str, figure: str) -> None:
    change(folder / file, old, new)
    assert figure in unbacked(check(folder), file)


def test_lost_minus_sign_in_a_table_fails(folder: Path) -> None:
    change(folder / "ev-segment-by-quarter.md", "| −6.2 |", "| 6.2 |")
    assert any("−6.2: printed 0 time(s)" in problem.message for problem in check(folder))


def test_another_documented_figure_in_the_wrong_place_fails(folder: Path) -> None:
    change(folder / "group-results.md", "to 11.5% in Q2 2025", "to 12.4% in Q2 2025")
    assert any("11.5: printed 1 time(s), not 2" in problem.message for problem in check(folder))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_removed_source_row_fails(folder: Path, document: str) -> None:
    lines = (folder / "sources.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    figures = [(row["document"], getattr(row_figure(row), "key", None)) for row in rows]
    first = next(figure for figure in figures if figure[0] == document)
    kept = [line for line, figure in zip(lines, figures, strict=True) if figure != first]
    (folder / "sources.jsonl").write_text("\n".join(kept) + "\n", encoding="utf-8")
    assert unbacked(check(folder), document)


def test_row_with_another_value_than_printed_fails(folder: Path) -> None:
    change(folder / "sources.jsonl", '"value": 111.293', '"value": 112.293')
    assert any("is not its value, 112.293" in problem.message for problem in check(folder))


def test_source_missing_from_front_matter_fails(folder: Path) -> None:
    path = folder / "xring-chips.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"  url: https://www\.techjuice\S+", "  url: https://x.test", text))
    assert any("address is not in the front matter" in message for *_, message in check(folder))


def test_missing_front_matter_key_fails(folder: Path) -> None:
    change(folder / "xring-chips.md", "as_of:", "asof:")
    assert Problem("xring-chips.md", 1, "front matter has no as_of") in check(folder)


def test_figure_to_be_verified_may_not_leave_its_section(folder: Path) -> None:
    change(folder / "rd-expense-2015-to-2025.md", "## To be verified", "## More years")
    assert "5.8" in unbacked(check(folder), "rd-expense-2015-to-2025.md")


def test_repeated_sentence_and_short_document_fail(folder: Path) -> None:
    text = (folder / "xring-chips.md").read_text(encoding="utf-8")
    head = text[: text.index("## In short")]
    sentence = "It is a chip for phones and tablets and nothing else at all.\n"
    (folder / "xring-chips.md").write_text(text + sentence, encoding="utf-8")
    (folder / "mimo-and-ai-plan.md").write_text(head + sentence, encoding="utf-8")
    messages = [problem.message for problem in check(folder) if problem.file == "xring-chips.md"]
    assert any(message.startswith("sentence also in mimo-and-ai-plan.md") for message in messages)
    assert Problem("mimo-and-ai-plan.md", 0, "13 words, not 400 to 1200") in check(folder)


def test_users_own_file_is_left_alone(folder: Path) -> None:
    (folder / "mine.md").write_text("Revenue was CNY 7 billion.\n", encoding="utf-8")
    assert check(folder) == []


def test_reader_reads_signs_scales_currencies_and_dates() -> None:
    assert sizes("CNY 9.1 billion, RMB 1,234.5 million and 253,662 yuan") == [
        ("", "9100000000.0", "", "CNY"),
        ("", "1234500000.0", "", "CNY"),
        ("", "253662", "", "CNY"),
    ]
    assert sizes("(+38.2%), −0.3 and 0.9 percentage points") == [
        ("+", "38.2", "percent", ""),
        ("-", "0.3", "", ""),
        ("", "0.9", "points", ""),
    ]
    assert [figure.size for figure in read_figures("on 5-6 January 2026")] == [
        "2026-01-05",
        "2026-01-06",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Q3 2025, H1 2025, FY2024, 2026-2030 and May 2025",
        "XRING O1, SU7, YU7, 15S Pro, Pad 7 Ultra, HyperOS 3, MiMo-V2-Flash, 5G",
        "its 15th anniversary and Level 2",
        "1. first of a list",
    ],
)
def test_names_and_periods_are_not_figures(text: str) -> None:
    assert read_figures(text) == []


def test_value_agrees_within_the_printed_rounding_only() -> None:
    row = {"figure": "CNY 9.1 billion", "value": 9.14, "unit": "billion", "currency": "CNY"}
    figure = row_figure(row)
    assert figure is not None
    assert agrees(figure, row)
    assert not agrees(figure, row | {"value": 9.16})
    assert not agrees(figure, row | {"unit": "million"})
    assert not agrees(figure, row | {"currency": "USD"})
