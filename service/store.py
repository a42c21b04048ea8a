"""SQLite: articles, briefs, and the translation memory. One file, safe under threads, lost by no kill.

A connection lives as long as one operation: opening one costs well under a millisecond, and nothing is
shared between threads or inherited by a fork. WAL lets readers go on while one writes.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from models.errors import NotFound, SettingError
from models.types import Contrast, Doubt, Judged, Remembered, Translation

log = logging.getLogger("mujaz")

DATABASE = "mujaz.sqlite3"  # its name in the data folder

# Applied in order, each in a transaction of its own; PRAGMA user_version counts those applied. Only ever append.
MIGRATIONS = (
    """
    CREATE TABLE article (
        id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, title TEXT, url TEXT, text TEXT NOT NULL
    );
    CREATE TABLE brief (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL,
        article INTEGER NOT NULL REFERENCES article (id), signature TEXT NOT NULL,
        title TEXT NOT NULL, text TEXT NOT NULL, record TEXT NOT NULL
    );
    CREATE INDEX brief_article ON brief (article);
    CREATE TABLE memory (
        sentence BLOB NOT NULL, signature BLOB NOT NULL, text TEXT NOT NULL, score REAL, flags TEXT NOT NULL,
        PRIMARY KEY (sentence, signature)
    ) WITHOUT ROWID;
    """,
    "ALTER TABLE memory ADD COLUMN other TEXT;",
    "ALTER TABLE memory RENAME COLUMN other TO judged; DELETE FROM memory;",  # of other signatures
)


class Store:
    """All that is kept between requests. Implements `models.types.Memory`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._connection() as connection:
                connection.execute("PRAGMA journal_mode = WAL")
            self._migrate()
        except (OSError, sqlite3.Error) as error:
            raise SettingError(f"MUJAZ_DATA: {path} cannot be used ({error}); choose a folder to write to") from error

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")  # an answered request outlives a power cut
        try:
            yield connection
        finally:
            connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _migrate(self) -> None:
        with self._connection() as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise SettingError(f"MUJAZ_DATA: {self._path} is of a newer Mujaz; choose another folder, or update")
        for number, script in enumerate(MIGRATIONS, start=1):
            with self._transaction() as connection:
                if connection.execute("PRAGMA user_version").fetchone()[0] < number:
                    for statement in filter(str.strip, script.split(";")):
                        connection.execute(statement)
                    connection.execute(f"PRAGMA user_version = {number}")

    def add(self, record: Mapping, text: str) -> None:
        """Keep an article and its brief. `record` is the API's answer and comes back from `get` as it is."""
        title = record["title"]
        source = title["source"]
        digest = hashlib.sha256(json.dumps([source, record["url"], text]).encode()).hexdigest()
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO article (sha256, title, url, text) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (digest, source, record["url"], text),
            )
            connection.execute(
                "INSERT INTO brief (id, created_at, article, signature, title, text, record)"
                " SELECT ?, ?, article.id, ?, ?, ?, ? FROM article WHERE sha256 = ?",
                (
                    record["id"],
                    record["created_at"],
                    record["signature"],
                    title["text"],
                    " ".join(sentence["text"] for sentence in record["brief"]["sentences"]),
                    json.dumps(record, ensure_ascii=False),
                    digest,
                ),
            )

    def get(self, brief_id: str) -> dict:
        """The record of a brief; NotFound if there is none."""
        with self._connection() as connection:
            row = connection.execute("SELECT record FROM brief WHERE id = ?", (brief_id,)).fetchone()
        if row is None:
            raise NotFound(f"no brief {brief_id!r}")
        return json.loads(row["record"])

    def delete(self, brief_id: str, sentences: Sequence[str] = ()) -> None:
        """Forget a brief, its article if no other brief is made of it, and the translations of `sentences`.

        NotFound if there is none.
        """
        with self._transaction() as connection:
            row = connection.execute("DELETE FROM brief WHERE id = ? RETURNING article", (brief_id,)).fetchone()
            if row is None:
                raise NotFound(f"no brief {brief_id!r}")
            connection.execute(
                "DELETE FROM article WHERE id = ? AND NOT EXISTS (SELECT 1 FROM brief WHERE article = article.id)",
                (row["article"],),
            )
            connection.executemany("DELETE FROM memory WHERE sentence = ?", [(_key(text),) for text in sentences])

    def list(self, limit: int = 20, before: int | None = None, q: str | None = None) -> list[dict]:
        """Summaries of briefs, newest first: those numbered below `before`, and with `q` in either language.

        A summary has number, id, created_at, title and brief_text.
        """
        conditions: list[str] = ["1"]
        values: list[object] = []
        with self._connection() as connection:
            if before is not None:
                conditions.append("number < ?")
                values.append(before)
            if q:
                pattern = "%" + q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
                columns = ("article.text", "article.title", "brief.title", "brief.text")
                conditions.append("(" + " OR ".join(f"{column} LIKE ? ESCAPE '\\'" for column in columns) + ")")
                values += [pattern] * len(columns)
            rows = connection.execute(
                "SELECT number, brief.id, created_at, article.title AS source, brief.title, brief.text"  # noqa: S608
                " FROM brief JOIN article ON article.id = brief.article"
                f" WHERE {' AND '.join(conditions)} ORDER BY number DESC LIMIT ?",  # only our own constants
                (*values, limit),
            ).fetchall()
        return [
            {
                "number": row["number"],
                "id": row["id"],
                "created_at": row["created_at"],
                "title": {"source": row["source"], "text": row["title"]},
                "brief_text": row["text"],
            }
            for row in rows
        ]

    def recall(self, texts: Sequence[str], signature: str) -> Mapping[str, Remembered]:
        """See `models.types.Memory.recall`."""
        made_by, known = _key(signature), {}
        with self._connection() as connection:
            for text in texts:
                row = connection.execute(
                    "SELECT text, score, flags, judged FROM memory WHERE sentence = ? AND signature = ?",
                    (_key(text), made_by),
                ).fetchone()
                if row:
                    known[text] = (row["text"], row["score"], tuple(row["flags"].split()), _judged(row["judged"]))
        return known

    def remember(self, translations: Sequence[Translation], signature: str) -> None:
        """See `models.types.Memory.remember`."""
        if not translations:
            return
        made_by = _key(signature)
        rows = [
            (_key(t.sentence.text), made_by, t.text, t.score, " ".join(t.flags), json.dumps(asdict(t.judged)))
            for t in translations
        ]
        try:
            with self._transaction() as connection:
                connection.executemany("INSERT INTO memory VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)
        except sqlite3.OperationalError as error:  # a full disk, say: no reason to lose the translations
            log.warning("the translation memory could not be written: %s", error)


def _judged(kept: str) -> Judged:
    found = json.loads(kept)
    contrast = Contrast(**found["contrast"]) if found["contrast"] else None
    return Judged(**{**found, "words": tuple(Doubt(**doubt) for doubt in found["words"]), "contrast": contrast})


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
