"""Train a compact Arabic-English model on a packed folder (`models.pack`), on CPU cores or on one GPU.

python -m models.train run  --pack PACK --run RUN --recipe models/recipes/X.toml     again: it resumes
python -m models.train full --pack PACK --run RUN --recipe models/recipes/full.toml  with back-translation
python -m models.train plot --run RUN                                                loss and BLEU (needs matplotlib)

It reads from top to bottom: the recipe, the text, the model, the loss, what is measured, what is kept, the loop.
A run folder holds everything that made the model: recipe.toml, joint.spm, log.jsonl, state.pt, ckpt-*.pt.
A run ends when its schedule is done (exit status 0) or its time is up (exit status 3: run the same line again).
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import time
import tomllib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
import torch
import torch.nn.functional as F

from models.e5 import unpack_q4
from models.normalize import normalize, spaced_numbers

UNK, BOS, EOS = 0, 1, 2
NUMBER = re.compile(r"(?<![\d.,])\d[\d.,]*\d(?!\d)")
ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
NOT_DONE = 3
CHOICES = {"shape": ("bart", "marian"), "start": ("e5", "scratch"), "precision": ("bfloat16", "float32")}
KINDS = {"": "", "denoise": "mono-", "bt": "bt-", "st": "st-"}  # how a recipe names a source, and its file
FORBIDDEN = -1e4  # the logit bias of a piece that the target language never uses; fits half precision

# ---------------------------------------------------------------- the recipe


@dataclass(frozen=True)
class Phase:
    """A stretch of the schedule: until which share of it, pairs of at most how many pieces, mixed by which weights.

    A weight is a source's share of the batches. "denoise:NAME" is monolingual text to restore from noise, "bt:NAME"
    a back-translated set, tagged, "st:NAME" a set of a model's own translations, without a tag (`models.distil`).
    """

    until: float
    weights: dict[str, float]
    longest: int = 100


@dataclass(frozen=True)
class Recipe:
    """Everything that shapes a model; a TOML file under models/recipes/, copied into the run's folder."""

    phases: tuple[Phase, ...]
    shape: str = "bart"  # or "marian"
    start: str = "e5"  # or "scratch"
    encoder_layers: int = 12
    decoder_layers: int = 4
    width: int = 384
    heads: int = 12
    ffn: int = 1536
    positions: int = 512
    dropout: float = 0.1
    frozen_layers: int = 0  # the lowest encoder layers, and the encoder's input embeddings with them
    cross_from_self: bool = False  # cross-attention starts as a copy of self-attention
    reverse: bool = False  # English to Arabic
    minutes: float = 0.0  # the whole schedule, over all resumes; or
    steps: int = 0
    tokens: int = 1500  # padded target pieces a batch
    lr: float = 8e-4
    encoder_lr: float = 0.3  # times lr, for what was started
    embedding_lr: float = 0.5
    warmup: int = 300
    hold: float = 0.25  # the share of the schedule before the rate falls, linearly, to a hundredth
    smoothing: float = 0.1
    clip: float = 1.0
    precision: str = "bfloat16"  # of the matrix products; or "float32"
    joined: float = 0.0  # share of batches whose items are two neighbouring pairs joined
    noise: float = 0.0  # share of sources with typing faults put in
    renumbered: float = 0.0  # share of pairs whose common numbers are changed, alike on both sides
    dev_sentences: int = 200
    bleu_sentences: int = 100
    log_s: float = 30.0
    nats_s: float = 300.0
    bleu_s: float = 1200.0
    save_s: float = 240.0
    keep: int = 8  # checkpoints kept, and averaged by models.export
    seed: int = 1
    mono: dict[str, int] = field(default_factory=dict)  # what `models.pack` packs of each monolingual text
    full: dict[str, float] = field(default_factory=dict)  # minutes of the stages of `full`


def read_recipe(path: Path, **changes: Any) -> Recipe:
    """A recipe from TOML. Raises ValueError that names the unknown key and the known ones."""
    values = tomllib.loads(path.read_text(encoding="utf-8")) | changes
    known = {f.name for f in fields(Recipe)}
    for name in values:
        if name not in known:
            raise ValueError(f"{path} has {name!r}; a recipe's keys are {', '.join(sorted(known))}")
    values["phases"] = tuple(Phase(**phase) for phase in values.get("phases", ()))
    recipe = Recipe(**values)
    for key, choices in CHOICES.items():
        if getattr(recipe, key) not in choices:
            raise ValueError(f"{path}: {key} is {getattr(recipe, key)!r}; choose {' or '.join(choices)}")
    if not recipe.phases:
        raise ValueError(f"{path} has no [[phases]]: at least one says which sources to mix")
    if bool(recipe.minutes) == bool(recipe.steps):
        raise ValueError(f"{path}: give minutes or steps, one of them")
    return recipe


# ---------------------------------------------------------------- the text


