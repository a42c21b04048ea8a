"""Jobs: articles to be briefed in the background, and how far each is.

A brief is stored in one transaction with its article's mark, so that whatever stops the process, an article is either
yet to be done or has its one brief. The text of an article is kept here until it is done.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from models.errors import NotFound
from models.types import Document, Wish
from service.store.briefs import Store, insert

QUEUED, RUNNING, DONE, CANCELLED, FAILED = STATES = ("queued", "running", "done", "cancelled", "failed")
LIVE = (QUEUED, RUNNING)
KEPT = timedelta(days=30)  # an ended job; its briefs stay
_JOBS = """
    SELECT job.number, id, created_at, ended_at, state, job.reason, wish, job.sentences, count(*) AS articles,
    count(brief) AS briefs, count(a.reason) AS failed,
    coalesce(sum(a.sentences) FILTER (WHERE coalesce(brief, a.reason) IS NOT NULL), 0) AS sentences_done
    FROM job JOIN job_article a ON a.job = job.number
"""
_FIRST = "SELECT min(u.number) FROM job_article u WHERE u.job = :job AND coalesce(u.brief, u.reason) IS NULL"


@dataclass(frozen=True, slots=True)
class Entry:
    """An article of a job: `name` says where it came from. With a `reason` there is nothing to be done."""

    name: str
    document: Document | None = None
    sentences: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A job as it is kept; `sentences` are those of all its articles, `failed` counts those that get no brief."""

    number: int
    id: str
    created_at: str
    ended_at: str | None
    state: str
    reason: str | None
    wish: Wish
    sentences: int
    articles: int
    briefs: int
    failed: int
    sentences_done: int


