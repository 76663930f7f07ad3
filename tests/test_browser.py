from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant import web
from tests import scripted
from tests.scripted import ScriptedAssistant

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}

CONTRAST_JS = """() => {
  const probe = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = (css) => { probe.clearRect(0, 0, 1, 1); probe.fillStyle = css;
    probe.fillRect(0, 0, 1, 1); return [...probe.getImageData(0, 0, 1, 1).data]; };
  const light = (c) => c.slice(0, 3).map((v) => (v /= 255) <= .04045 ? v / 12.92
    : ((v + .055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = (e) => { for (; e; e = e.parentElement) {
    const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] === 255) return c; }
    return [255, 255, 255, 255]; };
  const words = '.turn *, #top *, #composer button, #welcome *';
  return [...document.querySelectorAll(words)].filter((e) =>
    e.getClientRects().length && parseFloat(getComputedStyle(e).fontSize) > 0 &&
    [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())).map((e) => {
      const ink = light(rgb(getComputedStyle(e).color));
      const [a, b] = [ink, light(behind(e))].sort((x, y) => y - x);
      return [e.className || e.tagName, e.textContent.slice(0, 40), (a + .05) / (b + .05)]; })
    .filter(([, , ratio]) => ratio < 4.5);
}"""


@pytest.fixture(scope="module")
def engine() -> ScriptedAssistant:
    return ScriptedAssistant(pause=0.15)


@pytest.fixture(scope="module")
def url(engine: ScriptedAssistant) -> Iterator[str]:
    page = web.launch(engine)
    yield page.local_url
    page.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


class Visit:
    """A page of the chat that records its requests and what goes wrong in it."""

    def __init__(self, browser: Browser, url: str, **context: object) -> None:
        self.context = browser.new_context(**{"viewport": DESKTOP, **context})
        self.page: Page = self.context.new_page()
        self.hosts: set[str | None] = set()
        self.problems: list[str] = []
        self.page.on("request", lambda r: self.hosts.add(urlsplit(r.url).hostname))
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("dialog", lambda dialog: self.problems.append(dialog.message))
        self.page.goto(url)
        expect(self.box).to_be_visible()

    @property
    def box(self):  # type: ignore[no-untyped-def]
        return self.page.get_by_label("Question", exact=True)

    def ask(self, text: str, wait: bool = True) -> None:
        before = self.page.locator(".turn").count()
        self.box.fill(text)
        self.box.press("Enter")
        expect(self.page.locator(".turn")).to_have_count(before + 1)
        if wait:
            self.settled()

    def settled(self) -> None:
        expect(self.page.locator("#live").locator(".badge, .problem")).to_be_visible(timeout=20_000)
        expect(self.page.locator("#ask")).to_be_visible()


