"""LibreTranslate's endpoints, at its addresses and with its shapes; Arabic to English only."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, request, send_file, url_for
from werkzeug.exceptions import HTTPException, TooManyRequests, Unauthorized

from models.errors import InputError, MujazError
from service.core import current
from service.errors import describe
from service.libretranslate import files
from service.libretranslate.filing import translated
from service.libretranslate.languages import LANGUAGES, detect
from service.libretranslate.requests import Refused, check_languages, sent, wanted_detection
from service.libretranslate.requests import wanted_translation as wanted
from service.libretranslate.translating import translate
from service.load import admit

FOLDER = "files"  # of the data folder


def blueprint() -> Blueprint:
    """The endpoints; register at the root. They are asked by programs, which get their errors in one form."""
    api = Blueprint("libretranslate", __name__)
    api.post("/translate")(post_translate)
    api.post("/detect")(post_detect)
    api.get("/languages")(languages)
    api.post("/translate_file")(post_file)
    api.get("/download_file/<name>")(get_file)
    api.get("/health")(health)
    api.get("/frontend/settings")(frontend_settings)
    api.register_error_handler(Exception, answer)
    api.before_app_request(make_room)  # before a key is looked for in what was sent
    return api


def make_room() -> None:
    """A file may be larger than a text, for what it holds besides."""
    if request.endpoint == "libretranslate.post_file":
        request.max_content_length = current().settings.upload_bytes


def post_translate() -> Any:
    """One text, or several as one batch: the answer has the shape of `q`."""
    admit()
    asked = wanted(sent(request), current().settings.waited_chars)
    found = translate(current(), asked.texts, asked.format == "html", asked.alternatives, asked.source == "ar")
    told: dict[str, list] = {"translatedText": [one.text for one in found]}
    if asked.source == "auto":
        told["detectedLanguage"] = [one.detected for one in found]
    if asked.alternatives:
        told["alternatives"] = [one.alternatives for one in found]
    return told if isinstance(asked.q, list) else {name: values[0] for name, values in told.items()}


def post_detect() -> Any:
    """The one language that a text is most likely in."""
    return jsonify([detect(wanted_detection(sent(request), current().settings.waited_chars))])


def languages() -> Any:
    """What there is to translate from and to."""
    return jsonify(LANGUAGES)


def post_file() -> Any:
    """Translate a file, and tell where the result is."""
    admit()
    core, file = current(), request.files.get("file")
    if file is None:
        raise Refused("Invalid request: missing file parameter")
    for name in ("source", "target"):
        if name not in request.form:
            raise Refused(f"Invalid request: missing {name} parameter")
    check_languages(request.form["source"], request.form["target"])
    suffix = files.suffix(file.filename)
    data = translated(core, suffix, file.read(), request.form["source"] == "ar")
    name = files.keep(core.settings.data / FOLDER, suffix, data)
    return {"translatedFileUrl": url_for("libretranslate.get_file", name=name, _external=True)}


def get_file(name: str) -> Response:
    """A translated file, to keep: never shown as a page of ours."""
    data = files.kept(current().settings.data / FOLDER, name)
    return send_file(io.BytesIO(data), as_attachment=True, download_name=name)


def health() -> Any:
    """The process is alive."""
    return {"status": "ok"}


def frontend_settings() -> Any:
    """What a page in front of this could offer."""
    source, target = ({name: language[name] for name in ("code", "name")} for language in LANGUAGES)
    return {
        "apiKeys": current().settings.demands_keys,
        "charLimit": current().settings.waited_chars,
        "filesTranslation": True,
        "frontendTimeout": 500,
        "keyRequired": current().settings.demands_keys,
        "language": {"source": source, "target": target},
        "suggestions": False,
        "supportedFilesFormat": list(files.FORMATS),
    }


def answer(error: Exception) -> Any:
    """An error as these clients read it."""
    problem = describe(error)
    if isinstance(error, Refused | InputError):
        problem["status"] = getattr(error, "status", 400)
    elif not isinstance(error, MujazError | HTTPException):
        current_app.logger.error("unexpected error at %s id=%s", request.path, g.get("request_id"), exc_info=error)
    headers = {"Retry-After": "2"} if problem["status"] == 503 else {}
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unauthorized):  # as they know it
        problem["status"] = 403
    return {"error": problem["detail"]}, problem["status"], headers
