"""A server and its clients: Mujaz's or LibreTranslate's, as its users start it, one article a request."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import local
from typing import Any

from benchmarks.contenders.protocol import Contender, serve

PATIENCE = 300  # seconds for a server to come up
TIMEOUT = 600  # seconds for an answer


class Server(Contender):
    """Starts `command` and waits until `health` answers 200. Subclasses say what is asked and answered."""

    path: str
    health: str

    def __init__(self, command: list[str], port: int, folder: str | None = None):
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
            connection.request("GET", self.health)
            return connection.getresponse().status == 200
        except OSError:
            return False

    def stop(self) -> None:
        """End the server."""
        self._process.terminate()
        self._process.wait(60)

    def pids(self) -> list[int]:
        return [self._process.pid]

    def question(self, article: dict) -> dict:
        """The JSON body of a request."""
        raise NotImplementedError

    def text(self, answer: dict) -> str:
        """The translation in an answer."""
        raise NotImplementedError

    def run(self, work: list[dict], *, clients: int = 1, **options: Any) -> list[str]:
        mine = local()

        def ask(article: dict) -> str:
            if not hasattr(mine, "connection"):
                mine.connection = HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
            answer = self._ask(mine.connection, article).read()
            return self.text(json.loads(answer))

        with ThreadPoolExecutor(clients) as pool:
            return list(pool.map(ask, work))

    def first(self, article: dict, **options: Any) -> None:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
        self._ask(connection, article, "application/x-ndjson").readline()
        connection.close()

    def _ask(self, connection: HTTPConnection, article: dict, accept: str = "application/json") -> Any:
        body = json.dumps(self.question(article), ensure_ascii=False).encode()
        connection.request("POST", self.path, body, {"Content-Type": "application/json", "Accept": accept})
        response = connection.getresponse()
        if response.status >= 300:
            raise RuntimeError(f"{self.path} answered {response.status}: {response.read(500)!r}")
        return response


class Mujaz(Server):
    """`python -m service`; POST /api/v1/briefs, which translates, makes a brief and stores both."""

    path = "/api/v1/briefs"
    health = "/readyz"

    def question(self, article: dict) -> dict:
        return {"text": article["text"]}

    def text(self, answer: dict) -> str:
        return answer["translation"]["text"]


class LibreTranslate(Server):
    """`libretranslate`; POST /translate. It sends nothing before the whole article is done."""

    path = "/translate"
    health = "/languages"

    def question(self, article: dict) -> dict:
        return {"q": article["text"], "source": "ar", "target": "en", "format": "text"}

    def text(self, answer: dict) -> str:
        return answer["translatedText"]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", choices=("mujaz", "libretranslate"), required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", help="where the server is started")
    parser.add_argument("command", nargs="+")
    args = parser.parse_args()
    server = (Mujaz if args.server == "mujaz" else LibreTranslate)(args.command, args.port, args.folder)
    try:
        serve(server)
    finally:
        server.stop()
