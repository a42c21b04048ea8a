"""The kinds of files that are read, by their suffix.

    text, Markdown, HTML pages                   one article each             formats/documents.py
    Word, OpenDocument, rich text                one article each             formats/office.py
    PDF                                          one article each             formats/pdf.py, pdf_lines.py
    subtitles                                    one article each             formats/subtitles.py
    EPUB books                                   one article a chapter        formats/books.py
    letters                                      the body and its attachments formats/mail.py
    JSON, JSON lines, CSV, TSV                   one article a row            formats/rows.py
    spreadsheets, Parquet                        one article a row            formats/tables.py
    zip                                          what the files in it are     formats/archives.py

Each may be gzipped. Encodings: service/articles/encodings.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import PurePosixPath
from typing import BinaryIO

from models.types import Document
from service.articles.formats.archives import read_zip
from service.articles.formats.books import read_epub
from service.articles.formats.documents import read_html, read_md, read_txt
from service.articles.formats.mail import read_eml, read_msg
from service.articles.formats.office import read_docx, read_odt, read_rtf
from service.articles.formats.pdf import read_pdf
from service.articles.formats.rows import count_jsonl, read_csv, read_json, read_jsonl, read_tsv
from service.articles.formats.subtitles import read_subtitles
from service.articles.formats.tables import count_parquet, read_parquet, read_sheets
from service.articles.sources import Context, Failure

Reader = Callable[[BinaryIO, Context], Iterator[Document | Failure]]


@dataclass(frozen=True, slots=True)
class Format:
    """How files with some suffix are read: where `several`, not each is one article. `count` is a quicker way to know
    how many it gives; `needs` names a library."""

    read: Reader
    several: bool = False
    count: Callable[[BinaryIO, Context], int] | None = None
    needs: str | None = None


FORMATS = {
    ".txt": Format(read_txt),
    ".md": Format(read_md),
    ".html": Format(read_html),
    ".htm": Format(read_html),
    ".docx": Format(read_docx),
    ".odt": Format(read_odt),
    ".rtf": Format(read_rtf),
    ".pdf": Format(read_pdf),
    ".srt": Format(read_subtitles),
    ".vtt": Format(read_subtitles),
    ".epub": Format(read_epub, several=True),
    ".eml": Format(read_eml, several=True),
    ".msg": Format(read_msg, several=True),
    ".json": Format(read_json, several=True),
    ".jsonl": Format(read_jsonl, True, count_jsonl),
    ".ndjson": Format(read_jsonl, True, count_jsonl),
    ".csv": Format(read_csv, several=True),
    ".tsv": Format(read_tsv, several=True),
    ".xlsx": Format(read_sheets, several=True),
    ".xls": Format(read_sheets, several=True),
    ".ods": Format(read_sheets, several=True),
    ".parquet": Format(read_parquet, True, count_parquet, needs="pyarrow"),
    ".zip": Format(read_zip, several=True),
}
SUFFIXES = tuple(FORMATS)  # each also with .gz
_LITTER = ("._", "~$")  # what macOS and Office keep beside files, under their suffix
_ADVICE = {".doc": "save it as .docx", ".ppt": "save it as .pdf", ".pptx": "save it as .pdf"}


def suffix_of(name: str) -> str:
    """The one of FORMATS that a file's name ends in, before a .gz, or nothing."""
    name = name.lower().removesuffix(".gz")
    if name.rpartition("/")[2].startswith(_LITTER):
        return ""
    return next((suffix for suffix in FORMATS if name.endswith(suffix) and name != suffix), "")


def is_read(name: str) -> bool:
    """Whether a file of this name can be read here, also for the library that it needs."""
    needs = FORMATS[found].needs if (found := suffix_of(name)) else None
    return bool(found) and (needs is None or find_spec(needs) is not None)


def suffix_in(name: str) -> str:
    """What stands for a name's kind, known or not."""
    return PurePosixPath(name.lower().removesuffix(".gz")).suffix or "no suffix"


def passed_over(where: str) -> Failure:
    """What to tell of a file that is of no such kind."""
    suffix = suffix_in(where)
    if PurePosixPath(where).name.startswith(_LITTER):
        return Failure(where, "is what another program keeps for itself", passed_over=True)
    advice = f"; {_ADVICE[suffix]}" if suffix in _ADVICE else ""
    return Failure(where, f"is of no kind that is read here ({suffix}){advice}", passed_over=True)
