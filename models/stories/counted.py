"""What the numbers of an Arabic sentence count: 12 قتيلا, مقتل 12 شخصا and عدد القتلى إلى 12 all count the dead.

`models.checks.numbers.numerals_ar` reads the numbers; here the words around each say what it is a number of. People are
told apart by what happened to them (a list of the commonest words of news), other things by the noun that follows; of
broken plurals only those in the list meet their singular. Ordinals, times of day and fractions are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.checks.numbers.numerals_ar import read
from models.checks.numbers.quantities import Quantity
from models.text.folding import fold
from models.text.normalize import normalize
from models.text.tables import rows, word_sets
from models.text.terms import terms

_DATA = Path(__file__).parent / "data"
# What happened to people, and things that are counted: {name in English: words, of which the stems are compared}.
_COUNTED = rows(_DATA / "counted.tsv")
STATES = {name: words.split() for kind, name, words in _COUNTED if kind == "state"}
THINGS = {name: words.split() for kind, name, words in _COUNTED if kind == "thing"}
_SOME = frozenset({"children", "women", "soldiers", "pupils"})  # people of a kind, to whom something may have happened
_WORDS = word_sets(_DATA / "words.tsv")
FUNCTION = _WORDS["function"]
_TWO = re.compile(r"(?!\w?[إا]ثن)\w{3,}(?:ان|ين)")  # two of something, but for the word two
_ORDINAL = re.compile(r"[وفبل]?(?:ال|لل)(?:ثان|ثالث|رابع|خامس|سادس|سابع|ثامن|تاسع|عاشر|حادي|اول)\w*")
_TOKEN = re.compile(r"[^\W\d_]+|[،؛؟!()«»]|\.(?!\d)")
_LEFT, _RIGHT = 5, 6  # words before and after a number that may say what it counts


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what it counts.

    `what` is the same for figures of the same thing: a name of STATES or THINGS or both ("dead children"), "persons",
    "percent", "money dollar", "year", "day of month 12", or "word " and the stem of the noun. `values` are readings as
    in `Quantity`; `said` holds the words, normalised. `rough` is true of "about 12" and "at least 12". `near` are
    stems of the words around.
    """

    what: str
    values: tuple[float | str, ...]
    said: str
    rough: bool
    near: frozenset[str]

    def equals(self, other: Figure) -> bool:
        """Whether both can be read as one number of one thing."""
        return self.what == other.what and not set(self.values).isdisjoint(other.values)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str  # folded; "" for a mark that ends a clause
    start: int
    end: int


def figures(text: str) -> list[Figure]:
    """The figures of an Arabic text that count something known, in order."""
    text = normalize(text)
    quantities = read(text)
    numbers = [one for one in quantities if _counts(text, one)]
    words = [_Word(fold(m[0]) if m[0][0].isalpha() else "", m.start(), m.end()) for m in _TOKEN.finditer(text)]
    found: list[Figure] = []
    begin = 0
    for place, one in enumerate(numbers):
        end = one.at + len(one.said)
        stop = numbers[place + 1].at if place + 1 < len(numbers) else len(text)
        before = _until_mark([w for w in reversed(words) if begin <= w.start and w.end <= one.at], _LEFT)
        after = _until_mark([w for w in words if end <= w.start and w.end <= stop], _RIGHT)
        labels = [q for q in quantities if q.kind in ("currency", "month") and abs(q.at - end) < 12]
        what, last = _what(one, before, after, labels)
        if not what and found and begin and all(w.text in FUNCTION or w.text == "و" for w in before):
            what = found[-1].what  # from 9 to 15
        if what:
            near = frozenset(s for w in words if abs(w.start - one.at) < 60 for s in terms(w.text)) - FUNCTION
            rough = any(w.text in _WORDS["rough"] or w.text[1:] in _WORDS["rough"] for w in before[:3])
            rough = rough or any(w.text in _WORDS["rough behind"] for w in after[:4])
            found.append(Figure(what, one.values, text[one.at : max(end, last)], rough, near))
        begin = end
    return found


