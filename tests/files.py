"""Files of every kind that Mujaz reads, made by the libraries that make such files, or by hand where none does."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from email.message import EmailMessage

import docx
import openpyxl

NEWS = "وصلت القافلة إلى المدينة صباح اليوم، وقالت المنسقة إن الطرق ما زالت خطرة."
MORE = "وأضافت أن 25 شاحنة تنتظر عند المعبر."
TITLE = "قافلة إغاثة تصل"
NONE: Mapping[str, bytes] = {}
_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """A zip of these."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, held in members.items():
            archive.writestr(name, held)
    return out.getvalue()


def overlapping(files: int, size: int) -> bytes:
    """A zip whose files all are the same bytes of it, each `size` unpacked."""
    one = packed({"0.txt": bytes(size)})
    end = one.index(b"PK\5\6")
    begin = one.index(b"PK\1\2")
    listed = b"".join(one[begin:end].replace(b"0.txt", b"%d.txt" % n) for n in range(files))
    return one[:begin] + listed + struct.pack("<4s4HIIH", b"PK\5\6", 0, 0, files, files, len(listed), begin, 0)


def word(*paragraphs: str, title: str | None = None) -> bytes:
    """A Word document."""
    document, out = docx.Document(), io.BytesIO()
    if title:
        document.add_heading(title, 0)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(out)
    return out.getvalue()


def odt(*paragraphs: str, body: str = "", title: str = "", manifest: str = "") -> bytes:
    """An OpenDocument text."""
    told = f"<text:h>{title}</text:h>" * bool(title) + "".join(f"<text:p>{p}</text:p>" for p in paragraphs) + body
    spaces = " ".join(f'xmlns:{name}="{_ODF}:{kind}:1.0"' for name, kind in _KINDS.items())
    content = f"<office:document-content {spaces}><office:body><office:text>{told}</office:text></office:body>"
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f'<?xml version="1.0" encoding="UTF-8"?>{content}</office:document-content>',
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
        }
    )


_KINDS = {"office": "office", "text": "text", "table": "table", "draw": "drawing", "style": "style"}


def rtf(text: str, escaped: bool = True) -> bytes:
    """Rich text, its Arabic as numbers, or as bytes of Windows-1256."""
    if escaped:
        told = "".join(f"\\u{ord(c)}?" if ord(c) > 127 else "\\par\n" if c == "\n" else c for c in text).encode()
    else:
        told = text.replace("\n", "\\par\n").encode("cp1256")
    return b"{\\rtf1\\ansi\\ansicpg1256{\\fonttbl{\\f0\\fcharset178 Arial;}}\\f0 " + told + b"}"


def ods(*rows: tuple[str, ...]) -> bytes:
    """A spreadsheet (.ods)."""
    spaces = " ".join(f'xmlns:{name}="{_ODF}:{kind}:1.0"' for name, kind in _KINDS.items())
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    told = "".join(f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>" for row in rows)
    body = f'<office:spreadsheet><table:table table:name="Sheet">{told}</table:table></office:spreadsheet>'
    content = f"<office:document-content {spaces}><office:body>{body}</office:body></office:document-content>"
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": "<manifest/>",
        }
    )


