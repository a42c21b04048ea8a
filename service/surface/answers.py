"""What the endpoints answer, as models: for the description of the API, and for tests that hold answers against it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, RootModel

from models.checks.fidelity import Finding
from models.types import BriefSentence, Contrast, Doubt, ModelInfo, NameUse, Note, Omitted, TermUse


class Judgement(BaseModel):
    """How far a translation is to be trusted."""

    confidence: float | None
    words: list[Doubt]
    contrast: Contrast | None
    extra: str | None
    other: str | None
    omitted: Omitted | None


class TranslatedTitle(Judgement):
    """A title, or the sentence that stands in for it."""

    source: str
    text: str
    flags: list[str]


class TranslatedSentence(TranslatedTitle):
    """A sentence and its translation; `start` and `end` select `source` in the text."""

    index: int
    paragraph: int
    start: int
    end: int
    score: float | None


class TranslatedText(BaseModel):
    """A text and its sentences."""

    text: str
    sentences: list[TranslatedSentence]
    glossary: list[TermUse]
    names: list[NameUse]


class Translation(TranslatedText):
    """The answer to one text."""

    model: ModelInfo
    signature: str


class Translations(BaseModel):
    """The answer to several texts, in their order."""

    translations: list[Translation]


class BriefBody(BaseModel):
    """A brief's sentences, who made it, and what there is to say of that."""

    sentences: list[BriefSentence]
    summarizer: str
    notes: list[Note]


class Brief(BaseModel):
    """A brief, its article in English, and all that made them."""

    id: str
    created_at: str
    url: str | None
    title: TranslatedTitle
    brief: BriefBody
    translation: TranslatedText
    model: ModelInfo
    signature: str
    timing: dict[str, float]


class Source(TranslatedTitle):
    """A sentence that a brief rests on, and where it stands in the article."""

    index: int


class ListedSentence(BaseModel):
    """A brief's sentence with what it rests on: the doubts are those of its sources."""

    text: str
    exact: bool
    sources: list[Source]


class ListedBrief(BaseModel):
    """What is told of a brief among others."""

    number: int
    id: str
    created_at: str
    title: TranslatedTitle
    brief_text: str
    sentences: list[ListedSentence]
    model: ModelInfo
    tags: list[str]


class Briefs(BaseModel):
    """A page of earlier briefs; `next` is the `before` of the following one."""

    briefs: list[ListedBrief]
    next: int | None


class Progress(BaseModel):
    """How far a job is; `seconds_left` is null where nothing was measured yet, `waits` unless it cannot go on."""

    articles: int
    briefs: int
    failed: int
    sentences: int
    sentences_done: int
    seconds_left: float | None
    waits: str | None


class Failed(BaseModel):
    """An article of a job that has no brief, and why."""

    number: int
    name: str
    reason: str


class ListedJob(BaseModel):
    """A job; `number` is its place among all."""

    id: str
    number: int
    created_at: str
    ended_at: str | None
    state: Literal["queued", "running", "done", "cancelled", "failed"]
    reason: str | None
    progress: Progress


class Job(ListedJob):
    """A job; of more than a hundred failures the rest are among its results."""

    failures: list[Failed]


class Jobs(BaseModel):
    """A page of jobs; `next` is the `before` of the following one."""

    jobs: list[ListedJob]
    next: int | None


class Result(BaseModel):
    """What has become of an article: its brief, or why there is none."""

    number: int
    name: str
    brief: Brief | None
    reason: str | None


class Results(BaseModel):
    """A page of results; `next` is the `after` of the following one, null once the job has ended and none is left."""

    results: list[Result]
    next: int | None


class Events(RootModel[str]):
    """Server-sent events: `draft`, `sentence`, `article`, `progress`, and `end` after which nothing comes."""


class Metrics(RootModel[str]):
    """Counts and times as Prometheus reads them."""


class Tags(BaseModel):
    """What a brief is tagged with."""

    tags: list[str]


class Check(Judgement):
    """What is to be doubted in a pair."""

    flags: list[str]
    findings: list[Finding]


class Checks(BaseModel):
    """The answer to several pairs, in their order."""

    checks: list[Check]
    model: ModelInfo


class Digest(BaseModel):
    """The stories that several briefs tell."""

    stories: list[dict[str, Any]]
    alone: list[dict[str, Any]]
    limits: list[str]
    models: list[dict[str, Any]]
    signature: str


class Summarizer(BaseModel):
    """What can make a brief, and why not here."""

    name: str
    description: str
    available: bool
    reason: str | None
    output: Literal["exact", "generated"]
    default: bool


class Summarizers(BaseModel):
    """All of them, the default first."""

    summarizers: list[Summarizer]


class Status(BaseModel):
    """Whether it is well."""

    status: str
    model: ModelInfo | None = None


class WrongField(BaseModel):
    """A field of a request, and what is wrong with it."""

    field: str
    detail: str


class Problem(BaseModel):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[WrongField] = []
