import gzip
import json
import re
from dataclasses import replace

import numpy as np
import pytest

from models.briefs.extractive import ExtractiveSummarizer
from models.errors import InputError
from models.evaluation import brief_sets
from models.evaluation.baselines import Chance, Lead, Sumy
from models.evaluation.brief_sets import HALVES, SETS, Article, Fact
from models.evaluation.briefs import carries, interval, main, measure, selection_f1, systems, translate, unsupported
from models.text.segment import split_sentences
from models.types import BriefSentence, Sentence, Summary, Translation
from tests.conftest import cases, translations

OWN = {half: list(brief_sets.own(half)) for half in HALVES}
ARTICLE = OWN["tune"][0]
(PLAIN,) = translate([ARTICLE], None)


def row(line):
    """The cells of a Markdown table's row."""
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_own_set_is_whole():
    articles = [article for half in HALVES for article in OWN[half]]
    assert len(articles) == 24 == len({article.id for article in articles})
    for half in HALVES:
        assert [a.form for a in OWN[half]].count("late") == 6 == [a.form for a in OWN[half]].count("pyramid")
    for article in articles:
        assert 8 <= len(article.sentences) <= 25, article.id
        assert len(article.facts) >= 4 and all(fact.text and fact.sentences for fact in article.facts), article.id
        assert all(fact.sentences <= set(range(len(article.sentences))) for fact in article.facts), article.id
        assert len({sentence.text for sentence in article.sentences}) == len(article.sentences), article.id


def test_figures_of_a_fact_are_in_its_sentence():
    """A guard against indices that have slipped: digits of the statement stand in one of its sentences."""
    for article in (article for half in HALVES for article in OWN[half]):
        for fact in article.facts:
            held = " ".join(article.sentences[i].text for i in fact.sentences)
            figures = re.findall(r"(?<![\d,.])\d{2,}(?![\d,.])", fact.text)
            assert not figures or any(n in held for n in figures), (article.id, fact.text)


def test_indices_that_have_slipped_are_refused(tmp_path):
    record = {"id": "x", "half": "tune", "form": "late", "paragraphs": [["قال الوزير. وأضاف المدير."]], "facts": []}
    (tmp_path / "x.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.json"):
        list(brief_sets.own("tune", tmp_path))


def test_halves_are_fixed():
    assert [brief_sets.half_of(f"easc-{i}") for i in range(1, 7)] == "report report report report tune report".split()


def test_an_extract_takes_sentences_whatever_its_spelling():
    text = "أعلنت الوزارة إغلاق الطريق الساحلي. قال شهود إن السيارات عالقة. ويُفتح الطريق غداً."
    extract = "اعلنت الوزارةاغلاق الطريق الساحلي . ويفتح الطريق غدا"
    assert brief_sets.taken(tuple(split_sentences(text)), extract) == {0, 2}


@pytest.fixture
def shared(tmp_path):
    """Two small sets in the shared format, made of this project's own articles."""
    texts = [" ".join(s.text for s in article.sentences) for half in HALVES for article in OWN[half]]
    with gzip.open(tmp_path / SETS["easc"].file, "wt", encoding="utf-8") as file:
        for i, text in enumerate(texts):
            first, second, third, *_ = (s.text for s in split_sentences(text))
            record = {"id": f"e{i}", "text": text, "summary": [f"{first} {third}", f"{first} {second}"]}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    with gzip.open(tmp_path / SETS["almayadeen"].file, "wt", encoding="utf-8") as file:
        for i, text in enumerate(texts):
            record = {"id": f"m{i}", "text": text, "summary": split_sentences(text)[0].text}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return tmp_path


def test_shared_sets_are_read_in_halves(shared):
    tune, report = (brief_sets.read(SETS["easc"], half, 100, shared) for half in HALVES)
    assert len(tune) + len(report) == 24 and not {a.id for a in tune} & {a.id for a in report}
    assert all(article.extracts == ({0, 2}, {0, 1}) and article.length == 2 for article in tune)
    assert len(brief_sets.read(SETS["easc"], "tune", 3, shared)) == 3


def test_a_set_that_is_not_there_is_named(tmp_path, capsys):
    with pytest.raises(InputError, match="bbc cannot be read"):
        brief_sets.read(SETS["bbc"], "tune", 1, tmp_path)
    assert main(["--set", "bbc", "--shared", str(tmp_path)]) == 2
    assert "bbc" in capsys.readouterr().err


def test_baselines_choose_as_they_say():
    assert [s.sources for s in Lead().summarize(PLAIN, 3)] == [(0,), (1,), (2,)]
    chosen = {seed: Chance(seed).summarize(PLAIN, 3) for seed in range(5)}
    assert chosen[0] == Chance(0).summarize(PLAIN, 3) and len(set(chosen.values())) > 1
    for name in ("lexrank", "textrank"):
        brief = Sumy(name, "arabic").summarize(PLAIN, 3)
        assert len(brief) == 3 and not any(unsupported(s, dict(enumerate(PLAIN))) for s in brief)
    assert len(Lead().summarize(PLAIN[:2], 3)) == len(Chance(1).summarize(PLAIN[:2], 3)) == 2


def test_sumy_rates_the_sentence_that_others_are_about():
    texts = "النهر أغرق القرى والحقول|القرى فقدت الطرق|الحقول فقدت القمح|النهر يعود اليوم|فاز الفريق بالكأس"
    sentences = [Translation(Sentence(i, 0, 0, 0, text), text) for i, text in enumerate(texts.split("|"))]
    assert [s.sources for s in Sumy("lexrank", "arabic").summarize(sentences, 1)] == [(0,)]


