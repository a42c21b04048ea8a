"""The English words of numbers, dates and money, as `numerals_en` looks them up: data/number-words-en.tsv."""

from __future__ import annotations

from typing import Any

from models.checks.numbers.number_words_ar import number_or_name
from models.checks.places import rows


def _table(name: str, several: bool = False) -> dict[str, Any]:
    """{word: its number or name}, or all (`several`) that it may stand for."""
    found: dict[str, Any] = {}
    for table, cell, words in rows("number-words-en.tsv"):
        if table == name:
            values = tuple(map(number_or_name, cell.split(",")))
            found |= dict.fromkeys(words.split(), values if several else values[0])
    return found


UNITS, TENS, SCALES, SHORT, ORDINALS = map(_table, ("units", "tens", "scales", "short", "ordinals"))
FRACTIONS, ROMAN, VAGUE, MONTHS, WEEKDAYS = map(_table, ("fractions", "roman", "vague", "months", "weekdays"))
LOOSE, MONEY = _table("loose", several=True), _table("money", several=True)
THIRD = FRACTIONS["third"]
SHARES = {"thirds": 1 / 3, "quarters": 1 / 4, "fifths": 1 / 5}
HALVES = {0.5: (50, 30), 0.25: (25, 15, 4), 0.75: (75, 45)}
DECADES = {f"{tens[:-1]}ies": value for tens, value in TENS.items()}
KNOWN = frozenset().union(
    UNITS, TENS, SCALES, ORDINALS, FRACTIONS, LOOSE, VAGUE, MONEY, DECADES, ("hundred",),
    *(map(str.lower, names) for names in (MONTHS, ROMAN, WEEKDAYS, [f"{day}s" for day in WEEKDAYS])),
)  # fmt: skip
PERCENT = frozenset("% percent percentage pc percents percentages".split())
