"""What plants an error: from right pairs, wrong English for one of them, by rule and always the same.

Each planter yields what it can make of a pair, best first, and only what cannot be what the Arabic says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from models.checks.places import english_tokens, find_english
from models.text import tables

SWAPS = Path(__file__).parent / "data" / "swaps.tsv"
STEP = 37  # pairs from one whose words are taken for another

Pair = tuple[str, str]  # Arabic, English
Planter = Callable[[Sequence[Pair], int], Iterator[str]]  # the pairs, which of them -> wrong English for it


class Swap(NamedTuple):
    """An exchange of words: what is looked for, what is put there, what must be in the Arabic, where it is no error."""

    said: re.Pattern[str]
    instead: str
    arabic: re.Pattern[str]
    but: re.Pattern[str] | None


@cache
def _swaps(kind: str) -> tuple[Swap, ...]:
    found = []
    for row in tables.rows(SWAPS):
        its, said, instead, arabic, but = [*row, "", ""][:5]
        if its == kind:
            first = f"[{said[0]}{said[0].upper()}]" if said[0].islower() else re.escape(said[0])
            before = r"(?<=\d)\s?" if not said[0].isalnum() else r"(?<![\w-])"
            before = "" if said in ("$", "€", "£") else before
            behind = r"(?![\w-])" if said[-1].isalnum() else ""
            words = re.compile(before + first + re.escape(said[1:]) + behind)
            found.append(Swap(words, instead, re.compile(arabic), re.compile(but, re.I) if but else None))
    return tuple(found)


def _exchanged(kind: str) -> Planter:
    """Words for others of the table, the first of each that are found; never where the other is said as well."""

    def plant(pairs: Sequence[Pair], at: int) -> Iterator[str]:
        arabic, english = pairs[at]
        for swap in _swaps(kind):
            match = swap.said.search(english)
            if not match or not swap.arabic.search(arabic) or (swap.but and swap.but.search(english)):
                continue
            if swap.instead and re.search(rf"\b{re.escape(swap.instead)}\b", english, re.I) and kind == "opposite":
                continue
            if kind == "unit" and not _COUNTED.search(english[: match.start()]) and match.group() not in "$€£":
                continue
            yield _put(english, match.span(), swap.instead)

    return plant


_COUNTED = re.compile(r"(?:\d|hundred|thousand|illion|two|three|four|five|six|seven|eight|nine|ten|square)[ -]?$")


def _put(text: str, span: tuple[int, int], words: str) -> str:
    """`text` with `words` in the place of `span`, spaces and the first capital put right."""
    start, stop = span
    if not words and text[stop : stop + 1] in (" ", ","):
        stop += 1 + text[stop:].startswith(", ")
    if text[start].isupper() and words:
        words = words[0].upper() + words[1:]
    made = text[:start] + words + text[stop:]
    return made[:1].upper() + made[1:] if text[:1].isupper() else made


_DENIES_AR = re.compile(r"(?<!\w)[وف]?(?:لم|لن|لا|ليس\w*|غير|عدم|دون|ما|بلا)(?!\w)|يستحيل|مستحيل|رفض|نف[ىت]|فشل|منع")
_HELPERS = re.compile(r"(?<=[a-z] )(?:is|was|are|were|will|can|has been|have been|had been|should|would)(?= [a-z])")


def _denied(pairs: Sequence[Pair], at: int) -> Iterator[str]:
    """A denial dropped, or put in where nothing is denied."""
    arabic, english = pairs[at]
    yield from _exchanged("negation")(pairs, at)
    if not _DENIES_AR.search(arabic) and not english.endswith("?"):
        for match in _HELPERS.finditer(english):
            helper, *rest = match.group().split()
            if not re.match(r" (?:only|now)\b", english[match.end() :]):
                yield _put(english, match.span(), " ".join(["cannot" if helper == "can" else f"{helper} not", *rest]))
                return


_COUNTRIES = "Norway Peru Kenya Finland Chile Vietnam Portugal Ghana Romania Uruguay Latvia Bolivia".split()
_PEOPLES = "Norwegian Peruvian Kenyan Chilean Vietnamese Portuguese Romanian Bolivian Danish Polish".split()
_CITIES = "Oslo Lima Nairobi Santiago Hanoi Lisbon Bucharest Riga Warsaw Dhaka".split()
_PERSONS = ["Peter Halvorsen", "Maria Lindqvist", "Thomas Berger", "Helena Kowalska", "Samuel Okoro"]
_PEOPLE = re.compile(r"(?:ian|ean|ine|ish|ese|ican|ccan|nch|tch|eek|zech|wiss|aqi|aeli)s?$")
_PERSON = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+ [A-Z][a-z]{3,}(?= (?:said|says|told|who|added|won|lost|stated)\b)")
_TITLED = re.compile(r"(?<=(?:nister|sident|kesman|enator|fessor|author) )[A-Z][a-z]+ [A-Z]\w{3,}(?! [A-Z])")


def _named(pairs: Sequence[Pair], at: int) -> Iterator[str]:
    """A name for another of its kind."""
    english = pairs[at][1]
    for match in (*_PERSON.finditer(english), *_TITLED.finditer(english)):
        if not _places(match.group()):
            yield _put(english, match.span(), _PERSONS[at % len(_PERSONS)])
    for start, stop, kind in _places(english):
        others = {"city": _CITIES, "people": _PEOPLES, "country": _COUNTRIES}[kind]
        other = others[at % len(others)]
        if other not in english and not re.search(r"\w-$|\bnew $", english[:start], re.I):
            yield _put(english, (start, stop), other)


def _places(text: str) -> list[tuple[int, int, str]]:
    """(start, end, "city", "people" or "country") of the listed names of a text that begin with a capital."""
    tokens = english_tokens(text)
    found = []
    for ids, first, behind in find_english(tokens):
        start, stop = tokens[first][2], tokens[behind - 1][2] + len(tokens[behind - 1][1])
        name = next(iter(sorted(ids)))
        if name.startswith("city:"):
            found.append((start, stop, "city"))
        elif len(name) == 2 and not re.fullmatch(r"[A-Z.]+|Washington", text[start:stop]):
            found.append((start, stop, "people" if _PEOPLE.search(text[start:stop]) else "country"))
    return found


_DONE = "[a-z]{3,}ed|built|held|led|found|made|sent|won"
_PASSIVE = re.compile(rf"\b(?:was|were|is|are|being)((?: [a-z]+ly)?) ({_DONE}) by (?!\w+ing\b)")
_BEEN = re.compile(rf"\b(has|have|had) been ({_DONE}) by (?!\w+ing\b)")
_LINK = re.compile(r"(?:'s|s')? ?[^.;:()\"“”,]*?\b(?!and\b|or\b|of\b|in\b|the\b|to\b|near\b)[a-z]{3,}\b[^.;:()\"“”,]*")

_JOINED = re.compile(r"\b(?:and|or|nor|between|both|with|from)\b")


def _turned(pairs: Sequence[Pair], at: int) -> Iterator[str]:
    """Doer and victim exchanged: a passive made active, or the two names of a clause in each other's place."""
    english = pairs[at][1]
    for pattern, words in ((_PASSIVE, r"\1 \2 "), (_BEEN, r"\1 \2 ")):
        if match := pattern.search(english):
            yield english[: match.start()] + match.expand(words).lstrip() + english[match.end() :]
    found = _places(english)
    for (start, stop, kind), (begin, end, other) in pairwise(found):
        between = english[stop:begin]
        alike = kind != other or english[start : start + 4] == english[begin : begin + 4]
        if not alike and _LINK.fullmatch(between) and not _JOINED.search(english[max(0, start - 12) : begin]):
            yield english[:start] + english[begin:end] + between + english[start:stop] + english[end:]


