"""What a line is by its form."""

import pytest

from models.layout import lines
from tests.conftest import cases


@pytest.mark.parametrize(("text", "expected"), cases("lines"))
def test_what_is_none_of_an_article(text, expected):
    assert lines.is_round(text) is expected, lines.words(text)


@pytest.mark.parametrize(("text", "expected"), cases("datelines"))
def test_date_lines(text, expected):
    assert lines.dateline(text) == expected, lines.words(text)


@pytest.mark.parametrize("text", ["اقرأ أيضا " + "كلمة " * 50_000, ": " * 100_000, "فيسبوك " * 50_000, "* " * 100_000])
def test_lines_without_end(text):
    assert lines.is_round(text) is (text[0] == "*" or text[0] == ":")
    assert not lines.heads(text) and not lines.is_credit(text) and not lines.dateline(text)
