"""A base model with fewer tokens: rows for the most frequent ones of a text, the others spelt with those.

    python -m models.training.cut --base FOLDER --text FILE [FILE ...] --out FOLDER

--base   a Gemma3ForCausalLM in Hugging Face format, with its tokenizer.json
--text   Arabic and English text as the model shall meet it, a sentence a line
--rows   how many tokens keep their row

models.training.finetune starts from the folder that it writes. It was written afterwards, from what is known of the
shipped model's tokens and their spellings (always the fewest tokens), and has been run on small models only.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import torch
from tokenizers import Tokenizer

from models.command_line import command
from models.engines import registry
from models.errors import InputError
from models.text.normalize import normalize
from models.training import weights

MARKS, BYTES = ["<pad>", "<eos>", "<bos>", "<unk>"], [f"<0x{byte:02X}>" for byte in range(256)]
NEEDED = [*MARKS, *BYTES, "\n", "English", ":", "▁"]


def cut(tokenizer: Tokenizer, lines: Iterable[str], rows: int) -> tuple[dict, dict[str, list[str]], list[int]]:
    """(tokenizer.json, spelt.json, the old ids of the `rows` tokens that are kept, in their new order).

    What is needed is kept, then the letters of the text, then its most frequent tokens. Tokens without a row stay in
    the tokenizer, for others are merged from them: text in known letters is split as before.
    """
    before = json.loads(tokenizer.to_str())
    old: dict[str, int] = before["model"]["vocab"]
    if lacking := [token for token in NEEDED if token not in old]:
        raise InputError("base", f"the tokenizer is not Gemma's: it has no {lacking[0]!r}")
    counts = Counter(t for line in lines for t in tokenizer.encode(f" {line}", add_special_tokens=False).tokens)
    wanted = [*NEEDED, *sorted(counts, key=lambda token: (len(token) > 1, -counts[token]))]
    kept = set(list(dict.fromkeys(wanted))[:rows])
    letters = {letter for token in kept.difference(MARKS, BYTES) for letter in token}
    others = {token for token in old if token not in kept and letters.issuperset(token)}
    order = sorted(kept, key=old.__getitem__) + sorted(others, key=old.__getitem__)
    new = {token: i for i, token in enumerate(order)}
    merges = [(a, b) for a, b in before["model"]["merges"] if a in new and b in new and a + b in new]
    marks = [{**mark, "id": new[mark["content"]]} for mark in before["added_tokens"] if mark["content"] in MARKS]
    after = {**before, "model": {**before["model"], "vocab": new, "merges": merges}, "added_tokens": marks}
    return {**after, "post_processor": None}, {t: spell(t, kept) for t in others}, sorted(old[t] for t in kept)


def spell(token: str, known: set[str]) -> list[str]:
    """The fewest known tokens that make `token`; a letter that is none is spelt with its bytes."""
    best: list[list[str]] = [[]]
    for end in range(1, len(token) + 1):
        last = [f"<0x{byte:02X}>" for byte in token[end - 1].encode()]
        ways = [[*best[at], token[at:end]] for at in range(end) if token[at:end] in known]
        best.append(min([*ways, best[end - 1] + last], key=len))
    return best[-1]


def write(base: Path, lines: Iterable[str], rows: int, out: Path) -> None:
    """The model in `base`, cut to the `rows` tokens that `lines` need most, into the folder `out`."""
    tokenizer, spelt, kept = cut(Tokenizer.from_file(str(base / "tokenizer.json")), map(normalize, lines), rows)
    model = weights.read(base)
    embeddings = model.model.embed_tokens
    embeddings.weight = torch.nn.Parameter(embeddings.weight.detach()[kept])  # (rows, width)
    model.config.vocab_size = len(kept)
    model.tie_weights()
    with registry.written_whole(out) as temporary:
        model.bfloat16().save_pretrained(temporary)
        for name, value in (("tokenizer.json", tokenizer), ("spelt.json", spelt)):
            (temporary / name).write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


@command
def main(argv: list[str] | None = None) -> Iterator[object]:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m models.training.cut", description="Cut a model's vocabulary.")
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--text", type=Path, required=True, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=40_960)
    args = parser.parse_args(argv)
    if args.out.exists():
        raise InputError("out", f"{args.out} is there already")
    write(args.base, (line for path in args.text for line in path.open(encoding="utf-8")), args.rows, args.out)
    yield args.out


if __name__ == "__main__":
    sys.exit(main())
