"""Texts and HTML, as many as there are in one batch -> English in their own form: line ends and tags stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from models.text.normalize import has_arabic
from service.core import Core
from service.libretranslate.languages import detect, is_arabic
from service.libretranslate.placing import Placing
from service.libretranslate.runs import Node, Run, runs


@dataclass(frozen=True, slots=True)
class Translated:
    """A text in English, or as it was if it is not Arabic; what language it is in; other readings of it."""

    text: str
    detected: dict
    alternatives: list[str]


@dataclass(frozen=True, slots=True)
class _Page:
    """A text or an HTML page in runs; `read` is what a reader sees of it."""

    runs: list[Run]
    read: str
    html: bool

    @property
    def asked(self) -> list[str]:
        """What is to be translated: texts, and elements by themselves, to find them in their sentence."""
        return [run.text for run in self.runs if has_arabic(run.text)]

    @property
    def elements(self) -> list[str]:
        return [words for run in self.runs if has_arabic(run.text) for words in _elements(run, run.nodes)]

    def written(self, records: Mapping[str, Mapping], own: Mapping[str, str]) -> str:
        """The page with its runs in the English of `records`."""
        return "".join(
            run.raw if run.text not in records else self._english(run, records[run.text], own) for run in self.runs
        )

    def _english(self, run: Run, record: Mapping, own: Mapping[str, str]) -> str:
        return Placing(run, record, own).html() if self.html else put_back(run.text, record["sentences"])


def translate(core: Core, texts: Sequence[str], html: bool, alternatives: int, always: bool) -> list[Translated]:
    """Each text in English. Unless `always`, another language in Arabic letters is left as it is, as all others are."""
    pages = [_page(text, html) for text in texts]
    detected = [detect(page.read) for page in pages]
    wanted = [has_arabic(page.read) and (always or is_arabic(page.read)) for page in pages]
    chosen = [page for page, is_wanted in zip(pages, wanted, strict=True) if is_wanted]
    asked = list(dict.fromkeys(chain.from_iterable(page.asked for page in chosen)))
    elements = list(dict.fromkeys(chain.from_iterable(page.elements for page in chosen)))
    done = list(core.translations([*asked, *elements])) if asked else []
    records = dict(zip(asked, done, strict=False))
    own = {words: record["text"] for words, record in zip(elements, done[len(asked) :], strict=True)}
    others = _others(core, asked, records, alternatives) if alternatives and asked else []
    results = []
    for text, page, found, is_wanted in zip(texts, pages, detected, wanted, strict=True):
        written = page.written(records, own) if is_wanted else text
        different = [page.written(other, own) for other in others] if is_wanted else []
        told = [one for one in dict.fromkeys(different) if one != written]
        results.append(Translated(written, found, told))
    return results


def _page(text: str, html: bool) -> _Page:
    if not html:
        return _Page([Run(text, text, [])], text, False)
    found = list(runs(text))
    return _Page(found, "\n".join(run.text for run in found if run.text), True)


def _elements(run: Run, nodes: Iterable[Node]) -> Iterable[str]:
    for node in nodes:
        words = run.text[node.start : node.end]
        if has_arabic(words) and words.strip() != run.text.strip():
            yield words
        yield from _elements(run, node.children)


def _others(core: Core, asked: list[str], records: Mapping[str, Mapping], count: int) -> list[dict[str, dict]]:
    """`count` times other records for all that was asked, each with the next reading of every sentence that has one."""
    readings = dict(zip(asked, core.readings(asked, count + 1), strict=True))
    return [
        {text: {"sentences": _read(records[text]["sentences"], readings[text], n)} for text in asked}
        for n in range(count)
    ]


def _read(sentences: Sequence[Mapping], readings: Sequence[Sequence[str]], number: int) -> list[dict]:
    found = []
    for sentence, read in zip(sentences, readings, strict=True):
        other = [text for text in dict.fromkeys(read) if text != sentence["text"]]
        found.append({**sentence, "text": other[number] if number < len(other) else sentence["text"]})
    return found


def put_back(text: str, sentences: Sequence[Mapping]) -> str:
    """`text` with its sentences in English, and between them what was there."""
    parts: list[str] = []
    at = 0
    for sentence in sentences:
        gap = text[at : sentence["start"]]
        parts += [gap or " " if parts else gap, sentence["text"]]
        at = sentence["end"]
    return "".join(parts) + text[at:]
