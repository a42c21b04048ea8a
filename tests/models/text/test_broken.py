"""Text that came broken out of a file is put right for the model, or said to be broken; offsets are the original's."""

from __future__ import annotations

import pytest

from models.checks import dialect
from models.checks.fidelity import Finding, source_findings, unsupported
from models.text.normalize import normalize
from models.text.segment import split_sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # words cut at a line end
        ("أغلقت البل-\nدية الطريق", "أغلقت البلدية الطريق"),
        ("أغلقت البلـ\nدية الطريق", "أغلقت البلدية الطريق"),
        ("أغلقت البل\u00ad\nدية الطريق", "أغلقت البلدية الطريق"),
        ("زار المست\nشفى أمس", "زار المستشفى أمس"),
        ("الاتفاق التركي-\nالسوري", "الاتفاق التركي-السوري"),
        ("اتفاق تركي-\nسوري", "اتفاق تركي-سوري"),
        ("قال\nالرئيس", "قال الرئيس"),
        ("توفي في 5 صفر 1446 هـ\nواسطة العقد: كتاب", "توفي في 5 صفر 1446 ه واسطة العقد: كتاب"),
        ("طبع عام 1446هـ\nالعنوان", "طبع عام 1446ه العنوان"),
        ("أ.هـ\nقال", "أ.ه قال"),
        ("كلامه اهـ\nوقال", "كلامه اه وقال"),
        ("كان ذلك -\nكما قيل - صعبا", "كان ذلك - كما قيل - صعبا"),
        # cells
        ("المحافظة\tالمصابون\t٤", "المحافظة | المصابون | 4"),
        ("حلب\t\t17", "حلب | 17"),
        ("1.\tأولا", "1. أولا"),
        ("•\tأولا", "• أولا"),
        ("\tقال", "قال"),
        ("  \tكان يا ما كان\tفي سالف", "كان يا ما كان في سالف"),
        ("حلب\t7\t", "حلب | 7"),
        ("حلب\t7\t\nحمص\t8", "حلب | 7 حمص | 8"),
        # hashtags
        ("#أنقذوا_الأطفال الآن", "أنقذوا الأطفال الآن"),
        ("وسم #حلب#دمشق", "وسم حلب دمشق"),
        ("«#حلب»", "«حلب»"),
        ("انتهى.#حلب", "انتهى. حلب"),
        ("#News و#1", "#News و#1"),
        ("https://example.org/#قسم", "https://example.org/#قسم"),
        # addresses
        *(
            (text, text)
            for text in (
                "https://example.com/my%20file%2Fa",
                "انظر https://example.org/wiki/الميدان#التاريخ",
                "example.org/wiki/الميدان:المدينةالقديمة#التاريخ",
                "wiki/تصنيف:الميدان",
                "بريد a%20b@example.org و x=%20",
                "كود a%20b",
            )
        ),
        ("https://example.org/باب-\nقال", "https://example.org/باب- قال"),
        # letters of other keyboards
        ("ڤيكتور وپول وگرترود وچارلز", "فيكتور وبول وغرترود وتشارلز"),
        ("أکد علی ذلك", "أكد على ذلك"),
        ("مدینة کبیرة", "مدينة كبيرة"),
        ("ھو قالہ", "هو قاله"),
    ],
)
def test_put_right(text, expected):
    assert normalize(text) == expected
    assert normalize(expected) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("بلغ 31250,75", "بلغ 31,250.75"),
        ("بلغ 31،250,75.", "بلغ 31,250.75."),
        ("بلغ 31,250,75", "بلغ 31,250.75"),
        ("بلغ 1.031.250,75", "بلغ 1,031,250.75"),
        ("بلغ 31،250 نقطة", "بلغ 31,250 نقطة"),
        ("بنسبة 12,5%", "بنسبة 12.5%"),
        ("12,5 في المئة", "12.5 في المئة"),
        ("2،5 مليون", "2.5 مليون"),
        ("٪٣٠ و%7", "30% و7%"),
        ("30٪", "30٪"),
        ("بلغ 250،000 دولار", "بلغ 250,000 دولار"),
        ("%12,5", "12.5%"),
        # what may be a list, a year, a time, a number of another kind stays
        *(
            (text, text)
            for text in ("1,2", "1,2,3", "12,5", "2019,20", "10,20,30%", "31250,752", "31,250", "0912345,67")
        ),
        *(
            (text, text)
            for text in (
                "الطرق 101،102،103 مغلقة",
                "فئات 100،200،500 دينار",
                "120,150,20",
                "الصفحات 15،120",
                "عام 1445،46 هجري",
                "هاتف 456789,91",
                "4567890,91",
                "+966 12 345 67891,10",
                "المواد 1123,24",
                "في 10،20% منها",
            )
        ),
        # twice is once
        *((text, text) for text in ("2،%9", "%9،%5", "%26،013")),
        *((text, text) for text in ("1.5", "1.2.2025", "30 % 40", "%", "31250, 75", "1،2،3")),
    ],
)
def test_figures(text, expected):
    assert normalize(text) == expected
    assert normalize(expected) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ةسردملا ىلإ بالطلا داع", "عاد الطلاب إلى المدرسة"),
        (".ةديدج ةسردم ةموكحلا تحتتفا", "افتتحت الحكومة مدرسة جديدة."),
        ("12/5/2025 يف ةسردم 340 (تحتف) ةموكحلا", "الحكومة (فتحت) 340 مدرسة في 12/5/2025"),
        ("ﺔﺳﺭﺪﻤﻟﺍ ﻰﻟﺇ ﺏﻼﻄﻟﺍ ﺩﺎﻋ", "عاد الطلاب إلى المدرسة"),  # with a ligature of two letters
        ("ةسردملا ىلإ بالطلا داع 😀", "😀 عاد الطلاب إلى المدرسة"),
        ("€5 ةسردملا ىلإ بالطلا داع", "عاد الطلاب إلى المدرسة 5€"),
        ("ةسردملا ىلإ بالطلا داع https://a.org/b", "https://a.org/b عاد الطلاب إلى المدرسة"),
        ("ةسردملا ىلإ\nبالطلا داع", "إلى المدرسة عاد الطلاب"),  # line by line
    ],
)
def test_reversed_lines_are_turned_and_said_to_be(text, expected):
    assert normalize(text) == expected
    assert Finding("reversed") in list(source_findings(text))
    assert list(source_findings(expected)) == []


