"""The pages: the form, a brief beside its source, earlier briefs. Server-rendered; no page needs JavaScript.

Jinja escapes every value, so nothing here builds HTML. Sentences are numbered from 1 for the reader; the record
and the JSON count from 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from models.errors import InputError, NotReady
from models.fidelity import FLAGS, SERIOUS

SAMPLE = Path(__file__).parent / "sample" / "article.txt"
RECENT = 5  # briefs beside the form
PAGE = 20  # briefs on a page of the list
RETRY_AFTER = 5  # seconds; a model loads in a few

Page = tuple[str, int, dict[str, str]]


def blueprint() -> Blueprint:
    """The pages, over the service found in `current_app.extensions["mujaz"]`."""
    pages = Blueprint("web", __name__)
    pages.add_url_rule("/", view_func=form)
    pages.add_url_rule("/", view_func=submit, methods=["POST"])
    pages.add_url_rule("/briefs", view_func=earlier)
    pages.add_url_rule("/briefs/<brief_id>", view_func=brief)
    pages.add_url_rule("/briefs/<brief_id>.txt", view_func=digest)
    pages.add_url_rule("/briefs/<brief_id>/delete", view_func=delete, methods=["POST"])
    for name, function in {"explain": explain, "when": when, "plain": plain, "is_link": is_link}.items():
        pages.add_app_template_filter(function, name)
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
    _refuse_other_sites()
    core = _core()
    # Room to hand an article that is too long back to its writer, instead of a bare refusal.
    request.max_content_length = request.max_form_memory_size = 16 * core.settings.max_chars + 65_536
    values = {name: value.replace("\r\n", "\n") for name, value in request.form.items()}
    errors = _check(values, core)
    if not errors:
        try:
            record = core.create_brief(
                text=values["text"],
                title=values.get("title", "").strip() or None,
                url=values.get("url", "").strip() or None,
                sentences=int(values.get("sentences", "3")),
                summarizer=values.get("summarizer") or core.summarizers[0],
            )
        except InputError as error:
            errors[error.field] = error.detail
        except NotReady as error:
            return _form_page(values, {"": str(error)}, 503, {"Retry-After": str(RETRY_AFTER)})
        else:
            return redirect(url_for("web.brief", brief_id=record["id"]), 303)
    too_long = len(values.get("text", "")) > core.settings.max_chars
    return _form_page(values, errors, 413 if too_long else 422)


def brief(brief_id: str) -> str:
    """One brief, and the article sentence by sentence. Raises NotFound."""
    return render_template("brief.html", **_reading(_core().store.get(brief_id)))


def digest(brief_id: str) -> Response:
    """The same as plain text, to paste into a report. Raises NotFound."""
    record = _core().store.get(brief_id)
    response = Response(render_template("brief.txt", **_reading(record)) + "\n", mimetype="text/plain")
    response.headers.set("Content-Disposition", "attachment", filename=f"mujaz-{record['id']}.txt")
    return response


def earlier() -> str:
    """Earlier briefs, newest first; `?q=` searches them, `?before=` goes on after the brief of that id."""
    query = request.args.get("q", "").strip()
    found = _core().store.list(limit=PAGE + 1, before=request.args.get("before") or None, q=query or None)
    return render_template("briefs.html", briefs=found[:PAGE], more=len(found) > PAGE, query=query)


def delete(brief_id: str) -> BaseResponse:
    """Delete a brief for good. Raises NotFound."""
    _refuse_other_sites()
    _core().store.delete(brief_id)
    return redirect(url_for("web.form"), 303)


def explain(flags: Iterable[str]) -> list[tuple[str, bool]]:
    """What each flag means in plain words, and whether it is serious."""
    return [(FLAGS.get(flag, flag), flag in SERIOUS) for flag in flags]


def when(moment: str) -> str:
    """An ISO 8601 moment as a reader writes it: 23 November 2026, 16:05 UTC."""
    return f"{datetime.fromisoformat(moment).astimezone(UTC):%d %B %Y, %H:%M} UTC".lstrip("0")


def plain(text: str) -> str:
    """`text` on one line: hard-wrapped sentences keep their line ends in the record."""
    return " ".join(text.split())


def is_link(url: str | None) -> bool:
    """True for what may stand in an href: other schemes (javascript:, data:) are shown as text."""
    return (url or "").lower().startswith(("http://", "https://"))


def _core() -> Any:
    return current_app.extensions["mujaz"]


def _reading(record: dict[str, Any]) -> dict[str, Any]:
    """What the templates of a brief read: the record, its paragraphs, and the sentences that the brief rests on."""
    sentences = record["translation"]["sentences"]
    return {
        "record": record,
        "sentences": sentences,
        "paragraphs": [list(group) for _, group in groupby(sentences, key=lambda sentence: sentence["paragraph"])],
        "chosen": {source for sentence in record["brief"]["sentences"] for source in sentence["sources"]},
    }


def _form_page(
    values: dict[str, str], errors: dict[str, str] | None = None, status: int = 200, headers: dict[str, str] | None = None
) -> Page:
    core = _core()
    page = render_template(
        "form.html", values=values, errors=errors or {}, core=core, briefs=core.store.list(limit=RECENT)
    )
    return page, status, headers or {}


def _check(values: dict[str, str], core: Any) -> dict[str, str]:
    """{field: what is wrong with it}, all fields at once, of what a form can get wrong."""
    errors = {}
    length, limit = len(values.get("text", "")), core.settings.max_chars
    if not values.get("text", "").strip():
        errors["text"] = "Paste the Arabic article here."
    elif length > limit:
        errors["text"] = f"The article has {length:,} characters; at most {limit:,} can be read. Send it in parts."
    if values.get("url", "").strip() and not is_link(values["url"].strip()):
        errors["url"] = "An address starts with http:// or https://."
    most = core.settings.max_sentences
    if values.get("sentences", "3") not in {str(number) for number in range(1, most + 1)}:
        errors["sentences"] = f"Choose a whole number from 1 to {most}."
    if values.get("summarizer") and values["summarizer"] not in core.summarizers:
        errors["summarizer"] = f"Choose one of: {', '.join(core.summarizers)}."
    return errors


def _refuse_other_sites() -> None:
    """403 where the browser says that another site sent the form: no page out there may write to this one."""
    if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        abort(403, "This form was sent from another site.")
