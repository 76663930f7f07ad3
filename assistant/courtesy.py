"""A question without what is wrapped around it: courtesies, wishes for the answer's form, short forms. Pure."""

from __future__ import annotations

import re

from assistant.times import MONTH

_SCALE = r"(?:thousands|millions|billions)"
_SCALE_WISH = re.compile(
    rf"\s*\(?\bin (?:{_SCALE} of )?(?P<currency>USD|US\$|US dollars|dollars|RMB|CNY|yuan|EUR|euros?|HKD|GBP)?"
    rf"(?(currency)(?: {_SCALE})?| ?{_SCALE})\b\)?",
    re.IGNORECASE,
)
_ROUNDED = re.compile(
    r"(?:(?<=[.?!])\s+|,\s*)(?:please )?round(?:ed|ing)?(?: (?:it|your answer|the (?:answer|result)|off))? to [^.?!]*[.?!]?",
    re.I,
)
_ANSWER_IN = re.compile(
    rf"(?<=[.?!])\s+(?:please )?(?:answer|respond|give|state|express|report|provide)\b[^.?!]*\bin [^.?!]*{_SCALE}[^.?!]*[.?!]?",
    re.IGNORECASE,
)


# "Give a response to the question by relying on the details shown in the cash flow statement."
_BASED_ON = re.compile(
    r"(?:(?<=[.?!])\s+|,\s*)(?:please |kindly )?(?:give|answer|provide|base|address|respond|assume|rely|use|utilize|state)\b[^.?!]*\b(?:question|answer|response|details|information|statements?|line items|judge?ments?|filing|report)\b[^.?!]*[.?!]*(?=\s*$|\s+(?:round|define|answer)\b)",
    re.IGNORECASE,
)
_BASED_FIRST = re.compile(
    r"^\W*(?:(?:assume|imagine|suppose) (?:that )?you are an? [^.?!]*[.?!]\s+)?(?:(?:please )?(?:answer|address|respond to) the (?:following )?question\b[^:?]*:\s*"
    r"|(?:when |by )?(?:primarily )?(?:referencing|relying on|based on|basing your judge?ments? (?:on|by|off)|using|looking at|drawing conclusions from|according to|considering)(?: only| primarily)?[^,?:]*\b(?:statements?|balance sheets?|information|details|filing|line items)\b[^,?:]*[,:]\s*)(?=[A-Za-z])",
    re.IGNORECASE,
)


# Where a line stands says nothing of it: "the goodwill on Boeing's balance sheet".
_STATEMENT = re.compile(
    r"\s+(?:on|in|from|per) (?:the |its |their |(?P<owner>[A-Z][\w&. ]*?)['’]s? )?(?:consolidated )?"
    r"(?:balance sheets?|income statements?|cash flow statements?|statements? of (?:operations|income|cash flows?|financial position)|P&L)\b",
)


_UNIT_WISH = re.compile(
    r",?\s*\(?(?:in )?(?P<currency>RMB|CNY|USD|US\$|HK\$|EUR)?(?(currency)\s?|\bin )(?:bn|mn|mio|billions?|millions?)\)?(?=\W*$)",
    re.IGNORECASE,
)
# "From cars alone, not the whole segment".
_NOT_THE_WHOLE = re.compile(
    r",\s*(?:and )?not (?:of |for )?the (?:whole |entire |total |full )?(?:segment|group|company|business)\b",
    re.I,
)


def without_scale(text: str) -> str:
    """The question without "(in USD millions)": figures are shown as the documents print them."""
    text = _BASED_ON.sub("", _BASED_FIRST.sub("", text))
    text = _NOT_THE_WHOLE.sub("", _ROUNDED.sub("", _ANSWER_IN.sub("", text)))
    text = _UNIT_WISH.sub(
        lambda m: f" in {m['currency']}" if (m["currency"] or "RMB") not in ("RMB", "CNY") else "",
        text,
    )
    text = _STATEMENT.sub(lambda m: f" of {m['owner']}" if m["owner"] else "", text)
    return _SCALE_WISH.sub(lambda m: f" in {m['currency']}" if m["currency"] else "", text)


