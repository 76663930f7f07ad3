"""`footnote check`: what is installed, fetched, indexed and set. Changes nothing."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from assistant import models
from assistant.errors import FootnoteError
from assistant.settings import Settings

PACKAGES = (
    "footnote",
    "llama-index-core",
    "chromadb",
    "bm25s",
    "sentence-transformers",
    "torch",
    "xllamacpp",
    "gradio",
    "openai",
)


def lines(settings: Settings) -> Iterator[tuple[bool, str]]:
    """Lines for people, each with False when it names something broken."""
    yield True, f"python {sys.version.split()[0]} on {platform.system()} {platform.machine()}"
    for package in PACKAGES:
        try:
            yield True, f"{package} {version(package)}"
        except PackageNotFoundError:
            yield False, f"{package} is not installed → make setup"
    yield from _models(settings)
    yield from _index(settings)
    for name, value in sorted(settings.model_dump().items()):
        yield True, f"FOOTNOTE_{name.upper()} = {value}"


def _models(settings: Settings) -> Iterator[tuple[bool, str]]:
    for state in models.overview(settings.cache):
        ready = state.status is models.ModelStatus.READY
        hint = "" if ready else " → footnote models --fetch"
        yield ready, f"{state.role}: {state.name} {state.status.value}{hint}"
    if settings.llm == "endpoint":
        yield True, f"language model in use: {settings.llm_name} at {settings.llm_url}"


def _index(settings: Settings) -> Iterator[tuple[bool, str]]:
    from assistant.index import open_index

    try:
        with open_index(settings.index) as index:
            yield (
                True,
                (
                    f"index: generation {index.generation}, {len(index.sources)} documents, "
                    f"{index.count:,} passages, recipe {index.recipe.fingerprint[:12]}"
                ),
            )
    except FootnoteError as error:
        yield False, f"index: {error.message} → {error.hint}"
