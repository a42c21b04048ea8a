"""What a model makes of a text that another wrote: how sure one can be of it, its doubtful words, its opposite."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from models.ahead import when_all
from models.callers import Turn
from models.doubts.confidence import confidence
from models.doubts.contrast import BETTER, Opposite, opposites
from models.doubts.omission import LOSS, Omission, left_out, omissions, says_more
from models.doubts.words import GRAVE, Vocabulary, Word, doubtful, unread, words_of
from models.engines.batching import Unit
from models.translation.consensus import likeness
from models.translation.steps import Steps
from models.translation.translator import SequenceTranslator
from models.types import Contrast, Judged, Omitted

T = TypeVar("T")

# Characters by which an opposite may be less like another reading than the text is, to be asked for: of 193 opposites
# that are found in errors planted in FLORES dev three are not tried, and half of all that could be are.
FARTHER = 1.5
DISPUTED = 0.57  # likeness of two translations below which they say different things; chosen on FLORES dev


class Limits(NamedTuple):
    """What a judge holds against a text: see `contrast.BETTER`, `words.GRAVE` and `omission.LOSS`; with a `loss` of 0
    it is not asked what the text left out."""

    better: float = BETTER
    grave: float = GRAVE
    loss: float = LOSS


ALONE = Limits()  # of one model that judges


@dataclass(frozen=True, slots=True)
class Claim:
    """`text` as a translation of `source` (Arabic), by the model named `author`, or "" for anyone; `score` is the mean
    log-probability that it gave the pieces. `readings` are other translations, against which it is held: it says
    something else where it is less than `alike` the nearest. `limits` say what speaks against
    it."""

    source: str
    text: str
    score: float
    author: str
    readings: Sequence[str]
    alike: float = DISPUTED
    limits: Limits = ALONE

    @property
    def other(self) -> str | None:
        """The nearest reading, where the text says something else."""
        how, nearest = max(((likeness(self.text, reading), reading) for reading in self.readings), default=(1.0, ""))
        return nearest if how < self.alike else None

    def admits(self, opposite: str) -> bool:
        """Whether a reading is as like the opposite of the text as the text, or nearly; so too if there is none."""
        farther = (likeness(reading, self.text) - likeness(reading, opposite) for reading in self.readings)
        return min(farther, default=0.0) * len(self.text) <= FARTHER

    @property
    def may_lack(self) -> bool:
        """Whether the text may have left something out: a reading says more, or there is none."""
        return not self.readings or any(says_more(reading, self.text) for reading in self.readings)


class Judge:
    """Asks a translator's model how probable texts are that others wrote."""

    def __init__(self, translator: SequenceTranslator):
        self._translator = translator

    def begin(self, claim: Claim, turn: Turn | None = None) -> Future[Judged]:
        """The judgement of the sentence whose turn it is. What is too long for the model has no confidence."""
        (coming,) = self._translator.runner.run([self._steps(claim)], turn)
        return coming

    def _steps(self, claim: Claim) -> Steps[Judged]:
        unit = self._translator.scoring(claim.source, claim.text)
        if unit is None:
            return Judged(other=claim.other)
        ((scored,),) = yield [unit]
        words, total = words_of(claim.text, scored.pieces, scored.each), sum(scored.each)
        turned, shorter = self._turned(claim, words), self._shorter(claim)
        asked = [unit for unit, _ in (*turned, *shorter)]
        found = (yield asked) if asked else []
        losses = [total - sum(scored.each) for (scored,) in found]
        contrast = _likelier([one for _, one in turned], losses, claim.limits.better)
        lost = left_out(claim.source, [one for _, one in shorter], losses[len(turned) :], claim.limits.loss)
        omitted = Omitted(lost, (yield from self._translator.reading(lost))) if lost else None
        sure, known = confidence(claim.author, total, claim.score), Vocabulary(claim.readings)
        extra = unread(words, known, claim.limits.grave)
        return Judged(sure, doubtful(words, known), contrast, extra, claim.other, omitted)

    def _turned(self, claim: Claim, words: list[Word]) -> list[tuple[Unit, Opposite]]:
        """The opposites of the text, of which the model gave the `words` their chances, and what asks how probable each
        is; none where one is too long for the model, nor what the readings are clearly against."""
        tried = [one for one in opposites(claim.text, words, claim.limits.better) if claim.admits(one.text)]
        asked = [(unit, one) for one in tried if (unit := self._translator.scoring(claim.source, one.text))]
        return asked if len(asked) == len(tried) else []

    def _shorter(self, claim: Claim) -> list[tuple[Unit, Omission]]:
        """What may have been left out, and what asks how probable the text is without it in the source."""
        tried = omissions(claim.source) if claim.limits.loss and claim.may_lack else ()
        return [(unit, one) for one in tried if (unit := self._translator.scoring(one.rest, claim.text))]


def _likelier(tried: Sequence[Opposite], losses: Sequence[float], better: float) -> Contrast | None:
    """The opposite that the model likes best, if it is so much `better` than the text."""
    loss, best = min(zip(losses, range(len(tried)), strict=False), default=(0.0, 0))
    return Contrast(tried[best].said, tried[best].instead) if -loss > better else None


class Judging(Future[T], Generic[T]):
    """What comes of a text once what it needs (`after`) and then its judgement are done.

    `claim` says what to judge; None, or a judge that fails, means that there is no judgement: that is no reason to lose
    the text. `ended` makes the result; what either raises is the caller's.
    """

    def __init__(
        self, after: Sequence[Future[Any]], judge: Judge, turn: Turn,
        claim: Callable[[], Claim | None], ended: Callable[[Judged | None], T],
    ):  # fmt: skip
        super().__init__()
        self._judge, self._turn, self._claim, self._ended = judge, turn, claim, ended
        self._all: list[Future] = [*after]
        when_all(after, self._ready)

    def cancel(self) -> bool:
        """All that is done for it."""
        cancelled = super().cancel()
        for future in self._all:
            future.cancel()
        return cancelled

    def _ready(self) -> None:
        if self.cancelled():
            return
        try:
            claim = self._claim()
        except BaseException as error:
            if self.set_running_or_notify_cancel():
                self.set_exception(error)
            return
        if claim is None:
            self._end(None)
        else:
            judging = self._judge.begin(claim, self._turn)
            self._all.append(judging)
            judging.add_done_callback(self._judged)

    def _judged(self, judging: Future[Judged]) -> None:
        if not judging.cancelled():
            self._end(None if judging.exception() else judging.result())

    def _end(self, found: Judged | None) -> None:
        if self.set_running_or_notify_cancel():
            try:
                self.set_result(self._ended(found))
            except BaseException as error:
                self.set_exception(error)
