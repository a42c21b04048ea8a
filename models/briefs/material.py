"""What a brief is made of: its headline, the sentences that may stand in it, and which of them may open it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from models.briefs.extractive import TURNED, ExtractiveSummarizer
from models.text.segment import normalize
from models.types import BriefSentence, Document, Headline, Judged, Note, Translation

TITLE_WORDS = 25


def material(
    document: Document, title: Sequence[Translation], body: Sequence[Translation], limit: int, least: float
) -> tuple[Headline, list[Translation], tuple[Note, ...]]:
    """The headline, the sentences that a brief of `limit` sentences may use, and what is to be told of these.

    That is all but those that only repeat the headline and those with a confidence below `least`; where none is left,
    as many as the brief has room for, those of most confidence.
    """
    if not title and _opens_with_title(body):
        title = body[:1]
    if not title:
        statements, notes = _trusted(body, limit, least)
        best = ExtractiveSummarizer().headline(statements)
        return Headline(best.sentence.text, best.text, best.flags, best.judged), statements, notes
    source = document.title or title[0].sentence.text
    same = normalize(source)
    statements, notes = _trusted([t for t in body if normalize(t.sentence.text) != same] or body, limit, least)
    flags = tuple(dict.fromkeys(flag for t in title for flag in t.flags))
    return Headline(source, " ".join(t.text for t in title), flags, _as_one(title)), statements, notes


def _trusted(statements: Sequence[Translation], limit: int, least: float) -> tuple[list[Translation], tuple[Note, ...]]:
    """Those of at least this confidence, in order. What was never judged has none, and only passes if none is asked."""
    if not least:
        return list(statements), ()
    sure = [t for t in statements if _confidence(t) >= least]
    count = f"{len(statements) - len(sure):,} of {len(statements):,}"
    if sure:
        told = (Note("doubted", "", f"{count} have a confidence below {least:g}, or none"),)
        return sure, told if len(sure) < len(statements) else ()
    best = sorted(statements, key=_confidence, reverse=True)[:limit]
    judged = any(_confidence(t) >= 0 for t in statements)
    reason = f"none has a confidence of {least:g}; " if judged else "no confidence was measured; "
    reason += f"{'the best' if judged else 'the first'} {len(best)} of {len(statements):,} were taken"
    return sorted(best, key=lambda t: t.sentence.index), (Note("unsure", "", reason),)


def _confidence(translation: Translation) -> float:
    return -1.0 if translation.judged.confidence is None else translation.judged.confidence


def opened(sentences: Sequence[BriefSentence], translations: Sequence[Translation]) -> tuple[BriefSentence, ...]:
    """The sentences of a brief, in the order of events, but that none opens it of which the opposite may be true: the
    first other one goes before it, if there is one."""
    turned = {t.sentence.index for t in translations if TURNED.intersection(t.flags)}
    first = next((sentence for sentence in sentences if turned.isdisjoint(sentence.sources)), None)
    return tuple(sentences) if first is None else (first, *(s for s in sentences if s is not first))


def _as_one(title: Sequence[Translation]) -> Judged:
    """What is said of the sentences of a title, as of one."""
    all_found = [t.judged for t in title]
    sure = [found.confidence for found in all_found if found.confidence is not None]
    starts = accumulate((len(t.text) + 1 for t in title), initial=0)
    return Judged(
        min(sure, default=None),
        tuple(
            replace(doubt, start=start + doubt.start, end=start + doubt.end)
            for start, found in zip(starts, all_found, strict=False)
            for doubt in found.words
        ),
        next((found.contrast for found in all_found if found.contrast), None),
        next((found.extra for found in all_found if found.extra), None),
        " ".join(t.judged.other or t.text for t in title) if any(found.other for found in all_found) else None,
    )


def _opens_with_title(body: Sequence[Translation]) -> bool:
    """True if the first line stands alone, is short and ends like no sentence, with paragraphs after it."""
    first = body[0].sentence
    return (
        len(body) > 2
        and body[1].sentence.paragraph > first.paragraph
        and len(first.text.split()) <= TITLE_WORDS
        and first.text.rstrip()[-1] not in ".؟?!…:"
    )
