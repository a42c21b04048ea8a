"""The page of earlier briefs: searched, filtered, tagged, ticked to be compared, deleted and brought back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from models.checks.fidelity import FLAGS
from service.core import current
from service.output.remarks import legend, quoted
from service.requests.bodies import validate
from service.requests.selection import ListRequest, TagsRequest
from service.store.shelf import ANY, NONE

PAGE = 20  # briefs on a page of the list
FILTERS = ("q", "from", "to", "flag", "tag")
MARKS = {ANY: "with something to doubt", NONE: "with nothing marked"}
MARKS |= FLAGS


def add(pages: Blueprint) -> None:
    """The list and what its buttons do."""
    pages.add_url_rule("/briefs", view_func=earlier)
    pages.add_url_rule("/briefs/<brief_id>/tags", view_func=tag, methods=["POST"])
    pages.add_url_rule("/briefs/<brief_id>/delete", view_func=delete, methods=["POST"])
    pages.add_url_rule("/briefs/<brief_id>/restore", view_func=restore, methods=["POST"])
    pages.add_app_template_filter(repeated, "repeated")


def earlier() -> str:
    """Earlier briefs, newest first: those that FILTERS let through, after the one numbered `?before=`; `?id=` are
    ticked, `?deleted=` can be brought back."""
    return listing(request.args, request.args.getlist("id"))


def listing(given: Mapping[str, str], ticked: Sequence[str] = (), wrong: str = "") -> str:
    """The list as a query string asks for it, and what was wrong with the briefs that were to be compared."""
    filters = {name: given[name] for name in FILTERS if given.get(name, "").strip()}
    wanted = validate(ListRequest, filters | {name: given[name] for name in ("before",) if given.get(name)})
    store, gone = current().store, given.get("deleted")
    found = store.list(PAGE + 1, wanted.before, wanted.filter)
    shown = found[:PAGE]
    ids = {brief["id"] for brief in shown}
    return render_template(
        "briefs.html",
        briefs=shown,
        more=len(found) > PAGE,
        models=makers(shown),
        legend=legend([one for brief in shown for one in said(brief)]),
        filters=filters,
        marks=MARKS,
        tags=store.tags(),
        ticked=ticked,
        elsewhere=[brief_id for brief_id in ticked if brief_id not in ids],
        wrong=wrong,
        deleted=gone if gone in store.hidden() else None,
    )


def tag(brief_id: str) -> Response:
    """Give a brief the tags of `tag`, which commas part, and take `remove` from it. Raises NotFound or Invalid."""
    store, form = current().store, request.form
    names = [name for name in store.tags(brief_id) if name != form.get("remove")]
    names += [name for name in form.get("tag", "").split(",") if name.strip()]
    store.tag(brief_id, validate(TagsRequest, {"tags": names}).tags)
    if "list" not in form:
        return redirect(url_for("web.brief", brief_id=brief_id), 303)
    return redirect(_back(f"#brief-{brief_id}"), 303)


def delete(brief_id: str) -> Response:
    """Hide a brief, to be deleted for good later. Raises NotFound."""
    current().bin.put(brief_id)
    return redirect(_back(deleted=brief_id), 303)


def restore(brief_id: str) -> Response:
    """Bring a hidden brief back. Raises NotFound."""
    current().bin.restore(brief_id)
    return redirect(url_for("web.brief", brief_id=brief_id), 303)


def makers(briefs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The models that made some briefs, each once."""
    return list({str(brief["model"]): brief["model"] for brief in briefs}.values())


def said(brief: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The translations that the list shows of a brief."""
    return [brief["title"], *(source for sentence in brief["sentences"] for source in sentence["sources"])]


def repeated(sentence: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a listed brief's sentence says, with the doubts of the one that it repeats."""
    return quoted({**sentence, "sources": range(len(sentence["sources"]))}, sentence["sources"])


def _back(anchor: str = "", **more: str) -> str:
    """The list that the form was sent from, which says so by its query string."""
    query = [pair for pair in parse_qsl(request.form.get("list", "")) if pair[0] != "deleted"]
    asked = urlencode([*query, *more.items()])
    return url_for("web.earlier") + (f"?{asked}" if asked else "") + anchor
