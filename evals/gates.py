"""Gates: what a suite must reach, from gates.toml; each missed one is a line a person can read."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from assistant.errors import ConfigError

FILE = Path(__file__).parent / "gates.toml"


def load_gates(path: Path = FILE) -> dict[str, Any]:
    """suite → type (or "all") → metric → {at_least | at_most: number}."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}", "correct the file") from error


def missed_gates(gates: dict[str, Any], suite: str, report: dict[str, Any]) -> list[str]:
    """A line for each gate of the suite that the report misses.

    A type without a question, or a metric with nothing to count, misses its gate too: a gate must
    not pass because its questions are gone. Reports of a part of a suite are held to the gates of
    the types they have.
    """
    missed = []
    for name, wanted in gates.get(suite, {}).items():
        found = report["all"] if name == "all" else report["types"].get(name)
        for metric, limits in wanted.items():
            if not isinstance(limits, dict) or not set(limits) <= {"at_least", "at_most"}:
                raise ConfigError(
                    f"gates.toml: [{suite}.{name}] {metric} is not a gate",
                    "write { at_least = 0.9 } or { at_most = 0 }",
                )
            if found is None:
                if not report["partial"]:
                    missed.append(f"{suite}, {name}: there is no question of this type")
                continue
            value, shown = _value(found, metric)
            if value is None:
                if not report["partial"]:
                    missed.append(f"{suite}, {name}: {metric} has nothing to count")
                continue
            if value < limits.get("at_least", value):
                missed.append(f"{suite}, {name}: {metric} is {shown}, at least "
                              f"{_shown(limits['at_least'])} is needed")  # fmt: skip
            if value > limits.get("at_most", value):
                missed.append(f"{suite}, {name}: {metric} is {shown}, at most "
                              f"{_shown(limits['at_most'])} is allowed")  # fmt: skip
    return missed


def _value(found: dict[str, Any], metric: str) -> tuple[float | None, str]:
    """A metric by its dotted name ("right", "recall.5", "seconds.total.median")."""
    value: Any = found
    for part in metric.split("."):
        if not isinstance(value, dict) or part not in value:
            raise ConfigError(f"gates.toml: there is no metric {metric!r}", "see report.json")
        value = value[part]
    if isinstance(value, dict):
        count = f"{value['count']} of {value['total']}"
        share = value["share"]
        return share, "-" if share is None else f"{_shown(share)} ({count})"
    return value, str(value)


def _shown(value: float) -> str:
    return f"{value:.1%}" if isinstance(value, float) and 0 < value <= 1 else str(value)
