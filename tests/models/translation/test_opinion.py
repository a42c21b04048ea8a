"""A second model's opinion: said where it reads a sentence otherwise, kept in the memory, shown wherever it is."""

import html
from concurrent.futures import Future
from dataclasses import replace

import pytest

from models.checks.fidelity import FLAGS, in_words
from models.engines.registry import DEFAULT_CACHE
from models.errors import SettingError
from models.translation.consensus import likeness
from models.translation.loader import load_translator
from models.translation.opinion import TwoOpinions, _Both, differ, weighed
from models.types import Sentence, Translation
from service import create_app
from service.config import Settings
from service.core import sentence_record
from tests import tiny

SOURCE = Sentence(0, 0, 0, 4, "نعم.")
FIRST = Translation(SOURCE, "Two parties declared their allegiance to the law.", -0.3, ("names",))


def reading(text, score=-0.4, flags=()):
    return Translation(SOURCE, text, score, flags)


def test_what_the_second_reads_otherwise_stands_beside_the_first():
    other = reading("Two parties will boycott the election in protest.")
    found = weighed(FIRST, other)
    assert found == replace(FIRST, flags=("names", "disputed"), other=other.text)
    assert sentence_record(found)["other"] == other.text
    assert in_words("disputed", other.text) == f"{FLAGS['disputed']} The other reads: {other.text}"
    assert in_words("unsure", other.text) == FLAGS["unsure"]


@pytest.mark.parametrize(
    ("text", "other", "disputed"),
    [
        ("The ministry denied it had dismissed him.", "The ministry said it had dismissed him.", True),
        ("The court acquitted the former minister.", "The court convicted the former minister.", True),
        ("Prices rose by three per cent in May.", "Prices fell by three per cent in May.", True),
        ("There was a lack of seismic activity.", "There was an absence of seismic activity.", False),
        ("Dark clouds not related to the volcano were seen.", "Dark clouds unrelated to the volcano were seen.", False),
        ("The minister arrived in the capital on Monday.", "The minister arrived at the capital on Monday.", False),
    ],
)  # fmt: skip
def test_one_word_is_enough_where_it_turns_the_sentence_round(text, other, disputed):
    assert differ(text, other) is differ(other, text) is disputed


@pytest.mark.parametrize(
    "other",
    [
        reading("Two parties declared allegiance to the new law."),
        reading("loop loop loop loop", flags=("loop",)),
        reading("نعم.", None, ("untranslated",)),
    ],
)
def test_the_same_in_other_words_or_plain_nonsense_is_no_dispute(other):
    assert weighed(FIRST, other) == FIRST


def test_what_no_model_translated_is_not_disputed():
    copied = Translation(SOURCE, "OK.", None, ("copied",))
    assert weighed(copied, reading("Something else altogether.")) == copied


def test_likeness_is_one_for_the_same_and_none_for_nothing_in_common():
    assert likeness("The same.", "The same.") == pytest.approx(1)
    assert likeness("abc", "xyz") == likeness("", "xyz") == 0


def test_both_models_see_every_sentence_once(translator, marian_folder, cache):
    second = load_translator(str(marian_folder), effort="quick", cache=cache)
    both = TwoOpinions(translator, second)
    sentences = [Sentence(i, 0, 0, len(arabic), arabic) for i, (arabic, _) in enumerate(tiny.trained_pairs()[:30])]
    found = [coming.result() for coming in both.begin(sentences)]
    assert [one.sentence for one in found] == sentences
    assert all((one.other is not None) == ("disputed" in one.flags) for one in found)
    assert translator.signature in both.signature and second.signature in both.signature
    wider = load_translator(str(marian_folder), effort="quick", cache=cache, beam=7)
    assert TwoOpinions(translator, wider).signature != both.signature, "the memory of the one is not the other's"


def test_a_second_model_that_fails_takes_nothing_away_and_a_first_that_does_is_told():
    first, second = Future(), Future()
    both = _Both(first, second)
    second.set_exception(MemoryError())
    assert not both.done()
    first.set_result(FIRST)
    assert both.result() == FIRST
    failed, late = Future(), Future()
    both = _Both(failed, late)
    failed.set_exception(ValueError("out of room"))
    late.set_result(FIRST)
    with pytest.raises(ValueError, match="out of room"):
        both.result()


def test_cancelling_cancels_both():
    first, second = Future(), Future()
    both = _Both(first, second)
    assert both.cancel() and first.cancelled() and second.cancelled() and both.cancelled()


def test_when_there_is_a_second_model():
    assert Settings().second_model == "embedded-fast" and Settings(model="embedded-fast").second_model is None
    assert Settings(second="none").second_model is None and Settings(model="x", second="y").second_model == "y"
    with pytest.raises(SettingError, match="MUJAZ_SECOND: 'x' is MUJAZ_MODEL too"):
        Settings(model="x", second="x")
    assert Settings(model="x").second_model is None


def test_the_service_shows_both_readings(tmp_path):
    app = create_app(Settings(data=tmp_path, cache=DEFAULT_CACHE))
    app.extensions["mujaz"].wait()
    client = app.test_client()
    text = "وأعلن حزبان مقاطعة الانتخابات احتجاجاً على القانون الجديد. هل تتبع الهزة هزات أقوى؟ لم تكشف المحكمة عن اسمه."
    made = [client.post("/api/v1/briefs", json={"text": text}).get_json() for _ in range(2)]  # the second from memory
    found = [record["translation"]["sentences"] for record in made]
    assert found[0] == found[1] and "second:model:mujaz-ar-en-fast" in made[0]["signature"]
    disputed = [one for one in found[0] if "disputed" in one["flags"]]
    assert disputed and all(one["other"] and one["other"] != one["text"] for one in disputed)
    assert all(one["other"] is None for one in found[0] if one not in disputed)
    page = html.unescape(client.get(f"/briefs/{made[0]['id']}").get_data(as_text=True))
    assert all(f"The other reads: {one['other']}" in page for one in disputed)
