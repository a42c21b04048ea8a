"""Errors planted in right translations, to measure what finds them: python -m models.evaluation.planting [--part dev]

In public references, which are read where they are (nothing of them is kept here), they are planted by rule; those in
news of our own are written by hand, in tests/data/fidelity/news.jsonl.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from models.command_line import command
from models.engines.registry import ROOT
from models.evaluation.planted import PUBLIC, lines
from models.evaluation.planters import PLANTERS, Pair

NEWS = ROOT / "tests" / "data" / "fidelity" / "news.jsonl"
MOST = 40  # errors of a kind, so that none outweighs the others


def rows(part: str, news: bool) -> list[dict[str, str]]:
    """[{"kind", "arabic", "english" (wrong), "right"}, ...]: of our own news, or planted in FLORES.

    `part` is "dev", to choose by, or "test", to measure on: of the news, those that were held back. [] where FLORES
    is not at hand.
    """
    if news:
        read = [json.loads(line) for line in NEWS.read_text(encoding="utf-8").splitlines()]
        return [row for row in read if bool(row.pop("held", False)) == (part == "test")]
    files = [PUBLIC / f"flores-{part}.{language}" for language in ("ar", "en")]
    return planted(list(zip(*map(lines, files), strict=True))) if all(map(Path.is_file, files)) else []


def planted(pairs: Sequence[Pair], most: int = MOST) -> list[dict[str, str]]:
    """At most `most` errors of each kind, spread evenly over `pairs` (Arabic, right English); see `rows`."""
    found = []
    for kind, planter in PLANTERS.items():
        made = [(at, wrong) for at in range(len(pairs)) for wrong in list(planter(pairs, at))[:1]]
        for i in range(min(most, len(made))):
            at, wrong = made[i * len(made) // min(most, len(made))]
            found.append({"kind": kind, "arabic": pairs[at][0], "english": wrong, "right": pairs[at][1]})
    return found


@command
def main(argv: list[str] | None = None) -> Iterator[object]:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m models.evaluation.planting", description=__doc__)
    parser.add_argument("--part", default="test", choices=["dev", "test"])
    parser.add_argument("--news", action="store_true", help="those of our own news, and not of FLORES")
    options = parser.parse_args(argv)
    yield from (json.dumps(row, ensure_ascii=False) for row in rows(options.part, options.news))


if __name__ == "__main__":
    sys.exit(main())
