"""The opposites of a text, and whether a real model likes them better where the text is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.doubts.confidence import LEVELS, confidence, level
from models.doubts.contrast import _changes, _pairs, opposites
from models.doubts.judge import Claim, Judge
from models.doubts.words import Word
from models.engines.registry import DEFAULT_CACHE
from models.translation.loader import load_translator


@pytest.fixture(scope="module")
def judge():
    return Judge(load_translator("embedded-fast", effort="quick", threads=1, cache=DEFAULT_CACHE))


def whole(text):
    return [text[:start] + instead + text[end:] for start, end, instead in _changes(text)]


@pytest.mark.parametrize(
    ("text", "opposite"),
    [
        ("Prices rose in May.", "Prices fell in May."),
        ("Rose prices.", "Fell prices."),
        ("He did not go.", "He did go."),
        ("They can't go.", "They can go."),
        ("They won't go.", "They will go."),
        ("They carried it.", "They did not carry it."),
        ("They used it.", "They did not use it."),
        ("It was closed.", "It was not closed."),
        ("Tehran accused Washington of it.", "Washington accused Tehran of it."),
        ("The mayor beat the young rival by far.", "The young rival beat the mayor by far."),
        ("The law was drafted by a judge.", "The law drafted a judge."),
        ("The mine has killed a boy.", "The mine has been killed by a boy."),
        ("Rules affected the town.", "Rules were affected by the town."),
        ("The fleet led an admiral.", "The fleet was led by an admiral."),
    ],
)
def test_what_is_turned_round(text, opposite):
    assert opposite in whole(text)


def test_what_is_denied_twice_is_not_turned_round_by_half():
    words = [Word("x", i, i + 1, -9.0) for i in range(40)]
    for text, kept in (("It is not uncommon.", "not uncommon"), ("He isn't unlike them.", "n't unlike")):
        assert all(kept in one.text for one in opposites(text, words)), text
    assert "It is illegal." not in [one.text for one in opposites("It is not illegal.", words)]
    assert {"It is legal.", "It is not illegal."} <= {one.text for one in opposites("It is not legal.", words)}


def test_days_and_first_words_are_no_names_to_exchange():
    assert not [one for one in whole("However, Amman waited until Monday.") if "Monday waited" in one]
    assert not [one for one in whole("In Iran. He left.") if one.startswith("He")]


@given(st.text(st.sampled_from("The army Rose fell by was not Ali. Omar's\n"), max_size=60))
def test_an_opposite_is_always_another_text_and_shows_what_differs(text):
    words = [Word("x", i, i + 1, -5.0) for i in range(len(text))]
    for one in opposites(text, words):
        assert one.text != text and one.said in text and one.instead in one.text and one.said != one.instead


def test_an_exchange_that_two_rules_make_is_asked_once():
    text = "Washington accused Tehran."
    words = [Word(word, text.index(word), text.index(word) + len(word), -5.0) for word in text.rstrip(".").split()]
    made = [one.text for one in opposites(text, words)]
    assert made.count("Tehran accused Washington.") == 1 and len(whole(text)) > len(made)


def test_what_the_model_is_sure_of_is_not_asked_again():
    text = "Prices rose in May."
    sure = [Word(word, text.index(word), text.index(word) + len(word), -0.1) for word in text.rstrip(".").split()]
    assert list(opposites(text, sure)) == []


def test_what_another_translation_clearly_agrees_with_is_not_asked_again():
    text, opposite = "Seven workers were killed there.", "Seven workers were injured there."

    def admits(*readings):
        return Claim("", text, -0.3, "", readings).admits(opposite)

    assert admits() and admits(opposite) and admits("Seven workers were hurt there.") and admits(text, opposite)
    assert not admits(text) and not admits("Seven workers were killed in the blast.")


def test_every_line_of_the_list_has_two_sides_and_no_word_is_its_own_opposite():
    assert all(word not in others for word, others in _pairs().items())


@pytest.mark.parametrize(
    ("arabic", "wrong", "right"),
    [
        ("انخفضت أسعار الخبز في المدينة.", "Bread prices rose in the city.", "Bread prices fell in the city."),
        ("أصيب سبعة عمال.", "Seven workers were killed.", "Seven workers were injured."),
        ("اتهمت باريس روما بذلك.", "Rome accused Paris of it.", "Paris accused Rome of it."),
        ("لم يوافق البرلمان على القانون.", "Parliament did approve the law.", "Parliament did not approve the law."),
        ("غادروا قبل الاجتماع.", "They left after the meeting.", "They left before the meeting."),
    ],
)  # fmt: skip
def test_a_real_model_likes_the_opposite_of_a_wrong_text_and_not_of_a_right_one(judge, arabic, wrong, right):
    found = [judge.begin(Claim(arabic, text, -0.3, "", [right])).result() for text in (wrong, right)]
    assert found[0].contrast and found[0].contrast.said in wrong and found[0].contrast.instead in right
    assert found[1].contrast is None
    assert found[0].confidence < found[1].confidence


def test_what_is_too_long_or_empty_is_not_judged(judge):
    long = "كلمة " * 2000
    assert judge.begin(Claim(long, "word " * 2000, -0.3, "", [])).result().confidence is None
    assert judge.begin(Claim("نعم.", "", -0.3, "", [])).result().confidence is None


def test_confidence_falls_with_either_models_probability():
    assert (
        confidence("mujaz-ar-en", -10, -0.2)
        > confidence("mujaz-ar-en", -60, -0.2)
        > confidence("mujaz-ar-en", -60, -0.9)
    )
    assert confidence("another", -10, -0.2) == confidence("another", -10, -3.0), (
        "another model's scores are not compared"
    )
    assert 0 <= confidence("another", -1e6, 0) <= confidence("another", 0, 0) <= 1
    assert [level(value) for value in (1.0, 0.8, 0.79, 0.5, 0.0)] == ["high", "high", "middle", "middle", "low"]
    assert list(LEVELS) == ["high", "middle", "low"]
