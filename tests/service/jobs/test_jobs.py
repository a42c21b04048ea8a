"""Long work through the real app with a small real model."""

from __future__ import annotations

import gzip
import io
import json

import pytest

from models.types import Document, Wish
from service import create_app
from service.jobs import events
from service.jobs.runner import SMALL
from service.store.jobs import Entry, Jobs
from service.surface import answers
from tests import tiny
from tests.conftest import HOLD, article
from tests.jobs import LIVE, ended, until

TITLE, BODY = article("03")
KNOWN = [arabic for arabic, _ in tiny.trained_pairs()]


@pytest.fixture
def runner(app):
    return app.extensions["mujaz.jobs"]


def posted(client, value):
    answer = client.post("/api/v1/jobs", json=value)
    assert answer.status_code == 202, answer.text
    return answer.headers["Location"]


def results(client, location):
    return client.get(f"{location}/results?limit=100").get_json()["results"]


def test_a_text_is_briefed_in_the_background_as_it_would_be_at_once(client):
    wanted = {"text": BODY, "title": TITLE, "url": "https://a.example/1", "sentences": 2}
    answer = client.post("/api/v1/jobs", json=wanted)
    job = ended(client, answer.headers["Location"])
    assert answer.status_code == 202 and answer.get_json()["id"] == job["id"]
    assert answers.Job.model_validate(job).model_dump(mode="json") == job
    assert job["state"] == "done" and job["progress"]["sentences_done"] == job["progress"]["sentences"] > 0
    (result,) = results(client, answer.headers["Location"])
    brief = client.get(f"/api/v1/briefs/{result['brief']['id']}").get_json()
    assert result["brief"] == answers.Brief.model_validate(brief).model_dump(mode="json") == brief
    at_once = client.post("/api/v1/briefs", json=wanted).get_json()
    changing = ("id", "created_at", "timing")
    assert [brief[name] for name in at_once if name not in changing] == [
        at_once[name] for name in at_once if name not in changing
    ]


def test_what_cannot_be_briefed_is_listed_and_the_rest_is_done(client):
    texts = [BODY, "ï»¿Ø§Ù„Ù…Ø¯ÙŠÙ†Ø© Ø§Ù„ÙƒØ¨ÙŠØ±Ø© ا", KNOWN[0]]
    location = posted(client, {"articles": [{"text": text} for text in texts]})
    job = ended(client, location)
    assert job["state"] == "done" and job["progress"]["failed"] == 1
    assert [(one["name"], "mojibake" in one["reason"]) for one in job["failures"]] == [("articles.1", True)]
    assert [bool(one["brief"]) for one in results(client, location)] == [True, False, True]


def test_files_of_all_kinds_at_once(client):
    lines = [json.dumps({"text": KNOWN[0]}), "{broken", json.dumps({"text": KNOWN[1], "title": TITLE})]
    files = {
        "../../etc/a.jsonl": "\n".join(lines).encode(),
        "b.TXT": f"{KNOWN[3]} {KNOWN[4]}".encode("cp1256"),
        "c.txt.gz": gzip.compress(KNOWN[2].encode()),
        "d.exe": b"MZ",
        "e.txt.gz": gzip.compress(b"0" * 2**26),
        "f.txt": b"Nothing in Arabic.",
    }
    parts = [(io.BytesIO(data), name) for name, data in files.items()]
    answer = client.post("/api/v1/jobs", data={"files": parts, "sentences": "1"}, content_type="multipart/form-data")
    assert answer.status_code == 202, answer.text
    job = ended(client, answer.headers["Location"])
    found = results(client, answer.headers["Location"])
    assert [one["name"] for one in found if one["brief"]] == ["a.jsonl:1", "a.jsonl:3", "b.TXT", "c.txt.gz"]
    briefs = [one["brief"] for one in found if one["brief"]]
    assert briefs[1]["title"]["source"] == TITLE and all(len(one["brief"]["sentences"]) == 1 for one in briefs)
    told = {one["name"]: one["reason"] for one in job["failures"]}
    assert list(told) == ["a.jsonl:2", "d.exe", "e.txt.gz", "f.txt"] and len(found) == 8
    assert "no kind" in told["d.exe"] and "MiB" in told["e.txt.gz"] and "Latin" in told["f.txt"]


