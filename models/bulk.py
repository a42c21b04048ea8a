"""Many documents at once: their sentences are one stream, so that they share batches.

How far the stream is read ahead (`ahead`) is all that is held, however many documents there are.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice

from models.errors import InputError
from models.pipeline import Job, Pipeline
from models.types import USUAL, Brief, Document, Sentence, Translation, Wish

Outcome = tuple[Document, Brief | Exception]


def briefs(pipeline: Pipeline, documents: Iterable[Document], wish: Wish = USUAL) -> Iterator[Outcome]:
    """The brief of every document, or what stopped it, lazily and in order, each as soon as its last sentence is there.

    One document's failure is no other's: where a sentence fails, its document is done once more, alone.
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
    for first in stream:
        while not isinstance(job := begun.popleft(), Job):  # refused; none of the stream is its
            yield job
        yield job.document, _brief(job, [first, *islice(stream, len(job.wanted) - 1)])
    yield from (refused for refused in begun if not isinstance(refused, Job))


def _brief(job: Job, found: list[Translation | Exception]) -> Brief | Exception:
    translations = [one for one in found if isinstance(one, Translation)]
    try:
        if len(translations) == len(found):
            job.take(translations)  # else it asks the pipeline once more
        return job.brief()
    except Exception as error:
        return error
