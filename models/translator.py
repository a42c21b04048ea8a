"""The translator that all backends share: it decides what goes to the engine, how it is batched, what comes back.

An engine only decodes pieces. So two engines with the same weights give the same text, and a fault in
planning, batching or detokenising is mended once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from models import fidelity, segment
from models.errors import ModelRefused
from models.registry import read_json
from models.types import ModelInfo, Sentence, Translation

EOS = "</s>"
# Pieces that are marks for the model, not text: never generated.
CONTROL_PIECES = ("<unk>", "<pad>", "<s>", "<bt>", "<mask>")
LONGEST_WORD = 200  # characters; a longer run without white space is no language, and costs minutes
WINDOW = 512  # sentences sorted and batched together
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

    owner: int  # position of its sentence in the window
    pieces: list[str]

    @property
    def limit(self) -> int:
        """How long the hypothesis may be. It depends on nothing but the unit, so its neighbours cannot change it."""
        return 2 * (-(-len(self.pieces) // 32) * 32) + 32


class SequenceTranslator:
    """Implements `models.types.Translator` over an engine and the SentencePiece files of a model folder."""

    def __init__(self, engine: Engine, folder: Path, info: ModelInfo, decoding: Decoding, prefix: str | None = None):
        import sentencepiece

        self.info = info
        self.signature = (
            f"model:{info.name}@{info.version}|backend:{info.backend}|compute:{info.compute_type}|{decoding}"
            f"|segmenter:{segment.VERSION}"
        )
        self._engine = engine
        self._prefix = [prefix] if prefix else []
        self._source = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
        self._target = sentencepiece.SentencePieceProcessor(model_file=str(folder / "target.spm"))
        self._window = window(folder, engine.positions) - 1 - len(self._prefix)

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
        plans = [self._plan(i, sentence) for i, sentence in enumerate(sentences)]
        units = [unit for plan in plans if isinstance(plan, list) for unit in plan]
        results = self._decode(units)
        done = 0
        for sentence, plan in zip(sentences, plans, strict=True):
            if isinstance(plan, str):
                yield Translation(sentence, sentence.text, None, (plan,))
                continue
            parts = results[done : done + len(plan)]
            done += len(plan)
            yield self._assemble(sentence, plan, parts)

    def _plan(self, owner: int, sentence: Sentence) -> str | list[_Unit]:
        """What to send to the engine for a sentence, or the flag under which its text is kept as it is."""
        if not segment.has_arabic(sentence.text):
            return "copied"
        text = segment.normalize(sentence.text)
        if max(map(len, text.split()), default=LONGEST_WORD + 1) > LONGEST_WORD:
            return "untranslated"
        parts = segment.split_long(text, lambda part: len(self._source.encode(part)) <= self._window)
        return [_Unit(owner, [*self._prefix, *self._source.encode(part, out_type=str), EOS]) for part in parts]

    def _limit(self, unit: _Unit) -> int:
        return min(unit.limit, self._engine.positions - 1)

    def _decode(self, units: Sequence[_Unit]) -> list[Hypothesis]:
        """Hypotheses in the order of `units`, decoded in batches of like length."""
        waiting = []
        for batch in batches([unit.limit for unit in units], [len(unit.pieces) for unit in units]):
            pieces = [units[i].pieces for i in batch]
            waiting.append((batch, self._engine.start(pieces, self._limit(units[batch[0]]))))
        found: dict[int, Hypothesis] = {}
        for batch, result in waiting:
            found.update(zip(batch, result(), strict=True))
        return [found[i] for i in range(len(units))]

    def _assemble(self, sentence: Sentence, plan: list[_Unit], parts: list[Hypothesis]) -> Translation:
        text = " ".join(filter(None, (self._target.decode(part.pieces).strip() for part in parts)))
        flags = list(fidelity.check(sentence.text, text))
        if len(plan) > 1:
            flags.append("split")
        if any(len(part.pieces) >= self._limit(unit) - 1 for unit, part in zip(plan, parts, strict=True)):
            flags.append("cut")
        total = sum(part.score * (len(part.pieces) + 1) for part in parts)
        score = total / sum(len(part.pieces) + 1 for part in parts)
        if score < fidelity.UNSURE:
            flags.append("unsure")
        return Translation(sentence, text or sentence.text, round(score, 4), tuple(flags))


def window(folder: Path, positions: int) -> int:
    """The longest source in pieces, `</s>` counted: what the model was made for, or half of its positions."""
    release = folder / "mujaz.json"
    if release.is_file():
        return min(int(read_json(release)["window"]), positions)
    return min(positions // 2, 256)


def batches(limits: Sequence[int], lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indices in batches, longest first: one decoding limit a batch, at most BATCH_PIECES padded pieces."""
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: (-limits[i], -lengths[i], i)):
        if batch and (limits[batch[0]] != limits[i] or (len(batch) + 1) * lengths[batch[0]] > BATCH_PIECES):
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
