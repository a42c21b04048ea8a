"""Model folders that appear whole or not at all."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """A temporary folder beside `target` that takes its name only if the block succeeds.

    It is locked meanwhile, and a kill lets go of the lock: what nobody holds is left over, and removed by the next.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        with _locked(target.parent, fcntl.LOCK_EX):  # nobody tidies between the making of a folder and its locking
            _tidy(target)
            temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}-", suffix=".part", dir=target.parent))
            held.enter_context(_locked(temporary, fcntl.LOCK_EX))
        temporary.chmod(0o755)  # a model fetched by one user may be served by another
        try:
            yield temporary
            try:
                os.replace(temporary, target)
            except OSError:
                if not target.is_dir():  # otherwise another process was faster, with the same content
                    raise
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def _tidy(target: Path) -> None:
    for left in target.parent.iterdir():
        if left.name.startswith(f".{target.name}-") and left.suffix == ".part":
            with suppress(FileNotFoundError), _locked(left, fcntl.LOCK_EX | fcntl.LOCK_NB) as ours:
                if ours:
                    shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[bool]:
    """Whether the lock is ours during the block: not where another has it, or the file system knows no locks."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, how)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
