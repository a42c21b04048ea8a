"""The words of a text, Arabic or English, cut down so that forms of one word meet: what centrality compares.

Arabic is stemmed lightly, as in Larkey's light10: letters that are spelt in several ways become one, then a
conjunction, the article and a preposition before it go, then one suffix; at least three letters stay. In English a
plural or a verb's ending goes. snowballstemmer knows more and takes forty times as long (94 against 2 microseconds a
word), which an article of two thousand sentences would feel.
"""

from __future__ import annotations

import functools
import re

from models.text.folding import LIGHT
from models.text.normalize import has_arabic, normalize

_PREFIX = re.compile(r"^(?:[وف]?(?:ال|بال|كال|لل))?[وف]?(?=\w{3})")  # و of وزير too, so that it meets الوزير
_SUFFIX = re.compile(r"(?<=\w{3})(?:هما|كما|ها|هم|هن|كم|نا|ات|ان|ون|ين|يه|ه|ي|ا|ت|ك)$")
_ENDING = re.compile(r"(?<=\w{3})(?:s|ed|ing|ly)$")


def words(text: str) -> list[str]:
    """The words of `text` in order, in lower case."""
    return re.findall(r"\w+", normalize(text).lower())


def terms(text: str) -> list[str]:
    """The words of `text` in order, in lower case and stemmed."""
    return [_stem(word) for word in words(text)]


@functools.lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    if has_arabic(word):
        return _SUFFIX.sub("", _PREFIX.sub("", word.translate(LIGHT)))
    return _ENDING.sub("", word)
