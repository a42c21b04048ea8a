"""What several articles on one story say alike, and where their figures differ or one denies what another says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from models.checks.cues import lost_denial
from models.stories.counted import Figure
from models.stories.counterparts import Line, Lines, Said, joined
from models.text.normalize import normalize

DENIAL = "denial"


@dataclass(frozen=True, slots=True)
class Together:
    """Lines of at least two articles that say the same. `figures` are those that at least two of them give, as they
    are said first; `differs` is true if another figure in them differs."""

    lines: tuple[Line, ...]
    figures: tuple[Figure, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Value:
    """One version of what is told in several: a figure as the first line says it (None of a denial), and its lines."""

    figure: Figure | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """A figure that differs, or a denial. `what` is that of `Figure`, or DENIAL: then the first of `values` are the
    lines that deny. `rough` says that a figure is rounded or a bound, so that both may be right."""

    what: str
    values: tuple[Value, ...]
    rough: bool


def compare(lines: Sequence[Line]) -> tuple[list[Together], list[Clash], np.ndarray]:
    """(what several articles say, where they differ, how alike the lines are) of the lines of one story."""
    story = Lines(lines)
    clashes, agreed = _figures(story)
    apart = {line for clash in clashes for value in clash.values for line in value.lines}
    together = []
    for group in joined(len(lines), story.counterparts()):
        chosen = [lines[i] for i in group]
        if denial := _denial(chosen):
            clashes.append(denial)
            continue
        same = _same_figures(story, group, agreed)
        differs = any(line in apart for line in chosen)
        if same or not differs:
            together.append(Together(tuple(chosen), tuple(same), differs))
    told = {line for one in together for line in one.lines}
    for version in agreed:
        spokes = _one_each(story, version)
        if not told.issuperset(lines[said.line] for said in spokes):
            chosen = [lines[said.line] for said in spokes]
            differs = any(line in apart for line in chosen)
            if denial := _denial(chosen):
                clashes += [denial] if denial not in clashes else []
            else:
                together.append(Together(tuple(chosen), (spokes[0].figure,), differs))
    return together, clashes, story.alike


def _denial(chosen: Sequence[Line]) -> Clash | None:
    deny = tuple(line for line in chosen if denies(line.text))
    others = tuple(line for line in chosen if line not in deny)
    return Clash(DENIAL, (Value(None, deny), Value(None, others)), rough=False) if deny and others else None


def _figures(story: Lines) -> tuple[list[Clash], list[list[Said]]]:
    """(figures that differ, groups of equal figures of at least two articles)."""
    said = story.said
    links = []
    for one, other in combinations(range(len(said)), 2):
        if said[one].figure.equals(said[other].figure) and story.related(said[one], said[other]):
            links.append((one, other))
    equal = joined(len(said), links, alone=True)
    group_of = {i: number for number, group in enumerate(equal) for i in group}
    links += _differing(story, equal, group_of)
    clashes, agreed = [], []
    for group in joined(len(said), links, alone=True):
        versions = [equal[number] for number in dict.fromkeys(group_of[i] for i in group)]
        if len(versions) > 1:
            values = [[said[i] for i in version] for version in versions]
            clashes.append(_clash(story, values))
        agreed += [[said[i] for i in version] for version in versions if len(_articles(story, version)) > 1]
    return clashes, agreed


def _differing(story: Lines, equal: list[list[int]], group_of: dict[int, int]) -> list[tuple[int, int]]:
    """Links between figures of one thing that two articles give otherwise; of each article a figure goes with one."""
    said = story.said
    articles = [_articles(story, group) for group in equal]
    found = []
    for i, j in combinations(range(len(said)), 2):
        one, other = said[i], said[j]
        here, there = (story.lines[s.line].article for s in (one, other))
        if here == there or there in articles[group_of[i]] or here in articles[group_of[j]]:
            continue
        if story.related(one, other):
            shared = len(one.figure.near & other.figure.near)
            found.append((-float(story.alike[one.line, other.line]), -shared, i, j, here, there))
    links: list[tuple[int, int]] = []
    taken: set[tuple[int, int]] = set()
    for _, _, i, j, here, there in sorted(found):
        ends = {(group_of[i], there), (group_of[j], here)}
        if ends.isdisjoint(taken):
            taken |= ends
            links.append((i, j))
    return links


def _articles(story: Lines, group: Iterable[int]) -> set[int]:
    return {story.lines[story.said[i].line].article for i in group}


def _clash(story: Lines, versions: list[list[Said]]) -> Clash:
    values = []
    for version in versions:
        spokes = _one_each(story, version)
        values.append(Value(spokes[0].figure, tuple(story.lines[said.line] for said in spokes)))
    rough = any(said.figure.rough for version in versions for said in version)
    return Clash(versions[0][0].figure.what, tuple(values), rough)


def _one_each(story: Lines, version: Iterable[Said]) -> list[Said]:
    """The first of each article, a sentence rather than the title."""
    best: dict[int, Said] = {}
    for said in sorted(version, key=lambda said: (story.lines[said.line].index is None, said.line)):
        best.setdefault(story.lines[said.line].article, said)
    return sorted(best.values(), key=lambda said: said.line)


def _same_figures(story: Lines, group: Sequence[int], agreed: list[list[Said]]) -> list[Figure]:
    """The figures that lines of at least two articles in the group give."""
    found = []
    for version in agreed:
        here = [said for said in version if said.line in group]
        if len({story.lines[said.line].article for said in here}) > 1:
            found.append(here[0].figure)
    return found


def denies(text: str) -> bool:
    """Whether a sentence denies something or says that it was not so."""
    return bool(lost_denial(normalize(text), ""))
