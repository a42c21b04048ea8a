"""`mujaz check`: pairs of Arabic and an English translation, whoever made it -> what is to be doubted in each.

A JSON line for each pair, in order: line, flags (worst first), findings (each with what exactly), confidence, words
(those that the model gave little chance, with their places), contrast, extra, other (the models' own reading, where
the text says something else) and omitted (what it leaves out, and the model's translation of that). A line that is no
pair has an error in place of these.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Generator, Iterable, Iterator
from itertools import tee
from pathlib import Path

from models import places
from models.command_line import command
from models.doubts.pairs import Checker, Pair
from models.errors import InputError
from models.text.segment import has_arabic
from service.config import Settings
from service.core import load_pipeline
from service.records import check_record


def pairs(lines: Iterable[str]) -> Iterator[tuple[int, Pair | str]]:
    """(number, pair or what is wrong) of every line that is not empty."""
    for number, line in enumerate(lines, start=1):
        fields = [field.strip() for field in line.strip("\ufeff\r\n").split("\t")]
        if len(fields) == 2 and has_arabic(fields[0]) and fields[1]:
            yield number, Pair(*fields)
        elif fields != [""]:
            yield number, f"needs Arabic TAB English; it has {len(fields)} fields"


def checked(lines: Iterable[str], checker: Checker) -> Iterator[dict]:
    """A record for every line that is not empty, lazily and in order."""
    all_lines, again = tee(pairs(lines))
    results = checker.check(pair for _, pair in again if isinstance(pair, Pair))
    for number, pair in all_lines:
        yield {"line": number, **(check_record(next(results)) if isinstance(pair, Pair) else {"error": pair})}


def read(name: str) -> Iterator[str]:
    """The lines of a file, or of standard input for "-". Raises InputError."""
    try:
        with open(0 if name == "-" else Path(name), encoding="utf-8", newline=None) as file:
            yield from file
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("FILE", f"{name} cannot be read: {error}") from error


@command
def main(argv: list[str] | None = None) -> Generator[str, None, int]:
    """The command line; returns the exit status: 0, 2 (nothing could be checked) or 3 (some lines are no pairs)."""
    parser = argparse.ArgumentParser(prog=f"{places.COMMAND} check", description=__doc__)
    parser.add_argument("file", metavar="FILE.tsv", help="Arabic TAB English, a pair a line; - for standard input")
    parser.add_argument("--doubtful", action="store_true", help="only what has a flag or an error")
    options = parser.parse_args(argv)
    lines = read(options.file)
    first = next(lines, "")  # before the model is loaded
    bad = False
    checker = Checker(load_pipeline(Settings.from_environment(), None).translator)
    for record in checked((line for part in ([first], lines) for line in part), checker):
        bad = bad or "error" in record
        if not options.doubtful or record.get("flags") or "error" in record:
            yield json.dumps(record, ensure_ascii=False)
    return 3 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