_LOOKING = re.compile(
    r"^\W*(?:hello|hi|hey|dear \w+)?\W*(?:(?:i am|i['’]m|we are|we['’]re) (?:looking for|after|interested in|trying to find)|i(?:['’]d like| would like| want| need) to know"
    r"|i need|looking for|can you find|could you find)(?: out)? (?P<thing>(?:the|its|their|[A-Z]|how|what|when|who|where|which)[^?]*?)"
    r"(?:\s*[-–—,;.:]+\s*(?:so )?(?:what|how (?:much|many)) (?:is|was|were|are) (?:it|that|they)\b[^?]*)?\s*[?.]*$",
    re.IGNORECASE | re.DOTALL,
)
_WORDED = re.compile(r"(?:how|what|when|who|where|which|why)\b", re.IGNORECASE)
_FOR_EACH = re.compile(
    r"[,;.?!]? *(?:and )?from what to what\b|,?\s*(?:and|with) (?:how (?:many|much) (?:was|were|is|are|did) (?:it|that|they|each)\b[^?]*|what (?:was|were|is|are) (?:the )?(?:figures?|numbers?|amounts?)\b[^?]*|by how (?:much|many))(?=\W*$)",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"[,;]?\s*\b(?:please|pls|plz|thanks|thank you|kindly|if you have (?:it|them|that)|if (?:possible|available|known))\b(?=\s*[,;.?!]|\s*$)",
    re.I,
)
# What an answer shows anyhow: "please give both figures", "both in RMB bn".
_WISH = re.compile(
    r"(?:(?<=[.?!])\s+|,\s*)(?:and )?(?:please |also |do |can you |could you )?(?:give|show|state|list|name|include|tell|with|both|all)\b"
    r"(?: me| us)?(?: (?:both|all|the|each|two|three|of|them|as well|too|exact|respective|your|working|in|RMB|CNY|yuan|bn|billions?|millions?|figures?|numbers?|amounts?|values?|sources?))*\s*[.?!]*$",
    re.IGNORECASE,
)  # fmt: skip


_SHORT_FOR = (
    (re.compile(r"\badj\.?(?= )", re.IGNORECASE), "adjusted"),
    (
        re.compile(
            r"\bNP\b(?=\W*$|[,;+&/]| (?:margin|growth|in|for|of|at|and|Q[1-4]|H[12]|FY|20\d\d)\b)"
        ),
        "net profit",
    ),
    (re.compile(r"\brev\b\.?", re.IGNORECASE), "revenue"),
    (re.compile(rf"\bend[- ](?=(?:{MONTH})\b)", re.IGNORECASE), "the end of "),
    (re.compile(r"\b([A-Z]{1,3}\d{1,3})s\b"), r"\1"),
    (re.compile(r"\b(?:price tags?|(?:sticker|list) prices?)\b", re.IGNORECASE), "price"),
    # "The SUV, the YU7": the name says it.
    (re.compile(r"\bthe (?:[a-z]+|SUV|EV), the (?=[A-Z]+\d)"), "the "),
    (
        re.compile(
            r"(?:(?<=what )|(?<=which )|(?<=big a )|(?<=large a ))(?:slice|chunk|portion) of (?!cake)|\b(?:slice|chunk|portion) of (?=its\b|their\b|the\b|(?:total )?(?:sales|revenue)\b|[A-Z][\w&]*['’]s\b)",
            re.I,
        ),
        "share of ",
    ),
    # A margin of no kind is the gross one.
    (
        re.compile(r"^(\W*what(?:['’]s| is| was) (?:the|its) )margin(?=\W*$)", re.IGNORECASE),
        r"\1gross margin",
    ),
    (re.compile(r"\bavg\b\.?", re.IGNORECASE), "average"),
    (re.compile(r"\bASPs?\b"), "average selling price"),
    (re.compile(r"\bR ?(?:and|n|\+) ?D\b"), "R&D"),
    (re.compile(r"\br ?& ?d\b"), "R&D"),
    (re.compile(r"\bop\.? (?=profit|loss|margin|result|income)", re.IGNORECASE), "operating "),
)


