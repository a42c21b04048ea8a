"""Reads numbers, dates and money in English: figures, number words, ordinals, Roman numerals, months, money."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from models.checks.numbers.quantities import FIGURE, Quantity, readings, tidy, with_scores, with_shared_scale
from models.checks.numbers.words import (
    DECADES,
    FRACTIONS,
    KNOWN,
    LOOSE,
    MONEY,
    MONTHS,
    ORDINALS,
    PERCENT,
    ROMAN,
    SAID_AS,
    SCALES,
    SHARES,
    SHORT,
    TENS,
    THIRD,
    UNITS,
    VAGUE,
    WEEKDAYS,
)

_TOKEN = re.compile(rf"{FIGURE}|[A-Za-z]+(?:['’][a-z]+)?|[%$€£:½¼¾]|1⁄[234]|3⁄4")

_CLOCK = re.compile("[012][0-9][0-5][0-9]")
_HOURS = frozenset("hours hrs gmt utc local".split())
_BETWEEN = re.compile(" (?:and|to|or) |-| - ")


class Token(NamedTuple):
    text: str  # in lower case, without 's
    raw: str
    at: int
    end: int
    glued: bool  # to a letter before it


def read(text: str) -> list[Quantity]:
    """The quantities of an English text (normalised), in order."""
    words = [_token(match, text) for match in _TOKEN.finditer(text)]
    found: list[Quantity] = []
    at = 0
    while at < len(words):
        if words[at].text in KNOWN or words[at].text[0].isdigit():
            quantities, at = _read_at(words, at)
            said = [text[one.at : words[at - 1].end] if " " in one.said else one.said for one in quantities]
            found += [replace(one, said=written) for one, written in zip(quantities, said, strict=True)]
        else:
            if words[at].raw[0].isupper():
                found.append(_name(words, at))
            at += 1
    return with_shared_scale(with_scores(found, text), text, _BETWEEN)


def _name(words: list[Token], at: int) -> Quantity:
    """A capitalised word, for it may be what looks like a number in the source: Stone, Beer Sheva."""
    raw = words[at].raw
    following = words[at + 1].raw if at + 1 < len(words) else ""
    both = (f"{raw}{following}",) if following[:1].isupper() else ()
    return Quantity("name", (raw, *both), raw, words[at].at, False)


def _token(match: re.Match[str], text: str) -> Token:
    raw, at = match.group(), match.start()
    if "'" in raw or "’" in raw:
        raw = re.sub(r"['’]s?$", "", raw)
    return Token(raw.lower(), raw, at, match.end(), text[at - 1 : at].isalpha())


def _read_at(words: list[Token], at: int) -> tuple[list[Quantity], int]:
    """The quantities that begin at a token, and where to go on."""
    text = words[at].text
    if text[0].isdigit() and "⁄" not in text:
        return _figure(words, at)
    if text in UNITS or text in TENS or text in SCALES or text in ("hundred", "half"):
        return _number(words, at)
    quantity = _word(words, at)
    return [quantity] if quantity else [], at + 1


def _figure(words: list[Token], at: int) -> tuple[list[Quantity], int]:
    """A number that begins with digits, the hour and minutes of a time, or the parts of a date."""
    token, said = words[at], words[at].text
    if at + 2 < len(words) and words[at + 1].text == ":" and re.fullmatch(r"\d\d", words[at + 2].text):
        hour, minute, rest = int(re.split("[., ]", said)[-1]), int(words[at + 2].text), words[at + 2]
        if rest.at - token.end == 1 and minute < 60:
            hours = Quantity("number", (hour, hour + 12, hour - 12), said, token.at, hour > 0)
            return [hours, Quantity("number", (minute,), rest.text, rest.at, minute > 0)], at + 3
    if not readings(said):
        return [Quantity("number", (int(part),), part, token.at) for part in re.split("[., ]", said)], at + 1
    return _number(words, at)


def _word(words: list[Token], at: int) -> Quantity | None:
    """An ordinal, a share, a label or a word that is a number now and then."""
    text, raw, start = words[at].text, words[at].raw, words[at].at
    if text in ORDINALS:
        values = {3: (3, THIRD), 5: (5, 0.2)}.get(ORDINALS[text], (ORDINALS[text],))
        return Quantity("number", values, raw, start, ORDINALS[text] > 3)
    if text in FRACTIONS:
        return Quantity("number", (FRACTIONS[text], *SAID_AS.get(FRACTIONS[text], ())), raw, start, False)
    if raw in MONTHS:
        dated = any(0 <= i < len(words) and words[i].text[0].isdigit() for i in (at - 1, at + 1))
        return Quantity("month", (MONTHS[raw],), raw, start, dated)
    if (day := raw.removesuffix("s")) in WEEKDAYS:
        return Quantity("weekday", (WEEKDAYS[day],), raw, start)
    if text in MONEY:
        return Quantity("currency", MONEY[text], raw, start, False)
    if text in VAGUE:
        return Quantity("vague", (VAGUE[text],), raw, start, False)
    if raw in ROMAN or text in LOOSE:
        return Quantity("loose", (ROMAN[raw],) if raw in ROMAN else LOOSE[text], raw, start, False)
    return Quantity("number", (DECADES[text],), raw, start) if text in DECADES else None


def _number(words: list[Token], at: int) -> tuple[list[Quantity], int]:
    """The longest number from a token on."""
    first, sum_, stop = words[at], _Sum(), at
    while stop < len(words) and sum_.take(words, stop):
        stop += 1
        if stop + 1 < len(words) and words[stop].text in ("and", "a"):
            stop += sum_.bridge(words, stop)
    said = " ".join(word.raw for word in words[at:stop])
    after = words[stop].text if stop < len(words) else ""
    values = sum_.values()
    if after in SHARES and sum_.role == "unit":
        return [Quantity("number", (round(values[0] * SHARES[after], 6),), f"{said} {after}", first.at)], stop + 1
    if after == "dozen":
        return [Quantity("number", (values[0] * 12,), f"{said} dozen", first.at)], stop + 1
    figure = first.text[0].isdigit()
    if figure and after and words[stop].at == words[stop - 1].end:
        if after in SHORT:
            values = (*(tidy(value * SHORT[after]) for value in values), *values)
            said, stop = f"{said}{after}", stop + 1
        elif after == "s" and len(values) == 1 and values[0] % 10 == 0:  # the 1990s, the 1500s
            values = (*values, values[0] % 100, values[0] // 100 + 1)
    if first.text == "half" and len(values) == 1:
        values += SAID_AS.get(values[0], ())
    percent = (
        after in PERCENT
        or _percent_before(words, at)
        or (after == "per" and [word.text for word in words[stop + 1 : stop + 2]] == ["cent"])
    )
    plain = values[0] > 2 and first.text not in ("hundred", "thousand", "million", "billion")
    sure = (figure and not first.glued) or percent or plain or stop - at > 1
    parts = tuple(sum_.parts) if len(sum_.parts) > 1 else ()
    if after in ("am", "pm", "a", "p") and re.fullmatch(r"\d\d?\.[0-5]\d", said):  # 6.30 am
        parts = tuple(float(part) for part in said.split("."))
    if after in _HOURS and _CLOCK.fullmatch(said):  # 1120 hours
        parts = (int(said[:2]), int(said[2:]))
    return [Quantity("number", values, said, first.at, sure, parts, percent)], stop


def _percent_before(words: list[Token], at: int) -> bool:
    """Whether the sign stands before the figure, as in %40: it does if there is no figure before it."""
    return at > 0 and words[at - 1].text == "%" and not (at > 1 and words[at - 2].text[0].isdigit())


class _Sum:
    """Adds up the words of one number: 3.2 million, one hundred and twenty-five thousand, two and a half."""

    def __init__(self) -> None:
        self.role = ""
        self.whole: float = 0
        self.open: float | None = None
        self.limit: float = float("inf")
        self.others: tuple[float, ...] = ()
        self.parts: list[float] = []

    def take(self, words: list[Token], at: int) -> bool:
        """Add the token at a place; False if it does not go on with the number."""
        text = words[at].text
        if text[0].isdigit():
            if self.role:
                return False
            self.open, *others = readings(text)
            self.others, self.role = tuple(others), "figure"
        elif text in UNITS or (text in ORDINALS and self.role in ("tens", "hundred")):
            value = UNITS.get(text, ORDINALS.get(text, 0))
            if (self.role == "tens" and (value == 0 or value > 9)) or self.role not in ("", "tens", "hundred", "scale"):
                return False
            self.open, self.role = (self.open or 0) + value, "unit"
        elif text in TENS:
            if self.role not in ("", "hundred", "scale"):
                return False
            self.open, self.role = (self.open or 0) + TENS[text], "tens"
        elif text == "hundred" and (self.open is None or self.open < 100):
            self.open, self.role = (1 if self.open is None else self.open) * 100, "hundred"
        elif text == "half" and self.role in ("", "bridge"):
            self._half()
        elif text in SCALES and SCALES[text] < self.limit and (self.role != "done"):
            return self._scale(SCALES[text])
        else:
            return False
        return True

    def _half(self) -> None:
        if self.role == "":
            self.open, self.role = 0.5, "half"
            return
        self.parts = [tidy(self.whole + (self.open or 0)), 0.5]
        self.whole += 0.5 * (self.limit if self.open is None else 1)
        self.role = "half"

    def _scale(self, scale: float) -> bool:
        if self.role == "half" and self.open is None:
            return False
        value = 1 if self.open is None and self.role == "" else self.open
        if value is None:
            return False
        if self.role == "half" and self.whole:
            value, self.whole = value + self.whole, 0
        self.whole += value * scale
        self.others = tuple(other * scale for other in self.others)
        self.open, self.limit, self.role = None, scale, "scale"
        return True

    def bridge(self, words: list[Token], at: int) -> int:
        """How many words like "and", "a" to pass over because the number goes on behind them."""
        after = [word.text for word in words[at : at + 3]]
        if after == ["and", "a", "half"] and self.role in ("unit", "tens", "scale", "figure"):
            self.role = "bridge"
            return 2
        if after[0] == "a" and self.role == "half" and after[1] in SCALES and not self.parts:
            return 1
        small = after[1] in UNITS or after[1] in TENS or after[1] in ORDINALS
        if after[0] == "and" and self.role in ("hundred", "scale") and small:
            return 1
        return 0

    def values(self) -> tuple[float, ...]:
        return (tidy(self.whole + (self.open or 0)), *(tidy(other) for other in self.others))
