"""Names that a batch of articles spells in more than one way: OUT.names.csv, for people to choose from.

Within an article a name has one spelling already (`wording.spellings`). Articles are translated and journalled one
after the other, so that none can know what those after it will say: across a batch the spellings are counted when the
output is written. Lines that are kept, cut down to their first two columns, are a glossary for the next run, which
then has one spelling throughout and takes all translations from the memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from models.wording.glossary import folded
from service.output.tables import write_rows
from service.output.whole import whole_file

COLUMNS = ("arabic", "english", "articles", "sentences", "example")


def names_file(output: Path) -> Path:
    """Where the spellings are listed that `output` has for one name."""
    return output.with_name(output.name + ".names.csv")


class Spellings:
    """Counts the names of records on their way to the output. It holds every name once, and no text."""

    def __init__(self) -> None:
        self._arabic: dict[str, str] = {}
        self._articles: dict[str, Counter[str]] = {}
        self._sentences: Counter[tuple[str, str]] = Counter()
        self._example: dict[tuple[str, str], str] = {}

    def watch(self, records: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The records as they are."""
        for record in records:
            for name in record["translation"]["names"]:
                key = folded(name["arabic"])
                self._arabic.setdefault(key, name["arabic"])
                self._articles.setdefault(key, Counter())[name["english"]] += 1
                self._sentences[key, name["english"]] += len(name["sentences"])
                self._example.setdefault((key, name["english"]), record["id"])
            yield record

    def rows(self) -> Iterator[tuple[str, str, int, int, str]]:
        """The names with several spellings, each with the most frequent first."""
        for key, spelt in sorted(self._articles.items()):
            if len(spelt) > 1:
                for english, articles in sorted(spelt.items(), key=lambda one: (-one[1], one[0])):
                    where = self._example[key, english]
                    yield self._arabic[key], english, articles, self._sentences[key, english], where

    def write(self, path: Path) -> None:
        """Write the rows as CSV for Excel and pandas; without any, no file, and what was there goes."""
        rows = list(self.rows())
        if not rows:
            path.unlink(missing_ok=True)
            return
        with whole_file(path) as file:
            write_rows(file, COLUMNS, rows)
