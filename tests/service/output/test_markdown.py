import re
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.checks.fidelity import FLAGS
from service.output.markdown import escaped, write_pages
from service.output.remarks import queried
from tests.conftest import cases
from tests.outputs import GOLDEN, contents, stored

pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")
from markdown_it import MarkdownIt

ATTACKS = cases("markdown-attacks")


def renderer():
    """As forgiving as a renderer gets: raw HTML, tables, and bare addresses as links."""
    return MarkdownIt("gfm-like", {"html": True, "linkify": True})


def shown(markdown):
    """(the text that a reader sees, the tags of the HTML)."""
    html = renderer().render(markdown)
    tags = re.findall(r"<(/?\w+)", html)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split()), set(tags)


def written(tmp_path, records):
    write_pages(tmp_path, records)
    return {path: data.decode() for path, data in contents(tmp_path).items()}


def test_pages_are_as_they_were(tmp_path):
    write_pages(tmp_path, stored())
    assert contents(tmp_path) == contents(GOLDEN / "digests")


def test_a_page_has_everything(tmp_path):
    record = stored()[1]
    (page,) = (text for path, text in written(tmp_path, [record]).items() if path != "index.md")
    text, _ = shown(page)
    for sentence in record["translation"]["sentences"]:
        assert f"[{sentence['index'] + 1}] {queried(sentence)}" in text
        assert sentence["source"] in text
        assert all(FLAGS[flag] in text for flag in sentence["flags"] if flag != "contrast")
        if both := sentence["contrast"]:
            assert f"It says “{both['said']}”; a second model finds “{both['instead']}” more probable." in text
    for sentence in record["brief"]["sentences"]:
        assert (
            f"[{sentence['sources'][0] + 1}] {queried(record['translation']['sentences'][sentence['sources'][0]])}"
            in text
        )
    assert record["title"]["text"] in text and record["title"]["source"] in text
    assert f"Note on the title: {FLAGS['numbers']}" in text
    assert record["signature"] in text and record["model"]["version"] in text
    assert f"Doubtful sentences: {len(record['translation']['sentences'])} of" in text and "(?)" in text


def test_the_models_warning_is_shown_or_else_a_general_one(tmp_path):
    record = stored()[0]
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    assert all("A machine wrote the English" in page for page in written(tmp_path / "one", [record]).values())
    record["model"]["warning"] = "Poor *model*."
    assert all("Poor \\*model\\*." in page for page in written(tmp_path / "two", [record]).values())


def test_a_generated_brief_says_so_and_shows_every_source(tmp_path):
    record = stored()[1]
    record["brief"]["sentences"] = [{"text": "A summary.", "sources": [0, 2], "exact": False}]
    record["brief"]["notes"] = [{"kind": "dropped", "text": "Nine died.", "reason": "A number has no source"}]
    text = shown(written(tmp_path, [record])["news.jsonl_04.md"])[0]
    first, third = (record["translation"]["sentences"][i]["source"] for i in (0, 2))
    assert "[1] [3] A summary. Note: Written by the summariser" in text
    assert f"Note on [1]: {FLAGS['numbers']}" in text and "A summary. " in text and f"[1] {first} [3] {third}" in text
    assert "Note on the brief: A number has no source: “Nine died.”" in text


def test_what_is_no_translation_stands_once(tmp_path):
    record = stored()[0]
    for sentence, source, flag in zip(
        record["translation"]["sentences"], ("BBC 2024", "نص لم يترجم"), ("copied", "untranslated"), strict=False
    ):
        sentence |= {"source": source, "text": source, "flags": [flag]}
    record["brief"]["sentences"] = []
    text = shown(written(tmp_path, [record])["news.jsonl_01.md"])[0]
    assert text.count("BBC 2024") == 1 and text.count("نص لم يترجم") == 1
    assert f"[2] Warning: {FLAGS['untranslated']}" in text


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_article_puts_nothing_but_text_into_a_page(tmp_path, attack):
    record = stored()[0]
    plain = "أ " + " ".join(attack.split())
    for holder in (record["title"], *record["translation"]["sentences"]):
        holder["source"] = "أ " + attack
        holder["text"] = attack
    record["title"]["source"] = attack
    record["brief"]["sentences"] = [{"text": attack, "sources": [0], "exact": True}]
    record["brief"]["notes"] = [{"kind": "x", "text": attack, "reason": attack}]
    record |= {"id": attack, "file": attack, "model": {**record["model"], "warning": attack}}
    pages = written(tmp_path, [record])
    (name,) = set(pages) - {"index.md"}
    text, tags = shown(pages[name])
    assert text.count(plain) >= 1 + 5  # brief, sentences
    assert {tag.strip("/") for tag in tags} <= set("h1 h2 p div strong ul li blockquote hr code pre".split())
    assert len(re.findall("<div", renderer().render(pages[name]))) == 7
    text, tags = shown(pages["index.md"])
    assert {tag.strip("/") for tag in tags} <= {"h1", "p", "strong", "ul", "li", "a", "code"}
    (link,) = re.findall('<a href="([^"]*)"', renderer().render(pages["index.md"]))
    assert ":" not in link and text.count(" ".join(attack.split())) >= 2


def test_no_html_at_all_still_shows_only_text(tmp_path):
    record = stored()[0]
    for sentence, attack in zip(record["translation"]["sentences"], ATTACKS, strict=False):
        sentence["source"] = "أ " + attack
    html = MarkdownIt("gfm-like", {"html": False}).render(written(tmp_path, [record])["news.jsonl_01.md"])
    assert not re.search("<(a|img|script|b|table|div)[ >]", html) and "evil.example" in html


def test_the_index_links_to_every_page(tmp_path):
    records = [{**stored()[0], "id": key} for key in ("a b/c (1).txt", "تقرير #1 & 50%", "x`y")]
    pages = written(tmp_path, records)
    links = re.findall(r"\]\(([^)]*)\)", pages["index.md"])
    from urllib.parse import unquote

    assert [unquote(link) for link in links] == ["a b/c (1).txt.md", "تقرير #1 & 50%.md", "x`y.md"]
    assert {*map(unquote, links), "index.md"} == set(pages)


@given(st.text(alphabet=r"""\`*_{}[]()<>#+-.!|~$^&;:/@="' aZ1م""", max_size=30) | st.text(max_size=30))
@example("a.com")
@example("http://a.b")
def test_escaped_text_is_shown_as_it_is(text):
    text = re.sub("[\x00-\x1f\x7f-\x9f\u202d\u202e\ufdd0-\ufdef\ufffe\uffff\ufffd]", " ", text)
    html = renderer().render(f"**[1]** {escaped(text)} .")
    assert html.startswith("<p><strong>[1]</strong> ") and not re.search("<(?!/?(p|strong)>)", html)
    inside = html.removeprefix("<p><strong>[1]</strong> ").removesuffix("</p>\n")
    assert " ".join(unescape(inside).split()) == " ".join(f"{text} .".split())


def test_what_nobody_sees_is_shown():
    assert shown(escaped("a\x00b\u202ec")) == ("a[U+0000]b[U+202E]c", {"p", "/p"})
