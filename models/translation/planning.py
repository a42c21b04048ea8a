"""What of a sentence goes to the engine: its pieces, in parts that the model can take; and what is kept as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from models.engines.pieces import Pieces
from models.engines.registry import release_of
from models.text.segment import has_arabic, split_long

LONGEST_WORD = 200  # characters; a longer run without white space is an address or no language, and costs minutes
_LONG_RUN = re.compile(rf"(\S{{{LONGEST_WORD + 1},}})")


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence, or a part of a long one: with pieces for the engine, or without to be kept as it is."""

    text: str
    pieces: list[str]

    @property
    def limit(self) -> int:
        """How many pieces its translation may have: a half more than the source, and room for a short one."""
        return 32 + len(self.pieces) * 3 // 2


class Planner:
    """Makes parts of a text. `positions` is the longest sequence that the model can take.

    A model's release (mujaz.json) may say the longest source that it translates whole (`window`, in pieces, all that
    the engine reads counted), and how long the parts of a longer one should be (`part`).
    """

    def __init__(self, folder: Path, pieces: Pieces, positions: int):
        release, most = release_of(folder), positions // 2
        self.pieces = pieces
        self._window = min(int(release.get("window", 256)), most)
        self._part = min(int(release.get("part", self._window)), self._window)
        self.signature = f"window:{self._window}|part:{self._part}"

    def plan(self, text: str) -> list[Part]:
        """The parts of `text` (normalised) in order: for the engine, or without pieces to be kept as they are."""
        plan: list[Part] = []
        for run in filter(None, map(str.strip, _LONG_RUN.split(text))):
            if (len(run) > LONGEST_WORD and " " not in run) or not has_arabic(run):
                plan.append(Part(run, []))
            elif len(pieces := self.pieces.source(run)) <= self._window:
                plan.append(Part(run, pieces))
            else:
                parts = split_long(run, lambda part: len(self.pieces.source(part)) <= self._part)
                plan += [Part(part, self.pieces.source(part)) for part in parts]
        return plan
