"""The translator that all backends share: it decides what goes to the engine, how it is batched, what comes back.

An engine only decodes pieces. So two engines with the same weights give the same text, and a fault in
planning, batching or detokenising is mended once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from models import fidelity, segment
from models.errors import ModelRefused
from models.registry import release_of
from models.types import ModelInfo, Sentence, Translation

EOS = "</s>"
# Pieces that are marks for the model, not text: never generated.
CONTROL_PIECES = ("<unk>", "<pad>", "<s>", "<bt>", "<mask>")
VERSION = "2"  # goes into every signature: raise it with any change of what is sent to an engine or kept from it
LONGEST_WORD = 200  # characters; a longer run without white space is an address or no language, and costs minutes
_LONG_RUN = re.compile(rf"(\S{{{LONGEST_WORD + 1},}})")
WINDOW = 2048  # sentences sorted and batched together
BATCH_PIECES = 1024
GOLDEN = "أعلنت وزارة الصحة اليوم افتتاح مستشفى جديد في العاصمة."


@dataclass(frozen=True, slots=True)
class Decoding:
    """How hypotheses are searched. `beam` 1 is greedy; no run of `no_repeat_ngram` pieces comes twice (0: any may)."""

    beam: int = 4
    length_penalty: float = 1.0
    no_repeat_ngram: int = 0

    def __str__(self) -> str:
        return f"beam:{self.beam}|lp:{self.length_penalty:g}|norepeat:{self.no_repeat_ngram}"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Pieces without `</s>`, and the sum of their log-probabilities over their number (`</s>` counted)."""

    pieces: list[str]
    score: float


class Engine(Protocol):
    """Decodes batches of pieces with one loaded model."""

    name: str
    version: str
    compute_type: str
    positions: int  # the longest sequence that the model can take, source or target

    def start(self, batch: list[list[str]], limit: int) -> Callable[[], list[Hypothesis]]:
        """Begin to decode one batch (sources end with `</s>`); the call that comes back waits for the result.

        No hypothesis is longer than `limit` pieces.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Unit:
    """One sequence for the engine: a sentence, or a part of a long one."""

    text: str
    pieces: list[str]

    @property
    def limit(self) -> int:
        """How long the hypothesis may be. It depends on nothing but the unit, so its neighbours cannot change it."""
        return 2 * (-(-len(self.pieces) // 32) * 32) + 32


class SequenceTranslator:
    """Implements `models.types.Translator` over an engine and the SentencePiece files of a model folder."""

    def __init__(
        self, engine: Engine, folder: Path, info: ModelInfo, decoding: Decoding, prefix: str | None = None,
        batch_pieces: int = BATCH_PIECES,
    ):  # fmt: skip
        import sentencepiece

        self.info = info
        self._batch_pieces = batch_pieces
        self._engine = engine
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
        """Translate lazily and in order; every sentence comes back exactly once."""
        remaining = iter(sentences)
        while taken := list(islice(remaining, WINDOW)):
            yield from self._translate_window(taken)

    def check_golden(self) -> None:
        """Translate one known sentence; ModelRefused if what comes back is nonsense."""
        text = next(self.translate([Sentence(0, 0, 0, len(GOLDEN), GOLDEN)]))
        bad = fidelity.SERIOUS.intersection(text.flags)
        if bad or "Latin" not in segment.scripts(text.text)[:1]:
            raise ModelRefused(
                f"{self.info.name} {self.info.version} turns {GOLDEN!r} into {text.text!r}"
                f" ({', '.join(sorted(bad)) or 'not Latin script'}); it will not be used"
            )

    def _translate_window(self, sentences: Sequence[Sentence]) -> Iterator[Translation]:
        plans = [self._plan(sentence) for sentence in sentences]
        results = iter(self._decode([unit for plan in plans for unit in plan if unit.pieces]))
        for sentence, plan in zip(sentences, plans, strict=True):
            yield self._assemble(sentence, [(unit, next(results) if unit.pieces else None) for unit in plan])

    def _plan(self, sentence: Sentence) -> list[_Unit]:
        """The parts of a sentence in order: for the engine, or without pieces to be kept as they are."""
        plan: list[_Unit] = []
        for run in filter(None, map(str.strip, _LONG_RUN.split(segment.normalize(sentence.text)))):
            if (len(run) > LONGEST_WORD and " " not in run) or not segment.has_arabic(run):
                plan.append(_Unit(run, []))
            else:
                parts = segment.split_long(run, lambda part: len(self._source.encode(part)) <= self._window)
                plan += [_Unit(p, [*self._prefix, *self._source.encode(p, out_type=str), EOS]) for p in parts]
        return plan

    def _limit(self, unit: _Unit) -> int:
        return min(unit.limit, self._engine.positions - 1)

    def _decode(self, units: Sequence[_Unit]) -> list[Hypothesis]:
        """Hypotheses in the order of `units`, decoded in batches of like length."""
        waiting = []
        for batch in batches([unit.limit for unit in units], [len(unit.pieces) for unit in units], self._batch_pieces):
            pieces = [units[i].pieces for i in batch]
            waiting.append((batch, self._engine.start(pieces, self._limit(units[batch[0]]))))
        found: dict[int, Hypothesis] = {}
        for batch, result in waiting:
            found.update(zip(batch, result(), strict=True))
        return [found[i] for i in range(len(units))]

    def _assemble(self, sentence: Sentence, parts: list[tuple[_Unit, Hypothesis | None]]) -> Translation:
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


def batches(limits: Sequence[int], lengths: Sequence[int], most: int = BATCH_PIECES) -> Iterator[list[int]]:
    """Indices in batches, longest first: at most `most` padded pieces, and nothing that a neighbour could change.

    That is one decoding limit a batch; and sources shorter than a vector register (8 or 16 numbers) apart from longer
    ones: padded beyond its width they are summed in another order, and now and then come out as another text. So
    a sentence's translation is the same in every batch, to the last digit of its score.
    """
    kinds = [(-limit, -min(length // 8, 2)) for limit, length in zip(limits, lengths, strict=True)]
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: (kinds[i], -lengths[i], i)):
        if batch and (kinds[batch[0]] != kinds[i] or (len(batch) + 1) * lengths[batch[0]] > most):
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
