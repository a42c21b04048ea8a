"""Which of several hypotheses is nearest to all of them: what most agree on is more often right than what is likeliest.

Minimum Bayes risk by consensus (DeNero, Chiang and Knight 2009): instead of against each other one, each hypothesis is
held against the character n-grams that are to be expected of them all; the similarity is chrF's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

ORDER = 6  # characters of the longest n-gram, as in chrF
BETA = 2  # how much more recall counts than precision, as in chrF
LIKELY = 0.2  # of the score; chosen on FLORES dev, where 0.1 to 0.4 are alike and 0 is a little worse


def nearest(texts: Sequence[str], scores: Sequence[float], among: Sequence[int]) -> int:
    """The index, out of `among`, of the text nearest to all `texts`; of equals the first.

    A little of their `scores` (mean log-probabilities) is added to the similarity, which runs from 0 to 1.
    """
    counts = [_grams(text) for text in texts]
    expected = [sum((grams[n] for grams in counts), Counter[str]()) for n in range(ORDER)]
    return max(among, key=lambda i: _similarity(counts[i], expected, len(texts)) + LIKELY * scores[i])


def likeness(text: str, other: str) -> float:
    """chrF of `text` against `other`, 0 to 1."""
    return _similarity(_grams(text), _grams(other), 1)


def _grams(text: str) -> list[Counter[str]]:
    """Of each length the counts of the n-grams of `text`, white space left out."""
    letters = "".join(text.split())
    return [Counter(letters[i : i + n] for i in range(len(letters) - n + 1)) for n in range(1, ORDER + 1)]


def _similarity(grams: Sequence[Counter[str]], expected: Sequence[Counter[str]], count: int) -> float:
    """chrF of the counts of a text against those of `count` texts together."""
    scores = []
    for own, other in zip(grams, expected, strict=True):
        shared = sum(min(count * times, other[gram]) for gram, times in own.items())
        if shared:
            precision, recall = shared / (count * own.total()), shared / other.total()
            scores.append((1 + BETA**2) * precision * recall / (BETA**2 * precision + recall))
        else:
            scores.append(0.0)
    return sum(scores) / ORDER
