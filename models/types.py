"""What flows through Mujaz: documents, sentences, translations, briefs, and the protocols that make them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol

from models.callers import Turn


@dataclass(frozen=True, slots=True)
class Document:
    """An article as it came in. `text` is never changed: all offsets point into it."""

    id: str
    text: str
    title: str | None = None
    url: str | None = None

    @property
    def characters(self) -> int:
        """How many there are to translate."""
        return len(self.text) + len(self.title or "")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a brief: who makes it, of how many sentences at most, and the least confidence of these."""

    summarizer: str = "extractive"
    sentences: int = 3
    min_confidence: float = 0.0


USUAL = Wish()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One segment of a document; `document.text[start:end] == text` always holds.

    `start` and `end` count characters (code points); `index` and `paragraph` count from 0.
    """

    index: int
    paragraph: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Words of a translation, its characters `start` to `end`; a second model gave them this chance (0 to 1)."""

    start: int
    end: int
    probability: float


@dataclass(frozen=True, slots=True)
class Contrast:
    """Words of a translation, and what a second model finds more probable in their place."""

    said: str
    instead: str


@dataclass(frozen=True, slots=True)
class Omitted:
    """Words of a source that a translation left out, and what a second model makes of them alone, if anything."""

    source: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """How far a translation is to be trusted.

    `confidence` is the share of translations like it that a reader found free of grave errors (0 to 1; None where that
    was not measured for its model). The rest is a second model's: the words it gave little chance, the opposite that it
    finds more probable, words that it did not read at all (`extra`), what it wrote itself (`other`), where that says
    something else, and what it does not find in the translation (`omitted`).
    """

    confidence: float | None = None
    words: tuple[Doubt, ...] = ()
    contrast: Contrast | None = None
    extra: str | None = None
    other: str | None = None
    omitted: Omitted | None = None


@dataclass(frozen=True, slots=True)
class Translation:
    """The best hypothesis for one sentence.

    `score` is the mean log-probability of its pieces (natural logarithm, so at most 0; None where no model
    was asked). `flags` are names out of `models.checks.fidelity.FLAGS`.
    """

    sentence: Sentence
    text: str
    score: float | None = None
    flags: tuple[str, ...] = ()
    judged: Judged = Judged()


@dataclass(frozen=True, slots=True)
class BriefSentence:
    """A sentence of a brief. `sources` are indices of the article's sentences that it rests on.

    `exact` is true where the sentence is the translation of its one source, false where it was generated.
    """

    text: str
    sources: tuple[int, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class Headline:
    """`source` is the Arabic that `text` translates: the article's title, or the sentence that stands in for it."""

    source: str
    text: str
    flags: tuple[str, ...] = ()
    judged: Judged = Judged()


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a summarizer did and the reader must know. `kind` is a name out of
    `models.briefs.abstractive.NOTES`, `text` the words concerned ("" where there are none), `reason` why, in words for
    the reader."""

    kind: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A brief's sentences, and what there is to say of how they came about."""

    sentences: tuple[BriefSentence, ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """Words that others were put in place of: what they were, and in which sentence (None: the title)."""

    sentence: int | None
    was: str


@dataclass(frozen=True, slots=True)
class TermUse:
    """A term of the user's glossary in an article: what it changed, and where its place could not be found."""

    arabic: str
    english: str
    changed: tuple[Change, ...]
    missing: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class NameUse:
    """A name in an article: an Arabic word, how it is spelt in `sentences`, and which of these were spelt otherwise."""

    arabic: str
    english: str
    sentences: tuple[int | None, ...]
    changed: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """What an article's translation owes to the glossary and to the names being made one."""

    terms: tuple[TermUse, ...] = ()
    names: tuple[NameUse, ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """What Mujaz gives back for one document; `signature` names every setting that made it, `timing` holds milliseconds
    by step."""

    document_id: str
    headline: Headline
    sentences: tuple[BriefSentence, ...]
    translations: tuple[Translation, ...]
    summarizer: str
    signature: str
    notes: tuple[Note, ...] = ()
    wording: Wording = Wording()
    timing: Mapping[str, float] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model answered, and how. `version` is its release and the hash of its files; `quality` as measured.

    `warning` is what its makers want every reader to be told; `second` the model that gives a second opinion.
    """

    name: str
    version: str
    backend: str
    compute_type: str
    quality: str | None = None
    warning: str | None = None
    second: str | None = None


class Translator(Protocol):
    """Translates sentences. `ahead` is how many on their way keep it busy.

    `signature` names everything that can change the text of a translation; the translation memory is keyed by it.
    """

    info: ModelInfo
    signature: str
    ahead: int

    def begin(self, sentences: Sequence[Sentence], turn: Turn | None = None) -> list[Future[Translation]]:
        """A future for each, which may be cancelled. `turn`: the first one's; a caller's of its own by default."""
        ...

    def readings(self, sentences: Sequence[Sentence], count: int) -> list[list[Translation]]:
        """What each sentence could be read as: `count` translations or fewer, unchecked, the most probable first."""
        ...

    def waiting(self) -> int: ...  # parts of sentences that nobody decodes yet


class Summarizer(Protocol):
    """Makes a brief of at most `limit` sentences from translations (all of one document, in order).

    One that has nothing to say of its sentences gives just them. `signature` names everything that can change them.
    """

    @property
    def name(self) -> str: ...

    @property
    def signature(self) -> str: ...

    def summarize(self, translations: Sequence[Translation], limit: int) -> Summary | tuple[BriefSentence, ...]: ...


# What a second model makes of what a summarizer wrote: a judgement for each (text, the translations it rests on).
Weigh = Callable[[Sequence[tuple[str, Sequence[Translation]]]], list[Judged]]

Remembered = tuple[str, float | None, tuple[str, ...], Judged]  # of a Translation: text, score, flags, judged


class Memory(Protocol):
    """A translation memory: what was translated before under the same signature."""

    def recall(self, texts: Sequence[str], signature: str) -> Mapping[str, Remembered]:
        """{sentence text: what a translation says of it} for those of `texts` that are known."""
        ...

    def remember(self, translations: Sequence[Translation], signature: str) -> None: ...
