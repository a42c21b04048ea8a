"""Numbers, dates and money of a source against those of its translation: which are missing, added, changed.

`numerals_ar` and `numerals_en` read them; here they are compared, and no words are known.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from models.checks import skeleton

LONGEST = 300  # digits
DIGITS = r"\d+(?:[.,]\d+)*"
FIGURE = rf"\d{{1,3}}(?: \d{{3}})+(?![\d.,])|{DIGITS}"  # also with spaces between the thousands


@dataclass(frozen=True, slots=True)
class Quantity:
    """One thing said in figures or in words.

    `values` are the readings that it allows (1.234 may be 1234), the likeliest first; `parts` are the numbers that it
    is made of, where a translation may rightly keep them apart. `sure` is whether its loss or appearance means
    something: "one" and "a second" come and go between languages. `kind` is "number", "loose" (a word
    that says a number among other things: both, decade), what a label is about: "month", "weekday", "currency",
    "vague" (thousands of), or "name". `sound` is how a number word sounds that may be a name (ستون, Stone).
    """

    kind: str
    values: tuple[float | str, ...]
    said: str
    at: int  # where it begins, in characters
    sure: bool = True
    parts: tuple[float, ...] = ()
    percent: bool = False
    sound: frozenset[str] = frozenset()

    def equals(self, other: Quantity) -> bool:
        """Whether both can be read as one value."""
        return not set(self.values).isdisjoint(other.values)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a translation did to a quantity: `source` is None if it was added, `text` None if it is missing."""

    source: Quantity | None
    text: Quantity | None


def readings(figure: str) -> tuple[float, ...]:
    """The values that a figure such as 1,200 or 3.5 or 1.234 may have, the likeliest first."""
    figure = figure.replace(" ", ",")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:,\d\d)+,\d{3}", figure):
        return (number(figure.replace(",", "")),)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", figure):
        whole = number(figure.replace(".", "").replace(",", "."))
        return (number(figure), whole) if re.fullmatch(r"\d+\.\d+", figure) else (whole,)
    plain = figure.replace(",", ".")
    if plain.count(".") <= 1:
        return (number(plain),)
    return ()  # a date or an address: its parts are read one by one


def number(figure: str) -> float:
    """A figure without thousands marks; whole numbers stay whole, however long."""
    if len(figure) > LONGEST:  # no number; Python refuses to read it as one
        return math.inf
    return float(figure) if "." in figure and float(figure) != int(float(figure)) else int(figure.split(".")[0])


def tidy(value: float) -> float:
    """`value` without the noise of binary fractions: 1.1 million is 1100000."""
    if math.isinf(value):
        return value
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded


def with_shared_scale(found: list[Quantity], text: str, between: re.Pattern[str]) -> list[Quantity]:
    """`found`, in which the two of "two or three million" may be two million; `between` is what may stand there."""
    for i, (one, following) in enumerate(pairwise(found)):
        if {one.kind, following.kind} != {"number"}:
            continue
        value, whole = float(one.values[0]), float(following.values[0])
        if not value < 1000 <= whole < math.inf:
            continue
        in_words = re.fullmatch(r"[\d., ]+", following.said) is None
        if in_words and between.fullmatch(text, one.at + len(one.said), following.at):
            scale = 1000 ** ((len(str(int(whole))) - 1) // 3)
            found[i] = replace(one, values=(*one.values, tidy(value * scale)))
    return found


def with_scores(found: list[Quantity], text: str) -> list[Quantity]:
    """`found`, in which the 0 and 1 of 3-0 and 1-0 need not be said, nor one of 2-2: Arabic has words for these."""
    for i, (one, other) in enumerate(pairwise(found)):
        if other.at - one.at == len(one.said) + 1 and text[other.at - 1] in "-–" and one.said.isdigit():
            found[i] = replace(one, sure=one.sure and one.values[0] not in (0, 1))
            found[i + 1] = replace(other, sure=other.sure and other.values[0] not in (0, 1, one.values[0]))
    return found


def differences(source: Sequence[Quantity], text: Sequence[Quantity]) -> list[Difference]:
    """What `text` lacks, has in addition, or has otherwise than `source`."""
    numbers = _number_differences(_numbers(source), _numbers(text), source, text)
    return [*numbers, *_label_differences(source, text)]


def _numbers(quantities: Iterable[Quantity]) -> list[Quantity]:
    return [quantity for quantity in quantities if quantity.kind in ("number", "loose")]


def _number_differences(
    source: list[Quantity], text: list[Quantity], all_source: Sequence[Quantity], all_text: Sequence[Quantity]
) -> list[Difference]:
    lost, gained = _unmatched(source, text)
    lost = [one for one in lost if not _elsewhere(one, text, all_text) and not _is_a_name(one, all_text)]
    gained = [one for one in gained if not _elsewhere(one, source, all_source)]
    missing = [one for one in lost if one.sure]
    found: list[Difference] = []
    for one in missing:
        # A changed number is written in the place of the lost one: the nearest that is left.
        others = (other for other in gained if other.kind == "number")
        other = min(others, key=lambda other: (not other.sure, abs(other.at - one.at)), default=None)
        if other is not None:
            gained.remove(other)
        found.append(Difference(one, other))
    shares = [one for one in gained if _is_share(one)]
    for one, other in zip((one for one in lost if not one.sure and _is_share(one)), shares, strict=False):
        gained.remove(other)
        found.append(Difference(one, other))
    found += [Difference(None, one) for one in gained if one.sure]
    return found + _percent_differences(source, text)


def _is_a_name(one: Quantity, text: Sequence[Quantity]) -> bool:
    """Whether a name of the text sounds like what was taken for a number in the source."""
    if not one.sound:
        return False
    names = (str(name) for other in text if other.kind == "name" for name in other.values)
    return any(one.sound & skeleton.with_w(name) for name in names)


def _is_share(one: Quantity) -> bool:
    """A half, a third, a quarter: of one as of the other may be said otherwise, but one is not the other."""
    return one.kind == "number" and any(isinstance(value, float) and 0 < value < 1 for value in one.values)


def _percent_differences(source: list[Quantity], text: list[Quantity]) -> list[Difference]:
    """Shares in per cent of which the text makes plain numbers, or the other way round."""
    if any(one.percent for one in source) == any(one.percent for one in text):
        return []
    pairs = [(one, other) for one in source for other in text if one.percent != other.percent]
    return [
        Difference(one, other) for one, other in pairs if one.values[0] == other.values[0] and one.said[0].isdigit()
    ]


def _unmatched(source: list[Quantity], text: list[Quantity]) -> tuple[list[Quantity], list[Quantity]]:
    """Those of each side without a counterpart; each has one counterpart at most, sure ones are served first."""
    free = list(text)
    lost = []
    for one in sorted(source, key=lambda quantity: not quantity.sure):
        for other in free:
            if one.equals(other):
                free.remove(other)
                break
        else:
            lost.append(one)
    return lost, free


def _elsewhere(one: Quantity, others: Sequence[Quantity], everything: Sequence[Quantity]) -> bool:
    """Whether `one` is said some other way: twice here and once there, in parts, as a part, as a month."""
    said = {value for other in others for value in (*other.values, *other.parts)}
    if not said.isdisjoint(one.values):
        return True
    if one.parts and said.issuperset(one.parts):
        return True
    return any(other.kind == "month" and one.equals(other) for other in everything)


def _label_differences(source: Sequence[Quantity], text: Sequence[Quantity]) -> list[Difference]:
    """Labels that were exchanged; a month beside a day of the month may not even be missing."""
    found = []
    for kind in ("month", "weekday", "currency", "vague"):
        here = [one for one in source if one.kind == kind]
        there = [one for one in text if one.kind == kind]
        lost = [one for one in here if not any(map(one.equals, [*there, *_figures(text)]))]
        gained = [one for one in there if not any(map(one.equals, [*here, *_figures(source)]))]
        if kind == "currency" and lost and not gained:  # pounds and euros have become euros twice
            gained = [one for one in there if sum(map(one.equals, there)) > sum(map(one.equals, here))][:1]
        for one in lost:
            other = next(iter(gained), None)
            if other is not None:
                gained.remove(other)
                found.append(Difference(one, other))
            elif one.sure:
                found.append(Difference(one, None))
        found += [Difference(None, one) for one in gained if one.sure]
    return found


def _figures(quantities: Iterable[Quantity]) -> list[Quantity]:
    """Figures, among which may be a month's: 12/11/2025."""
    return [quantity for quantity in quantities if quantity.kind == "number" and quantity.said[0].isdigit()]
