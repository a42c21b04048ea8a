"""The keys that let programs and people in, hashed; and the secret that signs what a browser keeps.

A key is 256 random bits, which nobody can search through: a slow hash, made for what people choose, would only cost
every request its time.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from models.errors import InputError, NotFound
from service.store.database import Database

PREFIX = "mujaz_"  # by which a key is known where it should not be: in a repository, say


@dataclass(frozen=True, slots=True)
class Key:
    """A key without its secret. `limits` has those that are its own, by the names of `service.config.RATES`."""

    number: int
    name: str
    created_at: str
    limits: Mapping[str, int]


class Keys(Database):
    """All keys. A number is never given twice."""

    def make(self, name: str, limits: Mapping[str, int | None]) -> str:
        """Keep a new key; returns what its owner sends, which is nowhere kept. Raises InputError."""
        token = PREFIX + secrets.token_urlsafe(32)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        values = (name, _hash(token), now, limits.get("rate"), limits.get("rate_chars"), limits.get("at_once"))
        fields = "name, sha256, created_at, rate, rate_chars, at_once"
        try:
            with self.transaction() as connection:
                connection.execute(f"INSERT INTO key ({fields}) VALUES (?, ?, ?, ?, ?, ?)", values)  # noqa: S608
        except sqlite3.IntegrityError:
            raise InputError("name", f"there is a key {name!r} already; revoke it, or choose another name") from None
        return token

    def all(self) -> list[Key]:
        """Every key, the oldest first."""
        return [key for key, _ in self._rows()]

    def find(self, token: str) -> Key | None:
        """The key that was sent, if it is one. All are compared, each in constant time."""
        sent = _hash(token)
        found = [key for key, kept in self._rows() if hmac.compare_digest(kept, sent)]
        return found[0] if found else None

    def numbered(self, number: int) -> Key | None:
        """The key of that number, unless it has been revoked."""
        return next((key for key in self.all() if key.number == number), None)

    def revoke(self, name: str) -> None:
        """Forget a key: from now on it opens nothing. NotFound if there is none."""
        with self.transaction() as connection:
            if not connection.execute("DELETE FROM key WHERE name = ?", (name,)).rowcount:
                raise NotFound(f"there is no key {name!r}")

    def secret(self) -> bytes:
        """What signs cookies; made once, and gone with the database."""
        with self.transaction() as connection:
            new = ("cookies", secrets.token_bytes(32))
            connection.execute("INSERT INTO secret VALUES (?, ?) ON CONFLICT DO NOTHING", new)
            return connection.execute("SELECT value FROM secret WHERE name = 'cookies'").fetchone()["value"]

    def _rows(self) -> list[tuple[Key, bytes]]:
        with self.connection() as connection:
            rows = connection.execute("SELECT * FROM key ORDER BY number").fetchall()
        return [
            (Key(row["number"], row["name"], row["created_at"], _own(row)), row["sha256"])
            for row in rows
        ]  # fmt: skip


def _own(row: sqlite3.Row) -> dict[str, int]:
    return {name: row[name] for name in ("rate", "rate_chars", "at_once") if row[name] is not None}


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
