"""The service as a process of its own: what `make run` starts."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
import urllib.request
from contextlib import contextmanager

import pytest

from models.text.segment import split_sentences
from tests import tiny
from tests.conftest import article
from tests.processes import begun, environment, free_port, python

CHECK = """
import sys
import service
app = service.create_app()
app.extensions["mujaz"].wait()
print(sorted({name.split(".")[0] for name in sys.modules} & {"torch", "transformers"}))
"""


def test_it_loads_without_torch(settings, translator):
    done = python("-c", CHECK, env=environment(settings))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


@pytest.fixture
def process(settings, translator):
    """The service on a free port; the process and its address."""
    with serving(settings, MUJAZ_QUEUE="32") as found:
        yield found


@contextmanager
def serving(settings, **more: str):
    """As the fixture `process`, with these settings."""
    port = free_port()
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "start_new_session": True}
    process = begun("-m", "service", env=environment(settings, PORT=str(port), **more), **pipes)
    try:
        for line in process.stdout:
            if "Mujaz is ready" in line:
                assert f"http://127.0.0.1:{port}" in line
                break
        else:
            pytest.fail("it never became ready")
        threading.Thread(target=process.stdout.read, daemon=True).start()  # a full pipe would stop it
        yield process, f"http://127.0.0.1:{port}"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def post(address, body, kind="text/plain"):
    request = urllib.request.Request(f"{address}/api/v1/briefs", body, {"Content-Type": kind})
    with urllib.request.urlopen(request) as answer:
        return answer.headers["Location"]


def test_it_answers_and_loses_nothing_when_killed(process, settings):
    running, address = process
    location = post(address, article("03")[1].encode())
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    from service.store.briefs import Store

    assert Store(settings.data / "mujaz.sqlite3").get(location.rsplit("/", 1)[1])["brief"]["sentences"]


def translation(address, location):
    with urllib.request.urlopen(address + location) as answer:
        return json.load(answer)["translation"]


def test_a_stream_arrives_sentence_by_sentence(process):
    _, address = process
    text = "\n\n".join(article(f"{n:02}")[1] for n in range(1, 29))
    headers = {"Content-Type": "text/plain", "Accept": "application/x-ndjson"}
    request = urllib.request.Request(f"{address}/api/v1/briefs", text.encode(), headers)
    with urllib.request.urlopen(request) as answer:
        kinds = [json.loads(line)["type"] for line in answer]
    assert kinds == ["sentence"] * (len(kinds) - 1) + ["brief"] and len(kinds) > 150


def test_many_clients_at_once_get_their_own_text_whole(process):
    from concurrent.futures import ThreadPoolExecutor

    _, address = process
    texts = [article(f"{n:02}")[1].encode() for n in range(1, 9)]
    with ThreadPoolExecutor(16) as clients:
        found = list(clients.map(lambda text: post(address, text), texts * 4))
    assert len(set(found)) == 32
    for location, text in zip(found, texts * 4, strict=True):
        sentences = translation(address, location)["sentences"]
        assert [s["source"] for s in sentences] == [s.text for s in split_sentences(text.decode())]
        assert all(s["text"].strip() for s in sentences)


def test_it_stops_when_asked(process):
    running, address = process
    running.terminate()
    assert running.wait(timeout=60) == 0
    with pytest.raises(OSError), socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1])), timeout=2):
        pass


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("MUJAZ_MODEL", "nonsense", "Helsinki-NLP/opus-mt-ar-en"),
        ("PORT", "x", "PORT"),
        ("MUJAZ_BACKEND", "x", "torch"),
        ("MUJAZ_DATA", __file__, "MUJAZ_DATA"),
    ],
)
def test_a_wrong_setting_stops_it_with_a_sentence(settings, name, value, told):
    done = python("-m", "service", env=environment(settings, **{name: value}), timeout=60)
    assert done.returncode == 2 and told in done.stderr and "Traceback" not in done.stderr


def test_a_model_that_is_refused_stops_it_with_an_error(settings, tmp_path):
    folder = tiny.make_model(tmp_path / "untrained", epochs=0)
    there = environment(settings, MUJAZ_MODEL=str(folder), PORT=str(free_port()))
    done = python("-m", "service", env=there, timeout=120)
    assert done.returncode != 0 and "will not be used" in done.stderr and "Traceback" not in done.stderr