class Jobs:
    """Kept beside the briefs of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, entries: Sequence[Entry], wish: Wish) -> str:
        """Keep a new job, and forget those that ended long ago; its id."""
        job_id, total = uuid.uuid4().hex, sum(entry.sentences for entry in entries)
        with self._store.transaction() as connection:
            connection.execute("DELETE FROM job WHERE ended_at < ?", (_now(-KEPT),))
            (number,) = connection.execute(
                "INSERT INTO job (id, created_at, state, wish, sentences) VALUES (?, ?, ?, ?, ?) RETURNING number",
                (job_id, _now(), QUEUED, json.dumps(asdict(wish)), total),
            ).fetchone()
            rows = [(number, i, *_row(entry)) for i, entry in enumerate(entries)]
            connection.executemany("INSERT INTO job_article VALUES (?, ?, ?, ?, NULL, ?, ?, ?, ?)", rows)
        return job_id

    def get(self, job_id: str) -> Kept:
        """One job. Raises NotFound."""
        with self._store.connection() as connection:
            row = connection.execute(f"{_JOBS} WHERE id = ? GROUP BY job.number", (job_id,)).fetchone()
        if row is None:
            raise NotFound(f"there is no job {job_id!r}")
        return _kept(row)

    def newest(self, limit: int = 20, before: int | None = None, live: bool = False) -> list[Kept]:
        """Jobs, newest first: those numbered below `before`; with `live` those that have not ended."""
        condition = "state IN ('queued', 'running')" if live else "1"
        with self._store.connection() as connection:
            rows = connection.execute(
                f"{_JOBS} WHERE job.number < ? AND {condition} GROUP BY job.number ORDER BY job.number DESC LIMIT ?",
                (before or 2**62, limit),
            ).fetchall()
        return [_kept(row) for row in rows]

    def counts(self) -> dict[str, int]:
        """How many there are in each state."""
        with self._store.connection() as connection:
            found = dict(connection.execute("SELECT state, count(*) FROM job GROUP BY state").fetchall())
        return {state: found.get(state, 0) for state in STATES}

    def requeue(self) -> None:
        """What a process that is gone left behind goes on."""
        with self._store.transaction() as connection:
            connection.execute("UPDATE job SET state = ? WHERE state = ?", (QUEUED, RUNNING))

    def waits(self, most: int) -> bool:
        """Whether a job of at most so many sentences is queued."""
        with self._store.connection() as connection:
            return bool(connection.execute(_next("1", "number"), (most,)).fetchone())

    def claim(self, most: int, smallest: bool) -> Kept | None:
        """Set the oldest, or the smallest, queued job of at most so many sentences to running."""
        order = "sentences, number" if smallest else "number"
        with self._store.transaction() as connection:
            row = connection.execute(
                f"UPDATE job SET state = 'running' WHERE number = ({_next('number', order)}) RETURNING id",  # noqa: S608
                (most,),
            ).fetchone()
        return self.get(row["id"]) if row else None

    def end(self, number: int, state: str, reason: str | None = None) -> None:
        """A running or queued job comes to rest in this state: `queued` goes on later; of others, what is not done is
        dropped for this reason."""
        with self._store.transaction() as connection:
            ended = connection.execute(
                "UPDATE job SET state = ?, reason = ?, ended_at = ? WHERE number = ? AND state IN (?, ?)",
                (state, reason, None if state == QUEUED else _now(), number, *LIVE),
            )
            if ended.rowcount and state != QUEUED:
                connection.execute(
                    "UPDATE job_article SET reason = ?, sentences = 0, title = NULL, text = NULL"
                    " WHERE job = ? AND coalesce(brief, reason) IS NULL",
                    (reason or state, number),
                )

    def delete(self, number: int) -> None:
        """Forget a job; its briefs stay."""
        with self._store.transaction() as connection:
            connection.execute("DELETE FROM job WHERE number = ?", (number,))

    def next_article(self, number: int, after: int) -> tuple[int, Document] | None:
        """The first article after number `after` that is yet to be done, and its number."""
        with self._store.connection() as connection:
            row = connection.execute(
                "SELECT * FROM job_article WHERE job = ? AND number > ? AND coalesce(brief, reason) IS NULL"
                " ORDER BY number LIMIT 1",
                (number, after),
            ).fetchone()
        return (row["number"], Document(str(row["number"]), row["text"], row["title"], row["url"])) if row else None

    def brief(self, number: int, article: int, record: dict[str, Any], text: str) -> bool:
        """Keep an article's brief and mark it done, both or neither. False if there was nothing to be done."""
        with self._store.transaction() as connection:
            marked = _mark(connection, "brief", record["id"], number, article)
            if marked:
                insert(connection, record, text)
        return marked

    def fail(self, number: int, article: int, reason: str) -> None:
        """Say why an article has no brief."""
        with self._store.transaction() as connection:
            _mark(connection, "reason", reason, number, article)

    def ended(self, number: int, after: int, limit: int, only_failed: bool = False) -> list[dict[str, Any]]:
        """The articles after number `after` and before the first that is yet to be done: number, name, sentences, brief
        (an id), reason, and record (None where the brief was deleted since). With `only_failed`, all that failed."""
        condition = "reason IS NOT NULL" if only_failed else f"a.number < coalesce(({_FIRST}), {2**62})"
        with self._store.connection() as connection:
            rows = connection.execute(
                "SELECT a.number, name, sentences, a.brief, reason, record FROM job_article a"  # noqa: S608
                " LEFT JOIN brief ON brief.id = a.brief AND brief.number NOT IN (SELECT number FROM hidden)"
                f" WHERE job = :job AND a.number > :after AND {condition}"
                " ORDER BY a.number LIMIT :limit",
                {"job": number, "after": after, "limit": limit},
            ).fetchall()
        return [{**row, "record": json.loads(row["record"]) if row["record"] else None} for row in map(dict, rows)]


def _next(what: str, order: str) -> str:
    return f"SELECT {what} FROM job WHERE state = 'queued' AND sentences <= ? ORDER BY {order} LIMIT 1"  # noqa: S608


def _mark(connection: Any, column: str, value: str, number: int, article: int) -> bool:
    done = connection.execute(
        f"UPDATE job_article SET {column} = ?, title = NULL, text = NULL WHERE job = ? AND number = ?"  # noqa: S608
        " AND coalesce(brief, reason) IS NULL",
        (value, number, article),
    )
    return done.rowcount > 0


def _row(entry: Entry) -> tuple[Any, ...]:
    document = entry.document
    told = (document.title, document.url, document.text) if document else (None, None, None)
    return entry.name, entry.sentences, entry.reason, *told


def _kept(row: Any) -> Kept:
    return Kept(**{**dict(row), "wish": Wish(**json.loads(row["wish"]))})


def _now(shift: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) + shift).isoformat(timespec="milliseconds").replace("+00:00", "Z")
