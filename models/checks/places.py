"""Names that are known in both languages: countries and their people, cities, organisations.

Countries, territories and cities (those of the time zones) are Unicode CLDR's, through babel; what CLDR lacks is in
data/names.tsv, which says how it is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from models.text import tables
from models.text.folding import fold

_DATA = Path(__file__).parent / "data"
# CLDR's names that are ordinary Arabic words as well, or English ones, and regions that are seldom named so.
_LEFT_OUT = frozenset("001 ML AQ QO XA XB ZZ EZ UM IO TF HM GS BV CP DG NU NR TO WF".split())
_ORDINARY = frozenset(
    "نوم وان ترك قطر سنتر واك استر سمراء سول فارو ماهي كوكوس العيون ديلي جوني سيتا بلم ناسو لومي "
    "كانتون مسقط كاسي".split()
)
# Latin letters without their accents, one for one, so that places stay: São Paulo is Sao Paulo.
_PLAIN = {chr(code): unicodedata.normalize("NFD", chr(code))[0] for code in range(0xC0, 0x250)}
_PREFIXES = ("", "و", "ف", "ب", "ل", "ك", "وب", "ول", "وك", "فب", "فل")
_ARABIC = re.compile("[\u0620-\u06ff]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’.][^\W\d_]+)*")


Token = tuple[str, str, int]  # an English word: as looked up, as written, where
Table = dict[str, list[tuple[tuple[str, ...], frozenset[str]]]]  # by a name's first word: what follows, and its ids
Found = tuple[frozenset[str], int, int]  # a known name: its ids ("?" among those of an ordinary word), from, to


def rows(name: str) -> list[list[str]]:
    """The lines of the file `name` of the data folder; see `tables.rows`."""
    return tables.rows(_DATA / name)


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of a file of one column."""
    return frozenset(word for (line,) in rows(name) for word in line.split())


class Gazetteer(NamedTuple):
    """Both sides."""

    arabic: Table
    english: Table


@cache
def gazetteer() -> Gazetteer:
    """The known names; read once, in about a tenth of a second."""
    arabic: dict[tuple[str, ...], set[str]] = {}
    english: dict[tuple[str, ...], set[str]] = {}
    for name, forms, translations in [*_ours(), *_cldr()]:
        for form in forms:
            arabic.setdefault(tuple(fold(form.removeprefix("?")).split()), set()).update(
                {name, *form[:1]} & {name, "?"}
            )
        for translation in translations:
            first, *others = english_tokens(translation)
            english.setdefault((_first(first), *(key for key, _, _ in others)), set()).add(name)
    return Gazetteer(_by_first(arabic), _by_first(english))


def _by_first(names: dict[tuple[str, ...], set[str]]) -> Table:
    table: Table = {}
    for words in sorted(filter(None, names), key=len, reverse=True):
        table.setdefault(words[0], []).append((words[1:], frozenset(names[words])))
    return table


def _ours() -> Iterator[tuple[str, list[str], list[str]]]:
    for name, arabic, english in rows("names.tsv"):
        yield name, [form for one in arabic.split(";") for form in _forms(one)], english.split(";")


def _forms(form: str) -> Iterator[str]:
    """A name; behind a "+", also its relative adjective, and each adjective in its genders and numbers."""
    ordinary = "?" if form.startswith("?") else ""
    name = form.lstrip("?+")
    yield f"{ordinary}{name}"
    folded = fold(name)
    adjective = folded
    if "+" in form:
        stem = re.sub("(?:يا|يه|ا|ه)$", "", folded[2:] if name.startswith("ال") else folded)
        adjective = f"{stem}ي"
    if adjective.endswith("ي") and " " not in adjective:
        for ending in ("", "ه", "ا", "ون", "ين", "ان", "تان", "تين"):
            yield f"{ordinary}{adjective}{ending}"
            yield f"{ordinary}ال{adjective}{ending}"


def _cldr() -> Iterator[tuple[str, list[str], list[str]]]:
    from babel import Locale

    arabic, english = Locale("ar"), Locale("en")
    for code, name in arabic.territories.items():
        if code not in _LEFT_OUT and not code.isdigit():
            plain = re.sub(r" \(.*", "", english.territories[code])
            yield code, [re.sub(r" \(.*", "", name)], [plain, plain.replace(" & ", " and ")]
    for zone, names in arabic.time_zones.items():
        city = names.get("city", "") if not zone.startswith("Antarctica/") else ""
        other = english.time_zones.get(zone, {})
        written = (other["city"] if "city" in other else zone.rpartition("/")[2].replace("_", " ")).partition(",")[0]
        if len(city) > 3 and city not in _ORDINARY and "،" not in city and "(" not in city:
            yield f"city:{zone}", [city], [written]


def plain(text: str) -> str:
    """`text` with its Latin letters without accents."""
    return text if text.isascii() else "".join(_PLAIN.get(character, character) for character in text)


def english_tokens(text: str) -> list[Token]:
    """(in small letters without full stops, as written, where) of each word, without its 's.

    Hyphenated words are taken apart, accents taken off.
    """
    found = []
    for match in _WORD.finditer(plain(text)):
        said = match.group()
        if "'" in said or "’" in said:
            said = re.sub(r"['’]s?$", "", said).replace("’", "'")
        found.append((said.lower().replace(".", ""), said, match.start()))
    return found


def latin_words(text: str) -> list[str]:
    """The words in Latin letters of an Arabic text, in small letters; وWFP and الـBBC hang on Arabic ones."""
    return [key for key, _, _ in english_tokens(_ARABIC.sub(" ", text))]


def find_arabic(words: list[str]) -> list[Found]:
    """(ids, first word, word behind) of the known names among folded Arabic words, the longest at each place."""
    table, found, at = gazetteer().arabic, [], 0
    while at < len(words):
        ids, length = _at(table, words, at)
        if ids:
            found.append((ids, at, at + length))
        at += max(1, length)
    return found


def _at(table: Table, words: list[str], at: int) -> tuple[frozenset[str], int]:
    word = words[at]
    for prefix in _PREFIXES:
        if not word.startswith(prefix):
            continue
        rest = word[len(prefix) :]
        if prefix.endswith("ل") and rest.startswith("ل"):
            rest = f"ا{rest}" if f"ا{rest}" in table else f"ال{rest}"
        for following, ids in table.get(rest, ()):
            if tuple(words[at + 1 : at + 1 + len(following)]) == following:
                return ids, 1 + len(following)
    return frozenset(), 0


def find_english(words: list[Token]) -> list[Found]:
    """(ids, first word, word behind) of the known names among English tokens that begin with a capital."""
    table, found, at = gazetteer().english, [], 0
    keys = [key for key, _, _ in words]
    while at < len(words):
        length = 1
        if words[at][1][0].isupper():
            for following, ids in (*table.get(_first(words[at]), ()), *table.get(keys[at], ())):
                if tuple(keys[at + 1 : at + 1 + len(following)]) == following:
                    length += len(following)
                    found.append((ids, at, at + length))
                    break
        at += length
    return found


def covered(found: list[Found]) -> set[int]:
    """The numbers of the words that are in found names."""
    return {i for _, start, stop in found for i in range(start, stop)}


def _first(word: Token) -> str:
    """Under what a name is found that begins with this word: an acronym as it is written (WHO is not Who)."""
    plain = word[1].replace(".", "")
    return plain if plain.isupper() and len(plain) > 1 else word[0]
