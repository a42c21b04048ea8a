"""Every format and encoding round-trips; what is broken is told by its place, and stops nothing."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import os
import sys
from pathlib import Path

import docx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from models.errors import InputError
from models.types import Document
from service.articles.readers import Fields, Source, count, find_sources, read
from tests.conftest import article
from tests.files import word
from tests.processes import python

PAGES = Path(__file__).parents[2] / "data" / "pages"
PLAIN = str.maketrans("٠١٢٣٤٥٦٧٨٩٪٬٫", "0123456789%,.")  # Windows-1256 has no Arabic-Indic digits
ARTICLES = [(f"خبر {n}", *(part.translate(PLAIN) for part in article(n))) for n in ("03", "05", "12")]
ENCODINGS = {
    "utf-8": lambda text: text.encode(),
    "utf-8 marked": lambda text: text.encode("utf-8-sig"),
    "utf-16 marked": lambda text: text.encode("utf-16"),
    "utf-16-be marked": lambda text: ("\ufeff" + text).encode("utf-16-be"),
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "windows-1256": lambda text: text.encode("windows-1256"),
}
TEXTS = (".txt", ".md", ".html", ".htm", ".json", ".jsonl", ".ndjson", ".csv", ".tsv")
GUESSED = {"utf-16-le": "UTF-16-LE", "utf-16-be": "UTF-16-BE", "windows-1256": "Windows-1256"}


def read_all(*paths, fields=None, encoding=None, leave_out=(), exact=True):
    """(what came out, {file: [notes]}); the count for the progress bar must be right as well."""
    sources, failures = find_sources(paths, leave_out)
    notes: dict[str, list[str]] = {}
    fields = fields or Fields()
    items = list(read(sources, fields, encoding, lambda where, text: notes.setdefault(where, []).append(text)))
    counted = count(sources, fields, encoding)
    assert counted == len(items) if exact else abs(counted - len(items)) < 10
    return failures + items, notes


def jsonl(rows) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def table(rows, delimiter=",", end="\r\n") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def parquet(columns, **options) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, **options)
    return out.getvalue()


def page(title: str, body: str) -> str:
    paragraphs = "".join(f"<p>{html.escape(p)}</p>" for p in body.split("\n\n"))
    body = f"<body><article><h1>{title}</h1>{paragraphs}</article></body>"
    return f"<html><head><title>{title}</title></head>{body}</html>"


def written(suffix: str) -> str:
    """All of ARTICLES, or the first, as the text of a file."""
    rows = [{"id": key, "title": title, "text": body} for key, title, body in ARTICLES]
    cells = [("title", "id", "text"), *((title, key, body) for key, title, body in ARTICLES)]
    return {
        ".txt": ARTICLES[0][2],
        ".html": page(*ARTICLES[0][1:]),
        ".htm": page(*ARTICLES[0][1:]),
        ".md": f"# {ARTICLES[0][1]}\n\n{ARTICLES[0][2]}",
        ".json": json.dumps(rows, ensure_ascii=False),
        ".jsonl": jsonl(rows),
        ".ndjson": jsonl(rows).rstrip("\n"),
        ".csv": table(cells),
        ".tsv": table(cells, "\t", "\n"),
    }[suffix]


def expected(suffix: str, name: str) -> list[Document]:
    if suffix == ".txt":
        return [Document(name, ARTICLES[0][2])]
    if suffix in (".html", ".htm", ".docx", ".md"):
        return [Document(name, ARTICLES[0][2], ARTICLES[0][1])]
    return [Document(key, body, title) for key, title, body in ARTICLES]


@pytest.mark.parametrize("packed", ["", ".gz"])
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("suffix", TEXTS)
def test_text_formats_in_every_encoding(suffix, encoding, packed, tmp_path):
    path = tmp_path / f"مقال{suffix}{packed}"
    data = ENCODINGS[encoding](written(suffix))
    path.write_bytes(gzip.compress(data) if packed else data)
    items, notes = read_all(path)
    assert items == expected(suffix, path.name)
    assert notes == ({path.name: [f"read as {GUESSED[encoding]} (a guess)"]} if encoding in GUESSED else {})


@pytest.mark.parametrize("packed", ["", ".gz"])
@pytest.mark.parametrize("suffix", [".docx", ".parquet"])
def test_packed_formats(suffix, packed, tmp_path):
    columns = dict(zip(("id", "title", "text"), map(list, zip(*ARTICLES, strict=True)), strict=True))
    _, title, body = ARTICLES[0]
    data = word(*body.split("\n\n"), title=title) if suffix == ".docx" else parquet(columns, row_group_size=2)
    path = tmp_path / f"مقال{suffix}{packed}"
    path.write_bytes(gzip.compress(data) if packed else data)
    assert read_all(path) == (expected(suffix, path.name), {})


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.txt")), ids=lambda path: path.stem)
def test_pages_give_their_article_and_nothing_else(path):
    (found,), notes = read_all(path.with_suffix(".html"))
    assert f"{found.title}\n\n{found.text}\n" == path.read_text(encoding="utf-8") and not notes
    addresses = {"news-site": "https://aldiffa.example/news/bridge-2291", "blog": "https://ahyaa.example/library-day/"}
    assert found.url == addresses.get(path.stem)


def test_line_ends_ids_and_fields_of_ones_own(tmp_path):
    text = "وصلت القافلة.\r\nثم عادت.\rوانتهى\u2028الأمر.\n"
    (tmp_path / "a.txt").write_bytes(text.encode())
    rows = [{"body": text, "key": 7}, {"body": text}, {"body": text, "key": "x", "head": "عنوان"}]
    (tmp_path / "b.jsonl").write_bytes(("\n" + jsonl(rows).replace("\n", "\r\n\r\n")).encode())
    (tmp_path / "c.csv").write_bytes(table([("key", "body"), ("", text), ("9", text)]).encode())
    (tmp_path / "d.parquet").write_bytes(parquet({"body": [text, text], "key": [None, 12], "other": [1.5, 2.5]}))
    items, _ = read_all(tmp_path, fields=Fields("body", "key", "head"))
    assert {item.text for item in items} == {text}
    assert [item.id for item in items] == "a.txt 7 b.jsonl:4 x c.csv:2 9 d.parquet:1 12".split()
    assert [item.title for item in items if item.title] == ["عنوان"]


def test_tables_with_other_delimiters_say_so(tmp_path):
    for name, delimiter in (("a.csv", ";"), ("b.csv", "\t"), ("c.csv", ",")):
        (tmp_path / name).write_text(table([("id", " text "), (name, 'قال: "نعم"؛ و,;\t')], delimiter), "utf-8-sig")
    items, notes = read_all(tmp_path)
    assert [(item.id, item.text) for item in items] == [(n, 'قال: "نعم"؛ و,;\t') for n in ("a.csv", "b.csv", "c.csv")]
    assert notes == {"a.csv": ["read with ';' between the columns"], "b.csv": ["read with tabs between the columns"]}


def test_an_article_of_a_million_characters(tmp_path):
    text = "وصلت القافلة إلى المدينة صباح اليوم.\n" * 30_000
    (tmp_path / "a.csv").write_text(table([("text",), (text,)], end="\n"), encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(jsonl([{"text": text}]), encoding="utf-8")
    assert [item.text for item in read_all(tmp_path)[0]] == [text, text]


def test_word_documents_lose_no_text(tmp_path):
    document = docx.Document()
    document.add_heading("عنوان الوثيقة", 1)
    first = document.add_paragraph("قبل ")
    inserted = "<w:ins {0}><w:r><w:t>المضاف</w:t></w:r></w:ins>"
    deleted = "<w:del {0}><w:r><w:delText>المحذوف</w:delText></w:r></w:del>"
    box = "<w:r {0}><w:pict><w:txbxContent><w:p><w:r><w:t>في إطار</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    control = (
        "<w:sdt {0}><w:sdtContent><w:p><w:r><w:t>حقل</w:t><w:br/><w:t>نموذج</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )

    def parsed(xml):
        return docx.oxml.parse_xml(xml.format(docx.oxml.ns.nsdecls("w")))

    for xml in (inserted, deleted, box):
        first._p.append(parsed(xml))
    cells = document.add_table(3, 2)
    for place, text in zip(((0, 0), (0, 1), (1, 0), (1, 1)), ("المدينة", "الأسر", "حلب", "120"), strict=True):
        cells.cell(*place).text = text
    cells.cell(2, 0).text = "فقرة أولى\nتتمة"
    cells.cell(2, 0).add_paragraph("فقرة ثانية")
    cells.cell(2, 1).add_table(1, 2).cell(0, 0).text = "داخلي"
    document.element.body.insert(-1, parsed(control))
    document.add_paragraph("ختام\tالوثيقة")._p.append(parsed('<w:r {}><w:footnoteReference w:id="1"/></w:r>'))
    document.save(tmp_path / "a.docx")
    (found,), notes = read_all(tmp_path / "a.docx")
    assert found.title == "عنوان الوثيقة" and notes == {"a.docx": ["its footnotes are not read"]}
    assert found.text.split("\n\n") == [
        *("قبل المضاف", "في إطار", "المدينة\tالأسر", "حلب\t120", "فقرة أولى\nتتمة", "فقرة ثانية", "داخلي"),
        *("حقل\nنموذج", "ختام\tالوثيقة"),
    ]


def test_an_encoding_that_was_asked_for(tmp_path):
    for name, text in (("a.txt", "لم يكن القرار سهلا."), ("b.jsonl", jsonl([{"text": "لم يكن القرار سهلا."}]))):
        (tmp_path / name).write_bytes(text.encode("iso-8859-6"))
    items, notes = read_all(tmp_path, encoding="iso-8859-6")
    assert [item.text for item in items] == ["لم يكن القرار سهلا."] * 2 and not notes
    refused, _ = read_all(tmp_path)
    assert [item.where for item in refused] == ["a.txt", "b.jsonl"]
    assert all("--encoding (iso-8859-6 or mac_arabic?)" in item.reason for item in refused)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_standard_input(pack, tmp_path):
    code = (
        "from pathlib import Path; from service.articles.readers import *; "
        "sources, _ = find_sources([Path('-'), Path('-')]);"
        "print(count(sources), *(getattr(i, 'id', None) or i.where for i in read(sources, Fields(), None, print)))"
    )
    data = pack((jsonl([{"text": "وصلت القافلة."}, {"text": "عادت.", "id": "x"}]) + "{\n").encode())
    done = python("-c", code, input=data, text=False, check=True)
    assert done.stdout.decode().split() == ["0", "-:1", "x", "-:3"]


def test_folders_through_links_once_sorted_and_names_that_stay_apart(tmp_path):
    for name in (
        "a/b.txt",
        "a/B/a.JSONL.GZ",
        "a/.txt",
        "a/c.PNG",
        "a/~$b.docx",
        "a/d.doc",
        "d/same.txt",
        "a/same.txt",
        "a/قافلة أولى.htm",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "a" / "link").symlink_to(tmp_path / "d")
    (tmp_path / "a" / "loop").symlink_to(tmp_path / "a")
    (tmp_path / "a" / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"")
    sources, failures = find_sources([tmp_path / "a"])
    names = [source.name for source in sources]
    wanted = ["B/a.JSONL.GZ", "b.txt", "caf\\xe9.txt", "link/same.txt", "same.txt", "قافلة أولى.htm"]
    assert [(failure.where, failure.reason) for failure in failures if failure.passed_over] == [
        (".txt", "is of no kind that is read here (no suffix)"),
        ("c.PNG", "is of no kind that is read here (.png)"),
        ("d.doc", "is of no kind that is read here (.doc); save it as .docx"),
        ("~$b.docx", "is what another program keeps for itself"),
    ]
    assert len(failures) == 4 and sorted(names) == sorted(wanted)
    assert [source.path for source in sources] == sorted(source.path for source in sources)
    both, _ = find_sources([tmp_path / "a", tmp_path / "d", tmp_path / "a" / "b.txt"])
    assert len(both) == len(sources) + 1 == len({source.name for source in both})


def test_what_a_run_writes_is_not_read(tmp_path):
    for name in ("a.txt", "out.jsonl", "out.jsonl.failed.jsonl", "briefs/a.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    out = [tmp_path / "briefs" / ".." / "out.jsonl", tmp_path / "out.jsonl.failed.jsonl", tmp_path / "briefs"]
    sources, _ = find_sources([tmp_path], leave_out=out)
    assert sources == [Source(tmp_path / "a.txt", "a.txt")]
    with pytest.raises(InputError, match="is what this run writes"):
        find_sources([tmp_path / "out.jsonl"], leave_out=out)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("none.txt", "does not exist"),
        ("a.png", r"choose \.txt, .*\.parquet, .* \(each also with \.gz\) or a folder"),
        ("empty", "holds no"),
    ],
)
def test_inputs_that_cannot_be_used(name, told, tmp_path):
    (tmp_path / "a.png").write_bytes(b"")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=told):
        find_sources([tmp_path / name])


@pytest.mark.parametrize(("suffix", "library"), [(".parquet", "pyarrow")])
def test_a_library_that_is_missing(suffix, library, tmp_path, monkeypatch):
    (tmp_path / f"a{suffix}").write_bytes(b"")
    (tmp_path / "b.txt").write_text("وصلت القافلة.")
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(InputError, match=f"{library}; pip install -r requirements/batch.txt"):
        find_sources([tmp_path])
    assert read_all(tmp_path / "b.txt")[0][0].id == "b.txt"


MEASURE = """
import re, sys
from pathlib import Path
from service.articles.readers import Fields, count, find_sources, read
for path in sys.argv[1:]:
    sources, _ = find_sources([Path(path)])
    items = sum(1 for item in read(sources, Fields(), None, print) if len(item.text) > 1000)
    peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]  # ru_maxrss would be our own peak
    print(items, count(sources), int(peak) // 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the peak memory from /proc")
@pytest.mark.parametrize("suffix", [".jsonl.gz", ".csv", ".parquet"])
def test_memory_stays_flat(suffix, tmp_path):
    """A file of 40 MB takes the memory that one of 2 MB takes, also where it is one row group or one gzip."""
    text = ARTICLES[0][2] * 4
    paths = []
    for articles in (500, 10_000):
        rows = [f"{number} {text}" for number in range(articles)]
        path = tmp_path / f"{articles}{suffix}"
        if suffix == ".csv":
            path.write_text(table([("text",), *((row,) for row in rows)]), encoding="utf-8")
        elif suffix == ".parquet":
            path.write_bytes(parquet({"text": rows}, compression="none", use_dictionary=False, row_group_size=articles))
        else:
            path.write_bytes(gzip.compress(jsonl({"text": row} for row in rows).encode(), 1))
        paths.append(path)
    done = python("-c", MEASURE, *paths)
    assert done.returncode == 0, done.stderr
    (*few, before), (*many, after) = ([int(word) for word in line.split()] for line in done.stdout.splitlines())
    assert (few, many) == ([500] * 2, [10_000] * 2)
    print(f"{suffix}: {before} MiB, then {after} MiB")
    assert after < before + 24  # pyarrow takes some 15 for its buffers, whatever the file
