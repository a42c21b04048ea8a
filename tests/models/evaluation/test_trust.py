"""What the measuring commands for trust count."""

import hashlib

import pytest

from models.checks.fidelity import Finding
from models.doubts.pairs import Checked, Pair
from models.errors import InputError
from models.evaluation import trust, verdicts
from models.evaluation.verdicts import VERDICTS, Verdict, auc, by_reference, is_text, read, report
from models.types import Doubt, Judged, Sentence, Translation

SOURCE = Sentence(0, 0, 0, 4, "نعم.")


class Checks:
    """A checker that knows what it says of each English text."""

    def __init__(self, said):
        self.said = said

    def check(self, pairs):
        return (self.said[pair.english] for pair in pairs)


def test_each_kind_has_its_shares_and_right_texts_count_once():
    rule, model = Finding("numbers", "7"), Finding("contrast", "a → b")
    said = {"w1": Checked((rule,), (), Judged()), "w2": Checked((), (model,), Judged()), "r": Checked((), (), Judged())}
    planted = [
        {"kind": kind, "arabic": "نعم", "english": english, "right": "r"}
        for kind, english in (("a", "w1"), ("b", "w2"))
    ]
    lines = list(trust.report(planted, Checks(said), "right"))
    assert [line.split() for line in lines[1:]] == [
        ["a", "1", "1.000", "0.000", "1.000"],
        ["b", "1", "0.000", "1.000", "1.000"],
        ["all", "wrong", "2", "0.500", "0.500", "1.000"],
        ["right", "1", "0.000", "0.000", "0.000"],
    ]
    shown = list(trust.report(planted, Checks({**said, "w1": said["r"]}), "a"))
    assert "w1" in shown[-1] and Pair("نعم", "w1").arabic in shown[-1]


@pytest.mark.parametrize(
    ("values", "wrong", "expected"),
    [([0.1, 0.9], [True, False], 1.0), ([0.9, 0.1], [True, False], 0.0), ([0.5, 0.5], [True, False], 0.5)],
)
def test_auc(values, wrong, expected):
    assert auc(values, wrong) == expected


def made(text, confidence, flags=(), words=()):
    return Translation(SOURCE, text, -0.3, flags, Judged(confidence, words))


def test_levels_flags_and_words_are_counted():
    pairs = [
        (Verdict("", "", 2, "wf"), made("a", 0.2, ("unsure", "split"))),
        (Verdict("", "", 0, "d"), made("b", 0.9)),
        (Verdict("", "", 1, ""), made("c", 0.6, ("names",))),
    ]
    lines = list(report(pairs))
    assert lines[0] == "1 of 3 have a grave error; AUC of the confidence 1.000"
    assert [line.split()[:4] for line in lines[2:5]] == [
        ["high", "1", "0.00", "1.00"], ["middle", "1", "0.00", "0.00"], ["low", "1", "1.00", "0.00"],
    ]  # fmt: skip
    assert ["any", "2", "1", "1", "0"] in [line.split() for line in lines]
    assert lines[-1] == "of 3 doubtful words, 1.00 a sentence: 1 wrong, 1 debatable, 1 fine"


def test_only_the_text_that_was_judged_counts():
    verdict = Verdict("", hashlib.sha256(b"Yes.").hexdigest()[:12], 0, "")
    assert is_text(verdict, made("Yes.", 0.5)) and not is_text(verdict, made("No.", 0.5))


def test_the_worst_fifth_is_told_by_confidence():
    written = [("Dogs.", 0.1, (Doubt(0, 4, 0.001),)), *[("The cat sat down.", 0.9, ())] * 4]
    pairs = [(["The cats sat down."], made(text, sure, words=words)) for text, sure, words in written]
    auc, _, *levels, doubtful, other = by_reference(pairs)
    assert auc == "AUC for the worst fifth of 5 by chrF, 1 reference: confidence 1.000, score 0.500"
    assert [line.split()[:3] for line in levels] == [
        ["high", "4", "0.00"],
        ["middle", "0", "0.00"],
        ["low", "1", "1.00"],
    ]
    assert doubtful.startswith("of 1 doubtful words, 0.20 a sentence: 1.00 have no form")
    assert other.startswith("of 12 other words, 2.40 a sentence: 0.00 have no form")


def test_a_second_reference_may_be_nearer():
    written = [("Dogs ran away.", 0.9), ("The cat sat.", 0.1), *[("The cats sat down.", 0.9)] * 3]
    pairs = [(["The cats sat down.", "Dogs ran away."], made(text, sure)) for text, sure in written]
    two, one, *_ = by_reference(pairs)
    assert "2 references: confidence 1.000" in two and "1 reference: confidence 0.375" in one


def test_the_verdicts_can_be_read_where_the_texts_are(monkeypatch, tmp_path):
    if verdicts.NEWS.is_file():
        held = read(VERDICTS, ("held",))
        assert len(held) == 130 and all(verdict.arabic and verdict.grade in (0, 1, 2) for verdict in held)
    monkeypatch.setattr(verdicts, "NEWS", tmp_path / "none")
    with pytest.raises(InputError, match="is not here"):
        read(VERDICTS, ("held",))
