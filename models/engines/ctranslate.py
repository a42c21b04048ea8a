"""CTranslate2: the default backend. One engine for models that read a source and write a translation (Marian, BART),
one for decoder-only models, which write on from a prompt."""

from __future__ import annotations

import ctypes
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from models.engines import registry
from models.engines.batching import Decoding, Hypothesis
from models.engines.conversion import release
from models.engines.pieces import CONTROL_PIECES, SentencePieces, SpelledPieces

Answer = tuple[list[list[str]], list[float]]  # hypotheses as pieces, the one that ends among them, and their scores
# Of malloc.h. Set to 1, there is one heap for all threads of the process. It would keep one a thread, and in each what
# a search has freed: a seventh more memory, and no faster.
SCORABLE = 512  # positions of a row, in CTranslate2 4.8.5
M_ARENA_MAX = -8


class _CTranslate2:
    """What both engines share. On few cores, several single-threaded workers translate about twice as fast as one with
    all threads."""

    name = "ctranslate2"
    end: str
    runner: str  # CTranslate2's class
    vocabulary: str  # the file of its pieces

    def __init__(self, converted: Path, positions: int, compute_type: str, threads: int):
        heap("mallopt", M_ARENA_MAX, 1)
        import ctranslate2

        self.version = release()
        self.compute_type = compute_type
        self.positions = self.scorable = positions
        self.workers = threads
        how = {"device": "cpu", "compute_type": compute_type, "inter_threads": threads, "intra_threads": 1}
        self._runner: Any = getattr(ctranslate2, self.runner)(str(converted), **how)
        known = set(json.loads((converted / self.vocabulary).read_text(encoding="utf-8")))
        self._never = [[piece] for piece in CONTROL_PIECES if piece in known]

    def decode(self, batch: list[list[str]], limit: int, decoding: Decoding) -> list[list[Hypothesis]]:
        """See `Engine.decode`."""
        found = self._search(batch, limit, decoding)
        return [[self._hypothesis(*one, decoding) for one in zip(*answer, strict=True)] for answer in found]

    def raw(self, batch: list[list[str]], limit: int, decoding: Decoding, **options: Any) -> list[list[str]]:
        """The best pieces of each source as CTranslate2 gives them, for comparison."""
        return [sequences[0] for sequences, _ in self._search(batch, limit, decoding, **options)]

    def _search(self, batch: list[list[str]], limit: int, decoding: Decoding, **options: Any) -> list[Answer]:
        raise NotImplementedError

    def _hypothesis(self, pieces: list[str], score: float, decoding: Decoding) -> Hypothesis:
        """CTranslate2's score is the sum of the log-probabilities over number to the power of the length penalty."""
        finished = pieces[-1:] == [self.end]
        mean = score * len(pieces) ** decoding.length_penalty / max(1, len(pieces))
        return Hypothesis(pieces[:-1] if finished else pieces, mean, finished)

    def _options(self, decoding: Decoding) -> dict[str, Any]:
        return {
            "beam_size": decoding.beam,
            "length_penalty": decoding.length_penalty,
            "no_repeat_ngram_size": decoding.no_repeat_ngram,
            "num_hypotheses": decoding.hypotheses,
            "suppress_sequences": self._never,
            "return_end_token": True,
            "return_scores": True,
        }


class SequenceToSequence(_CTranslate2):
    """Implements `batching.Engine` for a Marian or BART."""

    end, runner, vocabulary = SentencePieces.end, "Translator", "shared_vocabulary.json"

    def _search(self, batch: list[list[str]], limit: int, decoding: Decoding, **options: Any) -> list[Answer]:
        answers = self._runner.translate_batch(
            batch,
            max_decoding_length=min(limit, self.positions - 1),
            max_input_length=0,  # the translator splits what is too long; nothing is cut here
            **self._options(decoding),
            **options,
        )
        return [(answer.hypotheses, answer.scores) for answer in answers]

    def score(self, pairs: list[tuple[list[str], list[str]]]) -> list[list[float]]:
        """See `Engine.score`."""
        sources, targets = map(list, zip(*pairs, strict=True))
        return [answer.log_probs for answer in self._runner.score_batch(sources, targets, max_input_length=0)]


class DecoderOnly(_CTranslate2):
    """Implements `batching.Engine` for a model that writes on from a prompt."""

    end, runner, vocabulary = SpelledPieces.end, "Generator", "vocabulary.json"

    def __init__(self, converted: Path, positions: int, compute_type: str, threads: int):
        super().__init__(converted, positions, compute_type, threads)
        self.scorable = min(positions, SCORABLE) - 1  # the end is counted

    def _search(self, batch: list[list[str]], limit: int, decoding: Decoding, **options: Any) -> list[Answer]:
        answers = self._runner.generate_batch(
            batch,
            max_length=min(limit, self.positions - max(map(len, batch))),
            include_prompt_in_result=False,
            end_token=self.end,
            **self._options(decoding),
            **options,
        )
        return [(answer.sequences, answer.scores) for answer in answers]

    def score(self, pairs: list[tuple[list[str], list[str]]]) -> list[list[float]]:
        """See `Engine.score`. CTranslate2 (4.8.5) takes rows of one length only, and of 512 pieces at most."""
        rows = [[*source, *target, self.end] for source, target in pairs]
        found: list[list[float]] = [[] for _ in rows]
        for length in {len(row) for row in rows}:
            mine = [i for i, row in enumerate(rows) if len(row) == length]
            answers = self._runner.score_batch([rows[i] for i in mine])
            for i, answer in zip(mine, answers, strict=True):
                found[i] = answer.log_probs[len(pairs[i][0]) - 1 :]
        return found


def heap(call: str, *numbers: int) -> None:
    """Call a function of glibc's malloc.h; nothing happens where there is another C library."""
    with suppress(AttributeError, OSError, TypeError):
        getattr(ctypes.CDLL(None), call)(*numbers)


def load(folder: Path, converted: Path, compute_type: str, threads: int) -> SequenceToSequence | DecoderOnly:
    """The engine for the model in `folder`, of which `converted` is the converted form."""
    kind = DecoderOnly if registry.kind_of(folder) in registry.DECODER_ONLY else SequenceToSequence
    return kind(converted, registry.positions(folder), compute_type, threads)
