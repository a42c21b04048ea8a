"""Texts that are one article each: plain text, Markdown, HTML pages."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

from models.types import Document
from service.articles.encodings import Unreadable, decode
from service.articles.sources import Context, Failure, read_whole

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

_CHARSET = re.compile(rb"""<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_POINTER = re.compile(  # what stands before a link to another article
    r"[\W_]*(?:[اإ]قرأ|[اإ]قرئي|شاهد|شاهدي|طالع|تابع)[ \u00a0]+(?:أيضا|أيضًا|ايضا|ايضًا|أيضاً|ايضاً|المزيد)[\W_]*"
    r"|[\W_]*(?:مواضيع|مقالات|أخبار|اخبار)?[ \u00a0]*ذات[ \u00a0]+صلة[\W_]*"
)
_LINE_END = re.compile(r"(?:(?<![ \t])[ \t]++)?+\n[ \t]*+")  # each run of blanks is tried once
BLOCKS = "p|div|h[1-6]|ul|ol|li|dl|table|article|section|main|header|blockquote|figure|html|head|body|meta"
_BLOCK = re.compile(rf"(?:{BLOCKS}|tr|dt|dd|figcaption|pre|form|nav|footer|aside|title)")
_UNSEEN = ("script", "style", "noscript", "template", "head", "iframe", "object", "svg", "textarea", "select")
_LINES = re.compile(r"(?:(?<![^\S\n])[^\S\n]++)?+\n[^\S\n]*+")  # as above
_BLANK = re.compile(r"\n[ \t\r]*\n")
MOST = 2_000_000  # characters of Markdown; what it costs grows with the square of its paragraphs' length
_FRONT = re.compile(r"\ufeff?---\r?\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)  # settings above Markdown
_FRONT_TITLE = re.compile(r"^title:[ \t]*(['\"]?)(.+?)\1[ \t]*$", re.MULTILINE)


def read_txt(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """A text file is one article; its id is its name. Line ends stay as they are: offsets count them."""
    text = decoded(read_whole(stream), ctx)
    yield Document(ctx.name, text) if text.strip() else Failure(ctx.name, "holds no text")


def decoded(data: bytes, ctx: Context, said: str | None = None) -> str:
    """A whole file's text; `said` is the encoding that it says it has. Raises Unreadable."""
    text, encoding = decode(data, ctx.encoding, said)
    ctx.tell(encoding)
    return text


def declared(data: bytes) -> str | None:
    """The encoding that a page says it has."""
    found = _CHARSET.search(data[:4096])
    return found[1].decode("ascii", "replace") if found else None


def read_md(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """A Markdown file without its marks, pictures and addresses; a first heading, or the title above all, is its
    title."""
    from markdown_it import MarkdownIt

    source = decoded(read_whole(stream), ctx)
    front = _FRONT.match(source)
    titled = _FRONT_TITLE.search(front[1] or "") if front else None
    if len(source) > MOST or max(map(len, _BLANK.split(source))) > MOST // 40:
        told = f"a paragraph of more than {MOST // 40:,} characters, or more than {MOST:,} in all"
        raise Unreadable(f"is no article in Markdown: it has {told}")
    page = MarkdownIt("commonmark").enable("table").render(source[front.end() :] if front else source)
    blocks = [block for block in all_of(page).split("\n\n") if block]
    title = titled[2] if titled else None
    if not title and len(blocks) > 1 and re.match(r"\s*<h[12]>", page):
        title, *blocks = blocks
    text = "\n\n".join(blocks)
    yield Document(ctx.name, text, title) if text else Failure(ctx.name, "holds no text")


def read_html(stream: BinaryIO, ctx: Context) -> Iterator[Document | Failure]:
    """The article of a page, with its title and address; menus, comments and related links are left out."""
    import trafilatura
    from trafilatura.settings import use_config

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it has to say is in our failure
    data = read_whole(stream)
    tree = trafilatura.load_html(decoded(data, ctx, declared(data)))
    if tree is None:
        raise Unreadable("is no HTML")
    links = _tidied(tree)
    config = use_config()
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "40"  # else all that is on a page of a few sentences is one paragraph
    found = trafilatura.bare_extraction(tree, include_comments=False, with_metadata=True, config=config)
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
            yield from row([list(_blocks(cell)) for cell in child])
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
    if text := _LINE_END.sub("\n", "".join(pieces)).strip():
        yield text


def row(cells: list[list[str]]) -> Iterator[str]:
    """A row of a table, given the paragraphs of its cells: one line with tabs, or else a paragraph each."""
    texts = list(chain(*cells))
    if all(len(cell) <= 1 for cell in cells) and texts:
        yield "\t".join(texts)
    else:
        yield from texts


def all_of(page: str) -> str:
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