WRONG = [
    ({"text": "No Arabic"}, "text"),
    ({"text": BODY, "articles": [{"text": BODY}]}, "body"),
    ({}, "body"),
    ({"articles": []}, "articles"),
    ({"articles": [{"text": BODY}, {"text": "x"}]}, "articles.1.text"),
    ({"articles": [{"text": BODY}], "title": "x"}, "body"),
    ({"text": BODY, "summarizer": "seq2seq"}, "summarizer"),
    ({"text": "Ø§Ù„Ù…Ø¯ÙŠÙ†Ø© Ø§Ù„ÙƒØ¨ÙŠØ±Ø© ا"}, "text"),
]


@pytest.mark.parametrize(("value", "field"), WRONG)
def test_a_wrong_request_is_refused_at_once_by_its_field(client, value, field):
    answer = client.post("/api/v1/jobs", json=value)
    assert answer.status_code == 422 and [one["field"] for one in answer.get_json()["errors"]] == [field]
    assert client.get("/api/v1/jobs").get_json()["jobs"] == []


def test_files_of_which_nothing_can_be_used_are_refused_with_every_reason(client):
    parts = [(io.BytesIO(b""), "a.txt"), (io.BytesIO(b"{"), "b.jsonl")]
    answer = client.post("/api/v1/jobs", data={"files": parts}, content_type="multipart/form-data")
    told = [one["detail"] for one in answer.get_json()["errors"]]
    assert answer.status_code == 422 and told[0] == "a.txt: is empty" and told[1].startswith("b.jsonl:1: ")


def test_a_cancelled_job_keeps_what_is_done_and_does_no_more(client, held, runner, store):
    location = posted(client, {"articles": [{"text": text} for text in (KNOWN[0], f"{HOLD} اليوم.", KNOWN[1])]})
    until(lambda: results(client, location))
    assert client.get(location).get_json()["state"] == "running"
    assert client.delete(location).status_code == 204
    held.gate.set()
    until(lambda: not runner.live)
    job = client.get(location).get_json()
    assert job["state"] == "cancelled" and job["ended_at"] and job["progress"]["briefs"] == 1
    assert [one["reason"] for one in results(client, location)] == [None] + ["the job was cancelled"] * 2
    assert len(store.list()) == 1 and KNOWN[1] not in held.asked
    assert client.delete(location).status_code == 204 and client.get(location).status_code == 404
    assert len(store.list()) == 1, "its brief stays"


def test_results_come_page_by_page_while_the_job_goes_on(client, held):
    location = posted(client, {"articles": [{"text": text} for text in (*KNOWN[:3], f"{HOLD} اليوم.", KNOWN[4])]})
    until(lambda: len(results(client, location)) == 3)
    first = client.get(f"{location}/results?limit=2").get_json()
    second = client.get(f"{location}/results?limit=2&after={first['next']}").get_json()
    assert [one["number"] for one in first["results"] + second["results"]] == [0, 1, 2]
    held.gate.set()
    ended(client, location)
    last = client.get(f"{location}/results?limit=2&after={second['next']}").get_json()
    assert [one["number"] for one in last["results"]] == [3, 4] and last["next"] is None


def parsed(stream):
    """(id, event, data) of each event."""
    for block in stream.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":") and ": " in line)
        if "event" in fields:
            yield fields["id"], fields["event"], json.loads(fields["data"])


def test_events_tell_every_sentence_and_can_be_taken_up_anywhere(client):
    location = posted(client, {"articles": [{"text": BODY}, {"text": "\n\n".join(KNOWN[:4])}]})
    whole = list(parsed(client.get(f"{location}/events").get_data(as_text=True)))  # it ends with the job
    assert whole[-1][1:] == ("end", {"state": "done", "reason": None})
    again = list(parsed(client.get(f"{location}/events").get_data(as_text=True)))
    steady = [one for one in again if one[1] in ("sentence", "article")]
    assert [(at, name) for at, name, _ in whole if name in ("sentence", "article")] == [one[:2] for one in steady]
    said = [data for _, name, data in steady if name == "sentence"]
    for number, result in enumerate(results(client, location)):
        sentences = result["brief"]["translation"]["sentences"]
        assert [one["source"] for one in said if one["article"] == number] == [one["source"] for one in sentences]
        for one, sentence in zip([one for one in said if one["article"] == number], sentences, strict=True):
            assert len(one["remarks"]) >= len(sentence["flags"])
    for place in (1, 3, len(steady) - 1):
        headers = {"Last-Event-ID": steady[place - 1][0]}
        rest = parsed(client.get(f"{location}/events", headers=headers).get_data(as_text=True))
        assert [one for one in rest if one[1] in ("sentence", "article")] == steady[place:]
    wrong = client.get(f"{location}/events?after=x")
    assert wrong.status_code == 422 and client.get("/api/v1/jobs/none/events").status_code == 404


