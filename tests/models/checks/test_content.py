"""Which translations say next to nothing."""

from __future__ import annotations

import pytest

from models.checks.content import too_little
from models.checks.fidelity import check
from models.evaluation.planted import PUBLIC, lines
from models.text.normalize import normalize
from tests import tiny

SENTENCE = "أغلقت البلدية السوق القديمة بعد حريق كبير."


@pytest.mark.parametrize(
    "text", [".", "…", "?!", "Hello.", "It is.", "Market.", "Thank you.", "Market, market, market!"]
)
def test_next_to_nothing(text):
    assert too_little(normalize(SENTENCE), normalize(text))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (SENTENCE, "The town closed the old market after a large fire."),
        (SENTENCE, "Town closes market."),
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
    assert not too_little(normalize(source), normalize(text))


def test_our_own_articles_say_enough():
    assert [pair for pair in tiny.pairs() if too_little(*map(normalize, pair))] == []


@pytest.mark.parametrize("system", ["en", "google.en", "argos.en"])
def test_public_translations_say_enough(system):
    """Of FLORES dev; one of Google's breaks off after seven words, and is flagged `length` as well."""
    if not PUBLIC.is_dir():
        pytest.skip("../shared/eval is not here")
    pairs = zip(lines(PUBLIC / "flores-dev.ar"), lines(PUBLIC / f"flores-dev.{system}"), strict=True)
    found = [pair for pair in pairs if too_little(*map(normalize, pair))]
    assert [pair for pair in found if "length" not in check(*pair)] == []
