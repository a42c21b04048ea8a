"""Which line ends of a text end something, and which are only hard wrapping.

A blank line always ends a paragraph. A single line end is *soft* (mere white space inside a paragraph) in two cases:

1. The line stops in mid-clause: its last word cannot close a clause (في، من، أن، التي ...), or it ends in a comma or
   semicolon, in an opening bracket, in an abbreviation such as `د.`, or in a word cut by a hyphen or a kashida.
2. The text as a whole is hard-wrapped and the line is full. It is hard-wrapped if its lines are 25 to 130 characters
   wide and nearly every line that is followed by another and ends without a full stop is *full*: the next line's
   first word would not have fitted any more (a title that heads its block may be short). Two such lines are enough
   where all lines pass exactly, as in e-mail; lines off a printed page vary in width, so 20 % is forgiven where there
   are at least three. Chance makes headlines look full, too: so the blocks that the lines are in must mostly end in
   a full stop (lists of headlines and poems do not), and lines without one must be common (in text of one sentence a
   line they are not).

Every other line end is real: a title above its text, a list item, a verse, a paragraph of one long line. A line that
starts with a list marker, a dialogue dash or a heading sign starts something new whatever stands before it.
What this cannot know: a title that fills its line, straight above hard-wrapped text, is read as part of it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from models.text.marks import CLOSERS, MARKS, QUOTES
from models.text.normalize import INVISIBLE, normalize

_TERMINATED = re.compile(f"[{MARKS}][{MARKS}{re.escape(CLOSERS)}{QUOTES}{INVISIBLE}]*$")
_ABBREVIATED = re.compile(r"(?:^|[\s(«\"“.])(?<!\d )[^\W\d_]\.$")
_STARTS_NEW = re.compile(
    rf"[{INVISIBLE}]*(?:[-–—•●▪■◦‣*·☐✓✔+>|]\s|[•●▪■◦‣]|\#{{1,6}}\s|\(?\d{{1,3}}[.)\-–]{{1,2}}(?!\d)|\(?[^\W\d_][)\-–]\s)"
)
_CUE = re.compile(rf"[{INVISIBLE}]*\d{{1,3}}:\d\d(?::\d\d)?[.,]\d{{3}} *-->")  # the times of a subtitle
_FIRST_WORD = re.compile(r"\S{1,40}")
_OPEN_CLAUSE = re.compile(f"(?:[،؛,;(\\[{{«“„]|[ء-ي][-\u2010\u00ad\u0640])[{INVISIBLE}]*$")
_YEAR_SIGN = re.compile(f"(?<![ء-ي])[اأ]?ه\u0640+[{INVISIBLE}]*$")  # of a date; it also ends quotations (اهـ)
_CANNOT_CLOSE = frozenset(
    "في من إلى الى على عن أن إن ان بأن لأن لان كأن التي الذي الذين اللذين اللتين بين مع عند منذ حتى لم لن قد "
    "أو او ثم بل خلال حول ضد دون عبر نحو لدى ضمن كل إذا اذا لكن حيث إذ سوف أثناء تحت بسبب كي لكي إلا الا بن "
    "أبو أبي آل أنه إنه أنها إنها بأنه بأنها لدي عدة".split()
)

_MIN_WIDTH, _MAX_WIDTH = 25, 130  # newspaper columns to the widest printed page, in characters
_RAGGED = 0.2  # how far short of the width a line off a printed page may fall


class _Line(NamedTuple):
    """A line that is not blank, without the white space around it: text[start:end]. `number` counts blank ones too."""

    position: int
    number: int
    start: int
    end: int
    first_word: int
    terminated: bool
    starts_new: bool

    @property
    def length(self) -> int:
        return self.end - self.start


def paragraphs(text: str) -> list[tuple[int, int]]:
    """(start, end) of each paragraph of `text`, hard-wrapped lines joined; only white space is outside them."""
    lines = list(_lines(text))
    limit = _full_from(text, lines)
    spans: list[tuple[int, int]] = []
    previous: _Line | None = None
    for line in lines:
        if previous and line.number == previous.number + 1 and _soft(text, previous, line, limit):
            spans[-1] = spans[-1][0], line.end
        else:
            spans.append((line.start, line.end))
        previous = line
    return spans


def _lines(text: str) -> Iterable[_Line]:
    start = position = 0
    for number, raw in enumerate(text.splitlines(keepends=True)):
        content = raw.strip()
        if content:
            at = start + len(raw) - len(raw.lstrip())
            tail = content[-40:]
            terminated = _TERMINATED.search(tail) is not None and _ABBREVIATED.search(tail) is None
            first = _FIRST_WORD.match(content)
            new = _STARTS_NEW.match(content) is not None or _CUE.match(content) is not None
            yield _Line(position, number, at, at + len(content), first.end() if first else 0, terminated, new)
            position += 1
        start += len(raw)


def _soft(text: str, line: _Line, following: _Line, full_from: float) -> bool:
    if following.starts_new or _CUE.match(text, line.start):
        return False
    if _needed(line, following) > full_from:
        return True
    return not line.terminated and _stops_in_mid_clause(text, line)


def _stops_in_mid_clause(text: str, line: _Line) -> bool:
    tail = text[max(line.start, line.end - 40) : line.end]
    if _YEAR_SIGN.search(tail):
        return False
    if _OPEN_CLAUSE.search(tail) or _ABBREVIATED.search(tail):
        return True
    if len(tail.split()) < 2:
        return False
    words = normalize(tail).split() or [""]
    return words[-1] in _CANNOT_CLOSE or words[-1].lstrip("وف") in _CANNOT_CLOSE


def _needed(line: _Line, following: _Line) -> int:
    """The width that would have held the following line's first word as well."""
    return line.length + 1 + following.first_word


