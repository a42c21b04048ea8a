"""What the API gives and the store keeps, as plain dictionaries: one of each type of `models`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from models.briefs.summarizers import DEFAULT, Offer
from models.doubts.pairs import Checked
from models.errors import InputError
from models.pipeline import joined
from models.types import Brief, Document, Judged, ModelInfo, Translation, Wording


def check_text(field: str, text: str) -> None:
    """InputError for text that can be neither stored nor sent: half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        code = ord(text[error.start])
        raise InputError(field, f"has half of a surrogate pair (U+{code:04X}) at character {error.start}") from None


def brief_record(document: Document, brief: Brief, info: ModelInfo) -> dict:
    """The API's answer for a brief, but for its timing."""
    return {
        "id": document.id,
        "created_at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "url": document.url,
        "title": {
            "source": brief.headline.source,
            "text": brief.headline.text,
            "flags": list(brief.headline.flags),
            **judged_record(brief.headline.judged),
        },
        "brief": {
            "sentences": [_plain(sentence) for sentence in brief.sentences],
            "summarizer": brief.summarizer,
            "notes": [_plain(note) for note in brief.notes],
        },
        "translation": translation_record(list(brief.translations), brief.wording),
        "model": model_record(info),
        "signature": brief.signature,
    }


def translation_record(translations: list[Translation], wording: Wording) -> dict:
    """{"text", "sentences", "glossary", "names"} of a document's translations.

    In the last two a sentence is its index, or null for the title.
    """
    return {
        "text": joined(translations),
        "sentences": [sentence_record(t) for t in translations],
        "glossary": [_plain(use) for use in wording.terms],
        "names": [_plain(use) for use in wording.names],
    }


def _plain(value: Any) -> dict:
    """The fields of a value by their names, as JSON has them."""
    return asdict(value, dict_factory=lambda pairs: {k: list(v) if isinstance(v, tuple) else v for k, v in pairs})


def sentence_record(translation: Translation) -> dict:
    """One sentence as the API gives it; `start` and `end` select `source` in the text that was sent."""
    sentence = translation.sentence
    return {
        "index": sentence.index,
        "paragraph": sentence.paragraph,
        "start": sentence.start,
        "end": sentence.end,
        "source": sentence.text,
        "text": translation.text,
        "score": translation.score,
        "flags": list(translation.flags),
        **judged_record(translation.judged),
    }


def judged_record(found: Judged) -> dict:
    """What is said of a sentence's trustworthiness; `start` and `end` of a doubt select words of its `text`."""
    return {
        "confidence": found.confidence,
        "words": [asdict(doubt) for doubt in found.words],
        "contrast": asdict(found.contrast) if found.contrast else None,
        "extra": found.extra,
        "other": found.other,
        "omitted": asdict(found.omitted) if found.omitted else None,
    }


def check_record(found: Checked) -> dict:
    """What is to be doubted in a pair; `start` and `end` select words of its English."""
    return {
        "flags": list(found.flags),
        "findings": [asdict(finding) for finding in found.findings],
        **judged_record(found.judged),
    }


def offer_record(offer: Offer) -> dict:
    """A summarizer as the API lists it."""
    told = {"name": offer.name, "description": offer.description, "available": offer.summarizer is not None}
    output = "generated" if offer.generated else "exact"
    return {**told, "reason": offer.reason, "output": output, "default": offer.name == DEFAULT}


def model_record(info: ModelInfo) -> dict:
    """The model as the API names it."""
    return asdict(info)
