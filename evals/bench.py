"""How fast Footnote is on this machine: `python -m evals.bench`, or `make bench`.

Each ratio is measured side by side in one run (A B A B, medians), in a temporary folder, on variants
of the shipped documents (bench_corpus.py). To measure more, write a function and add it to MEASURES.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import models
from assistant.asked import read_question
from assistant.errors import FootnoteError
from assistant.index import open_index, recipe_for, sync
from assistant.settings import Settings, load_settings
from assistant.types import Done, Embedder, Filters, Passage, Question, Recipe, SyncReport
from evals.bench_corpus import LentVectors, MadeUpVectors, write_sections, write_variants
from evals.suite import load_suite

if TYPE_CHECKING:
    from assistant.embedder import SentenceEmbedder

ROUNDS = 3
BUILD_FILES = 10
MANY_FILES = 1000
LARGE_COPIES = 26  # of the 20 shipped documents: 10,134 passages
SUITES = Path(__file__).parent / "suites"
SEARCHED = ("rd_figure", "single_fact", "table", "unanswerable")  # types of the investor suite
QUESTIONS = 40
ANSWERED = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One measured value; `target` is what the project promises ("" where it promises nothing)."""

    name: str
    value: float
    unit: str
    target: str = ""
    met: bool | None = None
    detail: str = ""


class Bench:
    """What the measures share: a folder for their files, the settings, the real embedder."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self.settings = settings

    @cached_property
    def embedder(self) -> SentenceEmbedder:
        """The default embedder (or the one of the settings), loaded once."""
        from assistant.embedder import load_embedder

        if self.settings.embedder:
            folder, name = Path(self.settings.embedder), self.settings.embedder
        else:
            folder = models.locate(models.EMBEDDER, self.settings.cache)
            name = models.EMBEDDER.name
        return load_embedder(folder, name=name, threads=self.settings.threads)

    @cached_property
    def large(self) -> Path:
        """Root of an index of some 10,000 real-looking passages beside its corpus."""
        folder = self.folder / "large"
        write_variants(folder / "corpus", copies=LARGE_COPIES)
        self.sync(folder, LentVectors(self.embedder))
        return folder / "index"

    def sync(self, folder: Path, embedder: Embedder, *, rebuild: bool = False) -> SyncReport:
        """Index folder/corpus in folder/index."""
        return sync(
            folder / "corpus",
            folder / "index",
            recipe(embedder, self.settings),
            lambda: embedder,
            rebuild=rebuild,
        )


def recipe(embedder: Embedder, settings: Settings) -> Recipe:
    """The recipe of the user's settings with this embedder."""
    return recipe_for(embedder.name, embedder.sha256, settings.passage_tokens)


# ---------------------------------------------------------------- measures: the index


def index_building(bench: Bench) -> Iterator[Row]:
    """A sync from nothing against the bare embedder on the same passages."""
    folder = bench.folder / "build"
    write_variants(folder / "corpus", copies=1, files=BUILD_FILES)
    embedder = bench.embedder
    bench.sync(folder, embedder)  # warms up both, and gives the passages
    texts = [passage.embedding_text for passage in all_passages(folder / "index")]
    model = embedder._model
    ours, bare, same = interleaved(
        lambda: bench.sync(folder, embedder, rebuild=True),
        lambda: model.encode(texts, normalize_embeddings=True, show_progress_bar=False),
        lambda: embedder.embed_passages(texts),
    )
    for name, alone, target in (
        ("SentenceTransformer.encode", bare, 0.85),
        ("our embedder alone", same, None),
    ):
        share = statistics.median(b / a for a, b in zip(ours, alone, strict=True))
        rates = [len(texts) / statistics.median(seconds) for seconds in (ours, alone)]
        yield Row(
            f"index building / {name}",
            100 * share,
            "%",
            "" if target is None else f">= {100 * target:.0f}",
            None if target is None else share >= target,
            f"{rates[0]:.0f} passages/s against {rates[1]:.0f}, {len(texts)} passages",
        )


def nothing_changed(bench: Bench) -> Iterator[Row]:
    """A sync that finds 1,000 unchanged files, with and without its memory of their times."""
    folder = bench.folder / "many"
    write_sections(folder / "corpus", files=MANY_FILES)
    embedder = MadeUpVectors()
    bench.sync(folder, embedder)
    time.sleep(2.1)  # files changed just before a sync are hashed again in the next
    bench.sync(folder, embedder)

    def forgetful() -> None:
        (folder / "index" / "files.json").unlink()
        bench.sync(folder, embedder)

    quick, hashing = map(
        statistics.median, interleaved(lambda: bench.sync(folder, embedder), forgetful)
    )
    name = f"sync, nothing changed, {MANY_FILES:,} files"
    yield Row(name, quick, "s", "< 2", quick < 2)
    yield Row(f"{name}, all hashed", hashing, "s")


def one_change(bench: Bench) -> Iterator[Row]:
    """A sync after one file of a large index changed, without embedding time."""
    folder = bench.large.parent
    path = next(iter(sorted((folder / "corpus").iterdir())))
    text = path.read_text("utf-8")
    seconds = []
    for turn in range(ROUNDS):
        path.write_text(f"{text}\nOne more paragraph, number {turn}.\n", "utf-8")
        started = time.perf_counter()
        passages = bench.sync(folder, LentVectors(bench.embedder)).passages
        seconds.append(time.perf_counter() - started)
    yield Row(f"sync, one file changed, {passages:,} passages", statistics.median(seconds), "s")


# ---------------------------------------------------------------- measures: questions


