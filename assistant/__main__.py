"""The command line. Answers go to standard output, everything else to standard error.

Commands import what they need when they run, so that --help is instant.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.errors import ConfigError, FootnoteError

if TYPE_CHECKING:
    from assistant.pipeline import Assistant
    from assistant.settings import Settings
    from assistant.types import Filters, SyncProgress, SyncReport

app = typer.Typer(
    name="footnote",
    help="Cited, checked answers from a folder of documents.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Sources = Annotated[
    list[str] | None,
    typer.Option("--source", help="Only this document (or folder, ending in /); repeatable."),
]
Kinds = Annotated[list[str] | None, typer.Option("--kind", help="Only documents of this kind.")]
Since = Annotated[str | None, typer.Option(help="Only documents dated from YYYY-MM-DD on.")]
Until = Annotated[str | None, typer.Option(help="Only documents dated up to YYYY-MM-DD.")]


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question.")],
    after: Annotated[
        list[str] | None, typer.Option("--after", help="An earlier question; repeatable.")
    ] = None,
    source: Sources = None,
    kind: Kinds = None,
    since: Since = None,
    until: Until = None,
    as_json: Json = False,
) -> None:
    """Answer a question, with footnotes."""
    from assistant.render import terminal, terminal_sources, to_json
    from assistant.types import Done, Found, Question, Rewritten, Searching, Turn

    filters = _filters(source, kind, since, until)
    history = tuple(Turn(text) for text in after or ())
    with _assistant() as assistant:
        for event in assistant.ask(Question(question, history, filters)):
            match event:
                case Rewritten(asked):
                    _say(f"Asked as: {asked}")
                case Searching():
                    _say("Searching…")
                case Found(hits):
                    _say(f"Reading {len(hits)} passages…")
                case Done(answer):
                    if as_json:
                        print(json.dumps(to_json(answer), ensure_ascii=False, indent=2))
                    else:
                        print(terminal(answer))
                        _say(terminal_sources(answer))


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words or a question.")],
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages.")] = 8,
    source: Sources = None,
    kind: Kinds = None,
    since: Since = None,
    until: Until = None,
    as_json: Json = False,
) -> None:
    """Show the passages that fit best, without a language model."""
    filters = _filters(source, kind, since, until)
    with _assistant() as assistant:
        hits = assistant.search(query, filters, k)
    if as_json:
        rows = [
            {
                "doc": hit.passage.source.id,
                "title": hit.passage.source.title,
                "page": hit.passage.page,
                "start": hit.passage.span.start,
                "end": hit.passage.span.end,
                "score": round(hit.score, 4),
                "text": hit.passage.text,
            }
            for hit in hits
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for number, hit in enumerate(hits, start=1):
        page = f", page {hit.passage.page}" if hit.passage.page else ""
        path = " > ".join(hit.passage.headings)
        print(f"{number}. {hit.passage.source.id}{page}  {path}  (score {hit.score:.2f})")
        print("   " + " ".join(hit.passage.text.split()) + "\n")


@app.command()
def sync(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Index everything anew.")] = False,
    as_json: Json = False,
) -> None:
    """Bring the index up to date with the corpus folder."""
    with _assistant() as assistant, _progress_bar() as show:
        report = assistant.sync(rebuild=rebuild, on_progress=show)
    if as_json:
        from dataclasses import asdict

        print(json.dumps(asdict(report), ensure_ascii=False, indent=2))
    else:
        print(_report_in_words(report))
    if report.failed and not report.passages:
        raise typer.Exit(1)


@app.command()
def docs(as_json: Json = False) -> None:
    """List the indexed documents."""
    from assistant.index import open_index

    settings = load_settings()
    with open_index(settings.index) as index:
        sources = sorted(index.sources, key=lambda source: source.id)
    if as_json:
        rows = [
            {
                "id": s.id,
                "title": s.title,
                "kind": s.kind,
                "as_of": s.as_of.isoformat() if s.as_of else None,
                "url": s.url,
            }
            for s in sources
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    width = max((len(source.id) for source in sources), default=0)
    for source in sources:
        print(f"{source.id:<{width}}  {source.as_of or '—':<10}  {source.kind}: {source.title}")
    _say(f"{len(sources)} documents")


@app.command()
def models(
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Fetch and verify what is missing.")
    ] = False,
    full: Annotated[bool, typer.Option("--verify", help="Hash every file again.")] = False,
) -> None:
    """Show the models; fetch and verify them."""
    from assistant import models as library

    settings = load_settings()
    for model in library.MODELS:
        if full:
            library.verify(model, settings.cache, full=True)
        if fetch and library.status(model, settings.cache) is not library.ModelStatus.READY:
            with _byte_bar(model.name, model.size) as show:
                library.fetch(
                    model, settings.cache, base_url=settings.hub_url or None, progress=show
                )
    states = library.overview(settings.cache)
    for state in states:
        print(
            f"{state.role:<15} {state.name}  {state.size / 1e6:,.0f} MB  "
            f"{state.licence}  {state.status.value}  {state.path}"
        )
    if any(state.status is not library.ModelStatus.READY for state in states):
        _say(f"→ {library.FETCH_HINT}")
        raise typer.Exit(1 if full else 0)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to bind to.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes a free one.")] = None,
) -> None:
    """Open the web chat."""
    from assistant.web import serve as serve_chat

    serve_chat(load_settings(host=host, port=port))


@app.command()
def check() -> None:
    """Versions, models, index and settings: the first thing to paste in a bug report."""
    from assistant.health import lines

    broken = False
    for ok, line in lines(load_settings()):
        broken |= not ok
        print(line)
    if broken:
        raise typer.Exit(1)


@app.command("eval")
def evaluate(
    suite: Annotated[Path, typer.Argument(help="Folder with questions.jsonl.")],
    out: Annotated[Path | None, typer.Option(help="Folder for the report.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N questions.")] = None,
    only: Annotated[str | None, typer.Option(help="Only questions of this type.")] = None,
    no_model: Annotated[bool, typer.Option("--no-model", help="Quote only.")] = False,
    compare: Annotated[Path | None, typer.Option(help="An earlier report.json.")] = None,
    gate: Annotated[bool, typer.Option("--gate", help="Exit 1 when a gate is missed.")] = False,
    judge: Annotated[
        str, typer.Option(help="Address of a model that judges free text, ending in /v1.")
    ] = "",
    judge_name: Annotated[str, typer.Option(help="The judge's model name.")] = "",
    judge_key: Annotated[
        str, typer.Option(envvar="EVAL_JUDGE_KEY", help="Its key.", show_default=False)
    ] = "",
) -> None:
    """Run an evaluation suite."""
    from evals.run import run_command

    settings = load_settings()
    judging = None
    if judge:
        from assistant.llm import endpoint

        judging = endpoint(
            judge,
            judge_name or "default",
            judge_key,
            context_tokens=settings.llm_context_tokens,
            timeout_seconds=settings.llm_timeout_seconds,
        )
    code = run_command(
        suite,
        settings=settings,
        out=out,
        limit=limit,
        only=only,
        no_model=no_model,
        compare=compare,
        gate=gate,
        judge=judging,
    )
    raise typer.Exit(code)


# ---------------------------------------------------------------- helpers of the commands


def load_settings(**given: Any) -> Settings:
    """The settings; their library takes as long to import as all the rest of `--help`."""
    from assistant.settings import load_settings as load

    return load(**given)


def _say(text: str) -> None:
    if text:
        print(text, file=sys.stderr, flush=True)


@contextmanager
def _assistant() -> Iterator[Assistant]:
    from assistant.pipeline import open_assistant

    assistant = open_assistant(load_settings())
    try:
        yield assistant
    finally:
        assistant.close()


def _filters(
    source: list[str] | None, kind: list[str] | None, since: str | None, until: str | None
) -> Filters:
    from assistant.types import Filters

    return Filters(tuple(source or ()), tuple(kind or ()), _day(since), _day(until))


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise ConfigError(f"{text!r} is not a date", "write it as YYYY-MM-DD") from error


@contextmanager
def _progress_bar() -> Iterator[Callable[[SyncProgress], None]]:
    """A bar with rate and time left on standard error, while passages are embedded."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, rate="")

        def show(progress: SyncProgress) -> None:
            speed = bar.tasks[0].speed
            rate = f"{speed:,.0f} {progress.unit}/s" if speed and progress.unit else ""
            bar.update(
                task,
                description=progress.name,
                completed=progress.done,
                total=progress.total or None,
                rate=rate,
            )

        yield show


@contextmanager
def _byte_bar(name: str, size: int) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(f"Fetching {name}", total=size)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield show


def _report_in_words(report: SyncReport) -> str:
    lines = []
    if report.rebuilt:
        lines.append(f"Rebuilt: {report.rebuilt}.")
    counts = {
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
        "unchanged": report.unchanged,
    }
    said = ", ".join(f"{len(ids)} {word}" for word, ids in counts.items() if ids)
    lines.append(
        f"{said or 'No documents'}; {report.passages:,} passages, {report.embedded:,} embedded, "
        f"{report.seconds:.1f} s."
    )
    for word in ("added", "changed", "removed"):
        if 0 < len(counts[word]) <= 10:
            lines += [f"  {word}: {source_id}" for source_id in counts[word]]
    lines += [f"  failed: {f.source_id}: {f.error} ({f.hint})" for f in report.failed]
    lines += [f"  skipped: {s.source_id}: {s.reason}" for s in report.skipped]
    return "\n".join(lines)


def main() -> None:
    """Entry point: one line and a hint for every error meant for the user."""
    try:
        app()
    except FootnoteError as error:
        print(f"footnote: {error.message}", file=sys.stderr)
        if error.hint:
            print(f"  → {error.hint}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("footnote: stopped", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
