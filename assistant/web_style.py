"""How the page looks and the few lines of script it needs: scrolling, copying, a live region."""

from __future__ import annotations

FAVICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="#14342b"/>
<text x="8" y="24" font-family="Georgia,serif" font-size="21" fill="#fff">F</text>
<text x="20" y="15" font-family="Georgia,serif" font-size="11" fill="#f0c75e">1</text></svg>"""

HEAD = '<meta name="color-scheme" content="light dark">'

# Gradio redraws #live on each frame, so that the script looks at ids, not at elements.
PAGE_JS = """() => {
  const live = document.getElementById('live');
  const news = document.getElementById('news');
  news?.setAttribute('role', 'status');
  document.documentElement.lang = 'en';
  let shown = '';
  new MutationObserver(() => {
    const turn = live.querySelector('.turn');
    if (!turn || turn.id === shown) return;
    shown = turn.id;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    turn.scrollIntoView({block: 'start', behavior: calm ? 'auto' : 'smooth'});
  }).observe(live, {childList: true, subtree: true});
  document.addEventListener('click', async (event) => {
    const button = event.target.closest?.('button.copy');
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = 'Copied';
    } catch {
      button.textContent = 'Copying is not allowed here';
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 1600);
  });
}"""

CSS = """

:root, .gradio-container {
  --paper: #fbfaf7; --sheet: #ffffff; --ink: #1d2421; --soft: #59625d; --line: #e2dfd6;
  --accent: #17614c; --accent-ink: #ffffff; --mark: #fdeaa7; --mark-ink: #1d2421;
  --good: #17614c; --warn: #8a5300; --bad: #a3261d; --quiet: #f3f1ea; --ring: #17614c;
  --serif: Charter, 'Bitstream Charter', 'Iowan Old Style', Georgia, 'Liberation Serif', serif;
}
.dark, .dark .gradio-container {
  --paper: #141816; --sheet: #1b211e; --ink: #e9ece8; --soft: #a6b0aa; --line: #313a35;
  --accent: #7fd0b3; --accent-ink: #0d1a15; --mark: #5b4a12; --mark-ink: #fff4cf;
  --good: #7fd0b3; --warn: #edbb6b; --bad: #ff9d92; --quiet: #202824; --ring: #7fd0b3;
}
.gradio-container, .dark .gradio-container {
  --body-text-color: var(--ink); --body-text-color-subdued: var(--soft);
  --block-background-fill: transparent; --block-label-text-color: var(--soft);
  --block-title-text-color: var(--soft); --block-info-text-color: var(--soft);
  --background-fill-primary: var(--sheet); --background-fill-secondary: var(--quiet);
  --input-background-fill: var(--sheet); --input-background-fill-focus: var(--sheet);
  --input-background-fill-hover: var(--sheet); --input-border-color: var(--line);
  --input-border-width: 1px; --input-placeholder-color: var(--soft);
  --border-color-primary: var(--line); --input-radius: 8px; --block-border-width: 0px;
}
html { scroll-padding: 20px 0 150px; }
.gradio-container > .main { padding: 0 !important; }
body, gradio-app, .gradio-container { background: var(--paper) !important; }
.gradio-container { color: var(--ink); padding: 0 !important; max-width: none !important; }
.gradio-container main { max-width: 1180px !important; margin: 0 auto !important; width: 100%;
  padding: 22px clamp(16px, 3vw, 28px) 150px !important; min-height: 100vh; }
.gradio-container .column, .gradio-container .row { border: 0; }
main > .wrap > .column, main .column { gap: 14px; }
footer { display: none !important; }
.gradio-container .html-container { padding: 0 !important; }
#past:has(.html-container > :empty), #past:has(.html-container:empty), #live:not(:has(.turn)) {
  display: none; }
#past, #live, #welcome, #brand { overflow: visible; }
.gradio-container .prose, .gradio-container .html-container { color: var(--ink); }
:focus-visible { outline: 2px solid var(--ring) !important; outline-offset: 2px;
  border-radius: 4px; }

