"""Words run together: where they part, what stays as it is, and what is said to be a guess."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.checks.fidelity import FLAGS, Finding, source_findings
from models.text import joined
from models.text.normalize import normalize
from tests import tiny
from tests.conftest import cases

LETTERS = st.text("ابتةىإأآءيوفلكمنهسدرعق", max_size=60)
WORDS = st.lists(
    st.sampled_from("الحكومة في إلى على إن أن وقال بإعلان المدينة لا هي من و ة ى إ شارع المهندسون".split()), max_size=12
)


@pytest.mark.parametrize(("text", "expected"), cases("joined"))
def test_words_part(text, expected):
    assert normalize(text) == expected
    assert list(source_findings(text)) == []


@pytest.mark.parametrize("text", cases("unjoined"))
def test_words_stay(text):
    assert joined.part(text).replace(", ", ",") == text
    assert joined.doubtful(text) == []


def test_what_is_a_guess_is_said():
    run = "قغضشثقغضشثصقغضشثقغصشضقثغ"
    assert list(source_findings(f"قال {run} أمس")) == [Finding("joined", run)]
    assert "joined" in FLAGS


@pytest.mark.parametrize("word", ["وبالاستراتيجياتهما", "والإلكترومغناطيسية", "والكهرومغناطيسيتين"])
def test_a_very_long_word_is_doubted_but_stays(word):
    assert normalize(word) == word
    assert Finding("joined", word) in list(source_findings(word))


def test_a_long_run_is_named_in_short():
    (found,) = source_findings("ضصثقفغعهخحج" * 200)
    assert found.flag == "joined" and len(found.detail) == 40


def test_our_own_articles_hold_no_words_run_together():
    for arabic, _ in tiny.pairs():
        assert joined.doubtful(normalize(arabic)) == []


@settings(max_examples=1000, deadline=None)
@given(st.one_of(LETTERS, WORDS.map("".join), WORDS.map(" ".join)))
def test_parting_only_puts_spaces_and_is_done_once(text):
    once = joined.part(text)
    assert once.replace(" ", "") == text.replace(" ", "")
    assert joined.part(once) == once


def test_words_of_the_list_are_known_with_their_prefixes():
    assert joined.known("مدينة") and joined.known("المدينة") and joined.known("بالمدينة")
    assert not joined.known("ةنيدملا") and not joined.known("قغضشثقغض")
