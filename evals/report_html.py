"""The report as one HTML file: no script, no outside resource, every text escaped."""

from __future__ import annotations

from html import escape
from typing import Any

from evals.report import SHARES, percent

CSS = """
:root{color-scheme:light dark;--bg:#fbfbfa;--fg:#1d2125;--dim:#626a73;--line:#dfe1e4;--card:#fff;
--right:#2e7d4f;--wrong:#c0392b;--declined:#b3b8bf}
@media(prefers-color-scheme:dark){:root{--bg:#15181b;--fg:#e6e8ea;--dim:#9aa3ad;--line:#31363c;
--card:#1d2125;--right:#4caf7a;--wrong:#e57368;--declined:#5d656e}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:62rem;padding:2rem 1.25rem 4rem;background:var(--bg);color:var(--fg);
font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.6rem;margin:0}h2{font-size:1.15rem;margin:2.5rem 0 .75rem}
.dim{color:var(--dim);font-size:.875rem}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.75rem;
margin-top:1.25rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.75rem 1rem}
.card b{display:block;font-size:1.5rem;font-variant-numeric:tabular-nums}
.missed{border-left:4px solid var(--wrong);padding:.5rem 1rem;background:var(--card);
margin:1rem 0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line)}
th{color:var(--dim);font-weight:500}
details{background:var(--card);border:1px solid var(--line);border-radius:8px;margin:.5rem 0}
summary{cursor:pointer;padding:.6rem 1rem}
details>div{padding:0 1rem 1rem}
dl{display:grid;grid-template-columns:7rem 1fr;gap:.4rem 1rem;margin:0}
dt{color:var(--dim)}dd{margin:0;min-width:0;overflow-wrap:anywhere;white-space:pre-wrap}
@media(max-width:34rem){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}}
.tag{display:inline-block;border-radius:4px;padding:0 .45rem;font-size:.8rem;color:#fff;
margin-right:.5rem}
.wrong{background:var(--wrong)}.declined{background:#6b737c}.stage{color:var(--dim);
font-size:.8rem;margin-left:.5rem}
svg{width:100%;height:auto;display:block}svg text{fill:var(--fg);font:13px system-ui,sans-serif}
svg .n{fill:var(--dim);font-size:12px}pre{white-space:pre-wrap;font-size:.85rem}
.right-fill{fill:var(--right)}.wrong-fill{fill:var(--wrong)}.declined-fill{fill:var(--declined)}
.key span{display:inline-block;width:.75rem;height:.75rem;border-radius:2px;margin:0 .3rem 0 1rem}
"""
STAGES = ("reading", "retrieval", "evidence", "answer", "check")


def page(report: dict[str, Any], flips: str = "") -> str:
    """The whole page."""
    run, whole = report["run"], report["all"]
    name = escape(report["suite"])
    failing = [q for q in report["questions"] if q["verdict"] != "right"]
    part = " · a part of the suite" if report["partial"] else ""
    parts = [
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{name}: evaluation"
        "</title><meta name='viewport' content='width=device-width,initial-scale=1'>"
        f"<style>{CSS}</style></head><body><h1>{name}</h1>",
        f"<p class='dim'>{whole['questions']} questions{part} · {run.get('documents', '?')} "
        f"documents · model {escape(str(run.get('peer') or run.get('model') or 'none'))} · "
        f"run {escape(str(run['fingerprint'])[:12])}</p>",
        _missed(report.get("gates_missed", [])),
        _cards(whole),
        "<h2>By type</h2>",
        chart(report["types"]),
        _types(report["types"]),
        "<h2>Where they failed</h2>",
        _stages(report["failures_by_stage"]),
    ]
    if run.get("unread"):
        rows = "".join(
            f"<li>{escape(k)}: {escape(str(v))}</li>" for k, v in sorted(run["unread"].items())
        )
        parts.append(f"<h2>Documents that could not be read</h2><ul>{rows}</ul>")
    if flips:
        parts.append(f"<h2>Against the earlier run</h2><pre>{escape(flips)}</pre>")
    parts.append(f"<h2>Failing questions ({len(failing)})</h2>")
    parts += [_question(q) for q in failing] or ["<p>None.</p>"]
    return "".join(parts) + "</body></html>\n"


def _missed(lines: list[str]) -> str:
    if not lines:
        return ""
    rows = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<div class='missed'><strong>Gates missed</strong><ul>{rows}</ul></div>"


def _cards(whole: dict[str, Any]) -> str:
    cards = []
    for key, label in SHARES:
        if whole[key]["total"]:
            value = whole[key]
            note = f"{value['count']} of {value['total']} · {percent_range(value)}"
            cards.append((label, _rounded(value["share"]), note))
    recall = whole["recall"]
    if recall["5"] is not None:
        note = f"@1 {recall['1']:.2f} · @10 {recall['10']:.2f} · MRR {whole['mrr']:.2f}"
        cards.append(("Passage recall at 5", f"{recall['5']:.2f}", note))
    if whole["right_minus_wrong"] is not None:
        difference = f"{100 * whole['right_minus_wrong']:+.0f}"
        cards.append(("Right minus wrong", difference, "points, all questions"))
    count = whole["wrong_supported_figures"]
    cards.append(("Wrong, figure shown as supported", str(count), "answers"))
    for key, label in (("first_token", "First words"), ("total", "Whole answer")):
        if key in whole["seconds"]:
            time = whole["seconds"][key]
            cards.append((label, f"{time['median']:.1f} s", f"median · p95 {time['p95']:.1f} s"))
    return (
        "<div class='cards'>"
        + "".join(
            f"<div class='card'><span class='dim'>{escape(label)}</span><b>{escape(value)}</b>"
            f"<span class='dim'>{escape(note)}</span></div>"
            for label, value, note in cards
        )
        + "</div>"
    )