def retrieval(bench: Bench) -> Iterator[Row]:
    """Retrieval, and retrieval with evidence ranking, by the functions that answers use."""
    from assistant.evidence import rank
    from assistant.pipeline import HITS
    from assistant.retrieve import Retriever

    chosen = [i for i in load_suite(SUITES / "investor").items if set(i.types) & set(SEARCHED)]
    questions = [item.question for item in chosen if not item.history][::2][:QUESTIONS]
    root, embedder = bench.large, bench.embedder
    started = time.perf_counter()
    with open_index(root) as index:
        opening = time.perf_counter() - started
        retriever = Retriever(index, embedder, k=HITS, filters=Filters())
        found: list[float] = []
        both: list[float] = []
        work: list[float] = []
        for question in questions:
            # A neighbour on the machine can only slow a round down: the best one counts.
            rounds = []
            for _ in range(ROUNDS + 1):  # the first warms up
                embedder.embed_query("")  # or it would still know this question's vector
                begin, spent = time.perf_counter(), time.process_time()
                hits = retriever.hits(question)
                middle = time.perf_counter()
                rank(read_question(question), hits, embedder, limit=bench.settings.evidence)
                end = time.perf_counter()
                rounds.append((middle - begin, end - begin, time.process_time() - spent))
            for timings, best in zip((found, both, work), zip(*rounds, strict=True), strict=True):
                timings.append(1000 * min(best))
        count = index.count
    detail = f"{len(questions)} questions, best of {ROUNDS + 1} rounds; 95th percentile "
    yield Row(
        f"retrieval, {count:,} passages",
        statistics.median(found),
        "ms",
        detail=f"{detail}{_percentile(found, 95):.0f} ms",
    )
    middle_one = statistics.median(both)
    yield Row(
        f"retrieval and evidence ranking, {count:,} passages",
        middle_one,
        "ms",
        "<= 150",
        middle_one <= 150,
        f"{detail}{_percentile(both, 95):.0f} ms; processor time {statistics.median(work):.0f} ms",
    )
    yield Row(f"opening an index of {count:,} passages", 1000 * opening, "ms")


def answers(bench: Bench) -> Iterator[Row]:
    """Direct questions about the article, asked warm, answered by the user's language model."""
    from assistant.pipeline import open_assistant

    suite = load_suite(SUITES / "article")
    # Each fact is asked in three wordings, one after the other: take the first.
    questions = [item.question for item in suite.items if item.answerable][::3][:ANSWERED]
    folder = bench.folder / "article"
    settings = bench.settings.model_copy(update={"corpus": suite.corpus, "index": folder})
    first: list[float] = []
    whole: list[float] = []
    with open_assistant(settings) as assistant:
        assistant.sync()
        model = assistant.overview().model
        if model is None:
            why = "; ".join(assistant.notes) or "llm = none"
            print(f"answer times are left out: no language model ({why})", file=sys.stderr)
            return
        for question in questions:
            *_, done = assistant.ask(Question(question))
            assert isinstance(done, Done)
            first.append(done.answer.seconds["first_token"])
            whole.append(done.answer.seconds["total"])
    for name, timings, limit in (("first words", first, 4), ("whole answer", whole, 9)):
        value = statistics.median(timings)
        detail = f"{len(questions)} questions, {model}; slowest {max(timings):.1f} s"
        yield Row(f"{name}, median", value, "s", f"<= {limit}", value <= limit, detail)


MEASURES: tuple[Callable[[Bench], Iterator[Row]], ...] = (
    index_building,
    nothing_changed,
    one_change,
    retrieval,
    answers,
)


# ---------------------------------------------------------------- small parts


def interleaved(*sides: Callable[[], object]) -> list[list[float]]:
    """Seconds of each side by round, measured in turns, so that all meet the same machine.

    Ratios are medians over the rounds of the ratio within one round.
    """
    seconds: list[list[float]] = [[] for _ in sides]
    for _ in range(ROUNDS):
        for side, timings in zip(sides, seconds, strict=True):
            started = time.perf_counter()
            side()
            timings.append(time.perf_counter() - started)
    return seconds


def all_passages(root: Path) -> list[Passage]:
    """Every passage of an index."""
    with open_index(root) as index:
        return [p for source in index.sources for p in index.passages_of(source.id)]


def _percentile(values: Sequence[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, percent * len(values) // 100)]


def table(rows: Sequence[Row]) -> str:
    """The rows as a text table."""
    cells = [("measure", "value", "target", "", "detail")]
    for row in rows:
        value = f"{row.value:.3g}" if row.value < 1000 else f"{row.value:.0f}"
        met = "" if row.met is None else "ok" if row.met else "MISSED"
        cells.append((row.name, f"{value} {row.unit}", row.target, met, row.detail))
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    return "\n".join(
        "  ".join(
            [*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[4]]
        )
        for line in cells
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 even when a target is missed, for machines differ."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench", description=__doc__)
    names = [measure.__name__ for measure in MEASURES]
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--only", choices=names, action="append", help="measure only this")
    chosen = parser.parse_args(arguments)
    rows: list[Row] = []
    try:
        with tempfile.TemporaryDirectory(prefix="footnote-bench-") as folder:
            bench = Bench(Path(folder), load_settings())
            for measure in MEASURES:
                if not chosen.only or measure.__name__ in chosen.only:
                    print(f"measuring {measure.__name__} …", file=sys.stderr)
                    rows += measure(bench)
    except FootnoteError as error:
        print(f"{error.message}\n{error.hint}", file=sys.stderr)
        return 1
    print(json.dumps([asdict(row) for row in rows], indent=1) if chosen.json else table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
