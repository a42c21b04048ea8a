"""The `seq2seq` writer: a public BART that summarizes English news, decoded by CTranslate2.

Fairseq's BART models (facebook/bart-large-cnn, sshleifer/distilbart-cnn-12-6) read `<s> text </s>` in byte-level BPE
pieces (vocab.json, merges.txt), start decoding from `</s>` and are made to say `<s>` first. They see nothing of an
article but its sentences, and take no orders: what they write is checked in `abstractive`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.briefs.abstractive import Line, WriterError
from models.briefs.review import Draft
from models.engines import registry
from models.engines.conversion import prepare
from models.errors import MujazError
from models.text.segment import split_sentences

BOS, EOS = "<s>", "</s>"
NEVER_SAID = ("<pad>", "<unk>", "<mask>")
SHORT = 4  # an answer need not be longer than this share of its source, whatever the model's settings say
# As the models named above were tuned, for a folder whose settings do not say.
DECODING = {"num_beams": 4, "length_penalty": 2.0, "no_repeat_ngram_size": 3, "min_length": 56, "max_length": 142}


class Seq2SeqWriter:
    """Implements `abstractive.Writer`. The model is converted and loaded when it is first asked to write."""

    name = "seq2seq"

    def __init__(self, model: str, folder: Path, cache: Path, compute_type: str = "int8", threads: int = 1) -> None:
        self._model, self._folder, self._cache = model, folder, cache
        self._compute_type, self._threads = compute_type, threads
        self.decoding = decoding(folder)
        positions = int(registry.read_json(folder / "config.json")["max_position_embeddings"])
        self.room = positions - 2  # <s> and </s>
        self._longest = min(int(self.decoding["max_length"]), positions)
        self._tokenizer = read_tokenizer(folder)
        self._lock = threading.Lock()
        self._translator: Any = None
        self._known: set[str] = set()
        self._signature: str | None = None

    @property
    def signature(self) -> str:
        """Hashes the weights when it is first asked for: a second or two."""
        if self._signature is None:
            import ctranslate2

            how = ",".join(f"{name}={value:g}" for name, value in sorted(self.decoding.items()))
            public = self._model in registry.PUBLIC
            self._signature = (
                f"seq2seq,model={self._model if public else self._folder.name}"
                f"@{registry.content_hash(self._folder)[:12]},backend=ctranslate2-{ctranslate2.__version__}"
                f",compute={self._compute_type},{how}"
            )
        return self._signature

    def cost(self, text: str) -> int:
        """Pieces."""
        return len(self._tokenizer.encode(" " + text).tokens)

    def write(self, lines: Sequence[Line], limit: int) -> list[Draft]:
        """The model's summary of `lines`, sentence by sentence; how many there are is the model's choice."""
        try:
            text = self.generate(" ".join(line.text for line in lines))
        except (MujazError, RuntimeError, MemoryError) as error:
            told = error if isinstance(error, MujazError) else type(error).__name__
            raise WriterError(f"the model could not be used: {told}") from error
        return [Draft(sentence.text) for sentence in split_sentences(text)] if text else []

    def generate(self, text: str) -> str:
        """The summary of a text of at most `room` pieces."""
        pieces = [BOS, *self._tokenizer.encode(" " + text.strip()).tokens, EOS]
        shortest = min(int(self.decoding["min_length"]), len(pieces) // SHORT)
        translator = self._load()
        result = translator.translate_batch(
            [pieces],
            target_prefix=[[BOS]],
            beam_size=int(self.decoding["num_beams"]),
            length_penalty=self.decoding["length_penalty"],
            no_repeat_ngram_size=int(self.decoding["no_repeat_ngram_size"]),
            min_decoding_length=max(2, shortest),
            max_decoding_length=self._longest - 1,
            max_input_length=0,  # windows fit; nothing is cut here
            suppress_sequences=[[piece] for piece in NEVER_SAID if piece in self._known],
        )[0]
        ids = [self._tokenizer.token_to_id(piece) for piece in result.hypotheses[0] if piece not in (BOS, EOS)]
        return self._tokenizer.decode(ids).strip()

    def _load(self) -> Any:
        with self._lock:
            if self._translator is None:
                import ctranslate2

                converted = prepare(self._folder, self._cache, self._compute_type)
                self._known = set(json.loads((converted / "shared_vocabulary.json").read_text(encoding="utf-8")))
                self._translator = ctranslate2.Translator(
                    str(converted), compute_type=self._compute_type, inter_threads=1, intra_threads=self._threads
                )
            return self._translator


def decoding(folder: Path) -> dict[str, float]:
    """How the model in `folder` wants to be decoded: generation_config.json, else config.json, else DECODING."""
    found: dict[str, float] = dict(DECODING)
    for path in (folder / "config.json", folder / "generation_config.json"):
        told = registry.read_json(path) if path.is_file() else {}
        for settings in ((told.get("task_specific_params") or {}).get("summarization", {}), told):
            found |= {key: settings[key] for key in DECODING if isinstance(settings.get(key), int | float)}
    return found


def read_tokenizer(folder: Path) -> Any:
    """The byte-level BPE of vocab.json and merges.txt, without special tokens; a `tokenizers.Tokenizer`."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    bpe = models.BPE.from_file(str(folder / "vocab.json"), str(folder / "merges.txt"), unk_token="<unk>")  # noqa: S106
    tokenizer = Tokenizer(bpe)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer
