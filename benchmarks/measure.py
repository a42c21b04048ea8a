"""What is measured: every contender's best settings, then rounds in turn, then how Mujaz's cost grows."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from benchmarks.corpus import Article, Corpus
from benchmarks.field import Contender
from benchmarks.runner import Failed

FIRST = 20  # sentences of the article whose first translated sentence is waited for
COUNTS = (10, 100, 1_000, 10_000)
LENGTHS = (1, 10, 100, 500, 2_000)


@dataclass(frozen=True)
class Plan:
    """How long to measure: all in seconds. `seconds` is for Mujaz and the ceiling in one round."""

    seconds: float
    rounds: float  # for calibration and all rounds together
    curves: float
    fewest: int = 3  # rounds, however long they take
    most: int = 20


@dataclass
class Result:
    """What a contender did in one round. `words` counts source words without white space, `out` translated ones."""

    words: int
    seconds: float
    out: int
    first: float
    cold: float
    peak_mb: float
    same: float  # of its articles, as a share: those that came out like those of Mujaz's pipeline without repairs

    @property
    def rate(self) -> float:
        """Source words a second."""
        return self.words / self.seconds


@dataclass
class Results:
    """By contender: what it says of itself, what it was found to do best with, and its rounds."""

    about: dict[str, dict] = field(default_factory=dict)
    chosen: dict[str, dict] = field(default_factory=dict)
    tuning: dict[str, list] = field(default_factory=dict)
    rounds: list[dict[str, Result]] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    counts: list[dict] = field(default_factory=list)
    lengths: list[dict] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)  # points of the curves, each with its reason

    def plain(self) -> dict:
        """As JSON takes it."""
        return asdict(self)


class Bench:
    """A run over `field`. Every text that is measured comes from `corpus`, which never gives a sentence twice."""

    def __init__(self, field: list[Contender], corpus: Corpus, plan: Plan):
        self.results = Results(missing={c.key: c.missing for c in field if c.missing})
        self._field = field
        self._corpus = corpus
        self._plan = plan
        self._began = time.monotonic()
        self._rates: dict[str, float] = {}

    def calibrate(self) -> None:
        """Find each contender's speed, and the best of its variants. Nothing of it enters the results' rounds."""
        for contender in self._taking_part():
            self._guard(contender, self._calibrate)

    def rounds(self) -> None:
        """Rounds in which every contender starts afresh and translates the same texts, each round in another order."""
        longest = 0.0
        while len(self.results.rounds) < self._plan.most:
            if len(self.results.rounds) >= self._plan.fewest and self._spent() + longest > self._plan.rounds:
                break
            started = time.monotonic()
            self._round(len(self.results.rounds))
            longest = max(longest, time.monotonic() - started)

    def curves(self) -> None:
        """Mujaz's pipeline on more and more short items, then on longer and longer articles."""
        by_key = {contender.key: contender for contender in self._taking_part()}
        if "f" not in by_key:
            return
        began = time.monotonic()
        for what, points, part in (("sentences", LENGTHS, 0.4), ("articles", COUNTS, 1.0)):
            try:
                self._curve(by_key["f"], what, points, began + self._plan.curves * part)
            except Failed as error:
                self.results.left_out.append(f"the rest of the {what} ({error})")

    def _taking_part(self) -> list[Contender]:
        return [contender for contender in self._field if contender.key not in self.results.missing]

    def _guard(self, contender: Contender, job: Callable[[Contender], None]) -> None:
        _tell(f"  {contender.name}")
        try:
            job(contender)
        except Failed as error:
            self.results.missing[contender.key] = str(error)
            _tell(f"    takes no further part: {error}")

    def _spent(self) -> float:
        return time.monotonic() - self._began

    def _calibrate(self, contender: Contender) -> None:
        goal = self._plan.seconds * contender.share
        with contender.start() as process:
            self.results.about[contender.key] = process.about
            process.first(self._corpus.article(2), **contender.options)
            words, seconds = 60, 0.0
            while seconds < goal / 4:
                words *= 3
                articles = self._corpus.articles(words)
                seconds, _ = process.run(articles, **contender.options)
                self._rates[contender.key] = sum(a.words for a in articles) / seconds
            texts = self._corpus.articles(int(self._rates[contender.key] * goal / 2))
            tried = []
            for variant in contender.variants:
                # The same text for each: nothing here remembers a translation.
                seconds, _ = process.run(texts, **variant)
                tried.append((sum(a.words for a in texts) / seconds, variant))
        if tried:
            self._rates[contender.key], contender.options = max(tried, key=lambda pair: pair[0])
            self.results.tuning[contender.key] = [{"words_per_second": rate, **variant} for rate, variant in tried]
        self.results.chosen[contender.key] = contender.options

    def _round(self, number: int) -> None:
        taking_part = self._taking_part()
        most = max(self._rates[c.key] * self._plan.seconds * c.share for c in taking_part)
        texts, cold, first = self._corpus.articles(int(most)), self._corpus.article(1), self._corpus.article(FIRST)
        found: dict[str, Result] = {}
        said: dict[str, list[str]] = {}

        def measure(contender: Contender) -> None:
            mine = _first_words(texts, self._rates[contender.key] * self._plan.seconds * contender.share)
            with contender.start() as process:
                process.first(cold, **contender.options)
                started = time.perf_counter() - process.started
                waited = process.first(first, **contender.options)
                seconds, said[contender.key] = process.run(mine, **contender.options)
                peak = process.peak_mb()
            words, out = sum(a.words for a in mine), sum(len(text.split()) for text in said[contender.key])
            found[contender.key] = Result(words, seconds, out, waited, started, peak, 0.0)

        _tell(f"Round {number + 1}: {sum(a.words for a in texts)} words")
        turn = number * 4 % len(taking_part)
        for contender in taking_part[turn:] + taking_part[:turn]:
            self._guard(contender, measure)
        for key, result in found.items():
            pairs = list(zip(said[key], said.get("f0", []), strict=False))
            result.same = sum(a.split() == b.split() for a, b in pairs) / max(1, len(pairs))
        self.results.rounds.append(found)

    def _curve(self, contender: Contender, what: str, points: tuple[int, ...], deadline: float) -> None:
        with contender.start() as process:
            process.first(self._corpus.article(2))
            rate = self._rates["f"]
            for point in points:
                long = what == "sentences"
                texts = [self._corpus.article(point)] if long else list(self._corpus.items(point))
                words = sum(article.words for article in texts)
                if words / rate > deadline - time.monotonic():
                    self.results.left_out.append(f"{point:,} {what} (about {words / rate:,.0f} s)")
                    continue
                first = process.first(self._corpus.article(point)) if long else None
                seconds, _ = process.run(texts, single=long)
                found = {"words": words, "seconds": seconds, "words_per_second": words / seconds}
                curve = self.results.lengths if long else self.results.counts
                curve.append({what: point, **found, "peak_mb": process.peak_mb(), "first": first})
                _tell(f"  {point:,} {what}: {seconds:.1f} s")
                rate = words / seconds if seconds > 1 else rate


def _first_words(articles: list[Article], words: float) -> list[Article]:
    """The first articles that together have `words` words, or all."""
    taken: list[Article] = []
    for article in articles:
        if taken and sum(a.words for a in taken) >= words:
            break
        taken.append(article)
    return taken


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
