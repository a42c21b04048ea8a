"""How a text is laid out: which sentences a brief may be made of, where articles begin, whether it is but a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from models.layout import lines
from models.text.segment import split_sentences
from models.types import Sentence, Translation

MOST_LINKS = 5  # lines behind one that heads links, where the article goes on
FEWEST_LINES = 3  # of a list
PROSE = 6  # words of a paragraph that is no heading

Paragraph = list[Sentence]


@dataclass(frozen=True, slots=True)
class Layout:
    """`apart`: sentences that are none of an article. `statements`: those that a brief may be made of, each said once.
    `articles`: the first sentence of each article. `listed`: there is no article, but lines of their own."""

    apart: frozenset[int]
    statements: frozenset[int]
    articles: tuple[int, ...]
    listed: bool

    def marked(self, translation: Translation) -> Translation:
        """The translation, flagged `apart` if its sentence is."""
        if translation.sentence.index not in self.apart:
            return translation
        return replace(translation, flags=(*translation.flags, "apart"))


def laid_out(text: str, sentences: Sequence[Sentence]) -> Layout:
    """The layout of a text and its sentences. Where nothing would be left of it, nothing is set apart."""
    paragraphs = _paragraphs(sentences)
    apart = _apart(text, paragraphs)
    if len(apart) == len(sentences):
        apart = frozenset()
    left = [kept for one in paragraphs if (kept := [s for s in one if s.index not in apart])]
    first: dict[str, int] = {}
    for sentence in (s for one in left for s in one if lines.dateline(s.text) != "whole"):
        first.setdefault(lines.said(sentence.text), sentence.index)
    statements = frozenset(first.values()) or frozenset(s.index for one in left for s in one)
    articles = (0, *(one[0].index for one in _articles(paragraphs, apart)))
    return Layout(apart, statements, articles, len(articles) < 2 and _listed(left))


def parted(text: str) -> list[str]:
    """The articles of a text, in order; rules between them are none of any. The text alone if there is but one."""
    sentences = split_sentences(text)
    starts = laid_out(text, sentences).articles
    if len(starts) < 2:
        return [text]
    parts = [sentences[start:end] for start, end in zip(starts, (*starts[1:], len(sentences)), strict=True)]
    seen = [[s for s in part if not lines.is_rule(s.text)] for part in parts]
    return [text[part[0].start : part[-1].end] for part in seen]


def _paragraphs(sentences: Sequence[Sentence]) -> list[Paragraph]:
    return [list(group) for _, group in groupby(sentences, key=lambda sentence: sentence.paragraph)]


def _apart(text: str, paragraphs: Sequence[Paragraph]) -> frozenset[int]:
    """The lines round an article, and links below what heads them: all that is left, if nothing else follows."""
    found = {s.index for paragraph in paragraphs for s in paragraph if lines.is_round(s.text)}
    run, end = 0, len(paragraphs)  # how many paragraphs below this one are like links; where nothing else follows
    for at in reversed(range(len(paragraphs))):
        alone = len(paragraphs[at]) == 1
        if alone and lines.heads(paragraphs[at][0].text):
            if at + run == len(paragraphs) - 1:
                end = at + 1
            else:
                found.update(one[0].index for one in _links(text, paragraphs, at, run))
        run = run + 1 if alone and _is_link(paragraphs[at][0].text) else 0
    return frozenset(found.union(one[0].index for one in paragraphs[end:]))


def _links(text: str, paragraphs: Sequence[Paragraph], at: int, run: int) -> Sequence[Paragraph]:
    """The links below a line that heads them, of the `run` of paragraphs below it that may be: those that follow
    without a blank line, or the next one."""
    close, most = 0, min(run, MOST_LINKS)
    while close < most and text[paragraphs[at + close][-1].end : paragraphs[at + close + 1][0].start].count("\n") < 2:
        close += 1
    return paragraphs[at + 1 : at + 1 + min(run, close or 1)]


def _is_link(text: str) -> bool:
    return len(text.split()) <= lines.MOST_WORDS and not (
        lines.stops(text) or lines.goes_on(text) or lines.dateline(text) or lines.is_rule(text)
    )


def _articles(paragraphs: Sequence[Paragraph], apart: frozenset[int]) -> list[Paragraph]:
    """The paragraphs with which further articles begin: they open one where another has ended (at a rule or a credit),
    has a date line as well, or a number."""
    left = [kept for one in paragraphs if (kept := [s for s in one if s.index not in apart])]
    several_dated = sum(bool(lines.dateline(one[0].text)) for one in left) > 1
    numbered = _numbered(left)
    ends = {one[-1].index for one in paragraphs if _ends(one[-1].text)}
    starts, prose = [], False
    for at in range(1, len(left)):
        first, prose = left[at][0].index, prose or _is_prose(left[at - 1])
        own = bool(ends & set(range(left[at - 1][0].index, first))) or (several_dated and _dated(left, at))
        if prose and (at in numbered or (own and _opens(left, at))):
            starts.append(left[at])
            prose = False
    return starts


def _ends(text: str) -> bool:
    return (lines.is_rule(text) and len(text) > 2) or lines.is_credit(text)


def _opens(left: Sequence[Paragraph], at: int) -> bool:
    """Whether an article may begin here: a headline over prose that goes on with nothing, or a date line."""
    if lines.dateline(left[at][0].text):
        return True
    if at + 1 == len(left) or len(left[at]) > 1 or not lines.is_headline(left[at][0].text):
        return False
    lead = left[at + 1]
    return bool(lines.dateline(lead[0].text)) or (_is_prose(lead) and not lines.goes_on(lead[0].text))


def _dated(left: Sequence[Paragraph], at: int) -> bool:
    """Whether this is the headline over a date line, or a date line without one."""
    under = at + 1 < len(left) and bool(lines.dateline(left[at + 1][0].text)) and _is_headline(left[at])
    return under or (bool(lines.dateline(left[at][0].text)) and not (at and _is_headline(left[at - 1])))


def _is_headline(paragraph: Paragraph) -> bool:
    return len(paragraph) == 1 and lines.is_headline(paragraph[0].text)


def _is_prose(paragraph: Paragraph) -> bool:
    return lines.stops(paragraph[-1].text) and sum(len(s.text.split()) for s in paragraph) >= PROSE


def _numbered(left: Sequence[Paragraph]) -> frozenset[int]:
    """The places of headlines with numbers from 1 on over prose, if the text is made of such."""
    places = [
        at
        for at, one in enumerate(left[:-1])
        if _is_headline(one) and lines.number(one[0].text) and len(one[0].text.split()) > FEWEST_LINES + 1
        and _is_prose(left[at + 1]) and not lines.number(left[at + 1][0].text)
    ]  # fmt: skip
    numbers = [lines.number(left[at][0].text) for at in places]
    whole = len(places) > 1 and not places[0] and numbers == list(range(1, len(numbers) + 1))
    return frozenset(places) if whole else frozenset()


def _listed(left: Sequence[Paragraph]) -> bool:
    """Whether all paragraphs are single lines like headlines; one in five may be shorter."""
    if len(left) < FEWEST_LINES or any(len(one) > 1 or not _is_link(one[0].text) for one in left):
        return False
    return sum(_is_headline(one) for one in left) >= 0.8 * len(left)
