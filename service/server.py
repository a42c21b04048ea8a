"""Serve Mujaz, and print its address when it is ready to answer.

One process with threads: a loaded CTranslate2 model does not survive a fork, releases the interpreter lock
while it translates, and would otherwise lie in memory once a process.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import threading

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.gthread import ThreadWorker

from models import places
from models.command_line import ended
from models.engines import registry
from models.engines.conversion import prepare
from models.errors import MujazError
from models.wording import glossary
from service import create_app
from service.config import Settings
from service.core import Core
from service.store.briefs import Store
from service.store.database import DATABASE


class Worker(ThreadWorker):
    """Lets the jobs rest as soon as it is to stop, so that no reader of their events is waited for."""

    def handle_exit(self, sig, frame):
        """Called by gunicorn on SIGTERM."""
        if self.wsgi:
            self.wsgi.extensions["mujaz.jobs"].rest()
        super().handle_exit(sig, frame)


def jobs_stopped(_: Arbiter, worker: Worker) -> None:
    """Called by gunicorn when a worker ends, however it came to: no article is to fail because the process goes."""
    if worker.wsgi:
        worker.wsgi.extensions["mujaz.jobs"].stop()


class Server(BaseApplication):
    """gunicorn with one threaded worker; the app is made in the worker, after the fork."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn."""
        options = {
            "bind": address(self.settings),
            "limit_request_line": 8190,  # room for a title of 1,000 Arabic letters in a query string
            "workers": 1,
            "worker_class": Worker,
            "worker_exit": jobs_stopped,
            "threads": self.settings.connections,
            "timeout": 0,  # a long article may take minutes, and a stream as long
            "graceful_timeout": 30,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self):
        """Called by gunicorn in the worker."""
        app = create_app(self.settings)
        threading.Thread(target=self._tell, args=(app.extensions["mujaz"],), daemon=True).start()
        return app

    def _tell(self, core: Core) -> None:
        try:
            info = core.wait().translator.info
        except MujazError as error:
            print(error, file=sys.stderr, flush=True)
            os._exit(Arbiter.APP_LOAD_ERROR)  # the one way for a thread of the worker to stop its master too
        quality = f", {info.quality}" if info.quality else ""
        print(f"Model {info.name} {info.version} ({info.backend}, {info.compute_type}{quality})", flush=True)
        if info.warning:
            print(info.warning, flush=True)
        print(f"Mujaz is ready: http://{address(self.settings)}", flush=True)


def address(settings: Settings) -> str:
    """HOST:PORT, with brackets around an IPv6 address."""
    return f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}"


@ended
def main(argv: list[str] | None = None) -> int:
    """Serve until stopped; returns the exit status. The command line takes no options."""
    argparse.ArgumentParser(prog=places.COMMAND, description="Serve Mujaz. Its settings: README.md.").parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    settings = Settings.from_environment()
    folder = registry.resolve(settings.model, settings.cache)
    glossary.load(settings.glossary)
    Store(settings.data / DATABASE)  # what cannot be used is said now, not by the worker
    if settings.backend == "ctranslate2":
        prepare(folder, settings.cache, settings.compute_type)
    Server(settings).run()
    return 0
