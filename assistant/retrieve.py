"""Question → Hits: dense and lexical search, fused. Knows nothing of sentences or answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from assistant.chinese import is_foreign
from assistant.index import Index
from assistant.types import Embedder, Filters, Hit, Passage

CANDIDATES = 40
"""Passages taken from each of the two searches before they are fused."""

# Scores are fused, not ranks: rank fusion was measured between the better and the worse search,
# since it forgets how sure each one is. Mean reciprocal rank of the passage with the evidence:
#     weight          0 (dense)   0.25    0.4    lexical alone    questions
#     squad2            0.80      0.94    0.94        0.92            62
#     rgb_en            0.67      0.65    0.67        0.59            23
#     tatqa             0.75      0.84    0.84        0.82            48
#     filings_pdf       0.42      0.44    0.48        0.38            13
LEXICAL_WEIGHT = 0.4


class Retriever(BaseRetriever):
    """Hybrid search over an open index; also a LlamaIndex retriever, for engines built on it."""

    def __init__(self, index: Index, embedder: Embedder, *, k: int, filters: Filters) -> None:
        super().__init__()
        self._index = index
        self._embedder = embedder
        self._k = k
        self._filters = filters

    def hits(self, text: str) -> list[Hit]:
        """The k best passages for `text`, best first."""
        return search(self._index, self._embedder, text, k=self._k, filters=self._filters)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [
            NodeWithScore(node=_node(hit.passage), score=hit.score)
            for hit in self.hits(query_bundle.query_str)
        ]


def search(
    index: Index, embedder: Embedder, text: str, *, k: int, filters: Filters = Filters()
) -> list[Hit]:
    """The k best passages of `index` for `text`, best first; fewer when the index holds fewer."""
    vector = embedder.embed_query(text)
    dense = index.dense(vector, max(k, CANDIDATES), filters)
    lexical = index.lexical(text, max(k, CANDIDATES), filters)
    cosines = dict(dense)
    only_lexical = [id for id, _ in lexical if id not in cosines]
    if only_lexical:
        similarities = index.vectors(only_lexical) @ vector
        cosines |= {id: float(s) for id, s in zip(only_lexical, similarities, strict=True)}
    ranked = fuse(dense, lexical, cosines)[:k]
    passages = index.passages([id for id, _ in ranked])
    dense_ranks = {id: rank for rank, (id, _) in enumerate(dense, start=1)}
    lexical_ranks = {id: rank for rank, (id, _) in enumerate(lexical, start=1)}
    return [
        Hit(passages[id], score, dense_ranks.get(id), lexical_ranks.get(id), cosines[id])
        for id, score in ranked
    ]


def fuse(
    dense: Sequence[tuple[str, float]],
    lexical: Sequence[tuple[str, float]],
    cosines: dict[str, float],
) -> list[tuple[str, float]]:
    """Ids with cosine + LEXICAL_WEIGHT x (BM25 / best BM25 of this question), best first."""
    best = max((score for _, score in lexical), default=0.0)
    bm25 = {id: score / best for id, score in lexical} if best > 0 else {}
    scores = {
        id: cosines[id] + LEXICAL_WEIGHT * bm25.get(id, 0.0)
        for id in dict.fromkeys([*(id for id, _ in dense), *bm25])
    }
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


ABOUT = 0.1
"""A document that names somebody in this share of its passages is about them."""


def narrowed(index: Index, names: Sequence[str], filters: Filters) -> Filters:
    """`filters`, narrowed to the documents that name one of `names` where one of those is about it.

    Another company's filing, which never names the one asked about, holds no answer. Documents in
    another script stay, since they may write the name otherwise.
    """
    if filters.sources or not names:
        return filters
    shares = [index.mentions(name) for name in names]
    if not any(share >= ABOUT for mine in shares for share in mine.values()):
        return filters
    named = {source for mine in shares for source in mine}
    kept = tuple(
        s.id for s in index.sources if s.id in named or is_foreign(index.opening(s.id).text)
    )
    return replace(filters, sources=kept) if len(kept) < len(index.sources) else filters


def _node(passage: Passage) -> TextNode:
    return TextNode(
        id_=passage.id,
        text=passage.text,
        start_char_idx=passage.span.start,
        end_char_idx=passage.span.end,
        metadata={"source": passage.source.id, "title": passage.source.title},
        excluded_embed_metadata_keys=["source"],
    )
