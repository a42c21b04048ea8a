"""File names out of article ids and input names: never outside the folder, never twice, the same every time."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import BinaryIO

_LONGEST = 230  # bytes of a name; file systems take 255, and a suffix and a hash must fit as well
_DEEPEST, _LONGEST_PATH = 32, 1500  # folders, and bytes of them all; Linux takes 4,096
# What Windows forbids, what nobody sees and what turns the reading direction.
_UNPORTABLE = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+')
_IMPOSSIBLE = re.compile("[\x00\ud800-\udfff]+")
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(?![^.])")  # names that Windows keeps for itself


def create(folder: Path, name: str, suffix: str, portable: bool) -> tuple[BinaryIO, str]:
    """Create a new file for `name` (an id or a path, with `/`) somewhere in `folder`; the file, and its path in it.

    The path is that of `name`, made safe: absolute paths and `..` stay inside, endless names are cut. With `portable`
    it suits every system, and has no capitals, so that names that differ in case only collide everywhere alike.
    Of names that collide the first keeps the path and the others get a hash of the name as well.
    """
    *folders, stem = _parts(name, portable)
    # A folder that ends like a file could be in a file's way.
    folders = [part + "_" if part.casefold().endswith(suffix) else part for part in folders]
    folder.joinpath(*folders).mkdir(parents=True, exist_ok=True)
    for candidate in _candidates(stem, name):
        path = "/".join([*folders, candidate + suffix])
        try:
            return (folder / path).open("xb"), path
        except FileExistsError:
            continue
    raise AssertionError("unreachable: the candidates have no end")


def _candidates(stem: str, name: str) -> Iterator[str]:
    yield stem
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    yield f"{stem}-{digest}"
    for number in count(2):
        yield f"{stem}-{digest}-{number}"


def _parts(name: str, portable: bool) -> list[str]:
    """The folders and the name of a path that is safe."""
    parts = [_safe(part, portable) for part in name.split("/") if part not in ("", ".")] or ["_"]
    if len(parts) > _DEEPEST or len("/".join(parts).encode()) > _LONGEST_PATH:
        parts = [_cut("_".join(parts))]
    return parts


def _safe(part: str, portable: bool) -> str:
    if not portable:
        return "_" if part == ".." else _cut(_IMPOSSIBLE.sub("_", part))
    part = _cut(_UNPORTABLE.sub("_", unicodedata.normalize("NFC", part).casefold())).strip(" .") or "_"
    return "_" + part if _DEVICES.match(part) else part


def _cut(part: str) -> str:
    return part.encode()[:_LONGEST].decode(errors="ignore")
