"""The outputs of a batch run, each written in one pass over its records and appearing whole or not at all.

A record is what `service.core.brief_record` makes, with the input file's name and without what changes from run to
run. The same records always give the same bytes, and memory does not grow with their number.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, cast

from models import places
from models.errors import InputError
from service.output.filenames import create
from service.output.markdown import write_pages
from service.output.tables import write_csv, write_parquet
from service.output.whole import whole_file, whole_folder

Record = dict[str, Any]

SUFFIXES = {".jsonl": "jsonl", ".csv": "csv", ".parquet": "parquet"}
FOLDERS = ("markdown", "mirror")
FORMATS = (*SUFFIXES.values(), *FOLDERS)


def format_of(output: Path, asked: str | None) -> str:
    """One of FORMATS: as `asked` (--format), else from the suffix. Raises InputError, naming the choices.

    .jsonl.gz and .csv.gz are known, too. Any name without a known suffix goes with any format that is asked for.
    What could only fail once all is done is told here: parquet without pyarrow, a folder where a file is to be.
    """
    found = _format_of(output, asked)
    if found == "parquet" and find_spec("pyarrow") is None:
        raise InputError("--format", f"parquet needs pyarrow: {places.install('batch')}")
    wanted, fits = ("folder", output.is_dir()) if found in FOLDERS else ("file", output.is_file())
    if output.exists() and not fits:
        raise InputError("--output", f"{output} is there already and no {wanted}, which {found} writes")
    return found


def _format_of(output: Path, asked: str | None) -> str:
    if asked is not None and asked not in FORMATS:
        raise InputError("--format", f"{asked!r} is unknown; choose {', '.join(FORMATS)}")
    zipped = output.suffix.lower() == ".gz"
    told = SUFFIXES.get((output.with_suffix("") if zipped else output).suffix.lower())
    if zipped and "parquet" in (told, asked):
        raise InputError("--output", f"{output}: parquet is compressed within; leave .gz away")
    if asked in FOLDERS and (told or zipped):
        raise InputError("--format", f"{asked} writes a folder, but {output.name} is a file's name; choose another")
    if told and asked and told != asked:
        raise InputError("--format", f"is {asked}, but the suffix of {output.name} says {told}; leave one away")
    if found := asked or told:
        return found
    known = ", ".join([*SUFFIXES, ".jsonl.gz", ".csv.gz"])
    raise InputError("--output", f"{output} has none of the suffixes {known}; choose --format {', '.join(FORMATS)}")


def write(output: Path, format: str, records: Iterable[Record]) -> None:
    """Write the records to `output`, replacing what was there once all is written.

    Raises OSError (a full disk, for instance) and whatever `records` raises; then what was there is untouched.
    """
    _WRITERS[format](output, records)


@contextmanager
def _opened(output: Path) -> Iterator[BinaryIO]:
    """`output`, compressed if its name ends in .gz (without the time, so that the bytes depend on the records only)."""
    with whole_file(output) as file:
        if output.suffix.lower() == ".gz":
            with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as zipped:
                yield cast(BinaryIO, zipped)
        else:
            yield file


def json_line(record: Record) -> bytes:
    """A record as a line of JSONL."""
    return (json.dumps(record, ensure_ascii=False) + "\n").encode()


def _jsonl(output: Path, records: Iterable[Record]) -> None:
    with _opened(output) as file:
        for record in records:
            file.write(json_line(record))


def _csv(output: Path, records: Iterable[Record]) -> None:
    with _opened(output) as file:
        write_csv(file, records)


def _parquet(output: Path, records: Iterable[Record]) -> None:
    with whole_file(output) as file:
        write_parquet(file, records)


def _markdown(output: Path, records: Iterable[Record]) -> None:
    with whole_folder(output) as folder:
        write_pages(folder, records)


def _mirror(output: Path, records: Iterable[Record]) -> None:
    """For each input file `sub/x.txt` the file `sub/x.txt.jsonl` with its records; for standard input stdin.jsonl."""
    with whole_folder(output) as folder:
        for name, of_one_file in groupby(records, key=lambda record: record["file"]):
            file, _ = create(folder, "stdin" if name == "-" else name, ".jsonl", portable=False)
            with file:
                file.writelines(map(json_line, of_one_file))


_WRITERS: dict[str, Callable[[Path, Iterable[Record]], None]] = {
    "jsonl": _jsonl,
    "csv": _csv,
    "parquet": _parquet,
    "markdown": _markdown,
    "mirror": _mirror,
}
