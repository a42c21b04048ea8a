"""Whether an Arabic word may be an English name: both are brought down to their consonants and compared.

Short vowels are not written in Arabic and long ones are spelt in many ways in English, so vowels, w, y and h say
little. What is left is written in a few classes of sounds; a letter that may stand for several gives several
skeletons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import product

from rapidfuzz.distance import Levenshtein

from models.text.folding import fold

# The classes: B (b p v f), T (t d th), S (s z sh), J (j, soft g, ch), K (k q g kh), R, L, M, N.
_ARABIC = {
    **dict.fromkeys("بفپڤ", ("B",)),
    **dict.fromkeys("تطدض", ("T",)),
    **dict.fromkeys("ثذ", ("T", "S")),
    "ظ": ("S", "T"),
    **dict.fromkeys("سصزش", ("S",)),
    "ج": ("J", "K"),
    "چ": ("J",),
    **dict.fromkeys("كقخگ", ("K",)),
    "غ": ("K", "R"),
    "ر": ("R",),
    "ل": ("L",),
    "م": ("M",),
    "ن": ("N",),
    "و": ("", "B"),
}
_ENGLISH = [
    (re.compile(pattern), classes)
    for pattern, classes in (
        ("tsch|tch|dj", ("J",)),
        ("sch", ("S", "SK")),
        ("cz", ("J", "S", "TS")),
        ("zh", ("J", "S", "TS")),
        ("q(?=i)", ("J", "TS", "K")),
        ("h(?=ua)", ("", "K")),  # Xinhua, شينخوا
        ("c$", ("K", "J", "TS")),  # Raonic, راونيتش
        ("sh|ss|zz", ("S",)),
        ("ch", ("J", "S", "K")),
        ("kh|ck|cc|qu|kk|gg", ("K",)),
        ("gh", ("K", "")),
        ("ph|bb|pp|ff", ("B",)),
        ("th", ("T", "S")),
        ("dh", ("T", "S")),
        ("tt|dd", ("T",)),
        ("tz|ts", ("TS", "S")),
        ("c(?=[eiy])", ("S", "J", "K")),
        ("c|k|q", ("K",)),
        ("g(?=[eiy])", ("J", "K")),
        ("g", ("K",)),
        ("j", ("J", "", "K", "S")),
        ("x", ("KS", "S", "")),
        ("z", ("S", "TS")),
        ("s", ("S", "")),
        ("t|d", ("T",)),
        ("ll", ("L", "")),
        ("v", ("B", "")),
        ("b|p|f", ("B",)),
        ("rr|r", ("R",)),
        ("l", ("L",)),
        ("mm|m", ("M",)),
        ("nn|n", ("N",)),
        (".", ("",)),
    )
]
MOST = 12  # skeletons of one word
SHORTEST = 3  # sounds of a name; a shorter one is like too many words to be judged


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
    return frozenset(skeleton for form in forms for skeleton in _all(_ARABIC.get(c, ("",)) for c in form))


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
            for pattern, choices in _ENGLISH:
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
