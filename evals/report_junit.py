"""junit.xml for CI: one test case a question, and one a missed gate."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any


def junit(report: dict[str, Any]) -> str:
    """A failing question is a skipped case with its reason: only a missed gate fails the build."""
    missed = report.get("gates_missed", [])
    questions = report["questions"]
    suite = ET.Element(
        "testsuite",
        name=_clean(report["suite"]),
        tests=str(len(questions) + len(missed)),
        failures=str(len(missed)),
        skipped=str(sum(q["verdict"] != "right" for q in questions)),
        time=f"{sum(q['seconds'] or 0 for q in questions):.3f}",
    )
    for line in missed:
        case = ET.SubElement(suite, "testcase", classname=_clean(report["suite"]), name="gate")
        ET.SubElement(case, "failure", message=_clean(line))
    for q in questions:
        name = f"{report['suite']}.{q['types'][0]}"
        case = ET.SubElement(
            suite, "testcase", classname=_clean(name), name=_clean(q["id"]),
            time=f"{q['seconds'] or 0:.3f}",
        )  # fmt: skip
        if q["verdict"] != "right":
            said = f"{q['verdict']} at {q['stage']}: {q['why']}"
            ET.SubElement(case, "skipped", message=_clean(said))
            ET.SubElement(case, "system-out").text = _clean(
                f"question: {q['question']}\nexpected: {' / '.join(q['expected'])}\n"
                f"answer: {q['answer']}"
            )
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(suite, encoding="unicode")


def _clean(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(c for c in str(text) if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff"))
