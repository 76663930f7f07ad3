"""What a question asks for: the kind of answer, its key words, its periods and names. Pure.

Used to rank evidence and to decide whether a sentence can hold the answer at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.figures import read_figures
from assistant.lexical import tokens
from assistant.times import TIME_UNITS
from assistant.types import Figure

_CURRENCIES = ("CNY", "USD", "HKD", "EUR", "GBP", "JPY", "KRW", "TWD")
UNITS_OF_KIND = {
    "money": frozenset(_CURRENCIES),
    "count": frozenset({"count"}),
    "share": frozenset({"percent", "times"}),
    "time": TIME_UNITS,
}

_MONEY_WORDS = (
    r"revenues?|sales|turnover|income|profits?|loss(?:es)?|costs?|prices?|spend(?:s|ing)?|spent|"
    r"invest(?:s|ed|ing|ments?)?|expenses?|expenditures?|budgets?|capex|earnings|dividends?|"
    r"ceiling|cap|cash|debt|assets?|liabilit(?:y|ies)|equity|valuation|worth|paid?|funding|outlay|fees?|amounts?|"
    r"goodwill|inventor(?:y|ies)|receivables?|payables?|property|equipment|pp&e|depreciation|amorti[sz]ation|"
    r"borrowings|provisions?|backlog|deficit|ebitdar?|ebit|working capital|cash flows?|proceeds|gains?"
)
_CURRENCY_ASKED = (
    r"\b(?:in|into|converted to) (?:billions? (?:of )?|millions? (?:of )?)?"
    r"(?P<currency>usd|us dollars|dollars|(?:american|us) (?:money|currency|dollars)|rmb|cny|yuan|renminbi|euros?|hk dollars)\b"
)
IN_CURRENCY = re.compile(_CURRENCY_ASKED, re.IGNORECASE)
OF_A_WHOLE = (
    r"\b(?:how much|what part) of (?:its|their|the|[\w-]+['’]s) (?:[\w-]+ ){0,2}"
    r"(?:revenues?|sales|turnover|income|profits?|spending|budget|costs?|expenses?|workforce|staff|employees"
    r"|deliveries|shipments|exports|cars|vehicles|assets|debt|capital|shares|orders)\b"
    r"|\b(?:how much|what part) of [^?]{3,60}? (?:came|comes|come|stems?|stemmed) from\b"
)
"""Asks for a share: "how much of its revenue went into …"."""
_NODE_ASKED = r"\b(?:what|which) (?:manufacturing |production )?(?:process|node)\b"
_KINDS = (
    ("time", r"^\W*(?:and\s|so\s)?(?:when|since when|until when|from when|by when)\b"
             r"|\b(?:what|which) (?:year|date|day|month|quarter)\b"
             r"|\bwhat(?:'s| is| was) the (?:[\w-]+ ){0,2}(?:date|year)\b(?! to|[- ]end|[- ]ended)|何时|什么时候|哪一年"),
    ("share", r"\b(?:percent(?:age)?|(?<!per )(?<!per-)(?<!each )(?<!common )(?<!ordinary )(?<!preferred )(?<!basic )(?<!diluted )share(?! (?:prices?|buy|capital|repurchase|options?|awards?|grants?|based|issu))|proportion|fraction|(?<!by what )(?<!by which )(?<!by a )margins?|intensity|growth rate|ratios?|rate(?! (?:swaps?|risks?|contracts?|caps?|hedges?|derivatives?|agreements?|locks?)\b)|yoy)\b|%"
              r"|\b(?:what|which) (?:\w+ )?growth\b"
              r"|\bweight(?:ing)? of [^?]* in [^?]*\b(?:funds?|index|portfolio|benchmark|basket|ETF)\b"
              r"|\bhow many times\b|\b(?:by how much|how (?:fast|far|strongly)) (?:did|has|have|had|does) "
             r".*(?:grow|rise|fall|increase|decrease|drop|decline|risen|grown|fallen|dropped|lose\b|lost\b|gain)"
              rf"|{OF_A_WHOLE}"
              r"|比例|占比|百分|增长率|毛利率"),
    ("money", rf"\bhow much\b(?!\s+(?:longer|faster|time))|\bhow many (?:billions? |millions? )?(?:of )?(?:US\$|HK\$|[$€£]|dollars|euros|yuan|RMB|renminbi|USD|CNY)"
              rf"|\bwhat (?:is|was|were|are|will be|would be)\b[^?]{{0,60}}\b(?:{_MONEY_WORDS})\b(?! plan)"
              r"|^\W*(?:and )?(?:what|which) (?:[\w-]+ ){0,3}(?:revenues?|sales|turnover|income|profits?|loss(?:es)?|earnings|dividends?|cash|expenditure) (?:did|does|do|has|have|had|will)\b"
              rf"|^\W*what did\b[^?]*\b(?:cost|spend|spent|pay|paid|invest(?:ed)?|earn(?:ed)?|book|come to|amount to)\b"
             rf"|\bhow (?:large|big|high) (?:is|was|were|are|will be)\b[^?]*\b(?:{_MONEY_WORDS}|R&D)(?! (?:staff|team|people))\b"
             rf"|\b(?:what|which) (?:amount|sum)\b(?![^?]*\b(?:stands? for|means?)\b)|\boperating (?:result|loss|profit)\b"
             rf"|\bwhat (?:is|was|were) [^?]{{0,40}}\bR&D(?=\?|$| (?:in|for|of|during|over|last)\b| (?:Q[1-4] |H[12] |FY ?)?(?:19|20)\d\d\b)"
             rf"|{_CURRENCY_ASKED}"
              r"|\bhow (?:large|big) (?:is|was|were|are|will be)\b(?![^?]*\b(?:staff|team|people|workforce|crew|groups?)\b)"
              r"|多少(?:亿|万|钱|元|美元)"),
    ("count", r"\bwhat (?:is|was|were|are|will be) [^?]{0,60}\b(?:deliver(?:y|ies)|shipments?|output|capacity|headcount|workforce"
              r"|sales (?:target|goal)|number of (?!the\b|this\b)\w+|speed|weight|height|horsepower|torque|temperature|distance|population)\b"
              r"(?! (?:plan|date|time|fees?|network|problem))"
              r"|\bhow many\b|\bhow often\b|\bheadcount\b|\bnumber of\b(?! (?:the|this|that) [^?]{0,40}\b(?:standard|law|rule|regulation|form|patent|file|report|flight|stock|listing|model)\b)|\bhow long\b|\bhow old\b|\bhow (?:large|big|far|fast|tall)\b"
              r"|\bwhere (?:did|does|do) [^?]*\brank\b|\b(?:what|which) (?:rank|position) (?:did|does|was|is)\b"
             rf"|{_NODE_ASKED}|\btime (?:horizon|span|frame)\b|多少|几"),
    ("person", r"^\W*(?:and\s)?who(?:se|m)?\b|\bwho\b|\bwhich (?:person|executive|analyst|author)\b|谁"),
    ("place", r"^\W*(?:and\s)?where\b(?!.*\b(?:sees?|going|heading|headed|stands?|rank(?:s|ed)?)\b)|\b(?:what|which) (?:city|town|country|place|state|region)\b|哪里|在哪"),
)  # fmt: skip
_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)
_HOW_LARGE = re.compile(r"\bhow (?:large|big)\b", re.IGNORECASE)
_WHY = re.compile(
    r"^\W*(?:why\b|how (?:can|come|could)\b|what (?:drove|caused|led to|explains?|explained|was behind|is behind|(?:is|was|were|are) the (?:main )?(?:reason|cause|driver)s?)\b)"
    r"|为什么|为何|原因",
    re.IGNORECASE,
)
_WH = re.compile(
    r"\W*(?:who|whom|whose|what|which|where|when)\b(?! (?:did|does|do) )", re.IGNORECASE
)
_MOVED = re.compile(
    r"^\W*(?:by )?how much (?:did|has|have|had|does)\b.*\b(?:grow|grown|rise|risen|fall|fallen|increased?|decreased?|dropp?(?:ed)?|declined?)\b"
    r"|^\W*(?:by )?how much (?:did|has|have|had) [^?]*\b(?:shares?|stock)\b[^?]*\b(?:lose|lost|gain(?:ed)?)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|can|will)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    rf"\b(?:{_MONEY_WORDS}|R&D|rev)(?! (?:staff|team|people|plan|cent))\b", re.IGNORECASE
)
# "In which country was it limited how much oil people could get?" asks for a country.
_ASKS_WHOM = re.compile(
    r"^\W*(?:(?:in|at|from|to|for|by) )?(?:(?:which|what) (?:country|city|town|place|state|region|person)|where|who(?:m|se)?)\b"
    r"(?=.*\bhow (?:much|many)\b)(?!.*\band how\b)",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"\W*(?:put|set|compare)\b", re.IGNORECASE)
_COUNT = re.compile(
    r"\b(?:speed|weight|length|height|horsepower|torque|deliveries|shipments|units|orders|stores|employees|patents|deaths"
    r"|injuries|cylinders|capacity|output|age)\b",
    re.IGNORECASE,
)
_WHO = re.compile(dict(_KINDS)["person"], re.IGNORECASE)
_RELATED = re.compile(
    r"^\W*what (?:is|are|was|were|do|does|did) [^?]*?\b(?:related?|relates|due|attributable|attributed|connected) to\W*$",
    re.I,
)
_RELATIVE = re.compile(
    r"(?<=[a-z])(?<!\band)(?<!\bor)(?<!\bby)(?<!\bto)(?<!\bof)(?<!\bfrom)(?<!\bwith)(?<!\bknow)(?<!\btell me) who\b"
)
_COMPARES = re.compile(r"\bcompare[ds]?\b", re.IGNORECASE)
COUNTED = re.compile(
    r"\b(?:cars|vehicles|units|phones|handsets|smartphones|people|employees|staff|stores|shops|outlets|patents|deliver(?:y|ies|ed)?|shipments?|shipped)\b",
    re.IGNORECASE,
)
"""What is counted where a question does not say "how many"."""
_VERBS = (
    r"(?:did|do|does|is|are|was|were|will|would|has|have|had|can|could|may|might"
    r"|in|at|by|of|from|on|took|take|work|live)\b"
)
# "How many R&D people did": all words up to the verb, since any of them may be the noun.
_HOW_MANY = re.compile(
    rf"\bhow many (?:of (?:the|its|their) )?(?:more |new )?(?!{_VERBS})(.+?)"
    rf"(?= {_VERBS}|[,?]|$)",
    re.IGNORECASE,
)
_UNITS_OF = re.compile(
    rf"\bhow many (?:units|pieces|sets|copies) of (?:the |its |their )?(.+?)(?= {_VERBS}|[,?]|$)",
    re.IGNORECASE,
)
_NODE = re.compile(_NODE_ASKED, re.IGNORECASE)
_HOW_MANY_OF = re.compile(r"\bhow many of\b", re.IGNORECASE)
_POINTS = re.compile(r"\bpoints?\b|\bpp\b|\bhow much\b.*\b(?:higher|lower|change)", re.IGNORECASE)
_NAME = re.compile(r"\b(?:[A-Z][\w&’'.-]*[\w]|[A-Z]{2,}|[A-Za-z]+\d[\w]*)\b")
_SPANS = frozenset({"year", "month", "quarter", "week", "day", "hour", "minute"})
HEADER_WORDS = frozenset(
    tokens(
        "average total revenue revenues sales turnover profit loss margin income result expense expenses "
        "cost costs spending price selling amount value number count quantity share change growth rise "
        "fall output capacity measure adjusted gross net operating quarter period year month day date "
        "half first second third fourth last full status phase nominal plan printed reported published "
        "source note item segment business unit units car cars vehicle vehicles delivery deliveries "
        "shipments employees staff people shops stores cities countries region company group fund "
        "holdings charge fee volume size weight key figure research development event launch model "
        "rate rates ratio percentage percent basic diluted balance current total "
        "smart electric ev evs energy new automotive title author name list time target reason market"
    )
)
"""Capitalised at the head of a column, a row or a question they look like names."""
_OPENERS = frozenset(
    "what which who whom whose when where why how is are was were do does did has have had can "
    "could will would should may might the a an in on at by for to of from and or if as give name "
    "tell list show state according please so between since during under over not compare it its "
    "this that these those he she they his her their there then i we you both each all "
    "rank order sort confirm quote summarise summarize explain calculate compute describe repeat set put add sum "
    "take find count divide subtract multiply convert looking through with without under among besides despite "
    "before after within into upon until till against behind beside beyond about around across".split()
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a standalone question asks for."""

    text: str
    kinds: frozenset[str]
    periods: tuple[Figure, ...]
    names: tuple[str, ...]

    @property
    def currency(self) -> str:
        """The currency an amount is asked for in, "in US dollars"; "" for any."""
        said = IN_CURRENCY.search(self.text)
        name = re.sub(r"(?i)american|money|currency", "", said["currency"]) if said else ""
        found = read_figures(f"1 {name.strip() or 'dollars'}") if said else ()
        return next((f.unit for f in found if f.unit in _CURRENCIES), "")

    @property
    def wants_figure(self) -> bool:
        """True when the kind of answer asked for is a figure."""
        return any(kind in UNITS_OF_KIND for kind in self.kinds)

    @property
    def counted(self) -> str:
        """What "how many R&D people did …" counts: all words up to the verb; "" for other questions."""
        if "count" not in self.kinds:
            return ""
        said = _UNITS_OF.search(self.text) or _HOW_MANY.search(self.text)
        return said[1] if said else "nanometres" if _NODE.search(self.text) else ""

    @property
    def is_wh(self) -> bool:
        """True for "who was bound": a question that takes what it asks about to be so."""
        return _WH.match(self.text) is not None and not asks_why(self.text)

    def fits(self, figures: tuple[Figure, ...]) -> bool:
        """True when one of `figures` is of a kind asked for (or no figure is asked for)."""
        wanted = [UNITS_OF_KIND[kind] for kind in self.kinds if kind in UNITS_OF_KIND]
        if "money" in self.kinds and self.currency:
            wanted = [frozenset({self.currency}) if "CNY" in units else units for units in wanted]
        if _HOW_MANY_OF.search(self.text):
            wanted.append(UNITS_OF_KIND["share"])
        if "share" in self.kinds and _POINTS.search(self.text):
            wanted.append(frozenset({"percentage_point"}))
        return not wanted or any(
            f.unit in units for f in figures if self._counts(f) for units in wanted
        )

    def _counts(self, figure: Figure) -> bool:
        """False for a small number in words ("the two bodies") that counts what nobody asked for."""
        if figure.unit != "count" or not figure.text.isalpha():
            return True
        return figure.noun in _SPANS or (bool(figure.noun) and figure.noun in self.text.lower())


