"""Arabic names in Latin letters, letter for letter (ALA-LC), for readers who cannot read them otherwise.

Arabic does not write short vowels, and none is guessed here: محمد is Mḥmd. Marks that are written are read.
"""

from __future__ import annotations

import re
import unicodedata

_CONSONANTS = dict(
    zip(
        "بتثجحخدذرزسشصضطظعغفقكلمنهپچژڤگکءئؤ",
        "b t th j ḥ kh d dh r z s sh ṣ ḍ ṭ ẓ ʿ gh f q k l m n h p ch zh v g k ʾ ʾ ʾ".split(),
        strict=True,
    )
)
_MARKS = dict(zip("ًٌٍَُِْـ", ["an", "un", "in", "a", "u", "i", "", ""], strict=True))
_ALIFS = {"ا": "a", "أ": "a", "ٱ": "a", "إ": "i"}  # at the beginning of a word
_GLIDES = {"و": ("w", "ū"), "ي": ("y", "ī"), "ی": ("y", "ī")}
_SHADDA = "\u0651"
_WORD = re.compile("[ء-ْٰ-ۓ]+")


def latin(name: str) -> str:
    """An Arabic name in Latin letters, each word with a capital; what is not Arabic stays as it is."""
    name = re.sub(f"([ً-ِ]){_SHADDA}", rf"{_SHADDA}\1", unicodedata.normalize("NFC", name))
    return _WORD.sub(lambda word: _word(word.group()), name)


def _word(word: str) -> str:
    article, rest = ("al-", word[2:]) if word.startswith("ال") and len(word) > 4 else ("", word)
    sounds: list[str] = []
    for at, letter in enumerate(rest):
        if letter == _SHADDA:
            sounds += sounds[-1:]
        else:
            sounds.append(_sound(letter, "".join(sounds), rest[at + 1 : at + 2]))
    letters = "".join(sounds).replace("iī", "ī").replace("uū", "ū").replace("aā", "ā")
    first = len(letters) - len(letters.lstrip("ʿʾ"))
    return article + letters[:first] + letters[first : first + 1].upper() + letters[first + 1 :]


def _sound(letter: str, before: str, after: str) -> str:
    """What a letter is in its place: و and ي are consonants at the beginning and beside other vowels."""
    if letter in _GLIDES:
        consonant, vowel = _GLIDES[letter]
        beside = before[-1:] in "āūīa" or (after != "" and after in "اآىَُِ")
        return consonant if beside else vowel
    if letter in _ALIFS:
        return "ā" if before and letter in "اٱ" else _ALIFS[letter]
    if letter == "ة":
        return "" if before.endswith("a") else "a"
    return _CONSONANTS.get(letter) or _MARKS.get(letter) or {"آ": "ā", "ى": "ā", "ٰ": "ā"}.get(letter, "")
