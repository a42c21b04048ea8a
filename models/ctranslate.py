"""CTranslate2: the default backend. One engine for models that read a source and write a translation (Marian, BART),
one for decoder-only models, which write on from a prompt."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from models import registry
from models.batching import Decoding, Hypothesis
from models.conversion import CONVERSION
from models.pieces import CONTROL_PIECES, SentencePieces, SpelledPieces


class _CTranslate2:
    """What both engines share. On few cores, several single-threaded workers translate about twice as fast as one with
    all threads."""

    name = "ctranslate2"

    def __init__(self, vocabulary: Path, positions: int, compute_type: str, threads: int):
        import ctranslate2

        self.version = f"{ctranslate2.__version__}-{CONVERSION}"
        self.compute_type = compute_type
        self.positions = positions
        self.workers = threads
        self._how = {"device": "cpu", "compute_type": compute_type, "inter_threads": threads, "intra_threads": 1}
        known = set(json.loads(vocabulary.read_text(encoding="utf-8")))
        self._never = [[piece] for piece in CONTROL_PIECES if piece in known]

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
    """Implements `models.batching.Engine` for a Marian or BART."""

    end = SentencePieces.end

    def __init__(self, converted: Path, positions: int, compute_type: str, threads: int):
        import ctranslate2

        super().__init__(converted / "shared_vocabulary.json", positions, compute_type, threads)
        self._translator = ctranslate2.Translator(str(converted), **self._how)

    def decode(
        self, batch: list[list[str]], limit: int, decoding: Decoding, prefixes: list[list[str]] | None = None
    ) -> list[list[Hypothesis]]:
        """See `Engine.decode`."""
        answers = self._search(batch, limit, decoding, target_prefix=prefixes)
        found = []
        for answer, prefix in zip(answers, prefixes or [[]] * len(batch), strict=True):
            scored = zip(answer.hypotheses, answer.scores, strict=True)
            found.append([_hypothesis(pieces, score, self.end, decoding, len(prefix)) for pieces, score in scored])
        return found

    def raw(self, batch: list[list[str]], limit: int, decoding: Decoding, **options: Any) -> list[list[str]]:
        """The best pieces of each source as CTranslate2 gives them, for comparison."""
        return [answer.hypotheses[0] for answer in self._search(batch, limit, decoding, **options)]

    def _search(self, batch: list[list[str]], limit: int, decoding: Decoding, **options: Any) -> Any:
        return self._translator.translate_batch(
            batch,
            max_decoding_length=min(limit, self.positions - 1),
            max_input_length=0,  # the translator splits what is too long; nothing is cut here
            **self._options(decoding),
            **options,
        )


class DecoderOnly(_CTranslate2):
    """Implements `models.batching.Engine` for a model that writes on from a prompt; a prefix simply follows it."""

    end = SpelledPieces.end

    def __init__(self, converted: Path, positions: int, compute_type: str, threads: int):
        import ctranslate2

        super().__init__(converted / "vocabulary.json", positions, compute_type, threads)
        self._generator = ctranslate2.Generator(str(converted), **self._how)

    def decode(
        self, batch: list[list[str]], limit: int, decoding: Decoding, prefixes: list[list[str]] | None = None
    ) -> list[list[Hypothesis]]:
        """See `Engine.decode`."""
        begun = prefixes or [[]] * len(batch)
        prompts = [[*prompt, *prefix] for prompt, prefix in zip(batch, begun, strict=True)]
        answers = self._search(prompts, limit, decoding)
        found = []
        for answer, prefix in zip(answers, begun, strict=True):
            scored = zip(answer.sequences, answer.scores, strict=True)
            hypotheses = [_hypothesis(pieces, score, self.end, decoding) for pieces, score in scored]
            found.append([replace(one, pieces=[*prefix, *one.pieces]) for one in hypotheses])
        return found

    def raw(self, batch: list[list[str]], limit: int, decoding: Decoding, **options: Any) -> list[list[str]]:
        """The best pieces of each prompt as CTranslate2 gives them, for comparison."""
        return [answer.sequences[0] for answer in self._search(batch, limit, decoding, **options)]

    def _search(self, batch: list[list[str]], limit: int, decoding: Decoding, **options: Any) -> Any:
        return self._generator.generate_batch(
            batch,
            max_length=min(limit, self.positions - max(map(len, batch))),
            include_prompt_in_result=False,
            end_token=self.end,
            **self._options(decoding),
            **options,
        )


def _hypothesis(pieces: list[str], score: float, end: str, decoding: Decoding, forced: int = 0) -> Hypothesis:
    """Of what CTranslate2 gives: pieces, with `end` if it came to one, the first `forced` of them given; and the sum of
    their log-probabilities over their number to the power of the length penalty."""
    total = score * len(pieces) ** decoding.length_penalty
    finished = pieces[-1:] == [end]
    return Hypothesis(pieces[:-1] if finished else pieces, total / max(1, len(pieces) - forced), finished)


def load(folder: Path, converted: Path, compute_type: str, threads: int) -> SequenceToSequence | DecoderOnly:
    """The engine for the model in `folder`, of which `converted` is the converted form."""
    kind = DecoderOnly if registry.kind_of(folder) in registry.DECODER_ONLY else SequenceToSequence
    return kind(converted, registry.positions(folder), compute_type, threads)
