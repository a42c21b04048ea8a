"""Second chances for a translation that failed a check that matters, or at which the model hesitated.

A wider search, and of its hypotheses, those that pass the checks, the one nearest to all; or, where a translation
loops, a search that may not repeat itself. Only what passes and has no fault that the one before had not is taken, and
what mends a fault is marked as repaired. What fails them all stays as it was, and keeps its flags.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from models.checks.fidelity import UNSURE
from models.translation import consensus
from models.types import Translation

# Other flags are either beyond a second search (dialect) or too often false to pay for one (names).
REPAIRABLE = frozenset("empty arabic cut loop changed opposite numbers added negation length".split())
NO_REPEAT = 3  # pieces
# What is done for a sentence: one search; second chances where there is doubt; the wide search for all. And among how
# many hypotheses a wide search chooses: 8 gain a little, for twice the time.
WIDE_BEAM = {"normal": 4, "careful": 8}
EFFORTS = ("quick", *WIDE_BEAM)
# Words, and the share of the mean log-probability at which its model is unsure below which so short a sentence is
# searched again: -0.4, where a chance of 0.6 is unsure.
SHORT, SHORT_DOUBT = 12, 0.78


def passes(translation: Translation) -> bool:
    """Whether nothing is wrong with it that a second try might mend."""
    return REPAIRABLE.isdisjoint(translation.flags)


def mends(new: Translation, old: Translation) -> bool:
    """Whether `new` passes, and has no fault that `old` has not."""
    return passes(new) and (set(new.flags) - {"unsure"}).issubset(old.flags)


def first_that_mends(old: Translation, candidates: Iterable[Translation]) -> Translation | None:
    """The first of `candidates` that mends `old`, marked as repaired."""
    return next((marked(one) for one in candidates if mends(one, old)), None)


def in_doubt(translation: Translation, unsure: float = UNSURE) -> bool:
    """Whether it is worth a wider search: a check finds fault, or the model, `unsure` at that chance, hesitated.

    Sooner for a short sentence, which gives the model little to go by, and costs little.
    """
    if not passes(translation) or "unsure" in translation.flags:
        return True
    short = len(translation.sentence.text.split()) <= SHORT
    return short and translation.score is not None and translation.score < SHORT_DOUBT * math.log(unsure)


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
