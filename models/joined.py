"""Words run together, as PDFs and some sites give them: where they part, and whether that is certain.

Three things part words for certain: a letter that only ends words (ة ى) before others, إ behind what cannot be joined
to it, a comma or colon between letters. Beyond those, data/arabic-words.txt knows how frequent words are: of all ways
to cut a run of letters the most probable is taken, and called certain where it has nearly all the probability, and
every part is known. Of 100 runs that three to eight words of FLORES-200 devtest make (and that are too long for a word)
70 come out as they were; 58 are called certain, and 97 in 100 of these are right.
"""

from __future__ import annotations

import math
import re
from functools import cache, lru_cache
from pathlib import Path

LONGEST = 17  # letters; of 14 million words of news and Wikipedia nearly all that were longer are words run together
SHORTEST = 13  # letters; a shorter word that the list has not is a name as often as not
CERTAIN = 0.98
_CLEAR = 5  # letters; beside words that were run together even a short one is looked at
_MOST = 1000  # letters: a longer run is no text at all
_WORDS = Path(__file__).parent / "data" / "arabic-words.txt"
_PREFIXES = (("وال", 6), ("بال", 6), ("ال", 4), ("لل", 6), ("و", 6), ("ف", 10), ("ب", 6), ("ل", 6))  # and their bits
_UNKNOWN, _LETTER = 18, 3  # bits of a word that is not in the list, and of each of its letters
_WORD = 16  # letters of the longest word considered

_COMMA = re.compile("(?<=[ء-ي])([،؛,;:])(?=[ء-ي])")
_SHORT = "(?:في|من|عن|أن|إن|ما|لا|أو|هو|هي|كل|بل|قد|لم|لن|مع)(?![ء-ي])"
_PRONOUN = "(?:هما|كما)(?![ء-ي])"
_BOUNDARY = re.compile(
    f"(?<=[ء-ي][ةى])(?={_SHORT}|(?!{_PRONOUN}|[ةىءؤئ])[ء-ي]{{3}})|(?<=[ء-ي]{{2}})(?<![وفبلكاأ])(?=إ[ء-ي]{{2}})"
)
_RUN = re.compile("[ء-ي]{4,}")
_REPEATED = re.compile(r"(.)\1{4}")


def part(text: str) -> str:
    """`text` (letters as `models.normalize` leaves them) with spaces between words that were run together.

    A run too long to be a word is cut where it most probably parts; a shorter one only where that is certain. Parting
    twice changes nothing, and the time taken grows linearly with the text.
    """
    return _RUN.sub(lambda run: " ".join(_parted(run.group())[0]), _COMMA.sub(r"\1 ", text))


def doubtful(text: str) -> list[str]:
    """The runs of `text` (as `part` takes it) that are too long to be words and do not part for certain."""
    runs = (run.group() for run in _RUN.finditer(text))
    return [run for run in runs if len(run) > LONGEST and not _parted(run)[1]]


def known(word: str) -> bool:
    """Whether `word` is in the list, alone or with a prefix."""
    return _bits(word) is not None


def _parted(run: str) -> tuple[list[str], bool]:
    """The words of a run of letters, and whether they are certain (as letters without end are, which part nowhere)."""
    pieces = _BOUNDARY.sub(" ", run).split()
    shortest = _CLEAR if len(pieces) > 1 or len(run) > LONGEST else SHORTEST
    words, certain = [], True
    for piece in pieces:
        if len(piece) < shortest or len(piece) > _MOST or _REPEATED.search(piece):
            words.append(piece)
            certain = certain and len(piece) <= _MOST
            continue
        found, sure = _words(piece)
        words += found if sure or len(run) > LONGEST else [piece]
        certain = certain and sure
    return words, certain


@lru_cache(4096)
def _words(piece: str) -> tuple[list[str], bool]:
    """The words of what holds no boundary, and whether they are certain."""
    return ([piece], True) if known(piece) else _most_probable(piece)


def _most_probable(run: str) -> tuple[list[str], bool]:
    """The most probable words of a run, by what they cost in bits; `total` is what all ways to cut it cost together."""
    best: list[tuple[float, int, bool]] = [(0.0, 0, True)]  # up to each letter: cost, where its last word begins, known
    total = [0.0]
    for end in range(1, len(run) + 1):
        ways = []
        for begin in range(max(0, end - _WORD), end):
            bits = _bits(run[begin:end])
            cost = _UNKNOWN + _LETTER * (end - begin) if bits is None else bits
            ways.append((best[begin][0] + cost, begin, bits is not None and best[begin][2], total[begin] + cost))
        least = min(way[3] for way in ways)
        total.append(least - math.log2(sum(2 ** (least - way[3]) for way in ways)))
        best.append(min(ways)[:3])
    words, end = [], len(run)
    while end:
        begin = best[end][1]
        words.append(run[begin:end])
        end = begin
    least, _, all_known = best[-1]
    return words[::-1], all_known and 2 ** (total[-1] - least) >= CERTAIN


def _bits(word: str) -> int | None:
    """What a word costs: minus the logarithm of its probability; None if it is unknown."""
    table = _table()
    bits = table.get(word)
    if bits is None and word[0] in "وابلف":
        for prefix, more in _PREFIXES:
            if word.startswith(prefix) and len(word) >= len(prefix) + 3 and word[len(prefix) :] in table:
                return table[word[len(prefix) :]] + more
    return bits


@cache
def _table() -> dict[str, int]:
    """The bits of each word of the list; read once, when the first text needs it."""
    lines = _WORDS.read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if not line.startswith("#"))
    return {word: int(bits) for bits, *words in rows for word in words}
