"""Who takes part: how each contender is started, and with which options."""

from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.peers import Peer
from benchmarks.runner import Process
from models.engines import registry
from models.engines.conversion import prepare
from models.translation.loader import BEAM

TOKEN_BATCHES, EXAMPLE_BATCHES = (512, 1024, 2048), (16, 32)


@dataclass
class Contender:
    """One line of the table. `start` begins a fresh process; `options` go with every request to it.

    `variants` are options to choose from before anything is measured: the fastest stays. `share` is how long it is
    measured in a round, as a part of what Mujaz is. `missing` says why it does not take part.
    """

    key: str
    name: str
    start: Callable[[], AbstractContextManager[Process]]
    options: dict[str, Any] = field(default_factory=dict)
    variants: list[dict[str, Any]] = field(default_factory=list)
    share: float = 1.0
    missing: str | None = None


@dataclass(frozen=True)
class Model:
    """The one model that all run: its folder, its int8 conversion, and how it is decoded."""

    name: str
    folder: Path
    converted: Path
    cache: Path
    threads: int

    @classmethod
    def find(cls, name: str, cache: Path) -> Model:
        """Convert the model if need be. ModelError says what is wrong with it."""
        folder = registry.resolve(name, cache)
        return cls(name, folder, prepare(folder, cache), cache, len(os.sched_getaffinity(0)))

    @property
    def beam(self) -> int:
        """As the service decodes it."""
        return int(registry.release_of(self.folder).get("beam", BEAM))


def contenders(model: Model, peers: dict[str, Peer]) -> list[Contender]:
    """All of them, in the order of the table."""
    generate = _command("generate", model=model.folder, beam=model.beam)
    engine = _command("engine", model=model.folder, converted=model.converted, threads=model.threads, beam=model.beam)
    argos = _command("argos", peers["argos"].python)
    batches = [{"batch": size, "kind": "tokens"} for size in TOKEN_BATCHES]
    batches += [{"batch": size, "kind": "examples"} for size in EXAMPLE_BATCHES]
    http = [
        Contender(f"g{n}", f"Mujaz over HTTP, {n} client{'s'[: n > 1]}", lambda: _mujaz_server(model), {"clients": n},
                  share=1.0 if n > 1 else 0.5)
        for n in (1, 4, 16)
    ]  # fmt: skip
    return [
        Contender("a", "transformers, sentence by sentence", lambda: Process(generate), share=0.4),
        Contender("b", "transformers, sorted batches", lambda: Process(generate), share=0.4,
                  variants=[{"batch": size} for size in (8, 32)]),
        Contender("c", "Argos Translate", lambda: Process(argos, peers["argos"].environment()), share=0.5),
        Contender("d", "LibreTranslate over HTTP, 16 clients", lambda: _libretranslate(peers["libretranslate"]),
                  {"clients": 16}, share=0.5),
        Contender("e", "CTranslate2 on ready tokens (the ceiling)", lambda: Process(engine), variants=batches),
        Contender("f", "Mujaz's pipeline", lambda: _mujaz(model)),
        Contender("f0", "the same without repairs", lambda: _mujaz(model, "quick")),
        *http,
    ]  # fmt: skip


@contextmanager
def _mujaz(model: Model, effort: str = "normal") -> Iterator[Process]:
    with tempfile.TemporaryDirectory() as data:
        how = {"model": model.name, "cache": model.cache, "threads": model.threads, "effort": effort}
        with Process(_command("mujaz", data=data, **how)) as process:
            yield process


@contextmanager
def _mujaz_server(model: Model) -> Iterator[Process]:
    """The service as `make run` starts it, over an empty data folder."""
    with tempfile.TemporaryDirectory() as data:
        port = _free_port()
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("MUJAZ_") and k != "HOST"}
        ours = {
            "MUJAZ_MODEL": str(model.name),
            "MUJAZ_CACHE": str(model.cache),
            "MUJAZ_DATA": data,
            "MUJAZ_QUEUE": "256",
        }
        environment = {**inherited, **ours, "MUJAZ_THREADS": str(model.threads), "PORT": str(port)}
        served = _command("http", kind="mujaz", port=port, command=[sys.executable, "-m", "service"])
        with Process(served, environment) as process:
            yield process


@contextmanager
def _libretranslate(peer: Peer) -> Iterator[Process]:
    """LibreTranslate as its documentation starts it, in its home folder, for it writes where it stands."""
    port = _free_port()
    server = [str(peer.python.with_name("libretranslate")), "--port", str(port)]
    served = _command("http", kind="libretranslate", port=port, command=server, folder=peer.home)
    with Process(served, peer.environment()) as process:
        yield process


def _command(contender: str, python: object = sys.executable, **arguments: object) -> list[str]:
    return [str(python), "-m", f"benchmarks.contenders.{contender}", json.dumps(arguments, default=str)]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
