"""How the embedded model was made: Gemma 3 learns to write the English of pairs of sentences, given their Arabic.

    python -m models.training.finetune --start FOLDER --text PAIRS --dev DEV.ar DEV.en --out FOLDER

--start   where to begin: a Gemma3ForCausalLM in Hugging Face format whose vocabulary models.training.cut has cut, or a
          folder like models/mujaz-ar-en
--text    the pairs, a sentence a line: one file (Arabic, tab, English) or two (Arabic, English); a number after them
          says how often each pair comes up in a pass (1 if there is none). Give it once for each source.
--dev     pairs that are never learnt, on which the loss is measured
--out     becomes a folder that MUJAZ_MODEL may name

The rest is the recipe (`Recipe`, or --help), with the shipped model's figures as defaults. That one was made by a
longer script, which kept the last weights (--keep last), not those of the best dev loss. On a GPU this computes in
bfloat16, on a CPU in float32.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch.nn import functional

from models.command_line import command
from models.engines import gemma, pieces, registry
from models.errors import InputError, ModelError
from models.text.normalize import normalize
from models.training import weights

NOTHING = -1  # where no token is to be learnt
CARRIED = ["tokenizer.json", "spelt.json", "tokenizer_config.json", "generation_config.json"]
CARRIED += ["NOTICE", "GEMMA_TERMS.md"]  # which the terms want beside the weights
SERVED = ("licence", "window", "part", "beam")  # of mujaz.json: what stays true of the new weights
WARNING = "No one has measured this model since it was trained. Check what you rely on against the Arabic."


def option(default: Any, text: str) -> Any:
    """A field of the recipe, and of the command line."""
    return field(default=default, metadata={"help": text})


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train. Raises InputError for what cannot be."""

    steps: int = option(2273, "steps in all")
    minutes: float = option(0.0, "train for so long instead of --steps, if not 0")
    tokens: int = option(32_768, "tokens of a step, padding counted")
    accumulate: int = option(1, "parts in which a step is done, each of which must fit into memory")
    longest: int = option(150, "tokens of a side; longer pairs are left out")
    peak: float = option(3e-4, "the highest learning rate")
    warm: float = option(0.03, "share of the time in which the rate rises to its peak")
    hold: float = option(0.15, "share of the time after which it falls, in a straight line to zero")
    smooth: float = option(0.05, "label smoothing")
    decay: float = option(0.01, "weight decay")
    clip: float = option(1.0, "the longest gradient")
    every: int = option(300, "steps between two measurements of the dev loss")
    keep: str = option("best", "which weights become the model: those of the best dev loss, or the `last`")
    seed: int = option(1, "of the order of the pairs")

    def __post_init__(self) -> None:
        for name in ("steps", "tokens", "accumulate", "longest", "every"):
            if getattr(self, name) < 1:
                raise InputError(name, f"must be at least 1, not {getattr(self, name)}")
        if not 0 <= self.warm <= self.hold < 1:
            raise InputError("warm", f"0 <= warm <= hold < 1 is needed, not warm {self.warm} and hold {self.hold}")
        if self.keep not in ("best", "last"):
            raise InputError("keep", f"choose best or last, not {self.keep!r}")


# ------------------------------------------------------------------------------------------------------- the text
def read_pairs(name: str, files: Sequence[str]) -> list[tuple[str, str]]:
    """(Arabic, English) from one TSV file or two files of lines; InputError names the option `name`."""
    if len(files) not in (1, 2):
        raise InputError(name, f"one file (Arabic, tab, English) or two, not {len(files)}: {' '.join(files)}")
    try:
        sides = [Path(file).read_text(encoding="utf-8").removesuffix("\n").split("\n") for file in files]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(name, f"{' '.join(files)} cannot be read: {error}") from error
    if len(files) == 1:
        rows = [line.split("\t") for line in sides[0]]
        wrong = [number for number, row in enumerate(rows, 1) if len(row) != 2]
        if wrong:
            raise InputError(name, f"{files[0]}, line {wrong[0]}: not Arabic, one tab, English")
        return [(arabic, english) for arabic, english in rows]
    if len(sides[0]) != len(sides[1]):
        raise InputError(name, f"{files[0]} has {len(sides[0])} lines, {files[1]} has {len(sides[1])}")
    return list(zip(*sides, strict=True))


