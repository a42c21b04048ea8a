"""Words that a translation turned into their opposite: prices that fell rose, a man who was let go was arrested."""

from __future__ import annotations

import re
from typing import NamedTuple

from models.checks.cues import denials
from models.text.folding import fold


class Side(NamedTuple):
    """One side of a pair of opposites."""

    arabic: re.Pattern[str]  # folded
    claimed: re.Pattern[str]  # English that says it and hardly anything else
    rendered: re.Pattern[str]  # the many words that may stand for the Arabic


def _side(arabic: str, claimed: str, rendered: str) -> Side:
    english = (re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for words in (claimed, f"{claimed}|{rendered}"))
    return Side(re.compile(rf"(?<!\w)[وفبلس]?(?:ال|ل)?(?:{arabic})(?!\w)"), *english)


_FALL = _side(
    r"انخفض(?:ت|وا)?|[يت]نخفض|انخفاضا?|تراجعت(?! (?:\w+ ){0,3}عن\b)|هبط(?:ت|وا)?|هبوطا?|تدني|تدنت",
    r"fell|fallen|declin(?:ed?|ing)|decreas(?:ed?|ing)|dropp(?:ed|ing)|plunged|plummeted",
    r"fall\w*|declin\w+|decreas\w+|drop\w*|down\w*|reduc\w+|low\w*|sl[iu]\w+|dip\w*|shr[iua]nk\w*|diminish\w*|less\w*"
    r"|fewer|retreat\w*|withdr[ae]w\w*|back\w*|land\w*|descen\w+|s[aiu]nk\w*|crash\w*|cut\w*|eas\w+|weak\w*|rece\w+"
    r"|regress\w*|los\w+|deteriorat\w+|poor\w*|tumbl\w+|worse\w*|abat\w+|subsid\w+|depress\w*|small\w*|shed\w*|collaps\w+"
    r"|revers\w+|revok\w+|rescind\w*|abandon\w*|scrap\w*|cancel\w*",
)
_RISE = _side(
    "ارتفع(?:ت|وا)?|[يت]رتفع|ارتفاعا?|ازداد(?:ت|وا)?|[يت]زداد|زادت?|[يت]زيد|زياده|صعد(?:ت|وا)?|صعودا?|تزايدت?",
    r"rose|risen|rising|increas(?:ed?|ing)|grew|climbed|surged|soared|jumped",
    r"rise\w*|increas\w*|grow\w*|climb\w*|surg\w+|soar\w*|jump\w*|gain\w*|up\w*|rais\w+|high\w*|more|mount\w*|add\w*|over"
    r"|exceed\w*|above|leap\w*|boost\w*|great\w*|expan\w+|spik\w+|swell\w*|further|extra|elevat\w+|accelerat\w+|tall"
    r"|escalat\w+|bigger|larger|multipl\w+|extend\w*|stronger|enhanc\w+|better|longer|ascen\w+|aggravat\w+|worse\w*",
)
_RELEASED = _side(
    "افرج(?:ت|وا)?|[يت]فرج|افراج|اطلاق سراح|اطلقت? سراح",
    r"releas(?:ed?|ing)|freed",
    r"fre\w+|let|liberat\w+|discharg\w+|bail\w*",
)
_HELD = _side(
    "اعتقل(?:ت|وا)?|[يت]عتقل|اعتقال|احتجز(?:ت|وا)?|احتجاز|القت القبض|القي القبض|القاء القبض",
    r"arrest(?:ed|s|ing)?|detained|jailed|imprisoned",
    r"det\w+|prison\w*|captur\w+|h[eo]ld\w*|appreh\w+|seiz\w+|jail\w*|custody|kept|caught|confin\w+|hostage\w*|round\w*",
)
_HURT = _side(
    "اصيب(?:ت|وا)?|جرح(?:ت|وا)?|جرحي|مصابين|مصابون",
    r"injur(?:ed|y|ies|ing)|wound(?:ed|s|ing)",
    r"wound|hurt\w*|hit|infect\w*|casualt\w+|harm\w*|contract\w*|suffer\w*|shot|struck|affect\w*|score\w*|cases?|caught"
    r"|diagnos\w+|fell|strick\w+|develop\w*|sick|ill|damag\w*|bec[ao]me|afflict\w*|had|got",
)
_DEAD = _side(
    r"قتلت?|قتلوا|مقتل|قتلي|مصرع|استشهد\w*|شهيد|شهداء|قتيلا?|وفاه|توفي\w?|مات\w*|موت\w*|وفيات|حتف\w*|ا?غتيا\w+|قاتل\w*",
    r"killed|murdered|died|killing",
    r"kill\w*|die|dies|dead\w*|deaths?|murder\w*|martyr\w*|sl[ae]\w+|perish\w*|fatal\w*|li[fv]es?|mortal\w*|assassinat\w+"
    r"|pass\w+ away|f[iou]\w*ght\w*",
)
_CLEARED = _side(
    "بر[اي]ت?|برئت|[يت]بري|تبرئه|تبريه|براءه",
    r"acquitt(?:ed|al|ing)|acquits?|exonerat\w+",
    r"acqui\w*|clear\w*|innocen\w*|not guilty|absol\w+|vindicat\w*|exculpat\w*|free\w*|releas\w*|disown\w*",
)
_CONVICTED = _side(
    "ادان(?:ت|وا)?|ادانه|مدان|[يت]دين",
    r"convict(?:ed|s|ing|ion)|found guilty",
    r"convict\w*|guilt\w*|condemn\w*|denounc\w*|deplor\w*|sentenc\w*|blam\w*|indict\w*|criticis\w*|criticiz\w*",
)
# What has an opposite itself: where there is less poverty, living standards rose; who hurts feelings kills the mood.
_OTHERWISE = re.compile(
    r"(?<!\w)[وفبل]?(?:ال|ل)?"
    r"(?:بطاله|فقر|جوع|عجز|ركود|خساره|خسائر|فساد|جفاف|غلاء|مشاعر\w*|شعور\w*|كرامه|كرامت\w+|كبرياء\w*)(?!\w)"
)
PAIRS = ((_FALL, _RISE), (_RELEASED, _HELD), (_HURT, _DEAD), (_CLEARED, _CONVICTED))


def opposed(text: str, other: str) -> bool:
    """Whether two English texts claim the two sides of a pair, neither of them both."""
    claims = [[tuple(bool(side.claimed.search(one)) for side in pair) for pair in PAIRS] for one in (text, other)]
    return any({mine, theirs} == {(True, False), (False, True)} for mine, theirs in zip(*claims, strict=True))


def turned_round(source: str, text: str) -> str:
    """What `text` turned into its opposite, as "انخفضت → rose"; "" if nothing. Both are normalised.

    Only where `source` says one thing and nowhere its opposite, and `text` the opposite and nowhere the thing. Who
    was not released may well be still detained, so a source that denies anything is left alone, and so is one about
    what has an opposite itself.
    """
    folded = fold(source)
    if denials(source) or _OTHERWISE.search(folded):
        return ""
    for pair in PAIRS:
        for said, opposite in (pair, pair[::-1]):
            here, there = said.arabic.search(folded), opposite.claimed.search(text)
            if here and there and not opposite.arabic.search(folded) and not said.rendered.search(text):
                return f"{here.group()} → {there.group()}"
    return ""
