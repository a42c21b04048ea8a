"""Who asks for translations: sentences are taken in turn from each caller, whose own stay in order."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field


class Caller:
    """One of those who share the models, such as a request. Each stream of sentences is its own, unless `become` was
    told otherwise."""

    def check(self) -> None:
        """Raises what ends its work, such as that nobody listens any more. Asked now and then while it waits."""

    def drafted(self, source: str, text: str) -> None:
        """What a first search made of a sentence that is looked at again before it is given, and may then be another.
        Called by the engines' threads."""


_caller: ContextVar[Caller | None] = ContextVar("caller", default=None)


def become(caller: Caller | None) -> None:
    """What this thread asks for from now on, it asks for `caller`."""
    _caller.set(caller)


def caller() -> Caller:
    """For whom this thread asks."""
    return _caller.get() or Caller()


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose sentence it is, and how many of the caller's go before it."""

    number: int = 0
    caller: Caller = field(default_factory=caller)

    def after(self, count: int) -> Turn:
        """The turn of the sentence that comes `count` later."""
        return Turn(self.number + count, self.caller)
