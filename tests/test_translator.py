import random
import shutil
import threading
from pathlib import Path

import pytest
import sentencepiece

from models.batching import Batcher, Decoding, Unit
from models.ctranslate import CTranslate2Engine, prepare
from models.errors import ModelRefused, SettingError, UnsupportedModel
from models.fidelity import is_unsure
from models.loader import load_translator
from models.planning import EOS
from models.segment import normalize, split_long, split_sentences
from models.torch_backend import TorchEngine
from models.translator import SequenceTranslator
from models.types import Sentence
from tests import tiny
from tests.conftest import words


def sentences(texts):
    return [Sentence(i, 0, 0, len(text), text) for i, text in enumerate(texts)]


@pytest.fixture(scope="module")
def sources():
    """60 sentences, those that the model knows first."""
    known = [arabic for arabic, _ in tiny.trained_pairs()]
    return [*known, *(arabic for arabic, _ in tiny.pairs() if arabic not in known)][:60]


def test_it_has_learnt_something(translator, sources):
    """So that the tests below speak of a model, not of noise: it knows the sentences it was trained on."""
    known = dict(tiny.trained_pairs())
    found = translator.translate(sentences(list(known)))
    right = [words(known[t.sentence.text]) == words(t.text) for t in found]
    assert sum(right) > 0.3 * len(right)


@pytest.mark.parametrize("kind", ["marian", "bart"])
@pytest.mark.parametrize("decoding", [Decoding(1), Decoding(4), Decoding(4, no_repeat_ngram=3)], ids=str)
def test_both_backends_give_the_same_text_in_float32(kind, decoding, model_folder, bart_folder, cache, sources):
    folder = str(model_folder if kind == "marian" else bart_folder)
    fast = load_translator(folder, compute_type="float32", decoding=decoding, cache=cache)
    slow = load_translator(folder, backend="torch", decoding=decoding, threads=1, cache=cache)
    chosen = sentences(sources)
    pairs = list(zip(fast.translate(chosen), slow.translate(chosen), strict=True))
    assert [a.text for a, _ in pairs] == [b.text for _, b in pairs]
    assert [a.flags for a, _ in pairs] == [b.flags for _, b in pairs]
    assert all(a.score == pytest.approx(b.score, abs=0.01) for a, b in pairs)


def test_order_and_neighbours_do_not_matter_to_the_last_digit(translator, sources):
    """Short and long, whole and cut off: in any company a sentence gets the same text, score and flags."""
    rng = random.Random(4)
    mixed = [" ".join(text.split()[: rng.choice([1, 2, 3, 5, 8, 40])]) for text in sources * 3]
    alone = {text: next(translator.translate(sentences([text]))) for text in set(mixed)}
    for size in (2, 5, 17, 60):
        rng.shuffle(mixed)
        for i in range(0, len(mixed), size):
            for found in translator.translate(sentences(mixed[i : i + size])):
                one = alone[found.sentence.text]
                assert (found.text, found.score, found.flags) == (one.text, one.score, one.flags)


@pytest.mark.parametrize("kind", ["marian", "bart"])
def test_both_engines_write_on_from_a_prefix_and_look_alike(kind, model_folder, bart_folder, cache, sources):
    folder = model_folder if kind == "marian" else bart_folder
    positions = tiny.SHAPE["max_position_embeddings"]
    engines = [CTranslate2Engine(prepare(folder, cache, "float32"), positions, "float32", 1), TorchEngine(folder, 1)]
    vocabulary = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
    batch = [[*vocabulary.encode(normalize(text), out_type=str), EOS] for text in sources[:12]]
    plain = [[best for (best,) in engine.decode(batch, 64, Decoding(1))] for engine in engines]
    prefixes = [[*one.pieces[:1], *two.pieces[:2]] for one, two in zip(plain[0], reversed(plain[0]), strict=True)]
    begun = [[best for (best,) in engine.decode(batch, 64, Decoding(1), prefixes)] for engine in engines]
    for found in (plain, begun):
        for one, two, source in zip(*found, batch, strict=True):
            assert one.pieces == two.pieces and one.score == pytest.approx(two.score, abs=1e-3)
            assert one.alignment == two.alignment and len(one.alignment) == len(source)
    assert all(best.pieces[:3] == prefix for best, prefix in zip(begun[0], prefixes, strict=True))


def test_what_is_begun_alike_does_not_depend_on_its_neighbours(model_folder, cache, sources):
    vocabulary = sentencepiece.SentencePieceProcessor(model_file=str(model_folder / "source.spm"))
    engine = CTranslate2Engine(prepare(model_folder, cache), tiny.SHAPE["max_position_embeddings"], "int8", 2)
    pieces = [[*vocabulary.encode(normalize(text), out_type=str), EOS] for text in sources]
    firsts = [found.pieces for (found,) in engine.decode(pieces, 64, Decoding(1))]
    prefixes = [tuple(first[: i % 5 + 1]) for i, first in enumerate(firsts)]
    units = [Unit(own, 64, Decoding(1), prefix) for own, prefix in zip(pieces, prefixes, strict=True)]
    together, alone = Batcher(engine), Batcher(engine, 1)
    found = [batcher.add(units) for batcher in (together, alone)]
    for batcher in (together, alone):
        batcher.wake()
    one, two = ([future.result()[0] for future in futures] for futures in found)
    assert one == two


class Gate(CTranslate2Engine):
    """Decodes one batch, and the others when `opened` is set."""

    opened: threading.Event | None = None

    def decode(self, *args):
        found = super().decode(*args)
        if self.opened:
            self.opened.wait(30)
        self.opened = self.opened or threading.Event()
        return found


