"""Output that appears whole or not at all: made under a temporary name beside it, fsynced, then put in its place.

What a killed run left under the temporary names `.NAME.part` and `.NAME.old` is put right by the next one.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of linux/fcntl.h and linux/fs.h


@contextmanager
def whole_file(output: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of `output` if the block succeeds; otherwise what was there is untouched.

    Raises OSError, also for a full disk.
    """
    output = Path(os.path.realpath(output))  # a link stays one: the file that it names is replaced
    temporary = output.with_name(f".{output.name}.part")
    _remove(temporary)
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, output)
    finally:
        temporary.unlink(missing_ok=True)
    _sync(output.parent)


@contextmanager
def whole_folder(output: Path) -> Iterator[Path]:
    """An empty folder that takes the place of `output`, with all it holds, if the block succeeds.

    On Linux the two are exchanged in one step. Where the file system cannot do that, the old folder is moved aside
    for an instant; a run killed in that instant leaves it as `.NAME.old`, and the next one moves it back.
    """
    output = Path(os.path.realpath(output))
    temporary, aside = (output.with_name(f".{output.name}.{end}") for end in ("part", "old"))
    _remove(temporary)
    if aside.exists() and not output.exists():
        os.rename(aside, output)
    _remove(aside)
    temporary.mkdir()
    try:
        yield temporary
        _sync_tree(temporary)
        if not output.exists():
            os.rename(temporary, output)
        elif not _exchange(temporary, output):
            swap_in_two_steps(temporary, output, aside)
        _sync(output.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)  # the new one if it failed, else the old one
        shutil.rmtree(aside, ignore_errors=True)


def swap_in_two_steps(temporary: Path, output: Path, aside: Path) -> None:
    """Move `output` aside and `temporary` into its place; if that fails, `output` is moved back."""
    os.rename(output, aside)
    try:
        os.rename(temporary, output)
    except OSError:
        os.rename(aside, output)
        raise


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two paths in one step; False where that cannot be done (not Linux, some network drives)."""
    renameat2 = getattr(ctypes.CDLL(None), "renameat2", None)
    return renameat2 is not None and renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sync_tree(folder: Path) -> None:
    """fsync every file and folder: only now, when the system has written most of it by itself."""
    for top, _, files in os.walk(folder, topdown=False):
        for name in files:
            _sync(Path(top) / name)
        _sync(Path(top))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP) or not path.is_dir():  # some network drives: no folders
            raise
    finally:
        os.close(descriptor)
