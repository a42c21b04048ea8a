"""The Arabic words of numbers, dates and money, as `numerals_ar` looks them up: folded, without article.

Folded as `models.text.folding` folds, so that مئة and مائة are "ميه" and "مايه".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_STEMS = dict(zip("ثلاث اربع خمس ست سبع ثمان تسع".split(), range(3, 10), strict=True))
_TENS = {f"{stem}{ending}": value * 10 for stem, value in {"عشر": 2, **_STEMS}.items() for ending in ("ون", "ين")}
_SCALES = {
    10**3: "الف الفا",
    10**6: "مليون مليونا",
    10**9: "مليار مليارا بليون بليونا",
    10**12: "تريليون تريليونا ترليون ترليونا",
}
_PLURALS = {10**3: "الاف الوف", 10**6: "ملايين", 10**9: "مليارات بلايين", 10**12: "تريليونات ترليونات"}
_WEAK = {
    1: "اول اولي احادي",
    2: "ثنايي ثناييه ثنايين ضعف ضعفي ضعفين اضعاف مزدوج توام كلا كلتا كلاهما كلي زوج زوجين زوجان",
    3: "ثلاثي ثلاثيه ثالثا",
    4: "رباعي رباعيه رابعا",
    5: "خماسي خماسيه خامسا",
    6: "سداسي",
    10: "عقد عقدا",
    12: "دزينه",
    20: "عقدين عقدان",
    100: "قرن قرنا",
    200: "قرنين قرنان",
    0: "صفر",
}
# English number words in names: سيكس فلاجز, Six Flags.
_ENGLISH = dict(zip([1, 3, 4, 5, 6, 7, 8, 9], "ون ثري فور فايف سيكس سفن ايت ناين".split(), strict=True))
# Duals of what news counts. Any other word in ين or ان may be a dual as well as a plural or a name.
_COUNTED = (
    "يوم اسبوع شهر عام سنت ساعت دقيقت مرت شخص دولت رجل امرات طفل مدينت قذيفت طايرت صاروخ جندي نقطت مقعد قتيل شهيد "
    "ليلت دورت جولت سيارت قريت شرطي شقيق كيلومتر متر مبارات هدف حزب بلد طابق جريح ضحيت"
)
_MONTHS = (
    "يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر",
    "- شباط اذار نيسان ايار حزيران تموز اب ايلول - - -",
    "جانفي فيفري مارس افريل ماي جوان جويليه اوت سبتمبر اكتوبر نوفمبر ديسمبر",
    "- - - - - يونيه يوليوز غشت شتنبر - نونبر دجنبر",
    "- - - - - - يوليه اوغسطس - - - -",
)
_HIJRI = "محرم:muharram صفر:safar رجب:rajab شعبان:shaban رمضان:ramadan شوال:shawwal"
_WEEKDAYS = "الاثنين الثلاثاء الاربعاء الخميس الجمعه السبت الاحد"
_MONEY = (
    "دولار:dollar دولارا:dollar دولارات:dollar يورو:euro جنيه:pound جنيها:pound جنيهات:pound استرليني:pound "
    "ريال:rial ريالا:rial ريالات:rial درهم:dirham درهما:dirham دراهم:dirham دينار:dinar دينارا:dinar دنانير:dinar "
    "ليره:lira ليرات:lira روبل:rouble روبلا:rouble يوان:yuan يوانا:yuan شيقل:shekel شيكل:shekel فرنك:franc "
    "بيزو:peso تومان:toman روبيه:rupee روبيات:rupee كرونه:krone زلوتي:zloty"
)

# (month, second word) -> number or name
PAIRED: dict[tuple[str, str], int | str] = {
    **{("كانون", "ثاني"): 1, ("كانون", "اول"): 12, ("تشرين", "اول"): 10, ("تشرين", "ثاني"): 11},
    **{("ربيع", second): "rabi" for second in ("اول", "ثاني", "اخر")},
    **{("جمادي", second): "jumada" for second in ("اولي", "اخره", "ثانيه")},
    **{(first, "قعده"): "dhu al-qadah" for first in ("ذو", "ذي")},
    **{(first, "حجه"): "dhu al-hijjah" for first in ("ذو", "ذي")},
}
# Months that are other words or names as well: they count beside a figure only.
UNSURE_MONTHS = frozenset("مارس ماي جوان اوت اب محرم صفر رجب شعبان رمضان شوال اذار".split())
# Words that folding makes numbers of, as they are spelt: praised (أثنى), Meta and the dead (ميتا, ميتين are not
# مئتا, مئتين), a father (أب is not آب).
OTHER_WORDS = re.compile("[وفبكل]*(?:ال)?(?:[أآ]ثن[يى](?! عشر)|ميت(?:ا|ان|ين)|أب)(?![ء-ي])")


def _labels() -> Iterator[tuple[str, float | str, str]]:
    """(role, value, words) of months, money and days of the week."""
    for names in _MONTHS:
        for i, name in enumerate(names.split(), 1):
            yield "month", i, name
    for role, pairs in (("month", _HIJRI), ("currency", _MONEY)):
        for pair in pairs.split():
            word, _, meant = pair.partition(":")
            yield role, meant, word
    for i, day in enumerate(_WEEKDAYS.split(), 1):
        yield "weekday", i, day


def _shares() -> Iterator[tuple[float, list[str]]]:
    """(share, words): a half, of it or of them; خمسهم is a fifth of them, though خمس alone is five."""
    for share, words in {0.5: "نصف", 0.25: "ربع", 1 / 3: "ثلث", 2 / 3: "ثلثا ثلثي ثلثين ثلثان"}.items():
        yield round(share, 6), [f"{word}{its}" for word in words.split() for its in ("", "ه", "ها", "هم", "هن")]
    for share, word in {1 / 5: "خمس", 1 / 6: "سدس", 1 / 7: "سبع", 1 / 10: "عشر"}.items():
        yield round(share, 6), [f"{word}{its}" for its in ("ها", "هم", "هن")]


def _table() -> dict[str, tuple[str, float | str]]:
    table: dict[str, tuple[str, float | str]] = {}

    def put(role: str, value: float | str, *words: str) -> None:
        for word in words:
            table.setdefault(word, (role, value))

    for role, value, words in _labels():
        put(role, value, *words.split())
    put("unit", 1, *"واحد واحده احد احدي".split())
    put("unit", 2, *"اثنان اثنين اثنا اثني اثنتان اثنتين اثنتا اثنتي".split())
    put("unit", 8, "ثماني", "ثمانيه")
    put("ten", 10, "عشر", "عشره")
    put("hundred", 100, "ميه", "مايه")
    put("hundreds", 200, *(f"{m}{ending}" for m in ("ميت", "مايت") for ending in ("ان", "ين", "ا", "ي")))
    for stem, value in {**_STEMS, "ثماني": 8}.items():
        put("hundreds", value * 100, f"{stem}ميه", f"{stem}مايه")
        put("unit", value, stem, f"{stem}ه")
    for word, value in _TENS.items():
        put("tens", value, word)
        put("decade", value, *(f"{word[:-2]}{ending}" for ending in ("ينات", "ينيات", "ينيه", "يني")))
    for value, words in _SCALES.items():
        put("scale", value, *words.split())
        put("two_scales", 2 * value, *(f"{w}{e}" for w in words.split() for e in ("ان", "ين", "ي") if w[-1] != "ا"))
    for value, words in _PLURALS.items():
        put("plural", value, *words.split())
    put("plural", 10, "عشرات")
    put("plural", 100, "مييات", "ميات")
    for share, several in _shares():
        put("fraction", share, *several)
    put("quarters", 0.75, "ارباع")
    for value, stem in enumerate("حادي ثاني ثالث رابع خامس سادس سابع ثامن تاسع عاشر".split(), 1):
        put("ordinal", value, stem, f"{stem}ه")
    put("ordinal", 2, "ثان", "ثانيا")
    for value, words in [*_WEAK.items(), *_ENGLISH.items()]:
        put("weak", value, *words.split())
    put("two", 2, *(f"{noun}ين" for noun in _COUNTED.split()))
    put("month", 0, *"كانون تشرين ربيع جمادي ذو ذي".split())
    return table


WORDS = _table()
