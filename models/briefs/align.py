"""Which source sentences a generated English sentence rests on: shared content words, stemmed.

Lexical on purpose: what it says can be seen and checked by a reader, and it can only err towards refusing. A word
counts as shared if its stem (Porter's, through snowballstemmer) is in a source, if the two differ in a short ending
(Egypt, Egyptian), or if both belong to one of the few groups of news words below.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import LCSseq

from models.checks import cues
from models.text.tables import rows

MOST_SOURCES = 3
REPEATED = 0.8  # share of content words from which a sentence says what another says
_LISTS = rows(Path(__file__).parent / "data" / "english-words.tsv")
FUNCTION = frozenset(word for kind, words in _LISTS if kind == "function" for word in words.split())
FIGURE = r"\d+(?:[.,:]\d+)*"  # a time of day too
_WORD = re.compile(rf"{FIGURE}|[^\W\d_]+(?:['’][^\W\d_]+)*")
_CLAUSE = re.compile(r"[,;:—–]\s|\s(?:and|but|while|as|after|because)\s")


@functools.lru_cache(maxsize=1)
def _stemmer():
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@functools.lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of one word, in lower case; a number without its thousands marks."""
    if word[0].isdigit():
        return re.sub(r",(?=\d{3}(?!\d))", "", word)
    return _stemmer().stemWord(re.sub(r"['’]s?$", "", word.lower()))


@functools.lru_cache(maxsize=1)
def _groups() -> dict[str, tuple[int, bool]]:
    grouped = enumerate(row for row in _LISTS if row[0] != "function")
    return {stem(word): (number, kind == "grave") for number, (kind, group) in grouped for word in group.split()}


def words(text: str) -> list[str]:
    """The words and numbers of `text`, in order."""
    return _WORD.findall(text)


def content(text: str) -> list[str]:
    """The stems of the words of `text` that carry its content, in order."""
    return [stem(word) for word in words(text) if word.lower() not in FUNCTION and (len(word) > 1 or word.isdigit())]


def clauses(text: str) -> list[str]:
    """The clauses of `text`, roughly: what stands between commas and the commonest conjunctions."""
    return [part for part in _CLAUSE.split(text) if part.strip()]


class Known:
    """The content words of some sources, to be asked for words of a generated sentence."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.stems = {s for text in texts for s in content(text)}
        self._groups = {_groups()[s][0] for s in self.stems if s in _groups()}
        self._starts: dict[str, list[str]] = {}
        for s in self.stems:
            self._starts.setdefault(s[:4], []).append(s)

    def __contains__(self, wanted: str) -> bool:
        """Whether a stem is there, or one that differs in a short ending, or another word of its group."""
        if wanted in self.stems:
            return True
        if wanted in _groups() and _groups()[wanted][0] in self._groups:
            return True
        return not wanted[0].isdigit() and any(_same_word(wanted, s) for s in self._starts.get(wanted[:4], []))


def _same_word(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) > 3 and long.startswith(short) and len(long) - len(short) <= 3


@dataclass(frozen=True, slots=True)
class Support:
    """How far some sources carry a sentence: the `share` of its content words that they hold (1 if it has none), the
    words that they lack, the longest run of those, and of those the grave ones."""

    share: float
    lacking: tuple[str, ...]
    run: int
    grave: tuple[str, ...]


def support(text: str, sources: Iterable[str]) -> Support:
    """How far `sources` (English) carry `text`."""
    known = Known(sources)
    run = longest = total = 0
    lacking = []
    for word in words(text):
        found = content(word)
        if not found:
            continue
        total += 1
        if found[0] in known:
            run = 0
        else:
            run += 1
            longest = max(longest, run)
            lacking.append(word)
    grave = tuple(word for word in lacking if _groups().get(stem(word), (0, False))[1])
    return Support(1 - len(lacking) / total if total else 1.0, tuple(lacking), longest, grave)


def repeats(text: str, others: Iterable[str]) -> bool:
    """Whether another text says all this one does, in the same order: what it lacks is no name, no number, nothing
    grave, and each denies as much as the other."""
    return any(_repeats(text, other) for other in others)


def _repeats(text: str, other: str) -> bool:
    stems, denying = content(text), cues.cue("denying")
    if not stems or LCSseq.similarity(stems, content(other)) < REPEATED * len(stems):
        return text == other
    if len(denying.findall(text)) != len(denying.findall(other)):
        return False
    found = support(text, [other])
    return not found.grave and all(word.islower() for word in found.lacking)


def best_sources(text: str, candidates: Sequence[str]) -> tuple[int, ...]:
    """Positions of the fewest `candidates` that hold most of the content words of `text`, in order; () if none does.

    Greedily: the one that adds most comes first, the earlier of equals; one that adds less than an eighth is left out.
    """
    wanted = set(content(text))
    held = [{s for s in wanted if s in known} for known in map(_known, candidates)]
    chosen: list[int] = []
    covered: set[str] = set()
    while len(chosen) < MOST_SOURCES and wanted:
        best = max(range(len(held)), key=lambda i: (len(held[i] - covered), -i), default=None)
        if best is None or len(held[best] - covered) < max(1, len(wanted) / 8):
            break
        chosen.append(best)
        covered |= held[best]
    return tuple(sorted(chosen))


@functools.lru_cache(maxsize=4096)
def _known(text: str) -> Known:
    return Known([text])
