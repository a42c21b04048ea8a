"""What stands among an article's lines and is not of it, and what only looks so."""

from __future__ import annotations

import pytest

from service.articles.asides import set_apart
from service.articles.readers import Fields, read_data
from tests import files
from tests.files import MORE, NEWS

ASIDES = [
    "اقرأ أيضاً: مقتل أربعين في حادث قطار",
    "اقرأ أيضا",
    "• شاهد أيضًا: فيديو من المعبر",
    "مواضيع ذات صلة",
    "تابعونا على فيسبوك وتويتر",
    "تابعوا آخر أخبارنا عبر Google News",
    "شارك الخبر عبر واتساب",
    "شارك هذا المقال",
    "اشترك في نشرتنا البريدية",
    "جميع الحقوق محفوظة © 2026",
]
OF_IT = [
    NEWS,
    "القاهرة – رويترز: وصلت القافلة صباح اليوم.",
    "12 مايو 2026",
    "تابعنا على مدى أيام ما جرى في المدينة.",
    "شارك الوزير في الجلسة الأولى.",
    "شاركوا في التظاهرة رغم المطر.",
    "اقرأ البيان كاملا قبل أن تحكم عليه، قال الناطق.",
    "وأكد أن جميع الحقوق محفوظة للمزارعين بموجب الاتفاق الجديد.",
]


@pytest.mark.parametrize("line", ASIDES)
def test_it_is_set_apart(line):
    assert set_apart(f"{NEWS}\n\n{line}\n\n{MORE}") == (f"{NEWS}\n\n{MORE}", [line])
    assert set_apart(f"{NEWS}\n{line}\n{MORE}")[0] == f"{NEWS}\n{MORE}"


@pytest.mark.parametrize("line", OF_IT)
def test_what_is_of_the_article_stays(line):
    text = f"{NEWS}\n\n{line}\n"
    assert set_apart(text) == (text, [])


CUT = NEWS.index(" ", 30)
PAGE = f"""<html><body><nav>الرئيسية</nav><article><h1>وصول قافلة</h1><time>12 مايو 2026</time>
<figure><figcaption>صورة من الأرشيف (خاص)</figcaption></figure><p>القاهرة – خاص: {NEWS}</p>
<p>اقرأ أيضاً: <a href="/1">مقتل أربعين في حادث قطار</a></p><p>{MORE}</p><div class="share">شارك الخبر عبر واتساب</div>
<footer>جميع الحقوق محفوظة</footer></article></body></html>"""


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", PAGE.encode()),
        ("a.pdf", files.pdf([f"القاهرة – خاص: {NEWS[:CUT]}", NEWS[CUT + 1 :], ASIDES[1], MORE, ASIDES[6]])),
        ("a.eml", files.letter("\n\n".join([f"القاهرة – خاص: {NEWS}", ASIDES[1], MORE, ASIDES[6]]))),
    ],
    ids=["html", "pdf", "mail"],
)
def test_it_is_told_and_the_dateline_stays(name, data):
    notes = []
    (found,) = read_data(name, data, Fields(), None, lambda _, told: notes.append(told))
    assert " ".join(found.text.split()) == f"القاهرة – خاص: {NEWS} {MORE}"
    assert name == "a.html" or notes == [f"not of the article, left out: {ASIDES[1]}; {ASIDES[6]}"]
