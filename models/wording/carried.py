"""What was said of a translation's words, carried to the text in which some of them were replaced.

Doubts move with their words and go with them; nothing new is judged. A confidence stays: a name or a term put in
another way makes a sentence neither right nor wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher

from models.types import Contrast, Doubt, Judged

_WORD = re.compile(r"\w+")


def carried(found: Judged, before: str, after: str) -> Judged:
    """What was found of the text `before`, as far as it holds of `after`."""
    if before == after:
        return found
    doubts = tuple(_moved(found.words, before, after)) if found.words else ()
    return replace(found, words=doubts, contrast=found.contrast and _still(found.contrast, after))


def _moved(doubts: tuple[Doubt, ...], before: str, after: str) -> Iterator[Doubt]:
    """The doubts whose words are all in `after`, side by side as before, where they now are."""
    was, now = list(_WORD.finditer(before)), list(_WORD.finditer(after))
    same = SequenceMatcher(None, [w.group() for w in was], [w.group() for w in now], autojunk=False)
    place = {was[a + i].start(): now[b + i].start() for a, b, size in same.get_matching_blocks() for i in range(size)}
    ends = {word.end() for word in now}
    for doubt in doubts:
        words = before[doubt.start : doubt.end]
        start = place.get(doubt.start, len(after))
        end = start + len(words)
        if after.startswith(words, start) and end in ends:
            yield replace(doubt, start=start, end=end)


def _still(contrast: Contrast, text: str) -> Contrast | None:
    """The contrast with only those words around it that `text` still has; None if what it is about is gone."""
    said, instead = contrast.said.split(" "), contrast.instead.split(" ")
    pairs = list(zip(said, instead, strict=False))
    before = next((i for i, (a, b) in enumerate(pairs) if a != b), len(pairs))
    pairs = list(zip(said[before:][::-1], instead[before:][::-1], strict=False))
    after = next((i for i, (a, b) in enumerate(pairs) if a != b), len(pairs))
    for first, last in ((0, 0), (before, 0), (0, after), (before, after)):
        words = " ".join(said[first : len(said) - last])
        if words and re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text):
            return Contrast(words, " ".join(instead[first : len(instead) - last]))
    return None
