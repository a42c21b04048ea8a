"""How a text is laid out, and that nothing of it is lost whatever it looks like."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.layout.laid_out import laid_out, parted
from models.text.segment import split_sentences
from tests.conftest import cases

CASES = cases("layouts")


@pytest.mark.parametrize("case", CASES, ids=[case["note"] for case in CASES])
def test_layouts(case):
    found = laid_out(case["text"], split_sentences(case["text"]))
    told = {"apart": sorted(found.apart), "articles": list(found.articles), "listed": found.listed}
    assert told == {name: case[name] for name in told}
    assert "statements" not in case or sorted(found.statements) == case["statements"]
    assert len(parted(case["text"])) == len(case["articles"])


PIECES = [piece for case in CASES for piece in case["text"].split("\n") if piece]


@settings(max_examples=50)
@given(st.lists(st.sampled_from([*PIECES, "", "...", "1", "نص"]), max_size=12).map("\n".join))
def test_nothing_is_lost(text):
    sentences = split_sentences(text)
    found = laid_out(text, sentences)
    every = set(range(len(sentences)))
    assert found.statements <= every - found.apart and bool(found.statements) == bool(every)
    assert found.articles == tuple(sorted(set(found.articles))) and set(found.articles[1:]) <= every - found.apart
    parts = parted(text)
    assert len(parts) == max(1, len(found.articles))
    assert _letters("".join(parts)) == _letters(text)


def _letters(text):
    return [character for character in text if character.isalnum()]
