"""Briefs for many articles at once.

    python -m service.batch INPUT... --output OUT.jsonl

INPUT is a .txt file (one article), a .jsonl file (one article a line), or a folder of them. One record an article
goes to OUT.jsonl, in the order of the inputs. What cannot be read or translated is listed at the end and stops
nothing; the exit status is then 3.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TextIO

from tqdm import tqdm

from models.errors import InputError, MujazError
from models.pipeline import MAX_SENTENCES, Pipeline
from models.types import Document
from service.config import Settings
from service.core import SUMMARIZERS, brief_record, check_text, load_pipeline
from service.store import DATABASE, Store

log = logging.getLogger("mujaz")

FIELDS = ("id", "title", "brief", "translation", "model", "signature")  # of a record, in this order


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that gave no brief: where it stood, and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class JsonFields:
    """The names under which a .jsonl line keeps its text, id and title."""

    text: str = "text"
    id: str = "id"
    title: str = "title"


def read_txt(path: Path, name: str, fields: JsonFields) -> Iterator[Document | Failure]:
    """A text file is one article; its id is its name."""
    try:
        yield Document(name, path.read_bytes().decode("utf-8-sig"))  # line ends as they are: offsets count them
    except UnicodeDecodeError as error:
        yield Failure(name, f"is not UTF-8 (byte {error.start})")


def read_jsonl(path: Path, name: str, fields: JsonFields) -> Iterator[Document | Failure]:
    """One article a line; a line that cannot be used is a failure of its own."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _from_line(line, f"{name}:{number}", fields)


def _from_line(line: bytes, where: str, fields: JsonFields) -> Document | Failure:
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return Failure(where, f"is not UTF-8 (byte {error.start} of the line)")
    except (ValueError, RecursionError) as error:
        return Failure(where, f"is not JSON: {error}")
    if not isinstance(value, dict):
        return Failure(where, "is not a JSON object")
    text, title, key = value.get(fields.text), value.get(fields.title), value.get(fields.id)
    if not isinstance(text, str):
        found = ", ".join(value) or "no field"
        return Failure(where, f"has no text in the field {fields.text!r} (found: {found}); see --text-field")
    if not isinstance(title, str | None):
        return Failure(where, f"the field {fields.title!r} is no text; see --title-field")
    if isinstance(key, bool) or not isinstance(key, str | int | None):
        return Failure(where, f"the field {fields.id!r} is neither text nor a whole number; see --id-field")
    return Document(where if key is None else str(key), text, title)


READERS: dict[str, Callable[[Path, str, JsonFields], Iterator[Document | Failure]]] = {
    ".txt": read_txt,
    ".jsonl": read_jsonl,
}


def find_files(inputs: Sequence[Path]) -> tuple[list[tuple[Path, str]], list[Failure]]:
    """(file, name) of every article file: those given, and those in given folders, sorted, at any depth.

    Names are relative to the one input, or with several inputs as they were given. What cannot be looked at comes
    back as failures. Raises InputError for a path that does not exist, is of no known kind, or a folder without
    articles.
    """
    known = ", ".join(READERS)
    found: list[tuple[Path, str]] = []
    failures: list[Failure] = []
    for path in inputs:
        if path.is_dir():
            inside = sorted(_walk(path, failures))
            if not inside:
                raise InputError("INPUT", f"{path} holds no {known} file")
            found += [(p, _name(p if len(inputs) > 1 else p.relative_to(path))) for p in inside]
        elif not path.is_file():
            raise InputError("INPUT", f"{path} does not exist")
        elif path.suffix.lower() not in READERS:
            raise InputError("INPUT", f"{path} is of no kind that is read here; choose {known} or a folder")
        else:
            found.append((path, _name(path if len(inputs) > 1 else Path(path.name))))
    return found, failures


def _walk(folder: Path, failures: list[Failure]) -> Iterator[Path]:
    """Article files in a folder at any depth, through links too, each folder once."""

    def unreadable(error: OSError) -> None:
        failures.append(Failure(_name(Path(error.filename)), f"cannot be read: {error.strerror}"))

    seen: set[Path] = set()
    for top, folders, files in os.walk(folder, followlinks=True, onerror=unreadable):
        folders[:] = [name for name in folders if (Path(top) / name).resolve() not in seen]
        seen.update((Path(top) / name).resolve() for name in folders)
        yield from (Path(top) / name for name in files if Path(name).suffix.lower() in READERS)


