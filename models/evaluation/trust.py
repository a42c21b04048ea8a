"""What the checks find: python -m models.evaluation.trust [--part dev] [--news] [--show KIND]

Errors planted in right translations (see `planting`), and these themselves: of each kind, how many are marked by the
rules alone, by what the models make of them alone, and by both; and how many right translations are.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from models.command_line import command
from models.doubts.opinion import embedded
from models.doubts.pairs import Checked, Checker, Pair
from models.engines.registry import DEFAULT_CACHE
from models.errors import InputError
from models.evaluation.planting import rows

HOW = ("rules", "models", "both")


def marked(checked: Checked) -> tuple[bool, bool, bool]:
    """Whether the rules, the models, and either mark a pair."""
    return bool(checked.ruled), bool(checked.weighed), bool(checked.flags)


def report(planted: Sequence[dict[str, str]], checker: Checker, show: str | None) -> Iterator[str]:
    """The table, line by line, and what of the kind `show` is not found ("right": what is marked)."""
    wrong = [Pair(row["arabic"], row["english"]) for row in planted]
    right = list(dict.fromkeys(Pair(row["arabic"], row["right"]) for row in planted))
    found = dict(zip([*wrong, *right], checker.check([*wrong, *right]), strict=False))
    groups: dict[str, list[Pair]] = {}
    for pair, row in zip(wrong, planted, strict=True):
        groups.setdefault(row["kind"], []).append(pair)
    yield f"{'kind':12}{'pairs':>7}" + "".join(f"{how:>9}" for how in HOW)
    for kind, pairs in {**groups, "all wrong": wrong, "right": right}.items():
        shares = [sum(column) / len(pairs) for column in zip(*(marked(found[p]) for p in pairs), strict=True)]
        yield f"{kind:12}{len(pairs):7}" + "".join(f"{share:9.3f}" for share in shares)
    for pair in {**groups, "right": right}.get(show or "", []):
        if bool(found[pair].flags) == (show == "right"):
            told = "; ".join(f"{finding.flag}: {finding.detail}" for finding in found[pair].findings)
            yield f"    {pair.arabic}\n    {pair.english}\n      {told}"


@command
def main(argv: list[str] | None = None) -> Iterator[object]:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m models.evaluation.trust", description=__doc__)
    parser.add_argument("--part", default="test", choices=["dev", "test"])
    parser.add_argument("--news", action="store_true", help="our own news, and not FLORES")
    parser.add_argument("--show", metavar="KIND", help="what of it is not found; right: what is marked")
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE)
    options = parser.parse_args(argv)
    planted = rows(options.part, options.news)
    if not planted:
        raise InputError("--part", "FLORES is not here; choose --news")
    checker = Checker(embedded(options.cache))
    yield from report(planted, checker, options.show)


if __name__ == "__main__":
    sys.exit(main())
