"""One batch run: articles in, journal, output. It can stop anywhere; the same run begun again goes on.

The inputs are read from their beginning in every run. Each article's place in the output is written to a list on disk;
what the journal holds is passed over, the rest goes to an engine, and what comes back goes to the journal. At the end
the output is written in one pass over the list. So it depends on the inputs and the signature alone, not on when the
run was interrupted, and only the list's keys are ever held in memory.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from models import bulk
from models.errors import InputError
from models.pipeline import Pipeline
from models.types import USUAL, Brief, Document, Wish
from service.articles.kinds import suffix_in
from service.articles.readers import Failure
from service.batch.journal import Journal, key_of
from service.batch.progress import Progress
from service.output import writers
from service.output.spelling_report import Spellings, names_file
from service.records import brief_record, check_text

log = logging.getLogger("mujaz")

FIELDS = ("title", "brief", "translation", "model", "signature")  # of a record, after its id and file
MAX_TOLD = 20  # failures that are printed; all are in OUT.failed.jsonl

Item = tuple[str, Document | Failure]  # the file's name, and what was read there
Result = tuple[str, dict[str, Any] | str]  # an article's key, and its record or why there is none
# Takes articles whose id is their key, and what says whether to stop: then it finishes what it has in hand.
Engine = Callable[[Iterable[Document], Callable[[], bool]], Iterator[list[Result]]]


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of every article."""

    wish: Wish = USUAL
    max_chars: int = 200_000


def local_engine(pipeline: Pipeline, order: Order) -> Engine:
    """Translates in this process, sentences of many articles together. What stops a run ends the articles too."""

    def run(articles: Iterable[Document], _: Callable[[], bool]) -> Iterator[list[Result]]:
        for document, brief in bulk.briefs(pipeline, articles, order.wish):
            yield [(document.id, _record(pipeline, document, brief))]

    return run


def _record(pipeline: Pipeline, document: Document, brief: Brief | Exception) -> dict[str, Any] | str:
    if isinstance(brief, InputError):
        return f"{brief.field} {brief.detail}"
    if isinstance(brief, Exception):  # one article must not stop the others
        log.error("an article failed", exc_info=brief)
        return f"{type(brief).__name__}: {brief}"
    record = brief_record(document, brief, pipeline.translator.info)
    return {field: record[field] for field in FIELDS}


class Run:
    """The articles of one run on their way. `stop` ends it early: what the engine holds is still finished."""

    def __init__(
        self,
        output: Path,
        journal: Journal,
        progress: Progress,
        signature: str,
        order: Order,
        original: Callable[[str], str] | None = None,
    ) -> None:
        """`original` gives the text of an input by its name, for formats that need it."""
        self._original = original
        self._output, self._journal, self._progress = output, journal, progress
        self.failed = failed_file(output)
        self._signature, self._order = signature, order
        self._list = journal.folder / "list"
        self._reasons: dict[str, str] = {}
        self._begun: set[str] = set()  # keys of articles that the engine has
        self.stop = False

    def work(self, items: Iterable[Item], engine: Engine | None) -> None:
        """Read every item; with an engine, do what the journal does not hold."""
        with self._list.open("w", encoding="utf-8") as listed:
            todo = self._sift(items, listed.write)
            for results in engine(todo, lambda: self.stop) if engine else ([] for _ in todo):
                self._journal.append((key, found) for key, found in results if isinstance(found, dict))
                for key, found in results:
                    self._begun.discard(key)
                    if isinstance(found, dict):
                        self._progress.counts.add(found)
                    else:
                        self._reasons[key] = found
                        self._progress.counts.failed += 1
                self._progress.update()

    def _sift(self, items: Iterable[Item], put: Callable[[str], object]) -> Iterator[Document]:
        """Note every item in the list; yield the articles to be done, once each, their key as id."""
        ids: set[str] = set()
        counts = self._progress.counts
        for file, item in items:
            if self.stop:
                return
            self._progress.update()
            reason = item.reason if isinstance(item, Failure) else reason_against(item, ids, self._order)
            if isinstance(item, Failure) or reason:
                where = item.where if isinstance(item, Failure) else _printable(item.id)
                entry: dict[str, Any] = {"where": where, "file": file, "reason": reason}
                if isinstance(item, Failure) and item.passed_over:
                    counts.passed_over[suffix_in(where)] += 1
                    entry["passed_over"] = True
                else:
                    counts.failed += 1
                put(json.dumps(entry) + "\n")
                continue
            ids.add(item.id)
            key = key_of(item, self._signature)
            put(json.dumps({"key": key, "id": item.id, "file": file}) + "\n")
            if key in self._journal or key in self._begun or key in self._reasons:
                counts.before += 1
            else:
                self._begun.add(key)
                yield replace(item, id=key)

    def write(self, form: str) -> list[dict]:
        """Write the output, and beside it `failed` if anything failed or was passed over; the first failures."""
        first: list[dict] = []

        def failures() -> Iterator[dict]:
            for entry in self._entries():
                failure = self._failure(entry)
                if failure:
                    if len(first) < MAX_TOLD and not failure.get("passed_over"):
                        first.append(failure)
                    yield failure

        if next(failures(), None):
            first.clear()
            writers.write(self.failed, "jsonl", failures())
        else:
            self.failed.unlink(missing_ok=True)
        self._journal.claim()
        spellings = Spellings()
        writers.write(self._output, form, spellings.watch(self._records()), self._original)
        spellings.write(names_file(self._output))
        return first

    def _records(self) -> Iterator[dict]:
        for entry in self._entries():
            if "key" in entry and entry["key"] in self._journal:
                yield {"id": entry["id"], "file": entry["file"], **self._journal.get(entry["key"])}

    def _failure(self, entry: dict) -> dict | None:
        if "reason" in entry:
            return entry
        if entry["key"] in self._journal:
            return None
        reason = self._reasons.get(entry["key"], "is not done yet")
        return {"where": entry["id"], "file": entry["file"], "reason": reason}

    def _entries(self) -> Iterator[dict]:
        with self._list.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def failed_file(output: Path) -> Path:
    """Where the articles that `output` lacks are listed, with their reasons."""
    return output.with_name(output.name + ".failed.jsonl")


def reason_against(article: Document, ids: Collection[str], order: Order) -> str | None:
    """Why an article cannot be done after those with `ids`, or None."""
    if article.id in ids:
        return "another article before it has the same id"
    if len(article.text) > order.max_chars:
        return f"has {len(article.text):,} characters; at most {order.max_chars:,} (MUJAZ_MAX_CHARS)"
    try:
        for field, value in (("id", article.id), ("title", article.title or ""), ("text", article.text)):
            check_text(field, value)
    except InputError as error:
        return f"{error.field} {error.detail}"
    return None


def _printable(text: str) -> str:
    """Text that can be written out, half of a surrogate pair or not."""
    return text.encode("utf-8", "backslashreplace").decode()
