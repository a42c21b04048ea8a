"""How the command lines tell what they do, and how they end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import wraps

from models.errors import MujazError


def command(lines: Callable[[list[str] | None], Iterator[object]]) -> Callable[..., int]:
    """A `main` out of one that yields what it prints. It returns the exit status: 2 where the user has to mend
    something, and then says what, 130 after Ctrl-C."""

    @wraps(lines)
    def main(argv: list[str] | None = None) -> int:
        try:
            for line in lines(argv):
                print(line, flush=True)
        except (MujazError, OSError) as error:
            print(error, file=sys.stderr)
            return 2
        except ModuleNotFoundError as error:
            print(f"{error}; pip install {error.name}", file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            print("interrupted", file=sys.stderr)
            return 130
        return 0

    return main
