"""The Arabic words of numbers, dates and money, as `numerals_ar` looks them up: data/number-words-ar.tsv."""

from __future__ import annotations

import re

from models.checks.places import rows

# (month, second word) -> number or name
PAIRED: dict[tuple[str, str], int | str] = {
    **{("كانون", "ثاني"): 1, ("كانون", "اول"): 12, ("تشرين", "اول"): 10, ("تشرين", "ثاني"): 11},
    **{("ربيع", second): "rabi" for second in ("اول", "ثاني", "اخر")},
    **{("جمادي", second): "jumada" for second in ("اولي", "اخره", "ثانيه")},
    **{(first, "قعده"): "dhu al-qadah" for first in ("ذو", "ذي")},
    **{(first, "حجه"): "dhu al-hijjah" for first in ("ذو", "ذي")},
}
# Months that are other words or names as well: they count beside a figure only.
UNSURE_MONTHS = frozenset("مارس ماي جوان اوت اب محرم صفر رجب شعبان رمضان شوال اذار".split())
# Words that folding makes numbers of, as they are spelt: praised (أثنى), Meta and the dead (ميتا, ميتين are not
# مئتا, مئتين), a father (أب is not آب).
OTHER_WORDS = re.compile("[وفبكل]*(?:ال)?(?:[أآ]ثن[يى](?! عشر)|ميت(?:ا|ان|ين)|أب)(?![ء-ي])")


def number_or_name(text: str) -> float | str:
    """What a cell of a table of words says."""
    if not text[0].isdigit():
        return text
    return float(text) if "." in text else int(text)


# {word: (role, number or name)}
WORDS = {
    word: (role, number_or_name(value)) for role, value, words in rows("number-words-ar.tsv") for word in words.split()
}
