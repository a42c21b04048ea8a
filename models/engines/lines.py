"""Whose turn it is: what waits, in a line for each caller, served by start-time fair queueing in virtual time.

A caller's next is due when it would have had what came before, were all served bit by bit at once. Who comes is due
now: neither behind what others have begun, nor for ever before it; its first sentences count for less, so that a short
text is soon done. One caller alone is served in order of rank.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

EARLY, LESS = 512, 1 / 4  # pieces times the beam: a few sentences, with second searches; what each of them counts for
Item = TypeVar("Item")


@dataclass(slots=True)
class _Line(Generic[Item]):
    due: float  # when the first of `waiting` is
    given: int = 0  # what it has been served
    waiting: list[tuple[tuple[int, int], Item]] = field(default_factory=list)  # ranks and items, by rank

    def serve(self, cost: int) -> float:
        """How much later its next is due for something of this cost."""
        counted = cost * (LESS if self.given < EARLY else 1)
        self.due += counted
        self.given += cost
        return counted


class Lines(Generic[Item]):
    """Items that wait. `cost` is what one takes, a positive number. Not safe to use from several threads."""

    def __init__(self, cost: Callable[[Item], int]) -> None:
        self._cost = cost
        self._lines: dict[Hashable, _Line[Item]] = {}
        self._now = 0.0
        self._added = 0

    def add(self, caller: Hashable, items: Iterable[Item], rank: int) -> None:
        """The items wait as if `rank` others of the caller stood before them."""
        line = self._lines.setdefault(caller, _Line(self._now))
        if not line.waiting:
            line.due = max(line.due, self._now)  # nobody saves up
        self._added += 1
        for place, item in enumerate(items, rank):
            insort(line.waiting, ((place, self._added), item), key=lambda one: one[0])

    def __iter__(self) -> Iterator[Item]:
        """All that waits, in no order."""
        return (item for line in self._lines.values() for _, item in line.waiting)

    @property
    def callers(self) -> int:
        """How many have something waiting."""
        return sum(bool(line.waiting) for line in self._lines.values())

    def first(self, most: int) -> list[Item]:
        """What is next, in order of turn: all of one caller alone, of several so many that they cost `most`."""
        lines = [line for line in self._lines.values() if line.waiting]
        if len(lines) == 1:
            return [item for _, item in lines[0].waiting]
        found: list[Item] = []
        for *_, item in sorted((one for line in lines for one in self._dues(line, most)), key=lambda one: one[:2]):
            most -= self._cost(item)
            if found and most < 0:
                break
            found.append(item)
        return found

    def _dues(self, line: _Line[Item], most: int) -> Iterator[tuple[float, tuple[int, int], Item]]:
        ahead = _Line[Item](line.due, line.given)
        for rank, item in line.waiting:
            yield ahead.due, rank, item
            ahead.serve(self._cost(item))
            if ahead.given > line.given + most:
                return

    def take(self, items: Iterable[Item]) -> None:
        """These are served: whoever they belong to is due later."""
        taken, waiting = {id(item) for item in items}, [line for line in self._lines.values() if line.waiting]
        now, served = max(self._now, min((line.due for line in waiting), default=0.0)), 0.0
        for line in waiting:
            served += sum(line.serve(self._cost(item)) for _, item in line.waiting if id(item) in taken)
            line.waiting = [one for one in line.waiting if id(one[1]) not in taken]
        self._now = now + served / max(1, len(waiting))
        self._forget()

    def drop(self, gone: Callable[[Item], bool]) -> list[Item]:
        """Take out what nobody wants any more; it costs nobody anything."""
        dropped = [item for item in self if gone(item)]
        if dropped:
            for line in self._lines.values():
                line.waiting = [one for one in line.waiting if not gone(one[1])]
            self._forget()
        return dropped

    def _forget(self) -> None:
        """Those of whom nothing waits and who owe nothing; all, when nothing waits."""
        busy = any(line.waiting for line in self._lines.values())
        kept = {who: line for who, line in self._lines.items() if line.waiting or (busy and line.due > self._now)}
        self._lines = kept
