"""The index on disk: real files, real Chroma, real bm25s; only the embedder needs no weights."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from assistant import build, generations
from assistant.errors import ConfigError, FootnoteError, IndexBusy, IndexDamaged, IndexMissing
from assistant.index import STEPS, Index, current_generation, open_index, recipe_for, sync
from assistant.retrieve import narrowed
from assistant.types import Embedder, Filters, SyncProgress, SyncReport
from tests.fakes import FakeEmbedder


@dataclass
class Bench:
    """A corpus, its index, and an embedder that remembers what it embedded."""

    folder: Path
    embedder: FakeEmbedder = field(default_factory=FakeEmbedder)
    passage_tokens: int = 60

    def __post_init__(self) -> None:
        self.corpus = self.folder / "corpus"
        self.root = self.folder / "index"
        self.corpus.mkdir()

    def write(self, name: str, text: str) -> Path:
        path = self.corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def sync(
        self,
        *,
        rebuild: bool = False,
        on_progress: Callable[[SyncProgress], None] | None = None,
        load: Callable[[], Embedder] | None = None,
    ) -> SyncReport:
        self.embedder.embedded.clear()
        recipe = recipe_for(self.embedder.name, self.embedder.sha256, self.passage_tokens)
        return sync(
            self.corpus,
            self.root,
            recipe,
            load or (lambda: self.embedder),
            rebuild=rebuild,
            on_progress=on_progress,
        )

    def open(self) -> Index:
        return open_index(self.root)

    def found(self, text: str, filters: Filters = Filters()) -> set[str]:
        """Source ids that the words find; the vectors must allow the same sources."""
        with self.open() as index:
            hits = index.lexical(text, 100, filters)
            near = index.dense(self.embedder.embed_query(text), 1000, filters)
            assert {id_ for id_, _ in hits} <= {id_ for id_, _ in near}
            return {id_.rpartition("@")[0] for id_, _ in hits}

    def ids(self) -> list[str]:
        """All passage ids by the vectors; by the texts they are the same."""
        with self.open() as index:
            near = [id_ for id_, _ in index.dense(self.embedder.embed_query("x"), 10_000)]
            assert len(index.passages(near)) == len(near) == index.count
            return sorted(near)

    def generations(self) -> list[str]:
        return sorted(os.listdir(self.root / "generations"))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def story(subject: str, paragraphs: int = 4) -> str:
    words = "rose fell stayed doubled halved stalled".split()
    return f"# The {subject}\n\n" + "\n\n".join(
        f"In chapter {n} the {subject} {words[n % 6]} by {n + 3}.5%, which nobody had foreseen, "
        f"and the board spoke of it for {n + 2} hours before it went home, tired but content."
        for n in range(paragraphs)
    )


# ---------------------------------------------------------------- building and asking


def test_what_was_indexed_is_found_by_words_and_by_vector(bench: Bench) -> None:
    bench.write("apples.md", story("apple"))
    bench.write("deep/pears.md", story("pear"))
    report = bench.sync()
    assert (report.added, report.rebuilt) == (("apples.md", "deep/pears.md"), "")
    assert report.passages == report.embedded == len(bench.ids()) > 2
    with bench.open() as index:
        assert [source.id for source in index.sources] == ["apples.md", "deep/pears.md"]
        assert index.generation == report.generation == current_generation(bench.root)
        id_, score = index.lexical("apple", 1)[0]
        passage = index.passages([id_])[id_]
        assert (passage.id, passage.source.id) == (id_, "apples.md")
        assert score > 0
        vector = bench.embedder.embed_query(passage.embedding_text)
        near, similarity = index.dense(vector, 3)[0]
        assert near == id_
        assert similarity == pytest.approx(1.0, abs=1e-4)
        np.testing.assert_allclose(index.vectors([id_])[0], vector, atol=1e-5)


def test_every_passage_is_the_span_of_its_document(bench: Bench) -> None:
    for name in ("a.md", "b.md", "c/d.md"):
        bench.write(name, story(name, 9))
    bench.sync()
    with bench.open() as index:
        for id_, passage in index.passages(bench.ids()).items():
            assert passage.span.of(index.document_text(passage.source.id)) == passage.text
            assert passage.id == id_


def test_neighbours_are_those_of_the_same_source_in_order(bench: Bench) -> None:
    for name in ("a.md", "b.md", "c.md"):
        bench.write(name, story(name, 8))
    bench.sync()
    ids = [id_ for id_ in bench.ids() if id_.startswith("b.md@")]
    ids.sort(key=lambda id_: int(id_.rpartition("@")[2].partition("-")[0]))
    with bench.open() as index:
        passages = [index.passages([id_])[id_] for id_ in ids]
        assert len(passages) >= 4
        assert index.neighbours(passages[1]) == [passages[0], passages[2]]
        assert index.neighbours(passages[0]) == [passages[1]]
        assert index.neighbours(passages[-1], 2, 2) == passages[-3:-1]
        assert index.neighbours(passages[1], before=0) == [passages[2]]


def test_unknown_passages_and_documents_are_told_apart(bench: Bench) -> None:
    bench.write("a.md", story("apple"))
    bench.sync()
    with bench.open() as index:
        strange = ["a.md@1-2", "b.md@0-5", "nonsense", "", "a.md@x-y", "a.md@²-³"]
        assert index.passages(strange) == {}
        with pytest.raises(KeyError):
            index.document_text("b.md")


def test_an_empty_folder_gives_an_index_that_finds_nothing(bench: Bench) -> None:
    report = bench.sync(load=lambda: pytest.fail("no embedder is needed"))
    assert report.passages == 0
    with bench.open() as index:
        assert (index.count, index.sources) == (0, ())
        assert index.dense(bench.embedder.embed_query("x"), 5) == []
        assert index.lexical("x", 5, Filters(kinds=("a",))) == []
        assert index.passages([]) == {}
    bench.write("a.md", story("apple"))
    bench.sync()
    assert bench.found("apple") == {"a.md"}
    (bench.corpus / "a.md").unlink()
    assert bench.sync().passages == 0
    assert bench.ids() == []


def test_a_missing_folder_is_a_wrong_setting(bench: Bench) -> None:
    bench.corpus.rmdir()
    with pytest.raises(ConfigError, match="does not exist") as caught:
        bench.sync()
    assert "FOOTNOTE_CORPUS" in caught.value.hint


def test_progress_names_every_step_and_counts_passages(bench: Bench) -> None:
    bench.write("a.md", story("apple", 9))
    seen: list[SyncProgress] = []
    report = bench.sync(on_progress=seen.append)
    assert list(dict.fromkeys(p.name for p in seen)) == list(STEPS)
    assert [p.step for p in seen] == sorted(p.step for p in seen)
    last = [p for p in seen if p.name == "embed"][-1]
    assert (last.done, last.total, last.unit) == (report.embedded, report.embedded, "passages")


# ---------------------------------------------------------------- only what changed


def test_a_second_sync_changes_nothing_and_needs_no_embedder(bench: Bench) -> None:
    bench.write("a.md", story("apple"))
    first = bench.sync()
    second = bench.sync(load=lambda: pytest.fail("the embedder was loaded"))
    assert second.generation == first.generation
    assert (second.unchanged, second.passages, second.embedded) == (("a.md",), first.passages, 0)


def test_touching_a_file_changes_nothing(bench: Bench) -> None:
    path = bench.write("a.md", story("apple"))
    first = bench.sync()
    os.utime(path, (1, 1))
    assert bench.sync().generation == first.generation


def test_a_change_that_keeps_size_and_time_is_noticed(bench: Bench) -> None:
    path = bench.write("a.md", story("apple"))
    before = path.stat()
    bench.sync()
    path.write_text(story("grape"), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert bench.sync().changed == ("a.md",)
    assert bench.found("grape") == {"a.md"}
    assert bench.found("apple") == set()


def test_one_changed_paragraph_embeds_only_its_passage(bench: Bench) -> None:
    bench.write("a.md", story("apple", 12))
    bench.write("b.md", story("pear", 12))
    first = bench.sync()
    text = (bench.corpus / "a.md").read_text("utf-8")
    bench.write("a.md", text.replace("chapter 6 ", "chapter six, much longer now, "))
    report = bench.sync()
    assert report.changed == ("a.md",)
    assert report.embedded == len(bench.embedder.embedded) == 1 < first.passages
    assert "six" in bench.embedder.embedded[0]
    assert len(bench.ids()) == report.passages == first.passages


def test_renaming_embeds_nothing(bench: Bench) -> None:
    path = bench.write("a.md", story("apple"))
    plain = bench.write("plain.txt", "No title at all, only this one sentence about plums.\n")
    first = bench.sync()
    path.rename(bench.corpus / "z.md")
    plain.rename(bench.corpus / "other.txt")
    report = bench.sync()
    assert (report.added, report.removed) == (("other.txt", "z.md"), ("a.md", "plain.txt"))
    assert bench.embedder.embedded == []
    assert report.passages == first.passages
    assert bench.found("apple plums") == {"z.md", "other.txt"}
    assert {id_.rpartition("@")[0] for id_ in bench.ids()} == {"z.md", "other.txt"}


def test_a_removed_file_is_no_longer_found(bench: Bench) -> None:
    bench.write("a.md", story("apple"))
    bench.write("b.md", story("pear"))
    bench.sync()
    (bench.corpus / "a.md").unlink()
    report = bench.sync(load=lambda: pytest.fail("the embedder was loaded"))
    assert report.removed == ("a.md",)
    assert bench.found("apple board") == {"b.md"}


def test_of_two_identical_files_one_can_go(bench: Bench) -> None:
    bench.write("a.md", story("apple"))
    bench.sync()
    bench.write("copy.md", story("apple"))
    report = bench.sync()
    assert (report.added, bench.embedder.embedded) == (("copy.md",), [])
    assert bench.found("apple") == {"a.md", "copy.md"}
    (bench.corpus / "a.md").unlink()
    bench.sync()
    assert bench.found("apple") == {"copy.md"}
    with bench.open() as index:
        assert "apple" in index.document_text("copy.md")


def test_swapped_files_swap_their_passages(bench: Bench) -> None:
    bench.write("a.md", story("apple"))
    bench.write("b.md", story("pear"))
    bench.sync()
    bench.write("a.md", story("pear"))
    bench.write("b.md", story("apple"))
    report = bench.sync()
    assert (report.changed, bench.embedder.embedded) == (("a.md", "b.md"), [])
    assert bench.found("apple") == {"b.md"}
    with bench.open() as index:
        id_, similarity = index.dense(bench.embedder.embed_query("the pear"), 1)[0]
        passage = index.passages([id_])[id_]
        expected = bench.embedder.embed_query(passage.embedding_text)
        assert passage.source.id == "a.md"
        assert similarity == pytest.approx(float(expected @ bench.embedder.embed_query("the pear")))


def test_the_result_of_many_syncs_is_that_of_one(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "_SLACK_ROWS", 0)  # so that the graph is made anew now and then
    rebuilt_graphs = 0
    for turn in range(6):
        for name in ("a.md", "b.md", "c.md"):
            bench.write(name, story(f"{name[0]} fruit", 3 + turn % 2))
        bench.write("stays.md", story("stone"))
        bench.write(f"new-{turn}.md", story(f"thing {turn}"))
        (bench.corpus / f"new-{turn - 2}.md").unlink(missing_ok=True)
        report = bench.sync()
        written = generations.read_manifest(bench.root, report.generation).written
        rebuilt_graphs += turn > 0 and written == report.passages
    assert rebuilt_graphs
    other = tmp_path / "other"
    other.mkdir()
    fresh = Bench(other)
    fresh.corpus.rmdir()
    bench.corpus.rename(fresh.corpus)
    fresh.sync()
    assert fresh.ids() == bench.ids()
    with bench.open() as one, fresh.open() as two:
        np.testing.assert_allclose(one.vectors(bench.ids()), two.vectors(bench.ids()), atol=1e-6)
        assert one.lexical("fruit stone thing", 100) == two.lexical("fruit stone thing", 100)
        assert one.passages(bench.ids()) == two.passages(bench.ids())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"passage_tokens": 80}, "the passage length changed"),
        ({"embedder": FakeEmbedder(32)}, "the embedder changed"),
    ],
)
def test_another_recipe_rebuilds_everything(
    bench: Bench, change: dict[str, object], reason: str
) -> None:
    bench.write("a.md", story("apple"))
    first = bench.sync()
    for name, value in change.items():
        setattr(bench, name, value)
    report = bench.sync()
    assert (report.rebuilt, report.added) == (reason, ("a.md",))
    assert report.embedded == report.passages
    with bench.open() as index:
        assert index.recipe.passage_tokens == bench.passage_tokens
        assert index.generation != first.generation
    assert bench.found("apple") == {"a.md"}


def test_a_rebuild_can_be_asked_for(bench: Bench) -> None:
    bench.write("a.md", story("apple"))
    first = bench.sync()
    report = bench.sync(rebuild=True)
    assert (report.rebuilt, report.embedded) == ("asked for", first.passages)


def test_passages_longer_than_the_embedder_reads_are_refused(bench: Bench) -> None:
    bench.write("a.md", story("apple"))
    bench.passage_tokens = 300
    with pytest.raises(ConfigError, match="too long"):
        bench.sync()


# ---------------------------------------------------------------- files that are trouble


def test_one_bad_file_stops_nothing_and_is_not_tried_twice(bench: Bench) -> None:
    bench.write("a.md", story("apple"))
    (bench.corpus / "bad.md").write_bytes(b"\x7fELF\0\0\0\x01" * 50)
    first = bench.sync()
    assert [failure.source_id for failure in first.failed] == ["bad.md"]
    assert (first.added, bench.found("apple")) == (("a.md",), {"a.md"})
    second = bench.sync(load=lambda: pytest.fail("the file was read again"))
    assert (second.failed, second.generation) == (first.failed, first.generation)
    bench.write("bad.md", story("pear"))
    third = bench.sync()
    assert (third.failed, third.added) == ((), ("bad.md",))


def test_a_file_that_turns_bad_is_out_and_the_report_says_so(bench: Bench) -> None:
    bench.write("a.md", story("apple"))
    bench.write("b.md", story("pear"))
    bench.sync()
    (bench.corpus / "a.md").write_bytes(b"\0\0\x01\0" * 200)
    for _ in range(2):
        report = bench.sync()
        assert (report.changed, report.removed, report.unchanged) == ((), (), ("b.md",))
        assert [failure.source_id for failure in report.failed] == ["a.md"]
    assert bench.found("apple pear") == {"b.md"}
    bench.write("a.md", story("cherry"))
    bench.sync()
    (bench.corpus / "a.md").write_bytes(b"\0\0\x01\0" * 300)
    assert "no longer searched" in bench.sync().failed[0].hint


def test_an_unreadable_file_is_a_failure(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.write("a.md", story("apple"))
    locked = bench.write("b.md", story("pear"))
    bench.sync()
    opened = Path.open

    def refuse(self: Path, *args: object, **kwargs: object) -> object:
        if self.name == locked.name:
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return opened(self, *args, **kwargs)  # type: ignore[call-overload]

    bench.write("b.md", story("pear", 5))  # root reads everything: chmod would refuse nothing
    monkeypatch.setattr(Path, "open", refuse)
    report = bench.sync()
    assert [(f.source_id, f.error) for f in report.failed] == [("b.md", "Permission denied")]
    assert bench.found("apple pear") == {"a.md"}


def test_a_file_that_vanishes_meanwhile_is_a_removed_file(bench: Bench) -> None:
    path = bench.write("a.md", story("apple"))
    bench.write("b.md", story("pear"))
    bench.sync()
    bench.write("a.md", story("grape"))

    def vanish(progress: SyncProgress) -> None:
        if progress.name == "read":
            path.unlink(missing_ok=True)

    report = bench.sync(on_progress=vanish)
    assert (report.removed, report.failed, report.changed) == (("a.md",), (), ())
    assert bench.found("apple pear grape") == {"b.md"}


def test_a_file_that_changes_meanwhile_is_indexed_as_read(bench: Bench) -> None:
    bench.write("a.md", story("apple"))

    def change(progress: SyncProgress) -> None:
        if progress.name == "read" and progress.done == 0:
            bench.write("a.md", story("grape"))

    bench.sync(on_progress=change)
    assert bench.found("grape") == {"a.md"}
    assert bench.sync().unchanged == ("a.md",)


def test_links_are_followed_only_inside_the_folder(bench: Bench, tmp_path: Path) -> None:
    outside = tmp_path / "secret.md"
    outside.write_text(story("secret"), "utf-8")
    (tmp_path / "elsewhere").mkdir()
    bench.write("a.md", story("apple"))
    for name, target in {
        "in.md": "a.md",
        "out.md": str(outside),
        "nothing.md": "gone.md",
        "self.md": "self.md",
        "folder": str(tmp_path / "elsewhere"),
    }.items():
        (bench.corpus / name).symlink_to(target)
    os.mkfifo(bench.corpus / "pipe.md")
    report = bench.sync()
    assert report.added == ("a.md", "in.md")
    assert {skipped.source_id: skipped.reason for skipped in report.skipped} == {
        "out.md": "a link that leaves the folder",
        "folder": "a link that leaves the folder",
        "nothing.md": "a link to nothing",
        "self.md": "a link to nothing",
        "pipe.md": "not a regular file",
    }


def test_strange_names_are_indexed_or_skipped_with_a_reason(bench: Bench) -> None:
    bench.write("a@1-2 #é 研发.md", story("apple"))
    with open(os.fsencode(bench.corpus) + b"/caf\xe9.md", "wb") as handle:
        handle.write(b"# plums")
    bench.write(".git/config.md", "# hidden")
    bench.write("deep/.hidden/x.md", "# hidden")
    report = bench.sync()
    assert report.added == ("a@1-2 #é 研发.md",)
    assert {s.source_id for s in report.skipped} == {".git/", "deep/.hidden/", "caf\\udce9.md"}
    assert bench.found("apple") == {"a@1-2 #é 研发.md"}


def test_an_index_inside_the_folder_is_not_a_document(bench: Bench) -> None:
    bench.root = bench.corpus / "my-index"
    bench.write("a.md", story("apple"))
    bench.sync()
    assert bench.sync().unchanged == ("a.md",)


# ---------------------------------------------------------------- filters


@pytest.fixture
def dated(bench: Bench) -> Bench:
    for name, kind, day in (
        ("news/a.md", "news", "2024-12-31"),
        ("news/b.md", "news", "2025-01-01"),
        ("filings/c.md", "filing", "2025-06-30"),
        ("filings/d.md", "filing", ""),
    ):
        dates = f"as_of: {day}\n" if day else ""
        bench.write(name, f"---\ntitle: Of {name}\nkind: {kind}\n{dates}---\n\n{story('plum')}")
    bench.sync()
    return bench


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), "news/a.md news/b.md filings/c.md filings/d.md"),
        (Filters(sources=("news/",)), "news/a.md news/b.md"),
        (Filters(sources=("news/a.md", "filings/d.md")), "news/a.md filings/d.md"),
        (Filters(sources=("news",)), ""),
        (Filters(sources=("nowhere/",)), ""),
        (Filters(kinds=("filing",)), "filings/c.md filings/d.md"),
        (Filters(since=date(2025, 1, 1)), "news/b.md filings/c.md"),
        (Filters(until=date(2025, 1, 1)), "news/a.md news/b.md"),
        (Filters(since=date(2025, 1, 1), until=date(2025, 1, 1)), "news/b.md"),
        (Filters(kinds=("filing",), since=date(2025, 7, 1)), ""),
    ],
)
def test_filters_hold_for_words_and_vectors(dated: Bench, filters: Filters, expected: str) -> None:
    with dated.open() as index:
        near = index.dense(dated.embedder.embed_query("plum"), 100, filters)
        words = index.lexical("plum", 100, filters)
    assert {id_.rpartition("@")[0] for id_, _ in near} == set(expected.split())
    assert {id_ for id_, _ in near} == {id_ for id_, _ in words}


def test_a_broad_filter_still_fills_k(bench: Bench) -> None:
    for n in range(30):
        bench.write(f"{'keep' if n % 3 else 'drop'}/{n}.md", story("plum" if n % 3 else "fig", 3))
    bench.sync()
    with bench.open() as index:
        vector = bench.embedder.embed_query("fig")  # the dropped ones are nearest
        hits = index.dense(vector, 25, Filters(sources=("keep/",)))
    assert len({id_ for id_, _ in hits}) == 25
    assert all(id_.startswith("keep/") for id_, _ in hits)
    assert [s for _, s in hits] == sorted((s for _, s in hits), reverse=True)


# ---------------------------------------------------------------- readers and writers


def test_no_index_is_said_to_be_missing(bench: Bench) -> None:
    assert current_generation(bench.root) is None
    with pytest.raises(IndexMissing) as caught:
        bench.open()
    assert "footnote sync" in caught.value.hint


def test_a_second_writer_is_turned_away_at_once(bench: Bench) -> None:
    bench.write("a.md", story("apple"))
    code = (
        "import sys, filelock; lock = filelock.FileLock(sys.argv[1]); lock.acquire();"
        "print('held', flush=True); sys.stdin.read()"
    )
    bench.root.mkdir()
    arguments = [sys.executable, "-c", code, str(bench.root / ".lock")]
    with subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(IndexBusy):
            bench.sync()
        other.communicate("")
    assert bench.sync().passages


def test_a_writer_in_the_same_process_is_turned_away_too(bench: Bench) -> None:
    bench.root.mkdir()
    with FileLock(bench.root / ".lock"), pytest.raises(IndexBusy):
        bench.sync()


def test_a_reader_keeps_its_generation_until_it_opens_the_next(bench: Bench) -> None:
    bench.write("a.md", story("apple", 9))
    bench.sync()
    with bench.open() as reader:
        ids = bench.ids()
        bench.write("a.md", story("grape", 5))
        bench.sync()
        assert current_generation(bench.root) != reader.generation
        assert reader.lexical("apple", 3)
        assert reader.lexical("grape", 3) == []
        assert len(reader.dense(bench.embedder.embed_query("apple"), 99)) == len(ids)
        assert len(reader.passages(ids)) == len(ids)
        assert "apple" in reader.document_text("a.md")
        assert bench.found("grape") == {"a.md"}
        bench.sync()
        assert len(bench.generations()) == 2
    bench.sync()
    assert len(bench.generations()) == 1


def test_two_readers_of_one_generation_do_not_disturb_each_other(bench: Bench) -> None:
    bench.write("a.md", story("apple"))
    bench.sync()
    one, two = bench.open(), bench.open()
    one.close()
    one.close()
    assert two.dense(bench.embedder.embed_query("apple"), 1)
    two.close()


def test_reading_changes_no_file_but_chromas_lock_row(bench: Bench) -> None:
    def content() -> dict[str, bytes]:
        files = (path for path in bench.root.rglob("*") if path.is_file())
        return {p.name: p.read_bytes() for p in files if p.name != "chroma.sqlite3"}

    for paragraphs in (1, 2, 30):  # Chroma's way to store depends on how much there is
        bench.write("a.md", story("apple", paragraphs))
        bench.sync()
        before = content()
        for _ in range(2):
            assert bench.found("apple") == {"a.md"}
        assert content() == before


def test_several_processes_may_read_while_one_writes(bench: Bench) -> None:
    bench.write("a.md", story("apple"))
    bench.sync()
    code = (
        "import sys; from pathlib import Path; from assistant.index import open_index\n"
        "for _ in range(12):\n"
        "    with open_index(Path(sys.argv[1])) as index:\n"
        "        ids = [id_ for id_, _ in index.lexical('apple', 99)]\n"
        "        assert len(ids) == len(index.vectors(ids)) == index.count, ids\n"
    )
    arguments = [sys.executable, "-c", code, str(bench.root)]
    readers = [subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    turn = 0
    while any(reader.poll() is None for reader in readers):
        turn += 1
        bench.write("a.md", story("apple", 3 + turn % 3))
        bench.sync()
    assert [(reader.communicate()[1], reader.returncode) for reader in readers] == [("", 0)] * 2


def test_opening_while_the_pointer_moves_finds_the_new_one(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.write("a.md", story("apple"))
    old = bench.sync().generation
    bench.write("a.md", story("grape"))
    new = bench.sync().generation
    names = iter([old])  # the reader looked just before the switch
    current = generations.current_name
    monkeypatch.setattr(generations, "current_name", lambda root: next(names, current(root)))
    with bench.open() as index:
        assert index.generation == new


def test_an_error_while_building_leaves_the_old_index(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.write("a.md", story("apple"))
    first = bench.sync()
    bench.write("b.md", story("pear"))

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(build, "write_lexical", full)
        with pytest.raises(FootnoteError, match="No space left") as caught:
            bench.sync()
    assert "free some space" in caught.value.hint
    assert bench.generations() == [first.generation]
    assert bench.found("apple") == {"a.md"}
    assert bench.sync().added == ("b.md",)


def test_an_interrupted_embedder_leaves_the_old_index(bench: Bench) -> None:
    bench.write("a.md", story("apple"))
    first = bench.sync()
    bench.write("b.md", story("pear"))

    def interrupt(progress: SyncProgress) -> None:
        if progress.name == "embed" and progress.done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bench.sync(on_progress=interrupt)
    assert bench.generations() == [first.generation]
    assert bench.found("apple pear") == {"a.md"}


# ---------------------------------------------------------------- damage


def _chroma_file(folder: Path, name: str) -> Path:
    return next((folder / "chroma").rglob(name))


def _scramble(path: Path) -> None:
    size = path.stat().st_size
    path.write_bytes(b"\xa5" * size)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "no manifest": lambda folder: (folder / "manifest.json").unlink(),
    "garbage manifest": lambda folder: (folder / "manifest.json").write_text("{"),
    "edited manifest": lambda folder: (folder / "manifest.json").write_text(
        (folder / "manifest.json").read_text("utf-8").replace("apple", "maple"), "utf-8"
    ),
    "truncated passages": lambda folder: os.truncate(folder / "passages.jsonl", 40),
    "edited passages": lambda folder: (folder / "passages.jsonl").write_text(
        (folder / "passages.jsonl").read_text("utf-8").replace("tired", "tardy"), "utf-8"
    ),
    "no document": lambda folder: next((folder / "documents").iterdir()).unlink(),
    "no lexical index": lambda folder: next((folder / "lexical").iterdir()).unlink(),
    "no chroma": lambda folder: _chroma_file(folder, "chroma.sqlite3").unlink(),
    "empty chroma": lambda folder: os.truncate(_chroma_file(folder, "chroma.sqlite3"), 0),
    "truncated chroma": lambda folder: os.truncate(_chroma_file(folder, "chroma.sqlite3"), 9000),
    "scrambled graph": lambda folder: _scramble(_chroma_file(folder, "data_level0.bin")),
    "truncated graph": lambda folder: os.truncate(_chroma_file(folder, "data_level0.bin"), 100),
    "garbage pointer": lambda folder: (folder.parents[1] / "CURRENT").write_bytes(b"\xff\0../x"),
    "pointer of zeros": lambda folder: (folder.parents[1] / "CURRENT").write_bytes(b"9-ab\0" * 9),
    "empty pointer": lambda folder: (folder.parents[1] / "CURRENT").write_text(""),
    "pointer to nothing": lambda folder: (folder.parents[1] / "CURRENT").write_text("9-abc\n"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_index_is_named_and_the_next_sync_rebuilds_it(bench: Bench, kind: str) -> None:
    bench.write("apple.md", story("apple"))
    first = bench.sync()
    DAMAGE[kind](bench.root / "generations" / first.generation)
    with pytest.raises(IndexDamaged) as caught:
        bench.open()
    assert "footnote sync --rebuild" in caught.value.hint
    report = bench.sync()
    assert (report.rebuilt, report.passages) == ("the index was damaged", first.passages)
    assert bench.found("apple") == {"apple.md"}
    assert bench.generations() == [report.generation]


def _forget_rows(folder: Path) -> None:
    from assistant.vectors import Vectors

    vectors = Vectors(folder / "chroma")
    vectors.remove([id_ for id_, _ in vectors.search(np.ones(64, np.float32), 1, None, 1.0)])
    vectors.close()


@pytest.mark.parametrize("kind", ["scrambled", "too few"])
def test_damage_inside_chroma_shows_on_opening_and_on_copying(bench: Bench, kind: str) -> None:
    bench.write("apple.md", story("apple"))
    folder = bench.root / "generations" / bench.sync().generation
    if kind == "scrambled":
        _scramble(_chroma_file(folder, "chroma.sqlite3"))
    else:
        _forget_rows(folder)
    with pytest.raises(IndexDamaged):
        bench.open()
    bench.write("pear.md", story("pear"))
    report = bench.sync()
    assert (report.rebuilt, report.added) == ("the index was damaged", ("apple.md", "pear.md"))
    assert bench.found("apple pear") == {"apple.md", "pear.md"}
    assert bench.generations() == [report.generation]


def test_an_edited_document_is_not_quoted(bench: Bench) -> None:
    bench.write("a.md", story("apple"))
    bench.sync()
    with bench.open() as index:
        text = index.document_text("a.md")
        path = next((bench.root / "generations").rglob("documents/*.txt"))
        path.write_text(text.replace("apple", "grape"), "utf-8")
        with pytest.raises(IndexDamaged):
            index.document_text("a.md")


def test_the_cache_of_seen_files_can_be_lost_or_damaged(bench: Bench) -> None:
    bench.write("a.md", story("apple"))
    first = bench.sync()
    for content in ("", "{}", '{"recipe": 1, "files": 3}', "[]"):
        (bench.root / "files.json").write_text(content)
        assert bench.sync().generation == first.generation


# ---------------------------------------------------------------- whose documents


def test_search_keeps_to_documents_that_name_the_company_asked_about(bench: Bench) -> None:
    bench.write("castor.md", story("Castor plant"))
    bench.write("orsa.md", story("Orsa mill"))
    bench.write("market.md", "# Market\n\nCastor is ahead of the rest, the union said in spring.")
    bench.write("zh.md", "# 市场\n\n公司的工厂在春天开工，工会表示满意，管理层没有评论。")
    bench.sync()
    with bench.open() as index:
        assert narrowed(index, ["Castor"], Filters()).sources == ("castor.md", "market.md", "zh.md")
        assert set(narrowed(index, ["Castor", "Orsa"], Filters()).sources) == set()
        # A name that no document is about narrows nothing, nor does one against the user's filter.
        assert narrowed(index, ["Halden"], Filters()) == Filters()
        assert narrowed(index, [], Filters()) == Filters()
        chosen = Filters(sources=("orsa.md",))
        assert narrowed(index, ["Castor"], chosen) == chosen


def test_the_documents_words_are_known(bench: Bench) -> None:
    bench.write("castor.md", story("Castor plant"))
    bench.sync()
    with bench.open() as index:
        assert index.knows("doubled")
        assert index.knows("doubles")
        assert not index.knows("dividend")
        assert index.words["foreseen"] == 4


@pytest.mark.parametrize("stays", [False, True])
def test_a_reader_that_opens_the_old_vectors_does_not_stop_a_sync(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, stays: bool
) -> None:
    bench.write("a.md", story("apple"))
    old = generations.folder_of(bench.root, bench.sync().generation)
    journal = old / "chroma" / "chroma.sqlite3-journal"
    journal.write_bytes(b"")
    seen: list[bool] = []
    copy = shutil.copytree
    monkeypatch.setattr(
        shutil, "copytree", lambda *args, **kw: (seen.append(journal.exists()), copy(*args, **kw))
    )
    if not stays:
        threading.Timer(0.3, journal.unlink).start()
    bench.write("b.md", story("grape"))
    bench.sync()
    assert seen[0] is stays  # copied once the reader is done; after all if nobody is at work there
    with bench.open() as index:
        assert [source.id for source in index.sources] == ["a.md", "b.md"]
