"""What a source is written in, where it is not Standard Arabic: another language of the script, or a dialect.

Both are told by letters and function words that the standard language does not have; texts of less evidence than two
such words pass for standard. Measured by `models.evaluation.planted`.
"""

from __future__ import annotations

import re

from models.text.folding import fold

_WORD = re.compile(r"[^\W\d_]+")
_LETTERS = {
    "Urdu": re.compile("[\u0679\u0688\u0691\u06ba\u06be\u06c1\u06d2]"),
    "Kurdish": re.compile("[\u06ce\u06c6\u0695\u06b5\u06d5]"),
    "Persian": re.compile("[\u067e\u0686\u0698\u06af\u06a9\u06cc]"),
}
_PERSIAN = frozenset(
    "است این اين که كه را از برای براي می مي های هاي شد شده کرد كرد کرده كرده شود کند كند بود دارد در با به "
    "یک يك نیز آن خود گفت تا هم باید بايد کشور ایران هستند نیست".split()
)
# Words that two of them have or standard Arabic has tell nothing and are not here.
# Each dialect's words, folded (`text.folding`): those of its own, then those that others say as well.
_DIALECTS = {
    "Egyptian": (
        "دلوقتي النهارده امبارح ازاي علشان عايز عايزه عاوز عاوزين عايزين كده كدا مفيش مافيش اوي بتاع بتاعه بتاعت بتوع "
        "برضه برضو بردو برده اتعمل اتعملت معندوش محدش لسه ازيك التانيه التلاته",
        "عشان مش اللي احنا دول ليه فين حاجه ايه ده دي كمان كتير زي شويه جوه تاني تانيه",
    ),
    "Levantine": (
        "هلق هلا شو هيك هدول بدي بدك بدو بدنا بدهم بدها منيح منيحه هنيك منشان مشان ايمتي هاي لسا هالحكي",
        "مو مش عشان ليش وين هاد كمان شلون عم حدا انو اللي متل كتير هون عنا",
    ),
    "Gulf": (
        "وايد يبي تبي نبي ابغي يبغي تبغي نبغي چذي جذي هالحين توه هاذا مب ابيك يبون وش",
        "ليش وين مو شلون عشان حق اللي ابي شنو الحين ذي",
    ),
    "Maghrebi": (
        "ديال ديالو ديالها ديالهم ديالي ديالنا بزاف دابا واش كيفاش علاش شكون غادي كاينه كاينين برشا نتاع هادي هاذ موش "
        "فاش كيكون كتكون كيكونو مكانش ماكانش حتال بغيت بغينا",
        "شنو باش راه ماشي هاد اللي متاع تاع كانو توا كاين حيت",
    ),
}
_DIALECT_WORDS = {
    name: {**dict.fromkeys(shared.split(), 1), **dict.fromkeys(own.split(), 2)}
    for name, (own, shared) in _DIALECTS.items()
}
_ALL_DIALECT_WORDS = frozenset().union(*_DIALECT_WORDS.values())
ENOUGH = 3  # two words, one of them found in no other dialect


def language(source: str) -> str:
    """ "Persian", "Urdu" or "Kurdish" if a text is in it rather than in Arabic, else ""."""
    if not any(pattern.search(source) for pattern in _LETTERS.values()):
        return ""
    letters = max(1, sum(character.isalpha() for character in source))
    share = {name: len(pattern.findall(source)) / letters for name, pattern in _LETTERS.items()}
    words = _WORD.findall(source)
    if share["Kurdish"] > 0.06:
        return "Kurdish"
    if share["Urdu"] > 0.06:
        return "Urdu"
    known = sum(word in _PERSIAN for word in words)
    if share["Persian"] > 0.04 and known >= 2 and known / max(1, len(words)) > 0.1:
        return "Persian"
    return ""


def dialect(source: str) -> str:
    """The dialect whose words a text has, if it has enough of them, else ""."""
    words = {
        word[1:] if word[0] in "وف" and word[1:] in _ALL_DIALECT_WORDS else word for word in _WORD.findall(fold(source))
    }
    words &= _ALL_DIALECT_WORDS
    if len(words) < 2:
        return ""
    weights = {name: sum(table.get(word, 0) for word in words) for name, table in _DIALECT_WORDS.items()}
    best = max(weights, key=lambda name: weights[name])
    return best if weights[best] >= ENOUGH else ""
