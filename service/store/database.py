"""One SQLite file, safe under threads, lost by no kill.

A connection lives as long as one operation: opening one costs well under a millisecond, and nothing is
shared between threads or inherited by a fork. WAL lets readers go on while one writes. One connection more is only kept
open: with the last one SQLite removes the files of the WAL, which a full disk has no room to make again.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import SettingError

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
    """
    CREATE TABLE key (
        number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, sha256 BLOB NOT NULL,
        created_at TEXT NOT NULL, rate INTEGER, rate_chars INTEGER, at_once INTEGER
    );
    CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL);
    """,
    """
    CREATE TABLE job (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL, ended_at TEXT,
        state TEXT NOT NULL, reason TEXT, wish TEXT NOT NULL, sentences INTEGER NOT NULL
    );
    CREATE INDEX job_state ON job (state);
    -- The texts stand last: what is read of how far a job is need not be read over them.
    CREATE TABLE job_article (
        job INTEGER NOT NULL REFERENCES job (number) ON DELETE CASCADE, number INTEGER NOT NULL, name TEXT NOT NULL,
        sentences INTEGER NOT NULL, brief TEXT, reason TEXT, title TEXT, url TEXT, text TEXT,
        PRIMARY KEY (job, number)
    ) WITHOUT ROWID;
    """,
    # `shelf` and `search` are made of the briefs (`Shelf`) and can be emptied by a migration to be made anew. The words
    # of `search` are parted in Python, so that its tokenizer only cuts at spaces.
    """
    CREATE TABLE shelf (
        number INTEGER PRIMARY KEY REFERENCES brief (number) ON DELETE CASCADE, created_at TEXT NOT NULL,
        flags TEXT NOT NULL
    );
    CREATE TABLE tag (
        number INTEGER NOT NULL REFERENCES brief (number) ON DELETE CASCADE, folded TEXT NOT NULL, name TEXT NOT NULL,
        PRIMARY KEY (number, folded)
    ) WITHOUT ROWID;
    CREATE INDEX tag_folded ON tag (folded);
    CREATE TABLE hidden (number INTEGER PRIMARY KEY REFERENCES brief (number) ON DELETE CASCADE);
    CREATE VIRTUAL TABLE search USING fts5 (
        source, english, forms, tokenize = "ascii tokenchars '_'", prefix = '2 3'
    );
    """,
    "DELETE FROM shelf; DELETE FROM search;",  # which had no names in Latin letters
)
FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}  # the second: over a quota


def is_full(error: BaseException) -> bool:
    """Whether an error says that the disk has no room, or the user's share of it."""
    if isinstance(error, sqlite3.OperationalError):
        return getattr(error, "sqlite_errorcode", None) in FULL
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Database:
    """One SQLite file, of the newest layout. Raises SettingError where it cannot be used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self.connection() as connection:
                connection.execute("PRAGMA journal_mode = WAL")
            self._migrate()
            self._kept_open = sqlite3.connect(path, check_same_thread=False)
            self._kept_open.execute("SELECT 1 FROM sqlite_master").fetchone()
        except (OSError, sqlite3.Error) as error:
            raise SettingError(f"MUJAZ_DATA: {path} cannot be used ({error}); choose a folder to write to") from error

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Open for one operation."""
        connection = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")  # an answered request outlives a power cut
        try:
            yield connection
        finally:
            connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it is written, or nothing."""
        with self.connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _migrate(self) -> None:
        with self.connection() as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise SettingError(f"MUJAZ_DATA: {self._path} is of a newer Mujaz; choose another folder, or update")
        for number, script in enumerate(MIGRATIONS, start=1):
            with self.transaction() as connection:
                if connection.execute("PRAGMA user_version").fetchone()[0] < number:
                    for statement in filter(str.strip, script.split(";")):
                        connection.execute(statement)
                    connection.execute(f"PRAGMA user_version = {number}")
