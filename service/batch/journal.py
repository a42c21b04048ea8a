"""The journal of a batch run: what is done stays done, whatever stops the run.

OUT.journal/entries holds a line for each finished article: its key, a checksum, its record as JSON. A line is done
when it is whole and on the disk; a torn last line (a kill, a full disk) is cut off at the next start, and a line whose
checksum is wrong is left out and done again. Nothing else is needed to go on. The folder can be removed once the
output is enough: a later run then begins anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import socket
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock, Timeout

from models.errors import InputError
from models.types import Document

KEY_HEX = 32  # digits of a key
PREFIX = KEY_HEX + 10  # key, space, checksum, space


def key_of(document: Document, signature: str) -> str:
    """What an article is known by: its content and everything that shapes its record, but not its name."""
    content = json.dumps([signature, document.title, document.url, document.text])
    return hashlib.blake2b(content.encode(), digest_size=KEY_HEX // 2).hexdigest()


def journal_folder(output: Path) -> Path:
    """Where the journal of `output` lies."""
    return output.with_name(output.name + ".journal")


class Journal:
    """Open for one run at a time; use it in a `with`. Writes raise OSError (a full disk) and lose nothing earlier."""

    def __init__(self, output: Path) -> None:
        self.folder = journal_folder(output)
        self.broken = 0  # lines left out for a wrong checksum
        self._places: dict[bytes, int] = {}
        if output.exists() and not (self.folder / "written").exists():
            raise InputError("--output", f"{output} exists already, and no batch run made it; nothing was changed")
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(self.folder / "lock")
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            owner = (self.folder / "owner").read_text(encoding="utf-8").strip()
            raise InputError("--output", f"{owner} is writing {output} now; wait for it, or stop it") from None
        (self.folder / "owner").write_text(f"process {os.getpid()} on {socket.gethostname()}\n", encoding="utf-8")
        self._file = (self.folder / "entries").open("a+b")
        self._file.seek(0)
        whole = 0
        for place, whole, key in _scan(self._file):  # noqa: B007 - it stays behind as the end of the last whole line
            if key:
                self._places[key] = place
            else:
                self.broken += 1
        self._file.truncate(whole)

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):  # what a full disk did not take was never called done
            self._file.close()
        self._lock.release()

    def __contains__(self, key: str) -> bool:
        return bytes.fromhex(key) in self._places

    def claim(self) -> None:
        """Note that the output that will stand beside the journal is this run's, to be replaced by later ones."""
        (self.folder / "written").touch()

    def append(self, entries: Iterable[tuple[str, dict[str, Any]]]) -> None:
        """Write (key, record) down; on the disk when it returns."""
        self._file.seek(0, os.SEEK_END)
        for key, record in entries:
            name, payload = key.encode(), json.dumps(record, ensure_ascii=False).encode()
            place = self._file.tell()
            self._file.write(b"%b %b %b\n" % (name, _checksum(name, payload), payload))
            self._places[bytes.fromhex(key)] = place
        self._file.flush()
        os.fsync(self._file.fileno())

    @staticmethod
    def keys(folder: Path) -> set[bytes]:
        """What the journal in `folder` holds, read without opening it for a run."""
        try:
            with (folder / "entries").open("rb") as file:
                return {key for _, _, key in _scan(file) if key}
        except FileNotFoundError:
            return set()

    def get(self, key: str) -> dict[str, Any]:
        """The record under `key`; KeyError if it is not done."""
        self._file.seek(self._places[bytes.fromhex(key)])
        return json.loads(self._file.readline()[PREFIX:])


def _scan(file: BinaryIO) -> Iterator[tuple[int, int, bytes | None]]:
    """(begin, end, key) of every whole line; the key is None where the checksum is wrong."""
    place = 0
    for line in file:
        if not line.endswith(b"\n"):
            return
        name = line[:KEY_HEX]
        good = line[KEY_HEX + 1 : PREFIX - 1] == _checksum(name, line[PREFIX:-1])
        yield place, place + len(line), bytes.fromhex(name.decode()) if good else None
        place += len(line)


def is_running(output: Path) -> bool:
    """Whether a run holds the journal of `output` now."""
    lock = FileLock(journal_folder(output) / "lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return True
    lock.release()
    return False


def _checksum(key: bytes, payload: bytes) -> bytes:
    return b"%08x" % zlib.crc32(payload, zlib.crc32(key))