def _rounded(share: float) -> str:
    """Whole percents, but never 100% (or 0%) for what is only nearly so."""
    whole = f"{100 * share:.0f}%"
    return f"{100 * share:.1f}%" if whole in ("100%", "0%") and share not in (0, 1) else whole


def percent_range(value: dict[str, Any]) -> str:
    """The 95% interval for people."""
    return f"95%: {100 * value['low']:.0f} to {100 * value['high']:.0f}"


def chart(types: dict[str, dict[str, Any]]) -> str:
    """Bars of right, wrong and declined by type; an unanswerable question is right if declined."""
    row, left, width = 26, 190, 560
    height = row * len(types) + 4
    bars = []
    for at, (name, one) in enumerate(types.items()):
        y = at * row + 4
        total = one["questions"]
        refused = one["unanswerable_declined"]
        counts = {
            "right": one["right"]["count"] + refused["count"],
            "wrong": one["wrong"]["count"] + refused["total"] - refused["count"],
            "declined": one["declined"]["count"],
        }
        label = name if len(name) <= 26 else name[:25] + "…"
        bars.append(f"<text x='0' y='{y + 14}'>{escape(label)}</text>")
        x = float(left)
        for verdict, count in counts.items():
            size = width * count / total if total else 0.0
            bars.append(
                f"<rect class='{verdict}-fill' x='{x:.1f}' y='{y}' width='{size:.1f}' height='18'>"
                f"<title>{escape(name)}: {count} {verdict}</title></rect>"
            )
            x += size
        bars.append(
            f"<text class='n' x='{left + width + 8}' y='{y + 14}'>"
            f"{counts['right']} of {total}</text>"
        )
    key = "".join(
        f"<span style='background:var(--{verdict})'></span>{verdict}"
        for verdict in ("right", "wrong", "declined")
    )
    return (
        f"<svg viewBox='0 0 {left + width + 80} {height}' role='img' "
        f"aria-label='Right, wrong and declined by type'>{''.join(bars)}</svg>"
        f"<p class='dim key'>{key} (a question that the documents cannot answer is right when "
        "declined)</p>"
    )


def _types(types: dict[str, dict[str, Any]]) -> str:
    keys = ("right", "wrong", "declined", "unanswerable_declined")
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{one['questions']}</td>"
        + "".join(f"<td>{escape(percent(one[key]))}</td>" for key in keys)
        + "</tr>"
        for name, one in types.items()
    )
    return (
        "<div class='scroll'><table><tr><th>type</th><th>questions</th><th>right</th><th>wrong</th>"
        f"<th>declined</th><th>unanswerable declined</th></tr>{rows}</table></div>"
    )


def _stages(table: dict[str, dict[str, int]]) -> str:
    if not table:
        return "<p>Nowhere.</p>"
    head = "".join(f"<th>{stage}</th>" for stage in STAGES)
    rows = "".join(
        f"<tr><td>{escape(name)}</td>"
        + "".join(f"<td>{row.get(stage) or '·'}</td>" for stage in STAGES)
        + "</tr>"
        for name, row in table.items()
    )
    return f"<div class='scroll'><table><tr><th>type</th>{head}</tr>{rows}</table></div>"


def _question(q: dict[str, Any]) -> str:
    expected = " / ".join(q["expected"]) or "(to decline)"
    if q["expected_status"]:
        expected += f"  [{q['expected_status']}]"
    rows = [("Asked as", q["asked"])] if q["asked"] != q["question"] else []
    if q["history"]:
        rows.append(("After", "\n".join(q["history"])))
    rows += [("Expected", expected), ("Answer", f"{q['answer']}  [{q['status']}]")]
    if q["draft"].strip() and q["draft"].strip() not in q["answer"]:
        rows.append(("Draft", q["draft"].strip()))
    rows.append(("Why", q["why"] + (" (approximate)" if q["approximate"] else "")))
    for gold in q["gold"]:
        where = gold["doc"] + (f", page {gold['page']}" if gold["page"] else "")
        found = f"found at rank {gold['rank']}" if gold["rank"] else "not retrieved"
        found += ", reached the model" if gold["reached"] else ", did not reach the model"
        rows.append((f"Evidence ({found})", f"{where}: {_short(gold['text'])}"))
    for cited in q["citations"]:
        where = cited["doc"] + (f", page {cited['page']}" if cited["page"] else "")
        rows.append((f"Cited [{cited['number']}]", f"{where}: {_short(cited['text'])}"))
    if q["unsound_figures"]:
        rows.append(("Unsound", ", ".join(q["unsound_figures"])))
    rows += [("Note", note) for note in q["notes"]]
    body = "".join(f"<dt>{escape(k)}</dt><dd>{escape(str(v))}</dd>" for k, v in rows)
    return (
        f"<details><summary><span class='tag {escape(q['verdict'])}'>{escape(q['verdict'])}</span>"
        f"{escape(q['question'])}<span class='stage'>{escape(q['stage'])} · "
        f"{escape(', '.join(q['types']))} · {escape(q['id'])}</span></summary>"
        f"<div><dl>{body}</dl></div></details>"
    )


def _short(text: str) -> str:
    return text if len(text) <= 700 else text[:699] + "…"