FLOOD = ("قتل الفيضان 14 شخصا في القرية.", "The flood killed 14 people in the village.")
TRANSLATIONS = dict(enumerate(translations([FLOOD, ("لم تفتح المدارس.", "The schools did not open.")])))


@pytest.mark.parametrize(("text", "sources", "exact", "wrong"), cases("unsupported"))
def test_unsupported_claims_are_counted(text, sources, exact, wrong):
    assert unsupported(BriefSentence(text, tuple(sources), exact), TRANSLATIONS) is wrong


def test_a_fact_is_carried_by_its_sentence_or_by_words_that_say_it():
    fact = Fact("The flood killed 14 people.", frozenset({0}))
    assert carries(BriefSentence(TRANSLATIONS[0].text, (0,), True), fact)
    assert not carries(BriefSentence(TRANSLATIONS[1].text, (1,), True), fact)
    assert carries(BriefSentence("In the village 14 people were killed by the flood.", (0, 1), False), fact)
    assert not carries(BriefSentence("There was news from the village.", (0,), False), fact)


def test_f1_is_the_mean_over_people():
    assert selection_f1(frozenset({0, 1}), [frozenset({0, 1}), frozenset({1, 2}), frozenset({4})]) == pytest.approx(0.5)
    assert selection_f1(frozenset(), [frozenset({1})]) == 0


def test_a_fact_in_a_flagged_translation_is_not_sound():
    flagged = [replace(t, score=-1.0, flags=("numbers",) if t.sentence.index == 0 else ()) for t in PLAIN]
    (clean,) = measure([ARTICLE], [[replace(t, score=-1.0) for t in PLAIN]], [Lead()]).values()
    (found,) = measure([ARTICLE], [flagged], [Lead()]).values()
    assert clean["sound"] == clean["facts"] == found["facts"] > found["sound"] > 0
    (untranslated,) = measure([ARTICLE], [PLAIN], [Lead()]).values()
    assert "sound" not in untranslated


class Oracle:
    """Chooses what carries facts, or the opposite, or claims what is not there."""

    signature = "oracle"

    def __init__(self, name):
        self.name = name

    def summarize(self, translations, limit):
        if self.name == "liar":
            return Summary((BriefSentence("All is well.", (len(translations) + 5,), False),))
        telling = frozenset().union(*(fact.sentences for fact in ARTICLE.facts))
        wanted = [t for t in translations if (t.sentence.index in telling) == (self.name == "good")]
        return tuple(BriefSentence(t.text, (t.sentence.index,), True) for t in wanted)


def test_the_best_brief_recalls_all_and_a_lie_nothing():
    measured = measure([ARTICLE], [PLAIN], [Oracle("good"), Oracle("bad"), Oracle("liar")])
    assert [measured[name]["facts"].tolist() for name in measured] == [[1.0], [0.0], [0.0]]
    assert [measured[name]["unsupported"].tolist() for name in measured] == [[0.0], [0.0], [1.0]]


def test_rouge_reads_arabic():
    texts = ("أغلقت الوزارة الطريق.", "عاد التلاميذ.")
    sentences = tuple(Sentence(i, 0, 0, 0, text) for i, text in enumerate(texts))
    article = Article("x", sentences, 1, references=("شيء آخر", "أغْلقت الوزارة الطريق"))
    measured = measure([article], translate([article], None), [Lead()])
    assert measured["lead"]["rouge1"].tolist() == measured["lead"]["rouge2"].tolist() == [1.0]


def test_seeds_are_averaged():
    every = measure(OWN["tune"], translate(OWN["tune"], None), [Chance(1), Chance(2)])
    one, two = (measure(OWN["tune"], translate(OWN["tune"], None), [Chance(seed)]) for seed in (1, 2))
    assert np.allclose(every["random"]["facts"], (one["random"]["facts"] + two["random"]["facts"]) / 2)


def test_interval_holds_the_mean_and_shrinks_with_more():
    values = np.random.default_rng(3).normal(0.2, 1, 400)
    low, high = interval(values)
    few = interval(values[:20])
    assert low < values.mean() < high and high - low < few[1] - few[0]


def test_the_command_prints_a_table_a_set(shared, capsys):
    assert main(["--shared", str(shared), "--seeds", "2", "--half", "tune"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in out if line.startswith("###")] == ["### own", "### easc", "### almayadeen"]
    assert [row(line)[0] for line in out if line.startswith("| ")].count("textrank") == 3
    header = next(line for line in out if line.startswith("| |") and "f1" in line)
    lead = [line for line in out if line.startswith("| lead")][1]
    assert dict(zip(row(header), row(lead), strict=True))["f1"] == "0.750"
    assert any(line.startswith("- extractive less lexrank, facts:") for line in out)


def test_translations_are_measured_too(translator):
    articles = OWN["tune"][:2]
    translated = translate(articles, translator)
    assert [[t.sentence for t in found] for found in translated] == [list(a.sentences) for a in articles]
    measured = measure(articles, translated, systems("arabic", 1, True))
    assert list(measured) == ["extractive", "on translations", "lead", "lexrank", "textrank", "random"]
    assert all(values["unsupported"].max() == 0 for values in measured.values())


def test_the_default_beats_lead_and_lexrank_on_the_half_it_was_not_tuned_on():
    wanted = [ExtractiveSummarizer(), Lead(), Sumy("lexrank", "arabic")]
    measured = measure(OWN["report"], translate(OWN["report"], None), wanted)
    facts = {name: values["facts"].mean() for name, values in measured.items()}
    assert facts["extractive"] > max(facts["lead"], facts["lexrank"])
