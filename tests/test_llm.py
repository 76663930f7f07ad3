from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.errors import ContextTooLong, ModelUnavailable
from assistant.llm import LanguageModel, Message, Token, embedded, endpoint
from tests.fakes import ScriptedServer

ASK: list[Message] = [
    {"role": "system", "content": "Answer from the evidence."},
    {"role": "user", "content": "How much? The secret document."},
]
KEY = "sk-test-4711"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def model(server: ScriptedServer) -> Iterator[LanguageModel]:
    with endpoint(server.url, "m", KEY, context_tokens=4096, timeout_seconds=5) as made:
        yield made


def wait_for(condition: Any, seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(condition())


def assert_keeps_secrets(error: BaseException) -> None:
    shown = f"{error} {getattr(error, 'hint', '')}"
    assert KEY not in shown
    assert "secret" not in shown


# ---------------------------------------------------------------- answers


def test_answer_streams_piece_by_piece(server: ScriptedServer, model: LanguageModel) -> None:
    server.reply("CNY 200 billion [1].")
    tokens = list(model.stream(ASK, max_tokens=9, stop=["\n\n"]))
    assert [token.text for token in tokens] == ["CNY", " 200", " billion", " [1]."]
    assert tokens[0] == Token("CNY", None, {})
    body = server.requests[0]
    assert body["messages"] == ASK
    assert body["max_tokens"] == 9
    assert body["temperature"] == 0
    assert body["stop"] == ["\n\n"]
    assert isinstance(body["seed"], int)


def test_stream_returns_why_it_ended(server: ScriptedServer, model: LanguageModel) -> None:
    server.reply("one two", finish="length")
    stream = model.stream(ASK, max_tokens=2)
    assert [next(stream).text, next(stream).text] == ["one", " two"]
    with pytest.raises(StopIteration) as ended:
        next(stream)
    assert ended.value.value == "length"


def test_log_probabilities_come_with_their_tokens(
    server: ScriptedServer, model: LanguageModel
) -> None:
    server.reply("Not said", top=({"Not": -0.1, "The": -2.5}, {" said": -0.2}))
    tokens = list(model.stream(ASK, max_tokens=9, top_logprobs=2))
    assert tokens[0] == Token("Not", -0.1, {"Not": -0.1, "The": -2.5})
    assert tokens[1].logprob == -0.2
    assert server.requests[0]["top_logprobs"] == 2


def test_whole_answer_goes_through_llama_index(
    server: ScriptedServer, model: LanguageModel
) -> None:
    server.reply('{"a": 1}')
    server.reply("yes")
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}}
    assert model.complete(ASK, max_tokens=5, json_schema=schema) == '{"a": 1}'
    assert model.complete(ASK, max_tokens=5, grammar='root ::= "yes"') == "yes"
    assert server.requests[0]["messages"] == ASK
    assert server.requests[0]["response_format"]["json_schema"]["schema"] == schema
    assert server.requests[0]["temperature"] == 0
    assert "grammar" not in server.requests[1]  # llama.cpp's own; others refuse unknown fields
    assert server.requests[1]["max_tokens"] == 5
    assert model.llm.metadata.context_window == model.context_tokens == 4096
    assert model.llm.metadata.is_chat_model


def test_closing_the_stream_stops_the_server(server: ScriptedServer, model: LanguageModel) -> None:
    server.reply("word " * 400, pause=0.01)
    stream = model.stream(ASK, max_tokens=400)
    assert next(stream).text == "word"
    stream.close()
    assert wait_for(lambda: server.stopped)
    assert server.stopped[0] < 100
    server.reply("again")
    assert [token.text for token in model.stream(ASK, max_tokens=4)] == ["again"]


def test_warming_leaves_an_endpoint_alone(server: ScriptedServer, model: LanguageModel) -> None:
    model.expect(ASK)
    model.warm()
    model.rewind()
    server.reply("a")
    assert model.complete(ASK, max_tokens=1) == "a"
    assert len(server.requests) == 1


# ---------------------------------------------------------------- keys and the environment


def test_key_is_sent_as_bearer(server: ScriptedServer, model: LanguageModel) -> None:
    server.reply("a")
    server.reply("b")
    list(model.stream(ASK, max_tokens=1))
    model.complete(ASK, max_tokens=1)
    assert [headers["authorization"] for headers in server.headers] == [f"Bearer {KEY}"] * 2


