from hypothesis import given, settings
from hypothesis import strategies as st

from models.extractive import ExtractiveSummarizer
from models.types import Sentence, Translation

ARTICLE = [
    "The river flooded three villages in the north on Monday, the interior ministry said.",
    "The ministry said the flood in the northern villages forced 900 families out of their homes.",
    "The interior ministry said on Monday that the river flooded three villages in the north.",
    "Photo: agency.",
    "Bread prices did not change.",
    "Relief teams took tents and water to the villages that the river flooded.",
    "A football match was played in the capital.",
    "The families said they need blankets and clean water after the flood.",
    "The museum opens on Friday.",
]


def translations(texts, flags=None):
    flags = flags or {}
    return [Translation(Sentence(i, 0, 0, 0, "س"), text, -1.0, flags.get(i, ())) for i, text in enumerate(texts)]


def test_brief_is_in_order_with_exact_sources():
    brief = ExtractiveSummarizer().summarize(translations(ARTICLE), 3)
    sources = [sentence.sources[0] for sentence in brief]
    assert sources == sorted(sources) and len(sources) == 3
    assert all(sentence.exact and sentence.text == ARTICLE[sentence.sources[0]] for sentence in brief)


def test_brief_takes_the_story_and_leaves_the_rest():
    chosen = {s.sources[0] for s in ExtractiveSummarizer().summarize(translations(ARTICLE), 3)}
    assert 0 in chosen
    assert not chosen & {2, 3, 4, 6, 8}, "a repetition, a credit line, or what the story is not about"


def test_a_flagged_sentence_is_chosen_only_if_nothing_else_serves():
    flagged = ExtractiveSummarizer().summarize(translations(ARTICLE, {0: ("loop",)}), 3)
    assert 0 not in {s.sources[0] for s in flagged}
    alone = ExtractiveSummarizer().summarize(translations(ARTICLE[:1], {0: ("loop",)}), 3)
    assert [s.sources for s in alone] == [(0,)]


def test_a_doubtful_sentence_yields_to_one_as_good():
    texts = ["The river flooded three villages on Monday.", "The river flooded four villages on Monday."]
    assert ExtractiveSummarizer().rank(translations(texts))[0] == 0
    assert ExtractiveSummarizer().rank(translations(texts, {0: ("numbers", "added")}))[0] == 1


def test_a_very_long_article_is_ranked_by_its_first_thousand():
    many = translations([f"Sentence number {i} is about subject {i % 7} today." for i in range(20_000)])
    order = ExtractiveSummarizer().rank(many)
    assert sorted(order) == list(range(20_000)) and order[1000:] == list(range(1000, 20_000))


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
