"""The elements and strings of an HTML page that a person sees, in order."""

from __future__ import annotations

import re
from collections.abc import Generator

from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString

from assistant.hidden import background, compact, hides, hides_style, white_text

_DROPPED = frozenset(
    "script style noscript template head title iframe object svg canvas audio video button select "
    "option input textarea datalist dialog map ix:header ix:hidden".split()
)


def hidden_selectors(soup: BeautifulSoup) -> frozenset[str]:
    """The plain `.class` and `#id` selectors that the page's own style sheets hide."""
    names: set[str] = set()
    for sheet in soup.find_all("style"):
        css = re.sub(r"/\*.*?\*/", "", sheet.get_text(), flags=re.S)
        css = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", css)
        for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
            if hides_style(compact(body)):
                each = [selector.strip() for selector in selectors.split(",")]
                names.update(s for s in each if re.fullmatch(r"[.#][\w-]+", s))
    return frozenset(names)


def _unseen(tag: Tag, hidden_names: frozenset[str], behind: str) -> bool:
    if tag.name in _DROPPED:
        return True
    attributes = {
        name: " ".join(value) if isinstance(value, list) else str(value)
        for name, value in tag.attrs.items()
    }
    if not attributes:
        return tag.name in ("nav", "footer") and _boilerplate(tag)
    if hides(attributes):
        return True
    if "style" in attributes:
        style = compact(attributes["style"])
        if white_text(style) and (background(style) or behind) == "white":
            return True
    if hidden_names:
        names = {f".{name}" for name in attributes.get("class", "").split()}
        names.add(f"#{attributes.get('id', '')}")
        if names & hidden_names:
            return True
    if attributes.get("role") == "navigation" or tag.name in ("nav", "footer"):
        return _boilerplate(tag)
    return False


def _boilerplate(tag: Tag) -> bool:
    """Menus and page ends: mostly links, or a short copyright line; outside of the article."""
    if tag.find_parent(["article", "main", "blockquote"]) is not None:
        return False
    text = " ".join(tag.get_text(" ").split())
    linked = sum(len(" ".join(a.get_text(" ").split())) for a in tag.find_all("a"))
    if linked * 2 >= len(text):
        return True
    return tag.name == "footer" and len(text) < 600 and bool(re.search(r"©|copyright", text, re.I))


def _behind(tag: Tag, before: str) -> str:
    style = compact(str(tag.get("style") or ""))
    colour = str(tag.get("bgcolor") or "")
    if colour:
        return background(f"background:{compact(colour)}") or before
    return background(style) or before


def seen_events(
    root: Tag, hidden_names: frozenset[str], behind: str = "white"
) -> Generator[tuple[str, Tag | str, str], bool | None, None]:
    """("start"|"end", tag, background) and ("text", string, …) of all that is seen.

    The consumer may send True after a start to leave out the element's children. A stack instead
    of recursion: pages nest thousands deep.
    """
    stack: list[tuple[str, object, str]] = [("open", root, behind)]
    while stack:
        what, item, behind = stack.pop()
        if what == "close":
            assert isinstance(item, Tag)
            yield "end", item, behind
        elif isinstance(item, Tag):
            if item is not root and _unseen(item, hidden_names, behind):
                continue
            within = _behind(item, behind)
            skip = yield "start", item, within
            stack.append(("close", item, within))
            if not skip:
                stack.extend(("open", child, within) for child in reversed(item.contents))
        elif type(item) in (NavigableString, CData):
            yield "text", str(item), behind
