"""A server and its clients: Mujaz's or LibreTranslate's, as its users start it, one article a request."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import local
from typing import Any, NamedTuple

from benchmarks.contenders.protocol import Contender, main

PATIENCE = 300  # seconds for a server to come up
TIMEOUT = 600  # seconds for an answer


class Kind(NamedTuple):
    """What is asked of a server, and what it answers."""

    path: str
    health: str  # the path that answers 200 once it is ready
    question: Callable[[str], dict]  # the JSON body for a text
    text: Callable[[dict], str]  # the translation in an answer


KINDS = {
    # POST /api/v1/briefs translates, makes a brief and stores both.
    "mujaz": Kind("/api/v1/briefs", "/readyz", lambda text: {"text": text}, lambda a: a["translation"]["text"]),
    # It sends nothing before the whole article is done.
    "libretranslate": Kind(
        "/translate",
        "/languages",
        lambda text: {"q": text, "source": "ar", "target": "en", "format": "text"},
        lambda answer: answer["translatedText"],
    ),
}


class Server(Contender):
    """Starts `command` in `folder` and waits until it is ready."""

    def __init__(self, kind: str, command: list[str], port: int, folder: str | None = None):
        self._kind = KINDS[kind]
        self._port = port
        self._process = subprocess.Popen(  # noqa: S603 - what field.py says
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=sys.stderr
        )
        deadline = time.monotonic() + PATIENCE
        while not self._up():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{' '.join(command)} did not come up")
            time.sleep(0.02)

    def _up(self) -> bool:
        try:
            connection = HTTPConnection("127.0.0.1", self._port, timeout=5)
            connection.request("GET", self._kind.health)
            return connection.getresponse().status == 200
        except OSError:
            return False

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(60)

    def pids(self) -> list[int]:
        return [self._process.pid]

    def run(self, work: list[dict], *, clients: int = 1, **options: Any) -> list[str]:
        mine = local()

        def ask(article: dict) -> str:
            if not hasattr(mine, "connection"):
                mine.connection = HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
            answer = self._ask(mine.connection, article).read()
            return self._kind.text(json.loads(answer))

        with ThreadPoolExecutor(clients) as pool:
            return list(pool.map(ask, work))

    def first(self, article: dict, **options: Any) -> None:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
        self._ask(connection, article, "application/x-ndjson").readline()
        connection.close()

    def _ask(self, connection: HTTPConnection, article: dict, accept: str = "application/json") -> Any:
        body = json.dumps(self._kind.question(article["text"]), ensure_ascii=False).encode()
        connection.request("POST", self._kind.path, body, {"Content-Type": "application/json", "Accept": accept})
        response = connection.getresponse()
        if response.status >= 300:
            raise RuntimeError(f"{self._kind.path} answered {response.status}: {response.read(500)!r}")
        return response


if __name__ == "__main__":
    main(Server)
