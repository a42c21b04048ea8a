"""Requests for jobs: what is asked of the briefs, and the articles, out of JSON, plain text, or a form with files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

from flask import Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from werkzeug.exceptions import RequestEntityTooLarge

from models.errors import InputError
from models.types import Document, Wish
from service.access.limits import charge
from service.articles import uploads
from service.articles.readers import Failure
from service.requests.bodies import body, in_numbers, validate
from service.requests.schemas import Article, ArticleText, Title, Url, Wished

MAX_ARTICLES = 10_000  # of one job
PLACE = r"^[0-9]{1,9}\.[0-9]{1,9}$"
Given = Document | Failure
_ONE_OF = [
    {"required": ["text"], "properties": {"text": {"type": "string"}, "articles": {"type": "null"}}},
    {
        "required": ["articles"],
        "properties": {name: {"type": "null"} for name in ("text", "title", "url")} | {"articles": {"type": "array"}},
    },
]


class JobForm(Wished):
    """POST /api/v1/jobs as a form, beside its `files`."""

    text: ArticleText | None = None
    title: Title | None = None
    url: Url | None = None


class JobRequest(JobForm):
    """POST /api/v1/jobs: `text`, with `title` and `url`, or `articles`."""

    model_config = ConfigDict(json_schema_extra={"oneOf": _ONE_OF})  # type: ignore[dict-item]

    articles: Annotated[list[Article], Field(min_length=1, max_length=MAX_ARTICLES)] | None = None

    @model_validator(mode="after")
    def _one_of(self) -> JobRequest:
        if (self.text is None) == (self.articles is None):
            raise ValueError("give either text or articles")
        if self.articles is not None and (self.title is not None or self.url is not None):
            raise ValueError("title and url go with text; each of articles has its own")
        return self


class JobsRequest(BaseModel):
    """GET /api/v1/jobs: the query string."""

    model_config = ConfigDict(extra="forbid")
    limit: int = Field(default=20, ge=1, le=100)
    before: int | None = Field(default=None, ge=1, le=2**62)


class ResultsRequest(BaseModel):
    """GET /api/v1/jobs/<job_id>/results: the query string."""

    model_config = ConfigDict(extra="forbid")
    limit: int = Field(default=20, ge=1, le=100)
    after: int = Field(default=-1, ge=-1, le=2**62)


def _place(text: str) -> str:
    if not re.fullmatch(PLACE, text):
        raise ValueError(f"{text[:40]!r} is no place; give the id of an event, such as 3.17")
    return text


class EventsRequest(BaseModel):
    """GET /api/v1/jobs/<job_id>/events: the query string."""

    model_config = ConfigDict(extra="forbid")
    after: Annotated[str, AfterValidator(_place), Field(json_schema_extra={"pattern": PLACE})] = "0.0"


class TooLong(RequestEntityTooLarge):
    """A field of a form holds too much."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.errors = [(field, detail)]


def asked(request: Request, max_chars: int, upload_bytes: int) -> tuple[Wish, list[Given]]:
    """The wish and the articles of a request. Raises what `bodies.body` and `validate` raise."""
    request.max_content_length = upload_bytes
    if request.mimetype in ("multipart/form-data", "application/x-www-form-urlencoded"):
        return of_form(request, fields(request), max_chars)
    wanted = validate(JobRequest, body(request, max_chars, max_chars))
    if wanted.text is not None:
        return wanted.wish, [Document("text", wanted.text, wanted.title, wanted.url)]
    listed = [
        Document(f"articles.{number}", one.text, one.title, one.url) for number, one in enumerate(wanted.articles or ())
    ]
    charge(sum(one.characters for one in listed), later=True)
    return wanted.wish, list(listed)


def fields(request: Request) -> dict[str, str]:
    """What was typed into a form; browsers send CRLF."""
    return {name: value.replace("\r\n", "\n") for name, value in request.form.items()}


def of_form(request: Request, values: dict[str, str], max_chars: int) -> tuple[Wish, list[Given]]:
    """The same out of a form's `fields`, its text if it has one, and of the articles of its files."""
    if (length := len(values.get("text", ""))) > max_chars:
        raise TooLong("text", f"has {length:,} characters; at most {max_chars:,} are taken at a time")
    given = {name: value.strip() if name != "text" else value for name, value in values.items() if value.strip()}
    wanted = validate(JobForm, in_numbers(given))
    found = list(_limited(request, max_chars))
    if wanted.text is not None:
        found.insert(0, Document("text", wanted.text, wanted.title, wanted.url))
    charge(sum(one.characters for one in found if isinstance(one, Document)), later=True)
    if wanted.text is not None:
        return wanted.wish, found
    if not found:
        raise InputError("text", "is empty; give Arabic text, or choose files")
    if wanted.title is None and wanted.url is None:
        return wanted.wish, found
    if len(found) > 1:
        field = "title" if wanted.title is not None else "url"
        raise InputError(field, f"is of one article, and the files hold {len(found)}; leave it empty")
    return wanted.wish, [_entitled(one, wanted) if isinstance(one, Document) else one for one in found]


def _entitled(one: Document, wanted: JobForm) -> Document:
    return replace(one, title=wanted.title or one.title, url=wanted.url or one.url)


def _limited(request: Request, max_chars: int) -> Iterator[Given]:
    """What is in a request's files; RequestEntityTooLarge if that is more than a job takes."""
    number = characters = 0
    for file in request.files.getlist("files"):
        if not file.filename:
            continue  # a browser's empty field
        for item in uploads.documents(file.filename, file.read()):
            number, characters = number + 1, characters + len(getattr(item, "text", ""))
            if number > MAX_ARTICLES or characters > 100 * max_chars:
                most = f"{MAX_ARTICLES:,} articles or {100 * max_chars:,} characters"
                raise TooLong("files", f"hold more than {most}; make several jobs of them")
            yield item
