"""How far `confidence` can be trusted: python -m models.evaluation.verdicts [--set held]

Translations that were judged by hand against the Arabic (tests/data/trust/verdicts.tsv; the texts are public and are
read where they are) are made anew; what is no longer the text that was judged is left out. Of each level of confidence:
how many have a grave error and how many none at all; and how often doubtful words and flags are right.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sacrebleu

from models.command_line import command
from models.doubts.confidence import LEVELS, level
from models.doubts.opinion import embedded
from models.doubts.words import Vocabulary, Word
from models.engines.registry import DEFAULT_CACHE, ROOT
from models.errors import InputError
from models.evaluation.planted import PUBLIC, lines
from models.evaluation.translations import as_sentences
from models.text import tables
from models.text.segment import split_sentences
from models.types import Translation

VERDICTS = ROOT / "tests" / "data" / "trust" / "verdicts.tsv"
NEWS = PUBLIC.parent / "data" / "summaries" / "ar-almayadeen.jsonl.gz"
SETS = {"fitted": ("flores", "news"), "held": ("held",)}  # what `confidence` was fitted to, and what came after
REFERENCES = ("en", "google.en", "microsoft.en")  # a person's, and what two services wrote, where that is at hand
SILENT = frozenset({"split", "repaired"})  # flags that are no doubt
GRAVE = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """On the translation of one sentence: `english` is its hash, `grade` 0 (fine), 1 or 2 (a grave error), `words` a
    letter for each doubtful word: w(rong), d(ebatable), f(ine)."""

    arabic: str
    english: str
    grade: int
    words: str


def read(path: Path, sets: Sequence[str]) -> list[Verdict]:
    """The verdicts on `sets`, with their Arabic. Raises InputError where that is not at hand."""
    if not NEWS.is_file() or not PUBLIC.is_dir():
        raise InputError("--set", f"{NEWS} or {PUBLIC} is not here")
    flores = lines(PUBLIC / "flores-dev.ar")
    with gzip.open(NEWS, "rt", encoding="utf-8") as file:
        news = [json.loads(line)["text"] for line in file]
    return [
        Verdict(
            flores[int(at)] if name == "flores" else split_sentences(news[int(at)])[int(place)].text,
            english, int(grade), words,
        )
        for name, at, place, english, grade, words in tables.rows(path)
        if name in sets
    ]  # fmt: skip


def is_text(verdict: Verdict, translation: Translation) -> bool:
    """Whether the translation is the one that was judged."""
    return hashlib.sha256(translation.text.encode()).hexdigest()[:12] == verdict.english


def auc(values: Sequence[float], wrong: Sequence[bool]) -> float:
    """How often a wrong one has the lower value of two, one wrong and one not; 0.5 is chance."""
    low = [value for value, is_wrong in zip(values, wrong, strict=True) if is_wrong]
    high = [value for value, is_wrong in zip(values, wrong, strict=True) if not is_wrong]
    return float(np.mean([(one < other) + 0.5 * (one == other) for one in low for other in high]))


def report(pairs: Sequence[tuple[Verdict, Translation]]) -> Iterator[str]:
    """The tables, line by line."""
    sure = [found.judged.confidence or 0.0 for _, found in pairs]
    grave = [verdict.grade == GRAVE for verdict, _ in pairs]
    yield f"{sum(grave)} of {len(pairs)} have a grave error; AUC of the confidence {auc(sure, grave):.3f}"
    yield f"{'level':8}{'sentences':>10}{'grave':>8}{'no error':>10}"
    for name, least in LEVELS.items():
        grades = [verdict.grade for (verdict, _), value in zip(pairs, sure, strict=True) if level(value) == name]
        shares = [grades.count(wanted) / max(1, len(grades)) for wanted in (GRAVE, 0)]
        yield f"{name:8}{len(grades):10}" + "{:8.2f}{:10.2f}".format(*shares) + f"   from {least}"
    yield f"{'flag':10}{'sentences':>10}{'grave':>7}{'small':>7}{'fine':>6}"
    names = {flag for _, found in pairs for flag in found.flags} - SILENT
    for flag in ("any", *sorted(names)):
        marked = [v.grade for v, found in pairs if (flag in found.flags or (flag == "any" and names & {*found.flags}))]
        yield f"{flag:10}{len(marked):10}{marked.count(2):7}{marked.count(1):7}{marked.count(0):6}"
    told = "".join(verdict.words for verdict, _ in pairs)
    if told:
        counts = ", ".join(f"{told.count(name[0])} {name}" for name in ("wrong", "debatable", "fine"))
        yield f"of {len(told)} doubtful words, {len(told) / len(pairs):.2f} a sentence: {counts}"


def by_reference(pairs: Sequence[tuple[Sequence[str], Translation]]) -> Iterator[str]:
    """What references tell, with no reader: how well confidence, and the first model's own score, know the fifth that
    is least like its references (chrF): the nearest of them, and the first; and how many doubtful words that has no
    form of."""
    confidences = [found.judged.confidence or 0.0 for _, found in pairs]
    for used in sorted({len(pairs[0][0]), 1}, reverse=True):
        likeness = [sacrebleu.sentence_chrf(found.text, references[:used]).score for references, found in pairs]
        wrong = [bool(value <= np.quantile(likeness, 0.2)) for value in likeness]
        sure, score = auc(confidences, wrong), auc([found.score or 0.0 for _, found in pairs], wrong)
        against = f"{used} reference{'s' * (used > 1)}"
        yield f"AUC for the worst fifth of {len(pairs)} by chrF, {against}: confidence {sure:.3f}, score {score:.3f}"
    yield f"{'level':8}{'sentences':>10}{'of the worst fifth':>20}{'chrF':>7}"
    for name, least in LEVELS.items():
        within = [i for i, value in enumerate(confidences) if level(value) == name]
        share, mean = (sum(some[i] for i in within) / max(1, len(within)) for some in (wrong, likeness))
        yield f"{name:8}{len(within):10}{share:20.2f}{mean:7.1f}   from {least}"
    doubted, content = Counter[bool](), Counter[bool]()
    for (reference, *_), found in pairs:
        known, marked = Vocabulary([reference]), {doubt.start for doubt in found.judged.words}
        words = (Word(one.group(), *one.span(), 0.0) for one in re.finditer(r"\w(?:[\w'’-]*\w)?", found.text))
        for word in (word for word in words if word.has_content):
            (doubted if word.start in marked else content)[word.text not in known] += 1
    for told, counted in (("doubtful", doubted), ("other", content)):
        share = counted[True] / max(1, counted.total())
        each = counted.total() / len(pairs)
        yield f"of {counted.total()} {told} words, {each:.2f} a sentence: {share:.2f} have no form in the reference"


@command
def main(argv: list[str] | None = None) -> Iterator[object]:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m models.evaluation.verdicts", description=__doc__)
    parser.add_argument("--set", default="held", choices=[*SETS, "devtest"], help="fitted: what it was fitted to")
    parser.add_argument("--verdicts", type=Path, default=VERDICTS)
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE)
    options = parser.parse_args(argv)
    translator = embedded(options.cache)
    if options.set == "devtest":
        references = [lines(path) for name in REFERENCES if (path := PUBLIC / f"flores-test.{name}").is_file()]
        found = [coming.result() for coming in translator.begin(as_sentences(lines(PUBLIC / "flores-test.ar")))]
        yield from by_reference(list(zip(zip(*references, strict=True), found, strict=True)))
        return
    verdicts = read(options.verdicts, SETS[options.set])
    found = [coming.result() for coming in translator.begin(as_sentences([verdict.arabic for verdict in verdicts]))]
    same = [pair for pair in zip(verdicts, found, strict=True) if is_text(*pair)]
    yield f"{len(same)} of {len(verdicts)} sentences have the translation that was judged"
    yield from report(same)


if __name__ == "__main__":
    sys.exit(main())
