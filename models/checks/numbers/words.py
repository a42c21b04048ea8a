"""The words of numbers, dates and money in both languages, out of data/numbers-ar.tsv and data/numbers-en.tsv.

Arabic is folded as `models.text.folding` folds, so that مئة and مائة are "ميه" and "مايه".
"""

from __future__ import annotations

import re
from typing import Any

from models.checks.places import rows

THIRD = 0.333333
SHARES = {"thirds": 1 / 3, "quarters": 1 / 4, "fifths": 1 / 5}
SAID_AS = {0.5: (50, 30), 0.25: (25, 15), 0.75: (75, 45)}  # a half of them is 50 per cent, half an hour 30 minutes
PERCENT = frozenset("% percent percentage pc percents percentages".split())
# Months that are other words or names as well: they count beside a figure only.
UNSURE_MONTHS = frozenset("مارس ماي جوان اوت اب محرم صفر رجب شعبان رمضان شوال اذار".split())
# Words that folding makes numbers of, as they are spelt: praised (أثنى), Meta and the dead (ميتا, ميتين are not
# مئتا, مئتين), a father (أب is not آب).
OTHER_WORDS = re.compile("[وفبكل]*(?:ال)?(?:[أآ]ثن[يى](?! عشر)|ميت(?:ا|ان|ين)|أب)(?![ء-ي])")


def _value(written: str) -> float | str:
    return float(written) if "." in written else int(written) if written.isdigit() else written


def _read(name: str) -> list[tuple[str, Any, list[str]]]:
    """(role, value or values, words) of each line."""
    found = []
    for role, value, words in rows(name):
        values = tuple(map(_value, value.split(";")))
        found.append((role, values if role in ("loose", "money") else values[0], words.split()))
    return found


def _english(role: str) -> dict[str, Any]:
    return {word: value for its, value, words in _LINES if its == role for word in words}


WORDS = {word: (role, value) for role, value, words in _read("numbers-ar.tsv") for word in words}  # "paired" apart
# (month, second word) -> number or name
PAIRED = {tuple(word.split("_")): value for word, (role, value) in WORDS.items() if role == "paired"}
_LINES = _read("numbers-en.tsv")
UNITS, TENS, SCALES, SHORT, ORDINALS, DECADES = map(
    _english, ("units", "tens", "scales", "short", "ordinals", "decades")
)
FRACTIONS, LOOSE, ROMAN, VAGUE, MONTHS, WEEKDAYS, MONEY = map(
    _english, ("fractions", "loose", "roman", "vague", "months", "weekdays", "money")
)
KNOWN = frozenset(
    ["hundred", *(f"{day}s".lower() for day in WEEKDAYS)]
    + [word.lower() for role, _, words in _LINES if role != "short" for word in words]
)
