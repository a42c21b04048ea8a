"""The Mujaz service: an Arabic article in, its English translation and brief out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask, Response

    from models.pipeline import Pipeline
    from service.config import Settings

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")


def create_app(settings: Settings | None = None, *, pipeline: Pipeline | None = None) -> Flask:
    """Build the app. Without a `pipeline`, the model that the settings name is loaded by a thread meanwhile.

    Raises SettingError for a wrong setting, ModelError for a model and InputError for a glossary that cannot be used.
    """
    from flask import Flask

    from models.engines import registry
    from models.wording import glossary
    from service import errors
    from service.api import endpoints
    from service.config import Settings
    from service.core import Core
    from service.libretranslate import endpoints as libretranslate
    from service.web import pages

    settings = settings or Settings.from_environment()
    if pipeline is None:
        registry.resolve(settings.model, settings.cache)  # what is missing is said now, not by a thread
        glossary.load(settings.glossary)
    app = Flask(__name__, template_folder="web/templates", static_folder="web/static")
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    # An escaped character takes up to 12 bytes, in JSON as in a form.
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = 12 * settings.max_chars + 65_536
    if settings.host in LOOPBACK:  # a name that is made to point here would pass for our own pages' site
        app.config["TRUSTED_HOSTS"] = list(LOOPBACK)
    app.extensions["mujaz"] = Core(settings, pipeline)
    app.register_blueprint(endpoints.blueprint())
    app.register_blueprint(libretranslate.blueprint())
    app.register_blueprint(pages.blueprint())
    errors.register(app)
    app.before_request(refuse_other_sites)
    app.after_request(add_headers)
    return app


def refuse_other_sites() -> None:
    """There is no account, so nothing but this check keeps another site's page from acting through the browser.

    Browsers say where a request comes from in Sec-Fetch-Site; over plain http from another machine, in Origin only.
    """
    from urllib.parse import urlsplit

    from flask import abort, request

    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    foreign = site not in ("same-origin", "none") if site else origin and urlsplit(origin).netloc != request.host
    if foreign and request.method not in ("GET", "HEAD", "OPTIONS"):
        abort(403, "This request came from another site's page.")


def add_headers(response: Response) -> Response:
    """What every answer carries for a browser's sake."""
    response.headers["Content-Security-Policy"] = CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
