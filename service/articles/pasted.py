"""Text that was pasted or posted as HTML -> the text that its readers see, with no tags in it."""

from __future__ import annotations

import io
import re

from service.articles.encodings import Unreadable
from service.articles.formats.documents import BLOCKS, all_of, read_html
from service.articles.sources import Context, Fields

_BEGINS = re.compile(rf"(?>\s*<!--.*?-->)*+\s*+<(?:!doctype\s+html|{BLOCKS})\b[^<>]*>", re.IGNORECASE | re.DOTALL)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|body)\b", re.IGNORECASE)


def read(text: str) -> str:
    """`text`, or what it says if it is certainly HTML: it begins with a block element's tag and has such an element.

    Of a whole page the article is read, as from a file; of a piece of one, all of it.
    """
    if not _BEGINS.match(text):
        return text
    return (_article(text) if _PAGE.search(text[:2000]) else "") or all_of(text) or text


def _article(page: str) -> str:
    context = Context("text", Fields(), "utf-8", lambda _: None)
    try:
        (found,) = read_html(io.BytesIO(page.encode()), context)
    except Unreadable:
        return ""
    text = getattr(found, "text", "")
    title = getattr(found, "title", None)
    return f"{title}\n\n{text}" if title and text else text
