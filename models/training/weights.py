"""Gemma 3 between transformers and a model folder: int8 rows with their scales, in two safetensors files, as
`models.engines.gemma` reads them."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from transformers import Gemma3ForCausalLM, Gemma3TextConfig

from models.errors import UnsupportedModel

TIED = "lm_head.weight"  # the same as the embeddings, and stored once


def read(folder: Path) -> Gemma3ForCausalLM:
    """The model in `folder` in float32, from int8 rows with scales or from weights as Hugging Face stores them.

    Raises UnsupportedModel for files that are not what config.json says.
    """
    model = Gemma3ForCausalLM(Gemma3TextConfig.from_pretrained(folder, local_files_only=True)).float()
    try:
        arrays = {name: a for path in sorted(folder.glob("*.safetensors")) for name, a in load_file(path).items()}
        state = {name: a.float() * arrays.get(f"{name}.scale", torch.ones(1)).float() for name, a in arrays.items()}
        found = model.load_state_dict({n: a for n, a in state.items() if not n.endswith(".scale")}, strict=False)
    except (RuntimeError, SafetensorError) as error:
        raise UnsupportedModel(f"the weights in {folder} do not fit its config.json: {error}") from error
    wrong = [name for name in (*found.missing_keys, *found.unexpected_keys) if name != TIED]
    if wrong:
        raise UnsupportedModel(f"the weights in {folder} do not fit its config.json: {', '.join(wrong[:3])}")
    model.tie_weights()
    return model


def export(model: Gemma3ForCausalLM, folder: Path) -> None:
    """Write `model` to `folder`: config.json and weights-int8-{1,2}.safetensors.

    A matrix (out, in) becomes int8 rows and NAME.scale (out, 1) in float16, whose product it is to half a scale;
    a vector becomes float16.
    """
    arrays: dict[str, torch.Tensor] = {}
    for name, weight in model.state_dict().items():
        if name == TIED:
            continue
        if weight.dim() == 1:
            arrays[name] = weight.cpu().half()
        else:
            arrays[name], arrays[f"{name}.scale"] = rounded(weight.float().cpu())
    names = sorted(arrays)
    for number, part in enumerate((names[: len(names) // 2], names[len(names) // 2 :]), 1):
        path = folder / f"weights-int8-{number}.safetensors"
        save_file({name: arrays[name].contiguous() for name in part}, path, metadata={"format": "pt"})
        path.chmod(0o644)  # a model trained by one user may be served by another
    model.config.to_json_file(folder / "config.json", use_diff=False)


def rounded(matrix: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """(int8 rows (out, in), float16 scales (out, 1)) of a matrix; a row of zeros has the scale 0."""
    scale = (matrix.abs().amax(1, keepdim=True) / 127).half()
    steps = matrix / torch.where(scale == 0, 1, scale.float())
    return steps.round().clamp(-127, 127).to(torch.int8), scale
