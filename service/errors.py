"""The one place that turns errors into answers: problem+json for programs, a page for people."""

from __future__ import annotations

import json
from http import HTTPStatus

from flask import Flask, Response, current_app, g, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from models.errors import InputError, ModelError, MujazError, NotFound
from service.load import Overloaded, TooLate
from service.requests.bodies import Invalid
from service.store.database import is_full

STATUS: tuple[tuple[type[Exception], HTTPStatus], ...] = (
    (Invalid, HTTPStatus.UNPROCESSABLE_ENTITY),
    (InputError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (NotFound, HTTPStatus.NOT_FOUND),
    (ModelError, HTTPStatus.SERVICE_UNAVAILABLE),
    (Overloaded, HTTPStatus.SERVICE_UNAVAILABLE),
    (TooLate, HTTPStatus.GATEWAY_TIMEOUT),
)
TOO_LARGE = "The request is too large: at most {most:,} bytes are taken here, and fewer of text alone."
FULL = "There is no room on the disk: nothing was stored. What is stored can still be read."


def describe(error: Exception) -> dict:
    """The problem document (RFC 9457) of an error; `errors` lists the fields that are wrong, if any."""
    if is_full(error):
        status, detail = HTTPStatus.INSUFFICIENT_STORAGE, FULL
    elif isinstance(error, RequestEntityTooLarge) and error.description == RequestEntityTooLarge.description:
        status, detail = HTTPStatus(413), TOO_LARGE.format(most=request.max_content_length)
    elif isinstance(error, HTTPException):
        status, detail = HTTPStatus(error.code or 500), error.description or ""
    else:
        status = next((status for kind, status in STATUS if isinstance(error, kind)), HTTPStatus(500))
        detail = str(error) if isinstance(error, MujazError) else "Something went wrong here; the log has the details."
    problem: dict = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": detail}
    fields = error.errors if isinstance(error, Invalid) else []
    if isinstance(error, InputError):
        fields = [(error.field, error.detail)]
    if fields:
        problem["errors"] = [{"field": field, "detail": detail} for field, detail in fields]
    return problem


def register(app: Flask) -> None:
    """Answer every error of `app`. On the app, not on blueprints: those miss errors of routing."""
    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(MujazError, answer)
    app.register_error_handler(Exception, unexpected)


def unexpected(error: Exception) -> Response:
    """An error that nobody raised on purpose: logged with its traceback, told without it."""
    told = "the disk is full" if is_full(error) else "unexpected error"
    current_app.logger.exception("%s at %s %s id=%s", told, request.method, request.path, g.get("request_id"))
    return answer(error)


def answer(error: Exception) -> Response:
    """The response to an error, for a program or for a person."""
    problem = describe(error)
    if wants_page():
        page = render_template("error.html", status=problem["status"], title=problem["title"], detail=problem["detail"])
        response = Response(page, problem["status"], mimetype="text/html")
    else:
        text = json.dumps(problem, ensure_ascii=False)
        response = Response(text, problem["status"], mimetype="application/problem+json")
    if isinstance(error, HTTPException):
        response.headers.extend([(k, v) for k, v in error.get_headers() if k not in ("Content-Type", "Content-Length")])
    if problem["status"] == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "2"
    return response


def wants_page() -> bool:
    """True for a browser at one of the pages."""
    accepts = request.accept_mimetypes
    return not request.path.startswith("/api/") and accepts.accept_html and "text/html" in accepts.values()
