"""Killed by kill -9 at random moments and started again, the service finishes every job that it accepted, and briefs no
article twice."""

from __future__ import annotations

import json
import random
import sqlite3
import threading
import time
import urllib.request
import uuid
from contextlib import suppress
from http.client import HTTPException

import pytest

from tests import tiny
from tests.jobs import LIVE
from tests.processes import free_port, kill, served


def articles(rng, number, count):
    """Articles that no other round has, of sentences that the tiny model knows and one that it does not."""
    known = [arabic for arabic, _ in tiny.trained_pairs()]
    return [f"تقرير رقم {number} وقسم {i}.\n\n" + "\n\n".join(rng.sample(known, 4)) for i in range(count)]


def sent(address, rng, number):
    """Post a job of one of three kinds; its address and how many articles it has."""
    kind, texts = rng.choice(("text", "articles", "files")), articles(rng, number, rng.randint(2, 12))
    if kind == "files":
        bound = uuid.uuid4().hex
        lines = "\n".join(json.dumps({"id": str(i), "text": text}) for i, text in enumerate(texts))
        head = f'--{bound}\r\nContent-Disposition: form-data; name="files"; filename="a.jsonl"\r\n\r\n'
        body, mime = f"{head}{lines}\r\n--{bound}--\r\n", f"multipart/form-data; boundary={bound}"
    else:
        long = "\n\n".join(f"{i}: {text}" for i, text in enumerate(texts * 8))
        value = {"text": long} if kind == "text" else {"articles": [{"text": text} for text in texts]}
        body, mime = json.dumps(value), "application/json"
    request = urllib.request.Request(f"{address}/api/v1/jobs", body.encode(), {"Content-Type": mime})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.headers["Location"], 1 if kind == "text" else len(texts)


def got(address, path):
    with urllib.request.urlopen(address + path, timeout=60) as answer:
        return json.load(answer)


@pytest.mark.parametrize("kills", [1, pytest.param(20, marks=pytest.mark.slow)])
def test_every_accepted_job_finishes_and_no_article_is_briefed_twice(kills, settings, translator):
    rng, port, number, accepted = random.Random(kills), free_port(), 0, {}
    address = f"http://127.0.0.1:{port}"
    unfinished = []
    for _ in range(kills):
        process = served(settings, port)
        timer = threading.Timer(rng.uniform(0, 2), kill, [process])
        try:
            with suppress(OSError, HTTPException):
                while True:
                    number += 1
                    location, count = sent(address, rng, number)
                    accepted[location] = count
                    if not timer.ident:
                        timer.start()
                    time.sleep(rng.uniform(0, 0.3))
        finally:
            timer.cancel()
            kill(process)
        database = sqlite3.connect(settings.data / "mujaz.sqlite3")
        unfinished.append(database.execute("SELECT count(*) FROM job WHERE ended_at IS NULL").fetchone()[0])
        database.close()
    process = served(settings, port)
    try:
        while any(got(address, location)["state"] in LIVE for location in accepted):
            time.sleep(0.2)
        for location, count in accepted.items():
            job = got(address, location)
            assert job["state"] == "done" and job["progress"]["briefs"] == count, job
            results = got(address, f"{location}/results?limit=100")["results"]
            assert [one["number"] for one in results] == list(range(count)) and all(one["brief"] for one in results)
        jobs = got(address, "/api/v1/jobs?limit=100")["jobs"]
    finally:
        kill(process)
    database = sqlite3.connect(settings.data / "mujaz.sqlite3")
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("SELECT article FROM brief GROUP BY article HAVING count(*) > 1").fetchall() == []
    briefs = database.execute("SELECT count(*) FROM brief").fetchone()[0]
    marked = database.execute("SELECT count(brief), count(DISTINCT brief) FROM job_article").fetchone()
    assert marked == (briefs, briefs)
    database.close()
    print(f"{kills} kills; {len(accepted)} jobs accepted ({len(jobs)} kept), {briefs} briefs; unfinished: {unfinished}")


def test_told_to_stop_it_leaves_its_job_for_the_next_start(settings, translator):
    port = free_port()
    address, process = f"http://127.0.0.1:{port}", served(settings, port)
    try:
        known = [arabic for arabic, _ in tiny.trained_pairs()]
        text = "\n\n".join(f"{one} {another}" for one in known for another in known)
        request = urllib.request.Request(f"{address}/api/v1/jobs", text.encode(), {"Content-Type": "text/plain"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            location = answer.headers["Location"]
        with urllib.request.urlopen(f"{address}{location}/events", timeout=60) as events:
            assert any(line == b"event: sentence\n" for line in events)
            process.terminate()
            rest = events.read()  # it ends, though the job has not
        assert process.wait(60) == 0 and b"event: end" not in rest
    finally:
        kill(process)
    database = sqlite3.connect(settings.data / "mujaz.sqlite3")
    assert database.execute("SELECT state, reason FROM job").fetchall() == [("queued", None)]
    assert database.execute("SELECT brief, reason, text FROM job_article").fetchall() == [(None, None, text)]
    assert database.execute("SELECT count(*) FROM memory").fetchone()[0] > 0, "what was translated is kept"
    database.close()
