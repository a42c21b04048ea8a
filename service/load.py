"""How much is translated at once: who may begin, who is to come back later, and when what was begun ends unfinished.

Whatever begins is served in turn with all others (`models.engines.lines`), so a place is all that a request waits for.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import NoReturn

from flask import Flask, Response, current_app, g, request

from models import callers
from models.errors import MujazError

REASONS = ("full", "draining", "gone", "late", "stopped")  # why a request is refused or ended unfinished
# Requests of so many bytes and more (any, an article, several) have this share of the places to themselves, so that
# neither many short ones nor a few long ones keep out the others; what is left is for whoever comes.
SHARES = {0: 1 / 3, 5_000: 1 / 6, 20_000: 1 / 6}
GONE = "waitress.client_disconnected"  # of a request's environment: a function that tells whether the client hung up


class Overloaded(MujazError):
    """There is no place, or none any more: to be asked again later."""


class TooLate(MujazError):
    """It took longer than a request may."""


class Load:
    """The requests that translate. Safe to use from several threads."""

    def __init__(self, most: int, seconds: int) -> None:
        self._most, self._seconds = most, seconds
        self._running: set[Ticket] = set()
        self._changed = threading.Condition()
        self.refused: Counter[str] = Counter()  # requests by `REASONS`
        self.draining = threading.Event()  # set: what runs is finished, and nothing else begins
        self.stopped = threading.Event()  # set: what runs ends unfinished, too

    @property
    def running(self) -> int:
        """How many requests translate."""
        return len(self._running)

    def admit(self, size: int, gone: Callable[[], bool] = lambda: False) -> Ticket:
        """A place for a request of `size` bytes whose client has hung up when `gone` says so; Overloaded if there
        is none."""
        with self._changed:
            if self.draining.is_set():
                self._refuse("draining", Overloaded("this server is being stopped; ask again in a while"))
            kind, running = _kind(size), Counter(_kind(one.size) for one in self._running)
            others = sum(max(running[one], int(self._most * share)) for one, share in SHARES.items() if one != kind)
            if running[kind] + others >= self._most:
                told = "as many texts of this length as can be are being translated; ask again in some seconds"
                self._refuse("full", Overloaded(told))
            ticket = Ticket(self, size, time.monotonic() + self._seconds, gone)
            self._running.add(ticket)
            return ticket

    def release(self, ticket: Ticket) -> None:
        """See `Ticket.leave`."""
        with self._changed:
            self._running.discard(ticket)
            self._changed.notify_all()

    def check(self, gone: bool, ends: float) -> None:
        """Raises why a request that is to end by then (`time.monotonic()`) cannot be finished."""
        if gone:
            self._refuse("gone", Overloaded("the client hung up"))
        if self.stopped.is_set():
            self._refuse("stopped", Overloaded("this server is being stopped; ask again in a while"))
        if time.monotonic() > ends:
            told = f"this was not done in {self._seconds} seconds (MUJAZ_TIME_LIMIT); send less at a time, or ask later"
            self._refuse("late", TooLate(told))

    def _refuse(self, reason: str, error: MujazError) -> NoReturn:
        with self._changed:
            self.refused[reason] += 1
        raise error

    def drain(self, seconds: float) -> None:
        """Let nothing begin, and wait so long at most for what runs."""
        self.draining.set()
        with self._changed:
            self._changed.wait_for(lambda: not self._running, seconds)

    def stop(self) -> None:
        """End all at once."""
        self.draining.set()
        self.stopped.set()


def _kind(size: int) -> int:
    """Out of `SHARES`, that of a request of so many bytes."""
    return max(bound for bound in SHARES if bound <= size)


class Ticket(callers.Caller):
    """A request that may translate."""

    def __init__(self, load: Load, size: int, ends: float, gone: Callable[[], bool]) -> None:
        self.size = size
        self._load, self._ends, self._gone = load, ends, gone

    def check(self) -> None:
        """See `models.callers.Caller`."""
        self._load.check(self._gone(), self._ends)

    def leave(self) -> None:
        """It is done, or nobody waits for it any more."""
        self._load.release(self)


def admit() -> None:
    """Every endpoint that translates begins with this: to be refused costs next to nothing. Raises Overloaded."""
    load: Load = current_app.extensions["mujaz"].load
    g.ticket = load.admit(request.content_length or 0, request.environ.get(GONE, lambda: False))
    callers.become(g.ticket)


def register(app: Flask) -> None:
    """A request leaves its place when its answer is made: a stream's at its end."""
    app.after_request(_keep)
    app.teardown_request(_leave)


def _keep(response: Response) -> Response:
    if response.is_streamed and (ticket := g.pop("ticket", None)):
        response.call_on_close(lambda: _left(ticket))
    return response


def _leave(_: BaseException | None) -> None:
    if ticket := g.pop("ticket", None):
        _left(ticket)


def _left(ticket: Ticket) -> None:
    callers.become(None)
    ticket.leave()
