"""Segmentation: golden cases written for it, and what must hold of any text at all."""

from __future__ import annotations

import re
import textwrap
import time
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.text.segment import has_arabic, normalize, scripts, split_long, split_sentences
from tests.conftest import DATA, cases, jsonl, repeated

CASES = jsonl(DATA / "segments.jsonl")
PLAIN = [s for case in CASES for s in case["sentences"] if re.fullmatch(r"[^\W\d_a-z][^\n()«»“”a-z]{25,}\.", s)]
PROSE = " ".join(PLAIN)

PIECES = st.one_of(*map(st.sampled_from, cases("text-pieces")), st.text(max_size=4), st.characters())
TEXTS = st.one_of(
    st.lists(PIECES, max_size=40).map("".join),
    st.lists(PIECES, max_size=40).map(" ".join),
    st.lists(st.lists(PIECES, max_size=8).map(" ".join), max_size=8).map("\n".join),
)


def every_text(test):
    return settings(max_examples=500, deadline=None)(given(TEXTS)(test))


@pytest.mark.parametrize("case", CASES, ids=[case["note"] for case in CASES])
def test_golden_case(case):
    sentences = split_sentences(case["text"])
    assert [sentence.text for sentence in sentences] == case["sentences"]
    assert [sentence.paragraph for sentence in sentences] == case["paragraphs"]


def test_there_are_enough_golden_cases_and_no_two_are_alike():
    assert len(CASES) >= 80
    assert len({case["text"] for case in CASES}) == len({case["note"] for case in CASES}) == len(CASES)


@every_text
def test_sentences_and_white_space_make_up_the_text(text):
    """Also: paragraphs are counted without gaps, and each of several sentences gives the model something to read."""
    sentences = split_sentences(text)
    at = 0
    for index, sentence in enumerate(sentences):
        assert sentence.index == index
        assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip() != ""
        assert sentence.start >= at
        assert text[at : sentence.start].strip() == ""
        at = sentence.end
    assert text[at:].strip() == ""
    paragraphs = [sentence.paragraph for sentence in sentences]
    assert paragraphs == sorted(paragraphs) and set(paragraphs) == set(range(len(set(paragraphs))))
    assert len(sentences) < 2 or all(normalize(sentence.text) for sentence in sentences)


@every_text
@example("https://example.org/a.b?x=1ةنيدملا. ةنيدملاinfo@example.org")  # addresses are not turned, nor counted
@example("#غزة_الآنقالوبروتوكولاتهمhttps://example.org/a.b?x=1")
def test_normalising_twice_changes_nothing(text):
    once = normalize(text)
    assert normalize(once) == once
    assert once == " ".join(once.split())
    assert not re.search(
        "[\u064b-\u0652\u0670\u0640\u0660-\u0669\u06f0-\u06f9\u200b-\u200f\x00-\x1f\ud800-\udfff]", once
    )


@every_text
def test_parts_of_a_long_sentence_fit_and_lose_nothing(text):
    def fits(part):
        return len(part.encode("utf-8", "surrogatepass")) <= 40

    parts = split_long(text, fits)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(part and (fits(part) or len(part) == 1) for part in parts)


# ------------------------------------------------------------------------------------------------ line ends


@pytest.mark.parametrize("width", [40, 50, 60, 72, 78, 90, 100])
def test_hard_wrapping_changes_no_sentence(width):
    wrapped = textwrap.fill(PROSE, width, break_long_words=False, break_on_hyphens=False)
    assert wrapped.count("\n") > 20
    sentences = split_sentences(wrapped)
    assert [s.text.replace("\n", " ") for s in sentences] == [s.text for s in split_sentences(PROSE)]


def test_hard_wrapped_lines_off_a_printed_page_are_joined():
    lines, line = [], ""
    for word in PROSE.split():
        if len(line) + len(word) > 70 - len(lines) * 7 % 13:  # widths of 58 to 70, as proportional type has them
            lines, line = [*lines, line.strip()], ""
        line += f" {word}"
    sentences = split_sentences("\n".join([*lines, line.strip()]))
    assert [s.text.replace("\n", " ") for s in sentences] == [s.text for s in split_sentences(PROSE)]


