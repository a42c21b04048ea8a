"""Where the inline elements of an Arabic run stand in its English.

A link or bold words go round their own English where that is certain: their number, name or translation is found once
in the English of their sentence. Else they go round the whole sentence. Nothing else is guessed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.text.normalize import has_arabic, normalize
from service.libretranslate.runs import Node, Run

LINKS = {"a", "label"}  # may not stand in one another
_ENDS = " .,:;!?\"'«»()[]،؛؟…“”-"
Span = tuple[int, int]


@dataclass(slots=True)
class Sentence:
    """The places of a sentence in the run, and in the English."""

    start: int
    end: int
    first: int
    last: int


@dataclass(slots=True)
class Placing:
    """A run with its translation. `own`: what is known of the translations of elements' texts."""

    run: Run
    record: Mapping
    own: Mapping[str, str]
    english: str = ""
    sentences: list[Sentence] = field(default_factory=list)

    def __post_init__(self) -> None:
        at = 0
        for sentence in self.record["sentences"]:
            gap = self.run.text[at : sentence["start"]] or (" " if self.english else "")
            first = len(self.english) + len(gap)
            self.english += gap + sentence["text"]
            at = sentence["end"]
            self.sentences.append(Sentence(sentence["start"], at, first, len(self.english)))
        self.english += self.run.text[at:]

    def html(self) -> str:
        """The run in English, with its elements."""
        self._place(self.run.nodes, 0, (0, len(self.english)))
        return self._render(self.run.nodes, 0, len(self.english))

    def _place(self, nodes: Sequence[Node], since: int, within: Span, whole: bool = False) -> None:
        """Give each child of what begins at `since` its place `within` some English; if `whole`, all of it."""
        taken: list[Node] = []
        for node in nodes:
            found = None if whole else self._certain(node, within)
            if found and not any(_meet(found, other.place) for other in taken):
                node.place = found
                taken.append(node)
                self._place(node.children, node.start, found)
        sure = set(map(id, taken))
        for node in nodes:
            if id(node) not in sure:
                around = self._around(node, within)
                if self._words(node) and not node.atom:
                    self._place_whole(node, within if whole else around, taken)
                else:
                    at = around[0] if self._is_first(node, since) else around[1]
                    node.place = (at, at)

    def _place_whole(self, node: Node, place: Span, taken: list[Node]) -> None:
        """Put a node round whole sentences; or behind them, a second link, with words of its own."""
        others = [other for other in taken if other.place[0] < other.place[1]]
        while crossing := [other.place for other in others if _cross(place, other.place)]:
            place = min(place, *crossing)[0], max(place[1], *(end for _, end in crossing))
        inside = [other for other in others if _meet(place, other.place)]
        if LINKS & set(node.names()) and any(LINKS & set(other.names()) for other in inside):
            node.place = (place[1], place[1])
            return
        node.place = place
        taken.append(node)
        self._place(node.children, node.start, place, whole=True)

    def _words(self, node: Node) -> str:
        """What a node holds, if it is more than blanks and marks."""
        words = self.run.text[node.start : node.end]
        return words if any(map(str.isalnum, words)) else ""

    def _touched(self, node: Node) -> list[Sentence]:
        """The sentences that a node has a part of."""
        end = max(node.end, node.start + 1)
        return [s for s in self.sentences if s.start < end and node.start < s.end]

    def _around(self, node: Node, within: Span) -> Span:
        """The English of a node's sentences, or of that before it."""
        touched = self._touched(node) or [s for s in self.sentences if s.end <= node.start][-1:]
        if not touched:
            return within[0], within[0]
        start, end = max(within[0], touched[0].first), min(within[1], touched[-1].last)
        return (start, end) if start < end else within

    def _is_first(self, node: Node, since: int) -> bool:
        """Whether no word of its sentence, or of its parent, stands before it."""
        start = max([since, *(s.start for s in self._touched(node))])
        return not any(map(str.isalnum, self.run.text[start : node.start]))

    def _certain(self, node: Node, within: Span) -> Span | None:
        """The English that can only be a node's own: that of its whole sentences, or what stands there once."""
        words, touched = self._words(node), self._touched(node)
        if not words or not touched:
            return None
        start, end = touched[0].start, touched[-1].end
        low, high = max(within[0], touched[0].first), min(within[1], touched[-1].last)
        outside = self.run.text[start : node.start] + self.run.text[node.end : end]
        if not node.atom and not any(map(str.isalnum, outside)):
            return (low, high) if low < high else None
        if len(touched) > 1 or self.run.text[start:end].count(words.strip()) != 1:
            return None
        return next(filter(None, (_once(w, self.english, low, high) for w in self._english(words))), None)

    def _english(self, words: str) -> list[str]:
        """What words may be in the English: the same, with our digits, or their own translation."""
        known = self.own.get(words, "")
        return [text.strip(_ENDS) for text in (words, normalize(words), known, known.removeprefix("The "))]

    def _render(self, nodes: Sequence[Node], low: int, high: int) -> str:
        written, at = [], low
        queue = sorted(nodes, key=lambda node: (node.place[0], node.place[0] < node.place[1], -node.place[1]))
        while queue:
            node, *rest = queue
            start, end = node.place
            inside = [n for n in rest if start <= n.place[0] and n.place[1] <= end and n.place != (end, end)]
            queue = rest[len(inside) :]  # they begin before all others
            written.append(_escaped(self.english[at:start]))
            written.append(self._element(node, inside))
            at = end
        return "".join(written) + _escaped(self.english[at:high])

    def _element(self, node: Node, inside: Sequence[Node]) -> str:
        start, end = node.place
        if node.atom:
            return " " + node.opening if self._words(node) and start == end else node.opening
        if start == end and self._words(node):
            return " " + self._chain(node, _escaped(self.own.get(self._words(node), self._words(node)).strip()))
        return node.opening + self._render([*node.children, *inside], start, end) + node.closing

    def _chain(self, node: Node, text: str) -> str:
        """A node and all that is in it, round a text."""
        for child in reversed(node.children):
            text = child.opening + text if child.atom else self._chain(child, text)
        return node.opening + text + node.closing


def _once(words: str, english: str, low: int, high: int) -> Span | None:
    """The place of words that stand once between `low` and `high`."""
    if not words or has_arabic(words):
        return None
    pattern = re.compile(rf"(?<![^\W_]){re.escape(words)}(?![^\W_])", re.IGNORECASE)
    found = [match.span() for match in pattern.finditer(english, low, high)]
    return found[0] if len(found) == 1 else None


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _cross(one: Span, other: Span) -> bool:
    """Whether two places overlap and neither holds the other."""
    (a, b), (c, d) = sorted((one, other))
    return a < c < b < d


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)
