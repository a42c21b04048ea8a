import random

import pytest

from models import bulk
from models.pipeline import Pipeline
from models.types import Brief, Document
from tests import tiny
from tests.conftest import article
from tests.tiny import SUMMARIZERS


@pytest.fixture(scope="module")
def documents():
    """30 short articles, some of whose sentences come in several of them."""
    known = [arabic for arabic, _ in tiny.trained_pairs()]
    rng = random.Random(3)
    return [Document(str(i), "\n\n".join(rng.sample(known, 4)), title=known[i % 5]) for i in range(30)]


class Counting:
    """The real translator, and what it was asked; it fails for a sentence that has `poison`."""

    def __init__(self, translator, poison=None):
        self.info, self.signature = translator.info, translator.signature
        self._translator, self._poison = translator, poison
        self.asked = []

    def translate(self, sentences):
        sentences = list(sentences)
        self.asked += [sentence.text for sentence in sentences]
        if self._poison and any(self._poison in sentence.text for sentence in sentences):
            raise RuntimeError("out of memory")
        return self._translator.translate(sentences)


def flat(outcomes):
    return [outcome for window in outcomes for outcome in window]


def shape(brief):
    """A brief without what may differ from batch to batch: its English, and the flags and choices that hang on it."""
    return brief.document_id, brief.headline.source, [t.sentence for t in brief.translations], brief.signature


@pytest.mark.parametrize("window", [1, 7, 512])
def test_each_brief_has_the_sentences_that_the_article_alone_gives(translator, documents, window, monkeypatch):
    monkeypatch.setattr(bulk, "WINDOW", window)
    pipeline = Pipeline(translator, SUMMARIZERS)
    found = flat(bulk.briefs(pipeline, iter(documents)))
    assert [document for document, _ in found] == documents
    alone = [pipeline.start(document).brief() for document in documents]
    assert [shape(brief) for _, brief in found] == [shape(brief) for brief in alone]
    assert all(t.text.strip() for _, brief in found for t in brief.translations)


@pytest.mark.parametrize("window", [5, 40, 512])
def test_equal_sentences_are_translated_once(translator, documents, store, window, monkeypatch):
    monkeypatch.setattr(bulk, "WINDOW", window)
    counting = Counting(translator)
    flat(bulk.briefs(Pipeline(counting, SUMMARIZERS, store), documents))
    wanted = {arabic for arabic, _ in tiny.trained_pairs()}
    assert len(counting.asked) == len(set(counting.asked)) and set(counting.asked) <= wanted, counting.asked


def test_a_failing_article_fails_alone_and_in_its_place(translator, documents):
    bad = Document("bad", "وصلت القافلة إلى المدينة.")
    latin = Document("latin", "Nothing to translate.")
    mixed = [*documents[:3], bad, latin, *documents[3:6]]
    found = flat(bulk.briefs(Pipeline(Counting(translator, "القافلة إلى"), SUMMARIZERS), mixed))
    assert [document.id for document, _ in found] == [document.id for document in mixed]
    told = {document.id: str(brief) for document, brief in found if not isinstance(brief, Brief)}
    assert set(told) == {"bad", "latin"} and told["bad"] == "out of memory" and "Latin" in told["latin"]


def test_no_more_is_read_than_is_needed(translator, documents, monkeypatch):
    monkeypatch.setattr(bulk, "WINDOW", 10)
    read = []

    def endless():
        for i in range(10_000):
            read.append(i)
            yield Document(str(i), documents[i % len(documents)].text)

    outcomes = bulk.briefs(Pipeline(translator, SUMMARIZERS), endless())
    next(outcomes)
    assert len(read) < 30
    outcomes.close()


def test_the_engine_is_kept_from_waiting(translator, documents, monkeypatch):
    """A later window is handed to the engine before an earlier one has been asked for."""
    monkeypatch.setattr(bulk, "WINDOW", 10)
    counting = Counting(translator)
    outcomes = bulk.briefs(Pipeline(counting, SUMMARIZERS), documents)
    first = next(outcomes)
    outcomes.close()
    assert len(counting.asked) > sum(len(brief.translations) + 1 for _, brief in first)


def test_a_real_article_with_its_title(pipeline):
    title, body = article("05")
    ((_, brief),) = flat(bulk.briefs(pipeline, [Document("5", body, title)], limit=2))
    assert brief == pipeline.start(Document("5", body, title), limit=2).brief()