@pytest.fixture
def visit(browser: Browser, url: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    visit = Visit(browser, url, **getattr(request, "param", {}))
    yield visit
    visit.context.close()
    assert visit.problems == []
    assert visit.hosts - {None} <= {"127.0.0.1", "localhost"}


phone = pytest.mark.parametrize(
    "visit", [{"viewport": PHONE, "has_touch": True, "is_mobile": True}], indirect=True
)


# Every text that the page shows while it works, however short a stage is.
WATCH = """() => {
  window.seen = [];
  new MutationObserver(() => {
    const text = [...document.querySelectorAll('.stage, .draft')].map(e => e.textContent).join('\\n');
    if (text && window.seen.at(-1) !== text) window.seen.push(text);
  }).observe(document.body, {childList: true, subtree: true, characterData: true});
}"""


def test_ask_read_the_draft_then_follow_the_footnote_to_the_marked_sentence(visit: Visit) -> None:
    page = visit.page
    page.evaluate(WATCH)
    visit.ask(scripted.RD_QUESTION)
    seen = "\n".join(page.evaluate("window.seen"))
    stages = [
        r"Searching 20 documents… *\d+ s", "Reading 1 passage…", "Draft, being checked", "Xiaomi plans"
    ]  # fmt: skip
    assert re.search(".*".join(stages), seen, re.DOTALL), seen
    expect(page.locator(".draft")).to_have_count(0)
    expect(page.locator(".badge")).to_have_text("Answered from the documents")
    expect(page.locator(".checks")).to_contain_text("2 figures checked")
    page.locator(".text .ref a").click()
    card = page.locator(".card:target")
    expect(card).to_have_attribute("id", "m1-s1")
    expect(card).to_be_in_viewport(ratio=0.9)
    assert card.locator("mark").text_content() == scripted.QUOTE
    expect(card).to_contain_text("2026-01-09")
    page.locator(".card .back").click()
    expect(page.locator(".ref:target")).to_have_attribute("id", "m1-r1")
    expect(page.locator(".ref:target")).to_be_in_viewport()
    assert page.title() == "Footnote"


def test_a_follow_up_keeps_the_first_answer_and_scrolls_to_the_second(
    visit: Visit, engine: ScriptedAssistant
) -> None:
    visit.ask("How much R&D?")
    visit.ask("And in December?")
    assert [turn.answer for turn in engine.questions[-1].history] == [scripted.RD_ANSWER]
    expect(visit.page.locator("#m2 .asked")).to_be_in_viewport()
    expect(visit.page.locator("#m2 .rewritten")).to_contain_text("Asked as: How many vehicles")
    expect(visit.page.locator("#m2 tr.cited")).to_have_text("December50,212+61%")
    visit.page.locator("#m1 .text .ref a").click()
    expect(visit.page.locator(".card:target")).to_have_attribute("id", "m1-s1")
    expect(visit.page.locator(".card:target")).to_be_in_viewport()


def test_stop_in_the_middle_frees_the_engine_and_keeps_the_conversation(
    visit: Visit, engine: ScriptedAssistant
) -> None:
    visit.ask("slow R&D", wait=False)
    expect(visit.page.locator(".draft")).to_contain_text("Xiaomi")
    visit.page.locator("#stop").click()
    expect(visit.page.locator(".badge")).to_have_text("Stopped", timeout=2_000)
    expect(visit.page.locator("#stop")).to_be_hidden()
    visit.ask("December")
    expect(visit.page.locator("#live .badge")).to_have_text("Only partly in the documents")
    assert engine.active == 0


def test_an_example_is_asked_by_its_button(visit: Visit) -> None:
    visit.page.get_by_role("button", name="gross margin").click()
    visit.settled()
    expect(visit.page.locator(".badge")).to_have_text("Not in the documents")
    expect(visit.page.locator(".beside")).to_contain_text("they do not answer the question")
    expect(visit.page.locator("#welcome")).to_be_hidden()


def test_new_chat_starts_over(visit: Visit, engine: ScriptedAssistant) -> None:
    visit.ask("R&D")
    visit.page.get_by_role("button", name="New chat").click()
    expect(visit.page.locator(".turn")).to_have_count(0)
    expect(visit.page.locator("#welcome")).to_be_visible()
    visit.ask("December")
    assert engine.questions[-1].history == ()


def test_new_chat_in_the_middle_of_an_answer_stays_empty(
    visit: Visit, engine: ScriptedAssistant
) -> None:
    visit.ask("slow R&D", wait=False)
    expect(visit.page.locator(".draft")).to_contain_text("Xiaomi")
    visit.page.get_by_role("button", name="New chat").click()
    expect(visit.page.locator(".turn")).to_have_count(0)
    visit.page.wait_for_timeout(600)
    assert visit.page.locator(".turn").count() == 0
    assert engine.active == 0
    visit.ask("December")
    assert engine.questions[-1].history == ()


def test_an_empty_question_changes_nothing(visit: Visit) -> None:
    visit.ask("R&D")
    visit.box.fill("   ")
    visit.box.press("Enter")
    expect(visit.page.get_by_text("Type a question first")).to_be_visible()
    expect(visit.page.locator(".turn")).to_have_count(1)
    expect(visit.page.locator("#ask")).to_be_visible()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("long " * 20_000, "The question is too long."),
        ("no index", "Run `footnote sync`."),
        ("crash", "Internal error, see log"),
    ],
)
def test_an_error_is_told_in_the_conversation_and_the_question_kept(
    visit: Visit, text: str, message: str
) -> None:
    visit.ask(text)
    expect(visit.page.locator("#live .problem")).to_contain_text(message)
    expect(visit.box).to_have_value(text)
    visit.ask("R&D")
    expect(visit.page.locator("#live .badge")).to_have_text("Answered from the documents")
    expect(visit.box).to_have_value("")


def test_text_typed_during_an_answer_stays(visit: Visit) -> None:
    visit.ask("R&D", wait=False)
    expect(visit.box).to_have_value("")
    visit.box.fill("my next question")
    visit.settled()
    expect(visit.box).to_have_value("my next question")


