"""The summarizers by name: what each is, whether it can be used here, and why not.

Nothing is loaded here: a model loads when it is first asked for a brief.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from models.briefs.abstractive import AbstractiveSummarizer
from models.briefs.chat import ChatWriter
from models.briefs.chat_server import ChatServer
from models.briefs.extractive import ExtractiveSummarizer
from models.briefs.seq2seq import Seq2SeqWriter
from models.engines import registry
from models.errors import ModelError
from models.types import Summarizer, Weigh

NAMES = ("extractive", "seq2seq", "chat")
DEFAULT = "extractive"
CHECKED = "each sentence is traced to the article's and checked, and replaced by a translated one if it fails"


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


def seq2seq(model: str, cache: Path, compute_type: str, threads: int, weigh: Weigh | None = None) -> Offer:
    """A BART that summarizes English: a public model's name or a folder. `weigh` judges what it writes."""
    description = f"{model} writes the brief anew from the translation; {CHECKED}"
    try:
        folder = registry.resolve(model, cache, registry.SUMMARIZE)
        writer = Seq2SeqWriter(model, folder, cache, compute_type, threads)
    except ModelError as error:
        return Offer("seq2seq", description, generated=True, reason=str(error))
    return Offer("seq2seq", description, generated=True, summarizer=AbstractiveSummarizer(writer, weigh))


def chat(server: ChatServer, words: int, weigh: Weigh | None = None) -> Offer:
    """A language model behind a chat server, which is given at most `words` words of an article at a time. `weigh`
    judges what it writes."""
    if not server.url or not server.model:
        description = "a language model behind a chat server writes the brief; off until a server is set"
        reason = "no chat server is set (MUJAZ_CHAT_URL and MUJAZ_CHAT_MODEL)"
        return Offer("chat", description, generated=True, reason=reason)
    description = (
        f"{server.model} at {urlsplit(server.url).netloc}, to which the translated article is sent, writes the brief; "
        f"{CHECKED}"
    )
    made = AbstractiveSummarizer(ChatWriter(server, words), weigh)
    return Offer("chat", description, generated=True, summarizer=made)


def usable(offers: Iterable[Offer]) -> dict[str, Summarizer]:
    """{name: summarizer} of those that can be used."""
    return {offer.name: offer.summarizer for offer in offers if offer.summarizer}
