"""The list of earlier briefs: searched, filtered, tagged, and what was taken off it for the moment."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from models.checks.fidelity import findings
from models.doubts.confidence import is_doubtful
from models.errors import NotFound
from models.types import Judged, ModelInfo
from service.store import words
from service.store.database import Database

log = logging.getLogger("mujaz")

ANY, NONE = "any", "none"  # in place of a flag: any reason to doubt a sentence, and no such reason
AT_A_TIME = 200  # briefs that are put on the shelf in one transaction
UNJUDGED: dict[str, Any] = {"flags": [], **asdict(Judged()), "words": []}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which briefs: with all words of `q`, made on these days (UTC), with a sentence that has this flag (or ANY doubt,
    or NONE), with this tag."""

    q: str = ""
    since: date | None = None
    until: date | None = None
    flag: str | None = None
    tag: str = ""


class Shelf(Database):
    """The briefs as a list."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._catch_up()

    def list(self, limit: int = 20, before: int | None = None, wanted: Filter | None = None) -> list[dict]:
        """Summaries of the briefs that are wanted, newest first: those numbered below `before`."""
        conditions, values = _conditions(wanted or Filter(), before)
        with self.connection() as connection:
            rows = connection.execute(
                "SELECT shelf.number, shelf.created_at, record FROM shelf JOIN brief ON brief.number = shelf.number"  # noqa: S608
                f" WHERE {' AND '.join(conditions)} ORDER BY shelf.number DESC LIMIT ?",  # only our own constants
                (*values, limit),
            ).fetchall()
            numbers = json.dumps([row["number"] for row in rows])
            tags: dict[int, list[str]] = {}
            for row in connection.execute(
                "SELECT number, name FROM tag WHERE number IN (SELECT value FROM json_each(?)) ORDER BY folded",
                (numbers,),
            ):
                tags.setdefault(row["number"], []).append(row["name"])
        return [
            {"number": row["number"], **summary(json.loads(row["record"])), "tags": tags.get(row["number"], [])}
            for row in rows
        ]

    def tags(self, brief_id: str | None = None) -> Sequence[str]:
        """The tags of a brief (NotFound if there is none), or all that there are."""
        with self.connection() as connection:
            if brief_id is None:
                rows = connection.execute(
                    "SELECT max(name) AS name FROM tag WHERE number NOT IN (SELECT number FROM hidden)"
                    " GROUP BY folded ORDER BY folded"
                )
            else:
                number = _number(connection, brief_id)
                rows = connection.execute("SELECT name FROM tag WHERE number = ? ORDER BY folded", (number,))
            return [row["name"] for row in rows]

    def tag(self, brief_id: str, names: Sequence[str]) -> None:
        """Give a brief these tags and no others. NotFound if there is none."""
        with self.transaction() as connection:
            number = _number(connection, brief_id)
            connection.execute("DELETE FROM tag WHERE number = ?", (number,))
            rows = [(number, words.name(name), name) for name in names]
            connection.executemany("INSERT INTO tag VALUES (?, ?, ?) ON CONFLICT DO NOTHING", rows)

    def hide(self, brief_id: str) -> None:
        """Take a brief off the shelf. NotFound if there is none."""
        with self.transaction() as connection:
            connection.execute("INSERT INTO hidden VALUES (?)", (_number(connection, brief_id),))

    def restore(self, brief_id: str) -> None:
        """Put a hidden brief back. NotFound if none is hidden."""
        with self.transaction() as connection:
            number = "SELECT number FROM brief WHERE id = ?"
            if not connection.execute(f"DELETE FROM hidden WHERE number = ({number})", (brief_id,)).rowcount:  # noqa: S608
                raise NotFound(f"no brief {brief_id!r} that could be brought back")

    def hidden(self) -> Sequence[str]:
        """The ids of the briefs that are hidden."""
        with self.connection() as connection:
            return [row["id"] for row in connection.execute("SELECT id FROM brief JOIN hidden USING (number)")]

    def _catch_up(self) -> None:
        """Put on the shelf what an earlier version has stored. A kill loses nothing; the next start goes on."""
        missing = (
            "SELECT brief.number, record, article.title, article.text FROM brief"
            " JOIN article ON article.id = brief.article"
            " WHERE brief.number IN (SELECT number FROM brief EXCEPT SELECT number FROM shelf LIMIT ?)"
        )
        told = False
        while True:
            with self.transaction() as connection:
                rows = connection.execute(missing, (AT_A_TIME,)).fetchall()
                for row in rows:
                    put(connection, row["number"], json.loads(row["record"]), row["title"], row["text"])
            if not rows:
                return
            if not told:
                log.warning("earlier briefs are made ready to be searched, once; of thousands that takes minutes")
                told = True


def put(connection: sqlite3.Connection, number: int, record: Mapping, title: str | None, text: str) -> None:
    """Put a brief on the shelf: what it is found by."""
    parts = [record["title"], *record["translation"]["sentences"]]
    flags = dict.fromkeys(flag for one in parts for flag in one.get("flags", ()))
    marks = [*flags, ANY if any(map(is_doubtful, parts)) else NONE]
    connection.execute("INSERT INTO shelf VALUES (?, ?, ?)", (number, record["created_at"], f" {' '.join(marks)} "))
    english = [one["text"] for one in parts]
    english += [sentence["text"] for sentence in record["brief"]["sentences"] if not sentence["exact"]]
    named = names(record).values()
    connection.execute(
        "INSERT INTO search (rowid, source, english, forms) VALUES (?, ?, ?, ?)",
        (number, *words.entry(words.BETWEEN.join([title or "", text]), words.BETWEEN.join(english), chain(*named))),
    )


def names(record: Mapping[str, Any]) -> dict[int | None, list[str]]:
    """By sentence (None: the title), the names in it, in Arabic: those whose spelling was looked after, and those a
    check missed in the translation."""
    translation = record["translation"]
    found: dict[int | None, list[str]] = {}
    for use in translation.get("names", ()):
        for sentence in use["sentences"]:
            found.setdefault(sentence, []).append(use["arabic"])
    for sentence in translation["sentences"]:
        if "names" in sentence["flags"]:
            missed = (one.detail for one in findings(sentence["source"], sentence["text"]) if one.flag == "names")
            found.setdefault(sentence["index"], []).extend(missed)
    return found


def take(connection: sqlite3.Connection, number: int) -> None:
    """Forget what a brief that is being deleted is found by; the rest goes with it."""
    connection.execute("DELETE FROM search WHERE rowid = ?", (number,))


def summary(record: Mapping) -> dict:
    """What a list shows of a brief: its title and the sentences of its brief, with all that is doubtful in them."""
    sentences = record["translation"]["sentences"]
    return {
        "id": record["id"],
        "created_at": record["created_at"],
        "title": said(record["title"]),
        "brief_text": " ".join(sentence["text"] for sentence in record["brief"]["sentences"]),
        "sentences": [
            {
                "text": sentence["text"],
                "exact": sentence["exact"],
                "sources": [{"index": index, **said(sentences[index])} for index in sentence["sources"]],
            }
            for sentence in record["brief"]["sentences"]
        ],
        "model": {field.name: record["model"].get(field.name) for field in fields(ModelInfo)},
    }


def said(one: Mapping) -> dict:
    """A title or a sentence with what was found doubtful in it; records of earlier versions have less."""
    return {"source": one["source"], "text": one["text"], **{k: one.get(k, usual) for k, usual in UNJUDGED.items()}}


def _number(connection: sqlite3.Connection, brief_id: str) -> int:
    row = connection.execute(
        "SELECT number FROM brief WHERE id = ? AND number NOT IN (SELECT number FROM hidden)", (brief_id,)
    ).fetchone()
    if row is None:
        raise NotFound(f"no brief {brief_id!r}")
    return row["number"]


def _conditions(wanted: Filter, before: int | None) -> tuple[list[str], list[object]]:
    """Conditions on rows of `shelf`, and their values."""
    found = list(_wanted(wanted))
    if before is not None:
        found.append(("shelf.number < ?", before))
    hidden = "shelf.number NOT IN (SELECT number FROM hidden)"
    return [hidden, *(condition for condition, _ in found)], [value for _, value in found]


def _wanted(wanted: Filter) -> Iterator[tuple[str, object]]:
    if wanted.q.strip():
        yield "shelf.number IN (SELECT rowid FROM search WHERE search MATCH ?)", words.query(wanted.q) or '""'
    if wanted.since:
        yield "shelf.created_at >= ?", wanted.since.isoformat()
    if wanted.until:
        yield "shelf.created_at < ?", f"{wanted.until.isoformat()}~"  # after all moments of that day
    if wanted.flag:
        yield "instr(shelf.flags, ?)", f" {wanted.flag} "
    if wanted.tag:
        yield "shelf.number IN (SELECT number FROM tag WHERE folded = ?)", words.name(wanted.tag)
