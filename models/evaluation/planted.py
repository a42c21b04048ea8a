"""Measure the checks: python -m models.evaluation.planted [--planted FILE] [--show FLAG]

On planted errors (pairs of which the error is known; `planting` makes more): how many of them each check finds, and how
often it is right when it says something. On correct translations: how many sentences are flagged.
"""

from __future__ import annotations

import argparse
import html
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.checks.fidelity import findings, source_findings
from models.command_line import command
from models.engines.registry import ROOT

PLANTED = ROOT / "tests" / "data" / "fidelity" / "planted.jsonl"
PUBLIC = ROOT.parent / "shared" / "eval"
NUMBERS = frozenset({"numbers", "added", "changed"})
NAMES = frozenset({"names", "invented"})
LENGTH = frozenset({"dropped", "length"})
# What is measured as one check, and which kinds of planted errors it is there for.
CHECKS = {
    "numbers": (NUMBERS, frozenset({"number", "date", "money", "unit"})),
    "names": (NAMES, frozenset({"name"})),
    "negation": (frozenset({"negation"}), frozenset({"negation"})),
    "hedge": (frozenset({"hedge"}), frozenset({"hedge"})),
    "opposite": (frozenset({"opposite"}), frozenset({"opposite", "relation"})),
    "dropped": (LENGTH, frozenset({"clause", "other"})),
    "loop": (frozenset({"loop"}), frozenset({"loop"})),
    "arabic": (frozenset({"arabic"}), frozenset({"untranslated"})),
}
# Errors that truly take other things with them: what else is flagged there is neither right nor wrong.
SWALLOWING = frozenset({"clause", "loop", "untranslated", "addition", "other"})


@dataclass(frozen=True, slots=True)
class Score:
    """Of one check: errors planted for it, those it found, and how often it was wrong."""

    planted: int
    found: int
    wrong: int

    @property
    def recall(self) -> float:
        return self.found / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.wrong) if self.found + self.wrong else 1.0


def read_planted(path: Path) -> list[dict[str, str]]:
    """[{"kind", "arabic", "english"}, ...]; `kind` is "" for a correct pair."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def measure(rows: Iterable[dict[str, str]]) -> dict[str, Score]:
    """The score of each of CHECKS."""
    planted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for row in rows:
        flags = {finding.flag for finding in findings(row["arabic"], row["english"])}
        for name, (mine, kinds) in CHECKS.items():
            fired = bool(mine & flags)
            if row["kind"] in kinds:
                planted[name] += 1
                found[name] += fired
            elif row["kind"] not in SWALLOWING:
                wrong[name] += fired
    return {name: Score(planted[name], found[name], wrong[name]) for name in CHECKS}


def alarms(sources: Sequence[str], texts: Sequence[str]) -> Counter[str]:
    """How many sentences each flag is raised on; "any" and "any number" beside them."""
    counts: Counter[str] = Counter()
    for source, text in zip(sources, texts, strict=True):
        flags = {finding.flag for finding in findings(source, text)}
        counts.update(flags)
        counts["any"] += bool(flags)
        counts["any number"] += bool(flags & NUMBERS)
    return counts


def report(rows: list[dict[str, str]]) -> Iterator[str]:
    """The table of the planted errors, line by line."""
    yield f"{len(rows)} pairs, {sum(bool(row['kind']) for row in rows)} with an error planted"
    yield f"{'check':14}{'planted':>8}{'found':>7}{'recall':>8}{'wrong':>7}{'precision':>11}"
    for name, score in measure(rows).items():
        yield (f"{name:14}{score.planted:8}{score.found:7}{score.recall:8.3f}{score.wrong:7}{score.precision:11.3f}")


def lines(path: Path) -> list[str]:
    """Lines of a file; those of Google's outputs hold HTML entities."""
    return [html.unescape(line) for line in path.read_text(encoding="utf-8").split("\n")][:-1]


@command
def main(argv: list[str] | None = None) -> Iterator[object]:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m models.evaluation.planted", description=__doc__)
    parser.add_argument("--planted", type=Path, default=PLANTED, help="JSONL with kind, arabic, english")
    parser.add_argument("--part", default="test", choices=["dev", "test"], help="of FLORES, where ../shared has it")
    parser.add_argument("--systems", nargs="*", default=["en", "google.en"], help="its translations that are checked")
    parser.add_argument("--show", help="print the sentences with this flag")
    options = parser.parse_args(argv)
    yield from report(read_planted(options.planted))
    if not PUBLIC.is_dir():
        yield f"{PUBLIC} is not here: nothing is measured on public translations"
        return
    sources = lines(PUBLIC / f"flores-{options.part}.ar")
    marked = Counter(finding.flag for source in sources for finding in source_findings(source))
    yield f"\nFLORES {options.part}, {len(sources)} sentences, flagged in per cent; sources marked: {dict(marked)}"
    for system in options.systems:
        texts = lines(PUBLIC / f"flores-{options.part}.{system}")
        begun = time.process_time()
        counts = alarms(sources, texts)
        took = (time.process_time() - begun) / len(sources)
        shares = "  ".join(f"{flag} {100 * count / len(sources):.1f}" for flag, count in counts.most_common())
        yield f"{system:16}{shares}  ({took * 1000:.2f} ms of CPU a sentence)"
        if options.show:
            for source, text in zip(sources, texts, strict=True):
                for finding in findings(source, text):
                    if finding.flag == options.show:
                        yield f"    {finding.detail}\n      {source}\n      {text}"


if __name__ == "__main__":
    sys.exit(main())
