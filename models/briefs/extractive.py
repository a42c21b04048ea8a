"""The default summarizer: it chooses sentences and changes none, so every brief sentence has one exact source.

It reads the Arabic sentences, not their translations, so that a poor translation does not change what is important
(docs/briefs.md has what that is worth). A sentence's worth is a weighted sum of a few plain signs: how central it is
(`centrality`), how early it stands, how much it says and how many figures it gives. What repeats a chosen
sentence loses by how much it does (maximal marginal relevance, Carbonell and Goldstein 1998).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from models.briefs import align
from models.briefs.centrality import centrality, similarity
from models.checks.fidelity import DOUBTFUL, SERIOUS
from models.text.normalize import normalize
from models.text.terms import terms
from models.types import BriefSentence, Translation

# Set on the tuning half of the sets of `models.evaluation.briefs`, by random search; reported on the other half.
WEIGHTS = {"central": 0.5, "early": 1.0, "full": 2.0, "figures": 0.15}
SURE = 1.0  # what full confidence adds to that; not fitted: a doubtful first sentence just yields to a sure second
REPEATS = 1.4  # what a sentence loses that is all said by a chosen one
REDUNDANT = 0.6  # cosine similarity to a chosen sentence from which a sentence says nothing new
RANKED = 1000  # sentences; comparing all with all costs the square, and news leads: what is beyond comes last
# What may say the opposite of its source: a brief has room for it after all others that say something new.
TURNED = frozenset({"contrast", "negation"})
SHORTEST = 4  # words; less is a by-line or a heading, not a statement
FULL = 15  # words with content, from which a sentence is not the better for being longer
MOST_FIGURES = 3
HEADLINE_WORDS = 20

_FIGURE = re.compile(
    rf"{align.FIGURE}|(?<!\w)(?:[وبلف]?ال|[وبلف])?(?:(?:ثلاث|[أا]ربع|خمس|ست|سبع|ثمان|تسع)(?:ة|ي|ية|ون|ين|مئة|مائة)?"
    r"|عشر(?:ة|ون|ين|ات)?|م(?:ئ|ائ)(?:ة|ات|تان|تين|تا|تي)|[أا]لف(?:ين|ان|ي|ا)?|آلاف|(?:مليون|مليار)\w{0,2}|ملايين"
    r"|نصف|ثلثا?|ربع)(?!\w)"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|[mb]illions?)\b",
    re.IGNORECASE,
)


class ExtractiveSummarizer:
    """Implements `models.types.Summarizer`."""

    name = "extractive"
    signature = "extractive"

    def summarize(self, translations: Sequence[Translation], limit: int) -> tuple[BriefSentence, ...]:
        """The best `limit` sentences, in the article's order; fewer where the others only repeat them."""
        chosen: list[int] = []
        for i in self.rank(translations):
            if len(chosen) == limit:
                break
            if not align.repeats(translations[i].text, (translations[j].text for j in chosen)):
                chosen.append(i)
        return tuple(
            BriefSentence(translations[i].text, (translations[i].sentence.index,), exact=True) for i in sorted(chosen)
        )

    def rank(self, translations: Sequence[Translation]) -> list[int]:
        """Positions in `translations`, the best for a brief first; each position occurs once.

        What can serve comes first: neither doubtful, nor serious, nor redundant, nor too short. Doubtful sentences
        follow, of these last what may say the opposite, then redundant ones, then those that are too short or carry a
        serious flag.
        """
        beyond = list(range(RANKED, len(translations)))
        translations = translations[:RANKED]
        texts = [normalize(source(translation)) for translation in translations]
        words = [terms(text) for text in texts]
        similar = similarity(words)
        worth = sum(WEIGHTS[sign] * values for sign, values in signs(texts, words, similar).items())
        worth += SURE * _confidences(translations)
        standing = np.array([_standing(translation) for translation in translations])
        order: list[int] = []
        repeats = np.zeros(len(translations), np.float32)
        waiting = np.ones(len(translations), bool)
        while waiting.any():
            redundant = (repeats > REDUNDANT) & (standing < 2)
            tier = np.where(redundant, 1.5, standing)
            candidates = waiting & (tier == tier[waiting].min())
            best = int(np.where(candidates, worth - REPEATS * repeats, -np.inf).argmax())
            order.append(best)
            waiting[best] = False
            repeats = np.maximum(repeats, similar[best])
        return order + beyond

    def headline(self, translations: Sequence[Translation]) -> Translation:
        """The best sentence that is short enough for a headline, or the best one."""
        order = [translations[i] for i in self.rank(translations)]
        short = [t for t in order if len(t.text.split()) <= HEADLINE_WORDS and _standing(t) <= 1]
        return (short or order)[0]


def source(translation: Translation) -> str:
    """What is ranked of a sentence: its source, or its text where that has no source of its own."""
    return translation.sentence.text or translation.text


def signs(texts: Sequence[str], words: Sequence[Sequence[str]], similar: np.ndarray) -> dict[str, np.ndarray]:
    """What speaks for and against each sentence: {name in WEIGHTS: shape (texts,), from 0 to 1}."""
    central = centrality(similar)
    return {
        "central": central / max(central.max(initial=0), 1e-9),
        "early": 1 / np.sqrt(np.arange(1, len(texts) + 1)),
        "full": np.array([min(len(found) / FULL, 1) for found in words]),
        "figures": np.array([min(len(_FIGURE.findall(text)), MOST_FIGURES) / MOST_FIGURES for text in texts]),
    }


def _confidences(translations: Sequence[Translation]) -> np.ndarray:
    """How far each is to be trusted; what has no confidence is taken for a sentence like the others."""
    known = [t.judged.confidence for t in translations if t.judged.confidence is not None]
    usual = sum(known) / len(known) if known else 0.0
    return np.array([usual if (sure := t.judged.confidence) is None else sure for t in translations])


def _standing(translation: Translation) -> float:
    """0 for a sentence that can serve, 1 for a doubtful one, 1.25 for one that may say the opposite, 2 for one that is
    no statement or cannot be relied on."""
    if SERIOUS.intersection(translation.flags) or len(translation.text.split()) < SHORTEST:
        return 2
    if TURNED.intersection(translation.flags):
        return 1.25
    return 1 if DOUBTFUL.intersection(translation.flags) else 0
