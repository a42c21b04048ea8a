"""Files that are one article each: plain text, HTML pages, Word documents."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

from models.types import Document
from service.encodings import Unreadable, decode, label
from service.sources import LONGEST, Context, Failure, read_whole

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from lxml.etree import _Element

_CHARSET = re.compile(rb"""<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
UNPACKED = 8 * LONGEST  # bytes of a Word document's parts together, pictures included


def read_txt(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """A text file is one article; its id is its name. Line ends stay as they are: offsets count them."""
    text = _decoded(read_whole(stream), ctx)
    yield Document(ctx.name, text) if text.strip() else Failure(ctx.name, "holds no text")


def _decoded(data: bytes, ctx: Context, declared: str | None = None) -> str:
    text, encoding = decode(data, ctx.encoding, declared)
    if encoding.guess:
        ctx.note(f"read as {label(encoding)} (a guess)")
    return text


def read_html(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """The article of a page, with its title and address; menus, comments and related links are left out."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it has to say is in our failure
    data = read_whole(stream)
    declared = _CHARSET.search(data[:4096])
    page = _decoded(data, ctx, declared and declared[1].decode("ascii", "replace"))
    found = trafilatura.bare_extraction(page, include_comments=False, with_metadata=True)
    if found is None or isinstance(found, dict) or found.body is None:
        yield Failure(ctx.name, "holds no article text")
        return
    blocks = [block for block in _blocks(found.body) if block]
    if blocks and found.title and blocks[0] == found.title.strip():
        del blocks[0]  # the heading is the title: it is not told twice
    text = "\n\n".join(blocks)
    url = found.url if found.url and found.url.startswith(("http://", "https://")) else None
    yield Document(ctx.name, text, found.title or None, url) if text else Failure(ctx.name, "holds no article text")


def _blocks(element: _Element) -> Iterator[str]:
    """The paragraphs of what trafilatura found: headings, list items, rows of tables, in order."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag == "row":
            yield "\t".join(" ".join(_blocks(cell)) for cell in child)
        elif child.tag in ("p", "head", "list", "item", "quote", "table", "code", "div"):
            yield from _flushed(pieces)
            yield from _blocks(child)
            pieces = []
        elif child.tag == "lb":
            pieces.append("\n")
        elif child.tag != "graphic":
            pieces.append("".join(child.itertext()))
        pieces.append(child.tail or "")
    yield from _flushed(pieces)


def _flushed(pieces: list[str]) -> Iterator[str]:
    if text := re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(pieces)).strip():
        yield text


def read_docx(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """The paragraphs and tables of a Word document, in order; a first paragraph styled as a title is its title.

    A row of a table is a line with tabs between its cells, unless a cell holds more than a paragraph. What was
    inserted under tracked changes is read, what was deleted is not; footnotes, headers and footers are not.
    """
    document = _word(read_whole(stream))
    body = document.element.body
    if next(body.iter(f"{_WORD}footnoteReference", f"{_WORD}endnoteReference"), None) is not None:
        ctx.note("its footnotes are not read")
    blocks = list(_word_blocks(body))
    title = None
    if blocks and _is_title(document, blocks[0]):
        title, *blocks = blocks
    text = "\n\n".join(blocks)
    yield Document(ctx.name, text, title) if text else Failure(ctx.name, "holds no text")


def _word(data: bytes) -> WordDocument:
    import docx

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size <= UNPACKED:
            return docx.Document(io.BytesIO(data))
    except Exception as error:  # of many kinds: zipfile's, zlib's, lxml's, python-docx's, KeyError
        raise Unreadable(f"is no Word document (.docx), or a damaged one: {type(error).__name__}: {error}") from None
    raise Unreadable(f"is larger than {UNPACKED // 2**20} MiB, unpacked: no single article")


def _is_title(document: WordDocument, first: str) -> bool:
    """Whether the first paragraph, with the text `first`, is styled as a title."""
    paragraph = next((p for p in document.paragraphs if _paragraph(p._p)), None)
    if paragraph is None or _paragraph(paragraph._p) != first or paragraph.style is None:
        return False
    return paragraph.style.name in ("Title", "Heading 1")


def _word_blocks(element: _Element) -> Iterator[str]:
    """The texts of the paragraphs and table rows in an element, in order; python-docx leaves out what stands in
    content controls, tracked insertions and text boxes."""
    for child in element:
        name = _local(child)
        if name == "p":
            if text := _paragraph(child):
                yield text
            for box in child.iter(f"{_WORD}txbxContent"):
                if not any(_local(parent) == "Fallback" for parent in box.iterancestors()):  # the same box once more
                    yield from _word_blocks(box)
        elif name == "tr":
            cells = [blocks for cell in child.iter(f"{_WORD}tc") if (blocks := list(_word_blocks(cell)))]
            one_line = cells and all(len(cell) == 1 for cell in cells)
            yield from ["\t".join(chain(*cells))] if one_line else chain(*cells)
        elif name not in ("del", "moveFrom"):
            yield from _word_blocks(child)


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
