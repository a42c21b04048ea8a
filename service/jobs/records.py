"""Jobs as the API and the pages tell of them."""

from __future__ import annotations

from typing import Any

from service.jobs.runner import Runner
from service.output.durations import duration
from service.output.remarks import Say
from service.store.jobs import QUEUED, RUNNING, Kept

TOLD = 100  # failures in a job's record; all are among its results
Record = dict[str, Any]


def job_record(runner: Runner, job: Kept, failures: bool = True) -> Record:
    """Of one job; without `failures` as in a list of jobs."""
    found = {
        "id": job.id,
        "number": job.number,
        "created_at": job.created_at,
        "ended_at": job.ended_at,
        "state": job.state,
        "reason": job.reason,
        "progress": progress(runner, job),
    }
    if failures:
        failed = runner.jobs.ended(job.number, -1, TOLD, only_failed=True)
        found["failures"] = [{name: one[name] for name in ("number", "name", "reason")} for one in failed]
    return found


def progress(runner: Runner, job: Kept) -> Record:
    """How far a job is. `seconds_left` is null unless it runs and something was measured; `waits` says for what it
    waits, if it cannot go on."""
    live = runner.live.get(job.number) if job.state == RUNNING else None
    done = job.sentences_done + (len(live.sentences) if live else 0)
    return {
        "articles": job.articles,
        "briefs": job.briefs,
        "failed": job.failed,
        "sentences": job.sentences,
        "sentences_done": min(done, job.sentences),
        "seconds_left": live.seconds_left(max(0, job.sentences - done)) if live else None,
        "waits": live.waits if live else None,
    }


def in_words(state: str, told: Record, say: Say = str) -> str:
    """`progress` in a line."""
    if waits := told["waits"]:
        return say(waits)
    number = {name: f"{told[name]:,}" for name in ("sentences_done", "sentences", "briefs", "articles", "failed")}
    parts = [say("{sentences_done} of {sentences} sentences")]
    if told["articles"] > 1:
        parts.append(say("{briefs} of {articles} articles"))
    if told["failed"]:
        parts.append(say("{failed} failed"))
    if told["seconds_left"] is not None:
        number["time"] = duration(told["seconds_left"], say)
        parts.append(say("about {time} left"))
    if state == QUEUED:
        parts.append(say("waits for its turn"))
    return (say(",") + " ").join(parts).format(**number)


def result_record(one: Record) -> Record:
    """What has become of an article: its brief, or why there is none."""
    gone = "its brief was deleted" if one["brief"] and not one["record"] else None
    return {"number": one["number"], "name": one["name"], "brief": one["record"], "reason": one["reason"] or gone}
