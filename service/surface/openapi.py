"""The API described for programs (OpenAPI 3.1) and for people: /api/openapi.json and /api/docs.

Made of the models that requests are checked with, and of `answers`; only which of them meet where stands here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flask import Blueprint, render_template
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from service.access.entry import OPEN, WATCHED
from service.core import current
from service.jobs.requests import EventsRequest, JobForm, JobRequest, JobsRequest, ResultsRequest
from service.libretranslate import answers as peers
from service.libretranslate import requests
from service.requests import schemas, selection
from service.surface import answers

JSON, PROBLEM, NDJSON = "application/json", "application/problem+json", "application/x-ndjson"
FORM, EVENTS, PLAIN_TEXT = "multipart/form-data", "text/event-stream", "text/plain"
READ = (400, 413, 415, 422)  # how a request with a body can be wrong
TOLD = {
    200: "The answer",
    201: "Made",
    202: "Accepted",
    204: "Done",
    302: "Elsewhere",
    400: "The request cannot be read",
    401: "Without a sound key",
    403: "From another site's page, or without a key",
    404: "There is none",
    413: "Too long: over MUJAZ_WAIT_CHARS (40,000 characters, unless set), in a job MUJAZ_MAX_CHARS (200,000)",
    415: "Of no kind that is read here",
    422: "Fields are wrong",
    429: "Too much in a minute, or at once: wait Retry-After",
    503: "Not now: see Retry-After",
    504: "It took too long",
    507: "The disk is full",
}
FILE = {"type": "string", "format": "binary"}
# How a key is sent; LibreTranslate's clients may also send it as the field `api_key`.
KEYS = {"bearer": {"type": "http", "scheme": "bearer"}, "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"}}


@dataclass(frozen=True, slots=True)
class Operation:
    """An endpoint with a method. `form`: what it takes with files. `streams`: it also answers a line a sentence, if
    asked for NDJSON. `kind`: what it answers, if that is no JSON."""

    method: str
    path: str
    summary: str
    answer: type[BaseModel] | None
    asked: type[BaseModel] | None = None
    form: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    kind: str = JSON
    status: int = 200
    errors: tuple[int, ...] = ()
    error: type[BaseModel] = answers.Problem
    streams: bool = False
    listed: bool = False  # the answer is a list of such


V1 = "/api/v1"
_IDS = re.compile(r"\{(\w+_id)\}")
PLAIN = peers.PlainError
OPERATIONS = (
    Operation("post", f"{V1}/briefs", "Translate, brief and store an article", answers.Brief, schemas.BriefRequest,
              status=201, errors=(*READ, 403, 503, 504, 507), streams=True),
    Operation("get", f"{V1}/briefs", "Earlier briefs, newest first", answers.Briefs, query=selection.ListRequest,
              errors=(422,)),
    Operation("get", f"{V1}/briefs/{{brief_id}}", "One brief, as it was answered", answers.Brief, errors=(404,)),
    Operation("delete", f"{V1}/briefs/{{brief_id}}", "Forget a brief and its article", None, status=204,
              errors=(403, 404)),
    Operation("get", f"{V1}/briefs/{{brief_id}}/tags", "What a brief is tagged with", answers.Tags, errors=(404,)),
    Operation("put", f"{V1}/briefs/{{brief_id}}/tags", "Tag a brief with these and no others", answers.Tags,
              selection.TagsRequest, errors=(*READ, 403, 404)),
    Operation("post", f"{V1}/translations", "Translate one text, or several as one batch", answers.Translation,
              schemas.TranslationRequest, errors=(*READ, 403, 503, 504), streams=True),
    Operation("post", f"{V1}/jobs", "Accept articles, which are briefed in the background", answers.Job, JobRequest,
              form=JobForm, status=202, errors=(*READ, 403, 503, 507)),
    Operation("get", f"{V1}/jobs", "Jobs, newest first", answers.Jobs, query=JobsRequest, errors=(422,)),
    Operation("get", f"{V1}/jobs/{{job_id}}", "How far a job is, and what of it failed", answers.Job, errors=(404,)),
    Operation("delete", f"{V1}/jobs/{{job_id}}", "Cancel a job that has not ended, forget one that has", None,
              status=204, errors=(403, 404, 507)),
    Operation("get", f"{V1}/jobs/{{job_id}}/results", "What has become of a job's articles so far", answers.Results,
              query=ResultsRequest, errors=(404, 422)),
    Operation("get", f"{V1}/jobs/{{job_id}}/events", "A job as it goes on, as server-sent events", answers.Events,
              query=EventsRequest, kind=EVENTS, errors=(404, 422)),
    Operation("post", f"{V1}/checks", "What is to be doubted in translations that someone has", answers.Checks,
              schemas.CheckRequest, errors=(*READ, 403, 503, 504)),
    Operation("post", f"{V1}/digests", "What several briefs say of one story", answers.Digest, schemas.DigestRequest,
              errors=(*READ, 403, 404)),
    Operation("get", f"{V1}/summarizers", "What can make a brief", answers.Summarizers),
    Operation("get", "/healthz", "The process is alive", answers.Status),
    Operation("get", "/readyz", "The model is loaded", answers.Status, errors=(503,), error=answers.Status),
    Operation("get", "/metrics", "What the service does, in numbers for Prometheus", answers.Metrics, kind=PLAIN_TEXT),
    Operation("post", "/translate", "As LibreTranslate: one text, or several as one batch", peers.Translated,
              requests.Translate, errors=(400, 403, 413, 503, 504), error=PLAIN),
    Operation("post", "/translate_file", "As LibreTranslate: a file, written anew in English", peers.TranslatedFile,
              form=requests.TranslateFile, errors=(400, 403, 413, 503, 504, 507), error=PLAIN),
    Operation("post", "/detect", "As LibreTranslate: which language a text is in", peers.Detected, requests.Detect,
              errors=(400, 403, 413), error=PLAIN, listed=True),
    Operation("get", "/languages", "As LibreTranslate: what is translated into what", peers.Language, error=PLAIN,
              listed=True),
    Operation("get", "/health", "As LibreTranslate: the process is alive", answers.Status),
)  # fmt: skip
# A text gives a translation, texts give several.
TWO_SHAPES: dict[type[BaseModel], tuple[type[BaseModel], ...]] = {
    answers.Translation: (answers.Translation, answers.Translations)
}


def blueprint() -> Blueprint:
    """The description, twice."""
    api = Blueprint("openapi", __name__)
    api.get("/api/openapi.json")(description)
    api.get("/api/docs")(page)
    return api


def page() -> str:
    """The description as a page that needs nothing from elsewhere."""
    return render_template("api.html", told=description())


def description() -> dict[str, Any]:
    """The OpenAPI document."""
    read = {model for one in OPERATIONS for model in (one.asked, one.form, one.query) if model}
    given = {model for one in OPERATIONS for model in (*_shapes(one), one.error)}
    listed = [(model, "validation") for model in read] + [(model, "serialization") for model in given]
    ordered: list[Any] = sorted(listed, key=lambda pair: (pair[0].__module__, pair[0].__name__))
    _, definitions = models_json_schema(ordered, ref_template="#/components/schemas/{model}")
    locked = current().settings.demands_keys
    paths: dict[str, dict] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method] = _operation(one, definitions["$defs"], locked)
    in_urls = {one.query.__name__ for one in OPERATIONS if one.query}
    kept = {name: schema for name, schema in definitions["$defs"].items() if name not in in_urls}
    usable = [offer.name for offer in current().summarizers if offer.summarizer]
    for model in (schemas.BriefRequest, JobForm, JobRequest):
        kept[model.__name__]["properties"]["summarizer"]["enum"] = usable
    kept[JobForm.__name__]["properties"]["files"] = {"type": "array", "items": FILE}
    kept[requests.TranslateFile.__name__]["properties"]["file"] = FILE
    kept[requests.TranslateFile.__name__]["required"].append("file")
    return {
        "openapi": "3.1.0",
        "info": {"title": "Mujaz", "version": release(), "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
                 "description": "An Arabic news article in, its English translation and a short brief out."},
        "paths": paths,
        "components": {"schemas": kept, "securitySchemes": KEYS},
        "security": [{name: []} for name in KEYS] if locked else [],
    }  # fmt: skip


def release() -> str:
    """The version that is installed; a checkout that is not has none."""
    try:
        return version("mujaz")
    except PackageNotFoundError:
        return "0"


def _shapes(one: Operation) -> tuple[type[BaseModel], ...]:
    return TWO_SHAPES.get(one.answer, (one.answer,)) if one.answer else ()


def _operation(one: Operation, definitions: dict[str, Any], locked: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"summary": one.summary, "operationId": _name(one)}
    errors = {*one.errors, *(() if one.path in WATCHED else (429,))}
    if locked and one.path in OPEN:
        told["security"] = []
    elif locked:
        errors.add(401 if one.error is answers.Problem else 403)
    if parameters := list(_parameters(one, definitions)):
        told["parameters"] = parameters
    taken = (_content(one.asked) if one.asked else {}) | (_content(one.form, FORM) if one.form else {})
    if taken:
        told["requestBody"] = {"required": True, "content": taken}
    kind = JSON if one.error is not answers.Problem else PROBLEM
    content = _content(one.error, kind)
    wrong = {str(code): {"description": TOLD[code], "content": content} for code in sorted(errors)}
    told["responses"] = {**_good(one), **wrong}
    return told


def _name(one: Operation) -> str:
    parts = _IDS.sub("one", one.path.removeprefix(V1)).replace("_", "/").split("/")
    return one.method + "".join(part.capitalize() for part in parts)


def _parameters(one: Operation, definitions: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in _IDS.findall(one.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    for name, schema in definitions[one.query.__name__]["properties"].items() if one.query else ():
        there = next(
            (kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"), schema
        )  # no null in a URL
        yield {"name": name, "in": "query", "required": False, "schema": there}


def _good(one: Operation) -> dict[str, Any]:
    shapes = [_reference(model) for model in _shapes(one)]
    if not shapes:
        return {str(one.status): {"description": TOLD[one.status]}}
    schema = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
    found = {str(one.status): {"description": TOLD[one.status], "content": {one.kind: {"schema": schema}}}}
    if one.listed:
        found["200"]["content"] = {JSON: {"schema": {"type": "array", "items": schema}}}
    if one.streams:
        found.setdefault("200", {"description": "A line a sentence", "content": {}})
        found["200"]["content"] = {**found["200"]["content"], NDJSON: {"schema": {"type": "string"}}}  # type: ignore
    return found


def _content(model: type[BaseModel], kind: str = JSON) -> dict[str, Any]:
    return {kind: {"schema": _reference(model)}}


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}
