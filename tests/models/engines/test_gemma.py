"""A decoder-only model in CTranslate2's form, made without torch, decodes as transformers decodes it."""

import shutil
from pathlib import Path

import pytest
import sacrebleu

from benchmarks.contenders.generate import Generate
from models.engines import ctranslate, pieces, registry
from models.engines.batching import Decoding
from models.engines.conversion import convert, prepare
from models.errors import UnsupportedModel
from models.text.segment import has_arabic, normalize
from models.translation.loader import load_translator
from models.types import Sentence
from tests import tiny
from tests.conftest import words
from tests.processes import python

EVAL = registry.ROOT.parent / "shared" / "eval"


def greedy(folder, sources):
    """The texts of a greedy search in transformers, a sentence at a time."""
    return Generate(folder, beam=1).run([{"sentences": [text]} for text in sources])


def decoded(folder, cache, compute_type, sources, limit, threads=1):
    engine = ctranslate.load(folder, prepare(folder, cache, compute_type), compute_type, threads)
    spelling = pieces.load(folder)
    found = [engine.decode([spelling.source(normalize(text))], limit, Decoding(1))[0][0] for text in sources]
    return [spelling.join(one.pieces) for one in found]


def test_it_decodes_as_transformers_does(gemma_folder, cache):
    sources = [arabic for arabic, _ in tiny.trained_pairs()][:25]
    theirs = greedy(gemma_folder, sources)
    ours = decoded(gemma_folder, cache, "float32", sources, 60)
    assert sum(a == b for a, b in zip(ours, theirs, strict=True)) >= 23


def test_it_has_learnt_something(gemma_folder, cache):
    known = dict(tiny.trained_pairs())
    taken = [Sentence(i, 0, 0, len(text), text) for i, text in enumerate(known)]
    found = load_translator(str(gemma_folder), cache=cache).translate(taken)
    assert sum(words(known[t.sentence.text]) == words(t.text) for t in found) > 0.7 * len(known)


def test_no_arabic_is_ever_written(gemma_folder, cache):
    """Not even where the Arabic would go on: no prompt asks for English."""
    engine = ctranslate.load(gemma_folder, prepare(gemma_folder, cache, "float32"), "float32", 1)
    begun = [["<bos>", *pieces.load(gemma_folder).target(text)[:5]] for text, _ in tiny.trained_pairs()]
    found = engine.decode(begun, 20, Decoding(2, hypotheses=2))
    assert not any(has_arabic(piece) for one in found for h in one for piece in h.pieces)


def test_files_that_do_not_belong_together_are_refused(gemma_folder, tmp_path):
    folder = Path(shutil.copytree(gemma_folder, tmp_path / "torn"))
    (folder / "weights-int8-2.safetensors").unlink()
    with pytest.raises(UnsupportedModel, match="is no gemma3_text that Mujaz reads"):
        convert(folder, tmp_path, "int8")
    (folder / "spelt.json").unlink()
    with pytest.raises(UnsupportedModel, match=r"lacks spelt\.json"):
        registry.resolve(str(folder))


def test_the_torch_backend_says_that_it_does_not_run_it(gemma_folder, cache):
    from models.errors import SettingError

    with pytest.raises(SettingError, match=r"decoder-only.*choose ctranslate2"):
        load_translator(str(gemma_folder), backend="torch", cache=cache)


WITHOUT = """
import sys
for name in ("torch", "transformers", "sentencepiece"):
    sys.modules[name] = None
from pathlib import Path
from models.engines.conversion import convert
from models.translation.loader import load_translator
convert(Path(sys.argv[1]), Path(sys.argv[2]), "int8")
print(load_translator(sys.argv[1], cache=Path(sys.argv[2])).info.name)
"""


def test_it_is_converted_and_loaded_without_torch_transformers_and_sentencepiece(gemma_folder, tmp_path):
    done = python("-c", WITHOUT, gemma_folder, tmp_path)
    assert done.stdout.strip() == gemma_folder.name, done.stderr


@pytest.mark.slow
def test_the_embedded_model_decodes_as_transformers_does_and_int8_costs_little(cache):
    if not EVAL.is_dir():
        pytest.skip("../shared/eval is not here")
    sources, references = (
        (EVAL / f"flores-dev.{side}").read_text(encoding="utf-8").splitlines() for side in ("ar", "en")
    )
    folder = registry.EMBEDDED_FOLDER
    theirs = greedy(folder, sources[:100])
    ours = decoded(folder, cache, "float32", sources[:100], 150, 2)
    alike = sum(a == b for a, b in zip(ours, theirs, strict=True))
    texts = {
        kind: [t.text for t in load_translator(compute_type=kind, effort="quick", cache=cache).translate(
            [Sentence(0, 0, 0, len(s), s) for s in sources])]
        for kind in ("float32", "int8")
    }  # fmt: skip
    bleu = {kind: sacrebleu.corpus_bleu(found, [references]).score for kind, found in texts.items()}
    print(f"greedy, float32: {alike} of 100 as transformers; BLEU on all of dev {bleu}")
    assert alike >= 98  # all, but for a near-tie that another CPU may see otherwise
    assert bleu["int8"] > bleu["float32"] - 0.3
