"""Denials and doubts: which are read as such, and which words only look like one."""

from __future__ import annotations

import pytest

from models.checks import cues
from models.checks.fidelity import Finding, findings
from models.text.normalize import normalize


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("ابتسمت أليس للجمهور", "Alice smiled at the audience"),
        ("فاز إليس بالسباق", "Ellis won the race"),
        ("يشعر الحارس بألم. ألم في الركبة", "The keeper is in pain. A pain in the knee"),
        ("هبطت الطائرة في لا باز", "The plane landed in La Paz"),
        ("بدأ موسم لا ليغا", "The season of LaLiga has begun"),
        ("لا يخفى أثر المطر", "The effect of the rain is obvious"),
        ("قلعة لا تقهر", "An invincible castle"),
        ("حقول لا حدود لها", "boundless fields"),
        ("لم تتضح نتيجة الفرز", "The result of the count is unclear"),
        ("لا تتجاوز الرحلة ساعة", "The trip takes up to an hour"),
        ("لم تتوقف الأمطار", "The rain continued"),
        ("لم تبلغ العشرين بعد", "She is under 20"),
        ("كي لا ينسى الزائر الطريق", "lest the visitor forget the way"),
        ("نفي الشاعر إلى جزيرة", "The poet was exiled to an island"),
        ("طريق لا يمكن عبوره", "An impassable road"),
        ("نفت الشركة أن تكون قد أقالت المدير", "The company denied that it had dismissed the manager"),
        ("نفت الشركة هذه الأنباء", "The company dismissed the reports"),
        ("نفى النادي رفض العرض", "The club rejected claims that it had refused the offer, which it did not"),
    ],
)
def test_no_denial_is_lost(source, text):
    assert cues.lost_denial(normalize(source), normalize(text)) == ""


@pytest.mark.parametrize(
    ("source", "text", "words"),
    [
        ("لا تهبط الطائرة في لا باز", "The plane lands in La Paz", "لا تهبط"),
        ("ليست أليس هنا", "Alice is here", "ليست"),
        ("نفت البلدية وقف الأشغال", "The town said that the works were over", "نفت"),
        ("لم يصل القطار", "The train has nevertheless arrived", "لم"),
    ],
)
def test_a_denial_is_lost(source, text, words):
    assert cues.lost_denial(normalize(source), normalize(text)) == words


@pytest.mark.parametrize(
    ("source", "text", "words"),
    [
        ("وصل القطار إلى المحطة", "The train did not reach the station", "not"),
        ("يعرف الحارس الطريق", "The keeper doesn't know the way", "doesn't"),
        ("رفض الحارس الكلام", "The keeper would not speak", ""),
        ("الحارس عاجز عن الكلام", "The keeper cannot speak", ""),
        ("سأل عن وصول القطار", "He asked whether or not the train had come", ""),
        ("غادر بعد قليل", "He left not long after", ""),
    ],
)
def test_a_denial_is_put_in(source, text, words):
    assert cues.added_denial(normalize(source), normalize(text)) == words


def test_a_doubt_is_dropped():
    assert cues.lost_hedge(normalize("ربما وصل القطار"), "The train has arrived") == "ربما"
    assert cues.lost_hedge(normalize("ربما وصل القطار"), "The train may have arrived") == ""


@pytest.mark.parametrize(
    ("source", "lost", "right", "wrong"),
    [
        ("حكم على التاجر بالسجن عاما مع وقف التنفيذ", "مع وقف التنفيذ",
         "The trader got a suspended sentence of one year", "The trader was jailed for a year"),
        ("نجا القاضي من محاولة اغتيال", "محاوله اغتيال",
         "The judge survived an attempt on his life", "The judge survived an assassination"),
        ("عرض الرجل الوثائق المزعومة", "المزعومه",
         "The man showed the alleged documents", "The man showed the documents"),
        ("حوكم الضابط غيابيا", "غيابيا", "The officer was tried in absentia", "The officer was tried"),
        ("اعتقل وزير النقل السابق", "وزير النقل السابق",
         "The ex-minister of transport was arrested", "The transport minister was arrested"),
        ("وصل رئيس الحكومة المؤقتة", "رييس الحكومه الموقته",
         "The head of the interim government arrived", "The prime minister arrived"),
        ("استقال نائب المحافظ", "نايب المحافظ", "The deputy governor resigned", "The governor resigned"),
    ],
)  # fmt: skip
def test_in_what_state_something_is_may_not_be_lost(source, lost, right, wrong):
    assert cues.lost_status(normalize(source), right) == ""
    assert cues.lost_status(normalize(source), wrong) == lost
    assert Finding("dropped", lost) in findings(source, wrong)
    assert "dropped" not in {finding.flag for finding in findings(source, right)}


@pytest.mark.parametrize(
    "source", ["عاد الوفد في وقت سابق", "زار وزير معرضا سابقا لعصره", "وقف القطار", "رئيس البلدية"]
)
def test_what_is_no_such_state(source):
    assert cues.lost_status(normalize(source), "Text") == ""
