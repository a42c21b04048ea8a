"""Eras of years, each pair with what is to be found in it."""

import pytest

from models.checks.eras import exchanged
from models.checks.fidelity import findings
from models.text.normalize import normalize


@pytest.mark.parametrize(
    ("arabic", "english", "found"),
    [
        ("وقع يوم 15 رمضان 1445 هـ.", "It happened on 15 Ramadan 1445 CE.", [("1445 AH", "1445 CE")]),
        ("وقع يوم 15 رمضان 1445.", "It happened on 15 Ramadan 1445 A.D.", [("1445 AH", "1445 CE")]),
        ("وقع يوم 15 رمضان 1445هـ.", "It happened on 15 Ramadan 1445 AH.", []),
        ("وقع يوم 15 رمضان 1445 هـ.", "It happened on 15 Ramadan 1445.", []),
        ("كتب سنة ١٣٠٠ هجرية.", "It was written in 1300 AD.", [("1300 AH", "1300 CE")]),
        ("كتب عام 1445 هـ الموافق 2024 م.", "It was written in 1445 AH, which is 2024 CE.", []),
        ("كتب عام 1445 هـ الموافق 2024م.", "It was written in 1445 CE, which is 2024 AH.",
         [("1445 AH", "1445 CE"), ("2024 CE", "2024 AH")]),
        ("بني المعبد سنة 300 ق.م.", "The temple was built in 300 AD.", [("300 BC", "300 CE")]),
        ("بني المعبد سنة 300 قبل الميلاد.", "The temple was built in 300 BCE.", []),
        ("بلغ طوله 300 متر.", "It was 300 cells long.", []),
        ("ارتفع 25 م في رمضان 2024.", "It rose 25 m in Ramadan 2024 AD.", []),
    ],
)  # fmt: skip
def test_an_era_is_not_another(arabic, english, found):
    assert list(exchanged(normalize(arabic), normalize(english))) == found
    assert [f"{era} → {other}" for era, other in found] == [
        one.detail for one in findings(arabic, english) if one.flag == "changed"
    ]
