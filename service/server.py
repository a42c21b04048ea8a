"""Serve Mujaz, and print its address when it is ready to answer.

One process with threads: CTranslate2 releases the interpreter lock while it translates, and a model would otherwise lie
in memory once a process. Waitress reads requests and writes answers beside its threads, so that no slow client holds
one; it tells when a client has hung up.
"""

from __future__ import annotations

import argparse
import json
import logging
import signal
import sys
import threading
import time
from http import HTTPStatus
from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ErrorTask

from models import places
from models.command_line import ended
from models.engines import registry
from models.engines.conversion import prepare
from models.errors import MujazError
from service import create_app
from service.access.browsers import HEADERS
from service.access.entry import require_keys
from service.config import Settings
from service.core import Core
from service.jobs.runner import Runner

UPLOAD = 120  # seconds that a request may take to arrive
IDLE = 60  # seconds that a connection without a request stays open
CONNECTIONS = 500  # open at once, at most; each may take three of the 1,024 files that a process usually may open
FLUSH = 10  # seconds for the last answers to be sent once they are made
FAILED = 4  # the exit status when the model cannot be used


class Problem(ErrorTask):
    """What cannot be read as a request is answered as our other errors are."""

    def execute(self) -> None:
        """Called by waitress."""
        status = HTTPStatus(self.request.error.code)
        problem = {"type": "about:blank", "title": status.phrase, "status": status, "detail": self.request.error.body}
        body = json.dumps(problem).encode()
        self.status = f"{status:d} {status.phrase}"
        self.response_headers += [("Content-Type", "application/problem+json"), *HEADERS.items()]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):
    """A connection. One whose request is too long on its way is closed."""

    error_task_class = Problem
    _began = 0.0

    def received(self, data: bytes) -> bool:
        """Called by waitress."""
        if self.request is None:
            self._began = time.monotonic()
        return super().received(data)

    def readable(self) -> bool:
        """Called by waitress, every second at least."""
        if self.request is not None and time.monotonic() - self._began > UPLOAD:
            self.will_close = True
        return super().readable()


class Server:
    """The app behind waitress, until a signal: SIGTERM finishes what runs, a second one and SIGINT do not."""

    def __init__(self, settings: Settings) -> None:
        app = create_app(settings)
        self._core: Core = app.extensions["mujaz"]
        self._jobs: Runner = app.extensions["mujaz.jobs"]
        self._settings = settings
        self._sockets: dict[int, Any] = {}
        self._status = 0
        self._server = create_server(
            app,
            map=self._sockets,
            listen=address(settings),
            threads=settings.places + settings.connections,
            max_request_header_size=65_536,
            # More than we take, up to a bound: who is still sending when it is refused would not see why.
            max_request_body_size=2 * max(app.config["MAX_CONTENT_LENGTH"], settings.upload_bytes),
            connection_limit=CONNECTIONS,
            channel_timeout=IDLE,
            cleanup_interval=10,
            channel_request_lookahead=1,  # goes on reading, so that it sees when a client hangs up
            clear_untrusted_proxy_headers=False,  # the app looks at none
            asyncore_use_poll=True,
            log_socket_errors=False,
            ident=None,
        )
        for one in self._sockets.values():
            if isinstance(one, BaseWSGIServer):
                one.channel_class = Channel

    def run(self) -> int:
        """Serve until stopped; returns the exit status."""
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, self._stop)
        threading.Thread(target=self._tell, daemon=True).start()
        self._server.run()
        self._jobs.stop()
        return self._status

    def _end(self, *_: object) -> None:
        if self._core.load.draining.is_set():
            self._stop()
        self._core.load.draining.set()
        self._jobs.rest()  # they go on when the service is started again
        threading.Thread(target=self._finish, daemon=True).start()

    def _stop(self, *_: object) -> None:
        self._core.load.stop()
        self._jobs.rest()
        raise SystemExit

    def _finish(self) -> None:
        self._core.load.drain(self._settings.time_limit)
        deadline = time.monotonic() + FLUSH
        while self._busy() and time.monotonic() < deadline:
            time.sleep(0.05)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    def _busy(self) -> bool:
        """Whether an answer is still made or sent."""
        channels = [one for one in list(self._sockets.values()) if isinstance(one, HTTPChannel)]
        return any(one.requests or one.total_outbufs_len for one in channels)

    def _tell(self) -> None:
        try:
            info = self._core.wait().translator.info
        except MujazError as error:
            print(error, file=sys.stderr, flush=True)
            self._status = FAILED
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            return
        quality = f", {info.quality}" if info.quality else ""
        print(f"Model {info.name} {info.version} ({info.backend}, {info.compute_type}{quality})", flush=True)
        if info.warning:
            print(info.warning, flush=True)
        print(f"Mujaz is ready: http://{address(self._settings)}", flush=True)


def address(settings: Settings) -> str:
    """HOST:PORT, with brackets around an IPv6 address."""
    return f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}"


@ended
def main(argv: list[str] | None = None) -> int:
    """Serve until stopped; returns the exit status. The command line takes no options."""
    argparse.ArgumentParser(prog=places.COMMAND, description="Serve Mujaz. Its settings: README.md.").parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # requests wait for a thread for moments only
    settings = Settings.from_environment()
    folder = registry.resolve(settings.model, settings.cache)
    require_keys(settings)
    if settings.backend == "ctranslate2":
        prepare(folder, settings.cache, settings.compute_type)
    return Server(settings).run()
