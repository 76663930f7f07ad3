"""Whether the attributes of an HTML element keep it from being seen. Pure.

Documents can carry text for machines only; what a person does not see must not become evidence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_UNSEEN = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|content-visibility:hidden"
    r"|font-size:(?:0|[01](?:\.\d+)?(?:px|pt)|0?\.0\d*r?em|0%)(?![\d.])"
    r"|font:[^;]*?(?<![\d.])[01]p[xt]"
    r"|(?<![\w-])opacity:(?:0?\.?0+\d?%?)(?![\d.])"
    r"|text-indent:-\d{3,}|clip:rect\(0|clip-path:inset\((?:50|100)%"
    r"|(?<![\w-])color:(?:transparent|rgba\([^)]*,0?\.?0+\))"
    r"|transform:scale\(0\)"
)
_AWAY = re.compile(r"(?<![\w-])(?:left|right|top|bottom|margin-left|margin-top):-\d{3,}")
_FLAT = re.compile(r"(?<![\w-])(?:max-)?(?:height|width):[01](?:px)?(?![\d.])")
_WHITE = r"(?:white|#fff(?:fff)?|#fefefe|rgba?\(25[45],25[45],25[45](?:,1(?:\.0)?)?\))(?![\w])"
_WHITE_TEXT = re.compile(r"(?<![\w-])color:" + _WHITE)
_BACKGROUND = re.compile(r"(?<![\w-])background(?:-color|-image)?:([^;]+)")


def hides(attributes: Mapping[str, str]) -> bool:
    """True when these attributes alone make the element invisible."""
    if "hidden" in attributes and attributes["hidden"].lower() != "false":
        return True
    if attributes.get("aria-hidden", "").lower() == "true":
        return True
    style = compact(attributes.get("style", ""))
    if not style:
        return False
    return hides_style(style) or (bool(_WHITE_TEXT.search(style)) and background(style) == "white")


def hides_style(style: str) -> bool:
    """True when a compact style makes its element invisible, whatever lies behind it."""
    if _UNSEEN.search(style):
        return True
    if re.search(r"position:(?:absolute|fixed)", style) and _AWAY.search(style):
        return True
    return "overflow:hidden" in style and bool(_FLAT.search(style))


def white_text(style: str) -> bool:
    """True when a compact style writes in white."""
    return bool(_WHITE_TEXT.search(style))


def background(style: str) -> str | None:
    """`white` or `dark` where a compact style sets what lies behind its text, else None."""
    found = _BACKGROUND.findall(style)
    if not found or found[-1] in ("none", "transparent", "inherit", "initial"):
        return None
    return "white" if re.match(_WHITE, found[-1]) else "dark"


def compact(style: str) -> str:
    """A style in lower case, without comments, blanks and `!important`."""
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.S)
    return re.sub(r"\s+|!important", "", style.lower())
