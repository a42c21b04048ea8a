"""A second opinion: a smaller model translates each sentence too, and where it says something else, both are shown.

Two models seldom make the same mistake, so where they differ one is likely wrong, however fluent and sure of itself.
Which, only the Arabic tells: the first model's text stays, flagged `disputed`, with the other beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace

from models.ahead import when_all
from models.checks.cues import one_denies
from models.checks.fidelity import SERIOUS
from models.checks.opposites import opposed
from models.translation.consensus import likeness
from models.types import Sentence, Translation, Translator

DISPUTED = 0.57  # likeness of two translations below which they say different things; chosen on FLORES dev


def differ(text: str, other: str) -> bool:
    """Whether two translations say different things: they are little alike, or one denies, or has a word's opposite."""
    return likeness(text, other) < DISPUTED or one_denies(text, other) or opposed(text, other)


class TwoOpinions:
    """Implements `models.types.Translator`: the translations of `first`, held against those of `second`."""

    def __init__(self, first: Translator, second: Translator) -> None:
        self.info = replace(first.info, second=f"{second.info.name} {second.info.version}")
        self.ahead = first.ahead
        self.signature = f"{first.signature}|second:{second.signature}"
        self._first, self._second = first, second

    def begin(self, sentences: Sequence[Sentence], place: int = 0) -> list[Future[Translation]]:
        """See `Translator.begin`."""
        each = (self._first.begin(sentences, place), self._second.begin(sentences, place))
        return [_Both(one, other) for one, other in zip(*each, strict=True)]


class _Both(Future[Translation]):
    """The first translation, weighed when the second is there too. That the second failed is no reason to lose it."""

    def __init__(self, first: Future[Translation], second: Future[Translation]) -> None:
        super().__init__()
        self._first, self._second = first, second
        when_all((first, second), self._weigh)

    def cancel(self) -> bool:
        """Both."""
        cancelled = super().cancel()
        self._first.cancel()
        self._second.cancel()
        return cancelled

    def _weigh(self) -> None:
        if not self.set_running_or_notify_cancel():
            return
        try:
            first = self._first.result()
            self.set_result(first if self._second.exception() else weighed(first, self._second.result()))
        except BaseException as error:
            self.set_exception(error)


def weighed(first: Translation, second: Translation) -> Translation:
    """`first`, flagged with the other reading where `second` says something else, and is not plainly wrong itself."""
    if first.score is None or second.score is None or SERIOUS.intersection(second.flags):
        return first
    if not differ(first.text, second.text):
        return first
    return replace(first, flags=(*first.flags, "disputed"), other=second.text)
