"""Lines that stand among an article's but are not of it: pointers to other articles, share bars, rights.

Only what is certain by its own words, a line by itself; a sentence that merely begins like one stays.
"""

from __future__ import annotations

import re

_AND = "[ \u00a0]+"
_OFTEN = r"(?:أيض[اًا]{1,2}|ايض[اًا]{1,2}|المزيد)"
_SITES = (
    r"(?:ال)?(?:فيس ?بوك|تويتر|إكس|واتس ?[اآأ]ب|تلي?[جغ]را?م|[إا]نستغ?[جغ]?را?م|يوتيوب|تيك ?توك|لينكد ?إن|منصة|"
    r"مواقع التواصل|وسائل التواصل|صفحتنا|قناتنا|[A-Z][a-z]+)"
)
ASIDE = re.compile(
    rf"[\W_]*(?:[اإ]قرأ|[اإ]قرئي|[اإ]قرؤوا|شاهد|شاهدي|شاهدوا|طالع|طالعوا|تابع){_AND}{_OFTEN}(?:\W.*)?"  # read also
    r"|[\W_]*(?:مواضيع|مقالات|أخبار|اخبار)?[ \u00a0]*ذات[ \u00a0]+صلة[\W_]*"  # related
    rf"|[\W_]*تابع(?:ونا|وا|نا){_AND}(?:\S+{_AND}){{0,4}}(?:على|عبر){_AND}{_SITES}.*"  # follow us
    rf"|[\W_]*(?:شارك|شاركوا|انشر){_AND}(?:هذا{_AND}|هذه{_AND})?(?:الخبر|المقال|المقالة|الموضوع|الصفحة)(?:\W.*)?"
    rf"|[\W_]*(?:اشترك|اشتركوا){_AND}(?:الآن{_AND})?(?:في|ب){_AND}?(?:نشرتنا|قناتنا|النشرة|القناة).*"  # subscribe
    rf"|[\W_]*(?:كل|كافة|جميع){_AND}الحقوق{_AND}محفوظة.*",  # all rights reserved
    re.IGNORECASE,
)
LONGEST = 120  # characters of such a line


def set_apart(text: str) -> tuple[str, list[str]]:
    """(the text without such lines, these lines). Blank lines that they leave behind are one."""
    lines = text.split("\n")
    asides = [line for line in lines if len(line) <= LONGEST and ASIDE.fullmatch(line.strip())]
    if not asides:
        return text, []
    kept = "\n".join(line for line in lines if line not in set(asides))
    return re.sub(r"\n\s*\n(?:\s*\n)+", "\n\n", kept).strip("\n"), [" ".join(line.split()) for line in asides]
