from dataclasses import replace

from models.translation import repair
from models.translation.loader import load_translator
from models.types import Sentence, Translation
from tests import tiny


def translation(source, text, *flags):
    return Translation(Sentence(0, 0, 0, len(source), source), text, -1.0, flags)


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
    assert not repair.in_doubt(replace(sure, score=-0.5), 0.5), "its model is seldom sure"
    long = replace(translation("كلمة " * 20, "x"), score=-0.5)
    assert not repair.in_doubt(long)


def test_a_real_model_s_mistakes(model_folder, cache):
    """Second chances leave no more of them than there were, and what comes back repaired passes."""
    on, off = (load_translator(str(model_folder), cache=cache, effort=effort) for effort in ("normal", "quick"))
    assert on.signature != off.signature
    sentences = [Sentence(i, 0, 0, len(text), text) for i, text in enumerate(tiny.renumbered())]
    pairs = list(zip(on.translate(sentences), off.translate(sentences), strict=True))
    passed, before = (sum(repair.passes(one) for one in side) for side in zip(*pairs, strict=True))
    assert passed >= before and before < len(pairs)
    assert all(repair.passes(one) for one, _ in pairs if "repaired" in one.flags)
    assert [one.sentence for one, _ in pairs] == [one.sentence for _, one in pairs] == sentences
