"""What a digest's figures are and count, in words."""

from __future__ import annotations

import pytest

from models.stories.in_words import figure, thing


@pytest.mark.parametrize(
    ("value", "counted", "written", "alone"),
    [
        (17, "day of month 6", "17 June", "a day of June"),
        (9, "day of month ramadan", "9 Ramadan", "a day of Ramadan"),
        (2024, "year", "2024", "year"),
        (7.5, "percent", "7.5%", "percent"),
        (3000, "money dinar", "3,000 dinars", "money (dinar)"),
        (1, "money yuan", "1 yuan", "money (yuan)"),
        (1200, "dead children", "1,200 dead children", "dead children"),
        (3, "injured or infected women", "3 injured or infected women", "injured or infected women"),
        (3, None, "3", None),
    ],
)
def test_figures_in_words(value, counted, written, alone):
    assert figure({"value": value, "counted": counted}) == written
    assert not counted or thing(counted) == alone
    assert figure({"value": value, "counted": counted}, named=False) == written.partition(" ")[0]
