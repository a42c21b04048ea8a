"""Text that came broken out of a file: words cut at line ends, lines in reversed order, cells, hashtags.

Everything here is put right only for what the model reads; offsets point into the original. The letters are those that
`normalize` leaves, lines and tabs still as they were.
"""

from __future__ import annotations

import re

from models.text import joined
from models.text.addresses import ADDRESS, replace

_LETTERS = "\u0620-\u063f\u0641-\u064a\u0671-\u06d3\ufb50-\ufdfb\ufe80-\ufefc"
_CUT = re.compile(rf"(?<![{_LETTERS}])([{_LETTERS}]+)([-\u2010]?)([\u00ad\u0640]*)[^\S\n]*\n\s*([{_LETTERS}]+)")
_NO_PART = ("ه", "اه", "أه")  # هـ of a date, اهـ that ends a quotation
_LIGATURES = {0xFEF5: "آل", 0xFEF7: "أل", 0xFEF9: "إل", 0xFEFB: "ال"}  # lam and alif in one sign
_APART = {code + form: letters for code, letters in _LIGATURES.items() for form in (0, 1)}
_WORD = re.compile("[ء-ي]{2,}")
_BACKWARD = re.compile("(?<![ء-ي])[ةى][ء-ي]|[ء-ي]{3}لا(?![ء-ي])")
# Signs of which no two compose another.
_PLAIN = re.compile("[\\s!-~«»‹›“”‘’–—…،؛؟٪ء-ي€£•\u2600-\u27bf\U0001f300-\U0001f3fa\U0001f400-\U0001faff]*")
_TOKEN = re.compile(rf"{ADDRESS}|[0-9]+(?:[.,:/%-][0-9]+)*|[A-Za-z](?:[A-Za-z0-9.' -]*[A-Za-z0-9])?|.")
_ADDRESS = re.compile(ADDRESS)
_MIRRORED = dict(zip("()[]{}<>«»‹›", ")(][}{><»«›‹", strict=True))
_HASHTAG = re.compile("(?<![0-9A-Za-z%٪/=&?#])#+_*([ء-ي]\\w*)")
_LINE = re.compile(r"[^\r\n]+")
_INDENTED = re.compile(r"\s*?\t")
_CELL = re.compile(r"(?<=[\w%»)\]])[^\S\t\r\n]*\t[^\S\r\n]*(?=[\w(«\[+-])")
_MARKER = re.compile(r"(^|\n)([^\w\n]{0,3}(?:\d{1,3}|\w)[.)-])\t+")


def join_cut(text: str) -> str:
    """`text` (not normalised) with the words joined that a line end cut in two.

    At a hyphen or a kashida they are, but for a hyphen between two words; without one where only both parts are a word.
    """
    return replace(_CUT, _joined, text)


def _joined(cut: re.Match[str]) -> str:
    left, hyphen, mark, right = cut.groups()
    if mark and left in _NO_PART:
        return cut.group()
    whole = joined.known(left + right)
    if mark or (hyphen and not right.startswith("ال") and (whole or not (joined.known(left) and joined.known(right)))):
        return left + right
    if hyphen:
        return f"{left}-{right}"
    return left + right if whole and len(left) > 1 and not joined.known(right) else cut.group()


def is_reversed(text: str) -> bool:
    """Whether the letters of `text` stand in reversed order, as in a page's visual order (ةنيدملا ىلإ for إلى المدينة).

    It is asked of texts only with what no word begins with and few end with, and decided by how many words are in the
    list as they stand, and how many the other way round. Where signs may compose, it is False: they cannot be turned.
    """
    if not _BACKWARD.search(text) or not _PLAIN.fullmatch(text):
        return False
    words = _WORD.findall(_ADDRESS.sub(" ", text))  # which is never turned
    right, turned = (sum(joined.known(word[::way]) for word in words) for way in (1, -1))
    return turned >= 2 and turned > 2 * right


def apart(text: str) -> str:
    """`text` with the ligatures of lam and alif taken apart so that they come out right when it is turned."""
    return text.translate(_APART)


def turn(text: str) -> str:
    """Each line of `text` the other way round, but not its numbers, Latin words and addresses."""
    return "\n".join("".join(_MIRRORED.get(t, t) for t in reversed(_TOKEN.findall(line))) for line in text.split("\n"))


def hashtags(text: str) -> str:
    """`text` with Arabic hashtags opened into words."""
    return replace(_HASHTAG, _opened, text)


def _opened(tag: re.Match[str]) -> str:
    words = tag[1].replace("_", " ").rstrip()
    return (
        words if re.search(r"(?:^|[\s«“\"'(\[|])$", tag.string[max(0, tag.start() - 1) : tag.start()]) else f" {words}"
    )


def cells(text: str) -> str:
    """`text` with " | " for each tab between cells: a mere space makes one phrase of them.

    A line that begins with a tab is indented prose as often as a row, and has none.
    """
    return _LINE.sub(_row, _MARKER.sub(r"\1\2 ", text))


def _row(line: re.Match[str]) -> str:
    return line.group() if _INDENTED.match(line.group()) else _CELL.sub(" | ", line.group())
