"""The era of a year: 1445 AH is no 1445 CE, and 300 BC no 300 AD."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ARABIC = {  # normalised, behind the year
    "AH": r"ه(?:جري(?:ه|ة|ا)?)?(?!\w)|(?:لل|ب?ال)هجر[هة]",
    "BC": r"ق\. ?م\b|قبل الميلاد",
    "CE": r"م(?:يلادي(?:ه|ة|ا)?)?(?!\w)|(?:لل|بعد ال)ميلاد",
}
_ENGLISH = {
    "AH": r"A\.? ?H\b|(?:of )?(?:the )?Hijri\b",
    "BC": r"B\.? ?C(?:\.? ?E)?\b|before Christ",
    "CE": r"C\.? ?E\b|A\.? ?D\b",
}
_MONTH = r"رمضان|شعبان|محرم|صفر|رجب|شوال|ذ[وي] (?:القعد[هة]|الحج[هة])|ربيع ال|جماد[يى] ال"
_HIJRI = re.compile(rf"(?:{_MONTH})\D{{0,25}}\b(1[345]\d\d)\b(?! ?(?:م\b|ميلاد))")  # a year of a Hijri month


def _years(text: str, eras: dict[str, str]) -> dict[str, str]:
    """{year: era} of the years that name theirs."""
    either = "|".join(f"(?P<{era}>{pattern})" for era, pattern in eras.items())
    found = re.finditer(rf"(?<![\d.,])(?P<year>\d{{1,4}}) ?(?:{either})", text)
    return {match["year"]: next(era for era in eras if match[era]) for match in found}


def exchanged(source: str, text: str) -> Iterator[tuple[str, str]]:
    """Each year of `source` to which `text` (both normalised) gives another era: with its own, and with the other."""
    said = {**dict.fromkeys(_HIJRI.findall(source), "AH"), **_years(source, _ARABIC)}
    told = _years(text, _ENGLISH) if said else {}
    yield from ((f"{year} {era}", f"{year} {told[year]}") for year, era in said.items() if told.get(year, era) != era)
