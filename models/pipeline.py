"""Document -> sentences -> translations -> brief, with the translation memory in between."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice

from models import code
from models.ahead import in_order
from models.briefs.material import first_lines, laid_out_notes, material, opened, opens_with_title
from models.checks.legible import illegible
from models.errors import InputError, NoArabicError
from models.layout.laid_out import laid_out
from models.speed import Speed
from models.text.segment import has_arabic, scripts, split_sentences
from models.translation.memory import Stream, Watcher
from models.types import (
    USUAL,
    Brief,
    BriefSentence,
    Document,
    Headline,
    Memory,
    Note,
    Sentence,
    Summarizer,
    Summary,
    Translation,
    Translator,
    Wish,
    Wording,
)
from models.wording.applied import Editor
from models.wording.glossary import Glossary

MAX_SENTENCES = 10  # of a brief


def brief_length(sentences: int, limit: int) -> int:
    """How many sentences a brief may have: `limit`, and a third of an article of three or more.

    One- and two-sentence texts are their own brief.
    """
    return min(limit, sentences if sentences < 3 else max(1, sentences // 3))


def require_arabic(text: str) -> None:
    """NoArabicError, naming the scripts found, unless there is something to translate."""
    if not text.strip():
        raise InputError("text", "is empty; give Arabic text")
    if not has_arabic(text):
        found = ", ".join(scripts(text)[:3]) or "no letters at all"
        raise NoArabicError("text", f"has no Arabic letters to translate (found: {found})")


_Made = tuple[Headline, tuple[BriefSentence, ...], tuple[Note, ...]]


class Pipeline:
    """Everything between a document and its brief. Safe to use from several threads."""

    def __init__(
        self,
        translator: Translator,
        summarizers: Mapping[str, Summarizer],
        memory: Memory | None = None,
        glossary: Glossary | None = None,
    ):
        self.translator = translator
        self.editor = Editor(translator, glossary or Glossary())
        self.summarizers = summarizers
        self.watcher: Watcher | None = None
        self.speed = Speed()
        self._memory = memory
        self._code = code.fingerprint("briefs", "layout", "pipeline.py")

    def translate(self, sentences: Iterable[Sentence]) -> Iterator[Translation]:
        """Translate lazily and in order; what the memory knows, and equal sentences, are not translated again."""
        for found in self.outcomes(sentences):
            if isinstance(found, Exception):
                raise found
            yield found

    def outcomes(self, sentences: Iterable[Sentence]) -> Generator[Translation | Exception, None, None]:
        """As `translate`, but that one sentence's failure is no other's: it stands in its place."""
        stream = Stream(self.translator, self._memory, self.watcher, self.speed)
        try:
            for sentence, future in in_order(sentences, stream.begin, self.translator.ahead):
                error = future.exception()
                if isinstance(error, Exception):
                    yield error
                    continue
                found = replace(future.result(), sentence=sentence)
                if self.watcher:
                    self.watcher.translated(found)
                yield found
        finally:
            stream.remember()

    def start(self, document: Document, wish: Wish = USUAL) -> Job:
        """Begin a brief. Raises InputError for a text that none can be made of or an unknown summarizer."""
        if problem := illegible(document.text):
            raise InputError("text", problem)
        require_arabic(document.text)
        return self.begin(document, wish)

    def begin(self, document: Document, wish: Wish = USUAL) -> Job:
        """As `start`, for a text of which a translation alone is asked: its sentences are flagged, and none is
        refused."""
        chosen, signature = self._chosen(wish.summarizer), self.signature(wish)
        return Job(self, document, chosen, wish, signature)

    def signature(self, wish: Wish) -> str:
        """Names everything that can change a brief. Raises InputError for an unknown summarizer."""
        made_by = f"summarizer:{self._chosen(wish.summarizer).signature}|briefs:{self._code}"
        return f"{self.text_signature}|{made_by}|sentences:{wish.sentences}|confidence:{wish.min_confidence:g}"

    @property
    def text_signature(self) -> str:
        """Names everything that can change the translation of an article; the memory, which keeps what the model
        wrote, goes by the translator's."""
        return f"{self.translator.signature}|{self.editor.signature}"

    def _chosen(self, name: str) -> Summarizer:
        if name not in self.summarizers:
            raise InputError("summarizer", f"{name!r} is unknown; choose {', '.join(self.summarizers)}")
        return self.summarizers[name]

    def translate_documents(self, documents: Sequence[Document]) -> Iterator[tuple[list[Translation], Wording]]:
        """The translations of each document, in order, all translated as one batch, and what was changed in them."""
        split = [split_sentences(document.text) for document in documents]
        results = self.translate(chain.from_iterable(split))
        for document, sentences in zip(documents, split, strict=True):
            article, layout = self.editor.article(), laid_out(document.text, sentences)
            found = [layout.marked(article.apply(t)) for t in islice(results, len(sentences))]
            _, body, wording = article.finish([], found)
            yield body, wording


