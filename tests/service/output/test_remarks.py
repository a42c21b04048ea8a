"""What is doubtful in a translation, in words and in pieces of its text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.checks.fidelity import FLAGS, in_words
from models.doubts.confidence import is_doubtful
from service.output.remarks import doubted, further, notes, parts, queried, quoted, trust
from tests.outputs import stored

PLACES = st.lists(st.tuples(st.integers(-2, 40), st.integers(-2, 40)), max_size=6)


def said(text, *words, flags=(), confidence=None, **more):
    doubts = [{"start": text.index(w), "end": text.index(w) + len(w), "probability": 0.001} for w in words]
    return {"text": text, "flags": list(flags), "words": doubts, "confidence": confidence, **more}


@given(st.text(max_size=30), PLACES)
def test_the_pieces_are_the_text_whatever_is_doubted(text, places):
    one = {"text": text, "flags": [], "words": [{"start": a, "end": b, "probability": 0.1} for a, b in places]}
    assert "".join(words for words, _ in parts(one)) == text
    assert queried(one).replace("(?)", "") == text.replace("(?)", "")
    assert all(words in text for words in doubted(one))


def test_doubtful_words_side_by_side_are_one_piece():
    one = said("Nagon said: Solar hits rose.", "Nagon", "Solar", "hits")
    assert parts(one) == [("Nagon", True), (" said: ", False), ("Solar hits", True), (" rose.", False)]
    assert queried(one) == "Nagon(?) said: Solar(?) hits(?) rose."
    assert list(further(one)) == ["A second model gave little chance to “Nagon”, “Solar hits”."]
    assert list(further(one, marked=True)) == []


@pytest.mark.parametrize(
    ("sure", "words"),
    [(None, ""), (1.0, ""), (0.8, ""), (0.79, "There is some doubt (confidence 0.79)."), (0.49, "")],
)
def test_only_the_middle_needs_words_of_its_own(sure, words):
    assert trust(said("A text.", confidence=sure)) == words


def test_what_a_second_model_reads_is_told_with_its_flag():
    both = {"said": "34 injured", "instead": "34 killed"}
    told = in_words("contrast", said("34 injured.", contrast=both))
    assert told == "It says “34 injured”; a second model finds “34 killed” more probable."
    assert in_words("disputed", said("A.", other="B.")).endswith("The other reads: B.")
    assert in_words("unsure", said("A.", confidence=0.4)).endswith("Its confidence is 0.40.")
    for flag, words in FLAGS.items():
        assert in_words(flag, {"text": "A record of an earlier version."}) == words


def test_what_is_doubtful_has_a_reason_to_be_looked_at():
    assert not is_doubtful(said("A text.", confidence=0.9)) and not is_doubtful(said("A text.", flags=("split",)))
    reasons = [{"flags": ("numbers",)}, {"flags": ("loop",)}, {"confidence": 0.6}]
    assert all(is_doubtful(said("A text.", **reason)) for reason in reasons) and is_doubtful(said("A text.", "text"))
    assert not is_doubtful({"text": "A record of an earlier version.", "flags": []})


def test_a_brief_has_the_doubts_of_the_sentence_that_it_repeats():
    sentences = stored()[0]["translation"]["sentences"]
    exact = {"text": sentences[0]["text"], "sources": [0], "exact": True}
    assert doubted(quoted(exact, sentences)) == doubted(sentences[0]) != []
    assert doubted(quoted({**exact, "exact": False}, sentences)) == []
    assert [serious for _, serious in notes(sentences[0])] == [False] * 3
