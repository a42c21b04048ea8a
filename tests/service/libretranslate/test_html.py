"""HTML keeps its tags where they belong, and comes back no more dangerous than it went in."""

from __future__ import annotations

import re
from collections import Counter

import html5lib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.text.segment import has_arabic, split_sentences
from service.libretranslate.placing import Placing
from service.libretranslate.runs import runs
from tests import tiny

WORDS = {
    "قال الوزير إن الحكومة ستجتمع غدا.": "The minister said the government will meet tomorrow.",
    "ولم يحضر أحد.": "No one came.",
    "وصلت 40 شاحنة إلى حلب.": "40 trucks reached Aleppo.",
    "الحكومة": "The government",
    "حلب": "Aleppo",
    "وصلت": "Have arrived",
    "ستجتمع غدا": "They will gather",
    "يحضر": "Attends",
    "استخدم ls -l الآن.": "Use ls -l now.",
    "مرحبا": "Hello",
    "وصلت ٤٠ شاحنة إلى حلب.": "40 trucks reached Aleppo.",
}


def english(text: str) -> dict:
    """A record as the service gives it, of sentences out of WORDS."""
    sentences = split_sentences(text)
    return {"sentences": [{"start": s.start, "end": s.end, "text": WORDS[s.text]} for s in sentences]}


def translated(page: str, record=english, own=WORDS) -> str:
    return "".join(
        Placing(run, record(run.text), own).html() if has_arabic(run.text) else run.raw for run in runs(page)
    )


CASES = [
    # plain words, a name, a number: round their own English
    ("<p>قال الوزير إن <b>الحكومة</b> ستجتمع غدا.</p>",
     "<p>The minister said <b>the government</b> will meet tomorrow.</p>"),
    ('<p>وصلت 40 شاحنة إلى <a href="/?a=1&amp;b">حلب</a>.</p>',
     '<p>40 trucks reached <a href="/?a=1&amp;b">Aleppo</a>.</p>'),
    ("وصلت <i>40</i> شاحنة إلى حلب.", "<i>40</i> trucks reached Aleppo."),
    ("وصلت <i>٤٠</i> شاحنة إلى <u>حلب</u>.", "<i>40</i> trucks reached <u>Aleppo</u>."),
    # no certain place: round the sentence
    ("<b>وصلت</b> 40 شاحنة إلى <u>حلب</u>.", "<b>40 trucks reached <u>Aleppo</u>.</b>"),
    ("قال الوزير إن الحكومة <b>ستجتمع غدا</b>. ولم يحضر أحد.",
     "<b>The minister said the government will meet tomorrow.</b> No one came."),
    # a whole sentence, several, and what is in them
    ("<span>قال الوزير إن <a href=1>الحكومة</a> ستجتمع غدا. ولم يحضر أحد.</span>",
     "<span>The minister said <a href=1>the government</a> will meet tomorrow. No one came.</span>"),
    ("<b><i>ولم يحضر أحد.</i></b>", "<b><i>No one came.</i></b>"),
    ("قال الوزير إن الحكومة <em>ستجتمع غدا. ولم يحضر</em> أحد.",
     "<em>The minister said the government will meet tomorrow. No one came.</em>"),
    # a second link without a certain place: behind the sentence, never in the first
    ('قال الوزير إن الحكومة <a href="1">ستجتمع غدا</a>. ولم <a href="2">يحضر</a> أحد.',
     '<a href="1">The minister said the government will meet tomorrow.</a> <a href="2">No one came.</a>'),
    ('<a href="1">وصلت</a> 40 شاحنة إلى <a href="2">حلب</a>.',
     '40 trucks reached <a href="2">Aleppo</a>. <a href="1">Have arrived</a>'),
    # what is left as it is
    ("استخدم <code>ls -l</code> الآن.", "Use <code>ls -l</code> now."),
    ('وصلت 40 شاحنة إلى <span translate="no"><b>حلب</b></span>.',
     '40 trucks reached <span translate="no"><b>حلب</b></span>.'),
    ("<pre>مرحبا <b></pre><style>p:after{content:'مرحبا'}</style>مرحبا",
     "<pre>مرحبا <b></pre><style>p:after{content:'مرحبا'}</style>Hello"),
    ('<script>if (a<b) say("مرحبا")</script><p>مرحبا</p>', '<script>if (a<b) say("مرحبا")</script><p>Hello</p>'),
    ("<title>مرحبا</title><svg><path d='M0'/></svg><!-- مرحبا --><p title='مرحبا'>مرحبا",
     "<title>Hello</title><svg><path d='M0'/></svg><!-- مرحبا --><p title='مرحبا'>Hello"),
    ("<!doctype html>\n<ul>\n <li>مرحبا</li>\n <li>A &amp; B &lt;</li></ul>",
     "<!doctype html>\n<ul>\n <li>Hello</li>\n <li>A &amp; B &lt;</li></ul>"),
    # images and empty elements stay before or behind
    ("<img src=a>ولم <i class=x></i>يحضر أحد.<img src=b>", "<img src=a>No one came.<i class=x></i><img src=b>"),
    # line ends are blanks, entities are read
    ("ولم\n   يحضر&#32;أحد.", "No one came."),
    # crossed and lost tags stay where they are
    ("<b>مرحبا<i>مرحبا</b>مرحبا</i>", "<b>Hello<i>Hello</b>Hello</i>"),
    ("<b>مرحبا<br>مرحبا</b>", "<b>Hello<br>Hello</b>"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "told"), CASES)
