"""Files that are one article each: plain text, HTML pages, Word documents."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

from models.types import Document
from service.articles.encodings import Unreadable, decode
from service.articles.sources import LONGEST, Context, Failure, read_whole

if TYPE_CHECKING:
    from configparser import ConfigParser

    from docx.document import Document as WordDocument
    from lxml.etree import _Element

_CHARSET = re.compile(rb"""<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_POINTER = re.compile(  # what stands before a link to another article
    r"[\W_]*(?:[اإ]قرأ|[اإ]قرئي|شاهد|شاهدي|طالع|تابع)[ \u00a0]+(?:أيضا|أيضًا|ايضا|ايضًا|أيضاً|ايضاً|المزيد)[\W_]*"
    r"|[\W_]*(?:مواضيع|مقالات|أخبار|اخبار)?[ \u00a0]*ذات[ \u00a0]+صلة[\W_]*"
)
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
UNPACKED = 8 * LONGEST  # bytes of a Word document's parts together, pictures included


def read_txt(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """A text file is one article; its id is its name. Line ends stay as they are: offsets count them."""
    text = _decoded(read_whole(stream), ctx)
    yield Document(ctx.name, text) if text.strip() else Failure(ctx.name, "holds no text")


def _decoded(data: bytes, ctx: Context, declared: str | None = None) -> str:
    text, encoding = decode(data, ctx.encoding, declared)
    ctx.tell(encoding)
    return text


def read_html(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """The article of a page, with its title and address; menus, comments and related links are left out."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it has to say is in our failure
    data = read_whole(stream)
    declared = _CHARSET.search(data[:4096])
    page = _decoded(data, ctx, declared and declared[1].decode("ascii", "replace"))
    tree = trafilatura.load_html(page)
    if tree is None:
        raise Unreadable("is no HTML")
    links = _tidied(tree)
    found = trafilatura.bare_extraction(tree, include_comments=False, with_metadata=True, config=_config())
    if found is None or isinstance(found, dict) or found.body is None:
        raise Unreadable("holds no article text")
    blocks = list(_blocks(found.body))
    lines = [line for block in blocks for line in block.split("\n")]
    if 2 * sum(len(line) for line in lines if line in links) > sum(map(len, lines)):
        raise Unreadable("holds no article text, only links")
    if blocks and found.title and blocks[0] == found.title.strip():
        del blocks[0]  # the heading is the title: it is not told twice
    text = "\n\n".join(blocks)
    url = found.url if found.url and found.url.startswith(("http://", "https://")) else None
    yield Document(ctx.name, text, found.title or None, url) if text else Failure(ctx.name, "holds no article text")


@cache
def _config() -> ConfigParser:
    """trafilatura's own, but for what it takes for too short: then it gives all words of a page as one paragraph."""
    from trafilatura.settings import use_config

    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "100")
    return config


def _tidied(tree: _Element) -> set[str]:
    """Prepare a page for trafilatura, in place; the texts of its links.

    It takes every table for data, with the menu that an old page holds in its first column, and does not know lines
    that only point elsewhere in Arabic.
    """
    for table in tree.xpath("//table[.//table or .//td[count(.//p | .//div | .//h1 | .//h2 | .//h3) > 1]]"):
        for part in table.xpath(". | ./tr | ./*/tr | ./tr/td | ./*/tr/td"):
            part.tag = "div"
    for words in [text for text in tree.xpath("//body//text()") if len(text) < 80 and _POINTER.fullmatch(text)]:
        block = next(iter(words.getparent().xpath("ancestor-or-self::*[self::p or self::li or self::div][1]")), None)
        if block is not None and not "".join(block.xpath(".//text()[not(ancestor::a)]")).replace(words, "").strip():
            block.drop_tree()
    return {" ".join(link.text_content().split()) for link in tree.xpath("//a[@href]")}


def _blocks(element: _Element) -> Iterator[str]:
    """The paragraphs of what trafilatura found: headings, list items, rows of tables, in order."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag == "row":
            yield from _row([list(_blocks(cell)) for cell in child])
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


def _row(cells: list[list[str]]) -> Iterator[str]:
    """A row of a table, given the paragraphs of its cells: one line with tabs, or else a paragraph each."""
    texts = list(chain(*cells))
    if all(len(cell) <= 1 for cell in cells) and texts:
        yield "\t".join(texts)
    else:
        yield from texts


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
            yield from _row([list(_word_blocks(cell)) for cell in _cells(child)])
        elif name not in ("del", "moveFrom"):
            yield from _word_blocks(child)


def _cells(row: _Element) -> Iterator[_Element]:
    """The cells of a row, also those in content controls, but not those of tables within them."""
    for child in row:
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