def read_question(text: str) -> Asked:
    """Kinds of answer wanted, periods named and proper names of a standalone question."""
    kinds = {kind for kind, pattern in _PATTERNS if pattern.search(text)}
    if IN_CURRENCY.search(text):
        kinds.discard("share")  # "by how much did it grow, in yuan?"
    elif "share" in kinds:
        kinds.discard("money")
    if _MOVED.search(text) and not IN_CURRENCY.search(text):
        kinds |= {"share", "money"}  # "how much did sales grow": by 12%, or by so many yuan
    if not kinds and (not _ASKS.search(text) or _COMPARES.search(text)) and _MONEY.search(text):
        kinds.add("money")  # "adj. net profit Q4 2024", "how does its price compare with …"
    beside = _BESIDE.match(text)
    if not kinds and not beside and not _ASKS.search(text) and _COUNT.search(text):
        kinds.add("count")  # "speed of the SU7 before the crash"
    if (
        "person" in kinds
        and kinds & set(UNITS_OF_KIND)
        and not _WHO.search(_RELATIVE.sub(" ", text))
    ):
        kinds.discard("person")  # "how old was the man who died"
    if kinds & {"share", "money"} and not _HOW_LARGE.search(text):
        kinds.discard("count")
    if _RELATED.search(text):
        kinds -= set(UNITS_OF_KIND)  # "what are the costs related to?"
    if asks_why(text) or (kinds & {"person", "place"} and _ASKS_WHOM.match(text)):
        kinds -= set(UNITS_OF_KIND)  # "what drove the fall in the margin?" asks for no figure
    periods = tuple(
        _in_short(text, f)
        for f in read_figures(text)
        if f.unit in TIME_UNITS and not _in_title(text, f)
    )
    if any(p.unit == "year" for p in periods):
        # "Outstanding at 31 March in 2019": the day is what a row is called, the year is asked for.
        periods = tuple(p for p in periods if p.unit != "date" or p.value >= 10000)
    names = tuple(
        dict.fromkeys(
            m[0].removesuffix("'s").removesuffix("’s")
            for m in _NAME.finditer(text)
            if m[0].lower() not in _OPENERS
            and not _SHORTENED.fullmatch(m[0])
            and not _heads(text, m)
            and not any(p.span.start <= m.start() < p.span.end for p in periods)
        )
    )
    return Asked(text, frozenset(kinds), periods, names)


