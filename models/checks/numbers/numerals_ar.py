"""Reads numbers, dates and money in Arabic: figures of either script, number words, duals, months of all calendars."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Any

from models.checks import skeleton
from models.checks.names import PARTICLES
from models.checks.numbers.cardinals_ar import Token, number
from models.checks.numbers.quantities import FIGURE, Quantity, readings, with_shared_scale
from models.checks.numbers.words import OTHER_WORDS, PAIRED, UNSURE_MONTHS, WORDS
from models.text.folding import fold

_TOKEN = re.compile(rf"{FIGURE}|[ء-ي]+|[%٪$€£:]")
_PREFIXED = re.compile(r"([وف]?)([بكل]?)(ال|(?<=ل)ل)?(..+)")
_GROUPED = re.compile(r"(?<!\d)(\d{1,3})((?:،\d{3})+)(?!\d)")
_DUAL_ENDINGS = ("ان", "ين", "تا", "تي", "تيه")
_BETWEEN = re.compile(" ?(?:و|-|(?:[إا]ل[ىي]|أو|او) )? ?")
_MAY_BE_NAMES = ("unit", "ten", "tens", "hundred", "hundreds", "two_scales", "ordinal")
LEAST_SOUNDS = 3  # of a name; with less too many sound alike (an ordinal without article is seldom one: رابعة, Rabaa)
_SYMBOLS = {"$": "dollar", "€": "euro", "£": "pound"}


@lru_cache(maxsize=20000)
def _look_up(word: str) -> tuple[str, Any, str, bool, bool]:
    """(role, value, word without its prefixes, has "and", has the article) of a folded word; role "" if unknown."""
    if word in WORDS:
        return (*WORDS[word], word, False, False)
    if word.lstrip("وف") in WORDS and WORDS[word.lstrip("وف")][0] == "weekday":
        return (*WORDS[word.lstrip("وف")], word, False, True)
    match = _PREFIXED.fullmatch(word)
    if not match:
        return "", 0, word, False, False
    joined, of, the, rest = match.groups()
    if not the and (of == "ك" or (of == "ل" and rest in ("ست", "احد", "اب", "ماي"))):
        return "", 0, word, False, False
    for begins, article in ((rest, bool(the)), (f"{the or ''}{rest}", False), (f"{of}{the or ''}{rest}", False)):
        found = WORDS.get(begins if begins != f"ل{rest}" else f"ال{rest}")
        if found:
            return (*found, begins, bool(joined), article)
    return "", 0, word, False, False


def read(text: str) -> list[Quantity]:
    """The quantities of an Arabic text (normalised), in order."""
    words = [token for token in _tokens(text) if token.text not in ("و", "ف")]
    found: list[Quantity] = []
    at = 0
    while at < len(words):
        if words[at].role or words[at].text.endswith(_DUAL_ENDINGS):
            first, begun = words[at], at
            quantities, at = _read_at(words, at)
            if found and first.role == "fraction" and first.joined and found[-1].kind == "number":  # 3 سنوات ونصف
                halves = (v + float(first.value) for v in found[-1].values if isinstance(v, int))
                found[-1] = replace(found[-1], values=(*found[-1].values, *halves))
            sound = _sound(words, begun, at)
            found += [replace(one, said=_as_written(text, one, words, at), sound=sound) for one in quantities]
        else:
            at += 1
    return with_shared_scale(found, text, _BETWEEN)


def _sound(words: list[Token], at: int, stop: int) -> frozenset[str]:
    """How a number word sounds if it may be a name as well (ستون, Stone; بئر السبع, Beersheba): it counts nothing."""
    word, following = words[at], words[stop].text if stop < len(words) else ""
    counts = word.role == "tens" and following.endswith(("ا", "ه")) and following not in PARTICLES
    if stop > at + 1 or word.role not in _MAY_BE_NAMES or counts:
        return frozenset()
    sounds = set(skeleton.arabic(word.text))
    if word.the and at:
        sounds |= skeleton.arabic(words[at - 1].text + word.word)
    if word.text[0] == "و":  # وست, West
        sounds |= {f"W{sound}" for sound in skeleton.arabic(word.text[1:])}
    least = LEAST_SOUNDS - (word.role == "ordinal" and not word.the)
    return frozenset(sound for sound in sounds if len(sound) >= least)


def _as_written(text: str, one: Quantity, words: list[Token], stop: int) -> str:
    """What a quantity says in the letters of the source; a figure that is a part of a token stays as it is."""
    return text[one.at : words[stop - 1].end] if " " in one.said else text[one.at : one.at + len(one.said)]


def _tokens(text: str) -> list[Token]:
    folded = fold(text)
    if "،" in folded:  # 783،562: a comma is a thousands mark where it cannot be anything else
        folded = _GROUPED.sub(lambda match: match.group().replace("،", ","), folded)
    found = []
    for match in _TOKEN.finditer(folded):
        said, at = match.group(), match.start()
        if said[0].isdigit():
            joined = folded[at - 2 : at] in (" و", " ف") or (at == 1 and folded[0] == "و")
            found.append(Token(said, at, match.end(), "figure", 0, said, joined, False))
        elif said[0] < "ء":
            found.append(Token(said, at, match.end(), "mark", 0, said, False, False))
        elif OTHER_WORDS.match(text, at):  # before it was folded
            found.append(Token(said, at, match.end(), "", 0, said, False, False))
        elif found and found[-1].text == "يوم" and WORDS.get(f"ال{said}", ("",))[0] == "weekday":
            found.append(Token(said, at, match.end(), *WORDS[f"ال{said}"], said, False, False))
        else:
            found.append(Token(said, at, match.end(), *_look_up(said)))
    return found


def _read_at(words: list[Token], at: int) -> tuple[list[Quantity], int]:
    """The quantities that begin at a token, and where to go on."""
    token = words[at]
    role = token.role
    if role == "month":
        return _month(words, at)
    if role == "mark":
        money = _SYMBOLS.get(token.text)
        return ([Quantity("currency", (money,), token.text, token.at, False)] if money else []), at + 1
    if role in ("weekday", "currency"):
        sure = role == "weekday" and token.value not in (1, 7)
        return [Quantity(role, (token.value,), token.text, token.at, sure)], at + 1
    if role == "plural":
        return [Quantity("vague", (token.value,), token.text, token.at, False)], at + 1
    if role == "figure":
        if (clock := _clock(words, at)) is not None:
            return clock, at + 3
        if not readings(token.text):
            parts = re.split(r"[.,]", token.text)
            return [Quantity("number", (int(part),), part, token.at) for part in parts], at + 1
    if role in ("figure", "unit", "ten", "tens", "hundred", "hundreds", "scale", "two_scales", "fraction"):
        if role == "hundred" and (token.the and (token.text[0] in "ب" or (at and words[at - 1].text == "في"))):
            return [], at + 1  # a per cent without its figure
        return number(words, at)
    return _small(words, at)


def _small(words: list[Token], at: int) -> tuple[list[Quantity], int]:
    """Ordinals, duals, decades, and words that are numbers only now and then."""
    token, following = words[at], words[at + 1] if at + 1 < len(words) else None
    role, value = token.role, token.value
    if role == "ordinal" and following and following.role == "ten" and not following.joined:
        return [Quantity("number", (10 + value,), f"{token.text} {following.text}", token.at)], at + 2
    if role == "ordinal" and following and following.role == "tens" and following.joined:
        return [Quantity("number", (value + following.value,), f"{token.text} {following.text}", token.at)], at + 2
    if role == "ordinal":
        return [Quantity("number", (value,), token.text, token.at, value not in (1, 2))], at + 1
    if role == "two":
        return [Quantity("number", (2,), token.text, token.at)], at + 1
    if role == "decade":
        values = (value, *(century * 100 + int(value) for century in range(10, 21)))
        decade = Quantity("number", values, token.text, token.at)
        if following and following.text == "القرن" and at + 2 < len(words):  # the century need not be said: the 1970s
            century, stop = _read_at(words, at + 2) if words[at + 2].role in ("tens", "ordinal") else ([], at + 2)
            return [decade, *(replace(one, sure=False) for one in century)], stop
        return [decade], at + 1
    if role == "weak" or (not role and len(token.text) > 3 and token.text.endswith(_DUAL_ENDINGS)):
        return [Quantity("loose", (value if role else 2,), token.text, token.at, False)], at + 1
    return [], at + 1


def _month(words: list[Token], at: int) -> tuple[list[Quantity], int]:
    token, following = words[at], words[at + 1] if at + 1 < len(words) else None
    value, stop = token.value, at + 1
    if value == 0:  # the first of two words
        found = PAIRED.get((token.word, following.word)) if following else None
        if found is None:
            return [], at + 1
        value, stop = found, at + 2
    before = at - 2 if at > 1 and words[at - 1].text == "من" else at - 1
    beside = [words[i].role for i in (before, stop) if 0 <= i < len(words)]
    dated = not {"figure", "ordinal"}.isdisjoint(beside)
    if token.word in UNSURE_MONTHS and not dated:
        return [], stop
    return [Quantity("month", (value,), " ".join(t.text for t in words[at:stop]), token.at, dated)], stop


def _clock(words: list[Token], at: int) -> list[Quantity] | None:
    """Hour and minutes of 17:30, which may be half past five; None if no time begins here."""
    if at + 2 >= len(words) or words[at + 1].text != ":" or words[at + 2].role != "figure":
        return None
    hour, minute = words[at], words[at + 2]
    if minute.at - hour.end != 1 or not (hour.text.isdigit() and minute.text.isdigit() and len(minute.text) == 2):
        return None
    h, m = int(hour.text), int(minute.text)
    hours = (h, h - 12, h + 12) if h else (0, 12)
    return [
        Quantity("number", hours, hour.text, hour.at, h > 0),
        Quantity("number", (m,), minute.text, minute.at, m > 0),
    ]
