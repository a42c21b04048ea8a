"""A real small decoder-only model in the form of the embedded one, trained in seconds to know some sentences by heart.

Its tokenizer splits into more tokens than it has rows for, so that spelt.json has something to spell.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from models.pieces import SpelledPieces
from models.segment import normalize
from tests import tiny

SPECIAL = ["<pad>", "<eos>", "<bos>", "<unk>", "\n", *(f"<0x{byte:02X}>" for byte in range(256))]
LEARNT, WITHOUT_ROW = 700, 60  # tokens of the tokenizer's training, and how many of them the model has no row for
SHAPE = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 3, "num_attention_heads": 4, "head_dim": 16}
LAYERS = ["sliding_attention", "sliding_attention", "full_attention"]


def make_model(folder: Path, kind: str = "gemma", epochs: int = 60, seed: int = 1) -> Path:
    """Train a model and write it to `folder`: int8 weights in two files, tokenizer.json, spelt.json, config.json."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    folder.mkdir(parents=True, exist_ok=True)
    _tokenizer(folder)
    model = new_model(folder)
    _train(model, _rows(folder), epochs)
    write(model, folder)
    return folder


def new_model(folder: Path) -> Any:
    """An untrained model with a row for every token that is not spelt."""
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig

    spelt = json.loads((folder / "spelt.json").read_text(encoding="utf-8"))
    rows = len(vocabulary(folder)) - len(spelt)
    config = Gemma3TextConfig(
        **SHAPE, vocab_size=rows, num_key_value_heads=1, layer_types=LAYERS, sliding_window=256,
        max_position_embeddings=512, query_pre_attn_scalar=16, pad_token_id=0, eos_token_id=1, bos_token_id=2,
        initializer_range=tiny.INIT, attn_implementation="eager",
    )  # fmt: skip
    return Gemma3ForCausalLM(config)


def vocabulary(folder: Path) -> dict[str, int]:
    """The ids of all tokens."""
    return json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]


def write(model: Any, folder: Path) -> None:
    """Weights as int8 rows with a scale for each, vectors in half precision, in two files; and config.json."""
    import torch
    from safetensors.torch import save_file

    arrays = {}
    for name, weight in model.state_dict().items():
        if name == "lm_head.weight":
            continue
        if weight.dim() == 1:
            arrays[name] = weight.half()
            continue
        scale = (weight.abs().amax(1, keepdim=True) / 127).half()
        arrays[name] = (weight / scale.float()).round().clamp(-127, 127).to(torch.int8)
        arrays[f"{name}.scale"] = scale
    names = sorted(arrays)
    for number, part in enumerate((names[: len(names) // 2], names[len(names) // 2 :]), 1):
        save_file({name: arrays[name].contiguous() for name in part}, folder / f"weights-int8-{number}.safetensors")
    (folder / "config.json").write_text(json.dumps(model.config.to_dict()), encoding="utf-8")


def _tokenizer(folder: Path) -> None:
    """BPE with bytes to fall back on, as Gemma's: learnt from the articles, the rarest tokens spelt with others."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    lines = [f" {side}" for a, e in tiny.pairs() for side in (normalize(a), e, "English:")]
    learning = Tokenizer(models.BPE())
    learning.normalizer = normalizers.Replace(" ", "▁")
    learning.pre_tokenizer = pre_tokenizers.Split(Regex("▁|English|:"), "merged_with_next")
    learning.train_from_iterator(lines, trainers.BpeTrainer(vocab_size=LEARNT, show_progress=False))
    learnt = json.loads(learning.to_str())["model"]
    merges = [tuple(pair) for pair in learnt["merges"]]
    tokens = sorted(learnt["vocab"], key=learnt["vocab"].get)
    tokens = [*SPECIAL, *(token for token in tokens if token not in SPECIAL)]
    made = {a + b: (a, b) for a, b in reversed(merges)}
    last = [token for token in reversed(tokens) if token in made and token != "English"][:WITHOUT_ROW]
    ids = {token: i for i, token in enumerate([*(t for t in tokens if t not in last), *reversed(last)])}
    assert {"English", ":"} <= ids.keys(), "the prompt is of these tokens"

    def spelt(token: str) -> list[str]:
        return [piece for part in made[token] for piece in spelt(part)] if token in last else [token]

    bpe = models.BPE(ids, merges, unk_token="<unk>", byte_fallback=True, fuse_unk=True)
    tokenizer = Tokenizer(bpe)
    tokenizer.normalizer, tokenizer.pre_tokenizer = learning.normalizer, learning.pre_tokenizer
    tokenizer.decoder = decoders.ByteFallback()
    tokenizer.add_special_tokens(SPECIAL[:4])
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "spelt.json").write_text(json.dumps({token: spelt(token) for token in last}), encoding="utf-8")


def _rows(folder: Path) -> list[tuple[list[int], list[int]]]:
    """(prompt, answer) of each sentence to learn, as ids."""
    pieces, ids = SpelledPieces(folder), vocabulary(folder)
    return [
        ([ids[p] for p in pieces.source(normalize(a))], [ids[p] for p in (*pieces.target(e), pieces.end)])
        for a, e in tiny.trained_pairs()
    ]


def _train(model: Any, rows: list[tuple[list[int], list[int]]], epochs: int) -> None:
    import torch

    def batch(some):
        width = max(len(prompt) + len(answer) for prompt, answer in some)
        ids = torch.zeros(len(some), width, dtype=torch.long)
        labels = torch.full((len(some), width), -100)
        for i, (prompt, answer) in enumerate(some):
            ids[i, : len(prompt) + len(answer)] = torch.tensor([*prompt, *answer])
            labels[i, len(prompt) : len(prompt) + len(answer)] = torch.tensor(answer)
        return {"input_ids": ids, "attention_mask": (ids != 0).long(), "labels": labels}

    rows = sorted(rows, key=lambda row: len(row[0]) + len(row[1]))
    batches = [batch(rows[i : i + 25]) for i in range(0, len(rows), 25)]
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2, weight_decay=0.0, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, total_steps=epochs * len(batches), pct_start=0.15)
    model.train()
    for _ in range(epochs):
        for i in torch.randperm(len(batches)).tolist():
            model(**batches[i]).loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
    model.eval()
