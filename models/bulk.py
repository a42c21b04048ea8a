"""Many documents at once: their sentences are one stream, so that they share batches.

How far the stream is read ahead (`ahead`) is all that is held, however many documents there are.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

from models.errors import InputError
from models.pipeline import Job, Pipeline
from models.types import USUAL, Brief, Document, Sentence, Translation, Wish

Outcome = tuple[Document, Brief | Exception]
Tell = Callable[[Document, Translation], None]


class _Failed(Exception):
    """A sentence of an article could not be translated beside others."""


def briefs(
    pipeline: Pipeline, documents: Iterable[Document], wish: Wish = USUAL, tell: Tell = lambda document, found: None
) -> Iterator[Outcome]:
    """The brief of every document, or what stopped it, lazily and in order, each as soon as its last sentence is there.

    One document's failure is no other's: where a sentence fails, its document is done once more, alone. `tell` is
    called with each sentence of a text as it comes; of a document that is done once more, twice.
    """
    begun: deque[Job | Outcome] = deque()

    def sentences() -> Iterator[Sentence]:
        for document in documents:
            try:
                job = pipeline.start(document, wish)
            except InputError as error:
                begun.append((document, error))
            else:
                begun.append(job)
                yield from job.wanted

    stream = pipeline.outcomes(sentences())
    try:
        for first in stream:
            while not isinstance(job := begun.popleft(), Job):  # refused; none of the stream is its
                yield job
            found = chain([first], islice(stream, len(job.wanted) - 1))
            yield job.document, _brief(pipeline, job, found, wish, tell)
        yield from (refused for refused in begun if not isinstance(refused, Job))
    finally:
        stream.close()  # what nobody waits for any more is not translated


def _brief(
    pipeline: Pipeline, job: Job, found: Iterator[Translation | Exception], wish: Wish, tell: Tell
) -> Brief | Exception:
    try:
        try:
            job.take(map(_sound, found))
            _tell_all(job, tell)
        except _Failed:
            deque(found, maxlen=0)
            job = pipeline.start(job.document, wish)
            _tell_all(job, tell)
        return job.brief()
    except Exception as error:
        return error


def _sound(found: Translation | Exception) -> Translation:
    if isinstance(found, Exception):
        raise _Failed from found
    return found


def _tell_all(job: Job, tell: Tell) -> None:
    for translation in job:
        tell(job.document, translation)
