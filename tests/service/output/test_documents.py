"""Briefs as Word documents: everything that the page says is in them, and Word can read it."""

from __future__ import annotations

import io

import docx
import pytest

from service.output.documents import document_of
from service.output.markdown import line_of
from service.output.remarks import notes, warning
from tests.outputs import stored
from tests.service.web.test_web import made_of_sample


def texts(data: bytes) -> list[str]:
    """Every paragraph, of tables too."""
    document = docx.Document(io.BytesIO(data))
    cells = [p.text for table in document.tables for row in table.rows for cell in row.cells for p in cell.paragraphs]
    return [*(p.text for p in document.paragraphs), *cells]


@pytest.mark.parametrize("record", stored()[:2], ids=lambda record: record["id"])
def test_all_that_is_said_of_a_translation_is_in_it(record):
    found = texts(document_of(record))
    sentences = record["translation"]["sentences"]
    for sentence in sentences:
        assert line_of(sentence["text"]) in found and line_of(sentence["source"]) in found
        assert all(any(line_of(words) in line for line in found) for words, _ in notes(sentence, marked=True))
    for statement in record["brief"]["sentences"]:
        numbers = "".join(f" [{source + 1}]" for source in statement["sources"])
        assert line_of(statement["text"]) + numbers in found
    assert f"Machine translation. {line_of(warning(record['model']['warning']))}" in found
    assert any(record["signature"] in line for line in found)


def test_without_the_arabic_it_is_not_in_it():
    record = stored()[0]
    found = texts(document_of(record, arabic=False))
    assert line_of(record["translation"]["sentences"][0]["text"]) in found
    assert line_of(record["title"]["source"]) in found, "which article it is of"
    assert not any(line_of(sentence["source"]) in found for sentence in record["translation"]["sentences"][1:])


def test_arabic_runs_from_right_to_left_and_what_xml_cannot_hold_is_shown():
    record = stored()[0]
    record["title"] = {**record["title"], "text": "A\0\u202eB", "words": []}
    data = document_of(record)
    assert texts(data)[0] == "A[U+0000][U+202E]B"
    (source, *_) = [
        p for p in docx.Document(io.BytesIO(data)).paragraphs if p.text == line_of(record["title"]["source"])
    ]
    assert "<w:bidi/>" in source._p.xml and "<w:rtl/>" in source._p.xml


def test_a_stored_brief_comes_in_each_form(client):
    address = made_of_sample(client)
    record = client.get(f"/api/v1{address}").json
    page = client.get(address).text
    for form, kind in (("docx", "officedocument"), ("md", "text/markdown"), ("json", "application/json")):
        answer = client.get(f"{address}.{form}")
        assert answer.status_code == 200 and kind in answer.mimetype
        assert answer.headers["Content-Disposition"] == f"attachment; filename=mujaz-{record['id']}.{form}"
        assert form == "json" or f"{address}.{form}" in page
    assert client.get(f"{address}.json").json == record
    assert (
        client.get(f"{address}.md").text.startswith("# ") and record["created_at"] in client.get(f"{address}.md").text
    )
    arabic = line_of(record["translation"]["sentences"][-1]["source"])
    assert arabic in texts(client.get(f"{address}.docx").data)
    assert arabic not in texts(client.get(f"{address}.docx?only=english").data)
    assert client.get("/briefs/none.docx").status_code == client.get(f"{address}.exe").status_code == 404
