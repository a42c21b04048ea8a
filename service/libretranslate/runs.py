"""A page's tokens -> its runs of text: what no block, line break or crossed tag parts, with the elements in it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from models.text.normalize import has_arabic
from service.libretranslate.tokens import Token, tokens

DEEPEST = 20  # inline elements in one another
MOST = 100  # elements of a run; more are no words in a sentence
_BLANK = re.compile(r"[ \t\n\r\f]+")
_TAG = re.compile("<[^>]*>")
_WORD = re.compile(r"[^\W_]")


@dataclass(slots=True)
class Node:
    """An inline element, or an atom, and the characters of its run's text that it holds; `place`: of the English."""

    opening: str
    name: str
    start: int
    end: int
    closing: str = ""
    atom: bool = False
    children: list[Node] = field(default_factory=list)
    place: tuple[int, int] = (0, 0)

    def names(self) -> Iterator[str]:
        """Of the element and of all in it."""
        yield self.name
        for child in self.children:
            yield from child.names()


@dataclass(slots=True)
class Run:
    """`raw` as it was written, `text` as it is read."""

    raw: str
    text: str
    nodes: list[Node]


def runs(page: str) -> Iterator[Run]:
    """The runs of a page; those without a text are its walls. Their `raw` together is the page."""
    pending: list[Token] = []
    for token in _walled(list(tokens(page))):
        if token.kind == "wall":
            yield from _parted(pending)
            pending = []
            yield Run(token.raw, "", [])
        else:
            pending.append(token)
    yield from _parted(pending)


def _walled(page: Sequence[Token]) -> list[Token]:
    """The tokens, with walls for inline tags that do not pair, that pair across a wall, or that are too deep."""
    found = list(page)
    open_tags: list[int] = []
    crossed = 0  # so many of these have a wall in them
    for i, token in enumerate(page):
        if token.kind == "wall":
            crossed = len(open_tags)
        elif token.kind == "open":
            open_tags.append(i)
        elif token.kind == "close":
            crossed, pair = _closed(page, found, open_tags, crossed, token.name)
            if pair is None:
                found[i] = Token("wall", token.raw)
    for i in open_tags:
        found[i] = Token("wall", page[i].raw)
    return found


def _closed(
    page: Sequence[Token], found: list[Token], open_tags: list[int], crossed: int, name: str
) -> tuple[int, int | None]:
    """End the innermost open element, if it has this name and no wall in it: its place, and how many are crossed."""
    if not open_tags or page[open_tags[-1]].name != name or len(open_tags) <= crossed or len(open_tags) > DEEPEST:
        if open_tags and page[open_tags[-1]].name == name:
            i = open_tags.pop()
            found[i] = Token("wall", page[i].raw)
        return len(open_tags), None
    return crossed, open_tags.pop()


def _parted(pending: list[Token]) -> Iterator[Run]:
    """The run of these tokens; if it has too many elements, a run for each of its texts."""
    if sum(token.kind != "text" for token in pending) <= 2 * MOST:
        yield from [_run(pending)] if pending else []
        return
    for token in pending:
        yield _run([token]) if token.kind == "text" else Run(token.raw, "", [])


def _run(pending: list[Token]) -> Run:
    text = ""
    top = Node("", "", 0, 0)
    path = [top]
    worded = [i for i, token in enumerate(pending) if token.kind == "text" and _WORD.search(token.raw)]
    for i, token in enumerate(pending):
        start = len(text)
        if token.kind == "text":
            text = _joined(text, html.unescape(token.raw))
        elif token.kind == "close":
            path[-1].end, path[-1].closing = start, token.raw
            path.pop()
        else:
            words = html.unescape(_TAG.sub("", token.raw)) if token.kind == "atom" else ""
            if has_arabic(words) or (worded and worded[0] < i < worded[-1]):  # it belongs to the sentence round it
                text = _joined(text, words)
            path[-1].children.append(Node(token.raw, token.name, start, len(text), atom=token.kind == "atom"))
            if token.kind == "open":
                path.append(path[-1].children[-1])
    return Run("".join(token.raw for token in pending), text, top.children)


def _joined(text: str, more: str) -> str:
    more = _BLANK.sub(" ", more)
    return text + (more[1:] if text.endswith(" ") and more.startswith(" ") else more)
