"""Summarizers that generate, made trustworthy: what a writer writes is traced to the article and checked.

A writer (a sequence-to-sequence model, a chat server) sees the translated sentences in windows that fit it and
answers with drafts. Each draft is laid beside its source sentences, must pass `support` and, where there is a second
model, must not seem the less probable reading of their Arabic; it is otherwise replaced by a translated sentence or
dropped, and the brief says so. No brief is empty: where nothing stands, or the writer fails, the extractive
summarizer's sentences do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from models.briefs import quoting
from models.briefs.extractive import ExtractiveSummarizer
from models.briefs.review import Draft, Review
from models.checks import fidelity
from models.errors import MujazError
from models.text.segment import has_arabic, split_long
from models.types import BriefSentence, Note, Sentence, Summary, Translation, Weigh

NOTES = {  # what the kinds of notes mean to a reader
    "dropped": "The summariser wrote a sentence that was left out",
    "replaced": "The summariser wrote a sentence that was replaced by a translated one",
    "unquoted": "The summariser put words between quotation marks that no source quotes so; the marks were taken away",
    "withheld": "A sentence of the article was not given to the summariser",
    "fallback": "The brief is not the summariser's: its sentences are translated ones",
    "doubted": "Sentences of the article were kept out of the brief as too doubtful",
    "unsure": "The brief had to be made of sentences that are too doubtful",
    "apart": "Lines beside the article stayed out of the brief",
    "several": "The text seems to hold several articles, and the brief is of all together",
    "list": "The text is no article but a list, such as headlines, and the brief only its first lines",
}
OVERLAP = 2  # lines that a window shares with the one before
MOST_NOTES, LONGEST_NOTE = 20, 400  # notes; characters of what one quotes


class WriterError(MujazError):
    """A writer has no answer; the message is one for the reader and holds nothing secret."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a writer reads: a sentence, or a part of one too long for a window. `number` counts sentences from 1."""

    number: int
    text: str


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
    """Implements `models.types.Summarizer` over a writer. `weigh` is a second model's judgement, if there is one."""

    def __init__(self, writer: Writer, weigh: Weigh | None = None) -> None:
        self._writer, self._weigh = writer, weigh
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
        found, told = Review(material, self._weigh).sift(drafts)
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


def windows(costs: Sequence[int], room: int, overlap: int = OVERLAP) -> list[range]:
    """Ranges of positions: each costs at most `room` (or is one line that alone costs more), all together cover all.

    A window begins with up to `overlap` of the lines that end the one before, as far as they leave room for a new one.
    """
    found: list[range] = []
    start = end = 0
    while end < len(costs):
        total = sum(costs[start:end])
        while start < end and total + costs[end] > room:
            total -= costs[start]
            start += 1
        while end < len(costs) and (start == end or total + costs[end] <= room):
            total += costs[end]
            end += 1
        found.append(range(start, end))
        start = max(start + 1, end - overlap)
    return found


def _few(notes: Sequence[Note]) -> list[Note]:
    """At most MOST_NOTES, none longer than LONGEST_NOTE; what is beyond is counted, and a fallback always told."""
    notes = [Note(n.kind, n.text[:LONGEST_NOTE] + "…" * (len(n.text) > LONGEST_NOTE), n.reason) for n in notes]
    if len(notes) <= MOST_NOTES:
        return notes
    beyond = notes[MOST_NOTES - 1 :]
    told = [note for note in beyond if note.kind == "fallback"]
    return [*notes[: MOST_NOTES - 1], Note("dropped", "", f"and {len(beyond) - len(told)} more"), *told]
