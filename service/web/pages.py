"""The pages: the form, a brief beside its source, briefs compared; `shelf` has the list of them. Server-rendered; no
page needs JavaScript.

What the templates of a brief read is in `reading`.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response as BaseResponse

from models.doubts.confidence import SURE, UNSURE
from models.errors import InputError, NotReady
from models.types import Document
from service.articles.readers import FORMATS
from service.comparison import compare_briefs
from service.core import current
from service.errors import FULL
from service.jobs.requests import TooLong, fields, of_form
from service.jobs.runner import current as runner
from service.load import Overloaded, TooLate, admit
from service.output.remarks import legend
from service.output.writers import DOWNLOADS, download
from service.records import model_record
from service.requests.bodies import Invalid
from service.store.database import is_full
from service.web import jobs, shelf
from service.web.reading import filters, reading

SAMPLE = Path(__file__).parent / "sample" / "article.txt"
RECENT = 5  # briefs beside the form
RETRY_AFTER = "5"  # seconds; a model loads in a few
SHORT = 20  # sentences that are waited for; of more the page of a job tells
LABELS = {"title": "Title", "text": "Article", "url": "Source address", "files": "Files"}
LABELS |= {"sentences": "Sentences in the brief", "summarizer": "Summariser", "min_confidence": "Sentences it may use"}
TRUSTED = (  # as `min_confidence`
    (0, "all"),
    (UNSURE, f"of confidence {UNSURE} or more"),
    (SURE, f"only the surest: {SURE} or more"),
)

Page = tuple[str, int, dict[str, str]]


def blueprint() -> Blueprint:
    """The pages, over the service found in `current_app.extensions["mujaz"]`."""
    pages = Blueprint("web", __name__)
    pages.add_url_rule("/", view_func=form)
    pages.add_url_rule("/", view_func=submit, methods=["POST"])
    jobs.add_to(pages)
    shelf.add(pages)
    pages.add_url_rule("/digests", view_func=compare)
    pages.add_url_rule("/briefs/<brief_id>", view_func=brief)
    pages.add_url_rule("/briefs/<brief_id>.txt", view_func=as_text)
    for form_of_file in DOWNLOADS:
        pages.add_url_rule(f"/briefs/<brief_id>.{form_of_file}", view_func=as_file, defaults={"form": form_of_file})
    for name, function in filters().items():
        pages.add_app_template_filter(function, name)
    pages.app_url_defaults(add_version)
    return pages


def form() -> Page:
    """The empty form; with `?sample=1`, the form filled with the sample article."""
    values = {"sentences": "3"}
    if request.args.get("sample"):
        title, _, text = SAMPLE.read_text(encoding="utf-8").partition("\n")
        values |= {"title": title.strip(), "text": text.strip()}
    return _form_page(values)


def submit() -> Page | BaseResponse:
    """Make a brief of a short text and go to it, else a job; or show the form again with everything that was typed and
    what is wrong with it."""
    core = current()
    request.max_content_length = core.settings.upload_bytes
    values = fields(request)
    try:
        wish, given = of_form(request, values, core.settings.max_chars)
        if len(given) == 1 and isinstance(one := given[0], Document) and one.id == "text":
            job = core.start(one.text, one.title, one.url, wish)
            if len(job.sentences) <= SHORT and len(one.text) <= core.settings.waited_chars:
                admit()
                return redirect(url_for("web.brief", brief_id=core.finish(job)["id"]), 303)
        job_id = runner().accept(given, wish)
    except (Invalid, InputError, TooLong) as error:
        errors: dict[str, str] = {}
        for field, detail in [(error.field, error.detail)] if isinstance(error, InputError) else error.errors:
            errors[field] = f"{errors[field]}; {detail}" if field in errors else detail
        return _form_page(values, 413 if isinstance(error, TooLong) else 422, errors=errors)
    except (Overloaded, TooLate) as error:
        return _form_page(values, 504 if isinstance(error, TooLate) else 503, trouble=f"Not now: {error}.")
    except NotReady:
        return _form_page(values, 503, trouble="The model is not ready.")
    except ServiceUnavailable as error:
        return _form_page(values, 503, trouble=error.description or "")
    except (OSError, sqlite3.OperationalError) as error:
        if not is_full(error):
            raise
        return _form_page(values, 507, trouble=FULL)
    return redirect(url_for("web.job", job_id=job_id), 303)


def brief(brief_id: str) -> str:
    """One brief, and the article sentence by sentence; `?view=` and `?show=` choose what of it. Raises NotFound."""
    store = current().store
    chosen = {name: request.args[name] for name in ("view", "show") if name in request.args}
    return render_template("brief.html", **reading(store.get(brief_id), **chosen), tags=store.tags(brief_id))


def as_text(brief_id: str) -> Response:
    """The same as plain text, to paste into a report. Raises NotFound."""
    record = current().store.get(brief_id)
    g.language = "en"
    response = Response(render_template("brief.txt", **reading(record)) + "\n", mimetype="text/plain")
    response.headers.set("Content-Disposition", "attachment", filename=f"mujaz-{record['id']}.txt")
    return response


def as_file(brief_id: str, form: str) -> Response:
    """The same as a Word document (`?only=english`: without the Arabic), Markdown or JSON. Raises NotFound."""
    record = current().store.get(brief_id)
    data, kind = download(record, form, request.args.get("only") != "english")
    response = Response(data, mimetype=kind)
    response.headers.set("Content-Disposition", "attachment", filename=f"mujaz-{record['id']}.{form}")
    return response


def compare() -> str | Page:
    """What the briefs with the ids `?id=&id=` say of one story; with `&one=1`, taken as one. The list, if they cannot
    be compared."""
    ids, one = request.args.getlist("id"), bool(request.args.get("one"))
    try:
        found = compare_briefs(current().store, ids, one)
    except InputError as error:
        return shelf.listing({}, ids, error.detail), 422, {}
    told = [one for story in found["stories"] for one in _sources(story)]
    outlets = {article["id"]: article["outlet"] for story in found["stories"] for article in story["articles"]}
    return render_template("digest.html", found=found, ids=ids, one=one, outlets=outlets, legend=legend(told))


def add_version(endpoint: str, values: dict[str, Any]) -> None:
    """A static file's address names its content, so that browsers may keep it for good."""
    if endpoint == "static":
        values["v"] = _version(str(current_app.static_folder), values["filename"])


@cache
def _version(folder: str, name: str) -> str:
    return hashlib.sha256(Path(folder, name).read_bytes()).hexdigest()[:8]


def _form_page(
    values: dict[str, str], status: int = 200, errors: dict[str, str] | None = None, trouble: str = ""
) -> Page:
    core = current()
    told: dict[str, Any] = {"values": values, "labels": LABELS, "trusted": TRUSTED, "errors": errors or {}}
    told |= {"trouble": trouble, "formats": list(FORMATS), "going_on": jobs.under_way()}
    recent, info = core.store.list(RECENT), core.model_info
    told["speed"] = core.pipeline.speed.per_character if info else None
    others = [model for model in shelf.makers(recent) if info is None or model != model_record(info)]
    page = render_template("form.html", **told, core=core, briefs=recent, others=others)
    return page, status, {"Retry-After": RETRY_AFTER} if status == 503 else {}


def _sources(story: dict[str, Any]) -> list[Mapping[str, Any]]:
    """The sentences that a story quotes."""
    values = [value for line in story["differ"] for value in line["values"]]
    return [source for line in (*values, *story["agree"], *story["only"]) for source in line["sources"]]
