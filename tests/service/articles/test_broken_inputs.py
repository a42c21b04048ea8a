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
from tests.conftest import cases, repeated
from tests.service.articles.test_readers import jsonl, parquet, read_all, table, word

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
WORD = word(NEWS)
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
# (line or row or None, reason) what is broken); those that can be written as text are in the file
GOLDEN = [
    *(
        (name, repeated(parts).replace("NEWS", NEWS).encode(encoding), expected)
        for name, expected, encoding, *parts in cases("broken-inputs")
    ),
    ("txt-image.txt", b"\x89PNG\r\n\x1a\n" + NOISE, [(None, "is not UTF-8 (byte 0)")]),
    ("txt-noise.txt", NOISE, [(None, "no likely Arabic")]),
    ("txt-half-letter.txt", NEWS[:-1].encode()[:-1], [(None, f"is not UTF-8 (byte {len(NEWS[:-2].encode())})")]),
    ("txt-surrogate.txt", NEWS.encode() + b"\xed\xa0\x80", [(None, f"is not UTF-8 (byte {len(NEWS.encode())})")]),
    ("txt-odd-utf16.txt", NEWS.encode("utf-16")[:-1], [(None, f"is not UTF-16-LE (byte {2 * len(NEWS)})")]),
    ("gz-no-gzip.txt.gz", NEWS.encode(), [(None, "is no gzip")]),
    ("gz-empty.txt.gz", b"", [(None, "is empty")]),
    ("gz-cut.txt.gz", gzip.compress(NEWS.encode())[:-12], [(None, "the gzipped file is cut off")]),
    ("gz-wrong-sum.txt.gz", gzip.compress(NEWS.encode())[:-8] + b"\0" * 8, [(None, "CRC check failed")]),
    ("gz-cut.jsonl.gz", MANY[: len(MANY) // 2], [*range(1, HALF), (HALF, "the gzipped file is cut off")]),
    ("gz-damaged.jsonl.gz", MANY[:10] + b"\xff" + MANY[11:], [(1, "the gzipped file is damaged, perhaps before")]),
    ("gz-rest.jsonl.gz", gzip.compress(LINE.encode()) + b"rest", [1, (2, "is no gzip, or damaged")]),
    ("gz-cut.csv.gz", gzip.compress(table([("text",), (NEWS,)]).encode())[:-9], [2, (3, "is cut off")]),
    ("jsonl-mixed.jsonl", LINE.encode() + LINE.encode("cp1256") + LINE.encode(), [1, (2, "is not UTF-8 (byte 10"), 3]),
    ("jsonl-odd-utf16.jsonl", (LINE * 2).encode("utf-16")[:-1], [1, (2, "its UTF-16-LE ends in mid-character")]),
    ("jsonl-noise.jsonl", NOISE, [(None, "no likely Arabic")]),
    ("csv-bad-byte.csv", b"text\n\xff\n" + NEWS.encode(), [(2, "is not UTF-8 (byte 0 of the line)"), 3]),
    (
        "csv-bad-in-row.csv",
        f'text\n"{NEWS}\n'.encode() + b'\xff"\n' + NEWS.encode(),
        [(2, "not complete"), (3, "byte 0"), 4],
    ),
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
    ("docx-zip.docx", zipped(a="b"), [(None, "is no Word document (.docx)")]),
    ("docx-cut.docx", word(NEWS)[:-30], [(None, "is no Word document")]),
    ("docx-damaged.docx", holed(WORD, WORD.index(b"word/document.xml") + 60), [(None, "is no Word document")]),
    ("docx-empty.docx", word(), [(None, "holds no text")]),
    ("html-noise.html", NOISE, [(None, "no likely Arabic")]),
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
    assert [line for line, _ in found] == [item[0] if isinstance(item, tuple | list) else item for item in expected]
    for (_, item), wanted in zip(found, expected, strict=True):
        if isinstance(wanted, tuple | list):
            assert isinstance(item, Failure) and wanted[1].replace("NEWS", NEWS) in item.reason
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
