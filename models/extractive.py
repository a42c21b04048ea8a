"""The default summarizer: it chooses sentences and changes none, so every brief sentence has one exact source.

Centrality over TF-IDF (LexRank, Erkan and Radev 2004, with continuous weights), a prior for a news article's lead,
and redundancy kept out as in maximal marginal relevance (Carbonell and Goldstein 1998).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from models.fidelity import DOUBTFUL, SERIOUS
from models.types import BriefSentence, Translation

DAMPING = 0.85
LEAD = 1.0  # how much the first sentence gains over one far down
REDUNDANT = 0.6  # cosine similarity to a chosen sentence from which a sentence says nothing new
RANKED = 1000  # sentences; comparing all with all costs the square, and news leads: what is beyond comes last
SHORTEST = 4  # words; less is a by-line or a heading, not a statement
HEADLINE_WORDS = 20


class ExtractiveSummarizer:
    """Implements `models.types.Summarizer`."""

    name = "extractive"
    signature = "extractive-1"  # raise the number with any change of what is chosen

    def summarize(self, translations: Sequence[Translation], limit: int) -> tuple[BriefSentence, ...]:
        """The best `limit` sentences, in the article's order."""
        chosen = sorted(self.rank(translations)[:limit])
        return tuple(BriefSentence(translations[i].text, (translations[i].sentence.index,), exact=True) for i in chosen)

    def rank(self, translations: Sequence[Translation]) -> list[int]:
        """Positions in `translations`, the best for a brief first; each position occurs once.

        Sentences that are redundant, too short, or carry a serious flag come after all others; a doubtful flag
        halves a score.
        """
        beyond = list(range(RANKED, len(translations)))
        translations = translations[:RANKED]
        similar = similarity([translation.text for translation in translations])
        lead = LEAD / np.sqrt(np.arange(1, len(translations) + 1))
        doubt = np.array([0.5 ** len(DOUBTFUL.intersection(t.flags)) for t in translations])
        score = centrality(similar) * (1 + lead) * doubt
        order = sorted(range(len(translations)), key=lambda i: (_poor(translations[i]), -score[i], i))
        chosen: list[int] = []
        put_off: list[int] = []
        for i in order:
            redundant = bool(chosen) and similar[i, chosen].max() > REDUNDANT
            (put_off if redundant or _poor(translations[i]) else chosen).append(i)
        return chosen + put_off + beyond

    def headline(self, translations: Sequence[Translation]) -> Translation:
        """The best sentence that is short enough for a headline, or the best one."""
        order = [translations[i] for i in self.rank(translations)]
        short = [t for t in order if len(t.text.split()) <= HEADLINE_WORDS and not _poor(t)]
        return (short or order)[0]


def _poor(translation: Translation) -> bool:
    return bool(SERIOUS.intersection(translation.flags)) or len(translation.text.split()) < SHORTEST


def similarity(texts: Sequence[str]) -> np.ndarray:
    """Cosine similarities of TF-IDF vectors: an array of shape (texts, texts), 1 on the diagonal unless empty."""
    counts = [Counter(re.findall(r"\w+", text.lower())) for text in texts]
    spread = Counter(word for count in counts for word in count)
    column = {word: i for i, word in enumerate(spread)}
    matrix = np.zeros((len(texts), len(column)), np.float32)
    for row, count in zip(matrix, counts, strict=True):
        for word, times in count.items():
            row[column[word]] = (1 + math.log(times)) * math.log(1 + len(texts) / spread[word])
    norm = np.linalg.norm(matrix, axis=1, keepdims=True)
    matrix /= np.where(norm == 0, 1, norm)
    return matrix @ matrix.T


def centrality(similar: np.ndarray) -> np.ndarray:
    """Stationary probability of each text under a walk along the similarities: shape (texts,), sums to 1."""
    size = len(similar)
    similar = similar.copy()
    np.fill_diagonal(similar, 0)  # a sentence that is like no other is not central for being like itself
    total = similar.sum(axis=1, keepdims=True)
    step = np.where(total > 0, similar / np.where(total == 0, 1, total), 1 / size)
    rank = np.full(size, 1 / size)
    for _ in range(50):
        rank = (1 - DAMPING) / size + DAMPING * rank @ step
    return rank
