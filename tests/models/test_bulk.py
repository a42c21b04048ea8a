import random
from itertools import islice

import pytest

from models import bulk
from models.pipeline import Pipeline
from models.types import Brief, Document, Wish
from tests import tiny
from tests.conftest import Counting, article
from tests.tiny import SUMMARIZERS


@pytest.fixture(scope="module")
def documents():
    """30 short articles, some of whose sentences come in several of them."""
    known = [arabic for arabic, _ in tiny.trained_pairs()]
    rng = random.Random(3)
    return [Document(str(i), "\n\n".join(rng.sample(known, 4)), title=known[i % 5]) for i in range(30)]


def shape(brief):
    """A brief without what may differ from batch to batch: its English, and the flags and choices that hang on it."""
    return brief.document_id, brief.headline.source, [t.sentence for t in brief.translations], brief.signature


@pytest.mark.parametrize("ahead", [1, 7, 512])
def test_each_brief_has_the_sentences_that_the_article_alone_gives(translator, documents, ahead):
    pipeline = Pipeline(Counting(translator, ahead), SUMMARIZERS)
    found = list(bulk.briefs(pipeline, iter(documents)))
    assert [document for document, _ in found] == documents
    alone = [pipeline.start(document).brief() for document in documents]
    assert [shape(brief) for _, brief in found] == [shape(brief) for brief in alone]
    assert all(t.text.strip() for _, brief in found for t in brief.translations)


@pytest.mark.parametrize("remembers", [True, False])
@pytest.mark.parametrize("ahead", [5, 40, 512])
def test_equal_sentences_are_translated_once(translator, documents, store, ahead, remembers):
    counting = Counting(translator, ahead)
    assert list(bulk.briefs(Pipeline(counting, SUMMARIZERS, store if remembers else None), documents))
    wanted = {arabic for arabic, _ in tiny.trained_pairs()}
    assert len(counting.asked) == len(set(counting.asked)) and set(counting.asked) <= wanted, counting.asked


@pytest.mark.parametrize("ahead", [1, 7, 512])
def test_a_failing_article_fails_alone_and_in_its_place(translator, documents, ahead):
    bad = Document("bad", "وصلت القافلة إلى المدينة.")
    latin = Document("latin", "Nothing to translate.")
    mixed = [latin, *documents[:3], bad, latin, *documents[3:6], latin]
    found = list(bulk.briefs(Pipeline(Counting(translator, ahead, "القافلة إلى"), SUMMARIZERS), mixed))
    assert [document.id for document, _ in found] == [document.id for document in mixed]
    told = {document.id: str(brief) for document, brief in found if not isinstance(brief, Brief)}
    assert set(told) == {"bad", "latin"} and told["bad"] == "out of memory" and "Latin" in told["latin"]


@pytest.mark.parametrize("poison", [None, "القافلة إلى"])
def test_each_sentence_is_told_as_it_comes(translator, documents, poison):
    bad = Document("bad", "وصلت القافلة إلى المدينة.\n\nخبر قصير.")
    told = []
    pipeline = Pipeline(Counting(translator, 10, poison), SUMMARIZERS)
    given = [*documents[:3], bad, *documents[3:6]]
    found = list(bulk.briefs(pipeline, given, tell=lambda document, t: told.append((document.id, t.sentence))))
    sound = [
        (document.id, t.sentence) for document, brief in found if isinstance(brief, Brief) for t in brief.translations
    ]
    first = list(dict.fromkeys(told))  # what shared a batch with what failed is told twice
    assert [one for one in first if one[0] != "bad" or not poison] == sound


@pytest.mark.parametrize("known", [True, False], ids=["known", "new"])
def test_no_more_is_read_than_is_needed_and_an_article_comes_once_it_is_done(translator, documents, store, known):
    """Whether the model or the memory answers: when an article comes, `ahead` sentences more are read, and the rest of
    the article that the last of them is in."""
    ahead, pipeline = 10, Pipeline(Counting(translator, 10), SUMMARIZERS, store)
    if known:
        assert list(bulk.briefs(pipeline, documents))
    read, given = 0, 0

    def endless():
        nonlocal read
        for i in range(10_000):
            document = documents[i % len(documents)]
            read += len(pipeline.start(document).wanted)
            yield document

    outcomes = bulk.briefs(pipeline, endless())
    for document, brief in islice(outcomes, 30):
        assert isinstance(brief, Brief)
        given += len(pipeline.start(document).wanted)
        assert read - given <= ahead + 5
    outcomes.close()


def test_the_engine_is_kept_from_waiting(translator, documents):
    """Later sentences are handed to the engine before an earlier article has been asked for."""
    counting = Counting(translator, 10)
    outcomes = bulk.briefs(Pipeline(counting, SUMMARIZERS), documents)
    _, first = next(outcomes)
    outcomes.close()
    assert len(counting.asked) > len(first.translations) + 1


def test_a_real_article_with_its_title(pipeline):
    title, body = article("05")
    wish = Wish(sentences=2)
    ((_, brief),) = bulk.briefs(pipeline, [Document("5", body, title)], wish)
    assert brief == pipeline.start(Document("5", body, title), wish).brief()
