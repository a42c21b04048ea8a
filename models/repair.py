"""Second chances for a translation that failed a check that matters, or at which the model hesitated.

In this order: the figures of the source put in the place of those that the model garbled (49 written as 48); a wider
search, and of its hypotheses, those that pass the checks, the one nearest to all; where one number stands in another's
place, the translation up to there, the right number, and what the model writes from there on; the sentence in parts,
cut at its clauses, or a search that may not repeat itself. Only what passes and has no fault that the one before had
not is taken, and what mends a fault is marked as repaired. What fails them all stays as it was, and keeps its flags.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from models import consensus, numerals_en, quantities
from models.batching import Decoding
from models.fidelity import known
from models.number_words_en import MONTHS, WEEKDAYS
from models.segment import normalize, split_long
from models.types import Translation

VERSION = "3"  # goes into every signature: raise it with any change of what is repaired, or how

# What is done for a sentence: one search; second chances where there is doubt; the wide search for all.
EFFORTS = ("quick", "normal", "careful")
# Other flags are either beyond a second search (dialect) or too often false to pay for one (names).
REPAIRABLE = frozenset("empty arabic cut loop changed opposite numbers added negation length".split())
SHORTEST = 8  # words; a shorter sentence is not cut
NO_REPEAT = 3  # pieces
WIDE_BEAM = 8
SHORT, SHORT_DOUBT = 12, -0.4  # words, and the mean log-probability below which so short a sentence is searched again
MAGNITUDES = {"": "", "%": "%", "ألف": "thousand", "مليون": "million", "مليار": "billion", "تريليون": "trillion"}
SMALL = "zero one two three four five six seven eight nine ten eleven twelve".split()
SIZES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
LABELS: dict[str, dict[float | str, str]] = {  # full names come first
    "month": {i: name for name, i in reversed(MONTHS.items()) if isinstance(i, int)},
    "weekday": {i: name for name, i in WEEKDAYS.items()},
}
_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_FIGURE = re.compile(r"(\d[\d.,]*\d|\d)\s*(\S*)")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What to try on the engine: the sentence in these parts, searched like this."""

    parts: tuple[str, ...]
    decoding: Decoding


def passes(translation: Translation) -> bool:
    """Whether nothing is wrong with it that a second try might mend."""
    return REPAIRABLE.isdisjoint(translation.flags)


def mends(new: Translation, old: Translation) -> bool:
    """Whether `new` passes, and has no fault that `old` has not."""
    return passes(new) and _no_worse(new, old)


def first_that_mends(old: Translation, candidates: Iterable[Translation]) -> Translation | None:
    """The first of `candidates` that mends `old`, marked as repaired."""
    return next((marked(one) for one in candidates if mends(one, old)), None)


def _no_worse(new: Translation, old: Translation) -> bool:
    return (set(new.flags) - {"split", "repaired", "unsure"}).issubset(old.flags)


def in_doubt(translation: Translation) -> bool:
    """Whether it is worth a wider search: a check finds fault, or the model hesitated.

    Sooner for a short sentence, which gives the model little to go by, and costs little.
    """
    if not passes(translation) or "unsure" in translation.flags:
        return True
    short = len(translation.sentence.text.split()) <= SHORT
    return short and translation.score is not None and translation.score < SHORT_DOUBT


def choose(best: Translation, found: Sequence[Translation]) -> Translation:
    """Of the hypotheses `found`, those that pass and have no fault that `best` has not, the one nearest to all of them;
    `best`, where there is none."""
    good = [i for i, one in enumerate(found) if mends(one, best)]
    if not good:
        return best
    chosen = found[consensus.nearest([one.text for one in found], [one.score or 0.0 for one in found], good)]
    return chosen if passes(best) else marked(chosen)


def marked(translation: Translation) -> Translation:
    """As what it is: repaired."""
    return replace(translation, flags=tuple(dict.fromkeys((*translation.flags, "repaired"))))


