"""The checks on sentence pairs, one by one, and what a finding tells."""

from __future__ import annotations

import time

import pytest

from models.checks.fidelity import (
    DOUBTFUL,
    FLAGS,
    SERIOUS,
    Finding,
    check,
    findings,
    is_loop,
    is_unsure,
    missing_numbers,
    source_findings,
    unsupported,
)
from tests import tiny


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
        ("في ٢٠٢٤ ثم ٢٠٢٥", "in 2024", ["2025"]),
        ("بدأ 5 و 5", "five and 5", []),
        ("خمسة أيام", "a few days", []),  # number words are no figures
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
        ("وصلت ثلاث قوافل اليوم", "13 convoys arrived today", ["changed"]),
        ("وصلت 31 ألف طن", "31,000 tons arrived", []),
        ("وصلت 31 ألف طن", "31 tons arrived", ["changed"]),
        ("وصلت القافلة الأحد", "The convoy of 12 arrived on Sunday", ["added"]),
        ("وصلت القافلة الأربعاء", "The convoy of 12 arrived on Wednesday", ["added"]),
        ("وصلت القافلة الأربعاء", "The convoy arrived on Thursday", ["changed"]),
        ("وصلت قافلة التحالف", "The alliance's convoy of 12 arrived", ["added"]),
        ("ستواصل القافلة السير", "The convoy of 12 will go on", ["added"]),
        ("وصلت عشرون قافلة", "20 convoys arrived", []),
        ("قتل اثنان وعشرون شخصا", "22 people were killed", []),
        ("ولم تعلن السلطات النتائج", "The authorities have announced the results", ["negation"]),
        ("ولم تعلن السلطات النتائج", "The authorities haven’t announced the results", []),
        ("لن يعود الوفد", "The delegation will never return", []),
        ("ليس القرار نهائيا", "The decision is under review", ["negation"]),
        ("نشرت النتائج أمس", "The results were not published yesterday", ["negation"]),
        ("لم تنشر النتائج ولم يتهم أحد", "The results are not published and nobody was accused", []),
        ("لا يسرقون ولا يكذبون ولا يغشون", "They do not steal, lie or cheat", []),
        ("لا تشمل المنحة الأجانب", "The grant covers foreigners", ["negation"]),
        ("لا يزال الطريق مغلقا", "The road is still closed", []),
        ("لا يقل العدد عن مئة", "The number is at least a hundred", []),
        ("سلم الوفد الرسالة", "The delegation handed over the letter", []),
        ("في القرن التاسع عشر", "In the 19th century", []),
        ("قد يعود الوفد غدا", "The delegation returns tomorrow", ["hedge"]),
        ("قد يعود الوفد غدا", "The delegation may return tomorrow", []),
        ("وقد عاد الوفد أمس", "The delegation returned yesterday", []),
        ("زار الوزير القاهرة", "The minister visited Baghdad", ["names", "invented"]),
        ("زار الوزير القاهرة", "The minister visited Cairo", []),
        ("تجتمع الدول الإسلامية والعربية غدا", "Islamic and Arab countries meet tomorrow", []),
        ("يجتمع مجلس الأمن غدا", "The UN Security Council meets tomorrow", []),
        ("تجتمع الدول الأوروبية غدا", "Arab countries meet tomorrow", ["names", "invented"]),
        ("دفع عشرة دنانير", "He paid ten euros", ["changed"]),
        ("بنسبة 20 في المئة", "by 20", ["changed"]),
        ("جرح مئات المتظاهرين", "Thousands of protesters were injured", ["changed"]),
    ],
)
def test_check(source, output, flags):
    assert check(source, output) == flags


@pytest.mark.parametrize(
    ("source", "output", "found"),
    [
        ("غمرت المياه ٤٣٠ خيمة", "Water flooded 340 tents", Finding("changed", "430 → 340")),
        ("قتل ثلاثة وعشرون شخصا", "Several people were killed", Finding("numbers", "ثلاثة وعشرون")),
        ("قتل عدة أشخاص", "Twenty-three people were killed", Finding("added", "Twenty-three")),
        ("في ٥ تشرين الثاني ٢٠٢٤", "on 5 October 2024", Finding("changed", "تشرين الثاني → October")),
        ("التقى الوزير فاطمة العلي", "The minister met the delegation", Finding("names", "فاطمة")),
        ("وصل وفد الأمم المتحدة", "The delegation arrived", Finding("names", "الأمم المتحدة")),
        ("قال الوزير إنه مستعد", "The Egyptian minister said he was ready", Finding("invented", "Egyptian")),
        ("وصلت القافلة اليوم", "The القافلة arrived today", Finding("arabic", "القافلة")),
        ("این قانون از روز شنبه برای همه اجرا می شود", "This law applies", Finding("language", "Persian")),
    ],
)
def test_a_finding_names_what_it_found(source, output, found):
    assert found in findings(source, output)


