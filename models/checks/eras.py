"""The era of a year: 1445 AH is no 1445 CE, and 300 BC no 300 AD; and the months by which a year AH is known."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.text.folding import fold

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
HIJRI_MONTHS = (  # in the order of the year, each as it is written; folded below
    "محرم;المحرم;محرم الحرام",
    "صفر",
    "ربيع الأول;ربيع أول",
    "ربيع الآخر;ربيع الثاني;ربيع ثاني;ربيع الثان",
    "جمادى الأولى;جمادى الأول;جمادى أولى",
    "جمادى الآخرة;جمادى الثانية;جمادى الآخر;جمادى الثاني",
    "رجب",
    "شعبان",
    "رمضان",
    "شوال",
    "ذو القعدة;ذي القعدة",
    "ذو الحجة;ذي الحجة",
)
# By their names, and what finds these, in folded text.
HIJRI_NUMBERS = {fold(name): number for number, names in enumerate(HIJRI_MONTHS, 1) for name in names.split(";")}
HIJRI_NAMES = "|".join(name.replace(" ", r"\s+") for name in sorted(HIJRI_NUMBERS, key=len, reverse=True))
_HIJRI = re.compile(rf"(?:{HIJRI_NAMES})\D{{0,25}}\b(1[345]\d\d)\b(?! ?(?:م\b|ميلاد))")  # a year of a Hijri month


def _years(text: str, eras: dict[str, str]) -> dict[str, str]:
    """{year: era} of the years that name theirs."""
    either = "|".join(f"(?P<{era}>{pattern})" for era, pattern in eras.items())
    found = re.finditer(rf"(?<![\d.,])(?P<year>\d{{1,4}}) ?(?:{either})", text)
    return {match["year"]: next(era for era in eras if match[era]) for match in found}


def exchanged(source: str, text: str) -> Iterator[tuple[str, str]]:
    """Each year of `source` to which `text` (both normalised) gives another era: with its own, and with the other."""
    said = {**dict.fromkeys(_HIJRI.findall(fold(source)), "AH"), **_years(source, _ARABIC)}
    told = _years(text, _ENGLISH) if said else {}
    yield from ((f"{year} {era}", f"{year} {told[year]}") for year, era in said.items() if told.get(year, era) != era)
