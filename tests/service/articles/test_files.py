"""What comes out of a good, an empty, a broken, an old and a malicious file of every kind: the table of docs/files.md.

`python -m tests.service.articles.test_files` writes it anew.
"""

from __future__ import annotations

import gzip
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from models.types import Document
from service.articles.kinds import FORMATS, SUFFIXES
from service.articles.readers import Failure, Fields, read_data
from tests import files
from tests.files import MORE, NEWS, TITLE, packed

DOCS = Path(__file__).parents[3] / "docs" / "files.md"
BEGIN, END = "<!-- written by tests/service/articles/test_files.py -->\n", "<!-- end -->"
PAGE = f"<html><body><h1>{TITLE}</h1><p>{NEWS}</p><p>{MORE}</p></body></html>"
SRT = f"1\n00:00:01,000 --> 00:00:03,000\n{NEWS}\n\n2\n00:00:03,100 --> 00:00:05,000\n{MORE}\n"
ROWS = [{"title": TITLE, "text": f"{NEWS} {MORE}"}]
LINES = json.dumps(ROWS[0], ensure_ascii=False)
CSV = f'title,text\n"{TITLE}","{NEWS} {MORE}"\n'
WML = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def full() -> str:
    """More than an article may have."""
    return " " * 33 * 2**20


def blanks() -> bytes:
    """The same, gzipped."""
    return gzip.compress(full().encode(), 1)


def laughing() -> bytes:
    """A Word document of entities that would be a billion."""
    entities = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefghi"))
    body = f'<!DOCTYPE x [<!ENTITY a "ha">{entities}]><w:document xmlns:w="{WML}">'
    body += "<w:body><w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body></w:document>"
    return packed({"word/document.xml": body})


def far() -> bytes:
    """A spreadsheet with two cells, billions apart."""
    import openpyxl

    book, out = openpyxl.Workbook(), files.io.BytesIO()
    book.active["A1"], book.active["XFD1048576"] = "text", NEWS
    book.save(out)
    return out.getvalue()


def nested(times: int) -> bytes:
    """A zip in a zip in a zip."""
    held = packed({"a.txt": NEWS})
    for _ in range(times):
        held = packed({"in.zip": held})
    return held


def forwarded(times: int) -> bytes:
    """A letter in a letter in a letter."""
    mail = b"Subject: x\nContent-Type: text/plain\n\n" + NEWS.encode()
    head = b"Subject: x\nContent-Type: multipart/mixed; boundary=b%d.\n\n--b%d.\nContent-Type: message/rfc822\n\n"
    for n in range(times):
        mail = head % (n, n) + mail + b"\n--b%d.--" % n
    return mail


