"""Which sentences of several articles on one story say the same, and which of their figures are of the same thing.

Two sentences are counterparts if each is the other's most similar one in its article and they are similar enough
(cosine of TF-IDF over Arabic stems). Figures are compared beyond that, for a toll may stand in any sentence: two count
the same if it is the same thing (`counted`) and their sentences or the words around are alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from models.briefs.centrality import similarity
from models.checks.places import find_arabic
from models.stories.counted import FUNCTION, STATES, Figure, figures
from models.text.folding import fold
from models.text.normalize import normalize
from models.text.terms import terms

# Set on the stories of tests/data/stories but the last two, which were written and run afterwards.
COUNTERPART = 0.35  # cosine similarity of two sentences that say the same
UNCOUNTED = 0.5  # of two of which only one gives figures
RELATED = 0.3  # of two whose figures are of one thing
TOLD = 0.1  # of two that tell what happened to people, unless both open their articles: a toll is a toll
AROUND = 2  # words that the surroundings of two figures must share where their sentences are less alike
FAR = 5  # times, from which a figure is another one's correction only if their sentences are counterparts


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of an article (`index` from 0) or its title (`index` None); `article` is the article's number."""

    article: int
    index: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A figure and the number of the line that gives it."""

    line: int
    figure: Figure


class Lines:
    """The lines of one story, and how alike they are: `alike[i, j]`, from 0 to 1."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.alike = similarity([content(line.text) for line in lines])
        self.said = [Said(i, figure) for i, line in enumerate(lines) for figure in figures(line.text)]
        self._counting = {said.line for said in self.said}
        self._named = [names(line.text) for line in lines]

    def counterparts(self) -> list[tuple[int, int]]:
        """Pairs of lines, no titles, each the best of its article for the other."""
        body: dict[int, list[int]] = {}
        for i, line in enumerate(self.lines):
            if line.index is not None:
                body.setdefault(line.article, []).append(i)
        return [pair for one, other in combinations(body.values(), 2) for pair in self._mutual(one, other)]

    def _mutual(self, one: list[int], other: list[int]) -> Iterator[tuple[int, int]]:
        block = self.alike[np.ix_(one, other)]
        for i, j in enumerate(block.argmax(axis=1)):
            least = COUNTERPART if (one[i] in self._counting) == (other[j] in self._counting) else UNCOUNTED
            if block[i, j] >= least and block[:, j].argmax() == i and self._same_names(one[i], other[j]):
                yield one[i], other[j]

    def _same_names(self, i: int, j: int) -> bool:
        """False where both name places or organisations, and none in common."""
        return not (self._named[i] and self._named[j]) or not self._named[i].isdisjoint(self._named[j])

    def _opens(self, i: int) -> bool:
        """Whether a line is the title or one of the first two sentences, where news gives its toll."""
        index = self.lines[i].index
        return index is None or index < 2

    def related(self, one: Said, other: Said) -> bool:
        """Whether two figures are of the same thing, whatever they are."""
        if one.figure.what != other.figure.what:
            return False
        alike = self.alike[one.line, other.line]
        if alike >= COUNTERPART or one.line == other.line:
            return True
        a, b = one.figure.values[0], other.figure.values[0]
        if not one.figure.equals(other.figure) and max(float(a), float(b)) > FAR * min(float(a), float(b)):
            return False
        if one.figure.what.split()[0] in _STATES:
            return bool(alike >= TOLD) or (self._opens(one.line) and self._opens(other.line))
        return bool(alike >= RELATED or len(one.figure.near & other.figure.near) >= AROUND)


_STATES = frozenset(name.split()[0] for name in STATES)


def content(text: str) -> list[str]:
    """The stems of an Arabic text without its function words."""
    return [stem for word in normalize(text).split() if fold(word) not in FUNCTION for stem in terms(word)]


def names(text: str) -> frozenset[str]:
    """The ids of the places and organisations of `models.checks.places` that an Arabic text names."""
    found = find_arabic([fold(word) for word in normalize(text).replace("،", " ").replace(".", " ").split()])
    return frozenset().union(*(ids for ids, _, _ in found if "?" not in ids))


def joined(size: int, links: Iterable[tuple[int, int]], alone: bool = False) -> list[list[int]]:
    """The groups that links make of 0 .. size - 1, each and all in order; `alone` keeps those of one."""
    group = list(range(size))
    for one, other in links:
        low, high = sorted((group[one], group[other]))
        group = [low if number == high else number for number in group]
    found: dict[int, list[int]] = {}
    for i, number in enumerate(group):
        found.setdefault(number, []).append(i)
    return [members for members in found.values() if alone or len(members) > 1]
