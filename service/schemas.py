"""JSON or plain text -> validated requests. All that is wrong with a request is reported at once."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any, TypeVar

from flask import Request
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from models.briefs.summarizers import DEFAULT, NAMES
from models.errors import InputError, MujazError
from models.pipeline import MAX_SENTENCES, require_arabic
from models.stories.compared import MOST
from models.types import Wish
from service.access.limits import charge
from service.articles import pasted
from service.core import check_text

ARABIC_LETTER = "[\u0620-\u063f\u0641-\u064a]"  # what a text must have, told to programs
_SHARE: dict[str, Any] = {"minimum": 0, "maximum": 1}
MAX_TEXTS = 1000  # of one request for translations
MAX_ERRORS = 100  # told of one request
CHARSETS = {"utf-8": "utf-8", "utf-16": "utf-16", "cp1256": "windows-1256", "iso8859-6": "iso-8859-6"}
MESSAGES = {  # pydantic's own words where they would not tell a user what to send
    "extra_forbidden": "is not a field of this request; choose {fields}",
    "missing": "is required",
    "float_type": "must be a number from 0 to 1",
    "string_pattern_mismatch": "must be an http:// or https:// address",
    "string_too_long": "must have at most {max_length} characters",
}


class Invalid(MujazError):
    """The request can be read, but fields are wrong. `errors` has one (field, detail) for each."""

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{field}: {detail}" for field, detail in errors))
        self.errors = errors


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


def _checked(check: Callable[[str], None]) -> AfterValidator:
    """Refuses a field of which `check` raises InputError."""

    def checked(text: str) -> str:
        try:
            check(text)
        except InputError as error:
            raise ValueError(error.detail) from None
        return text

    return AfterValidator(checked)


def _summarizer(name: str) -> str:
    if name not in NAMES:
        raise ValueError(f"{name!r} is unknown; choose {', '.join(NAMES)}")
    return name


def _whole(number: object) -> object:
    """3.0 is a whole number too, as JSON has it."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _share(number: float) -> float:
    if not 0 <= number <= 1:
        raise ValueError("must be from 0 to 1")
    return number


def _present(text: str) -> None:
    if not text.strip():
        raise InputError("", "is empty; give Arabic text")


_SOUND = _checked(partial(check_text, ""))  # can be stored and sent
_ARABIC = Field(json_schema_extra={"pattern": ARABIC_LETTER})
ArabicText = Annotated[str, _ARABIC, _SOUND, _checked(require_arabic)]
ArticleText = Annotated[
    str, _ARABIC, _SOUND, AfterValidator(pasted.read), _checked(require_arabic)
]  # it may come as HTML
# One of several: a cell of a table may hold digits alone, and comes back as it is.
PartText = Annotated[
    str, Field(json_schema_extra={"pattern": r"\S"}), _SOUND, AfterValidator(pasted.read), _checked(_present)
]
Title = Annotated[str, StringConstraints(max_length=1000), _SOUND]
Url = Annotated[str, StringConstraints(max_length=2000, pattern=r"^https?://[^\s<>\"]+$"), _SOUND]


class Article(_Request):
    """An article to be briefed."""

    text: ArticleText
    title: Title | None = None
    url: Url | None = None


class Wished(_Request):
    """What is asked of a brief."""

    sentences: Annotated[int, Field(ge=1, le=MAX_SENTENCES), BeforeValidator(_whole)] = 3
    summarizer: Annotated[str, AfterValidator(_summarizer), Field(json_schema_extra={"enum": list(NAMES)})] = DEFAULT
    min_confidence: Annotated[float, AfterValidator(_share), Field(json_schema_extra=_SHARE)] = 0.0

    @property
    def wish(self) -> Wish:
        """What is asked of the brief."""
        return Wish(self.summarizer, self.sentences, self.min_confidence)


class BriefRequest(Wished, Article):
    """POST /api/v1/briefs, and the form."""


class TranslationRequest(_Request):
    """POST /api/v1/translations: one of `text` and `texts`."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["text"], "properties": {"text": {"type": "string"}, "texts": {"type": "null"}}},
                {"required": ["texts"], "properties": {"texts": {"type": "array"}, "text": {"type": "null"}}},
            ]
        }
    )

    text: ArticleText | None = None
    texts: Annotated[list[PartText], Field(min_length=1, max_length=MAX_TEXTS)] | None = None

    @model_validator(mode="after")
    def _one_of(self) -> TranslationRequest:
        if (self.text is None) == (self.texts is None):
            raise ValueError("give either text or texts")
        return self


class _Pair(_Request):
    """Arabic, and what is said to be its translation."""

    arabic: ArabicText
    english: Annotated[str, StringConstraints(min_length=1), _SOUND]


class CheckRequest(_Request):
    """POST /api/v1/checks."""

    pairs: Annotated[list[_Pair], Field(min_length=1, max_length=MAX_TEXTS)]


class DigestRequest(_Request):
    """POST /api/v1/digests."""

    ids: Annotated[
        list[Annotated[str, StringConstraints(max_length=100)]],
        Field(min_length=2, max_length=MOST, json_schema_extra={"uniqueItems": True}),
    ]
    one_story: bool = False


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


def body(request: Request, max_chars: int) -> dict:
    """The request's body as a dictionary; a text/plain body is its `text`, the query string the other fields.

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
    _check_length(value, max_chars)
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


def _check_length(value: dict, max_chars: int) -> None:
    """RequestEntityTooLarge for more text than is taken; what is taken counts as the client's."""
    parts = [value.get("text"), *_listed(value, "texts")]
    parts += [side for pair in _listed(value, "pairs") if isinstance(pair, dict) for side in pair.values()]
    total = sum(len(part) for part in parts if isinstance(part, str))
    if total > max_chars:
        raise RequestEntityTooLarge(
            f"the text has {total:,} characters; at most {max_chars:,} are taken at a time (MUJAZ_MAX_CHARS)"
        )
    charge(total)


def _listed(value: dict, name: str) -> list:
    found = value.get(name)
    return found if isinstance(found, list) else []
