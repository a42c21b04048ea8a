"""Briefs as Word documents: the brief with its sources, the article in both languages or in English, and how it was
made. For people to send on, so what is doubtful is in it as well.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.text.normalize import has_arabic
from service.output.filenames import create
from service.output.markdown import UNFLAGGED, line_of
from service.output.remarks import CONFIDENCE, WORDS, changes, doubted, notes, parts, quoted, warning

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

Record = dict[str, Any]


def write_documents(folder: Path, records: Iterable[Record]) -> None:
    """Write a document in both languages for each record to an empty folder."""
    for record in records:
        file, _ = create(folder, record["id"], ".docx", portable=True)
        with file:
            file.write(document_of(record))


def document_of(record: Record, arabic: bool = True) -> bytes:
    """A brief as a Word document; without the Arabic, if that is not wanted. The same record gives the same bytes."""
    import docx

    document = docx.Document()
    _heading(document, record)
    _brief(document, record, arabic)
    _article(document, record, arabic)
    document.add_heading("How this was made", 1)
    for name, value in _made_by(record):
        document.add_paragraph(line_of(f"{name}: {value}"), "List Bullet")
    return _dated(document)


def _heading(document: Document, record: Record) -> None:
    title = record["title"]
    document.core_properties.title = line_of(title["text"])
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.add_heading(line_of(title["text"]) or "Untitled", 0)
    _original(document.add_paragraph(), title["source"])
    for words in [*_told(title), *changes(record).get(None, [])]:
        _note(document.add_paragraph(), words)
    marked = document.add_paragraph()
    marked.add_run("Machine translation. ").bold = True
    marked.add_run(line_of(warning(record["model"]["warning"])))


def _brief(document: Document, record: Record, arabic: bool) -> None:
    sentences = record["translation"]["sentences"]
    document.add_heading("Brief", 1)
    for sentence in record["brief"]["sentences"]:
        place = document.add_paragraph(style="List Bullet")
        _english(place, quoted(sentence, sentences))
        place.add_run("".join(f" [{source + 1}]" for source in sentence["sources"])).bold = True
        if not sentence["exact"]:
            _note(document.add_paragraph(), "Written by the summariser, not a translation of one sentence.")
        for source in (sentences[number] for number in sentence["sources"]):
            for words in _told(source):
                _note(document.add_paragraph(), f"[{source['index'] + 1}] {words}")
            if arabic:
                _original(document.add_paragraph(), source["source"])
    for note in record["brief"]["notes"]:
        told = f": “{note['text']}”" if note["text"] else ""
        _note(document.add_paragraph(), f"Note on the brief: {note['reason']}{told}")


def _article(document: Document, record: Record, arabic: bool) -> None:
    """A row a sentence: its number, the English with what there is to say of it, the Arabic."""
    from docx.shared import Inches

    sentences, wordings = record["translation"]["sentences"], changes(record)
    document.add_heading("The article, sentence by sentence", 1)
    document.add_paragraph(UNFLAGGED)
    if any(map(doubted, sentences)):
        document.add_paragraph(f"Underlined: {WORDS}")
    if any(sentence.get("confidence") is not None for sentence in sentences):
        document.add_paragraph(CONFIDENCE)
    table = document.add_table(0, 3 if arabic else 2)
    table.style = "Table Grid"
    table.autofit = False
    widths = [Inches(width) for width in ((0.4, 2.8, 2.8) if arabic else (0.4, 5.6))]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for sentence in sentences:
        cells = table.add_row().cells
        for cell, width in zip(cells, widths, strict=True):
            cell.width = width
        cells[0].paragraphs[0].add_run(str(sentence["index"] + 1))
        _english(cells[1].paragraphs[0], sentence)
        for words in [*_told(sentence), *wordings.get(sentence["index"], [])]:
            _note(cells[1].add_paragraph(), words)
        if arabic:
            _original(cells[2].paragraphs[0], sentence["source"])


def _english(place: Paragraph, said: Any) -> None:
    """A translation, its doubtful words underlined with dots."""
    from docx.enum.text import WD_UNDERLINE

    for words, doubtful in parts(said):
        run = place.add_run(_spaced(words))
        run.underline = WD_UNDERLINE.DOTTED if doubtful else None


def _spaced(words: str) -> str:
    """On one line, the spaces round it kept."""
    before, after = words[:1].isspace(), words[-1:].isspace()
    return " " * before + line_of(words) + " " * (after and bool(words.strip()))


def _original(place: Paragraph, text: str) -> None:
    """The source, Arabic from right to left."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    run = place.add_run(line_of(text))
    if has_arabic(text):
        place._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        properties = run._r.get_or_add_rPr()
        properties.append(OxmlElement("w:rtl"))
        language = OxmlElement("w:lang")
        language.set(qn("w:bidi"), "ar-SA")
        properties.append(language)


def _note(place: Paragraph, words: str) -> None:
    place.add_run(line_of(words)).italic = True


def _told(said: Any) -> Iterator[str]:
    for words, serious in notes(said, marked=True):
        yield f"{'WARNING' if serious else 'Note'}: {words}"


def _made_by(record: Record) -> Iterator[tuple[str, str]]:
    model = record["model"]
    yield "Article", record["id"]
    for name, field in (("File", "file"), ("Source address", "url"), ("Made at", "created_at")):
        if record.get(field):
            yield name, record[field]
    yield "Model", f"{model['name']} {model['version']} ({model['backend']}, {model['compute_type']})"
    yield "Measured", model["quality"] or "quality not measured"
    yield "Summariser", record["brief"]["summarizer"]
    yield "Signature", record["signature"]


def _dated(document: Document) -> bytes:
    """The file, without the time at which it was made."""
    made, out = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in source.namelist():
            packed.writestr(zipfile.ZipInfo(name), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
