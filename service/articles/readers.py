"""The input side of a batch: articles of many files, in order, lazily; nothing that is wrong with one stops the rest.

What kinds of files there are: service/articles/kinds.py. Which files are read: finding.py.
"""

from __future__ import annotations

import gzip
import io
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import BinaryIO, cast

from models.types import Document
from service.articles.encodings import Unreadable, decode
from service.articles.finding import find_sources
from service.articles.formats.archives import UNPACKED
from service.articles.kinds import FORMATS, SUFFIXES, Format, is_read, passed_over, suffix_of
from service.articles.mojibake import mended
from service.articles.sources import BROKEN, Context, Failure, Fields, Inside, Source, open_source, read_whole, why

__all__ = [
    "FORMATS",
    "SUFFIXES",
    "Failure",
    "Fields",
    "Source",
    "count",
    "find_sources",
    "original",
    "read",
    "read_data",
]

log = logging.getLogger("mujaz")
DEEPEST = 3  # files in one another: a letter in a zip in a zip


def read(
    sources: Iterable[Source], fields: Fields, encoding: str | None, note: Callable[[str, str], None]
) -> Iterator[Document | Failure]:
    """Every article of the sources, in order; what cannot be read is a failure, and nothing raises.

    `encoding` is what the bytes are read as (service.articles.encodings.known checks it); None tells it file by file.
    `note(name, text)` takes what a reader should be told of a file, at most once each: a guessed encoding, say.
    """
    for source in sources:
        ctx = Context(source.name, fields, encoding, partial(note, source.name), _Inside(note))
        yield from _taken(partial(open_source, source), _format(source), ctx, close=source.path is not None)


def read_data(
    name: str, data: bytes, fields: Fields, encoding: str | None, note: Callable[[str, str], None]
) -> Iterator[Document | Failure]:
    """The same of one file in memory, known by its name's suffix."""
    inside = _Inside(note)
    ctx = Context(name, fields, encoding, partial(note, name), inside)
    yield from inside.read(name, data, ctx) if inside.reads(name) else [inside.passed_over(name)]


def _taken(opened: Callable[[], BinaryIO], format: Format, ctx: Context, close: bool) -> Iterator[Document | Failure]:
    """What a file gives, in good letters; whatever goes wrong is a failure."""
    given = False
    try:
        stream = opened()
        try:
            for item in format.read(stream, ctx):
                given = True
                yield _mended(item, ctx) if isinstance(item, Document) else item
        finally:
            if close:
                stream.close()
    except Unreadable as error:
        yield Failure(ctx.name, str(error))
    except BROKEN as error:
        yield Failure(ctx.name, why(error))
    except Exception as error:  # whatever a library does with a file must not stop the others
        log.exception("input %s", ctx.name)
        yield Failure(ctx.name, f"cannot be read: {type(error).__name__}: {error}")
    else:
        if not given:
            yield Failure(ctx.name, "holds no article")


def _mended(document: Document, ctx: Context) -> Document:
    """A document whose letters are those that were written, where it is certain which these are."""
    text, title, told = mended(document.text, document.title)
    if told:
        ctx.note(f"its letters were put right: {told}")
    return replace(document, text=text, title=title)


class _Inside(Inside):
    """Files in a file: not deeper than DEEPEST, no more bytes in all than UNPACKED."""

    def __init__(self, note: Callable[[str, str], None]) -> None:
        self._note, self._depth, self._left = note, 0, UNPACKED

    def reads(self, name: str) -> bool:
        return is_read(name)

    def passed_over(self, where: str) -> Failure:
        return passed_over(where)

    def read(self, where: str, data: bytes, ctx: Context) -> Iterator[Document | Failure]:
        if self._depth == DEEPEST:
            yield Failure(where, f"is packed in more than {DEEPEST - 1} other files: it is not read")
            return
        self._depth += 1
        inner = replace(ctx, name=where, note=partial(self._note, where))
        yield from _taken(partial(self._unpacked, where, data), FORMATS[suffix_of(where)], inner, close=True)
        self._depth -= 1

    def _unpacked(self, where: str, data: bytes) -> BinaryIO:
        stream = cast(BinaryIO, gzip.GzipFile(fileobj=io.BytesIO(data)) if where.lower().endswith(".gz") else None)
        data = stream.read(self._left + 1) if stream else data
        self._left -= len(data)
        if self._left < 0:
            raise Unreadable(f"comes after {UNPACKED // 2**20} MiB that were unpacked of one file: it is not read")
        return io.BytesIO(data)


def _format(source: Source) -> Format:
    return FORMATS[suffix_of(source.path.name) if source.path else ".jsonl"]


def original(source: Source, encoding: str | None) -> str:
    """The whole text of a file that is text, as its reader has it. Raises Unreadable and BROKEN."""
    with open_source(source) as stream:
        return mended(decode(read_whole(stream), encoding)[0])[0]


def count(sources: Iterable[Source], fields: Fields | None = None, encoding: str | None = None) -> int:
    """How many items `read` gives, for a progress bar; standard input counts as none.

    Lines are counted without being parsed, and a Parquet file is asked for its rows: broken row groups, and what
    changes meanwhile, make it differ.
    """
    total = 0
    for source in sources:
        if source.path is None:
            continue
        format = _format(source)
        if not format.several:
            total += 1
            continue
        inside = _Inside(lambda *_: None)
        ctx = Context(source.name, fields or Fields(), encoding, lambda _: None, inside)
        try:
            with open_source(source) as stream:
                total += max(1, format.count(stream, ctx) if format.count else sum(1 for _ in format.read(stream, ctx)))
        except Exception:  # `read` tells what is wrong
            total += 1
    return total