def _full_from(text: str, lines: list[_Line]) -> float:
    """The width above which a line of this text counts as full; infinite where the text is not hard-wrapped."""
    pairs = [(a, b) for a, b in pairwise(lines) if b.number == a.number + 1 and not b.starts_new]
    loose = [(a, b) for a, b in pairs if not a.terminated]
    if len(loose) < 2 or len(loose) < 0.4 * len(pairs) or not _mostly_closed(lines, loose):
        return float("inf")
    lengths = sorted(line.length for line in lines if line.first_word < line.length)
    width = lengths[math.ceil(0.97 * (len(lengths) - 1))] if lengths else 0
    if not _MIN_WIDTH <= width <= _MAX_WIDTH:
        return float("inf")
    for limit, enough, forgiven in ((width, 2, 0.0), (width * (1 - _RAGGED), 3, 0.2)):
        full = sum(_needed(a, b) > limit for a, b in loose)
        against = sum(_needed(a, b) <= limit and not _excused(text, lines, a) for a, b in loose)
        if full >= enough and against <= (forgiven * full if full >= 5 else 0):
            return limit
    return float("inf")


def _excused(text: str, lines: list[_Line], line: _Line) -> bool:
    """Whether a line that is not full is no sign against hard wrapping: it heads its block, or stops in mid-clause."""
    before = lines[line.position - 1] if line.position else None
    return before is None or before.number < line.number - 1 or _stops_in_mid_clause(text, line)


def _mostly_closed(lines: list[_Line], loose: list[tuple[_Line, _Line]]) -> bool:
    """Whether at least half of the blocks (lines between blank ones) that hold loose lines end in a full stop."""
    block, blocks, closed = 0, {}, {}
    for index, line in enumerate(lines):
        if index and line.number != lines[index - 1].number + 1:
            block += 1
        blocks[line.number] = block
        closed[block] = line.terminated
    concerned = {blocks[a.number] for a, _ in loose}
    return sum(closed[number] for number in concerned) * 2 >= len(concerned)
