"""Texts become the pieces that a model has rows for, and come back."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.engines import pieces, registry
from models.text.normalize import normalize

TEXTS = [
    "أعلنت الوزارة اليوم افتتاح 3 مستشفيات في غورباتشوف ستريت.",
    "The committee's 12,500 members met (again) on 3 May 2024 — “why?”",
    "Καλημέρα, 世界 😀 <b>bold</b> ₪ 25799,52",
]


@pytest.fixture(scope="module")
def embedded():
    return pieces.load(registry.EMBEDDED_FOLDER)


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_split_comes_back(text, embedded):
    assert embedded.join(embedded.target(text)) == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60).map(normalize))
def test_any_normalised_text_comes_back(text):
    spelling = _embedded()
    assert spelling.join(spelling.target(text)) == text.replace("▁", " ").strip()


def _embedded(kept=[]):  # noqa: B006 - loaded once
    kept or kept.append(pieces.load(registry.EMBEDDED_FOLDER))
    return kept[0]


def test_every_piece_has_a_row_in_the_model(embedded):
    rows = registry.read_json(registry.EMBEDDED_FOLDER / "config.json")["vocab_size"]
    ids = registry.read_json(registry.EMBEDDED_FOLDER / "tokenizer.json")["model"]["vocab"]
    assert len(ids) > rows
    for text in TEXTS:
        assert all(ids[piece] < rows for piece in embedded.source(text))


def test_what_the_tokenizer_has_and_the_model_has_not_is_spelt(embedded):
    spelt = json.loads((registry.EMBEDDED_FOLDER / "spelt.json").read_text(encoding="utf-8"))
    assert spelt["▁requ"] == ["▁r", "equ"] and "▁requ" not in embedded.target("He will requ it.")


def test_a_source_stands_in_its_prompt(embedded):
    prompt = embedded.source("قال")
    assert prompt[0] == "<bos>" and prompt[-3:] == ["\n", "English", ":"] and prompt[1].startswith("▁")


def test_the_marks_of_the_model_are_text_when_an_article_has_them(embedded):
    for mark in ("<eos>", "<bos>", "<pad>", "<unk>"):
        assert mark not in embedded.source(f"كتب {mark} ثم قال")[1:-3]
        assert embedded.join(embedded.target(f"He wrote {mark} here")) == f"He wrote {mark} here"


def test_half_a_character_is_no_error(embedded):
    assert embedded.join(["▁a", "<0xF0>", "<0x9F>"]) == "a\ufffd"


def test_of_a_marian_folder(model_folder):
    spelling = pieces.load(model_folder, ">>eng<<")
    source = spelling.source("وصلت القافلة.")
    assert source[0] == ">>eng<<" and source[-1] == "</s>" == spelling.end
    assert spelling.join(["▁The", "▁co", "nv", "oy", "."]) == "The convoy."


def test_a_model_that_says_so_reads_figures_with_spaces_around_them(model_folder, tmp_path):
    folder = Path(shutil.copytree(model_folder, tmp_path / "spaced"))
    (folder / "mujaz.json").write_text('{"spaced_numbers": true}', encoding="utf-8")
    spaced, plain = pieces.load(folder), pieces.load(model_folder)
    text = "قتل 49شخصا و1,250.5جريحا في 2020"
    assert spaced.source(text) == plain.source("قتل 49 شخصا و 1,250.5 جريحا في 2020") != plain.source(text)
