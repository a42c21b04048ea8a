"""A second model's opinion: said where it reads a sentence otherwise, kept in the memory, shown wherever it is."""

import html
from concurrent.futures import Future
from dataclasses import replace

import pytest

from models.ahead import done
from models.callers import Caller, Turn
from models.doubts.opinion import TwoOpinions, _judging, flagged
from models.engines.registry import DEFAULT_CACHE
from models.errors import SettingError
from models.translation.consensus import likeness
from models.translation.loader import load_translator
from models.types import Contrast, Doubt, Judged, Omitted, Sentence, Translation
from service import create_app
from service.config import Settings
from service.records import sentence_record
from tests import tiny

SOURCE = Sentence(0, 0, 0, 4, "نعم.")
FIRST = Translation(SOURCE, "Two parties declared their allegiance to the law.", -0.3, ("names",))


def test_what_is_found_becomes_flags_and_takes_the_place_of_the_models_own_doubt():
    found = Judged(0.4, (Doubt(4, 11, 0.001),), Contrast("two parties", "three parties"), None, "Another reading.")
    one = flagged(FIRST, found)
    assert one.judged == found and one.flags == ("names", "contrast", "disputed", "unsure")
    assert sentence_record(one)["other"] == "Another reading." and sentence_record(one)["words"][0]["start"] == 4
    assert flagged(replace(FIRST, flags=("unsure",)), Judged(0.9)).flags == ()
    left_out = Judged(0.9, omitted=Omitted("ونفى ذلك", "He denied it."))
    assert flagged(FIRST, left_out).flags == ("names", "dropped")
    assert sentence_record(flagged(FIRST, left_out))["omitted"] == {"source": "ونفى ذلك", "text": "He denied it."}
    assert flagged(replace(FIRST, flags=("dropped",)), Judged(0.9)).flags == ("dropped",), "a rule found it"
    assert flagged(replace(FIRST, flags=("unsure",)), Judged()).flags == ("unsure",), "nothing was found out"


def test_likeness_is_one_for_the_same_and_none_for_nothing_in_common():
    assert likeness("The same.", "The same.") == pytest.approx(1)
    assert likeness("abc", "xyz") == likeness("", "xyz") == 0


def test_both_models_see_every_sentence_once(translator, marian_folder, cache):
    second = load_translator(str(marian_folder), compute_type="float32", effort="quick", cache=cache)
    both = TwoOpinions(translator, second)
    sentences = [Sentence(i, 0, 0, len(arabic), arabic) for i, (arabic, _) in enumerate(tiny.trained_pairs()[:30])]
    found = [coming.result() for coming in both.begin(sentences)]
    assert [one.sentence for one in found] == sentences
    assert all((one.judged.other is not None) == ("disputed" in one.flags) for one in found)
    assert translator.signature in both.signature and second.signature in both.signature
    wider = load_translator(str(marian_folder), compute_type="float32", effort="quick", cache=cache, beam=7)
    assert TwoOpinions(translator, wider).signature != both.signature, "the memory of the one is not the other's"


class Reader(Caller):
    """Keeps the drafts."""

    def __init__(self):
        self.drafts = []

    def drafted(self, source, text):
        self.drafts.append((source, text))


def test_whoever_waits_sees_what_the_first_model_wrote_before_the_second_has_judged():
    first, second, reader = Future(), Future(), Reader()
    both = _judging(first, second, None, "first", Turn(0, reader))
    first.set_result(FIRST)
    assert reader.drafts == [(SOURCE.text, FIRST.text)] and not both.done()
    failed = Future()
    _judging(failed, second, None, "first", Turn(0, reader))
    failed.set_exception(ValueError("out of room"))
    nonsense = Future()
    _judging(nonsense, second, None, "first", Turn(0, reader))
    nonsense.set_result(replace(FIRST, flags=("loop",)))
    gone = Future()
    _judging(gone, second, None, "first", Turn(0, reader)).cancel()
    assert len(reader.drafts) == 1


def test_whoever_waits_sees_a_sentence_before_it_is_searched_again(marian_folder, cache):
    sentences = [Sentence(i, 0, 0, len(arabic), arabic) for i, (arabic, _) in enumerate(tiny.trained_pairs()[:3])]
    told = {}
    for effort in ("careful", "quick"):
        searching = load_translator(str(marian_folder), compute_type="float32", effort=effort, cache=cache)
        reader = Reader()
        for coming in searching.begin(sentences, Turn(0, reader)):
            coming.result()
        told[effort] = sorted(source for source, _ in reader.drafts)
    assert told == {"careful": sorted(one.text for one in sentences), "quick": []}, "what is searched once is no draft"


def test_a_second_model_that_fails_takes_nothing_away_and_a_first_that_does_is_told():
    first, second = Future(), Future()
    both = _judging(first, second, None, "first", Turn())
    second.set_exception(MemoryError())
    assert not both.done()
    first.set_result(FIRST)
    assert both.result() == FIRST
    failed, late = Future(), Future()
    both = _judging(failed, late, None, "first", Turn())
    failed.set_exception(ValueError("out of room"))
    late.set_result(FIRST)
    with pytest.raises(ValueError, match="out of room"):
        both.result()


def test_cancelling_cancels_both():
    first, second = Future(), Future()
    both = _judging(first, second, None, "first", Turn())
    assert both.cancel() and first.cancelled() and second.cancelled() and both.cancelled()


def test_when_there_is_a_second_model():
    assert Settings().second_model == "embedded-fast" and Settings(model="embedded-fast").second_model is None
    assert Settings(second="none").second_model is None and Settings(model="x", second="y").second_model == "y"
    with pytest.raises(SettingError, match="MUJAZ_SECOND: 'x' is MUJAZ_MODEL too"):
        Settings(model="x", second="x")
    assert Settings(model="x").second_model is None


def test_a_judge_that_fails_takes_nothing_away():
    class Broken:
        def begin(self, claim, turn):
            failed = Future()
            failed.set_exception(MemoryError())
            return failed

    both = _judging(done(FIRST), done(FIRST), Broken(), "first", 0)
    assert both.result() == FIRST


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
