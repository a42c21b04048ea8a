"""The glossary: its file, its terms in Arabic, and the golden table of tests/data/glossary.

The table's English is ours, written as a good model might write it, and so are the renderings of the terms alone: what
must be replaced there and what must be left hangs on no model.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.ahead import done
from models.errors import InputError
from models.types import Sentence, Translation
from models.wording.applied import Editor
from models.wording.glossary import Glossary, Term, load
from models.wording.renderings import put
from tests.conftest import cases

DATA = Path(__file__).parents[2] / "data" / "glossary"
HEAD = "arabic,english,case,whole_word\n"


def table(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


class Alone:
    """A translator that knows the terms of the table, each by itself, and nothing else."""

    signature = "alone"
    asked = 0

    def __init__(self) -> None:
        self.known = dict(table("alone.tsv"))

    def begin(self, sentences, turn=None):
        self.asked += len(sentences)
        return [done(Translation(sentence, self.known[sentence.text], -0.5)) for sentence in sentences]


def translated(source: str, text: str, index: int = 0) -> Translation:
    return Translation(Sentence(index, 0, 0, len(source), source), text, -0.5)


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "glossary.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_a_file_is_read_with_its_defaults(tmp_path):
    text = 'arabic,english,case,whole_word\nأوبك,OPEC,,\n\n"هدنة", ceasefire ,no,exact\n'
    wanted = (Term("أوبك", "OPEC"), Term("هدنة", "ceasefire", case=False, whole="exact"))
    assert load(written(tmp_path, text)).terms == wanted
    assert load(written(tmp_path, text, "utf-8-sig")).terms == wanted, "with a byte order mark, as Excel writes it"
    assert load(written(tmp_path, "english,arabic\nOPEC,أوبك\n")).terms == wanted[:1], "columns in any order"
    assert load("") == Glossary()


def test_the_signature_is_that_of_the_terms(tmp_path):
    one = load(written(tmp_path, "arabic,english\nأوبك,OPEC\nقسد,SDF\n")).signature
    assert load(written(tmp_path, "english,arabic\nSDF,قسد\nOPEC,أوبك\n")).signature == one
    assert load(written(tmp_path, "arabic,english\nأوبك,Opec\nقسد,SDF\n")).signature != one
    assert load(written(tmp_path, "arabic,english,case\nأوبك,OPEC,no\nقسد,SDF,\n")).signature != one
    assert Glossary().signature == "none"


@pytest.mark.parametrize(("text", "told"), cases("wrong-glossaries"))
def test_what_is_wrong_with_a_file_is_told_by_line_and_column(tmp_path, text, told):
    with pytest.raises(InputError) as error:
        load(written(tmp_path, text))
    assert "glossary.csv" in str(error.value)
    for words in told:
        assert words in str(error.value)


def test_a_file_that_is_not_there_or_not_utf8(tmp_path):
    with pytest.raises(InputError, match=r"none\.csv cannot be read"):
        load(tmp_path / "none.csv")
    with pytest.raises(InputError, match="line 2: is not UTF-8"):
        load(written(tmp_path, HEAD + "أوبك,OPEC,,\n", "cp1256"))


@pytest.mark.parametrize(("arabic", "english", "whole", "found", "not_found"), cases("terms"))
def test_where_a_term_stands_in_arabic(arabic, english, whole, found, not_found):
    term = Term(arabic, english, whole=whole)
    glossary = Glossary((term,))
    for text in found:
        assert glossary.find(f"قال {text} أمس") == {term: 1}, text
    for text in not_found:
        assert glossary.find(f"قال {text} أمس") == {}, text


def test_of_terms_that_overlap_the_longest_is_taken():
    short, long = Term("الاتحاد", "the Union"), Term("الاتحاد الأفريقي", "AU")
    assert Glossary((short, long)).find("الاتحاد الأفريقي والاتحاد والاتحاد الأفريقي") == {long: 2, short: 1}


@pytest.mark.parametrize(("source", "text", "wanted"), table("sentences.tsv"))
def test_golden(source, text, wanted):
    editor = Editor(Alone(), load(DATA / "glossary.csv"))
    article = editor.article()
    found = article.apply(translated(source, text))
    assert found.text == (text if wanted in ("=", "-") else wanted)
    assert ("glossary" in found.flags) == (wanted == "-"), "a term that could not be put in is told"
    _, _, wording = article.finish([], [found])
    assert bool(wording.terms) == (found.text != text or wanted == "-"), "every change is in the record"
    again = editor.article().apply(found)
    assert again.text == found.text, "twice is once"


def test_there_are_enough_golden_cases():
    rows = table("sentences.tsv")
    assert len({source for source, _, _ in rows}) >= 60


def test_what_was_changed_is_said_with_its_sentence():
    term = Term("أوبك", "OPEC")
    article = Editor(Alone(), Glossary((term,))).article()
    title = article.apply(translated("أوبك تخفض الإنتاج", "Opec cuts output"), title=True)
    body = [translated("قالت أوبك ذلك.", "Opec said so.", 0), translated("وعادت أوبك.", "It came back.", 1)]
    _, _, wording = article.finish([title], [article.apply(one) for one in body])
    (use,) = wording.terms
    assert [(change.sentence, change.was) for change in use.changed] == [(None, "Opec"), (0, "Opec")]
    assert use.missing == (1,)


def test_a_term_is_asked_of_the_model_once():
    alone = Alone()
    editor = Editor(alone, load(DATA / "glossary.csv"))
    for _ in range(3):
        editor.article().apply(translated("رحبت أطباء بلا حدود", "They welcomed it"))
    assert alone.asked == 1


def test_flags_that_the_glossary_puts_right_go_and_no_other_may_come():
    guterres = Term("غوتيريش", "Guterres")
    article = Editor(Alone(), Glossary((guterres,))).article()
    wrong = translated("وأعرب غوتيريش عن قلقه", "Guterrich expressed concern")
    assert article.apply(replace(wrong, flags=("unsure",))).flags == ("unsure",)
    denial = Term("أوبك", "OPEC")
    alone = Alone()
    alone.known["أوبك"] = "Opec did not"
    article = Editor(alone, Glossary((denial,))).article()
    kept = article.apply(translated("لم تخفض أوبك الإنتاج", "Opec did not cut output"))
    assert kept.text == "OPEC did not cut output"
    kept = article.apply(translated("لم تخفض أوبك الإنتاج", "The group did not cut output"))
    assert kept.flags == ("glossary",)


def test_a_replacement_that_sets_off_a_check_is_not_made():
    alone = Alone()
    alone.known["أوبك"] = "did not cut"
    article = Editor(alone, Glossary((Term("أوبك", "OPEC"),))).article()
    found = article.apply(translated("لم تخفض أوبك الإنتاج", "They did not cut output"))
    assert (found.text, found.flags) == ("They did not cut output", ("glossary",))


words = st.lists(st.sampled_from("قال أوبك وأوبك هدنة الهدنة أمس غوتيريش لم 40".split()), min_size=1, max_size=8)
ENGLISH = "Opec OPEC opec said the truce Ceasefire ceasefire Guterrich not 40 .".split()
english = st.lists(st.sampled_from(ENGLISH), max_size=9)


@given(words, english)
@settings(max_examples=150, deadline=None)
def test_twice_is_once_and_none_changes_nothing(arabic, said):
    before = translated(" ".join(arabic), " ".join(said))
    assert Editor(Alone(), Glossary()).article().apply(before) is before
    terms = (Term("أوبك", "OPEC"), Term("هدنة", "ceasefire", case=False), Term("غوتيريش", "Guterres"))
    editor = Editor(Alone(), Glossary(terms))
    once = editor.article().apply(before)
    assert editor.article().apply(once).text == once.text


def test_nothing_around_a_term_changes():
    text = "On Friday — “Opec” (the group’s own word) said:  no."
    found = put(Term("أوبك", "OPEC"), 1, "أوبك", text, ["OPEC"], lambda term: "Opec")
    assert found == (text.replace("Opec", "OPEC"), ["Opec"])
