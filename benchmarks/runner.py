"""A contender's process: started, asked, timed, its memory read, ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, Any, cast

from benchmarks.corpus import Article

ROOT = Path(__file__).parent.parent
PATIENCE = 600  # seconds for an answer


class Failed(Exception):
    """A contender could not be set up or run; the message says why."""


class Process:
    """A running contender. Use as a context manager; `started` is when its start was begun (`time.perf_counter`)."""

    def __init__(self, command: list[str], environment: dict[str, str] | None = None):
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 - __exit__ closes
        self.started = time.perf_counter()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - what field.py says
                command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=self._errors, text=True, encoding="utf-8", start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise Failed(f"{command[0]} could not be started: {error}") from error
        self._in, self._out = cast(IO[str], self._process.stdin), cast(IO[str], self._process.stdout)
        hello = self._answer()
        self.about: dict[str, Any] = hello["about"]
        self._pids: list[int] = hello["pids"]

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._in.close()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._out.close()
        self._errors.close()

    def first(self, article: Article, **options: Any) -> float:
        """Seconds until the first translated sentence of `article`."""
        return self._ask({"do": "first", "article": _plain(article), "options": options})["seconds"]

    def run(self, articles: list[Article], **options: Any) -> tuple[float, list[str]]:
        """(seconds, translations). Failed unless every article came back with a text."""
        answer = self._ask({"do": "run", "articles": [_plain(a) for a in articles], "options": options})
        texts = answer["texts"]
        if len(texts) != len(articles) or not all(text.strip() for text in texts):
            raise Failed(
                f"{sum(bool(text.strip()) for text in texts)} of {len(articles)} articles came back translated"
            )
        return answer["seconds"], texts

    def peak_mb(self) -> float:
        """The largest resident memory so far, in MB (10^6 bytes): each process's own peak, added up over the tree."""
        return sum(peak_bytes(pid) for root in self._pids for pid in _tree(root)) / 1e6

    def _ask(self, request: dict) -> dict:
        try:
            self._in.write(json.dumps(request, ensure_ascii=False) + "\n")
            self._in.flush()
        except OSError:
            raise Failed(self._last_words()) from None
        return self._answer()

    def _answer(self) -> dict:
        timer = threading.Timer(PATIENCE, os.killpg, (self._process.pid, signal.SIGKILL))
        timer.start()
        line = self._out.readline()
        timer.cancel()
        if not line:
            raise Failed(self._last_words())
        answer = json.loads(line)
        if "error" in answer:
            raise Failed(answer["error"].strip().splitlines()[-1])
        return answer

    def _last_words(self) -> str:
        self._process.wait()
        self._errors.seek(0)
        last = (self._errors.read().strip().splitlines() or ["no message"])[-1]
        return f"it ended with status {self._process.returncode}: {last}"


def _plain(article: Article) -> dict[str, Any]:
    return {"text": article.text, "sentences": article.sentences}


def _tree(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [each for child in task.read_text().split() for each in _tree(int(child))]
    return found


def peak_bytes(pid: int) -> int:
    """The most memory that a process has had resident; 0 of one that has ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0
