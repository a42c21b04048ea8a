"""A request's body -> validated fields. All that is wrong with it is reported at once."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from typing import Any, TypeVar

from flask import Request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from models.errors import MujazError
from service.access.limits import charge
from service.config import Settings

MAX_ERRORS = 100  # told of one request
CHARSETS = {"utf-8": "utf-8", "utf-16": "utf-16", "cp1256": "windows-1256", "iso8859-6": "iso-8859-6"}
TOO_LONG = "the text has {total:,} characters; at most {most:,} are taken at a time (MUJAZ_MAX_CHARS)"
TOO_LONG_TO_WAIT = (
    "the text has {total:,} characters; at most {most:,} are taken by a request that waits for them (MUJAZ_WAIT_CHARS);"
    " send less at a time, or have it briefed by a job (POST /api/v1/jobs), which takes {longest:,} in a text"
)
MESSAGES = {  # pydantic's own words where they would not tell a user what to send
    "extra_forbidden": "is not a field of this request; choose {fields}",
    "missing": "is required",
    "float_type": "must be a number from 0 to 1",
    "string_pattern_mismatch": "must be an http:// or https:// address",
    "model_type": "must be an object with named fields",
    "string_too_long": "must have at most {max_length} characters",
}


class Invalid(MujazError):
    """The request can be read, but fields are wrong. `errors` has one (field, detail) for each."""

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{field}: {detail}" for field, detail in errors))
        self.errors = errors


Model = TypeVar("Model", bound=BaseModel)


def validate(model: type[Model], value: object) -> Model:
    """`value` as `model`, or Invalid with every field that is wrong."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        fields = ", ".join(field.alias or name for name, field in model.model_fields.items())
        told = [_told(item, fields) for item in error.errors(include_url=False, include_input=False)[:MAX_ERRORS]]
        if error.error_count() > MAX_ERRORS:
            told.append(("body", f"and {error.error_count() - MAX_ERRORS} errors more"))
        raise Invalid(told) from None


def _told(item: Any, fields: str) -> tuple[str, str]:
    ours = MESSAGES.get(item["type"])
    detail = ours.format(fields=fields, **item.get("ctx", {})) if ours else item["msg"]  # which may hold what was sent
    for prefix in ("Input should be", "Value error,"):
        if detail.startswith(prefix):
            detail = ("must be" if prefix.startswith("Input") else "") + detail.removeprefix(prefix)
    return ".".join(map(str, item["loc"])) or "body", detail.strip()


def awaited(request: Request, settings: Settings) -> dict:
    """The body of a request that waits for the translation of what it holds; see `body`."""
    return body(request, settings.waited_chars, settings.max_chars)


def body(request: Request, most: int, longest: int) -> dict:
    """The request's body as a dictionary; a text/plain body is its `text`, the query string the other fields. At most
    `most` characters are taken, and `longest` of who does not wait.

    Raises BadRequest (unreadable), UnsupportedMediaType, or RequestEntityTooLarge.
    """
    kind = request.mimetype
    if kind not in ("application/json", "text/plain"):
        raise UnsupportedMediaType(f"{short(kind) or 'no content type'}: choose application/json or text/plain")
    charset = request.mimetype_params.get("charset", "utf-8")
    try:
        if codecs.lookup(charset).name not in CHARSETS:
            raise LookupError
        text = request.get_data().decode(charset)
    except LookupError:
        choices = ", ".join(CHARSETS.values())
        raise UnsupportedMediaType(f"charset {short(charset)!r} is not read here; choose {choices}") from None
    except UnicodeError as error:
        raise BadRequest(f"the body is not {charset}: {error}") from None
    value = _from_json(text) if kind == "application/json" else {**_query(request), "text": text}
    _check_length(value, most, longest)
    return value


def short(value: str) -> str:
    """What was sent, as an error names it: never at length."""
    return value if len(value) <= 40 else f"{value[:40]}…"


def _query(request: Request) -> dict[str, object]:
    return in_numbers(request.args)


def in_numbers(given: Mapping[str, object]) -> dict[str, object]:
    """Fields of a query string or a form, with numbers where numbers are expected and the text can be read as one."""
    return {name: _number(name, value) if isinstance(value, str) else value for name, value in given.items()}


def _number(name: str, text: str) -> object:
    if name == "sentences" and re.fullmatch("[0-9]{1,8}", text):
        return int(text)
    if name == "min_confidence" and re.fullmatch(r"[0-9]{0,8}[.,]?[0-9]{1,8}|[0-9]+[.,]", text):
        return float(text.replace(",", "."))
    return text


def _from_json(text: str) -> dict:
    try:
        value = json.loads(text)
    except RecursionError:
        raise BadRequest("the body is nested too deeply") from None
    except ValueError as error:
        raise BadRequest(f"the body is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise BadRequest(f"the body must be a JSON object, not {type(value).__name__}")
    return value


def _check_length(value: dict, most: int, longest: int) -> None:
    """RequestEntityTooLarge for more text than is taken; what is taken counts as the client's."""
    parts = [value.get("title"), value.get("text"), *_listed(value, "texts")]
    parts += [side for pair in _listed(value, "pairs") if isinstance(pair, dict) for side in pair.values()]
    total = sum(len(part) for part in parts if isinstance(part, str))
    if total > most:
        told = TOO_LONG_TO_WAIT if most < longest else TOO_LONG
        raise RequestEntityTooLarge(told.format(total=total, most=most, longest=longest))
    charge(total)


def _listed(value: dict, name: str) -> list:
    found = value.get(name)
    return found if isinstance(found, list) else []
