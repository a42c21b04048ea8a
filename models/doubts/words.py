"""The words of a text that a model gives little chance, where it wrote others itself."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz

from models.text import tables
from models.types import Doubt

DATA = Path(__file__).parent / "data"
# The chance below which a word is doubted, where the model's own translation has no form of it. Chosen on 460
# translations judged by hand: at one marked word in a sentence, nearly half of the marked are gravely wrong.
WORD, NAME = -6.0, -4.0  # log-probabilities
# Words in a row, none of which another translation has, that are so improbable together were put in; each counts at
# most MOST. One right translation in a hundred has such.
EXTRA, MOST = -28.0, 8.0
GRAVE = -7.5  # of a grave word alone
SPELLING = 60  # of 100: the ratio of common letters from which two words are spellings of one
LEAST = -30.0  # what is impossible for the model (letters it never writes) is not more improbable than this
_TOKEN = re.compile(r"\S+")
_CORE = re.compile(r"\w(?:.*\w)?", re.DOTALL)
_ENDINGS = ("ingly", "edly", "ing", "ed", "es", "s", "ly", "d")
STEM = 6  # letters


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, from character `start` to `end` (marks round it left out), and the log-probability that a model
    gave its pieces."""

    text: str
    start: int
    end: int
    chance: float

    @property
    def has_content(self) -> bool:
        """Whether it is a word, and not one of the few hundred that hold sentences together."""
        return self.text.lower() not in _empty()

    @property
    def has_capital(self) -> bool:
        """Whether it may be a name."""
        return self.text[0].isupper()


@cache
def _grave() -> re.Pattern[str]:
    """Beginnings of words that change what happened: killed, arrested, rose."""
    return re.compile("|".join(tables.words(DATA / "grave-words.txt")), re.IGNORECASE)


@cache
def _empty() -> frozenset[str]:
    return frozenset(tables.words(DATA / "empty-words.txt"))


def words_of(text: str, pieces: Sequence[str], chances: Sequence[float]) -> list[Word]:
    """The words of `text` in order, each with the sum of the log-probabilities of its `pieces` (`▁` begins a word).

    [] where pieces and words cannot be matched.
    """
    sums: list[float] = []
    for piece, chance in zip(pieces, chances, strict=False):  # the end has a chance, and no piece
        if piece.startswith("▁") or not sums:
            sums.append(0.0)
        sums[-1] += max(chance, LEAST)
    cores = list(_cores(text))
    if len(cores) != len(sums):
        return []
    return [Word(core.group(), *core.span(), chance) for core, chance in zip(cores, sums, strict=True) if core]


def written(text: str) -> Iterator[Word]:
    """The words of a text of which no model was asked."""
    return (Word(core.group(), *core.span(), 0.0) for core in _cores(text) if core)


def _cores(text: str) -> Iterator[re.Match[str] | None]:
    """The words between the spaces of a text, without the marks round them (8.25 is one); None for marks alone."""
    return (_CORE.search(text, *token.span()) for token in _TOKEN.finditer(text))


class Vocabulary:
    """The words of some texts, in all their forms."""

    def __init__(self, texts: Iterable[str]):
        self._words = {word.lower() for text in texts for word in _forms(text)}
        self._stems = {stem(word) for word in self._words}

    def __contains__(self, word: str) -> bool:
        """Whether it or a form of it is there."""
        return stem(word) in self._stems

    def spells(self, word: str) -> bool:
        """Whether it is there, or another spelling of it."""
        return word in self or any(fuzz.ratio(word.lower(), known) >= SPELLING for known in self._words)


def _forms(text: str) -> Iterator[str]:
    """Its words, those with marks in them also in parts."""
    yield from re.findall(r"[\w'-]+", text)
    yield from (core.group() for core in _cores(text) if core)


def doubtful(words: Iterable[Word], known: Vocabulary) -> tuple[Doubt, ...]:
    """Those of `words` that the model gave little chance, and that are not `known` from other translations."""
    return tuple(
        Doubt(word.start, word.end, round(math.exp(max(word.chance, LEAST)), 6))
        for word in words
        if word.has_content and word.chance < _least(word) and word.text not in known
    )


def unread(words: Sequence[Word], known: Vocabulary, grave: float = GRAVE) -> str | None:
    """The most improbable of `words` in a row that are not `known`, if all together are so improbable that they have
    been put in, or one alone (`grave`) that says something grave; None if there are none."""
    rows = new(words, known)
    least, row = min((sum(max(word.chance, -MOST) for word in row), i) for i, row in enumerate(rows))
    if least <= EXTRA:
        return " ".join(word.text for word in rows[row])
    told = (word.text for row in rows for word in row if word.chance <= grave and _grave().match(word.text))
    return next(told, None)


def new(words: Iterable[Word], known: Vocabulary) -> list[list[Word]]:
    """Those of `words` with content that are not `known`, in rows that no known one divides."""
    rows: list[list[Word]] = [[]]
    for word in words:
        if word.has_content:
            if known.spells(word.text):
                rows.append([])
            else:
                rows[-1].append(word)
    return rows


def _least(word: Word) -> float:
    return NAME if word.has_capital else WORD


def stem(word: str) -> str:
    """What forms of a word have in common, more or less: its first letters, without the commonest endings."""
    letters = re.sub(r"\W", "", word.lower())
    for ending in _ENDINGS:
        if letters.endswith(ending) and len(letters) - len(ending) >= 3:
            letters = letters.removesuffix(ending)
            break
    return letters[:STEM]
