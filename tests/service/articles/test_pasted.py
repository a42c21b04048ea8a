"""HTML in place of an article's text is read; whatever may be text with signs in it is left."""

from __future__ import annotations

import pytest

from service.articles.pasted import read
from tests import tiny

SENTENCES = [arabic for arabic, _ in tiny.trained_pairs()[:4]]
READ = [
    ("<p>قال &amp; <b>الوزير</b>.</p>\n<p>ثانيا<br>سطر</p><script>سر</script>", "قال & الوزير.\n\nثانيا\nسطر"),
    ("<div>أول<ul>\n<li>نص</li>\n<li>آخر\n نص</li></ul>ذيل</div>", "أول\n\nنص\n\nآخر نص\n\nذيل"),
    ("<!-- x --> <H2>عنوان</H2>نص <i>مائل</i> هنا", "عنوان\n\nنص مائل هنا"),
    ("<p>سلام < 5 و &lt;b&gt;", "سلام < 5 و <b>"),
    ("<html><body><p>سلام</p></body></html>", "سلام"),
]
LEFT = ["قال <b>الوزير</b>", "<b>عاجل</b> قال الوزير", "5 < 6 <p>", "<person>", "<", "<p", "<!-- <p> -->", "<meta>",
        "<!---->" * 5000 + "<b>", "<html></html>", "", "<p\0>سلام"]  # fmt: skip


@pytest.mark.parametrize(("page", "text"), READ)
def test_what_is_html_is_read(page, text):
    assert read(page) == text


@pytest.mark.parametrize("text", LEFT, ids=range(len(LEFT)))
def test_what_may_be_text_is_left(text):
    assert read(text) == text


def test_of_a_page_its_article_is_read():
    article = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    menu = "<nav><ul><li><a href='/'>الرئيسية</a></li><li><a href='/s'>رياضة</a></li></ul></nav>"
    text = read(f"<!doctype html><title>عنوان</title><body>{menu}<article><h1>عنوان</h1>{article}</article></body>")
    assert text == "\n\n".join(["عنوان", *SENTENCES])


@pytest.mark.parametrize("where", ["/api/v1/briefs", "/api/v1/translations"])
def test_both_endpoints_read_it(client, where):
    page = "".join(f"<p class='x'>{sentence}</p>" for sentence in SENTENCES)
    found = client.post(where, json={"text": page}).get_json()
    sentences = found.get("translation", found)["sentences"]
    assert [sentence["source"] for sentence in sentences] == SENTENCES
    assert client.post(where, json={"text": "<p class='سلام'>x</p>"}).status_code == 422


def test_the_form_reads_it_and_shows_what_was_typed(client):
    answer = client.post("/", data={"text": f"<p>{SENTENCES[0]}</p>", "sentences": "1"}, follow_redirects=True)
    assert "&lt;p&gt;" not in answer.get_data(as_text=True) and SENTENCES[0] in answer.get_data(as_text=True)
    wrong = client.post("/", data={"text": "<p>no Arabic</p>"})
    assert wrong.status_code == 422 and "&lt;p&gt;no Arabic&lt;/p&gt;" in wrong.get_data(as_text=True)
