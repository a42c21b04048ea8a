"""Many documents at once: their sentences share batches, and the engine never waits for Python.

A window is some hundred sentences of as many documents as it takes. While the engine decodes one, the next is split
into sentences and queued, and the one before is summarized; no more than that is ever held, however many documents
there are.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from models.errors import InputError
from models.pipeline import Job, Pipeline
from models.types import Brief, Document, Sentence, Translation

WINDOW = 512  # sentences
AHEAD = 2  # windows in the engine's queue: the second fills the cores that the last batches of the first leave idle

Outcome = tuple[Document, Brief | Exception]


@dataclass
class _Window:
    """Documents that are translated together. `known` answers what an earlier window is translating already."""

    jobs: list[tuple[Document, Job | Exception]] = field(default_factory=list)
    sentences: dict[str, Sentence] = field(default_factory=dict)
    known: dict[str, _Window] = field(default_factory=dict)
    size: int = 0
    coming: Iterator[Translation] = field(default_factory=lambda: iter(()))
    found: dict[str, Translation] = field(default_factory=dict)

    def find(self, sentence: Sentence) -> Translation:
        """The translation of an equal sentence, as one of `sentence`; raises what stopped the engine."""
        window = self.known.get(sentence.text, self)
        window.found.update((t.sentence.text, t) for t in window.coming)
        return replace(window.found[sentence.text], sentence=sentence)


def briefs(
    pipeline: Pipeline,
    documents: Iterable[Document],
    *,
    summarizer: str = "extractive",
    limit: int = 3,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[list[Outcome]]:
    """The brief of every document, or what stopped it, lazily and in order: a list for each window.

    One document's failure is no other's: a window that fails as a whole is done again document by document. Once
    `stopped` says so, what the engine has is finished and nothing more is given to it.
    """
    waiting: deque[_Window] = deque()
    for window in _windows(pipeline, documents, waiting, summarizer, limit):
        if stopped():
            break
        with suppress(Exception):  # its documents are tried one by one, and tell then what was wrong
            window.coming = pipeline.begin(list(window.sentences.values()))
        waiting.append(window)
        if len(waiting) > AHEAD:
            yield _finish(pipeline, waiting[0])
            waiting.popleft()
    while waiting:
        yield _finish(pipeline, waiting[0])
        waiting.popleft()


def _windows(
    pipeline: Pipeline, documents: Iterable[Document], waiting: Iterable[_Window], summarizer: str, limit: int
) -> Iterator[_Window]:
    window = _Window()
    for document in documents:
        try:
            job = pipeline.start(document, summarizer=summarizer, limit=limit)
        except InputError as error:
            window.jobs.append((document, error))
            continue
        window.jobs.append((document, job))
        window.size += len(job.wanted)
        for sentence in job.wanted:
            earlier = next((w for w in waiting if sentence.text in w.sentences), None)
            if earlier:
                window.known[sentence.text] = earlier
            else:
                window.sentences.setdefault(sentence.text, sentence)
        if window.size >= WINDOW:
            yield window
            window = _Window()
    if window.jobs:
        yield window


def _finish(pipeline: Pipeline, window: _Window) -> list[Outcome]:
    return [(document, _brief(pipeline, window, job)) for document, job in window.jobs]


def _brief(pipeline: Pipeline, window: _Window, job: Job | Exception) -> Brief | Exception:
    if isinstance(job, Exception):
        return job
    try:
        try:
            job.take([window.find(sentence) for sentence in job.wanted])
        except Exception:  # the window's, and maybe through another document: this one once more, alone
            job.take(pipeline.translate(job.wanted))
        return job.brief()
    except Exception as error:
        return error
