"""What keeps a browser from being used against Mujaz: headers, and which other sites may ask."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": CSP, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
SCRIPTS = {  # of the pages that have one
    "web.form": "; script-src 'self'",
    "web.submit": "; script-src 'self'",
    "web.brief": "; script-src 'self'",
    "web.job": "; script-src 'self'; connect-src 'self'",
}
SAFE = ("GET", "HEAD", "OPTIONS")
PAGES = "web"  # the blueprint of the forms, which no other site may send


def register(app: Flask) -> None:
    """Look at every request of `app`, and put headers on every answer."""
    app.before_request(refuse_other_sites)
    app.after_request(add_headers)


def refuse_other_sites() -> None:
    """Where all are let in, nothing but this check keeps another site's page from acting through the browser."""
    if request.method not in SAFE and is_foreign() and not allowed():
        abort(403, "This request came from another site's page.")


def is_foreign() -> bool:
    """Whether another site's page asks. Browsers say so in Sec-Fetch-Site; over plain http from another machine, in
    Origin only."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site:
        return site not in ("same-origin", "none")
    return origin is not None and _netloc(origin) != request.host


def says_its_site() -> bool:
    """Whether a request says that it comes from a page of ours, as every browser's does that changes something."""
    return bool(request.headers.get("Sec-Fetch-Site") or request.headers.get("Origin")) and not is_foreign()


def _netloc(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # http://[
        return None


def allowed() -> bool:
    """Whether MUJAZ_CORS lets the page that asks use the endpoints for programs."""
    chosen = current_app.extensions["mujaz"].settings.origins
    origin = request.headers.get("Origin")
    return bool(origin) and request.blueprint not in (PAGES, None) and ("*" in chosen or origin in chosen)


def add_headers(response: Response) -> Response:
    """What every answer carries for a browser's sake."""
    response.headers.update(HEADERS)
    response.headers["Content-Security-Policy"] += SCRIPTS.get(request.endpoint or "", "")
    if current_app.extensions["mujaz"].settings.origins:
        response.vary.add("Origin")
        if allowed():
            response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
            response.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
            response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, X-API-Key, X-Request-ID"
            response.headers["Access-Control-Expose-Headers"] = (
                "Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-ID"
            )
    return response