def test_events_come_while_the_job_runs_and_few_readers_may_wait(client, held, runner):
    while runner.readers.acquire(blocking=False):  # all places but one are taken
        pass
    runner.readers.release()
    location = posted(client, {"text": f"{KNOWN[0]}\n\n{HOLD} اليوم."})
    stream = client.get(f"{location}/events").iter_encoded()
    while b"event: sentence" not in next(stream):
        pass
    other = client.get(f"{location}/events").get_data(as_text=True)  # does not wait for the end
    assert "event: sentence" in other and "event: end" not in other and other.startswith("retry: ")
    held.gate.set()
    assert b"event: end" in b"".join(stream)
    assert runner.readers.acquire(blocking=False), "its place is free again"


def test_readers_are_told_that_the_stream_is_alive(client, held, monkeypatch):
    monkeypatch.setattr(events, "HEARTBEAT", 0.1)
    location = posted(client, {"text": f"{HOLD} اليوم."})
    stream = client.get(f"{location}/events").iter_encoded()
    while next(stream) != b": still here\n\n":
        pass
    held.gate.set()
    assert b"event: end" in b"".join(stream)


def test_a_small_job_does_not_wait_for_large_ones(client, held):
    large = f"{HOLD}. " + "خبر قصير. " * SMALL
    for _ in range(3):
        posted(client, {"text": large})
    location = posted(client, {"text": KNOWN[0]})
    assert ended(client, location)["state"] == "done"


def test_a_stopped_job_goes_on_where_it_was(client, held, runner, settings, pipeline):
    text = "\n\n".join([*KNOWN[:8], f"{HOLD} اليوم."])
    location = posted(client, {"articles": [{"text": KNOWN[9]}, {"text": text}]})
    until(lambda: client.get(location).get_json()["progress"]["sentences_done"] == 9)
    runner.rest()
    held.gate.set()
    runner.stop()
    assert client.get(location).get_json()["state"] == "queued"
    before = list(held.asked)
    app = create_app(settings, pipeline=pipeline)
    job = ended(app.test_client(), location)
    app.extensions["mujaz.jobs"].stop()
    assert job["state"] == "done" and job["progress"]["briefs"] == 2
    again = held.asked[len(before) :]
    assert set(again) <= {f"{HOLD} اليوم."}, "what was translated is remembered"


def test_one_article_has_one_brief_whoever_comes_first(store, pipeline, core):
    jobs, document = Jobs(store), Document("text", KNOWN[0])
    job = jobs.get(jobs.add([Entry("text", document, 1)], Wish()))
    records = [core.record(Document(f"id{i}", KNOWN[0]), pipeline.start(document).brief()) for i in range(2)]
    assert [jobs.brief(job.number, 0, record, KNOWN[0]) for record in records] == [True, False]
    jobs.fail(job.number, 0, "too late")
    assert [one["id"] for one in store.list()] == ["id0"]
    assert jobs.ended(job.number, -1, 9)[0]["reason"] is None


def test_old_jobs_are_forgotten_and_their_briefs_stay(client, store):
    location = posted(client, {"text": BODY})
    ended(client, location)
    with store.transaction() as connection:
        connection.execute("UPDATE job SET ended_at = '2020-01-01T00:00:00.000Z'")
    newer = posted(client, {"text": BODY})
    assert client.get(location).status_code == 404 and len(store.list()) >= 1
    assert [f"/api/v1/jobs/{one['id']}" for one in client.get("/api/v1/jobs").get_json()["jobs"]] == [newer]


def test_jobs_are_listed_and_counted_by_state(client):
    locations = [posted(client, {"text": KNOWN[0]}) for _ in range(3)]
    for location in locations:
        ended(client, location)
    first = client.get("/api/v1/jobs?limit=2").get_json()
    rest = client.get(f"/api/v1/jobs?before={first['next']}").get_json()
    assert [f"/api/v1/jobs/{one['id']}" for one in first["jobs"] + rest["jobs"]] == locations[::-1]
    assert rest["next"] is None
    assert 'mujaz_jobs{state="done"} 3.0' in client.get("/metrics").text
    assert not any(f'mujaz_jobs{{state="{state}"}} 1' in client.get("/metrics").text for state in LIVE)
