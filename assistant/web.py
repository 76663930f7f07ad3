"""The web chat, in Gradio; the only module that imports it. What is shown is made in `render_html`,
what happens in `chat`. Nothing is loaded from, or sent to, anywhere but this server.
"""

from __future__ import annotations

import atexit
import logging
import os
import socket
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Event as Flag
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported

import gradio as gr
from gradio.events import api
from gradio.themes.utils.fonts import Font, LocalFont
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.chat import LONGEST_LINE, Chat, Engine, Line
from assistant.errors import ConfigError, FootnoteError, QuestionError
from assistant.render import escape, to_json
from assistant.settings import Settings
from assistant.types import Done, Filters, Overview, Question
from assistant.web_style import CSS, FAVICON, HEAD, PAGE_JS

EXAMPLES_SHOWN = 5

# Gradio's page needs inline scripts and `new Function`; everything else is held to this server.
SECURITY_HEADERS = {
    "content-security-policy": "default-src 'self'; script-src 'self' 'unsafe-inline' "
    "'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; media-src 'none'; worker-src 'self' blob:; "
    "object-src 'none'; frame-src 'none'; frame-ancestors 'none'; base-uri 'self'; "
    "form-action 'self'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def serve(settings: Settings) -> None:
    """Opens the assistant and serves the chat until Ctrl-C; raises FootnoteError."""
    from assistant.pipeline import open_assistant

    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    assistant = open_assistant(settings)
    try:
        page = launch(assistant, settings.host, settings.port)
        print(f"Footnote is ready: {page.local_url}", flush=True)
        page.block_thread()
    finally:
        assistant.close()


def launch(engine: Engine, host: str = "127.0.0.1", port: int = 0) -> gr.Blocks:
    """Starts the chat and returns at once; `close()` of what is returned ends it.

    Port 0 takes a free one. Raises ConfigError when the address or port cannot be had.
    """
    port = _free_port(host, port)
    page = build(engine)
    middleware = [Middleware(SecurityHeaders)]
    if host in ("127.0.0.1", "localhost", "::1"):
        # A foreign page whose name is made to point here must not read the answers.
        middleware.append(
            Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "[::1]"])
        )
    with NamedTemporaryFile("w", suffix=".svg", delete=False) as icon:
        icon.write(FAVICON)
    atexit.register(Path(icon.name).unlink, missing_ok=True)
    try:
        page.launch(
            server_name=f"[{host}]" if ":" in host else host,
            server_port=port,
            prevent_thread_lock=True,
            quiet=True,
            share=False,
            show_error=False,
            run_history=False,
            enable_monitoring=False,
            ssr_mode=False,
            pwa=False,
            mcp_server=False,
            footer_links=[],
            favicon_path=icon.name,
            max_file_size=1,  # nothing is uploaded, but the route is there
            state_session_capacity=200,
            app_kwargs={"middleware": middleware, "docs_url": None, "redoc_url": None},
            theme=_theme(),
            css=CSS,
            head=HEAD,
            js=PAGE_JS,
        )
    except OSError as error:
        raise _port_error(host, port) from error
    return page


def build(engine: Engine) -> gr.Blocks:
    """The page over `engine`, not yet served."""
    overview = engine.overview()
    line = Line(engine)
    with gr.Blocks(title="Footnote", analytics_enabled=False, fill_width=True) as page:
        chat = gr.State(None)
        with gr.Row(elem_id="top"):
            gr.HTML(_brand(overview), elem_id="brand", apply_default_css=False)
            new = gr.Button("New chat", elem_id="new", size="sm", scale=0)
        with gr.Column(elem_id="welcome") as welcome:
            gr.HTML(_welcome(overview), apply_default_css=False)
            examples = [
                gr.Button(text, elem_classes="example", size="sm")
                for text in engine.examples()[:EXAMPLES_SHOWN]
            ]
        past = gr.HTML("", elem_id="past", apply_default_css=False)
        live = gr.HTML("", elem_id="live", apply_default_css=False)
        news = gr.HTML("", elem_id="news", apply_default_css=False)
        with gr.Column(elem_id="composer"):
            with gr.Row(elem_id="ask-row"):
                box = gr.Textbox(
                    label="Question",
                    show_label=False,
                    placeholder="Ask a question",
                    lines=1,
                    max_lines=6,
                    autofocus=True,
                    elem_id="question",
                    scale=1,
                    container=False,
                )
                ask = gr.Button("Ask", variant="primary", elem_id="ask", scale=0)
                stop = gr.Button("Stop", elem_id="stop", scale=0, visible=False)
            with gr.Accordion("Search in", open=False, elem_id="filters"):
                sources = gr.Dropdown(
                    choices=[(s.title, s.id) for s in overview.sources],
                    multiselect=True,
                    label="Documents (none chosen: all)",
                    visible=bool(overview.sources),
                )
                with gr.Row():
                    since = gr.Textbox(label="Dated since", placeholder="2025-01-31", max_lines=1)
                    until = gr.Textbox(label="Dated until", placeholder="2026-12-31", max_lines=1)

        shown = [chat, past, live, news, welcome, ask, stop]

        def answer(
            text: str, chat: Chat | None, sources: list[str] | None, since: str, until: str
        ) -> Iterator[tuple[Any, ...]]:
            chat = chat or Chat()
            yield from _frames(chat, line, text, sources, since, until)

        filters = [sources, since, until]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        asked = gr.on(
            [box.submit, ask.click],
            answer,
            [box, chat, *filters],
            [box, *shown],
            concurrency_limit=None,
            **quiet,
        )
        asked.then(_put_back, [box, chat], box, queue=False, **quiet)
        for example in examples:
            example.click(
                answer, [example, chat, *filters], [box, *shown], concurrency_limit=None, **quiet
            )
        stop.click(_stop, chat, None, queue=False, **quiet)
        new.click(_clear, chat, shown, queue=False, **quiet)

        def ask_api(question: str) -> dict[str, Any]:
            """Ask one question, without a conversation; returns the checked answer as JSON."""
            try:
                answers = [
                    e.answer for e in line.ask(Question(question), Flag()) if isinstance(e, Done)
                ]
            except FootnoteError as error:
                raise gr.Error(f"{error.message} {error.hint}".strip()) from error
            return to_json(answers[-1])

        api(ask_api, api_name="ask", concurrency_limit=None)
    # The line before the engine is ours and visible; Gradio's is only the backstop behind it.
    page.queue(max_size=4 * LONGEST_LINE, default_concurrency_limit=None)
    assert isinstance(page, gr.Blocks)
    return page