def test_a_sentence_comes_as_soon_as_it_is_done_whatever_follows(model_folder, cache, sources):
    engine = Gate(prepare(model_folder, cache), tiny.SHAPE["max_position_embeddings"], "int8", 1)
    info = load_translator(str(model_folder), cache=cache).info
    wrong = tiny.renumbered()
    coming = SequenceTranslator(engine, model_folder, info, Decoding(4), batch_pieces=64).translate(
        sentences([sources[0], *wrong * 4])
    )
    assert next(coming).sentence.text == sources[0]
    assert engine.opened and not engine.opened.is_set()
    engine.opened.set()
    rest = list(coming)
    assert [found.sentence.index for found in rest] == list(range(1, len(rest) + 1)) and len(rest) == 4 * len(wrong)


def test_an_unsure_translation_says_so(translator, sources):
    found = list(translator.translate(sentences(sources)))
    assert all(("unsure" in t.flags) == is_unsure(t.score) for t in found)


def test_what_is_no_arabic_is_copied_and_said(translator):
    (latin, digits) = translator.translate(sentences(["Reuters (AP)", "١٢٫٥ – 2025"]))
    assert (latin.text, latin.score, latin.flags) == ("Reuters (AP)", None, ("copied",))
    assert (digits.text, digits.flags) == ("١٢٫٥ – 2025", ("copied",))


def test_a_long_address_stays_and_the_rest_is_translated(translator, sources):
    address = "https://example.org/" + "%D8%A7" * 40
    (translation,) = translator.translate(sentences([f"{sources[0]} {address}"]))
    assert translation.text.endswith(address) and "untranslated" not in translation.flags
    (alone,) = translator.translate(sentences(sources[:1]))
    assert translation.text == f"{alone.text} {address}"
    (mixed,) = translator.translate(sentences([f"{sources[0]} {'ا' * 300}"]))
    assert mixed.text == f"{alone.text} {'ا' * 300}" and "untranslated" in mixed.flags


def test_the_signature_names_all_that_changes_a_text(model_folder, cache, tmp_path):
    narrow = Path(shutil.copytree(model_folder, tmp_path / model_folder.name))
    (narrow / "mujaz.json").write_text('{"window": 20}')
    made = {
        load_translator(str(folder), cache=cache, beam=beam).signature
        for folder, beam in ((model_folder, 4), (model_folder, 1), (narrow, 4))
    }
    assert len(made) == 3
    assert all(part in min(made) for part in ("segmenter:", "translator:", "checks:", "window:", "ctranslate2-4"))


def test_a_model_made_for_it_reads_numbers_with_spaces_round_them(translator, model_folder, cache, tmp_path):
    spaced = Path(shutil.copytree(model_folder, tmp_path / model_folder.name))
    (spaced / "mujaz.json").write_text('{"spaced_numbers": true}')
    made_for_it = load_translator(str(spaced), cache=cache)
    close, apart = "وصلت و12 شاحنة إلى 49% منهم (2024).", "وصلت و 12 شاحنة إلى 49 % منهم ( 2024 )."
    found = [t.text for t in made_for_it.translate(sentences([close, apart]))]
    assert found == [t.text for t in translator.translate(sentences([apart, apart]))]
    assert "numbers:spaced" in made_for_it.signature and "numbers:asis" in translator.signature


def test_a_run_without_spaces_is_kept_and_marked(translator):
    text = "ا" * 50_000
    (translation,) = translator.translate(sentences([text]))
    assert translation.text == text and translation.flags == ("untranslated",)


def test_a_sentence_longer_than_the_window_is_split_not_cut(model_folder, cache, sources):
    translator = load_translator(str(model_folder), cache=cache, repairs=False)
    long = "، ".join(text.rstrip(".") for text in sources[:25])
    (translation,) = translator.translate(sentences([long]))
    assert "split" in translation.flags
    vocabulary = sentencepiece.SentencePieceProcessor(model_file=str(model_folder / "source.spm"))
    window = tiny.SHAPE["max_position_embeddings"] // 2 - 1
    parts = split_long(normalize(long), lambda part: len(vocabulary.encode(part)) <= window)
    assert len(parts) > 1
    assert translation.text == " ".join(t.text for t in translator.translate(sentences(parts)))


def test_a_model_that_talks_nonsense_is_refused(tmp_path, cache):
    untrained = tiny.make_model(tmp_path / "untrained", epochs=0)
    with pytest.raises(ModelRefused) as error:
        load_translator(str(untrained), cache=cache)
    assert "will not be used" in str(error.value)


def test_weights_that_do_not_fit_are_refused_with_the_reason(model_folder, tmp_path, cache):
    folder = Path(shutil.copytree(model_folder, tmp_path / "broken"))
    (folder / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(UnsupportedModel) as error:
        load_translator(str(folder), cache=cache)
    assert "could not be converted" in str(error.value)


def test_a_wrong_backend_names_the_choices(model_folder, cache):
    with pytest.raises(SettingError) as error:
        load_translator(str(model_folder), backend="onnx", cache=cache)
    assert "ctranslate2 or torch" in str(error.value)


def test_info_names_the_model_and_its_content(translator, model_folder):
    assert translator.info.name == "tiny-marian" and translator.info.backend == "ctranslate2"
    assert f"{translator.info.name}@{translator.info.version}" in translator.signature
    assert "compute:int8" in translator.signature and "beam:4" in translator.signature


def test_a_document_comes_back_sentence_by_sentence(translator):
    text = "أعلنت وزارة الصحة اليوم افتتاح مستشفى جديد في العاصمة. (رويترز)\n\nReuters"
    found = split_sentences(text)
    assert [t.sentence for t in translator.translate(found)] == found
