"""What a running job has done that is not in the database yet, and word that there is something new."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from models.callers import Caller
from models.types import Document, Translation
from service.records import sentence_record


class Stopped(BaseException):
    """The job is to stop. No Exception, so that nothing on the way takes it for the failure of an article."""


class News:
    """Counts what there is to tell of all jobs, and wakes those who wait for more."""

    def __init__(self) -> None:
        self.count = 0
        self._changed = threading.Condition()

    def tell(self) -> None:
        """There is something new."""
        with self._changed:
            self.count += 1
            self._changed.notify_all()

    def after(self, count: int, seconds: float) -> bool:
        """Wait until there is more than `count`; False if nothing came in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self.count != count, seconds)


@dataclass(eq=False)
class Live(Caller):
    """`sentences` are those of the article on its way, number `article`; `done` counts all since the job was taken up.
    The job's thread alone changes it, but for `stop` and what is `drafted`."""

    news: News
    stop: bool = False
    article: int = -1
    sentences: list[dict[str, Any]] = field(default_factory=list)
    done: int = 0
    waits: str | None = None  # for what, if nothing goes on
    began: float = field(default_factory=time.monotonic)
    _drafts: dict[str, str] = field(default_factory=dict)

    def check(self) -> None:
        """See `models.callers.Caller`: what waits for a sentence is asked too."""
        if self.stop:
            raise Stopped

    def drafted(self, source: str, text: str) -> None:
        """See `models.callers.Caller`."""
        if not self.done:
            self._drafts = {**self._drafts, source: text}
            self.news.tell()

    @property
    def drafts(self) -> list[dict[str, str]]:
        """Until a sentence is done, what the first search made of the first ones: something to read soon."""
        return [{"source": source, "text": text} for source, text in self._drafts.items()] if not self.done else []

    def tell(self, document: Document, found: Translation) -> None:
        """A sentence is there (see `models.bulk`). Raises Stopped."""
        self.check()
        if self.article != int(document.id):
            self.sentences, self.article = [], int(document.id)
        if found.sentence.index == len(self.sentences):  # else it is told for the second time
            self.sentences.append(sentence_record(found))
            self.done += 1
            self.news.tell()

    def kept(self) -> None:
        """The article is in the database."""
        self.article, self.sentences = -1, []
        self.news.tell()

    def wait_for(self, what: str | None) -> None:
        """Nothing goes on before `what`; None: it does."""
        self.waits = what
        self.news.tell()

    def sentences_of(self, article: int) -> list[dict[str, Any]]:
        """Those of an article that are done, if it is the one on its way."""
        found = self.sentences  # a list of one article only, even if that is another by now
        return found if self.article == article else []

    def seconds_left(self, sentences: int) -> float | None:
        """How long so many sentences will take at the speed so far; None where nothing is measured yet."""
        return round(sentences * (time.monotonic() - self.began) / self.done, 1) if self.done else None
