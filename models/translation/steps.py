"""What is done for a sentence, step by step: generators, which the engine's threads run as batches are decoded."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from concurrent.futures import Future
from typing import Generic, TypeVar

from models.ahead import FIRST, when_all
from models.callers import Turn
from models.engines.batching import Batcher, Hypothesis, Unit

T = TypeVar("T")
# Asks for units to be decoded, is sent their hypotheses, and ends with a result.
Steps = Generator[list[Unit], list[list[Hypothesis]], T]


class _Run(Future[T], Generic[T]):
    """The steps of a sentence, and the futures of what they asked for."""

    def __init__(self, turn: Turn, steps: Steps[T]):
        super().__init__()
        self.turn, self.steps = turn, steps
        self.asked: list[Future[list[Hypothesis]]] = []

    def cancel(self) -> bool:
        """So that what waits for the engine is not decoded."""
        cancelled = super().cancel()
        for future in self.asked:
            future.cancel()
        return cancelled


class Runner:
    """Runs steps over a batcher. What they ask for after the first time waits as if `later` sentences went before it,
    so that several share a batch; but not that of a text's first sentences, on which somebody may wait."""

    def __init__(self, batcher: Batcher, later: int):
        self._batcher, self._later = batcher, later

    def run(self, all_steps: Iterable[Steps[T]], turn: Turn | None = None) -> list[Future[T]]:
        """A future for each; `turn` is the first one's. The engine is at work when this returns."""
        turn = turn or Turn()
        runs = [_Run(turn.after(number), steps) for number, steps in enumerate(all_steps)]
        for run in runs:
            self._go_on(run)
        self._batcher.wake()
        return list(runs)

    def waiting(self) -> int:
        """How many units wait to be decoded."""
        return self._batcher.waiting()

    def _go_on(self, run: _Run[T]) -> None:
        """Send a sentence what it waits for, and queue what it asks for next. The engine's threads come here."""
        asked, run.asked = run.asked, []
        try:
            units = _next_units(run.steps, asked)
        except StopIteration as end:
            if run.set_running_or_notify_cancel():
                run.set_result(end.value)
        except Exception as error:
            if run.set_running_or_notify_cancel():
                run.set_exception(error)
        else:
            run.asked = self._batcher.add(units, run.turn.number, run.turn.caller)
            run.turn = run.turn.after(self._later if run.turn.number >= FIRST else 0)
            when_all(run.asked, lambda: self._answered(run))

    def _answered(self, run: _Run[T]) -> None:
        if not run.cancelled():
            self._go_on(run)
            self._batcher.wake()


def _next_units(steps: Steps[T], asked: list[Future[list[Hypothesis]]]) -> list[Unit]:
    """What a sentence asks for once it has been sent what it waited for, or the error that came instead."""
    try:
        found = [future.result() for future in asked]
    except Exception as error:
        return steps.throw(error)
    return steps.send(found) if found else next(steps)
