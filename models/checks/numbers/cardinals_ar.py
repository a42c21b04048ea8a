"""Adds up the words of one Arabic number: 3.2 مليون, مئة وخمسة وعشرون ألفا, ثلاثة ملايين ونصف, خمسة في المئة."""

from __future__ import annotations

from typing import Any, NamedTuple

from models.checks.numbers.quantities import Quantity, readings, tidy
from models.checks.numbers.words import SAID_AS

_PERCENT = frozenset({"ميه", "مايه"})


class Token(NamedTuple):
    text: str
    at: int
    end: int
    role: str  # a role of data/numbers-ar.tsv, "figure", "mark", or "" for any other word
    value: Any  # a number; a name, where the role is one of names
    word: str  # without prefixes
    joined: bool  # with "and"
    the: bool


def number(words: list[Token], at: int) -> tuple[list[Quantity], int]:
    """The longest number from a token on."""
    first = words[at]
    sum_ = _Sum(first, words[at + 1] if at + 1 < len(words) else None)
    stop = at + 1
    while stop < len(words) and not (words[stop].joined and _scale_from(words, stop) >= sum_.limit):
        if not sum_.take(words[stop]):
            break
        stop += 1
    said = " ".join(token.text for token in words[at:stop])
    percent, stop = _percent(words, stop)
    percent = percent or _percent_before(words, at)
    values = sum_.values()
    if len(values) == 1 and first.role == "fraction":
        values += SAID_AS.get(values[0], ())
        values += (1 + values[0],) if first.joined else ()  # ساعة ونصف
    parts = tuple(sum_.parts) if len(sum_.parts) > 1 else ()
    return [Quantity("number", values, said, first.at, sum_.sure(stop - at, percent), parts, percent)], stop


def _scale_from(words: list[Token], at: int) -> float:
    """The scale that multiplies the number at a token; 0 if none does."""
    for i in range(at, min(at + 5, len(words))):
        if words[i].role in ("scale", "plural", "two_scales"):
            return float(words[i].value) if i > at else 0
        if words[i].role not in ("figure", "unit", "ten", "tens", "hundred", "hundreds"):
            return 0
    return 0


def _percent(words: list[Token], at: int) -> tuple[bool, int]:
    if at < len(words) and words[at].text in "%٪":
        return True, at + 1
    if at < len(words) and words[at].word in _PERCENT and words[at].text.startswith("ب"):
        return True, at + 1
    if at + 1 < len(words) and words[at].text == "في" and words[at + 1].word in _PERCENT:
        return True, at + 2
    if at + 1 < len(words) and words[at].text in ("نقطه", "نقاط") and words[at + 1].text == "ميويه":
        return True, at + 2
    return False, at


def _percent_before(words: list[Token], at: int) -> bool:
    """Whether the sign stands before the figure, as ٪40: it does if there is no figure before it."""
    return at > 0 and words[at - 1].text in "%٪" and not (at > 1 and words[at - 2].role == "figure")


class _Sum:
    """Adds up the words of one number: 3.2 مليون, مئة وخمسة وعشرون ألفا وثلاثمئة, ثلاثة ملايين ونصف."""

    def __init__(self, first: Token, following: Token | None):
        self.role = first.role
        self.whole: float = 0  # of closed groups
        self.open: Any = None  # None or a number: the group that a scale may still multiply
        self.limit: float = float("inf")  # what comes must be smaller
        self.others: tuple[float, ...] = ()
        self.first = first
        if first.role == "figure":
            self.open, *others = readings(first.text)
            self.others = tuple(others)
        elif first.role == "scale":
            self.whole = self.limit = first.value
            self.others = (2 * first.value,) if first.text.endswith("ا") else ()
        elif first.role == "two_scales":
            self.whole, self.limit, self.role = first.value, first.value / 2, "scale"
        else:
            self.open = first.value
        self.parts: list[float] = [self.whole if self.open is None else self.open]
        self.closed = list(self.parts) if self.open is None else []

    def take(self, token: Token) -> bool:
        """Add a token that goes on with the number; False if it does not."""
        if token.joined:
            return self._add(token)
        value = token.value
        if token.role in ("scale", "plural") and self.open is not None and value < self.limit and value >= 1000:
            self.whole += self.open * value
            self.others = tuple(other * value for other in self.others)
            self.open, self.limit, self.role = None, value, "scale"
            self.parts = [*self.closed, tidy(sum(self.parts[len(self.closed) :]) * value)]
            self.closed = list(self.parts)
            return True
        if self.open is None and token.role == "scale" and self.role == "done" and value == self.limit:
            return True  # مليون ونصف المليون
        if token.role == "ten" and self.role == "unit" and self.open is not None:
            self.open, self.role = self.open + 10, "teen"
            self.parts[-1] += 10
            return True
        if token.role == "hundred" and self.role == "unit" and self.open is not None and 3 <= self.open <= 9:
            self.open, self.role = self.open * 100, "hundreds"
            self.parts[-1] *= 100
            return True
        if token.role == "quarters" and self.open == 3:
            self.open = self.parts[-1] = 0.75
            self.role = "done"
            return True
        return False

    def _add(self, token: Token) -> bool:
        value, role = token.value, token.role
        if role == "tens" and self.role == "unit":
            self.open, self.role = self.open + value, "tens"
            self.parts[-1] += value
            return True
        if role == "fraction" and self.role != "fraction":
            self.whole += value * (self.limit if self.open is None else 1)
            self.parts.append(value)
            self.role = "done"
            return True
        if role in ("unit", "ten", "tens") and self.role in ("hundred", "hundreds"):
            self.open += value
        elif (
            self.role == "scale"
            and role == "figure"
            and len(readings(token.text))
            and readings(token.text)[0] < self.limit
        ):
            self.open = value = readings(token.text)[0]
        elif self.role == "scale" and role in ("unit", "ten", "tens", "hundred", "hundreds"):
            self.open = value
        elif self.role == "scale" and role in ("scale", "two_scales") and value < self.limit:
            self.whole += value
            self.limit = value if role == "scale" else value / 2
            self.closed.append(value)
            role = "scale"
        else:
            return False
        self.role = role
        self.parts.append(value)
        return True

    def values(self) -> tuple[float, ...]:
        value = tidy(self.whole + (self.open or 0))
        return (value, *(tidy(other) for other in self.others))

    def sure(self, length: int, percent: bool) -> bool:
        if length > 1 or percent or self.first.role == "figure":
            return True
        if self.first.role == "scale":
            return self.first.value > 1000
        return self.first.role != "fraction" and self.first.value != 1
