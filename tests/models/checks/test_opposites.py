"""What a translation took for its opposite, and units for others."""

from __future__ import annotations

import pytest

from models.checks.opposites import exchanged
from models.evaluation.planted import PUBLIC, lines
from models.text.normalize import normalize
from tests import tiny


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("انخفض منسوب النهر", "The river's level rose", "انخفض → rose"),
        ("ارتفعت أسعار القمح", "Wheat prices have fallen", "ارتفعت → fallen"),
        ("أفرجت الشرطة عن البحارة", "Police detained the sailors", "افرجت → detained"),
        ("اعتقلت الشرطة البحارة", "Police released the sailors", "اعتقلت → released"),
        ("أصيب خمسة بحارة", "Five sailors were killed", "اصيب → killed"),
        ("مقتل خمسة بحارة", "Five sailors injured", "مقتل → injured"),
        ("برأت المحكمة البحارة", "The court convicted the sailors", "برات → convicted"),
        ("أدانت المحكمة البحارة", "The court acquitted the sailors", "ادانت → acquitted"),
        ("رفض النادي العرض", "The club accepted the offer", "رفض → accepted"),
        ("أدانت الوزارة الهجوم", "The ministry condemned the attack", ""),
        ("برأت المحكمة البحارة", "The sailors were found not guilty", ""),
        ("انخفض منسوب النهر", "The river's level fell", ""),
        ("انخفض منسوب النهر", "The river went down as temperatures rose", ""),
        ("انخفض المنسوب ثم ارتفع", "The level rose again", ""),  # short, not turned round
        ("تراجعت الأسعار", "Prices rose", "تراجعت → rose"),
        ("تراجعت الوزارة عن قرار رفع الأسعار", "The ministry reversed its decision to increase prices", ""),
        ("تراجعت وزارة النقل أمس عن الزيادة", "The ministry took back what was increased", ""),
        ("انخفضت البطالة", "Employment increased", ""),
        ("ازداد الفقر", "Living standards declined", ""),
        ("جرح مشاعر الحاضرين", "He killed the mood", ""),
        ("لم تفرج الشرطة عن البحارة", "Police still have the sailors detained", ""),
        ("قتل بحار وأصيب آخر", "One sailor was killed", ""),
    ],
)
def test_turned_round(source, text, expected):
    found = list(exchanged(normalize(source), normalize(text)))
    assert found == ([("opposite", expected)] if expected else [])


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("قطع 40 كيلومترا", "He covered 40 miles", "كيلومترا → miles"),
        ("غاب ثلاثة أشهر", "He was away for three years", "اشهر → years"),
        ("لم يغب ساعة", "He was not away for a minute", "ساعه → minute"),
        ("قطع 40 كيلومترا", "He covered 40 km (25 miles)", ""),
        ("قطع 40 كيلومترا أي 25 ميلا", "He covered 25 miles", ""),
        ("عمره سنة", "She is a year old", ""),
    ],
)
def test_units(source, text, expected):
    found = list(exchanged(normalize(source), normalize(text)))
    assert found == ([("changed", expected)] if expected else [])


def test_more_pairs():
    flags = [flag for flag, _ in exchanged(normalize("وصل قبل الفجر"), "He came after dawn")]
    assert flags == ["opposite"]
    assert not list(exchanged(normalize("قبل العرض"), "He accepted the offer made after dawn"))


def test_never_in_our_own_articles():
    assert [pair for pair in tiny.pairs() if list(exchanged(*map(normalize, pair)))] == []


@pytest.mark.slow
@pytest.mark.parametrize("system", ["en", "google.en"])
def test_hardly_ever_in_good_public_translations(system):
    if not PUBLIC.is_dir():
        pytest.skip("../shared/eval is not here")
    pairs = zip(lines(PUBLIC / "flores-dev.ar"), lines(PUBLIC / f"flores-dev.{system}"), strict=True)
    assert len([pair for pair in pairs if list(exchanged(*map(normalize, pair)))]) <= 1