def test_environment_of_other_tools_is_ignored(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-tool")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-another-tool")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-another-tool")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Trace: of-another-tool")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server.reply("a")
    server.reply("b")
    with endpoint(server.url, "m", context_tokens=4096, timeout_seconds=5) as model:
        list(model.stream(ASK, max_tokens=1))
        model.complete(ASK, max_tokens=1)
    assert len(server.headers) == 2
    assert "another-tool" not in json.dumps(server.headers)


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize(
    ("status", "said", "words"),
    [
        (401, "secret key", "refuses the key"),
        (403, "secret", "denies access"),
        (404, "no such model: secret", "not known"),
        (429, "secret", "HTTP status 429"),
        (500, "secret", "HTTP status 500"),
        (503, "loading the secret", "HTTP status 503"),
        (400, "secret is not valid", "HTTP status 400"),
    ],
)
def test_refusals_are_told_without_secrets(
    server: ScriptedServer, model: LanguageModel, status: int, said: str, words: str, whole: bool
) -> None:
    server.reply(status=status, error={"message": f"{said} {KEY}"})
    with pytest.raises(ModelUnavailable, match=words) as caught:
        _ = model.complete(ASK, max_tokens=1) if whole else list(model.stream(ASK, max_tokens=1))
    assert caught.value.hint
    assert_keeps_secrets(caught.value)
    assert len(server.requests) == 1  # a slow model is not asked twice


@pytest.mark.parametrize(
    "error",
    [
        {"type": "exceed_context_size_error", "message": "exceeds the available context size"},
        {"code": "context_length_exceeded", "message": "maximum context length is 4096"},
    ],
)
def test_too_long_a_prompt_is_its_own_error(
    server: ScriptedServer, model: LanguageModel, error: dict[str, Any]
) -> None:
    server.reply(status=400, error=error)
    with pytest.raises(ContextTooLong) as caught:
        list(model.stream(ASK, max_tokens=1))
    assert "4,096" in caught.value.message
    assert_keeps_secrets(caught.value)


def test_server_that_dies_in_the_middle_is_told_after_its_first_words(
    server: ScriptedServer, model: LanguageModel
) -> None:
    server.reply("one two three", die_after=2)
    stream = model.stream(ASK, max_tokens=9)
    assert [next(stream).text, next(stream).text] == ["one", " two"]
    with pytest.raises(ModelUnavailable) as caught:
        next(stream)
    assert_keeps_secrets(caught.value)


def test_nobody_listening_names_the_setting() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://user:{KEY}@127.0.0.1:{probe.getsockname()[1]}/v1"
    with endpoint(url, "m", context_tokens=4096, timeout_seconds=5) as model:
        with pytest.raises(ModelUnavailable, match="does not answer") as caught:
            list(model.stream(ASK, max_tokens=1))
        assert "FOOTNOTE_LLM_URL" in caught.value.hint
        assert_keeps_secrets(caught.value)
        with pytest.raises(ModelUnavailable, match="does not answer"):
            model.complete(ASK, max_tokens=1)


def test_slow_server_names_the_time_limit(server: ScriptedServer) -> None:
    server.reply("late", pause=2.0)
    with (
        endpoint(server.url, "m", context_tokens=4096, timeout_seconds=0.3) as model,
        pytest.raises(ModelUnavailable, match=r"within 0\.3 seconds") as caught,
    ):
        list(model.stream(ASK, max_tokens=1))
    assert "FOOTNOTE_LLM_TIMEOUT_SECONDS" in caught.value.hint


@pytest.mark.parametrize("whole", [True, False])
def test_something_else_at_that_address_is_told(whole: bool) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<html>data: hello</html>")

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/v1"
    with (
        endpoint(url, "m", context_tokens=4096, timeout_seconds=5) as model,
        pytest.raises(ModelUnavailable),
    ):
        _ = model.complete(ASK, max_tokens=1) if whole else list(model.stream(ASK, max_tokens=1))
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("url", ["", "localhost:11434", "file:///etc/passwd", "http://"])
def test_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        endpoint(url, "m", context_tokens=4096, timeout_seconds=5)
    assert "FOOTNOTE_LLM_URL" in caught.value.hint


def test_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        embedded(path, threads=2, context_tokens=1024)
    path.write_bytes(b"<html>")
    with pytest.raises(ModelUnavailable, match="not a GGUF"):
        embedded(path, threads=2, context_tokens=1024)
    path.write_bytes(b"GGUF" + b"\x00" * 1000)
    with pytest.raises(ModelUnavailable, match="cannot be loaded") as caught:
        embedded(path, threads=2, context_tokens=1024)
    assert "footnote models --fetch" in caught.value.hint


# ---------------------------------------------------------------- the real model

SHORT: list[Message] = [
    {"role": "system", "content": "Answer in three words."},
    {"role": "user", "content": "What is the capital of France?"},
]


