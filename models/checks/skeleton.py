"""Whether an Arabic word may be an English name: both are brought down to their consonants and compared.

Short vowels are not written in Arabic and long ones are spelt in many ways in English, so vowels, w, y and h say
little. What is left is written in a few classes of sounds; a letter that may stand for several gives several
skeletons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import product

from rapidfuzz.distance import Levenshtein

from models.checks.places import rows
from models.text.folding import fold

MOST = 12  # skeletons of one word
SHORTEST = 3  # sounds of a name; a shorter one is like too many words to be judged


@cache
def _sounds(language: str) -> list[tuple[str, tuple[str, ...]]]:
    """(letters, the classes of sounds that they may stand for) of data/sounds.tsv."""
    found = (line[1:] for line in rows("sounds.tsv") if line[0] == language)
    return [(letters, tuple(one.strip("-") for one in classes.split())) for letters, classes in found]


@cache
def _arabic() -> dict[str, tuple[str, ...]]:
    return {letter: classes for letters, classes in _sounds("ar") for letter in letters}


@cache
def _english() -> list[tuple[re.Pattern[str], tuple[str, ...]]]:
    return [(re.compile(letters), classes) for letters, classes in _sounds("en")]


@lru_cache(maxsize=50000)
def arabic(word: str) -> frozenset[str]:
    """The skeletons of an Arabic word as it stands, and without what may be a prefix or an ending."""
    word = fold(word)
    forms = {word}
    for prefix in ("وال", "بال", "فال", "كال", "ال", "لل", "و", "ب", "ل", "ف", "ك"):
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            forms.add(word[len(prefix) :])
            if prefix == "ال":
                break
    for form in list(forms):
        for ending in ("يون", "يين", "يه", "ات", "ين", "ون", "ي", "ا"):
            if form.endswith(ending) and len(form) - len(ending) >= 3:
                forms.add(form[: -len(ending)])
                break
    return frozenset(skeleton for form in forms for skeleton in _all(_arabic().get(c, ("",)) for c in form))


@lru_cache(maxsize=50000)
def english(word: str) -> frozenset[str]:
    """The skeletons of an English name (any case), also without -s or -n, -ian, -ese at its end."""
    word = word.lower()
    forms = {word, re.sub(r"(?:ians?|ns?|ese|ish|is?|ic|s)$", "", word)}
    forms.add(re.sub(r"(?<=\w\we)[rt]$", "", word))  # as in French: Vautier, Piquet
    found: set[str] = set()
    for form in forms:
        classes, at = [], 0
        while at < len(form):
            for pattern, choices in _english():
                if match := pattern.match(form, at):
                    last = match.end() == len(form)
                    classes.append(choices[:1] if choices == ("S", "") and not last else choices)
                    at = match.end()
                    break
        found |= set(_all(classes))
    return frozenset(found)


def with_w(name: str) -> frozenset[str]:
    """The skeletons of an English name, also with the W that it begins with: Arabic writes West as و and "six"."""
    found = english(name)
    return found | {f"W{one}" for one in found} if name[0] == "W" else found


def _all(classes: Iterable[tuple[str, ...]]) -> list[str]:
    choices = list(classes)
    found = []
    for combination in product(*choices):
        found.append(re.sub(r"(.)\1+", r"\1", "".join(combination)))
        if len(found) >= MOST:
            break
    return found


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two words may be one name: equal skeletons, or one sound apart in four, two in seven."""
    if not one.isdisjoint(other):
        return True
    return any(_near(a, b) for a in one for b in other)


def _near(a: str, b: str) -> bool:
    longest = max(len(a), len(b))
    allowed = 2 if longest >= 6 else 1 if longest >= 4 else 0
    return Levenshtein.distance(a, b, score_cutoff=allowed) <= allowed
