from __future__ import annotations

import concurrent.futures
import socket
from collections.abc import Iterator

import gradio as gr
import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from assistant import web
from assistant.errors import ConfigError, QuestionError
from tests import scripted
from tests.scripted import ScriptedAssistant


@pytest.fixture(scope="module")
def engine() -> ScriptedAssistant:
    return ScriptedAssistant(pause=0.02)


@pytest.fixture(scope="module")
def url(engine: ScriptedAssistant) -> Iterator[str]:
    page = web.launch(engine)
    yield page.local_url
    page.close()


@pytest.fixture
def client(url: str) -> Client:
    return Client(url, verbose=False)


def test_ask_endpoint_returns_the_checked_answer_as_json(client: Client) -> None:
    answer = client.predict("R&D", api_name="/ask")
    assert answer["text"] == scripted.RD_ANSWER
    assert answer["status"] == "answered"
    assert answer["citations"][0]["text"] == scripted.QUOTE
    assert [check["verdict"] for check in answer["checks"]] == ["supported", "supported"]


def test_ask_is_the_only_endpoint(client: Client) -> None:
    api = client.view_api(return_format="dict", print_info=False)
    assert list(api["named_endpoints"]) == ["/ask"]
    assert not api["unnamed_endpoints"]


def test_the_endpoint_tells_a_user_s_error_with_its_hint(client: Client) -> None:
    with pytest.raises(AppError, match=r"no index yet.*footnote sync"):
        client.predict("no index", api_name="/ask")


def test_the_endpoint_hides_an_internal_error(client: Client) -> None:
    with pytest.raises(AppError) as caught:
        client.predict("crash", api_name="/ask")
    assert "secret" not in str(caught.value)


def test_concurrent_clients_are_answered_one_at_a_time(url: str, engine: ScriptedAssistant) -> None:
    engine.most_active = 0
    words = ["R&D", "December", "margin"]

    def ask(word: str) -> str:
        return str(Client(url, verbose=False).predict(word, api_name="/ask")["text"])

    with concurrent.futures.ThreadPoolExecutor() as pool:
        texts = list(pool.map(ask, words))
    assert texts == [scripted.RD.text, scripted.MONTH.text, scripted.NOT_FOUND.text]
    assert engine.most_active == 1


def test_every_response_carries_the_security_headers(url: str) -> None:
    for path in ("", "config", "theme.css", "nowhere"):
        response = httpx.get(url + path)
        policy = response.headers["content-security-policy"]
        assert "img-src 'self' data: blob:" in policy
        assert "connect-src 'self'" in policy
        assert response.headers["referrer-policy"] == "no-referrer"


def test_the_page_is_titled_and_has_its_own_icon(url: str) -> None:
    assert httpx.get(url + "config").json()["title"] == "Footnote"
    assert httpx.get(url + "favicon.ico").text == web.FAVICON


def test_a_foreign_host_name_is_refused(url: str) -> None:
    assert httpx.get(url, headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("path", ["/etc/passwd", "pyproject.toml", "corpus", "../footnote.toml"])
def test_no_file_is_served(url: str, path: str) -> None:
    assert httpx.get(f"{url}gradio_api/file={path}").status_code in (403, 404)


def test_nothing_can_be_uploaded(url: str) -> None:
    files = {"files": ("a.txt", b"0123456789")}
    assert httpx.post(f"{url}gradio_api/upload", files=files).status_code == 413


def test_telemetry_history_and_monitoring_are_off(url: str) -> None:
    config = httpx.get(url + "config").json()
    assert config["analytics_enabled"] is False
    assert not config.get("run_history")
    assert httpx.get(f"{url}monitoring").status_code in (403, 404)


def test_a_port_in_use_names_the_setting() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ConfigError, match="cannot listen") as caught:
            web.launch(ScriptedAssistant(), port=taken.getsockname()[1])
    assert "FOOTNOTE_PORT" in caught.value.hint


def test_an_address_that_is_not_ours_names_the_setting() -> None:
    with pytest.raises(ConfigError, match=r"cannot listen on 192\.0\.2\.1"):
        web.launch(ScriptedAssistant(), host="192.0.2.1")


def test_dates_of_the_filter_are_read_or_refused() -> None:
    assert str(web._day(" 2025-01-31 ", "since")) == "2025-01-31"
    assert web._day("", "since") is None
    with pytest.raises(QuestionError, match="not a date") as caught:
        web._day("last year", "since")
    assert "2025-01-31" in caught.value.hint


def test_a_question_without_an_answer_returns_to_an_empty_box_only() -> None:
    chat = web.Chat(unsent="my question")
    assert web._put_back("", chat) == "my question"
    assert web._put_back("typed meanwhile", chat) == gr.skip()
    assert web._put_back("", web.Chat()) == gr.skip()
    assert web._put_back("", None) == gr.skip()
