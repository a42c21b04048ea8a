"""Subtitles in English: cues and times stay as they are, whatever was said in them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import InputError
from models.text.segment import split_sentences
from service.articles.encodings import Unreadable
from service.articles.formats.subtitles import cues, said
from service.output.subtitles import laid_back, shared

SRT = """1
00:01:10,000 --> 00:01:12,500
<i>حين وصلت القافلة أدركت</i>

2
00:01:12,600 --> 00:01:14,900
\u202bأن الطريق كان
مغلقا أمام 25 شاحنة.\u202c

3
00:01:15,000 --> 00:01:16,000
- هل أنت متأكدة؟
- لا.

4
00:01:17,000 --> 00:01:18,000
{\\an8}♪

5
00:01:19,000 --> 00:01:20,000 X1:40
<font color="red">ثم</font> عدنا إلى المدينة
"""
SAID = "حين وصلت القافلة أدركت أن الطريق كان مغلقا أمام 25 شاحنة.\n\nهل أنت متأكدة؟\n\nلا.\n\nثم عدنا إلى المدينة"
ENGLISH = """1
00:01:10,000 --> 00:01:12,500
<i>When the convoy came I realised</i>

2
00:01:12,600 --> 00:01:14,900
that the road was closed to 25 lorries.

3
00:01:15,000 --> 00:01:16,000
- Are you sure?
- No.

4
00:01:17,000 --> 00:01:18,000
{\\an8}♪

5
00:01:19,000 --> 00:01:20,000 X1:40
Then we went back to the city
"""
TOLD = [
    "When the convoy came I realised that the road was closed to 25 lorries.",
    "Are you sure?",
    "No.",
    "Then we went back to the city",
]


def records(article: str, told: list[str]) -> list[dict]:
    """Sentences as the pipeline gives them, with this English."""
    found = split_sentences(article)
    return [{"start": s.start, "end": s.end, "source": s.text, "text": t} for s, t in zip(found, told, strict=True)]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_sentence_over_two_cues_is_whole_and_comes_back_over_both(end):
    text = SRT.replace("\n", end)
    article, _ = said(cues(text))
    assert article == SAID
    assert laid_back(text, records(article, TOLD)) == ENGLISH.replace("\n", end)


def test_webvtt_keeps_its_header_notes_settings_voices_and_entities():
    vtt = "WEBVTT - x\n\nNOTE 1 < 2\n\nSTYLE\n::cue {}\n\nintro\n00:10.000 --> 00:12.000 align:end\n"
    vtt += "<v سارة>قالت &lt;نعم&gt;.</v>\n"
    article, _ = said(cues(vtt))
    assert article == "قالت <نعم>."
    wanted = vtt.replace("قالت &lt;نعم&gt;.", "She said &lt;yes&gt; &amp; left.")
    assert laid_back(vtt, records(article, ["She said <yes> & left."])) == wanted


# (what is told, the Arabic letters in each cue, what each gets)
SHARES = [
    ("a", [5], ["a"]),
    ("one two three four", [9, 9], ["one two", "three four"]),
    ("When he came, they all left", [10, 12], ["When he came,", "they all left"]),
    ("one two", [1, 1, 1], ["one", "two", ""]),
    ("", [3, 4], ["", ""]),
    ("one two three", [1, 1, 100], ["one", "two", "three"]),
]


@pytest.mark.parametrize(("english", "shares", "parts"), SHARES)
def test_words_are_shared_out_as_the_arabic_is(english, shares, parts):
    assert shared(english, shares) == parts


@given(
    st.lists(st.text("abc,.", min_size=1, max_size=9), max_size=30),
    st.lists(st.integers(1, 60), min_size=1, max_size=9),
)
def test_no_word_is_lost_or_moved(words, shares):
    parts = shared(" ".join(words), shares)
    assert len(parts) == len(shares) and " ".join(parts).split() == words
    assert all(parts[: len(words)])


PIECES = [
    "1",
    "00:00:01,000 --> 00:00:02,000",
    "00:02.5 --> 00:03.5 align:end",
    "",
    "نعم.",
    "- لا",
    "<i>ربما",
    "x",
    "WEBVTT",
]


@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from(["\n", "\r\n"]))
def test_times_and_what_is_no_word_stay_whatever_the_file(lines, end):
    text = end.join(lines)
    try:
        article, pieces = said(cues(text))
    except Unreadable:
        assert not any("-->" in line for line in lines)
        return
    assert all(article[piece.start : piece.end].strip() for piece in pieces)
    back = laid_back(text, records(article, [s.text for s in split_sentences(article)]))
    assert re.findall(".*-->.*", back) == re.findall(".*-->.*", text)
    assert said(cues(back))[0].split() == article.split()


def test_a_file_that_has_changed_meanwhile_is_not_written():
    article, _ = said(cues(SRT))
    with pytest.raises(InputError, match="has changed"):
        laid_back(SRT.replace("وصلت", "عادت"), records(article, TOLD))
