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
    ],
)
def test_a_denial_is_lost(source, text, words):
    assert cues.lost_denial(normalize(source), normalize(text)) == words
