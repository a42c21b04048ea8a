"""Words run together, as PDFs and some sites give them: where they part, and whether that is certain.

Three things part words for certain: a letter that only ends words (ة ى) before others, إ behind what cannot be joined
to it, a comma or colon between letters. Beyond those, data/arabic-words.txt knows how frequent words are: of all ways
to cut a run of letters the most probable is taken, and called certain where it has nearly all the probability, and
every part is known. Of 100 runs that three to eight words of FLORES-200 devtest make (and that are too long for a word)
67 come out as they were; 57 are called certain, and 98 in 100 of these are right. What no word begins with (an ending
such as هما) is never cut off, and a run that may be one word is cut only before what opens words (ال, في).
"""

from __future__ import annotations

import math
import re
from functools import cache, lru_cache
from pathlib import Path

from models.text.addresses import outside, replace

LONGEST = 17  # letters; of 14 million words of news and Wikipedia nearly all that were longer are words run together
SHORTEST = 13  # letters; a shorter word that the list has not is a name as often as not
CERTAIN = 0.98
_CLEAR = 5  # letters; beside words that were run together even a short one is looked at
_LONG_WORD = 20  # letters; a run of so many that may be two words may be one that is rare
_MOST = 1000  # letters: a longer run is no text at all
_WORDS = Path(__file__).parent / "data" / "arabic-words.txt"
_PREFIXES = (("وال", 6), ("بال", 6), ("ال", 4), ("لل", 6), ("و", 6), ("ف", 10), ("ب", 6), ("ل", 6))  # and their bits
_UNKNOWN, _LETTER = 18, 3  # bits of a word that is not in the list, and of each of its letters
_WORD = 16  # letters of the longest word considered

_COMMA = re.compile("(?<=[ء-ي])([،؛,;:])(?=[ء-ي])")
_SHORT = "(?:في|من|عن|أن|إن|ما|لا|أو|هو|هي|كل|بل|قد|لم|لن|مع)(?![ء-ي])"
_PRONOUN = "(?:هما|كما|اوي[ء-ي]{0,2})(?![ء-ي])"  # and what ends names: written so for يحياوي
_BOUNDARY = re.compile(
    f"(?<=[ء-ي][ةى])(?={_SHORT}|(?!{_PRONOUN}|[ةىءؤئ])[ء-ي]{{3}})|(?<=[ء-ي]{{2}})(?<![وفبلكاأ])(?=إ(?!يل)(?:[ء-ي]{{3}}|ل[ىا]|نه))"
)
# What ends a word rather than being one: a name or a plural that the list has not, with its pronoun.
_ENDINGS = frozenset("هما هم هن كم كما نا ها ه ي ين ون ان ات اتهم اتهما اتها اته اتنا اتكم انه ية يه".split())
_PARTICLES = frozenset("في من عن أن إن ما لا أو هو هي كل بل قد لم لن مع".split())
_OPENS = re.compile("(?:[وفبك]?ال|لل)[ء-ي]{3}|(?:في|من|عن|أن|إن|على|إلى|التي|الذي)$")  # none goes on with a word
_RUN = re.compile("(?<![#_ء-ي])[ء-ي]{4,}")  # not of a hashtag that could not be opened: without its end it could be
_REPEATED = re.compile(r"(.)\1{4}")


def part(text: str) -> str:
    """`text` (letters as `normalize` leaves them) with spaces between words that were run together.

    A run too long to be a word is cut where it most probably parts; a shorter one only where that is certain. Parting
    twice changes nothing, and the time taken grows linearly with the text.
    """
    return replace(_RUN, lambda run: " ".join(_parted(run.group())[0]), replace(_COMMA, lambda c: f"{c[1]} ", text))


def doubtful(text: str) -> list[str]:
    """The runs of `text` (as `part` takes it) that are too long to be words and do not part for certain."""
    runs = (run.group() for run in outside(_RUN, text))
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
        if len(found) > 1:
            sure = sure and _sound(found, len(run) > LONGEST)
            if found[-1] in _ENDINGS:
                found = [*found[:-2], found[-2] + found[-1]]
            if len(found) == 2 and not sure and len(piece) <= _LONG_WORD:
                found = [piece]
        words += found if sure or len(run) > LONGEST else [piece]
        certain = certain and sure
    return words, certain


def _sound(words: list[str], long: bool) -> bool:
    """Whether a cut may be right: no part is a mere ending; in what may be one word, a part opens as words do."""
    if words[-1] in _ENDINGS or any(len(word) < 3 and word not in _PARTICLES for word in words):
        return False
    return long or (len(words[-1]) > 2 and any(_OPENS.match(word) for word in words[1:]))


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
