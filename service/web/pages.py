"""The pages: the form, a brief beside its source, earlier briefs. Server-rendered; no page needs JavaScript.

What the templates of a brief read is in `reading`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from models.doubts.confidence import SURE, UNSURE
from models.errors import InputError, NotReady
from service.comparison import compare_briefs
from service.core import current
from service.schemas import BriefRequest, Invalid, ListRequest, in_numbers, validate
from service.web.reading import filters, legend, reading

SAMPLE = Path(__file__).parent / "sample" / "article.txt"
RECENT = 5  # briefs beside the form
PAGE = 20  # briefs on a page of the list
RETRY_AFTER = "5"  # seconds; a model loads in a few
LABELS = {"title": "Title", "text": "Article", "url": "Source address"}
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
    pages.add_url_rule("/briefs", view_func=earlier)
    pages.add_url_rule("/digests", view_func=compare)
    pages.add_url_rule("/briefs/<brief_id>", view_func=brief)
    pages.add_url_rule("/briefs/<brief_id>.txt", view_func=as_text)
    pages.add_url_rule("/briefs/<brief_id>/delete", view_func=delete, methods=["POST"])
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
    """Make a brief and go to it, or show the form again with everything that was typed and what is wrong with it."""
    core = current()
    values = {name: value.replace("\r\n", "\n") for name, value in request.form.items()}  # browsers send CRLF
    try:
        wanted = _wanted(values, core.settings.max_chars)
        job = core.start(wanted.text, wanted.title, wanted.url, wanted.wish)
        record = core.finish(job)
    except (Invalid, InputError) as error:
        errors = dict(error.errors) if isinstance(error, Invalid) else {error.field: error.detail}
        too_long = len(values.get("text", "")) > core.settings.max_chars
        return _form_page(values, 413 if too_long else 422, errors=errors)
    except NotReady:
        return _form_page(values, 503, waiting=True)
    return redirect(url_for("web.brief", brief_id=record["id"]), 303)


def brief(brief_id: str) -> str:
    """One brief, and the article sentence by sentence; `?view=` and `?show=` choose what of it. Raises NotFound."""
    chosen = {name: request.args[name] for name in ("view", "show") if name in request.args}
    return render_template("brief.html", **reading(current().store.get(brief_id), **chosen))


def as_text(brief_id: str) -> Response:
    """The same as plain text, to paste into a report. Raises NotFound."""
    record = current().store.get(brief_id)
    g.language = "en"
    response = Response(render_template("brief.txt", **reading(record)) + "\n", mimetype="text/plain")
    response.headers.set("Content-Disposition", "attachment", filename=f"mujaz-{record['id']}.txt")
    return response


def earlier() -> str:
    """Earlier briefs, newest first; `?q=` searches them, `?before=` goes on after the brief of that number."""
    wanted = validate(ListRequest, {name: request.args[name] for name in ("q", "before") if request.args.get(name)})
    query = (wanted.q or "").strip()
    return _list_page(wanted.before, query)


def compare() -> str | Page:
    """What the briefs with the ids `?id=&id=` say of one story; with `&one=1`, taken as one. The list, if they cannot
    be compared."""
    ids, one = request.args.getlist("id"), bool(request.args.get("one"))
    try:
        found = compare_briefs(current().store, ids, one)
    except InputError as error:
        return _list_page(None, "", ids, error.detail), 422, {}
    told = [one for story in found["stories"] for one in _sources(story)]
    outlets = {article["id"]: article["outlet"] for story in found["stories"] for article in story["articles"]}
    return render_template("digest.html", found=found, ids=ids, one=one, outlets=outlets, legend=legend(told))


def delete(brief_id: str) -> BaseResponse:
    """Delete a brief for good. Raises NotFound."""
    current().delete(brief_id)
    return redirect(url_for("web.form"), 303)


def add_version(endpoint: str, values: dict[str, Any]) -> None:
    """A static file's address names its content, so that browsers may keep it for good."""
    if endpoint == "static":
        values["v"] = _version(str(current_app.static_folder), values["filename"])


@cache
def _version(folder: str, name: str) -> str:
    return hashlib.sha256(Path(folder, name).read_bytes()).hexdigest()[:8]


def _list_page(before: int | None, query: str, ticked: Sequence[str] = (), wrong: str = "") -> str:
    found = current().store.list(limit=PAGE + 1, before=before, q=query or None)
    more = len(found) > PAGE
    return render_template("briefs.html", briefs=found[:PAGE], more=more, query=query, ticked=ticked, wrong=wrong)


def _wanted(values: dict[str, str], max_chars: int) -> BriefRequest:
    """The form's values as the API's request; Invalid names all that is wrong with them at once."""
    text = values.get("text", "")
    given: dict[str, object] = {name: value.strip() for name, value in values.items() if value.strip()}
    given["text"] = text
    given = in_numbers(given)
    if len(text) > max_chars:
        raise Invalid([("text", f"has {len(text):,} characters; at most {max_chars:,} are taken at a time")])
    return validate(BriefRequest, given)


def _form_page(
    values: dict[str, str], status: int = 200, errors: dict[str, str] | None = None, waiting: bool = False
) -> Page:
    core = current()
    told = {"values": values, "labels": LABELS, "trusted": TRUSTED, "errors": errors or {}, "waiting": waiting}
    page = render_template("form.html", **told, core=core, briefs=core.store.list(RECENT))
    return page, status, {"Retry-After": RETRY_AFTER} if waiting else {}


def _sources(story: dict[str, Any]) -> list[Mapping[str, Any]]:
    """The sentences that a story quotes."""
    values = [value for line in story["differ"] for value in line["values"]]
    return [source for line in (*values, *story["agree"], *story["only"]) for source in line["sources"]]
