"""What every test gets: a clean environment, no way out to the network, and the real models."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant import models
from assistant.settings import default_cache

if TYPE_CHECKING:
    from assistant.embedder import SentenceEmbedder
    from assistant.llm import LanguageModel

# Read before the tests clear the environment: the models lie where `footnote models --fetch` put
# them, and are fetched there when they are not yet.
CACHE = Path(os.environ.get("FOOTNOTE_CACHE") or default_cache())
HUB_URL = os.environ.get("FOOTNOTE_HUB_URL")
THREADS = os.cpu_count() or 2

_FOREIGN = ("OPENAI_", "HF_", "HUGGINGFACE_", "TRANSFORMERS_", "FOOTNOTE_")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_LOOPBACK = ("127.0.0.1", "::1", "localhost", "0.0.0.0", "", None)


class NetworkBlockedError(AssertionError):
    """A test, or what it runs, tried to leave this machine."""


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key, proxy or setting of the person who runs the tests reaches them."""
    for name in list(os.environ):
        if name.startswith(_FOREIGN) or name.lower() in _PROXIES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("TRANSFORMERS_OFFLINE", "1")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets reach loopback only; the look-up of a foreign name fails too."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    look_up = socket.getaddrinfo

    def check(host: object) -> None:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in _LOOPBACK and not str(name).startswith("127."):
            raise NetworkBlockedError(f"network use in a test: {name}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            check(address[0])
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            check(address[0])
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        check(host)
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)


def model_folder(model: models.Model) -> Path:
    """The verified files of the user's cache, fetched when they are not there yet."""
    if models.status(model, CACHE) is not models.ModelStatus.READY:
        models.fetch(model, CACHE, base_url=HUB_URL)
    return models.locate(model, CACHE)


@pytest.fixture(scope="session")
def embedder_folder() -> Path:
    """The real default embedder's verified files: read only."""
    return model_folder(models.EMBEDDER)


@pytest.fixture(scope="session")
def embedder(embedder_folder: Path) -> SentenceEmbedder:
    """The real default embedder, loaded once."""
    from assistant.embedder import load_embedder

    return load_embedder(embedder_folder, name=models.EMBEDDER.name, threads=THREADS)


@pytest.fixture(scope="session")
def language_model_file() -> Path:
    """The real default language model's verified GGUF file."""
    return model_folder(models.LANGUAGE_MODEL) / models.LANGUAGE_MODEL.files[0].name


@pytest.fixture(scope="session")
def language_model(language_model_file: Path) -> Iterator[LanguageModel]:
    """The real default language model, served in this process."""
    from assistant.llm import embedded

    with embedded(language_model_file, threads=THREADS, context_tokens=4096) as model:
        yield model