def read_texts(options: Sequence[Sequence[str]]) -> Iterator[tuple[tuple[str, str], float]]:
    """Each pair of all sources, and how often it comes up in a pass."""
    for values in options:
        try:
            files, times = values[:-1], float(values[-1])
        except ValueError:
            files, times = values, 1.0
        if not 0 < times < math.inf:
            raise InputError("text", f"pairs come up more often than 0 times a pass, not {times}")
        yield from ((pair, times) for pair in read_pairs("text", files))


class Row(NamedTuple):
    """A pair as the model reads it."""

    ids: np.ndarray  # (L,) the prompt, then the English and the mark of its end
    prompt: int  # how many of them are the prompt: Arabic, and what stands round it
    words: int  # of the English


def encode(pairs: Iterable[tuple[str, str]], folder: Path, longest: float = math.inf) -> Iterator[Row | None]:
    """Each (Arabic, English) in the tokens of the model in `folder`; None if a side is blank or has over `longest`."""
    spelling, ids = pieces.SpelledPieces(folder), {token: i for i, token in enumerate(gemma.tokens(folder))}
    marks = len(spelling.source("")) - len(spelling.target(""))
    for arabic, english in pairs:
        arabic, english = normalize(arabic), english.strip()
        prompt, answer = spelling.source(arabic), spelling.target(english)
        if arabic and english and len(prompt) - marks <= longest and len(answer) <= longest:
            row = np.array([ids[piece] for piece in (*prompt, *answer, spelling.end)], np.int32)
            yield Row(row, len(prompt), len(english.split()))
        else:
            yield None


# ---------------------------------------------------------------------------------------------------- the training
def batches(rows: Sequence[Row], times: np.ndarray, size: int, seed: int) -> Iterator[list[Row]]:
    """Batches of at most `size` tokens, endless. In a pass row i comes up times[i] times on average.

    Rows of like length lie in one batch, so that little of it is padding.
    """
    rng = np.random.default_rng(seed)
    width = np.array([len(row.ids) for row in rows])
    while True:
        drawn = rng.permutation(np.repeat(np.arange(len(rows)), np.floor(times + rng.random(len(rows))).astype(int)))
        drawn = drawn[np.argsort(width[drawn], kind="stable")]
        found, start = [], 0
        for end in range(1, len(drawn) + 1):  # the last row of a batch is its longest
            if end == len(drawn) or (end + 1 - start) * width[drawn[end]] > size:
                found.append(drawn[start:end])
                start = end
        rng.shuffle(found)
        yield from ([rows[i] for i in batch] for batch in found)


def loss_of(model: Any, batch: Sequence[Row], smooth: float = 0.0, reduction: str = "mean") -> torch.Tensor:
    """Cross-entropy of the English tokens of a batch, in nats."""
    shape = len(batch), max(len(row.ids) for row in batch)
    ids, wanted = torch.zeros(shape, dtype=torch.long), torch.full(shape, NOTHING)  # (B, L)
    for i, row in enumerate(batch):
        ids[i, : len(row.ids)] = torch.from_numpy(row.ids)
        wanted[i, row.prompt - 1 : len(row.ids) - 1] = ids[i, row.prompt : len(row.ids)]  # each says the next
    ids, wanted = ids.to(model.device), wanted.to(model.device)
    with torch.autocast(model.device.type, torch.bfloat16, enabled=model.device.type == "cuda"):
        # Padding needs no mask: it stands at the end, and no token looks ahead.
        hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state  # (B, L, width)
        logits = model.lm_head(hidden[wanted != NOTHING])  # (English tokens, vocabulary)
    gold = wanted[wanted != NOTHING]
    return functional.cross_entropy(logits.float(), gold, label_smoothing=smooth, reduction=reduction)


@torch.no_grad()
def dev_loss(model: Any, rows: Sequence[Row]) -> float:
    """The mean loss of an English word, in nats: comparable between vocabularies."""
    model.eval()
    rows = sorted(rows, key=lambda row: len(row.ids))
    total = sum(float(loss_of(model, rows[i : i + 16], reduction="sum")) for i in range(0, len(rows), 16))
    model.train()
    return total / sum(row.words for row in rows)


def rate(done: float, recipe: Recipe) -> float:
    """The learning rate when a share `done` of the training is over."""
    rising = min(1.0, (done + 1e-4) / recipe.warm) if recipe.warm else 1.0
    return recipe.peak * rising * min(1.0, (1 - done) / (1 - recipe.hold))


