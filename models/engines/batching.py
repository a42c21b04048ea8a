"""One engine, many callers: what waits is decoded in batches of like length, whoever asked for it.

Sixteen requests of ten sentences are decoded about as fast as one of a hundred and sixty. Nobody waits for a batch to
fill: a free worker takes what there is, from each caller in turn (see `lines`), so that a short article need not wait
for the end of a long one.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from models.engines.lines import Lines

BATCH_PIECES = 384  # source pieces times the beam: what a batch takes in memory and time grows with both
SHARED = 1 / 2  # of a batch, where several callers wait: each is soon done, and comes soon to its turn
LOOK = 2  # batches of what is next, among which lengths are chosen: more fill batches better, and hurry nobody


@dataclass(frozen=True, slots=True)
class Decoding:
    """How hypotheses are searched. `beam` 1 is greedy; no run of `no_repeat_ngram` pieces comes twice (0: any may).

    `hypotheses` (at most `beam`) are asked for; the best comes first.
    """

    beam: int = 4
    length_penalty: float = 1.0
    no_repeat_ngram: int = 0
    hypotheses: int = 1

    def __str__(self) -> str:
        return f"beam:{self.beam}|lp:{self.length_penalty:g}|norepeat:{self.no_repeat_ngram}"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Pieces without the one that ends, and the sum of their log-probabilities over their number (the end counted).
    `finished` is false where the search came to its limit before the end. `each`: the log-probabilities of the
    pieces and of the end, where a given text was scored."""

    pieces: list[str]
    score: float
    finished: bool = True
    each: tuple[float, ...] = ()


class Engine(Protocol):
    """Decodes batches of pieces with one loaded model."""

    name: str
    version: str
    compute_type: str
    positions: int  # the longest sequence that the model can take, source or target
    scorable: int  # the most pieces, source and target together, of a pair that it can score
    workers: int  # batches that it decodes at a time

    def decode(self, batch: list[list[str]], limit: int, decoding: Decoding) -> list[list[Hypothesis]]:
        """The hypotheses of each source (see `Pieces.source`), the best first, none longer than `limit` pieces, nor
        than the model takes."""
        ...

    def score(self, pairs: list[tuple[list[str], list[str]]]) -> list[list[float]]:
        """The log-probabilities that the model gives each piece of a target, and its end, for the source before it. A
        pair has at most `scorable` pieces."""
        ...


@dataclass(frozen=True, slots=True)
class Unit:
    """One sequence to decode; its hypotheses may have `limit` pieces at least, if the model takes so many.

    With a `target` nothing is searched: how probable its pieces are is asked, and they come back as the one hypothesis.
    """

    pieces: list[str]
    limit: int
    decoding: Decoding
    target: list[str] | None = None

    @property
    def size(self) -> int:
        """The pieces that go in."""
        return len(self.pieces) + len(self.target or ())

    @property
    def cost(self) -> int:
        """What it takes of a batch."""
        return max(1, self.size * self.decoding.beam)

    @property
    def kind(self) -> tuple[bool, Decoding, int]:
        """Units of one kind may share a batch.

        A search that may not repeat itself is alone: of unequal prompts, CTranslate2 (4.8.5) writes the ends of the
        longer ones as if they were hypotheses, and so forbids what they say.
        """
        return self.target is None, self.decoding, id(self) if self.decoding.no_repeat_ngram else 0


@dataclass(slots=True)
class _Waiting:
    unit: Unit
    future: Future[list[Hypothesis]] = field(default_factory=Future)


class Batcher:
    """Puts units of all callers into batches for an engine. Safe to use from several threads.

    A hypothesis may depend on its company where two are nearly equal: int8 rounds what the batch as a whole holds.
    """

    def __init__(self, engine: Engine, most: int = BATCH_PIECES) -> None:
        self._engine = engine
        self._most = most  # padded source pieces of a batch, times the beam
        self._waiting: Lines[_Waiting] = Lines(lambda one: one.unit.cost)
        self._working = 0
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(engine.workers, "decode")

    def add(self, units: Iterable[Unit], rank: int = 0, caller: Hashable = None) -> list[Future[list[Hypothesis]]]:
        """A future for each unit, in order. One that is cancelled in time is not decoded.

        The units wait as if `rank` others of the same caller stood before them. Idle workers stay idle until `wake`,
        so that what is added bit by bit can share a batch.
        """
        new = [_Waiting(unit) for unit in units]
        with self._lock:
            self._waiting.add(caller, new, rank)
        return [one.future for one in new]

    def waiting(self) -> int:
        """How many units no worker has taken yet."""
        with self._lock:
            return sum(not one.future.cancelled() for one in self._waiting)

    def wake(self) -> None:
        """Set idle workers to what waits. To be called before the result of what was added is waited for."""
        with self._lock:
            for _ in range(min(sum(1 for _ in self._waiting), self._engine.workers - self._working)):
                self._working += 1
                self._pool.submit(self._work)

    def _work(self) -> None:
        while batch := self._take():
            try:
                answered = list(zip(batch, self._found([one.unit for one in batch]), strict=True))
            except Exception as error:
                for one in batch:
                    one.future.set_exception(error)
            else:
                for one, hypotheses in answered:
                    one.future.set_result(hypotheses)

    def _found(self, units: list[Unit]) -> list[list[Hypothesis]]:
        """What the engine makes of units of one kind."""
        if units[0].target is None:
            limit = max(unit.limit for unit in units)
            return self._engine.decode([unit.pieces for unit in units], limit, units[0].decoding)
        pairs = [(unit.pieces, unit.target or []) for unit in units]
        scored = zip(pairs, self._engine.score(pairs), strict=True)
        return [[Hypothesis(target, sum(each) / len(each), each=tuple(each))] for (_, target), each in scored]

    def _take(self) -> list[_Waiting]:
        """The next batch, or nothing: then the worker that asked is done."""
        with self._lock:
            for one in self._waiting.drop(lambda one: one.future.cancelled()):
                one.future.set_running_or_notify_cancel()
            while most := self._share():
                first = self._waiting.first(LOOK * most)
                taken = [first[i] for i in choose([one.unit for one in first], most)]
                self._waiting.take(taken)
                if running := [one for one in taken if one.future.set_running_or_notify_cancel()]:
                    return running
            self._working -= 1
            return []

    def _share(self) -> int:
        """The most that a batch may take: so much that every worker gets some of what waits. 0 if nothing does."""
        total = sum(one.unit.cost for one in self._waiting)
        most = self._most if self._waiting.callers < 2 else int(self._most * SHARED)
        return min(most, -(-total // self._engine.workers))


def choose(units: Sequence[Unit], most: int) -> list[int]:
    """Indices of a batch: the first unit and those of its kind nearest in length, `most` padded pieces times the
    beam."""
    kind, length = units[0].kind, units[0].size
    near = [i for i in range(1, len(units)) if units[i].kind == kind]
    near.sort(key=lambda i: (abs(units[i].size - length), i))
    batch, longest = [0], length
    for i in near:
        longest = max(longest, units[i].size)
        if (len(batch) + 1) * longest * units[0].decoding.beam > most:
            break
        batch.append(i)
    return batch
