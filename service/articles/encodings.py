"""Bytes to text: UTF-8, UTF-16 and Windows-1256, told apart, and nothing replaced.

A byte order mark or valid UTF-8 says what a file is; anything else is a guess, and is marked as one. What is read
always encodes back to the very bytes that were there.

Arabic of 8 bits is guessed by a rule of our own: how usual its letters are, and where they stand in a word, when the
bytes are read as Windows-1256 and as ISO-8859-6 (which is never guessed: Mac Arabic has the same letters at the same
places). What is too short to tell is refused. charset-normalizer 3.5.2 needs longer texts: of pieces of Windows-1256
from the Arabic FLORES dev set and our own articles (400 for each length; 100 for charset-normalizer) were read rightly

    characters            5      10      20      40      80     200    1,000
    ours                 50%     80%     97%    100%    100%    100%    100%
    charset-normalizer    0%     20%     74%     98%    100%    100%    100%

The rest ours refused. It read as Windows-1256 what was not: of 400 pieces of Mac Arabic 5 of 5 characters and 1 of 20;
of 200 each of ten languages in their old encodings, 21 Greek and Hebrew ones of 5 characters and one German one each
of 5, 10 and 20; of 400 of ISO-8859-6 one of 5; no DOS code page and no broken UTF-8 at any length.
"""

from __future__ import annotations

import codecs
import math
import re
from dataclasses import dataclass

from models.errors import InputError

HEAD = 64 * 1024  # bytes that are enough to tell an encoding from

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
_ARABIC = re.compile("[\u0621-\u064a]")
# What Arabic (and any Latin) text consists of; its UTF-16 read with the wrong byte order consists of little of this.
_USUAL = re.compile("[\t-\r -~\u00a0-\u024f\u0600-\u06ff\u2000-\u206f\u20a0-\u20bf\ufb50-\ufdff\ufe70-\ufeff]")

# Letters of a thousand in Arabic news, from the most to the least usual.
_LETTERS = "الميونتربةدعسقفأحهجكطشخصإىزثضغئذءظآؤ"
_SHARES = "146 114 67 66 56 52 51 50 36 33 32 31 25 25 24 23 20 17 14 14 12 10 10 9 9 9 8 7 6 6 5 4 4 2 1 1".split()
_WEIGHTS = {letter: math.log(int(share) / 1000) for letter, share in zip(_LETTERS, _SHARES, strict=True)}
_WEIGHTS |= dict.fromkeys(map(chr, range(0x64B, 0x653)), math.log(0.03))  # vowel signs come densely
_WEIGHTS |= dict.fromkeys("،؛؟«»“”‘’–—…•ـ\u00a0\u200c\u200d\u200e\u200f", math.log(0.004))
_WEIGHTS |= dict.fromkeys("پچژگ°", math.log(0.0005))
_STRANGE = math.log(0.00001)
_INSIDE = re.compile("[ةى](?=[\u0621-\u063a\u0641-\u064a])")  # letters that only end words
_AT_START = re.compile("(?<![\u0621-\u065f])[ةىءئؤ]")  # letters that do not begin words
_ARTICLE = re.compile("(?<![\u0621-\u065f])[وبف]?ال(?=[\u0621-\u064a]{2})")
_MIXED = re.compile("[A-Za-z\u00c0-\u024f][\u0621-\u064a]|[\u0621-\u064a][A-Za-z\u00c0-\u024f]")
_PLAUSIBLE = -3.9  # mean weight of a character; Arabic has about -3.2, read wrongly under -4.5
_MARGIN = 4.0  # how much likelier than the other reading, as a natural logarithm


class Unreadable(ValueError):
    """Bytes that are no text of a known encoding; the message names what was tried."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to read a text: the name of Python's codec, the bytes of the mark before the text, and how it is known."""

    name: str
    mark: int = 0
    guess: bool = False


def known(name: str) -> str:
    """`name` if it is an encoding that can be asked for; else InputError."""
    try:
        b"00".decode(name, "ignore")  # a codec of bytes to bytes, such as hex, is refused here
    except (LookupError, ValueError):
        raise InputError(
            "--encoding", f"{name!r} is no encoding; choose utf-8, utf-16, windows-1256, iso-8859-6 or any of Python's"
        ) from None
    return name


