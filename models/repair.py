"""Second chances for a translation that failed a check that matters; whatever is taken is marked as repaired.

In this order, and the first that passes is taken: the other hypotheses of the same search; the figures of the source
put in the place of those that the model garbled (49 written as 48); the sentence in parts, cut at its clauses; a
search that may not repeat itself. What fails them all stays as it was, with its flags.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from models import numerals_ar, numerals_en, quantities
from models.batching import Decoding
from models.segment import normalize, split_long
from models.types import Translation

VERSION = "1"  # goes into every signature: raise it with any change of what is repaired, or how

# Other flags are either beyond a second search (dialect) or too often false to pay for one (names).
REPAIRABLE = frozenset({"empty", "arabic", "cut", "loop", "changed", "numbers", "added", "negation", "length"})
SHORTEST = 8  # words; a shorter sentence is not cut
NO_REPEAT = 3  # pieces
BEAM = 2  # of a second search: it costs half of the first, and seldom finds less
MAGNITUDES = {"": "", "%": "%", "ألف": "thousand", "مليون": "million", "مليار": "billion", "تريليون": "trillion"}
_FIGURE = re.compile(r"(\d[\d.,]*\d|\d)\s*(\S*)")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What to try on the engine: the sentence in these parts, searched like this."""

    parts: tuple[str, ...]
    decoding: Decoding


def passes(translation: Translation) -> bool:
    """Whether nothing is wrong with it that a second try might mend."""
    return REPAIRABLE.isdisjoint(translation.flags)


def first_that_passes(translations: Iterable[Translation]) -> Translation | None:
    """The first without a repairable flag, marked; None if there is none."""
    found = next(filter(passes, translations), None)
    return found and replace(found, flags=(*found.flags, "repaired"))


def attempts(translation: Translation, decoding: Decoding) -> list[Attempt]:
    """What is worth a second search, in the order in which to prefer it; nothing where a part is no language."""
    if "untranslated" in translation.flags:
        return []
    text = normalize(translation.sentence.text)
    found = []
    if len(text.split()) >= SHORTEST:
        most = 0.6 * len(text)
        parts = tuple(split_long(text, lambda part: len(part) <= most))
        found.append(Attempt(parts, replace(decoding, beam=min(BEAM, decoding.beam), hypotheses=1)))
    if "loop" in translation.flags and not decoding.no_repeat_ngram:
        found.append(Attempt((text,), replace(decoding, no_repeat_ngram=NO_REPEAT, hypotheses=1)))
    return found


def restore_figures(source: str, text: str) -> str | None:
    """`text` with the source's figures for those that were changed a little; None where no such change is found.

    Only digits for digits, of the same magnitude and alike: 49 for 48, 1040 for 40, never 190 for "2 billion".
    """
    if normalize(text) != text:  # places are counted in the normal form
        return None
    read = numerals_ar.read(normalize(source)), numerals_en.read(text)
    edits = []
    for one in quantities.differences(*read):
        if one.source and one.text and (figure := _figure(one.source, one.text, text)):
            edits.append((one.text.at, figure))
    for at, (old, new) in sorted(edits, reverse=True):
        text = text[:at] + new + text[at + len(old) :]
    return text if edits else None


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
    grouped = "," in there[1] or value[0] >= 10_000
    return there[1], f"{value[0]:,}" if grouped else f"{value[0]}"