def test_each_tag_has_its_place(page, told):
    assert translated(page) == told


HOSTILE = [
    "&lt;script&gt;alert(1)&lt;/script&gt; سلام",
    "<p>سلام <img src=x onerror='alert(1)'",
    "<svg><style><!--</style> سلام --><a title='--><img src=x onerror=a>'>",
    "<svg><![CDATA[</svg> سلام ]]><a title=']]><img src=x onerror=a>'>",
    "<select><style><a title='</style> سلام '><img src=x onerror=a>",
    "<noscript><!--</noscript> سلام --><a title='--><img src=x onerror=a>'>",
    "<script><!--<script></script> سلام --></script><img>",
    "<math><mtext><table><mglyph><style><!--</style> سلام <img title='--><img src=x onerror=a>'>",
    "<a <a <a سلام " * 50,
    "<b>" * 3000 + "سلام" + "</b>" * 3000,
    "<i>سلام</i> " * 1000,
]


@pytest.mark.parametrize("page", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_pages_gain_nothing(page):
    assert_no_worse(page, translated(page, dangerous, {}))


def dangerous(text: str) -> dict:
    """The worst that a model could write."""
    worst = "Said \"x\" 'y' <img src=q onerror=alert(9)> --> ]]> </script> </style> end"
    return {"sentences": [{"start": s.start, "end": s.end, "text": worst} for s in split_sentences(text)]}


def what_is_in(page: str, scripting: bool) -> set:
    """The elements of a page and their attributes, as a browser finds them."""
    tree = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree")).parseFragment(page, scripting=scripting)
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    return {(e.tag, str(name), value) for e in elements for name, value in [("", ""), *e.attrib.items()]}


def assert_no_worse(page: str, written: str) -> None:
    for scripting in (False, True):
        assert what_is_in(written, scripting) <= what_is_in(page, scripting)


PIECES = [
    *"<p> </p> <b> </b> </a> </i> سلام قال < > \" ' &lt; &quot; &amp; & <!-- --> --!> <![CDATA[ ]]> </ <!x".split(),
    *"<?x = / a </>".split(),
    *"<script> </script> <style> </style> <svg> </svg> <math> <path/> <title> </title> <noscript> </noscript>".split(),
    *"<select> </select> <textarea> </textarea> <br> <xmp> </xmp> <code> </code> </span> <desc> <table> <td>".split(),
    *"<plaintext> <iframe> </iframe> <template> <a\ttitle='".split(" "),
    *(
        '<a href="x>">',
        "<i title='\"'>",
        "<img src=x onerror=a>",
        '<a title="',
        '<span translate="no">',
        "</sCript >",
        " ",
    ),
]
broken = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


def assert_gains_nothing(page: str) -> None:
    assert "".join(run.raw for run in runs(page)) == page
    assert_no_worse(page, translated(page, dangerous, {}))


@settings(max_examples=200)
@given(broken)
def test_whatever_comes_gains_nothing(page):
    assert_gains_nothing(page)


@pytest.mark.slow
@settings(max_examples=4000)
@given(broken)
def test_4000_broken_pages_gain_nothing(page):
    assert_gains_nothing(page)


SENTENCES = st.sampled_from(
    [*[arabic for arabic, _ in tiny.trained_pairs()[:8]], "Plain words &amp; 7.", "سلام", "", " "]
)
INLINE = st.sampled_from(["b", "i", 'a href="/?q=1&amp;r=2"', "span class='x'", "em"])


def element(names, content):
    inside = st.lists(content, max_size=3).map("".join)
    return st.builds(lambda tag, inner: f"<{tag}>{inner}</{tag.split()[0]}>", names, inside)


inline = st.recursive(SENTENCES, lambda inner: element(INLINE, inner), max_leaves=6)
blocks = st.recursive(
    inline, lambda inner: element(st.sampled_from(["p", "div", "li", "blockquote lang='ar'"]), inner), max_leaves=10
)
TAG, BLOCK = re.compile(r"<[^>]*>"), re.compile("</?(?:p|div|li|blockquote)[ >]")


sound = st.lists(blocks, max_size=3).map("".join)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sound)
def test_every_tag_of_a_sound_page_comes_back_once_and_in_pairs(client, page):
    assert_kept(client, page)


@pytest.mark.slow
@settings(max_examples=1000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sound)
def test_every_tag_of_1000_sound_pages_comes_back(client, page):
    assert_kept(client, page)


def assert_kept(client, page: str) -> None:
    """All tags come back, those of blocks in their order, all in pairs, and none is new."""
    answer = client.post("/translate", json={"q": page, "source": "ar", "target": "en", "format": "html"})
    assert answer.status_code == 200
    written = answer.get_json()["translatedText"]
    assert Counter(TAG.findall(written)) == Counter(TAG.findall(page))
    told, sent = ([tag for tag in TAG.findall(html) if BLOCK.match(tag)] for html in (written, page))
    assert told == sent
    open_tags = []
    for tag in TAG.findall(written):
        if tag.startswith("</"):
            assert open_tags.pop() == tag[2:-1]
        else:
            open_tags.append(tag[1:-1].split()[0])
    assert not open_tags
    assert_no_worse(page, written)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(broken, st.text()), st.sampled_from(["html", "text"]), st.integers(0, 2))
def test_nothing_is_a_500(client, page, kind, alternatives):
    asked = {"q": page, "source": "ar", "target": "en", "format": kind, "alternatives": alternatives}
    assert client.post("/translate", data=asked).status_code == 200
