"""Times as a person says them."""

from __future__ import annotations

from collections.abc import Callable


def duration(seconds: float, say: Callable[[str], str] = str) -> str:
    """Seconds as a person says them; `say` puts words into another language."""
    if seconds < 90:
        return say("{number} s").format(number=f"{seconds:.0f}")
    minutes = seconds / 60
    if minutes < 90:
        return say("{number} min").format(number=f"{minutes:.0f}")
    return say("{number} h").format(number=f"{minutes / 60:.1f}")
