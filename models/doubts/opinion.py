"""A second opinion: a smaller model translates each sentence too, and says how probable it finds what the first wrote.

Two models seldom make the same mistake, so where they differ one is likely wrong, however fluent and sure of itself.
Which, only the Arabic tells: the first model's text stays, with what the second makes of it beside it.
It is asked of the sentences of a written brief too.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

from models import code
from models.callers import Turn
from models.checks.fidelity import SERIOUS
from models.doubts.confidence import UNSURE
from models.doubts.judge import Claim, Judge, Judging, Limits
from models.engines.registry import DEFAULT_CACHE, EMBEDDED, EMBEDDED_FAST
from models.translation.loader import load_translator
from models.translation.translator import SequenceTranslator, draft
from models.types import Judged, Sentence, Translation, Translator

# Pieces, times the beam, of a batch of the second model: it is small, and the first, which is not, takes the time.
TOGETHER = 1536


def with_second(first: SequenceTranslator, name: str | None, batch_pieces: int = 0, **how: Any) -> Translator:
    """`first` with the second opinion of the model `name` (one thread, one search, batches of `TOGETHER` pieces at
    least), if there is one; `how` as for `load_translator`."""
    if not name:
        return first
    together = max(batch_pieces, TOGETHER)
    return TwoOpinions(first, load_translator(name, threads=1, effort="quick", batch_pieces=together, **how))


def embedded(cache: Path = DEFAULT_CACHE) -> Translator:
    """The embedded model with its second opinion, as it is served."""
    return with_second(load_translator(EMBEDDED, cache=cache), EMBEDDED_FAST, cache=cache)


class TwoOpinions:
    """Implements `models.types.Translator`: the translations of `first`, judged by `second`."""

    def __init__(self, first: SequenceTranslator, second: SequenceTranslator) -> None:
        self.members = (first, second)
        self.info = replace(first.info, second=f"{second.info.name} {second.info.version}")
        self.ahead = first.ahead
        self.signature = f"{first.signature}|second:{second.signature}|doubts:{code.fingerprint('doubts')}"
        self._judge = Judge(second)

    def begin(self, sentences: Sequence[Sentence], turn: Turn | None = None) -> list[Future[Translation]]:
        """See `Translator.begin`."""
        turn = turn or Turn()
        pairs = enumerate(zip(*(member.begin(sentences, turn) for member in self.members), strict=True))
        return [_judging(one, other, self._judge, self.info.name, turn.after(i)) for i, (one, other) in pairs]

    def readings(self, sentences: Sequence[Sentence], count: int) -> list[list[Translation]]:
        """See `Translator.readings`; the second model's own stands after the first model's best."""
        first, second = self.members[0].readings(sentences, count), self.members[1].readings(sentences, 1)
        return [[*one[:1], *other, *one[1:]] for one, other in zip(first, second, strict=True)]

    def waiting(self) -> int:
        """See `Translator.waiting`."""
        return sum(member.waiting() for member in self.members)

    def weigh(self, written: Sequence[tuple[str, Sequence[Translation]]]) -> list[Judged]:
        """See `models.types.Weigh`: how probable the second model finds each text, given the Arabic it rests on."""
        turn = Turn()
        coming = [self._judge.begin(_summing_up(text, sources), turn) for text, sources in written]
        return [Judged() if judging.exception() else judging.result() for judging in coming]


def _summing_up(text: str, sources: Sequence[Translation]) -> Claim:
    """A text as a claim on all its sources. Nothing is held against it that their translations say, and it is no other
    reading of them, for it leaves out most of what they say."""
    arabic = " ".join(source.sentence.text for source in sources)
    readings = [found for source in sources for found in (source.text, source.judged.other) if found]
    return Claim(arabic, text, 0.0, "", readings, alike=0.0, limits=Limits(loss=0))


def _judging(
    one: Future[Translation], other: Future[Translation], judge: Judge, author: str, turn: Turn
) -> Judging[Translation]:
    """The translation `one`, judged when the second model's is there too. That this failed is no reason to lose it."""
    one.add_done_callback(lambda _: _draft(one, turn))

    def claim() -> Claim | None:
        first, second = one.result(), None if other.exception() else other.result()
        if first.score is None or second is None or second.score is None:
            return None
        own = [] if SERIOUS.intersection(second.flags) else [second.text]
        return Claim(first.sentence.text, first.text, first.score, author, own)

    def ended(found: Judged | None) -> Translation:
        return flagged(one.result(), found) if found else one.result()

    return Judging((one, other), judge, turn, claim, ended)


def _draft(one: Future[Translation], turn: Turn) -> None:
    if not one.cancelled() and not one.exception():
        draft(one.result(), turn.caller)


def flagged(first: Translation, found: Judged) -> Translation:
    """`first` with what was found of it, and the flags that say so."""
    unsure = found.confidence < UNSURE if found.confidence is not None else "unsure" in first.flags
    dropped = found.omitted or "dropped" in first.flags
    told = {
        "dropped": dropped,
        "contrast": found.contrast,
        "disputed": found.other,
        "extra": found.extra,
        "unsure": unsure,
    }
    flags = [flag for flag in first.flags if flag not in told]
    return replace(first, flags=(*flags, *(flag for flag, holds in told.items() if holds)), judged=found)
