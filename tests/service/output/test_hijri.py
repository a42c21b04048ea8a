"""Hijri dates as the days they are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.checks.eras import HIJRI_MONTHS
from service.output.hijri import hijri_dates


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("وصلت يوم 15 رمضان 1445 هـ إلى عدن", [("15 Ramadan 1445 AH", date(2024, 3, 25))]),
        ("١ محرّم ١٤٤٧هـ الموافق الخميس", [("1 Muharram 1447 AH", date(2025, 6, 26))]),
        ("في 12 ذي الحجة سنة 1446", [("12 Dhu al-Hijjah 1446 AH", date(2025, 6, 8))]),
        ("3 من شهر ربيع الآخر، 1440", [("3 Rabi' al-Thani 1440 AH", date(2018, 12, 10))]),
        (
            "من 1 رجب 1445 هـ حتى 9 شوال 1445 هـ",
            [("1 Rajab 1445 AH", date(2024, 1, 13)), ("9 Shawwal 1445 AH", date(2024, 4, 18))],
        ),
        ("في رمضان 1445", []),  # no day
        ("15 رمضان المقبل", []),  # no year
        ("31 رجب 1440", []),  # no such day
        ("30 رمضان 1444", []),  # that month had 29
        ("9 شوال 1300", []),  # before the calendar's table
        ("15 رمضان 2024", []),
        ("115 رمضان 1445", []),
        ("17 حزيران 2023", []),
        ("نشر 20 محرم كتابا في 1999", []),
    ],
)
def test_a_hijri_date_is_reckoned_only_where_it_is_whole(text, found):
    assert hijri_dates(text) == found


def test_dates_are_written_in_either_language():
    assert hijri_dates("15 رمضان 1445 هـ", "ar") == [("15 رمضان 1445 هـ", date(2024, 3, 25))]


@given(st.sampled_from(range(12)), st.integers(1, 29), st.integers(1350, 1499), st.data())
def test_each_name_of_a_month_is_that_month(month, number, year, data):
    """A year of 354 or 355 days: the month's place in it tells it from its neighbours."""
    name = data.draw(st.sampled_from(HIJRI_MONTHS[month].split(";")))
    ((written, found),) = hijri_dates(f"{number} {name} {year}")
    ((_, first),) = hijri_dates(f"1 محرم {year}")
    assert written.startswith(f"{number} ")
    assert timedelta(month * 29 + number - 1) <= found - first <= timedelta(month * 30 + number)
