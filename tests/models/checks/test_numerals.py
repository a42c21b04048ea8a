"""What is read as a number, a date or money in either language."""

from __future__ import annotations

import pytest

from models.checks.numbers import numerals_ar, numerals_en
from models.checks.numbers.quantities import differences, readings
from models.text.normalize import normalize


def values(read, text):
    """The likeliest value of each number that means something, and every label but names."""
    found = [one for one in read(normalize(text)) if one.kind != "name"]
    return [one.values[0] for one in found if one.kind not in ("number", "loose") or one.sure]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ثلاثة وعشرون شخصا", [23]),
        ("خمس عشرة امرأة", [15]),
        ("مئة وخمسة وعشرون ألفا وثلاثمئة", [125_300]),
        ("ثمانمائة وأربعة", [804]),
        ("ثلاث مئة صوت", [300]),
        ("ألفين وأربعة وعشرين", [2024]),
        ("مليون ونصف المليون", [1_500_000]),
        ("ثلاثة ملايين ونصف", [3_500_000]),
        ("مليونا ومئة ألف زائر", [1_100_000]),
        ("نصف مليون طن", [500_000]),
        ("٣٫٢ مليار", [3_200_000_000]),
        ("20 ألفا و300", [20_300]),
        ("340 مليون و500 مليون", [340_000_000, 500_000_000]),
        ("783،562 كيلومترا", [783_562]),
        ("250 000 نسمة", [250_000]),
        ("ثلاثة أرباع السكان", [0.75]),
        ("في الحادي والعشرين", [21]),
        ("القرن التاسع عشر", [19]),
        ("يومين", [2]),
        ("ساعتين ونصف", [2]),
        ("بنسبة خمسة في المئة", [5]),
        ("التسعينيات", [90]),
        ("الساعة 17:30", [17, 30]),
        ("5 تشرين الأول", [5, 10]),
        ("5 جانفي", [5, 1]),
        ("6 نونبر", [6, 11]),
        ("كانون الثاني/يناير 2024", [1, 1, 2024]),
        ("في 12 رمضان 1445", [12, "ramadan", 1445]),
        ("يوم الثلاثاء", [2]),
        ("عشرة دولارات", [10, "dollar"]),
        ("مئات الآلاف", [100, 1000]),
        ("لست قلقا من كمية الماء", []),  # neither six nor a hundred
        ("ألف كتابا عن أحد الملوك", []),  # he wrote it; one of them
        ("أثنى المدير على العاملين", []),  # praised
        ("وصل أثنى عشر طالبا", [12]),  # so many spell it
        ("أعلنت ميتا أرباحها", []),  # Meta
        ("عثر على الطيور ميتين", []),  # dead
        ("مئتا طن", [200]),
        ("ثمانينيات القرن العشرين", [80]),
        ("عملت خمسهم", []),  # a fifth of them; said or not, as any share
        ("ألف روبية", ["rupee"]),
    ],
)
def test_arabic(text, expected):
    assert values(numerals_ar.read, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("twenty-three people", [23]),
        ("one hundred and twenty-five thousand three hundred", [125_300]),
        ("two thousand and twenty-four", [2024]),
        ("one and a half million", [1_500_000]),
        ("a million and a half", [1_500_000]),
        ("half a million", [500_000]),
        ("$3.2bn", ["dollar", 3_200_000_000]),
        ("31k", [31_000]),
        ("250 000", [250_000]),
        ("two dozen", [24]),
        ("two thirds, three-quarters", [0.666667, 0.75]),
        ("the twenty-first century", [21]),
        ("the 1990s", [1990]),
        ("the nineties", [90]),
        ("at 5:30 p.m.", [5, 30]),
        ("12 November 2025", [12, 11, 2025]),
        ("the 28th of Ramadan", [28, "ramadan"]),
        ("Tuesdays", [2]),
        ("20 million Kuwaiti dinars", [20_000_000, "dinar"]),
        ("hundreds of thousands", [100, 1000]),
        ("one of the first in a second", []),
        ("Mohammed VI, 3 km2", [3]),
    ],
)
def test_english(text, expected):
    assert values(numerals_en.read, text) == expected


