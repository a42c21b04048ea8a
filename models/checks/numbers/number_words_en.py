"""The English words of numbers, dates and money, as `numerals_en` looks them up."""

from __future__ import annotations

UNITS = dict(
    zip(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split(),
        range(20),
        strict=True,
    )
)
TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
SHORT = {"k": 10**3, "m": 10**6, "mn": 10**6, "mln": 10**6, "bn": 10**9, "b": 10**9, "tn": 10**12}
ORDINALS = {
    word: i
    for i, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        1,
    )
} | dict(
    zip("thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth".split(), range(30, 100, 10), strict=True)
)
THIRD = round(1 / 3, 6)
FRACTIONS = {"half": 0.5, "halves": 0.5, "quarter": 0.25, "quarters": 0.25, "third": THIRD, "thirds": THIRD,
              "fifth": 0.2, "fifths": 0.2, "½": 0.5, "¼": 0.25, "¾": 0.75, "1⁄2": 0.5, "1⁄3": THIRD, "1⁄4": 0.25,
              "3⁄4": 0.75}  # fmt: skip
SHARES = {"thirds": 1 / 3, "quarters": 1 / 4, "fifths": 1 / 5}
HALVES = {0.5: (50, 30), 0.25: (25, 15, 4), 0.75: (75, 45)}
# Words that say a number among other things.
LOOSE: dict[str, tuple[float, ...]] = {
    **dict.fromkeys("once single sole alone another".split(), (1,)),
    **dict.fromkeys("twice both pair pairs couple couples double doubled doubling doubles twin twins dual two-fold "
                    "duo twofold either neither secondly bilateral other half-brothers pence binary".split(), (2,)),
    **dict.fromkeys("triple tripled treble trio triad thrice triplets threefold trilateral thirdly".split(), (3,)),
    **dict.fromkeys("quadruple fourfold quartet quadrupled quarterly".split(), (4,)),
    "quintuple": (5,), "fortnight": (2, 14, 15), "decade": (10,), "century": (100,), "centuries": (100,),
    "dozen": (12,), "weekly": (1,), "midnight": (12, 24, 0), "noon": (12,), "midday": (12,), "nil": (0,), "no": (0,),
    "biennial": (2,), "centenary": (100,), "semi": (0.5, 50), "mid": (0.5, 50), "millennium": (1000,),
    "quarterfinals": (8, 0.25), "quarterfinal": (8, 0.25), "semifinal": (4, 0.5), "semifinals": (4, 0.5), "a": (1,),
    "an": (1,), "initial": (1,), "initially": (1,), "primary": (1,), "unilateral": (1,), "score": (20,),
    "decades": (10, 20), "halved": (0.5, 50), "halving": (0.5, 50),
}  # fmt: skip
ROMAN = {"II": 2, "III": 3, "IV": 4, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "XI": 11, "XII": 12, "XIII": 13, "XIV": 14,
          "XV": 15, "XVI": 16, "V": 5, "X": 10, "I": 1}  # fmt: skip
VAGUE = {"dozens": 10, "tens": 10, "scores": 10, "hundreds": 100, "thousands": 1000, "millions": 10**6,
          "billions": 10**9, "trillions": 10**12}  # fmt: skip
MONTHS: dict[str, int | str] = {
    name: i
    for i, names in enumerate(
        "January Jan:February Feb:March Mar:April Apr:May:June Jun:July Jul:August Aug:September Sept Sep:October Oct:"
        "November Nov:December Dec".split(":"),
        1,
    )
    for name in names.split()
} | {name: "ramadan" for name in ("Ramadan", "Ramadhan")} | {
    "Muharram": "muharram", "Safar": "safar", "Rajab": "rajab", "Shaban": "shaban", "Shawwal": "shawwal",
    "Rabi": "rabi", "Jumada": "jumada", "Qadah": "dhu al-qadah", "Qidah": "dhu al-qadah", "Hijja": "dhu al-hijjah",
    "Hijjah": "dhu al-hijjah", "Sha'ban": "shaban", "Qi'dah": "dhu al-qadah", "Qa'dah": "dhu al-qadah",
}  # fmt: skip
WEEKDAYS = {day: i for i, day in enumerate("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(), 1)}
MONEY = {
    **{sign: ("dollar",) for sign in ("$", "dollar", "dollars", "usd")},
    **{sign: ("euro",) for sign in ("€", "euro", "euros", "eur")},
    **{sign: ("pound", "lira") for sign in ("£", "pound", "pounds", "gbp", "egp")},
    **{sign: ("rial",) for sign in "rial rials riyal riyals real reais sar".split()},
    **{sign: ("dirham",) for sign in "dirham dirhams aed".split()},
    **{sign: ("dinar",) for sign in "dinar dinars kwd".split()},
    **{sign: ("lira", "pound") for sign in "lira liras lire".split()},
    **{sign: ("rouble",) for sign in "rouble roubles ruble rubles".split()},
    **{sign: ("yuan",) for sign in "yuan renminbi".split()},
    **{sign: ("shekel",) for sign in "shekel shekels nis".split()},
    **{sign: ("franc",) for sign in "franc francs".split()},
    **{sign: ("peso",) for sign in "peso pesos".split()},
    **{sign: ("toman",) for sign in "toman tomans".split()},
    **{sign: ("rupee",) for sign in "rupee rupees rupiah".split()},
    **{sign: ("krone",) for sign in "krone krona kroner kronor krones".split()},
    **{sign: ("zloty",) for sign in "zloty zlotys".split()},
    "yen": ("yen",),
}
DECADES = {f"{tens[:-1]}ies": value for tens, value in TENS.items()}
KNOWN = frozenset().union(
    UNITS, TENS, SCALES, ORDINALS, FRACTIONS, LOOSE, VAGUE, MONEY, DECADES, ("hundred",),
    *(map(str.lower, names) for names in (MONTHS, ROMAN, WEEKDAYS, [f"{day}s" for day in WEEKDAYS])),
)  # fmt: skip
PERCENT = frozenset("% percent percentage pc percents percentages".split())
