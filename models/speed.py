"""How fast texts have been translated lately: how long another will take."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

LATELY = 20_000  # characters; what came before counts half, and half again


class Speed:
    """Of whoever asks, beside all others who ask meanwhile. Safe to use from several threads."""

    def __init__(self) -> None:
        self._characters = self._seconds = 0.0
        self._lock = threading.Lock()

    def add(self, characters: int, seconds: float) -> None:
        """So many characters of Arabic took so long."""
        with self._lock:
            share = 0.5 if self._characters > LATELY else 1.0
            self._characters = share * self._characters + characters
            self._seconds = share * self._seconds + seconds

    def stretch(self) -> Callable[[int, bool], None]:
        """What a stream of sentences calls from time to time: with the characters that a model has translated since,
        and whether more are on their way. While none are, no time is counted."""
        began = time.monotonic()

        def tell(characters: int, more: bool) -> None:
            nonlocal began
            if characters:
                self.add(characters, time.monotonic() - began)
            if characters or not more:
                began = time.monotonic()

        return tell

    @property
    def per_character(self) -> float | None:
        """Seconds; None where nothing is measured yet."""
        return self._seconds / self._characters if self._characters else None
