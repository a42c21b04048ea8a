"""Words as they are searched: those of an article and its brief, and a reader's as a query for them (SQLite's FTS5).

Both are folded alike: case, accents, and what Arabic spelling confuses (أ and ا, ة and ه, ى and ي, diacritics) say
nothing. A name is also found by what its spellings have in common (`models.wording.spellings.keys`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from models.text.folding import fold
from models.text.normalize import letters
from models.wording.latin import latin
from models.wording.spellings import keys

_ACCENTS = re.compile("[\u02be\u02bf\u0300-\u036f\u0653-\u0655]")  # and ʾ ʿ
_WORD = re.compile(r"[^\W_]+")
# What is written together with an Arabic word that follows: "and", "so"; "by", "as", "for"; "the".
_PREFIXES = [f"{one}{two}" for one in ("", "و", "ف") for two in ("", "ب", "ك", "ل", "ال", "بال", "كال", "لل")][1:]
_BEFORE = {first: [before for before in _PREFIXES if before[0] == first] for first in "وفبكلا"}
_QUOTED = re.compile(r'["“«]([^"“”«»]*)["”»]|(\S+)')
_SHORTEST = 3  # letters of what is left of a word
_KEY = "_"  # before what names have in common: no word has it
BETWEEN = " _ "  # texts that no phrase joins


def words(text: str) -> list[str]:
    """The words of `text`, folded."""
    return [word.casefold() for word in _cased(text)]


def name(text: str) -> str:
    """`text` folded, with all its signs: what tags are compared by."""
    return " ".join(_folded(text).casefold().split())


def entry(source: str, english: str, names: Iterable[str] = ()) -> tuple[str, str, str]:
    """What is searched of texts in both languages: their words in order, and other forms under which some are found, as
    Arabic `names` are in the Latin letters that pages show above them."""
    arabic, cased = words(source), _cased(english)
    forms = {form for word in {*arabic, *map(str.casefold, cased)} for form in _without_prefix(word)}
    named = {word.casefold() for word in cased if word[0].isupper()}
    found = sorted(forms | {_KEY + key for word in named for key in keys(word)})
    written = (" ".join(words(latin(name))) for name in dict.fromkeys(names))
    return " ".join(arabic), " ".join(map(str.casefold, cased)), BETWEEN.join([" ".join(found), *written])


def query(wanted: str) -> str | None:
    """An FTS5 expression for what has all words of `wanted`, or None if that has no words.

    A word finds what begins with it; words in quotation marks what has exactly these side by side. No character of
    `wanted` is an operator.
    """
    parts = []
    for quoted, bare in _QUOTED.findall(wanted):
        if found := words(quoted or bare):
            parts.append(f'{{source english}} : "{" ".join(found)}"' if quoted else _any(_readings(found)))
    return " AND ".join(parts) or None


def _cased(text: str) -> list[str]:
    return _WORD.findall(_folded(text))


def _folded(text: str) -> str:
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", fold(letters(text))))


def _readings(found: list[str]) -> Iterator[str]:
    """What words that were typed without a space between may stand for."""
    yield f'"{" ".join(found)}"{"*" if _open(found[-1]) else ""}'
    if len(found) == 1 and found[0].startswith("ال") and len(found[0]) >= _SHORTEST + 2:
        yield f'"{found[0][2:]}"*'
    if names := [_any(f'"{_KEY}{key}"' for key in sorted(keys(word))) for word in found if keys(word)]:
        yield " AND ".join(names)


def _any(readings: Iterable[str]) -> str:
    return f"({' OR '.join(readings)})"


def _open(word: str) -> bool:
    """Whether a word may go on: a number is that number, and one letter no beginning."""
    return len(word) > 1 and not word.isnumeric()


def _without_prefix(word: str) -> Iterator[str]:
    for before in _BEFORE.get(word[0], ()):
        if word.startswith(before) and len(word) - len(before) >= _SHORTEST:
            yield word[len(before) :]
