"""Gemma 3, as `transformers` names its weights, in CTranslate2's form: made with numpy alone, without torch.

Vectors are norms, without the one that Gemma adds. `lm_head` is tied to the embeddings. The layers are filled as
CTranslate2's own Gemma3Loader (ctranslate2.converters.transformers) does it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from models.engines.registry import read_json
from models.engines.weights import Weight, no_arabic, stored

KIND = "gemma3_text"


def specification(folder: Path) -> Any:
    """The model in `folder` as CTranslate2 specifies models. Tokens that hold Arabic letters get a bias that keeps them
    from ever being written. Raises KeyError or ValueError for files that are not what their configuration says."""
    config = read_json(folder / "config.json")
    rows = tokens(folder)
    weight = stored(folder)
    spec = _empty(config)
    spec.decoder.embeddings.weight = spec.decoder.projection.weight = weight("model.embed_tokens.weight")
    spec.decoder.projection.bias = no_arabic(rows)
    _norm(spec.decoder.layer_norm, weight("model.norm.weight"))
    for number, kind in enumerate(config["layer_types"]):
        _fill(spec.decoder.layer[number], f"model.layers.{number}.", weight)
        _attend(spec.decoder.layer[number].self_attention, config, kind == "full_attention")
    spec.register_vocabulary(rows)
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = "<bos>", "<eos>", "<unk>"
    spec.config.layer_norm_epsilon = config["rms_norm_eps"]
    return spec


def tokens(folder: Path) -> list[str]:
    """The tokens that the model has rows for, in order."""
    size = read_json(folder / "config.json")["vocab_size"]
    ids: dict[str, int] = read_json(folder / "tokenizer.json")["model"]["vocab"]
    return sorted((token for token in ids if ids[token] < size), key=ids.__getitem__)


def _empty(config: dict) -> Any:
    from ctranslate2.specs import common_spec, transformer_spec

    spec = transformer_spec.TransformerDecoderModelSpec.from_config(
        config["num_hidden_layers"],
        config["num_attention_heads"],
        activation=common_spec.Activation.GELUTanh,
        pre_norm=True,
        ffn_glu=True,
        rms_norm=True,
        rotary_dim=config["head_dim"],
        rotary_interleave=False,
        rotary_base=config["rope_parameters"]["sliding_attention"]["rope_theta"],
        num_heads_kv=config["num_key_value_heads"],
        head_dim=config["head_dim"],
        sliding_window=config["sliding_window"],
        pre_post_layer_norm=True,
        qk_norm=True,
    )
    spec.decoder.scale_embeddings, spec.decoder.start_from_zero_embedding = True, False
    return spec


def _norm(spec: Any, gamma: np.ndarray) -> None:
    spec.gamma = gamma
    spec.layer_norm_use_residual = True  # Gemma's norms are 1 + weight


def _attend(attention: Any, config: dict, full: bool) -> None:
    """Every sixth layer looks at the whole text, the others at the last `sliding_window` tokens."""
    kind = "full_attention" if full else "sliding_attention"
    attention.rotary_base = np.float32(config["rope_parameters"][kind]["rope_theta"])
    attention.sliding_window = np.int32(0 if full else config["sliding_window"])


def _fill(layer: Any, name: str, weight: Weight) -> None:
    for norm, its in {
        layer.input_layer_norm: "input_layernorm",
        layer.post_attention_layer_norm: "post_attention_layernorm",
        layer.pre_feedforward_layer_norm: "pre_feedforward_layernorm",
        layer.post_feedforward_layer_norm: "post_feedforward_layernorm",
        layer.self_attention.q_norm: "self_attn.q_norm",
        layer.self_attention.k_norm: "self_attn.k_norm",
    }.items():
        _norm(norm, weight(f"{name}{its}.weight"))
    query_key_value = [weight(f"{name}self_attn.{x}_proj.weight") for x in "qkv"]
    layer.self_attention.linear[0].weight = np.concatenate(query_key_value)
    layer.self_attention.linear[1].weight = weight(f"{name}self_attn.o_proj.weight")
    layer.ffn.linear_0.weight = weight(f"{name}mlp.gate_proj.weight")
    layer.ffn.linear_0_noact.weight = weight(f"{name}mlp.up_proj.weight")
    layer.ffn.linear_1.weight = weight(f"{name}mlp.down_proj.weight")
