"""A PDF on standard input -> its pages' lines as JSON: a program, to be run by itself (`apart.py`).

[[[text, left, right, bottom, top], ...] a page], in points from the page's lower left. Exit status 3: what is wrong
with the file is on standard output.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import unicodedata
from collections.abc import Iterator
from ctypes import byref, c_double
from itertools import pairwise
from typing import Any, NamedTuple

MEMORY, SECONDS = 2 * 2**30, 100  # that reading one file may take
PAGES = 5_000
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdff\ufe70-\ufefc]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
# What keeps its order from left to right within Arabic: numbers with their signs, Latin words, addresses.
_NUMBER = r"[-+]?[$€£]?(?:[0-9]+(?:[.,:/%-][0-9]+)*|[٠-٩]+(?:[٫٬.,:/%-][٠-٩]+)*|[۰-۹]+(?:[٫٬.,:/-][۰-۹]+)*)[%٪]?"
_WORDS = r"[A-Za-z\u00c0-\u024f](?:[\w&.@/:?=+~#' -]*[\w/])?"
_KEPT = re.compile(rf"(?:(?!{_ARABIC.pattern})(?:{_NUMBER}|{_WORDS}(?<!{_ARABIC.pattern})))|.", re.DOTALL)
_MIRRORED = dict(zip("()[]{}<>«»‹›", ")(][}{><»«›‹", strict=True))
_MIRROR = str.maketrans("".join(_MIRRORED), "".join(_MIRRORED.values()))
_ALIFS = "اأإآٱ"


class Sign(NamedTuple):
    """A character, its box, its font's size, and its number in PDFium's order."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    number: int
    spaced: bool  # PDFium saw a blank before it

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def main() -> int:
    """Read, and print; the exit status."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        if len(document) > PAGES:
            print(f"has {len(document):,} pages; at most {PAGES:,} are read", end="")
            return 3
        pages = [list(lines(document, number)) for number in range(len(document))]
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        print("is encrypted: a password is needed" if locked else f"is no PDF, or a damaged one: {error}", end="")
        return 3
    json.dump(pages, sys.stdout)
    return 0


def lines(document: Any, number: int) -> Iterator[list]:
    """The lines of a page."""
    page = document[number]
    text = page.get_textpage()
    for signs in _lines_of(text):
        if told := ordered(signs).strip():
            box = (min(s.left for s in signs), max(s.right for s in signs))
            yield [told, *box, min(s.bottom for s in signs), max(s.top for s in signs)]
    text.close()
    page.close()


def _lines_of(text: Any) -> Iterator[list[Sign]]:
    """The signs of each line, as PDFium parts them."""
    import pypdfium2.raw as pdfium

    line: list[Sign] = []
    spaced = False
    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    loose = pdfium.FS_RECTF()
    for i in range(text.count_chars()):
        sign = _letter(pdfium.FPDFText_GetUnicode(text, i))
        if sign in "\r\n":
            if line:
                yield line
            line, spaced = [], False
        elif sign.isspace() or not sign.isprintable():
            spaced = True
        else:
            pdfium.FPDFText_GetCharBox(text, i, byref(left), byref(right), byref(bottom), byref(top))
            pdfium.FPDFText_GetLooseCharBox(text, i, byref(loose))
            x, y = (loose.left, loose.right), (loose.bottom, loose.top)
            line.append(Sign(sign, *x, *y, pdfium.FPDFText_GetFontSize(text, i) or y[1] - y[0], i, spaced))
            spaced = False
    if line:
        yield line


def _letter(code: int) -> str:
    return chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd" if code else " "


def ordered(signs: list[Sign]) -> str:
    """The text of a line, by where its signs stand on the page."""
    letters = [sign for sign in signs if not unicodedata.combining(sign.text)]
    marks: dict[int, str] = {}
    for mark in (sign for sign in signs if unicodedata.combining(sign.text)):
        if letters:
            under = min(letters, key=lambda one: abs(one.middle - mark.middle))
            marks[under.number] = marks.get(under.number, "") + mark.text
    placed = sorted(letters, key=lambda one: (round(one.middle, 1), _rank(one)))
    blanks = _blanks(placed, sum(sign.spaced for sign in signs[1:]))
    seen: list[str] = []
    for number, sign in enumerate(placed):
        if number in blanks:
            seen.append(" ")
        arabic = bool(_ARABIC.match(sign.text))
        seen.append(marks.get(sign.number, "")[::-1] if arabic else "")
        seen.append(unicodedata.normalize("NFKC", sign.text)[::-1] if arabic else sign.text)
    return logical("".join(seen))


def _blanks(placed: list[Sign], count: int) -> set[int]:
    """The numbers of the signs before which a blank is seen. PDFium knows how many blanks a line has, but not where
    they are among words that it turned round: they are the widest gaps."""
    gaps = {n: (b.left - a.right) / min(a.size, b.size) for n, (a, b) in enumerate(pairwise(placed), start=1)}
    widest = sorted((n for n, gap in gaps.items() if gap > 0.03), key=lambda n: -gaps[n])[:count]
    return {*widest, *(n for n, gap in gaps.items() if gap > (0.6 if count else 0.2))}


def _rank(sign: Sign) -> int:
    """Of signs in one place, the ligature of lam and alif: seen from the left, the alif comes first."""
    return 0 if sign.text in _ALIFS else 1


def logical(seen: str) -> str:
    """A line as it is read, of one as it is seen from left to right."""
    arabic, latin = len(_ARABIC.findall(seen)), len(_LATIN.findall(seen))
    if not arabic:
        return seen
    if 2 * arabic < latin:  # an English line with an Arabic name in it
        words = rf"{_ARABIC.pattern}(?:[^A-Za-z0-9]*{_ARABIC.pattern})*"
        return re.sub(words, lambda found: _turned(found[0]), seen)
    return _turned(seen)


def _turned(seen: str) -> str:
    """Files differ in whether a bracket is named as it looks or as it is read: the naming that pairs them is taken."""
    named = "".join(reversed(_KEPT.findall(seen)))
    mirrored = named.translate(_MIRROR)
    return named if _pairs(named) > _pairs(mirrored) else mirrored


def _pairs(text: str) -> int:
    """How many brackets are opened and closed."""
    opened, pairs = list[str](), 0
    for letter in text:
        if letter in "([{<«‹":
            opened.append(letter)
        elif letter in _MIRRORED and opened and opened[-1] == _MIRRORED[letter]:
            opened.pop()
            pairs += 1
    return pairs


if __name__ == "__main__":
    sys.exit(main())
