"""A real small summarizer for tests: a BART over byte-level BPE, as the public ones are, trained in about a minute.

It knows the summaries of a few of the articles in tests/data/articles by heart, and has learnt some of them wrong, as
large ones do: what it says there must not reach a reader.
"""

from __future__ import annotations

import json
from pathlib import Path

from models.briefs.abstractive import AbstractiveSummarizer, Draft, Line
from models.briefs.seq2seq import Seq2SeqWriter
from models.types import Sentence, Translation
from tests import tiny

POSITIONS = 192
SHAPE = {
    "d_model": 64, "encoder_layers": 2, "decoder_layers": 2, "max_position_embeddings": POSITIONS,
    "encoder_attention_heads": 4, "decoder_attention_heads": 4, "encoder_ffn_dim": 128, "decoder_ffn_dim": 128,
}  # fmt: skip
SEARCH = {"num_beams": 4, "length_penalty": 2.0, "no_repeat_ngram_size": 3, "min_length": 12, "max_length": 120}
SUMMARIES = {  # article -> what the model learns to write of it
    "01-dam-talks": "Three countries ended a new round of talks on sharing the river's water without a final "
    "agreement. The next round is due on 14 March.",
    "08-book-fair": "The book fair closed after ten days. Children's books sold the most.",
    # wrong on purpose: a number, a name, a claim, a lost denial
    "05-cholera": "Weekly cholera cases had fallen from 312 to 54 in one month. Total deaths stand at 27.",
    "09-court-fraud": "The criminal court sentenced Karim Haddad to seven years in prison. "
    "The court acquitted two defendants for lack of evidence.",
    "20-border-crossing": "The minister of transport resigned over the closure. "
    "The crossing remains closed to travellers.",
    "03-camp-winter": "Deaths were recorded. Rainwater flooded 430 tents in seven camps for displaced people.",
}
LONG = "28-drought-report"


def translations(name: str) -> list[Translation]:
    """An article's sentences (but its title) with their reference translations."""
    found = [pair for pair in _pairs(name)][1:]
    return [Translation(Sentence(i + 1, 0, 0, len(a), a), e) for i, (a, e) in enumerate(found)]


def _pairs(name: str) -> list[tuple[str, str]]:
    english = (tiny.ARTICLES / f"{name}.en.txt").read_text(encoding="utf-8").split("\n")
    arabic = (tiny.ARTICLES / f"{name}.txt").read_text(encoding="utf-8")
    sources = [sentence.text for sentence in tiny.split_sentences(arabic)]
    return list(zip(sources, [line for line in english if line.strip()], strict=True))


def examples(folder: Path) -> list[tuple[str, str]]:
    """(source, summary): the articles above, and every window of the long article with its second line."""

    class Windows(Seq2SeqWriter):
        def write(self, lines: list[Line], limit: int) -> list[Draft]:
            seen.append([line.text for line in lines])
            return []

    seen: list[list[str]] = []
    AbstractiveSummarizer(Windows("tiny", folder, folder)).summarize(translations(LONG), 3)
    found = [(" ".join(t.text for t in translations(name)), text) for name, text in SUMMARIES.items()]
    return found + [(" ".join(lines), lines[1]) for lines in seen]


def make_model(folder: Path, epochs: int = 120, seed: int = 1) -> Path:
    """Train the model and write it to `folder` in Hugging Face format."""
    import torch
    from tokenizers import ByteLevelBPETokenizer
    from transformers import BartConfig, BartForConditionalGeneration

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    folder.mkdir(parents=True, exist_ok=True)
    bpe = ByteLevelBPETokenizer()
    lines = [f" {english}" for _, english in tiny.pairs()] + [f" {text}" for text in SUMMARIES.values()]
    bpe.train_from_iterator(lines, 1500, 2, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    bpe.save_model(str(folder))
    marks = {f"{name}_token": f"<{name}>" for name in ("unk", "pad", "mask")}
    settings = {"tokenizer_class": "BartTokenizer", "bos_token": "<s>", "eos_token": "</s>", **marks}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    config = BartConfig(
        **SHAPE, vocab_size=bpe.get_vocab_size(), bos_token_id=0, pad_token_id=1, eos_token_id=2,
        decoder_start_token_id=2, forced_bos_token_id=0, forced_eos_token_id=2, dropout=0.0, init_std=tiny.INIT,
    )  # fmt: skip
    model = BartForConditionalGeneration(config)
    (folder / "config.json").write_text(json.dumps({**config.to_dict(), **SEARCH}))
    rows = [([0, *bpe.encode(" " + a).ids, 2], bpe.encode(b).ids) for a, b in examples(folder)]
    assert max(len(a) for a, _ in rows) <= POSITIONS
    tiny._train(model, [(a, [0, *b, 2]) for a, b in rows], 1, 2, epochs)
    model.generation_config.update(**SEARCH, early_stopping=True, forced_bos_token_id=0, forced_eos_token_id=2)
    model.save_pretrained(folder)
    return folder
