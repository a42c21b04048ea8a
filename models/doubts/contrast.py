"""Sentences that say the opposite of a translation, or exchange who did what to whom, for a model to compare with it.

The model is asked how probable each is for the Arabic; where it likes one better, the translation is likely wrong.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from models.doubts.words import DATA, Word
from models.text import tables

OPPOSITES = DATA / "opposites.tsv"
BETTER = 2.0  # how much more probable (logarithm of the ratio) the opposite has to be
NEAR = 2  # names between which an exchange is tried: with the next two
AROUND = 2  # words shown before and after what differs
_BE_OR_DO = r"is|are|was|were|has|have|had|will|would|can|could|should|may|might|must|do|does|did"
_AFFIRMED = re.compile(rf"\b(?:{_BE_OR_DO})\b(?! not\b|n['’]t)", re.IGNORECASE)
_DENIED = re.compile(rf"\b({_BE_OR_DO})(?: not|n['’]t)\b|\b(can)(?:not|['’]t)\b|\b(wo)n['’]t\b", re.IGNORECASE)
# Denied twice, which says yes: no half of it is turned round.
_TWICE = re.compile(r"(?:\bnot|n['’]t) (?:un(?!der|i|til)\w+|illegal|illicit|impossible|improbable|insignificant)\b")
_PASSIVE = re.compile(r"\b(?:is|are|was|were|(has |have |had )been|be|being) (\w+(?:ed|en|t|d)) by\b")
_AFTER = (
    r"about|after|against|as|at|before|by|during|for|from|in|into|of|off|on|over|since|that|to|under|until|when|with"
)
_VERB = r"\w{2,}ed|beat|hit|met|shot|struck|told|won|led|fought|sued|left"
_ACTIVE = re.compile(
    rf"(?<!was )(?<!were )(?<!been )(?<!are )(?<!is )\b(has |have |had )?({_VERB}) (?!(?:{_AFTER})\b)(?=\w)"
)
_BE = ("was", "were", "is", "are")
# Of a regular verb, and not of a passive or a perfect.
_PAST = re.compile(r"(?<!was )(?<!were )(?<!been )(?<!has )(?<!have )(?<!had )(?<!are )(?<!is )\b[a-z]{2,}ed\b")
_DOER = re.compile(  # the few words before a verb, and those after it
    rf"\b((?:[Tt]he|[Aa]n?) (?:[\w'’-]+ ){{0,2}}[\w'’-]+|[A-Z][\w'’-]*(?: [\w'’-]+){{0,2}}) ({_VERB})"
    rf" ((?:(?!(?:{_AFTER})\b)[\w'’-]+ ?){{1,4}})(?<! )"
)
_ARTICLES = ("The ", "A ", "An ")
_NAME_WORD = r"[A-Z](?:[\w-]|\.(?=[A-Z]))*"
_NAME = re.compile(rf"\b{_NAME_WORD}(?:(?: of | al[ -]| bin | de | ){_NAME_WORD})*")
_NO_NAME = re.compile(
    r"(?:The|An?|In|On|At|He|She|It|They|We|I|This|That|These|Those|But|And|As|For|From|With|To|Of|By|If|When|While|After"
    r"|Before|Some|Many|Most|His|Her|Their|Its|There|However|According|No|Not|All|Also|Since|During|Earlier|Later"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October"
    r"|November|December)\b ?"
)


@dataclass(frozen=True, slots=True)
class Opposite:
    """A text with a part turned round: `text` is the whole sentence with the opposite, `said` and `instead` its words
    and theirs, with a few around."""

    text: str
    said: str
    instead: str


def opposites(text: str, words: Sequence[Word], better: float = BETTER) -> Iterator[Opposite]:
    """The opposites of `text` whose first other word can be so much `better`, given what the model gave its `words`."""
    # The chance of a word leaves all others the rest, and its opposite hardly more than half of that.
    made, likely = set(), -math.log1p(2 * math.exp(better))
    twice = [match.span() for match in _TWICE.finditer(text)]
    for start, end, instead in _changes(text):
        if any(start < last and first < end for first, last in twice):
            continue
        first = next((word for word in words if word.end > _first_change(text, start, end, instead)), None)
        changed = text[:start] + instead + text[end:]
        if first and first.chance < likely and changed not in made:
            made.add(changed)
            before, after = _around(text, start, end)
            yield Opposite(changed, text[before:after], text[before:start] + instead + text[end:after])


def _changes(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, what to put there) for each way to turn a part of `text` round."""
    for match in _listed().finditer(text):
        for other in _pairs()[match.group().lower()]:
            yield *match.span(), other.capitalize() if match.group()[0].isupper() else other
    for match in _DENIED.finditer(text):
        yield *match.span(), match[1] or match[2] or "will"
    for match in _AFFIRMED.finditer(text):
        yield *match.span(), f"{match.group()} not"
    for match in _PAST.finditer(text):
        for base in _bases(match.group()):
            yield *match.span(), f"did not {base}"
    for match in _PASSIVE.finditer(text):
        yield *match.span(), (match[1] or "") + match[2]
    for match in _ACTIVE.finditer(text):
        for be in (f"{match[1]}been",) if match[1] else _BE:
            yield match.start(), match.end() - 1, f"{be} {match[2]} by"
    for match in _DOER.finditer(text):
        yield *match.span(), f"{_capital(match[3], match[1])} {match[2]} {_capital(match[1], match[3])}"
    names = list(_names(text))
    for (i, (start, name)), (j, (later, other)) in combinations(enumerate(names), 2):
        if j - i <= NEAR and name != other:
            yield start, later + len(other), other + text[start + len(name) : later] + name


