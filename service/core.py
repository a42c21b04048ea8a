"""What the API, the pages and the batch script share: settings, store, and a pipeline once it is loaded."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from flask import current_app

from models.briefs.chat_server import ChatServer
from models.briefs.summarizers import Offer, chat, extractive, seq2seq, usable
from models.doubts.pairs import Checker, Pair
from models.errors import InputError, ModelError, MujazError, NotReady, SettingError
from models.pipeline import MAX_SENTENCES, Job, Pipeline
from models.text.segment import split_sentences
from models.translation.memory import Watcher
from models.types import Brief, Document, ModelInfo, Weigh, Wish
from models.wording.glossary import load as load_glossary
from service.config import Settings
from service.load import Load
from service.records import brief_record, check_record, model_record, translation_record
from service.store.bin import Bin
from service.store.briefs import Store
from service.store.database import DATABASE

log = logging.getLogger("mujaz")


def offers(settings: Settings, weigh: Weigh | None = None) -> tuple[Offer, ...]:
    """Every summarizer, the default first; what the settings do not allow says why. Loads nothing.

    `weigh` judges what those that write have written."""
    model = seq2seq(settings.seq2seq, settings.cache, settings.compute_type, settings.workers, weigh)
    server = ChatServer(
        settings.chat_url, settings.chat_model, settings.chat_key, settings.chat_timeout, settings.chat_retries
    )
    return (extractive(), model, chat(server, settings.chat_words, weigh))


def load_pipeline(settings: Settings, store: Store | None) -> Pipeline:
    """Load the model and the glossary that the settings name. Raises ModelError, SettingError or InputError."""
    from models.doubts.opinion import TwoOpinions, with_second
    from models.engines.ctranslate import heap
    from models.translation.loader import load_translator

    glossary = load_glossary(settings.glossary)
    how = {name: getattr(settings, name) for name in ("compute_type", "batch_pieces", "cache")}
    own: dict[str, Any] = {"backend": settings.backend, "beam": settings.beam or None, "effort": settings.effort}
    first = load_translator(settings.model, threads=settings.workers, **own, **how)
    try:
        translator = with_second(first, settings.second_model, **how)
    except ModelError as error:
        raise SettingError(f"MUJAZ_SECOND: {error}; or auto, or none") from error
    heap("malloc_trim", 0)  # back to the system: of 150 MB that reading a tokenizer takes, 80 are free again
    weigh = translator.weigh if isinstance(translator, TwoOpinions) else None
    return Pipeline(translator, usable(offers(settings, weigh)), store, glossary)


class Core:
    """The service behind its endpoints. The model is loaded by a thread, so that health can be asked meanwhile."""

    def __init__(self, settings: Settings, pipeline: Pipeline | None = None) -> None:
        self.settings = settings
        self.store = Store(settings.data / DATABASE)
        self.bin = Bin(self.store)
        self.summarizers = offers(settings)
        self.max_sentences = MAX_SENTENCES
        self.load = Load(settings.places, settings.time_limit)
        self._pipeline = pipeline
        self._watcher: Watcher | None = None
        self._failure: Exception | None = None
        self._loading = threading.Thread(target=self._load, name="load-model")
        if pipeline is None:
            self._loading.start()

    def _load(self) -> None:
        try:
            self._pipeline = load_pipeline(self.settings, self.store)
            self._pipeline.watcher = self._watcher
        except Exception as error:  # kept, and told to everyone who asks
            log.error("the model could not be loaded", exc_info=not isinstance(error, MujazError))
            self._failure = error

    def watch(self, watcher: Watcher) -> None:
        """Tell `watcher` of every sentence from now on."""
        self._watcher = watcher
        if self._pipeline:
            self._pipeline.watcher = watcher

    def wait(self) -> Pipeline:
        """The pipeline, after the model has been loaded; raises what stopped it."""
        if self._loading.ident is not None:
            self._loading.join()
        return self.pipeline

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline; NotReady while the model is being loaded or if it could not be."""
        if self._pipeline is None:
            raise NotReady(f"the model cannot be used: {self.state()}")
        return self._pipeline

    def state(self) -> str:
        """ready, loading, draining (nothing new is begun: the server is being stopped), or failed and why."""
        if self.load.draining.is_set():
            return "draining"
        if self._pipeline is not None:
            return "ready"
        if self._failure is None:
            return "loading"
        told = self._failure if isinstance(self._failure, MujazError) else type(self._failure).__name__
        return f"failed: {told}"

    @property
    def model_info(self) -> ModelInfo | None:
        """The loaded model, or None."""
        return self._pipeline.translator.info if self._pipeline else None

    def start(self, text: str, title: str | None, url: str | None, wish: Wish) -> Job:
        """Begin a brief that is yet to be stored. Raises InputError (whose field is the API's) or NotReady."""
        self.check(wish)
        document = Document(uuid.uuid4().hex, text, (title or "").strip() or None, url or None)
        return self.pipeline.start(document, wish)

    def check(self, wish: Wish) -> None:
        """Raises InputError for a summarizer that cannot be used here, or NotReady."""
        choices = self.pipeline.summarizers
        reason = next((offer.reason for offer in self.summarizers if offer.name == wish.summarizer), None)
        if wish.summarizer not in choices and reason:
            raise InputError("summarizer", f"{wish.summarizer} cannot be used: {reason}; choose {', '.join(choices)}")

    def record(self, document: Document, brief: Brief) -> dict:
        """The API's answer for a brief."""
        return {**brief_record(document, brief, self.pipeline.translator.info), "timing": brief.timing}

    def finish(self, job: Job) -> dict:
        """Complete and store a brief; returns its record."""
        record = self.record(job.document, job.brief())
        self.store.add(record, job.document.text)
        return record

    def checks(self, pairs: list[Pair]) -> list[dict]:
        """What is to be doubted in each of some translations, whoever made them."""
        return [check_record(found) for found in Checker(self.pipeline.translator).check(pairs)]

    def translations(self, texts: list[str]) -> Iterator[dict]:
        """A translation object for each text, in order, all done as one batch."""
        pipeline = self.pipeline
        documents = [Document(str(i), text) for i, text in enumerate(texts)]
        info, signature = model_record(pipeline.translator.info), pipeline.text_signature
        for translations, wording in pipeline.translate_documents(documents):
            yield {**translation_record(translations, wording), "model": info, "signature": signature}

    def readings(self, texts: list[str], count: int) -> list[list[list[str]]]:
        """What each sentence of each text could be read as: `count`, the likeliest first, and the second model's."""
        split = [split_sentences(text) for text in texts]
        found = iter(self.pipeline.translator.readings(list(chain(*split)), count))
        articles = [(self.pipeline.editor.article(), list(islice(found, len(sentences)))) for sentences in split]
        return [[[article.apply(one).text for one in each] for each in all_of] for article, all_of in articles]


def current() -> Core:
    """The core of the app that answers a request."""
    return current_app.extensions["mujaz"]
