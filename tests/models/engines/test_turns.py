"""How long a short text takes among others, in the time of a simulated engine: nothing here hangs on a clock."""

from __future__ import annotations

import heapq
import itertools
import random
from statistics import quantiles

import pytest

from models.engines.batching import Batcher, Decoding, Unit

WORKERS = 2
BATCH, SENTENCE = 0.57, 0.43  # what a batch takes, and each sentence in it, measured; one alone takes 1
FIRST, WIDE, AGAIN = Decoding(2), Decoding(4), 1 / 7  # searches, and the share of sentences that get a second
AHEAD, LATER = 72, 18  # as `SequenceTranslator` has it for two workers
TIMES = 5


class Engine:
    workers = WORKERS


class Simulation:
    """Callers who ask again as soon as they are answered; `taken` are the times of the short texts."""

    def __init__(self, short: int, long: int, pause: float = 0.0) -> None:
        self._batcher, self._random = Batcher(Engine()), random.Random(1)
        self._events, self._numbers = [], itertools.count()
        self._now, self._idle, self._pause = 0.0, WORKERS, pause
        self.taken, self.long = [], [0] * long
        for _ in range(short):
            self._at(self._random.random(), self._short)
        for caller in range(long):
            self._at(0.0, lambda caller=caller: [self._add(caller, i, FIRST, caller) for i in range(AHEAD)])

    def run(self, until: float) -> None:
        while self._events[0][0] < until:
            self._now, _, then = heapq.heappop(self._events)
            then()
            while self._idle and (batch := self._batcher._take()):
                self._idle -= 1
                beam = batch[0].unit.decoding.beam
                padded = len(batch) * max(one.unit.size for one in batch) * beam / (23 * FIRST.beam)
                self._at(self._now + BATCH + SENTENCE * padded, lambda batch=batch: self._done(batch))

    def _at(self, when: float, then) -> None:
        heapq.heappush(self._events, (when, next(self._numbers), then))

    def _short(self) -> None:
        caller = {"began": self._now, "left": self._random.randint(1, 3)}
        for place in range(caller["left"]):
            self._add(id(caller), place, FIRST, caller)

    def _add(self, name, place, decoding, caller) -> None:
        unit = Unit(["x"] * max(5, int(self._random.gauss(23, 7))), 0, decoding)
        (future,) = self._batcher.add([unit], place, name)
        future.about = name, place, caller

    def _done(self, batch) -> None:
        self._idle += 1
        for one in batch:
            name, place, caller = one.future.about
            if one.unit.decoding == FIRST and self._random.random() < AGAIN:
                self._add(name, place + LATER, WIDE, caller)
            elif isinstance(caller, int):
                self.long[caller] += 1
                self._add(name, AHEAD + self.long[caller], FIRST, caller)
            else:
                caller["left"] -= 1
                if not caller["left"]:
                    self.taken.append(self._now - caller["began"])
                    self._at(self._now + self._pause, self._short)


def simulated(short: int, long: int, pause: float = 0.0) -> Simulation:
    found = Simulation(short, long, pause)
    found.run(400)
    return found


@pytest.mark.parametrize(("short", "long"), [(8, 0), (7, 1), (4, 4), (1, 4)])
def test_in_all_places_there_are_a_short_text_takes_at_most_five_times_as_long_as_alone(short, long):
    busy, idle = simulated(short, long), simulated(1, 0, pause=0.5)
    assert quantiles(busy.taken, n=20)[-1] < TIMES * quantiles(idle.taken, n=20)[-1]
    assert min(busy.long, default=1) > 0 and max(busy.long, default=1) <= 1.5 * min(busy.long, default=1)
