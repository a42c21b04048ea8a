"""Names of a source against those of its translation: people, places, organisations.

Only listed names (`places`) and given names are looked for: what else begins with a capital is as often a right
translation as an invention. A name is only called missing, or not the source's, if nothing on the other side is known
to be it or sounds like it (`skeleton`).
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from models.checks import places, skeleton
from models.checks.skeleton import SHORTEST
from models.text.folding import fold

_ARABIC_WORD = re.compile("[ء-ي\u067e\u0686\u06a4\u06af]+")
LONG = 6  # letters; a shorter word is too soon taken apart (Guterres is no gut)
# What English adds to a word, and what that may have taken off it.
_ENDINGS = (
    *((ending, ("y",)) for ending in ("ies", "ied", "ier", "ily")),
    *(
        (ending, ("", "e"))
        for ending in ("ers", "est", "ing", "ed", "er", "ist", "ists", "ism", "al", "able", "ion", "ive")
    ),
    *((ending, ("",)) for ending in ("ness", "es", "ly", "s", "less", "ful", "ment")),
    ("ical", ("y", "ic", "")),
)
_BEFORE = ("un", "trans", "inter", "anti", "non", "sub", "super", "neo", "post", "pre", "pro", "over", "ultra")

PARTICLES = frozenset(
    "من عن في علي الي ان انه انها هو هي هم او اي كل بعد قبل مع لم لن لا ما قد كان كانت كما هذا هذه ذلك "
    "تلك التي الذي الذين بين حتي منذ خلال عند لدي وقد وقال قال ثم اذا لو كي بل لكن ولكن وفي ومن".split()
)


@cache
def is_ordinary(word: str) -> bool:
    """Whether an English word (in small letters) is in the dictionary, as it stands or without an ending."""
    known = places.word_list("english-words.txt")
    if word in known or word in places.word_list("by-sense.txt") or len(word) < 3 or "'" in word:
        return True
    if any(
        word.startswith(before) and len(word) > len(before) + 3 and is_ordinary(word[len(before) :])
        for before in _BEFORE
    ):
        return True
    for ending, instead in _ENDINGS:
        if word.endswith(ending):
            stem = word[: -len(ending)]
            doubled = [stem[:-1]] if len(stem) > 3 and stem[-1] == stem[-2] else []
            forms = [*(stem + end for end in instead), *doubled]
            if any(form in known or (len(form) >= LONG and is_ordinary(form)) for form in forms):
                return True
    return False


def differences(source: str, text: str) -> tuple[list[str], list[str]]:
    """(names of `source`, in Arabic, that `text` lacks; names of `text` that `source` lacks); both normalised."""
    spans = [match.span() for match in _ARABIC_WORD.finditer(source)]
    arabic = [source[start:end] for start, end in spans]
    whole = fold(source)
    # Many write ى for ي (المصرى), but اليمنى (the right one) is not اليمني.
    folded = [whole[start:end] if source[end - 4 : end] != "يمنى" else source[start:end] for start, end in spans]
    english = places.english_tokens(text)
    here, there = places.find_arabic(folded), places.find_english(english)
    lost, gained = _known(folded, english, here, there)
    lost += _persons(folded, english, places.covered(here))
    latin = frozenset(places.latin_words(source))  # a source may hold English
    gained = [span for span in gained if not latin.issuperset(english[i][0] for i in range(*span))]
    missing = [" ".join(arabic[start:stop]) for start, stop in lost]
    return missing, [" ".join(english[i][1] for i in range(start, stop)) for start, stop in gained]


def _known(
    folded: list[str], english: list[places.Token], here: list[places.Found], there: list[places.Found]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The spans of listed names of each side without a counterpart."""
    said = frozenset().union(*(ids for ids, _, _ in there))
    meant = frozenset().union(*(ids for ids, _, _ in here))
    acronym = any(_is_acronym(written) and len(written) > 2 for _, written, _ in english)  # ACLU says American
    lost = [
        (start, stop)
        for ids, start, stop in here
        if ids.isdisjoint(said)
        and "?" not in ids
        and not (start and folded[start - 1].startswith(("دولار", "جوز")))
        and not (acronym and folded[stop - 1].endswith(("ي", "يه")))
    ]
    gained = [(start, stop) for ids, start, stop in there if ids.isdisjoint(meant)]
    money = " ".join(word for word in folded if word.endswith("استرليني") or "دولار" in word)
    if money:
        gained = [span for span in gained if not _of_money(money, english, *span)]
    if lost:
        named = places.covered(there)
        sounds = [
            skeleton.english(key)
            for i, (key, said_so, _) in enumerate(english)
            if said_so[0].isupper() and i not in named
        ]
        lost = [span for span in lost if not any(_sounds(folded[i], sounds, SHORTEST) for i in range(*span))]
    if gained:
        known = places.covered(here)
        voices = _voices([word for i, word in enumerate(folded) if i not in known])
        gained = [span for span in gained if not any(_heard(english[i][0], voices, SHORTEST) for i in range(*span))]
    return lost, gained


def _is_acronym(word: str) -> bool:
    """UN, REMs, AfCFTA."""
    return word.removesuffix("s").isupper() or sum(map(str.isupper, word)) > 2


def _of_money(money: str, english: list[places.Token], start: int, stop: int) -> bool:
    """Whether a name only says whose money it is: "US dollars" for dollars, "British pounds" and "UK£" for sterling."""
    name, after = english[start][0], english[stop][0] if stop < len(english) else ""
    if "دولار" in money and name in ("us", "american"):
        return after in ("dollar", "dollars")
    return "استرليني" in money and name in ("uk", "british")


def is_given_name(word: str) -> bool:
    """Whether a folded Arabic word is a listed given name as it stands."""
    return word in places.word_list("given-names.txt")


def _persons(folded: list[str], english: list[places.Token], known: set[int]) -> list[tuple[int, int]]:
    """Given names without an English word that sounds like them."""
    found = []
    for i, word in enumerate(folded):
        name = word if is_given_name(word) else word[1:] if word[0] in "ولب" and is_given_name(word[1:]) else ""
        if name and i not in known and not (i and folded[i - 1] in ("شارع", "مستشفي", "مدرسه", "سوره")):
            sounds = [skeleton.english(key) for key, _, _ in english]
            if not _sounds(name, sounds):
                found.append((i, i + 1))
    return found


def _voices(folded: list[str]) -> list[frozenset[str]]:
    """Skeletons of the source's words, and of each two words together (عبد الله is Abdullah)."""
    folded = [word for word in folded if word not in PARTICLES]
    pairs = [f"{one}{other.removeprefix('ال')}" for one, other in pairwise(folded)]
    return [skeleton.arabic(word) for word in (*folded, *pairs)]


def _sounds(word: str, sounds: list[frozenset[str]], shortest: int = 0) -> bool:
    mine = frozenset(one for one in skeleton.arabic(word) if len(one) >= shortest)
    return any(skeleton.alike(mine, other) for other in sounds)


def _heard(word: str, voices: list[frozenset[str]], shortest: int = 0) -> bool:
    mine = frozenset(one for one in skeleton.english(word) if len(one) >= shortest)
    return any(skeleton.alike(mine, other) for other in voices)
