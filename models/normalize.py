"""What the model reads of a text, and which scripts a text is written in.

Offsets never point into normalised text: it feeds the model and nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

# Marks that Arabic is read without: short vowels, Quranic signs, tatweel. Madda and the two hamzas above and below
# (U+0653-U+0655) stay, for they make other letters.
_DIACRITICS = (
    "\u0610-\u061a\u0640\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u0898-\u089f\u08ca-\u08e1\u08e3-\u08ff"
)
# Characters without a shape of their own: soft hyphen, joiners, direction marks, variation selectors, tags, BOM.
INVISIBLE = (
    "\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff"
)
_DROP = re.compile(f"[{_DIACRITICS}{INVISIBLE}]+")
_SPACES = re.compile("[\\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_DECIMAL = re.compile("(?<=[0-9])\u066b(?=[0-9])")
_THOUSANDS = re.compile("(?<=[0-9])\u066c(?=[0-9])")
_LONG = 1000
_LONGEST_MARK_RUN = 30  # of UAX #15's Stream-Safe Text Format: Unicode's own figure for what a real text may hold
_ARABIC = re.compile(
    "[\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u06ff"
    "\u0750-\u077f\u0870-\u0887\u0889-\u088e\u08a0-\u08c9\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufdc7"
    "\ufdf0-\ufdfb\ufe80-\ufefc]"
)


def normalize(text: str) -> str:
    """What the model reads of `text`; normalising twice changes nothing.

    NFKC (so presentation forms become letters), no tatweel, diacritics, or invisible marks, ASCII digits, `.` and `,`
    for the Arabic decimal and thousands marks between digits, single spaces; control characters and lone surrogates
    are spaces. Letters that Arabic spelling confuses (ى and ي, ة and ه, the hamzas) stay as they were written,
    because the embedded model was trained on text treated this way.
    """
    # Dropping marks can bring together what NFKC composes, and NFKC makes marks (U+FE77 is a tatweel and a fatha).
    for _ in range(2):
        text = unicodedata.normalize("NFKC", _limit_marks(_DROP.sub("", text)))
    text = text.translate(_DIGITS)
    return _SPACES.sub(" ", _THOUSANDS.sub(",", _DECIMAL.sub(".", text))).strip(" ")


def visible(text: str) -> bool:
    """Whether a reader would see anything of `text`, that is, whether anything is left of it for the model."""
    return has_arabic(text) or normalize(text) != ""


def has_arabic(text: str) -> bool:
    """Whether `text` holds a letter of the Arabic script, Persian and Urdu ones included; digits and marks are none."""
    return _ARABIC.search(text) is not None


def scripts(text: str) -> list[str]:
    """Names of the scripts whose letters are in `text` ("Arabic", "Latin", "Han", ...), the most frequent first."""
    found: Counter[str] = Counter()
    for character, count in Counter(text).items():
        if character.isalpha() and character != "\u0640":
            name = unicodedata.name(unicodedata.normalize("NFKC", character)[0], "Unknown").replace("-", " ").split()[0]
            found["Han" if name == "CJK" else name.capitalize()] += count
    return [name for name, _ in found.most_common()]


def _limit_marks(text: str) -> str:
    """`text`, if long, with at most 30 combining marks in a row: NFKC takes quadratic time to sort a run of them."""
    if len(text) < _LONG or not any(unicodedata.combining(character) for character in set(text)):
        return text
    kept, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= _LONGEST_MARK_RUN:
            kept.append(character)
    return "".join(kept)
