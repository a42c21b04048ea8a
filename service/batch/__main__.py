"""Briefs for many articles at once.

    python -m service.batch INPUT... --output OUT.jsonl       the same line again goes on where a run was stopped
    python -m service.batch INPUT... --output OUT --dry-run   count, and estimate the time
    python -m service.batch --status OUT                      how far a run is, from another terminal

INPUT is a file, a folder of them, or - for JSON lines on standard input. One record an article goes to OUT, in the
order of the inputs. What cannot be read or translated goes to OUT.failed.jsonl with its reason, stops nothing, and is
tried again by the next run; the exit status is then 3. Files of a kind that is not read stand there too, as passed
over; they are no failures.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from models import places
from models.briefs.summarizers import DEFAULT, NAMES
from models.command_line import ended
from models.errors import InputError
from models.pipeline import MAX_SENTENCES, Pipeline
from models.types import Wish
from service.articles.encodings import known
from service.articles.readers import SUFFIXES, Failure, Fields, Source, count, find_sources, original, read
from service.batch.distributed import Cluster, ray_engine
from service.batch.estimate import estimate
from service.batch.journal import Journal, journal_folder
from service.batch.progress import Progress, status
from service.batch.run import Engine, Item, Order, Run, failed_file, local_engine
from service.batch.shards import recover
from service.config import Settings
from service.core import load_pipeline
from service.output import writers
from service.output.spelling_report import names_file
from service.output.subtitles import SUFFIXES as SUBTITLES
from service.store.briefs import Store
from service.store.database import DATABASE

# Batch pieces by default, on one machine: nobody waits for a first sentence, and fewer large batches are a quarter
# faster. Ray's many workers share a machine's memory.
TOGETHER = 2048


@ended
def main(argv: list[str] | None = None) -> int:
    """The command line; returns the exit status.

    0: all done; 2: nothing was begun; 3: some articles failed; 4: something could not be written; 130, 143: stopped
    by SIGINT, SIGTERM. After 3, 4, 130 and 143 the same line goes on.
    """
    args = _arguments(argv)
    if args.status:
        code, told = status(args.status)
        print(told, file=sys.stderr if code == 2 else sys.stdout)
        return code
    try:
        return _begin(args)
    except BrokenPipeError:
        raise  # of what is printed: nothing is wrong with the run
    except KeyboardInterrupt:
        print("interrupted; the same line goes on", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"{error}. What was done is in the journal: mend this, and the same line goes on.", file=sys.stderr)
        return 4


def _begin(args: argparse.Namespace) -> int:
    together = TOGETHER if args.engine == "local" else Settings().batch_pieces
    settings = Settings.from_environment(batch_pieces=together)
    given = {name: getattr(args, name) for name in ("threads", "batch_pieces", "glossary") if getattr(args, name)}
    settings = replace(settings, **given, effort="careful" if args.careful else settings.effort)
    order = Order(Wish(args.summarizer, args.sentences, args.min_confidence), settings.max_chars)
    if not args.input or not args.output:
        raise InputError("INPUT, --output", "both are needed; --help shows how")
    form = writers.format_of(args.output, args.format)
    fields = Fields(args.text_field, args.id_field, args.title_field)
    encoding = known(args.encoding) if args.encoding else None
    ours = [args.output, journal_folder(args.output), failed_file(args.output), names_file(args.output)]
    sources, failures = find_sources(args.input, leave_out=ours)
    originals = _originals(sources, encoding) if form == "subtitles" else None
    items = _items(sources, failures, fields, encoding)
    if args.dry_run:
        print(estimate(items, load_pipeline(settings, None), order, args.output))
        return 0
    with Journal(args.output) as journal:
        if journal.broken:
            print(f"{journal.broken} lines of the journal are damaged; their articles are done again", file=sys.stderr)
        recover(journal)
        pipeline = load_pipeline(settings, Store(settings.data / DATABASE))
        progress = Progress(
            args.output, count(sources, fields, encoding) + sum(not failure.passed_over for failure in failures)
        )
        run = Run(args.output, journal, progress, pipeline.signature(order.wish), order, originals)
        engine = None if args.partial else _engine(args, settings, pipeline, order)
        return _finish(run, progress, items, form, engine)


def _engine(args: argparse.Namespace, settings: Settings, pipeline: Pipeline, order: Order) -> Engine:
    if args.engine == "local":
        return local_engine(pipeline, order)
    signature = pipeline.signature(order.wish)
    cluster = Cluster(args.workers, args.ray_address)
    return ray_engine(settings, order, journal_folder(args.output), signature, cluster)


def _items(sources: list[Source], failures: list[Failure], fields: Fields, encoding: str | None) -> Iterator[Item]:
    """Everything in the inputs, in order."""
    yield from ((failure.where, failure) for failure in failures)
    for source in sources:
        yield from ((source.name, item) for item in read([source], fields, encoding, _note))


def _originals(sources: list[Source], encoding: str | None) -> Callable[[str], str]:
    """What gives the text of one of these subtitle files by its name; InputError if others are among them."""
    named = {source.name: source for source in sources}
    for name in named:
        if not name.lower().removesuffix(".gz").endswith(SUBTITLES):
            raise InputError("--format", f"subtitles are made of {', '.join(SUBTITLES)} files only; {name} is none")
    return lambda name: original(named[name], encoding)


def _note(where: str, text: str) -> None:
    tqdm.write(f"note: {where}: {text}", file=sys.stderr)


def _finish(run: Run, progress: Progress, items: Iterable[Item], form: str, engine: Engine | None) -> int:
    """Work, write, and tell; returns the exit status."""
    state, signals = "stopped", _Signals(run)
    try:
        with signals:
            run.work(items, engine)
        if signals.caught:
            state, code = "interrupted", 128 + signals.caught
            told = "interrupted: the same line goes on where it was"
        else:
            failed = run.write(form)
            state, code = "complete" if engine else "interrupted", 3 if failed else 0
            told = "\n".join(f"failed: {failure['where']}: {failure['reason']}" for failure in failed)
            listed = ["failed articles"] * bool(failed) + ["files that are not read"] * bool(
                progress.counts.passed_over
            )
            told += f"\n{' and '.join(listed)} are listed in {run.failed}" if listed else ""
    finally:
        progress.end(state)
    print(progress.table(), told, sep="\n", file=sys.stderr)
    return code


class _Signals:
    """While it holds, SIGINT and SIGTERM let the sentences at hand be finished; a second one ends at once."""

    def __init__(self, run: Run) -> None:
        self.caught = 0
        self._run = run

    def __enter__(self) -> _Signals:
        self._before = {number: signal.signal(number, self._handle) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _handle(self, number: int, _: object) -> None:
        if self.caught:
            os._exit(128 + number)  # the journal is whole at any moment
        self.caught = number
        self._run.stop = True
        print("finishing the sentences at hand; once more to stop at once", file=sys.stderr, flush=True)


def _share(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 1")
    return number


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"{places.COMMAND} batch", description="Briefs for many articles at once.")
    add = parser.add_argument
    kinds = ", ".join(SUFFIXES)
    add("input", nargs="*", type=Path, help=f"files ({kinds}, each also .gz), folders, or - for JSON lines")
    add("--output", type=Path, help="what to write; OUT.journal beside it keeps what is done")
    add("--format", choices=writers.FORMATS, help="default: by the suffix of --output")
    add("--partial", action="store_true", help="write what is done so far to --output; translate nothing")
    add("--dry-run", action="store_true", help="count, and estimate the time; nothing is written")
    add("--status", type=Path, metavar="OUT", help="how far the run is that writes OUT")
    add("--sentences", type=int, default=3, choices=range(1, MAX_SENTENCES + 1), metavar="1-10")
    add("--summarizer", default=DEFAULT, choices=NAMES)
    add("--min-confidence", type=_share, default=0.0, metavar="0-1", help="keep less sure sentences out of the brief")
    add("--glossary", metavar="FILE", help="CSV: arabic,english[,case][,whole_word] (default: MUJAZ_GLOSSARY)")
    add("--careful", action="store_true", help="choose among several hypotheses for every sentence; takes far longer")
    add("--text-field", default="text", help="the field or column that holds the article")
    add("--id-field", default="id", help="that holds its id (default: FILE:LINE)")
    add("--title-field", default="title", help="that holds its title, if it has one")
    add("--encoding", help="of all inputs (default: UTF-8 or UTF-16 by their marks, else guessed and told)")
    add("--threads", type=int, default=0, help="that translate (default: MUJAZ_THREADS)")
    add("--batch-pieces", type=int, help="decoded together (default: MUJAZ_BATCH_PIECES, else 2048, with ray 384)")
    add("--engine", default="local", choices=["local", "ray"], help="ray: several processes; see docs/scale.md")
    add("--workers", type=int, default=2, help="of --engine ray, each with --threads threads (default: one)")
    add("--ray-address", metavar="HOST:PORT", help="of a running Ray cluster, or auto (default: one of its own, here)")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
