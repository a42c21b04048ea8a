"""Names get one spelling in an article: the one that is in most places, the first of several.

An English word is taken for a name only if it has a capital, is in no dictionary or list of places, and its consonants
are exactly those of one Arabic word of its sentence and of no other. Spellings are one name's only if that Arabic word
is the same; where other names follow it (Stephen Harper, Steven King), only those before the same one. Better two
spellings than two people made one.

Measured on FLORES-200 dev: of the 345 spellings that become another one where the reference and five systems are taken
for one article, four may be another name (Shakur and Lashkar, Antalya and Anatolia). In articles of four sentences,
each of one system, 12 of 5,982 sentences change: 6 names become right, 3 wrong (Rumney for Romney), 3 were wrong and
stay so. Which of two spellings is right is not known here, only that they are one name's: a glossary says which.

What it cannot do: merge a spelling that is wrong in its consonants, a name of fewer than three of them (Assad), a word
that is also an English one, or "al-" and "el-" before a name; and of two people whose names are one word in Arabic it
makes two only by what follows. A spelling and its plural or adjective are left as they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from models.checks import names, places, skeleton
from models.text.folding import fold
from models.text.normalize import normalize
from models.types import Change, NameUse, Translation
from models.wording.renderings import sound, voice

_ARABIC = re.compile(r"[ء-ي]+")
_PREFIX = re.compile(r"(?:[وف]?[بك]?ال|[وف]?لل|[وفبلك])(?=\w{3})")
_FOLLOWED = re.compile(r"[ -](?:(?:al|el|bin|ben|ibn|de|van|von)[ -])?[A-Z]")
_ENDING = re.compile(r"(?:s|es|n|ns|i|is|an|ans|ian|ians|ese|ite|ites|ist|ists|ism)$")


@dataclass(frozen=True, slots=True)
class _Mention:
    place: int  # of the translation, as given
    arabic: str  # as written
    key: str  # folded, without a prefix once that is known to be one
    following: str  # the Arabic word behind it, folded, if a capitalised word is behind the English one
    english: str
    start: int


def unify(
    translations: Sequence[Translation], indices: Sequence[int | None], fixed: Collection[str] = ()
) -> tuple[list[Translation], tuple[NameUse, ...]]:
    """The translations of one article with each name in one spelling, and all names found.

    `indices` are what the translations are called in the answer; the words of `fixed` (a glossary's) are not changed,
    and other spellings become them.
    """
    mentions = _keyed([m for place, t in enumerate(translations) for m in _mentions(place, t)])
    groups: dict[tuple[str, str], list[_Mention]] = {}
    followers: dict[str, set[str]] = {}
    for one in mentions:
        followers.setdefault(one.key, set()).update([one.following] if one.following else [])
    for one in mentions:
        groups.setdefault((one.key, one.following if len(followers[one.key]) > 1 else ""), []).append(one)
    texts = [translation.text for translation in translations]
    found: list[NameUse] = []
    edits: list[tuple[_Mention, str]] = []
    for group in groups.values():
        best = _best(group, fixed)
        spelt: dict[str, list[_Mention]] = {}
        for one in group:
            spelt.setdefault(best if _one_name(one.english, best, fixed) else one.english, []).append(one)
        for english, ones in spelt.items():
            others = [one for one in ones if one.english != english]
            edits += [(one, english) for one in others]
            changed = tuple(Change(indices[one.place], one.english) for one in others)
            where = tuple(dict.fromkeys(indices[one.place] for one in ones))
            found.append(NameUse(ones[0].arabic, english, where, changed))
    for one, english in sorted(edits, key=lambda edit: -edit[0].start):
        text = texts[one.place]
        texts[one.place] = text[: one.start] + english + text[one.start + len(one.english) :]
    pairs = zip(translations, texts, strict=True)
    return [t if t.text == text else replace(t, text=text) for t, text in pairs], tuple(_joined(found))


def keys(word: str) -> frozenset[str]:
    """What the spellings of a name (in small Latin letters) have in common, for those who look for it: how it sounds,
    or of a short name its consonants. None for what a dictionary has, and for what is too short for either."""
    if names.is_ordinary(word) or not re.fullmatch(r"[a-z]{3,30}", word):
        return frozenset()
    heard = frozenset(one for one in sound(word) if len(one) >= skeleton.SHORTEST)
    consonants = re.sub(r"(.)\1+", r"\1", re.sub("^[aeiou]+", "A", word))
    consonants = re.sub("[aeiouy]", "", consonants)
    return heard or frozenset(one for one in [consonants] if len(one) >= skeleton.SHORTEST)


def _best(group: Sequence[_Mention], fixed: Collection[str]) -> str:
    counts = Counter(one.english for one in group)  # in the order of the text, which max keeps
    return max(counts, key=lambda english: (english in fixed, counts[english]))


def _one_name(english: str, best: str, fixed: Collection[str]) -> bool:
    """Whether a spelling may be given up for the best: not if it is a form of it, or the glossary's own."""
    short, long = sorted((english.lower(), best.lower()), key=len)
    inflected = long != short and long.startswith(short) and _ENDING.fullmatch(long[len(short) :]) is not None
    return english not in fixed and not inflected


def _joined(found: Sequence[NameUse]) -> list[NameUse]:
    """Groups that have come to the same spelling as one."""
    joined: dict[tuple[str, str], NameUse] = {}
    for use in found:
        before = joined.get((use.arabic, use.english))
        if before:
            where = tuple(dict.fromkeys((*before.sentences, *use.sentences)))
            use = NameUse(use.arabic, use.english, where, (*before.changed, *use.changed))
        joined[use.arabic, use.english] = use
    return list(joined.values())


def _keyed(mentions: Sequence[_Mention]) -> list[_Mention]:
    """A word's first letters are a prefix if the article has the word without them."""
    bare = {one.key: one.arabic for one in mentions}
    found = []
    for one in mentions:
        rest = _PREFIX.sub("", one.key, count=1)
        known = rest in bare and not names.is_given_name(one.key)
        found.append(replace(one, key=rest, arabic=bare[rest]) if known else replace(one, arabic=bare[one.key]))
    return found


def _mentions(place: int, translation: Translation) -> list[_Mention]:
    """The names of a translation that are one word of its source each, in the order of the text."""
    candidates = list(_candidates(translation.text)) if translation.score is not None else []
    if not candidates:
        return []
    source = normalize(translation.sentence.text)
    written = _ARABIC.findall(source)
    arabic = [fold(word) for word in written]
    listed = places.covered(places.find_arabic(arabic))
    voices = [voice(word) for word in arabic]
    matched: dict[int, tuple[str, int]] = {}
    for english, start in candidates:
        heard = frozenset(one for one in sound(english) if len(one) >= skeleton.SHORTEST)
        at = [i for i, one in enumerate(voices) if not heard.isdisjoint(one)]
        if at and len({_PREFIX.sub("", arabic[i], count=1) for i in at}) == 1 and at[0] not in listed:
            free = [i for i in at if i not in matched]
            if free:
                matched[free[0]] = (english, start)
    found = []
    for i, (english, start) in sorted(matched.items(), key=lambda item: item[1][1]):
        named = _FOLLOWED.match(translation.text, start + len(english)) and i + 1 < len(arabic)
        found.append(_Mention(place, written[i], arabic[i], arabic[i + 1] if named else "", english, start))
    return found


def _candidates(text: str) -> list[tuple[str, int]]:
    """(word as written, where) of the capitalised words that no dictionary has."""
    tokens = places.english_tokens(text)
    listed = places.covered(places.find_english(tokens))
    return [
        (text[start : start + len(said)], start)
        for i, (key, said, start) in enumerate(tokens)
        if i not in listed and said[0].isupper() and not said.isupper() and len(said) > 3 and not names.is_ordinary(key)
    ]
