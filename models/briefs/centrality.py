"""How central each sentence of a text is: LexRank (Erkan and Radev 2004) with continuous weights, over TF-IDF."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

DAMPING = 0.85
STEPS = 50


def similarity(words: Sequence[Sequence[str]]) -> np.ndarray:
    """Cosine similarities of TF-IDF vectors of texts given as words: an array of shape (texts, texts), symmetric,
    1 on the diagonal (0 for a text without words)."""
    counts = [Counter(found) for found in words]
    spread = Counter(word for count in counts for word in count)
    # A word of one text alone only lengthens its vector: no column is spent on it.
    column = {word: i for i, word in enumerate(word for word, texts in spread.items() if texts > 1)}
    matrix = np.zeros((len(words), len(column)), np.float32)
    norm = np.zeros((len(words), 1), np.float32)
    for i, count in enumerate(counts):
        for word, times in count.items():
            weight = (1 + math.log(times)) * math.log(1 + len(words) / spread[word])
            norm[i] += weight * weight
            if word in column:
                matrix[i, column[word]] = weight
    matrix /= np.sqrt(np.where(norm == 0, 1, norm))
    similar = matrix @ matrix.T
    np.fill_diagonal(similar, norm[:, 0] > 0)
    return similar


def centrality(similar: np.ndarray) -> np.ndarray:
    """Stationary probability of each text under a walk along the similarities: shape (texts,), sums to 1."""
    size = len(similar)
    similar = similar.copy()
    np.fill_diagonal(similar, 0)  # a sentence that is like no other is not central for being like itself
    total = similar.sum(axis=1, keepdims=True)
    step = np.where(total > 0, similar / np.where(total == 0, 1, total), 1 / size)
    rank = np.full(size, 1 / size)
    for _ in range(STEPS):
        rank = (1 - DAMPING) / size + DAMPING * rank @ step
    return rank
