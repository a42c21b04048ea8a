"""Names made one in an article: what is merged, and all that must not be."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.types import Change, Sentence, Translation
from models.wording.spellings import unify
from tests.conftest import cases, translations

translated = partial(translations, score=-0.5)


def unified(*pairs: tuple[str, str], fixed: tuple[str, ...] = ()) -> list[str]:
    found, _ = unify(translated(pairs), range(len(pairs)), fixed)
    return [one.text for one in found]


def test_the_most_frequent_spelling_is_everywhere_and_what_was_there_is_said():
    pairs = (
        ("وصل بلينكن إلى العاصمة", "Blinkin arrived in the capital"),
        ("وقال بلينكن إن المحادثات صعبة", "Blinken said talks were hard"),
        ("والتقى الوفد ببلينكن", "The delegation met Blinken’s aides"),
    )
    found, names = unify(translated(pairs), [None, 0, 1])
    said = ["Blinken arrived in the capital", "Blinken said talks were hard", "The delegation met Blinken’s aides"]
    assert [one.text for one in found] == said
    (name,) = names
    assert (name.arabic, name.english, name.sentences) == ("بلينكن", "Blinken", (None, 0, 1))
    assert name.changed == (Change(None, "Blinkin"),)


def test_of_as_frequent_spellings_the_first_is_taken():
    found = unified(("قال زيلينسكي", "Zelensky said"), ("أضاف زيلينسكي", "Zelenskyy added"))
    assert found == ["Zelensky said", "Zelensky added"]


def test_the_glossarys_words_win_and_are_never_changed():
    pairs = (
        ("قال زيلينسكي", "Zelensky said"),
        ("وعاد زيلينسكي", "Zelensky left"),
        ("رد زيلينسكي", "Zelenskyy replied"),
    )
    assert unified(*pairs, fixed=("Zelenskyy",)) == ["Zelenskyy said", "Zelenskyy left", "Zelenskyy replied"]


@pytest.mark.parametrize("pairs", cases("two-names"))
def test_what_may_be_two_names_is_left(pairs):
    assert unified(*pairs) == [english for _, english in pairs]


def test_a_prefix_is_one_only_where_the_word_is_seen_without_it():
    assert unified(("وكيلاني", "Kilani"), ("قال كيلاني", "Keylani said"))[1] in ("Kilani said", "Keylani said")
    _, names = unify(translated([("وبرلسكوني غاضب", "Berlusconi is angry")]), [0])
    assert [name.arabic for name in names] == ["وبرلسكوني"], "nothing says that its و is not its own"


def test_what_was_not_translated_is_left():
    one = Translation(Sentence(0, 0, 0, 6, "بلينكن"), "بلينكن", None, ("untranslated",))
    assert unify([one, *translated([("قال بلينكن", "Blinken said")])], [0, 1])[0][0] is one


ARABIC = "قال بلينكن وبلينكن زيلينسكي ستيفن هاربر غريفيث الفاشر كيلاني".split()
ENGLISH = "said Blinken Blinkin Blinkens Zelensky Zelenskyy Stephen Steven Harperr Griffeth al-Fasher Kilani".split()
PAIRS = st.tuples(st.lists(st.sampled_from(ARABIC), min_size=1), st.lists(st.sampled_from(ENGLISH), max_size=6))


@given(st.lists(PAIRS, min_size=1, max_size=6))
@settings(max_examples=200, deadline=None)
def test_twice_is_once_and_words_are_only_swapped_for_one_anothers(pairs):
    before = translated([(" ".join(a), " ".join(e)) for a, e in pairs])
    once, names = unify(before, range(len(before)))
    twice, _ = unify(once, range(len(before)))
    assert [one.text for one in twice] == [one.text for one in once]
    told = {(change.sentence, change.was) for name in names for change in name.changed}
    for old, new in zip(before, once, strict=True):
        for was, now in zip(old.text.split(), new.text.split(), strict=True):
            assert was == now or any(part == old.sentence.index and word in was for part, word in told)
