"""The language model: llama.cpp served inside this process, or any OpenAI-compatible endpoint.

One client talks to both; LlamaIndex's OpenAILike answers whole, the plain client streams. Knows
nothing of documents or prompts. Nothing is taken from OPENAI_* variables.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import httpx
import openai
from llama_index.core.llms import ChatMessage
from llama_index.llms.openai_like import OpenAILike  # type: ignore[import-untyped]

from assistant.errors import ContextTooLong, ModelUnavailable
from assistant.models import FETCH_HINT

Message = dict[str, str]
"""A chat message: {"role": "system" | "user" | "assistant", "content": text}."""

SEED = 1
CONNECT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of streamed text.

    `logprob` (natural logarithm) is None and `top` empty where they were not asked for, and for
    tokens that the embedded model guessed by copying: llama.cpp does not report those.
    """

    text: str
    logprob: float | None = None
    top: dict[str, float] = field(default_factory=dict)


class LanguageModel:
    """A chat model behind one address. Made by `embedded` or `endpoint`; close it after use."""

    def __init__(
        self,
        name: str,
        url: str,
        api_key: str,
        *,
        context_tokens: int,
        timeout_seconds: float,
        server: object | None = None,
    ) -> None:
        self.name = name
        self.context_tokens = context_tokens
        self._address = _shown(url)
        self._timeout_seconds = timeout_seconds
        self._server = server
        self._beginnings: list[list[Message]] = []
        self._read: list[list[Message]] = []
        self._rewinding: Future[None] | None = None
        self._background = ThreadPoolExecutor(1, thread_name_prefix="footnote-warm")
        # A proxy from the environment must not see what is meant for this machine.
        self._http = httpx.Client(
            trust_env=not _is_loopback(url),
            timeout=httpx.Timeout(timeout_seconds, connect=min(CONNECT_SECONDS, timeout_seconds)),
            event_hooks={"request": [_Headers(api_key)]},
        )
        # Without a key both clients would take OPENAI_API_KEY from the environment.
        key = api_key or "none"
        self._client = openai.OpenAI(
            api_key=key, base_url=url, max_retries=0, http_client=self._http
        )
        self.llm = OpenAILike(
            model=name,
            api_base=url,
            api_key=key,
            is_chat_model=True,
            context_window=context_tokens,
            max_retries=0,
            timeout=timeout_seconds,
            temperature=0.0,
            additional_kwargs={"seed": SEED},
            openai_client=self._client,
            http_client=self._http,
        )

    def __enter__(self) -> LanguageModel:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; the embedded server ends with them."""
        self._beginnings = []
        self._background.shutdown(cancel_futures=True)
        self._client.close()
        self._server = None  # its destructor stops the server

    def complete(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        json_schema: dict[str, Any] | None = None,
        grammar: str | None = None,
    ) -> str:
        """The whole answer; may be cut at `max_tokens`, also in the middle of JSON.

        `grammar` (GBNF) holds the embedded model only, since other servers refuse what they do not
        know: check what comes back. `json_schema` is understood by most. Raises ContextTooLong or
        ModelUnavailable.
        """
        options: dict[str, Any] = {"max_tokens": max_tokens}
        if json_schema is not None:
            schema = {"name": "answer", "schema": json_schema, "strict": True}
            options["response_format"] = {"type": "json_schema", "json_schema": schema}
        if grammar is not None and self._server is not None:
            options["extra_body"] = {"grammar": grammar}
        self._begin(messages)
        with self._translated():
            history = [ChatMessage(role=m["role"], content=m["content"]) for m in messages]
            return str(self.llm.chat(history, **options).message.content or "")

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        top_logprobs: int = 0,
        banned: Sequence[str] = (),
    ) -> Generator[Token, None, str]:
        """The answer as it is written; returns why it ended ("stop" or "length").

        Closing the generator makes the server stop at once. Raises ContextTooLong or
        ModelUnavailable, also after the first tokens when the server goes away.
        """
        options: dict[str, Any] = {"stop": list(stop)} if stop else {}
        if top_logprobs:
            options |= {"logprobs": True, "top_logprobs": top_logprobs}
        if banned and self._server is not None:
            # Tokens by their text are llama.cpp's own extension; log-probabilities stay as they are.
            options["extra_body"] = {"logit_bias": [[word, False] for word in banned]}
        finish = ""
        self._begin(messages)
        # Not llm.stream_chat: closing that leaves the server writing for seconds.
        with (
            self._translated(),
            self._create(messages, max_tokens=max_tokens, stream=True, **options) as chunks,
        ):
            for chunk in chunks:
                if not chunk.choices:
                    continue
                choice = chunk.choices[0]
                finish = choice.finish_reason or finish
                if choice.delta.content:
                    yield _token(choice.delta.content, choice.logprobs)
        if not finish:
            raise self._unavailable("broke off in the middle of an answer")
        return finish

    def expect(self, *beginnings: Sequence[Message]) -> None:
        """Name the fixed beginnings of prompts; the first is the one that most of them have.

        Each is read once, before the first prompt that begins so, or at once with `warm`: later only
        the rest is read. For the embedded model; an endpoint is left alone.
        """
        if self._server is not None:
            self._beginnings = [list(messages) for messages in beginnings]

    def warm(self) -> None:
        """Read the first two of the expected beginnings now, some 25 s: the chat does so before it opens.

        The others are read after that, unwaited for.
        """
        for messages in self._beginnings[1::-1]:
            self._read_beginning(messages)
        for messages in self._beginnings[2:]:
            self._background.submit(self._read_beginning, messages)

    def rewind(self) -> None:
        """Go back to a beginning that was read, unwaited for (0.2 s); call it after each question.

        What the embedded model remembers of an earlier prompt changes the rounding and so, now and
        then, the words: rewound, the same question gets the same answer whatever came before.
        Within a question do not: a second call over the same evidence reads it from memory.
        """
        known = [messages for messages in self._beginnings if messages in self._read]
        if known:
            self._rewinding = self._background.submit(self._read_beginning, known[0])

    def _create(self, messages: Sequence[Message], **options: Any) -> Any:
        create: Any = self._client.chat.completions.create
        return create(
            model=self.name, messages=list(messages), temperature=0.0, seed=SEED, **options
        )

    def _begin(self, prompt: Sequence[Message]) -> None:
        """Before a prompt: wait for a rewinding, and read its beginning if that was never read."""
        self._wait_for_rewind()
        for messages in self._beginnings:
            if messages not in self._read and list(prompt[: len(messages)]) == messages:
                self._read_beginning(messages)

    def _read_beginning(self, messages: list[Message]) -> None:
        with self._translated():
            self._create(messages, max_tokens=1)
        if messages not in self._read:
            self._read.append(messages)

    def _wait_for_rewind(self) -> None:
        if self._rewinding is not None:
            wait([self._rewinding])  # its error, if any, will show in the request that follows

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """The one place where the client's exceptions become ours; no prompt, no key in them."""
        try:
            yield
        except (openai.APITimeoutError, httpx.TimeoutException) as error:
            raise ModelUnavailable(
                f"the language model {self.name} did not answer within "
                f"{self._timeout_seconds:g} seconds",
                "set FOOTNOTE_LLM_TIMEOUT_SECONDS higher or use a smaller model",
            ) from error
        except (openai.APIConnectionError, httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._unavailable("does not answer") from error
        except openai.AuthenticationError as error:
            raise self._unavailable("refuses the key", "set FOOTNOTE_LLM_API_KEY") from error
        except openai.PermissionDeniedError as error:
            raise self._unavailable("denies access", "check the key and model name") from error
        except openai.NotFoundError as error:
            raise self._unavailable(
                "is not known there",
                "check FOOTNOTE_LLM_NAME, and that FOOTNOTE_LLM_URL ends as the server wants it, "
                "mostly in /v1",
            ) from error
        except openai.APIError as error:
            said = f"{error.message} {error.body}".lower()
            if "context" in said and any(w in said for w in ("exceed", "length", "maximum")):
                raise ContextTooLong(
                    f"the prompt is longer than the context of {self.name} "
                    f"({self.context_tokens:,} tokens)",
                    "ask a shorter question, or set FOOTNOTE_LLM_CONTEXT_TOKENS higher",
                ) from error
            code = getattr(error, "status_code", None)
            raise self._unavailable(f"failed (HTTP status {code})" if code else "failed") from error
        except (json.JSONDecodeError, UnicodeDecodeError, AttributeError, TypeError) as error:
            raise self._unavailable("answers, but not as an OpenAI-compatible server") from error

    def _unavailable(self, what: str, hint: str = "") -> ModelUnavailable:
        if self._server is not None:
            return ModelUnavailable(f"the embedded language model {self.name} {what}", "restart")
        return ModelUnavailable(
            f"the language model {self.name} at {self._address} {what}",
            hint or "start its server or correct FOOTNOTE_LLM_URL",
        )


def endpoint(
    url: str, name: str, api_key: str = "", *, context_tokens: int, timeout_seconds: float
) -> LanguageModel:
    """A model behind an OpenAI-compatible address such as http://127.0.0.1:11434/v1.

    Nothing is sent yet: whether it answers shows with the first question.
    """
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise ModelUnavailable(
            f"the language model's address {_shown(url)} is not one",
            "set FOOTNOTE_LLM_URL to something like http://127.0.0.1:11434/v1",
        )
    return LanguageModel(
        name, url, api_key, context_tokens=context_tokens, timeout_seconds=timeout_seconds
    )


def embedded(
    gguf: Path, *, threads: int, context_tokens: int, timeout_seconds: float = 120.0
) -> LanguageModel:
    """Load a GGUF file into this process (a second or two) and serve it to this process alone.

    Raises ModelUnavailable for a file that is missing, damaged or not a GGUF model.
    """
    _check_gguf(gguf)
    # Read when the library is loaded. By default its threads wait by spinning for milliseconds, and
    # whatever else runs starves them: beside two busy processes a short answer took 3.4-6.7 s, so
    # 1.4 s. Without any spinning an idle machine writes 25% slower; with this much, as fast.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("GOMP_SPINCOUNT", "20000")
    import xllamacpp

    key = secrets.token_urlsafe(32)
    params = xllamacpp.CommonParams()
    params.model.path = str(gguf)
    params.n_ctx = context_tokens
    params.n_parallel = 1  # n_ctx is divided by it
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.n_gpu_layers = 0
    params.fit_params = False
    params.warmup = True
    params.verbosity = 0
    # Between two batches the server notices a closed connection: 128 frees it within 2 s where
    # the default of 2048 reads the whole prompt first, and is as fast (measured on 2 cores, all
    # with Q4_K_M 1.5B: 63.4 prompt tokens a second with 128, 63.7 with 256, 63.7 with 512).
    params.n_batch = params.n_ubatch = 128
    # Left alone, as measured: flash attention "auto" is on (64 prompt tokens/s; off 57); 8-bit
    # keys and values are slower (52) and change answers; no weight repacking writes 7 tokens/s
    # instead of 12; one thread writes 7.
    # Answers copy from the evidence, so guess the next 5 tokens wherever the last 3 stood before:
    # 93-token answer 12.2 → 17.9 tokens/s, 65 tokens 12.4 → 14.7, 7 tokens 0.1 s slower.
    simple = xllamacpp.common_speculative_type.COMMON_SPECULATIVE_TYPE_NGRAM_SIMPLE
    params.speculative.types = [simple]
    params.speculative.ngram_simple.size_n = 3
    params.speculative.ngram_simple.size_m = 5
    # Remembered prompts, 28 kB a token; the library's default may grow to 8 GiB.
    params.cache_ram_mib = 512
    # Any page in the user's browser can reach loopback: let nobody in without the key, and show
    # nothing. An address that cannot exist closes cross-origin requests (default: all allowed).
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]
    params.ui = False
    params.endpoint_slots = False
    params.cors_origins = "http://nowhere.invalid"
    params.cors_credentials = False
    params.offline = True
    try:
        server = xllamacpp.Server(params)
    except RuntimeError as error:
        raise ModelUnavailable(
            f"{gguf} cannot be loaded as a language model", f"it may be damaged: {FETCH_HINT}"
        ) from error
    return LanguageModel(
        gguf.stem,
        f"{server.listening_address}/v1",
        key,
        context_tokens=context_tokens,
        timeout_seconds=timeout_seconds,
        server=server,
    )


