"""The outputs of a batch run, each written in one pass over its records and appearing whole or not at all.

A record is what `service.records.brief_record` makes, with the input file's name and without what changes from run to
run. The same records always give the same bytes, and memory does not grow with their number.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, cast

from models import places
from models.errors import InputError
from service.output.documents import document_of, write_documents
from service.output.filenames import create
from service.output.markdown import one_page, write_pages
from service.output.subtitles import write_subtitles
from service.output.tables import write_csv, write_parquet
from service.output.whole import whole_file, whole_folder

Record = dict[str, Any]

SUFFIXES = {".jsonl": "jsonl", ".csv": "csv", ".parquet": "parquet"}
FOLDERS = ("markdown", "mirror", "docx", "subtitles")
DOWNLOADS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown",
    "json": "application/json",
}
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


def write(output: Path, format: str, records: Iterable[Record], original: Callable[[str], str] | None = None) -> None:
    """Write the records to `output`, replacing what was there once all is written.

    `original` gives the text of an input by its name; subtitles need it. Raises OSError (a full disk, for instance)
    and whatever `records` raises; then what was there is untouched.
    """
    if format == "subtitles" and original:
        with whole_folder(output) as folder:
            write_subtitles(folder, records, original)
        return
    opened, fill = _WRITERS[format]
    with opened(output) as place:
        fill(place, records)


@contextmanager
def _opened(output: Path) -> Iterator[BinaryIO]:
    """`output`, compressed if its name ends in .gz (without the time, so that the bytes depend on the records only)."""
    with whole_file(output) as file:
        if output.suffix.lower() == ".gz":
            with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as zipped:
                yield cast(BinaryIO, zipped)
        else:
            yield file


def download(record: Record, form: str, arabic: bool) -> tuple[bytes, str]:
    """(a stored brief as a file of one of DOWNLOADS, its type); a Word document without the Arabic, if that is asked
    for."""
    if form == "docx":
        return document_of(record, arabic), DOWNLOADS[form]
    text = one_page(record) if form == "md" else json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    return text.encode(), DOWNLOADS[form]


def json_line(record: Record) -> bytes:
    """A record as a line of JSONL."""
    return (json.dumps(record, ensure_ascii=False) + "\n").encode()


def _jsonl(file: BinaryIO, records: Iterable[Record]) -> None:
    file.writelines(map(json_line, records))


def _mirror(folder: Path, records: Iterable[Record]) -> None:
    """For each input file `sub/x.txt` the file `sub/x.txt.jsonl` with its records; for standard input stdin.jsonl."""
    for name, of_one_file in groupby(records, key=lambda record: record["file"]):
        file, _ = create(folder, "stdin" if name == "-" else name, ".jsonl", portable=False)
        with file:
            _jsonl(file, of_one_file)


# (what opens it, what fills it) of each format
_WRITERS: dict[str, tuple[Callable[[Path], AbstractContextManager[Any]], Callable[[Any, Iterable[Record]], None]]] = {
    "jsonl": (_opened, _jsonl),
    "csv": (_opened, write_csv),
    "parquet": (whole_file, write_parquet),
    "markdown": (whole_folder, write_pages),
    "mirror": (whole_folder, _mirror),
    "docx": (whole_folder, write_documents),
}
