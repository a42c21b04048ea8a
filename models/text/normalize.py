"""What the model reads of a text, and which scripts a text is written in.

Offsets never point into normalised text: it feeds the model and nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from models.text import broken, figures, joined

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
_SPACES = re.compile("\\s+")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
# Letters of Persian, Urdu, Kurdish and Maghrebi keyboards, as what the embedded model knows best in their place: it
# reads تشرشل, غلاسكو and تشيلي as Churchill, Glasgow and Chile, but چرچل as nothing. ی at the end of four words is ى.
_READ_AS = {
    **{"ا": "ٱ", "ب": "پ", "ت": "ٹ", "تش": "چ", "ج": "ژ", "د": "ڈ", "ر": "ڑڕ", "غ": "گ", "ف": "ڤڥ", "ق": "ڨ"},
    **{"ك": "کڪڭݣڮ", "ل": "ڵ", "ن": "ں", "ه": "ہھەۀۂ", "ة": "ۃ", "و": "ۆۇۈۋ", "ي": "یېۍێے", "ئ": "ۓ"},
}
_LETTERS = str.maketrans({letter: arabic for arabic, letters in _READ_AS.items() for letter in letters})
_FINAL = re.compile("(?<![ء-ي])([وف]?(?:عل|إل|حت|لد))ی(?![ء-ي])")
_DECIMAL = re.compile("(?<=[0-9])\u066b(?=[0-9])")
_THOUSANDS = re.compile("(?<=[0-9])\u066c(?=[0-9])")
_LONG = 1000
_LONGEST_MARK_RUN = 30  # of UAX #15's Stream-Safe Text Format: Unicode's own figure for what a real text may hold
_ARABIC = re.compile(
    "[\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u06ff"
    "\u0750-\u077f\u0870-\u0887\u0889-\u088e\u08a0-\u08c9\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufdc7"
    "\ufdf0-\ufdfb\ufe80-\ufefc]"
)
# Words of scripts other than Arabic and Latin, with their marks. A single letter is a sign (μ, α), but a word in
# Chinese, Japanese or Korean.
_FOREIGN = re.compile(
    "[\u0370-\u05ff\u0700-\u074f\u0780-\u086f\u0900-\u1cff\u1f00-\u1fff\u2c80-\u2dff\ua800-\uab2f\uab70-\uabff]{2,}"
    "|[\u3040-\ua6ff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]+"
)


def normalize(text: str) -> str:
    """What the model reads of `text`; normalising twice changes nothing.

    NFKC (so presentation forms become letters), no tatweel, diacritics, or invisible marks, ASCII digits, `.` and `,`
    for the Arabic decimal and thousands marks between digits, single spaces; control characters and lone surrogates
    are spaces. Letters that Arabic spelling confuses (ى and ي, ة and ه, the hamzas) stay as they were written,
    because the embedded model was trained on text treated this way; letters of other languages' keyboards become
    Arabic ones.

    What is broken is put right where that is certain (`broken`, `joined`, `figures`): words cut
    by a line end or run together, reversed lines, hashtags, tabs between cells, decimal commas.
    """
    text = broken.cells(broken.hashtags(_in_order(text)))
    return figures.put_right(joined.part(_SPACES.sub(" ", text).strip(" ")))


def doubts(source: str) -> list[tuple[str, str]]:
    """("reversed" or "joined", what exactly) of a source (not normalised) whose reading for the model is a guess."""
    text = letters(broken.join_cut(source))
    found = [("reversed", "")] if broken.is_reversed(text) else []
    return found + [("joined", run) for run in joined.doubtful(_in_order(source))]


def _in_order(text: str) -> str:
    """The letters of `text` in the order in which they are read, lines still apart."""
    text = broken.join_cut(text)
    found = letters(text)
    return broken.turn(letters(broken.apart(text))) if broken.is_reversed(found) else found


def letters(text: str) -> str:
    """`text` in the model's letters and digits; lines and tabs are as they were."""
    # Dropping marks can bring together what NFKC composes, and NFKC makes marks (U+FE77 is a tatweel and a fatha).
    for _ in range(2):
        text = _FINAL.sub(r"\1ى", _DROP.sub("", text)).translate(_LETTERS)
        text = unicodedata.normalize("NFKC", _limit_marks(_CONTROL.sub(" ", text)))
    return _THOUSANDS.sub(",", _DECIMAL.sub(".", text.translate(_DIGITS)))


def visible(text: str) -> bool:
    """Whether a reader would see anything of `text`, that is, whether anything is left of it for the model."""
    return has_arabic(text) or normalize(text) != ""


def has_arabic(text: str) -> bool:
    """Whether `text` holds a letter of the Arabic script, Persian and Urdu ones included; digits and marks are none."""
    return _ARABIC.search(text) is not None


def foreign_words(text: str) -> tuple[str, ...]:
    """The words of `text` (normalised) in letters that are neither Arabic nor Latin."""
    return tuple(word for word in _FOREIGN.findall(text) if any(map(str.isalpha, word)))


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
