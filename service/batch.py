"""Briefs for many articles at once.

    python -m service.batch INPUT... --output OUT.jsonl

INPUT is a .txt file (one article), a .jsonl file (one article a line), or a folder of them. One record an article
goes to OUT.jsonl, in the order of the inputs. What cannot be read or translated is listed at the end and stops
nothing; the exit status is then 3.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from models.errors import InputError, MujazError
from models.pipeline import MAX_SENTENCES, Pipeline
from models.types import Document
from service.config import Settings
from service.core import SUMMARIZERS, brief_record, check_text, load_pipeline
from service.store import Store

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
        yield Document(name, path.read_text(encoding="utf-8-sig"))
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
    text, title = value.get(fields.text), value.get(fields.title)
    if not isinstance(text, str):
        found = ", ".join(value) or "no field"
        return Failure(where, f"has no text in the field {fields.text!r} (found: {found}); see --text-field")
    return Document(str(value.get(fields.id, where)), text, title if isinstance(title, str) else None)


READERS: dict[str, Callable[[Path, str, JsonFields], Iterator[Document | Failure]]] = {
    ".txt": read_txt,
    ".jsonl": read_jsonl,
}


def find_files(inputs: Iterable[Path]) -> list[tuple[Path, str]]:
    """(file, name) of every article file: those given, and those in given folders, sorted, at any depth.

    Raises InputError for a path that does not exist, is of no known kind, or a folder without articles.
    """
    known = ", ".join(READERS)
    found: list[tuple[Path, str]] = []
    for path in inputs:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in READERS and p.is_file())
            if not inside:
                raise InputError("INPUT", f"{path} holds no {known} file")
            found += [(p, p.relative_to(path).as_posix()) for p in inside]
        elif not path.is_file():
            raise InputError("INPUT", f"{path} does not exist")
        elif path.suffix.lower() not in READERS:
            raise InputError("INPUT", f"{path} is of no kind that is read here; choose {known} or a folder")
        else:
            found.append((path, path.name))
    return found


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
    articles: Iterable[Document | Failure], pipeline: Pipeline, summarizer: str, sentences: int
) -> Iterator[dict | Failure]:
    """A record or a failure for each article, in order, lazily."""
    for article in articles:
        if isinstance(article, Failure):
            yield article
            continue
        try:
            check_text("text", article.text + (article.title or "") + article.id)
            job = pipeline.start(article, summarizer=summarizer, limit=sentences)
            record = brief_record(article, job.brief(), pipeline.translator.info)
        except InputError as error:
            yield Failure(article.id, f"{error.field} {error.detail}")
        else:
            yield {field: record[field] for field in FIELDS}


def main(argv: list[str] | None = None) -> int:
    """The command line; returns the exit status: 0, 2 (nothing was done) or 3 (some articles failed)."""
    args = _arguments(argv)
    try:
        files = find_files(args.input)
        if args.output.exists():
            raise InputError("--output", f"{args.output} exists already; nothing was changed")
        settings = Settings.from_environment()
        pipeline = load_pipeline(settings, Store(settings.data / "mujaz.sqlite3"))
        with args.output.open("x", encoding="utf-8") as output:
            return _run(args, files, pipeline, output)
    except (MujazError, OSError) as error:
        print(error, file=sys.stderr)
    return 2


def _run(args: argparse.Namespace, files: list[tuple[Path, str]], pipeline: Pipeline, output) -> int:
    started, done, sentences, failures = time.monotonic(), 0, 0, []
    articles = read_articles(files, JsonFields(args.text_field, args.id_field, args.title_field))
    bar = tqdm(total=count_articles(files), unit=" articles", disable=None)  # None: shown on a terminal only
    for result in make_records(articles, pipeline, args.summarizer, args.sentences):
        bar.update()
        if isinstance(result, Failure):
            failures.append(result)
            continue
        output.write(json.dumps(result, ensure_ascii=False) + "\n")
        output.flush()
        done += 1
        sentences += len(result["translation"]["sentences"])
    bar.close()
    for failure in failures:
        print(f"failed: {failure.where}: {failure.reason}", file=sys.stderr)
    print(
        f"{done} briefs ({sentences} sentences) in {args.output}, {len(failures)} failed, "
        f"{time.monotonic() - started:.1f} s",
        file=sys.stderr,
    )
    return 3 if failures else 0


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