@pytest.mark.parametrize(
    ("figure", "expected"),
    [("1,200", (1200,)), ("3.5", (3.5,)), ("8,5", (8.5,)), ("1.234", (1.234, 1234)), ("1.234.567", (1234567,))],
)
def test_a_figure_may_be_read_in_two_ways(figure, expected):
    assert readings(figure) == expected


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("الساعة 17:30", "at half past five in the evening, 5:30"),
        ("5 تشرين الثاني/نوفمبر", "on November 5"),
        ("في القرن 16", "in the 1500s"),
        ("ساعة ونصف", "1.5 hours"),
        ("الساعة 6:30 صباحا", "at 6.30am"),
        ("3 سنوات ونصف", "3.5 years"),
        ("ضعفين", "twice"),
        ("قطعها في 3:52.40 دقيقة", "He covered it in 3:52.40 minutes"),
        ("قاعة ثمانية الأضلاع", "An octagonal hall"),
        ("24 جائزة", "two dozen prizes"),
        ("الحرب العالمية الثانية", "World War II"),
        ("يوم 14/3/2025", "on 14 March 2025"),
        ("نصف السكان", "50 per cent of the residents"),
        ("1 من كل 5", "one in five"),
        ("بنسبة ٪٤٥ من الأصوات", "by 45% of the votes"),
        ("بين ٪١٠ و٪٢٠ من المزارع", "between %10 and 20 percent of the farms"),
        ("بنحو ٪٨ و9٪", "by about 8% and 9%"),
        ("تراجع التأييد 2.5 نقطة مئوية", "Support fell by 2.5 percentage points"),
        ("غنت شيرلي ستون", "Shirley Stone sang"),
        ("غنت شيرلي ستون إنها حرة", "Shirley Stone sang that she was free"),
        ("فريق كي وست", "the Key West team"),
        ("سوق بئر السبع", "the market of Beer Sheva"),
        ("مستشفى الخمس", "the hospital of Al-Khums"),
        ("ميدان رابعة", "Rabaa Square"),
        ("قطار سيكس هيلز", "the Six Hills train"),
        ("بين مليوني وثلاثة ملايين شجرة", "between two and three million trees"),
        ("من 4 إلى 6 مليارات", "from 4 billion to 6 billion"),
        ("في سبعينيات القرن العشرين", "in the seventies"),
        ("يعمل خمسهم في الزراعة", "a fifth of them are farmers"),
        ("الساعة 07:45", "at 0745 hours"),
        ("فازت بثلاثية نظيفة", "They won 3-0"),
        ("تعادلتا بهدفين لمثلهما", "They drew 2-2"),
        ("فازت بهدف نظيف", "They won 1-0"),
        ("تفتح كل يوم أحد وكل يوم جمعة", "It opens every Sunday and every Friday"),
    ],
)
def test_other_words_for_the_same_are_no_difference(source, text):
    assert differences(numerals_ar.read(normalize(source)), numerals_en.read(normalize(text))) == []


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("بنسبة ٪٤٥", "by 54%"),
        ("غرس ستون شخصا أشجارا في السودان", "People planted trees in Sudan"),  # sixty, though it sounds like Sudan
        ("هبطت طائرة إف-16", "An F-15 plane landed"),
        ("بين مليوني وثلاثة ملايين شجرة", "between two and four million trees"),
        ("باع 3 أطنان بألفي جنيه", "He sold 3 tonnes for two thousand euros"),
        ("دفع 20 جنيها و5 يورو", "He paid 20 euros and 5 euros"),
        ("تبرع بألف روبية", "He donated a thousand dollars"),
        ("فازت بثلاثية نظيفة", "They won 4-0"),
        ("كل يوم أحد", "every Friday"),
    ],
)
def test_what_is_changed(source, text):
    assert differences(numerals_ar.read(normalize(source)), numerals_en.read(normalize(text)))
