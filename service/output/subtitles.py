"""Subtitles in English: the cues, times and places of the Arabic ones, with a translation laid over them.

A sentence that runs over several cues was translated whole; its English is shared out among them as its Arabic is, at
a comma where one is near. What is in italics as a whole stays so; other tags within a cue's words are dropped.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from models.errors import InputError
from service.articles.formats.subtitles import Cue, cues, is_vtt, said
from service.output.filenames import create

SUFFIXES = (".srt", ".vtt")
WIDTH = 42  # characters of a line, as broadcasters have it
_FRAME = re.compile(r"\s*((?:<[^/][^<>]*>|\{\\[^{}]*\})*)(.*?)((?:</[^<>]*>)*)\s*", re.DOTALL)
_CLOSED = re.compile(r"<(?!v\b)[^<>]*>")
_GOOD_END = re.compile(r"[,;:.!?]$")
_BONUS = 8  # characters that a break after a comma may be further away


def laid_back(text: str, sentences: Sequence[Mapping[str, Any]]) -> str:
    """The subtitles `text` in English. `sentences` are records of the article that it was read as, in order, with
    `start`, `end`, `source` and `text`; InputError if they are of another."""
    found = cues(text)
    article, pieces = said(found)
    told: list[list[str]] = [[] for _ in pieces]
    for sentence in sentences:
        start, end = sentence["start"], sentence["end"]
        if article[start:end] != sentence["source"]:
            raise InputError("file", "has changed since it was translated")
        over = [n for n, piece in enumerate(pieces) if piece.start < end and start < piece.end]
        shares = [min(end, pieces[n].end) - max(start, pieces[n].start) for n in over]
        for n, words in zip(over, shared(sentence["text"], shares), strict=True):
            told[n].append(words)
    parts, at = list[str](), 0
    for number, cue in enumerate(found):
        speeches = [" ".join(filter(None, told[n])) for n, piece in enumerate(pieces) if piece.cue == number]
        if speeches:
            parts += [text[at : cue.start], _cue(text[cue.start : cue.end], cue, speeches, is_vtt(text))]
            at = cue.end
    return "".join(parts) + text[at:]


def shared(english: str, shares: Sequence[int]) -> list[str]:
    """The words of a sentence in as many parts as there are shares, about as long each as these are."""
    words = english.split()
    ends = [0]
    for word in words:
        ends.append(ends[-1] + len(word) + 1)
    parts, first, before = [], 0, 0
    for number, share in enumerate(shares[:-1], start=1):
        before += share
        aim = ends[-1] * before / max(1, sum(shares))
        last = len(words) - (len(shares) - number)  # a word at least is left for each of the others
        places = range(first + 1, max(first + 1, last) + 1) if first < len(words) else range(first, first + 1)
        place = min(places, key=lambda n: abs(ends[n] - aim) - _BONUS * bool(n and _GOOD_END.search(words[n - 1])))
        parts.append(" ".join(words[first:place]))
        first = place
    return [*parts, " ".join(words[first:])]


def _cue(lines: str, cue: Cue, speeches: list[str], vtt: bool) -> str:
    """A cue's lines in English."""
    opening, inner, closing = _FRAME.fullmatch(lines).groups()  # type: ignore[union-attr]
    voices = len(re.findall(r"<v\b", opening))  # which need not be closed
    if len(_CLOSED.findall(opening)) + voices - closing.count("</") not in (0, voices) or _CLOSED.search(inner):
        opening, closing = _CLOSED.sub("", opening), ""
    end = "\r\n" if "\r\n" in lines else "\n"
    dashed = [bool(re.match(r"[-–—]\s*\S", speech)) for speech in cue.speeches]
    shown = []
    for speech, dash in zip(speeches, dashed, strict=True):
        words = f"- {speech}" if dash else speech
        shown += textwrap.wrap(words, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
    told = end.join(html.escape(line, quote=False) if vtt else line.replace("-->", "->") for line in shown)
    return opening + told + closing


def write_subtitles(folder: Path, records: Iterable[dict], original: Callable[[str], str]) -> None:
    """For each subtitle file among the inputs one in English, in UTF-8; `original` gives an input's text by its
    name."""
    for record in records:
        name = PurePosixPath(record["file"].removesuffix(".gz"))
        file, _ = create(folder, name.with_suffix("").as_posix(), name.suffix, portable=False)
        with file:
            file.write(laid_back(original(record["file"]), record["translation"]["sentences"]).encode())
