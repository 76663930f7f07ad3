"""Reading and comparing figures in English and Chinese financial text. Pure.

`read_figures` finds numbers with their unit, currency and scale; `supports` says whether one text's
figure backs another's. "CNY 200 billion", "RMB 200bn", "200,000 million yuan" and "2,000 亿元" are
one figure. Does not judge sentences: verify.py does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from assistant.times import TIME_UNITS, read_times, same_time
from assistant.types import Figure, Span

_CURRENCIES = {
    "CNY": r"CNY|RMB|CN¥|¥|￥|yuan|renminbi|人民币|元",
    "USD": r"US\s?\$|USD|\$|U\.S\. dollars?|US dollars?|American dollars?|dollars?|美元|美金",
    "HKD": r"HK\s?\$|HKD|Hong Kong dollars?|港元|港币",
    "EUR": r"EUR|€|euros?|欧元",
    "GBP": r"GBP|£|pounds sterling|英镑",
    "JPY": r"JPY|yen|日元",
    "KRW": r"KRW|₩|won|韩元",
    "TWD": r"NT\s?\$|TWD|新台币",
}
# Tried in this order, so that HK$ is not read as $ and 美元 not as 元.
_ORDER = ("HKD", "TWD", "USD", "EUR", "GBP", "JPY", "KRW", "CNY")
_CURRENCY = "|".join(f"(?P<{{0}}{code}>{_CURRENCIES[code]})" for code in _ORDER)

_SCALES = {
    12: r"trillions?|tn|trn|万亿",
    9: r"billions?|thousand millions?|bn|bln|十亿",
    8: r"亿|hundred million",
    7: r"千万",
    6: r"millions?|mn|mln|mio|百万",
    4: r"万",
    3: r"thousands?|千",
}
# Single letters are scale words only when glued to the number or after a currency sign ("$5b").
_SCALE_LETTERS = {"t": 12, "b": 9, "m": 6, "k": 3}
_SCALE = "|".join(f"(?P<scale{power}>{words})" for power, words in _SCALES.items())

_PERCENT = r"%|％|percent(?!age)|per cent|pct\b"
_POINTS = r"percentage[- ]points?|ppts?\b|pp\b|个百分点|p\.p\."
_BASIS = r"basis points?|bps\b"
_TIMES = r"times\b|-?fold\b|x\b|倍"

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
# Signs count as such only when they do not join two words or a range ("3-4", "Mi-9").
_SIGN = r"(?<![\w\d)])[-−–]\s?|\("

_FIGURE = re.compile(
    rf"(?P<sign>{_SIGN})?"
    rf"(?:(?:{_CURRENCY.format('pre')})\s?)?"
    rf"(?P<sign2>[-−]|\()?"
    rf"(?:(?<![A-Za-z0-9_.])|(?<=CNY|RMB|USD|HKD|EUR|GBP))(?P<number>{_NUMBER})(?![\d])"
    rf"(?P<tail>\)?"
    rf"(?:(?:[\s-]?(?:{_SCALE})(?![a-z]))|(?P<letter>\s?[tTbBmMkK])(?![\w&-]))?"
    rf"(?:\s?(?P<percent>{_PERCENT})|[\s-]?(?P<points>{_POINTS})|\s?(?P<basis>{_BASIS})"
    rf"|\s?(?P<times>{_TIMES})|(?:\s?(?:of\s)?(?:{_CURRENCY.format('post')})(?![a-z])))?)",
    re.IGNORECASE,
)

_FRACTIONS = {
    "half": Decimal(50),
    "one half": Decimal(50),
    "a half": Decimal(50),
    "one third": Decimal(100) / 3,
    "a third": Decimal(100) / 3,
    "two thirds": Decimal(200) / 3,
    "one quarter": Decimal(25),
    "a quarter": Decimal(25),
    "three quarters": Decimal(75),
    "one fifth": Decimal(20),
    "a fifth": Decimal(20),
    "two fifths": Decimal(40),
    "three fifths": Decimal(60),
    "four fifths": Decimal(80),
    "one tenth": Decimal(10),
    "a tenth": Decimal(10),
}
_FRACTION = re.compile(
    r"\b("
    + "|".join(sorted((w.replace(" ", "[ -]") for w in _FRACTIONS), key=len, reverse=True))
    + r")\b(?!\s+(?:of\s+)?(?:19|20)\d\d)(?<!\b[Aa] third(?=\s(?!(?:of|in|to|from|more|less|higher"
    r"|lower|fewer|at|by|and|or|on|as|than|over|during|between|since|up|down)\b)[a-z]))|三分之二|一半|三分之一|四分之一",
    re.IGNORECASE,
)
# What makes a share of "a quarter", which is a time otherwise.
_SHARE_OF = re.compile(r"\s+(?:of\b|as\b|more|less|higher|lower)", re.IGNORECASE)
_SHARE_BY = re.compile(r"\bby\s+(?:about |nearly |almost |over |around )?$", re.IGNORECASE)
_CHINESE_FRACTIONS = {
    "三分之二": Decimal(200) / 3,
    "三分之一": Decimal(100) / 3,
    "四分之一": Decimal(25),
    "一半": Decimal(50),
}
_WORD_NUMBERS = {
    word: Decimal(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": Decimal(30), "forty": Decimal(40), "fifty": Decimal(50), "hundred": Decimal(100)}
_WORD_NUMBER = re.compile(
    r"\b(" + "|".join(w for w in _WORD_NUMBERS if w not in ("zero", "one", "hundred")) + r")"
    rf"(?:[\s-](?:{_SCALE}))?(?=[\s-]+(?P<noun>[a-z]{{3,}}))",
    re.IGNORECASE,
)

_FOLD = re.compile(
    r"\b(" + "|".join(w for w in _WORD_NUMBERS if w not in ("zero", "one")) + r")[- ]?fold\b", re.I
)
_APPROXIMATE = {
    "over": r"(?<!handed )(?<!hand )(?<!taken )(?<!took )(?<!turned )(?<!carried )over|(?<!% )(?<!percent )more than|above|exceed(?:ing|s|ed)?|in excess of|超过|超|逾",
    "at least": r"at least|no less than|not less than|至少|不低于",
    "up to": r"(?<!add )(?<!adds )(?<!added )(?<!adding )(?<!sum )(?<!summed )(?<!come )(?<!came )up to|at most|as much as|no more than|最多|高达",
    "under": r"under|(?<!% )(?<!percent )less than|below|fewer than|不到|低于",
    "nearly": r"nearly|almost|close to|接近|近",
    "about": r"about|around|approximately|approx\.?|roughly|some|circa|ca\.|~|≈|约|大约",
}
_BEFORE = re.compile(
    r"(?:"
    + "|".join(f"(?P<w{i}>{p})" for i, p in enumerate(_APPROXIMATE.values()))
    + r")\s*(?:a\s)?$",
    re.IGNORECASE,
)
# Units that are written right behind the number.
_MEASURES = "nm|km|kwh|mah|gwh|twh|gb|tb|mm|cm|kg|hp|kw|mpa|ghz|mhz|tops|nanometers?|nanometres?"
_LINKS = (
    "in at on by to for from and or but with as per the a an of is was were are has had have "
    "this that which who than over under during between until since while"
)
# "119 Chinese cities", "402 car stores": the last word of the compound is what is counted.
_PLURAL = r"(?-i:(?!(?:was|has|is|as|less|plus|this|its)\b)[a-z]{2,}s|people|staff)\b"
_NOUN = re.compile(
    r"^[\s-]+(?:(?:new|electric|smart|of the|of|million|delivered|total|(?-i:[A-Z]+)\d+\w*"
    rf"|(?-i:[A-Z][A-Za-z&-]+(?=\s{_PLURAL})))\s)*"
    rf"(?:(?!(?:people|staff|{_MEASURES}|{_LINKS.replace(' ', '|')})\b)(?-i:[a-z]{{2,}}(?<!s))\s(?={_PLURAL}))?"
    r"([a-z]{2,}|[一-鿿]{1,2})",
    re.I,
)
_CHINESE_NOUN = re.compile(r"^\s?([辆台家人年款项个座月天次])")
_MEASURE = re.compile(rf"({_MEASURES})\b", re.IGNORECASE)
_OF = re.compile(r"^\s+of\b")
_NO_NOUN = frozenset([*_LINKS.split(), "them", "these", "those"])
_SINGULAR = re.compile(r"(?<=[a-z]{2})s$")
_STRETCHES = frozenset({"year", "month", "quarter", "week", "day", "hour", "minute", "decade"})


# A line is read when it is ranked, checked and looked through for disputes; titles with every line.
@lru_cache(maxsize=2048)
def read_figures(text: str, context: str = "") -> tuple[Figure, ...]:
    """All figures of `text` in order, dates and years among them; spans are offsets in `text`.

    `context` is the header and caption of a table row: its currency and scale ("CNY billion", "in
    millions") apply to cells that print neither.
    """
    taken: list[Span] = []
    found: list[Figure] = []

    def keep(figure: Figure | None) -> None:
        if figure is not None and not any(figure.span.overlaps(other) for other in taken):
            taken.append(figure.span)
            found.append(figure)

    for time in read_times(text):
        keep(time)
    for match in _FRACTION.finditer(text):
        words = match[0].lower()
        shares = _SHARE_OF.match(text, match.end()) or _SHARE_BY.search(text[: match.start()])
        if words.endswith(("quarter", "quarters")) and not shares:
            continue  # "the other three quarters" are times
        share = _CHINESE_FRACTIONS.get(words) or _FRACTIONS[words.replace("-", " ")]
        keep(_figure(text, match, share, "percent", decimals=8 if share % 1 else 0))
    for match in _FIGURE.finditer(text):
        keep(_number(text, match))
    for match in _FOLD.finditer(text):
        keep(_figure(text, match, _WORD_NUMBERS[match[1].lower()], "times"))
    for match in _WORD_NUMBER.finditer(text):
        scale = _scale_of(match)
        value = _WORD_NUMBERS[match[1].lower()].scaleb(scale)
        keep(_figure(text, match, value, "count", noun=singular(match["noun"]), scale=scale))
    found.sort(key=lambda figure: figure.span.start)
    found = _ranges(text, found)
    if context:
        found = [_in_table(figure, context) for figure in found]
    return tuple(found)


def _number(text: str, match: re.Match[str]) -> Figure | None:
    before = text[: match.start("number")]
    after = text[match.end() : match.end() + 8]
    letter = match["letter"]
    unit = next((g[-3:] for g, v in match.groupdict().items() if v and g[:3] in ("pre", "pos")), "")
    if letter is not None and not unit and letter[0].isspace():
        return None if _identifier(before, after) else _bare(text, match)
    if _identifier(before, after):
        return None
    printed = match["number"].replace(",", "")
    decimals = len(printed.partition(".")[2])
    scale = _SCALE_LETTERS[letter.strip().lower()] if letter else _scale_of(match)
    value = Decimal(printed).scaleb(scale)
    noun = ""
    if match["percent"]:
        unit = "percent"
    elif match["points"]:
        unit = "percentage_point"
    elif match["basis"]:
        unit, value, decimals = "percentage_point", value / 100, decimals + 2
    elif match["times"]:
        unit = "times"
    elif not unit:
        unit, noun = "count", _noun(text[match.end() :])
    negative = (match["sign"] or match["sign2"] or "").strip()
    if re.search(r"[\d%]\s?$", text[: match.start()]) and negative != "(":
        negative = ""  # the dash of a range, "3-4%"
    if negative and (negative != "(" or text[match.end("number") : match.end()].startswith(")")):
        value = -value
    return _figure(text, match, value, unit, noun=noun, decimals=decimals, scale=scale)


_BETWEEN = re.compile(r"\s?(?:-|–|—|~|to|至|到|and|or)\s?", re.IGNORECASE)


def _ranges(text: str, figures: list[Figure]) -> list[Figure]:
    """Give the first figure of "13-14 billion yuan" the unit and scale of the second."""
    out = list(figures)
    for i in range(len(out) - 2, -1, -1):
        low, high = out[i], out[i + 1]
        bare = low.unit == "count" and not low.noun and not low.scale
        between = text[low.span.end : max(high.span.start, low.span.end)]
        joined = _BETWEEN.fullmatch(between) or (not between and high.text[:1] in "-–−")
        leads = low.unit in _CURRENCIES and high.unit == "count" and not high.noun
        if joined and leads:  # "CNY 13 to 14 billion"
            high = out[i + 1] = replace(high, unit=low.unit)
        same_kind = high.unit not in TIME_UNITS and (low.unit == high.unit or bare)
        if joined and same_kind and (bare or not low.scale) and low.value < high.value:
            value = low.value.scaleb(high.scale - low.scale)
            out[i] = replace(low, value=value, unit=high.unit, noun=high.noun, scale=high.scale)
    return out


def _bare(text: str, match: re.Match[str]) -> Figure:
    """The number of "5 m" or "3 T-shirts" without its letter."""
    printed = match["number"].replace(",", "")
    span = Span(*match.span("number"))
    return Figure(
        Decimal(printed), "count", span, span.of(text), decimals=len(printed.partition(".")[2])
    )


def _identifier(before: str, after: str) -> bool:
    """True for digits inside a name such as SU7, 15S or GPT-4, which are no figures."""
    if re.search(r"[A-Za-z][-_/]?$", before) and not re.search(
        rf"(?:^|[\s(])(?:{'|'.join(_CURRENCIES.values())})$", before, re.I
    ):
        return True
    return re.match(rf"-[A-Z]\b|\([a-z]\)|(?!(?:{_MEASURES})\b)[A-Za-z_]", after) is not None


def _figure(
    text: str,
    match: re.Match[str],
    value: Decimal,
    unit: str,
    *,
    noun: str = "",
    decimals: int = 0,
    scale: int = 0,
) -> Figure:
    lead = _BEFORE.search(text[max(0, match.start() - 24) : match.start()])
    approximate = ""
    if lead:
        approximate = list(_APPROXIMATE)[int((lead.lastgroup or "w0")[1:])]
    if approximate == "nearly":
        approximate = "about"
    if approximate == "over" and noun in _STRETCHES:
        approximate = ""  # "over five years" says during which time
    raw = match[0]
    start = match.start() + len(raw) - len(raw.lstrip())
    span = Span(start, match.start() + len(raw.rstrip()))
    return Figure(value, unit, span, span.of(text), noun, approximate, decimals, scale)


def _scale_of(match: re.Match[str]) -> int:
    return next((power for power in _SCALES if match[f"scale{power}"]), 0)


def _noun(rest: str) -> str:
    match = _CHINESE_NOUN.match(rest) or _MEASURE.match(rest) or _NOUN.match(rest)
    if match is None or match[1].lower() in _NO_NOUN:
        return ""
    if _OF.match(rest) and match[1][0].isupper():
        return ""  # "the 19 billion of the XRING O1" counts no XRING
    return singular(match[1])


def singular(word: str) -> str:
    """A noun as figures keep it: lower case, without a plural s."""
    word = re.sub(r"(?<=[a-z]{2})ies$", "y", word.lower())
    word = _SINGULAR.sub("", word)
    return "nm" if word.startswith("nanomet") else word


_CONTEXT_SCALE = re.compile(rf"(?:{_SCALE})(?![a-z])", re.IGNORECASE)
# Whole words: a row "Europe" is not in euros.
_CONTEXT_CURRENCY = re.compile(
    rf"(?<![A-Za-z])(?:{_CURRENCY.format('ctx')})(?![A-Za-z])", re.IGNORECASE
)


def has_currency(text: str) -> bool:
    """True where a currency is named, by word or sign."""
    return _CONTEXT_CURRENCY.search(text) is not None


def _in_table(figure: Figure, context: str) -> Figure:
    """The figure of a cell with the unit its header gives; dates and full figures stay."""
    if figure.unit != "count" and not (figure.scale == 0 and figure.unit in _CURRENCIES):
        return figure
    currency = _CONTEXT_CURRENCY.search(context)
    scale = _CONTEXT_SCALE.search(context)
    unit = figure.unit
    if unit == "count" and not figure.noun and currency:
        unit = (currency.lastgroup or "")[-3:]
    if figure.scale == 0 and scale and unit in _CURRENCIES:
        power = _scale_of(scale)
        return replace(figure, value=figure.value.scaleb(power), scale=power, unit=unit)
    return replace(figure, unit=unit)


# ---------------------------------------------------------------- comparing


def supports(found: Figure, claimed: Figure, *, loose_unit: bool = False) -> bool:
    """True when `found` (in the cited text) backs `claimed` (in the answer).

    Equal in unit, and in value within the rounding the answer prints: an answer may round what the
    document prints, never sharpen it. `loose_unit` admits a cell that prints no unit.
    """
    if claimed.unit in TIME_UNITS or found.unit in TIME_UNITS:
        return same_time(found, claimed)
    return _same_unit(found, claimed, loose_unit) and same_value(found, claimed)


def same_value(found: Figure, claimed: Figure) -> bool:
    """True when the values agree within the rounding printed in `claimed`."""
    if found.value == claimed.value:
        return True
    if (found.value < 0) != (claimed.value < 0):
        return False
    step = Decimal(1).scaleb(claimed.scale - claimed.decimals)
    finer = found.scale - found.decimals < claimed.scale - claimed.decimals
    return finer and abs(found.value - claimed.value) <= step / 2


def _same_unit(found: Figure, claimed: Figure, loose: bool) -> bool:
    if found.unit == claimed.unit:
        both = found.noun and claimed.noun
        return not both or claimed.unit != "count" or _alike(found.noun, claimed.noun)
    if loose and found.unit == "count" and not found.noun:
        return True
    return loose and claimed.unit == "count" and not claimed.noun


_VEHICLES = frozenset({"vehicle", "car", "unit", "ev", "suv", "sedan", "辆", "台", "delivery"})
_PEOPLE = frozenset({"person", "people", "employee", "staff", "worker", "人", "engineer"})


def _alike(one: str, other: str) -> bool:
    """Nouns that count the same thing; unknown pairs are taken as alike unless both are known."""
    for group in (_VEHICLES, _PEOPLE, frozenset({"year", "年"}), frozenset({"month", "月"})):
        if (one in group) != (other in group):
            return False
    return True


def same_thing(one: str, other: str) -> bool:
    """True when two nouns are the same word or of one known group, such as cars and vehicles."""
    return one == other or any(one in group and other in group for group in (_VEHICLES, _PEOPLE))


def backing(
    claimed: Figure, candidates: Iterable[Figure], *, loose_unit: bool = False
) -> Figure | None:
    """The first candidate that supports `claimed`, or None."""
    return next((f for f in candidates if supports(f, claimed, loose_unit=loose_unit)), None)
