"""What a translation must hand on as it is: addresses, telephone numbers, tags, money signs, times, foreign words.

Their digits are compared by `numbers` too; here it is their form that counts. Measured by `models.evaluation.planted`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.checks.places import plain
from models.text.addresses import ADDRESS
from models.text.segment import foreign_words

_ADDRESS = re.compile(ADDRESS, re.IGNORECASE)
_PATH = re.compile(r"[@]|://|\.[a-z]", re.IGNORECASE)  # AC/DC and km/h have none of these
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,15}(?: [^<>]{0,80})?>")
_HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z0-9_]{2,}")
# At least seven digits in groups behind a + or 0, or before the + that a hand from right to left put last.
_PHONE = re.compile(
    r"(?<![\w.,:/+])(?:\+ ?|00?(?=[\d (-]))[\d(](?:[ ().-]{0,2}\d){6,14}(?![\d/:]|[.,]\d)"
    r"|(?<![\w.,:/+])\d(?:[ ().-]{0,2}\d){6,14}\+"
)
_SIGNS = {
    "€": "€|euro|EUR",
    "$": r"\$|dollar|USD",
    "£": "£|pound|sterling|GBP",
    "¥": "¥|yen|yuan|JPY|CNY",
    "₪": "₪|shekel|ILS|NIS",
    "₺": "₺|lira|TRY",
    "₽": "₽|ruble|rouble|RUB",
    "₹": "₹|rupee|INR",
}
_TIME = re.compile(r"(?<![\d.,:])([01]?\d|2[0-3]):([0-5]\d)(?![\d:]|[.,]\d)(.{0,24})")
_BEFORE_NOON = re.compile(r"(?<!\w)(?:صباحا|الصباح|فجرا|الفجر|قبل الظهر)(?!\w)")
_AFTER_NOON = re.compile(r"(?<!\w)(?:(?:ال)?مساء|ليلا|الليل|عصرا|العصر|ظهرا|(?<!قبل )الظهر)(?!\w)")
_AM = re.compile(r"\ba\.?m\b|morning|dawn", re.IGNORECASE)
_PM = re.compile(r"\bp\.?m\b|evening|afternoon|night|noon|dusk|sunset", re.IGNORECASE)
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:['’&.-][A-Za-z0-9]+)*")
# Units and the like, for which English has other words or another spelling; Roman numerals are numbers.
_SAID_OTHERWISE = re.compile(
    r"[A-Za-z]|[IVXLC]+|[kcmn]?m|[km]?g|[km]?[lL]|[kKMGT][BbWV]|[kKMG]?Hz|[mk]ph|[ap]\.?m|AM|PM|sq|ft|lbs?|vs|No|etc|al"
)


_SMALL = frozenset(("of", "the", "and", "for", "in", "on"))  # of these no letter is in an acronym
_ANY = re.compile("[A-Za-z@" + "".join(_SIGNS) + r"]|\d:\d|\d(?:[ ().-]{0,2}\d){6}")


def lost(source: str, text: str) -> Iterator[str]:
    """What of `source` is not in `text` (both normalised) as it must be, each as the source has it."""
    yield from (word for word in foreign_words(source) if word not in text)
    if not _ANY.search(source):
        return
    yield from (tag for tag in _TAG.findall(source) if tag.lower() not in text.lower())
    for address in filter(_PATH.search, (_trimmed(match) for match in _ADDRESS.finditer(source))):
        if not re.search(rf"{re.escape(address)}(?![\w/])", text):
            yield address
    source = _ADDRESS.sub(lambda match: " " if _PATH.search(match.group()) else match.group(), source)
    yield from (handle for handle in _HANDLE.findall(source) if handle.lower() not in text.lower())
    source = _HANDLE.sub(" ", source)
    yield from (match.group() for match in _PHONE.finditer(source) if not _dialled(match.group(), text))
    yield from (sign for sign, names in _SIGNS.items() if sign in source and not re.search(names, text, re.IGNORECASE))
    yield from (f"{match[1]}:{match[2]}" for match in _TIME.finditer(source) if _moved(int(match[1]), match[3], text))
    yield from _latin(source, text)


def _trimmed(match: re.Match[str]) -> str:
    """An address without the marks behind it, as far as it is in ASCII."""
    return re.split(r"[^\x21-\x7e]", match.group().rstrip(".,;:!?)]}'\"،؛؟"))[0]


def _dialled(phone: str, text: str) -> bool:
    """Whether `text` has the digits of a telephone number in their order, with its +."""
    digits = r"[ ().-]{0,2}".join(re.findall(r"\d", phone))
    found = re.search(rf"(?:\+ ?\(?)?(?<!\d){digits}(?!\d)\+?", text)
    return found is not None and ("+" not in phone or "+" in found.group())


def _moved(hour: int, after: str, text: str) -> bool:
    """Whether a time of day, of which `after` may say the half, is in the other half in `text`, or may be in either."""
    if hour > 12:
        in_twelve = re.search(rf"(?<!\d){hour - 12}(?!\d)", text) and not re.search(rf"(?<!\d){hour}", text)
        return bool(in_twelve) and not _PM.search(text)
    morning, evening = _BEFORE_NOON.search(after), _AFTER_NOON.search(after)
    if bool(morning) == bool(evening) or re.search(rf"(?<!\d){hour + 12}", text):
        return False
    said, other = (_AM, _PM) if morning else (_PM, _AM)
    return other.search(text) is not None and not said.search(text)


def _latin(source: str, text: str) -> Iterator[str]:
    """Words in Latin letters that are neither in `text` nor written out there (WHO, World Health Organization)."""
    words = _LATIN.findall(plain(source))
    if not words:
        return
    english = plain(text)
    run, tokens = _bare(english), {_bare(word) for word in _LATIN.findall(english)}
    each = [word.lower() for word in re.findall(r"\w+", english)]
    initials = ["".join(word[0] for word in each if word not in left_out) for left_out in ((), _SMALL)]
    for word in words:
        bare = _bare(word)
        there = bare in run if len(bare) > 2 else bare in tokens
        spelt = word.isupper() and any(bare in letters for letters in initials)
        if not (there or spelt or _SAID_OTHERWISE.fullmatch(word)):
            yield word


def _bare(word: str) -> str:
    return re.sub(r"[\W_]", "", word).lower()
