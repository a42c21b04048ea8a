"""What a brief is measured beside: the first sentences, sentences by chance, and sumy's LexRank and TextRank.

All choose among ready sentences by their source text, as the default summarizer does. sumy's own tokeniser wants a
download, so that it is given words; its stemmers and stop words are its own.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import Any

from models.text.terms import words
from models.types import BriefSentence, Translation

SIGNATURE = "baseline"


class Lead:
    """The first sentences."""

    name = "lead"
    signature = SIGNATURE

    def summarize(self, translations: Sequence[Translation], limit: int) -> tuple[BriefSentence, ...]:
        """The first `limit`."""
        return _brief(translations, range(min(limit, len(translations))))


class Chance:
    """Sentences by chance: the same for the same text and seed."""

    signature = SIGNATURE

    def __init__(self, seed: int) -> None:
        self.name = "random"
        self._seed = seed

    def summarize(self, translations: Sequence[Translation], limit: int) -> tuple[BriefSentence, ...]:
        """`limit` of them, each as likely as any other."""
        text = "\n".join(t.sentence.text for t in translations)
        dice = random.Random(f"{self._seed}{hashlib.sha256(text.encode()).hexdigest()}")  # noqa: S311
        return _brief(translations, dice.sample(range(len(translations)), min(limit, len(translations))))


class Sumy:
    """A summarizer of sumy's: `lexrank` or `textrank`. `language` is arabic or english."""

    signature = SIGNATURE

    def __init__(self, name: str, language: str) -> None:
        from sumy.nlp.stemmers import Stemmer
        from sumy.summarizers.lex_rank import LexRankSummarizer
        from sumy.summarizers.text_rank import TextRankSummarizer
        from sumy.utils import get_stop_words

        self.name = name
        kind = {"lexrank": LexRankSummarizer, "textrank": TextRankSummarizer}[name]
        self._summarizer: Any = kind(Stemmer(language))
        self._summarizer.stop_words = get_stop_words(language)

    def summarize(self, translations: Sequence[Translation], limit: int) -> tuple[BriefSentence, ...]:
        """The `limit` that sumy rates highest."""
        from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence

        ready = [Sentence(translation.sentence.text, Words()) for translation in translations]
        chosen = {id(sentence) for sentence in self._summarizer(ObjectDocumentModel([Paragraph(ready)]), limit)}
        return _brief(translations, [i for i, sentence in enumerate(ready) if id(sentence) in chosen])


class Words:
    """What sumy and rouge-score ask of a tokeniser. Their own want a download, and drop every letter beyond ASCII."""

    def to_words(self, text: str) -> tuple[str, ...]:
        return tuple(words(text))

    tokenize = to_words


def _brief(translations: Sequence[Translation], chosen: Sequence[int]) -> tuple[BriefSentence, ...]:
    taken = [translations[i] for i in sorted(chosen)]
    return tuple(BriefSentence(one.text, (one.sentence.index,), exact=True) for one in taken)
