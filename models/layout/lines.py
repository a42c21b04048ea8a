"""What a line is by its form: a headline, a date line, a rule, or one of those that only stand round an article.

Forms of the last are in data/lines.tsv. They are precise rather than complete: a sentence of an article that merely has
the words is none, and what is not known stays in the article.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from models.text.folding import fold
from models.text.normalize import INVISIBLE
from models.text.tables import rows

_FORMS = Path(__file__).parent / "data" / "lines.tsv"
LONGEST = 300  # characters of a line that is none of an article
MOST_WORDS, FEWEST_WORDS = 20, 3  # of a headline

_TOKEN = re.compile(r"\d+(?:[.,:/-]\d+)*|[^\W\d_]+|[][:|؛–—»«>/\\()-]")
_UNSEEN = re.compile(f"[{INVISIBLE}]+")
_SIGN = re.compile(r"[^\w؟]")
_STOP = re.compile(r"(?<![.…])\.[^\w.…]*$")
_QUOTED = re.compile(r"\W*?[«“\"'‹„]")
_NUMBER = re.compile(r"\s*[([]?([0-9٠-٩]{1,2})\s*[.)\]/–-]+\s*(?=\D)")
# Words with which an article goes on, and none begins.
_GOES_ON = re.compile(
    r"(?:و[يت]\w{3,}|و?كما|ول?كن|و(?:قال|اضاف|اكد|اوضح|اشار|ذكر|تابع|اعلن|كان|راي|لفت|شدد|نقل|جاء|بين|اعتبر|حذر|دعا)(?:ت|وا)?"
    r"|و(?:قد|لم|لا|في|من|على|هو|هي|بحسب|وفق|بعد|خلال|مع|ان|ال\w{4,})|لكن|لكنه|غير|يذكر|يشار|من جهته|في المقابل) "
)


@lru_cache(4096)
def words(text: str) -> str:
    """The words of a line (of its first LONGEST characters), each with a blank behind it, in one spelling; ":" stands
    for what parts them."""
    plain = fold(unicodedata.normalize("NFKC", _UNSEEN.sub("", text[:LONGEST]))).lower()
    found = (token if token[0].isalnum() else ":" for token in _TOKEN.findall(plain))
    return re.sub("(?:: )+", ": ", "".join(f"{token} " for token in found)).removeprefix(": ").removesuffix(": ")


def said(text: str) -> str:
    """What a sentence says, the same for others that differ in signs, diacritics and spelling alone."""
    return " ".join(_SIGN.sub(" ", fold(_UNSEEN.sub("", text)).lower()).split()) or text


def is_rule(text: str) -> bool:
    """Whether a line has neither letter nor digit: *** or ====."""
    return not re.search(r"[^\W_]", text)


def is_round(text: str) -> bool:
    """Whether a line is none of an article."""
    if is_rule(text):
        return True
    if len(text) > LONGEST or _QUOTED.match(text):
        return False
    line, forms = words(text), _forms()
    return bool(forms["alone"].fullmatch(line) or (not stops(text) and forms["open"].fullmatch(line)))


def heads(text: str) -> bool:
    """Whether a line stands over links to other articles, or tags."""
    return len(text) <= LONGEST and _forms()["heads"].fullmatch(words(text)) is not None


def is_credit(text: str) -> bool:
    """Whether a line only says whose the article was, as at its end."""
    return len(text) <= LONGEST and _forms()["agency"].fullmatch(words(text)) is not None


def dateline(text: str) -> str:
    """How a line has place and date or agency: "whole" if there is nothing else, "opens" if it begins so, else ""."""
    found = _forms()["dateline"].match(words(text))
    if not found or found.end() == len(found.string):
        return "whole" if found else ""
    return "opens" if found.group().endswith(": ") else ""


def stops(text: str) -> bool:
    """Whether a line ends in a full stop, and not in several."""
    return _STOP.search(text) is not None


def is_headline(text: str) -> bool:
    """Whether a line may be a headline: a few words without a full stop that go on with nothing."""
    count = len(text.split())
    return FEWEST_WORDS <= count <= MOST_WORDS and not stops(text) and not goes_on(text) and not dateline(text)


def goes_on(text: str) -> bool:
    """Whether a line goes on with what was said before it."""
    return _GOES_ON.match(words(text)) is not None


def number(text: str) -> int | None:
    """The number that a line begins with, as one of a list does."""
    found = _NUMBER.match(text)
    return int(found[1]) if found else None


@cache
def _forms() -> dict[str, re.Pattern[str]]:
    """The forms of the table, in one pattern for each use."""
    table = [row for row in rows(_FORMS) if len(row) == 2]
    sets = {
        name: "و?(?:" + "|".join(sorted({fold(word) for word in said.split()}, key=len, reverse=True)) + ")"
        for name, said in table
        if name.startswith("<")
    }
    found: dict[str, list[str]] = {"alone": [], "open": [], "heads": [], "agency": []}
    for kind, form in table:
        if kind not in sets:
            pattern = "".join(_pattern(piece, sets) for piece in form.split())
            for use in ("open" if form.endswith("…") else "alone", kind):
                if use in found:
                    found[use].append(pattern)
    agency, month = sets["<agency>"], sets["<month>"]
    named = rf"(?:(?=\w{{3}}){agency} |ا ف ب |د ب ا |\d+ {month} )"
    source = rf"(?:(?:{agency}|{month}|{sets['<day>']}|\d\S*|:) )"
    place = rf"(?:(?!{agency} )[^\W\d]+ ){{1,3}}"
    compiled = {use: re.compile("|".join(patterns)) for use, patterns in found.items()}
    return compiled | {"dateline": re.compile(f"{place}: (?={source}*?{named}){source}+")}


def _pattern(piece: str, sets: dict[str, str]) -> str:
    if piece.startswith("…"):
        return r"(?:\S+ ){0,20}"
    if piece.endswith("?"):
        return f"(?:{_pattern(piece[:-1], sets)})?"
    if piece.endswith("+"):
        return f"(?:: )?{sets[piece[:-1]]} (?:(?:: )?{sets[piece[:-1]]} )*(?:: )?"
    if piece == "N":
        return r"\d\S* "
    return "(?:" + "|".join(sets.get(one) or re.escape(fold(one)) for one in piece.split("/")) + ") "
