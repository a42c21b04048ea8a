"""What of a sentence goes to the engine: its pieces, in parts that the model can take; and what is kept as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from models.normalize import spaced_numbers
from models.registry import release_of
from models.segment import has_arabic, split_long

EOS = "</s>"
# Pieces that are marks for the model, not text: never generated.
CONTROL_PIECES = ("<unk>", "<pad>", "<s>", "<bt>", "<mask>")
LONGEST_WORD = 200  # characters; a longer run without white space is an address or no language, and costs minutes
_LONG_RUN = re.compile(rf"(\S{{{LONGEST_WORD + 1},}})")


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence, or a part of a long one: with pieces for the engine, or without to be kept as it is."""

    text: str
    pieces: list[str]

    @property
    def limit(self) -> int:
        """How long the hypothesis may be. It depends on nothing but the part, so its neighbours cannot change it."""
        return 2 * (-(-len(self.pieces) // 32) * 32) + 32


class Planner:
    """The source side of a model folder: its SentencePiece file, its window, and how it reads numbers.

    `positions` is the longest sequence that the model can take, `prefix` a piece that every source begins with.
    """

    def __init__(self, folder: Path, positions: int, prefix: str | None):
        import sentencepiece

        self._source = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
        self._prefix = [prefix] if prefix else []
        self._window = window(folder, positions) - 1 - len(self._prefix)
        self._spaced = release_of(folder).get("spaced_numbers") is True
        numbers = "spaced" if self._spaced else "asis"
        self.signature = f"window:{self._window}|prefix:{prefix or 'none'}|numbers:{numbers}"

    def plan(self, text: str) -> list[Part]:
        """The parts of `text` (normalised) in order: for the engine, or without pieces to be kept as they are."""
        plan: list[Part] = []
        for run in filter(None, map(str.strip, _LONG_RUN.split(text))):
            if (len(run) > LONGEST_WORD and " " not in run) or not has_arabic(run):
                plan.append(Part(run, []))
            else:
                parts = split_long(run, lambda part: len(self._pieces(part)) <= self._window)
                plan += [Part(part, [*self._prefix, *self._pieces(part), EOS]) for part in parts]
        return plan

    def _pieces(self, text: str) -> list[str]:
        return self._source.encode(spaced_numbers(text) if self._spaced else text, out_type=str)


def window(folder: Path, positions: int) -> int:
    """The longest source in pieces, `</s>` counted: what the model was made for, or half of its positions."""
    wanted = release_of(folder).get("window")
    return min(wanted if isinstance(wanted, int) and wanted > 8 else 256, positions // 2)
