"""What was judged of a text's words, once some of them are others: by a glossary, by one spelling for a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.types import Contrast, Doubt, Judged, Sentence, Translation
from models.wording.applied import rechecked
from models.wording.carried import carried


def doubted(text, *words):
    """The doubts of these words of a text, where they first stand."""
    return tuple(Doubt(text.index(word), text.index(word) + len(word), 0.001) for word in words)


def told(doubts, text):
    return [text[doubt.start : doubt.end] for doubt in doubts]


@given(st.data())
def test_a_doubt_moves_with_its_word_and_goes_with_it(data):
    words = data.draw(st.lists(st.text("abcdé", min_size=1, max_size=5), min_size=1, max_size=12, unique=True))
    between = data.draw(st.lists(st.sampled_from([" ", ", ", " – ", "\n"]), min_size=len(words), max_size=len(words)))
    other = {word: data.draw(st.sampled_from(["X", "Some Name", "Y-Z"])) for word in words if data.draw(st.booleans())}
    doubtful = [word for word in words if data.draw(st.booleans())]
    before = "".join(word + gap for word, gap in zip(words, between, strict=True))
    after = "".join(other.get(word, word) + gap for word, gap in zip(words, between, strict=True))
    starts = {
        word: sum(len(w) + len(g) for w, g in list(zip(words, between, strict=True))[:i])
        for i, word in enumerate(words)
    }
    doubts = tuple(Doubt(starts[word], starts[word] + len(word), 0.1) for word in doubtful)
    found = carried(Judged(0.4, doubts, other="Another."), before, after)
    assert (found.confidence, found.other) == (0.4, "Another.")
    assert told(found.words, after) == [word for word in doubtful if word not in other]


@given(st.text("ab .-", max_size=30), st.text("ab .-", max_size=30))
def test_whatever_becomes_of_a_text_a_doubt_selects_its_own_words(before, after):
    doubts = doubted(before, *{word.strip(".-") for word in before.split() if word.strip(".-")})
    found = carried(Judged(words=doubts), before, after)
    assert set(told(found.words, after)) <= set(told(doubts, before))


@pytest.mark.parametrize(
    ("after", "said", "instead"),
    [
        ("Johanna said 34 injured in Aden.", "34 injured in", "34 killed in"),
        ("Johanana said 40 injured in Aden.", "injured in", "killed in"),
        ("Johanana said 34 injured at Aden.", "34 injured", "34 killed"),
        ("Johanana said 40 injured at Aden.", "injured", "killed"),
        ("Johanana said 34 wounded in Aden.", None, None),
        ("Johanana said 34 injuredly.", None, None),
    ],
)
def test_a_contrast_stays_as_long_as_what_it_is_about(after, said, instead):
    before = "Johanana said 34 injured in Aden."
    found = carried(Judged(contrast=Contrast("34 injured in", "34 killed in")), before, after)
    assert found.contrast == (said and Contrast(said, instead))


@pytest.mark.parametrize(("said", "instead"), [("is dead", "is not dead"), ("was not", "was"), ("A hit B", "B hit A")])
def test_a_contrast_of_any_kind_is_kept_where_its_words_are(said, instead):
    found = carried(Judged(contrast=Contrast(said, instead)), f"Old {said} here.", f"New {said} here.")
    assert found.contrast == Contrast(said, instead)
    assert carried(found, f"New {said} here.", "Nothing of it.").contrast is None


def test_a_sentence_that_was_worded_otherwise_keeps_what_holds_of_it():
    source = Sentence(0, 0, 0, 0, "قال ستيفان إن القتلى كثيرون.")
    text = "Stephan said there were many killed there."
    judged = Judged(0.3, doubted(text, "Stephan", "killed"), Contrast("many killed", "many wounded"))
    flags = ("contrast", "unsure")
    found = rechecked(Translation(source, text, -0.3, flags, judged), "Stefan said there were many killed there.")
    assert told(found.judged.words, found.text) == ["killed"] and found.judged.contrast and found.flags == flags
    found = rechecked(Translation(source, text, -0.3, flags, judged), "Stephan said there were many dead there.")
    assert found.judged.contrast is None and found.flags == ("unsure",), "what a flag is about is gone"


def test_one_spelling_for_a_name_moves_the_doubts_behind_it(pipeline):
    article = pipeline.editor.article()
    pairs = [
        ("قال زيلينسكي", "Zelenskyy said"),
        ("وعاد زيلينسكي", "Zelenskyy returned"),
        ("رد زيلينسكي", "Zelensky replied"),
    ]
    body = [
        Translation(Sentence(i, 0, 0, 0, arabic), text, -0.3, (), Judged(0.6, doubted(text, *text.split())))
        for i, (arabic, text) in enumerate(pairs)
    ]
    _, after, wording = article.finish([], [article.apply(t) for t in body])
    assert wording.names[0].changed and after[2].text == "Zelenskyy replied"
    assert told(after[2].judged.words, after[2].text) == ["replied"]
    assert after[:2] == body[:2], "what did not change is as it was"
