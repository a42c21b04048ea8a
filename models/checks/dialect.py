"""What a source is written in, where it is not Standard Arabic: another language of the script, or a dialect.

Both are told by letters and function words that the standard language does not have; texts of less evidence than two
such words pass for standard. Measured by `models.evaluation.planted`.
"""

from __future__ import annotations

import re
from functools import cache

from models.checks import places
from models.text.folding import fold

_WORD = re.compile(r"[^\W\d_]+")
_LETTERS = {
    "Uyghur": re.compile("[\u06c7\u06c8\u06cb]"),
    "Pashto": re.compile("[\u067c\u0681\u0685\u0689\u0693\u0696\u069a\u06cd]"),
    "Urdu": re.compile("[\u0679\u0688\u0691\u06ba\u06be\u06c1\u06d2]"),
    "Kurdish": re.compile("[\u06ce\u06c6\u0695\u06b5\u06d5]"),
    "Persian": re.compile("[\u067e\u0686\u0698\u06af\u06a9\u06cc]"),
}
_LEAST = {"Uyghur": 0.03, "Pashto": 0.03, "Kurdish": 0.06, "Urdu": 0.06}  # of all letters
_PERSIAN = frozenset(
    "است این اين که كه را از برای براي می مي های هاي شد شده کرد كرد کرده كرده شود کند كند بود دارد در با به "
    "یک يك نیز آن خود گفت تا هم باید بايد کشور ایران هستند نیست".split()
)
ENOUGH = 3  # two words, one of them found in no other dialect


def language(source: str) -> str:
    """ "Persian", "Urdu", "Kurdish", "Uyghur" or "Pashto" if a text is in it rather than in Arabic, else ""."""
    if not any(pattern.search(source) for pattern in _LETTERS.values()):
        return ""
    letters = max(1, sum(character.isalpha() for character in source))
    share = {name: len(pattern.findall(source)) / letters for name, pattern in _LETTERS.items()}
    words = _WORD.findall(source)
    if found := next((name for name, least in _LEAST.items() if share[name] > least), ""):
        return found
    known = sum(word in _PERSIAN for word in words)
    if share["Persian"] > 0.04 and known >= 2 and known / max(1, len(words)) > 0.1:
        return "Persian"
    return ""


@cache
def _dialects() -> dict[str, dict[str, int]]:
    """{dialect: {word: how much it tells}}."""
    return {
        name: {**dict.fromkeys(shared.split(), 1), **dict.fromkeys(own.split(), 2)}
        for name, own, shared in places.rows("dialects.tsv")
    }


def dialect(source: str) -> str:
    """The dialect whose words a text has, if it has enough of them, else ""."""
    known = frozenset().union(*_dialects().values())
    words = {word[1:] if word[0] in "وف" and word[1:] in known else word for word in _WORD.findall(fold(source))}
    words &= known
    if len(words) < 2:
        return ""
    weights = {name: sum(table.get(word, 0) for word in words) for name, table in _dialects().items()}
    best = max(weights, key=lambda name: weights[name])
    return best if weights[best] >= ENOUGH else ""
