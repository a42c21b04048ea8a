"""Where the articles of a batch stand: files opened, their bytes and lines, and every fault told by its place."""

from __future__ import annotations

import gzip
import io
import stat
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from models.types import Document
from service.articles.encodings import HEAD, Encoding, Unreadable, detect, label

LONGEST = 32 * 1024 * 1024  # bytes of a file that is one article, and characters of a line: no article has so many

PIECE = 4096  # bytes to decompress at once

BROKEN = (OSError, EOFError, zlib.error)  # what reading a file raises, gzipped or not


@dataclass(frozen=True, slots=True)
class Failure:
    """What gave no article: `where` it stood (FILE or FILE:LINE; for a table in Parquet FILE:ROW), and why.

    `passed_over`: nothing is wrong with it, but its kind is not read here.
    """

    where: str
    reason: str
    passed_over: bool = False


@dataclass(frozen=True, slots=True)
class Fields:
    """The names of the fields or columns that hold an article's text, id and title."""

    text: str = "text"
    id: str = "id"
    title: str = "title"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read articles from, and its name in ids and messages. Without a path it is standard input."""

    path: Path | None
    name: str


class Inside:
    """Reads files that stand in a file, such as members of a zip and attachments. This one reads none."""

    def reads(self, name: str) -> bool:
        """Whether a file of this name is of a kind that is read."""
        return False

    def passed_over(self, where: str) -> Failure:
        """What to tell of a file that is of no such kind."""
        return Failure(where, "is not read", passed_over=True)

    def read(self, where: str, data: bytes, ctx: Context) -> Iterator[Document | Failure]:
        """Its articles; nothing raises."""
        yield self.passed_over(where)


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader of one file has to know; `encoding` is the one that was asked for; `note` takes a remark; `inside`
    reads the files in it."""

    name: str
    fields: Fields
    encoding: str | None
    note: Callable[[str], None]
    inside: Inside = field(default_factory=Inside)

    def tell(self, encoding: Encoding) -> None:
        """Remark on the encoding that the file is read in, if it was guessed."""
        if encoding.guess:
            self.note(f"read as {label(encoding)} (a guess)")


def open_source(source: Source) -> BinaryIO:
    """The bytes of a source, decompressed where its name ends in .gz (or standard input is gzipped).

    Raises OSError, also for what is no regular file: a pipe would block.
    """
    if source.path is None:
        stdin = cast(io.BufferedReader, sys.stdin.buffer)
        return cast(BinaryIO, gzip.GzipFile(fileobj=stdin)) if stdin.peek(2)[:2] == b"\x1f\x8b" else stdin
    if not stat.S_ISREG(source.path.stat().st_mode):
        raise OSError(None, "it is no regular file")
    if source.path.suffix.lower() == ".gz":
        return cast(BinaryIO, gzip.open(source.path, "rb"))
    return source.path.open("rb")


def why(error: Exception) -> str:
    """What to tell of one of BROKEN."""
    if isinstance(error, EOFError):
        return "the gzipped file is cut off"
    if isinstance(error, gzip.BadGzipFile):
        return f"is no gzip, or damaged, perhaps before this place too: {error}"
    if isinstance(error, zlib.error):
        return f"the gzipped file is damaged, perhaps before this place too: {error}"
    return f"cannot be read: {getattr(error, 'strerror', None) or error}"


def read_whole(stream: BinaryIO, most: int = LONGEST) -> bytes:
    """All bytes of a file that is one article, or `most` of what packs several; raises BROKEN, and Unreadable for
    more."""
    data = stream.read(most + 1)
    if len(data) > most:
        raise Unreadable(f"is larger than {most // 2**20} MiB{': no single article' if most == LONGEST else ''}")
    if not data:
        raise Unreadable("is empty")
    return data


class _Begun(io.RawIOBase):
    """A stream whose first bytes were read already; an error met then is raised when they have been read again."""

    def __init__(self, stream: BinaryIO) -> None:
        self.rest, self.error, self.head = stream, cast(Exception | None, None), b""
        try:
            while len(self.head) < HEAD and (chunk := self._next(HEAD)):
                self.head += chunk
        except BROKEN as error:
            self.error = error
        self.left = self.head

    def _next(self, size: int) -> bytes:
        # read() would drop all that it read before an error; of damaged gzip, read1() drops what it was asked for
        return self.rest.read1(min(size, PIECE))  # type: ignore[attr-defined]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        if self.left:
            chunk, self.left = self.left[: len(buffer)], self.left[len(buffer) :]
        elif self.error:
            raise self.error
        else:
            chunk = self._next(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)


