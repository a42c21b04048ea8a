"""Texts that no brief can be made of are refused by what they are; Arabic of every kind is not."""

import random

import pytest

from models.checks.legible import illegible
from models.checks.order import disordered
from models.errors import InputError
from models.evaluation import brief_sets
from models.types import Document
from tests import tiny
from tests.conftest import article, cases

OTHERS = cases("other-languages")
_, DAM = article("01-")


def shuffled(text, seed):
    words = text.split()
    random.Random(seed).shuffle(words)
    return " ".join(words)


@pytest.mark.parametrize(("name", "text"), OTHERS)
def test_another_language_is_told_by_its_name_or_as_not_arabic(name, text):
    assert (name or "not Arabic") in illegible(text)


@pytest.mark.parametrize(
    ("encoding", "read_as"), [("utf-8", "cp1256"), ("utf-8", "cp1252"), ("utf-8", "latin-1"), ("cp1256", "cp1252")]
)
def test_arabic_read_wrongly_is_told_as_what(encoding, read_as):
    told = illegible(DAM.encode(encoding, "ignore").decode(read_as, "ignore"))
    assert "mojibake" in told and ("UTF-8" if encoding == "utf-8" else "Windows-1256") in told


def test_letters_that_were_lost_or_are_none():
    lost = "".join("\ufffd" if i % 3 else letter for i, letter in enumerate(DAM))
    assert "U+FFFD" in illegible(lost)
    dice = random.Random(1)
    noise = " ".join("".join(dice.choices("ضصثقفغعهخحجدطكمنتالبيسشظزوةىرؤءئ", k=6)) for _ in range(40))
    assert "or none" in illegible(noise)


def test_words_in_no_order():
    long = " ".join(
        sentence.text for half in brief_sets.HALVES for a in brief_sets.own(half) for sentence in a.sentences
    )
    assert not disordered(long)
    assert all(disordered(shuffled(long, seed)) for seed in range(5))
    assert "no order" in illegible(shuffled(long, 1))


def test_no_article_of_ours_is_refused():
    texts = [" ".join(s.text for s in a.sentences) for half in brief_sets.HALVES for a in brief_sets.own(half)]
    texts += [path.read_text(encoding="utf-8") for path in tiny.ARTICLES.glob("*.txt")]
    assert [text[:60] for text in texts if illegible(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Le président a déclaré que les négociations à Genève étaient « très avancées » cet été.",
        "قال پاول إن گوتنبرگ بعيدة وأکد علی أن کل العمال باقون.",
        "ده كان عايز يروح السوق بس مفيش عربية النهارده عشان كده قعد في البيت ومشافش حد خالص.",
        "iPhone 16 Pro 999 $",
    ],
)
def test_what_is_short_or_not_for_this_to_judge_passes(text):
    assert illegible(text) == ""


def test_a_brief_is_refused_and_a_translation_is_not(pipeline):
    name, text = OTHERS[0]
    with pytest.raises(InputError, match=name) as error:
        pipeline.start(Document("d", text))
    assert error.value.field == "text"
    assert all("language" in translation.flags for translation in list(pipeline.begin(Document("d", text)))[:2])


def test_the_service_says_so(client):
    name, text = OTHERS[0]
    answer = client.post("/api/v1/briefs", json={"text": text})
    assert answer.status_code == 422 and name in answer.get_json()["detail"]
    assert client.post("/api/v1/translations", json={"text": text}).status_code == 200
