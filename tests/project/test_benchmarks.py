"""The benchmarks' harness on the tests' small model: that it runs and reports, not how fast anything is."""

from __future__ import annotations

import json
import shutil
import sys
import zipfile
from importlib.util import find_spec

import pytest

from benchmarks import __main__ as bench
from benchmarks import report
from benchmarks.contenders.generate import Generate
from benchmarks.corpus import Corpus, topics
from benchmarks.field import Contender
from benchmarks.measure import Bench, Plan
from benchmarks.peers import argos_package
from benchmarks.runner import Failed, Process
from models.engines.conversion import prepare
from models.text.segment import normalize, split_sentences
from models.translation.loader import load_translator
from models.types import Sentence
from tests import tiny


def test_no_two_sentences_of_the_corpus_are_equal():
    corpus = Corpus(1)
    sentences = [s for a in corpus.articles(20_000) for s in a.sentences] + [a.text for a in corpus.items(2_000)]
    assert len(set(sentences)) == len(sentences) > 2_500


def test_a_quarter_of_the_sentences_have_digits():
    sentences = [s for a in Corpus(1).articles(10_000) for s in a.sentences]
    assert 0.22 < sum(any(c.isdigit() for c in s) for s in sentences) / len(sentences) < 0.28


def test_the_corpus_depends_on_its_seed_alone():
    assert Corpus(1).articles(500) == Corpus(1).articles(500) != Corpus(2).articles(500)


def test_every_template_makes_one_sentence_that_is_normal_already():
    corpus = Corpus(1)
    for template in (template for topic in topics() for template in topic):
        text = corpus._fill(template)
        assert normalize(text) == text and "{" not in text, template
        assert len(split_sentences(text)) == 1, template


def test_shared_sentences_are_used_once_and_never_again():
    ours = [f"هذه جملة مشتركة رقمها {number}." for number in range(50)]
    found = [s for a in Corpus(1, ours).articles(10_000) for s in a.sentences]
    assert [s for s in found if s in ours] == ours


@pytest.fixture
def measured(tmp_path, model_folder, cache):
    """A run over the ceiling, the pipeline and the server, as short as can be."""
    arguments = ["--only", "e", "f", "f0", "g4", "--minutes", "0.02", "--out", str(tmp_path / "out")]
    arguments += ["--model", str(model_folder), "--cache", str(cache), "--picture", str(tmp_path / "bench.png")]
    assert bench.main(arguments) == 0
    return tmp_path


@pytest.mark.slow
def test_it_measures_and_reports(measured):
    found = json.loads((measured / "out" / "results.json").read_text(encoding="utf-8"))
    assert found["missing"] == {}
    (first, *_) = found["rounds"]
    for key in ("e", "f", "f0", "g4"):
        assert first[key]["words"] > 0 and first[key]["seconds"] > 0 and first[key]["out"] > 0
        assert first[key]["peak_mb"] > 20 and 0 < first[key]["first"] < first[key]["cold"] < 60
    assert first["f0"]["same"] == 1 and first["e"]["same"] > 0.2, "the ceiling decodes what the pipeline decodes"
    assert [ratio["of"] for ratio in found["ratios"]] == ["f/e", "f0/e"]
    text = (measured / "out" / "results.md").read_text(encoding="utf-8")
    assert "| f | Mujaz's pipeline | " in text and "| f/e | " in text
    if find_spec("matplotlib"):
        assert (measured / "bench.png").read_bytes().startswith(b"\x89PNG")


def test_who_cannot_be_run_is_missing_and_stops_nothing():
    broken = Contender("x", "broken", lambda: Process([sys.executable, "-c", "raise SystemExit('no such thing')"]))
    unfinished = Contender("y", "not set up", lambda: pytest.fail("it was started"), missing="no package index")
    run = Bench([broken, unfinished], Corpus(1), Plan(0.1, 1, 1))
    run.calibrate()
    assert run.results.missing["y"] == "no package index"
    assert run.results.missing["x"].endswith("no such thing")
    table = report.table([broken, unfinished], run.results)
    assert "not measured: no package index" in table and "no such thing" in table


def test_a_model_is_packed_as_argos_reads_it(tmp_path, model_folder, cache):
    converted = prepare(model_folder, cache)
    with zipfile.ZipFile(argos_package(model_folder, converted, tmp_path)) as package:
        metadata = json.loads(package.read("translate-ar_en-1_0/metadata.json"))
        assert (metadata["from_code"], metadata["to_code"]) == ("ar", "en")
        assert json.loads(package.read("translate-ar_en-1_0/model/config.json"))["add_source_eos"] is True
        assert package.read("translate-ar_en-1_0/sentencepiece.model") == (model_folder / "source.spm").read_bytes()
        assert package.read("translate-ar_en-1_0/model/model.bin") == (converted / "model.bin").read_bytes()


def test_argos_runs_no_decoder_only_model_and_says_so(tmp_path, gemma_folder, cache):
    with pytest.raises(Failed, match="no decoder-only model"):
        argos_package(gemma_folder, prepare(gemma_folder, cache), tmp_path)


@pytest.mark.parametrize("kind", ["model_folder", "gemma_folder"])
def test_transformers_gives_what_mujaz_gives(kind, request, cache):
    """But for a near-tie: the contenders run the same weights, searched alike."""
    folder, sources = request.getfixturevalue(kind), [arabic for arabic, _ in tiny.trained_pairs()][:20]
    theirs = Generate(folder, beam=2).run([{"sentences": [text]} for text in sources])
    ours = load_translator(str(folder), beam=2, compute_type="float32", effort="quick", cache=cache)
    found = ours.translate([Sentence(i, 0, 0, len(text), text) for i, text in enumerate(sources)])
    assert sum(one.text == text for one, text in zip(found, theirs, strict=True)) > 15


def test_a_model_of_two_sentencepiece_files_is_refused(tmp_path, model_folder, cache):
    other = shutil.copytree(model_folder, tmp_path / "other")
    (other / "target.spm").write_bytes(b"another")
    with pytest.raises(Failed, match="two"):
        argos_package(other, prepare(model_folder, cache), tmp_path)
