"""Takes docs/screenshot.png from a running chat: `footnote serve`, then

python docs/screenshot.py [--url http://127.0.0.1:7860] [--out docs/screenshot.png]
"""

from __future__ import annotations

import argparse

from playwright.sync_api import sync_playwright

QUESTION = "How much will Xiaomi invest in R&D over the next five years?"
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]


def main() -> None:
    """Asks one question in a headless Chromium, follows its first footnote and photographs it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:7860")
    parser.add_argument("--out", default="docs/screenshot.png")
    parser.add_argument("--question", default=QUESTION)
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=760)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=FLAGS)
        page = browser.new_page(
            viewport={"width": options.width, "height": options.height},
            color_scheme="dark" if options.dark else "light",
        )
        page.goto(options.url)
        page.locator("#question textarea").fill(options.question)
        page.locator("#question textarea").press("Enter")
        page.locator("#live .badge").wait_for(timeout=120_000)
        reference = page.locator("#live .ref a").first
        if reference.count():
            reference.click()
        page.wait_for_timeout(800)
        page.screenshot(path=options.out)
        browser.close()


if __name__ == "__main__":
    main()