def test_shift_enter_makes_a_new_line(visit: Visit) -> None:
    visit.box.fill("one")
    visit.box.press("Shift+Enter")
    visit.box.press_sequentially("two")
    expect(visit.box).to_have_value("one\ntwo")
    expect(visit.page.locator(".turn")).to_have_count(0)


def test_a_chosen_document_and_date_reach_the_engine(
    visit: Visit, engine: ScriptedAssistant
) -> None:
    page = visit.page
    page.get_by_role("button", name="Search in").click()
    page.get_by_label("Documents").click()
    page.get_by_role("option", name="Deliveries, 2025").click()
    page.keyboard.press("Escape")
    page.get_by_label("Dated since").fill("2025-02-30")
    visit.box.fill("December")
    visit.box.press("Enter")
    expect(page.get_by_text("is not a date")).to_be_visible()
    expect(visit.box).to_have_value("December")
    page.get_by_label("Dated since").fill("2025-02-28")
    visit.ask("December")
    filters = engine.questions[-1].filters
    assert filters.sources == ("deliveries-2025.md",)
    assert str(filters.since) == "2025-02-28"


def test_hostile_text_makes_no_request_no_script_and_no_element(visit: Visit) -> None:
    visit.ask(scripted.HOSTILE + " hostile")
    page = visit.page
    expect(page.locator("#live .card")).to_have_count(2)
    assert page.locator(".turn").locator("img, script, iframe, object, svg").count() == 0
    assert page.evaluate("window.hacked") is None
    links = page.locator(".turn a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert set(links) <= {"#m1-s1", "#m1-r1"}
    shown = page.locator(".card mark").first.text_content()
    assert shown == scripted.HOSTILE.replace("\u202e", "\ufffd")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_answer_can_be_copied(browser: Browser, url: str) -> None:
    visit = Visit(browser, url, permissions=["clipboard-read", "clipboard-write"])
    visit.ask("R&D")
    visit.page.get_by_role("button", name="Copy").click()
    expect(visit.page.locator(".copy")).to_have_text("Copied")
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(scripted.RD_ANSWER)
    assert "xiaomi-200-billion-article.md" in copied
    visit.context.close()


@pytest.mark.parametrize(
    "visit", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True
)
def test_light_and_dark_are_followed_with_readable_contrast(visit: Visit) -> None:
    page = visit.page
    assert page.evaluate(CONTRAST_JS) == []
    for question in ("R&D", "December", "disagree", "times", "margin"):
        visit.ask(question)
    page.locator("#m1 .text .ref a").click()
    page.wait_for_timeout(300)
    assert page.evaluate(CONTRAST_JS) == []
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    paper = page.evaluate(
        "getComputedStyle(document.querySelector('.gradio-container')).background"
    )
    assert ("rgb(20, 24, 22)" in paper) is dark


@phone
def test_a_phone_shows_sources_below_without_sideways_scrolling(visit: Visit) -> None:
    page = visit.page
    for question in ("R&D", "December", "disagree", "times"):
        visit.ask(question)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    reply, beside = page.locator("#m1 .reply"), page.locator("#m1 .beside")
    above, below = reply.bounding_box(), beside.bounding_box()
    assert above is not None
    assert below is not None
    assert below["y"] >= above["y"] + above["height"]
    page.locator("#m4 .text .ref a").first.tap()
    expect(page.locator(".card:target")).to_be_in_viewport()
    small = page.evaluate(
        "[...document.querySelectorAll('button')].filter(b => b.getClientRects().length)"
        ".filter(b => b.getBoundingClientRect().height < 40).map(b => b.outerHTML)"
    )
    assert small == []


def test_the_keyboard_reaches_question_button_and_footnote(visit: Visit) -> None:
    page = visit.page
    expect(visit.box).to_be_focused()
    visit.ask("R&D")
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "(() => { const e = document.activeElement, s = getComputedStyle(e);"
                "return [e.id || e.className || e.tagName, e.getAttribute('href'),"
                "s.outlineStyle + s.boxShadow] })()"
            )
        )
    assert "ask" in [name for name, _, _ in reached]
    footnote = [outline for _, href, outline in reached if href == "#m1-s1"]
    assert footnote
    assert "solid" in footnote[0]


def test_a_screen_reader_hears_the_answer_once(visit: Visit) -> None:
    visit.ask("R&D")
    expect(visit.page.get_by_role("status").and_(visit.page.locator("#news"))).to_contain_text(
        f"Answered from the documents. {scripted.RD_ANSWER}"
    )
    expect(visit.page.locator(".text .ref a")).to_have_attribute("aria-label", "Source 1")
