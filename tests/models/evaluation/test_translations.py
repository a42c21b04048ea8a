"""Figures that can be checked by hand, and the command line over files and over a real small model."""

from __future__ import annotations

import re

import pytest
import sacrebleu

from models.engines.registry import ROOT
from models.evaluation import translations
from tests import tiny
from tests.processes import python

EVAL = ROOT.parent / "shared" / "eval"
SOURCES = ["قتل 12 شخصا في 3 غارات.", "زار الوزير القاهرة.", "بلغ العدد ١٠٠٠."]
REFERENCES = ["12 people were killed in three raids.", "The minister visited Cairo.", "The number reached 1,000."]


def pairs() -> list[tuple[str, str]]:
    """The articles' sentences and their references, a line each."""
    return [(" ".join(arabic.split()), english) for arabic, english in tiny.pairs()]


@pytest.fixture
def files(tmp_path):
    def write(name, lines):
        path = tmp_path / name
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return str(path)

    return write


def test_health_counts_what_is_kept_and_what_is_no_translation():
    lines = ["12 people were killed in four raids.", "go go go go go go", "العدد"]
    health = translations.health(SOURCES, lines)
    assert health.numbers == pytest.approx(1 / 3)  # 12 is there; 3 and 1,000 are not
    assert (health.loops, health.empty, health.untranslated) == pytest.approx((1 / 3, 0, 1 / 3))
    assert translations.health(SOURCES, REFERENCES).numbers == 1
    assert translations.health(SOURCES, ["", " ", "x"]).empty == pytest.approx(2 / 3)


def test_the_figures_are_sacrebleus_and_a_better_system_is_told_apart(files, capsys):
    texts = pairs() * 3
    references = [english for _, english in texts]
    worse = [" ".join(line.split()[::-1]) for line in references]
    alike = [line.replace("the", "a", 1) for line in references]
    arguments = ["--source", files("s", [arabic for arabic, _ in texts]), "--reference", files("r", references)]
    others = ["--compare", f"alike={files('a', alike)}", "--compare", f"worse={files('w', worse)}"]
    assert translations.main([*arguments, "--model", "none", *others]) == 0
    out = capsys.readouterr().out
    rows = {line.split()[0]: line.split() for line in out.splitlines()}
    assert float(rows["alike"][1]) == pytest.approx(sacrebleu.corpus_bleu(alike, [references]).score, abs=0.051)
    assert float(rows["worse"][1]) == pytest.approx(sacrebleu.corpus_bleu(worse, [references]).score, abs=0.051)
    assert float(rows["worse"][4]) < 0.01  # the paired bootstrap's p for BLEU
    assert f"version:{sacrebleu.__version__}" in out


def test_two_systems_that_differ_by_chance_are_not_told_apart(files, capsys):
    texts = pairs()
    references = [english for _, english in texts]

    def with_faults(first):
        return [" ".join(line.split()[1:]) if i % 2 == first else line for i, line in enumerate(references)]

    arguments = ["--source", files("s", [arabic for arabic, _ in texts]), "--reference", files("r", references)]
    one, two = (f"{name}={files(name, with_faults(first))}" for name, first in (("one", 0), ("two", 1)))
    assert translations.main([*arguments, "--model", "none", "--compare", one, "--compare", two]) == 0
    rows = {line.split()[0]: line.split() for line in capsys.readouterr().out.splitlines()}
    assert float(rows["two"][4]) > 0.05


def test_the_worst_sentence_is_shown_first(files, capsys):
    output = [REFERENCES[0], "A dog ran.", REFERENCES[2]]
    arguments = ["--source", files("s", SOURCES), "--reference", files("r", REFERENCES), "--model", "none"]
    assert translations.main([*arguments, "--compare", f"x={files('x', output)}", "--show", "1"]) == 0
    out = capsys.readouterr().out
    assert "#2 " in out and "A dog ran." in out and "#1 " not in out and SOURCES[1] in out


def test_a_model_is_loaded_measured_and_written_down(model_folder, files, tmp_path, capsys):
    texts = pairs()[:12]
    arguments = ["--source", files("s", [a for a, _ in texts]), "--reference", files("r", [e for _, e in texts])]
    output = tmp_path / "out"
    options = ["--model", str(model_folder), *"--beam 1 --passes 1 --sentences 9 --output".split(), str(output)]
    assert translations.main([*arguments, *options]) == 0
    out = capsys.readouterr().out
    assert "|compute:int8|beam:1|" in out and "source words/s" in out
    assert len(output.read_text(encoding="utf-8").splitlines()) == 9


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"--source": "no-such-file"}, "source: no-such-file cannot be read"),
        ({"--reference": "short"}, "reference: .*short has 2 lines; 3 needed"),
        ({"--compare": "x=short"}, "compare: .*short has 2 lines; 3 needed"),
        ({"--compare": None}, "at least one --compare NAME=FILE"),
        ({"--model": "nowhere"}, "no model 'nowhere' to translate with; choose embedded"),
    ],
)
def test_a_wrong_argument_is_named(change, message, files, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    files("short", REFERENCES[:2])
    given = {"--source": files("s", SOURCES), "--reference": files("r", REFERENCES)}
    given |= {"--model": "none", "--compare": f"x={files('x', REFERENCES)}"} | change
    assert translations.main([part for pair in given.items() if pair[1] for part in pair]) == 2
    assert re.search(message, capsys.readouterr().err)


def of_flores(*options) -> str:
    """What the command prints of FLORES devtest."""
    if not EVAL.is_dir():
        pytest.skip("../shared/eval is not here")
    sides = ["--source", EVAL / "flores-test.ar", "--reference", EVAL / "flores-test.en"]
    return python("-m", "models.evaluation.translations", *sides, *options, check=True).stdout


def test_the_peers_figures_are_those_that_are_known():
    out = of_flores("--model", "none", "--compare", f"opusmt={EVAL / 'flores-test.opusmt.en'}")
    row = next(line.split() for line in out.splitlines() if line.startswith("opusmt"))
    assert (float(row[1]), float(row[4])) == (33.9, 61.0)


@pytest.mark.slow
def test_the_model_card_says_what_is_measured():
    """BLEU and chrF in the first row of the card's table."""
    out = of_flores("--passes", "1")
    card = (ROOT / "models" / "mujaz-ar-en" / "README.md").read_text(encoding="utf-8")
    rows = [next(line for line in text.splitlines() if line.startswith("mujaz-ar-en ")) for text in (card, out)]
    said, found = ([float(row.split()[i]) for i in (1, 4)] for row in rows)
    assert found == pytest.approx(said, abs=0.5)  # int8 comes out a little differently on another CPU
