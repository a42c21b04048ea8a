"""What LibreTranslate's clients are answered, as the description of the API has it."""

from __future__ import annotations

from pydantic import BaseModel


class Detected(BaseModel):
    """A language, and how sure that is in percent."""

    confidence: int
    language: str


class Translated(BaseModel):
    """The answer of /translate, in the shape of `q`."""

    translatedText: str | list[str]
    detectedLanguage: Detected | list[Detected] | None = None
    alternatives: list[str] | list[list[str]] | None = None


class TranslatedFile(BaseModel):
    """Where the English file is to be fetched, for half an hour."""

    translatedFileUrl: str


class Language(BaseModel):
    """A language that there is, and those that it is translated into."""

    code: str
    name: str
    targets: list[str]


class PlainError(BaseModel):
    """An error as LibreTranslate's clients read it."""

    error: str
