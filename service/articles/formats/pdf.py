"""PDF files: their lines in reading order, put together into paragraphs.

PDFium, which Chrome reads PDF with, finds each sign's place on the page; what order Arabic has in the file says
nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from models.types import Document
from service.articles.formats.apart import read_apart
from service.articles.sources import LONGEST, Context, Failure, read_whole

_ENDED = re.compile(r"[.!?؟…۔:][\"'»”’)\]]*$")
_APART = 0.9  # of a line's height: a gap between lines that parts paragraphs


class _Line(NamedTuple):
    text: str
    left: float
    right: float
    bottom: float
    top: float


def read_pdf(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """The text of a PDF, one article. What heads or foots page after page is left out, and told."""
    data = read_whole(stream, 4 * LONGEST)
    pages = [[_Line(*line) for line in page] for page in read_apart("pdf_lines.py", data, "PDF")]
    if not any(pages):
        pictures = "is of pictures only (scanned?): it has no text that could be read"
        yield Failure(ctx.name, pictures if pages else "has no pages")
        return
    if blank := [str(number) for number, page in enumerate(pages, start=1) if not page]:
        shown = ", ".join(blank[:10]) + (" ..." if len(blank) > 10 else "")
        ctx.note(f"of {len(pages):,} pages these have no text (scanned?): {shown}")
    repeated = _repeated(pages)
    if repeated:
        ctx.note(f"left out, because they head or foot its pages: {'; '.join(sorted(repeated)[:5])}")
    kept = [[line for line in page if _masked(line.text) not in repeated] for page in pages]
    text = _joined(kept)
    yield Document(ctx.name, text) if text.strip() else Failure(ctx.name, "holds no text")


def _repeated(pages: list[list[_Line]]) -> set[str]:
    """The lines, their numbers masked, that are first or last of most pages."""
    ends = Counter(_masked(line.text) for page in pages for line in {*page[:1], *page[-1:]})
    return {text for text, count in ends.items() if count >= max(3, 0.6 * len(pages))}


def _masked(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _joined(pages: list[list[_Line]]) -> str:
    """Lines with a blank line between paragraphs: where a gap is, and where a page ends with a sentence."""
    text, last = "", None
    for page in pages:
        for number, line in enumerate(page):
            if last is not None:
                text += "\n\n" if _parted(last, line, new_page=number == 0) else "\n"
            text += line.text
            last = line
    return text


def _parted(last: _Line, line: _Line, new_page: bool) -> bool:
    height = min(last.top - last.bottom, line.top - line.bottom)
    if new_page or line.bottom > last.top:  # a page or a column further
        return bool(_ENDED.search(last.text))
    larger = max(last.top - last.bottom, line.top - line.bottom) > 1.25 * height
    return larger or last.bottom - line.top > _APART * height