/* top */
#top { align-items: flex-end; justify-content: space-between; flex-wrap: nowrap;
  border-bottom: 1px solid var(--line); padding-bottom: 12px; }
#brand { flex: 1; min-width: 0; }
#brand h1 { font-family: var(--serif); font-weight: 600; font-size: 25px; line-height: 1.1;
  letter-spacing: -.01em; margin: 0; color: var(--ink); }
#brand h1 sup { font-size: .5em; color: var(--accent); top: -.75em; margin-left: 1px; }
#brand p { margin: 5px 0 0; font-size: 13px; color: var(--soft); }

/* buttons */
.gradio-container button.lg, .gradio-container button.sm, .gradio-container button.md {
  border-radius: 8px; box-shadow: none; font-weight: 600; }
#new, .example, #stop { background: transparent !important; color: var(--ink) !important;
  border: 1px solid var(--line) !important; }
#new { min-width: 96px; min-height: 38px; font-size: 13px; }
#new:hover, .example:hover, #stop:hover { border-color: var(--accent) !important; }
#ask { background: var(--accent) !important; color: var(--accent-ink) !important; border: 0; }
#ask:hover { filter: brightness(1.08); }
#ask, #stop { min-width: 84px; min-height: 46px; font-size: 15px; }

/* welcome */
#welcome { max-width: 720px; padding: 7vh 0 12px; gap: 8px; }
#welcome h2 { font-family: var(--serif); font-weight: 400; font-size: 38px; line-height: 1.15;
  letter-spacing: -.015em; margin: 0 0 14px;
  color: var(--ink); }
#welcome p { font-size: 16px; line-height: 1.6; color: var(--soft); margin: 0 0 14px;
  max-width: 62ch; }
.example { justify-content: flex-start !important; text-align: left; font-weight: 400 !important;
  min-height: 44px; padding: 8px 14px !important; font-size: 15px !important; width: 100%;
  white-space: normal; line-height: 1.35; }

/* a turn: the answer, and its sources beside it */
.turn { border-bottom: 1px solid var(--line); padding: 24px 0 30px; }
#live .turn { border-bottom: 0; }
#past:has(.turn) ~ #live .turn { min-height: calc(100vh - 200px); }
.turn h2.asked { font-family: var(--serif); font-weight: 400; font-size: 26px; line-height: 1.3;
  letter-spacing: -.01em; margin: 0 0 18px;
  color: var(--ink); max-width: 30em; overflow-wrap: anywhere; }
.columns { display: grid; grid-template-columns: minmax(0, 6fr) minmax(0, 5fr); gap: 44px; }
.reply { font-size: 16px; line-height: 1.6; min-width: 0; overflow-wrap: break-word; }
.reply p { margin: 0 0 10px; color: inherit; font-size: inherit; }
.reply .text { font-size: 18px; line-height: 1.62; margin: 12px 0 20px; }
.reply ul { margin: 0 0 10px; padding-left: 1.2em; list-style: disc; }
.md { font-size: 0; }
.ref { line-height: 0; font-size: .72em; font-weight: 600; white-space: nowrap; margin-left: 1px;
  vertical-align: super; top: 0; }
.ref a { color: var(--accent); text-decoration: none; padding: 5px 3px; border-radius: 4px; }
.ref a:hover { background: var(--mark); color: var(--mark-ink); }
.ref { scroll-margin-top: 30vh; }
.ref:target a { background: var(--mark); color: var(--mark-ink); }
.badge { display: inline-block; font-size: 13px !important; font-weight: 600; line-height: 1;
  padding: 6px 11px; border-radius: 99px; border: 1px solid currentColor; }
.badge.answered { color: var(--good) !important; }
.badge.partial, .badge.conflict { color: var(--warn) !important; }
.badge.not_found, .badge.refused { color: var(--soft) !important; }
.rewritten, .hint, .note { color: var(--soft) !important; font-size: 14px !important; }
.rewritten { font-style: italic; }
.label { font-size: 13px !important; font-weight: 600; color: var(--soft) !important;
  margin: 0 0 6px !important; }