def attempts(translation: Translation, decoding: Decoding) -> list[Attempt]:
    """What is worth a second search, in the order in which to prefer it; nothing where a part is no language."""
    if "untranslated" in translation.flags:
        return []
    text = normalize(translation.sentence.text)
    found = []
    if len(text.split()) >= SHORTEST:
        most = 0.6 * len(text)
        parts = tuple(split_long(text, lambda part: len(part) <= most))
        found.append(Attempt(parts, decoding))
    if "loop" in translation.flags and not decoding.no_repeat_ngram:
        found.append(Attempt((text,), replace(decoding, no_repeat_ngram=NO_REPEAT)))
    return found


def begin(translation: Translation) -> str | None:
    """How a translation should begin that has one number in the place of another: up to there, and with the right one.

    None where no number is wrong or more than one is, or nothing stands in its place.
    """
    if "empty" in translation.flags:  # what is shown then is the source
        return None
    read, english = known(translation.sentence.text).quantities, translation.text
    lost = [one for one in quantities.differences(read, numerals_en.read(english)) if one.source]
    if len(lost) != 1 or not lost[0].source or not lost[0].text:
        return None
    number = next(_written(lost[0].source), None)
    return f"{english[: lost[0].text.at]}{number}" if number else None


def _written(quantity: quantities.Quantity) -> Iterator[str]:
    """The English of each figure in what is said, or of a number in words."""
    figures = _DIGITS.findall(quantity.said)
    yield from figures
    if not figures and quantity.kind == "number" and isinstance(value := quantity.values[0], int):
        size, word = next((s for s in SIZES if value >= s[0] and value % (s[0] // 10) == 0), (1, ""))
        yield f"{value / size:,g} {word}" if word else SMALL[value] if value < len(SMALL) else f"{value:,}"


def restore_figures(source: str, text: str) -> str | None:
    """`text` with the source's figures for those that were changed a little, and its months and weekdays; or None.

    Only digits for digits, of the same magnitude and alike: 49 for 48, 1040 for 40, never 190 for "2 billion".
    """
    if normalize(text) != text:  # places are counted in the normal form
        return None
    edits = []
    for one in quantities.differences(known(source).quantities, numerals_en.read(text)):
        if one.source and one.text and (edit := _figure(one.source, one.text, text) or _label(one.source, one.text)):
            edits.append((one.text.at, edit))
    for at, (old, new) in sorted(edits, reverse=True):
        text = text[:at] + new + text[at + len(old) :]
    return text if edits else None


def _label(source: quantities.Quantity, written: quantities.Quantity) -> tuple[str, str] | None:
    """(the month or weekday in the text, the one that should stand there)."""
    names = LABELS.get(source.kind, {})
    if source.kind != written.kind or not (source.sure and written.sure) or source.values[0] not in names:
        return None
    return written.said, names[source.values[0]]


def _figure(source: quantities.Quantity, written: quantities.Quantity, text: str) -> tuple[str, str] | None:
    """(the figure in `text`, the one that should stand there), if one is a slip of the other."""
    here, there = _FIGURE.fullmatch(source.said), _FIGURE.fullmatch(written.said)
    if not here or not there or not text.startswith(there[1], written.at):
        return None
    around = text[max(0, written.at - 1) : written.at] + text[written.at + len(there[1]) :][:1]
    value = quantities.readings(here[1])
    if not value or re.search(r"[\d:/]", around) or MAGNITUDES.get(here[2]) != there[2].lower():
        return None
    old, new = (re.sub(r"\D", "", figure) for figure in (there[1], here[1]))
    if len(old) != len(new) and SequenceMatcher(None, old, new).ratio() < 0.5:
        return None
    if re.match("0[0-9]", here[1]):  # 0230 is a time
        return there[1], here[1]
    grouped = "," in there[1] or "," in here[1]  # an account, a flight or a postcode has no commas
    return there[1], f"{value[0]:,}" if grouped else f"{value[0]}"
