"""How the command lines tell what they do, and how they end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import wraps

from models.errors import MujazError


def command(lines: Callable[[list[str] | None], Iterator[object]]) -> Callable[..., int]:
    """A `main` out of one that yields what it prints. It returns the exit status, 2 where the user has to mend
    something, and then says what."""

    @wraps(lines)
    def main(argv: list[str] | None = None) -> int:
        try:
            for line in lines(argv):
                print(line, flush=True)
        except (MujazError, OSError) as error:
            print(error, file=sys.stderr)
            return 2
        return 0

    return main
