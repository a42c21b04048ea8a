"""Second chances for a translation that failed a check that matters, or at which the model hesitated.

The figures of the source are put in the place of those that the model garbled (49 written as 48). Else a wider search,
and of its hypotheses, those that pass the checks, the one nearest to all; or, where a translation loops, a search that
may not repeat itself. Only what passes and has no fault that the one before had not is taken, and what mends a fault is
marked as repaired. What fails them all stays as it was, and keeps its flags.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from models.checks.fidelity import known
from models.checks.numbers import numerals_en, quantities
from models.checks.numbers.number_words_en import MONTHS, WEEKDAYS
from models.text.segment import normalize
from models.translation import consensus
from models.types import Translation

# Other flags are either beyond a second search (dialect) or too often false to pay for one (names).
REPAIRABLE = frozenset("empty arabic cut loop changed opposite numbers added negation length".split())
NO_REPEAT = 3  # pieces
# What is done for a sentence: one search; second chances where there is doubt; the wide search for all. And among how
# many hypotheses it chooses: 8 gain a little, for twice the time.
WIDE_BEAM = {"quick": 1, "normal": 4, "careful": 8}
EFFORTS = tuple(WIDE_BEAM)
SHORT, SHORT_DOUBT = 12, -0.4  # words, and the mean log-probability below which so short a sentence is searched again
MAGNITUDES = {"": "", "%": "%", "ألف": "thousand", "مليون": "million", "مليار": "billion", "تريليون": "trillion"}
LABELS: dict[str, dict[float | str, str]] = {  # full names come first
    "month": {i: name for name, i in reversed(MONTHS.items()) if isinstance(i, int)},
    "weekday": {i: name for name, i in WEEKDAYS.items()},
}
_FIGURE = re.compile(rf"({quantities.DIGITS})\s*(\S*)")


def passes(translation: Translation) -> bool:
    """Whether nothing is wrong with it that a second try might mend."""
    return REPAIRABLE.isdisjoint(translation.flags)


def mends(new: Translation, old: Translation) -> bool:
    """Whether `new` passes, and has no fault that `old` has not."""
    return passes(new) and (set(new.flags) - {"unsure"}).issubset(old.flags)


def first_that_mends(old: Translation, candidates: Iterable[Translation]) -> Translation | None:
    """The first of `candidates` that mends `old`, marked as repaired."""
    return next((marked(one) for one in candidates if mends(one, old)), None)


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