def address(model: LanguageModel) -> str:
    return str(model.llm.api_base).removesuffix("/v1")


@pytest.mark.model
def test_embedded_model_gives_the_same_answer_again(language_model: LanguageModel) -> None:
    language_model.expect(SHORT[:1])
    language_model.warm()
    language_model.rewind()
    first = "".join(t.text for t in language_model.stream(SHORT, max_tokens=12))
    assert "Paris" in first
    language_model.rewind()
    assert first == "".join(t.text for t in language_model.stream(SHORT, max_tokens=12))
    assert "Paris" in language_model.complete(SHORT, max_tokens=12)


@pytest.mark.model
def test_embedded_model_reads_a_warmed_beginning_once(language_model: LanguageModel) -> None:
    beginning: list[Message] = [{"role": "system", "content": "Answer briefly. " * 40}]
    language_model.expect(beginning)
    language_model.warm()
    messages = [*beginning, {"role": "user", "content": "Say yes."}]
    with httpx.Client(trust_env=False, timeout=60) as client:
        answer = client.post(
            f"{address(language_model)}/v1/chat/completions",
            headers={"Authorization": f"Bearer {language_model.llm.api_key}"},
            json={"messages": messages, "max_tokens": 1},
        ).json()
    assert answer["timings"]["cache_n"] >= 100
    assert answer["timings"]["prompt_n"] < 30


@pytest.mark.model
def test_embedded_model_reads_an_expected_beginning_before_the_first_prompt_that_has_it(
    language_model: LanguageModel,
) -> None:
    beginning: list[Message] = [{"role": "system", "content": "Answer in one word. " * 40}]
    other: list[Message] = [{"role": "system", "content": "Never used."}]
    language_model.expect(other, beginning)
    messages: list[Message] = [*beginning, {"role": "user", "content": "Say yes."}]
    first = language_model.complete(messages, max_tokens=4)
    assert beginning in language_model._read
    assert other not in language_model._read
    language_model.rewind()
    assert language_model.complete(messages, max_tokens=4) == first


@pytest.mark.model
def test_embedded_model_gives_log_probabilities(language_model: LanguageModel) -> None:
    token = next(iter(language_model.stream(SHORT, max_tokens=4, top_logprobs=3)))
    assert token.logprob is not None
    assert token.logprob <= 0
    assert len(token.top) == 3


@pytest.mark.model
def test_embedded_model_obeys_grammar_and_schema(language_model: LanguageModel) -> None:
    assert language_model.complete(SHORT, max_tokens=8, grammar='root ::= "maybe"') == "maybe"
    schema = {
        "type": "object",
        "properties": {"city": {"type": "string", "maxLength": 20}},
        "required": ["city"],
        "additionalProperties": False,
    }
    answer = language_model.complete(SHORT, max_tokens=40, json_schema=schema)
    assert json.loads(answer)["city"].startswith("Paris")


@pytest.mark.model
def test_embedded_model_is_free_again_after_a_stop(language_model: LanguageModel) -> None:
    long = [{"role": "user", "content": "Count from 1 to 500, one number a line."}]
    stream = language_model.stream(long, max_tokens=600)
    next(stream)
    stream.close()
    started = time.monotonic()
    assert language_model.complete(SHORT, max_tokens=2)
    assert time.monotonic() - started < 10  # the rest of the count would take 50 s


@pytest.mark.model
def test_embedded_model_lets_nobody_else_in(language_model: LanguageModel) -> None:
    base = address(language_model)
    assert base.startswith("http://127.0.0.1:")
    body = {"messages": SHORT, "max_tokens": 1}
    origin = {"Origin": "http://evil.example"}
    with httpx.Client(base_url=base, trust_env=False) as client:
        assert client.post("/v1/chat/completions", json=body).status_code == 401
        wrong = {"Authorization": "Bearer none"}
        assert client.post("/v1/chat/completions", json=body, headers=wrong).status_code == 401
        key = {"Authorization": f"Bearer {language_model.llm.api_key}"}
        assert client.get("/", headers=key).status_code == 404
        assert client.get("/slots", headers=key).status_code in (404, 501)
        answer = client.options("/v1/chat/completions", headers=origin)
        assert answer.headers.get("Access-Control-Allow-Origin") not in ("*", origin["Origin"])


@pytest.mark.model
def test_embedded_model_refuses_a_prompt_beyond_its_context(language_model: LanguageModel) -> None:
    long = [{"role": "user", "content": "word " * 6000}]
    with pytest.raises(ContextTooLong):
        list(language_model.stream(long, max_tokens=4))
    with pytest.raises(ContextTooLong):
        language_model.complete(long, max_tokens=4)