class Source:
    """One packed set: numpy rows of pieces, and batches of rows of like length."""

    def __init__(self, path: Path, recipe: Recipe, kind: str):
        packed = np.load(path)
        english = packed["t"], packed["to"].astype(np.int64)
        arabic = (packed["s"], packed["so"].astype(np.int64)) if "s" in packed else english
        self.kind = kind
        # A back-translated set is written the way round that it is used.
        self.source, self.target = (english, arabic) if recipe.reverse and kind == "pairs" else (arabic, english)
        self.seed = [recipe.seed, zlib.crc32(path.stem.encode())]

    @cache  # noqa: B019 - a source lives as long as its run
    def rows(self, longest: int, span: int) -> np.ndarray:
        """Rows that, joined with the `span - 1` that follow, have 1 to `longest` pieces on both sides, alike long."""
        s, t = (offset[span:] - offset[:-span] for _, offset in (self.source, self.target))
        alike = (s <= 3 * t + 4) & (t <= 3 * s + 4)
        return np.flatnonzero(alike & (np.minimum(s, t) > 0) & (np.maximum(s, t) < longest))

    def batches(self, longest: int, span: int, tokens: int, epoch: int) -> list[np.ndarray]:
        """One pass over the rows in random order, in batches of at most `tokens` padded pieces on either side."""
        rng = np.random.default_rng([*self.seed, longest, span, epoch])
        rows = rng.permutation(self.rows(longest, span))
        sizes = [offset[rows + span] - offset[rows] for _, offset in (self.source, self.target)]
        size = np.maximum(*sizes) + 1
        found = []
        for start in range(0, len(rows), 50_000):
            part = np.arange(start, min(start + 50_000, len(rows)))
            part = part[np.argsort(size[part] + 3 * rng.random(len(part)))]
            highest = np.maximum.accumulate(size[part])
            i = 0
            while i < len(part):
                j = i + 1
                while j < len(part) and (j + 1 - i) * highest[j] <= tokens:
                    j += 1
                found.append(rows[part[i:j]])
                i = j
        rng.shuffle(found)
        return found


def gather(side: tuple[np.ndarray, np.ndarray], rows: np.ndarray, span: int, pad: int) -> np.ndarray:
    """(rows, longest + 1) pieces with `</s>` at each row's end, int64."""
    flat, offset = side
    start, end = offset[rows][:, None], offset[rows + span][:, None]
    at = start + np.arange(int((end - start).max()) + 1)
    pieces = flat[np.minimum(at, len(flat) - 1)].astype(np.int64)
    return np.where(at < end, pieces, np.where(at == end, EOS, pad))


def masked(y: np.ndarray, pad: int, rng: np.random.Generator) -> np.ndarray:
    """Text to restore: 15% of the pieces unknown, the others moved by up to two places; the ends stay."""
    free = (y != pad) & (y != EOS)
    x = np.where(free & (rng.random(y.shape) < 0.15), UNK, y)
    place = np.arange(y.shape[1]) + np.where(free, 3 * rng.random(y.shape), 3)
    return np.take_along_axis(x, place.argsort(1, kind="stable"), 1)


def spoil(text: str, rng: np.random.Generator) -> str:
    """Arabic as people type it: bare alefs, ه for ة, ى for ي, no punctuation, a letter lost, Latin in capitals."""
    choice = rng.integers(5)
    if choice == 0:
        return text.translate(str.maketrans("أإآةى", "اااهي"))
    if choice == 1:
        return re.sub(r"[،؛,.;:!?؟]", "", text)
    if choice == 2:
        return re.sub("ي(?=\\s|$)", "ى", text)
    if choice == 3 and len(text) > 8:
        i = int(rng.integers(1, len(text) - 1))
        return text[:i] + text[i + 1 :]
    return text.upper()


def renumber(source: str, target: str, rng: np.random.Generator) -> tuple[str, str]:
    """The pair with other digits in every number of two digits or more that stands once on either side."""
    for number in dict.fromkeys(NUMBER.findall(source)):
        if NUMBER.findall(source).count(number) == NUMBER.findall(target).count(number) == 1:
            new = re.sub(r"\d", lambda _: str(rng.integers(1, 10)), number)
            source, target = (re.sub(rf"(?<![\d.,]){re.escape(number)}(?!\d)", new, t) for t in (source, target))
    return source, target


@dataclass
class Batch:
    """Padded pieces (items, width); `kept` are the flat positions of `target` that are no padding."""

    source: np.ndarray
    given: np.ndarray  # what the decoder reads: the target, shifted right
    target: np.ndarray
    kept: np.ndarray


