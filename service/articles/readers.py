"""The input side of a batch: articles of many files, in order, lazily; nothing that is wrong with one stops the rest.

    text files, HTML pages, Word documents      one article each        service/articles/documents.py
    JSON lines, CSV, TSV, Parquet               one article a row       service/articles/rows.py

Each may be gzipped. Encodings: service/articles/encodings.py.
"""

from __future__ import annotations

import importlib.util
import logging
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from models import places
from models.errors import InputError
from models.types import Document
from service.articles.documents import read_docx, read_html, read_txt
from service.articles.encodings import Unreadable
from service.articles.rows import count_jsonl, count_parquet, read_csv, read_jsonl, read_parquet, read_tsv
from service.articles.sources import BROKEN, Context, Failure, Fields, Source, open_source, why

__all__ = ["FORMATS", "SUFFIXES", "Failure", "Fields", "Source", "count", "find_sources", "read"]

log = logging.getLogger("mujaz")

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Format:
    """How files with some suffix are read. `count` is None where each is one article; `needs` names a library."""

    read: Callable[[BinaryIO, Context], Iterator[Document | Failure]]
    count: Callable[[BinaryIO, Context], int] | None = None
    needs: str | None = None


def _count_all(read: Callable[[BinaryIO, Context], Iterator[Document | Failure]]) -> Callable[[BinaryIO, Context], int]:
    return lambda stream, ctx: sum(1 for _ in read(stream, ctx))


FORMATS = {
    ".txt": Format(read_txt),
    ".html": Format(read_html),
    ".htm": Format(read_html),
    ".docx": Format(read_docx, needs="docx"),
    ".jsonl": Format(read_jsonl, count_jsonl),
    ".ndjson": Format(read_jsonl, count_jsonl),
    ".csv": Format(read_csv, _count_all(read_csv)),
    ".tsv": Format(read_tsv, _count_all(read_tsv)),
    ".parquet": Format(read_parquet, count_parquet, needs="pyarrow"),
}
SUFFIXES = tuple(FORMATS)  # each also with .gz


def find_sources(inputs: Sequence[Path], leave_out: Collection[Path] = ()) -> tuple[list[Source], list[Failure]]:
    """The files to read: those given, and those in given folders, sorted, at any depth; `-` is standard input.

    Names are relative to the one input, or with several inputs as they were given; what comes twice is read once.
    `leave_out` holds what the run itself writes, files or folders: in an input folder they are passed over. What
    cannot be looked at comes back as failures. Raises InputError for a path that does not exist, is of no known kind,
    is left out, or is a folder without articles, and where a library is missing that a file needs.
    """
    known = f"{', '.join(FORMATS)} (each also with .gz)"
    out = {path.resolve() for path in leave_out}
    found: dict[str, Source] = {}
    failures: list[Failure] = []
    for path in inputs:
        inside = sorted(p for p in _walk(path, failures) if not _within(p, out)) if path.is_dir() else []
        if str(path) == STDIN:
            new = [Source(None, STDIN)]
        elif path.is_dir():
            if not inside and not failures:
                raise InputError("INPUT", f"{path} holds no {known} file")
            new = [Source(p, _name(p if len(inputs) > 1 else p.relative_to(path))) for p in inside]
        elif not path.exists():
            raise InputError("INPUT", f"{path} does not exist")
        elif not _suffix(path.name):
            raise InputError("INPUT", f"{path} is of no kind that is read here; choose {known} or a folder")
        elif _within(path, out):
            raise InputError("INPUT", f"{path} is what this run writes")
        else:
            new = [Source(path, _name(path if len(inputs) > 1 else Path(path.name)))]
        found |= {source.name: source for source in new}
    _check_libraries(found.values())
    return list(found.values()), failures


def _check_libraries(sources: Iterable[Source]) -> None:
    for suffix in sorted({_suffix(source.path.name) for source in sources if source.path}):
        needs = FORMATS[suffix].needs
        if needs and not importlib.util.find_spec(needs):
            raise InputError("INPUT", f"{suffix} files need {needs}; {places.install('batch')}")


def _suffix(name: str) -> str:
    """The one of FORMATS that a file's name ends in, before a .gz, or nothing."""
    name = name.lower().removesuffix(".gz")
    return next((suffix for suffix in FORMATS if name.endswith(suffix) and name != suffix), "")


def _within(path: Path, folders: Collection[Path]) -> bool:
    resolved = path.resolve()
    return any(resolved == folder or folder in resolved.parents for folder in folders)


def _walk(folder: Path, failures: list[Failure]) -> Iterator[Path]:
    """Article files in a folder at any depth, through links too, each folder once."""

    def unreadable(error: OSError) -> None:
        failures.append(Failure(_name(Path(error.filename)), f"cannot be read: {error.strerror}"))

    seen = {folder.resolve()}
    for top, folders, files in os.walk(folder, followlinks=True, onerror=unreadable):
        folders[:] = [name for name in folders if (Path(top) / name).resolve() not in seen]
        seen.update((Path(top) / name).resolve() for name in folders)
        yield from (Path(top) / name for name in files if _suffix(name))


def _name(path: Path) -> str:
    """A path as text, also where the file system holds bytes that are no UTF-8."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


def read(
    sources: Iterable[Source], fields: Fields, encoding: str | None, note: Callable[[str, str], None]
) -> Iterator[Document | Failure]:
    """Every article of the sources, in order; what cannot be read is a failure, and nothing raises.

    `encoding` is what the bytes are read as (service.articles.encodings.known checks it); None tells it file by file.
    `note(name, text)` takes what a reader should be told of a file, at most once each: a guessed encoding, say.
    """
    for source in sources:
        ctx = Context(source.name, fields, encoding, partial(note, source.name))
        given = False
        try:
            stream = open_source(source)
            try:
                for item in _format(source).read(stream, ctx):
                    given = True
                    yield item
            finally:
                if source.path:
                    stream.close()
        except Unreadable as error:
            yield Failure(source.name, str(error))
        except BROKEN as error:
            yield Failure(source.name, why(error))
        except Exception as error:  # whatever a library does with a file must not stop the others
            log.exception("input %s", source.name)
            yield Failure(source.name, f"cannot be read: {type(error).__name__}: {error}")
        else:
            if not given:
                yield Failure(source.name, "holds no article")


def _format(source: Source) -> Format:
    return FORMATS[_suffix(source.path.name) if source.path else ".jsonl"]


def count(sources: Iterable[Source], fields: Fields | None = None, encoding: str | None = None) -> int:
    """How many items `read` gives, for a progress bar; standard input counts as none.

    Lines are counted without being parsed, and a Parquet file is asked for its rows: broken row groups, and what
    changes meanwhile, make it differ.
    """
    total = 0
    for source in sources:
        counted = _format(source).count
        if source.path is None:
            continue
        if counted is None:
            total += 1
            continue
        try:
            with open_source(source) as stream:
                total += max(1, counted(stream, Context(source.name, fields or Fields(), encoding, lambda _: None)))
        except Exception:  # `read` tells what is wrong
            total += 1
    return total
