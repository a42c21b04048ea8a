"""Splitting a sentence that is longer than the model's window, at the marks of its clauses; nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

# From the best places to cut to the last resort: behind clause marks, before words with the conjunction و, at spaces.
# Each match ends where the cut goes.
_PLACES = (
    re.compile(r"[،؛](?!\d)[»”\"')\]]*|[:;,–—!؟?…۔)\]}»](?=\s)|\s-(?=\s)"),
    re.compile(r"\s(?=و[^\W\d_]{2})"),
    re.compile(r"\s"),
)


def split_long(text: str, fits: Callable[[str], bool]) -> list[str]:
    """The parts of `text`, in order, each of which `fits`; none is empty, and no character but white space is lost.

    `fits` says whether a text goes through the model in one piece, and should be true of every shorter one as well.
    Parts are as long as they can be, and of like length rather than a long one and a scrap. A single character that
    does not fit is a part of its own. `fits` is asked about texts of the window's length only (and once about the
    whole), so that the time taken grows linearly with the text.
    """
    text = text.strip()
    if not text:
        return []
    if fits(text):
        return [text]
    parts: list[str] = []
    at, window = 0, 256
    while at < len(text):
        window = _window(text, at, window, fits)
        cut = _cut(text, at, window)
        part = text[at:cut].strip()
        if part and len(part) < len(text) and not fits(part):  # `fits` is not quite monotonic
            parts += split_long(part, fits) if len(part) > 1 else [part]
        elif part:
            parts.append(part)
        at = cut
    return parts


def _window(text: str, at: int, guess: int, fits: Callable[[str], bool]) -> int:
    """How many characters from `at` on fit, at least 1; `guess` only saves time."""
    left = len(text) - at
    low, high = 0, min(guess, left)
    while high < left and fits(text[at : at + high]):
        low, high = high, min(2 * high, left)
    if high == left and fits(text[at:]):
        return left
    while high - low > 1:  # what fits ends in [low, high)
        middle = (low + high) // 2
        low, high = (middle, high) if fits(text[at : at + middle]) else (low, middle)
    return max(low, 1)


def _cut(text: str, at: int, window: int) -> int:
    """Where the part that begins at `at` ends: the best place of the best kind at most `window` characters on."""
    left = len(text) - at
    if left <= window:
        return len(text)
    aim = at + -(-left // -(-left // window))  # equal parts, as few as possible
    last = at + window
    for places in _PLACES:
        found = (place.end() for place in places.finditer(text, (at + aim) // 2, last))
        cuts = [cut for cut in found if at < cut < len(text)]
        if cuts:
            return min(cuts, key=lambda cut: abs(cut - aim))
    return aim