def _frames(
    chat: Chat,
    line: Line,
    text: str,
    sources: list[str] | None,
    since: str,
    until: str,
) -> Iterator[tuple[Any, ...]]:
    """What to send to the page, frame by frame: box, then `shown` of `build`."""
    same = gr.skip()
    if not text.strip():
        gr.Info("Type a question first, then press Enter.")
        yield (same,) * 8
        return
    first = True
    try:
        filters = Filters(tuple(sources or ()), (), _day(since, "since"), _day(until, "until"))
        for _ in chat.ask(line, text, filters):
            if chat.left:
                break
            if first:
                # Only now: what is typed during the answer must stay.
                hidden, shown = gr.update(visible=False), gr.update(visible=True)
                yield "", chat, chat.past, chat.live, "", hidden, hidden, shown
            else:
                yield same, same, same, chat.live, same, same, same, same
            first = False
    except QuestionError as error:
        gr.Warning(f"{error.message} {error.hint}")
        chat.unsent = text
    finally:
        chat.stop.set()
    ask, stop = gr.update(visible=True), gr.update(visible=False)
    if chat.left:
        yield (*(same,) * 6, ask, stop)
    else:
        yield same, chat, same, chat.live, escape(chat.news), same, ask, stop


def _put_back(typed: str, chat: Chat | None) -> Any:
    """A question that got no answer returns to the box, unless something was typed meanwhile."""
    return chat.unsent if chat and chat.unsent and not typed else gr.skip()


def _stop(chat: Chat | None) -> None:
    if chat:
        chat.stop.set()


def _clear(chat: Chat | None) -> tuple[Any, ...]:
    if chat:
        chat.left = True
        chat.stop.set()
    shown, hidden = gr.update(visible=True), gr.update(visible=False)
    return Chat(), "", "", "", shown, shown, hidden


def _day(text: str, name: str) -> date | None:
    if not (text or "").strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise QuestionError(
            f"“{text.strip()[:40]}” is not a date.", f"Write “{name}” like 2025-01-31."
        ) from error


def _brand(overview: Overview) -> str:
    facts = f"{overview.documents:,} documents · {overview.passages:,} passages"
    model = escape(overview.model) if overview.model else "no language model"
    return f"<h1>Footnote<sup aria-hidden='true'>1</sup></h1><p>{facts} · {model}</p>"


def _welcome(overview: Overview) -> str:
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in overview.notes)
    return (
        "<h2>Ask the documents.</h2><p>Every sentence of an answer is footnoted to the place it "
        "comes from, and every figure is checked against that place. What the documents do not "
        f"say, Footnote does not say either.</p>{notes}"
    )


def _theme() -> gr.themes.Base:
    # Fonts that come with Gradio and are served from here; its semi-bold files lack Latin letters.
    sans: list[Font | str] = [LocalFont("IBM Plex Sans", (400, 700)), "system-ui", "sans-serif"]
    mono: list[Font | str] = [LocalFont("IBM Plex Mono", (400, 700)), "ui-monospace", "monospace"]
    return gr.themes.Base(font=sans, font_mono=mono)


def _free_port(host: str, port: int) -> int:
    """A port that can be bound now; Gradio itself only tries 127.0.0.1 and does not know 0."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise _port_error(host, port) from error
        return int(probe.getsockname()[1])


def _port_error(host: str, port: int) -> ConfigError:
    return ConfigError(
        f"cannot listen on {host}, port {port}",
        "something else may use it: set FOOTNOTE_PORT to another port, or to 0 for a free one",
    )


class SecurityHeaders:
    """Adds SECURITY_HEADERS to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message.setdefault("headers", []).extend(
                    (name.encode(), value.encode()) for name, value in SECURITY_HEADERS.items()
                )
            await send(message)

        await self.app(scope, receive, send_with_headers)