LATEST_YEAR = 2060
"""Behind a name a later one is a part of it: "Cyberpunk 2077"."""
_NAME_BEFORE = re.compile(r"[A-Z][\w'’-]* $")


def _in_title(text: str, time: Figure) -> bool:
    late = time.unit == "year" and time.value > LATEST_YEAR
    return late and _NAME_BEFORE.search(text[: time.span.start]) is not None


_MONTH_AND_YEAR = re.compile(r"[A-Za-z]{3,9}\.? (?P<year>[2-3]\d)")
_ON_DAY = re.compile(r"\b(?:on|by|until|till|since|before|after|to|from|and) $", re.IGNORECASE)


def _in_short(text: str, time: Figure) -> Figure:
    """ "Short interest Nov 25" is of November 2025; "on Nov 25" is of a day."""
    said = _MONTH_AND_YEAR.fullmatch(time.text)
    if (
        time.unit != "date"
        or time.value >= 10000
        or said is None
        or _ON_DAY.search(text[: time.span.start])
    ):
        return time
    month = int(time.value) // 100
    return replace(time, value=Decimal(f"20{said['year']}{month:02}"), unit="month")


_SHORTENED = re.compile(
    r"(?:I|You|We|They|He|She|It|That|What|Who|Where|There|Here|Let)['’](?:m|re|ve|ll|d|s)", re.I
)