class Mixer:
    """An endless, repeatable stream of batches; `state` is all that is needed to go on from the same place."""

    def __init__(self, folder: Path, recipe: Recipe, sp: Any, start: int):
        self.recipe, self.sp, self.start = recipe, sp, start
        self.pad = sp.get_piece_size() + 1
        names = {name for phase in recipe.phases for name in phase.weights}
        self.sources = {name: self._load(folder, name) for name in sorted(names)}
        self.mixes = [self._mix(phase) for phase in recipe.phases]
        self.rng = np.random.default_rng(recipe.seed)
        self.places: dict[str, list[int]] = {}  # source, longest, span -> epoch, batch
        self._plans: dict[str, list[np.ndarray]] = {}

    def _load(self, folder: Path, name: str) -> Source:
        kind, _, rest = name.rpartition(":")
        if kind not in KINDS:
            raise ValueError(f"the recipe mixes {name!r}; what stands before a colon is {' or '.join(list(KINDS)[1:])}")
        path = folder / f"{KINDS[kind]}{rest}.npz"
        if not path.is_file():
            packed = ", ".join(sorted(file.stem for file in folder.glob("*.npz") if file.stem != "e5"))
            raise ValueError(f"the recipe mixes {name!r}, but {path.name} is not packed; there are: {packed}")
        return Source(path, self.recipe, kind or "pairs")

    def _mix(self, phase: Phase) -> dict[str, float]:
        """The weights of the sources that have a pair short enough for `phase`; says which have none."""
        found = {name: w for name, w in phase.weights.items() if len(self.sources[name].rows(phase.longest, 1))}
        if missing := set(phase.weights) - set(found):
            print(f"no pair of at most {phase.longest} pieces in {', '.join(sorted(missing))}: left out", flush=True)
        if not found:
            raise ValueError(f"the phase until {phase.until:g} has no pair of at most {phase.longest} pieces")
        return found

    def state(self) -> dict:
        """Plain values; `restore` takes them."""
        return {"rng": self.rng.bit_generator.state, "places": self.places}

    def restore(self, state: dict) -> None:
        """Go on where `state` was taken."""
        self.rng.bit_generator.state = state["rng"]
        self.places = {key: list(place) for key, place in state["places"].items()}

    def next(self, done: float) -> Batch:
        """The next batch of the phase that `done` (the share of the schedule behind us) falls into."""
        last = len(self.mixes) - 1
        number = next((i for i, phase in enumerate(self.recipe.phases) if done < phase.until), last)
        phase, mix = self.recipe.phases[number], self.mixes[number]
        names, weights = list(mix), np.array(list(mix.values()))
        name = names[self.rng.choice(len(names), p=weights / weights.sum())]
        source = self.sources[name]
        span = 2 if self.rng.random() < self.recipe.joined and len(source.rows(phase.longest, 2)) else 1
        return self._batch(source, self._rows(name, phase.longest, span), span)

    def _rows(self, name: str, longest: int, span: int) -> np.ndarray:
        key = f"{name}|{longest}|{span}"
        epoch, place = self.places.get(key, [0, 0])
        if key in self._plans and place >= len(self._plans[key]):
            epoch, place = epoch + 1, 0
            del self._plans[key]
        if key not in self._plans:
            self._plans[key] = self.sources[name].batches(longest, span, self.recipe.tokens, epoch)
        self.places[key] = [epoch, place + 1]
        return self._plans[key][place] if place < len(self._plans[key]) else self._rows(name, longest, span)

    def _batch(self, source: Source, rows: np.ndarray, span: int) -> Batch:
        y = gather(source.target, rows, span, self.pad)
        if source.kind == "denoise":
            x = masked(y, self.pad, self.rng)
        else:
            x = gather(source.source, rows, span, self.pad)
            if self.recipe.renumbered:
                x, y = self._altered(self.recipe.renumbered, x, y, lambda a, b: renumber(a, b, self.rng))
            if self.recipe.noise and not self.recipe.reverse:
                x, y = self._altered(self.recipe.noise, x, y, lambda a, b: (spoil(a, self.rng), b))
            if source.kind == "bt":
                x = np.concatenate([np.full((len(x), 1), self.pad - 1), x], 1)
        given = np.concatenate([np.full((len(y), 1), self.start), y[:, :-1]], 1)
        return Batch(x, given, y, np.flatnonzero(y.ravel() != self.pad))

    def _altered(self, share: float, x: np.ndarray, y: np.ndarray, change: Callable) -> tuple[np.ndarray, np.ndarray]:
        """`x` and `y` with `change` made to the text of a share of the pairs; what it leaves alone keeps its pieces."""
        sides = [[row[row != self.pad] for row in side] for side in (x, y)]
        for i in np.flatnonzero(self.rng.random(len(x)) < share):
            old = [self.sp.decode(side[i][:-1].tolist()) for side in sides]
            for side, before, after in zip(sides, old, change(*old), strict=True):
                if after != before and after.strip():
                    side[i] = np.array([*self.sp.encode(after)[: self.recipe.positions - 2], EOS])
        padded_sides = []
        for side in sides:
            out = np.full((len(side), max(map(len, side))), self.pad)
            for place, row in enumerate(side):
                out[place, : len(row)] = row
            padded_sides.append(out)
        return padded_sides[0], padded_sides[1]


# ---------------------------------------------------------------- the model


