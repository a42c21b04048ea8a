"""Arabic names in Latin letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.wording.latin import latin


@pytest.mark.parametrize(
    ("arabic", "letters"),
    [
        ("منصور", "Mnṣūr"),
        ("يوهانا", "Yūhānā"),
        ("فيسترغورد", "Fīstrghūrd"),
        ("عادل", "ʿĀdl"),
        ("القاهرة", "al-Qāhra"),
        ("زياد داود", "Zyād Dāwd"),
        ("إيمان", "Īmān"),
        ("أوباما", "Awbāmā"),
        ("يحيى", "Yḥyā"),
        ("مُحَمَّد", "Muḥammad"),  # with its marks
        ("فَاطِمَة", "Fāṭima"),
        ("مـــحمد", "Mḥmd"),  # stretched
        ("گوگل", "Gūgl"),
        ("ستيفان Kowalski 12", "Stīfān Kowalski 12"),
        ("", ""),
    ],
)
def test_a_name_is_given_letter_for_letter(arabic, letters):
    assert latin(arabic) == letters


@given(st.text(alphabet=[chr(c) for c in range(0x621, 0x653)] + list(" ،"), max_size=20))
def test_no_arabic_letter_is_left(text):
    assert not any("\u0620" <= letter <= "\u065f" for letter in latin(text))
