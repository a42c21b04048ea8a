"""Denials: which are read as such, and which words only look like one."""

from __future__ import annotations

import pytest

from models.checks import cues
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
        ("أليس الحارس نائما؟", "Is the keeper asleep?", "ليس"),
        ("سأل: ألم تصل الطائرة؟", "He asked: Has the plane landed?", "لم"),
        ("لا تهبط الطائرة في لا باز", "The plane lands in La Paz", "لا"),
        ("ليست أليس هنا", "Alice is here", "ليست"),
        ("لم تتوقف الأمطار", "The rain stopped at last", "لم"),
        ("لم يصل القطار", "The train has nevertheless arrived", "لم"),
        ("نفت الشركة أن تكون قد أقالت المدير", "The company said it had dismissed the manager", "نفت"),
        ("نفى النادي رفض العرض", "The club said it rejected the offer", "نفي"),
        ("نفت البلدية وقف الأشغال", "The town said that it stopped the works", "نفت"),
        ("نفى المدرب أنه سافر في أقل من يوم", "The coach said he travelled in less than a day", "نفي"),
    ],
)
def test_a_denial_is_lost(source, text, words):
    assert cues.lost_denial(normalize(source), normalize(text)) == words
