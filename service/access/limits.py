"""How much one who asks may ask: requests and characters a minute, requests at once.

A minute begins with the first request in it and ends all at once, so that what Retry-After promises is kept.
"""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Flask, Response, current_app, g
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import RequestEntityTooLarge, TooManyRequests

from service.store.keys import Key

MINUTE = {"rate": "requests", "rate_chars": "characters"}  # what is counted by the minute, and its name
REFUSED = 20  # requests a minute of an address without a sound key
SOON = 1  # seconds until one of several requests at once may have ended


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks. `name` is theirs in the counts alone: a key's number, or an address."""

    name: str
    limits: Mapping[str, int]
    key: Key | None = None
    by_cookie: bool = False


class Limiter:
    """The counts of one process; in memory, for there is one process."""

    def __init__(self) -> None:
        self._counts = FixedWindowRateLimiter(MemoryStorage())
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()

    def take(self, what: str, name: str, most: int, cost: int = 1) -> None:
        """Count `cost` more of at most so many a minute. Raises TooManyRequests, and then counts nothing."""
        limit = RateLimitItemPerMinute(most)
        with self._lock:
            if self._counts.test(limit, what, name, cost=cost):
                self._counts.hit(limit, what, name, cost=cost)
                return
        _, seconds = self.left(what, name, most)
        raise TooManyRequests(f"At most {most:,} {what} a minute; try again in {seconds} seconds.", retry_after=seconds)

    def left(self, what: str, name: str, most: int) -> tuple[int, int]:
        """How many are left, and for how many seconds."""
        reset, left = self._counts.get_window_stats(RateLimitItemPerMinute(most), what, name)
        return left, min(60, max(1, math.ceil(reset - time.time())))

    def begin(self, name: str, most: int) -> None:
        """One more request at once, of at most so many. Raises TooManyRequests."""
        with self._lock:
            if self._running[name] >= most:
                raise TooManyRequests(f"At most {most} requests at once; wait until one has ended.", retry_after=SOON)
            self._running[name] += 1

    def end(self, name: str) -> None:
        """A request that was begun has ended."""
        with self._lock:
            self._running[name] -= 1
            if not self._running[name]:
                del self._running[name]


def register(app: Flask) -> None:
    """Tell limits on every answer of `app`, and see requests end."""
    app.extensions["mujaz-limits"] = Limiter()
    app.after_request(finish)
    app.teardown_request(lambda _: _ended(g.pop("running", None)))


def limiter() -> Limiter:
    """The counts of the app that answers a request."""
    return current_app.extensions["mujaz-limits"]


def count(client: Client) -> None:
    """Count a request that is to be answered. Raises TooManyRequests."""
    if most := client.limits["rate"]:
        limiter().take("requests", client.name, most)
    if most := client.limits["at_once"]:
        limiter().begin(client.name, most)
        g.running = client.name


def charge(characters: int, later: bool = False) -> None:
    """Count text that is to be worked on; what is done `later`, in the background, takes at most a minute's. Raises
    TooManyRequests, or RequestEntityTooLarge for what never fits."""
    client: Client = g.client
    most = client.limits["rate_chars"]
    if not most or not characters:
        return
    if later:
        characters = min(characters, most)
    if characters > most:
        raise RequestEntityTooLarge(f"the text has {characters:,} characters; at most {most:,} are taken in a minute")
    limiter().take("characters", client.name, most, characters)


def finish(response: Response) -> Response:
    """Say what is left, and keep count of a stream until its end."""
    if client := g.get("client"):
        told = list(_told(client))
        if told:
            response.headers["RateLimit-Policy"] = ", ".join(policy for policy, _ in told)
            response.headers["RateLimit"] = ", ".join(left for _, left in told)
    if response.is_streamed and (name := g.pop("running", None)):
        counts = limiter()
        response.call_on_close(lambda: counts.end(name))
    return response


def _told(client: Client) -> Iterator[tuple[str, str]]:
    """The two header fields of the IETF's draft, by each limit."""
    for field, what in MINUTE.items():
        if most := client.limits[field]:
            left, seconds = limiter().left(what, client.name, most)
            yield f'"{what}";q={most};w=60', f'"{what}";r={left};t={seconds}'


def _ended(name: str | None) -> None:
    if name:
        limiter().end(name)
