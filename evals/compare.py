"""Two runs side by side: `python -m evals.compare RUN RUN`, or `SUITE --peer` against the peer.

A run is a report.json or its folder. Says which questions flipped, in which direction, and whether
the difference could be chance (McNemar's exact test).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.errors import ConfigError, FootnoteError
from assistant.settings import Settings, load_settings
from evals.metrics import mcnemar, score
from evals.predictions import predict
from evals.report import SHARES, percent, write_reports
from evals.run import (
    describe,
    progress_bar,
    read_report,
    selected,
    suite_settings,
    sync_progress,
)
from evals.suite import load_suite

DEFAULT_SUITE = Path(__file__).parent / "suites" / "investor"
CHANCE = 0.05


def flips(before: dict[str, Any], after: dict[str, Any]) -> tuple[list[str], list[str], int]:
    """Ids that became right, ids that became not right, and how many both runs asked."""
    old = {q["id"]: q["verdict"] == "right" for q in before["questions"]}
    new = {q["id"]: q["verdict"] == "right" for q in after["questions"]}
    both = [i for i in new if i in old]
    gained = [i for i in both if new[i] and not old[i]]
    lost = [i for i in both if old[i] and not new[i]]
    return gained, lost, len(both)


def comparison_text(before: dict[str, Any], after: dict[str, Any]) -> str:
    """What got better and what got worse, for people."""
    gained, lost, both = flips(before, after)
    lines = [f"{both} questions in both runs: {len(gained)} became right, {len(lost)} became not."]
    if before["run"].get("suite_sha256") != after["run"].get("suite_sha256"):
        lines.append("The suite itself differs between the runs (questions or documents).")
    if gained or lost:
        p = mcnemar(len(gained), len(lost))
        could = "could well be chance" if p > CHANCE else "is hardly chance"
        lines.append(f"The difference {could} (McNemar, p = {p:.3f}).")
    old = {q["id"]: q for q in before["questions"]}
    new = {q["id"]: q for q in after["questions"]}
    for sign, ids in (("+", gained), ("-", lost)):
        for i in ids:
            lines.append(
                f"{sign} {i}: {old[i]['verdict']} → {new[i]['verdict']}"
                + (f" (at {new[i]['stage']})" if new[i]["stage"] else "")
                + f"  {new[i]['question']}"
            )
    return "\n".join(lines)


def side_by_side(names: tuple[str, str], one: dict[str, Any], two: dict[str, Any]) -> str:
    """The figures of two reports in two columns."""
    lines = [f"{'':<32}{names[0]:<28}{names[1]}"]
    left, right = one["all"], two["all"]
    for key, label in SHARES:
        if left[key]["total"] or right[key]["total"]:
            lines.append(f"{label:<32}{percent(left[key]):<28}{percent(right[key])}")
    for key, label in (("right_minus_wrong", "Right minus wrong, all"), ("mrr", "MRR")):
        lines.append(f"{label:<32}{_number(left[key]):<28}{_number(right[key])}")
    times = [report["all"]["seconds"].get("total", {}).get("median") for report in (one, two)]
    lines.append(f"{'Seconds, median':<32}{times[0]!s:<28}{times[1]}")
    return "\n".join(lines)


def against_peer(
    folder: Path,
    settings: Settings,
    *,
    out: Path | None = None,
    limit: int | None = None,
    only: str | None = None,
) -> str:
    """Run the assistant and the peer on a suite (both resume); the two side by side."""
    from assistant.pipeline import open_assistant
    from evals.peers import llamaindex_citation as peer

    suite = load_suite(folder)
    items = selected(suite, only, limit)
    out = out or Path("evals/out") / suite.name
    # The peer reads two thousand tokens a question: the usual time-out is not meant for that.
    own = suite_settings(suite, settings)
    with open_assistant(own) as ours, progress_bar() as show:
        described = describe(suite, own, ours, ours.sync(on_progress=sync_progress(show)))
        rows = predict(ours, items, out, described, show)
    slow = own.model_copy(update={"llm_timeout_seconds": max(600.0, own.llm_timeout_seconds)})
    with open_assistant(slow) as models, progress_bar() as show:
        if models.model is None:
            raise ConfigError("the peer needs a language model", "do not set llm = none")
        peer_described = {
            **{k: described[k] for k in ("suite", "suite_sha256", "model", "passages")},
            "peer": peer.NAME,
            "fingerprint": peer.fingerprint(suite.sha256, described["model"]),
        }
        peer_out = out.with_name(out.name + "-peer")
        peer_rows = peer.predict_peer(models, items, peer_out, peer_described, show)
    partial = len(items) < len(suite.items)
    scored = [score(item, rows[item.id]) for item in items]
    # The peer's rows know nothing of reading; both read the same texts.
    peer_scored = [
        score(item, {**peer_rows[item.id], "readable": rows[item.id].get("readable")})
        for item in items
    ]
    write_reports(out, suite.name, scored, described, partial=partial)
    write_reports(peer_out, f"{suite.name}-peer", peer_scored, peer_described, partial=partial)
    one, two = read_report(out), read_report(peer_out)
    return (
        f"{suite.name}, {len(items)} questions\n"
        + side_by_side(("footnote", peer.NAME), one, two)
        + "\n\nFrom the peer to Footnote: "
        + comparison_text(two, one)
    )


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def compare(
    first: Annotated[Path, typer.Argument(help="A run, or a suite.")] = DEFAULT_SUITE,
    second: Annotated[Path | None, typer.Argument(help="The later run.")] = None,
    peer: Annotated[bool, typer.Option("--peer", help="Run the suite against the peer.")] = False,
    out: Annotated[Path | None, typer.Option(help="Folder for the reports.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N questions.")] = None,
    only: Annotated[str | None, typer.Option(help="Only questions of this type.")] = None,
) -> None:
    """Compare two runs, or the assistant with its peer on a suite."""
    if second is None:
        if not peer and (first / "report.json").is_file():
            raise ConfigError("one run alone cannot be compared", "give two runs, or SUITE --peer")
        print(against_peer(first, load_settings(), out=out, limit=limit, only=only))
        return
    one, two = read_report(first), read_report(second)
    print(side_by_side((str(first), str(second)), one, two) + "\n\n" + comparison_text(one, two))


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def main() -> None:
    """Entry point: one line and a hint for every error meant for the user."""
    try:
        app()
    except FootnoteError as error:
        print(f"compare: {error.message}\n  → {error.hint}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