# "In fiscal 2022 (52 weeks ended January 28, 2023)" names one time twice.
_SPELLED_TIME = re.compile(
    r"(?P<year>\b(?:fiscal(?: year)?|FY) ?(?:\d{4}|\d{2})) \((?:the )?(?:\w+[- ])?(?:weeks?|months?|years?|quarter|period) end(?:ed|ing) [^()]*\d{4}\)",
    re.IGNORECASE,
)
# What a balance sheet says with "Long-term debt, net".
_LESS_CURRENT = re.compile(
    r",? \(?(?:excluding|less|net of|without) (?:the |its )?current (?:portion|maturities|part|instal\w+)\)?",
    re.IGNORECASE,
)
_BARE_END = re.compile(
    rf"\bthe end of (?:{MONTH})\b(?= (?:to|and|until|till) (?:the end of )?(?:{MONTH})\s(?P<year>20\d\d)\b)",
    re.IGNORECASE,
)
# What the asker is about: "I'm checking dates for a story: which day …".
_OWN_PURPOSE = re.compile(
    r"^\W*(?:(?:for|in) my\b|(?:I|we)(?:['’]m|['’]re| am| are)\b)[^:?]{3,80}: *(?=(?:what|which|who|when|where|how|on|by|in)\b)",
    re.IGNORECASE,
)


# "Could you please tell me roughly how many …", "do you happen to know whether …", "any idea who …".
_MAY_I_ASK = re.compile(
    r"^\W*(?:(?:hello|hi|hey|dear \w+)\W+)?(?:(?:could|can|would|will|may|might) (?:you|i|we|someone|anyone)\b(?: (?:kindly|please|perhaps|possibly|maybe|just))*"
    r" (?:tell|ask|inform|let|remind|find out|say|know)(?: (?:me|us|you))?(?: know)?"
    r"|do you (?:happen to )?know|(?:please )?tell (?:me|us)|(?:do you have )?any idea|i(?: was|['’]m| am)? wonder(?:ing)?)"
    r",? (?:please |roughly |exactly |about )*(?P<asked>(?:(?:in|on|at|by|for|from|to|under|of|with) )?(?:what|which|who|whose|when|where|why|how|whether|if|the|its|their)\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
_THING = re.compile(r"^(?:the|its|their)\b", re.IGNORECASE)
_WHETHER = re.compile(r"^(?:whether|if)\s+", re.IGNORECASE)


def without_courtesy(text: str) -> str:
    """ "I am looking for the profit of 2023 - what was it, please?" as "What was the profit of 2023?"."""
    for short, whole in _SHORT_FOR:
        text = short.sub(whole, text)
    text = _LESS_CURRENT.sub("", _SPELLED_TIME.sub(lambda m: m["year"], text))
    text = _BARE_END.sub(lambda m: f"{m[0]} {m['year']}", text)
    text = _OWN_PURPOSE.sub("", _FOR_EACH.sub("", _POLITE.sub("", text)).lstrip(" ,;"))
    if wrapped := _MAY_I_ASK.match(text):
        text = wrapped["asked"]
        if _WHETHER.match(text):
            text = f"Is it so that {_WHETHER.sub('', text)}"
        elif _THING.match(text):
            text = f"What was {text}"
        text = f"{text[:1].upper()}{text[1:]}"
    wish = _WISH.search(text)
    if wish and len(text[: wish.start()].split()) > 3:
        text = f"{text[: wish.start()].rstrip('.?! ')}?"
    said = _LOOKING.match(text)
    if said is None:
        return text
    thing = said["thing"].strip()
    return f"{thing[:1].upper()}{thing[1:]}?" if _WORDED.match(thing) else f"What was {thing}?"