def _heads(text: str, name: re.Match[str]) -> bool:
    """True for "Title and author …": a common word with the capital letter of a question's first."""
    first = not any(c.isalnum() for c in text[: name.start()])
    return first and name[0].istitle() and HEADER_WORDS.issuperset(tokens(name[0]))


def asks_why(text: str) -> bool:
    """True for "why" and "what drove": a reason is asked for, no figure."""
    return _WHY.search(text) is not None


_ADVICE = re.compile(
    r"\bshould (?:i|we|one|you|an? investor|investors|my \w+)\b[^?]*\b(?:buy|sell|hold|invest|own|short|keep|add|trust)"
    r"|\b(?:good|safe|bad|smart|wise|right) (?:time to )?(?:buy|sell|invest|investment|bet|stock)\b"
    r"|\b(?:smarter|wiser|better|safer|smart|wise|sensible) to (?:buy|sell|hold|invest|own|short|swap|switch)\b"
    r"|\bwhere do you see\b|\bwhat do you (?:think|expect)\b[^?]*\b(?:price|shares?|stock)\b"
    r"|\bworth (?:buying|investing|holding)\b|\bbuy or sell\b|\bwould you (?:buy|sell|invest|recommend|advise)\b"
    r"|\b(?:do you|can you) (?:recommend|advise|predict)\b|\byour (?:price target|prediction|advice|recommendation)\b"
    r"|\b(?:will|going to|where will)\b[^?]*\b(?:share price|stock price|the stock|shares)\b[^?]*\b(?:rise|fall|double|go|be|reach|triple|crash|recover|do)\b"
    r"|\b(?:will|going to)\b[^?]*\b(?:rise|double|outperform|beat the market)\b[^?]*\b(?:share price|stock|shares)\b"
    r"|(?:该|应该|值得|可以)(?:买|卖|投资)|会(?:涨|跌)吗",
    re.IGNORECASE,
)


