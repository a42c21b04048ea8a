"""What clients send, in JSON, a form or the query string -> validated requests; Refused in words that they know."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

from flask import Request
from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from models.errors import MujazError
from service.access.limits import charge
from service.records import check_text
from service.requests.bodies import short
from service.requests.schemas import MAX_TEXTS

SOURCES, FORMS = ("ar", "auto"), ("text", "html")
ALTERNATIVES = 5  # other translations of a text, at most


class Refused(MujazError):
    """The request cannot be answered; `status` is 400 or more."""

    def __init__(self, told: str, status: int = 400) -> None:
        super().__init__(told)
        self.status = status


def _or_none(value: Any) -> Any:
    """An empty field of a form, or null: as if it were not there."""
    return 0 if value in ("", None) else value


class Translate(BaseModel):
    """POST /translate. `api_key` is looked at before; other fields are taken and not looked at."""

    q: str | Annotated[list[str], Field(max_length=MAX_TEXTS)]
    source: Annotated[str, Field(json_schema_extra={"enum": [*SOURCES]})]
    target: Annotated[str, Field(json_schema_extra={"enum": ["en"]})]
    format: Annotated[str, Field(json_schema_extra={"enum": [*FORMS]})] = "text"
    alternatives: Annotated[int, Field(ge=0, le=ALTERNATIVES), BeforeValidator(_or_none)] = 0

    @property
    def texts(self) -> list[str]:
        """What is to be translated."""
        return [self.q] if isinstance(self.q, str) else self.q


class TranslateFile(BaseModel):
    """POST /translate_file, beside its `file`."""

    source: Annotated[str, Field(json_schema_extra={"enum": [*SOURCES]})]
    target: Annotated[str, Field(json_schema_extra={"enum": ["en"]})]


class Detect(BaseModel):
    """POST /detect."""

    q: str


def sent(request: Request) -> dict[str, Any]:
    """The fields of a request, wherever they are."""
    if not request.is_json:
        values = {name: request.values.getlist(name) for name in request.values}
        return {name: found[0] if len(found) == 1 else found for name, found in values.items()}
    try:
        charset = request.mimetype_params.get("charset")
        value = json.loads(request.get_data().decode(charset) if charset else request.get_data())
    except (ValueError, LookupError, RecursionError):
        raise Refused("Invalid request: the body is not JSON") from None
    if not isinstance(value, dict):
        raise Refused("Invalid request: the body is no JSON object")
    return {**request.args, **value}


def wanted_translation(values: Mapping[str, Any], most: int) -> Translate:
    """A request for at most so many characters, in languages that there are."""
    wanted = _validated(Translate, {name: v for name, v in values.items() if v is not None})
    check_languages(wanted.source, wanted.target)
    if wanted.format not in FORMS:
        raise Refused(f"{short(wanted.format)} format is not supported; choose text or html")
    check_texts(wanted.texts, most)
    return wanted


def wanted_detection(values: Mapping[str, Any], most: int) -> str:
    """The text whose language is asked for."""
    q = _validated(Detect, values).q
    check_texts([q], most)
    return q


def _validated(model: type[Any], values: Mapping[str, Any]) -> Any:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        field = wrong["loc"][0] if wrong["loc"] else "body"
        if wrong["type"] == "missing":
            raise Refused(f"Invalid request: missing {field} parameter") from None
        raise Refused(f"Invalid request: {field}: {wrong['msg']}") from None


def check_languages(source: str, target: str) -> None:
    """Refused unless from Arabic, or what is found to be Arabic, to English."""
    if source not in SOURCES:
        raise Refused(f"{short(source)} is not supported as a source; choose ar or auto")
    if target != "en":
        raise Refused(f"{short(target)} is not supported as a target; choose en")


def check_texts(texts: list[str], most: int) -> None:
    """Refused for more than `most` characters, and for what is no text; the rest counts as the client's."""
    total = sum(map(len, texts))
    if total > most:
        raise Refused(f"Invalid request: request ({total}) exceeds text limit ({most})")
    for text in texts:
        check_text("q", text)
    charge(total)
