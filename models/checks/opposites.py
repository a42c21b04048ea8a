"""Words taken for what they are not: prices that fell rose, a man who was let go was arrested, kilometres are miles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from models.checks.cues import denials
from models.checks.places import rows
from models.text.folding import fold

# What has an opposite itself: where there is less poverty, living standards rose; who hurts feelings kills the mood.
_OTHERWISE = re.compile(
    r"(?<!\w)[وفبل]?(?:ال|ل)?"
    r"(?:بطاله|فقر|جوع|عجز|ركود|خساره|خسائر|فساد|جفاف|غلاء|مشاعر\w*|شعور\w*|كرامه|كرامت\w+|كبرياء\w*)(?!\w)"
)


class Side(NamedTuple):
    """One side of a pair."""

    flag: str  # of what takes one for the other
    arabic: re.Pattern[str]  # folded
    claimed: re.Pattern[str]  # English that says it and hardly anything else
    rendered: re.Pattern[str]  # the many words that may stand for the Arabic


@cache
def pairs() -> list[tuple[Side, Side]]:
    """The pairs of data/opposites.tsv."""
    sides = [_side(*row) for row in rows("opposites.tsv")]
    return list(zip(sides[::2], sides[1::2], strict=True))


def _side(flag: str, arabic: str, claimed: str, rendered: str) -> Side:
    english = (re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for words in (claimed, f"{claimed}|{rendered}"))
    return Side(flag, re.compile(rf"(?<!\w)[وفبلس]?(?:ال|ل)?(?:{arabic})(?!\w)"), *english)


def exchanged(source: str, text: str) -> Iterator[tuple[str, str]]:
    """(flag, "انخفضت → rose") of what `text` has of a pair where `source` has the other; both are normalised.

    Only where `source` says one thing and nowhere its opposite, and `text` the opposite and nowhere the thing. Who
    was not released may well be still detained, so a source that denies anything is left alone, and so is one about
    what has an opposite itself; but units are units.
    """
    folded = fold(source)
    turns = bool(denials(source) or _OTHERWISE.search(folded))
    for pair in pairs():
        for said, other in (pair, pair[::-1]):
            if turns and said.flag == "opposite":
                continue
            here, there = said.arabic.search(folded), other.claimed.search(text)
            if here and there and not other.arabic.search(folded) and not said.rendered.search(text):
                yield said.flag, f"{here.group().strip()} → {there.group()}"
