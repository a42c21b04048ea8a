"""How far ahead is read: sentences are begun while those before them are on their way. Nothing else reads ahead."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, wait
from itertools import chain, islice, repeat
from typing import Any, TypeVar

from models.callers import Turn
from models.types import Translation

Coming = Future[Translation]
Item = TypeVar("Item")
Result = TypeVar("Result")
FIRST = 2  # sentences (a title and what follows it) that are begun alone: no whole batch delays what is shown first
CHECK = 0.5  # seconds; so often a caller who waits is asked whether it still does


def in_order(
    sentences: Iterable[Item], begin: Callable[[list[Item], Turn], list[Future[Result]]], ahead: int
) -> Iterator[tuple[Item, Future[Result]]]:
    """Each sentence (or pair) with its future, which is done. Lazily: `ahead` are read and not yet given, at most.

    `begin` gets some sentences and the turn of their first, and gives a future for each; what it raises is theirs. The
    `FIRST` sentences are begun alone, and the others once the first is given.
    What nobody waits for any more is cancelled. Raises what `Caller.check` does.
    """
    left, turn, sizes = iter(sentences), Turn(), chain([FIRST], repeat(ahead))
    live: deque[tuple[Item, Future[Result]]] = deque()
    try:
        while True:
            if len(live) <= ahead * 3 // 4:  # some at a time, so that they share a look into the memory
                taken = list(islice(left, min(next(sizes), ahead - len(live))))
                live += zip(taken, _begun(begin, taken, turn), strict=True)
                turn = turn.after(len(taken))
            if not live:
                return
            turn.caller.check()
            while not wait([live[0][1]], CHECK).done:
                turn.caller.check()
            yield live.popleft()
    finally:
        for _, future in live:
            future.cancel()


def done(outcome: Result | Exception) -> Future[Result]:
    """A future of what is there already."""
    future = Future[Result]()
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
    return future


def when_all(futures: Sequence[Future[Any]], then: Callable[[], None]) -> None:
    """Call `then` once all of `futures` (at least one) are done, cancelled or failed, in the thread of the last."""
    left = iter(range(len(futures) - 1))

    def one_done(_: Future[Any]) -> None:
        if next(left, None) is None:  # a C iterator: no two threads get the same number
            then()

    for future in futures:
        future.add_done_callback(one_done)


def _begun(
    begin: Callable[[list[Item], Turn], list[Future[Result]]], taken: list[Item], turn: Turn
) -> list[Future[Result]]:
    try:
        return begin(taken, turn) if taken else []
    except Exception as error:
        return [done(error)] * len(taken)