class Lines:
    """The lines of a text in one encoding, told from its first bytes; iterated, (number from 1, line or Failure).

    A line keeps its end. One that is not in the encoding is a Failure of its own; after an error of the file there is
    no more. Raises Unreadable where the first bytes are no text.
    """

    def __init__(self, stream: BinaryIO, ctx: Context, newline: str) -> None:
        begun = _Begun(stream)
        self.name, self.encoding = ctx.name, _detect(begun, ctx.encoding)
        ctx.tell(self.encoding)
        begun.left = begun.left[self.encoding.mark :]
        self._faults = "surrogatepass" if self.encoding.name.startswith(("utf-16", "utf-32")) else "surrogateescape"
        self._text = io.TextIOWrapper(io.BufferedReader(begun, HEAD), self.encoding.name, self._faults, newline)

    def __iter__(self) -> Iterator[tuple[int, str | Failure]]:
        number, inside = 0, False
        while True:
            try:
                line = self._text.readline(LONGEST)
            except (*BROKEN, UnicodeDecodeError) as error:
                cut = f"its {label(self.encoding)} ends in mid-character"
                reason = why(error) if isinstance(error, BROKEN) else cut
                yield number + 1, Failure(f"{self.name}:{number + 1}", reason)
                return
            if not line:
                return
            whole = len(line) < LONGEST or line.endswith(("\n", "\r"))
            if not inside:
                number += 1
                yield number, self._checked(number, line) if whole else self._too_long(number)
            inside = not whole

    def _too_long(self, number: int) -> Failure:
        return Failure(f"{self.name}:{number}", f"has a line of more than {LONGEST:,} characters")

    def _checked(self, number: int, line: str) -> str | Failure:
        try:
            line.encode()
        except UnicodeEncodeError as error:
            where = f"{self.name}:{number}"
            if self._faults == "surrogatepass":
                return Failure(where, "has half of a surrogate pair")
            byte = len(line[: error.start].encode(self.encoding.name, "surrogateescape"))
            return Failure(where, f"is not {label(self.encoding)} (byte {byte} of the line)")
        return Failure(f"{self.name}:{number}", "has a NUL character") if "\0" in line else line


def _detect(begun: _Begun, asked: str | None) -> Encoding:
    """The encoding of lines; UTF-8 too where only some of them are broken."""
    try:
        return detect(begun.head, len(begun.head) < HEAD and not begun.error, asked)
    except Unreadable:
        good = sum(len(line.strip()) for line in begun.head.split(b"\n") if _is_utf8(line))
        if 20 * good > len(begun.head):  # of an image, say, next to nothing
            return Encoding("utf-8")
        raise


def _is_utf8(line: bytes) -> bool:
    try:
        return "\0" not in line.decode("utf-8")
    except UnicodeDecodeError:
        return False


def article(ctx: Context, where: str, text: object, title: object, key: object) -> Document | Failure:
    """The article of a row or line; `where` is its id if `key` is None. A value that cannot be used is a Failure."""
    fields = ctx.fields
    if not isinstance(text, str):
        return Failure(where, f"the field {fields.text!r} holds {_kind(text)}, not text; see --text-field")
    if not text.strip():
        return Failure(where, f"the field {fields.text!r} is empty")
    if not isinstance(title, str | None):
        return Failure(where, f"the field {fields.title!r} holds {_kind(title)}, not text; see --title-field")
    if isinstance(key, bool) or not isinstance(key, str | int | None) or key == "":
        return Failure(where, f"the field {fields.id!r} is neither text nor a whole number; see --id-field")
    try:
        document = Document(where if key is None else str(key), text, title or None)
    except ValueError as error:  # Python writes no number of more than 4,300 digits
        return Failure(where, f"the field {fields.id!r}: {error}")
    for name, value in ((fields.id, document.id), (fields.title, document.title or ""), (fields.text, text)):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            return Failure(where, f"the field {name!r} has half of a surrogate pair at character {error.start}")
    return document


def _kind(value: object) -> str:
    return "nothing" if value is None else f"a value of type {type(value).__name__}"