@pytest.mark.parametrize(
    "text", ["أولا وأخيرا مثلا", "كان الطريق طويلا جدا", "ة", "قال نعم لا كلا", "ةكم", "إلا قليلا"]
)
def test_lines_in_order_stay(text):
    assert normalize(text) == text
    assert list(source_findings(text)) == []


def test_signs_that_compose_are_not_turned_nor_said_to_be():
    text = "ةسردملا ىلإ é بالطلا"
    assert normalize(text) == text
    assert list(source_findings(text)) == []


def test_other_languages_are_still_told_apart():
    persian = "این قانون از روز شنبه برای همه اجرا می شود و گفت که باید"
    assert dialect.language(persian) == "Persian"
    assert Finding("language", "Persian") in list(source_findings(persian))
    assert dialect.language("قال پاول إن گوتنبرگ بعيدة") == ""


def test_a_word_cut_at_a_line_end_is_in_one_sentence():
    text = "أعلنت الوزارة أمس خطة للنقل في العا-\nصمة وضواحيها."
    (sentence,) = split_sentences(text)
    assert sentence.text == text == text[sentence.start : sentence.end]
    assert normalize(sentence.text) == "أعلنت الوزارة أمس خطة للنقل في العاصمة وضواحيها."


def test_sources_of_a_brief_are_not_glued_at_their_ends():
    """مئ and ة are one word where a line end cuts it, but not where two sources meet."""
    assert unsupported(["وصل إلى القرية مئ", "ة حافلة"], "100 buses came.") == (Finding("added", "100"),)
