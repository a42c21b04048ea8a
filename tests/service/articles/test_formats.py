"""What is easily lost in documents, letters, books and tables: it comes out, or is told."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from pathlib import Path

import docx
import openpyxl
import pytest

from models.types import Document
from service.articles.readers import Failure, Fields, read_data
from tests import files
from tests.files import MORE, NEWS, TITLE

SHARED = Path(__file__).parents[4] / "shared" / "cases" / "public-faults.jsonl"


def read(name: str, data: bytes) -> tuple[list[Document | Failure], list[str]]:
    """(what came out, what was told)."""
    notes: list[str] = []
    return list(read_data(name, data, Fields(), None, lambda _, told: notes.append(told))), notes


def test_a_pdfs_heads_and_feet_are_left_out_and_its_scanned_pages_told():
    pages = [["وكالة الأنباء", f"{n} {NEWS}", f"صفحة {n}"] for n in range(1, 5)]
    (found,), notes = read("a.pdf", files.pdf(*pages, []))
    assert found.text.split("\n\n") == [f"{n} {NEWS}" for n in range(1, 5)]
    assert notes == [
        "of 5 pages these have no text (scanned?): 5",
        "left out, because they head or foot its pages: صفحة #; وكالة الأنباء",
    ]


@pytest.mark.parametrize("visual", [True, False])
@pytest.mark.parametrize("mirrored", [True, False])
def test_signs_that_run_both_ways_in_a_pdf(visual, mirrored):
    lines = ["بلغت النسبة 3.7 و(1,250) طنا.", "قالت شركة Acme Ltd إنها «ستوظف» 50 مهندسا!", "Acme Ltd 2026"]
    swapped = str.maketrans("()«»", ")(»«") if mirrored else {}
    held = [line if line.isascii() else line.translate(swapped) for line in lines]
    (found,), _ = read("a.pdf", files.pdf(held, visual=visual))
    assert found.text.split("\n\n") == lines


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("chromium"), reason="chromium prints it")
def test_a_pdf_that_a_browser_printed(tmp_path):
    rows = "<tr><td>المدينة<td>القتلى<td>الجرحى<tr><td>حماة<td>4<td>17"
    body = f"<h1>{TITLE}</h1><p>{NEWS}</p><p>قالت Acme Ltd إن ٤٥ شخصا (منهم ١٢ طفلا) بنسبة 3.7%.</p>"
    body += f"<table>{rows}</table>"
    (tmp_path / "a.html").write_text(f'<html dir="rtl"><meta charset="utf-8">{body}', encoding="utf-8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command += [f"--print-to-pdf={tmp_path / 'a.pdf'}", f"--user-data-dir={tmp_path / 'profile'}", tmp_path / "a.html"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    (found,), _ = read("a.pdf", (tmp_path / "a.pdf").read_bytes())
    told = " ".join(found.text.split())
    assert f"{TITLE} {NEWS} قالت Acme Ltd إن ٤٥ شخصا (منهم ١٢ طفلا) بنسبة 3.7%." in told
    assert "المدينة القتلى الجرحى حماة 4 17" in told


def test_an_opendocument_texts_tables_boxes_and_notes():
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    body = f"<table:table><table:table-row>{cell.format('حماة')}{cell.format(12)}</table:table-row></table:table>"
    body += f"<text:p>{NEWS}<text:note><text:p>حاشية</text:p></text:note>"
    body += f"<draw:frame><draw:text-box><text:p>{MORE}</text:p></draw:text-box></draw:frame></text:p>"
    body += "<text:p>أ<text:s text:c='2'/>ب<text:tab/>ج<text:line-break/>د</text:p>"
    (found,), notes = read("a.odt", files.odt(body=body))
    assert found.text.split("\n\n") == ["حماة\t12", NEWS, MORE, "أ  ب\tج\nد"]
    assert notes == ["its footnotes are not read"]


def test_a_word_documents_head_is_told():
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph(NEWS)
    document.sections[0].header.paragraphs[0].text = "سري"
    document.save(out)
    (found,), notes = read("a.docx", out.getvalue())
    assert found.text == NEWS and notes == ["its headers and footers are not read"]


def test_rich_texts_tables_are_rows():
    rows = rb"\trowd\intbl " + b"".join(files.rtf(word)[-40:-1].rpartition(b"\\f0 ")[2] + rb"\cell " for word in "أب")
    (found,), _ = read("a.rtf", files.rtf(NEWS)[:-1] + rb"\par " + rows + rb"\row }")
    assert found.text.split("\n\n") == [NEWS, "أ\tب"]


def test_a_letter_in_html_of_an_undeclared_encoding():
    head = "Subject: =?windows-1256?B?zsjRIMzP7c8=?=\nContent-Type: text/html\nContent-Transfer-Encoding: 8bit\n\n"
    (found,), notes = read("a.eml", head.encode() + f"<p>{NEWS}</p><p>{MORE}</p>".encode("cp1256"))
    assert (found.title, found.text) == ("خبر جديد", f"{NEWS}\n\n{MORE}")
    assert notes == ["read as Windows-1256 (a guess)"]


def test_sheets_without_the_column_are_told():
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["id", "text", "title"])
    for row in ([7, NEWS, TITLE], [None, None, None], [8.5, MORE, None], ["x", 5, None]):
        book.active.append(row)
    book.create_sheet("ملاحظات").append(["note"])
    book.save(out)
    items, notes = read("a.xlsx", out.getvalue())
    assert items[0] == Document("7", NEWS, TITLE)
    assert [(item.where, item.reason.partition(";")[0]) for item in items[1:]] == [
        ("a.xlsx:Sheet:4", "the field 'id' is neither text nor a whole number"),
        ("a.xlsx:Sheet:5", "the field 'text' holds a value of type float, not text"),
    ]
    assert notes == ["sheets without a column 'text' are not read: ملاحظات"]


def test_letters_that_lost_a_byte_stay_as_they_are():
    broken = NEWS.encode().decode("cp1256").replace("ظˆ", "ظ?", 1)
    (found,), notes = read("a.txt", broken.encode())
    assert found.text == broken and not notes


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/cases is not here")
def test_the_shared_cases_that_name_files():
    case = {one["id"]: one["input"] for one in map(json.loads, SHARED.read_text(encoding="utf-8").splitlines())}
    page = case["c23-cp1256-and-wrong-meta"]
    bare = page.replace('<meta charset="windows-1256">', "")
    told = [read("a.html", data) for data in (page.encode("cp1256"), bare.encode("cp1256"), page.encode())]
    assert len({found.text for (found,), _ in told}) == 1 and [bool(notes) for _, notes in told] == [False, True, False]
    (found,), _ = read("a.html", case["c28-boilerplate"].encode())
    assert "25" in found.text and not any(word in found.text for word in ("قطار", "أرشيفية", "واتساب", "محفوظة"))
    for data in (
        case["c40-subtitles"].encode(),
        case["c40-subtitles"].translate({0x202B: None, 0x202C: None}).encode("cp1256"),
    ):
        (found,), _ = read("film.srt", data)
        assert len(found.text.split("\n\n")) == 3 and "-->" not in found.text and "<" not in found.text
    (found,), _ = read("a.html", case["c22-html-entities-nbsp"].encode())
    assert found.title and "&" in found.text and "nbsp" not in found.text
