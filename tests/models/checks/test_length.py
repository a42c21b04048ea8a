"""Which translations are too short or too long for their source."""

from __future__ import annotations

import pytest

from models.checks.fidelity import check
from tests import tiny

SENTENCE = "أغلقت البلدية السوق القديمة بعد حريق كبير."


@pytest.mark.parametrize(
    "text", [".", "…", "?!", "Hello.", "It is.", "Market.", "Thank you.", f"{'The market. ' * 12}"]
)
def test_next_to_nothing_or_far_too_much(text):
    assert "length" in check(SENTENCE, text)


@pytest.mark.parametrize("text", ["Town closes market.", "The old market was closed."])
def test_a_part_is_missing(text):
    assert "dropped" in check(SENTENCE, text)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (SENTENCE, "The town closed the old market after a large fire."),
        ("نعم.", "Yes."),
        ("لا.", "No."),
        ("مرحبا بكم", "Hello!"),
        ("وسيبلغونهم", "And they will inform them"),
        ("شكرا جزيلا لكم", "Thank you all"),
        ("شكرا جزيلا لكم", "Thank you"),
        ("شكرا جزيلا لكم جميعا", "Thank you"),
        ("أهلا وسهلا ومرحبا", "Hello"),
        ("...", "."),
        ("40 %", "40%"),
    ],
)
def test_enough(source, text):
    assert not {"length", "dropped"}.intersection(check(source, text))


def test_our_own_articles_say_enough():
    assert [pair for pair in tiny.pairs() if {"length", "dropped"}.intersection(check(*pair))] == []