def build(recipe: Recipe, pieces: int, start_weights: Path | None = None) -> Any:
    """A transformers model over `pieces` SentencePiece pieces, <bt> and <pad>; with e5's weights where given.

    The <pad> row is zero and must stay so (`hold_pad`): CTranslate2 takes it for zero.
    """
    from transformers import BartConfig, BartForConditionalGeneration, MarianConfig, MarianMTModel

    rows = -(-(pieces + 2) // 64) * 64  # the last ones are never used: a width that suits matrix units
    common: dict[str, Any] = {
        "vocab_size": rows, "d_model": recipe.width, "encoder_layers": recipe.encoder_layers,
        "decoder_layers": recipe.decoder_layers, "encoder_attention_heads": recipe.heads,
        "decoder_attention_heads": recipe.heads, "encoder_ffn_dim": recipe.ffn, "decoder_ffn_dim": recipe.ffn,
        "max_position_embeddings": recipe.positions, "dropout": recipe.dropout, "attention_dropout": 0.0,
        "activation_dropout": 0.0, "pad_token_id": pieces + 1, "bos_token_id": BOS, "eos_token_id": EOS,
        "forced_eos_token_id": None,
    }  # fmt: skip
    if recipe.shape == "marian":
        marian = MarianConfig(
            **common, decoder_start_token_id=pieces + 1, decoder_vocab_size=rows, activation_function="swish",
            scale_embedding=True, share_encoder_decoder_embeddings=True,
        )  # fmt: skip
        model: Any = MarianMTModel(marian)
    else:
        bart = {**common, "decoder_start_token_id": EOS, "activation_function": "gelu", "scale_embedding": False}
        # What CTranslate2's converter asks for and transformers 5 no longer sets.
        bart |= {"normalize_before": False, "normalize_embedding": True}
        bart |= {"add_final_layer_norm": False, "static_position_embeddings": False}
        model = BartForConditionalGeneration(BartConfig(**bart))
    if start_weights:
        load_e5(model, start_weights)
    if recipe.cross_from_self:
        for layer in model.model.decoder.layers:
            for name in ("q_proj", "k_proj", "v_proj"):
                getattr(layer.encoder_attn, name).load_state_dict(getattr(layer.self_attn, name).state_dict())
    with torch.no_grad():
        model.model.shared.weight[pieces + 1 :] = 0
    return model


@torch.no_grad()
def load_e5(model: Any, path: Path) -> None:
    """Start the encoder as e5, and the decoder's layers as e5's highest ones (their cross-attention aside)."""
    packed = np.load(path)

    def get(name: str) -> torch.Tensor:
        return torch.from_numpy(unpack_q4(packed[name]))

    words = get("emb.word")
    model.model.shared.weight.normal_(0, 0.02)
    model.model.shared.weight[: len(words)] = words
    encoder, decoder = model.model.encoder, model.model.decoder
    for part, positions in ((encoder, get("emb.pos") + get("emb.type")[0]), (decoder, get("emb.pos"))):
        part.embed_positions.weight[2 : 2 + len(positions)] = positions  # BART's positions start at 2
        part.layernorm_embedding.weight.copy_(get("emb.ln.w"))
        part.layernorm_embedding.bias.copy_(get("emb.ln.b"))
    depth = len(encoder.layers)
    pairs = [*enumerate(encoder.layers), *enumerate(decoder.layers, depth - len(decoder.layers))]
    for i, layer in pairs:
        attention = layer.self_attn
        for ours, theirs in (
            (attention.q_proj, "q"), (attention.k_proj, "k"), (attention.v_proj, "v"), (attention.out_proj, "ao"),
            (layer.fc1, "fi"), (layer.fc2, "fo"), (layer.self_attn_layer_norm, "aln"), (layer.final_layer_norm, "oln"),
        ):  # fmt: skip
            ours.weight.copy_(get(f"l{i}.{theirs}.w"))
            ours.bias.copy_(get(f"l{i}.{theirs}.b"))


def writable(sp: Any, reverse: bool) -> torch.Tensor:
    """Ids of the pieces that the target language can use, `</s>` among them."""
    ids = [i for i in range(3, sp.get_piece_size()) if reverse or not ARABIC.search(sp.id_to_piece(i))]
    return torch.tensor([EOS, *ids])


def forbid(model: Any, rows: torch.Tensor) -> None:
    """Make generation write no other pieces than `rows`; the bias is exported with the model."""
    bias = torch.full_like(model.final_logits_bias, FORBIDDEN)
    bias[0, rows] = 0
    model.final_logits_bias.copy_(bias)


def freeze(model: Any, layers: int) -> None:
    """Keep the lowest encoder layers as they are. Their input embeddings then get no gradient from below either."""
    if layers:
        encoder = model.model.encoder
        for part in (*encoder.layers[:layers], encoder.embed_positions, encoder.layernorm_embedding):
            part.requires_grad_(False)


def hold_pad(shared: torch.Tensor, pad: int) -> None:
    """Keep the rows from <pad> on at zero: CTranslate2 drops that row."""
    rows = torch.arange(pad, len(shared), device=shared.device)
    shared.register_hook(lambda gradient: gradient.index_fill(0, rows, 0))


# ---------------------------------------------------------------- the loss


class ProjectedLoss(torch.autograd.Function):
    """Mean label-smoothed cross-entropy of `hidden @ weight[rows].T`, gradients made chunk by chunk.

    All the logits of a batch never stand in memory at once: on CPU that is about a quarter of a step's time.
    """

    @staticmethod
    def forward(ctx, hidden, weight, gold, rows, smoothing, dtype, chunk):
        """`hidden` (n, d); `weight` (vocabulary, d); `gold` (n) indexes into `rows`, the pieces that may be written."""
        w, h, n, live = weight.detach()[rows].to(dtype), hidden.detach().to(dtype), len(gold), len(rows)
        dh, dw = torch.empty_like(h), torch.zeros(live, w.shape[1], device=w.device)
        total = torch.zeros((), device=w.device)
        for i in range(0, n, chunk):
            part, answer = h[i : i + chunk], gold[i : i + chunk, None]
            logits = (part @ w.T).float()
            chosen, mean = logits.gather(1, answer), logits.mean(1, keepdim=True)
            top = logits.amax(1, keepdim=True)
            p = logits.sub_(top).exp_()
            z = p.sum(1, keepdim=True)
            total += (z.log() + top - (1 - smoothing) * chosen - smoothing * mean).sum()
            p.mul_(1 / (z * n)).sub_(smoothing / live / n)
            p.scatter_add_(1, answer, torch.full_like(chosen, (smoothing - 1) / n))
            gradient = p.to(dtype)
            torch.mm(gradient, w, out=dh[i : i + chunk])
            dw += (gradient.T @ part).float()
        full = torch.zeros_like(weight)
        full[rows] = dw
        ctx.save_for_backward(dh.to(hidden.dtype), full)
        return total / n

    @staticmethod
    def backward(ctx, gradient):
        """Scaled by what comes from above."""
        dh, dw = ctx.saved_tensors
        return dh * gradient, dw * gradient, None, None, None, None, None


class Objective:
    """Batch -> loss, on the device and in the precision of a run."""

    def __init__(self, model: Any, recipe: Recipe, rows: torch.Tensor, device: str, compiled: bool):
        self.model, self.recipe, self.device = model, recipe, device
        self.body = torch.compile(model.model, dynamic=True) if compiled else model.model
        self.rows = rows.to(device)
        self.where = torch.zeros(model.config.vocab_size, dtype=torch.long, device=device)
        self.where[self.rows] = torch.arange(len(rows), device=device)
        self.dtype = getattr(torch, recipe.precision)

    def _move(self, array: np.ndarray) -> torch.Tensor:
        tensor = torch.from_numpy(array)
        return tensor.pin_memory().to(self.device, non_blocking=True) if self.device == "cuda" else tensor

    def __call__(self, batch: Batch) -> torch.Tensor:
        """The mean loss over the batch's pieces. Nothing here waits for the GPU."""
        source, kept = self._move(batch.source), self._move(batch.kept)
        shared = self.model.model.shared.weight
        seen: dict[str, torch.Tensor] = {"input_ids": source}
        if self.recipe.frozen_layers:
            seen = {"inputs_embeds": F.embedding(source, shared.detach())}
        mask = (source != self.model.config.pad_token_id).long()
        with torch.autocast(self.device, dtype=torch.bfloat16, enabled=self.dtype == torch.bfloat16):
            given = self._move(batch.given)
            hidden = self.body(**seen, attention_mask=mask, decoder_input_ids=given, use_cache=False).last_hidden_state
        gold = self.where[self._move(batch.target).flatten()[kept]]
        chunk = 256 if self.device == "cpu" else 8192
        return ProjectedLoss.apply(
            hidden.flatten(0, 1)[kept], shared, gold, self.rows, self.recipe.smoothing, self.dtype, chunk
        )


# ---------------------------------------------------------------- what is measured


def padded(rows: list[list[int]], value: int) -> torch.Tensor:
    """(rows, longest) on the CPU."""
    return torch.nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows], batch_first=True, padding_value=value)