def _check_gguf(path: Path) -> None:
    try:
        with path.open("rb") as handle:
            magic = handle.read(4)
    except OSError as error:
        raise ModelUnavailable(
            f"the language model {path} cannot be read: {error.strerror}", FETCH_HINT
        ) from error
    if magic != b"GGUF":
        raise ModelUnavailable(
            f"{path} is not a GGUF model", f"set FOOTNOTE_LLM_FILE to one, or {FETCH_HINT}"
        )


class _Headers:
    """Takes out of each request what the client put in from OPENAI_* variables."""

    def __init__(self, api_key: str) -> None:
        self._authorization = f"Bearer {api_key or 'none'}"

    def __call__(self, request: httpx.Request) -> None:
        kept = ("host", "accept", "accept-encoding", "connection", "content-type", "user-agent")
        for name in set(request.headers) - {*kept, "content-length", "transfer-encoding"}:
            del request.headers[name]
        request.headers["Authorization"] = self._authorization


def _token(text: str, logprobs: Any) -> Token:
    entries = logprobs.content if logprobs is not None else None
    if not entries:
        return Token(text)
    top = {other.token: other.logprob for other in entries[0].top_logprobs}
    return Token(text, sum(entry.logprob for entry in entries), top)


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


def _shown(url: str) -> str:
    """The address without a user name or password that may stand in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
