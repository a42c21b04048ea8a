"""What a translation left out: parts of the source without which it would be hardly less probable.

Contrastive conditioning (Vamvas and Sennrich 2022, "As Little as Possible, as Much as Necessary"), with what stands
between the marks and conjunctions of the Arabic in place of a parser's constituents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.doubts.words import Vocabulary, new, written

# How much less probable (logarithm of the ratio, a word of the part) the translation is without a part that it has, at
# least. Of 590 translations by the embedded model 22 have a part that loses less; 18 of these do leave it out.
LOSS = 2.0
SHORTEST, REST = 2, 3  # words of a part, and of what remains without it
MOST = 8  # parts of a sentence that are asked for
MARKS = " ،؛:.؟!()«»“”\"'…-–—"  # that stand around a part
# Common words that begin with the letter which also means "and".
_NOT_AND = (
    "واحد|واحدة|واشنطن|وثائق|وثيقة|وجه|وجهة|وجود|وحدات|وحدة|وراء|ورقة|وزارة|وزراء|وزير|وزيرة|وسائل|وسط|وصول|وضع|وطن|وفاة|وفد"
    "|وفق|وقت|وقف|وقوع|وكالات|وكالة|ولاية"
)
# Behind a mark or before one that opens, and before a word that begins with "and".
_BORDER = re.compile(rf"(?<=[،؛:)])\s+|\s+(?=[(])|\s[-–—]\s|\s(?=و[^\W\d_]{{2}})(?!(?:{_NOT_AND})\b)")


@dataclass(frozen=True, slots=True)
class Omission:
    """A part of a source, from character `start` to `end`, and the `rest` of it."""

    start: int
    end: int
    words: int
    rest: str


def omissions(source: str) -> list[Omission]:
    """What a translation of `source` may have left out, in order: of many parts some together."""
    parts = list(_parts(source))
    size = -(-len(parts) // MOST)
    together = [parts[i : i + size] for i in range(0, len(parts), size)]
    spans = [(some[0][0], some[-1][1]) for some in together]
    found = (_without(source, start, end) for start, end in spans)
    return [one for one in found if one.words >= SHORTEST and len(one.rest.split()) >= REST]


def says_more(reading: str, text: str) -> bool:
    """Whether another translation has a name, or two words in a row, that are not in `text`: else that left nothing
    out."""
    rows = new(written(reading), Vocabulary([text]))
    return any(len(row) >= SHORTEST or any(word.has_capital for word in row) for row in rows)


def left_out(source: str, tried: Sequence[Omission], losses: Sequence[float], most: float = LOSS) -> str | None:
    """The words of `source` that a translation left out, by what its probability `losses` (logarithm) without each part
    of what was `tried`: the one without which it loses least, if that is less than `most` a word, with those beside it
    that are missing too."""
    shares = [loss / one.words for loss, one in zip(losses, tried, strict=True)]
    least = min(shares, default=most)
    if least >= most:
        return None
    first = last = shares.index(least)
    while first and shares[first - 1] < most and _beside(source, tried[first - 1], tried[first]):
        first -= 1
    while last + 1 < len(tried) and shares[last + 1] < most and _beside(source, tried[last], tried[last + 1]):
        last += 1
    return source[tried[first].start : tried[last].end].strip(MARKS)


def _without(source: str, start: int, end: int) -> Omission:
    rest = f"{source[:start].rstrip()} {source[end:].lstrip()}".strip()
    return Omission(start, end, len(source[start:end].split()), rest)


def _parts(source: str) -> Iterator[tuple[int, int]]:
    """Where the parts of `source` are; what is too short for one is the beginning of the next."""
    start = 0
    for border in _BORDER.finditer(source):
        if len(source[start : border.start()].split()) >= SHORTEST:
            yield start, border.start()
            start = border.end()
    yield start, len(source)


def _beside(source: str, one: Omission, other: Omission) -> bool:
    return not source[one.end : other.start].strip(MARKS)