def _bases(past: str) -> tuple[str, ...]:
    """What a regular past form may be the past of."""
    stem = past.removesuffix("ed")
    return (f"{stem[:-1]}y",) if stem.endswith("i") else (stem, f"{stem}e")


def _names(text: str) -> Iterator[tuple[int, str]]:
    for match in _NAME.finditer(text):
        start = match.start()
        while no_name := _NO_NAME.match(text, start, match.end()):
            start = no_name.end()
        if name := text[start : match.end()].strip(" .-"):
            yield start, name


def _capital(words: str, like: str) -> str:
    """`words`, to be put where `like` stood, with a capital where an article had one, and without one of its own."""
    if like.startswith(_ARTICLES):
        return words[0].upper() + words[1:]
    return words[0].lower() + words[1:] if words.startswith(_ARTICLES) else words


def _first_change(text: str, start: int, end: int, instead: str) -> int:
    """The character of `text` with which what is put there begins to differ."""
    same = next((i for i, (a, b) in enumerate(zip(text[start:end], instead, strict=False)) if a != b), None)
    return start + same if same is not None else start + min(end - start, len(instead)) + 1


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """The places of what is shown: the part, and `AROUND` words before and after it."""
    before = re.search(rf"(?:\S+\s+){{0,{AROUND}}}\S*$", text[:start])
    after = re.match(rf"\S*(?:\s+\S+){{0,{AROUND}}}", text[end:])
    return (before.start() if before else start), end + (after.end() if after else 0)


@cache
def _pairs() -> dict[str, tuple[str, ...]]:
    """{a word: those that say the opposite in the same form}."""
    found: dict[str, dict[str, None]] = {}
    for row in tables.rows(OPPOSITES):
        sides = [side.split("|") for side in row]
        for mine, others in (sides, sides[::-1]):
            for word in mine:
                found.setdefault(word, {}).update(dict.fromkeys(others[:2]))
    return {word: tuple(others) for word, others in found.items()}


@cache
def _listed() -> re.Pattern[str]:
    longest_first = sorted(map(re.escape, _pairs()), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(longest_first)})\b", re.IGNORECASE)
