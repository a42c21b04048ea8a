"""What a brief is made of: its headline, the sentences that may stand in it, which of them may open it, and what is
told of a text that is more or less than an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from models.briefs.extractive import TURNED, ExtractiveSummarizer
from models.layout.laid_out import Layout
from models.layout.lines import is_rule
from models.text.segment import has_arabic, normalize
from models.types import BriefSentence, Document, Headline, Judged, Note, Translation

TITLE_WORDS = 25
MOST_NAMED, NAMED = 10, 80  # articles of one text that a note names; characters of each name


def material(
    document: Document, title: Sequence[Translation], body: Sequence[Translation], limit: int, least: float
) -> tuple[Headline, list[Translation], tuple[Note, ...]]:
    """The headline, the sentences that a brief of `limit` sentences may use, and what is to be told of these.

    That is all but those that only repeat the headline and those with a confidence below `least`; where none is left,
    as many as the brief has room for, those of most confidence.
    """
    if not title and opens_with_title(body):
        title = body[:1]
    if not title:
        statements, notes = _trusted(body, limit, least)
        best = ExtractiveSummarizer().headline(statements)
        return Headline(best.sentence.text, best.text, best.flags, best.judged), statements, notes
    headline = _entitled(document, title)
    same = normalize(headline.source)
    statements, notes = _trusted([t for t in body if normalize(t.sentence.text) != same] or body, limit, least)
    return headline, statements, notes


def first_lines(
    document: Document, title: Sequence[Translation], body: Sequence[Translation], limit: int, least: float
) -> tuple[Headline, tuple[BriefSentence, ...], tuple[Note, ...]]:
    """The headline, the first `limit` lines of a list that have the confidence `least`, and what is to be told."""
    lines, notes = _trusted(body, limit, least)
    lines = lines[:limit]
    told = Note("list", "", f"{len(lines)} of {len(body)} lines; each stands for itself")
    brief = tuple(BriefSentence(t.text, (t.sentence.index,), exact=True) for t in lines)
    return _entitled(document, title or lines[:1]), brief, (told, *notes)


def laid_out_notes(layout: Layout, body: Sequence[Translation]) -> tuple[Note, ...]:
    """What is to be told of a text in which there is something beside an article, or more than one."""
    notes = []
    if len(layout.articles) > 1:
        starts = [body[index] for index in layout.articles[:MOST_NAMED]]
        named = "; ".join(f"sentence {t.sentence.index + 1}, “{t.text[:NAMED]}”" for t in starts)
        named += "; and others" * (len(layout.articles) > len(starts))
        notes.append(Note("several", "", f"this looks like {len(layout.articles)} articles, which begin at {named}"))
    if apart := [t for t in body if t.sentence.index in layout.apart and not is_rule(t.sentence.text)]:
        notes.append(Note("apart", "", f"{len(apart)} of {len(body)} sentences: links, captions and the like"))
    return tuple(notes)


def _entitled(document: Document, title: Sequence[Translation]) -> Headline:
    """The headline that a title makes, or the line in its place."""
    flags = tuple(dict.fromkeys(flag for t in title for flag in t.flags))
    return Headline(document.title or title[0].sentence.text, " ".join(t.text for t in title), flags, _as_one(title))


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
    why, which = (f"none has a confidence of {least:g}", "best") if judged else ("no confidence was measured", "first")
    reason = f"{why}; the {which} {len(best)} of {len(statements):,} were taken"
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
        next((found.omitted for found in all_found if found.omitted), None),
    )


def opens_with_title(body: Sequence[Translation]) -> bool:
    """True if the first line stands alone, is short and ends like no sentence, with paragraphs after it."""
    first = body[0].sentence
    return (
        len(body) > 2
        and has_arabic(first.text)
        and body[1].sentence.paragraph > first.paragraph
        and len(first.text.split()) <= TITLE_WORDS
        and first.text.rstrip()[-1] not in ".؟?!…:"
    )
