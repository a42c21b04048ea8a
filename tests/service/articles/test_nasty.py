"""Inputs that break services. None may give a 5xx or a traceback, and what is accepted must come back whole."""

from __future__ import annotations

import json

import pytest

ARABIC = "وصلت القافلة إلى المخيم."
DEEP = "[" * 100_000 + "]" * 100_000

TEXTS = {
    "empty": "",
    "space": " ",
    "white space of all kinds": " \t\r\n\u00a0\u2003\u3000\u2028",
    "zero width only": "\u200b\u200c\u200d\ufeff",
    "bidi marks only": "\u202b\u202c\u2067\u2069",
    "1 MB of one letter": "ا" * 1_000_000,
    "200,000 of one letter": "ا" * 200_000,
    "no spaces": ARABIC.replace(" ", "") * 20,
    "one letter": "ا",
    "one letter a word": "ا " * 400,
    "a full stop": ".",
    "full stops": "." * 5_000,
    "Arabic question marks": "؟" * 300,
    "commas": "،" * 300 + "ا",
    "digits": "1234567890",
    "Arabic-Indic digits": "١٢٣٤٥٦٧٨٩٠",
    "a 4,300-digit number": "ا " + "9" * 4_400,
    "emoji": "😀👩‍👩‍👧‍👦🇵🇸",
    "Arabic and emoji": f"😀 {ARABIC} 🇸🇾",
    "a NUL": f"{ARABIC}\0{ARABIC}",
    "NULs only": "\0\0\0",
    "control characters": f"\x01\x02\x1b[31m{ARABIC}\x7f\x85",
    "a lone high surrogate": f"{ARABIC}\ud83d",
    "a lone low surrogate": f"\ude00{ARABIC}",
    "surrogates the wrong way round": "\ude00\ud83d",
    "a noncharacter": f"\uffff{ARABIC}\ufdd0",
    "private use": "\ue000\uf8ff" + ARABIC,
    "mixed directions": f"\u202e{ARABIC}\u202c abc \u2067{ARABIC}\u2069",
    "Latin": "The convoy arrived.",
    "Cyrillic": "Прибыл конвой.",
    "Hebrew": "השיירה הגיעה.",
    "Chinese": "车队到了。",
    "Persian": "کاروان به اردوگاه رسید.",
    "Urdu": "قافلہ کیمپ پہنچ گیا۔",
    "presentation forms": "ﻭﺻﻠﺖ ﺍﻟﻘﺎﻓﻠﺔ",
    "ligatures": "ﷺ ﷲ ﷼",
    "fully vowelled": "وَصَلَتِ الْقَافِلَةُ إِلَى الْمُخَيَّمِ.",
    "diacritics only": "\u064b\u064c\u064d\u0651",
    "5,000 diacritics on a letter": "ب" + "\u064e" * 5_000,
    "tatweel": "وصـــــــــــلت" + "ـ" * 500,
    "HTML": f"<p onclick=\"alert(1)\">{ARABIC}</p><script>alert(1)</script>",
    "HTML entities": f"&lt;script&gt; {ARABIC} &amp;#x202e;",
    "SQL": f"'; DROP TABLE brief; -- {ARABIC}",
    "a template": f"{{{{ 7 * 7 }}}} {{% raw %}} ${{x}} {ARABIC}",
    "format marks": f"%s %n {{0}} {ARABIC}",
    "control pieces": f"</s> <s> <unk> <pad> <bt> >>eng<< ▁ {ARABIC}",
    "CRLF and CR": f"{ARABIC}\r\n\r\n{ARABIC}\r{ARABIC}",
    "line and paragraph separators": f"{ARABIC}\u2028{ARABIC}\u2029{ARABIC}",
    "3,000 blank lines": f"{ARABIC}" + "\n" * 3_000 + ARABIC,
    "300 one-word lines": "سلام\n" * 300,
    "40,000 one-word lines": "سلام\n" * 40_000,
    "a sentence of 1,000 words": "قافلة " * 1_000,
    "the same sentence 300 times": ARABIC * 300,
    "a URL": f"https://example.org/{'ا' * 300} {ARABIC}",
    "a path": f"../../etc/passwd {ARABIC}",
    "quotes": f"«»“”\"'`{ARABIC}",
    "JSON in the text": json.dumps({"text": ARABIC}),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_nasty_texts(client, name):
    text = TEXTS[name]
    answer = client.post("/api/v1/briefs", data=json.dumps({"text": text}), content_type="application/json")
    assert answer.status_code in (201, 413, 422), answer.get_data(as_text=True)[:500]
    value = json.loads(answer.get_data())
    assert "Traceback" not in answer.get_data(as_text=True)
    if answer.status_code == 201:
        sentences = value["translation"]["sentences"]
        outside, at = [], 0
        for sentence in sentences:
            assert text[sentence["start"] : sentence["end"]] == sentence["source"] and sentence["text"]
            outside.append(text[at : sentence["start"]])
            at = sentence["end"]
        assert "".join([*outside, text[at:]]).strip() == "", "all but white space is in a sentence"
        assert client.get(f"/api/v1/briefs/{value['id']}").get_json() == value
        assert client.get(f"/briefs/{value['id']}").status_code == 200
    else:
        assert answer.mimetype == "application/problem+json" and value["detail"]


BODIES = {
    "nothing": b"",
    "not JSON": b"{",
    "a NUL byte": b"\0",
    "deep arrays": DEEP.encode(),
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "deep text": b'{"text": ' + DEEP.encode() + b"}",
    "a number": b"5",
    "a string": b'"text"',
    "null": b"null",
    "an array": b'[{"text": "x"}]',
    "NaN": b'{"text": NaN}',
    "a huge number": b'{"text": 1e999}',
    "a number of 5,000 digits": b'{"text": ' + b"9" * 5_000 + b"}",
    "null text": b'{"text": null}',
    "text in an array": b'{"text": ["x"]}',
    "text in an object": b'{"text": {"text": "x"}}',
    "a duplicate key": '{"text": "x", "text": "قافلة"}'.encode(),
    "UTF-8 with a BOM": b"\xef\xbb\xbf" + '{"text": "قافلة"}'.encode(),
    "UTF-16": '{"text": "قافلة"}'.encode("utf-16"),
    "Windows-1256": '{"text": "قافلة"}'.encode("windows-1256"),
    "cut in mid-character": '{"text": "قافلة"}'.encode()[:14],
    "overlong UTF-8": b'{"text": "\xc0\xaf"}',
    "an escaped lone surrogate": b'{"text": "\\ud83d \\u0642"}',
    "a lone surrogate in a field": '{"text": "قافلة", "title": "\\ud83d"}'.encode(),
    "sentences as a float": '{"text": "قافلة", "sentences": 1.5}'.encode(),
    "sentences beyond bounds": b'{"text": "\xd9\x82", "sentences": 99999999999999999999999}',
    "a title of 2,000 characters": json.dumps({"text": ARABIC, "title": "ع" * 2_000}).encode(),
    "a title of nothing but spaces": json.dumps({"text": ARABIC, "title": " \n"}).encode(),
    "a title that is no Arabic": json.dumps({"text": ARABIC, "title": "Convoy"}).encode(),
    "an unknown field of 100,000 characters": json.dumps({"text": ARABIC, "x" * 100_000: 1}).encode(),
    "a body over the limit": b'{"text": "' + b"x" * 3_000_000 + b'"}',
}


@pytest.mark.parametrize("name", BODIES)
def test_nasty_bodies(client, name):
    answer = client.post("/api/v1/briefs", data=BODIES[name], content_type="application/json")
    assert answer.status_code in (201, 400, 413, 422), answer.get_data(as_text=True)[:500]
    assert "Traceback" not in answer.get_data(as_text=True)
    if answer.status_code != 201:
        assert answer.mimetype == "application/problem+json" and json.loads(answer.get_data())["detail"]


@pytest.mark.parametrize(
    "name", ["empty", "a lone high surrogate", "1 MB of one letter", "Latin", "HTML", "a NUL", "emoji"]
)
def test_nasty_forms(client, name):
    body = TEXTS[name].encode("utf-8", "surrogatepass")
    answer = client.post("/", data={"text": body, "title": "", "url": "", "sentences": "3", "summarizer": "extractive"})
    assert answer.status_code in (303, 400, 413, 422)
    if answer.status_code == 303:
        page = client.get(answer.headers["Location"])
        assert page.status_code == 200 and "<script>alert(1)" not in page.get_data(as_text=True)


@pytest.mark.parametrize(
    "texts", [[], [""], ["قافلة", ""], ["قافلة", 5], [["قافلة"]], "قافلة", ["قافلة"] * 500, ["ا" * 150_000] * 2, [None]]
)
def test_nasty_arrays(client, texts):
    answer = client.post("/api/v1/translations", json={"texts": texts})
    assert answer.status_code in (200, 413, 422)


def test_a_text_wrong_among_many_is_named(client):
    problem = client.post("/api/v1/translations", json={"texts": [ARABIC, "x", ""]})
    assert [error["field"] for error in json.loads(problem.get_data())["errors"]] == ["texts.1", "texts.2"]
