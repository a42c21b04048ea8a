"""The nearest of several texts."""

from hypothesis import given
from hypothesis import strategies as st

from models.translation.consensus import nearest

TEXTS = [
    "The minister visited Baghdad.",
    "A dog ran.",
    "The minister has visited Baghdad.",
    "The minister was in Bagdad.",
]

ZEROS = [0.0] * 4


def test_the_odd_one_is_not_the_nearest_and_may_be_left_out():
    assert nearest(TEXTS, ZEROS, range(4)) in (0, 2)
    assert nearest(TEXTS, ZEROS, [1, 3]) == 3 and nearest(TEXTS, ZEROS, [1]) == 1


def test_of_equals_the_first():
    assert nearest(["Yes.", "Yes."], [-1.0, -1.0], [0, 1]) == 0 and nearest(["", ""], [0.0, 0.0], [1, 0]) == 1


@given(st.lists(st.text(max_size=30), min_size=1, max_size=6), st.data())
def test_any_texts_have_one(texts, data):
    among = data.draw(st.lists(st.integers(0, len(texts) - 1), min_size=1, unique=True))
    assert nearest(texts, [-0.5] * len(texts), among) in among


def test_of_two_as_near_the_likelier():
    assert nearest(["Yes.", "Yes."], [-1.0, -0.5], [0, 1]) == 1