# (the file's name, what is in it, what makes it)
CASES = [
    ("good.txt", "two sentences", lambda: f"{NEWS} {MORE}".encode()),
    ("empty.txt", "nothing", lambda: b""),
    ("broken.txt", "half a letter at its end", lambda: NEWS.encode()[:-2]),
    ("old.txt", "Windows-1256", lambda: f"{NEWS} {MORE}".encode("cp1256")),
    ("wide.txt", "UTF-16", lambda: f"{NEWS} {MORE}".encode("utf-16")),
    ("mojibake.txt", "UTF-8 saved as Windows-1256", lambda: f"{NEWS} {MORE}".encode().decode("cp1256").encode()),
    ("mojibake2.txt", "UTF-8 saved as Latin-1", lambda: f"{NEWS} {MORE}".encode().decode("latin-1").encode()),
    ("bomb.txt.gz", "33 MiB of blanks", blanks),
    (
        "good.md",
        "a heading, a list, a link",
        lambda: f"# {TITLE}\n\n{NEWS}\n\n* [{MORE}](http://example.org)\n".encode(),
    ),
    ("empty.md", "a picture", lambda: b"![](a.png)"),
    ("broken.md", "bytes that are no text", lambda: b"\xff\xfe\xff"),
    ("old.md", "Windows-1256", lambda: f"# {TITLE}\n\n{NEWS}\n\n{MORE}".encode("cp1256")),
    ("bomb.md", "a hundred thousand brackets", lambda: b"[" * 10**5),
    ("good.html", "a page", lambda: PAGE.encode()),
    ("empty.html", "tags", lambda: b"<html><body></body></html>"),
    ("broken.html", "an image", lambda: b"\x89PNG\r\n\x1a\n\xff\xfe\xfd\xfc"),
    ("old.html", "Windows-1256, said by the page", lambda: f'<meta charset="windows-1256">{PAGE}'.encode("cp1256")),
    ("bomb.html.gz", "33 MiB of blanks", blanks),
    ("good.docx", "a title, two paragraphs", lambda: files.word(NEWS, MORE, title=TITLE)),
    ("empty.docx", "no paragraph", lambda: files.word()),
    ("broken.docx", "cut off", lambda: files.word(NEWS)[:-40]),
    ("locked.docx", "encrypted (as .doc files, no zip)", lambda: files.compound({"/EncryptedPackage": bytes(64)})),
    ("bomb.docx", "a document of 33 MiB", lambda: packed({"word/document.xml": full()})),
    ("laughs.docx", "entities that would be a billion", lambda: laughing()),
    ("good.odt", "a title, two paragraphs", lambda: files.odt(NEWS, MORE, title=TITLE)),
    ("empty.odt", "no paragraph", lambda: files.odt()),
    ("broken.odt", "XML cut off", lambda: packed({"content.xml": "<office>"})),
    ("locked.odt", "encrypted", lambda: files.odt(NEWS, manifest="<encryption-data/>")),
    ("bomb.odt", "a document of 33 MiB", lambda: packed({"content.xml": full()})),
    ("good.rtf", "signs by number", lambda: files.rtf(f"{NEWS}\n{MORE}")),
    ("empty.rtf", "no text", lambda: files.rtf("")),
    ("broken.rtf", "plain text", lambda: NEWS.encode()),
    ("old.rtf", "Windows-1256", lambda: files.rtf(f"{NEWS}\n{MORE}", escaped=False)),
    ("bomb.rtf", "a hundred thousand brackets", lambda: b"{\\rtf1 " + b"{" * 10**5),
    ("good.pdf", "signs in the order of the page", lambda: files.pdf([TITLE, NEWS, MORE])),
    ("other.pdf", "signs in the order of reading", lambda: files.pdf([TITLE, NEWS, MORE], visual=False)),
    ("empty.pdf", "a page without text", lambda: files.pdf([])),
    ("broken.pdf", "cut off", lambda: b"%PDF-1.7\n1 0 obj\n<< /Type"),
    ("locked.pdf", "encrypted", lambda: files.locked_pdf()),
    ("bomb.pdf", "1 GiB in 1 MB", lambda: files.bomb_pdf()),
    ("good.srt", "two cues", lambda: SRT.encode()),
    ("empty.srt", "times without words", lambda: b"1\n00:00:01,000 --> 00:00:03,000\n\n"),
    ("broken.srt", "no times", lambda: NEWS.encode()),
    ("old.srt", "Windows-1256", lambda: SRT.encode("cp1256")),
    ("bomb.srt.gz", "33 MiB of blanks", blanks),
    ("good.vtt", "two cues", lambda: f"WEBVTT\n\n{SRT.replace(',000', '.000').replace(',100', '.100')}".encode()),
    ("empty.vtt", "no cue", lambda: b"WEBVTT\n"),
    ("broken.vtt", "an image", lambda: b"\x89PNG\r\n\x1a\n\xff\xfe\xfd\xfc"),
    ("wide.vtt", "UTF-16", lambda: f"WEBVTT\n\n{SRT.replace(',', '.')}".encode("utf-16")),
    ("bomb.vtt.gz", "33 MiB of blanks", blanks),
    (
        "good.epub",
        "two chapters and a cover",
        lambda: files.epub({"c.xhtml": "<p><img/></p>", "1.xhtml": PAGE, "2.xhtml": f"<p>{MORE}</p>"}),
    ),
    ("empty.epub", "a cover", lambda: files.epub({"c.xhtml": "<p><img/></p>"})),
    ("broken.epub", "a zip of something else", lambda: packed({"a.txt": NEWS})),
    (
        "old.epub",
        "a chapter in Windows-1256",
        lambda: files.epub({"1.xhtml": f'<meta charset="windows-1256"/>{PAGE}'.encode("cp1256")}),
    ),
    (
        "locked.epub",
        "a chapter under DRM",
        lambda: files.epub({"1.xhtml": b"\0\1", "2.xhtml": PAGE}, encrypted="1.xhtml"),
    ),
    ("bomb.epub", "a chapter of 33 MiB", lambda: files.epub({"1.xhtml": full(), "2.xhtml": PAGE})),
    (
        "good.eml",
        "a letter with three attachments",
        lambda: files.letter(
            f"{NEWS} {MORE}", attached={"a.docx": files.word(NEWS), "b.csv": CSV.encode(), "c.jpg": b"\xff"}
        ),
    ),
    ("empty.eml", "a letter without a word", lambda: files.letter("")),
    ("broken.eml", "no header", lambda: NEWS.encode()),
    ("old.eml", "Windows-1256", lambda: files.letter(f"{NEWS} {MORE}", "windows-1256")),
    (
        "bomb.eml",
        "an attached zip of 33 MiB",
        lambda: files.letter(NEWS, attached={"a.zip": packed({"a.txt": full()})}),
    ),
    ("deep.eml", "a letter in a letter, 50 deep", lambda: forwarded(50)),
    (
        "good.msg",
        "a letter with two attachments",
        lambda: files.msg(TITLE, f"{NEWS} {MORE}", {"a.pdf": files.pdf([NEWS]), "b.jpg": b"\xff"}),
    ),
    ("empty.msg", "a letter without a word", lambda: files.msg("", "")),
    ("broken.msg", "cut off", lambda: files.msg(TITLE, NEWS)[:700]),
    ("bomb.msg", "an attached zip of 33 MiB", lambda: files.msg(TITLE, NEWS, {"a.zip": packed({"a.txt": full()})})),
    ("good.json", "a list of one article", lambda: json.dumps(ROWS).encode()),
    ("single.json", "an article", lambda: LINES.encode()),
    ("empty.json", "an empty list", lambda: b"[]"),
    ("broken.json", "cut off", lambda: json.dumps(ROWS).encode()[:-5]),
    ("old.json", "Windows-1256", lambda: LINES.encode("cp1256")),
    ("bomb.json", "a hundred thousand brackets", lambda: b"[" * 10**5),
    ("good.jsonl", "an article", lambda: LINES.encode()),
    ("empty.jsonl", "blank lines", lambda: b"\n\n"),
    ("broken.jsonl", "a good and a cut line", lambda: f"{LINES}\n{LINES[:-9]}".encode()),
    ("old.jsonl", "Windows-1256", lambda: LINES.encode("cp1256")),
    ("bomb.jsonl", "a hundred thousand brackets", lambda: b"[" * 10**5),
    ("good.csv", "an article", lambda: CSV.encode()),
    ("empty.csv", "names only", lambda: b"title,text\n"),
    ("broken.csv", "a quote that nobody closed", lambda: f'text\n"{NEWS}\n{NEWS}\n'.encode()),
    ("old.csv", "Windows-1256", lambda: CSV.encode("cp1256")),
    ("good.tsv", "an article", lambda: CSV.replace('","', '"\t"').replace("title,", "title\t").encode()),
    ("wide.tsv", "UTF-16", lambda: CSV.replace('","', '"\t"').replace("title,", "title\t").encode("utf-16")),
    ("good.xlsx", "an article", lambda: files.sheet(("title", "text"), (TITLE, f"{NEWS} {MORE}"))),
    ("empty.xlsx", "names only", lambda: files.sheet(("title", "text"))),
    ("broken.xlsx", "cut off", lambda: files.sheet(("title", "text"))[:-40]),
    ("bomb.xlsx", "two cells, billions apart", lambda: far()),
    ("broken.xls", "text", lambda: NEWS.encode()),
    ("good.ods", "an article", lambda: files.ods(("title", "text"), (TITLE, f"{NEWS} {MORE}"))),
    (
        "good.zip",
        "what points out of it, too",
        lambda: packed(
            {"../../a.txt": f"{NEWS} {MORE}", "b/c.docx": files.word(NEWS), "d.exe": b"MZ", "__MACOSX/._a.txt": b"\0"}
        ),
    ),
    ("empty.zip", "nothing", lambda: packed({})),
    ("broken.zip", "cut off", lambda: packed({"a.txt": NEWS})[:-30]),
    ("old.zip", "a file in Windows-1256", lambda: packed({"a.txt": f"{NEWS} {MORE}".encode("cp1256")})),
    (
        "bomb.zip",
        "nine files of 32 MiB",
        lambda: files.overlapping(9, 32 * 2**20),
    ),
    ("deep.zip", "a zip in a zip, 5 deep", lambda: nested(5)),
    ("many.zip", "10,001 files", lambda: packed(dict.fromkeys(map(str, range(10_001)), b""))),
]


