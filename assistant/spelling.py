"""Slips of the fingers in a question, mended by the documents' own words. Pure.

Only what is hardly ever another word: two letters swapped ("taregt"), or one lost or doubled in a long
word ("expens"). Names stay as they are typed: an unknown company must stay unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from string import ascii_lowercase

from assistant.asked import FUNCTION_WORDS
from assistant.lexical import tokens

SHORTEST, SHORTEST_LOST = 4, 6
"""Letters of the shortest word mended at all, and of the shortest that a letter may be missing from."""
_WORD = re.compile(r"(?<![\w&’'-])[a-z]+(?![\w&’'])")
_ASKING = "what when where which whom whose much many does have were will would could should about"


def mended(text: str, known: Callable[[str], bool], words: Callable[[], Mapping[str, int]]) -> str:
    """The question with such slips mended; unchanged where the documents know every word.

    `known` tells whether a word is one, of the documents or of the language; `words` are theirs with how often each
    stands there, fetched only when one is unknown.
    """

    def mend(match: re.Match[str]) -> str:
        word = match[0]
        if len(word) < SHORTEST or known(word) or FUNCTION_WORDS.issuperset(tokens(word)):
            return word
        counted = words()
        near = [w for w in _near(word) if w in counted or w in _ASKING.split()]
        near += [w for w in _ASKING.split() if w in _with_one_more(word)]
        return max(near, key=lambda w: (counted.get(w, 0), w)) if near else word

    return _WORD.sub(mend, text)


def _near(word: str) -> set[str]:
    """Words that differ by a swap of neighbours, or by one letter lost or doubled behind the first.

    Any letter too many would make "divided" of a dividend that the documents do not mention.
    """
    near = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)} - {word}
    if len(word) >= SHORTEST_LOST:
        near |= {word[:i] + word[i + 1 :] for i in range(1, len(word)) if word[i] == word[i - 1]}
        near |= _with_one_more(word)
    return near


def _with_one_more(word: str) -> set[str]:
    """The word with one letter more, anywhere behind the first."""
    return {word[:i] + c + word[i:] for i in range(1, len(word) + 1) for c in ascii_lowercase}
