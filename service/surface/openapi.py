"""The API described for programs (OpenAPI 3.1) and for people: /api/openapi.json and /api/docs.

Made of the models that requests are checked with, and of `answers`; only which of them meet where stands here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flask import Blueprint, current_app, render_template
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from service import schemas, selection
from service.libretranslate import requests
from service.surface import answers

JSON, PROBLEM, NDJSON = "application/json", "application/problem+json", "application/x-ndjson"
READ = (400, 413, 415, 422)  # how a request with a body can be wrong
TOLD = {200: "The answer", 201: "Made", 204: "Done", 302: "Elsewhere", 400: "The request cannot be read"}
TOLD |= {403: "From another site's page", 404: "There is none", 413: "Too long", 415: "Of no kind that is read here"}
TOLD |= {422: "Fields are wrong", 503: "The model is not loaded"}


@dataclass(frozen=True, slots=True)
class Operation:
    """An endpoint with a method. `streams`: it also answers a line a sentence, if asked for NDJSON."""

    method: str
    path: str
    summary: str
    answer: type[BaseModel] | None
    asked: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    status: int = 200
    errors: tuple[int, ...] = ()
    error: type[BaseModel] = answers.Problem
    streams: bool = False
    listed: bool = False  # the answer is a list of such


V1 = "/api/v1"
PLAIN = answers.PlainError
OPERATIONS = (
    Operation("post", f"{V1}/briefs", "Translate, brief and store an article", answers.Brief, schemas.BriefRequest,
              status=201, errors=(*READ, 403, 503), streams=True),
    Operation("get", f"{V1}/briefs", "Earlier briefs, newest first", answers.Briefs, query=selection.ListRequest,
              errors=(422,)),
    Operation("get", f"{V1}/briefs/{{brief_id}}", "One brief, as it was answered", answers.Brief, errors=(404,)),
    Operation("delete", f"{V1}/briefs/{{brief_id}}", "Forget a brief and its article", None, status=204,
              errors=(403, 404)),
    Operation("get", f"{V1}/briefs/{{brief_id}}/tags", "What a brief is tagged with", answers.Tags, errors=(404,)),
    Operation("put", f"{V1}/briefs/{{brief_id}}/tags", "Tag a brief with these and no others", answers.Tags,
              selection.TagsRequest, errors=(*READ, 403, 404)),
    Operation("post", f"{V1}/translations", "Translate one text, or several as one batch", answers.Translation,
              schemas.TranslationRequest, errors=(*READ, 403, 503), streams=True),
    Operation("post", f"{V1}/checks", "What is to be doubted in translations that someone has", answers.Checks,
              schemas.CheckRequest, errors=(*READ, 403, 503)),
    Operation("post", f"{V1}/digests", "What several briefs say of one story", answers.Digest, schemas.DigestRequest,
              errors=(*READ, 403, 404)),
    Operation("get", f"{V1}/summarizers", "What can make a brief", answers.Summarizers),
    Operation("get", "/healthz", "The process is alive", answers.Status),
    Operation("get", "/readyz", "The model is loaded", answers.Status, errors=(503,), error=answers.Status),
    Operation("post", "/translate", "As LibreTranslate: one text, or several as one batch", answers.Translated,
              requests.Translate, errors=(400, 403, 413, 503), error=PLAIN),
    Operation("post", "/detect", "As LibreTranslate: which language a text is in", answers.Detected, requests.Detect,
              errors=(400, 403, 413), error=PLAIN, listed=True),
    Operation("get", "/languages", "As LibreTranslate: what is translated into what", answers.Language, listed=True),
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
    read = {model for one in OPERATIONS for model in (one.asked, one.query) if model}
    given = {model for one in OPERATIONS for model in (*_shapes(one), one.error)}
    listed = [(model, "validation") for model in read] + [(model, "serialization") for model in given]
    ordered: list[Any] = sorted(listed, key=lambda pair: (pair[0].__module__, pair[0].__name__))
    _, definitions = models_json_schema(ordered, ref_template="#/components/schemas/{model}")
    paths: dict[str, dict] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method] = _operation(one, definitions["$defs"])
    kept = {name: schema for name, schema in definitions["$defs"].items() if name != selection.ListRequest.__name__}
    usable = [offer.name for offer in current_app.extensions["mujaz"].summarizers if offer.summarizer]
    kept[schemas.BriefRequest.__name__]["properties"]["summarizer"]["enum"] = usable
    return {
        "openapi": "3.1.0",
        "info": {"title": "Mujaz", "version": release(), "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
                 "description": "An Arabic news article in, its English translation and a short brief out."},
        "paths": paths,
        "components": {"schemas": kept},
    }  # fmt: skip


def release() -> str:
    """The version that is installed; a checkout that is not has none."""
    try:
        return version("mujaz")
    except PackageNotFoundError:
        return "0"


def _shapes(one: Operation) -> tuple[type[BaseModel], ...]:
    return TWO_SHAPES.get(one.answer, (one.answer,)) if one.answer else ()


def _operation(one: Operation, definitions: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"summary": one.summary, "operationId": _name(one)}
    if parameters := list(_parameters(one, definitions)):
        told["parameters"] = parameters
    if one.asked:
        told["requestBody"] = {"required": True, "content": _content(one.asked)}
    kind = JSON if one.error is not answers.Problem else PROBLEM
    wrong = {str(code): {"description": TOLD[code], "content": _content(one.error, kind)} for code in one.errors}
    told["responses"] = {**_good(one), **wrong}
    return told


def _name(one: Operation) -> str:
    parts = one.path.removeprefix(V1).replace("{brief_id}", "one").replace("_", "/").split("/")
    return one.method + "".join(part.capitalize() for part in parts)


def _parameters(one: Operation, definitions: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "{brief_id}" in one.path:
        yield {"name": "brief_id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
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
    found = {str(one.status): {"description": TOLD[one.status], "content": {JSON: {"schema": schema}}}}
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
