"""Summarizers that generate, made trustworthy: what a writer writes is traced to the article and checked.

A writer (a sequence-to-sequence model, a chat server) sees the translated sentences in windows that fit it and
answers with drafts. Each draft is laid beside its source sentences, must pass `support`, and is otherwise
replaced by a translated sentence or dropped; the brief says so. No brief is empty: where nothing stands, or the
writer fails, the extractive summarizer's sentences do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from models.briefs import align, quoting, support
from models.briefs.extractive import ExtractiveSummarizer
from models.briefs.windows import OVERLAP, windows
from models.checks import fidelity
from models.errors import MujazError
from models.text.segment import has_arabic, split_long
from models.types import BriefSentence, Note, Sentence, Summary, Translation

NOTES = {  # what the kinds of notes mean to a reader
    "dropped": "The summariser wrote a sentence that was left out",
    "replaced": "The summariser wrote a sentence that was replaced by a translated one",
    "withheld": "A sentence of the article was not given to the summariser",
    "fallback": "The brief is not the summariser's: its sentences are translated ones",
    "doubted": "Sentences of the article were kept out of the brief as too doubtful",
    "unsure": "The brief had to be made of sentences that are too doubtful",
}
REPEATED = 0.8  # share of content words from which a sentence says what another says
MOST_NOTES, LONGEST_NOTE = 20, 400  # notes; characters of what one quotes


class WriterError(MujazError):
    """A writer has no answer; the message is one for the reader and holds nothing secret."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a writer reads: a sentence, or a part of one too long for a window. `number` counts sentences from 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence that a writer wrote; `cited` are numbers of lines, None where the writer names none ever."""

    text: str
    cited: tuple[int, ...] | None = None


class Writer(Protocol):
    """Writes drafts of a brief. `room` is what it takes at a time, in the unit of `cost`."""

    name: str
    room: int

    @property
    def signature(self) -> str: ...

    def cost(self, text: str) -> int: ...

    def write(self, lines: Sequence[Line], limit: int) -> list[Draft]:
        """About `limit` sentences on `lines`. Raises WriterError."""
        ...


class AbstractiveSummarizer:
    """Implements `models.types.Summarizer` over a writer."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._extractive = ExtractiveSummarizer()
        self.name = writer.name

    @property
    def signature(self) -> str:
        """The writer's, and how much it is given at a time."""
        return f"{self._writer.signature},room={self._writer.room}+{OVERLAP}"

    def summarize(self, translations: Sequence[Translation], limit: int) -> Summary:
        """At most `limit` sentences, in the article's order; never none."""
        material, notes = _material(translations)
        try:
            drafts = self._drafts(material, limit) if material else []
        except WriterError as error:
            return self._fallback(translations, limit, [*notes, Note("fallback", "", str(error))])
        found, told = _Review(material).sift(drafts)
        notes += told
        if not found:
            reason = "nothing that it wrote could be traced to the article" if drafts else "it wrote nothing"
            if not material:
                reason = "no sentence of the article could be given to it"
            return self._fallback(translations, limit, [*notes, Note("fallback", "", reason)])
        kept = self._best(found, limit)
        notes += [Note("dropped", s.text, "the brief is full") for s in found if s not in kept and not s.exact]
        return Summary(tuple(kept), tuple(_few(notes)))

    def _drafts(self, material: Sequence[Translation], limit: int) -> list[tuple[Draft, tuple[int, ...]]]:
        """The drafts of every window, each with the positions in `material` that its writer saw."""
        room, cost = self._writer.room, self._writer.cost
        lines = [
            Line(number, part)
            for number, translation in enumerate(material, 1)
            for part in split_long(translation.text, lambda text: cost(text) <= room)
        ]
        found = []
        for window in windows([cost(line.text) for line in lines], room):
            seen = lines[window.start : window.stop]
            positions = tuple(dict.fromkeys(line.number - 1 for line in seen))
            found += [(draft, positions) for draft in self._writer.write(seen, limit)]
        return found

    def _best(self, found: Sequence[BriefSentence], limit: int) -> list[BriefSentence]:
        """The `limit` that say most, in the article's order: ranked as the extractive summarizer ranks sentences."""
        ordered = sorted(found, key=lambda sentence: sentence.sources[0])
        if len(ordered) <= limit:
            return ordered
        stand_ins = [Translation(Sentence(i, 0, 0, 0, ""), sentence.text) for i, sentence in enumerate(ordered)]
        return [ordered[i] for i in sorted(self._extractive.rank(stand_ins)[:limit])]

    def _fallback(self, translations: Sequence[Translation], limit: int, notes: Sequence[Note]) -> Summary:
        sound = [t for t in translations if not quoting.speaks_to_machine(t.sentence.text, t.text)]
        return Summary(self._extractive.summarize(sound or translations, limit), tuple(_few(notes)))


