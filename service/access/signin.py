"""The page where a person shows a key, and gets a cookie that no script reads and no other site sends."""

from __future__ import annotations

import re

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.access.browsers import says_its_site
from service.access.entry import COOKIE, SIGNED_IN, door, refused

_HERE = re.compile(r"/(?![/\\])[^\\\x00-\x20]*")  # a path of this site, and not //another.example


def blueprint() -> Blueprint:
    """The pages; register at the root."""
    pages = Blueprint("access", __name__)
    pages.get("/sign-in")(form)
    pages.post("/sign-in")(sign_in)
    pages.post("/sign-out")(sign_out)
    pages.app_context_processor(lambda: {"signed_in": bool((client := g.get("client")) and client.by_cookie)})
    return pages


def form() -> str | Response:
    """The page, or where it was to lead if no key is asked for."""
    return render_template("sign-in.html", next=_next()) if door().is_locked else redirect(_next(), 303)


def sign_in() -> str | tuple[str, int] | Response:
    """Take a key; back to the page that was asked for."""
    if not says_its_site():
        abort(403, "This request does not say which site's page it comes from.")
    key = door().keys.find(request.form.get("key", "").strip())
    if key is None:
        refused(g.client)
        return render_template("sign-in.html", next=_next(), wrong=True), 403
    answer = redirect(_next(), 303)
    signed = door().signer.dumps(key.number)
    answer.set_cookie(
        COOKIE, signed, SIGNED_IN, httponly=True, samesite="Strict", secure=request.is_secure, path="/"
    )  # fmt: skip
    return answer


def sign_out() -> Response:
    """Take the cookie back."""
    answer = redirect(url_for("access.form"), 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="Strict", secure=request.is_secure, path="/")
    return answer


def _next() -> str:
    wanted = request.values.get("next", "")
    return wanted if _HERE.fullmatch(wanted) else url_for("web.form")
