"""Fakes for the edge of the language model, and an embedder that needs no weights."""

from __future__ import annotations

import hashlib
import json
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Reply:
    """What the server answers to one request.

    deltas     pieces of the answer, streamed one by one (joined when the request does not stream)
    status     HTTP status; not 200 sends `error` instead
    die_after  close the connection after that many deltas
    pause      seconds before each delta
    finish     finish_reason
    top        per delta: alternatives with their log-probability; the first is the delta's own
    """

    deltas: tuple[str, ...] = ()
    status: int = 200
    error: dict[str, Any] = field(default_factory=dict)
    die_after: int | None = None
    pause: float = 0.0
    finish: str = "stop"
    top: tuple[dict[str, float], ...] = ()


def words(text: str) -> tuple[str, ...]:
    """The text cut before each space, as a model would stream it."""
    return tuple(re.findall(r"\s*\S+", text))


class ScriptedServer:
    """A small OpenAI-compatible server on loopback that answers from a queue.

    `requests` holds the bodies received, `headers` their headers, `stopped` how many deltas were
    sent of each stream that the client closed early. An empty queue answers with HTTP 500. The
    judge of a draft is answered with `verdict` and kept in `judged`, apart from the queue.
    """

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.stopped: list[int] = []
        self.verdict = "yes"
        self.judged: list[str] = []
        self._replies: deque[Reply] = deque()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                outer._answer(self)

            def do_GET(self) -> None:
                self.send_error(404)

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> ScriptedServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def reply(self, text: str = "", **options: Any) -> None:
        """Queue an answer; `options` are those of Reply."""
        self._replies.append(Reply(options.pop("deltas", words(text)), **options))

    @property
    def prompts(self) -> list[str]:
        """The text of all messages of each request."""
        return ["\n".join(m["content"] for m in body["messages"]) for body in self.requests]

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        if body["messages"][0]["content"].startswith("You check"):
            self.judged.append(body["messages"][-1]["content"])
            self._stream(handler, Reply(deltas=(self.verdict,)), body)
            return
        self.requests.append(body)
        self.headers.append({name.lower(): value for name, value in handler.headers.items()})
        missing = Reply(status=500, error={"message": "no reply is queued"})
        reply = self._replies.popleft() if self._replies else missing
        if reply.status != 200:
            self._send_json(handler, reply.status, {"error": reply.error})
        elif body.get("stream"):
            self._stream(handler, reply, body)
        else:
            message = {"role": "assistant", "content": "".join(reply.deltas)}
            choice = {"index": 0, "message": message, "finish_reason": reply.finish}
            self._send_json(handler, 200, _completion(body, "chat.completion", choice))

    def _send_json(self, handler: BaseHTTPRequestHandler, status: int, content: Any) -> None:
        data = json.dumps(content).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    def _stream(self, handler: BaseHTTPRequestHandler, reply: Reply, body: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        sent = 0
        try:
            for i, delta in enumerate(reply.deltas):
                if i == reply.die_after:
                    handler.connection.shutdown(socket.SHUT_RDWR)
                    return
                time.sleep(reply.pause)
                choice: dict[str, Any] = {"index": 0, "delta": {"content": delta}}
                if body.get("logprobs"):
                    choice["logprobs"] = {"content": [_logprob(delta, reply, i)]}
                self._send_event(handler, _completion(body, "chat.completion.chunk", choice))
                sent += 1
            last = {"index": 0, "delta": {}, "finish_reason": reply.finish}
            self._send_event(handler, _completion(body, "chat.completion.chunk", last))
            self._send_chunk(handler, b"data: [DONE]\n\n")
            self._send_chunk(handler, b"")
        except OSError:
            self.stopped.append(sent)
        finally:
            handler.close_connection = True

    def _send_event(self, handler: BaseHTTPRequestHandler, content: Any) -> None:
        self._send_chunk(handler, b"data: " + json.dumps(content).encode() + b"\n\n")

    def _send_chunk(self, handler: BaseHTTPRequestHandler, data: bytes) -> None:
        handler.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        handler.wfile.flush()


def _completion(body: dict[str, Any], kind: str, choice: dict[str, Any]) -> dict[str, Any]:
    return {"id": "1", "object": kind, "created": 0, "model": body["model"], "choices": [choice]}


def _logprob(delta: str, reply: Reply, i: int) -> dict[str, Any]:
    top = reply.top[i] if i < len(reply.top) else {delta: -0.01}
    entries = [{"token": token, "logprob": value, "bytes": None} for token, value in top.items()]
    own = {"token": delta, "logprob": next(iter(top.values())), "bytes": None}
    return own | {"top_logprobs": entries}


class FakeEmbedder:
    """Hashed bag of words, unit length: texts that share words are near. Keeps types.Embedder."""

    def __init__(self, dimensions: int = 64, max_tokens: int = 256) -> None:
        self.name = "fake"
        self.sha256 = hashlib.sha256(f"fake {dimensions}".encode()).hexdigest()
        self.max_tokens = max_tokens
        self._dimensions = dimensions
        self.embedded: list[str] = []

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\w+|[^\w\s]", text)) + 2 for text in texts]

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded.extend(texts)
        if not texts:
            return np.zeros((0, self._dimensions), dtype=np.float32)
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(self._dimensions, dtype=np.float32)
        for word in re.findall(r"\w+", text.lower()) or [""]:
            digest = hashlib.sha256(word.encode()).digest()
            vector[digest[0] % self._dimensions] += 1.0 if digest[1] % 2 else -1.0
        if not vector.any():  # the signs can cancel out
            vector[0] = 1.0
        return (vector / np.linalg.norm(vector)).astype(np.float32)
