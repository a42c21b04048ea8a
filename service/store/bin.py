"""What was deleted on a page: hidden at once, gone for good ten minutes later, or when Mujaz is next started."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time

from models.errors import NotFound
from models.text.segment import split_sentences
from service.store.briefs import Store

log = logging.getLogger("mujaz")

KEPT = 600.0  # seconds that a deleted brief can be brought back


class Bin:
    """Deletes briefs; what an earlier process left hidden goes when this is made."""

    def __init__(self, store: Store, kept: float = KEPT) -> None:
        self._store = store
        self._kept = kept
        self._due: dict[str, float] = {}
        self._lock = threading.Lock()
        for brief_id in store.hidden():
            self._forget(brief_id)

    def put(self, brief_id: str) -> None:
        """Hide a brief, and delete it later. Raises NotFound."""
        self._store.hide(brief_id)
        with self._lock:
            self._due[brief_id] = time.monotonic() + self._kept
            if len(self._due) == 1:
                self._wait(self._kept)

    def restore(self, brief_id: str) -> None:
        """Bring a hidden brief back. Raises NotFound."""
        self._store.restore(brief_id)
        with self._lock:
            self._due.pop(brief_id, None)

    def delete(self, brief_id: str, hidden: bool = False) -> None:
        """Forget a brief, and what the translation memory keeps of its sentences, now. Raises NotFound."""
        record = self._store.get(brief_id, hidden)
        title = [sentence.text for sentence in split_sentences(record["title"]["source"])]
        sentences = [sentence["source"] for sentence in record["translation"]["sentences"]]
        self._store.delete(brief_id, [*title, *sentences], hidden)

    def _wait(self, seconds: float) -> None:
        timer = threading.Timer(seconds, self._empty)
        timer.daemon = True  # the next start does it as well
        timer.start()

    def _empty(self) -> None:
        """Delete what is due, and wait for what is not."""
        with self._lock:
            now = time.monotonic()
            due = [brief_id for brief_id, when in self._due.items() if when <= now]
            for brief_id in due:
                del self._due[brief_id]
            if self._due:
                self._wait(min(self._due.values()) - now)
        for brief_id in due:
            self._forget(brief_id)

    def _forget(self, brief_id: str) -> None:
        try:
            self.delete(brief_id, hidden=True)
        except NotFound:  # it was brought back meanwhile
            pass
        except sqlite3.Error as error:
            log.warning("a deleted brief is hidden but not yet removed, the next start tries again: %s", error)
