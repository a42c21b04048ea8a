"""`python -m benchmarks`: measure Mujaz beside what a user would pick instead. Takes some 12 minutes.

Sets up the other programs first (virtual environments under the cache folder). Writes results.md and results.json in
this folder, and docs/bench.png. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import report
from benchmarks.corpus import Corpus, shared_sentences
from benchmarks.field import Contender, Model, contenders
from benchmarks.measure import Bench, Plan
from benchmarks.peers import PEERS, Peer
from benchmarks.runner import Failed
from models.engines import registry
from models.errors import ModelError

HERE = Path(__file__).parent
MINUTES = 12.0


def main(argv: list[str] | None = None) -> int:
    """The command line; returns the exit status: 2 if nothing could be measured."""
    args = arguments(argv)
    plan = make_plan(args.minutes)
    where = {"date": f"{datetime.now(UTC):%Y-%m-%d %H:%M UTC}", "load": os.getloadavg()[0], "minutes": args.minutes}
    try:
        model = Model.find(args.model, args.cache)
    except ModelError as error:
        print(error, file=sys.stderr)
        return 2
    where |= {"model": model.converted.name, "machine": report.machine(model.threads)}
    field = set_up(model, args.cache / "benchmarks", args.only)
    bench = Bench(field, Corpus(args.seed, shared_sentences()), plan)
    print("Finding each contender's speed and best settings", file=sys.stderr, flush=True)
    bench.calibrate()
    if len(bench.results.missing) == len(field):
        print("; ".join(f"{key}: {why}" for key, why in bench.results.missing.items()), file=sys.stderr)
        return 2
    bench.rounds()
    write(args, field, bench, where)  # what is measured so far is kept, whatever becomes of the curves
    print("How the cost grows", file=sys.stderr, flush=True)
    bench.curves()
    print(write(args, field, bench, where))
    return 0


def make_plan(minutes: float) -> Plan:
    """Of the minutes, three tenths for the curves."""
    fewest = 3 if minutes >= 6 else 1
    return Plan(min(30.0, 0.7 * minutes), 60 * minutes * 0.7, 60 * minutes * 0.3, fewest)


def set_up(model: Model, cache: Path, only: list[str]) -> list[Contender]:
    """The contenders named in `only` (or all); a peer that cannot be set up is missing, with the reason."""
    peers = {name: Peer(name, cache) for name in PEERS}
    field = [c for c in contenders(model, peers) if not only or c.key in only]
    for key, name in zip("cd", PEERS, strict=True):
        for contender in field:
            if contender.key == key:
                try:
                    peers[name].set_up(model.folder, model.converted)
                except Failed as error:
                    contender.missing = str(error)
                    print(error, file=sys.stderr)
    return field


def write(args: argparse.Namespace, field: list[Contender], bench: Bench, where: dict) -> str:
    """Write all files and return the report."""
    args.out.mkdir(parents=True, exist_ok=True)
    text = report.markdown(field, bench.results, where)
    (args.out / "results.md").write_text(text, encoding="utf-8")
    whole = {**where, "ratios": report.ratios(bench.results), **bench.results.plain()}
    (args.out / "results.json").write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    try:
        report.picture(field, bench.results, args.picture)
    except ImportError as error:
        print(f"no picture: {error}; pip install -r requirements/bench.txt", file=sys.stderr)
    return text


def arguments(argv: list[str] | None) -> argparse.Namespace:
    """The command line's values."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").split("\n\n")[0])
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, default=MINUTES, help="about how long (default %(default)g)")
    length.add_argument("--quick", dest="minutes", action="store_const", const=3.0, help="3 minutes, one round or two")
    length.add_argument("--full", dest="minutes", action="store_const", const=60.0, help="an hour: all of the curves")
    parser.add_argument("--only", nargs="+", default=[], metavar="KEY", help="a b c d e f f0 g1 g4 g16 (default: all)")
    parser.add_argument("--model", default=registry.EMBEDDED, help="as MUJAZ_MODEL takes it")
    parser.add_argument("--cache", type=Path, default=registry.DEFAULT_CACHE)
    parser.add_argument("--out", type=Path, default=HERE, help="where results.md and results.json go")
    parser.add_argument("--picture", type=Path, default=HERE.parent / "docs" / "bench.png")
    parser.add_argument("--seed", type=int, default=1, help="of the texts")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