def decode(data: bytes, asked: str | None = None, declared: str | None = None) -> tuple[str, Encoding]:
    """(text, how it was read) of a whole file; raises Unreadable.

    `asked` is read as told; `declared`, what the file says of itself, is believed where it gives Arabic.
    """
    encoding = detect(data, True, asked, declared)
    try:
        text = data[encoding.mark :].decode(encoding.name)
    except UnicodeDecodeError as error:
        raise Unreadable(f"is not {label(encoding)} (byte {encoding.mark + error.start})") from None
    if "\0" in text:
        raise Unreadable(f"is no text: character {text.index(chr(0))} is NUL, read as {label(encoding)}")
    return text, encoding


def detect(head: bytes, whole: bool, asked: str | None = None, declared: str | None = None) -> Encoding:
    """The encoding of a text that begins with `head`, or is it; raises Unreadable where none fits."""
    mark = next(((len(bom), name) for bom, name in _BOMS if head.startswith(bom)), None)
    if asked:
        name = codecs.lookup(asked).name
        if name == "utf-16":  # the mark says which; without one the usual byte order
            marked = mark and mark[1] in ("utf-16-le", "utf-16-be")
            return Encoding(mark[1], mark[0]) if mark and marked else Encoding("utf-16-le")
        return Encoding(name, mark[0]) if mark and mark[1] == name else Encoding(name)
    if mark:
        return Encoding(mark[1], mark[0])
    as_utf8 = _decoded(head, "utf-8", whole)
    if (as_utf8 is None or _CONTROL.search(as_utf8)) and (found := _utf16(head, whole)):
        return found
    if as_utf8 is not None and "\0" not in as_utf8:
        return Encoding("utf-8")
    if declared and (text := _decoded_as(head, declared, whole)) and plausible(text):
        return Encoding(codecs.lookup(declared).name)
    return _windows_1256(head[:HEAD])


def label(encoding: Encoding) -> str:
    """The encoding's name as people write it."""
    return {"cp1256": "Windows-1256"}.get(encoding.name, encoding.name.upper())


def plausible(text: str) -> bool:
    """Whether this is Arabic, judged by how usual its letters are; a false reading of Arabic bytes is not."""
    return bool(_ARABIC.search(text)) and _weight(text)[1] > _PLAUSIBLE


def _windows_1256(head: bytes) -> Encoding:
    try:
        head.decode("utf-8")
        fault = "has NUL bytes"
    except UnicodeDecodeError as error:
        fault = f"is not UTF-8 (byte {error.start})"
    readings = [("cp1256", head.decode("cp1256"))]
    if (other := _decoded(head, "iso8859-6", True)) is not None:
        readings.append(("iso8859-6", other))
    ranked = sorted(((*_weight(text), name) for name, text in readings if plausible(text)), reverse=True)
    tried = f"{fault}, not UTF-16, and as Windows-1256 no likely Arabic; tell its encoding with --encoding"
    if not ranked or b"\0" in head:
        raise Unreadable(tried)
    if ranked[0][-1] != "cp1256":
        raise Unreadable(f"{tried} (iso-8859-6 or mac_arabic?)")
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _MARGIN:
        raise Unreadable(f"{fault}, and too short to tell Windows-1256 from ISO-8859-6; tell it with --encoding")
    return Encoding("cp1256", guess=True)


def _weight(text: str) -> tuple[float, float]:
    """(whole, mean for each character that is not ASCII): the logarithm of how likely this is as Arabic."""
    seen = [c for c in text if c > "\x7f"]
    total = sum(_WEIGHTS.get(c, _STRANGE) for c in seen) + 2 * len(_ARTICLE.findall(text))
    total -= 6 * len(_INSIDE.findall(text)) + 4 * len(_AT_START.findall(text))
    total -= 8 * (len(_MIXED.findall(text)) + len(_CONTROL.findall(text)))
    return total, total / max(1, len(seen))


def _utf16(head: bytes, whole: bool) -> Encoding | None:
    """UTF-16 without a mark: the byte order in which at least 95 of 100 characters are usual, if there is one."""
    for name in ("utf-16-le", "utf-16-be"):
        text = _decoded(head, name, whole)
        if text and not _CONTROL.search(text) and len(_USUAL.findall(text)) >= 0.95 * len(text):
            return Encoding(name, guess=True)
    return None


def _decoded(head: bytes, name: str, whole: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(name)().decode(head, whole)
    except UnicodeDecodeError:
        return None


def _decoded_as(head: bytes, declared: str, whole: bool) -> str | None:
    try:
        return _decoded(head, known(declared), whole)
    except InputError:
        return None
