"""Files that came with a request: their bytes -> articles, read as files of a batch are.

The bytes are put into a file of ours for as long as they are read: of the user's name for it only the ending is used.
"""

from __future__ import annotations

import gzip
import importlib.util
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from models import places
from models.types import Document
from service.articles.encodings import Unreadable
from service.articles.readers import FORMATS, Failure, Fields, Source, read
from service.articles.sources import BROKEN, LONGEST, why

LONGEST_NAME = 200  # characters that are kept of a file's name


def documents(name: str, data: bytes) -> Iterator[Document | Failure]:
    """The articles of a file, in order and lazily; what cannot be read is told by the file's name and the place in it.

    Raises OSError where the disk is full.
    """
    told, ending = shown(name), _ending(name)
    try:
        _check_kind(ending)
        data = _unpacked(data) if name.lower().endswith(".gz") else data
    except Unreadable as error:
        yield Failure(told, str(error))
        return
    with tempfile.TemporaryDirectory(prefix="mujaz-") as folder:
        path = Path(folder, f"upload{ending}")
        path.write_bytes(data)
        yield from read([Source(path, told)], Fields(), None, lambda name, note: None)


def shown(name: str) -> str:
    """A file's name for readers: without folders, and with nothing that cannot be printed."""
    base = PurePosixPath(name.replace("\\", "/")).name
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in base)[-LONGEST_NAME:] or "file"


def _ending(name: str) -> str:
    """The one of FORMATS that a file's name ends in, before a .gz, or nothing."""
    return next((ending for ending in FORMATS if name.lower().removesuffix(".gz").endswith(ending)), "")


def _check_kind(ending: str) -> None:
    if not ending:
        raise Unreadable(f"is of no kind that is read here; choose {', '.join(FORMATS)}, each also with .gz")
    needs = FORMATS[ending].needs
    if needs and not importlib.util.find_spec(needs):
        raise Unreadable(f"needs {needs} to be read; {places.install('batch')}")


def _unpacked(data: bytes) -> bytes:
    """What gzipped bytes hold; raises Unreadable. A small file may hold very much: no more than LONGEST is unpacked."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            found = file.read(LONGEST + 1)
    except BROKEN as error:
        raise Unreadable(why(error)) from None
    if len(found) > LONGEST:
        raise Unreadable(f"is larger than {LONGEST // 2**20} MiB, unpacked")
    return found
