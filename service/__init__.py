"""The Mujaz service: an Arabic article in, its English translation and brief out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from models.pipeline import Pipeline
    from service.config import Settings


def create_app(settings: Settings | None = None, *, pipeline: Pipeline | None = None) -> Flask:
    """Build the app. Without a `pipeline`, the model that the settings name is loaded by a thread meanwhile.

    Raises SettingError for a wrong setting, ModelError for a model and InputError for a glossary that cannot be used.
    """
    from flask import Flask

    from models.engines import registry
    from models.wording import glossary
    from service import errors, load
    from service.access import browsers, entry, limits, signin
    from service.api import endpoints, jobs
    from service.config import Settings
    from service.core import Core
    from service.jobs.runner import Runner
    from service.libretranslate import endpoints as libretranslate
    from service.surface import metrics, openapi
    from service.web import language, pages, preferences

    settings = settings or Settings.from_environment()
    if pipeline is None:
        registry.resolve(settings.model, settings.cache)  # what is missing is said now, not by a thread
        glossary.load(settings.glossary)
    app = Flask(__name__, template_folder="web/templates", static_folder="web/static")
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    # An escaped character takes up to 12 bytes, in JSON as in a form.
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = 12 * settings.max_chars + 65_536
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 365 * 24 * 3600  # of static files, whose addresses change with them
    if settings.names:  # another name that is made to point here would pass for our own pages' site
        app.config["TRUSTED_HOSTS"] = settings.names
    app.extensions["mujaz"] = core = Core(settings, pipeline)
    app.extensions["mujaz.jobs"] = Runner(core)
    app.register_blueprint(endpoints.blueprint())
    app.register_blueprint(jobs.blueprint())
    app.register_blueprint(libretranslate.blueprint())
    app.register_blueprint(openapi.blueprint())
    app.register_blueprint(pages.blueprint())
    app.register_blueprint(signin.blueprint())
    language.register(app)
    preferences.register(app)
    errors.register(app)
    load.register(app)
    metrics.register(app)  # before what may refuse a request: that is counted too
    browsers.register(app)
    limits.register(app)
    entry.register(app, settings)
    return app