def train(model: Any, rows: Sequence[Row], times: np.ndarray, dev: Sequence[Row], recipe: Recipe) -> float:
    """Train `model` as the recipe says, and return the dev loss of the weights that it then has."""
    optimizer = torch.optim.AdamW(model.parameters(), recipe.peak, (0.9, 0.98), weight_decay=recipe.decay, fused=True)
    stream = batches(rows, times, recipe.tokens // recipe.accumulate, recipe.seed)
    state: dict[str, torch.Tensor] = {}
    begun, step, done, best = time.monotonic(), 0, 0.0, math.inf
    while True:
        if step % recipe.every == 0 or done >= 1:
            loss = dev_loss(model, dev)
            print(f"step {step} ({min(done, 1):.0%}): dev loss {loss:.3f} nats a word", flush=True)
            if loss < best or not state or recipe.keep == "last":
                best, state = loss, {name: value.clone() for name, value in model.state_dict().items()}
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = rate(done, recipe)
        for _ in range(recipe.accumulate):
            (loss_of(model, next(stream), recipe.smooth) / recipe.accumulate).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
        optimizer.step()
        optimizer.zero_grad()
        step += 1
        done = (time.monotonic() - begun) / (60 * recipe.minutes) if recipe.minutes else step / recipe.steps
    model.load_state_dict(state)
    model.eval()
    return best


# ------------------------------------------------------------------------------------------------ from start to end
def save(model: Any, start: Path, out: Path, quality: str) -> None:
    """Write the folder `out`: weights and settings of `model`, tokens and terms of the folder `start`."""
    release = {key: value for key, value in registry.release_of(start).items() if key in SERVED}
    release |= {"name": out.name, "quality": quality, "warning": WARNING}
    with registry.written_whole(out) as temporary:
        weights.export(model, temporary)
        for name in CARRIED:
            if (start / name).is_file():
                shutil.copy(start / name, temporary)
        (temporary / "mujaz.json").write_text(json.dumps(release, ensure_ascii=False, indent=1), encoding="utf-8")


def run(args: argparse.Namespace, recipe: Recipe) -> Iterator[str]:
    """What the command line asks for, telling first what is to come."""
    try:
        registry.check(args.start)
        if registry.kind_of(args.start) not in registry.DECODER_ONLY:
            raise InputError("start", f"{args.start} is not of type {' or '.join(registry.DECODER_ONLY)}")
        model: Any = weights.read(args.start)
    except ModelError as error:
        raise InputError("start", str(error)) from error
    if args.out.exists():
        raise InputError("out", f"{args.out} is there already")
    dev = [row for row in encode(read_pairs("dev", args.dev), args.start) if row]
    pairs, often = zip(*read_texts(args.text), strict=True)
    encoded = zip(encode(pairs, args.start, recipe.longest), often, strict=True)
    found = [(row, times) for row, times in encoded if row]
    for name, some in (("dev", dev), ("text", found)):
        if not some:
            raise InputError(name, "no pair of two sentences that are not too long")
    rows, times = [row for row, _ in found], np.array([times for _, times in found])
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.backends.cuda.enable_cudnn_sdp(False)  # it plans anew for every shape, and batches have many
    yield f"{len(rows)} of {len(pairs)} pairs to learn, {len(dev)} to measure on; {device}; {recipe}"
    loss = train(model.to(device), rows, times, dev, recipe)
    save(model, args.start, args.out, f"{loss:.3f} nats a word on {' '.join(Path(file).name for file in args.dev)}")


@command
def main(argv: list[str] | None = None) -> Iterator[object]:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m models.training.finetune", description="Train the translator.")
    parser.add_argument("--start", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--text", nargs="+", action="append", required=True, metavar="FILE")
    parser.add_argument("--dev", nargs="+", required=True, metavar="FILE")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    for one in fields(Recipe):
        text = f"{one.metadata['help']} ({one.default})"
        parser.add_argument(f"--{one.name}", type=type(one.default), default=one.default, help=text)
    args = parser.parse_args(argv)
    yield from run(args, Recipe(**{one.name: getattr(args, one.name) for one in fields(Recipe)}))


if __name__ == "__main__":
    sys.exit(main())
