"""The words of a text and their chances."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.doubts.words import NAME, WORD, Vocabulary, Word, doubtful, stem, unread, words_of


def test_words_have_the_chances_of_their_pieces_and_their_places():
    text = '"The army" struck Hodeidah.'
    pieces = ['▁"', "The", "▁army", '"', "▁struck", "▁Ho", "de", "idah", "."]
    words = words_of(text, pieces, [-1, -2, -3, -4, -5, -6, -7, -8, -9, -0.5])
    assert [(word.text, word.chance) for word in words] == [
        ("The", -3),
        ("army", -7),
        ("struck", -5),
        ("Hodeidah", -30),
    ]
    assert [text[word.start : word.end] for word in words] == ["The", "army", "struck", "Hodeidah"]


def test_what_the_model_can_never_write_counts_no_more_than_the_least():
    assert [word.chance for word in words_of("a b", ["▁a", "▁b"], [-1e4, -1, -1])] == [-30, -1]


def test_pieces_that_are_not_those_of_the_text_give_no_words():
    assert words_of("one two three", ["▁one", "▁two"], [-1, -1]) == []


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Z", "C"]), min_size=1)))
def test_every_word_is_where_it_says(tokens):
    text = " ".join(tokens)
    words = words_of(text, [f"▁{token}" for token in tokens], [-1.0] * len(tokens))
    assert all(text[word.start : word.end] == word.text for word in words)
    assert [word.start for word in words] == sorted(word.start for word in words)
    assert all(word.text in Vocabulary([text]) for word in words), "what two models wrote is not doubted"


def test_a_figure_with_a_mark_in_it_is_one_word():
    improbable = words_of("It is 8.25%, and 1,300.", "▁It ▁is ▁8.25%, ▁and ▁1,300.".split(), [-9.0] * 5)
    assert doubtful(improbable, Vocabulary(["Raised by 8.25% to 1,300"])) == ()
    assert len(doubtful(improbable, Vocabulary(["Raised by 8.52% to 1.300"]))) == 1


def test_a_word_is_doubted_if_improbable_and_in_no_form_in_the_models_own_translation():
    def word(text, chance):
        return Word(text, 0, len(text), chance)

    improbable = [word("attacked", WORD - 1), word("Huwara", NAME - 1), word("the", -20), word("sold", WORD + 1)]
    assert [found.end for found in doubtful(improbable, Vocabulary(["They sold it."]))] == [8, 6]
    assert doubtful(improbable, Vocabulary(["Those attacks on Huwara."])) == ()
    assert doubtful([word("x", -900)], Vocabulary([]))[0].probability == 0


def test_words_in_a_row_that_no_other_translation_has_were_put_in():
    text = "He resigned and fled across the northern border by night."
    words = [Word(found[0], *found.span(), -7.0) for found in re.finditer(r"\w+", text)]
    assert unread(words, Vocabulary(["He has resigned."])) == "fled across northern border night"
    assert unread(words, Vocabulary(["He resigned, and fled over the nothern border at night."])) is None
    assert unread([replace(word, chance=-1.0) for word in words], Vocabulary([])) is None
    assert unread([], Vocabulary([])) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [("killed", True), ("Arrests", True), ("won", True), ("winds", False), ("arrestees", False), ("banks", False)],
)
def test_one_grave_word_alone_is_told(text, told):
    assert unread([Word(text, 0, len(text), -7.9)], Vocabulary([])) == (text if told else None)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("attacks", "attacked", True), ("ministry", "ministries", True), ("killed", "injured", False), ("as", "a", False)],
)
def test_forms_of_a_word_have_one_stem(one, other, same):
    assert (stem(one) == stem(other)) is same
