"""Documents of word processors: Word (.docx), OpenDocument (.odt), rich text (.rtf)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

from models.types import Document
from service.articles.encodings import Unreadable
from service.articles.formats.archives import UNPACKED, Package
from service.articles.formats.documents import row
from service.articles.sources import Context, Failure, read_whole

if TYPE_CHECKING:
    from lxml.etree import _Element

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_TITLES = ("title", "heading 1")  # styles of a first paragraph that is the title
_ODT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CELL = re.compile(rb"\\(?:nest)?cell(?![a-z])")


def read_docx(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """The paragraphs, tables and text boxes of a Word document, in order; a first paragraph styled as a title is its
    title.

    A row of a table is a line with tabs between its cells, unless a cell holds more than a paragraph. What was
    inserted under tracked changes is read, what was deleted is not; notes, headers and footers are not, and are told.
    """
    package = Package(read_whole(stream, UNPACKED), "Word document (.docx)")
    body = package.xml("word/document.xml")
    if next(body.iter(f"{_WORD}footnoteReference", f"{_WORD}endnoteReference"), None) is not None:
        ctx.note("its footnotes are not read")
    names = [m.filename for m in package.members if re.fullmatch(r"word/(?:header|footer)\d*\.xml", m.filename)]
    if any(list(_word_blocks(package.xml(name))) for name in names):
        ctx.note("its headers and footers are not read")
    yield _titled(ctx, list(_word_blocks(body)), _word_title(package, body))


def _titled(ctx: Context, blocks: list[str], title: str | None) -> Document | Failure:
    """The article of these paragraphs, of which the first may be the title."""
    if title and blocks and blocks[0] == title and len(blocks) > 1:
        return Document(ctx.name, "\n\n".join(blocks[1:]), title)
    return Document(ctx.name, "\n\n".join(blocks)) if blocks else Failure(ctx.name, "holds no text")


def _word_title(package: Package, body: _Element) -> str | None:
    """The text of the first paragraph, if it is styled as a title."""
    first = next((p for p in body.iter(f"{_WORD}p") if _paragraph(p)), None)
    used = first.find(f"{_WORD}pPr/{_WORD}pStyle") if first is not None else None
    if first is None or used is None or not package.has("word/styles.xml"):
        return None
    for style in package.xml("word/styles.xml").iter(f"{_WORD}style"):
        name = style.find(f"{_WORD}name")
        if style.get(f"{_WORD}styleId") == used.get(f"{_WORD}val") and name is not None:
            return _paragraph(first) if (name.get(f"{_WORD}val") or "").lower() in _TITLES else None
    return None


def _word_blocks(element: _Element) -> Iterator[str]:
    """The texts of the paragraphs and table rows in an element, in order, also of what stands in content controls,
    tracked insertions and text boxes."""
    for child in element:
        name = _local(child)
        if name == "p":
            if text := _paragraph(child):
                yield text
            for box in child.iter(f"{_WORD}txbxContent"):
                if not any(_local(parent) == "Fallback" for parent in box.iterancestors()):  # the same box once more
                    yield from _word_blocks(box)
        elif name == "tr":
            yield from row([list(_word_blocks(cell)) for cell in _cells(child)])
        elif name not in ("del", "moveFrom"):
            yield from _word_blocks(child)


def _cells(of_row: _Element) -> Iterator[_Element]:
    """The cells of a row, also those in content controls, but not those of tables within them."""
    for child in of_row:
        if _local(child) == "tc":
            yield child
        else:
            yield from _cells(child)


def _paragraph(element: _Element) -> str:
    return "".join(_pieces(element)).strip()


def _pieces(element: _Element) -> Iterator[str]:
    for child in element:
        name = _local(child)
        if name == "t":
            yield child.text or ""
        elif name in _BREAKS:
            yield _BREAKS[name]
        elif name not in ("pPr", "rPr", "del", "moveFrom", "txbxContent", "Fallback"):
            yield from _pieces(child)


def _local(element: _Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def read_odt(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """The same of an OpenDocument text."""
    package = Package(read_whole(stream, UNPACKED), "OpenDocument text (.odt)")
    if package.has("META-INF/manifest.xml") and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise Unreadable("is encrypted: a password is needed")
    body = next((e for e in package.xml("content.xml").iter() if _local(e) == "body"), None)
    if body is None:
        raise Unreadable("is no OpenDocument text: it has no body")
    if next(body.iter(f"{_ODT}note"), None) is not None:
        ctx.note("its footnotes are not read")
    blocks = list(_odt_blocks(body))
    first = next((p for p in body.iter(f"{_ODT}h", f"{_ODT}p") if _odt_text(p)), None)
    titled = first is not None and (_local(first) == "h" or first.get(f"{_ODT}style-name") == "Title")
    yield _titled(ctx, blocks, blocks[0] if blocks and titled else None)


def _odt_blocks(element: _Element) -> Iterator[str]:
    for child in element:
        name = _local(child)
        if name in ("p", "h"):
            if text := _odt_text(child):
                yield text
            yield from chain.from_iterable(_odt_blocks(box) for box in child.iter() if _local(box) == "text-box")
        elif name == "table-row":
            yield from row([list(_odt_blocks(cell)) for cell in child if _local(cell) == "table-cell"])
        elif name not in ("tracked-changes", "note", "annotation"):
            yield from _odt_blocks(child)


def _odt_text(paragraph: _Element) -> str:
    """White space is single spaces in XML; what is more of it stands in elements of its own."""
    return "".join(_odt_pieces(paragraph)).strip()


def _odt_pieces(element: _Element) -> Iterator[str]:
    yield re.sub(r"\s+", " ", element.text or "")
    for child in element:
        name = _local(child)
        if name in ("tab", "line-break"):
            yield "\t" if name == "tab" else "\n"
        elif name == "s":
            yield " " * min(int(child.get(f"{_ODT}c") or 1), 100)
        elif name not in ("note", "annotation", "text-box", "frame"):
            yield from _odt_pieces(child)
        yield re.sub(r"\s+", " ", child.tail or "")


def read_rtf(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """The text of a rich text file; a row of a table is a line with tabs."""
    from striprtf.striprtf import rtf_to_text

    data = read_whole(stream)
    if not data.lstrip().startswith(b"{\\rtf"):
        raise Unreadable("is no rich text (.rtf)")
    if b"\\footnote" in data:
        ctx.note("its footnotes are not read")
    plain = re.sub(rb"[\x80-\xff]", lambda byte: b"\\'%02x" % byte[0][0], _CELL.sub(rb"\\tab", data))
    try:
        text = rtf_to_text(plain.decode("ascii"), ctx.encoding or "cp1256")
    except (ValueError, LookupError, RecursionError) as error:
        raise Unreadable(f"is damaged rich text: {type(error).__name__}: {error}") from None
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # signs beyond U+FFFF come in halves
    blocks = (line.strip() for line in re.split(r"\n+", text))
    yield _titled(ctx, [block for block in blocks if block], None)
