"""A second opinion: a smaller model translates each sentence too, and where it says something else, both are shown.

Two models seldom make the same mistake, so where they differ one is likely wrong, however fluent and sure of itself.
Which, only the Arabic tells: the first model's text stays, flagged `disputed`, with the other beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import tee

from models.checks.fidelity import SERIOUS
from models.translation.consensus import likeness
from models.types import Sentence, Translation, Translator

DISPUTED = 0.57  # likeness of two translations below which they say different things; chosen on FLORES dev


class TwoOpinions:
    """Implements `models.types.Translator`: the translations of `first`, held against those of `second`."""

    def __init__(self, first: Translator, second: Translator) -> None:
        self.info = first.info
        self.signature = f"{first.signature}|second:{second.info.name}@{second.info.version}"
        self._first, self._second = first, second

    def translate(self, sentences: Iterable[Sentence]) -> Iterator[Translation]:
        """See `Translator.translate`. Both models are at work when this returns."""
        one, other = tee(sentences)
        return map(weighed, self._first.translate(one), self._second.translate(other))


def weighed(first: Translation, second: Translation) -> Translation:
    """`first`, flagged with the other reading where `second` says something else, and is not plainly wrong itself."""
    if first.score is None or second.score is None or SERIOUS.intersection(second.flags):
        return first
    if likeness(first.text, second.text) >= DISPUTED:
        return first
    return replace(first, flags=(*first.flags, "disputed"), other=second.text)
