"""What splits a text into the pieces that a model reads, and joins those that it writes: one class a kind of model.

Nothing else knows how a model spells, or what it wants to stand round a source.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from models.engines.registry import DECODER_ONLY, kind_of, read_json, release_of

# Pieces that are marks for the model, not text: never written.
CONTROL_PIECES = ("<unk>", "<pad>", "<s>", "<bt>", "<mask>", "<bos>")


class Pieces(Protocol):
    """Text into pieces and back."""

    end: str  # the piece that ends a sequence

    def source(self, text: str) -> list[str]:
        """All that an engine reads for a source text (normalised): its pieces, and what the model wants round them."""
        ...

    def target(self, text: str) -> list[str]:
        """The pieces of a text (without `end`) as the model writes it."""
        ...

    def join(self, pieces: Sequence[str]) -> str:
        """The text that written pieces (without `end`) spell."""
        ...


class SentencePieces:
    """Of a Marian or BART folder: source.spm and target.spm. `token` is what every source begins with, if anything.

    A model whose mujaz.json says `spaced_numbers` reads figures with spaces around them.
    """

    end = "</s>"
    _FIGURE = re.compile(r"\s*([0-9]+(?:[.,][0-9]+)*)\s*")

    def __init__(self, folder: Path, token: str | None = None):
        from sentencepiece import SentencePieceProcessor

        self._source = SentencePieceProcessor(model_file=str(folder / "source.spm"))
        self._target = SentencePieceProcessor(model_file=str(folder / "target.spm"))
        self._begin = [token] if token else []
        self._spaced = release_of(folder).get("spaced_numbers") is True

    def source(self, text: str) -> list[str]:
        """See `Pieces.source`."""
        text = self._FIGURE.sub(r" \1 ", text).strip() if self._spaced else text
        return [*self._begin, *self._source.encode(text, out_type=str), self.end]

    def target(self, text: str) -> list[str]:
        """See `Pieces.target`."""
        return list(self._target.encode(text, out_type=str))

    def join(self, pieces: Sequence[str]) -> str:
        """See `Pieces.join`."""
        return self._target.decode(list(pieces)).strip()


class SpelledPieces:
    """Of a decoder-only folder: tokenizer.json splits as the base model did, and spelt.json spells those of its tokens
    that the model has no row for with tokens that it has. The source stands in a prompt.

    `<0xNN>` is a byte, `▁` a space (Gemma's tokenizer).
    """

    end = "<eos>"
    _BEFORE, _AFTER = ["<bos>"], ["\n", "English", ":"]
    _BYTE = re.compile(r"<0x([0-9A-F]{2})>")

    def __init__(self, folder: Path):
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.encode_special_tokens = True  # "<eos>" in an article is text
        self._spelt: dict[str, list[str]] = read_json(folder / "spelt.json")

    def source(self, text: str) -> list[str]:
        """See `Pieces.source`."""
        return [*self._BEFORE, *self.target(text), *self._AFTER]

    def target(self, text: str) -> list[str]:
        """See `Pieces.target`."""
        tokens = self._tokenizer.encode(" " + text, add_special_tokens=False).tokens
        return [kept for token in tokens for kept in self._spelt.get(token, (token,))]

    def join(self, pieces: Sequence[str]) -> str:
        """See `Pieces.join`; bytes that are no UTF-8 become U+FFFD."""
        parts = [(piece, self._BYTE.fullmatch(piece)) for piece in pieces]
        written = b"".join(bytes.fromhex(byte[1]) if byte else piece.encode() for piece, byte in parts)
        return written.decode(errors="replace").replace("▁", " ").strip()


def load(folder: Path, token: str | None = None) -> Pieces:
    """The pieces of the model in `folder`."""
    return SpelledPieces(folder) if kind_of(folder) in DECODER_ONLY else SentencePieces(folder, token)
