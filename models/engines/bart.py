"""A BART that translates, as `transformers` names its weights, in CTranslate2's form: with numpy alone, without torch.

Embeddings are shared by both languages and by the output. The layers are filled as CTranslate2's own BartLoader
(ctranslate2.converters.transformers) does it.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from models.engines.registry import read_json
from models.engines.weights import Weight, no_arabic, stored

KIND = "bart"
OFFSET = 2  # BART's first position stands in the third row


def specification(folder: Path) -> Any:
    """The model in `folder` as CTranslate2 specifies models. Pieces that hold Arabic letters get a bias that keeps them
    from ever being written. Raises KeyError or ValueError for files that are not what their configuration says."""
    config, ids = read_json(folder / "config.json"), read_json(folder / "vocab.json")
    rows = sorted(ids, key=ids.__getitem__)
    weight = stored(folder)
    spec = _empty(config)
    spec.decoder.projection.weight = weight("model.shared.weight")
    spec.decoder.projection.bias = no_arabic(rows)
    with suppress(KeyError):  # zeros, where it is stored at all
        spec.decoder.projection.bias += weight("final_logits_bias")[0]
    for side, its in (("encoder", spec.encoder), ("decoder", spec.decoder)):
        _stack(its, f"model.{side}.", weight, config)
    spec.register_source_vocabulary(rows)
    spec.register_target_vocabulary(rows)
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = "<s>", "</s>", "<unk>"
    spec.config.decoder_start_token = rows[config["decoder_start_token_id"]]
    return spec


def _empty(config: dict) -> Any:
    from ctranslate2.specs import common_spec, transformer_spec

    if config["activation_function"] != "gelu":
        raise ValueError(f"its activation is {config['activation_function']!r}, not 'gelu'")
    return transformer_spec.TransformerSpec.from_config(
        (config["encoder_layers"], config["decoder_layers"]),
        config["encoder_attention_heads"],
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
    )


def _stack(spec: Any, name: str, weight: Weight, config: dict) -> None:
    embeddings = spec.embeddings[0] if isinstance(spec.embeddings, list) else spec.embeddings
    embeddings.weight = weight("model.shared.weight")
    spec.scale_embeddings = float(np.sqrt(config["d_model"])) if config.get("scale_embedding") else 1.0
    spec.position_encodings.encodings = weight(f"{name}embed_positions.weight")[OFFSET:]
    _norm(spec.layernorm_embedding, f"{name}layernorm_embedding", weight)
    for number, layer in enumerate(spec.layer):
        _layer(layer, f"{name}layers.{number}.", weight)


def _layer(layer: Any, name: str, weight: Weight) -> None:
    query_key_value, out = layer.self_attention.linear
    _linear(query_key_value, [f"{name}self_attn.{x}_proj" for x in "qkv"], weight)
    _linear(out, [f"{name}self_attn.out_proj"], weight)
    _norm(layer.self_attention.layer_norm, f"{name}self_attn_layer_norm", weight)
    if hasattr(layer, "attention"):  # the decoder's, which looks at the source
        query, key_value, out = layer.attention.linear
        _linear(query, [f"{name}encoder_attn.q_proj"], weight)
        _linear(key_value, [f"{name}encoder_attn.{x}_proj" for x in "kv"], weight)
        _linear(out, [f"{name}encoder_attn.out_proj"], weight)
        _norm(layer.attention.layer_norm, f"{name}encoder_attn_layer_norm", weight)
    _linear(layer.ffn.linear_0, [f"{name}fc1"], weight)
    _linear(layer.ffn.linear_1, [f"{name}fc2"], weight)
    _norm(layer.ffn.layer_norm, f"{name}final_layer_norm", weight)


def _linear(spec: Any, names: list[str], weight: Weight) -> None:
    spec.weight = np.concatenate([weight(f"{name}.weight") for name in names])
    spec.bias = np.concatenate([weight(f"{name}.bias") for name in names])


def _norm(spec: Any, name: str, weight: Weight) -> None:
    spec.gamma, spec.beta = weight(f"{name}.weight"), weight(f"{name}.bias")
