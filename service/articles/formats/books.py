"""EPUB books: each chapter is an article, as a file of the book's reading order."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote

from models.types import Document
from service.articles.encodings import Unreadable, decode
from service.articles.formats.archives import UNPACKED, Package
from service.articles.formats.documents import all_of, declared
from service.articles.sources import Context, Failure, read_whole

if TYPE_CHECKING:
    from lxml.etree import _Element


def read_epub(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """The chapters that have text, in order, numbered as the book's files are; a first heading is the title."""
    package = Package(read_whole(stream, UNPACKED), "EPUB book", single=False)
    locked = _locked(package)
    for number, name in enumerate(spine(package), start=1):
        where = f"{ctx.name}:{number}"
        if name in locked:
            yield Failure(where, "is encrypted (DRM)")
            continue
        try:
            data = package.read(name)
            page, encoding = decode(data, None, declared(data))
        except Unreadable as error:
            yield Failure(where, str(error))
            continue
        ctx.tell(encoding)
        title, text = _titled(page)
        if text:
            yield Document(where, text, title)


def spine(package: Package) -> list[str]:
    """The names of the book's pages, in reading order."""
    found = package.xml("META-INF/container.xml").xpath("//*[local-name()='rootfile']/@full-path")
    if not found:
        raise Unreadable("is no EPUB book: its container names no contents")
    root = package.xml(str(found[0]))
    pages = {item.get("id"): item for item in _named(root, "item") if "html" in (item.get("media-type") or "")}
    wanted = [pages[ref.get("idref")] for ref in _named(root, "itemref") if ref.get("idref") in pages]
    folder = posixpath.dirname(str(found[0]))
    return [posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or ""))) for item in wanted]


def _named(root: _Element, name: str) -> list[_Element]:
    return root.xpath(f"//*[local-name()='{name}']")


def _locked(package: Package) -> set[str]:
    """The names of what is encrypted."""
    if not package.has("META-INF/encryption.xml"):
        return set()
    return {unquote(str(one)) for one in package.xml("META-INF/encryption.xml").xpath("//*/@URI")}


def _titled(page: str) -> tuple[str | None, str]:
    """(the first heading, the text after it) of a chapter."""
    heading, *rest = all_of(page).split("\n\n") if page.strip() else [""]
    if rest and f"{' '.join(heading.split())}" in _headings(page):
        return heading, "\n\n".join(rest)
    return None, "\n\n".join([heading, *rest]).strip()


def _headings(page: str) -> set[str]:
    from lxml import html

    tree = html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))
    return {" ".join(one.text_content().split()) for one in tree.xpath("//h1 | //h2 | //h3")}
