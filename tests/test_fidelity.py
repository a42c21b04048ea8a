import pytest

from models.fidelity import FLAGS, SERIOUS, check, is_loop, is_unsure, missing_numbers


@pytest.mark.parametrize(
    ("source", "output", "lost"),
    [
        ("قتل ٢٣ شخصا", "23 people were killed", []),
        ("قتل ٢٣ شخصا", "32 people were killed", ["23"]),
        ("قتل 3 أشخاص", "Three people were killed", []),
        ("بلغت ١٬٢٠٠ خيمة", "reached 1,200 tents", []),
        ("بلغت 1200 خيمة", "reached 1,200 tents", []),
        ("بنسبة ٣٫٥ في المئة", "by 3.5 per cent", []),
        ("بنسبة ٣٫٥ في المئة", "by 35 per cent", ["3.5"]),
        ("في 12/11/2025", "on 12 November 2025", []),
        ("في ٢٠٢٤ ثم ٢٠٢٤", "in 2024", ["2024"]),
        ("بدأ 5 و 5", "five and 5", []),
        ("لا أرقام هنا", "no figures here", []),
    ],
)
def test_missing_numbers(source, output, lost):
    assert missing_numbers(source, output) == lost


@pytest.mark.parametrize(
    ("text", "loops"),
    [
        ("the the the the", True),
        ("He said that that was it.", False),
        ("of the state of the state of the state", True),
        ("day by day, week by week, year by year", False),
        ("hahahahahahahahahahahaha", True),
        ("1000000000000 pounds", False),
        ("--------------------", False),
        ("", False),
    ],
)
def test_is_loop(text, loops):
    assert is_loop(text) is loops


@pytest.mark.parametrize(
    ("source", "output", "flags"),
    [
        ("وصلت القافلة اليوم", "The convoy arrived today", []),
        ("وصلت القافلة اليوم", " ", ["empty"]),
        ("وصلت القافلة اليوم", "The قافلة arrived today", ["arabic"]),
        ("وصلت 7 قوافل اليوم", "The convoys arrived today", ["numbers"]),
        ("وصلت القافلة " * 20, "It arrived", ["length"]),
        ("وصلت القافلة اليوم", "today today today today", ["loop"]),
        ("وصلت القافلة اليوم", "The convoy of 12 arrived today", ["added"]),
        ("وصلت ثلاث قوافل اليوم", "3 convoys arrived today", []),
        ("وصلت 31 ألف طن", "31,000 tons arrived", ["numbers"]),
        ("وصلت القافلة الأحد", "The convoy of 12 arrived on Sunday", ["added"]),
        ("وصلت القافلة الأربعاء", "The convoy of 12 arrived on Wednesday", ["added"]),
        ("وصلت قافلة التحالف", "The alliance's convoy of 12 arrived", ["added"]),
        ("ستواصل القافلة السير", "The convoy of 12 will go on", ["added"]),
        ("وصلت عشرون قافلة", "20 convoys arrived", []),
        ("قتل اثنان وعشرون شخصا", "22 people were killed", []),
        ("ولم تعلن السلطات النتائج", "The authorities have announced the results", ["negation"]),
        ("ولم تعلن السلطات النتائج", "The authorities haven’t announced the results", []),
        ("لن يعود الوفد", "The delegation will never return", []),
        ("ليس القرار نهائيا", "The decision is under review", ["negation"]),
        ("سلم الوفد الرسالة", "The delegation handed over the letter", []),
        ("في القرن التاسع عشر", "In the 19th century", []),
    ],
)
def test_check(source, output, flags):
    assert list(check(source, output)) == flags


def test_unsure_is_less_than_one_chance_in_four():
    assert [is_unsure(score) for score in (0, -1.38, -1.39, -5)] == [False, False, True, True]


def test_every_flag_is_explained():
    assert set(FLAGS) >= SERIOUS
    assert all(text.endswith(".") for text in FLAGS.values())
