"""A look at jobs from outside, until they have ended."""

from __future__ import annotations

import time

LIVE = ("queued", "running")


def until(holds, seconds=60):
    """Wait until it holds."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)
    return found


def ended(client, location):
    """The job's record once it has ended."""
    until(lambda: client.get(location).get_json()["state"] not in LIVE)
    return client.get(location).get_json()
