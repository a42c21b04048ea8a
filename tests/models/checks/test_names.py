"""Which names are known, which sound alike, and which are called missing or the translation's own."""

from __future__ import annotations

import pytest

from models.checks import dialect, names, skeleton
from models.text.normalize import normalize
from tests import tiny
from tests.plants import FOLDER


@pytest.mark.parametrize(
    ("arabic", "english"),
    [
        ("محمد", "Mohammed"),
        ("محمد", "Muhammad"),
        ("غوتيريش", "Guterres"),
        ("القذافي", "Gaddafi"),
        ("تشافيز", "Chavez"),
        ("جوبا", "Juba"),
        ("والخطيب", "al-Khatib"),
        ("شكسبير", "Shakespeare"),
        ("فوكوشيما", "Fukushima"),
        ("بوتين", "Putin"),
        ("شينخوا", "Xinhua"),
        ("تشينغداو", "Qingdao"),
        ("بتروفيتش", "Petrovic"),
        ("غوتييه", "Gautier"),
        ("بوجيه", "Poujet"),
    ],
)
def test_names_that_sound_alike(arabic, english):
    assert skeleton.alike(skeleton.arabic(arabic), skeleton.english(english.removeprefix("al-")))


@pytest.mark.parametrize(("arabic", "english"), [("كريم", "Salma"), ("دمشق", "Cairo"), ("نبيل", "Marzouk")])
def test_names_that_do_not(arabic, english):
    assert not skeleton.alike(skeleton.arabic(arabic), skeleton.english(english))


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("زار الرئيس الفرنسي بيروت", "The French president visited Beirut", ([], [])),
        ("زار الرئيس الفرنسي بيروت", "The president of France visited Lebanon's capital", ([], [])),
        ("زار الرئيس الفرنسي بيروت", "The Italian president visited Beirut", (["الفرنسي"], ["Italian"])),
        ("وصل عبد الله منصور", "Abdullah Mansour arrived", ([], [])),
        ("وصل محمد منصور", "Kowalski arrived", (["محمد"], [])),
        ("قالت منظمة الصحة العالمية", "The World Health Organisation said", ([], [])),
        ("قالت منظمة الصحة العالمية", "WHO said", ([], [])),
        ("لا يزيد قطر المرآة على متر", "The mirror is a metre in diameter", ([], [])),  # not Qatar
        ("رفع يده اليمنى", "He raised his right hand", ([], [])),  # not Yemeni
        ("دفع عشرة دولارات أمريكية", "He paid $10", ([], [])),
        ("من قال ذلك؟", "Who said that?", ([], [])),  # not the WHO
        ("افتتح فرع iPhone", "An iPhone branch opened", ([], [])),
        ("وصل وفد من ساو باولو", "A delegation from São Paulo arrived", ([], [])),
        ("المحكمة العليا", "The Supreme Court", ([], [])),  # capitals of ordinary words
        ("وصل فريق UNHCR وWFP", "A team of UNHCR and WFP arrived", ([], [])),
        ("قال مدير الـBBC", "The director of the BBC said", ([], [])),
        ("افتتح متجر Craigmart", "A Craigsmart shop opened", ([], [])),  # spelt a little otherwise
        ("نشرت شينخوا الخبر", "Xinhua published the news", ([], [])),
        ("غادر الوفد غيانا الفرنسية", "The delegation left French Guiana", ([], [])),
        ("استقبل الوزير المصرى الوفد", "The Egyptian minister received the delegation", ([], [])),
        ("خسر ستة مليارات دولار", "He lost six billion US dollars", ([], [])),
        ("كلف الجسر مليون جنيه إسترليني", "The bridge cost a million British pounds", ([], [])),
        ("كلف الجسر مليون دولار", "The bridge cost US officials a million dollars", ([], ["US"])),
        ("عبر جبال القارة القطبية", "He crossed the Transantarctic Mountains", ([], [])),
        ("راقب العلماء الأحلام", "The scientists watched the REMs", ([], [])),
        ("اجتمعت دول القارة الأفريقية", "The AfCFTA met", ([], [])),
        ("أطلق جنود الاحتلال النار", "Israeli soldiers opened fire", ([], [])),
        ("أطلق جنود الاحتلال النار", "Occupation soldiers opened fire", ([], [])),
        ("وصل رئيس الوزراء", "The WFP president arrived", ([], ["WFP"])),
    ],
)
def test_differences(source, text, expected):
    assert names.differences(normalize(source), normalize(text)) == expected


def test_ordinary_words_and_others():
    assert all(map(names.is_ordinary, ["organisation", "interestingly", "stopped", "unwanted", "monday"]))
    assert not any(map(names.is_ordinary, ["guterres", "fukushima", "kowalski"]))


def test_sources_in_other_languages_and_dialects():
    """Sentences written for this: each is told, but for two of the dialects' at most, and none is called another's."""
    missed = []
    for line in (FOLDER / "sources.tsv").read_text(encoding="utf-8").splitlines():
        kind, name, text = line.split("\t")
        found = dialect.language(text) if kind == "language" else dialect.dialect(text)
        assert found in ("", name), text
        missed += [text] if not found else []
    assert len(missed) <= 2, missed


def test_standard_arabic_is_no_dialect():
    texts = [arabic for arabic, _ in tiny.pairs()]
    assert [text for text in texts if dialect.language(text) or dialect.dialect(text)] == []
