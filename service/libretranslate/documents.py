"""Word and OpenDocument files, whose paragraphs are written anew in English: the rest of the file stays.

A paragraph becomes a piece of HTML and is translated as such: its formatted words and links are elements, what is no
text (pictures, notes, fields) stands in it as an image, tabs and line breaks part sentences. Of the English the
paragraph is built again. Right-to-left becomes left-to-right.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.text.normalize import has_arabic
from service.articles.formats.archives import Package

if TYPE_CHECKING:
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_T = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_ALIKE = {f"{_W}{name}" for name in ("rtl", "lang", "rFonts", "cs")}  # differ from run to run without any intent
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PARTS = {  # that hold paragraphs or their direction, of each kind
    ".docx": re.compile(r"word/(?:document|styles|comments|(?:header|footer)\d*|footnotes|endnotes)\.xml"),
    ".odt": re.compile(r"(?:content|styles)\.xml"),
}
_MAIN = {".docx": "word/document.xml", ".odt": "content.xml"}
_TOKEN = re.compile(r'<(span|a|img|hr) n="(\d+)">|<(/)(?:span|a)>|([^<]+)')
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)


@dataclass(slots=True)
class _Paragraph:
    """A paragraph, what stands in its HTML as elements by their numbers, and that HTML."""

    element: _Element
    held: list[_Element] = field(default_factory=list)
    page: str = ""

    def mark(self, name: str, element: _Element) -> str:
        """The tag that stands for an element."""
        self.held.append(element)
        return f'<{name} n="{len(self.held) - 1}">'


def in_english(data: bytes, suffix: str, translated: Callable[[str], str]) -> bytes:
    """The file with its Arabic paragraphs in English. `translated` takes and gives HTML, and gets all of them at once;
    it keeps every <p>. Raises Unreadable."""
    from lxml import etree

    package = Package(data, f"{suffix} file")
    names = [member.filename for member in package.members if _PARTS[suffix].fullmatch(member.filename)]
    roots = {name: package.xml(name) for name in {*names, _MAIN[suffix]}}
    read, write = (_read_word, _write_word) if suffix == ".docx" else (_read_odt, _write_odt)
    found = [one for root in roots.values() for one in map(read, _paragraphs(root)) if has_arabic(one.page)]
    pages = _PARAGRAPH.findall(translated("".join(f"<p>{one.page}</p>" for one in found)))
    for one, page in zip(found, pages, strict=True):
        write(one, page)
    for root in roots.values():
        (_word_direction if suffix == ".docx" else _odt_direction)(root)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for member in package.members:
            root = roots.get(member.filename)
            held = (
                package.read(member) if root is None else etree.tostring(root, xml_declaration=True, encoding="UTF-8")
            )
            written.writestr(member, held)
    return out.getvalue()


def _paragraphs(root: _Element) -> Iterator[_Element]:
    return root.iter(f"{_W}p", f"{_T}p", f"{_T}h")


def _read_word(element: _Element) -> _Paragraph:
    made = _Paragraph(element)
    looks: Counter[bytes] = Counter()
    for run in element.iter(f"{_W}r"):
        looks[_look(run)] += sum(len(text.text or "") for text in run.findall(f"{_W}t"))
    usual = looks.most_common(1)[0][0] if looks else b""
    made.page = "".join(_word_inline(made, element, usual))
    usual_run = next((run for run in element.iter(f"{_W}r") if _look(run) == usual), None)
    if usual_run is not None:
        made.held.append(usual_run)  # last: how the words between the marked ones look
    return made


def _look(run: _Element) -> bytes:
    """How a run's words look, as something to compare."""
    from lxml import etree

    look = run.find(f"{_W}rPr")
    kept = (
        [] if look is None else [e for e in look if e.tag not in {f"{_W}{n}" for n in ("rtl", "lang", "rFonts", "cs")}]
    )
    return b"".join(etree.tostring(e, with_tail=False) for e in kept)


def _word_inline(made: _Paragraph, element: _Element, usual: bytes) -> Iterator[str]:
    for child in element:
        name = child.tag.removeprefix(_W) if isinstance(child.tag, str) else ""
        if name == "r":
            yield from _word_run(made, child, usual)
        elif name in ("hyperlink", "fldSimple"):
            yield made.mark("a", child) + "".join(_word_inline(made, child, usual)) + "</a>"
        elif name in ("ins", "moveTo", "smartTag", "sdt", "sdtContent"):
            yield from _word_inline(made, child, usual)
        elif name and name not in ("pPr", "proofErr", "sdtPr", "sdtEndPr"):
            yield made.mark("img", child)


