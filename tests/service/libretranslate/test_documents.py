"""Files that come back in their own kind, in English."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement

from service.articles.formats.office import read_docx, read_odt
from service.articles.sources import Context, Fields
from tests import files, tiny

PAIRS = tiny.trained_pairs()
(ONE, ENGLISH), (TWO, OTHER) = PAIRS[1], PAIRS[2]


@pytest.fixture
def send(client):
    """Sends a file, and gives the translated one, or what is wrong."""

    def sent(name, data, source="ar"):
        answer = client.post(
            "/translate_file", data={"source": source, "target": "en", "file": (io.BytesIO(data), name)}
        )
        if answer.status_code != 200:
            return answer.get_json()["error"]
        return client.get(answer.get_json()["translatedFileUrl"]).get_data()

    return sent


def blocks(data, read):
    """The paragraphs of a file."""
    (found,) = read(io.BytesIO(data), Context("x", Fields(), None, lambda _: None))
    return [*([found.title] if found.title else []), *found.text.split("\n\n")]


def formatted() -> bytes:
    """A Word document with a title, bold words, a picture's place, a line break, a table, and commented English."""
    document, out = docx.Document(), io.BytesIO()
    document.add_heading(TWO, 0)
    paragraph = document.add_paragraph()
    paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
    for words in (ONE[:10], ONE[10:]):
        run = paragraph.add_run(words)
        run.font.name = "Amiri"
        run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))
    paragraph.add_run()._r.append(OxmlElement("w:drawing"))
    paragraph.add_run().add_break()
    paragraph.add_run(TWO).bold = True
    cells = document.add_table(1, 2).rows[0].cells
    cells[0].text, cells[1].text = ONE, "120"
    document.sections[0].header.paragraphs[0].text = ONE
    document.add_comment(document.add_paragraph("English stays.").runs, ONE)
    document.save(out)
    return out.getvalue()


def test_a_word_document_keeps_its_looks(send):
    source = formatted()
    made = send("a.docx", source)
    assert blocks(made, read_docx) == [OTHER, f"{ENGLISH}\n{OTHER}", f"{ENGLISH}\t120", "English stays."]
    document = docx.Document(io.BytesIO(made))
    looks: dict[tuple, str] = {}
    for run in document.paragraphs[1].runs:
        looks[run.bold, run.font.name] = looks.get((run.bold, run.font.name), "") + run.text.strip("\n")
    assert looks == {(None, "Amiri"): ENGLISH, (True, None): OTHER} | {look: "" for look in looks if not looks[look]}
    xml = document.element.xml
    assert xml.count("<w:drawing/>") == 1 and "<w:bidi/>" not in xml and "<w:rtl/>" not in xml
    assert document.sections[0].header.paragraphs[0].text == ENGLISH
    assert [comment.text for comment in document.comments] == [ENGLISH]
    with zipfile.ZipFile(io.BytesIO(source)) as before, zipfile.ZipFile(io.BytesIO(made)) as after:
        assert before.namelist() == after.namelist()
        assert before.read("docProps/core.xml") == after.read("docProps/core.xml")


@pytest.mark.parametrize("name", ["moveTo", "fldSimple", "ins", "smartTag"])
def test_words_in_what_stands_round_runs_are_translated_too(send, name):
    document, out = docx.Document(), io.BytesIO()
    paragraph = document.add_paragraph()
    round_them = OxmlElement(f"w:{name}")
    round_them.append(paragraph.add_run(ONE[10:])._r)
    paragraph.add_run(ONE[:10])
    paragraph._p.append(round_them)
    document.save(out)
    assert blocks(send("a.docx", out.getvalue()), read_docx) == [ENGLISH]


def test_a_picture_may_be_larger_than_texts_are(send, app):
    source = formatted()
    with zipfile.ZipFile(held := io.BytesIO(source), "a") as archive:
        archive.writestr("word/media/image1.png", bytes(app.config["MAX_CONTENT_LENGTH"]))
    assert blocks(send("a.docx", held.getvalue()), read_docx)[0] == OTHER


def test_an_opendocument_text_keeps_its_spans(send):
    body = f'<text:p>{ONE}<text:line-break/><text:span text:style-name="B">{TWO}</text:span></text:p>'
    made = send("a.odt", files.odt(body=body, title=TWO))
    assert blocks(made, read_odt) == [OTHER, f"{ENGLISH}\n{OTHER}"]
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert f'<text:span text:style-name="B">{OTHER}</text:span>' in archive.read("content.xml").decode()


def test_subtitles_keep_cues_and_times(send):
    cut = ONE.index(" ", len(ONE) // 2)
    source = (
        f"1\n00:00:01,000 --> 00:00:02,000\n{ONE[:cut]}\n\n2\n00:00:02,100 --> 00:00:03,000\n<i>{ONE[cut + 1 :]}</i>\n"
    )
    made = send("a.srt", source.encode("cp1256")).decode()
    lines = made.split("\n")
    assert [lines[n] for n in (0, 1, 4, 5)] == [source.split("\n")[n] for n in (0, 1, 4, 5)]
    assert f"{lines[2]} {lines[6]}".replace("<i>", "").replace("</i>", "") == ENGLISH and lines[6].startswith("<i>")
    persian = "1\n00:00:01,000 --> 00:00:02,000\nرئیس جمهور ایران گفت که این کشور باید از حقوق خود دفاع کند\n"
    assert send("b.srt", persian.encode(), "auto").decode() == persian


WRONG = [
    ("a.docx", b"x", "is no .docx file"),
    ("a.odt", files.packed({"a": "b"}), "there is no content.xml"),
    ("a.srt", ONE.encode(), "holds no cue"),
    ("a.vtt", b"\0\0", "NUL"),
    ("a.txt", bytes(range(3)) * 50, "save it as UTF-8"),
    ("a.pdf", b"%PDF", "choose .txt, .html, .htm, .docx, .odt, .srt, .vtt"),
    ("a.docx", files.word("س" * 200_001), "exceeds text limit"),
]


@pytest.mark.parametrize(("name", "data", "told"), WRONG, ids=[told for *_, told in WRONG])
def test_what_cannot_be_translated_is_told(send, name, data, told):
    assert told in send(name, data)
