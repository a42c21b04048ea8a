"""Denials, hedges and attributions that a translation does not carry over.

Each looks for words that say so in Arabic and mean hardly anything else, and for any of the many English words that
may render them. A text is only suspect if it has none of these.
"""

from __future__ import annotations

import re

from models.text.folding import fold

_DENIES = re.compile(
    r"(?<!\w)(?:[وف]?(?:لم|لن|ليس|ليست|ليسوا|لسنا|لست|(?<!تم )نفي|نفت|ينفي|تنفي|نفوا)(?!\w)"
    r"|[وف]?لا (?!يزال|تزال|يزالون|سيما|بد |شك|محاله|غير|غرابه|عجب|باس|جرم|يخفي)(?=[ء-ي]{3}))"
)
# What has not stopped goes on.
_NOT_OVER = re.compile("(?:لم|لن|لا) [يتن]?(?:توقف|نقطع|تغير|كف|غادر|برح)")
_GOES_ON = re.compile(
    r"\b(?:continu\w*|remain\w*|still|stay\w*|stable|steady|same|ke(?:ep|pt)\w*|go\w* on|went on)\b", re.I
)
_STOPS = re.compile(r"\b(?:stop(?:s|ped)?|ceas\w+)\b", re.IGNORECASE)
# أليس, is it not, begins a question; anywhere else it may be Alice, as ألم is pain.
_QUESTION = re.compile(r"(?:(?<=^)|(?<=[^\w\s])|(?<=[^\w\s] ))أ(?=(?:ليس|لم|لن)(?!ى))(?=.*؟)")
# لا is a part of names: La Paz, La Liga; a verb behind it begins with one of a few letters.
_ARTICLE = re.compile(r"(?<!\w)لا (?![يتنا])(?=[ء-ي])")
# Denials in Arabic that are none in English: لم يكتف (did more than), لا يقل عن (at least), ليس فقط.
_NO_DENIAL = re.compile(
    r"(?:لم|لن|لا|ليس) [يتن]?(?:كتف|قتصر|قل|زل|تردد|خل|كد|زال|تمالك|لبث|مض"
    r"|تجاوز|تعدي|زيد\w* (?:عن|علي))|ليس\w* (?:فقط|فحسب|سوي|الا)"
)
_EXCEPT = re.compile(r"(?<!\w)(?:الا|سوي)(?!\w)")
# English that denies whatever it stands in; `models.briefs.support` goes by these alone.
DENYING = (
    r"not|cannot|no|none|nor|never|neither|nobody|nothing|nowhere|without|unable|fail(?:s|ed|ure)?|lack\w*"
    r"|den(?:y|ied|ies|ying)|refus\w*|reject\w*"
)
_DENIED = re.compile(
    rf"n['’]t\b|\b(?:{DENYING}|non|failing|failures|yet|denials?|refut\w*|dismiss\w*|rul(?:e|ed|es|ing) out|avoid\w*"
    r"|un(?!it|i[vqo]|der|til|cles?\b|load)\w+|in(?:ability|complete|effective|sufficient|accurate|correct|adequate|valid|consistent)"
    r"|(?:in|im|ir)\w{3,}[ai]bl[ey]|impossib\w+|irrespective|(?!never|none)\w{3,}less(?:ly|ness)?"
    r"|illegal\w*|disagree\w*|disapprov\w*|hardly|barely|scarcely|rarely|seldom|absen\w+|prevent\w*|prohibit\w*"
    r"|forbid\w*|forbade|ceas\w+|abstain\w*|refrain\w*|declin\w+|regardless|unless|anymore|zero|far from|short of"
    r"|lest|ke(?:ep|pt)\w* .{1,30} from|(?:under|below|up to|at most) (?:the age|\d+)|anonym\w*|exil\w*"
    r"|banish\w*|inhuman\w*"
    r"|instead|rather than|few|little|only|less|longer|stop(?:s|ped)?|miss(?:ed|ing)|other than)\b",
    re.IGNORECASE,
)
# English of the above that renders another word of the source, which denies nothing: (the word, folded; the English).
_NOT_ITS_OWN = tuple(
    (re.compile(rf"(?<!\w)[وفبلك]?(?:ال|ل)?(?:{arabic})"), re.compile(rf"\b(?:{english})\b", re.IGNORECASE))
    for arabic, english in (
        ("[يتن]?قيل|ا?قال[هتوني]|عزل|[يتن]عزل|فصل|[يتن]فصل|طرد", r"dismiss\w*"),
        ("[يتن]?رفض", r"reject\w*|refus\w*|declin\w*"),
        ("(?:ا|[يتن])?وقف|[يتن]?توقف|[يتن]?قطع|[يتن]?منع", r"stop(?:s|ped)?|ceas\w+|prevent\w*|prohibit\w*"),
        ("اقل|دون", "less"),
        ("قليل|بضع", "few|little"),
    )
)
_NOT = re.compile(rf"n['’]t\b|\b(?:{DENYING})\b", re.IGNORECASE)
_SAYS_SO = re.compile(
    r"(?<!\w)(?:[وف]?(?:بحسب|وفقا ل(?!\w*هم(?!\w))\w*|طبقا ل\w*|نقلا عن|زعم|زعمت|يزعم|تزعم|يزعمون|زعموا"
    r"|ادعي|ادعت|يدعي انه?|تدعي انها?"
    r"|زاعم[اه]|علي حد (?:قول|تعبير|زعم)\w*))(?!\w)"
)
_SAID_SO = re.compile(
    r"\b(?:accord\w*|said|say|says|saying|claim\w*|alleg\w*|purport\w*|report(?:s|ed|edly)?|stat(?:es|ed|ing|ement)|quot\w+"
    r"|cit(?:e|es|ed|ing)|per|based (?:up)?on|announc\w*|indicat\w*|estimat\w*|argu\w+|assert\w*|maintain\w*|contend\w*"
    r"|told|insist\w*|reveal\w*|declar\w*|pretend\w*|in (?:the )?words?|in line with|as .{2,40} put it|accus\w+"
    r"|depending on|by|under|pursuant|conform\w*|terms|suppos\w*|believ\w*|in keeping with|following|charg\w+)\b",
    re.IGNORECASE,
)
_MAY_BE = re.compile(
    r"(?<!\w)(?:[وف]?(?:ربما|لربما|لعل|لعله|لعلها|(?<!لا )يحتمل|(?<!ف)قد"
    r" (?:ي\w{2,}|تت\w+|تست\w+|تكون|تؤ\w+|توثر|تودي|تصل|تصبح|تشمل"
    r"|تحتاج|تحدث|تزيد|تشكل|تبدو|تجد|تضطر|تواجه|تستغرق|تختلف|تسهم|تساعد|تفقد))|من المحتمل|من الممكن|من المرجح"
    r"|علي الارجح|يعتقد|يشتبه|يزعم|يبدو|تبدو)(?!\w)"
)
_MIGHT_BE = re.compile(
    r"\b(?:may|maybe|might|could|can|cannot|would|perhaps|possib\w+|potential\w*|probab\w+|likel\w+|unlikely|prone|believ\w*"
    r"|belief|think\w*|thought|suspect\w*|alleg\w*|appear\w*|seem\w*|apparent\w*|sometimes|suppos\w*|conceivabl\w+|chances?"
    r"|risk\w*|presum\w*|claim\w*|reportedly|looks?|should|assum\w*|considered|suggest\w*|sounds?|feared|said to"
    r"|unable|able to|ability"
    r"|feasible|lest|uncertain|unclear|hypoth\w+|speculat\w*|plausibl\w*|tend|tends|purport\w*|expect\w*|occasional\w*|often)\b",
    re.IGNORECASE,
)


