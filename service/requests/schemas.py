"""The requests of the API and of the form, field by field; pydantic validates them and describes them to programs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from models.briefs.summarizers import DEFAULT, NAMES
from models.errors import InputError
from models.pipeline import MAX_SENTENCES, require_arabic
from models.stories.compared import MOST
from models.types import Wish
from service.articles import pasted
from service.records import check_text

ARABIC_LETTER = "[\u0620-\u063f\u0641-\u064a]"  # what a text must have, told to programs
_SHARE: dict[str, Any] = {"minimum": 0, "maximum": 1}
MAX_TEXTS = 1000  # of one request for translations


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
