"""Whether a text is one to make a brief of: Arabic, and in the letters in which it was written.

Of anything else the model writes fluent English all the same, which says what nobody wrote. Flags mark single
sentences; a whole text of this kind is better refused, by a name that tells its sender what to mend.
"""

from __future__ import annotations

import re
from functools import lru_cache

from models.checks import dialect, order
from models.text import joined
from models.text.normalize import normalize

READ = 4_000  # characters, from which a text is told
ENOUGH = 10  # words, and letters of an encoding read wrongly
# Of 8,472 articles of Arabic news the least had 70 known words in a hundred, of texts in Persian, Urdu, Kurdish,
# Pashto, Uyghur, Sindhi and Malay the most 22. Dialects, of which the list has few, are told by words of their own.
KNOWN = 0.3
WRONG = ("cp1252", "cp1256")  # as what Arabic in UTF-8 or Windows-1256 is shown if read wrongly
_WORD = re.compile("[ء-ي]{2,}")
_LETTER = re.compile(r"[^\W\d_]")
_ACCENTED = re.compile("[\u00c0-\u00ff]{3,}")


@lru_cache(4)  # a job asks when it is accepted and when it is begun
def illegible(text: str) -> str:
    """What is wrong with a text, in words that follow the name of its field; "" if a brief can be made of it."""
    text = text[:READ]
    if encoding := misread(text):
        return f"is mojibake: {encoding}; read the file as what it is, and send the text again"
    if text.count("\ufffd") > len(_LETTER.findall(text)) / 10:
        return "has lost its letters: signs that stand for unreadable ones (U+FFFD) are in their place"
    if language := dialect.language(text):
        return f"is {language}, not Arabic, which alone can be translated"
    words = _WORD.findall(normalize(text))
    known = sum(map(joined.known, words))
    if len(words) >= ENOUGH and known < KNOWN * len(words) and not dialect.dialect(text):
        return (
            "is not Arabic but another language in Arabic letters, or none: of its first "
            f"{len(words):,} words {known:,} are Arabic ones"
        )
    return "has its words in no order that makes sense in Arabic" if order.disordered(text) else ""


def misread(text: str) -> str:
    """How Arabic came to be other letters, if it did: "UTF-8 read as Windows-1256"."""
    for encoding in WRONG:
        data = b"".join(_byte(character, encoding) for character in text)
        read = data.decode("utf-8", errors="replace")
        if len(re.findall("[ء-ي]", read)) > max(ENOUGH, 5 * read.count("\ufffd")):
            return f"Arabic in UTF-8 read as {_label(encoding)}"
    if not _WORD.search(text):
        words = _WORD.findall(" ".join(_ACCENTED.findall(text)).encode("cp1252", "replace").decode("cp1256", "replace"))
        if len(words) >= ENOUGH / 2 and sum(map(joined.known, words)) > KNOWN * len(words):
            return f"Arabic in Windows-1256 read as {_label('cp1252')}"
    return ""


def _byte(character: str, encoding: str) -> bytes:
    """The byte that was read as this character; where the encoding has none, browsers and others take its number."""
    try:
        return character.encode(encoding)
    except UnicodeEncodeError:
        return bytes([ord(character)]) if ord(character) < 256 else b"?"


def _label(encoding: str) -> str:
    return {"cp1256": "Windows-1256", "cp1252": "Windows-1252 (Western)"}[encoding]
