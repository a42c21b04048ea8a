"""A real small model for tests: trained in seconds on the shortest sentence pairs of tests/data/articles.

What it was trained on it knows by heart; of anything else it makes English words in no good order.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

from models.briefs.summarizers import extractive, usable
from models.text.segment import normalize, split_sentences
from models.translation.translator import GOLDEN

SUMMARIZERS = usable([extractive()])  # those that need no setting
ARTICLES = Path(__file__).parent / "data" / "articles"
TRAINED = 49  # pairs, and the golden sentence
INIT = 0.1  # the usual 0.02 is made for wide models; a narrow one would learn ten times more slowly
SHAPE = {"d_model": 64, "encoder_layers": 2, "decoder_layers": 2, "max_position_embeddings": 256}
HEADS = {"encoder_attention_heads": 4, "decoder_attention_heads": 4, "encoder_ffn_dim": 128, "decoder_ffn_dim": 128}


def pairs() -> list[tuple[str, str]]:
    """(Arabic sentence, its reference translation) for every sentence of the articles, titles included."""
    found = []
    for english in sorted(ARTICLES.glob("*.en.txt")):
        arabic = english.with_name(english.name.replace(".en.txt", ".txt")).read_text(encoding="utf-8")
        references = english.read_text(encoding="utf-8").split("\n")
        sources = [sentence.text for sentence in split_sentences(arabic)]
        references = [line for line in references if line.strip()]
        assert len(sources) == len(references), (english.name, len(sources), len(references))
        found += zip(sources, references, strict=True)
    return found


def trained_pairs() -> list[tuple[str, str]]:
    """The pairs that the model knows: the shortest, and the golden sentence."""
    golden = (GOLDEN, "The health ministry announced today the opening of a new hospital in the capital.")
    return [golden, *sorted(pairs(), key=lambda pair: len(pair[0]))[:TRAINED]]


def renumbered() -> list[str]:
    """The sentences that the model knows by heart with other numbers, about which it is wrong."""
    return [re.sub(r"\d+", lambda found: str(int(found[0]) + 1), arabic) for arabic, _ in trained_pairs()]


def make_model(folder: Path, kind: str = "marian", epochs: int = 110, seed: int = 1) -> Path:
    """Train a model of `kind` (marian or bart) and write it to `folder` in Hugging Face format.

    With `epochs=0` it is as good as noise, which is what the golden sentence must refuse.
    """
    import torch
    from transformers import BartConfig, BartForConditionalGeneration, MarianConfig, MarianMTModel

    torch.set_num_threads(1)  # so small a model gains nothing from a second, and loses much beside another program
    torch.manual_seed(seed)
    texts = [(normalize(a), e) for a, e in trained_pairs()]
    folder.mkdir(parents=True, exist_ok=True)
    sp, vocabulary = _vocabulary(folder, [side for a, e in pairs() for side in (normalize(a), e)])
    pad, end = vocabulary["<pad>"], vocabulary["</s>"]
    common = {
        **SHAPE,
        **HEADS,
        "vocab_size": len(vocabulary),
        "pad_token_id": pad,
        "eos_token_id": end,
        "dropout": 0.0,
        "init_std": INIT,
    }
    if kind == "marian":
        start = pad
        model = MarianMTModel(MarianConfig(**common, decoder_start_token_id=pad, forced_eos_token_id=None))
        hold = model.model.shared.weight
        hold.data[pad] = 0  # CTranslate2 starts Marian from a zero embedding
        hold.register_hook(lambda g: g.index_fill(0, torch.tensor([pad]), 0))
    else:
        start = end
        model = BartForConditionalGeneration(
            BartConfig(**common, bos_token_id=end, decoder_start_token_id=end, forced_eos_token_id=None)
        )
    rows = [([vocabulary[p] for p in sp.encode(a, out_type=str)] + [end], sp.encode(e, out_type=str)) for a, e in texts]
    rows = [(x[:200], [*(vocabulary[p] for p in y[:199]), end]) for x, y in rows]
    _train(model, rows, pad, start, epochs)
    model.save_pretrained(folder)
    return folder


def _vocabulary(folder: Path, lines: list[str]):
    import sentencepiece

    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=out, vocab_size=1200, hard_vocab_limit=False, minloglevel=2,
        character_coverage=1.0, bos_id=-1, eos_id=1, unk_id=0,
    )  # fmt: skip
    for name in ("source.spm", "target.spm"):
        (folder / name).write_bytes(out.getvalue())
    sp = sentencepiece.SentencePieceProcessor(model_proto=out.getvalue())
    vocabulary = {sp.id_to_piece(i): i for i in range(sp.get_piece_size())}
    vocabulary["<pad>"] = len(vocabulary)
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    settings = {"tokenizer_class": "MarianTokenizer", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
    return sp, vocabulary


def _train(model, rows, pad: int, start: int, epochs: int) -> None:
    import torch

    def padded(side):
        width = max(map(len, side))
        return torch.tensor([row + [pad] * (width - len(row)) for row in side])

    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2, weight_decay=0.0, betas=(0.9, 0.98))
    rows = sorted(rows, key=lambda row: len(row[1]))
    batches = [rows[i : i + 25] for i in range(0, len(rows), 25)]
    steps = max(1, epochs * len(batches))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, total_steps=steps, pct_start=0.15)
    model.train()
    for _ in range(epochs):
        for i in torch.randperm(len(batches)).tolist():
            x, y = (padded(side) for side in zip(*batches[i], strict=True))
            given = torch.cat([torch.full((len(y), 1), start), y[:, :-1]], 1)
            logits = model(input_ids=x, attention_mask=(x != pad).long(), decoder_input_ids=given).logits
            loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten(), ignore_index=pad)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
    model.eval()
