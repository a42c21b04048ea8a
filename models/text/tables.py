"""Word lists, which lie in data files beside the code."""

from __future__ import annotations

from pathlib import Path


def rows(path: Path) -> list[list[str]]:
    """The lines of a file, cut at tabs, without notes, which begin with #."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def words(path: Path) -> list[str]:
    """The words of a file, however they stand."""
    return [word for row in rows(path) for part in row for word in part.split()]


def word_sets(path: Path) -> dict[str, frozenset[str]]:
    """{name: its words} of a file of two columns; of what has several lines, those of all."""
    found: dict[str, frozenset[str]] = {}
    for name, words in rows(path):
        found[name] = found.get(name, frozenset()).union(words.split())
    return found
