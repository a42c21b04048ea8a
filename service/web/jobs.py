"""The page of a job: how far it is, its sentences as they are done or its briefs, and a button that cancels it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from models.errors import InputError
from models.layout.laid_out import parted
from models.types import USUAL, Document
from service.access.limits import charge
from service.core import current as core
from service.jobs.events import stream
from service.jobs.records import in_words, job_record, progress
from service.jobs.requests import ResultsRequest
from service.jobs.runner import current
from service.requests.bodies import validate
from service.store.jobs import DONE, LIVE
from service.store.shelf import summary
from service.web.language import reworded, spoken

PAGE = 50  # articles
REFRESH = 3  # seconds, without JavaScript
HEADS = {"queued": "Waiting for its turn", "running": "Translating", "done": "Done", "cancelled": "Cancelled"}
HEADS |= {"failed": "Failed"}


def add_to(pages: Blueprint) -> None:
    """The addresses of a job's page."""
    pages.add_url_rule("/jobs/<job_id>", view_func=job)
    pages.add_url_rule("/jobs/<job_id>/events", view_func=events)
    pages.add_url_rule("/jobs/<job_id>/cancel", view_func=cancel, methods=["POST"])
    pages.add_url_rule("/briefs/<brief_id>/parts", view_func=part, methods=["POST"])


def job(job_id: str) -> str | BaseResponse:
    """One job; of a single article, once it is done, its brief. Raises NotFound."""
    runner = current()
    found = runner.jobs.get(job_id)
    after = validate(ResultsRequest, {name: request.args[name] for name in ("after",) if request.args.get(name)}).after
    ended = runner.jobs.ended(found.number, after, PAGE + 1)
    if found.articles == 1 and found.state == DONE and ended and ended[0]["record"]:
        return redirect(url_for("web.brief", brief_id=ended[0]["brief"]), 303)
    live = runner.live.get(found.number)
    told = job_record(runner, found)
    return render_template(
        "job.html",
        job=told,
        model=core().model_info,
        head=HEADS[found.state],
        line=in_words(found.state, told["progress"], reworded),
        going_on=found.state in LIVE,
        refresh=REFRESH,
        said=live.sentences_of(0) if live and found.articles == 1 else [],
        drafts=live.drafts if live and found.articles == 1 else [],
        briefs=[{**summary(one["record"]), "tags": []} for one in ended[:PAGE] if one["record"]],
        more=ended[PAGE - 1]["number"] if len(ended) > PAGE else None,
    )


def events(job_id: str) -> Response:
    """What the API's events of a job tell, in the page's language. Raises Invalid or NotFound."""
    return stream(current(), job_id, request, spoken())


def cancel(job_id: str) -> BaseResponse:
    """Stop a job; what it has done stays. Raises NotFound."""
    current().cancel(job_id)
    return redirect(url_for("web.job", job_id=job_id), 303)


def part(brief_id: str) -> BaseResponse:
    """Brief each of the articles that a brief's text seems to hold, by itself. Raises NotFound or InputError."""
    texts = parted(core().store.text(brief_id))
    if len(texts) < 2:
        raise InputError("text", "seems to hold one article")
    charge(sum(map(len, texts)), later=True)
    job_id = current().accept([Document(f"article {n}", text) for n, text in enumerate(texts, start=1)], USUAL)
    return redirect(url_for("web.job", job_id=job_id), 303)


def under_way() -> list[dict[str, Any]]:
    """The jobs that have not ended, as the form lists them."""
    runner = current()
    return [
        {"id": job.id, "created_at": job.created_at, "line": in_words(job.state, progress(runner, job), reworded)}
        for job in runner.jobs.newest(5, live=True)
    ]
