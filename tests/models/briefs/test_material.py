"""What may stand in a brief, and what may open it, by how far the translations are to be trusted."""

import pytest

from models.briefs.extractive import ExtractiveSummarizer
from models.briefs.material import material, opened
from models.types import BriefSentence, Document, Judged, Sentence, Translation
from tests.models.briefs.test_extractive import ARTICLE, chosen


def judged(confidences, flags=None):
    """The sentences of ARTICLE with these confidences."""
    return [
        Translation(Sentence(i, 0, 0, 0, text), text, -0.5, (flags or {}).get(i, ()), Judged(confidences.get(i)))
        for i, text in enumerate(ARTICLE)
    ]


def sure(but=None):
    return {**dict.fromkeys(range(len(ARTICLE)), 0.8), **(but or {})}


def material_of(body, least, limit=3):
    headline, statements, notes = material(Document("d", ""), [], body, limit, least)
    return headline.source, [t.sentence.index for t in statements], notes


def test_content_and_confidence_decide_together():
    brief = lambda but: chosen(ExtractiveSummarizer().summarize(judged(sure(but)), 1))  # noqa: E731
    assert brief({}) == {0} and brief({0: 0.75}) == {0}, "a little less sure is still the news"
    assert not brief({0: 0.1}) & {0}, "far less sure is not"
    plain = [t.sentence.index for t in judged({})]
    assert ExtractiveSummarizer().rank(judged({})) == ExtractiveSummarizer().rank(judged(sure())), plain
    assert brief({0: None}) == {0}, "what was never judged is like the others"


def test_what_is_less_sure_than_asked_stays_out_and_the_brief_says_how_much():
    _, kept, notes = material_of(judged(sure({0: 0.4, 5: None})), 0.5)
    assert kept == [1, 2, 3, 4, 6, 7, 8]
    assert [(note.kind, note.reason) for note in notes] == [("doubted", "2 of 9 have a confidence below 0.5, or none")]
    assert material_of(judged(sure()), 0.8)[1:] == (list(range(9)), ())
    assert material_of(judged({}), 0)[1:] == (list(range(9)), ()), "nothing is asked"


def test_the_headline_is_as_sure_as_asked():
    assert material_of(judged(sure()), 0.5)[0] == ARTICLE[0]
    assert material_of(judged(sure({0: 0.4})), 0.5)[0] != ARTICLE[0]


def test_where_none_is_sure_enough_the_surest_are_taken_with_a_note():
    _, kept, (note,) = material_of(judged(sure({7: 0.9, 1: 0.85})), 0.95, limit=2)
    assert kept == [1, 7] and note.kind == "unsure"
    assert note.reason == "none has a confidence of 0.95; the best 2 of 9 were taken"
    _, kept, (note,) = material_of(judged({}), 0.5)
    assert kept == [0, 1, 2] and note.reason == "no confidence was measured; the first 3 of 9 were taken"


@pytest.mark.parametrize("flag", ["contrast", "negation"])
def test_what_may_say_the_opposite_never_opens_a_brief(flag):
    body = judged(sure(), {0: (flag,)})
    assert 0 not in chosen(ExtractiveSummarizer().summarize(body, 3))
    doubtful = judged(sure(), {0: (flag,), **dict.fromkeys(range(1, 9), ("names",))})
    assert 0 not in chosen(ExtractiveSummarizer().summarize(doubtful, 3)), "other doubts go before"
    assert ExtractiveSummarizer().headline(doubtful).sentence.index != 0
    whole = opened(tuple(BriefSentence(t.text, (t.sentence.index,), exact=True) for t in body[:3]), body)
    assert [sentence.sources for sentence in whole] == [(1,), (0,), (2,)], "the rest keeps its order"
    assert len(opened(whole[2:], body)) == 1, "alone it stays"


def test_sources_of_a_written_sentence_count_too():
    body = judged(sure(), {1: ("contrast",)})
    written = [BriefSentence("A.", (1, 2), exact=False), BriefSentence("B.", (3,), exact=False)]
    assert [sentence.text for sentence in opened(written, body)] == ["B.", "A."]
