"""The texts that are translated: articles made of sentences.txt's news sentences, no two sentences equal.

With them, one sentence in five, go those of ../shared (FLORES-200 and one news article), where that folder is.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from models.text.segment import split_sentences
from models.text.tables import rows

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared"
NUMBERED = 0.25  # of our sentences have digits, as in Arabic news: 22% to 28% in three outlets
JOINED = 0.3  # of our sentences are two with a comma between them, as the news likes it: 18 words on average, not 13

TABLE = {slot: names.split("|") for slot, names in rows(HERE / "names.tsv")}


def _person(first: str) -> Callable[[random.Random], str]:
    return lambda draw: f"{draw.choice(TABLE[first])} {draw.choice(TABLE['families'])}"


def _tenths(low: int, high: int) -> Callable[[random.Random], str]:
    return lambda draw: f"{draw.randint(low * 10 + 1, high * 10) / 10:g}"


# Counted nouns stand in the singular, which is right after a number whose last two digits are 11 to 99.
NAMES: dict[str, Callable[[random.Random], str]] = {
    slot: lambda draw, slot=slot: draw.choice(TABLE[slot])  # type: ignore[misc]
    for slot in ("city", "country", "ministry", "org", "month", "day")
}
NAMES |= {"name": _person("men"), "lady": _person("women")}
NUMBERS: dict[str, Callable[[random.Random], str]] = {
    "d": lambda draw: str(draw.randint(2, 30)),
    "n": lambda draw: str(draw.randint(11, 99)),
    "big": lambda draw: f"{draw.randint(1, 99) * 100 + draw.randint(11, 99):,}",
    "pct": _tenths(1, 95),
    "millions": _tenths(1, 90),
    "quake": _tenths(4, 7),
    "heat": lambda draw: str(draw.randint(41, 52)),
    "hours": lambda draw: str(draw.randint(11, 20)),
    "years": lambda draw: str(draw.randint(11, 25)),
    "year": lambda draw: str(draw.randint(1960, 2025)),
}
SLOTS = NAMES | NUMBERS
_SLOT = re.compile(r"\{([a-z]+)2?\}")  # {city2} is another city


@dataclass(frozen=True, slots=True)
class Article:
    """`text` as a user has it; `sentences` as Mujaz splits it, for contenders that take ready sentences."""

    text: str
    sentences: list[str]

    @property
    def words(self) -> int:
        """Source words: runs without white space."""
        return len(self.text.split())


class Corpus:
    """An endless supply of articles that depends on `seed` alone; one object never gives an equal sentence twice.

    `shared` sentences are used up one by one, one in five, and then no more.
    """

    def __init__(self, seed: int, shared: list[str] | None = None):
        self._draw = random.Random(seed)  # noqa: S311 - texts, not secrets
        *own, common, self._short = topics()
        self._topics = [_by_number([*topic, *common]) for topic in own]
        self._seen: set[str] = set()
        self._shared = iter(shared or [])

    def article(self, sentences: int) -> Article:
        """An article of one topic in paragraphs of two to four sentences."""
        topic = self._draw.choice(self._topics)
        written = [self._sentence(topic) for _ in range(sentences)]
        paragraphs = []
        while written:
            size = self._draw.randint(2, 4)
            paragraphs.append(" ".join(written[:size]))
            written = written[size:]
        return _article("\n\n".join(paragraphs))

    def articles(self, words: int, low: int = 5, high: int = 15) -> list[Article]:
        """Articles of `low` to `high` sentences until they have `words` words together."""
        made: list[Article] = []
        while sum(article.words for article in made) < words:
            made.append(self.article(self._draw.randint(low, high)))
        return made

    def items(self, count: int) -> Iterator[Article]:
        """Items of one short sentence, as a news ticker has them."""
        return (_article(self._fresh(self._short)) for _ in range(count))

    def _sentence(self, topic: dict[bool, list[str]]) -> str:
        if self._draw.random() < 0.2 and (shared := next(self._shared, None)):
            return shared
        templates = topic[self._draw.random() < NUMBERED]
        first = self._fresh(templates)
        if self._draw.random() < JOINED and first.endswith("."):
            second = self._fresh([template for template in templates if template.startswith("و")])
            return f"{first[:-1]}، {second}"
        return first

    def _fresh(self, templates: list[str]) -> str:
        while True:
            sentence = self._fill(self._draw.choice(templates))
            if sentence not in self._seen:
                self._seen.add(sentence)
                return sentence

    def _fill(self, template: str) -> str:
        used: set[str] = set()

        def value(match: re.Match[str]) -> str:
            while (drawn := SLOTS[match[1]](self._draw)) in used:
                pass
            used.add(drawn)
            return drawn

        return _SLOT.sub(value, template)


def _by_number(templates: list[str]) -> dict[bool, list[str]]:
    """Those whose sentences have digits under True, the others under False."""
    found: dict[bool, list[str]] = {True: [], False: []}
    for template in templates:
        digits = any(map(str.isdigit, template)) or not NUMBERS.keys().isdisjoint(_SLOT.findall(template))
        found[digits].append(template)
    return found


def topics() -> list[list[str]]:
    """The templates of sentences.txt, a list a topic; the last two go with any topic, and are the ticker's."""
    text = (HERE / "sentences.txt").read_text(encoding="utf-8")
    sections = re.split(r"^= .*$", text, flags=re.MULTILINE)[1:]
    return [[line for line in section.splitlines() if line.strip()] for section in sections]


def shared_sentences() -> list[str]:
    """What ../shared has for reading speed; empty where that folder is not."""
    found: list[str] = []
    for path in (SHARED / "seed" / "article-ar.txt", *sorted((SHARED / "eval").glob("flores-*.ar"))):
        if path.is_file():
            found += [s.text for s in split_sentences(path.read_text(encoding="utf-8"))]
    return list(dict.fromkeys(s for s in found if s[-1] in ".؟!"))


def _article(text: str) -> Article:
    return Article(text, [sentence.text for sentence in split_sentences(text)])
