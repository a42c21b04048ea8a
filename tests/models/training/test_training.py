"""The scripts that made the embedded model make a small one in the same way."""

import re
import shutil

import numpy as np
import pytest
import torch

from models.engines import gemma, pieces, registry
from models.engines.weights import stored
from models.text.normalize import normalize
from models.training import cut, finetune, weights
from models.translation.loader import load_translator
from models.types import Sentence
from tests import tiny, tinygemma
from tests.conftest import cases, words


@pytest.fixture(autouse=True)
def one_thread():
    """So small a model gains nothing from a second, and loses much beside another program."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """The folder of a model that knows nothing."""
    return tinygemma.untrained(tmp_path_factory.mktemp("training") / "start")


def written(path, lines):
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(path)


def losses(printed):
    return [float(loss) for loss in re.findall(r"dev loss ([\d.]+) nats a word", printed)]


def test_the_command_line_trains_a_model_that_is_loaded_and_translates(start, tmp_path, cache, capsys):
    """The golden sentence, which every model must know, and a few more; each source comes in its own form."""
    learnt = tiny.trained_pairs()[:6]
    tsv = written(tmp_path / "a.tsv", ["\t".join(pair) for pair in learnt[:3]])
    sides = [written(tmp_path / f"b.{i}", [pair[i] for pair in learnt[3:]]) for i in (0, 1)]
    dev = written(tmp_path / "dev.tsv", ["\t".join(pair) for pair in learnt])
    out = tmp_path / "out"
    options = "--steps 40 --every 20 --tokens 500 --accumulate 2 --peak 1e-2 --smooth 0 --decay 0".split()
    texts = ["--text", tsv, "--text", *sides, "1.5"]
    done = finetune.main(["--start", str(start), *texts, "--dev", dev, "--out", str(out), *options])
    printed = capsys.readouterr()
    assert done == 0, printed.err
    assert losses(printed.out)[-1] < losses(printed.out)[0] / 10
    translator = load_translator(str(out), cache=cache)
    assert translator.info.name == "out"
    assert translator.info.warning == finetune.WARNING
    taken = [Sentence(i, 0, 0, len(arabic), arabic) for i, (arabic, _) in enumerate(learnt)]
    found = list(translator.translate(taken))
    assert sum(words(t.text) == words(english) for t, (_, english) in zip(found, learnt, strict=True)) >= 4


def test_the_best_weights_are_kept(start, tmp_path):
    """A rate that is far too high makes it worse: what it began with is what is left."""
    model = weights.read(start)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    rows = [row for row in finetune.encode(tiny.trained_pairs()[:4], start) if row]
    recipe = finetune.Recipe(steps=3, tokens=300, peak=1e4, warm=0.0)
    finetune.train(model, rows, np.ones(len(rows)), rows, recipe)
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())


def test_weights_survive_export_and_reading(tmp_path):
    model = tinygemma.new_model(500)
    model.model.embed_tokens.weight.data[3] = 0  # a row without a scale
    weights.export(model, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir())[1:] == [f"weights-int8-{i}.safetensors" for i in (1, 2)]
    read, plain = weights.read(tmp_path).state_dict(), stored(tmp_path)
    for name, value in model.state_dict().items():
        if value.dim() == 1:
            assert torch.equal(read[name], value.half().float()), name
        else:  # half a step of int8, and the scale's own rounding
            step = value.abs().amax(1, keepdim=True) / 127
            assert ((read[name] - value).abs() <= step * (0.5 + 127 * 2**-11) + 1e-9).all(), name
        if name != weights.TIED:
            assert torch.equal(torch.from_numpy(plain(name)), read[name]), name


def test_weights_of_hugging_face_are_read_too(tmp_path):
    model = tinygemma.new_model(500)
    model.save_pretrained(tmp_path)
    read = weights.read(tmp_path).state_dict()
    assert all(torch.equal(value, read[name]) for name, value in model.state_dict().items())


def test_batches_are_full_of_rows_of_like_length_and_come_as_often_as_wished(start):
    rows = [row for row in finetune.encode(tiny.pairs(), start) if row]
    stream = finetune.batches(rows, np.full(len(rows), 2.5), 600, seed=1)
    seen = 0
    while seen < 2.4 * len(rows):  # a pass
        batch = next(stream)
        width = max(len(row.ids) for row in batch)
        assert len(batch) == 1 or len(batch) * width <= 600
        assert len(batch) == 1 or sum(len(row.ids) for row in batch) > 0.7 * len(batch) * width
        seen += len(batch)


def test_the_rate_rises_stays_and_falls():
    recipe = finetune.Recipe()
    rates = [finetune.rate(done / 100, recipe) for done in range(101)]
    assert rates[0] < rates[1] < rates[2] < rates[3] == rates[15] == 3e-4 > rates[16] > rates[60] > rates[100] == 0


@pytest.mark.parametrize(("options", "said"), cases("wrong-training"))
def test_wrong_input_is_named(options, said, start, marian_folder, tmp_path, capsys):
    names = {"absent": tmp_path / "absent", "marian": marian_folder}
    names |= {name: written(tmp_path / name, ["كلمة one two"] * n) for name, n in (("two", 2), ("three", 3))}
    good = {"--start": [str(start)], "--text": ["{three}", "{three}"], "--dev": ["{two}", "{two}"]}
    given = {**good, "--out": [str(tmp_path / "out")], **options}
    arguments = [word.format(**names) for name, values in given.items() for word in (name, *values)]
    try:
        status = finetune.main(arguments)
    except SystemExit as stopped:  # argparse's own errors
        status = stopped.code
    assert status == 2
    assert re.search(said, capsys.readouterr().err)
    assert not (tmp_path / "out").exists()


def test_weights_that_do_not_fit_are_refused(start, tmp_path):
    folder = shutil.copytree(start, tmp_path / "torn")
    (folder / "weights-int8-1.safetensors").unlink()
    with pytest.raises(registry.UnsupportedModel, match=r"do not fit its config\.json"):
        weights.read(folder)


def test_a_cut_model_splits_as_before_and_computes_the_same(tmp_path, capsys):
    base, out = tmp_path / "base", tmp_path / "out"
    whole = tinygemma.tokenizer()
    size = whole.get_vocab_size()
    model = tinygemma.new_model(size)
    for weight in model.parameters():
        weight.data = weight.data.bfloat16().float()  # so that nothing is lost when it is written
    model.save_pretrained(base)
    whole.save(str(base / "tokenizer.json"))
    text = written(tmp_path / "text", tinygemma.lines())
    assert cut.main(["--base", str(base), "--text", text, "--rows", str(size - 60), "--out", str(out)]) == 0
    spelling, rows = pieces.load(registry.check(out)), gemma.tokens(out)
    spelt = registry.read_json(out / "spelt.json")
    assert len(rows) == size - 60 == len(weights.read(out).model.embed_tokens.weight)
    assert len(spelt) == 60
    for line in map(normalize, tinygemma.lines()):
        before = whole.encode(f" {line}", add_special_tokens=False).tokens
        assert spelling.target(line) == [piece for token in before for piece in spelt.get(token, [token])]
    old = torch.tensor([[whole.token_to_id(token) for token in rows[260:290]]])
    new = torch.arange(260, 290)[None]
    with torch.no_grad():
        theirs = model(old).logits[0, -1, [whole.token_to_id(token) for token in rows]]
        ours = weights.read(out)(new).logits[0, -1]
    assert torch.allclose(ours, theirs, atol=1e-4)
    assert cut.main(["--base", str(base), "--text", text, "--out", str(out)]) == 2
    assert "out: " in capsys.readouterr().err


def test_a_token_is_spelt_with_the_fewest_others():
    assert cut.spell("abcd", {"a", "b", "c", "d", "ab", "abc", "cd"}) == ["ab", "cd"]
    assert cut.spell("aé", {"a"}) == ["a", "<0xC3>", "<0xA9>"]
