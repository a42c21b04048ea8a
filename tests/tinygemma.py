"""A real small decoder-only model in the form of the embedded one, trained in seconds to know some sentences by heart.

Its tokenizer splits into more tokens than it has rows for, so that spelt.json has something to spell.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from models.text.segment import normalize
from tests import tiny

SPECIAL = ["<pad>", "<eos>", "<bos>", "<unk>", "\n", *(f"<0x{byte:02X}>" for byte in range(256))]
LEARNT, WITHOUT_ROW = 700, 60  # tokens of the tokenizer's training, and how many of them the model has no row for
SHAPE = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 3, "num_attention_heads": 4, "head_dim": 16}
LAYERS = ["sliding_attention", "sliding_attention", "full_attention"]


def make_model(folder: Path, kind: str = "gemma", epochs: int = 40, seed: int = 1) -> Path:
    """Train a model and write it to `folder`: int8 weights in two files, tokenizer.json, spelt.json, config.json."""
    import numpy as np
    import torch

    from models.training import finetune, weights

    torch.set_num_threads(1)
    untrained(folder, seed)
    model = weights.read(folder)
    rows = [row for row in finetune.encode(tiny.trained_pairs(), folder) if row]
    recipe = finetune.Recipe(steps=2 * epochs, tokens=2600, peak=1e-2, smooth=0.0, decay=0.0, every=10**6, seed=seed)
    finetune.train(model, rows, np.ones(len(rows)), rows, recipe)
    weights.export(model, folder)
    return folder


def untrained(folder: Path, seed: int = 1) -> Path:
    """A model folder that knows nothing, to train from."""
    import torch

    from models.training import cut, weights

    torch.manual_seed(seed)
    folder.mkdir(parents=True, exist_ok=True)
    learnt = tokenizer()
    rows = learnt.get_vocab_size() - WITHOUT_ROW
    smaller, spelt, _ = cut.cut(learnt, lines(), rows)
    for name, value in (("tokenizer.json", smaller), ("spelt.json", spelt)):
        (folder / name).write_text(json.dumps(value), encoding="utf-8")
    weights.export(new_model(rows), folder)
    return folder


def new_model(rows: int) -> Any:
    """An untrained model with so many rows."""
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig

    config = Gemma3TextConfig(
        **SHAPE, vocab_size=rows, num_key_value_heads=1, layer_types=LAYERS, sliding_window=256,
        max_position_embeddings=512, query_pre_attn_scalar=16, pad_token_id=0, eos_token_id=1, bos_token_id=2,
        initializer_range=tiny.INIT, attn_implementation="eager",
    )  # fmt: skip
    return Gemma3ForCausalLM(config)


def lines() -> list[str]:
    """Both sides of the articles, as the model reads and writes them."""
    return [side for a, e in tiny.pairs() for side in (normalize(a), e, "English:")]


def tokenizer() -> Any:
    """BPE with bytes to fall back on, as Gemma's: learnt from the articles, with all its tokens."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    learning = Tokenizer(models.BPE())
    learning.normalizer = normalizers.Replace(" ", "▁")
    learning.pre_tokenizer = pre_tokenizers.Split(Regex("▁|English|:"), "merged_with_next")
    trainer = trainers.BpeTrainer(vocab_size=LEARNT, show_progress=False)
    learning.train_from_iterator((f" {line}" for line in lines()), trainer)
    learnt = json.loads(learning.to_str())["model"]
    tokens = sorted(learnt["vocab"], key=learnt["vocab"].get)
    ids = {token: i for i, token in enumerate([*SPECIAL, *(token for token in tokens if token not in SPECIAL)])}
    merges = [tuple(pair) for pair in learnt["merges"]]
    made = Tokenizer(models.BPE(ids, merges, unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    made.normalizer, made.pre_tokenizer = learning.normalizer, learning.pre_tokenizer
    made.decoder = decoders.ByteFallback()
    made.add_special_tokens(SPECIAL[:4])
    return made