.checks, .calculation { border-left: 2px solid var(--line); padding: 2px 0 2px 14px;
  margin: 0 0 18px;
  font-size: 14px; }
.checks.bad { border-color: var(--bad); }
.checks ul, .calculation ul { list-style: none; padding: 0; margin: 0; }
.checks li { margin: 3px 0; }
.checks li::before { content: '✓'; color: var(--good); margin-right: 8px; font-weight: 600; }
.checks li.computed::before { content: '='; }
.checks li.unsupported { color: var(--bad); }
.checks li.unsupported::before { content: '✕'; color: var(--bad); }
.checks li b { font-weight: 600; }
.checks li span { color: var(--soft); }
.checks li.unsupported span { color: var(--bad); }
.formula { font-family: var(--font-mono); font-size: 15px !important; overflow-wrap: anywhere; }
.foot { display: flex; align-items: center; gap: 12px; color: var(--soft) !important;
  font-size: 13px !important; border-top: 1px solid var(--line); padding-top: 8px; }
.foot span { flex: 1; overflow-wrap: anywhere; }
.copy { color: var(--soft); border: 1px solid var(--line); border-radius: 7px;
  background: transparent;
  padding: 6px 12px; min-height: 34px; font-size: 13px; font-weight: 600; cursor: pointer; }
.copy:hover { color: var(--ink); border-color: var(--accent); }
.stage { color: var(--soft) !important; font-size: 15px !important; }
.stage .seconds { font-variant-numeric: tabular-nums; opacity: .85; }
.pulse { display: inline-block; width: 8px; height: 8px; border-radius: 50%; margin-right: 9px;
  background: var(--accent); }
.draft { color: var(--soft); border-left: 2px dashed var(--line); padding-left: 14px; }
.draft p { font-style: italic; font-size: 17px; }
.draft .label { font-style: normal; }
.problem { border-left: 3px solid var(--bad); padding: 4px 0 4px 14px; }
.problem p { margin: 0 0 4px; }

/* sources */
.side { font-size: 13px !important; font-weight: 600 !important; color: var(--soft) !important;
  margin: 0 0 10px !important; }
.card + .side { margin-top: 22px !important; }
.side + .hint { margin: -6px 0 12px; }
.beside { min-width: 0; }
.turn td:last-child { padding-right: 0; }
.conflict td:last-child { white-space: nowrap; }
.beside .reading { list-style: none; padding: 0; margin: 0; font-size: 14px; color: var(--soft); }
.beside .reading li { padding: 5px 0; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; }
.card { background: var(--sheet); border: 1px solid var(--line); border-radius: 10px;
  padding: 15px 17px 12px; margin: 0 0 14px; scroll-margin-top: 100px; }
