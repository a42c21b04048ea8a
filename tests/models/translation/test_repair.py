from dataclasses import replace

import pytest

from models.checks import fidelity
from models.translation import repair
from models.translation.loader import load_translator
from models.types import Sentence, Translation
from tests import tiny


def translation(source, text, *flags):
    return Translation(Sentence(0, 0, 0, len(source), source), text, -1.0, flags)


FIGURES = [
    ("خاض اللاعب 49 مباراة.", "The player played 48 matches.", "The player played 49 matches."),
    ("أصيب ١٠٤٠ شخصاً.", "40 people were injured.", "1040 people were injured."),
    ("جمعت الحملة 1.2 مليون توقيع.", "It has 1 million signatures.", "It has 1.2 million signatures."),
    ("بلغت الخسائر 14.7 مليار دولار.", "Losses reached 147 billion dollars.", "Losses reached 14.7 billion dollars."),
    ("غادر 12500 نازح المخيم.", "12,600 displaced people left the camp.", "12,500 displaced people left the camp."),
    ("ارتفعت الأسعار 35% هذا العام.", "Prices rose 45% this year.", "Prices rose 35% this year."),
    ("تحطمت الطائرة في (٠٢٣٠) ليلاً.", "The plane crashed at (3030) at night.", "The plane crashed at (0230) at night."),
    ("قتل 30 شخصاً وأصيب 56 آخرون.", "30 people were killed and 65 injured.", "30 people were killed and 56 injured."),
]  # fmt: skip
FIGURES += [
    ("حول المبلغ إلى الحساب 123456789.", "Sent to account 123456788.", "Sent to account 123456789."),
    ("وصلت الرحلة رقم 12345.", "Flight 12344 arrived.", "Flight 12345 arrived."),
]
UNTOUCHED = [
    ("خاض اللاعب 49 مباراة.", "The player played 49 matches."),  # nothing wrong
    ("خاض اللاعب 49 مباراة.", "The player played many matches."),  # missing: where should it go?
    ("وصلت 190 شاحنة.", "2 billion lorries arrived."),  # no slip: something else
    ("وصلت 190 شاحنة.", "Two lorries arrived."),  # words
    ("وصلت الحافلة عند 9:30.", "The bus arrived at 9:3030."),  # in the middle of something
    ("أنفقت 105 ملايين.", "A hundred were spent."),
    ("وصلت ثلاث شاحنات.", "4 lorries arrived."),  # the source has no figure to give
]


@pytest.mark.parametrize(("source", "text", "right"), FIGURES)
def test_a_garbled_figure_is_put_right_and_passes(source, text, right):
    assert not {"changed", "numbers", "added"}.isdisjoint(fidelity.check(source, text))
    assert repair.restore_figures(source, text) == right
    assert {"changed", "numbers", "added"}.isdisjoint(fidelity.check(source, right))


@pytest.mark.parametrize(("source", "text"), UNTOUCHED)
def test_what_is_no_slip_is_left_alone(source, text):
    assert repair.restore_figures(source, text) is None


LABELS = [
    ("وقع الحادث في 21 آذار.", "The accident happened on 21 November.", "The accident happened on 21 March."),
    ("وصل يوم الثلاثاء 7 تشرين الأول 2024.", "He came on Monday 7 Nov 2024.", "He came on Tuesday 7 October 2024."),
]


@pytest.mark.parametrize(("source", "text", "right"), LABELS)
def test_a_wrong_month_or_weekday_is_put_right(source, text, right):
    assert repair.restore_figures(source, text) == right


def test_what_mends_passes_and_brings_no_other_fault():
    bad, good = translation("أ", "x", "loop", "names"), translation("أ", "z", "names", "unsure")
    assert repair.mends(good, bad) and not repair.mends(bad, bad)
    assert not repair.mends(translation("أ", "z", "hedge"), bad)
    assert repair.marked(repair.marked(good)).flags == ("names", "unsure", "repaired")


def test_of_those_that_pass_the_one_nearest_to_all_is_chosen():
    source = "وصلت 7 شاحنات إلى المدينة."
    best = translation(source, "7 tons arrived in the town.", "numbers")
    found = [
        best,
        translation(source, "7 lorries arrived in the city.", "negation"),
        translation(source, "7 lorries have arrived in the city."),
        translation(source, "The city: 7 cars!"),
        translation(source, "7 lorries arrived in the cities."),
    ]
    chosen = repair.choose(best, found)
    assert chosen.text == found[2].text or chosen.text == found[4].text
    assert chosen.flags == ("repaired",)
    assert repair.choose(best, found[:2]) is best, "what has a new fault mends nothing"
    unsure = translation(source, "7 lorries came.", "unsure")
    assert "repaired" not in repair.choose(unsure, found).flags, "nothing was wrong with it"


def test_a_sentence_is_in_doubt_if_a_check_or_the_model_says_so():
    assert repair.in_doubt(translation("أ", "x", "numbers")) and repair.in_doubt(translation("أ", "x", "unsure"))
    sure = replace(translation("أ", "x", "dialect"), score=-0.3)
    assert not repair.in_doubt(sure) and repair.in_doubt(replace(sure, score=-0.5)), "sooner where it is short"
    long = replace(translation("كلمة " * 20, "x"), score=-0.5)
    assert not repair.in_doubt(long)


def test_a_real_model_s_mistakes(model_folder, cache):
    """What comes back repaired passes."""
    on, off = (load_translator(str(model_folder), cache=cache, effort=effort) for effort in ("normal", "quick"))
    assert on.signature != off.signature
    sentences = [Sentence(i, 0, 0, len(text), text) for i, text in enumerate(tiny.renumbered())]
    pairs = list(zip(on.translate(sentences), off.translate(sentences), strict=True))
    repaired = [with_ for with_, _ in pairs if "repaired" in with_.flags]
    assert repaired and all(repair.passes(one) for one in repaired)
    assert [one.sentence for one, _ in pairs] == [one.sentence for _, one in pairs] == sentences
