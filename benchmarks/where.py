"""Where the time of Mujaz's pipeline goes: `python -m benchmarks.where [WORDS]`.

The engine has one thread, so its seconds by the clock are a core's; "Python" is what else the process used. Two idle
cores are needed for that.
"""

from __future__ import annotations

import sys
import time
from collections import Counter

from benchmarks.corpus import Corpus, shared_sentences
from benchmarks.field import Model
from models.briefs.extractive import ExtractiveSummarizer
from models.bulk import briefs
from models.engines import ctranslate, pieces, registry
from models.engines.batching import Decoding, Engine, Hypothesis
from models.pipeline import Pipeline
from models.translation.loader import describe
from models.translation.planning import Planner
from models.translation.translator import SequenceTranslator
from models.types import Document

KINDS = ("first searches", "second searches")


class Timed:
    """An engine that counts batches, sequences and seconds of each kind of search."""

    def __init__(self, engine: Engine, first: Decoding):
        self.name, self.version, self.compute_type = engine.name, engine.version, engine.compute_type
        self.positions, self.workers, self.scorable = engine.positions, engine.workers, engine.scorable
        self._engine, self._first = engine, first
        self.batches, self.sequences = Counter[str](), Counter[str]()
        self.seconds = dict.fromkeys(KINDS, 0.0)

    def score(self, pairs: list[tuple[list[str], list[str]]]) -> list[list[float]]:
        """See `Engine.score`; no search asks for it."""
        return self._engine.score(pairs)

    def decode(self, batch: list[list[str]], limit: int, decoding: Decoding) -> list[list[Hypothesis]]:
        """See `Engine.decode`."""
        kind = KINDS[decoding != self._first]
        began = time.perf_counter()
        found = self._engine.decode(batch, limit, decoding)
        self.seconds[kind] += time.perf_counter() - began
        self.batches[kind] += 1
        self.sequences[kind] += len(batch)
        return found


def main(words: int = 10_000) -> None:
    """Print the table."""
    model = Model.find(registry.EMBEDDED, registry.DEFAULT_CACHE)
    first = Decoding(model.beam)
    engine = Timed(ctranslate.load(model.folder, model.converted, "int8", 1), first)
    planner = Planner(model.folder, pieces.load(model.folder), engine.positions)
    translator = SequenceTranslator(engine, planner, describe(model.name, model.folder, engine), first)
    pipeline = Pipeline(translator, {"extractive": ExtractiveSummarizer()})
    documents = [Document(str(i), a.text) for i, a in enumerate(Corpus(1, shared_sentences()).articles(words))]
    used = time.process_time()
    for _ in briefs(pipeline, documents):
        pass
    used = time.process_time() - used
    print("| | batches | sequences | seconds of a core | share |\n|---|---|---|---|---|")
    for kind in KINDS:
        seconds = engine.seconds[kind]
        print(f"| {kind} | {engine.batches[kind]} | {engine.sequences[kind]} | {seconds:.1f} | {seconds / used:.0%} |")
    rest = used - sum(engine.seconds.values())
    print(f"| Python: sentences, pieces, checks, briefs | | | {rest:.1f} | {rest / used:.0%} |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
