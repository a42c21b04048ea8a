"""CTranslate2: the default backend. Converts a model folder once and decodes with it.

python -m models.ctranslate [NAME]    convert a model now, not at the first start (needs requirements.txt)
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from models import registry
from models.batching import Decoding, Hypothesis
from models.errors import ModelError, UnsupportedModel
from models.planning import CONTROL_PIECES

COMPUTE_TYPES = ("int8", "float32")
CONVERSION = "2"  # raise it with any change of what a conversion holds
# What CTranslate2's converter asks of a BART configuration and transformers 5 no longer writes.
BART_SHAPE = {
    "normalize_before": False,
    "normalize_embedding": True,
    "add_final_layer_norm": False,
    "static_position_embeddings": False,
}


class CTranslate2Engine:
    """Implements `models.translator.Engine` on CTranslate2."""

    name = "ctranslate2"

    def __init__(self, converted: Path, positions: int, compute_type: str, threads: int):
        import ctranslate2

        self.version = ctranslate2.__version__
        self.compute_type = compute_type
        self.positions = positions
        self.workers = threads
        # On few cores, several single-threaded workers translate about twice as fast as one with all threads.
        self._translator = ctranslate2.Translator(
            str(converted), device="cpu", compute_type=compute_type, inter_threads=threads, intra_threads=1
        )
        known = set(json.loads((converted / "shared_vocabulary.json").read_text(encoding="utf-8")))
        self._options = {
            "suppress_sequences": [[piece] for piece in CONTROL_PIECES if piece in known],
            "max_input_length": 0,  # the translator splits what is too long; nothing is cut here
            "return_scores": True,
        }

    def decode(
        self, batch: list[list[str]], limit: int, decoding: Decoding, prefixes: list[list[str]] | None = None
    ) -> list[list[Hypothesis]]:
        """See `Engine.decode`."""
        answers = self._translator.translate_batch(
            batch,
            target_prefix=prefixes,
            beam_size=decoding.beam,
            length_penalty=decoding.length_penalty,
            no_repeat_ngram_size=decoding.no_repeat_ngram,
            num_hypotheses=decoding.hypotheses,
            max_decoding_length=limit,
            # Of a larger beam, the attention of a batch's hypotheses is mixed up (ctranslate2 4.8.5).
            return_attention=decoding.beam == 1,
            **self._options,
        )
        found = []
        for answer, prefix in zip(answers, prefixes or [[]] * len(batch), strict=True):
            hypotheses = [
                Hypothesis(pieces, score * (len(pieces) + 1) / max(1, len(pieces) + 1 - len(prefix)))
                for pieces, score in zip(answer.hypotheses, answer.scores, strict=True)
            ]
            if decoding.beam == 1:
                hypotheses[0] = replace(hypotheses[0], alignment=looked_at(answer.attention[0]))
            found.append(hypotheses)
        return found


def looked_at(attention: Sequence[Sequence[float]]) -> tuple[int, ...]:
    """Of attention (target pieces, source pieces): for each source piece the target piece that looked at it most."""
    return tuple(np.asarray(attention).argmax(0).tolist())


def converted_folder(folder: Path, cache: Path, compute_type: str) -> Path:
    """Where the conversion of this very content lies or will lie."""
    import ctranslate2

    content, made = registry.content_hash(folder)[:16], f"{ctranslate2.__version__}-{CONVERSION}"
    return cache / "ctranslate2" / f"{folder.name}-{content}-{compute_type}-{made}"


def prepare(folder: Path, cache: Path, compute_type: str = "int8") -> Path:
    """The converted form of `folder`, made now in a process of its own if it is not in the cache.

    In a process of its own so that torch never enters the one that serves. Raises UnsupportedModel.
    """
    target = converted_folder(folder, cache, compute_type)
    if not target.is_dir():
        command = [sys.executable, "-m", "models.ctranslate", str(folder.resolve()), "--cache", str(cache.resolve())]
        options = ["--compute-type", compute_type, "--task", registry.task_of(folder)]
        done = subprocess.run(  # noqa: S603 - our own module, our own arguments
            [*command, *options], cwd=registry.ROOT, capture_output=True, text=True
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise UnsupportedModel(f"{folder} could not be converted for CTranslate2: {last}")
    return target


def convert(folder: Path, cache: Path, compute_type: str) -> Path:
    """Convert `folder` in this process (imports torch) and return the converted folder, which appears whole."""
    try:
        import transformers
        from ctranslate2.converters import TransformersConverter
    except ImportError as error:
        raise UnsupportedModel(f"{error}: to convert a model, pip install -r requirements.txt") from error

    class Converter(TransformersConverter):
        def load_model(self, model_class, path, **kwargs):
            model = model_class.from_pretrained(path, use_safetensors=True, local_files_only=True, **kwargs)
            for key, value in BART_SHAPE.items():
                if not hasattr(model.config, key):
                    setattr(model.config, key, value)
            return model

        def _load(self):
            spec = super()._load()
            # The attention that it gives back is the mean of all heads: alone, one of them errs three times as often.
            spec.decoder.alignment_heads = np.dtype("int16").type(spec.decoder.num_heads)
            return spec

        def load_tokenizer(self, tokenizer_class, path, **kwargs):
            if registry.task_of(folder) == registry.SUMMARIZE:
                return transformers.BartTokenizer.from_pretrained(path, local_files_only=True)
            tokenizer = transformers.MarianTokenizer.from_pretrained(path, local_files_only=True)
            if tokenizer.bos_token is None:  # asked for, and never used: sources are sent as ready pieces
                tokenizer.bos_token = tokenizer.eos_token
            return tokenizer

    target = converted_folder(folder, cache, compute_type)
    if not target.is_dir():
        with registry.written_whole(target) as temporary:
            Converter(str(folder)).convert(str(temporary), quantization=compute_type, force=True)
    return target


def main(argv: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m models.ctranslate", description="Convert a model for CTranslate2.")
    parser.add_argument("name", nargs="?", default=registry.EMBEDDED)
    parser.add_argument("--cache", type=Path, default=registry.DEFAULT_CACHE)
    parser.add_argument("--compute-type", default="int8", choices=COMPUTE_TYPES)
    parser.add_argument("--task", default=registry.TRANSLATE, choices=registry.ARCHITECTURES)
    args = parser.parse_args(argv)
    try:
        print(convert(registry.resolve(args.name, args.cache, args.task), args.cache, args.compute_type))
    except ModelError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
