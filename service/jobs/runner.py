"""What does the jobs: a few threads, which come when there is work and go when there is none.

One takes the oldest job, one the smallest, and one small jobs only: so a large job is not passed over for ever, and a
small one never waits for large ones. All of them go through the one pipeline, beside what is asked for directly.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from flask import current_app
from werkzeug.exceptions import ServiceUnavailable

from models import bulk, callers
from models.errors import InputError, MujazError, NotFound
from models.types import Brief, Document, Wish
from service.articles.readers import Failure
from service.core import Core
from service.jobs.accepting import entries
from service.jobs.live import Live, News, Stopped
from service.store.database import is_full
from service.store.jobs import CANCELLED, DONE, FAILED, LIVE, QUEUED, Jobs, Kept

log = logging.getLogger("mujaz")

SMALL = 200  # sentences
ANY = 2**62
MOST = 1000  # jobs that have not ended
LANES = ((ANY, False), (ANY, True), (SMALL, True))  # (the most sentences of a job, whether the smallest goes first)
AGAIN = 5.0  # seconds until a full disk is tried again
NO_ROOM = "The disk is full; the job goes on when there is room."
T = TypeVar("T")


class Runner:
    """Accepts jobs and does them. `live` has those that run, by number; `readers` counts who may wait for `news`."""

    def __init__(self, core: Core) -> None:
        self.jobs = Jobs(core.store)
        self.live: dict[int, Live] = {}
        self.news = News()
        self.stopping = threading.Event()
        self.readers = threading.Semaphore(max(1, core.settings.connections // 4))
        self._core = core
        self._lock = threading.Lock()
        self._lanes: dict[tuple[int, bool], threading.Thread] = {}
        self._begin, self._begun = threading.Lock(), False
        if self.jobs.newest(1, live=True):
            self._wake()

    def accept(self, given: Sequence[Document | Failure], wish: Wish) -> str:
        """Keep a job, which is done from now on; its id. Raises Invalid, InputError, NotReady or ServiceUnavailable."""
        self._core.check(wish)
        if self.stopping.is_set():
            raise ServiceUnavailable("this server is being stopped; ask again in a while", retry_after=2)
        counts = self.jobs.counts()
        if sum(counts[state] for state in LIVE) >= MOST:
            raise ServiceUnavailable(f"{MOST:,} jobs wait already; try again later", retry_after=60)
        job_id = self.jobs.add(entries(given, self._core.settings.max_chars), wish)
        self._wake()
        return job_id

    def cancel(self, job_id: str) -> None:
        """Stop a job that has not ended, whose briefs so far stay. Raises NotFound."""
        job = self.jobs.get(job_id)
        self.jobs.end(job.number, CANCELLED, "the job was cancelled")
        if live := self.live.get(job.number):
            live.stop = True
        self.news.tell()

    def delete(self, job_id: str) -> None:
        """Cancel a job that has not ended, and forget one that has. Raises NotFound."""
        job = self.jobs.get(job_id)
        self.cancel(job_id) if job.state in LIVE else self.jobs.delete(job.number)

    def rest(self) -> None:
        """Let what runs come to rest; it goes on when the service is started again."""
        self.stopping.set()
        for live in list(self.live.values()):
            live.stop = True
        self.news.tell()

    def stop(self, timeout: float = 20) -> None:
        """Let what runs come to rest, and wait for that."""
        self.rest()
        for thread in list(self._lanes.values()):
            thread.join(timeout)

    def _wake(self) -> None:
        with self._lock:
            for lane in LANES:
                if lane not in self._lanes and not self.stopping.is_set():
                    self._lanes[lane] = threading.Thread(target=self._lane, args=lane, name="jobs", daemon=True)
                    self._lanes[lane].start()

    def _lane(self, most: int, smallest: bool) -> None:
        try:
            self._core.wait()
            with self._begin:
                if not self._begun:
                    self._patiently(self.jobs.requeue)
                    self._begun = True
            while self._has_work(most, smallest):
                if job := self._patiently(lambda: self.jobs.claim(most, smallest)):
                    self._run(job)
        except Stopped:
            pass
        except MujazError as error:
            log.error("no job can be done: %s", error)  # they are kept
        except Exception:
            log.exception("jobs stop until another comes")
            with self._lock:
                del self._lanes[most, smallest]

    def _has_work(self, most: int, smallest: bool) -> bool:
        """If it has none, the lane's thread is at its end."""
        with self._lock:
            if not self.stopping.is_set() and self.jobs.waits(most):
                return True
            del self._lanes[most, smallest]
            return False

    def _run(self, job: Kept) -> None:
        live = self.live[job.number] = Live(self.news)
        state, reason = FAILED, None
        try:
            if self.stopping.is_set():
                raise Stopped
            callers.become(live)
            for document, brief in bulk.briefs(self._core.pipeline, self._articles(job), job.wish, live.tell):
                self._keep(job, live, document, brief)
                live.kept()
            state = DONE if self.jobs.get(job.id).briefs else FAILED
            reason = None if state == DONE else "no article could be briefed"
        except (Stopped, NotFound):  # a job that was cancelled has ended already, and may have been deleted
            state = QUEUED
        except Exception as error:
            log.exception("a job broke off")
            reason = f"{type(error).__name__}: {error}"
        try:
            self._patiently(lambda: self.jobs.end(job.number, state, reason), live)
        finally:
            callers.become(None)
            del self.live[job.number]
            self.news.tell()

    def _articles(self, job: Kept) -> Iterator[Document]:
        found = self.jobs.next_article(job.number, -1)
        while found:
            yield found[1]
            found = self.jobs.next_article(job.number, found[0])

    def _keep(self, job: Kept, live: Live, document: Document, brief: Brief | Exception) -> None:
        number = int(document.id)
        if isinstance(brief, Brief):
            record = self._core.record(replace(document, id=uuid.uuid4().hex), brief)
            self._patiently(lambda: self.jobs.brief(job.number, number, record, document.text), live)
            return
        if self.stopping.is_set():  # perhaps that is why
            raise Stopped
        if not isinstance(brief, InputError):
            log.error("an article of a job failed", exc_info=brief)
        reason = brief.detail if isinstance(brief, InputError) else f"{type(brief).__name__}: {brief}"
        self._patiently(lambda: self.jobs.fail(job.number, number, reason), live)

    def _patiently(self, write: Callable[[], T], live: Live | None = None) -> T:
        """What `write` gives, once it can be written: a full disk is waited for. Raises Stopped."""
        while True:
            try:
                result = write()
            except sqlite3.OperationalError as error:
                log.error("jobs wait: %s", error)
                if live:
                    live.wait_for(NO_ROOM if is_full(error) else f"The database cannot be written ({error}).")
                if self.stopping.wait(AGAIN) or (live and live.stop):
                    raise Stopped from None
            else:
                if live and live.waits:
                    live.wait_for(None)
                return result


def current() -> Runner:
    """The runner of the app that answers a request."""
    return current_app.extensions["mujaz.jobs"]
