"""What a translation left out of its source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.checks.fidelity import in_words
from models.doubts.judge import Claim, Judge, Limits
from models.doubts.omission import LOSS, MARKS, MOST, REST, SHORTEST, left_out, omissions, says_more
from models.engines.registry import DEFAULT_CACHE, EMBEDDED_FAST
from models.translation.loader import load_translator


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("وصل الوزير إلى المدينة.", []),
        ("وصل الوزير إلى المدينة، ثم غادرها مساء.", ["وصل الوزير إلى المدينة", "ثم غادرها مساء"]),
        ("قال المدير: «لن نغلق المصنع»، ولم يزد على ذلك.", ["قال المدير", "لن نغلق المصنع", "ولم يزد على ذلك"]),
        ("حضر الوفد (وهو من خمسة أعضاء) الجلسة كلها.", ["حضر الوفد", "وهو من خمسة أعضاء", "الجلسة كلها"]),
        ("زار القرية والتقى أهلها وعاد مساء أمس.", ["زار القرية", "والتقى أهلها", "وعاد مساء أمس"]),
        ("وبحسب ما ذكرته وكالة الأنباء فإن المطر قادم.", []),
        ("بلغ السعر 1،5 دينار للكيلو.", []),
        ("نعم، وصل الوزير إلى المدينة.", []),  # too little on either side
        (", ".join(["ثم مضى كل"] * (2 * MOST)), []),
        ("، ".join(["ثم مضى كل"] * (2 * MOST)), ["ثم مضى كل، ثم مضى كل"] * MOST),  # two are asked for as one
    ],
)
def test_the_parts_that_may_be_missing(source, parts):
    assert [source[one.start : one.end].strip(MARKS) for one in omissions(source)] == parts


@given(st.text("ابو ،:()–\n.", max_size=120))
def test_a_part_and_the_rest_are_the_whole(source):
    for one in omissions(source):
        part = source[one.start : one.end]
        assert len(part.split()) == one.words >= SHORTEST and len(one.rest.split()) >= REST
        assert letters(part + one.rest) == letters(source)


def letters(text):
    return sorted(letter for letter in text if letter in "ابو")


def test_parts_side_by_side_that_are_missing_are_told_as_one():
    source = "قال الطبيب ذلك، محذرا من وباء جديد، وطلب مساعدة عاجلة."
    tried = omissions(source)
    assert [one.words for one in tried] == [3, 2, 2, 3]
    assert left_out(source, tried, [90, 1, 2, 90]) == "محذرا من وباء جديد"
    assert left_out(source, tried, [90, 1, 90, 2]) == "محذرا من"
    assert left_out(source, tried, [0, 0, 0, 0]) == source.strip(".")
    assert left_out(source, tried, [90, 90, 90, LOSS * 3]) is None
    assert left_out(source, [], []) is None


@pytest.mark.parametrize(
    ("reading", "more"),
    [
        ("The mayor opened the bridge.", False),
        ("The mayor opened a bridge there.", False),  # no word of content
        ("The mayor inaugurated the bridge.", False),  # one other word
        ("The mayor opened the wooden bridge.", False),
        ("The mayor opened the bridge yesterday evening.", True),
        ("The mayor of Tarmida opened the bridge.", True),  # a name
    ],
)
def test_a_text_may_lack_what_another_translation_has_in_a_row_or_as_a_name(reading, more):
    text = "The mayor opened the bridge."
    assert says_more(reading, text) == more
    assert Claim("", text, -0.3, "", [reading]).may_lack == more
    assert Claim("", text, -0.3, "", []).may_lack, "nothing speaks against it"


@pytest.fixture(scope="module")
def judge():
    return Judge(load_translator(EMBEDDED_FAST, threads=1, effort="quick", cache=DEFAULT_CACHE))


LEFT_OUT = [
    (
        "أعلن المحافظ فتح الجسر صباح الأحد، ونفى وقوع أي إصابات.",
        "The governor announced that the bridge would open on Sunday morning.",
        "The governor announced that the bridge would open on Sunday morning, and denied that there were any injuries.",
        "ونفى وقوع أي إصابات",
        "denied",
    ),
    (
        "وقال الطبيب إن المستشفى يحتاج إلى الوقود، محذرا من وفاة المرضى، وطلب مساعدة عاجلة.",
        "The doctor said that the hospital needs fuel, and asked for urgent help.",
        "The doctor said that the hospital needs fuel, warning that patients could die, and asked for urgent help.",
        "محذرا من وفاة المرضى",
        "patients",
    ),
]


@pytest.mark.parametrize(("source", "short", "whole", "words", "meaning"), LEFT_OUT)
def test_a_real_model_misses_what_is_not_there_and_says_what_it_means(judge, source, short, whole, words, meaning):
    found = judge.begin(Claim(source, short, -0.3, "", [whole])).result().omitted
    assert found.source == words and meaning in found.text.lower()
    assert judge.begin(Claim(source, whole, -0.3, "", [whole])).result().omitted is None
    part_alone = Claim(source, short, -0.3, "", [whole], limits=Limits(loss=0))
    assert judge.begin(part_alone).result().omitted is None, "a brief may leave out what it likes"


def test_what_is_missing_is_told_with_its_meaning():
    omitted = {"source": "ونفى ذلك", "text": "And denied it."}
    said = {"text": "He came.", "flags": ["dropped"], "omitted": omitted}
    told = in_words("dropped", said)
    assert told == "This seems to be missing from the translation: “And denied it.” (ونفى ذلك)"
    said["omitted"] = {**omitted, "text": None}
    assert in_words("dropped", said) == "This seems to be missing from the translation: ونفى ذلك"
