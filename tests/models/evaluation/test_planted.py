"""What the checks are worth: on errors planted in correct pairs, and on correct translations by others."""

from __future__ import annotations

import pytest

from models.evaluation import planted
from models.evaluation.planted import CHECKS, NUMBERS, PLANTED, PUBLIC, alarms, lines, measure, read_planted
from models.evaluation.planters import PLANTERS
from tests import plants

LEAST = {  # recall and precision of each check
    "numbers": (0.97, 0.95),
    "names": (0.84, 0.95),
    "negation": (0.9, 0.95),
    "hedge": (0.95, 0.95),
    "opposite": (1, 0.9),
    "dropped": (0.6, 0.9),
    "loop": (1, 1),
    "arabic": (1, 1),
}


def test_the_planted_set_is_what_its_script_makes():
    assert read_planted(PLANTED) == list(plants.rows())


def test_the_planted_set_is_large_and_every_kind_is_measured():
    kinds = [row["kind"] for row in read_planted(PLANTED)]
    assert sum(map(bool, kinds)) >= 400 and kinds.count("") >= 300
    measured = frozenset().union(*(planted for _, planted in CHECKS.values()))
    assert measured - set(PLANTERS) <= set(kinds) - {""} <= measured


def test_no_planted_error_leaves_the_text_as_it_was():
    rows = read_planted(PLANTED)
    correct = {(row["arabic"], row["english"]) for row in rows if not row["kind"]}
    assert not [row for row in rows if row["kind"] and (row["arabic"], row["english"]) in correct]


def test_recall_and_precision_of_each_check():
    scores = measure(read_planted(PLANTED))
    assert scores.keys() == LEAST.keys()
    for name, (recall, precision) in LEAST.items():
        assert scores[name].recall >= recall, (name, scores[name])
        assert scores[name].precision >= precision, (name, scores[name])


@pytest.mark.slow
@pytest.mark.parametrize("system", ["en", "google.en"])
def test_correct_translations_by_others_are_seldom_flagged(system):
    """Of FLORES devtest, which nothing was tuned on: numbers in at most 1% of sentences, anything in 3%."""
    if not PUBLIC.is_dir():
        pytest.skip("../shared/eval is not here")
    sources, texts = lines(PUBLIC / "flores-test.ar"), lines(PUBLIC / f"flores-test.{system}")
    counts = alarms(sources, texts)
    assert counts["any number"] <= 0.01 * len(sources) and counts["any"] <= 0.03 * len(sources), counts
    assert counts["any number"] <= sum(counts[flag] for flag in NUMBERS)


def test_the_command_line(tmp_path, capsys, monkeypatch):
    few = tmp_path / "few.jsonl"
    rows = PLANTED.read_text(encoding="utf-8").splitlines()[:12]
    few.write_text("\n".join(rows) + "\n", encoding="utf-8")
    monkeypatch.setattr(planted, "PUBLIC", tmp_path / "none")
    assert planted.main(["--planted", str(few)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("12 pairs, ") and "precision" in out and "is not here" in out
