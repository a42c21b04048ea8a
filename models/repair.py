"""Second chances for a translation that failed a check that matters; whatever is taken is marked as repaired.

In this order, and the first is taken that passes and has no fault which the one before had not: the other hypotheses of
the same search; the figures of the source put in the place of those that the model garbled (49 written as 48); where a
figure is still missing, the hypothesis up to the place where it belongs, the figure, and what the model writes from
there on; where none is, the sentence in parts, cut at its clauses, or a search that may not repeat itself. What fails
them all stays as it was, or with some of its figures in, and keeps its flags.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from models import numerals_ar, numerals_en, quantities
from models.batching import Decoding, Hypothesis
from models.number_words_en import MONTHS, WEEKDAYS
from models.segment import normalize, split_long
from models.types import Translation

VERSION = "2"  # goes into every signature: raise it with any change of what is repaired, or how

# Other flags are either beyond a second search (dialect) or too often false to pay for one (names).
REPAIRABLE = frozenset({"empty", "arabic", "cut", "loop", "changed", "numbers", "added", "negation", "length"})
SHORTEST = 8  # words; a shorter sentence is not cut
NO_REPEAT = 3  # pieces
BEAM = 2  # of a second search: it costs half of the first, and seldom finds less
MAGNITUDES = {"": "", "%": "%", "ألف": "thousand", "مليون": "million", "مليار": "billion", "تريليون": "trillion"}
LABELS: dict[str, dict[float | str, str]] = {  # full names come first
    "month": {i: name for name, i in reversed(MONTHS.items()) if isinstance(i, int)},
    "weekday": {i: name for name, i in WEEKDAYS.items()},
}
SPACE = "▁"  # with which SentencePiece begins a word
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


def improves(new: Translation, old: Translation) -> bool:
    """Whether `new` lacks fewer of the source's figures than `old`, and has no fault that `old` has not."""
    source = old.sentence.text
    return _no_worse(new, old) and len(missing_figures(source, new.text)) < len(missing_figures(source, old.text))


def _no_worse(new: Translation, old: Translation) -> bool:
    return (set(new.flags) - {"split", "repaired", "unsure"}).issubset(old.flags)


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
        found.append(Attempt(parts, replace(decoding, beam=min(BEAM, decoding.beam), hypotheses=1)))
    if "loop" in translation.flags and not decoding.no_repeat_ngram:
        found.append(Attempt((text,), replace(decoding, no_repeat_ngram=NO_REPEAT, hypotheses=1)))
    return found


def missing_figures(source: str, text: str) -> dict[int, str]:
    """The figures of `source` that `text` lacks, as English writes them, by their number among the source's figures."""
    arabic = normalize(source)
    differences = quantities.differences(numerals_ar.read(arabic), numerals_en.read(normalize(text)))
    lost = [(one.source.at, one.source.at + len(one.source.said)) for one in differences if one.source]
    return {
        i: _written(figure[0])
        for i, figure in enumerate(_DIGITS.finditer(arabic))
        if any(start <= figure.start() < end for start, end in lost)
    }


def prefix(
    source: Sequence[str], hypothesis: Hypothesis, missing: dict[int, str], encode: Callable[[str], list[str]]
) -> tuple[str, ...]:
    """The hypothesis up to where the first of the `missing` figures belongs, and this figure; () if that is unknown.

    It belongs where the decoder looked at it most; where no alignment tells, the hypothesis is given whole, so that a
    greedy search from there on does. `source` are the source's pieces, `encode` makes pieces of a figure.
    """
    pieces = hypothesis.pieces
    wanted = [(at, missing[i]) for i, at in enumerate(_figures(source)) if i in missing]
    if not wanted or not pieces:
        return ()
    if not hypothesis.alignment:
        return tuple(pieces)
    place, figure = min((_word(pieces, hypothesis.alignment[at]), figure) for at, figure in wanted)
    return (*pieces[:place], *encode(figure))


def _word(pieces: Sequence[str], at: int) -> int:
    """Where the word begins that the piece `at` belongs to."""
    return next((i for i in range(min(at, len(pieces) - 1), 0, -1) if pieces[i].startswith(SPACE)), 0)


def _figures(pieces: Sequence[str]) -> list[int]:
    """The index of the piece in which each figure of a source begins."""
    owners = [i for i, piece in enumerate(pieces) for _ in piece]
    return [owners[found.start()] for found in _DIGITS.finditer("".join(pieces).replace(SPACE, " "))]


def _written(figure: str) -> str:
    value = quantities.readings(figure)
    return f"{value[0]:,}" if value and value[0] >= 10_000 else figure


def restore_figures(source: str, text: str) -> str | None:
    """`text` with the source's figures for those that were changed a little, and its months and weekdays; or None.

    Only digits for digits, of the same magnitude and alike: 49 for 48, 1040 for 40, never 190 for "2 billion".
    """
    if normalize(text) != text:  # places are counted in the normal form
        return None
    read = numerals_ar.read(normalize(source)), numerals_en.read(text)
    edits = []
    for one in quantities.differences(*read):
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
    grouped = "," in there[1] or value[0] >= 10_000
    return there[1], f"{value[0]:,}" if grouped else f"{value[0]}"
