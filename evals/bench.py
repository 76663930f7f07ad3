"""How fast Footnote is on this machine: `python -m evals.bench`, or `make bench`.

Each ratio is measured side by side in one run (A B A B, medians), on a corpus that is generated
from a fixed seed in a temporary folder. To measure more, write a function and add it to MEASURES.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant import models
from assistant.errors import FootnoteError
from assistant.index import open_index, recipe_for, sync
from assistant.settings import Settings, load_settings
from assistant.types import Embedder, Passage, Recipe, SyncReport

if TYPE_CHECKING:
    from assistant.embedder import SentenceEmbedder

ROUNDS = 3
BUILD_FILES = 14
MANY_FILES = 1000
MANY_PASSAGES = 10_000
QUESTIONS = 50
CANDIDATES = 50  # of each kind of search, as retrieve asks for


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
        """Root of an index of 10,000 passages beside its corpus; vectors are made up, not read."""
        folder = self.folder / "large"
        write_corpus(folder / "corpus", files=MANY_PASSAGES // 20, passages_each=20, seed=3)
        self.sync(folder, MadeUpVectors())
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


class MadeUpVectors:
    """An embedder in no time, for what must not wait for one: unit vectors from the text's hash."""

    name = "made up"
    sha256 = "0" * 64
    max_tokens = 256

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """About as many tokens as a word-piece tokenizer counts in English."""
        return [2 + len(text) // 4 for text in texts]

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of shape (len(texts), 384)."""
        if not texts:
            return np.zeros((0, 384), dtype=np.float32)
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Unit vector of shape (384,)."""
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        vector = np.random.default_rng(seed).standard_normal(384, dtype=np.float32)
        return vector / np.linalg.norm(vector)


# ---------------------------------------------------------------- measures: the index


def index_building(bench: Bench) -> Iterator[Row]:
    """A sync from nothing against the bare embedder on the same passages."""
    folder = bench.folder / "build"
    write_corpus(folder / "corpus", files=BUILD_FILES, passages_each=12, seed=1)
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
    write_corpus(folder / "corpus", files=MANY_FILES, passages_each=2, seed=2)
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
    """A sync after one file of an index of 10,000 passages changed, without embedding time."""
    folder = bench.large.parent
    path = next(iter(sorted((folder / "corpus").iterdir())))
    text = path.read_text("utf-8")
    seconds = []
    for turn in range(ROUNDS):
        path.write_text(f"{text}\nOne more paragraph, number {turn}.\n", "utf-8")
        started = time.perf_counter()
        bench.sync(folder, MadeUpVectors())
        seconds.append(time.perf_counter() - started)
    name = f"sync, one file changed, {MANY_PASSAGES:,} passages"
    yield Row(name, statistics.median(seconds), "s")


def retrieval(bench: Bench) -> Iterator[Row]:
    """Both searches and the passages of their hits on 10,000 passages, warm."""
    chance = random.Random(4)
    embedder = MadeUpVectors()
    questions = [sentence(chance) for _ in range(QUESTIONS)]
    vectors = [embedder.embed_query(question) for question in questions]
    started = time.perf_counter()
    with open_index(bench.large) as index:
        opening = time.perf_counter() - started
        parts: dict[str, list[float]] = {"dense": [], "lexical": [], "passages": [], "all": []}
        for _ in range(2):  # the first warms up
            for timings in parts.values():
                timings.clear()
            for question, vector in zip(questions, vectors, strict=True):
                begin = time.perf_counter()
                dense = index.dense(vector, CANDIDATES)
                after_dense = time.perf_counter()
                lexical = index.lexical(question, CANDIDATES)
                after_lexical = time.perf_counter()
                index.passages(dict([*dense, *lexical]))
                end = time.perf_counter()
                parts["dense"].append(after_dense - begin)
                parts["lexical"].append(after_lexical - after_dense)
                parts["passages"].append(end - after_lexical)
                parts["all"].append(end - begin)
        count = index.count
    medians = {name: 1000 * statistics.median(timings) for name, timings in parts.items()}
    slow = 1000 * sorted(parts["all"])[int(0.95 * QUESTIONS)]
    yield Row(
        f"search, {count:,} passages",
        medians["all"],
        "ms",
        "< 60",
        medians["all"] < 60,
        f"dense {medians['dense']:.1f}, lexical {medians['lexical']:.1f}, "
        f"passages {medians['passages']:.1f}; 95th percentile {slow:.1f}",
    )
    yield Row(f"opening an index of {count:,} passages", 1000 * opening, "ms")


# ---------------------------------------------------------------- measures: answers
# Evidence ranking and answer times belong here: one function each, added to MEASURES.

MEASURES: tuple[Callable[[Bench], Iterator[Row]], ...] = (
    index_building,
    nothing_changed,
    one_change,
    retrieval,
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


def write_corpus(folder: Path, *, files: int, passages_each: int, seed: int) -> None:
    """Made-up annual reports in Markdown; the same for the same arguments."""
    folder.mkdir(parents=True)
    chance = random.Random(seed)
    for number in range(files):
        lines = [f"# Report {number} of {chance.choice(_COMPANIES)}", ""]
        for section in range(passages_each):
            if section % 4 == 0:
                lines += [f"## {chance.choice(_TOPICS).capitalize()} {section}", ""]
            # Some 130 to 180 tokens: two of them do not fit into one passage.
            lines += [" ".join(sentence(chance) for _ in range(chance.randint(5, 6))), ""]
        (folder / f"report-{number:04}.md").write_text("\n".join(lines), "utf-8")


_COMPANIES = "Xiaomi BYD NIO XPeng Tesla Apple Samsung Huawei Toyota Volkswagen".split()
_TOPICS = (
    "research and development, gross margin, vehicle deliveries, chip design, "
    "operating profit, capital spending, smartphone shipments, store network"
).split(", ")
_VERBS = "rose fell doubled stayed shrank widened recovered slowed".split()
_WORDS = [a + b for a in "har lun vek mo sti tra pel zor quin bas".split() for b in _VERBS]


def sentence(chance: random.Random) -> str:
    """One sentence about a figure, with a few rare words."""
    return (
        f"The {chance.choice(_TOPICS)} of {chance.choice(_COMPANIES)} {chance.choice(_VERBS)} "
        f"by {chance.randint(1, 400) / 10}% to CNY {chance.randint(1, 9000) / 10} billion in "
        f"Q{chance.randint(1, 4)} {chance.randint(2015, 2026)}, while {chance.choice(_WORDS)} and "
        f"{chance.choice(_WORDS)} {chance.choice(_VERBS)}."
    )


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
