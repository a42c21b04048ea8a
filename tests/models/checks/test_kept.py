"""What a translation must hand on as it is."""

from __future__ import annotations

import pytest

from models.checks.fidelity import Finding, check, findings
from models.checks.kept import lost

ASK = "للحجز: booking@museum.example أو https://museum.example/ar/visit?day=3&p=2 أو ‎+961 1 555 0142."
LOST = [  # Arabic, English, what is lost
    (ASK, "To book: reservas@museum.example or https://museum.example/ar/visit?day=3&p=2 or +961 1 555 0142.",
     ["booking@museum.example"]),
    (ASK, "To book: booking@museum.example or https://museum.example/ar/visit?day=3&p=2x or +961 1 555 0142.",
     ["https://museum.example/ar/visit?day=3&p=2"]),
    (ASK, "To book: booking@museum.example or https://museum.example/ar/visit?day=3&p=2 or 961 1 555 0142.",
     ["+961 1 555 0142"]),
    ("اتصل على 0096-1-555-0142.", "Call 0142-555-1-0096.", ["0096-1-555-0142"]),
    ("ثمن التذكرة 45 €.", "A ticket costs $45.", ["€"]),
    ("يبدأ العرض في 21:40.", "The show begins at 9:40.", ["21:40"]),
    ("أغلق المعرض في 10:45 صباحا.", "The fair closed at 10:45 p.m.", ["10:45"]),
    ("غردت @nour_k بذلك.", "Nour tweeted so.", ["@nour_k"]),
    ("أطلقت شركة Lumen جهاز Nova-X2.", "The company Lumen launched a new device.", ["Nova-X2"]),
    ("<b>لن نغادر الميناء</b>", "<b>We will not leave the port s/b>", ["</b>"]),
    ("مؤتمر #COP30 في المدينة.", "The conference is in the city.", ["COP30"]),
]  # fmt: skip
KEPT = [
    (ASK, "To book: booking@museum.example or https://museum.example/ar/visit?day=3&p=2, or +961 (1) 555-0142."),
    ("الهاتف 0142 555 1 961+", "Telephone 0142 555 1 961+"),
    ("من 12-05-2021 إلى 2024، أي بين 2021-2024.", "From May 12, 2021 to 2024, that is in 2021-24."),
    ("ثمنها 45 € أو 50 $.", "It costs 45 euros or 50 dollars."),
    ("يبدأ العرض في 21:40 وينتهي في 23:00.", "The show begins at 9:40 p.m. and ends at 11 p.m."),
    ("بعد الساعة 11:00 بقليل ظهر الوزير.", "Shortly after 11 a.m. the minister appeared."),
    ("فاز 3:1 في 9:15 مساء.", "They won 3-1 at 9:15 in the evening."),
    ("أعلن البنك الدولي للتنمية (WBD) ذلك.", "The World Bank for Development announced it."),
    ("قال رئيس Société Générale إن سرعته 40 km/h.", "The head of Societe Generale said it did 40 kilometres an hour."),
    ("بثت قناة BBC وموقع U.S. News الخبر.", "BBC and US News carried the report."),
    ("في القرن XIX ظهرت.", "It appeared in the nineteenth century."),
    ("لا شيء هنا.", "Nothing here."),
    ("<b>لن نغادر</b> الميناء", "<B>We will not leave</B> the port"),
    ("القيمة a < b وليست b > a.", "The value is a < b and not b > a."),
]


@pytest.mark.parametrize(("source", "text", "what"), LOST)
def test_what_is_lost_is_named(source, text, what):
    assert [finding.detail for finding in findings(source, text) if finding.flag == "kept"] == what


@pytest.mark.parametrize(("source", "text"), KEPT)
def test_what_is_there_in_any_right_form_is_not_flagged(source, text):
    assert "kept" not in check(source, text)


def test_an_address_ends_where_the_sentence_goes_on():
    assert list(lost("انظر (www.harbour.example/a)، ثم عد.", "See www.harbour.example/a and return.")) == []
    assert Finding("kept", "www.harbour.example/a") in findings("انظر www.harbour.example/a.", "See the page.")
