"""The translator that all backends share: it decides what goes to the engine, and what comes back.

An engine only decodes pieces. So two engines with the same weights give the same text, and a fault in planning or
checking is mended once. What happens to a sentence reads from top to bottom in `SequenceTranslator._one`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace

from models import code
from models.ahead import in_order
from models.callers import Caller, Turn
from models.checks import fidelity
from models.engines.batching import BATCH_PIECES, Batcher, Decoding, Engine, Hypothesis, Unit
from models.errors import ModelRefused
from models.text import segment
from models.translation import repair
from models.translation.planning import Part, Planner
from models.translation.steps import Runner, Steps
from models.types import ModelInfo, Sentence, Translation

SHAPING = ("text", "checks", "engines", "translation")  # the packages that shape a translation
SENTENCE = 48  # pieces times the beam: what one takes of a batch, about
AHEAD = 3  # batches on their way for each worker, and as many to choose from, so that a batch is of like lengths
LATER = 1 / 4  # of what is on its way goes before a second search, so that several share a batch
SCORED = Decoding(1)  # nothing is searched
GOLDEN = "أعلنت وزارة الصحة اليوم افتتاح مستشفى جديد في العاصمة."

_LOOSE = re.compile(r"(?<=[(\[])\s+|\s+(?=[)\]])")
_PLAIN_WORD = re.compile(r"^[a-z](?=[a-z'’-]*(?:-[A-Z][a-z]*)? )")
log = logging.getLogger("mujaz")
Searched = Generator[list[Unit], list[list[Hypothesis]], Iterator[Translation]]


class SequenceTranslator:
    """Implements `models.types.Translator` over an engine."""

    def __init__(
        self, engine: Engine, planner: Planner, info: ModelInfo, decoding: Decoding,
        batch_pieces: int = BATCH_PIECES, effort: str = "normal", unsure: float = fidelity.UNSURE,
    ):  # fmt: skip
        self.info = info
        self._always = effort == "careful"
        self._first = replace(decoding, hypotheses=1)
        self._wide = max(decoding.beam, repair.WIDE_BEAM[effort]) if effort in repair.WIDE_BEAM else 0
        self.ahead = AHEAD * (engine.workers + 1) * max(1, batch_pieces // SENTENCE)
        self.runner = Runner(Batcher(engine, batch_pieces), int(LATER * self.ahead))
        self._scorable = engine.scorable
        self._planner = planner
        self._unsure = unsure
        self.signature = (
            f"model:{info.name}@{info.version}|backend:{engine.name}-{engine.version}|compute:{info.compute_type}"
            f"|{decoding}|{planner.signature}"
            f"|unsure:{unsure:g}|effort:{effort}|code:{code.fingerprint(*SHAPING)}"
        )

    def translate(self, sentences: Iterable[Sentence]) -> Iterator[Translation]:
        """Translate lazily and in order; every sentence comes back exactly once."""
        for _, future in in_order(sentences, self.begin, self.ahead):
            yield future.result()

    def begin(self, sentences: Sequence[Sentence], turn: Turn | None = None) -> list[Future[Translation]]:
        """A future for each. The engine is at work when this returns; see `models.types.Translator`."""
        turn = turn or Turn()
        return self.runner.run((self._one(sentence, turn.caller) for sentence in sentences), turn)

    def readings(self, sentences: Sequence[Sentence], count: int) -> list[list[Translation]]:
        """The `count` most probable translations of each sentence; fewer where the search finds fewer."""
        several = replace(self._first, beam=max(self._first.beam, count), hypotheses=count)

        def begin(some: list[Sentence], turn: Turn) -> list[Future[list[Translation]]]:
            return self.runner.run((self._several(sentence, several) for sentence in some), turn)

        return [future.result() for _, future in in_order(sentences, begin, self.ahead)]

    def waiting(self) -> int:
        """How many parts of sentences wait for the engine."""
        return self.runner.waiting()

    def scoring(self, source: str, text: str) -> Unit | None:
        """What asks how probable `text` is for `source` (Arabic); None if the two are too long for the model."""
        pieces, target = self._planner.pieces.source(segment.normalize(source)), self._planner.pieces.target(text)
        return Unit(pieces, 0, SCORED, target) if target and len(pieces) + len(target) <= self._scorable else None

    def reading(self, text: str) -> Steps[str | None]:
        """What one search makes of some words out of a sentence; None if that is nonsense."""
        (best,) = yield from self._several(Sentence(0, 0, 0, len(text), text), self._first)
        return None if fidelity.SERIOUS.intersection(best.flags) else best.text

    def check_golden(self) -> None:
        """Translate one known sentence; ModelRefused if what comes back is nonsense."""
        text = next(self.translate([Sentence(0, 0, 0, len(GOLDEN), GOLDEN)]))
        bad = fidelity.SERIOUS.intersection(text.flags)
        if bad or "Latin" not in segment.scripts(text.text)[:1]:
            raise ModelRefused(
                f"{self.info.name} {self.info.version} turns {GOLDEN!r} into {text.text!r}"
                f" ({', '.join(sorted(bad)) or 'not Latin script'}); it will not be used"
            )

    def _one(self, sentence: Sentence, caller: Caller) -> Steps[Translation]:
        """Search once; where a check finds fault or the model hesitates, give it second chances."""
        plan = self._planner.plan(segment.normalize(sentence.text))
        best = next((yield from self._search(sentence, plan, self._first)))
        wanted = self._wide and (self._always or repair.in_doubt(best, self._unsure))
        if not wanted or not any(part.pieces for part in plan):
            return best
        draft(best, caller)
        try:
            return (yield from self._again(best, plan))
        except Exception:  # out of memory, say: the first translation is there all the same
            log.warning("a second search failed; the first translation stays", exc_info=True)
            return best

    def _several(self, sentence: Sentence, decoding: Decoding) -> Steps[list[Translation]]:
        return list((yield from self._search(sentence, self._planner.plan(segment.normalize(sentence.text)), decoding)))

    def _again(self, best: Translation, plan: list[Part]) -> Steps[Translation]:
        """Search more widely and choose; or, where it loops, search without repeats. What mends a fault is marked."""
        if "loop" in best.flags:
            unrepeating = replace(self._first, no_repeat_ngram=repair.NO_REPEAT)
            found = yield from self._search(best.sentence, plan, unrepeating)
            return repair.first_that_mends(best, found) or best
        wide = replace(self._first, beam=self._wide, hypotheses=self._wide)
        return repair.choose(best, list((yield from self._search(best.sentence, plan, wide))))

    def _search(self, sentence: Sentence, plan: list[Part], decoding: Decoding) -> Searched:
        """The translations that a search finds, the best first, put together and checked as they are asked for."""
        units = [Unit(part.pieces, part.limit, decoding) for part in plan if part.pieces]
        found = (yield units) if units else []
        count = max(map(len, found), default=1)
        return (self._assemble(sentence, plan, [one[min(k, len(one) - 1)] for one in found]) for k in range(count))

    def _assemble(self, sentence: Sentence, plan: list[Part], hypotheses: Sequence[Hypothesis]) -> Translation:
        rest = iter(hypotheses)
        parts = [(part, next(rest) if part.pieces else None) for part in plan]
        units = [found for _, found in parts if found]
        if not units:
            flag = "untranslated" if segment.has_arabic(sentence.text) else "copied"
            return Translation(sentence, sentence.text, None, (flag,))
        texts = [self._planner.pieces.join(found.pieces) if found else part.text for part, found in parts]
        if not any(text for text, (_, found) in zip(texts, parts, strict=True) if found):
            return Translation(sentence, sentence.text, None, ("empty",))
        written = " ".join(text or part.text for text, (part, _) in zip(texts, parts, strict=True))
        written = tidied(written)
        score = sum(found.score * (len(found.pieces) + 1) for found in units)
        score = round(score / sum(len(found.pieces) + 1 for found in units), 4)
        flags = {
            "empty": not all(texts),
            "untranslated": any(segment.has_arabic(part.text) for part, found in parts if not found),
            **dict.fromkeys(fidelity.check(sentence.text, written), True),
            "split": len(units) > 1,
            "cut": not all(found.finished for found in units),
            "unsure": fidelity.is_unsure(score, self._unsure),
        }
        return Translation(sentence, written, score, tuple(flag for flag, holds in flags.items() if holds))


def draft(translation: Translation, caller: Caller) -> None:
    """Show `caller` a translation that may still change, unless it is nonsense."""
    if not fidelity.SERIOUS.intersection(translation.flags):
        caller.drafted(translation.sentence.text, translation.text)


def tidied(text: str) -> str:
    """`text` with brackets close to what they hold, and a capital at its beginning, if it begins with a plain word: not
    iPhone, nor example.org."""
    return _PLAIN_WORD.sub(lambda first: first[0].upper(), _LOOSE.sub("", text))
