"""What is right by pattern."""

import pytest

from models.evaluation import kinds
from tests import tiny

HEAD = "kind\tarabic\tenglish\tmust\tmust_not\n"


def test_right_is_what_matches_one_pattern_and_not_the_other():
    case = {"must": "seven.*lorries", "must_not": "eight"}
    assert kinds.is_right(case, "SEVEN big lorries")
    assert not kinds.is_right(case, "Seven or eight lorries") and not kinds.is_right(case, "lorries")
    assert kinds.is_right({"must": "seven", "must_not": ""}, "seven")


def test_the_table(model_folder, tmp_path, capsys):
    (one, english), (two, _) = tiny.trained_pairs()[1:3]
    rows = [("toll", one, english, english[:6], ""), ("name", two, "?", "no such words", "")]
    file = tmp_path / "kinds.tsv"
    file.write_text(HEAD + "\n".join("\t".join(row) for row in rows) + "\n", encoding="utf-8")
    assert kinds.main([str(file), "--model", str(model_folder), "--show"]) == 0
    out = capsys.readouterr().out
    assert "toll           1 of   1 right" in out and "all            1 of   2 right" in out and f"name: {two}" in out


@pytest.mark.parametrize(
    ("text", "told"), [("", "the columns kind, arabic"), ("a\tb\n1\t2\n", "the columns kind, arabic")]
)
def test_a_file_of_another_kind_is_told(text, told, tmp_path, capsys):
    (tmp_path / "x.tsv").write_text(text)
    assert kinds.main([str(tmp_path / "x.tsv")]) == 2 and told in capsys.readouterr().err
    assert kinds.main([str(tmp_path / "none.tsv")]) == 2