def test_a_brief_sentence_may_leave_out_but_not_add():
    sources = ["قتل ٢٣ شخصا في القاهرة يوم الأحد.", "ولم تعلن السلطات النتائج."]
    assert unsupported(sources, "23 people were killed.") == ()
    assert unsupported(sources, "32 people were killed in Baghdad.") == (
        Finding("changed", "23 → 32"),
        Finding("invented", "Baghdad"),
    )
    assert unsupported(sources, "") == (Finding("empty"),)


def test_sources_are_marked_before_they_are_translated():
    assert list(source_findings("دلوقتي مفيش حد بيشتري زي الأول")) == [Finding("dialect", "Egyptian")]
    assert list(source_findings("أعلنت وزارة الصحة افتتاح مستشفى جديد")) == []


def test_our_own_articles_are_not_suspected():
    """Of 197 hand-made translations, at most one in fifty is flagged."""
    flagged = [(english, found) for arabic, english in tiny.pairs() if (found := findings(arabic, english))]
    assert len(flagged) <= len(tiny.pairs()) / 50, flagged


@pytest.mark.slow
def test_the_checks_cost_far_less_than_a_translation():
    """A sentence takes well under a millisecond on an idle core; five allow for a busy one."""
    pairs = tiny.pairs()
    for pair in pairs:
        check(*pair)
    begun = time.process_time()
    for pair in pairs:
        check(*pair)
    assert (time.process_time() - begun) / len(pairs) < 0.005


def test_unsure_is_less_than_60_chances_in_a_hundred():
    assert [is_unsure(score) for score in (0, -0.51, -0.52, -5)] == [False, False, True, True]


def test_what_says_next_to_nothing_and_what_says_the_opposite_is_flagged():
    source = "ارتفعت أسعار الخبز في المدينة هذا الأسبوع."
    assert check(source, "Bread prices rose in the city this week.") == []
    assert check(source, "Bread prices fell in the city this week.") == ["opposite"]
    assert [found.detail for found in findings(source, "Bread prices fell in the city this week.")] == ["ارتفعت → fell"]
    for nothing in (".", "Hello.", "The it is."):
        assert "length" in check(source, nothing)


def test_every_flag_is_explained_and_has_a_severity():
    assert set(FLAGS) >= SERIOUS | DOUBTFUL
    assert not SERIOUS & DOUBTFUL
    assert all(text.endswith(".") for text in FLAGS.values())
    notes = {"copied", "split", "repaired", "glossary", "apart"}
    assert FLAGS.keys() - SERIOUS - DOUBTFUL == notes


@pytest.mark.parametrize(
    "word", ["שלום", "Владимир", "Путин", "Αθήνα", "北京", "京", "かな", "서울", "हिन्दी", "ⵜⴰⵎⴰⵣⵉⵖⵜ"]
)
def test_a_word_in_other_letters_is_flagged_unless_it_is_kept(word):
    source = f"{word} قال الوزير إن الاجتماع سيعقد غدا."
    assert findings(source, "Thalia said the minister that the meeting will be held tomorrow.") == (
        Finding("kept", word),
    )
    assert check(source, f"{word}: the minister said that the meeting will be held tomorrow.") == []


def test_latin_words_and_signs_are_no_words_in_other_letters():
    signs = "5 µm و 3 μg عند 20 °C و 20 ℃ كلفت €5 و£6 و₪7 و₽8 و₹9 و฿3 😀👍🏽 لأشعة α و π Ω ٪٣ ™ №"
    source = f"قال الوزير لصحيفة Le Monde وموقع Çığlık إن {signs}."
    text = "The minister told Le Monde and Çığlık: 5 µm, $5, £6, ₪7, ₽8, ₹9, and a euro."
    assert "kept" not in check(source, text)