def _counts(text: str, one: Quantity) -> bool:
    """Whether a quantity counts anything: no ordinal, time of day, fraction or single one, and no seeming dual."""
    end = one.at + len(one.said)
    if one.kind == "loose":
        return bool(_dual(one.said))
    if one.kind != "number" or _ORDINAL.fullmatch(fold(one.said)):
        return False
    if text[end : end + 1] == ":" or (one.at and text[one.at - 1] == ":"):
        return False
    value = one.values[0]
    return one.sure and not (isinstance(value, float) and 0 < value < 1 and not one.percent)


def _dual(word: str) -> str:
    """What شخصان or شاحنتين is two of, if it is known to be a dual: a name of STATES or THINGS, or "persons"."""
    match = re.fullmatch(r"([وفب]?(?:ال|لل|ل(?=\w{5}))?)(\w{2,}?)(ت?)(ان|ين)", fold(word))
    if not match:
        return ""
    stem = match[2]
    if match[4] == "ين" and stem in _WORDS["sound plurals"]:
        return ""
    if stem == "شخص":
        return "persons"
    return _group(f"{stem}ه") if match[3] else _group(stem)


def _what(one: Quantity, before: list[_Word], after: list[_Word], labels: Iterable[Quantity]) -> tuple[str, int]:
    """What a number counts ("" if that is not known), and where the words end that say so."""
    if one.percent:
        return "percent", after[0].end if after and "ميه" in after[0].text.replace("ا", "") else 0
    for label in labels:
        if label.kind == "currency":
            return f"money {label.values[0]}", label.at + len(label.said)
        if label.at > one.at and one.values[0] in range(1, 32):
            return f"day of month {label.values[0]}", label.at + len(label.said)
    if before and before[0].text in ("عام", "سنه", "لعام", "بعام", "العام") and one.values[0] in range(1900, 2101):
        return "year", 0
    if one.values[0] == 2 and (_dual(one.said) or _TWO.fullmatch(one.said)):
        two = _dual(one.said) or f"word {terms(one.said)[0]}"
        state = "" if two in STATES or (two in THINGS and two not in _SOME) else _happened(before, [])
        return f"{state} {two}".strip() if two in THINGS else state or two, 0
    following = after[1:] if after and after[0].text == "من" else after
    noun = following[0] if following and following[0].text not in FUNCTION else None
    if noun is None:
        return _happened(before, after) or next(filter(None, (_group(w.text) for w in before)), ""), 0
    name = _group(noun.text)
    if name in STATES or (name and name not in _SOME):
        return name, noun.end
    if noun.text in _WORDS["people"] or noun.text.removesuffix("ا") in _WORDS["people"]:
        return _happened(before, following[1:]) or "persons", noun.end
    state = _happened(before, [])
    if name:
        return f"{state} {name}".strip(), noun.end
    stem = terms(noun.text)[0]
    return state or (f"word {stem}" if len(stem) > 1 else ""), noun.end


def _happened(before: Iterable[_Word], after: Iterable[_Word]) -> str:
    """The state that the words say people are in, the nearest before the number first."""
    return next((name for word in (*before, *after) if (name := _group(word.text)) in STATES), "")


def _until_mark(words: list[_Word], most: int) -> list[_Word]:
    marks = [i for i, word in enumerate(words) if not word.text]
    return words[: min([most, *marks])]


@cache
def _groups() -> dict[str, str]:
    return {stem: name for name, forms in (STATES | THINGS).items() for word in forms for stem in terms(fold(word))}


def _group(word: str) -> str:
    """The name in STATES or THINGS of a folded word, or nothing."""
    known = _groups()
    for form in (word, word[1:] if word[:1] in ("ب", "ل", "ك") else ""):
        stem = terms(form)
        if stem and stem[0] in known:
            return known[stem[0]]
    return ""
