"""Arabic that was read in a wrong encoding and saved so (ط§ظ„, Ø§Ù„) -> what was written, where that is certain.

It is where every character is taken back to its byte, and all the bytes together are good text in the other encoding.
What lost a byte on its way stays as it is, and no brief is made of it (`models/checks/legible.py` says why). ftfy 6.3
does not know the Windows-1256 that Arabic files are read in.
"""

from __future__ import annotations

from models.checks.legible import ENOUGH, READ, misread

_READ_AS = (("cp1256", "utf-8"), ("cp1252", "utf-8"), ("cp1252", "cp1256"))  # (wrongly, rightly)


def mended(text: str, title: str | None = None) -> tuple[str, str | None, str]:
    """(the text, its title, how they came to be other letters): put right, or as they were and ""."""
    told = misread(text[:READ])
    for wrong, right in _READ_AS if told else ():
        found = _reread(text, wrong, right)
        if found and sum("ء" <= letter <= "ي" for letter in found) > ENOUGH and not misread(found[:READ]):
            return found, title and (_reread(title, wrong, right) or title), told
    return text, title, ""


def _reread(text: str, wrong: str, right: str) -> str | None:
    try:
        return b"".join(_byte(character, wrong) for character in text).decode(right).lstrip("\ufeff")
    except UnicodeError:
        return None


def _byte(character: str, encoding: str) -> bytes:
    """The byte that was read as this character; where the encoding has none, browsers and others take its number."""
    try:
        return character.encode(encoding)
    except UnicodeEncodeError:
        return character.encode("latin-1")
