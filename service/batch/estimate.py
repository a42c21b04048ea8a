"""What a batch run would take: its articles counted, a small sample of their sentences timed."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from pathlib import Path

from models.errors import InputError
from models.pipeline import Pipeline
from models.types import Document, Sentence
from service.articles.readers import Failure
from service.batch.journal import Journal, journal_folder, key_of
from service.batch.run import Item, Order, reason_against
from service.output.durations import duration

SAMPLE = 64  # sentences


class _Reservoir:
    """A fair sample of all that it is given, in fixed memory."""

    def __init__(self) -> None:
        self.kept: list[Sentence] = []
        self._seen = 0
        self._random = random.Random(1)  # noqa: S311 - a sample, no secret

    def add(self, sentence: Sentence) -> None:
        self._seen += 1
        if len(self.kept) < SAMPLE:
            self.kept.append(sentence)
        elif (place := self._random.randrange(self._seen)) < SAMPLE:
            self.kept[place] = sentence


def estimate(items: Iterable[Item], pipeline: Pipeline, order: Order, output: Path) -> str:
    """The counts and the time, a line each. Nothing is written; an interrupted run's journal is counted as done."""
    signature = pipeline.signature(order.wish)
    done = Journal.keys(journal_folder(output))
    sample, ids = _Reservoir(), set[str]()
    articles = failed = passed_over = before = sentences = characters = words = 0
    for _, item in items:
        if isinstance(item, Failure) or reason_against(item, ids, order):
            unread = isinstance(item, Failure) and item.passed_over
            failed, passed_over = failed + (not unread), passed_over + unread
            continue
        ids.add(item.id)
        if bytes.fromhex(key_of(item, signature)) in done:
            before += 1
            continue
        found = _sentences(pipeline, item, order)
        articles, failed = articles + bool(found), failed + (not found)
        sentences, characters = sentences + len(found), characters + len(item.text)
        for sentence in found:
            words += len(sentence.text.split())
            sample.add(sentence)
    rows = [(articles, "articles to do"), (before, "done before"), (failed, "that cannot be used")]
    rows += [(passed_over, "files not read")] if passed_over else []
    rows += [(sentences, "sentences"), (words, "words"), (characters, "characters")]
    lines = [f"{n:>12,}  {name}" for n, name in rows]
    if sample.kept:
        rate = _rate(pipeline, sample.kept)
        lines.append(f"{rate:>12.0f}  words a second, measured on {len(sample.kept)} of these sentences")
        lines.append(f"{duration(words / rate):>12}  to translate them all; less where sentences come twice")
    return "\n".join(lines)


def _sentences(pipeline: Pipeline, document: Document, order: Order) -> list[Sentence]:
    try:
        return pipeline.start(document, order.wish).wanted
    except InputError:
        return []


def _rate(pipeline: Pipeline, sample: list[Sentence]) -> float:
    """Source words a second, the engine having been warmed up."""
    for coming in pipeline.translator.begin(sample[:2]):
        coming.result()
    started = time.perf_counter()
    for coming in pipeline.translator.begin(sample):
        coming.result()
    return sum(len(s.text.split()) for s in sample) / (time.perf_counter() - started)