def sheet(*rows: tuple, name: str = "Sheet") -> bytes:
    """A spreadsheet (.xlsx)."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def epub(chapters: Mapping[str, str | bytes], encrypted: str = "") -> bytes:
    """A book of these XHTML files, in this order."""
    items = "".join(
        f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(chapters)
    )
    refs = "".join(f'<itemref idref="i{n}"/>' for n in range(len(chapters)))
    container = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    held: dict[str, str | bytes] = {"mimetype": "application/epub+zip", "META-INF/container.xml": container}
    held["OEBPS/book.opf"] = f"<package><manifest>{items}</manifest><spine>{refs}</spine></package>"
    if encrypted:
        held["META-INF/encryption.xml"] = f'<encryption><CipherReference URI="OEBPS/{encrypted}"/></encryption>'
    return packed(held | {f"OEBPS/{name}": page for name, page in chapters.items()})


def pdf(*pages: list[str], visual: bool = True) -> bytes:
    """A PDF with a line for each text, its Arabic as a printer has it: signs from left to right on the page.

    Unless `visual`, the signs stand in the file in the order that they are read in, each moved to its place.
    """
    letters = sorted({letter for page in pages for line in page for letter in line})
    codes = {letter: number for number, letter in enumerate(letters, start=33)}  # 32 is a blank to every reader
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b""]
    kids = []
    for page in pages:
        shown = b"".join(_shown(line, codes, 780 - 24 * n, visual) for n, line in enumerate(page))
        objects.append(b"<< /Length %d >>\nstream\nBT /F1 12 Tf\n%b\nET\nendstream" % (len(shown) + 17, shown))
        box = b"/MediaBox [0 0 600 820] /Resources << /Font << /F1 3 0 R >> >>"
        objects.append(b"<< /Type /Page /Parent 2 0 R %b /Contents %d 0 R >>" % (box, len(objects)))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%b] /Count %d >>" % (b" ".join(kids), len(kids))
    drawn, cmap = len(objects) + 1, len(objects) + 2
    names = " ".join(f"/g{code}" for code in codes.values())
    glyphs = " ".join(f"/g{code} {drawn} 0 R" for code in codes.values())
    font = "/Type /Font /Subtype /Type3 /FontBBox [0 0 600 700] /FontMatrix [0.001 0 0 0.001 0 0]"
    font += f" /CharProcs << {glyphs} >> /Encoding << /Differences [33 {names}] >>"
    font += f" /FirstChar 33 /LastChar {len(codes) + 32}"
    objects[2] = f"<< {font} /Widths [{'600 ' * len(codes)}] /ToUnicode {cmap} 0 R >>".encode()
    pairs = "".join(f"<{code:02x}> <{letter.encode('utf-16-be').hex()}>\n" for letter, code in codes.items())
    table = f"begincmap\n1 begincodespacerange\n<00> <ff>\nendcodespacerange\n{len(codes)} beginbfchar\n{pairs}"
    for stream in ("600 0 0 0 600 700 d1 0 0 600 700 re f", f"{table}endbfchar\nendcmap"):
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream.encode()))
    return _written(objects)


def _shown(line: str, codes: dict[str, int], y: int, visual: bool) -> bytes:
    """Operators that show a line from right to left, each sign 7.2 points wide; numbers and Latin words as they are."""
    parts = re.findall(r"[A-Za-z]+(?: [A-Za-z]+)*|\d+(?:[.,]\d+)*|.", line)
    seen = line if line.isascii() else "".join(reversed(parts))
    order = list(enumerate(seen))[:: 1 if visual else -1]
    left = 560 - 7.2 * len(seen)
    shown = (
        f"1 0 0 1 {left + 7.2 * at:.1f} {y} Tm <{codes[letter]:02x}> Tj\n" for at, letter in order if letter != " "
    )
    return "".join(shown).encode()


def _written(objects: list[bytes], trailer: bytes = b"") -> bytes:
    out = b"%PDF-1.7\n"
    places = []
    for number, held in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, held)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def bomb_pdf() -> bytes:
    """A PDF of 1 MB, whose page has 1 GiB of instructions."""
    deflate = zlib.compressobj(9)
    first = deflate.compress(b"q Q " * 2**18) + deflate.flush(zlib.Z_FULL_FLUSH)
    more = deflate.compress(b"q Q " * 2**18) + deflate.flush(zlib.Z_FULL_FLUSH)
    stream = first + more * 1023
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>"
    held = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream)
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return _written([b"<< /Type /Catalog /Pages 2 0 R >>", pages, page, held])


def locked_pdf() -> bytes:
    """A PDF that asks for a password (the standard handler's, with keys that no password fits)."""
    lock = b"<< /Filter /Standard /V 1 /R 2 /O <%b> /U <%b> /P -4 >>" % (b"11" * 32, b"22" * 32)
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>", lock]
    return _written(objects, b"/Encrypt 3 0 R /ID [<00><00>]")


def letter(
    body: bytes | str, charset: str = "utf-8", subject: str = TITLE, attached: Mapping[str, bytes] = {}
) -> bytes:
    """An e-mail."""
    mail = EmailMessage()
    mail["Subject"], mail["From"] = TITLE, "news@example.org"
    mail.set_content(body, charset=charset)
    for name, held in attached.items():
        mail.add_attachment(held, "application", "octet-stream", filename=name)
    return mail.as_bytes()


def msg(subject: str, body: str, attached: Mapping[str, bytes] = NONE) -> bytes:
    """A letter as Outlook saves it."""
    streams = {"/__substg1.0_0037001F": subject.encode("utf-16-le"), "/__substg1.0_1000001F": body.encode("utf-16-le")}
    header = struct.pack("<8x4I8x", 0, len(attached), 0, len(attached))
    streams["/__properties_version1.0"] = header + _properties({0x0037001F: subject, 0x1000001F: body})
    for n, (name, held) in enumerate(attached.items()):
        folder = f"/__attach_version1.0_#{n:08X}"
        streams[f"{folder}/__substg1.0_3707001F"] = name.encode("utf-16-le")
        streams[f"{folder}/__substg1.0_37010102"] = held
        streams[f"{folder}/__properties_version1.0"] = bytes(8) + _properties({0x3707001F: name, 0x37010102: held})
    return compound(streams)


def _properties(values: Mapping[int, str | bytes]) -> bytes:
    sizes = {tag: 2 * len(held) + 2 if isinstance(held, str) else len(held) for tag, held in values.items()}
    return b"".join(struct.pack("<IIII", tag, 6, size, 0) for tag, size in sizes.items())


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (as Microsoft's older formats are) with these streams, by their paths; small ones in its
    mini stream."""
    tree: dict[str, list[str]] = {"": []}
    for path in streams:
        parts = path.split("/")[1:]
        for depth in range(len(parts)):
            parent, child = "/".join(["", *parts[:depth]]), "/".join(["", *parts[: depth + 1]])
            tree.setdefault(parent, [])
            if child not in tree[parent]:
                tree[parent].append(child)
    order = ["", *(child for children in tree.values() for child in children)]
    number = {path: n for n, path in enumerate(order)}
    sectors: list[bytes] = []
    fat: list[int] = []

    def stored(data: bytes) -> int:
        first = len(sectors)
        count = -(-len(data) // 512)
        sectors.extend(data[512 * n : 512 * n + 512].ljust(512, b"\0") for n in range(count))
        fat.extend([*range(first + 1, first + count), 0xFFFFFFFE] if count else [])
        return first if count else 0xFFFFFFFE

    mini, minifat, starts = b"", list[int](), {}
    for path, data in streams.items():
        if len(data) < 4096:
            first, count = len(minifat), -(-len(data) // 64)
            mini += data.ljust(64 * count, b"\0")
            minifat += [*range(first + 1, first + count), 0xFFFFFFFE] if count else []
            starts[path] = first if count else 0xFFFFFFFE
        else:
            starts[path] = stored(data)
    mini_start, minifat_start = stored(mini), stored(struct.pack(f"<{len(minifat)}I", *minifat))
    entries = b""
    for path in order:
        name = (path.rpartition("/")[2] or "Root Entry").encode("utf-16-le") + b"\0\0"
        children = tree.get(path, [])
        siblings = tree.get(path.rpartition("/")[0], []) if path else []
        after = siblings.index(path) + 1 if path else 0
        right = number[siblings[after]] if path and after < len(siblings) else 0xFFFFFFFF
        kind, start, size = (
            (5, mini_start, len(mini)) if not path else (2, starts.get(path, 0), len(streams.get(path, b"")))
        )
        kind = 1 if path and path in tree else kind
        child = number[children[0]] if children else 0xFFFFFFFF
        entries += name.ljust(64, b"\0") + struct.pack("<HBBIII", len(name), kind, 1, 0xFFFFFFFF, right, child)
        entries += bytes(36) + struct.pack("<IQ", start, size)
    directory = stored(entries)
    fat_place = len(sectors)
    fat.append(0xFFFFFFFD)
    sectors.append(struct.pack("<128I", *fat, *[0xFFFFFFFF] * (128 - len(fat))))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack(
        "<IIIIIIIIII", 0, 1, directory, 0, 4096, minifat_start, -(-len(minifat) // 128), 0xFFFFFFFE, 0, fat_place
    )
    return head + struct.pack("<108I", *[0xFFFFFFFF] * 108) + b"".join(sectors)
