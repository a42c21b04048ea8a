"""A folder of pages in Markdown: one an article, for people to read, and an index of them.

What an article says is text and nothing else: no character of it makes a link, an image, HTML or any other markup.
White space is shown as single spaces, and characters that nobody can see or that reverse the reading direction as
[U+202E]; the other formats keep them. Sentences are numbered from 1, as on the pages; records count from 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from models.doubts.confidence import is_doubtful
from models.text.segment import has_arabic
from service.output.filenames import create
from service.output.remarks import CONFIDENCE, WORDS, changes, doubted, notes, queried, quoted, warning

INDEX = "index.md"
UNFLAGGED = "The checks find only some kinds of error: a sentence without a note can be wrong as well."

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202d\u202e\ufdd0-\ufdef\ufffe\uffff]")
# What means something in Markdown or in a common extension of it: markup, HTML, entities, tables, formulas, notes,
# mentions; and what makes a bare address or :name: a link or a picture.
_MARKUP = re.compile(r"[\\`*_\[\]<>&~|^$#@={}]|:(?=[/\w])|/(?=/)|(?<=\w)\.(?=[^\W\d])")


def one_page(record: dict) -> str:
    """The page of a brief by itself."""
    return "\n\n".join(_page(record)) + "\n"


def write_pages(folder: Path, records: Iterable[dict]) -> None:
    """Write a page for each record and `index.md`, with a line for each, to an empty folder."""
    with (folder / INDEX).open("x", encoding="utf-8", newline="\n") as index:
        index.write("# Digests\n")
        warned = None
        for record in records:
            file, path = create(folder, record["id"], ".md", portable=True)
            with file:
                file.write(one_page(record).encode())
            if (told := _warning(record["model"])) != warned:
                index.write(f"\n{told}\n\n")
                warned = told
            index.write(_line(record, path))


def _line(record: dict, path: str) -> str:
    """An article's line in the index."""
    sentences = record["translation"]["sentences"]
    address = re.sub(r"[^\w/.-]", lambda found: quote(found[0]), path)
    told = "the headline doubtful; " if is_doubtful(record["title"]) else ""
    told += f"{len(sentences):,} sentence{'s' if len(sentences) > 1 else ''}"
    if doubtful := sum(map(is_doubtful, sentences)):
        told += f", {doubtful:,} doubtful"
    return f"- [{_headline(record)}]({address}) ({told}; {_code(record['id'])})\n"


def _page(record: dict) -> Iterator[str]:
    """The paragraphs of a page."""
    title, brief, sentences = record["title"], record["brief"], record["translation"]["sentences"]
    yield f"# {_headline(record)}"
    yield _original(title["source"])
    yield from _notes(title, " on the title")
    wordings = changes(record)
    yield from _wordings(wordings.get(None, []), " on the title")
    yield _warning(record["model"])
    yield "## Brief"
    yield "The numbers are those of the sentences in the article below."
    for sentence in brief["sentences"]:
        yield from _brief_sentence(sentence, sentences)
    for note in brief["notes"]:
        words = f": “{escaped(note['text'])}”" if note["text"] else ""
        yield f"> **Note on the brief:** {escaped(note['reason'])}{words}"
    yield "## The article, sentence by sentence"
    yield f"Doubtful sentences: {sum(map(is_doubtful, sentences)):,} of {len(sentences):,}. {UNFLAGGED}"
    if any(map(doubted, sentences)):
        yield f"Followed by (?): {WORDS}"
    if any(sentence.get("confidence") is not None for sentence in sentences):
        yield CONFIDENCE
    for number, (_, paragraph) in enumerate(groupby(sentences, key=lambda sentence: sentence["paragraph"])):
        if number:
            yield "* * *"
        for sentence in paragraph:
            yield from _sentence(sentence)
            yield from _wordings(wordings.get(sentence["index"], []))
    yield "## How this was made"
    yield _made_by(record)
    yield "Signature:"
    yield f"    {line_of(record['signature'])}"


def _brief_sentence(sentence: dict, sentences: list[dict]) -> Iterator[str]:
    """A sentence of the brief, and beneath it each sentence of the article that it rests on."""
    rests_on = [(f"[{source + 1}]", sentences[source]) for source in sentence["sources"]]
    numbers = " ".join(number for number, _ in rests_on) or "No source"
    yield f"- **{numbers}** {escaped(queried(quoted(sentence, sentences)))}"
    if not sentence["exact"]:
        yield "  > **Note:** Written by the summariser, not a translation of one sentence."
    for number, source in rests_on:
        yield from ("  " + note for note in _notes(source, f" on {number}", marked=sentence["exact"]))
    for number, source in rests_on:
        yield "  " + _original(source["source"], f"{number} " if len(rests_on) > 1 else "")


def _sentence(sentence: dict) -> Iterator[str]:
    """A sentence of the article and its Arabic; what is no translation stands once."""
    number, text, source = f"**[{sentence['index'] + 1}]**", sentence["text"], sentence["source"]
    same = text.strip() == source.strip()
    yield number if same and has_arabic(source) else f"{number} {escaped(queried(sentence))}"
    yield from _notes(sentence, marked=True)
    if not same or has_arabic(source):
        yield _original(source)


def _notes(said: dict, where: str = "", marked: bool = False) -> Iterator[str]:
    """What there is to say of a translation, in plain words; doubtful words only if they are not `marked` in it."""
    for words, serious in notes(said, marked):
        yield f"> **{'Warning' if serious else 'Note'}{where}:** {escaped(words)}"


def _wordings(lines: list[str], where: str = "") -> Iterator[str]:
    """What the glossary and the names made one have changed."""
    for line in lines:
        yield f"> **Wording{where}:** {escaped(line)}"


def _made_by(record: dict) -> str:
    model = record["model"]
    facts = {
        "Article": _code(record["id"]),
        "File": _code(record["file"]) if record.get("file") else "",
        "Source address": _code(record["url"]) if record.get("url") else "",
        "Made at": record.get("created_at", ""),
        "Model": escaped(f"{model['name']} {model['version']} ({model['backend']}, {model['compute_type']})"),
        "Measured": escaped(model["quality"] or "quality not measured"),
        "Summariser": escaped(record["brief"]["summarizer"]),
    }
    return "\n".join(f"- {name}: {value}" for name, value in facts.items() if value)


def _headline(record: dict) -> str:
    return escaped(record["title"]["text"]) or "Untitled"


def _warning(model: dict) -> str:
    return f"**Machine translation.** {escaped(warning(model['warning']))}"


def _original(text: str, number: str = "") -> str:
    """The source, Arabic from right to left; in HTML, because Markdown knows no direction."""
    direction = ' dir="rtl" lang="ar"' if has_arabic(text) else ""
    return f"<div{direction}>{number}{_MARKUP.sub(_entities, line_of(text))}</div>"


def escaped(text: str) -> str:
    """`text` on one line of Markdown, as text and nothing else."""
    return _MARKUP.sub(r"\\\g<0>", line_of(text))


def _code(text: str) -> str:
    """A name as it is, in the type of code, which needs no escapes unless it holds the mark of code."""
    line = line_of(text)
    return escaped(line) if "`" in line or not line else f"`{line}`"


def _entities(found: re.Match[str]) -> str:
    """In HTML nothing but a reference escapes; and a reference is text to Markdown as well."""
    return f"&#{ord(found[0])};"


def line_of(text: str) -> str:
    """`text` on one line, what nobody can see in it shown as [U+202E]."""
    return _UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", " ".join(text.split()))
