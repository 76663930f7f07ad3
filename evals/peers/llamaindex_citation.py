"""The peer: LlamaIndex's CitationQueryEngine with default settings, the same models and texts.

Writes the same predictions. Its passages are SentenceSplitter's defaults, its citations are its
numbered 512-token sources; a question with history is asked with the earlier questions before it.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.pipeline import Assistant
from evals.predictions import predict_with
from evals.suite import Item

if TYPE_CHECKING:
    from llama_index.core import VectorStoreIndex

NAME = "llamaindex-citation"
# The only departure from its defaults: a model that runs on would take minutes a question.
MAX_TOKENS = 512
_SOURCE = re.compile(r"\(?\bSources?\s+(\d+)\)?", re.IGNORECASE)
_MARKER = re.compile(r"[\[【]\s*(\d+)\s*[\]】]")
# Generous: whatever can be read as declining counts as declining.
_REFUSAL = re.compile(
    r"\b(?:no|not enough|insufficient|any) (?:specific |relevant |such |direct )?"
    r"(?:information|mention|data|details?|evidence|answer|reference)\b"
    r"|\b(?:is|are|was|were|does|do|did|has|have)(?: not|n't) (?:\w+ ){0,2}"
    r"(?:provid|mention|contain|specif|stat|avail|found|given|give|includ|list|answer|disclos"
    r"|address|enough|indicat|say|discuss|refer|list|report|clear|known|have)"
    r"|\b(?:cannot|can't|can not|could not|couldn't|unable to|impossible to|not possible to)\b"
    r"|\bnone of the (?:provided |given )?sources\b|\bI (?:do not|don't) (?:know|have)\b"
    r"|\b(?:I'm|I am) sorry\b|\bI apologi[sz]e\b|\bempty response\b|未提|没有提供|无法",
    re.IGNORECASE,
)


def fingerprint(suite_sha256: str, model: str) -> str:
    """What decides the peer's answers: the suite, the model and this module."""
    parts = (suite_sha256, model, Path(__file__).read_text(encoding="utf-8"))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def predict_peer(
    assistant: Assistant,
    items: Sequence[Item],
    out: Path,
    described: dict[str, Any],
    show: Callable[[str, int, int], None],
) -> dict[str, dict[str, Any]]:
    """Predictions of the peer over the assistant's documents; resumes like the runner."""
    index: VectorStoreIndex | None = None

    def ask(item: Item) -> dict[str, Any]:
        nonlocal index
        if index is None:
            index = _index(assistant, show)
        return ask_peer(assistant, index, item)

    return predict_with(ask, items, out, described, show)


def ask_peer(assistant: Assistant, index: VectorStoreIndex, item: Item) -> dict[str, Any]:
    """One line of predictions.jsonl."""
    from llama_index.core.query_engine import CitationQueryEngine
    from llama_index.core.vector_stores import MetadataFilter, MetadataFilters

    model = assistant.model
    assert model is not None
    llm = model.llm.model_copy(update={"max_tokens": MAX_TOKENS})
    options: dict[str, Any] = {}
    if item.scope_doc:
        options["filters"] = MetadataFilters(
            filters=[MetadataFilter(key="doc", value=item.scope_doc)]
        )
    engine = CitationQueryEngine.from_args(index, llm=llm, **options)
    asked = " ".join((*item.history, item.question))
    started = time.perf_counter()
    try:
        response = engine.query(asked)
        text, nodes = str(response), response.source_nodes
    except Exception as error:  # what the peer throws is its answer
        text, nodes = f"error: {type(error).__name__}: {error}", []
    total = time.perf_counter() - started
    return row_from_response(assistant, item, asked, text, nodes, total)


def row_from_response(
    assistant: Assistant, item: Item, asked: str, text: str, nodes: Sequence[Any], total: float
) -> dict[str, Any]:
    """A response of the peer in the shape of our predictions."""
    text = _SOURCE.sub(r"[\1]", text).strip()
    places = [_place(assistant, node) for node in nodes]
    used = dict.fromkeys(int(n) for n in _MARKER.findall(text))
    abstained = not text or bool(_REFUSAL.search(text))
    return {
        "id": item.id,
        "question": item.question,
        "asked": asked,
        "answer": text,
        "status": "not_found" if abstained else "answered",
        "abstained": abstained,
        "citations": [{"number": n, **places[n - 1]} for n in used if 1 <= n <= len(places)],
        "hits": [{**place, "score": node.score} for place, node in zip(places, nodes, strict=True)],
        "evidence": places,
        "checks": [],
        "seconds": {"total": round(total, 3)},
    }


def _place(assistant: Assistant, node: Any) -> dict[str, Any]:
    """A source of the peer as a span of the document; it keeps none itself, so it is looked up."""
    doc = str(node.node.metadata["doc"])
    text = re.sub(r"^Source \d+:\n", "", node.node.get_content()).strip()
    start = assistant.index.document_text(doc).find(text)
    end = start + len(text) if start >= 0 else -1
    return {"doc": doc, "page": None, "start": start, "end": end, "text": text}


def _index(assistant: Assistant, show: Callable[[str, int, int], None]) -> VectorStoreIndex:
    """The peer's index over our documents' texts; kept beside ours while nothing changes."""
    from llama_index.core import (
        Document,
        StorageContext,
        VectorStoreIndex,
        load_index_from_storage,
    )
    from llama_index.core.node_parser import SentenceSplitter

    generation = assistant.index.generation
    kept = assistant.settings.index.parent / "peer" / generation
    embedder = assistant.embedder
    if (kept / "index_store.json").is_file():
        storage = StorageContext.from_defaults(persist_dir=str(kept))
        loaded: Any = load_index_from_storage(storage, embed_model=embedder)
        return loaded  # type: ignore[no-any-return]
    documents = [
        Document(
            text=assistant.index.document_text(source.id),
            metadata={"doc": source.id, "title": source.title},
        )
        for source in assistant.index.sources
    ]
    nodes = SentenceSplitter().get_nodes_from_documents(documents)
    show("Indexing for the peer", 0, len(nodes))
    index = VectorStoreIndex(embed_model=embedder, nodes=[])
    for start in range(0, len(nodes), 64):
        index.insert_nodes(nodes[start : start + 64])
        show("Indexing for the peer", min(start + 64, len(nodes)), len(nodes))
    index.storage_context.persist(str(kept))
    return index
