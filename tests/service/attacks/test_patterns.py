"""Bad cases for the regular expressions that user text meets: long runs of what each of them looks for."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from models.checks.fidelity import findings
from models.text.normalize import normalize
from models.text.segment import split_sentences
from service.articles import pasted
from service.libretranslate.languages import detect
from service.libretranslate.runs import runs
from service.output.tables import guarded

LONGEST, BOUND = 200_000, 60  # characters, seconds; what is linear takes a few, what is quadratic many minutes
UNITS = [
    "ا", "ـ", "\u064e", "7", "٧", "۷", " ", "\t", "\n", "\r\n", ".", "،", "x", "A", ". ", "بيت. ", '"', "«", ")", "((",
    "<", "<a ", "<!--", "<b>ا", "</b>", '<a href="', "&#", "#", "a@", "http://a.b/", "-", ":", "1. ", "1,", "1.1",
    "12:30 ", "+1 (2) ", "U.S. ", "...", "\u200c", "\u0301", "_", "<svg><g>", "<script>", "<title>",
    "<b translate=no>", "' ",
    "مليون ", "لا ", "%", "٪4", "$1", "قال الرئيس إن ", "The minister said that ", "7_", "\x00", "a.", "/", "=",
]  # fmt: skip
READERS: dict[str, Callable[[str], object]] = {
    "sentences": split_sentences,
    "normalised": normalize,
    "a source": lambda text: findings(text, "The house is big."),
    "a translation": lambda text: findings("البيت كبير.", text),
    "language": detect,
    "HTML": lambda text: list(runs(text)),
    "a pasted page": lambda text: pasted.read(f"<html><body><p>{text}"),
    "a pasted piece": lambda text: pasted.read(f"<p>{text}"),
    "a cell": guarded,
}


def run(unit: str, length: int) -> str:
    """A run of one unit, between words."""
    return f"بيت {unit * (length // len(unit))} بيت"


@pytest.mark.parametrize("reader", READERS)
def test_every_run_can_be_read(reader):
    for unit in UNITS:
        READERS[reader](run(unit, 60))


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS, ids=repr)
@pytest.mark.parametrize("reader", READERS)
def test_none_takes_the_square_of_its_length(reader, unit):
    began = time.process_time()
    READERS[reader](run(unit, LONGEST))
    assert time.process_time() - began < BOUND
