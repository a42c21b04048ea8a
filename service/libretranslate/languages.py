"""Which language a text is in, as far as Mujaz can tell: Arabic, what else is written so, English, or no telling."""

from __future__ import annotations

import re

from models.checks.dialect import language
from models.text.normalize import has_arabic, scripts

LANGUAGES = [
    {"code": "ar", "name": "Arabic", "targets": ["en"]},
    {"code": "en", "name": "English", "targets": []},
]
CODES = {"Persian": "fa", "Urdu": "ur", "Kurdish": "ckb"}
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\ufb50-\ufdff\ufe70-\ufefc]")
_ENGLISH = frozenset("the of and to in is that for it was on are with as his they be at this have from by not".split())


def detect(text: str) -> dict:
    """{"confidence", "language"} of a text; confidence is a whole number of percent, for some clients break on others.

    `und` stands for a language that is not known here.
    """
    letters = sum(map(str.isalpha, text))
    if has_arabic(text):
        share = round(100 * len(_ARABIC.findall(text)) / max(1, letters))
        return {"confidence": min(100, max(1, share)), "language": CODES.get(language(text), "ar")}
    words = re.findall(r"[a-z]+", text.lower())
    known = sum(word in _ENGLISH for word in words)
    if scripts(text)[:1] == ["Latin"] and 10 * known >= len(words):
        return {"confidence": min(100, 50 + 200 * known // max(1, len(words))), "language": "en"}
    return {"confidence": 0, "language": "und"}


def is_arabic(text: str) -> bool:
    """Whether there is something to translate."""
    return detect(text)["language"] == "ar"
