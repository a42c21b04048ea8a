"""Text that was pasted or posted as HTML -> the text that its readers see, with no tags in it."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from service.articles.documents import read_html
from service.articles.encodings import Unreadable
from service.articles.sources import Context, Fields

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BLOCKS = "p|div|h[1-6]|ul|ol|li|dl|table|article|section|main|header|blockquote|figure|html|head|body|meta"
_BEGINS = re.compile(rf"(?>\s*<!--.*?-->)*+\s*+<(?:!doctype\s+html|{_BLOCKS})\b[^<>]*>", re.IGNORECASE | re.DOTALL)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|body)\b", re.IGNORECASE)
_BLOCK = re.compile(rf"(?:{_BLOCKS}|tr|dt|dd|figcaption|pre|form|nav|footer|aside|title)")
_UNSEEN = ("script", "style", "noscript", "template", "head", "iframe", "object", "svg", "textarea", "select")
_LINES = re.compile(r"(?:(?<![^\S\n])[^\S\n]++)?+\n[^\S\n]*+")  # each run of blanks is tried once


def read(text: str) -> str:
    """`text`, or what it says if it is certainly HTML: it begins with a block element's tag and has such an element.

    Of a whole page the article is read, as from a file; of a piece of one, all of it.
    """
    if not _BEGINS.match(text):
        return text
    return (_article(text) if _PAGE.search(text[:2000]) else "") or _all_of(text) or text


def _article(page: str) -> str:
    context = Context("text", Fields(), "utf-8", lambda _: None)
    try:
        (found,) = read_html(io.BytesIO(page.encode()), context)
    except Unreadable:
        return ""
    text = getattr(found, "text", "")
    title = getattr(found, "title", None)
    return f"{title}\n\n{text}" if title and text else text


def _all_of(page: str) -> str:
    """The text of all blocks, a paragraph each; "" if there is none."""
    from lxml import etree
    from lxml.html import document_fromstring

    try:
        tree = document_fromstring(page)
    except (etree.LxmlError, ValueError):
        return ""
    body = tree.find("body")
    if body is None or not any(isinstance(e.tag, str) and _BLOCK.fullmatch(e.tag) for e in body.iterdescendants()):
        return ""
    etree.strip_elements(body, *_UNSEEN, with_tail=False)
    _parted(body)
    paragraphs = (re.sub(" +", " ", part).strip() for part in re.split("\n{2,}", _LINES.sub("\n", body.text_content())))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _parted(body: HtmlElement) -> None:
    """Blanks as a browser shows them, and line ends where it ends lines."""
    for element in body.iter():
        if not isinstance(element.tag, str):
            element.text = ""  # a comment
        elif element.tag != "pre":
            element.text = re.sub(r"\s+", " ", element.text or "")
        element.tail = re.sub(r"\s+", " ", element.tail or "")
        if element.tag == "br":
            element.tail = "\n" + element.tail
        elif isinstance(element.tag, str) and _BLOCK.fullmatch(element.tag):
            element.text = "\n\n" + (element.text or "")
            element.tail = "\n\n" + element.tail
