"""Requests for the list of earlier briefs: which of them are wanted, and what they are tagged with."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from models.checks.fidelity import FLAGS
from models.errors import InputError
from service.records import check_text
from service.store.shelf import ANY, NONE, Filter

MARKS = (ANY, NONE, *FLAGS)  # what briefs are chosen by: any doubt, none, a flag of a sentence
MAX_TAG, MAX_TAGS = 50, 20  # characters of one; tags of a brief


def _day(text: object) -> object:
    """Only a day as ISO 8601 writes it: pydantic takes seconds since 1970 too."""
    if not isinstance(text, str) or re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return text
    raise ValueError("must be a day, such as 2026-11-27")


def _mark(name: str) -> str:
    if name not in MARKS:
        raise ValueError(f"{name!r} is unknown; choose {', '.join(MARKS)}")
    return name


def _tag(text: str) -> str:
    try:
        check_text("", text)
    except InputError as error:
        raise ValueError(error.detail) from None
    if not (line := " ".join(text.split())):
        raise ValueError("must have a letter, a digit or a sign")
    return line


Day = Annotated[date, BeforeValidator(_day)]
Mark = Annotated[str, AfterValidator(_mark), Field(json_schema_extra={"enum": list(MARKS)})]
Tag = Annotated[
    str, StringConstraints(max_length=MAX_TAG), AfterValidator(_tag), Field(json_schema_extra={"pattern": r"\S"})
]


class ListRequest(BaseModel):
    """GET /api/v1/briefs, and the page: the query string."""

    model_config = ConfigDict(extra="forbid")
    limit: int = Field(default=20, ge=1, le=100)
    before: int | None = Field(default=None, ge=1, le=2**62)
    q: str | None = Field(default=None, max_length=200)
    since: Day | None = Field(default=None, alias="from")
    until: Day | None = Field(default=None, alias="to")
    flag: Mark | None = None
    tag: str | None = Field(default=None, max_length=MAX_TAG)

    @property
    def filter(self) -> Filter:
        """Which briefs are wanted."""
        return Filter((self.q or "").strip(), self.since, self.until, self.flag, (self.tag or "").strip())


class TagsRequest(BaseModel):
    """PUT /api/v1/briefs/{brief_id}/tags."""

    model_config = ConfigDict(extra="forbid", strict=True)
    tags: Annotated[list[Tag], Field(max_length=MAX_TAGS)]
