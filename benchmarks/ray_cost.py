"""What Ray itself costs a batch run: `python -m benchmarks.ray_cost WORKERS SHARDS` (docs/scale.md).

The workers are real but for the translating: they load no model, and write every shard back empty. Processor time is
of the driver and all that it started: a busy machine changes it little, but seconds by the clock much.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.types import Document
from service.batch import shards
from service.batch.distributed import Cluster, Worker, ray_engine
from service.batch.run import Order
from service.config import Settings


class Idle(Worker):
    """A worker without a model."""

    def __init__(self, *_: Any) -> None:
        self._refusal = ""
        self._engine = lambda articles, stopped: ([(article.id, {})] for article in articles)


def articles(count: int) -> Iterator[Document]:
    """As many, each a full shard."""
    return (Document(str(number), "خبر " * (shards.SHARD_CHARS // 4)) for number in range(count))


def cost(workers: int, count: int, folder: Path) -> list[tuple[float, float, float, int]]:
    """(seconds, processor seconds, MB, processes) when the first of `count` shards came back, and the last."""
    import ray  # noqa: F401 - it brings psutil

    import psutil  # isort: skip

    def used() -> tuple[float, float, float, int]:
        processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
        times = [process.cpu_times() for process in processes]
        memory = sum(process.memory_full_info().pss for process in processes)
        return time.time() - began, sum(t.user + t.system for t in times), memory / 1e6, len(processes)

    began = time.time()
    engine = ray_engine(Settings(), Order(), folder, "", Cluster(workers), Idle)
    came = enumerate(engine(articles(count), lambda: False), 1)
    return [used() for number, _ in came if number in (1, count)]


def main() -> None:
    workers, count = map(int, sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        first, last = cost(workers, count, Path(folder))
    each = [1000 * (b - a) / (count - 1) for a, b in zip(first[:2], last[:2], strict=True)]
    print(f"{workers} workers: first shard after {first[0]:.0f} s, {first[1]:.1f} s of a processor, in {first[3]}")
    print(f"processes of {first[2]:.0f} MB; then {each[0]:.0f} ms a shard, {each[1]:.0f} ms of a processor")


if __name__ == "__main__":
    main()
