"""How far a batch run is: a bar on a terminal, a line a minute elsewhere, and a small file for `--status`."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from models.checks.fidelity import FLAGS
from service.batch.journal import is_running, journal_folder
from service.output.durations import duration

LINE_EVERY, FILE_EVERY = 60.0, 2.0  # seconds


@dataclass
class Counts:
    """What a run has seen so far. `done` and what follows it are of this run alone."""

    total: int = 0  # articles in the inputs, as counted beforehand
    before: int = 0  # found in the journal
    done: int = 0
    failed: int = 0
    sentences: int = 0
    words: int = 0
    flags: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)  # files that are not read, by their suffix

    def add(self, record: dict) -> None:
        """Count a finished article."""
        found = record["translation"]["sentences"]
        self.done += 1
        self.sentences += len(found)
        self.words += sum(len(s["source"].split()) for s in found)
        self.flags.update(flag for s in found for flag in s["flags"])


class Progress:
    """Shows `counts` while a run goes on, and keeps them in OUT.journal/progress.json."""

    def __init__(self, output: Path, total: int) -> None:
        self.counts = Counts(total)
        self._path = journal_folder(output) / "progress.json"
        self._started = time.time()
        self._bar = tqdm(total=total or None, unit=" articles", disable=None, dynamic_ncols=True)  # on a terminal only
        self._told = self._written = time.monotonic()
        self._keep("running")

    def update(self) -> None:
        """Show and keep the counts, each as often as it is worth."""
        counts, now = self.counts, time.monotonic()
        self._bar.n = counts.before + counts.done + counts.failed
        self._bar.set_postfix(sentences=counts.sentences, words_s=f"{self.rate:.0f}", failed=counts.failed)
        if self._bar.disable and now - self._told >= LINE_EVERY:
            self._told = now
            print(f"{time.strftime('%H:%M')} {self.line()}", file=sys.stderr, flush=True)
        if now - self._written >= FILE_EVERY:
            self._written = now
            self._keep("running")

    @property
    def rate(self) -> float:
        """Source words a second since the start."""
        return self.counts.words / max(1e-9, time.time() - self._started)

    def line(self) -> str:
        """All of it in a line."""
        counts = self.counts
        seen = counts.before + counts.done + counts.failed
        left = (counts.total - seen) * (time.time() - self._started) / max(1, counts.done)
        return (
            f"{seen:,} of {counts.total:,} articles, {counts.sentences:,} sentences, {self.rate:.0f} words/s, "
            f"{counts.failed:,} failed, about {duration(left)} left"
        )

    def end(self, state: str) -> None:
        """Close the bar; `state` is what `--status` will say: complete, interrupted or stopped."""
        self._bar.close()
        self._keep(state)

    def table(self) -> str:
        """The counts at the end, a line each."""
        counts, taken = self.counts, time.time() - self._started
        rows = [("articles done now", f"{counts.done:,}"), ("done before", f"{counts.before:,}")]
        rows += [("failed", f"{counts.failed:,}")]
        rows += [(f"files not read: {suffix}", f"{n:,}") for suffix, n in counts.passed_over.most_common()]
        rows += [("sentences", f"{counts.sentences:,}")]
        rows += [(f"  {flag}: {FLAGS[flag]}", f"{n:,}") for flag, n in counts.flags.most_common() if flag in FLAGS]
        rows += [("source words a second", f"{self.rate:.0f}"), ("time", duration(taken))]
        return "\n".join(f"{value:>12}  {name}" for name, value in rows)

    def _keep(self, state: str) -> None:
        kept = {**vars(self.counts), "state": state, "words_s": round(self.rate, 1), "line": self.line()}
        kept |= {"process": os.getpid(), "updated": time.strftime("%Y-%m-%d %H:%M:%S")}
        temporary = self._path.with_suffix(".tmp")
        temporary.write_text(json.dumps(kept), encoding="utf-8")
        temporary.replace(self._path)


def status(output: Path) -> tuple[int, str]:
    """(exit status, what to say) of the run that writes `output`: 0 complete, 3 not yet."""
    path = journal_folder(output) / "progress.json"
    if not path.is_file():
        return 2, f"no batch run has begun on {output}: {path} is not there"
    kept = json.loads(path.read_text(encoding="utf-8"))
    running = is_running(output)
    state = "running" if running else kept["state"]
    if state == "running" and not running:
        state = "stopped without an end (killed, or a power cut); the same command goes on"
    elif state != "complete" and not running:
        state += "; the same command goes on"
    return (0 if state == "complete" else 3), f"{state}\n{kept['line']}\nas of {kept['updated']}"
