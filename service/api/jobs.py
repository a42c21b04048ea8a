"""The JSON endpoints of long work: /api/v1/jobs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for

from service.core import current as core
from service.jobs.events import stream
from service.jobs.records import job_record, result_record
from service.jobs.requests import JobsRequest, ResultsRequest, asked
from service.jobs.runner import current
from service.requests.bodies import validate
from service.store.jobs import LIVE


def blueprint() -> Blueprint:
    """The endpoints; register at the root."""
    api = Blueprint("jobs", __name__)
    api.post("/api/v1/jobs")(post_job)
    api.get("/api/v1/jobs")(list_jobs)
    api.get("/api/v1/jobs/<job_id>")(get_job)
    api.delete("/api/v1/jobs/<job_id>")(delete_job)
    api.get("/api/v1/jobs/<job_id>/results")(get_results)
    api.get("/api/v1/jobs/<job_id>/events")(get_events)
    return api


def post_job() -> Any:
    """Accept articles, which are briefed from now on."""
    settings = core().settings
    wish, given = asked(request, settings.max_chars, settings.upload_bytes)
    job_id = current().accept(given, wish)
    return _record(job_id), 202, {"Location": url_for("jobs.get_job", job_id=job_id)}


def list_jobs() -> Any:
    """Jobs, newest first; `next` is the `before` of the following page, null on the last."""
    wanted = validate(JobsRequest, {name: value for name, value in request.args.items() if value})
    found = current().jobs.newest(wanted.limit + 1, wanted.before)
    page = found[: wanted.limit]
    told = [job_record(current(), job, failures=False) for job in page]
    return {"jobs": told, "next": page[-1].number if len(found) > wanted.limit else None}


def get_job(job_id: str) -> Any:
    """How far a job is, and what of it failed."""
    return _record(job_id)


def delete_job(job_id: str) -> Any:
    """Cancel a job that has not ended; forget one that has. Its briefs stay."""
    current().delete(job_id)
    return "", 204


def get_results(job_id: str) -> Any:
    """What has become of the job's articles so far, in their order; `next` is the `after` of the following page, null
    once the job has ended and nothing is left."""
    wanted = validate(ResultsRequest, {name: value for name, value in request.args.items() if value})
    job = current().jobs.get(job_id)
    found = current().jobs.ended(job.number, wanted.after, wanted.limit + 1)
    page = found[: wanted.limit]
    more = len(found) > wanted.limit or job.state in LIVE
    last = page[-1]["number"] if page else wanted.after
    return {"results": [result_record(one) for one in page], "next": last if more else None}


def get_events(job_id: str) -> Response:
    """The job as it goes on, as server-sent events."""
    return stream(current(), job_id, request)


def _record(job_id: str) -> dict[str, Any]:
    return job_record(current(), current().jobs.get(job_id))