class Job:
    """One document on its way: iterate for its translations as they come, then ask for the brief, or `finish`.

    What comes has the glossary's terms; names are made one by `finish`, which sees the whole article.
    `wanted` are the sentences to translate (the title's first); `take` gives it their translations from elsewhere.
    `timing` holds milliseconds by step, complete once `brief` has returned.
    """

    def __init__(self, pipeline: Pipeline, document: Document, summarizer: Summarizer, wish: Wish, signature: str):
        started = time.perf_counter()
        self.document = document
        self.sentences = split_sentences(document.text)
        self.timing = {"segment_ms": _since(started), "translate_ms": 0.0, "summarize_ms": 0.0}
        self._title = split_sentences(document.title or "")
        self.wanted = [*self._title, *self.sentences]
        self._stream = pipeline.translate(self.wanted)
        self._summarizer = summarizer
        self._layout = laid_out(document.text, self.sentences)
        self._wish = wish
        self._signature = signature
        self._done: list[Translation] = []
        self._article = pipeline.editor.article()

    def take(self, translations: Iterable[Translation]) -> None:
        """Use these translations of `wanted`, in order, and ask the pipeline for none."""
        self._stream = iter(translations)

    def __iter__(self) -> Iterator[Translation]:
        """The translations of the text (not of the title), in order."""
        while True:
            started = time.perf_counter()
            translation = next(self._stream, None)
            self.timing["translate_ms"] += _since(started)
            if translation is None:
                return
            is_title = len(self._done) < len(self._title)
            translation = self._article.apply(translation, is_title)
            self._done.append(translation if is_title else self._layout.marked(translation))
            if not is_title:
                yield self._done[-1]

    def finish(self) -> tuple[list[Translation], list[Translation], Wording]:
        """The translations of the title and of the text, all there and names made one; and what was changed."""
        for _ in self:
            pass
        return self._article.finish(self._done[: len(self._title)], self._done[len(self._title) :])

    def brief(self) -> Brief:
        """Translate what is left, summarize, and say what made it."""
        title, body, wording = self.finish()
        started = time.perf_counter()
        statements = [t for t in body if t.sentence.index in self._layout.statements]
        make = self._list if self._layout.listed else self._summary
        headline, sentences, notes = make(title, statements)
        notes = (*laid_out_notes(self._layout, body), *notes)
        self.timing["summarize_ms"] = _since(started)
        self.timing = {step: round(value, 1) for step, value in self.timing.items()}
        name, signature = self._summarizer.name, self._signature
        return Brief(self.document.id, headline, sentences, tuple(body), name, signature, notes, wording, self.timing)

    def _summary(self, title: list[Translation], body: list[Translation]) -> _Made:
        """A brief of an article."""
        heading = not title and opens_with_title(body)
        limit = brief_length(len(body) - heading, self._wish.sentences)
        headline, statements, notes = material(self.document, title, body, limit, self._wish.min_confidence)
        made = self._summarizer.summarize(statements, limit)
        summary = made if isinstance(made, Summary) else Summary(made)
        return headline, opened(summary.sentences, body), (*notes, *summary.notes)

    def _list(self, title: list[Translation], body: list[Translation]) -> _Made:
        """The first lines of a list, which no summarizer is to make one story of."""
        return first_lines(self.document, title, body, self._wish.sentences, self._wish.min_confidence)


def joined(translations: Sequence[Translation]) -> str:
    """The whole translation: sentences joined by spaces, paragraphs by blank lines."""
    paragraphs: dict[int, list[str]] = {}
    for translation in translations:
        paragraphs.setdefault(translation.sentence.paragraph, []).append(translation.text)
    return "\n\n".join(" ".join(texts) for texts in paragraphs.values())


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