def denials(source: str) -> list[str]:
    """The words that deny in `source` (normalised Arabic); none where it only says "only" by a denial."""
    return _denials(_folded(source))


def _folded(source: str) -> str:
    return fold(_QUESTION.sub("", source))


def _denials(folded: str) -> list[str]:
    if _EXCEPT.search(folded):
        return []
    found = [m.group().strip() for m in _DENIES.finditer(folded) if not _NO_DENIAL.search(folded, m.start())]
    # English says "not" once for several with "and not" between them.
    return [word for i, word in enumerate(found) if not (i and word == "ولا")]


def lost_denial(source: str, text: str) -> str:
    """The words that deny in `source` (normalised Arabic), if fewer of `text` do; "" if nothing is lost."""
    if re.search(r"\bLa[A-Z ]", text):
        source = _ARTICLE.sub("", source)
    folded = _folded(source)
    found = _denials(folded)
    if found and _NOT_OVER.search(folded):
        found = found[1:] if _GOES_ON.search(text) else found
        text = _STOPS.sub("", text)  # which denies that it works, not that it stopped
    if any(word.endswith(("نفي", "نفت", "نفوا")) for word in found):
        for arabic, english in _NOT_ITS_OWN:
            text = english.sub("", text) if arabic.search(folded) else text
    return " … ".join(found) if found and len(found) > len(_DENIED.findall(text)) else ""


def one_denies(text: str, other: str) -> bool:
    """Whether one of two English texts denies something, and the other denies less."""
    counts = [len(_DENIED.findall(one)) for one in (text, other)]
    return bool(_NOT.search(text)) != bool(_NOT.search(other)) and counts[0] != counts[1]


def lost_hedge(source: str, text: str) -> str:
    """The words by which `source` leaves something open, if `text` states it; "" if nothing is lost."""
    match = _MAY_BE.search(fold(source))
    return match.group().strip() if match and not _MIGHT_BE.search(text) else ""


def lost_attribution(source: str, text: str) -> str:
    """The words by which `source` says who says so, if `text` does not; "" if nothing is lost."""
    match = _SAYS_SO.search(fold(source))
    return match.group().strip() if match and not _SAID_SO.search(text) else ""
