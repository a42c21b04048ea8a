"""HTML cut into tokens whose `raw` put together is the page again, byte for byte.

A parser's tree forgets how a page was written, and writing it anew can wake what slept in it. Here nothing is written
anew but text. Where a browser ends a tag, a comment or a script depends on where it is (in a <select>, in an <svg>):
what could be read in two ways is not read at all. It and all that follows it is one token that nobody touches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "open", "close", "atom", "wall"]


@dataclass(frozen=True, slots=True)
class Token:
    """`wall`: no sentence goes through it. `atom`: stands in a sentence, and is left as it is."""

    kind: Kind
    raw: str
    name: str = ""


# As a browser reads a tag (HTML, 13.2.5); atomic, so that no other reading is tried.
_TAG = re.compile(
    r"""<(/?)([a-zA-Z][^\s/>]*+)
        (?>[\s/]++ | [^\s/>][^\s/>=]*+ (?>\s*+=\s*+ (?>"[^"]*+" | '[^']*+' | (?!["'])[^\s>]*+) | (?!\s*+=)) )*+ >""",
    re.VERBOSE,
)
_REMARK = re.compile(r"<!--(?>-?>|.*?--!?>)|<(?!!--)(?:[!?]|/(?![a-zA-Z]))[^>]*+>", re.DOTALL)
_NO = re.compile(r"""\stranslate\s*=\s*["']?no["'\s/>]""", re.IGNORECASE)
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite data del dfn em font i ins label mark q s small span strike strong sub sup time "
    "tt u".split()
)
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
ATOMS = frozenset(("img", "wbr"))
KEPT = frozenset(("code", "kbd", "pre", "samp", "var"))  # with all that is in them
RAW = frozenset("iframe noembed noframes noscript script style textarea title xmp".split())  # no markup in these
UNREAD = frozenset(("frameset", "math", "plaintext"))  # after these, tags may mean other things
SHAPES = frozenset("svg g path circle rect line polyline polygon ellipse defs use symbol lineargradient stop".split())


def tokens(page: str) -> Iterator[Token]:
    """The tokens of a page, those that are left as they are whole."""
    kept: list[Token] = []
    depth = 0
    for token in _cut(page):
        if kept:
            kept.append(token)
            depth += token.name == kept[0].name and {"open": 1, "close": -1}.get(token.kind, 0)
            if not depth:
                yield _left(kept)
                kept = []
        elif token.kind == "open" and (token.name in KEPT or _NO.search(token.raw)):
            if token.name in VOID:
                yield _left([token])
            else:
                kept, depth = [token], 1
        else:
            yield _role(token)
    if kept:
        yield Token("wall", "".join(token.raw for token in kept))


def _left(kept: list[Token]) -> Token:
    """An element that is left as it is, as one token."""
    name = kept[0].name
    inline = name in INLINE | ATOMS | (KEPT - {"pre"}) and not any(t.kind == "wall" for t in kept)
    return Token("atom" if inline else "wall", "".join(token.raw for token in kept), name)


def _role(token: Token) -> Token:
    """A token as text or as what it is to a sentence."""
    if token.kind in ("open", "close") and token.name not in INLINE:
        return Token("atom" if token.name in ATOMS else "wall", token.raw, token.name)
    return token


def _cut(page: str) -> Iterator[Token]:
    """The tokens as they are written; the content of scripts and the like is in one of them."""
    at = 0
    while at < len(page):
        token = _next(page, at)
        end = at + len(token.raw)
        if token.kind == "open" and token.name in RAW:
            inner = _content(page, end, token.name)
            token = Token("wall", page[at:], "rest") if inner is None else token
            yield token
            if inner:
                yield Token("text" if token.name == "title" else "wall", inner)
                end += len(inner)
        else:
            if token.name in UNREAD or (token.name == "svg" and token.kind == "open"):
                drawn = _drawing(page, at) if token.name == "svg" else 0
                token = Token("atom", page[at:drawn], "svg") if drawn else Token("wall", page[at:], "rest")
                end = drawn
            yield token
        at = len(page) if token.name == "rest" else end


def _next(page: str, at: int) -> Token:
    if page[at] != "<" or not re.compile(r"[a-zA-Z/!?]").match(page, at + 1):
        end = page.find("<", at + 1)
        return Token("text", page[at:] if end < 0 else page[at:end])
    if page.startswith("<![CDATA[", at):
        return Token("wall", page[at:], "rest")
    if found := _TAG.match(page, at):
        kind: Kind = "close" if found[1] else "open"
        return Token(kind, found[0], found[2].lower())
    if found := _REMARK.match(page, at):
        return Token("wall", found[0])
    return Token("wall", page[at:], "rest")  # it never ends


def _content(page: str, at: int, name: str) -> str | None:
    """What stands in an element whose content is no markup; None if it might be read as markup all the same."""
    closing = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(page, at)
    if not closing:
        return None
    inner = page[at : closing.start()]
    if name == "script":  # a script everywhere, but a comment in it may hide its end
        return None if "<!--" in inner else inner
    place = at
    while place < closing.start():
        token = _next(page, place)
        if token.kind == "wall" or token.name in RAW or token.name in UNREAD or (name == "title" and token.name):
            return None
        place += len(token.raw)
    return inner if place == closing.start() else None


def _drawing(page: str, at: int) -> int:
    """Where an <svg> ends, if it is of shapes only: then a browser is sure to be out of it there. Else 0."""
    open_names: list[str] = []
    while at < len(page):
        token = _next(page, at)
        at += len(token.raw)
        if token.kind == "wall" or (token.name and token.name not in SHAPES):
            return 0
        if token.kind == "open" and not token.raw.endswith("/>"):
            open_names.append(token.name)
        elif token.kind == "close" and open_names.pop() != token.name:
            return 0
        if not open_names:
            return at
    return 0
