"""A long article in overlapping windows, each of which fits a model; every line is in at least one."""

from __future__ import annotations

from collections.abc import Sequence

OVERLAP = 2  # lines that a window shares with the one before


def windows(costs: Sequence[int], room: int, overlap: int = OVERLAP) -> list[range]:
    """Ranges of positions: each costs at most `room` (or is one line that alone costs more), all together cover all.

    A window begins with up to `overlap` of the lines that end the one before, as far as they leave room for a new one.
    """
    found: list[range] = []
    start = end = 0
    while end < len(costs):
        total = sum(costs[start:end])
        while start < end and total + costs[end] > room:
            total -= costs[start]
            start += 1
        while end < len(costs) and (start == end or total + costs[end] <= room):
            total += costs[end]
            end += 1
        found.append(range(start, end))
        start = max(start + 1, end - overlap)
    return found
