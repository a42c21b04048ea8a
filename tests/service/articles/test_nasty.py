"""Inputs that break services. None may give a 5xx or a traceback, and what is accepted must come back whole."""

from __future__ import annotations

import json

import pytest

from tests.conftest import cases, repeated

ARABIC = "وصلت القافلة إلى المخيم."
DEEP = "[" * 100_000 + "]" * 100_000

TEXTS = {name: repeated(parts) for name, *parts in cases("nasty")}


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
