"""A batch run over several processes or machines, as a Ray Data job (docs/scale.md).

One process, the driver, cuts the articles into shards (`shards`) in OUT.journal. Workers load the model once
and do a shard at a time. The driver journals what comes back, and it alone: so a run over Ray goes on after a kill as
any other does. The journal's folder must be the same one on every machine; nothing else is shared, not even the
translation memory: it would save little (equal sentences of a shard are translated once), and cost a lock on a network
drive that all workers wait for.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import signal
import socket
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from models import places
from models.errors import InputError, ModelError, MujazError
from models.types import Document
from service.batch import shards
from service.batch.run import Engine, Order, Result, local_engine
from service.config import Settings, quiet_ray
from service.core import load_pipeline

ROUND = 100  # shards a worker that lie on the disk at a time
OBJECT_STORE = 100_000_000  # bytes of shared memory; only the names of shards go through it
DEADLY = f"the worker process died each of the {shards.TRIES} times that the article was tried alone"


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where the workers are: at `address` (a Ray cluster's, or auto), or without one on this machine."""

    workers: int = 2
    address: str | None = None


def ray_engine(
    settings: Settings, order: Order, folder: Path, signature: str, cluster: Cluster, worker: type[Worker] | None = None
) -> Engine:
    """Translates in workers of `settings.threads` threads (0: one), through shards in `folder`, the journal's.

    A worker whose pipeline has another signature than `signature` ends the run with a ModelError. A shard whose worker
    dies is done again; one that kills its workers is done article by article, and the article that does it fails.
    """
    if cluster.workers < 1:
        raise InputError("--workers", f"{cluster.workers} is too few; choose 1 or more")
    _import_ray()
    folder = folder.resolve() / shards.FOLDER / uuid.uuid4().hex[:8]
    settings = replace(settings, threads=settings.threads or 1, cache=settings.cache.resolve())
    if Path(settings.model).is_dir():
        settings = replace(settings, model=str(Path(settings.model).resolve()))
    if settings.glossary:
        settings = replace(settings, glossary=str(Path(settings.glossary).resolve()))
    job = _Job(folder, cluster, settings, order, signature, worker or Worker)

    def run(articles: Iterable[Document], stopped: Callable[[], bool]) -> Iterator[list[Result]]:
        source = shards.cut(articles, cluster.workers)
        for first in islice(source, 1):  # no cluster is started for nothing
            folder.mkdir(parents=True)
            paths = [shards.write(folder, first), *job.written(source)]
            with _connected(cluster, settings.threads, folder.parent), shards.passing_on(stopped, folder):
                while paths and not stopped():
                    alone: list[Path] = []
                    for path, state, detail in job.round(paths):
                        yield from job.taken(path, state, detail, alone)
                        shards.remove(path)
                    paths = alone or job.written(source)
        shutil.rmtree(folder, ignore_errors=True)  # what stays is thrown away by the next run

    return run


@dataclass(frozen=True)
class _Job:
    folder: Path
    cluster: Cluster
    settings: Settings
    order: Order
    signature: str
    worker: Any  # a type[Worker]; Ray's stubs want a function

    def written(self, source: Iterator[list[Document]]) -> list[Path]:
        """The next round of shards."""
        return [shards.write(self.folder, shard) for shard in islice(source, ROUND * self.cluster.workers)]

    def round(self, paths: list[Path]) -> Iterator[tuple[Path, str, str]]:
        """(path, state, detail) of every shard, as they come. Ray replaces a dead worker and does its shard again."""
        ray = _import_ray()
        rows = [{"path": str(path)} for path in paths]
        data = ray.data.from_items(rows, override_num_blocks=len(rows))  # a block each: what is done again is a shard
        done = data.map(
            self.worker,
            fn_constructor_args=(self.settings, self.order, self.signature),
            compute=ray.data.ActorPoolStrategy(size=self.cluster.workers, max_tasks_in_flight_per_actor=2),
            num_cpus=self.settings.threads,
        )
        for row in done.iter_rows():
            yield Path(row["path"]), row["state"], row["detail"]

    def taken(self, path: Path, state: str, detail: str, alone: list[Path]) -> Iterator[list[Result]]:
        """The results of a shard. The articles of a deadly one are put into `alone`, each as a shard of its own."""
        if state == "refused":
            raise ModelError(detail)
        if state == "failed":
            raise OSError(detail)
        if state == "done":
            yield shards.results_of(path)
        elif state == "deadly":
            articles = list(shards.read(path))
            if len(articles) == 1:
                yield [(articles[0].id, DEADLY)]
            else:
                alone += [shards.write(self.folder, [article]) for article in articles]


class Worker:
    """Loads the model once, then does a shard a call. Ray makes a new one in place of one that died."""

    def __init__(self, settings: Settings, order: Order, signature: str) -> None:
        self._refusal = ""
        try:
            pipeline = load_pipeline(settings, None)
            self._engine = local_engine(pipeline, order)
            ours = pipeline.signature(order.wish)
            if ours != signature:
                self._refusal = f"has the signature {ours}, the driver {signature}: both need the same code and model"
        except MujazError as error:
            self._refusal = str(error)

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """{"path", "state", "detail"} of the shard `row["path"]`. The state is done, dropped (the run is being
        stopped), deadly (too many of its workers died), refused (the model) or failed (the disk)."""
        path = Path(row["path"])
        state, detail = "done", ""
        try:
            if self._refusal:
                state, detail = "refused", f"the worker on {socket.gethostname()}: {self._refusal}"
            elif shards.is_stopped(path):
                state = "dropped"
            elif shards.is_done(path):
                pass  # the worker before died in the moment between
            elif shards.tried(path) == shards.TRIES:
                state = "deadly"
            else:
                shards.finish(path, self._engine(shards.read(path), lambda: False))
        except OSError as error:
            state, detail = "failed", f"the worker on {socket.gethostname()}: {error}"
        return {"path": str(path), "state": state, "detail": detail}


@contextmanager
def _connected(cluster: Cluster, threads: int, journal: Path) -> Iterator[None]:
    """A connection to the cluster that there is, or one of our own for as long as it holds."""
    ray = _import_ray()
    quiet: dict[str, Any] = {"logging_level": logging.ERROR, "log_to_driver": False}
    own: dict[str, Any] = {"num_cpus": cluster.workers * threads, "object_store_memory": OBJECT_STORE}
    # One place for Ray's files a journal: what a kill leaves there goes with the next run.
    place = Path(tempfile.gettempdir()) / f"mujaz-{hashlib.sha256(str(journal).encode()).hexdigest()[:8]}"
    handler = signal.getsignal(signal.SIGTERM)
    try:
        if cluster.address:
            ray.init(address=cluster.address, **quiet)
        else:
            shutil.rmtree(place, ignore_errors=True)
            ray.init(address="local", include_dashboard=False, _temp_dir=str(place), **own, **quiet)
    except (ConnectionError, ValueError) as error:
        hint = "where it asks for a token, RAY_AUTH_MODE=token must be set, see docs/scale.md"
        raise InputError("--ray-address", f"{cluster.address}: {error} ({hint})") from error
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, handler)  # Ray sets its own, which exits at once
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = context.print_on_execution_start = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    try:
        yield
    finally:
        ray.shutdown()
        if not cluster.address:
            shutil.rmtree(place, ignore_errors=True)


def _import_ray() -> Any:
    quiet_ray()
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise InputError("--engine", f"ray cannot be used ({error}); {places.install('ray')}") from None
    return ray
