"""Checks on a translation: each looks at a source sentence and its hypothesis, and what it finds becomes a flag.

A flag never changes a text. It tells the reader what to distrust, in the words of `FLAGS`, and a finding's detail says
where: the number, the name, the words. Checks rather miss an error than cry wolf; `models.evaluation.planted` measures
how often each does either.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from models.checks import cues, dialect, eras, kept, names
from models.checks.loops import is_loop
from models.checks.numbers import numerals_ar, numerals_en, quantities
from models.checks.opposites import exchanged
from models.text.normalize import doubts
from models.text.segment import has_arabic, normalize

UNSURE = 0.6  # the mean chance a piece below which a model hesitated, where its release does not say
FLAGS = {
    "copied": "This sentence holds no Arabic; it is shown as it is.",
    "untranslated": "This part could not be translated; the Arabic is shown instead.",
    "empty": "The model gave no translation; the Arabic is shown instead.",
    "arabic": "Some Arabic is left in the translation.",
    "split": "The sentence was translated in parts: it was too long for the model.",
    "repaired": "A first translation failed a check; this is another.",
    "glossary": "A term of your glossary could not be put in: its place in the translation was not found.",
    "cut": "The model did not come to an end; the last words of the sentence may be missing.",
    "loop": "The translation repeats itself; do not rely on it.",
    "language": "The source is not Arabic but another language in Arabic letters; do not rely on the translation.",
    "reversed": "The letters of the source stand in reversed order; they were turned round before translating.",
    "joined": "Words of the source run together; where they part was guessed.",
    "changed": "A number, date or unit is not the one that the source has.",
    "opposite": "A word of the source seems to have become its opposite.",
    "numbers": "A number in the source is not in the translation.",
    "added": "The translation has a number that its source does not have.",
    "names": "A name in the source has no counterpart in the translation.",
    "invented": "The translation has a name that its source does not have.",
    "kept": "What stays as it is was lost or changed: an address, a telephone number, a sign, a word not in Arabic.",
    "negation": "The source denies something and the translation does not seem to, or the other way round.",
    "hedge": "The source says that something may be so; the translation seems to say that it is.",
    "dropped": "A part of the sentence may be missing from the translation.",
    "length": "The translation is much shorter or longer than its source; something may be missing or added.",
    "dialect": "The source seems to be in a dialect, which the model was not made for.",
    "contrast": "A second model finds an opposite reading more probable.",
    "disputed": "A second model reads this otherwise; one of the two is likely wrong.",
    "extra": "Words of the translation have no counterpart in what the models read.",
    "unsure": "The models hesitated: seven in ten such sentences have a grave error.",
    "apart": "Not a sentence of the article but a line beside it, such as a link or a caption; no brief is made of it.",
}

DETAIL = 40  # characters of a run of words that a finding shows
_ARABIC = re.compile("[\u0620-\u06ff]")
# English characters for one of Arabic: 1.16 is the middle, of correct translations one in two hundred has less than
# SHORT, and none less than FEW or more than MANY.
SHORT, FEW, MANY = 0.8, 0.5, 2.5
MARGIN, SLACK = 5, 20  # characters that a short sentence may be off beside
GREETING = 25  # characters; what is shorter may well be one word of English

# The text cannot be relied on; a brief avoids it.
SERIOUS = frozenset({"untranslated", "empty", "arabic", "cut", "loop", "language", "changed", "opposite"})
# The reader should look at the source. The other flags only say how the text came about.
DOUBTFUL = frozenset(FLAGS) - SERIOUS - {"copied", "split", "repaired", "glossary", "apart"}

_ORDER = {flag: i for i, flag in enumerate(FLAGS)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found: its flag, a name out of `FLAGS`, and what exactly ("430 → 340"), or ""."""

    flag: str
    detail: str = ""


BY_LENGTH = Finding("dropped")  # no words are named


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a source alone: as the model reads it, the numbers in it, and what is wrong with it."""

    arabic: str
    quantities: tuple[quantities.Quantity, ...]
    findings: tuple[Finding, ...]


@lru_cache(maxsize=64)  # the hypotheses of one sentence are checked one after the other
def known(source: str) -> Known:
    """What all checks of one source begin with."""
    arabic = normalize(source)
    return Known(arabic, tuple(numerals_ar.read(arabic)), tuple(source_findings(source)))


def check(source: str, text: str) -> list[str]:
    """The flags of `findings`, each once, worst first."""
    return list(dict.fromkeys(finding.flag for finding in findings(source, text)))


@lru_cache(maxsize=2048)  # a page asks again for each sentence that has a flag, and is looked at more than once
def findings(source: str, text: str) -> tuple[Finding, ...]:
    """What is wrong with `text` as a translation of `source` (Arabic), worst first; () if nothing was found."""
    if not text.strip():
        return (Finding("empty"),)
    read, english = known(source), normalize(text)
    arabic = read.arabic
    found = [*_form(source, text), *read.findings, *_numbers(read.quantities, english), *_names(arabic, english)]
    found += [*_cues(arabic, english), *_length(arabic, english)]
    found += [Finding("kept", one) for one in kept.lost(arabic, english)]
    found += [Finding(flag, detail) for flag, detail in exchanged(arabic, english)]
    found += [Finding("changed", f"{era} → {other}") for era, other in eras.exchanged(arabic, english)]
    return worst_first(found)


def worst_first(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once, in the order of `FLAGS`."""
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: _ORDER[finding.flag]))


