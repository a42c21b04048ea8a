"""CTranslate2 alone, on ready pieces: no text comes in or out, so nothing in Mujaz can be faster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.contenders.protocol import Contender, main
from models.engines import ctranslate, pieces, registry
from models.engines.batching import Decoding
from models.text.segment import normalize
from models.translation.planning import Planner


class Ceiling(Contender):
    """One call for all, with the options that Mujaz decodes with; CTranslate2 sorts by length and makes the batches."""

    def __init__(self, model: str, converted: str, threads: int, beam: int):
        folder = Path(model)
        self._engine = ctranslate.load(folder, Path(converted), "int8", threads)
        self._pieces = pieces.load(folder)
        self._planner = Planner(folder, self._pieces, registry.positions(folder))
        self._decoding = Decoding(beam, hypotheses=beam)
        self._about = {"ctranslate2": self._engine.version, "inter_threads": threads, "intra_threads": 1}

    def about(self) -> dict[str, Any]:
        return self._about

    def prepare(self, articles: list[dict], **options: Any) -> Any:
        sentences = [(i, sentence) for i, article in enumerate(articles) for sentence in article["sentences"]]
        parts = [(i, part) for i, sentence in sentences for part in self._planner.plan(normalize(sentence))]
        return len(articles), [(i, part) for i, part in parts if part.pieces]

    def run(self, work: Any, *, batch: int = 16, kind: str = "examples", **options: Any) -> list[str]:
        articles, parts = work
        sources, limit = [part.pieces for _, part in parts], max(part.limit for _, part in parts)
        answers = self._engine.raw(sources, limit, self._decoding, max_batch_size=batch, batch_type=kind)
        found: list[list[str]] = [[] for _ in range(articles)]
        for (i, _), written in zip(parts, answers, strict=True):
            found[i].append(self._pieces.join(written[:-1] if written[-1:] == [self._pieces.end] else written))
        return [" ".join(texts) for texts in found]


if __name__ == "__main__":
    main(Ceiling)