_FIGURE = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)*(?![\w-])")
_WORDS = "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty".split()
_LABELS = ("January February March April June July August September October November December".split(),
           "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())  # fmt: skip


def _counted(pairs: Sequence[Pair], at: int) -> Iterator[str]:
    """A figure, number word, month or day of the week for another."""
    english = pairs[at][1]
    for match in _FIGURE.finditer(english):
        digits = match.group()
        first = str(int(digits[0]) % 9 + 1)
        last = str((int(digits[-1]) + 3) % 10)
        yield _put(english, match.span(), digits[:-1] + last if len(digits) > 3 else first + digits[1:])
    for names in (_WORDS, *_LABELS):
        for i, word in enumerate(names):
            said, other = re.search(rf"\b{word}\b(?!-)", english), names[(i + 3) % len(names)]
            if said and other not in english:
                yield _put(english, said.span(), other)


_TAIL = re.compile(
    r", (?:and|but|who|which|while|where|although|because|after|before|when|with|including|so)\b[^.;:,]{25,}(?=\.$)"
)
_MORE = re.compile(r", (?:and|but|so) (?:it|he|she|they|the|this|its|his|their|most|many) [^.;:,]{25,}(?=\.$)")
_INNER = re.compile(r"(?<=\w), (?:who|which|including|where|whose|a|an)\b[^.;:,]{20,}?, (?=[a-z])")
_AND = re.compile(r" and (?:is|was|are|were|has|had|have|will|can|\w+ed) [^.;:,]{20,}(?=\.$)")


def _cut(pairs: Sequence[Pair], at: int) -> Iterator[str]:
    """A clause left out: the last, or one between commas."""
    english = pairs[at][1]
    for pattern, instead in ((_TAIL, ""), (_AND, ""), (_INNER, " ")):
        if (match := pattern.search(english)) and match.start() > 30:
            yield english[: match.start()] + instead + english[match.end() :]


def _added(pairs: Sequence[Pair], at: int) -> Iterator[str]:
    """A clause or a sentence of another text behind what is right."""
    english = pairs[at][1]
    for distance in range(1, 40):
        other = pairs[(at + STEP * distance) % len(pairs)][1]
        if at % 2 and english.endswith(".") and (match := _MORE.search(other) or _AND.search(other)):
            yield english[:-1] + match.group() + "."
            return
        if not at % 2 and len(other) < 90 and other.endswith("."):
            yield f"{english} {other}"
            return


def _another(pairs: Sequence[Pair], at: int) -> Iterator[str]:
    """The translation of something else of about the same length; or the first words alone."""
    english = pairs[at][1]
    if at % 3 == 0 and len(english) > 60:
        yield " ".join(english.split()[:4]).rstrip(",;:.") + "."
    else:
        others = (pairs[(at + STEP + i) % len(pairs)][1] for i in range(60))
        yield min(others, key=lambda other: abs(len(other) - len(english)))


PLANTERS: dict[str, Planter] = {
    "negation": _denied,
    "opposite": _exchanged("opposite"),
    "relation": _exchanged("relation"),
    "roles": _turned,
    "name": _named,
    "number": _counted,
    "clause": _cut,
    "addition": _added,
    "other": _another,
    "unit": _exchanged("unit"),
    "hedge": _exchanged("hedge"),
}
