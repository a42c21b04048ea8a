"""The translator that all backends share: it decides what goes to the engine, how it is batched, what comes back.

An engine only decodes pieces. So two engines with the same weights give the same text, and a fault in
planning, batching or detokenising is mended once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from itertools import chain, count, islice
from pathlib import Path

from models import fidelity, repair, segment
from models.batching import BATCH_PIECES, Batcher, Decoding, Engine, Hypothesis, Unit
from models.errors import ModelRefused
from models.planning import Part, Planner
from models.types import ModelInfo, Sentence, Translation

VERSION = "3"  # goes into every signature: raise it with any change of what is sent to an engine or kept from it
OF_DECODING = ("empty", "untranslated", "split", "cut", "unsure")  # flags that the text alone does not show
WINDOW = 2048  # sentences that wait for the engine at most, for one caller
ROUNDS = 4  # of second searches at most: the first may only show where a number belongs
LATER = 128  # how many sentences go before a second search and each that follows it, so that several share a batch
WRITTEN_ON = 288  # pieces of a hypothesis that is written on from a prefix, at most
GOLDEN = "أعلنت وزارة الصحة اليوم افتتاح مستشفى جديد في العاصمة."


@dataclass(frozen=True, slots=True)
class _Task:
    """A sentence on its way: its parts, a future for each that went to the engine, and with what they must begin."""

    sentence: Sentence
    plan: list[Part]
    futures: list[Future[list[Hypothesis]]]
    prefix: tuple[str, ...] = ()


@dataclass(slots=True)
class _Open:
    """A sentence that may be repaired: its best translation, the task that it comes from, and what is tried now.

    What is tried is looked at when the caller's sentence number `due` has come.
    """

    best: Translation
    task: _Task
    tries: list[_Task]
    due: int
    rounds: int = 0


class SequenceTranslator:
    """Implements `models.types.Translator` over an engine and the SentencePiece files of a model folder."""

    def __init__(
        self, engine: Engine, folder: Path, info: ModelInfo, decoding: Decoding, prefix: str | None = None,
        batch_pieces: int = BATCH_PIECES, repairs: bool = True,
    ):  # fmt: skip
        import sentencepiece

        self.info = info
        self._repairs = repairs
        self._decoding = replace(decoding, hypotheses=decoding.beam)  # the others cost nothing, and may be needed
        self._positions = engine.positions
        self._batcher = Batcher(engine, batch_pieces)
        self._planner = Planner(folder, engine.positions, prefix)
        self._target = sentencepiece.SentencePieceProcessor(model_file=str(folder / "target.spm"))
        self.signature = (
            f"model:{info.name}@{info.version}|backend:{engine.name}-{engine.version}|compute:{info.compute_type}"
            f"|{decoding}|{self._planner.signature}"
            f"|segmenter:{segment.VERSION}|translator:{VERSION}|checks:{fidelity.VERSION}"
            f"|repair:{repair.VERSION if repairs else 'none'}"
        )

    def translate(self, sentences: Iterable[Sentence]) -> Iterator[Translation]:
        """Translate in order; every sentence comes back exactly once.

        The first WINDOW sentences are on their way when this returns, the others follow lazily.
        """
        remaining = iter(sentences)
        return self._finish(self._begin(list(islice(remaining, WINDOW))), remaining)

    def check_golden(self) -> None:
        """Translate one known sentence; ModelRefused if what comes back is nonsense."""
        text = next(self.translate([Sentence(0, 0, 0, len(GOLDEN), GOLDEN)]))
        bad = fidelity.SERIOUS.intersection(text.flags)
        if bad or "Latin" not in segment.scripts(text.text)[:1]:
            raise ModelRefused(
                f"{self.info.name} {self.info.version} turns {GOLDEN!r} into {text.text!r}"
                f" ({', '.join(sorted(bad)) or 'not Latin script'}); it will not be used"
            )

    def _begin(self, sentences: Sequence[Sentence]) -> list[_Task]:
        tasks = self._add([(s, self._planner.plan(segment.normalize(s.text))) for s in sentences], self._decoding)
        self._batcher.wake()
        return tasks

    def _add(
        self,
        plans: Sequence[tuple[Sentence, list[Part]]],
        decoding: Decoding,
        rank: int = 0,
        prefix: tuple[str, ...] = (),
    ) -> list[_Task]:
        units = [
            Unit(p.pieces, self._limit(p, prefix), decoding, prefix) for _, plan in plans for p in plan if p.pieces
        ]
        futures = iter(self._batcher.add(units, rank))
        return [_Task(sentence, plan, [next(futures) for p in plan if p.pieces], prefix) for sentence, plan in plans]

    def _finish(self, begun: list[_Task], remaining: Iterator[Sentence]) -> Iterator[Translation]:
        found: deque[_Open] = deque()
        try:
            while begun:
                for place, task in enumerate(begun):
                    best = self._best(task)
                    later = place + LATER
                    found.append(_Open(best, task, self._second(best, task, later), later))
                    self._go_on(found, place)
                    yield from self._settled(found)
                for place in count(len(begun) + LATER, LATER):
                    if not found:
                        break
                    self._go_on(found, place)
                    self._batcher.wake()
                    yield from self._settled(found)
                begun = self._begin(list(islice(remaining, WINDOW)))
        finally:  # whoever asked may have gone
            for task in chain(begun, *(one.tries for one in found)):
                for future in task.futures:
                    future.cancel()

    def _go_on(self, found: Iterable[_Open], place: int) -> None:
        for one in found:
            if one.tries and one.due <= place:
                self._advance(one, place + LATER)

    def _settled(self, found: deque[_Open]) -> Iterator[Translation]:
        """Those at the front on which nothing more is tried."""
        while found and not found[0].tries:
            yield found.popleft().best

    def _best(self, task: _Task) -> Translation:
        """The best hypothesis that passes the checks, its figures put right if need be; or the best one as it is."""
        hypotheses = self._hypotheses(task)
        best = next(hypotheses)
        if self._passes(best):
            return best
        others = chain(hypotheses, self._restored(best))
        return next((repair.marked(one) for one in others if repair.mends(one, best)), best)

    def _advance(self, one: _Open, later: int) -> None:
        """Take what has mended the sentence, or made it better; then try what is left to try."""
        tries, one.tries = one.tries, []
        one.due, one.rounds = later, one.rounds + 1
        for task in tries:
            new = next(self._hypotheses(task))
            for candidate in (new, *self._restored(new)):
                if repair.mends(candidate, one.best):
                    one.best = repair.marked(candidate)
                    return
            if repair.improves(new, one.best):
                one.best = repair.marked(new)
            elif new.text != one.best.text:
                continue
            one.task = task
            one.tries = self._second(one.best, task, later) if task.prefix and one.rounds < ROUNDS else []
            return

    def _restored(self, translation: Translation) -> Iterator[Translation]:
        """With its figures put right, where that is possible."""
        text = repair.restore_figures(translation.sentence.text, translation.text)
        if text is not None:
            of_decoding = (flag for flag in translation.flags if flag in OF_DECODING)
            flags = (*fidelity.check(translation.sentence.text, text), *of_decoding)
            yield replace(translation, text=text, flags=flags)

    def _second(self, best: Translation, task: _Task, rank: int) -> list[_Task]:
        """What goes to the engine once more for a translation that does not pass."""
        if self._passes(best):
            return []
        source = best.sentence
        missing = repair.numbers_to_restore(source.text, best.text)
        if missing and len(task.plan) == len(task.futures) == 1:
            hypothesis = task.futures[0].result()[0]
            if prefix := repair.prefix(task.plan[0].pieces, hypothesis, missing, self._figure):
                greedy = replace(self._decoding, beam=1, hypotheses=1)
                return self._add([(source, task.plan)], greedy, rank, prefix)
        tries = repair.attempts(best, self._decoding)
        plans = [[part for text in one.parts for part in self._planner.plan(text)] for one in tries]
        return [self._add([(source, p)], t.decoding, rank)[0] for p, t in zip(plans, tries, strict=True)]

    def _figure(self, figure: str) -> list[str]:
        return self._target.encode(figure, out_type=str)

    def _passes(self, translation: Translation) -> bool:
        return not self._repairs or repair.passes(translation)

    def _hypotheses(self, task: _Task) -> Iterator[Translation]:
        """The translations that the search found, the best first, put together and checked as they are asked for."""
        if not all(future.done() for future in task.futures):
            self._batcher.wake()
        found = [future.result() for future in task.futures]
        for k in range(max((len(one) for one in found), default=1)):
            yield self._assemble(task.sentence, task.plan, [one[min(k, len(one) - 1)] for one in found])

    def _limit(self, part: Part, prefix: tuple[str, ...] = ()) -> int:
        """One for all that are written on from a prefix: they are few, and should share batches."""
        return min(WRITTEN_ON if prefix else part.limit, self._positions - 1)

    def _assemble(self, sentence: Sentence, plan: list[Part], hypotheses: list[Hypothesis]) -> Translation:
        rest = iter(hypotheses)
        parts = [(part, next(rest) if part.pieces else None) for part in plan]
        units = [(unit, found) for unit, found in parts if found]
        if not units:
            flag = "untranslated" if segment.has_arabic(sentence.text) else "copied"
            return Translation(sentence, sentence.text, None, (flag,))
        texts = [self._target.decode(found.pieces).strip() if found else unit.text for unit, found in parts]
        if not any(text for text, (_, found) in zip(texts, parts, strict=True) if found):
            return Translation(sentence, sentence.text, None, ("empty",))
        written = " ".join(text or unit.text for text, (unit, _) in zip(texts, parts, strict=True))
        score = sum(found.score * (len(found.pieces) + 1) for _, found in units)
        score = round(score / sum(len(found.pieces) + 1 for _, found in units), 4)
        flags = {
            "empty": not all(texts),
            "untranslated": any(segment.has_arabic(unit.text) for unit, found in parts if not found),
            **dict.fromkeys(fidelity.check(sentence.text, written), True),
            "split": len(units) > 1,
            "cut": any(len(found.pieces) >= self._limit(unit) - 1 for unit, found in units),
            "unsure": fidelity.is_unsure(score),
        }
        return Translation(sentence, written, score, tuple(flag for flag, holds in flags.items() if holds))
