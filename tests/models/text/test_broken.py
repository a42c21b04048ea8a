"""Text that came broken out of a file is put right for the model, or said to be broken; offsets are the original's."""

from __future__ import annotations

import pytest

from models.checks import dialect
from models.checks.fidelity import Finding, source_findings, unsupported
from models.text.normalize import normalize
from models.text.segment import split_sentences
from tests.conftest import cases


@pytest.mark.parametrize(("text", "expected"), [*cases("put-right"), *cases("figures")])
def test_put_right(text, expected):
    assert normalize(text) == expected
    assert normalize(expected) == expected


@pytest.mark.parametrize(("text", "expected"), cases("reversed"))
def test_reversed_lines_are_turned_and_said_to_be(text, expected):
    assert normalize(text) == expected
    assert Finding("reversed") in list(source_findings(text))
    assert list(source_findings(expected)) == []


@pytest.mark.parametrize(
    "text", ["أولا وأخيرا مثلا", "كان الطريق طويلا جدا", "ة", "قال نعم لا كلا", "ةكم", "إلا قليلا"]
)
def test_lines_in_order_stay(text):
    assert normalize(text) == text
    assert list(source_findings(text)) == []


def test_signs_that_compose_are_not_turned_nor_said_to_be():
    text = "ةسردملا ىلإ é بالطلا"
    assert normalize(text) == text
    assert list(source_findings(text)) == []


def test_other_languages_are_still_told_apart():
    persian = "این قانون از روز شنبه برای همه اجرا می شود و گفت که باید"
    assert dialect.language(persian) == "Persian"
    assert Finding("language", "Persian") in list(source_findings(persian))
    assert dialect.language("قال پاول إن گوتنبرگ بعيدة") == ""


def test_a_word_cut_at_a_line_end_is_in_one_sentence():
    text = "أعلنت الوزارة أمس خطة للنقل في العا-\nصمة وضواحيها."
    (sentence,) = split_sentences(text)
    assert sentence.text == text == text[sentence.start : sentence.end]
    assert normalize(sentence.text) == "أعلنت الوزارة أمس خطة للنقل في العاصمة وضواحيها."


def test_sources_of_a_brief_are_not_glued_at_their_ends():
    """مئ and ة are one word where a line end cuts it, but not where two sources meet."""
    assert unsupported(["وصل إلى القرية مئ", "ة حافلة"], "100 buses came.") == (Finding("added", "100"),)
