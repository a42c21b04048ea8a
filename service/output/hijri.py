"""Hijri dates of a text and the days that they are, by the calendar of Umm al-Qura; only where a date is whole."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from models.checks.eras import HIJRI_NAMES, HIJRI_NUMBERS
from models.text.folding import fold

_DATE = re.compile(
    rf"(?<![\d/.-])(\d{{1,2}})\s+(?:من\s+)?(?:شهر\s+)?({HIJRI_NAMES})[\s،,]+(?:(?:من\s+)?(?:عام|سنه)\s+)?(\d{{4}})(?!\d)"
)


def hijri_dates(text: str, language: Literal["en", "ar"] = "en") -> list[tuple[str, date]]:
    """Each Hijri date of an Arabic text that has a day, a month and a year, as written in `language` (en or ar), and
    the day it is: "15 Ramadan 1445 AH", 2024-03-25.

    None for years out of the calendar's table (1343 to 1500), nor for days that a month did not have.
    """
    from hijridate import Hijri

    found: dict[str, date] = {}
    for day, month, year in _DATE.findall(fold(text)):
        try:
            when = Hijri(int(year), HIJRI_NUMBERS[" ".join(month.split())], int(day))
        except (ValueError, OverflowError):
            continue
        written = f"{when.day} {when.month_name(language)} {when.year} {when.notation(language)}"
        found[written] = date(*when.to_gregorian().datetuple())
    return list(found.items())
