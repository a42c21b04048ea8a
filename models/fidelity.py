"""Checks on a translation: each looks at a source sentence and its hypothesis and answers with flags.

A flag never changes a text. It tells the reader what to distrust, in the words of `FLAGS`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass

from models.segment import has_arabic, normalize

VERSION = "2"  # goes into every signature: raise it with any change of what is flagged, or what a flag keeps out

FLAGS = {
    "copied": "This sentence holds no Arabic; it is shown as it is.",
    "untranslated": "This part could not be translated; the Arabic is shown instead.",
    "empty": "The model gave no translation; the Arabic is shown instead.",
    "arabic": "Some Arabic is left in the translation.",
    "split": "The sentence was too long for the model and was translated in parts.",
    "cut": "The model did not come to an end; the last words of the sentence may be missing.",
    "loop": "The translation repeats itself; do not rely on it.",
    "length": "The translation is much shorter or longer than its source; something may be missing or added.",
    "numbers": "A number in the source is not in the translation.",
    "added": "The translation has a number that its source does not have.",
    "negation": "The source says that something is or was not so; the translation does not seem to.",
    "unsure": "The model was unsure: on average it gave each piece of its own words less than one chance in four.",
}

# A reader is misled least by a sentence that carries none of these; a brief avoids those that do.
SERIOUS = frozenset({"untranslated", "empty", "arabic", "cut", "loop"})
DOUBTFUL = frozenset({"numbers", "added", "length", "negation", "unsure"})
# "serious": the text cannot be relied on; "doubtful": look at the source; "note": how the text came about.
SEVERITY = {flag: "serious" if flag in SERIOUS else "doubtful" if flag in DOUBTFUL else "note" for flag in FLAGS}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found: its flag, a name out of `FLAGS`, and what exactly ("430"), or ""."""

    flag: str
    detail: str = ""


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
).split()
_MONTHS = "january february march april may june july august september october november december".split()

# Arabic number words, ordinals too: where one stands, digits in the translation may be right.
_UNIT = "(?:ثلاث|[أا]ربع|خمس|ست|سبع|ثمان|تسع)"
_SPELT = re.compile(
    rf"(?<!\w)[وفبلك]{{0,2}}(?:ا?ل)?(?:واحدة?|اثن(?:ان|ين|ا|ي)|اثنت(?:ان|ين|ا|ي)|إحدى|{_UNIT}(?:ي|ية|ة|ون|ين|مئة|مائة)?"
    r"|عشر(?:ة|ون|ين|ات)?|م(?:ئ|ائ)(?:ة|ات|تان|تين|تي|تا)|[أا]لف(?:ان|ين|ي|ا|اً)?|آلاف|ألوف"
    r"|(?:مليون|مليار|بليون|تريليون)(?:ان|ين|ي|ا|اً|ات)?|ملايين|بلايين|نصف|ربع|ثلثا?|ثلثي|ثلثين"
    r"|[أا]ولى?|ثاني?ة?|(?:ثالث|رابع|خامس|سادس|سابع|ثامن|تاسع|عاشر)ة?)(?!\w)"
)


def missing_numbers(source: str, output: str) -> list[str]:
    """The digit strings of `source` (either script) that have no counterpart in `output`, in order.

    Separators do not count (1,000 is 1000); a number up to twenty may be spelt out, one up to twelve may be a month.
    """
    said = Counter(_bare(number) for number in _NUMBER.findall(normalize(output)))
    words = Counter(re.findall(r"[a-z]+", output.lower()))
    lost = []
    for number in _NUMBER.findall(normalize(source)):
        if not _take(number, said, words):
            lost.append(number)
    return lost


def added_numbers(source: str, output: str) -> list[str]:
    """The digit strings of `output` that have no counterpart in `source`, in order.

    None is reported where the source spells any number out: whether that is the same number is not judged here.
    """
    source = normalize(source)
    if _SPELT.search(source):
        return []
    said = Counter(_bare(number) for number in _NUMBER.findall(source))
    return [number for number in _NUMBER.findall(normalize(output)) if not _take(number, said, Counter())]


def _take(number: str, said: Counter[str], words: Counter[str]) -> bool:
    """Use up one counterpart of `number`, if there is one."""
    bare = _bare(number)
    if said[bare]:
        said[bare] -= 1
        return True
    value = int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 4 else -1
    for word in [*_WORDS[value : value + 1], *_MONTHS[value - 1 : value]] if 0 <= value <= 20 else []:
        if words[word]:
            words[word] -= 1
            return True
    return False


def _bare(number: str) -> str:
    digits = re.sub(r"[.,](?=\d{3}(?!\d))", "", number)  # a thousands mark goes, a decimal mark stays
    return digits.replace(",", ".").lstrip("0") or "0"


# Words that deny, and no others: without, except and the like are seldom lost and often said otherwise.
_DENIES = re.compile(r"(?<!\w)[وف]?(?:لم|لن|ليس|ليست|ليسوا|لسنا|لست)(?!\w)")
_DENIED = re.compile(
    r"n['’]t\b|\b(?:not|cannot|no|none|nor|never|neither|nobody|nothing|nowhere|without|unable|fail\w*|lack\w*|yet"
    r"|den(?:y|ied|ies)|refus\w*|un(?!it|i[vqo]|der|til)\w+|in(?:ability|capable|complete)|hardly|only|little|few)\b",
    re.IGNORECASE,
)


def lost_negation(source: str, output: str) -> bool:
    """True if `source` denies something (لم، لن، ليس) and no word of `output` does."""
    return _DENIES.search(normalize(source)) is not None and _DENIED.search(output) is None


def is_loop(text: str) -> bool:
    """True if a run of one to six words is repeated so often that it is no sentence any more.

    One word four times in a row, or a longer run three times in a row; a run of letters counts as well.
    """
    words = text.lower().split()
    for size in range(1, 7):
        times = 4 if size == 1 else 3
        for start in range(len(words) - size * times + 1):
            run = words[start : start + size]
            if all(words[start + size * k : start + size * (k + 1)] == run for k in range(1, times)):
                return True
    return re.search(r"([^\W\d_]\S{0,7}?)\1{9,}", text) is not None


def is_unsure(score: float) -> bool:
    """True if the pieces of a hypothesis had, on (geometric) average, less than one chance in four."""
    return score < math.log(1 / 4)


def findings(source: str, text: str) -> tuple[Finding, ...]:
    """What is wrong with `text` as a translation of `source` (Arabic), worst first; () if nothing was found."""
    if not text.strip():
        return (Finding("empty"),)
    found = []
    if is_loop(text):
        found.append(Finding("loop"))
    if has_arabic(text):
        found.append(Finding("arabic"))
    read, written = len(source.split()), len(text.split())
    if not (read + 4) / 3 <= written + 4 <= (read + 4) * 3:
        found.append(Finding("length"))
    found += [Finding("numbers", number) for number in missing_numbers(source, text)]
    found += [Finding("added", number) for number in added_numbers(source, text)]
    if lost_negation(source, text):
        found.append(Finding("negation"))
    return tuple(found)


def check(source: str, text: str) -> list[str]:
    """The flags of `findings`, each once, worst first."""
    return list(dict.fromkeys(finding.flag for finding in findings(source, text)))