def unsupported(sources: Sequence[str], text: str) -> tuple[Finding, ...]:
    """What a brief sentence says that its sources (Arabic) do not: numbers, names; and what is wrong with its form.

    A brief leaves out much of its sources, so that nothing is called missing here.
    """
    if not text.strip():
        return (Finding("empty"),)
    arabic, english = " ".join(map(normalize, sources)), normalize(text)
    numbers = _numbers(numerals_ar.read(arabic), english)
    found = [*_form("\n".join(sources), text), *numbers, *_names(arabic, english)]
    return tuple(finding for finding in found if finding.flag not in ("numbers", "names"))


def source_findings(source: str) -> Iterator[Finding]:
    """What is known before translating: that a source is in another language, in a dialect, or broken."""
    yield from (Finding(flag, detail[:DETAIL]) for flag, detail in doubts(source))
    if language := dialect.language(source):
        yield Finding("language", language)
    elif spoken := dialect.dialect(source):
        yield Finding("dialect", spoken)


def _form(source: str, text: str) -> Iterator[Finding]:
    if is_loop(text, source):
        yield Finding("loop")
    if has_arabic(text):
        yield Finding("arabic", " ".join([word for word in text.split() if _ARABIC.search(word)][:5]))


def _numbers(read: Sequence[quantities.Quantity], text: str) -> Iterator[Finding]:
    for one in quantities.differences(read, numerals_en.read(text)):
        if one.source and one.text:
            yield Finding("changed", f"{one.source.said} → {one.text.said}")
        elif one.source:
            yield Finding("numbers", one.source.said)
        elif one.text:
            yield Finding("added", one.text.said)


def _names(source: str, text: str) -> Iterator[Finding]:
    missing, invented = names.differences(source, text)
    yield from (Finding("names", name) for name in missing)
    yield from (Finding("invented", name) for name in invented)


def _cues(source: str, text: str) -> Iterator[Finding]:
    for flag, lost in (
        ("negation", cues.lost_denial),
        ("negation", cues.added_denial),
        ("hedge", cues.lost_hedge),
        ("dropped", cues.lost_status),
    ):
        if words := lost(source, text):
            yield Finding(flag, words)


def _length(source: str, text: str) -> Iterator[Finding]:
    read, written = len(source), len(text)
    if written + MARGIN < FEW * read or written > MANY * read + SLACK:
        yield Finding("length")
    elif read >= GREETING and written + MARGIN < SHORT * read:
        yield BY_LENGTH


def missing_numbers(source: str, text: str) -> list[str]:
    """The figures of `source` (digits of either script, not number words) that `text` has not or has changed."""
    differences = quantities.differences(known(source).quantities, numerals_en.read(normalize(text)))
    lost = (one.source for one in differences if one.source is not None and one.source.kind == "number")
    return [one.said for one in lost if one.said[0].isdigit()]


def in_words(flag: str, said: Mapping[str, Any], say: Callable[[str], str] = str) -> str:
    """A flag of the sentence's record `said` in plain words, with what a second model reads where that is why; `say`
    puts them into another language."""
    words = say(FLAGS.get(flag, flag))
    if flag == "disputed" and said.get("other"):
        return say("{words} The other reads: {other}").format(words=words, other=said["other"])
    if flag == "dropped" and (omitted := said.get("omitted")):
        missing = "“{text}” ({source})" if omitted["text"] else "{source}"
        return say("This seems to be missing from the translation: {words}").format(words=missing.format(**omitted))
    if flag == "contrast" and (both := said.get("contrast")):
        return say("It says “{said}”; a second model finds “{instead}” more probable.").format(**both)
    if flag == "unsure" and said.get("confidence") is not None:
        return say("{words} Its confidence is {sure}.").format(words=words, sure=f"{said['confidence']:.2f}")
    return words


def is_unsure(score: float, chance: float = UNSURE) -> bool:
    """True if the pieces of a hypothesis had, on (geometric) average, less than this chance.

    Of the embedded models' translations of FLORES dev that is one in nine; more than half are among the worst fifth.
    """
    return score < math.log(chance)
