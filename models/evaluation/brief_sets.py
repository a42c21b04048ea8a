"""The sets of articles on which `briefs` measures briefs, each article with what people took from it.

The set `own` lies in tests/data/briefs, one JSON file for each article:

    half         tune or report
    form         pyramid, or late: the news comes after the scene
    title
    paragraphs   lists of sentences
    facts        short English statements, each with the indices of the sentences that say it; one of them is enough

The other sets are gzipped JSON lines with `id`, `text` and `summary` (a text, or a list of them). A hash of the id says
which half an article belongs to.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.engines.registry import ROOT
from models.errors import InputError
from models.text.folding import fold
from models.text.normalize import normalize
from models.text.segment import split_sentences
from models.types import Sentence

OWN = ROOT / "tests" / "data" / "briefs"
HALVES = ("tune", "report")
FEWEST = 5  # sentences; less leaves little to choose from
_GRAM = 12  # characters
_HELD = 0.7  # share of a sentence's character runs that an extract must hold to have taken it


@dataclass(frozen=True, slots=True)
class Fact:
    """What a good brief must carry; any one of `sentences` (indices) says it."""

    text: str
    sentences: frozenset[int]


@dataclass(frozen=True, slots=True)
class Article:
    """`extracts` are the indices of the sentences that each person chose; `length` is how long a brief should be."""

    id: str
    sentences: tuple[Sentence, ...]
    length: int
    references: tuple[str, ...] = ()
    extracts: tuple[frozenset[int], ...] = ()
    facts: tuple[Fact, ...] = ()
    form: str = ""


@dataclass(frozen=True, slots=True)
class Set:
    """A set of articles. `extracted`: people chose whole sentences; `length`: sentences of a brief, 0: as people's."""

    name: str
    file: str
    language: str
    length: int
    extracted: bool = False


SETS = {
    found.name: found
    for found in (
        Set("own", "", "arabic", 3),
        Set("easc", "ar-easc.jsonl.gz", "arabic", 0, extracted=True),
        Set("almayadeen", "ar-almayadeen.jsonl.gz", "arabic", 1),
        Set("bbc", "en-bbc_news_summary.jsonl.gz", "english", 0, extracted=True),
        Set("cnn", "en-cnn_stories.jsonl.gz", "english", 3),
    )
}


def read(wanted: Set, half: str, most: int, folder: Path) -> list[Article]:
    """The first `most` articles of a half; InputError if they cannot be read."""
    try:
        source = own(half) if wanted.name == "own" else shared(wanted, half, folder / wanted.file)
        return [article for _, article in zip(range(most), source, strict=False)]
    except (OSError, ValueError, KeyError) as error:
        raise InputError("sets", f"{wanted.name} cannot be read: {error!r}") from error


def own(half: str, folder: Path = OWN) -> Iterator[Article]:
    """This project's articles. ValueError if the segmenter finds other sentences than the file's."""
    for path in sorted(folder.glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["half"] != half:
            continue
        sentences = split_sentences("\n\n".join(" ".join(paragraph) for paragraph in record["paragraphs"]))
        if [s.text for s in sentences] != [text for paragraph in record["paragraphs"] for text in paragraph]:
            raise ValueError(f"{path.name}: the segmenter finds other sentences, so that the facts' indices are wrong")
        facts = tuple(Fact(fact["fact"], frozenset(fact["sentences"])) for fact in record["facts"])
        yield Article(record["id"], tuple(sentences), SETS["own"].length, facts=facts, form=record["form"])


def shared(wanted: Set, half: str, path: Path) -> Iterator[Article]:
    """The articles of a file that are in `half` and have at least FEWEST sentences."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if half_of(record["id"]) != half:
                continue
            sentences = tuple(split_sentences(record["text"]))
            summaries = record["summary"] if isinstance(record["summary"], list) else [record["summary"]]
            references = tuple(summaries) if wanted.extracted else (" ".join(summaries),)
            extracts = tuple(filter(None, (taken(sentences, r) for r in references))) if wanted.extracted else ()
            if len(sentences) < FEWEST or (wanted.extracted and not extracts):
                continue
            length = wanted.length or max(1, round(sum(map(len, extracts)) / len(extracts)))
            yield Article(record["id"], sentences, length, references, extracts)


def half_of(name: str) -> str:
    """The half that an article is in for good, by a hash of its id."""
    return HALVES[hashlib.sha256(name.encode()).digest()[0] % 2]


def taken(sentences: tuple[Sentence, ...], extract: str) -> frozenset[int]:
    """The indices of the sentences that an extract holds, whatever its spelling and spacing."""
    held = _grams(extract)
    found = ((sentence.index, _grams(sentence.text)) for sentence in sentences)
    return frozenset(index for index, grams in found if grams and len(grams & held) >= _HELD * len(grams))


def _grams(text: str) -> set[str]:
    letters = re.sub(r"\W", "", fold(normalize(text)).lower())
    return {letters[i : i + _GRAM] for i in range(max(1, len(letters) - _GRAM + 1))} if letters else set()
