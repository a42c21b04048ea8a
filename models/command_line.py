"""How the command lines tell what they do, and how they end."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from types import FrameType

from models.errors import MujazError


def command(lines: Callable[[list[str] | None], Iterator[object]]) -> Callable[..., int]:
    """A `main` out of one that yields what it prints, and may return an exit status; it ends as `ended` says."""

    @ended
    @wraps(lines)
    def main(argv: list[str] | None = None) -> int:
        steps = lines(argv)
        while True:
            try:
                print(next(steps), flush=True)
            except StopIteration as end:
                return end.value or 0

    return main


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C ends what is done within, in the main thread, even where a library swallows it: then at its next error."""
    came = False

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal came
        came = True
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    except Exception:
        if came:
            raise KeyboardInterrupt from None
        raise
    finally:
        signal.signal(signal.SIGINT, before)


def ended(main: Callable[[list[str] | None], int]) -> Callable[..., int]:
    """`main`, which returns its exit status, or 2 where the user has to mend something, and then says what, 130 after
    Ctrl-C, and 141 where nobody reads on, as after `| head`."""

    @wraps(main)
    def ending(argv: list[str] | None = None) -> int:
        try:
            try:
                return main(argv)
            finally:
                sys.stdout.flush()  # here, where it can be told that nobody reads
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left is not tried again at the end
            return 128 + signal.SIGPIPE
        except (MujazError, OSError) as error:
            print(error, file=sys.stderr)
            return 2
        except ModuleNotFoundError as error:
            print(f"{error}; pip install {error.name}", file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            print("interrupted", file=sys.stderr)
            return 130

    return ending
