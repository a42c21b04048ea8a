"""Articles, briefs, and the translation memory."""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import cast

from models.errors import NotFound
from models.types import Contrast, Doubt, Judged, Omitted, Remembered, Translation
from service.store.shelf import Shelf, put, take

log = logging.getLogger("mujaz")

MEANT = "id = ? AND (number IN (SELECT number FROM hidden)) = ?"


class Store(Shelf):
    """Implements `models.types.Memory`."""

    def add(self, record: Mapping, text: str) -> None:
        """Keep an article and its brief. `record` is the API's answer and comes back from `get` as it is."""
        with self.transaction() as connection:
            insert(connection, record, text)

    def get(self, brief_id: str, hidden: bool = False) -> dict:
        """The record of a brief that is (not) hidden; NotFound if there is none."""
        return json.loads(self._read("record", brief_id, hidden))

    def text(self, brief_id: str) -> str:
        """The article of a brief, as it was given; NotFound if there is none."""
        return self._read("article.text", brief_id, False)

    def _read(self, column: str, brief_id: str, hidden: bool) -> str:
        with self.connection() as connection:
            row = connection.execute(
                f"SELECT {column} FROM brief JOIN article ON article.id = brief.article WHERE brief.{MEANT}",  # noqa: S608
                (brief_id, hidden),
            ).fetchone()
        if row is None:
            raise NotFound(f"no brief {brief_id!r}")
        return row[0]

    def delete(self, brief_id: str, sentences: Sequence[str] = (), hidden: bool = False) -> None:
        """Forget a brief, its article if no other brief is made of it, and the translations of `sentences`.

        NotFound if there is none that is (not) hidden.
        """
        with self.transaction() as connection:
            row = connection.execute(
                f"DELETE FROM brief WHERE {MEANT} RETURNING number, article",  # noqa: S608
                (brief_id, hidden),
            ).fetchone()
            if row is None:
                raise NotFound(f"no brief {brief_id!r}")
            take(connection, row["number"])
            connection.execute(
                "DELETE FROM article WHERE id = ? AND NOT EXISTS (SELECT 1 FROM brief WHERE article = article.id)",
                (row["article"],),
            )
            connection.executemany("DELETE FROM memory WHERE sentence = ?", [(_key(text),) for text in sentences])

    def recall(self, texts: Sequence[str], signature: str) -> Mapping[str, Remembered]:
        """See `models.types.Memory.recall`."""
        made_by, known = _key(signature), {}
        with self.connection() as connection:
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
            with self.transaction() as connection:
                connection.executemany("INSERT INTO memory VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)
        except sqlite3.OperationalError as error:  # a full disk, say: no reason to lose the translations
            log.warning("the translation memory could not be written: %s", error)


def insert(connection: sqlite3.Connection, record: Mapping, text: str) -> None:
    """Keep an article and its brief, in the transaction of `connection`."""
    title = record["title"]
    source = title["source"]
    digest = hashlib.sha256(json.dumps([source, record["url"], text]).encode()).hexdigest()
    connection.execute(
        "INSERT INTO article (sha256, title, url, text) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (digest, source, record["url"], text),
    )
    done = connection.execute(
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
    put(connection, cast(int, done.lastrowid), record, source, text)


def _judged(kept: str) -> Judged:
    found = json.loads(kept)
    contrast = Contrast(**found["contrast"]) if found["contrast"] else None
    omitted = Omitted(**found["omitted"]) if found["omitted"] else None
    words = tuple(Doubt(**doubt) for doubt in found["words"])
    return Judged(**{**found, "words": words, "contrast": contrast, "omitted": omitted})


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
