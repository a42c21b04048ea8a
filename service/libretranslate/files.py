"""Translated files, kept for as long as a client needs to fetch them."""

from __future__ import annotations

import re
import time
import uuid
from pathlib import Path

from service.articles.encodings import Unreadable, decode
from service.articles.formats.documents import declared
from service.libretranslate.requests import Refused

FORMATS = (".txt", ".html", ".htm", ".docx", ".odt", ".srt", ".vtt")
KEPT = 30 * 60  # seconds
NAME = re.compile(r"[0-9a-f]{32}\.(?:txt|html?|docx|odt|srt|vtt)")


def suffix(filename: str | None) -> str:
    """Of a file that is read here; Refused for others."""
    found = Path(filename or "").suffix.lower()
    if found not in FORMATS:
        raise Refused(f"Invalid request: file format not supported; choose {', '.join(FORMATS)}")
    return found


def read(data: bytes) -> tuple[str, str]:
    """A file's text, and the encoding that its translation is to have: a page says itself in which it is."""
    try:
        text, encoding = decode(data, None, declared(data))
    except Unreadable as error:
        told = str(error).partition("; tell ")[0]  # what follows is for the command line
        raise Refused(f"Invalid request: the file {told}; save it as UTF-8") from None
    return text, encoding.name


def keep(folder: Path, ending: str, data: bytes) -> str:
    """Write a file; its name."""
    folder.mkdir(parents=True, exist_ok=True)
    tidy(folder)
    name = f"{uuid.uuid4().hex}{ending}"
    (folder / name).write_bytes(data)
    return name


def kept(folder: Path, name: str) -> bytes:
    """What a file holds; Refused if there is none of that name, or no more."""
    tidy(folder)
    path = folder / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise Refused("Invalid request: there is no such file, or no more", 404)
    return path.read_bytes()


def tidy(folder: Path) -> None:
    """Remove what has been kept long enough."""
    for path in folder.iterdir() if folder.is_dir() else ():
        try:
            if NAME.fullmatch(path.name) and path.stat().st_mtime < time.time() - KEPT:
                path.unlink()
        except FileNotFoundError:
            continue  # another request was faster
