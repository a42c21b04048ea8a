"""Inputs that break services. None may give a 5xx or a traceback, and what is accepted must come back whole."""

from __future__ import annotations

import json

import pytest

from service.articles import pasted
from tests.conftest import cases, repeated

ARABIC = "وصلت القافلة إلى المخيم."

TEXTS = {name: repeated(parts) for name, *parts in cases("nasty")}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name.startswith("200,000") else name for name in TEXTS]
)
def test_nasty_texts(client, name):
    text = TEXTS[name]
    answer = client.post("/api/v1/briefs", data=json.dumps({"text": text}), content_type="application/json")
    assert answer.status_code in (201, 413, 422), answer.get_data(as_text=True)[:500]
    value = json.loads(answer.get_data())
    assert "Traceback" not in answer.get_data(as_text=True)
    if answer.status_code == 201:
        sentences = value["translation"]["sentences"]
        text = pasted.read(text)  # offsets count in what was read
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


BODIES = {name: repeated(parts).encode(encoding) for name, encoding, *parts in cases("nasty-bodies")}


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
    problem = client.post("/api/v1/translations", json={"texts": [ARABIC, " ", ""]})
    assert [error["field"] for error in json.loads(problem.get_data())["errors"]] == ["texts.1", "texts.2"]
