"""What a writer wrote, sentence by sentence: traced to its sources, checked, and replaced where it may not stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.briefs import align, quoting, support
from models.checks import fidelity
from models.types import BriefSentence, Judged, Note, Translation, Weigh


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence that a writer wrote; `cited` are numbers of lines, None where the writer names none ever."""

    text: str
    cited: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a draft is taken for: its `text`, the positions of its sources, and the `sentence` of a brief that it makes,
    or the `reason` why it may make none."""

    text: str
    sources: tuple[int, ...]
    sentence: BriefSentence | None = None
    reason: str | None = None


class Review:
    """The drafts of one article, one by one."""

    def __init__(self, material: Sequence[Translation], weigh: Weigh | None) -> None:
        self._material, self._weigh = material, weigh
        self._by_index = {translation.sentence.index: translation for translation in material}
        self._kept: list[BriefSentence] = []
        self._notes: list[Note] = []

    def sift(self, drafts: Sequence[tuple[Draft, tuple[int, ...]]]) -> tuple[list[BriefSentence], list[Note]]:
        """The sentences that may stand, and what became of the others."""
        rejected = []
        for found in self._weighed([self._read(draft, seen) for draft, seen in drafts]):
            if found.sentence is None:
                rejected.append((found.text, found.sources, found.reason or ""))
            elif self._said(found.text):
                self._notes.append(Note("dropped", found.text, "another sentence of the brief says the same"))
            else:
                self._kept.append(found.sentence)
                if not found.sentence.exact and found.sentence.text != found.text:
                    self._notes.append(Note("unquoted", found.text, "its sources do not quote these words"))
        if not self._kept:  # a writer of which nothing stands is not asked what is important either
            return [], [*self._notes, *(Note("dropped", text, reason) for text, _, reason in rejected)]
        for text, sources, reason in rejected:  # last, so that none takes the place of a sentence that stands
            self._replace(text, sources, reason)
        return self._new(), self._notes

    def _new(self) -> list[BriefSentence]:
        """What is kept without the sentences that a longer one, kept after them, says too."""
        found = []
        for sentence in self._kept:
            others = [other.text for other in self._kept if other is not sentence]
            if any(align.support(sentence.text, [other]).share >= align.REPEATED for other in others):
                self._notes.append(Note("dropped", sentence.text, "another sentence of the brief says the same"))
            else:
                found.append(sentence)
        return found

    def _read(self, draft: Draft, seen: Sequence[int]) -> _Reading:
        """A draft by the rules alone."""
        text = " ".join(draft.text.split())
        sources = self._sources(text, draft.cited, seen)
        copied = self._copied(text, sources)
        reason = None if copied else support.objection(text, self._translations(sources))
        if draft.cited is not None and not draft.cited:
            reason = "it names no source"
        return _Reading(text, sources, None if reason else copied or self._generated(text, sources), reason)

    def _weighed(self, found: Sequence[_Reading]) -> list[_Reading]:
        """The same once the second model has judged what was generated; nothing else costs it anything."""
        asked = [one.sentence for one in found if one.sentence and not one.sentence.exact]
        if not self._weigh or not asked:
            return list(found)
        written = [(sentence.text, [self._by_index[i] for i in sentence.sources]) for sentence in asked]
        reasons = dict(zip(asked, map(_against, self._weigh(written)), strict=True))
        return [
            replace(one, sentence=None, reason=reason)
            if one.sentence and (reason := reasons.get(one.sentence))
            else one
            for one in found
        ]

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
        few, all_of_them = self._translations(fewest), self._translations(sources)
        marked = support.well_quoted(text, all_of_them)
        kept = all_of_them if support.well_quoted(text, few) != marked or support.objection(text, few) else few
        return BriefSentence(marked, tuple(sorted(t.sentence.index for t in kept)), exact=False)

    def _said(self, text: str) -> bool:
        return any(align.support(text, [kept.text]).share >= align.REPEATED for kept in self._kept)

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


def _against(judged: Judged) -> str | None:
    """What a second model's judgement says against a sentence, in words for the reader."""
    if judged.contrast:
        said, instead = judged.contrast.said, judged.contrast.instead
        return f"by the Arabic, the second model finds “{instead}” more probable than “{said}”"
    return f"the second model finds nothing in the Arabic that says “{judged.extra}”" if judged.extra else None