.card:focus { outline: none; }
.card:target { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
.card h4 { display: flex; gap: 10px; font-size: 15px; line-height: 1.4; font-weight: 600; margin: 0;
  color: var(--ink); overflow-wrap: anywhere; }
.card .number { flex: none; min-width: 21px; height: 21px; border-radius: 5px; text-align: center;
  font-size: 12px; line-height: 21px; padding: 0 4px; background: var(--quiet);
  color: var(--accent); }
.card:target .number { background: var(--accent); color: var(--accent-ink); }
.card p { margin: 0; color: inherit; }
.card .meta { color: var(--soft); font-size: 13px; margin: 5px 0 0; overflow-wrap: anywhere; }
.card .meta span + span::before { content: ' · '; }
.card blockquote { font-family: var(--serif); font-weight: 400; font-size: 15px;
  line-height: 1.62; margin: 12px 0; padding: 0; border: 0;
  color: var(--soft);
  white-space: pre-line; overflow-wrap: anywhere; font-style: normal; }
.card .context { font-family: var(--serif); font-weight: 400; font-size: 14px; line-height: 1.5;
  color: var(--soft); margin-top: 12px;
  white-space: pre-line; }
.card blockquote + .context, .card .context + blockquote { margin-top: 6px; }
mark { background: var(--mark); color: var(--mark-ink); padding: .08em 0; border-radius: 2px;
  box-decoration-break: clone; -webkit-box-decoration-break: clone; }
mark strong { color: inherit; }
.card .origin { display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: center; font-size: 13px;
  color: var(--soft); border-top: 1px solid var(--line); padding-top: 8px; }
.card code { font-family: var(--font-mono); font-size: 12px; background: none; border: 0;
  padding: 0;
  color: var(--soft); overflow-wrap: anywhere; }
.card .origin a { color: var(--accent); text-decoration: none; padding: 6px 0; }
.card .origin a:hover { text-decoration: underline; }
.card .origin .back { margin-left: auto; }
.scroll { overflow-x: auto; max-width: 100%; margin: 12px 0; }
.turn table { border-collapse: collapse; font-size: 14px; line-height: 1.4; margin: 0; width: 100%;
  font-variant-numeric: tabular-nums; border: 0; }
.turn caption { text-align: left; color: var(--soft); font-size: 13px; padding: 0 0 6px;
  caption-side: top; }
.turn th, .turn td { text-align: left; padding: 7px 12px 7px 0; border: 0;
  border-bottom: 1px solid var(--line);
  vertical-align: top; color: var(--ink); background: transparent; }
.turn th { color: var(--soft); font-weight: 600; font-size: 13px; }
.turn tr.cited td { background: var(--mark); color: var(--mark-ink); padding-left: 6px; }
.turn .excerpt th { padding-left: 6px; }
.turn tr.cited mark { background: none; }
.turn td.value { font-weight: 600; white-space: nowrap; }

/* the question box stays in reach */
#composer { position: fixed; left: 0; right: 0; bottom: 0; z-index: 5; background: var(--paper);
  box-sizing: border-box; width: 100%; max-width: none;
  padding: 12px max(28px, calc((100vw - 1180px) / 2 + 28px)) 12px; gap: 4px;
  border-top: 1px solid var(--line); }
#ask-row { align-items: flex-end; gap: 10px; flex-wrap: nowrap; }
#question { flex: 1; min-width: 0; background: transparent; padding: 0; border: 0; }
#question textarea { background: var(--sheet); border: 1px solid var(--line); border-radius: 9px;
  color: var(--ink);
  font-size: 16px; line-height: 1.45; padding: 11px 14px; box-shadow: none; min-height: 46px; }
#question textarea::placeholder { color: var(--soft); opacity: 1; }
#question textarea:focus { border-color: var(--accent); }
#filters { background: transparent; border: 0; padding: 0; box-shadow: none; }
#filters > .label-wrap, #filters button.label-wrap { width: auto; font-size: 13px;
  color: var(--soft); padding: 4px 0;
  justify-content: flex-start; gap: 8px; }
#news { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  min-height: 0; }

@media (prefers-reduced-motion: no-preference) {
  html { scroll-behavior: smooth; }
  .pulse { animation: pulse 1.2s ease-in-out infinite; }
  @keyframes pulse { 50% { opacity: .25; } }
}
#filters .block, #filters .form { padding: 0; border: 0; background: transparent; }
#filters .form { gap: 14px; }

@media (max-width: 820px) {
  #composer { padding: 10px 16px 8px; }
  .columns { grid-template-columns: minmax(0, 1fr); gap: 22px; }
  .turn h2.asked { font-size: 22px; }
  .reply .text { font-size: 17px; }
  #welcome { padding-top: 3vh; }
  #welcome h2 { font-size: 30px; }
  #top { align-items: center; }
  .ref a { padding: 10px 5px; }
  #ask, #stop { min-width: 68px; }
  #welcome .example { font-size: 15px !important; }
  .card { scroll-margin-top: 20px; }
  .copy { min-height: 44px; }
  .card .origin a { padding: 12px 0; }
  #new, #filters button.label-wrap { min-height: 44px; }
  #filters button.label-wrap { align-items: center; }
  #filters .icon { display: inline-block; line-height: 1; }
}
@media print { #composer, #new, .copy, .back { display: none !important; } }
"""
