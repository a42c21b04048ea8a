"""Denials that a translation drops or puts in; doubts that it drops, and states of things: a suspended sentence.

Each looks for words that say so in one language and mean hardly anything else, and for any of the many words that may
render them in the other. A text is only suspect if it has none of these: how often it denies is no evidence, for one
language says "not" where the other says "less". The words are in data/cues.tsv.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from models.checks.places import rows
from models.text.folding import fold


@cache
def cue(*names: str) -> re.Pattern[str]:
    """What finds the words that data/cues.tsv has under these names; Arabic is looked up folded."""
    return _whole(pattern for name, *patterns in rows("cues.tsv") if name in names for pattern in patterns)


def _whole(patterns: Iterable[str]) -> re.Pattern[str]:
    """Any of `patterns`, as whole words."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)


def denials(source: str) -> list[str]:
    """The words that deny in `source` (normalised Arabic); none where it only says "only" by a denial."""
    folded = fold(source)
    if cue("except").search(folded):
        return []
    found = cue("deny").finditer(folded)
    return [match.group() for match in found if not cue("no denial").match(folded, match.start())]


def lost_denial(source: str, text: str) -> str:
    """The words that deny in `source` (normalised Arabic), if nothing in `text` does; "" if nothing is lost."""
    return "" if cue("denying", "denied").search(text) else " … ".join(denials(source))


def added_denial(source: str, text: str) -> str:
    """What denies in `text`, if no word of `source` (normalised Arabic) may mean a denial; "" if nothing was added."""
    match = cue("plainly").search(text)
    return match.group() if match and not cue("somehow").search(fold(source)) else ""


def lost_status(source: str, text: str) -> str:
    """The words by which `source` (normalised Arabic) says that it is no whole sentence, deed or office, if `text` does
    not: suspended, attempted, former; "" if nothing is lost."""
    folded = fold(source)
    lost = (arabic.search(folded) for arabic, english in _states() if not english.search(text))
    return next((match.group().strip() for match in lost if match), "")


@cache
def _states() -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    pairs = [patterns for name, *patterns in rows("cues.tsv") if name == "status"]
    return [(_whole([arabic]), _whole([english])) for arabic, english in pairs]


def lost_hedge(source: str, text: str) -> str:
    """The words by which `source` leaves something open, if `text` states it; "" if nothing is lost."""
    match = cue("may be").search(fold(source))
    return match.group().strip() if match and not cue("might be").search(text) else ""
