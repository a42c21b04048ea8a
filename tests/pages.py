"""What the tests of the pages share: the sample article, and a reading of a page's HTML."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from service.web.pages import SAMPLE

VOID = {"link", "meta", "input", "br", "img", "hr"}


def sample() -> tuple[str, str]:
    """(title, text) of the sample article."""
    title, _, text = SAMPLE.read_text(encoding="utf-8").partition("\n")
    return title.strip(), text.strip()


@dataclass
class Element:
    """One element with its attributes, the elements in it and all text in it."""

    tag: str
    attributes: dict[str, str | None]
    text: str = ""
    inner: list[Element] = field(default_factory=list)


class Page(HTMLParser):
    """A parsed page; `elements` are in the order of their opening tags. Fails on tags that do not match."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert not self._open, f"never closed: {[element.tag for element in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.elements.append(element)
        for outer in self._open:
            outer.inner.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open and self._open[-1].tag == tag, f"</{tag}> closes {self._open[-1:]}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """The elements of this tag with these attributes (class_ for class, aria_label for aria-label)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [e for e in self.elements if e.tag == tag and wanted.items() <= e.attributes.items()]

    def one(self, tag: str, **attributes: str) -> Element:
        """The only such element."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} of <{tag}> {attributes}"
        return found[0]