def test_long_lines_without_full_stops_stay_apart():
    paragraphs = [sentence.text.rstrip(".") for sentence in split_sentences(PROSE)]
    assert [s.text for s in split_sentences("\n".join(paragraphs))] == paragraphs


# ------------------------------------------------------------------------------------------------ normalising


def test_normalised_text_is_what_the_embedded_model_was_trained_on():
    """On Arabic text without other invisible marks, hashtags or ص.ب.: NFKC, no diacritics nor tatweel, ASCII digits,
    single spaces."""
    digits = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
    for case in CASES:
        if re.search(r"[#گی]|ص\. ?ب", case["text"]):
            continue
        text = unicodedata.normalize("NFKC", case["text"])
        text = re.sub("[\u064b-\u0652\u0670\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", "", text)
        text = " ".join(text.translate(digits).split())
        assert normalize(case["text"]) == re.sub(r"(?<=\d)٫(?=\d)", ".", text)


@pytest.mark.parametrize(("text", "expected"), cases("normalised"))
def test_normalising(text, expected):
    assert normalize(text) == expected


# ------------------------------------------------------------------------------------------------ long sentences


def short(part: str) -> bool:
    return len(part) <= 60


def test_a_sentence_that_fits_is_left_whole():
    assert split_long(" قال نعم، ثم خرج. ", short) == ["قال نعم، ثم خرج."]
    assert split_long(" \n ", short) == []


def test_a_long_sentence_is_cut_at_its_clauses():
    text = "أعلنت الوزارة خطة جديدة للنقل في العاصمة، وقالت إنها ستبدأ قريبا؛ أما التمويل فسيأتي من الصندوق (وهو جاهز)"
    assert split_long(text, short) == [
        "أعلنت الوزارة خطة جديدة للنقل في العاصمة،",
        "وقالت إنها ستبدأ قريبا؛",
        "أما التمويل فسيأتي من الصندوق (وهو جاهز)",
    ]


def test_a_long_clause_is_cut_before_and_and_then_between_words():
    text = "سافر المدير صباح الأحد إلى المدينة الساحلية وعاد منها مساء الثلاثاء مع زملائه"
    assert split_long(text, short)[1].startswith("وعاد")
    text = "سافر المدير صباح الأحد إلى المدينة الساحلية البعيدة عن العاصمة مع زملائه"
    assert " ".join(split_long(text, short)) == text


def test_numbers_are_not_cut_at_their_commas():
    text = "بلغ العدد الكلي للسكان بحسب الإحصاء الأخير للدولة 1,250,000 نسمة في العام"
    assert any("1,250,000" in part for part in split_long(text, short))


def test_a_word_longer_than_the_window_is_cut_inside():
    assert split_long("ا" * 150, short) == ["ا" * 50] * 3


def test_what_never_fits_comes_out_by_characters():
    assert split_long("نعم لا", lambda part: False) == list("نعملا")


def test_fits_is_asked_about_short_texts_only():
    asked = []

    def fits(part):
        asked.append(len(part))
        return len(part) <= 500

    parts = split_long("كلمة وأخرى، ثم ثالثة " * 9500, fits)
    assert max(map(len, parts)) <= 500 and len(parts) < 450
    assert sum(asked) < 6_000_000, "of 200,000 characters; asking about all that is left takes 30 times as many"


# ------------------------------------------------------------------------------------------------ scripts and speed


@pytest.mark.parametrize(("text", "expected"), cases("scripts"))
def test_scripts(text, expected):
    assert scripts(text) == expected
    assert has_arabic(text) == ("Arabic" in expected)


def test_presentation_forms_are_arabic_and_marks_alone_are_not():
    assert has_arabic("ﻢ") and has_arabic("ﷺ") and has_arabic("گ")
    assert not has_arabic("١٢٣ ،؟ ـ َ")


@pytest.mark.parametrize("parts", cases("nonsense"), ids=lambda parts: parts[0])
def test_long_nonsense_takes_seconds(parts):
    text = repeated(parts[1:])
    started = time.process_time()
    split_sentences(text)
    normalize(text)
    split_long(text, lambda part: len(part) < 1000)
    assert time.process_time() - started < 10
