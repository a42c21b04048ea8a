"""The translator that all backends share: it decides what goes to the engine, how it is batched, what comes back.

An engine only decodes pieces. So two engines with the same weights give the same text, and a fault in
planning, batching or detokenising is mended once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from models import fidelity, segment
from models.batching import BATCH_PIECES, Batcher, Decoding, Engine, Hypothesis, Unit
from models.errors import ModelRefused
from models.registry import release_of
from models.types import ModelInfo, Sentence, Translation

EOS = "</s>"
# Pieces that are marks for the model, not text: never generated.
CONTROL_PIECES = ("<unk>", "<pad>", "<s>", "<bt>", "<mask>")
VERSION = "2"  # goes into every signature: raise it with any change of what is sent to an engine or kept from it
LONGEST_WORD = 200  # characters; a longer run without white space is an address or no language, and costs minutes
_LONG_RUN = re.compile(rf"(\S{{{LONGEST_WORD + 1},}})")
WINDOW = 2048  # sentences that wait for the engine at most, for one caller
GOLDEN = "أعلنت وزارة الصحة اليوم افتتاح مستشفى جديد في العاصمة."


@dataclass(frozen=True, slots=True)
class _Part:
    """A sentence, or a part of a long one: with pieces for the engine, or without to be kept as it is."""

    text: str
    pieces: list[str]

    @property
    def limit(self) -> int:
        """How long the hypothesis may be. It depends on nothing but the part, so its neighbours cannot change it."""
        return 2 * (-(-len(self.pieces) // 32) * 32) + 32


_Begun = list[tuple[Sentence, list[_Part], list[Future[list[Hypothesis]]]]]


class SequenceTranslator:
    """Implements `models.types.Translator` over an engine and the SentencePiece files of a model folder."""

    def __init__(
        self, engine: Engine, folder: Path, info: ModelInfo, decoding: Decoding, prefix: str | None = None,
        batch_pieces: int = BATCH_PIECES,
    ):  # fmt: skip
        import sentencepiece

        self.info = info
        self._decoding = decoding
        self._positions = engine.positions
        self._batcher = Batcher(engine, batch_pieces)
        self._prefix = [prefix] if prefix else []
        self._source = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
        self._target = sentencepiece.SentencePieceProcessor(model_file=str(folder / "target.spm"))
        self._window = window(folder, engine.positions) - 1 - len(self._prefix)
        self.signature = (
            f"model:{info.name}@{info.version}|backend:{engine.name}-{engine.version}|compute:{info.compute_type}"
            f"|{decoding}|window:{self._window}|prefix:{prefix or 'none'}"
            f"|segmenter:{segment.VERSION}|translator:{VERSION}|checks:{fidelity.VERSION}"
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

    def _begin(self, sentences: Sequence[Sentence]) -> _Begun:
        plans = [self._plan(sentence) for sentence in sentences]
        units = [Unit(p.pieces, self._limit(p), self._decoding) for plan in plans for p in plan if p.pieces]
        futures = iter(self._batcher.submit(units))
        return [(s, plan, [next(futures) for p in plan if p.pieces]) for s, plan in zip(sentences, plans, strict=True)]

    def _finish(self, begun: _Begun, remaining: Iterator[Sentence]) -> Iterator[Translation]:
        try:
            while begun:
                for sentence, plan, futures in begun:
                    found = (future.result()[0] for future in futures)
                    yield self._assemble(sentence, [(part, next(found) if part.pieces else None) for part in plan])
                begun = self._begin(list(islice(remaining, WINDOW)))
        finally:  # whoever asked may have gone
            for _, _, futures in begun:
                for future in futures:
                    future.cancel()

    def _plan(self, sentence: Sentence) -> list[_Part]:
        """The parts of a sentence in order: for the engine, or without pieces to be kept as they are."""
        plan: list[_Part] = []
        for run in filter(None, map(str.strip, _LONG_RUN.split(segment.normalize(sentence.text)))):
            if (len(run) > LONGEST_WORD and " " not in run) or not segment.has_arabic(run):
                plan.append(_Part(run, []))
            else:
                parts = segment.split_long(run, lambda part: len(self._source.encode(part)) <= self._window)
                plan += [_Part(p, [*self._prefix, *self._source.encode(p, out_type=str), EOS]) for p in parts]
        return plan

    def _limit(self, part: _Part) -> int:
        return min(part.limit, self._positions - 1)

    def _assemble(self, sentence: Sentence, parts: list[tuple[_Part, Hypothesis | None]]) -> Translation:
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


def window(folder: Path, positions: int) -> int:
    """The longest source in pieces, `</s>` counted: what the model was made for, or half of its positions."""
    wanted = release_of(folder).get("window")
    return min(wanted if isinstance(wanted, int) and wanted > 8 else 256, positions // 2)