def _word_run(made: _Paragraph, run: _Element, usual: bytes) -> Iterator[str]:
    names = {child.tag.removeprefix(_W) for child in run if isinstance(child.tag, str)} - {
        "rPr",
        "lastRenderedPageBreak",
    }
    if not names <= {"t", "tab", "br", "cr", "noBreakHyphen"}:
        yield made.mark("img", run)
        return
    for child in run:
        if child.tag == f"{_W}t" and child.text:
            words = html.escape(child.text, quote=False)
            yield words if _look(run) == usual else f"{made.mark('span', run)}{words}</span>"
        elif child.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
            yield made.mark("hr", child)


def _write_word(made: _Paragraph, page: str) -> None:
    from lxml import etree

    element = made.element
    properties = element.find(f"{_W}pPr")
    for child in list(element):
        if child is not properties:
            element.remove(child)
    places, looks = [element], [made.held[-1]]
    for name, number, closing, words in _TOKEN.findall(page):
        if closing:
            places.pop(), looks.pop()
        elif name in ("span", "a"):
            held = made.held[int(number)]
            if name == "a":
                held = places[-1].makeelement(held.tag, dict(held.attrib))
                places[-1].append(held)
            places.append(held if name == "a" else places[-1])
            looks.append(looks[-1] if name == "a" else made.held[int(number)])
        elif name == "img":
            places[-1].append(made.held[int(number)])
        else:
            run = etree.SubElement(places[-1], f"{_W}r")
            if (look := looks[-1].find(f"{_W}rPr")) is not None:
                run.append(deepcopy(look))
            if name == "hr":
                run.append(made.held[int(number)])
            else:
                told = etree.SubElement(run, f"{_W}t", {_SPACE: "preserve"})
                told.text = html.unescape(words)


def _word_direction(root: _Element) -> None:
    """Nothing runs from right to left any more. Without a direction, start and end are left and right."""
    for element in list(root.iter(*(f"{_W}{name}" for name in ("bidi", "rtl", "bidiVisual", "rtlGutter")))):
        parent = element.getparent()
        if parent is not None and element.tag != f"{_W}lang":
            parent.remove(element)


def _read_odt(element: _Element) -> _Paragraph:
    made = _Paragraph(element)
    made.page = "".join(_odt_inline(made, element))
    return made


def _odt_inline(made: _Paragraph, element: _Element) -> Iterator[str]:
    yield html.escape(element.text or "", quote=False)
    for child in element:
        name = child.tag.removeprefix(_T) if isinstance(child.tag, str) else ""
        if name in ("span", "a"):
            yield made.mark(name, child) + "".join(_odt_inline(made, child)) + f"</{name}>"
        elif name in ("tab", "line-break"):
            yield made.mark("hr", child)
        elif name == "s":
            yield " "
        elif name:
            yield made.mark("img", child)
        yield html.escape(child.tail or "", quote=False)


def _write_odt(made: _Paragraph, page: str) -> None:
    from lxml import etree

    element = made.element
    kept = dict(element.attrib)
    element.clear(keep_tail=True)
    element.attrib.update(kept)
    places = [element]
    for name, number, closing, words in _TOKEN.findall(page):
        if closing:
            places.pop()
        elif name in ("span", "a"):
            held = made.held[int(number)]
            places.append(etree.SubElement(places[-1], held.tag, dict(held.attrib)))
        elif name:
            made.held[int(number)].tail = None
            places[-1].append(made.held[int(number)])
        elif len(places[-1]):
            places[-1][-1].tail = (places[-1][-1].tail or "") + html.unescape(words)
        else:
            places[-1].text = (places[-1].text or "") + html.unescape(words)


def _odt_direction(root: _Element) -> None:
    for element in root.iter():
        for name, value in dict(element.attrib).items():
            if name.endswith("}writing-mode") and value.startswith("rl"):
                element.set(name, "lr-tb")
            elif name.endswith("}text-align") and value in ("end", "right"):
                element.set(name, "start")
