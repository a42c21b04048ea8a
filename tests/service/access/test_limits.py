"""Limits: what is over them is told when to come again, and counted for whoever sent it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests import tiny

TEXT = tiny.trained_pairs()[1][0]
ASKED = {"q": TEXT, "source": "ar", "target": "en"}
NONE = {"rate": "0", "rate_chars": "0", "at_once": "0"}


def told(answer) -> str:
    return json.loads(answer.get_data()).get("detail", "")


def test_requests_a_minute(made):
    client = made(**{**NONE, "rate": "3"})
    for left in (2, 1, 0):
        answer = client.get("/api/v1/summarizers")
        assert answer.status_code == 200 and f'"requests";r={left};t=' in answer.headers["RateLimit"]
        assert answer.headers["RateLimit-Policy"] == '"requests";q=3;w=60'
    over = client.get("/api/v1/summarizers")
    assert (over.status_code, over.mimetype) == (429, "application/problem+json")
    assert 1 <= int(over.headers["Retry-After"]) <= 60 and "3 requests a minute" in told(over)
    plain = client.post("/translate", json=ASKED)
    assert plain.status_code == 429 and set(plain.get_json()) == {"error"} and plain.headers["Retry-After"]
    assert client.get("/").status_code == 429
    for open_ in ("/healthz", "/readyz", "/health", "/static/site.css"):
        assert client.get(open_).status_code == 200, "not counted"


TEXTS = [
    ("/api/v1/briefs", {"json": {"text": TEXT}}, 201),
    ("/api/v1/translations", {"json": {"texts": [TEXT]}}, 200),
    ("/api/v1/translations", {"data": TEXT.encode(), "content_type": "text/plain"}, 200),
    ("/api/v1/checks", {"json": {"pairs": [{"arabic": TEXT[:-1], "english": "x"}]}}, 200),
    ("/translate", {"json": {**ASKED, "q": [TEXT]}}, 200),
    ("/detect", {"data": {"q": TEXT}}, 200),
    ("/", {"data": {"text": TEXT}}, 303),
    ("/api/v1/jobs", {"json": {"articles": [{"title": "س", "text": TEXT[:-1]}]}}, 202),
    ("/api/v1/jobs", {"data": {"title": "س", "text": TEXT[:-1]}}, 202),
]


@pytest.mark.parametrize(("path", "sent", "good"), TEXTS, ids=[f"{case[0]}-{i}" for i, case in enumerate(TEXTS)])
def test_characters_a_minute(made, path, sent, good):
    client = made(**{**NONE, "rate_chars": str(len(TEXT))})
    first = client.post(path, **sent)
    assert first.status_code == good and '"characters";r=0;' in first.headers["RateLimit"]
    over = client.post(path, **sent)
    assert over.status_code == 429 and over.headers["Retry-After"]
    assert client.get("/api/v1/summarizers").status_code == 200


def test_a_text_that_never_fits_is_not_told_to_come_again(made):
    client = made(**{**NONE, "rate_chars": str(len(TEXT) - 1)})
    for path, sent, _ in TEXTS[1:3]:
        over = client.post(path, **sent)
        assert over.status_code == 413 and "Retry-After" not in over.headers and "in a minute" in told(over)
    fits = client.post("/api/v1/translations", json={"text": TEXT[:-1]})
    assert fits.status_code == 200, "what was refused was not counted"


def test_requests_at_once(made):
    client = made(**{**NONE, "at_once": "1"})
    asked = {"json": {"texts": [TEXT] * 3}, "headers": {"Accept": "application/x-ndjson"}}
    begun = client.post("/api/v1/translations", **asked)  # a stream that nobody reads to its end
    over = client.get("/api/v1/summarizers")
    assert begun.status_code == 200 and over.status_code == 429 and over.headers["Retry-After"] == "1"
    begun.close()
    for _ in range(3):
        assert client.get("/api/v1/summarizers").status_code == 200, "one that hangs up has ended"
        assert client.get("/nothing").status_code == 404
    limiter = client.application.extensions["mujaz-limits"]
    assert not limiter._running


def test_of_many_at_once_no_more_are_let_in(made):
    client = made(**{**NONE, "rate": "20"})
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: client.application.test_client().get("/languages").status_code, range(50)))
    assert sorted(found) == [200] * 20 + [429] * 30


def test_each_key_has_its_own(made, keys):
    slow, usual = keys.make("slow", {"rate": 1}), keys.make("usual", {})
    client = made(open="0", **{**NONE, "rate": "2"})
    statuses = lambda token: [  # noqa: E731
        client.get("/api/v1/summarizers", headers={"X-API-Key": token}).status_code for _ in range(3)
    ]
    assert statuses(slow) == [200, 429, 429] and statuses(usual) == [200, 200, 429]


def test_each_address_has_its_own(made):
    client = made(**{**NONE, "rate": "1"})
    ask = lambda address: client.get("/languages", environ_base={"REMOTE_ADDR": address}).status_code  # noqa: E731
    assert [ask("10.0.0.1"), ask("10.0.0.2"), ask("10.0.0.1")] == [200, 200, 429]
    assert ask("::ffff:10.0.0.2") == 429, "the same address over IPv6"
    assert [ask("2001:db8:0:1::1"), ask("2001:db8:0:1:ffff::2"), ask("2001:db8:0:2::1")] == [200, 429, 200]


def test_on_loopback_there_are_none_and_elsewhere_those_that_are_stated(client, made):
    assert "RateLimit" not in client.get("/languages").headers
    away = made(host="0.0.0.0", open="1").get("/languages").headers["RateLimit-Policy"]
    assert away == '"requests";q=300;w=60, "characters";q=400000;w=60'
