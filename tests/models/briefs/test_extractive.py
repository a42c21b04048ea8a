import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.briefs.centrality import centrality, similarity
from models.briefs.extractive import ExtractiveSummarizer
from models.checks.fidelity import DOUBTFUL, SERIOUS
from models.evaluation import brief_sets
from models.text.segment import split_sentences
from models.text.terms import terms
from models.types import Document, Sentence, Translation
from tests import tiny
from tests.conftest import cases

ARTICLE = cases("flood")


def translations(texts, flags=None, english=None):
    flags = flags or {}
    english = english or texts
    return [Translation(Sentence(i, 0, 0, 0, text), english[i], -1.0, flags.get(i, ())) for i, text in enumerate(texts)]


def chosen(brief):
    return {sentence.sources[0] for sentence in brief}


def test_brief_is_in_order_with_exact_sources():
    brief = ExtractiveSummarizer().summarize(translations(ARTICLE), 3)
    sources = [sentence.sources[0] for sentence in brief]
    assert sources == sorted(sources) and len(sources) == 3
    assert all(sentence.exact and sentence.text == ARTICLE[sentence.sources[0]] for sentence in brief)


def test_brief_takes_the_story_and_leaves_the_rest():
    taken = chosen(ExtractiveSummarizer().summarize(translations(ARTICLE), 3))
    assert {0, 1} <= taken
    assert not taken & {2, 3, 4, 6, 8}, "a repetition, a credit line, or what the story is not about"


def test_the_arabic_is_ranked_not_its_translation():
    """A poor translation that says one thing everywhere must not change what is important."""
    article = next(brief_sets.own("tune"))
    arabic = [sentence.text for sentence in article.sentences]
    poor = ["The minister said the minister said it today again."] * len(arabic)
    summarizer = ExtractiveSummarizer()
    assert summarizer.rank(translations(arabic, english=poor)) == summarizer.rank(translations(arabic))


def test_text_without_a_source_is_ranked_itself():
    stand_ins = [Translation(Sentence(i, 0, 0, 0, ""), text) for i, text in enumerate(ARTICLE)]
    assert ExtractiveSummarizer().rank(stand_ins) == ExtractiveSummarizer().rank(translations(ARTICLE))


def test_news_that_comes_after_the_scene_is_found():
    article = next(a for a in brief_sets.own("tune") if a.form == "late")
    found = chosen(ExtractiveSummarizer().summarize(translations([s.text for s in article.sentences]), 3))
    assert found & frozenset().union(*(fact.sentences for fact in article.facts))


@pytest.mark.parametrize("flag", sorted(SERIOUS | DOUBTFUL))
def test_a_flagged_sentence_is_chosen_only_if_nothing_else_serves(flag):
    flagged = ExtractiveSummarizer().summarize(translations(ARTICLE, {0: (flag,), 1: (flag,)}), 3)
    assert not chosen(flagged) & {0, 1}
    alone = ExtractiveSummarizer().summarize(translations(ARTICLE[:1], {0: (flag,)}), 3)
    assert chosen(alone) == {0}


def test_a_doubtful_sentence_comes_before_a_serious_one():
    flags = {0: (min(SERIOUS),), 1: (min(DOUBTFUL),), 5: (min(SERIOUS),)}
    assert ExtractiveSummarizer().rank(translations([ARTICLE[i] for i in (0, 1)], flags)) == [1, 0]


def test_flags_that_only_tell_how_a_text_came_about_change_nothing():
    noted = {i: ("split",) for i in range(len(ARTICLE))}
    rank = ExtractiveSummarizer().rank
    assert rank(translations(ARTICLE, noted)) == rank(translations(ARTICLE))


def test_a_very_long_article_is_ranked_by_its_first_thousand():
    many = translations([f"Sentence number {i} is about subject {i % 7} today." for i in range(20_000)])
    order = ExtractiveSummarizer().rank(many)
    assert sorted(order) == list(range(20_000)) and order[1000:] == list(range(1000, 20_000))


@pytest.mark.slow
def test_two_thousand_sentences_take_well_under_a_second():
    pool = [s.text for half in brief_sets.HALVES for article in brief_sets.own(half) for s in article.sentences]
    dice = random.Random(1)
    words = [word for text in pool for word in text.split()]
    many = translations([" ".join(dice.choices(words, k=25)) for _ in range(2000)])
    begun = time.process_time()  # this thread's share: other programs may hold the processor
    ExtractiveSummarizer().summarize(many, 3)
    assert time.process_time() - begun < 0.9


def test_headline_is_short_where_it_can_be():
    long = "word " * 40 + "flood river villages north ministry"
    assert ExtractiveSummarizer().headline(translations([long, *ARTICLE])).text != long
    assert ExtractiveSummarizer().headline(translations([long])).text == long


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=12), st.integers(1, 10))
def test_any_text_gives_a_valid_brief(texts, limit):
    brief = ExtractiveSummarizer().summarize(translations(texts), limit)
    assert 1 <= len(brief) <= limit
    assert sorted(ExtractiveSummarizer().rank(translations(texts))) == list(range(len(texts)))


@pytest.mark.parametrize(("one", "other"), cases("word-forms"))
def test_forms_of_one_word_meet(one, other):
    assert terms(one) == terms(other)


@pytest.mark.parametrize("one, other", [("ولد", "لد"), ("بلد", "بلاد"), ("flood", "food")])
def test_other_words_stay_apart(one, other):
    assert terms(one) != terms(other)


def test_similarity_is_that_of_whole_vectors():
    """Words of one text alone have no column, yet lengthen its vector."""
    similar = similarity([["a", "b"], ["a", "c", "d"], ["a", "b"], []])
    assert similar[0, 2] == pytest.approx(1, abs=1e-6) and 0 < similar[0, 1] < 0.5
    assert similar.diagonal().tolist() == [1, 1, 1, 0] and (similar == similar.T).all()


def test_what_shares_most_is_most_central():
    rank = centrality(similarity([["a", "b"], ["a", "c"], ["b", "c"], ["a", "b", "c"], ["z"]]))
    assert rank.argmax() == 3 and rank.argmin() == 4 and rank.sum() == pytest.approx(1)


def many_articles(count):
    """Every article of the tests, and others mixed of their sentences, from one to forty of them."""
    texts = ["\n\n".join(a.text for a in article.sentences) for h in brief_sets.HALVES for article in brief_sets.own(h)]
    arabic = [path for path in sorted(tiny.ARTICLES.glob("*.txt")) if not path.name.endswith(".en.txt")]
    texts += [path.read_text(encoding="utf-8") for path in arabic]
    pool = [sentence.text for text in texts for sentence in split_sentences(text)]
    dice = random.Random(6)
    while len(texts) < count:
        drawn = dice.sample(pool, dice.randint(1, 40))
        texts.append(dice.choice([" ", "\n\n"]).join(drawn))
    return [Document(str(i), text, dice.choice([None, pool[i]])) for i, text in enumerate(texts[:count])]


@pytest.mark.slow
def test_not_one_brief_sentence_in_200_articles_lacks_valid_sources(pipeline):
    seen = 0
    for document in many_articles(200):
        brief = pipeline.start(document).brief()
        assert brief.sentences, document.id
        for sentence in brief.sentences:
            assert sentence.exact and len(sentence.sources) == 1
            (translation,) = (t for t in brief.translations if t.sentence.index == sentence.sources[0])
            assert translation.text == sentence.text
            source = translation.sentence
            assert document.text[source.start : source.end] == source.text
            seen += 1
    assert seen > 400