def outcome(name: str, data: bytes) -> tuple[list[Document | Failure], str]:
    """(what came out of a file, the same in the table's words)."""
    notes: list[str] = []
    items = list(read_data(name, data, Fields(), None, lambda where, told: notes.append(f"note: {told}")))
    return items, "; ".join([*(_told(item, name) for item in items), *dict.fromkeys(notes)])


def _told(item: Document | Failure, name: str) -> str:
    where = (item.where if isinstance(item, Failure) else item.id).removeprefix(name)
    if isinstance(item, Failure):
        return f"{f'`{where}` ' if where else ''}{'not read' if item.passed_over else '**fails**'}: {item.reason}"
    return f"an article{' with its title' if item.title else ''}{f', `{where}`' if where else ''}"


def table() -> str:
    """The table of docs/files.md."""
    rows = [f"| `{name}` | {held} | {outcome(name, made())[1]} |\n" for name, held, made in CASES]
    return "".join(["| file | what is in it | what comes out |\n|---|---|---|\n", *rows])


@pytest.fixture(scope="module")
def documented() -> dict[str, str]:
    """{file's name: what docs/files.md says of it}."""
    text = DOCS.read_text(encoding="utf-8")
    return dict(
        re.findall(r"^\| `([^`]+)` \| [^|]* \| (.*) \|$", text[text.index(BEGIN) : text.index(END)], re.MULTILINE)
    )