def in_batches(rows: list[list[int]], tokens: int) -> Iterator[list[int]]:
    """Indices, longest first, at most `tokens` padded pieces at a time."""
    order = sorted(range(len(rows)), key=lambda i: -len(rows[i]))
    while order:
        count = max(1, tokens // len(rows[order[0]]))
        yield order[:count]
        order = order[count:]


@torch.no_grad()
def nats(model: Any, sp: Any, sources: list[str], targets: list[str], device: str) -> list[float]:
    """Negative log-likelihood of each of `targets` given its source (ready text), `</s>` included."""
    model.eval()
    pad, found = model.config.pad_token_id, [0.0] * len(sources)
    x = [[*ids[: model.config.max_position_embeddings - 1], EOS] for ids in sp.encode(sources)]
    y = [[*ids[: model.config.max_position_embeddings - 2], EOS] for ids in sp.encode(targets)]
    for part in in_batches(x, 2000 if device == "cpu" else 20_000):
        source, target = padded([x[i] for i in part], pad).to(device), padded([y[i] for i in part], -100).to(device)
        with torch.autocast(device, dtype=torch.bfloat16, enabled=device == "cuda"):
            logits = model(input_ids=source, attention_mask=(source != pad).long(), labels=target).logits
        each = F.cross_entropy(logits.float().flatten(0, 1), target.flatten(), reduction="none").view(target.shape)
        for i, value in zip(part, each.sum(1).tolist(), strict=True):
            found[i] = value
    model.train()
    return found


def nats_per_word(model: Any, sp: Any, sources: list[str], targets: list[str], device: str) -> float:
    """Negative log-likelihood of `targets` given `sources`, over the number of target words."""
    return sum(nats(model, sp, sources, targets, device)) / sum(len(line.split()) for line in targets)


@torch.no_grad()
def decode(model: Any, sp: Any, texts: list[str], device: str, shortest: float = 0) -> list[str]:
    """Greedy translations of ready text, in order. For validation and back-translation; serving has its own.

    None ends before it has `shortest` times the pieces of its source.
    """
    model.eval()
    pad = model.config.pad_token_id
    x = [[*ids[:200], EOS] for ids in sp.encode(texts)]
    out = [""] * len(x)
    for part in in_batches(x, 3000 if device == "cpu" else 60_000):
        source = padded([x[i] for i in part], pad).to(device)
        limit, least = min(250, int(source.shape[1] * 1.6) + 10), int(shortest * min(len(x[i]) for i in part))
        with torch.autocast(device, dtype=torch.bfloat16, enabled=device == "cuda"):
            y = model.generate(
                input_ids=source, attention_mask=(source != pad).long(), num_beams=1, do_sample=False,
                max_new_tokens=limit, max_length=None, min_new_tokens=least,
            )  # fmt: skip
        for i, row in zip(part, y.tolist(), strict=True):
            out[i] = sp.decode([piece for piece in row if EOS < piece < sp.get_piece_size()])
    model.train()
    return out


def products_per_pair(model: Any, rows: int) -> tuple[float, float]:
    """Floating-point operations of one step per source and per target piece: the floor, matrix products alone."""

    def count(module: Any, trained: bool) -> int:
        return sum(p.numel() for p in module.parameters() if p.dim() == 2 and p.requires_grad == trained)

    encoder, decoder = model.model.encoder.layers, model.model.decoder.layers
    width = model.config.d_model
    return 6 * count(encoder, True) + 2 * count(encoder, False), 6 * (count(decoder, True) + rows * width)


def product_rate(device: str, dtype: torch.dtype) -> float:
    """Operations a second of a large square matrix product here: what a step would reach if it were nothing else."""
    size = 8192 if device == "cuda" else 1024
    a = torch.randn(size, size, device=device, dtype=dtype)
    best = 0.0
    for _ in range(4):
        wait(device)
        begun = time.perf_counter()
        a @ a
        wait(device)
        best = max(best, 2 * size**3 / (time.perf_counter() - begun))
    return best


def available_device() -> str:
    """Where a model runs here."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def wait(device: str) -> None:
    """Until the GPU has done all that was asked of it."""
    if device == "cuda":
        torch.cuda.synchronize()


# ---------------------------------------------------------------- what is kept


def save(run: Path, model: Any, optimizer: Any, progress: dict, keep: int) -> None:
    """Write state.pt (to resume from) and a half-precision checkpoint (to average); each appears whole or not."""
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "progress": json.dumps(progress)}
    halves = {name: value.half() for name, value in model.state_dict().items() if not is_tied(name)}
    for value, path in ((state, run / "state.pt"), (halves, run / f"ckpt-{progress['step']:07}.pt")):
        torch.save(value, path.with_suffix(".tmp"))
        path.with_suffix(".tmp").replace(path)
    for old in sorted(run.glob("ckpt-*.pt"))[:-keep]:
        old.unlink()


def is_tied(name: str) -> bool:
    """Whether a parameter is the shared embedding under another name."""
    return name.endswith(("embed_tokens.weight", "lm_head.weight"))


def averaged(run: Path, keep: int) -> dict[str, torch.Tensor]:
    """The mean of the last `keep` checkpoints of a run, float32."""
    paths = sorted(run.glob("ckpt-*.pt"))[-keep:]
    if not paths:
        raise ValueError(f"{run} holds no checkpoint (ckpt-*.pt); train first")
    mean: dict[str, torch.Tensor] = {}
    for path in paths:
        for name, value in torch.load(path, map_location="cpu", weights_only=True).items():
            mean[name] = mean.get(name, 0) + value.float() / len(paths)
    return mean


def set_weights(model: Any, run: Path, keep: int) -> None:
    """Set `model` to the mean of the last `keep` checkpoints of a run. Raises ValueError if its shape is another."""
    mean = averaged(run, keep)
    theirs = {name: tuple(value.shape) for name, value in mean.items()}
    ours = {name: tuple(value.shape) for name, value in model.state_dict().items() if not is_tied(name)}
    for name in sorted(theirs.keys() | ours.keys()):
        if theirs.get(name) != ours.get(name):
            raise ValueError(
                f"{run} has a model of another shape: {name} is {theirs.get(name)} there, {ours.get(name)} here"
            )
    model.load_state_dict(mean, strict=False)  # not strict: the tied names are not in it


def load_run(run: Path, keep: int) -> tuple[Any, Any]:
    """(model, SentencePiece) of a run, its last `keep` checkpoints averaged."""
    recipe = read_recipe(run / "recipe.toml")
    sp = sentencepiece.SentencePieceProcessor(model_file=str(run / "joint.spm"))
    model = build(recipe, sp.get_piece_size())
    set_weights(model, run, keep)
    model.tie_weights()
    return model.eval(), sp


# ---------------------------------------------------------------- the loop


class Trainer:
    """One run: everything that a step needs, and what it writes down."""

    def __init__(self, pack: Path, run: Path, recipe: Recipe, compiled: bool = False, begin: Path | None = None):
        self.run, self.recipe = run, recipe
        self.device = available_device()
        torch.manual_seed(recipe.seed)
        torch.set_float32_matmul_precision("high")
        shutil.copyfile(pack / "joint.spm", run / "joint.spm")
        self.sp = sentencepiece.SentencePieceProcessor(model_file=str(run / "joint.spm"))
        start = pack / "e5.npz" if recipe.start == "e5" and not (run / "state.pt").exists() else None
        self.model = build(recipe, self.sp.get_piece_size(), start)
        if begin and not (run / "state.pt").exists():
            go_on_from(self.model, begin, pack)
        self.model.to(self.device)
        if self.device == "cpu":
            self.model.set_attn_implementation("eager")  # twice as fast as the fused one for short sentences
        rows = writable(self.sp, recipe.reverse)
        forbid(self.model, rows)
        freeze(self.model, recipe.frozen_layers)
        hold_pad(self.model.model.shared.weight, self.model.config.pad_token_id)
        self.mixer = Mixer(pack, recipe, self.sp, self.model.config.decoder_start_token_id)
        self.objective = Objective(self.model, recipe, rows, self.device, compiled)
        self.optimizer = self._optimizer()
        self.dev = self._dev(pack)
        self.floor = products_per_pair(self.model, len(rows))
        self.rate = product_rate(self.device, self.objective.dtype)
        self.step, self.seen, self.spent = 0, 0, 0.0
        self._resume()  # last: it sets the random numbers back as well
        parameters = sum(p.numel() for p in self.model.parameters()) / 1e6
        self.say(
            f"{parameters:.1f} M parameters on {self.device}; {len(self.mixer.sources)} sources; matrix products run "
            f"at {self.rate / 1e9:.0f} GFLOP/s here"
        )

    def _optimizer(self) -> torch.optim.AdamW:
        recipe, shared = self.recipe, self.model.model.shared.weight
        inside = [p for name, p in self.model.model.encoder.named_parameters() if p is not shared and p.requires_grad]
        started = inside if recipe.start == "e5" else []
        known = {id(p) for p in [*inside, shared]}
        fresh = [p for p in self.model.parameters() if id(p) not in known and p.requires_grad]
        fresh += [] if started else inside
        scale = recipe.embedding_lr if started else 1.0
        groups = [(fresh, 1.0), (started, recipe.encoder_lr), ([shared], scale)]
        return torch.optim.AdamW(
            [{"params": p, "base": recipe.lr * factor} for p, factor in groups if p],
            lr=recipe.lr, betas=(0.9, 0.98), weight_decay=0.01, fused=True,
        )  # fmt: skip

    def _dev(self, pack: Path) -> tuple[list[str], list[str]]:
        count = self.recipe.dev_sentences
        arabic, english = ((pack / f"dev.{s}").read_text(encoding="utf-8").splitlines()[:count] for s in ("ar", "en"))
        arabic = [spaced_numbers(normalize(line)) for line in arabic]
        return (english, arabic) if self.recipe.reverse else (arabic, english)

    def _resume(self) -> None:
        if not (self.run / "state.pt").exists():
            return
        state = torch.load(self.run / "state.pt", map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        bases = [group["base"] for group in self.optimizer.param_groups]
        self.optimizer.load_state_dict(state["optimizer"])
        for group, base in zip(self.optimizer.param_groups, bases, strict=True):
            group["base"] = base
        progress = json.loads(state["progress"])
        self.step, self.seen, self.spent = progress["step"], progress["seen"], progress["spent"]
        self.mixer.restore(progress["mixer"])
        torch.set_rng_state(torch.tensor(progress["torch"], dtype=torch.uint8))
        # What was logged after the state was saved is about to happen again.
        log = self.run / "log.jsonl"
        rows = log.read_text(encoding="utf-8").splitlines(keepends=True) if log.exists() else []
        log.write_text("".join(row for row in rows if json.loads(row)["step"] <= self.step), encoding="utf-8")
        self.say(f"resumed at step {self.step}, {self.spent / 60:.1f} min")

    def train(self, stop: float) -> bool:
        """Run until the schedule is done (True) or the clock `stop` (time.time()) has come (False)."""
        self.model.train()
        self.begun = time.time() - self.spent
        self._clear()
        due = dict.fromkeys(("log", "nats", "bleu", "save"), time.time())
        while self.done < 1 and time.time() < stop:
            self._step()
            self.spent = time.time() - self.begun
            for what, act in (("log", self._log), ("nats", self._nats), ("bleu", self._bleu), ("save", self._save)):
                if time.time() - due[what] >= getattr(self.recipe, f"{what}_s"):
                    act()
                    due[what] = time.time()
        self._log()
        self._save()
        if self.done >= 1:
            self._nats()
            self._bleu()
        return self.done >= 1

    @property
    def done(self) -> float:
        """The share of the schedule that is behind us."""
        recipe = self.recipe
        return self.step / recipe.steps if recipe.steps else self.spent / (60 * recipe.minutes)

    def _step(self) -> None:
        recipe, done = self.recipe, self.done
        fall = min(1.0, (1 - done) / (1 - recipe.hold))
        for group in self.optimizer.param_groups:
            group["lr"] = group["base"] * min(1, (self.step + 1) / recipe.warmup) * max(0.01, fall)
        batch = self.mixer.next(done)
        loss = self.objective(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), recipe.clip)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        self.losses.append(loss.detach())
        self.pieces += len(batch.kept)
        self.seen += len(batch.kept)
        self.work += batch.source.size * self.floor[0] + batch.target.size * self.floor[1]

    def _clear(self) -> None:
        self.losses: list[torch.Tensor] = []
        self.pieces, self.work, self.since = 0, 0.0, time.time()

    def _log(self) -> None:
        if not self.losses:
            return
        loss = torch.stack(self.losses).mean().item()
        took = max(1e-9, time.time() - self.since)
        if not np.isfinite(loss):
            raise FloatingPointError(f"the loss is {loss} at step {self.step}: lower lr, or lengthen warmup")
        self.note(loss=round(loss, 4), tokens_per_s=round(self.pieces / took))
        self.say(
            f"{self.spent / 60:6.1f} min  step {self.step}  loss {loss:.3f}  {self.pieces / took:.0f} target pieces/s  "
            f"{100 * self.work / took / self.rate:.0f}% of the floor  {self.seen / 1e6:.2f} M seen"
        )
        self._clear()

    def _nats(self) -> None:
        paused = time.time()
        self.note(nats=round(nats_per_word(self.model, self.sp, *self.dev, self.device), 4))
        self.since += time.time() - paused

    def _bleu(self) -> None:
        import sacrebleu

        paused, count = time.time(), self.recipe.bleu_sentences
        out = decode(self.model, self.sp, self.dev[0][:count], self.device)
        bleu = sacrebleu.corpus_bleu(out, [self.dev[1][:count]]).score
        chrf = sacrebleu.corpus_chrf(out, [self.dev[1][:count]]).score
        self.note(bleu=round(bleu, 2), chrf=round(chrf, 2))
        self.say("\n".join(f"        {line[:140]}" for line in out[:3]))
        self.since += time.time() - paused

    def _save(self) -> None:
        paused = time.time()
        progress = {"step": self.step, "seen": self.seen, "spent": self.spent, "mixer": self.mixer.state()}
        progress["torch"] = torch.get_rng_state().tolist()
        save(self.run, self.model, self.optimizer, progress, self.recipe.keep)
        self.since += time.time() - paused

    def note(self, **values: float) -> None:
        """One line of log.jsonl; what was measured on dev is said aloud too."""
        row = {"minutes": round(self.spent / 60, 2), "step": self.step, "seen": self.seen, **values}
        with (self.run / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(row) + "\n")
        if "loss" not in values:
            told = "  ".join(f"{name} {value}" for name, value in values.items())
            self.say(f"{self.spent / 60:6.1f} min  step {self.step}  dev {told}")

    def say(self, line: str) -> None:
        """To whoever watches."""
        print(line, flush=True)


def go_on_from(model: Any, run: Path, pack: Path) -> None:
    """Set `model` to the last weights of an earlier run. Raises ValueError if they mean other pieces or do not fit."""
    if not (run / "joint.spm").is_file():
        raise ValueError(f"{run} is no run to begin from: it has no joint.spm")
    if (run / "joint.spm").read_bytes() != (pack / "joint.spm").read_bytes():
        raise ValueError(f"{run} has another vocabulary than {pack}: its weights mean other pieces")
    set_weights(model, run, 1)


def train_run(
    pack: Path, run: Path, recipe_file: Path, stop: float, compiled: bool = False, begin: Path | None = None,
    **changes: Any,
) -> bool:  # fmt: skip
    """Start or resume a run; True if its schedule is done. A run keeps the recipe that it began with.

    A new run takes the weights of the run `begin`, where given.
    """
    recipe = read_recipe(recipe_file, **changes)
    run.mkdir(parents=True, exist_ok=True)
    copy = run / "recipe.toml"
    if not copy.exists():
        copy.write_text(as_toml(recipe), encoding="utf-8")
    elif read_recipe(copy) != recipe:
        raise ValueError(f"{run} was begun with another recipe: {copy} differs from {recipe_file}; give another --run")
    return Trainer(pack, run, recipe, compiled, begin).train(stop)


def as_toml(recipe: Recipe) -> str:
    """The recipe with every default spelt out."""

    def value(v: Any) -> str:
        if isinstance(v, dict):
            return "{ " + ", ".join(f"{json.dumps(k)} = {value(x)}" for k, x in v.items()) + " }"
        return json.dumps(v)

    lines = [f"{f.name} = {value(getattr(recipe, f.name))}" for f in fields(recipe) if f.name != "phases"]
    for phase in recipe.phases:
        lines += ["", "[[phases]]", *(f"{f.name} = {value(getattr(phase, f.name))}" for f in fields(phase))]
    return "\n".join(lines) + "\n"


# ---------------------------------------------------------------- the whole recipe, back-translation included


def back_translate(pack: Path, run: Path, name: str, minutes: float) -> int:
    """Translate PACK/mono-NAME with the reverse model of `run` for so long; write PACK/bt-NAME; returns the sentences.

    The new set's source is the machine's Arabic, its target the English as it was written.
    """
    device = available_device()
    model, sp = load_run(run, 4)
    model.to(device)
    packed = np.load(pack / f"mono-{name}.npz")
    flat, offset = packed["t"], packed["to"]
    texts: list[str] = []
    stop, step = time.time() + 60 * minutes, 20_000 if device == "cuda" else 32
    while len(texts) < len(offset) - 1 and (not texts or time.time() < stop):
        rows = range(len(texts), min(len(texts) + step, len(offset) - 1))
        english = [sp.decode(flat[offset[i] : offset[i + 1]].tolist()) for i in rows]
        texts += decode(model, sp, english, device, shortest=0.4)
    ids = [np.array(x[:128], np.uint16) for x in sp.encode([spaced_numbers(normalize(text)) for text in texts])]
    sources = np.concatenate([[0], np.cumsum([len(x) for x in ids])]).astype(np.int32)
    targets = offset[: len(texts) + 1]
    np.savez(pack / f"bt-{name}.npz", s=np.concatenate(ids), so=sources, t=flat[: targets[-1]], to=targets)
    return len(texts)


def train_full(
    pack: Path, run: Path, recipe_file: Path, stop: float, compiled: bool = False, rehearse: bool = False
) -> bool:
    """The reverse model, its translations of English text, then the model itself; True when all is done.

    The stages and their minutes are the recipe's `full`: `reverse`, and one for each text to translate. Every stage
    goes on where the last call left it; one that cannot end before `stop` is left to the next call. A rehearsal does
    all of it with a handful of small steps.
    """
    short: dict[str, Any] = {"steps": 3, "minutes": 0.0, "tokens": 300, "dev_sentences": 4, "bleu_sentences": 2}
    rest = short if rehearse else {}
    stages = dict(read_recipe(recipe_file).full)
    reverse = stages.pop("reverse")
    weights = {name: w for name, w in read_recipe(recipe_file).phases[-1].weights.items() if ":" not in name}
    phases = [{"until": 1.0, "weights": weights}]  # the last phase's, without what the reverse is there to make
    changes = {"minutes": reverse, "steps": 0, "reverse": True, "phases": phases, "noise": 0.0, **rest}
    translated = all((pack / f"bt-{name}.npz").exists() for name in stages)
    if not translated and not train_run(pack, run / "reverse", recipe_file, stop, compiled, **changes):
        return False
    for name, minutes in dict.fromkeys(stages, 0.0).items() if rehearse else stages.items():
        if not (pack / f"bt-{name}.npz").exists():
            if time.time() + 60 * minutes > stop:
                return False
            count = back_translate(pack, run / "reverse", name, minutes)
            print(f"back-translated {count} sentences of {name}", flush=True)
    return train_run(pack, run / "forward", recipe_file, stop, compiled, **rest)


# ---------------------------------------------------------------- the command line


def plot(run: Path) -> Path:
    """Draw loss, nats a word and BLEU over the minutes of a run into RUN/curve.png (needs requirements-train.txt)."""
    from matplotlib.figure import Figure

    rows = [json.loads(line) for line in (run / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    figure = Figure(figsize=(7, 7), layout="constrained")
    kinds = ("loss", "nats", "bleu")
    for axes, kind in zip(figure.subplots(3, 1, sharex=True), kinds, strict=True):
        found = [(row["minutes"], row[kind]) for row in rows if kind in row]
        axes.plot(*zip(*found, strict=True) if found else ([], []), marker="." if kind != "loss" else None)
        axes.set_ylabel({"loss": "training loss", "nats": "dev nats a word", "bleu": "dev BLEU"}[kind])
    axes.set_xlabel("minutes")
    figure.savefig(run / "curve.png")
    return run / "curve.png"


def main(argv: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    began = time.time()
    parser = argparse.ArgumentParser(prog="python -m models.train", description="Train the embedded model.")
    parser.add_argument("command", choices=("run", "full", "plot"))
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--pack", type=Path)
    parser.add_argument("--recipe", type=Path)
    parser.add_argument("--begin", type=Path, help="`run`: an earlier run whose last weights a new one starts from")
    parser.add_argument("--chunk", type=float, default=1e6, help="stop after so many minutes")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (default: all cores)")
    parser.add_argument("--compile", action="store_true", help="torch.compile (GPU)")
    parser.add_argument("--rehearse", action="store_true", help="`full` with three small steps a stage")
    args = parser.parse_args(argv)
    if args.command == "plot":
        print(plot(args.run))
        return 0
    if not args.pack or not args.recipe:
        parser.error("--pack and --recipe are needed")
    if args.begin and args.command != "run":
        parser.error("--begin goes with `run` alone")
    if args.threads:
        torch.set_num_threads(args.threads)
    stop = began + 60 * args.chunk
    try:
        if args.command == "run":
            done = train_run(args.pack, args.run, args.recipe, stop, args.compile, args.begin)
        else:
            done = train_full(args.pack, args.run, args.recipe, stop, args.compile, args.rehearse)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    print("the schedule is done" if done else "time is up: run the same line again to go on", flush=True)
    return 0 if done else NOT_DONE


if __name__ == "__main__":
    sys.exit(main())
