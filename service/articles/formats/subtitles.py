"""Subtitles (.srt, .vtt): what is said in the cues, as sentences that may run over several of them.

The libraries that read subtitles write their times and tags anew; here everything but the words of the cues is kept
as it stands, byte for byte, so that a translation can be laid back over them (`service/output/subtitles.py`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from models.types import Document
from service.articles.encodings import Unreadable
from service.articles.formats.documents import decoded
from service.articles.sources import Context, Failure, read_whole

_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMES = re.compile(rf"[ \t]*({_TIME})[ \t]*-->[ \t]*({_TIME})([ \t][^\r\n]*)?")
_TAG = re.compile(r"<[^<>\n]*>|\{\\[^{}\n]*\}")
_UNSEEN = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_ENDED = re.compile(r"[.!?؟…۔][\"'»”’)\]]*$")
_DASH = re.compile(r"[-–—]\s*(?=\S)")
_PAUSE = 2.0  # seconds without words, after which a sentence without an end has ended


@dataclass(frozen=True, slots=True)
class Cue:
    """The lines of a cue, start to end in the file's text; its words, a speech each; when it begins and ends, in
    seconds."""

    start: int
    end: int
    speeches: tuple[str, ...]
    begins: float
    ends: float


@dataclass(frozen=True, slots=True)
class Piece:
    """The words of a cue's speech, and where they stand in the article's text."""

    cue: int
    start: int
    end: int


def read_subtitles(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """What is said, one article: sentences over several cues are whole again, times and tags are not in it."""
    text, _ = said(cues(decoded(read_whole(stream), ctx)))
    yield Document(ctx.name, text) if text else Failure(ctx.name, "holds no words")


def is_vtt(text: str) -> bool:
    """Whether these are WebVTT, in whose words & and < are entities."""
    return text.lstrip("\ufeff").startswith("WEBVTT")


def cues(text: str) -> list[Cue]:
    """The cues of a file, those without words too; raises Unreadable if there is none."""
    found: list[Cue] = []
    lines = list(re.finditer(r"[^\r\n]*(?:\r\n|\n|\r|\Z)", text))
    at = 0
    while at < len(lines):
        times = _TIMES.fullmatch(lines[at][0].rstrip("\r\n"))
        at += 1
        if not times:
            continue
        first = at
        while at < len(lines) and lines[at][0].strip() and not _begins(lines, at):
            at += 1
        start = lines[first].start() if first < len(lines) else len(text)
        end = lines[at - 1].start() + len(lines[at - 1][0].rstrip("\r\n")) if at > first else start
        found.append(Cue(start, end, _speeches(text[start:end], is_vtt(text)), _seconds(times[1]), _seconds(times[2])))
    if not found:
        raise Unreadable("holds no cue: no line like 00:01:10,000 --> 00:01:12,500")
    return found


def _begins(lines: list[re.Match[str]], at: int) -> bool:
    """Whether a new cue begins here, although no blank line stands before it."""
    number = lines[at][0].strip().isdigit() and at + 1 < len(lines)
    return bool(_TIMES.match(lines[at][0]) or (number and _TIMES.match(lines[at + 1][0])))


def _speeches(lines: str, vtt: bool) -> tuple[str, ...]:
    """What is said in a cue: its lines together, or each that begins with a dash by itself."""
    told: list[str] = []
    for line in lines.splitlines():
        words = _TAG.sub("", line)
        words = " ".join(_UNSEEN.sub("", html.unescape(words) if vtt else words).split())
        if words and (not told or _DASH.match(words)):
            told.append(words)
        elif words:
            told[-1] += f" {words}"
    return tuple(told) if any(map(str.isalnum, "".join(told))) else ()  # a note of music is no word


def _seconds(time: str) -> float:
    hours, minutes, seconds = ("0:" + time if time.count(":") == 1 else time).replace(",", ".").split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def said(found: list[Cue]) -> tuple[str, list[Piece]]:
    """The article that cues tell, and where each cue's words are in it.

    What goes on in the next cue is one paragraph with it. It does not after the end of a sentence, over a pause, and
    before a dash.
    """
    text, pieces = "", list[Piece]()
    last: Cue | None = None
    for number, cue in enumerate(found):
        for speech in cue.speeches:
            words = _DASH.sub("", speech, count=1) if _DASH.match(speech) else speech
            goes_on = last and words == speech and not _ENDED.search(text) and cue.begins - last.ends < _PAUSE
            text += "" if not text else " " if goes_on else "\n\n"
            pieces.append(Piece(number, len(text), len(text) + len(words)))
            text += words
            last = cue
    return text, pieces
