"""Articles that are lines or rows of text: JSON lines, CSV, TSV, all streamed; and JSON."""

from __future__ import annotations

import csv
import json
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, BinaryIO

from models.types import Document
from service.articles.encodings import Unreadable
from service.articles.formats.documents import decoded
from service.articles.sources import LONGEST, Context, Failure, Lines, article, read_whole


def read_jsonl(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """One article a line; a line that cannot be used is a failure of its own."""
    for where, line in _json_lines(stream, ctx):
        yield line if isinstance(line, Failure) else _from_json(line, where, ctx)


def count_jsonl(stream: BinaryIO, ctx: Context) -> int:
    """How many items `read_jsonl` gives."""
    return sum(1 for _ in _json_lines(stream, ctx))


def _json_lines(stream: BinaryIO, ctx: Context) -> Iterator[tuple[str, str | Failure]]:
    for number, line in Lines(stream, ctx, newline="\n"):
        if isinstance(line, Failure) or line.strip("\ufeff \t\r\n"):
            yield f"{ctx.name}:{number}", line


def _from_json(line: str, where: str, ctx: Context) -> Document | Failure:
    try:
        return _from_value(_loaded(line.lstrip("\ufeff")), where, ctx)  # files put together keep their marks
    except Unreadable as error:
        return Failure(where, str(error))


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise Unreadable("is not JSON that can be read: nested too deeply") from None
    except ValueError as error:
        raise Unreadable(f"is not JSON: {error}") from None


def _from_value(value: object, where: str, ctx: Context) -> Document | Failure:
    if not isinstance(value, dict):
        return Failure(where, "is not a JSON object")
    fields = ctx.fields
    if fields.text not in value:
        return Failure(where, missing("field", fields.text, value))
    return article(ctx, where, value[fields.text], value.get(fields.title), value.get(fields.id))


def read_json(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """An object is one article; of an array each item is one, numbered from 1."""
    value = _loaded(decoded(read_whole(stream), ctx))
    if not isinstance(value, list):
        yield _from_value(value, ctx.name, ctx)
        return
    for number, item in enumerate(value, start=1):
        yield _from_value(item, f"{ctx.name}:{number}", ctx)


def missing(kind: str, name: str, found: Iterable[str]) -> str:
    """What to tell where the text's field or column is not there."""
    shown = [repr(name)[1:-1] for name in islice(found, 20)]
    return f"has no {kind} {name!r} (found: {', '.join(shown) or 'none'}); see --text-field"


def read_csv(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """One article a row, under a line of names. Between columns stands a comma, or ; or a tab if the names say so."""
    return _read_table(stream, ctx, ",;\t")


def read_tsv(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """The same with tabs."""
    return _read_table(stream, ctx, "\t")


def _read_table(stream: BinaryIO, ctx: Context, delimiters: str) -> Iterator[Document | Failure]:
    lines = iter(Lines(stream, ctx, newline=""))
    begun = list(islice(lines, 1))
    top = begun[0][1] if begun and isinstance(begun[0][1], str) else ""
    delimiter = next((d for d in delimiters if ctx.fields.text in _names(top, d)), delimiters[0])
    if delimiter != delimiters[0]:
        ctx.note(f"read with {'tabs' if delimiter == chr(9) else repr(delimiter)} between the columns")
    names: list[str] = []
    for first, last, row in _rows(chain(begun, lines), ctx.name, delimiter):
        if isinstance(row, Failure):
            yield row
        elif names:
            yield _from_row(names, row, first, last, ctx)
        elif fault := _header_fault(names := [name.strip() for name in row], ctx):
            yield Failure(f"{ctx.name}:{first}", f"the line of names {fault}")
            return
        if not names:
            return  # without its line of names, a table says nothing


def _names(line: str, delimiter: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([line], delimiter=delimiter, strict=True), [])]
    except csv.Error:
        return []


def _header_fault(names: list[str], ctx: Context) -> str | None:
    fields = ctx.fields
    twice = [name for name in (fields.text, fields.id, fields.title) if names.count(name) > 1]
    if twice:
        return f"has the column {twice[0]!r} twice"
    return None if fields.text in names else missing("column", fields.text, names)


def _from_row(names: list[str], row: list[str], first: int, last: int, ctx: Context) -> Document | Failure:
    where = f"{ctx.name}:{first}"
    if len(row) != len(names):
        lines = f", down to line {last}" if last > first else ""
        return Failure(where, f"has {len(row)} columns{lines}; the line of names has {len(names)}")
    values = dict(zip(names, row, strict=True))
    title, key = values.get(ctx.fields.title), values.get(ctx.fields.id)
    return article(ctx, where, values[ctx.fields.text], title, key or None)


class _Interrupted(Exception):
    """A line could not be read in the midst of a row."""


def _rows(
    lines: Iterator[tuple[int, str | Failure]], name: str, delimiter: str
) -> Iterator[tuple[int, int, list[str] | Failure]]:
    """(its first line, its last, the row or why it is none), blank lines left out.

    Where a row breaks, the next line is taken for the start of one: else a quote that nobody closed would swallow
    what follows.
    """
    csv.field_size_limit(LONGEST)  # of the whole process; the usual 128 KiB are less than a long article
    waiting: deque[tuple[int, str | Failure]] = deque()
    taken: list[tuple[int, str | Failure]] = []

    def feed() -> Iterator[str]:
        while item := waiting.popleft() if waiting else next(lines, None):
            taken.append(item)
            if isinstance(item[1], Failure):
                raise _Interrupted("it is not complete")
            yield item[1]

    reader = csv.reader(feed(), delimiter=delimiter, strict=True)
    while True:
        taken.clear()
        try:
            row = next(reader)
        except StopIteration:
            return
        except (csv.Error, _Interrupted) as error:
            number, line = taken[0]
            yield number, number, line if isinstance(line, Failure) else Failure(f"{name}:{number}", f"no row: {error}")
            waiting.extendleft(reversed(taken[1:]))
            reader = csv.reader(feed(), delimiter=delimiter, strict=True)
        else:
            if row:
                yield taken[0][0], taken[-1][0], row
