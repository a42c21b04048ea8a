"""What a model makes of a text that another wrote: how sure one can be of it, its doubtful words, its opposite."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from models.doubts.confidence import confidence
from models.doubts.contrast import BETTER, opposites
from models.doubts.words import Word, doubtful, words_of
from models.translation.consensus import likeness
from models.translation.steps import Steps
from models.translation.translator import SequenceTranslator
from models.types import Contrast, Judged

DISPUTED = 0.57  # likeness of two translations below which they say different things; chosen on FLORES dev


@dataclass(frozen=True, slots=True)
class Claim:
    """`text` as a translation of `source` (Arabic), by the model named `author`, or "" for anyone; `score` is the mean
    log-probability that it gave the pieces. `own` is the judge's own translation of the source, "" if it has none."""

    source: str
    text: str
    score: float
    author: str
    own: str


class Judge:
    """Asks a translator's model how probable texts are that others wrote."""

    def __init__(self, translator: SequenceTranslator):
        self._translator = translator

    def begin(self, claim: Claim, place: int = 0) -> Future[Judged]:
        """The judgement of the caller's sentence number `place`. What is too long for the model has no confidence."""
        (coming,) = self._translator.runner.run([self._steps(claim)], place)
        return coming

    def _steps(self, claim: Claim) -> Steps[Judged]:
        other = claim.own if claim.own and likeness(claim.text, claim.own) < DISPUTED else None
        unit = self._translator.scoring(claim.source, claim.text)
        if unit is None:
            return Judged(other=other)
        ((scored,),) = yield [unit]
        words, total = words_of(claim.text, scored.pieces, scored.each), sum(scored.each)
        contrast = yield from self._contrast(claim, words, total)
        return Judged(confidence(claim.author, total, claim.score), doubtful(words, claim.own), contrast, other)

    def _contrast(self, claim: Claim, words: list[Word], total: float) -> Steps[Contrast | None]:
        """The opposite that the model likes best, if it finds it `BETTER` than the text, of which it gave the `words`
        their chances and the whole `total`."""
        tried = list(opposites(claim.text, words))
        asked = [unit for one in tried if (unit := self._translator.scoring(claim.source, one.text))]
        if not asked or len(asked) < len(tried):
            return None
        found = yield asked
        totals = [sum(scored.each) for (scored,) in found]
        best = max(range(len(totals)), key=totals.__getitem__)
        return Contrast(tried[best].said, tried[best].instead) if totals[best] - total > BETTER else None
