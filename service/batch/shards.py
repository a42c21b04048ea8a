"""Articles on their way to workers and back, as files that the driver and the workers share.

A shard is NAME.in, some dozens of articles as JSON lines. NAME.out, its results, is there whole or not at all.
NAME.try0 and so on say how often it was begun. The file `stop` tells workers to begin no other.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from models.types import Document
from service.batch.journal import Journal
from service.batch.run import Result

FIRST_CHARS, SHARD_CHARS = 4_000, 100_000  # of a shard: small at first, so that a short input has enough for everyone
TRIES = 3  # of a shard whose worker dies
LOOK_EVERY = 0.5  # seconds, for a wish to stop

FOLDER = "shards"  # in OUT.journal, with a folder in it for each run
STOP = "stop"


def cut(articles: Iterable[Document], workers: int) -> Iterator[list[Document]]:
    """Shards of like cost: by characters, doubled with every shard that each worker got until they are full-sized."""
    shard: list[Document] = []
    size, number = 0, 0
    for article in articles:
        shard.append(article)
        size += len(article.text)
        if size >= min(SHARD_CHARS, FIRST_CHARS << min(number // workers, 10)):
            yield shard
            shard, size, number = [], 0, number + 1
    if shard:
        yield shard


def write(folder: Path, shard: Iterable[Document]) -> Path:
    """Write a shard; returns its NAME.in, by which the other functions know it."""
    path = folder / f"{uuid.uuid4().hex}.in"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(article)) + "\n" for article in shard)
    return path


def read(path: Path) -> Iterator[Document]:
    """The articles of a shard."""
    with path.open(encoding="utf-8") as lines:
        yield from (Document(**json.loads(line)) for line in lines)


def tried(path: Path) -> int:
    """How often the shard was begun before, TRIES at most; counts this time."""
    for number in range(TRIES):
        try:
            path.with_suffix(f".try{number}").touch(exist_ok=False)
            return number
        except FileExistsError:
            continue
    return TRIES


def is_done(path: Path) -> bool:
    """Whether the shard has its results."""
    return path.with_suffix(".out").exists()


def finish(path: Path, results: Iterable[list[Result]]) -> None:
    """Write the results of a shard; they are on the disk when it returns."""
    temporary = path.with_suffix(f".{uuid.uuid4().hex[:8]}")  # its own: a worker given up for dead may still live
    with temporary.open("w", encoding="utf-8") as file:
        for some in results:
            file.writelines(json.dumps(result, ensure_ascii=False) + "\n" for result in some)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path.with_suffix(".out"))


def results_of(path: Path) -> list[Result]:
    """The results of a shard. Raises ValueError if a bad drive broke them."""
    with path.with_suffix(".out").open(encoding="utf-8") as lines:
        return [(key, found) for key, found in map(json.loads, lines)]


def remove(path: Path) -> None:
    """Remove all files of a shard."""
    for file in path.parent.glob(f"{path.stem}.*"):
        file.unlink(missing_ok=True)


def recover(journal: Journal) -> int:
    """Journal what the workers of a killed run had finished, throw the rest away; how many articles it was."""
    count = 0
    folder = journal.folder / FOLDER
    for path in sorted(folder.glob("*/*.out")):
        try:
            fresh = [(key, found) for key, found in results_of(path) if isinstance(found, dict) and key not in journal]
        except ValueError:
            continue
        journal.append(fresh)
        count += len(fresh)
    shutil.rmtree(folder, ignore_errors=True)  # a worker of that run may still write; then the next one does it
    return count


def is_stopped(path: Path) -> bool:
    """Whether workers shall begin no other shard."""
    return (path.parent / STOP).exists()


@contextmanager
def passing_on(stopped: Callable[[], bool], folder: Path) -> Iterator[None]:
    """While it holds, workers are told once `stopped` says so, whatever the driver is waiting for."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(LOOK_EVERY):
            if stopped():
                (folder / STOP).touch()
                return

    watcher = threading.Thread(target=look, name="watch-for-stop", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
