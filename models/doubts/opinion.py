"""A second opinion: a smaller model translates each sentence too, and says how probable it finds what the first wrote.

Two models seldom make the same mistake, so where they differ one is likely wrong, however fluent and sure of itself.
Which, only the Arabic tells: the first model's text stays, with what the second makes of it beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from models import code
from models.ahead import when_all
from models.checks.fidelity import SERIOUS
from models.doubts.confidence import UNSURE
from models.doubts.judge import Claim, Judge
from models.translation.loader import load_translator
from models.translation.translator import SequenceTranslator
from models.types import Judged, Sentence, Translation, Translator


def with_second(first: Translator, name: str | None, **how: Any) -> Translator:
    """`first` with the second opinion of the model `name` (one thread, one search), if there is one; `how` as for
    `load_translator`."""
    return TwoOpinions(first, load_translator(name, threads=1, effort="quick", **how)) if name else first


class TwoOpinions:
    """Implements `models.types.Translator`: the translations of `first`, judged by `second`."""

    def __init__(self, first: Translator, second: SequenceTranslator) -> None:
        self.info = replace(first.info, second=f"{second.info.name} {second.info.version}")
        self.ahead = first.ahead
        self.signature = f"{first.signature}|second:{second.signature}|doubts:{code.fingerprint('doubts')}"
        self._first, self._second, self._judge = first, second, Judge(second)

    def begin(self, sentences: Sequence[Sentence], place: int = 0) -> list[Future[Translation]]:
        """See `Translator.begin`."""
        each = (self._first.begin(sentences, place), self._second.begin(sentences, place))
        pairs = enumerate(zip(*each, strict=True), place)
        return [_Both(one, other, self._judge, self.info.name, number) for number, (one, other) in pairs]


class _Both(Future[Translation]):
    """The first translation, judged when the second is there too. That the second failed is no reason to lose it."""

    def __init__(
        self, first: Future[Translation], second: Future[Translation], judge: Judge, author: str, place: int
    ) -> None:
        super().__init__()
        self._judge, self._author, self._place = judge, author, place
        self._first, self._second = first, second
        self._judging: Future[Judged] | None = None
        when_all((first, second), self._both_done)

    def cancel(self) -> bool:
        """All that is done for it."""
        cancelled = super().cancel()
        for future in (self._first, self._second, self._judging):
            if future:
                future.cancel()
        return cancelled

    def _both_done(self) -> None:
        if self.cancelled():
            return
        try:
            first = self._first.result()
            second = None if self._second.exception() else self._second.result()
            if first.score is None or second is None or second.score is None:
                self._end(first)
                return
            own = "" if SERIOUS.intersection(second.flags) else second.text
            claim = Claim(first.sentence.text, first.text, first.score, self._author, own)
            self._judging = self._judge.begin(claim, self._place)
            self._judging.add_done_callback(self._judged)
        except BaseException as error:
            if self.set_running_or_notify_cancel():
                self.set_exception(error)

    def _judged(self, judging: Future[Judged]) -> None:
        first = self._first.result()
        self._end(first if judging.exception() else flagged(first, judging.result()))

    def _end(self, outcome: Translation) -> None:
        if self.set_running_or_notify_cancel():
            self.set_result(outcome)


def flagged(first: Translation, found: Judged) -> Translation:
    """`first` with what was found of it, and the flags that say so."""
    unsure = found.confidence < UNSURE if found.confidence is not None else "unsure" in first.flags
    told = {"disputed": found.other is not None, "contrast": found.contrast is not None, "unsure": unsure}
    flags = [flag for flag in first.flags if flag not in told]
    return replace(first, flags=(*flags, *(flag for flag, holds in told.items() if holds)), judged=found)
