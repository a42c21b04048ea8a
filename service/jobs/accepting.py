"""Articles as they came in -> entries of a job: what can be briefed, and why the rest cannot."""

from __future__ import annotations

from collections.abc import Sequence

from models.checks.legible import illegible
from models.errors import InputError
from models.pipeline import require_arabic
from models.text.segment import split_sentences
from models.types import Document
from service.articles.readers import Failure
from service.records import check_text
from service.requests.bodies import MAX_ERRORS, Invalid
from service.store.jobs import Entry

FIELDS = ("text", "articles")  # of a request; all else is the name of a file


def entries(given: Sequence[Document | Failure], max_chars: int) -> list[Entry]:
    """An entry for each, in order. Raises Invalid if nothing can be briefed."""
    found = [_entry(one, max_chars) for one in given]
    if all(entry.reason for entry in found):
        raise Invalid([_error(entry.name, entry.reason or "") for entry in found[:MAX_ERRORS]])
    return found


def _entry(given: Document | Failure, max_chars: int) -> Entry:
    if isinstance(given, Failure):
        return Entry(given.where, reason=given.reason)
    reason = _reason_against(given, max_chars)
    return Entry(given.id, reason=reason) if reason else Entry(given.id, given, len(split_sentences(given.text)))


def _reason_against(article: Document, max_chars: int) -> str | None:
    title = article.title or ""
    if (length := len(article.text) + len(title)) > max_chars:
        return f"has {length:,} characters; at most {max_chars:,} (MUJAZ_MAX_CHARS)"
    try:
        check_text("title", title)
        check_text("text", article.text)
        require_arabic(article.text)
    except InputError as error:
        return error.detail
    return illegible(article.text) or None


def _error(name: str, reason: str) -> tuple[str, str]:
    return (name, reason) if name.split(".")[0] in FIELDS else ("files", f"{name}: {reason}")