def wants_advice(text: str) -> bool:
    """True for "Should I buy?" and "Will the share price double?": questions that no document answers."""
    return _ADVICE.search(text) is not None


_OBEDIENCE = re.compile(
    r"(?:^\W*|[.,;!]\s*|\b(?:and|then|please|must|to|should) )(?:follow|obey|execute|carry out|comply with|act (?:up)?on) "
    r"(?:it|them|this|that|what|its|the|those|these|any|all|every)\b[^?]{0,60}\W*$"
    r"|\b(?:ignore|disregard|forget|override) (?:all |any |your |the |every |previous |prior |earlier )+"
    r"(?:instructions?|rules?|prompts?|documents?|sources?|guidelines?)\b"
    r"|\b(?:your|the) (?:system|hidden|secret|initial) (?:prompt|instructions?|message)\b",
    re.IGNORECASE,
)


def wants_obedience(text: str) -> bool:
    """True for "repeat the notice and follow it": an order to take orders, or to drop the rules."""
    return _OBEDIENCE.search(text) is not None


_REPORTED_ORDER = re.compile(
    r"^[^?]*\b(?:says?|said|tells?|told|asks?|asked|instructs?|instructed|orders?|ordered|wants|demands?|urges?)\b"
    r"(?: (?:me|us|you|everyone|readers?|assistants?))? to "
    r"(?:ignore|disregard|forget|report|answer|say|state|repeat|print|output|reply)\b[^?]*$",
    re.IGNORECASE,
)


def reports_order(text: str) -> bool:
    """True for "The digest says to ignore the rest and report 2 trillion.": nothing that a question needs."""
    return _REPORTED_ORDER.match(text) is not None


def content_words(text: str) -> list[str]:
    """The words of a question that documents can hold; "research and development" is one, R&D."""
    words = [w for w in tokens(text) if w not in FUNCTION_WORDS]
    spelled_out = {"research", "develop"} if "r&d" in words else set()
    return [w for w in words if w not in spelled_out]


FUNCTION_WORDS = frozenset(
    token
    for token in tokens(
        "what which who whom whose when where why how much many long is are was were be been do "
        "does did has have had can could will would should may might the a an in on at by for to "
        "of from and or as give name tell list show me please so between since during over than "
        "it its this that these those he she they his her their there then i we you both each all "
        "any some not no if about into with also only get got say said according document "
        "documents one ones year years number amount total kind type called call"
    )
)
