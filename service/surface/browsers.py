"""What keeps a browser from being used against Mujaz: headers, and which other sites may ask."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
SAFE = ("GET", "HEAD", "OPTIONS")
PAGES = "web"  # the blueprint of the forms, which no other site may send


def register(app: Flask) -> None:
    """Look at every request of `app`, and put headers on every answer."""
    app.before_request(refuse_other_sites)
    app.after_request(add_headers)


def refuse_other_sites() -> None:
    """There is no account, so nothing but this check keeps another site's page from acting through the browser.

    Browsers say where a request comes from in Sec-Fetch-Site; over plain http from another machine, in Origin only.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    foreign = site not in ("same-origin", "none") if site else origin and urlsplit(origin).netloc != request.host
    if foreign and request.method not in SAFE and not allowed():
        abort(403, "This request came from another site's page.")


def allowed() -> bool:
    """Whether MUJAZ_CORS lets the page that asks use the endpoints for programs."""
    chosen = current_app.extensions["mujaz"].settings.origins
    origin = request.headers.get("Origin")
    return bool(origin) and request.blueprint not in (PAGES, None) and ("*" in chosen or origin in chosen)


def add_headers(response: Response) -> Response:
    """What every answer carries for a browser's sake."""
    response.headers["Content-Security-Policy"] = CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if current_app.extensions["mujaz"].settings.origins:
        response.vary.add("Origin")
        if allowed():
            response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
            response.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
            response.headers["Access-Control-Allow-Headers"] = "Content-Type, X-Request-ID"
            response.headers["Access-Control-Expose-Headers"] = "Location, X-Request-ID"
    return response
