"""The numbers at /metrics, and the id of a request."""

from __future__ import annotations

import logging
import re

from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import article

TITLE, BODY = article("03")


def samples(client) -> dict[tuple[str, frozenset], float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200 and answer.mimetype == "text/plain"
    families = text_string_to_metric_families(answer.get_data(as_text=True))
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


def value(found, name, **labels) -> float:
    return found.get((name, frozenset(labels.items())), 0)


def test_what_is_done_is_counted(client):
    before = samples(client)
    brief = client.post("/api/v1/briefs", json={"text": BODY}).get_json()
    sentences = brief["translation"]["sentences"]
    client.post("/api/v1/briefs", json={"text": BODY})
    client.get("/api/v1/briefs/nothing")
    found = samples(client)
    route = {"endpoint": "/api/v1/briefs", "method": "POST"}
    assert value(found, "mujaz_requests_total", **route, status="201") == 2
    assert value(found, "mujaz_request_seconds_count", **route) == 2
    missing = {"endpoint": "/api/v1/briefs/<brief_id>", "method": "GET", "status": "404"}
    assert value(found, "mujaz_requests_total", **missing) == 1
    assert value(found, "mujaz_sentences_total") - value(before, "mujaz_sentences_total") == 2 * len(sentences)
    assert value(found, "mujaz_words_total") == 2 * sum(len(s["source"].split()) for s in sentences)
    assert value(found, "mujaz_memory_hits_total") >= len(sentences)
    flags = [flag for s in sentences for flag in s["flags"]]
    for flag in flags:
        assert value(found, "mujaz_flags_total", flag=flag) == 2 * flags.count(flag)
    assert value(found, "mujaz_ready") == 1 and value(found, "mujaz_queue_length") == 0
    (model,) = [dict(labels) for name, labels in found if name == "mujaz_model_info"]
    assert model["name"] == brief["model"]["name"] and model["version"] == brief["model"]["version"]


def test_while_the_model_is_loading(client, core):
    core._pipeline = None
    assert value(samples(client), "mujaz_ready") == 0


def test_no_text_key_or_address_is_in_a_label_or_in_the_log(client, caplog):
    caplog.set_level(logging.INFO)
    secret = "سرنا"
    client.post("/translate", data={"q": f"{secret} هنا", "source": "ar", "target": "en", "api_key": "k3y-k3y"})
    client.post("/translate", query_string={"q": secret, "source": secret, "target": "en", "api_key": "k3y-k3y"})
    client.get(f"/briefs?q={secret}")
    client.get(f"/{secret}/k3y-k3y")
    client.open("/healthz", method="K3Y-K3Y")
    told = client.get("/metrics").get_data(as_text=True) + "\n".join(record.getMessage() for record in caplog.records)
    assert 'endpoint="none"' in told and 'method="other"' in told and "POST /translate 200" in told
    for hidden in (secret, "k3y-k3y", "K3Y-K3Y", "127.0.0.1"):
        assert hidden not in told


def test_a_request_has_an_id(client, caplog):
    caplog.set_level(logging.INFO)
    own = client.get("/healthz", headers={"X-Request-ID": "abc-1.2_3"})
    assert own.headers["X-Request-ID"] == "abc-1.2_3" and "id=abc-1.2_3" in caplog.text
    for strange in ("", "a b", "x" * 65, "é", "a\tb"):
        made = client.get("/nothing", headers={"X-Request-ID": strange}).headers["X-Request-ID"]
        assert re.fullmatch("[0-9a-f]{32}", made)


def test_a_stream_is_counted_when_it_ends(client):
    with client.post("/api/v1/translations", json={"text": BODY}, headers={"Accept": "application/x-ndjson"}) as answer:
        assert answer.get_data()
    route = {"endpoint": "/api/v1/translations", "method": "POST"}
    assert value(samples(client), "mujaz_request_seconds_count", **route) == 1
