"""A job as server-sent events, each with the place up to which all was told, from where a later reader can go on.

draft      until the first sentence is done, what the first search made of the first ones, not yet looked at again
sentence   a sentence of the article on its way, with what there is to say of it in words (`remarks`)
article    an article has its brief, or none, and why
progress   how far the job is
end        the job has ended; nothing comes after it

A place is ARTICLE.SENTENCES: all articles before that number, and so many of its sentences, were told. Whoever reads
holds a thread of the server: when many do, the rest are given what there is and have to ask again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Request, Response

from service.jobs.records import in_words, progress
from service.jobs.requests import EventsRequest
from service.jobs.runner import Runner
from service.output.remarks import Say, notes
from service.requests.bodies import validate
from service.store.jobs import LIVE, Kept

HEARTBEAT = 10.0  # seconds without news
RETRY = 3000  # milliseconds until a reader asks again
PAGE = 20  # articles read at a time
PAUSE = 0.2  # seconds between looks


@dataclass(frozen=True, slots=True)
class Place:
    """See above."""

    article: int = 0
    sentences: int = 0

    def __str__(self) -> str:
        return f"{self.article}.{self.sentences}"


def place(text: str) -> Place:
    """The place that an event's id tells."""
    article, _, sentences = text.partition(".")
    return Place(int(article), int(sentences))


def stream(runner: Runner, job_id: str, request: Request, say: Say = str) -> Response:
    """The events that a request asks for, `say` with words in its language. Raises Invalid or NotFound."""
    given = {**request.args, "after": request.headers.get("Last-Event-ID") or request.args.get("after")}
    at = place(validate(EventsRequest, {name: value for name, value in given.items() if value}).after)
    runner.jobs.get(job_id)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(events(runner, job_id, at, say), mimetype="text/event-stream", headers=headers)


def events(runner: Runner, job_id: str, at: Place, say: Say = str) -> Iterator[str]:
    """What has happened in a job after `at`, and what happens until it ends. Raises NotFound."""
    may_wait = runner.readers.acquire(blocking=False)
    told, drafted, last = "", "", time.monotonic()
    try:
        yield f"retry: {RETRY}\n\n"
        while True:
            seen, job = runner.news.count, runner.jobs.get(job_id)
            for reached, name, data in _news(runner, job, at, say):
                at = reached
                yield _event(at, name, data)
            if (live := runner.live.get(job.number)) or drafted:  # what was told is taken back at the end
                before, drafted = drafted, _event(at, "draft", {"sentences": live.drafts if live else []})
                if drafted != before:
                    yield drafted
            before, told = told, _event(at, "progress", _how_far(runner, job, say))
            if told != before:
                yield told
                last = time.monotonic()
            elif time.monotonic() - last >= HEARTBEAT:
                yield ": still here\n\n"
                last = time.monotonic()
            if job.state not in LIVE:
                yield _event(at, "end", {"state": job.state, "reason": job.reason})
                return
            if not may_wait or runner.stopping.wait(PAUSE):
                return
            runner.news.after(seen, HEARTBEAT)
    finally:
        if may_wait:
            runner.readers.release()


def _news(runner: Runner, job: Kept, at: Place, say: Say) -> Iterator[tuple[Place, str, dict[str, Any]]]:
    while True:
        if live := runner.live.get(job.number):
            for said in live.sentences_of(at.article)[at.sentences :]:
                at = Place(at.article, at.sentences + 1)
                yield at, "sentence", _sentence(at, said, say)
        page = runner.jobs.ended(job.number, at.article - 1, PAGE)
        for one in page:
            for said in one["record"]["translation"]["sentences"][at.sentences :] if one["record"] else ():
                at = Place(at.article, at.sentences + 1)
                yield at, "sentence", _sentence(at, said, say)
            told = {name: one[name] for name in ("number", "name", "brief", "reason")}
            at = Place(at.article + 1)
            yield at, "article", told
        if not page:
            return


def _sentence(at: Place, said: dict[str, Any], say: Say) -> dict[str, Any]:
    return {"article": at.article, **said, "remarks": [words for words, _ in notes(said, say=say)]}


def _how_far(runner: Runner, job: Kept, say: Say) -> dict[str, Any]:
    told = progress(runner, job)
    return {"state": job.state, **told, "line": in_words(job.state, told, say)}


def _event(at: Place, name: str, data: dict[str, Any]) -> str:
    return f"id: {at}\nevent: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
