"""A second look at translations that someone else wrote: pairs of Arabic and English -> what is to be doubted in each.

The models translate the Arabic too, unseen. What they wrote is what the English is held against. Then the last judges
it, and what that finds the first has to find as well: a person's right translation is doubted by either alone more
often than a machine's, by both seldom.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from models.ahead import in_order
from models.callers import Turn
from models.checks import places
from models.checks.fidelity import BY_LENGTH, SERIOUS, SHORT, Finding, findings, source_findings, worst_first
from models.checks.names import is_ordinary
from models.doubts.judge import ALONE, Claim, Judge, Judging, Limits
from models.doubts.opinion import TwoOpinions
from models.translation.translator import SequenceTranslator
from models.types import Judged, Sentence, Translation, Translator

# Chosen on FLORES dev, 436 planted errors and 673 references, and half of our own news.
UNLIKE = 0.25  # likeness to the nearest of the models' translations below which a text says something else
UNNAMED = 37  # rapidfuzz's ratio (of 100) below which no word of a text can be a name of the readings
SAME = 80  # from which two names are one
# Of what both models have to find. By `loss` 36 of 40 clauses are found that are missing; of 349 right translations one
# is marked, with `omission.LOSS` eleven, whose words are in another order.
BOTH = Limits(better=1.0, grave=-6.5, loss=0.1)
BY_BOTH = ("contrast", "extra", "omitted")  # what of a judgement counts only where both models find it
_WORD = re.compile(r"[\w-]{3,}")
# A word of three letters or more with a capital, not at the beginning of a sentence.
_NAME = re.compile(r"(?<=[\w,;:] )[A-Z][\w’'-]{2,}")


@dataclass(frozen=True, slots=True)
class Pair:
    """`english` as a translation of `arabic`."""

    arabic: str
    english: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What is to be doubted in a pair, worst first: what the rules find (`ruled`) and what the models do (`weighed`),
    with flags out of `models.checks.fidelity.FLAGS`; and what the judging model makes of it."""

    ruled: tuple[Finding, ...]
    weighed: tuple[Finding, ...]
    judged: Judged

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them, worst first."""
        return worst_first((*self.ruled, *self.weighed))

    @property
    def flags(self) -> tuple[str, ...]:
        """Each flag once, worst first."""
        return tuple(dict.fromkeys(finding.flag for finding in self.findings))


class Checker:
    """Checks pairs by the rules and by the models of a translator; see above."""

    def __init__(self, translator: Translator):
        members = translator.members if isinstance(translator, TwoOpinions) else (translator,)
        self._members = [member for member in members if isinstance(member, SequenceTranslator)]
        self._judges = [Judge(member) for member in self._members]
        self._ahead = translator.ahead

    def check(self, pairs: Iterable[Pair]) -> Iterator[Checked]:
        """One for each pair, lazily and in order."""
        for _, future in in_order(pairs, self._begin, self._ahead):
            yield future.result()

    def _begin(self, pairs: list[Pair], turn: Turn) -> list[Future[Checked]]:
        sentences = [Sentence(0, 0, 0, len(pair.arabic), pair.arabic) for pair in pairs]
        each = zip(*(member.begin(sentences, turn) for member in self._members), strict=True)
        return [self._checking(*both, turn.after(i)) for i, both in enumerate(zip(pairs, each, strict=True))]

    def _checking(self, pair: Pair, coming: Sequence[Future[Translation]], turn: Turn) -> Judging[Checked]:
        readings: list[str] = []
        first, last = self._judges[0], self._judges[-1]

        def claim() -> Claim:
            done = [future.result() for future in coming]
            sound = (one for one in done if one.score is not None and not SERIOUS.intersection(one.flags))
            readings[:] = [one.text for one in sound]
            limits = BOTH if first is not last else ALONE._replace(loss=BOTH.loss)
            return Claim(pair.arabic, pair.english, 0.0, "", readings, UNLIKE, limits)

        def doubted() -> Claim | None:
            speaks = any(getattr(judging.result(), name) for name in BY_BOTH)
            return claim() if first is not last and speaks else None

        def ended(other: Judged | None) -> Checked:
            judged = judging.result()
            if other:
                both = {name: getattr(other, name) and getattr(judged, name) for name in BY_BOTH}
                judged = replace(judged, **both)
            return Checked(_ruled(pair, readings), tuple(_weighed(pair, judged, readings)), judged)

        judging = Judging(coming, last, turn, claim, lambda found: found or Judged())
        return Judging([judging], first, turn, doubted, ended)


def _ruled(pair: Pair, readings: Sequence[str]) -> tuple[Finding, ...]:
    """What the rules find, but for what they find in a reading as well, for there they misread the Arabic; nor is short
    for its Arabic what is not so for the readings."""
    alike = {finding for reading in readings for finding in findings(pair.arabic, reading)}
    alike -= set(source_findings(pair.arabic))
    if readings and len(pair.english) >= SHORT * min(map(len, readings)):
        alike.add(BY_LENGTH)
    return tuple(finding for finding in findings(pair.arabic, pair.english) if finding not in alike)


def _weighed(pair: Pair, judged: Judged, readings: Sequence[str]) -> Iterator[Finding]:
    """What the models' readings and the judgement say against a pair."""
    if judged.contrast:
        yield Finding("contrast", f"{judged.contrast.said} → {judged.contrast.instead}")
    if judged.other:
        yield Finding("disputed", judged.other)
    if judged.omitted:
        source, meaning = judged.omitted.source, judged.omitted.text
        yield Finding("dropped", f"“{meaning}” ({source})" if meaning else source)
    yield from (Finding("names", name) for name in _lost_names(pair.english, readings))
    if judged.extra:
        yield Finding("extra", judged.extra)


def _lost_names(text: str, readings: Sequence[str]) -> list[str]:
    """The names that all readings have and of which the text has nothing like it; those in our lists are the rules'."""
    read = [{name for name in _NAME.findall(reading) if not _is_known(name)} for reading in readings]
    words = [*_NAME.findall(text), *(word for word in _WORD.findall(text) if not is_ordinary(word.lower()))]

    def like(name: str, others: Iterable[str], least: int) -> bool:
        return any(fuzz.ratio(name.lower(), other.lower()) >= least for other in others)

    common = [name for name in sorted(read[0]) if all(like(name, names, SAME) for names in read[1:])] if read else []
    return [name for name in common if not like(name, words, UNNAMED)]


def _is_known(word: str) -> bool:
    return is_ordinary(word.lower()) or bool(places.find_english(places.english_tokens(word)))
