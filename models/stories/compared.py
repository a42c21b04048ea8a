"""Which articles tell one story, and what they agree on, where they differ, what only one of them says.

Everything is decided on the Arabic, by the words, names and figures that texts share, and every statement is a
sentence that stands in an article: nothing is written. So it can be checked, and it has limits that readers are told
of (LIMITS).

Measured on tests/data/stories (37 short articles of our own, 13 stories; see test_stories.py; the same hand wrote
the articles and this, so that news at large will do worse):

                                         11 stories, thresholds set on them     2 stories written afterwards
    pairs of articles on one story       precision 1.00, recall 1.00            1.00, 0.50
    figures that differ, with numbers    precision 0.95, recall 1.00            1.00, 0.67 (0.33 at their first run,
                                                                                before openings were compared)
    what only one article says           precision 0.97, recall 0.90 over all 13

Beside 28 articles on other events of like kinds the grouping's precision stays 1.00; beside longer ones on events of
the same kind it was lower (0.82 with 24 more). Articles of other lengths than
these (3 to 6 sentences, of which the first 8 would be read) have not been measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from models.briefs.centrality import similarity
from models.briefs.extractive import SHORTEST, ExtractiveSummarizer
from models.stories.clashes import Clash, Together, compare
from models.stories.counterparts import Line, content, names
from models.types import Sentence, Translation

MOST = 50  # articles at a time
SAME_STORY = 0.18  # mean likeness of articles on one story
FIRST = 8  # sentences that an article is compared by, so that long ones are not alike for being long
OPENING = 3  # times that the title and the first sentence count: there stands what an article is about
NAMES = 3  # times that a place or an organisation counts
ELSEWHERE = 0.6  # what likeness is multiplied by where both name places or organisations, and none in common
ONLY = 0.2  # cosine similarity to any line of another article from which a sentence is not one that only its own has
MOST_LINES = 600  # of one story; comparing all with all costs the square, and news leads: what is beyond is `rest`
MOST_ONLY = 5  # such sentences of one article
LIMITS = (
    "Sentences are compared by the Arabic words that they share: the same fact in other words is not recognised, and "
    "sentences that share most of their words may still say different things.",
    "Figures are compared only where the Arabic shows what they count; a figure that only one article gives, or that "
    "is given in other units, is not compared. Figures that differ may be of different hours.",
    "Of long articles the first sentences are compared, 600 of all articles on a story together.",
    "Articles that agree may all repeat one source. What only one says is not thereby doubtful.",
)


@dataclass(frozen=True, slots=True)
class Article:
    """The Arabic of an article: its title, if it has one of its own, and its sentences."""

    id: str
    title: str | None
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """Articles on one story (their numbers in what was given). Each line's `article` is such a number.

    `agree`, `differ` and `only` are in the order in which the articles tell; `rest` has the sentences that are in
    none of them.
    """

    articles: tuple[int, ...]
    agree: tuple[Together, ...]
    differ: tuple[Clash, ...]
    only: tuple[Line, ...]
    rest: tuple[Line, ...]


def stories(articles: Sequence[Article], one: bool = False) -> list[Story]:
    """The stories that at least two of `articles` tell, most articles first; with `one`, a single story of all.

    The answer is the same in whatever order they come, but for the numbers: they are taken in the order of their ids.
    """
    order = sorted(range(len(articles)), key=lambda number: articles[number].id)
    groups = [list(range(len(order)))] if one else group([articles[number] for number in order])
    found = [tuple(order[i] for i in members) for members in groups if len(members) > 1]
    return [_story(articles, members) for members in sorted(found, key=lambda m: (-len(m), articles[m[0]].id))]


def group(articles: Sequence[Article]) -> list[list[int]]:
    """The numbers of the articles on each story, by average linkage; an article on no other's story is alone."""
    alike = likeness(articles)
    groups = [[number] for number in range(len(articles))]
    while len(groups) > 1:
        score, one, other = max(
            (float(alike[np.ix_(groups[i], groups[j])].mean()), -i, -j) for i, j in combinations(range(len(groups)), 2)
        )
        if score < SAME_STORY:
            break
        groups[-one] += groups.pop(-other)
    return [sorted(members) for members in groups]


def likeness(articles: Sequence[Article]) -> np.ndarray:
    """How alike articles are, from 0 to 1: shape (articles, articles). Two are as alike whatever else is given."""
    words = [_words(article) for article in articles]
    named = [frozenset(word for word in found if word[0] == "@") for found in words]
    alike = np.eye(len(articles))
    for i, j in combinations(range(len(articles)), 2):
        elsewhere = named[i] and named[j] and named[i].isdisjoint(named[j])
        alike[i, j] = alike[j, i] = similarity([words[i], words[j]])[0, 1] * (ELSEWHERE if elsewhere else 1)
    return alike


def _words(article: Article) -> list[str]:
    """What an article is about: the stems of its first sentences, and the ids of the places and organisations."""
    found: list[str] = []
    for i, text in enumerate([article.title or "", *article.sentences[:FIRST]]):
        ids = [f"@{name}" for name in sorted(names(text))]
        found += (content(text) + ids * NAMES) * (OPENING if i < 2 else 1)
    return found


def _story(articles: Sequence[Article], members: tuple[int, ...]) -> Story:
    first = MOST_LINES // len(members)
    whole = [line for number in members for line in _lines(number, articles[number])]
    lines = [line for line in whole if (line.index or 0) < first]
    together, clashes, alike = compare(lines)
    told = {line for one in together for line in one.lines}
    told |= {line for clash in clashes for value in clash.values for line in value.lines}
    only: list[Line] = []
    for number in members:
        only += _only(lines, number, alike, told)
    told.update(only)
    rest = tuple(line for line in whole if line.index is not None and line not in told)
    place = {line: (line.index is not None, line.index or 0, members.index(line.article)) for line in lines}
    together.sort(key=lambda one: (-len({line.article for line in one.lines}), min(place[line] for line in one.lines)))
    clashes.sort(key=lambda clash: min(place[line] for value in clash.values for line in value.lines))
    return Story(members, tuple(together), tuple(clashes), tuple(only), rest)


def _lines(number: int, article: Article) -> list[Line]:
    title = [Line(number, None, article.title)] if article.title else []
    return [*title, *(Line(number, index, text) for index, text in enumerate(article.sentences))]


def _only(lines: Sequence[Line], number: int, alike: np.ndarray, told: set[Line]) -> list[Line]:
    """The sentences of an article like no line of another, those that a brief would take first, in their order."""
    own = [i for i, line in enumerate(lines) if line.article == number and line.index is not None]
    others = [i for i, line in enumerate(lines) if line.article != number]
    if not own:
        return []
    texts = [lines[i].text for i in own]
    ranked = ExtractiveSummarizer().rank([Translation(Sentence(i, 0, 0, len(t), t), t) for i, t in enumerate(texts)])
    chosen = [
        own[i]
        for i in ranked
        if lines[own[i]] not in told
        and alike[own[i], others].max(initial=0) < ONLY
        and len(lines[own[i]].text.split()) >= SHORTEST
    ]
    return [lines[i] for i in sorted(chosen[:MOST_ONLY])]