def _material(translations: Sequence[Translation]) -> tuple[list[Translation], list[Note]]:
    """The sentences that a writer is given: none that cannot be relied on, none that speaks to a machine."""
    sound, notes = [], []
    for translation in translations:
        if quoting.speaks_to_machine(translation.sentence.text, translation.text):
            notes.append(Note("withheld", translation.text, "it seems to give orders to a machine"))
        elif not fidelity.SERIOUS.intersection(translation.flags) and not has_arabic(translation.text):
            sound.append(translation)
    return sound, notes


class _Review:
    """The drafts of one article, one by one."""

    def __init__(self, material: Sequence[Translation]) -> None:
        self._material = material
        self._kept: list[BriefSentence] = []
        self._notes: list[Note] = []

    def sift(self, drafts: Sequence[tuple[Draft, tuple[int, ...]]]) -> tuple[list[BriefSentence], list[Note]]:
        """The sentences that may stand, and what became of the others."""
        rejected = []
        for draft, seen in drafts:
            text = " ".join(draft.text.split())
            sources = self._sources(text, draft.cited, seen)
            copied = self._copied(text, sources)
            reason = None if copied else support.objection(text, self._translations(sources))
            if draft.cited is not None and not draft.cited:
                reason = "it names no source"
            if reason:
                rejected.append((text, sources, reason))
            elif self._said(text):
                self._notes.append(Note("dropped", text, "another sentence of the brief says the same"))
            else:
                self._kept.append(copied or self._generated(text, sources))
        if not self._kept:  # a writer of which nothing stands is not asked what is important either
            return [], [*self._notes, *(Note("dropped", text, reason) for text, _, reason in rejected)]
        for text, sources, reason in rejected:  # last, so that none takes the place of a sentence that stands
            self._replace(text, sources, reason)
        return self._kept, self._notes

    def _sources(self, text: str, cited: tuple[int, ...] | None, seen: Sequence[int]) -> tuple[int, ...]:
        """Positions of what a draft rests on: what it names, or where it names nothing what it is most like.

        Others are never sought for those that it names wrongly: an order hidden in the article would bear out the very
        sentence that it orders.
        """
        if cited is None:
            return self._aligned(text, seen)
        return tuple(dict.fromkeys(n - 1 for n in cited if n - 1 in seen))[: 2 * align.MOST_SOURCES]

    def _translations(self, sources: Sequence[int]) -> list[Translation]:
        return [self._material[i] for i in sources]

    def _aligned(self, text: str, among: Sequence[int]) -> tuple[int, ...]:
        return tuple(among[i] for i in align.best_sources(text, [self._material[i].text for i in among]))

    def _copied(self, text: str, sources: Sequence[int]) -> BriefSentence | None:
        """The translated sentence that a draft repeats word for word, if it is one of its sources."""
        for found in self._translations(sources):
            if quoting.escape(found.text) == quoting.escape(text):
                return BriefSentence(found.text, (found.sentence.index,), exact=True)
        return None

    def _generated(self, text: str, sources: Sequence[int]) -> BriefSentence:
        """A draft that may stand, on the fewest of its sources that carry it."""
        fewest = self._aligned(text, sources)
        kept = sources if support.objection(text, self._translations(fewest)) else fewest
        return BriefSentence(text, tuple(sorted(t.sentence.index for t in self._translations(kept))), exact=False)

    def _said(self, text: str) -> bool:
        return any(align.support(text, [kept.text]).share >= REPEATED for kept in self._kept)

    def _replace(self, text: str, sources: Sequence[int], reason: str) -> None:
        """The translation of the source that the draft is nearest to stands in for it, or nothing does."""
        taken = {source for kept in self._kept for source in kept.sources}
        free = [t for t in self._translations(sources) if t.sentence.index not in taken]
        best = max(free, key=lambda t: align.support(text, [t.text]).share, default=None)
        if best is None or fidelity.DOUBTFUL.intersection(best.flags) or self._said(best.text):
            self._notes.append(Note("dropped", text, reason))
        else:
            self._kept.append(BriefSentence(best.text, (best.sentence.index,), exact=True))
            self._notes.append(Note("replaced", text, reason))


def _few(notes: Sequence[Note]) -> list[Note]:
    """At most MOST_NOTES, none longer than LONGEST_NOTE; what is beyond is counted, and a fallback always told."""
    notes = [Note(n.kind, n.text[:LONGEST_NOTE] + "…" * (len(n.text) > LONGEST_NOTE), n.reason) for n in notes]
    if len(notes) <= MOST_NOTES:
        return notes
    beyond = notes[MOST_NOTES - 1 :]
    told = [note for note in beyond if note.kind == "fallback"]
    return [*notes[: MOST_NOTES - 1], Note("dropped", "", f"and {len(beyond) - len(told)} more"), *told]