def _name(path: Path) -> str:
    """A path as text, also where the file system holds bytes that are no UTF-8."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


def read_articles(files: Iterable[tuple[Path, str]], fields: JsonFields) -> Iterator[Document | Failure]:
    """Every article of the files, in order; a file that cannot be read is a failure."""
    for path, name in files:
        try:
            yield from READERS[path.suffix.lower()](path, name, fields)
        except OSError as error:
            yield Failure(name, f"cannot be read: {error.strerror}")


def count_articles(files: Iterable[tuple[Path, str]]) -> int:
    """How many articles and broken lines `read_articles` will give, for a progress bar."""
    total = 0
    for path, _ in files:
        try:
            with path.open("rb") as lines:
                total += sum(1 for line in lines if line.strip()) if path.suffix.lower() == ".jsonl" else 1
        except OSError:
            total += 1
    return total


def make_records(
    articles: Iterable[Document | Failure], pipeline: Pipeline, summarizer: str, sentences: int, max_chars: int
) -> Iterator[dict | Failure]:
    """A record or a failure for each article, in order, lazily."""
    seen = set()
    for article in articles:
        if isinstance(article, Failure):
            yield article
        elif article.id in seen:
            yield Failure(article.id, "another article before it has the same id")
        elif len(article.text) > max_chars:
            yield Failure(article.id, f"has {len(article.text):,} characters; at most {max_chars:,} (MUJAZ_MAX_CHARS)")
        else:
            seen.add(article.id)
            yield _record(article, pipeline, summarizer, sentences)


def _record(article: Document, pipeline: Pipeline, summarizer: str, sentences: int) -> dict | Failure:
    try:
        for field, value in (("id", article.id), ("title", article.title or ""), ("text", article.text)):
            check_text(field, value)
        job = pipeline.start(article, summarizer=summarizer, limit=sentences)
        record = brief_record(article, job.brief(), pipeline.translator.info)
    except InputError as error:
        return Failure(article.id.encode("utf-8", "backslashreplace").decode(), f"{error.field} {error.detail}")
    except Exception as error:  # one article must not stop the others
        log.exception("article %s", article.id)
        return Failure(article.id, f"{type(error).__name__}: {error}")
    return {field: record[field] for field in FIELDS}


def main(argv: list[str] | None = None) -> int:
    """The command line; returns the exit status.

    0: all done; 2: nothing was written; 3: some articles failed; 4: the output could not be written to its end;
    130: interrupted.
    """
    args = _arguments(argv)
    try:
        files, failures = find_files(args.input)
        if args.output.exists():
            raise InputError("--output", f"{args.output} exists already; nothing was changed")
        settings = Settings.from_environment()
        pipeline = load_pipeline(settings, Store(settings.data / DATABASE))
        output = args.output.open("x", encoding="utf-8")
    except (MujazError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    fields = JsonFields(args.text_field, args.id_field, args.title_field)
    results = make_records(
        chain(failures, read_articles(files, fields)), pipeline, args.summarizer, args.sentences, settings.max_chars
    )
    bar = tqdm(total=count_articles(files) + len(failures), unit=" articles", disable=None)  # on a terminal only
    with output, bar:
        return _write(results, output, bar)


def _write(results: Iterator[dict | Failure], output: TextIO, bar: tqdm) -> int:
    """Write the records, then tell what failed and how much was done; returns the exit status."""
    started, done, sentences, status = time.monotonic(), 0, 0, 0
    failures: list[Failure] = []
    try:
        for result in results:
            bar.update()
            if isinstance(result, Failure):
                failures.append(result)
                continue
            output.write(json.dumps(result, ensure_ascii=False) + "\n")
            output.flush()
            done += 1
            sentences += len(result["translation"]["sentences"])
        status = 3 if failures else 0
    except KeyboardInterrupt:
        status = 130
        print("interrupted: the output holds what was done so far", file=sys.stderr)
    except OSError as error:
        status = 4
        print(f"--output: {error}; its last line may be incomplete", file=sys.stderr)
    bar.close()
    for failure in failures:
        print(f"failed: {failure.where}: {failure.reason}", file=sys.stderr)
    taken = f"{time.monotonic() - started:.1f} s"
    print(f"{done} briefs ({sentences} sentences) in {output.name}, {len(failures)} failed, {taken}", file=sys.stderr)
    return status


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m service.batch", description="Briefs for many articles at once.")
    parser.add_argument("input", nargs="+", type=Path, help=f"a {' or '.join(READERS)} file, or a folder of them")
    parser.add_argument("--output", required=True, type=Path, help="the .jsonl file to write; must not exist yet")
    parser.add_argument("--sentences", type=int, default=3, choices=range(1, MAX_SENTENCES + 1), metavar="1-10")
    parser.add_argument("--summarizer", default="extractive", choices=SUMMARIZERS)
    parser.add_argument("--text-field", default="text", help="field of a .jsonl line that holds the article")
    parser.add_argument("--id-field", default="id", help="field that holds its id (default: FILE:LINE)")
    parser.add_argument("--title-field", default="title", help="field that holds its title, if it has one")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
