"""The summarizers by name: what each is, whether it can be used here, and why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.extractive import ExtractiveSummarizer
from models.types import Summarizer

NAMES = ("extractive",)
DEFAULT = "extractive"


@dataclass(frozen=True, slots=True)
class Offer:
    """A summarizer that a caller may ask for. `summarizer` is None where it cannot be used, and `reason` says why."""

    name: str
    description: str
    generated: bool
    summarizer: Summarizer | None = None
    reason: str | None = None


def extractive() -> Offer:
    """The default; always there."""
    description = "chooses the article's most important sentences; each is the translation of one Arabic sentence"
    return Offer("extractive", description, generated=False, summarizer=ExtractiveSummarizer())


def usable(offers: Iterable[Offer]) -> dict[str, Summarizer]:
    """{name: summarizer} of those that can be used."""
    return {offer.name: offer.summarizer for offer in offers if offer.summarizer}
