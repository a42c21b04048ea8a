"""Article text as data for a language model: between marks that it cannot forge, and searched for orders.

A model reads instructions and article alike. So (1) an article goes between two lines that hold a mark made from the
article's own hash: to write that mark into an article, one would have to find a text that holds its own hash; (2) what
could pass for a sentence number, a tag or a model's control token is written with other brackets; (3) sentences that
speak to a machine rather than to readers are found and left out, which is said in the brief.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from models.text.segment import normalize

_BRACKETS = str.maketrans("[]<>{}|`", "()‹›()¦'")

_MACHINE = r"(?:an? |the )?(?:\w+ ){0,2}(?:assistant|chat ?bot|language model|ai|llm|summari[sz]er)\b"
_ANSWER = r"\b(?:your|the|this) (?:summary|brief|output|answer|reply|response)\b"
_PUT = r"\b(?:write|say|add|include|mention|state|insert|put|begin|start|end|omit|leave out)\b"
_SHOW = r"\b(?:print|reveal|output|show|repeat|send|return|display|give|post)\b"
_HIDDEN = r"\b(?:system prompt|api[ _-]?key|secret key|access key|your instructions|your prompt)\b"
_OPENS = r"(?:^|[\n\"«(])\s*(?:#+\s*)?"
_AR_IGNORE = r"(?<!\w)[وف]?(?:تجاهلي?|تجاهلوا|انس|[أا]همل|تخط|لا تتبع)\s"
_AR_RULES = r"(?:التعليمات|الأوامر|التوجيهات|القواعد)"
_AR_BEFORE = r"(?:السابقة|أعلاه|السالفة|المذكورة|الأصلية|كلها|المعطاة)"
_AR_MACHINE = r"(?:نموذج|مساعد|ملخص|مترجم آلي|ذكاء اصطناعي|الذكاء الاصطناعي|روبوت|برنامج)"
_AR_ANSWER = r"(?:ملخصك|الملخص|موجزك|الموجز|إجابتك|ردك)"
_AR_PUT = r"(?<!\w)[وف]?(?:اكتب|[أا]ضف|قل|اذكر|[أا]درج|ضع|ابدأ|لا تذكر|احذف|أنه)\s"
_AR_SHOW = r"(?<!\w)[وف]?(?:اكتب|قل|اطبع|اعرض|[أا]ظهر|[أا]رسل|اكشف|كرر)\s"
_AR_HIDDEN = r"(?:مفتاح|كلمة السر|كلمة المرور|تعليمات النظام|تعليماتك)"

# Each is one way to speak to a machine. They are asked of the Arabic and of the English.
_ORDERS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|prompts?|guidelines|commands)\b",
        rf"{_AR_IGNORE}.{{0,30}}(?:تعليماتك|{_AR_RULES}.{{0,20}}{_AR_BEFORE})",
        rf"\byou are (?:now |no longer )?{_MACHINE}",
        rf"(?<!\w)(?:أنت|إنك)\s+(?:الآن\s+)?(?:لست\s+)?{_AR_MACHINE}",
        rf"\b(?:dear|attention|note to|(?:message|instructions?|note) (?:to|for))\s+(?:the\s+)?{_MACHINE}",
        rf"(?<!\w)(?:أيها|أيتها|يا)\s+(?:ال)?{_AR_MACHINE}",
        rf"{_PUT}.{{0,60}}\b(?:in|into|to|of|from|with) {_ANSWER}",
        rf"\b(?:in|into|to) {_ANSWER}.{{0,20}}{_PUT}",
        rf"{_AR_PUT}.{{0,60}}{_AR_ANSWER}",
        rf"(?:في|ضمن|من)\s+{_AR_ANSWER}\s.{{0,20}}{_AR_PUT}",
        rf"{_SHOW}.{{0,40}}{_HIDDEN}",
        rf"{_AR_SHOW}.{{0,40}}{_AR_HIDDEN}",
        rf"{_OPENS}(?:system|assistant|developer|user|instruction|response)\s*(?:prompt|message|override)?\s*[:：]",
        rf"{_OPENS}(?:(?:رسالة|تعليمات|أمر|تنبيه)\s+(?:من\s+)?)?النظام\s*[:：]",
        r"[\"']role[\"']\s*:\s*[\"'](?:system|assistant|developer|user)",
        r"^\W*(?:please )?(?:say|write|mention|state|print|output|repeat|omit|append|insert)\s(?:that|only|the|in)\b",
        r"^\W*[وف]?(?:(?:اكتب|اطبع|اذكر|اكتبوا|اذكروا)\s|قل(?:وا)?\s(?:إن|أن|:))",
        r"<\|?/?(?:im_start|im_end|system|user|assistant|eot_id|start_header_id|(?:end|start)_of_turn|endoftext|s)\|?>",
        r"\[/?INST\]|<<?/?SYS>?>|^\s*#{2,}\s*(?:system|instruction|response|end)\b",
        r"(?:={3,}|-{3,}|#{3,}|\*{3,})\s*(?:end|begin|start|نهاية|بداية)\b",
    )
]


def speaks_to_machine(*texts: str) -> bool:
    """True if one of `texts` (a sentence, its translation) gives orders to a language model or poses as one's frame.

    A list of patterns finds the usual wordings, not every one: it is one defence of several.
    """
    return any(pattern.search(form) for text in texts for form in (text, normalize(text)) for pattern in _ORDERS)


def escape(text: str) -> str:
    """`text` on one line, without what a model's frame is made of: brackets become others, invisible marks go."""
    return normalize(text).translate(_BRACKETS)


def fence(body: str) -> str:
    """A mark that `body` does not and could not hold: the beginning of its SHA-256."""
    return "ARTICLE-" + hashlib.sha256(body.encode()).hexdigest()[:20]


def numbered(lines: Iterable[tuple[int, str]]) -> str:
    """One line a sentence, with its number in square brackets; no other square bracket is left."""
    return "\n".join(f"[{number}] {escape(text)}" for number, text in lines)