@pytest.mark.parametrize(("name", "made"), [(name, made) for name, _, made in CASES], ids=[name for name, *_ in CASES])
def test_the_table_of_files_is_true(name, made, documented):
    items, told = outcome(name, made())
    assert documented[name] == told
    articles = [item for item in items if isinstance(item, Document)]
    if name.startswith(("good", "old", "wide", "other", "single", "mojibake")):
        whole = " ".join(" ".join(one.text for one in articles).split())
        assert NEWS in whole and MORE in whole and all(one.id for one in articles)
        assert all(one.title in (None, TITLE) for one in articles)
    elif name.startswith(("empty", "bomb", "laughs", "locked")):
        assert any(isinstance(item, Failure) and not item.passed_over for item in items)


def test_every_kind_is_in_the_table(documented):
    assert len(documented) == len(CASES)
    kinds = {"".join(Path(name.removesuffix(".gz")).suffixes) for name in documented}
    same = {".htm": ".html", ".ndjson": ".jsonl", ".xls": ".xlsx"}
    assert {same.get(suffix, suffix) for suffix in SUFFIXES} - {".parquet"} <= kinds and ".parquet" in FORMATS


if __name__ == "__main__":
    before, _, rest = DOCS.read_text(encoding="utf-8").partition(BEGIN)
    DOCS.write_text(before + BEGIN + table() + END + rest.partition(END)[2], encoding="utf-8")
