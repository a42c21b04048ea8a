"""How many short sentences a model gets right, by kind of difficulty: `python -m models.evaluation.kinds FILE.tsv`.

FILE has a first line `kind arabic english must must_not` and a sentence a line, the fields divided by tabs: a right
translation matches the regular expression `must` (case ignored) and does not match `must_not`, if there is one.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from models.command_line import command
from models.doubts.confidence import is_doubtful
from models.doubts.opinion import with_second
from models.errors import InputError
from models.evaluation.translations import as_sentences
from models.translation.loader import load_translator
from models.translation.repair import EFFORTS
from models.types import Translation

FIELDS = ("kind", "arabic", "english", "must", "must_not")


def read_cases(path: Path) -> list[dict[str, str]]:
    """The rows of a file; InputError if it cannot be read or lacks a column."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("FILE", f"{path} cannot be read: {error}") from error
    if not rows or not set(FIELDS) <= rows[0].keys():
        raise InputError("FILE", f"{path} needs a first line with the columns {', '.join(FIELDS)}")
    return rows


def is_right(case: dict[str, str], text: str) -> bool:
    """Whether a translation is right by its case's patterns."""
    must, must_not = (re.compile(case[name] or "(?!)", re.IGNORECASE) for name in ("must", "must_not"))
    return must.search(text) is not None and must_not.search(text) is None


def told(one: Translation) -> bool:
    """Whether a reader is told to doubt it: by a flag, a doubtful word, or no high confidence."""
    return is_doubtful({"flags": one.flags, "words": one.judged.words, "confidence": one.judged.confidence})


def run(args: argparse.Namespace) -> Iterator[str]:
    """The table, line by line; what is wrong is shown where asked for."""
    cases = read_cases(args.file)
    translator = with_second(load_translator(args.model, effort=args.effort, beam=args.beam), args.second)
    found = [coming.result() for coming in translator.begin(as_sentences([case["arabic"] for case in cases]))]
    right = [is_right(case, one.text) for case, one in zip(cases, found, strict=True)]
    yield translator.signature
    total, good, marked, alarms = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for case, one, well in zip(cases, found, right, strict=True):
        for kind in (case["kind"], "all"):
            total[kind] += 1
            good[kind] += well
            marked[kind] += not well and told(one)
            alarms[kind] += well and told(one)
        if args.show and not well:
            yield f"{case['kind']}: {case['arabic']}"
            yield f"    {one.text}  [{one.score}; {', '.join(one.flags) or 'no flag'}]"
    for kind in total:
        marks = f"{alarms[kind]} of them marked; {marked[kind]} of the others"
        yield f"{kind:12} {good[kind]:3} of {total[kind]:3} right, {marks}"


@command
def main(argv: list[str] | None = None) -> Iterator[object]:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m models.evaluation.kinds", description="Right by pattern, by kind.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", default="embedded", help="name or folder")
    parser.add_argument("--second", help="the model that gives a second opinion, e.g. embedded-fast")
    parser.add_argument("--effort", default="normal", choices=EFFORTS)
    parser.add_argument("--beam", type=int, help="of the first search (default: the model's own)")
    parser.add_argument("--show", action="store_true", help="what is wrong")
    yield from run(parser.parse_args(argv))


if __name__ == "__main__":
    sys.exit(main())
