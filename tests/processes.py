"""Our programs in processes of their own, as a user starts them in a checkout."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from typing import Any

from models.engines.registry import ROOT


def environment(settings=None, **more: str) -> dict[str, str]:
    """This environment without settings of Mujaz, with those of `settings` and `more`."""
    ours = {f"MUJAZ_{name.upper()}": str(getattr(settings, name)) for name in ("model", "data", "cache") if settings}
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("MUJAZ_") and k not in ("HOST", "PORT")}
    return {**inherited, **ours, **more}


def python(*words: object, **options: Any) -> subprocess.CompletedProcess:
    """`python WORDS` to its end, with what it printed."""
    command = [sys.executable, *map(str, words)]
    return subprocess.run(command, **{"cwd": ROOT, "capture_output": True, "text": True, **options})


def begun(*words: object, **options: Any) -> subprocess.Popen:
    """`python WORDS` beside the test."""
    return subprocess.Popen([sys.executable, *map(str, words)], **{"cwd": ROOT, "text": True, **options})


def free_port() -> int:
    """A port of this machine that nobody has."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def served(settings, port: int) -> subprocess.Popen:
    """The service on a port, ready to answer; its log is thrown away. `kill` it."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "start_new_session": True}
    process = begun("-m", "service", env=environment(settings, PORT=str(port)), **pipes)
    try:
        assert any("Mujaz is ready" in line for line in process.stdout), "it never became ready"
    except BaseException:
        kill(process)
        raise
    return process


def kill(process: subprocess.Popen) -> None:
    """kill -9, to its workers too."""
    if process.poll() is None:
        with suppress(ProcessLookupError):  # it may have ended since
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
