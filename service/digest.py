"""Several articles on one story: what they agree on, where figures differ, what only one says.

    python -m service.digest FILE...          a digest to read
    python -m service.digest FILE... --json   as POST /api/v1/digests answers

A FILE is a JSONL output of the batch script, or articles in any format that it reads; these are translated first.
The comparison is of the Arabic. What it cannot do stands at its end.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from models import places
from models.command_line import command
from models.errors import InputError, MujazError
from models.stories.in_words import figure, thing
from service.articles.readers import SUFFIXES, Failure, Fields, Source, find_sources, read
from service.comparison import comparison
from service.config import Settings
from service.core import load_pipeline
from service.output.remarks import notes, parts, warning
from service.records import brief_record
from service.store.briefs import Store
from service.store.database import DATABASE

Record = dict[str, Any]
HEADINGS = {"agree": "TOLD BY SEVERAL", "differ": "WHERE THEY DIFFER", "only": "ONLY ONE SAYS"}


@command
def main(argv: list[str] | None = None) -> Generator[str, None, int]:
    """The command line; returns the exit status: 0, 2 (nothing was compared) or 3 (some articles could not be read)."""
    args = _arguments(argv)
    records, failures = gather(args.files, Settings.from_environment())
    for failure in failures:
        print(f"{'not read' if failure.passed_over else 'failed'}: {failure.where}: {failure.reason}", file=sys.stderr)
    try:
        found = comparison(records, args.one_story)
    except InputError as error:
        raise MujazError(error.detail) from error  # no field of a request
    yield from [json.dumps(found, ensure_ascii=False, indent=1)] if args.json else _text(found)
    return 3 if any(not failure.passed_over for failure in failures) else 0


def gather(files: Sequence[Path], settings: Settings) -> tuple[list[Record], list[Failure]]:
    """(the records in the files and of the articles in them, what could not be read). Raises InputError, OSError."""
    sources, failures = find_sources(files)
    records: list[Record] = []
    articles: list[Source] = []
    for source in sources:
        if source.path and source.path.suffix == ".jsonl" and _holds_briefs(source.path):
            records += _records(source.path, source.name)
        else:
            articles.append(source)
    if articles:
        made, failed = _briefs(articles, settings)
        records += made
        failures += failed
    return records, failures


def _holds_briefs(path: Path) -> bool:
    """Whether a file's first line is a record of the batch script rather than an article."""
    with path.open(encoding="utf-8", errors="replace") as file:
        line = next((line for line in file if line.strip()), "")
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and "translation" in value and "text" not in value


def _records(path: Path, name: str) -> Iterator[Record]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                try:
                    record = json.loads(line)
                    sentences = [(s["source"], s["text"], s["flags"]) for s in record["translation"]["sentences"]]
                    named = (record["id"], record["title"]["source"], record["title"]["text"], record["model"]["name"])
                    for said in (record["title"], *record["translation"]["sentences"]):
                        list(notes(said)), parts(said)
                except (AttributeError, ValueError, KeyError, TypeError, RecursionError):
                    raise InputError(f"{name}:{number}", "is no record of the batch script") from None
                if not all(isinstance(part, str) for part in (*named, *(s for pair in sentences for s in pair[:2]))):
                    raise InputError(f"{name}:{number}", "is no record of the batch script")
                yield {**record, "outlet": record["id"]}


def _briefs(sources: list[Source], settings: Settings) -> tuple[list[Record], list[Failure]]:
    pipeline = load_pipeline(settings, Store(settings.data / DATABASE))
    records, failures = [], []
    for item in read(sources, Fields(), None, lambda where, told: print(f"note: {where}: {told}", file=sys.stderr)):
        if isinstance(item, Failure):
            failures.append(item)
            continue
        try:
            made = brief_record(item, pipeline.start(item).brief(), pipeline.translator.info)
        except InputError as error:
            failures.append(Failure(item.id, error.detail))
        else:
            records.append({**made, "created_at": "", "outlet": item.id})
    return records, failures


def _text(found: Record) -> Iterator[str]:
    for model in found["models"]:
        yield f"Translated by {model['name']} {model['version']} ({model['quality'] or 'quality not measured'})."
        yield warning(model["warning"])
    for number, story in enumerate(found["stories"], start=1):
        yield f"\nSTORY {number}: {len(story['articles'])} articles\n"
        yield from chain.from_iterable(map(_article, story["articles"]))
        for part, heading in HEADINGS.items():
            yield f"\n{heading}\n"
            if not story[part]:
                yield "Nothing was found."
            for line in story[part]:
                yield from _line(part, line)
        for left in story["rest"]:
            numbers = ", ".join(str(index + 1) for index in left["sentences"])
            yield f"Not compared here: {left['id']} [{numbers}]"
    if found["alone"]:
        yield "\nON NO STORY OF THESE\n"
        yield from chain.from_iterable(map(_article, found["alone"]))
    yield "\nWHAT THIS CANNOT DO\n"
    yield from found["limits"]


def _article(article: Record) -> Iterator[str]:
    title = article["title"]
    yield f"- {_flat(article['outlet'])}: {_flat(title['text'])} / {_flat(title['source'])}"
    for words, serious in notes(title):
        yield f"  {'WARNING' if serious else 'Note'}: {_flat(words)}"


def _line(part: str, line: Record) -> Iterator[str]:
    if part == "differ":
        what = (
            "one denies or says that it was not so"
            if line["kind"] == "denial"
            else thing(line["counted"] or "a figure")
        )
        yield f"* {what}{' (rounded or a bound: both may be right)' if line['rough'] else ''}"
        for value in line["values"]:
            yield f"  {_figure(value['figure']) if value['figure'] else 'denied' if value['denies'] else 'not denied'}:"
            yield from _sources(value["sources"])
        return
    if part == "agree":
        figures = " and ".join(map(_figure, line["figures"]))
        told = f"the same figure: {figures}" if figures else "in like words"
        notes = (("differs", "; another figure in these sentences differs"), ("word_for_word", "; word for word"))
        yield f"* {told}{''.join(words for name, words in notes if line[name])}"
    yield from _sources(line["sources"])


def _figure(of: Record) -> str:
    return f"{figure(of)} ({of['said']})"


def _sources(sources: Iterable[Record]) -> Iterator[str]:
    for source in sources:
        where = "title" if source["index"] is None else source["index"] + 1
        yield f"  - {_flat(source['outlet'])} [{where}]: {_flat(source['text'])}"
        yield f"    {_flat(source['source'])}"
        for words, serious in notes(source):
            yield f"    {'WARNING' if serious else 'Note'}: {_flat(words)}"


def _flat(text: str) -> str:
    """`text` on one line, without characters that command a terminal."""
    return " ".join(re.sub("[\x00-\x1f\x7f-\x9f]", " ", text).split())


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"{places.COMMAND} digest", description="Several articles on one story.")
    kinds = ", ".join(SUFFIXES)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=f"batch output (.jsonl), or {kinds}")
    parser.add_argument("--one-story", action="store_true", help="take all articles as one story")
    parser.add_argument("--json", action="store_true", help="what the API would answer")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
