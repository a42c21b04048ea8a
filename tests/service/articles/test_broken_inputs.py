"""Broken inputs, all in one folder: each is told by its file and line, and the good articles among them come out."""

from __future__ import annotations

import gzip
import io
import os
import random
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from service.articles.readers import Failure
from tests.service.articles.test_readers import jsonl, page, parquet, read_all, table, word

NEWS = "وصلت القافلة إلى المدينة صباح اليوم، وقالت المنسقة إن الطرق ما زالت خطرة."
LINE = jsonl([{"text": NEWS}])
MANY = gzip.compress("".join(jsonl([{"text": f"{n} {random.Random(n).random()} {NEWS}"}]) for n in range(300)).encode())
TABLE = parquet({"text": [NEWS] * 4, "id": list("abcd")}, row_group_size=2, compression="none")
HALF = zlib.decompressobj(31).decompress(MANY[: len(MANY) // 2]).count(b"\n") + 1  # the line in which half of MANY ends
TABLE_SUMMED = parquet(
    {"text": [f"{n} {NEWS}" for n in range(4)], "id": list("stuv")},
    row_group_size=2,
    compression="none",
    use_dictionary=False,
    write_page_checksum=True,
    write_statistics=False,
)
NOISE = random.Random(1).randbytes(4000)


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


def holed(data: bytes, at: int) -> bytes:
    return data[:at] + bytes(40) + data[at + 40 :]


# (name, what it holds, what comes out: a number is the line or row of a good article, None a good file, and
# (line or row or None, reason) what is broken)
GOLDEN = [
    ("txt-empty.txt", b"", [(None, "is empty")]),
    ("txt-blank.txt", b" \n\t\n", [(None, "holds no text")]),
    ("txt-image.txt", b"\x89PNG\r\n\x1a\n" + NOISE, [(None, "is not UTF-8 (byte 0)")]),
    ("txt-noise.txt", NOISE, [(None, "no likely Arabic")]),
    ("txt-nul.txt", b"abc\0def", [(None, "NUL")]),
    ("txt-half-letter.txt", NEWS[:-1].encode()[:-1], [(None, f"is not UTF-8 (byte {len(NEWS[:-2].encode())})")]),
    ("txt-surrogate.txt", NEWS.encode() + b"\xed\xa0\x80", [(None, f"is not UTF-8 (byte {len(NEWS.encode())})")]),
    ("txt-odd-utf16.txt", NEWS.encode("utf-16")[:-1], [(None, f"is not UTF-16-LE (byte {2 * len(NEWS)})")]),
    ("txt-short-1256.txt", "نعم".encode("cp1256"), [(None, "--encoding")]),
    ("txt-greek.txt", "Η κυβέρνηση ανακοίνωσε την έναρξη".encode("cp1253"), [(None, "no likely Arabic")]),
    ("gz-no-gzip.txt.gz", NEWS.encode(), [(None, "is no gzip")]),
    ("gz-empty.txt.gz", b"", [(None, "is empty")]),
    ("gz-cut.txt.gz", gzip.compress(NEWS.encode())[:-12], [(None, "the gzipped file is cut off")]),
    ("gz-wrong-sum.txt.gz", gzip.compress(NEWS.encode())[:-8] + b"\0" * 8, [(None, "CRC check failed")]),
    ("gz-cut.jsonl.gz", MANY[: len(MANY) // 2], [*range(1, HALF), (HALF, "the gzipped file is cut off")]),
    ("gz-damaged.jsonl.gz", MANY[:10] + b"\xff" + MANY[11:], [(1, "the gzipped file is damaged, perhaps before")]),
    ("gz-rest.jsonl.gz", gzip.compress(LINE.encode()) + b"rest", [1, (2, "is no gzip, or damaged")]),
    ("gz-cut.csv.gz", gzip.compress(table([("text",), (NEWS,)]).encode())[:-9], [2, (3, "is cut off")]),
    ("jsonl-empty.jsonl", b"\n\n", [(None, "holds no article")]),
    ("jsonl-bad-line.jsonl", (LINE + "{broken\n" + LINE).encode(), [1, (2, "is not JSON: Expecting property"), 3]),
    ("jsonl-cut.jsonl", (LINE + LINE[:-9]).encode(), [1, (2, "is not JSON: Unterminated string")]),
    ("jsonl-array.jsonl", f'["{NEWS}"]\n{LINE}'.encode(), [(1, "is not a JSON object"), 2]),
    ("jsonl-number.jsonl", f"12\n{LINE}".encode(), [(1, "is not a JSON object"), 2]),
    ("jsonl-deep.jsonl", (("[" * 99_999) + "\n" + LINE).encode(), [(1, "nested too deeply"), 2]),
    (
        "jsonl-fields.jsonl",
        (
            jsonl([{"body": NEWS}, {"text": 7}, {"text": None}, {"text": "  "}, {"text": NEWS, "id": [1]}]) + LINE
        ).encode(),
        [
            (1, "has no field 'text' (found: body); see --text-field"),
            (2, "the field 'text' holds a value of type int, not text"),
            (3, "the field 'text' holds nothing"),
            (4, "the field 'text' is empty"),
            (5, "the field 'id' is neither text nor a whole number; see --id-field"),
            6,
        ],
    ),
    ("jsonl-title.jsonl", jsonl([{"text": NEWS, "title": 7}]).encode(), [(1, "see --title-field")]),
    ("jsonl-huge-id.jsonl", b'{"text": "x", "id": ' + b"9" * 5000 + b"}\n" + LINE.encode(), [(1, "is not JSON: "), 2]),
    ("jsonl-escape.jsonl", b'{"text": "\\ud800 x"}\n' + LINE.encode(), [(1, "half of a surrogate pair at char"), 2]),
    ("jsonl-mixed.jsonl", LINE.encode() + LINE.encode("cp1256") + LINE.encode(), [1, (2, "is not UTF-8 (byte 10"), 3]),
    ("jsonl-nul.jsonl", LINE.encode() + b"\0\n" + LINE.encode(), [1, (2, "has a NUL character"), 3]),
    ("jsonl-odd-utf16.jsonl", (LINE * 2).encode("utf-16")[:-1], [1, (2, "its UTF-16-LE ends in mid-character")]),
    ("jsonl-noise.jsonl", NOISE, [(None, "no likely Arabic")]),
    (
        "csv-ragged.csv",
        table([("id", "text"), ("", NEWS), (1,), (1, 2, 3), ("x", f"{NEWS}\n{NEWS}", 9), ("", NEWS)]).encode(),
        [
            2,
            (3, "has 1 columns; the line of names has 2"),
            (4, "has 3 columns; the line of names has 2"),
            (5, "has 3 columns, down to line 6; the line of names has 2"),
            7,
        ],
    ),
    ("csv-no-names.csv", table([("1", NEWS)] * 2).encode(), [(1, f"has no column 'text' (found: 1, {NEWS})")]),
    ("csv-other-names.csv", table([("id", "body")]).encode(), [(1, "found: id, body); see --text-field")]),
    ("csv-names-only.csv", b"id,text\n", [(None, "holds no article")]),
    ("csv-twice.csv", table([("text", "text"), (NEWS, NEWS)]).encode(), [(1, "has the column 'text' twice")]),
    ("csv-empty.csv", b"", [(None, "holds no article")]),
    ("csv-open-quote.csv", f'text\n"{NEWS}\n{NEWS}\n{NEWS}\n'.encode(), [(2, "no row: unexpected end"), 3, 4]),
    ("csv-stray-quote.csv", f'text\n"{NEWS}" x\n{NEWS}\n'.encode(), [(2, "no row: ',' expected after"), 3]),
    ("csv-nul.csv", f"text\n{NEWS}\na\0b\n{NEWS}\n".encode(), [2, (3, "has a NUL character"), 4]),
    ("csv-bad-byte.csv", b"text\n\xff\n" + NEWS.encode(), [(2, "is not UTF-8 (byte 0 of the line)"), 3]),
    (
        "csv-bad-in-row.csv",
        f'text\n"{NEWS}\n'.encode() + b'\xff"\n' + NEWS.encode(),
        [(2, "not complete"), (3, "byte 0"), 4],
    ),
    (
        "csv-empty-text.csv",
        table([("id", "text"), (1, ""), ("", NEWS)]).encode(),
        [(2, "the field 'text' is empty"), 3],
    ),
    ("tsv-commas.tsv", f"id,text\n1,{NEWS}\n".encode(), [(1, "found: id,text)")]),
    ("pq-empty.parquet", b"", [(None, "is not Parquet, or a damaged file")]),
    ("pq-cut.parquet", TABLE[:-20], [(None, "is not Parquet, or a damaged file")]),
    ("pq-text.parquet", NEWS.encode(), [(None, "is not Parquet, or a damaged file")]),
    ("pq-cut.parquet.gz", gzip.compress(TABLE)[:-20], [(None, "the gzipped file is cut off")]),
    ("pq-damaged.parquet", holed(TABLE, 4), [(1, "this row and those to 2 cannot be read"), "c", "d"]),
    ("pq-footer.parquet", holed(TABLE, len(TABLE) - 60), [(None, "is not Parquet, or a damaged file")]),
    (
        "pq-sum.parquet",
        TABLE_SUMMED.replace("خطرة".encode(), "قطرة".encode(), 1),
        [(1, "those to 2 cannot be"), "u", "v"],
    ),
    ("pq-no-column.parquet", parquet({"body": [NEWS]}), [(None, "has no column 'text' (found: body)")]),
    ("pq-types.parquet", parquet({"text": [1, 2]}), [(1, "type int, not text"), (2, "type int, not text")]),
    ("pq-nulls.parquet", parquet({"text": [None, NEWS]}), [(1, "holds nothing, not text"), 2]),
    ("docx-text.docx", NEWS.encode(), [(None, "is no Word document")]),
    ("docx-zip.docx", zipped(a="b"), [(None, "is no Word document (.docx)")]),
    ("docx-cut.docx", word(NEWS)[:-30], [(None, "is no Word document")]),
    ("docx-damaged.docx", holed(word(NEWS), 3000), [(None, "is no Word document")]),
    ("docx-empty.docx", word(), [(None, "holds no text")]),
    ("html-empty.html", b"", [(None, "is empty")]),
    ("html-no-article.html", page("", "").encode(), [(None, "holds no article text")]),
    ("html-text.html", NEWS.encode(), [(None, "is no HTML")]),
    ("html-noise.html", NOISE, [(None, "no likely Arabic")]),
    ("html-cut-off.html", page("عنوان", NEWS).encode()[:-20], [None]),
    ("اسم فيه مسافات.txt", b"\xff\xfe\xff", [(None, "is not UTF-16-LE")]),
]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """{file: what came out of it} of all broken files read at once, with a good one before and after them."""
    folder = tmp_path_factory.mktemp("مدخلات معطوبة")
    for name, data in [("0.txt", NEWS.encode()), *((name, data) for name, data, _ in GOLDEN), ("ي.txt", NEWS.encode())]:
        (folder / name).write_bytes(data)
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    (folder / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"")
    os.mkfifo(folder / "pipe.jsonl")
    items, _ = read_all(folder, exact=False)
    found: dict[str, list] = {}
    for item in items:
        where = item.where if isinstance(item, Failure) else item.id
        name, _, line = where.rpartition(":") if where.rpartition(":")[2].isdigit() else (where, "", "")
        found.setdefault(name, []).append((int(line) if line else None, item))
    return found


@pytest.mark.parametrize(("name", "data", "expected"), GOLDEN, ids=[name for name, *_ in GOLDEN])
def test_it_is_told_where_and_why_and_the_rest_comes_out(name, data, expected, outcome):
    ids = [item for item in expected if isinstance(item, str)]
    assert [outcome.pop(key)[0][1].id for key in ids] == ids
    expected = [item for item in expected if not isinstance(item, str)]
    found = outcome[name]
    assert [line for line, _ in found] == [item[0] if isinstance(item, tuple) else item for item in expected]
    for (_, item), wanted in zip(found, expected, strict=True):
        if isinstance(wanted, tuple):
            assert isinstance(item, Failure) and wanted[1] in item.reason
        else:
            assert item.text.removeprefix(item.text[: item.text.index("و")]) == NEWS


def test_files_that_are_none(outcome):
    assert outcome["gone.txt"] == [(None, Failure("gone.txt", "cannot be read: No such file or directory"))]
    assert outcome["pipe.jsonl"] == [(None, Failure("pipe.jsonl", "cannot be read: it is no regular file"))]
    assert outcome["caf\\xe9.txt"] == [(None, Failure("caf\\xe9.txt", "is empty"))]


def test_the_good_ones_around_them_came_out(outcome):
    assert [outcome[name][0][1].text for name in ("0.txt", "ي.txt")] == [NEWS, NEWS]
    broken = sum(isinstance(item, Failure) for items in outcome.values() for _, item in items)
    print(f"{len(GOLDEN) + 3} broken files, {broken} failures told, each with its place")
    assert len(GOLDEN) + 3 >= 40 and broken >= 70


def test_a_hole_in_a_gzipped_file_leaves_what_stood_well_before_it(tmp_path):
    (tmp_path / "whole.jsonl.gz").write_bytes(MANY)
    (tmp_path / "holed.jsonl.gz").write_bytes(holed(MANY, len(MANY) // 2))
    (whole, _), (found, _) = read_all(tmp_path / "whole.jsonl.gz"), read_all(tmp_path / "holed.jsonl.gz", exact=False)
    sound = HALF - 4096 // len(LINE.encode()) - 3  # what is decompressed together with the hole is lost
    assert sound > 100 and found[:sound] == [replace(i, id=i.id.replace("whole", "holed")) for i in whole[:sound]]
    assert isinstance(found[-1], Failure) and "damaged, perhaps before this place too" in found[-1].reason


def test_what_is_larger_than_any_article(tmp_path):
    size = 33 * 2**20
    line, bomb = b" " * 999_999 + b"\n", io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("word/document.xml", b" " * 8 * size)
    for name, data in (
        ("a.txt.gz", b" " * size),
        ("b.jsonl.gz", LINE.encode() + b" " * 2 * size + b"x\n" + LINE.encode()),
        ("c.csv.gz", b'text\n"' + line * 34 + NEWS.encode()),
        ("d.docx.gz", bomb.getvalue()),
    ):
        (tmp_path / name).write_bytes(gzip.compress(data, 1))
    items, _ = read_all(tmp_path)
    told = [(i.where, i.reason) if isinstance(i, Failure) else (i.id, i.text) for i in items]
    assert told[:3] == [
        ("a.txt.gz", "is larger than 32 MiB: no single article"),
        ("b.jsonl.gz:1", NEWS),
        ("b.jsonl.gz:2", "has a line of more than 33,554,432 characters"),
    ]
    assert told[3:5] == [("b.jsonl.gz:3", NEWS), ("c.csv.gz:2", "no row: field larger than field limit (33554432)")]
    assert told[-2:] == [("c.csv.gz:36", NEWS), ("d.docx.gz", "is larger than 256 MiB, unpacked: no single article")]
    assert all(reason == "the field 'text' is empty" for _, reason in told[5:-2])


@contextmanager
def nobody():
    """Root may read everything: be someone else meanwhile."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_what_may_not_be_read():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        for path in ("a.txt", "shut.txt", "shut/b.txt", "z.txt"):
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_text(NEWS, encoding="utf-8")
        (folder / "shut.txt").chmod(0)
        (folder / "shut").chmod(0)
        with nobody():
            items, _ = read_all(folder)
        (folder / "shut").chmod(0o755)
    assert items[0] == Failure(f"{folder.as_posix()}/shut", "cannot be read: Permission denied")
    assert items[2] == Failure("shut.txt", "cannot be read: Permission denied")
    assert [item.id for item in items[1::2]] == ["a.txt", "z.txt"]
