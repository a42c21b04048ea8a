"""Tables in packed files: Parquet, and the sheets of spreadsheets. A row is an article."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from gzip import GzipFile
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from models.types import Document
from service.articles.encodings import Unreadable
from service.articles.formats.apart import read_apart
from service.articles.formats.archives import UNPACKED, Package
from service.articles.formats.rows import missing
from service.articles.sources import BROKEN, Context, Failure, article, read_whole

if TYPE_CHECKING:
    from pyarrow import RecordBatch

ROWS = 16  # of a Parquet file in memory at once


def read_parquet(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """One article a row, row group by row group; a row group that is broken is one failure."""
    from pyarrow import ArrowException

    with _seekable(stream) as file:
        try:
            yield from _from_parquet(file, ctx)
        except (ArrowException, OSError) as error:
            yield Failure(ctx.name, f"is not Parquet, or a damaged file: {_first_line(error)}")


def count_parquet(stream: BinaryIO, ctx: Context) -> int:
    """How many rows the file says that it has."""
    from pyarrow.parquet import ParquetFile

    with _seekable(stream) as file:
        return ParquetFile(file).metadata.num_rows


def _seekable(stream: BinaryIO) -> BinaryIO:
    """The stream, or where it is being decompressed a temporary file of its bytes: Parquet begins at the end."""
    if not isinstance(stream, GzipFile):
        return stream
    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115  # closed by the caller
    try:
        shutil.copyfileobj(stream, file, 1024 * 1024)
    except BROKEN:
        file.close()
        raise
    file.seek(0)
    return file


def _from_parquet(file: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    # Without a buffer a whole row group is in memory at once; with threads, several buffers and what they left behind.
    # Checksums are there only if the writer wrote them.
    table = ParquetFile(file, buffer_size=64 * 1024, pre_buffer=False, page_checksum_verification=True)
    names = table.schema_arrow.names
    if ctx.fields.text not in names:
        yield Failure(ctx.name, missing("column", ctx.fields.text, names))
        return
    wanted = [name for name in dict.fromkeys((ctx.fields.text, ctx.fields.title, ctx.fields.id)) if name in names]
    row = 0
    for group in range(table.num_row_groups):
        end = row + table.metadata.row_group(group).num_rows
        try:
            for batch in table.iter_batches(ROWS, [group], wanted, use_threads=False):
                for record in range(batch.num_rows):
                    row += 1
                    yield _from_record(batch, record, f"{ctx.name}:{row}", ctx)
        except (ArrowException, OSError) as error:
            yield Failure(f"{ctx.name}:{row + 1}", f"this row and those to {end} cannot be read: {_first_line(error)}")
        row = end


def _from_record(batch: RecordBatch, record: int, where: str, ctx: Context) -> Document | Failure:
    try:
        values = {name: batch.column(name)[record].as_py() for name in batch.schema.names}
    except UnicodeDecodeError as error:
        return Failure(where, f"is not UTF-8 (byte {error.start} of a value)")
    title, key = values.get(ctx.fields.title), values.get(ctx.fields.id)
    return article(ctx, where, values[ctx.fields.text], title, key)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def read_sheets(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """The rows of each sheet whose first row names the text's column; its other sheets are told."""
    data = read_whole(stream, UNPACKED)
    if data.startswith(b"PK"):  # else an .xls, which is not packed
        Package(data, "spreadsheet", single=False)
    sheets: list[tuple[str, list[list[Any]]]] = read_apart("sheet_rows.py", data, "spreadsheet")
    found = [(name, rows) for name, rows in sheets if rows and ctx.fields.text in map(_named, rows[0])]
    if not found:
        names = dict.fromkeys(_named(cell) for _, rows in sheets for cell in (rows[0] if rows else []))
        raise Unreadable(missing("column", ctx.fields.text, names))
    if others := [name for name, rows in sheets if rows and name not in dict(found)]:
        ctx.note(f"sheets without a column {ctx.fields.text!r} are not read: {', '.join(others)}")
    for name, rows in found:
        yield from _from_sheet(rows, ctx.name if len(sheets) == 1 else f"{ctx.name}:{name}", ctx)


def _from_sheet(rows: list[list[Any]], where: str, ctx: Context) -> Iterator[Document | Failure]:
    names = [_named(cell) for cell in rows[0]]
    for number, cells in enumerate(rows[1:], start=2):
        values = {name: cell for name, cell in zip(names, cells, strict=False) if cell != ""}
        if values:
            title, key = values.get(ctx.fields.title), values.get(ctx.fields.id)
            text = values.get(ctx.fields.text, "")
            yield article(ctx, f"{where}:{number}", text, title, _whole(key))


def _named(cell: object) -> str:
    return str(cell).strip()


def _whole(cell: object) -> object:
    """Spreadsheets hold every number as one with a point."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell
