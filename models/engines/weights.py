"""Weights as a model folder stores them, read with numpy alone: what the makers of CTranslate2's files share.

A matrix NAME may be int8 rows (out, in) with NAME.scale beside it (out, 1): the weight is their product.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

NEVER = -1e4  # log-odds of a piece that is never to be written
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")

Weight = Callable[[str], np.ndarray]


def stored(folder: Path) -> Weight:
    """A function from a name to the weights in float32; KeyError for a name that is not there."""
    from safetensors.numpy import load_file

    arrays = {name: value for path in sorted(folder.glob("*.safetensors")) for name, value in load_file(path).items()}

    def weight(name: str) -> np.ndarray:
        value = arrays[name].astype(np.float32)
        scale = arrays.get(f"{name}.scale")
        return value if scale is None else value * scale.astype(np.float32)

    return weight


def rounded(folder: Path) -> bool:
    """Whether the folder's matrices are int8 rows, which only the makers of CTranslate2's files read."""
    return any(folder.glob("weights-int8-*.safetensors"))


def no_arabic(rows: list[str]) -> np.ndarray:
    """A bias for the pieces `rows` that keeps those which hold Arabic letters from ever being written."""
    return np.array([NEVER if _ARABIC.search(piece) else 0 for piece in rows], np.float32)
