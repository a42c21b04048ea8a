"""The service as a process of its own: what `make run` starts."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from models import registry
from tests import tiny
from tests.conftest import article

CHECK = """
import sys, time
started = time.monotonic()
import service
app = service.create_app()
app.extensions["mujaz"].wait()
print(time.monotonic() - started)
print(sorted({name.split(".")[0] for name in sys.modules} & {"torch", "transformers"}))
"""


def environment(settings, **more):
    ours = {"MUJAZ_MODEL": settings.model, "MUJAZ_DATA": str(settings.data), "MUJAZ_CACHE": str(settings.cache)}
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("MUJAZ_") and k not in ("HOST", "PORT")}
    return {**inherited, **ours, **more}


def test_it_loads_without_torch(settings, translator):
    done = subprocess.run(
        [sys.executable, "-c", CHECK], cwd=registry.ROOT, env=environment(settings), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    seconds, heavy = done.stdout.splitlines()
    assert heavy == "[]"
    assert float(seconds) < 15, "3 s on a free machine (tests/test_embedded.py); this one may be busy"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture
def process(settings, translator):
    """The service on a free port; the process and its address."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "service"], cwd=registry.ROOT, env=environment(settings, PORT=str(port)),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        for line in process.stdout:
            if "Mujaz is ready" in line:
                assert f"http://127.0.0.1:{port}" in line
                break
        else:
            pytest.fail("it never became ready")
        yield process, f"http://127.0.0.1:{port}"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def post(address, body, kind="text/plain"):
    request = urllib.request.Request(f"{address}/api/v1/briefs", body, {"Content-Type": kind})
    with urllib.request.urlopen(request) as answer:
        return answer.headers["Location"]


def test_it_answers_stays_small_and_loses_nothing_when_killed(process, settings):
    running, address = process
    location = post(address, article("03")[1].encode())
    assert resident(running.pid) < 400
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    from service.store import Store

    assert Store(settings.data / "mujaz.sqlite3").get(location.rsplit("/", 1)[1])["brief"]["sentences"]


def translation(address, location):
    with urllib.request.urlopen(address + location) as answer:
        return json.load(answer)["translation"]


def test_a_stream_arrives_sentence_by_sentence(process):
    _, address = process
    text = "\n\n".join(article(f"{n:02}")[1] for n in range(1, 29))
    headers = {"Content-Type": "text/plain", "Accept": "application/x-ndjson"}
    request = urllib.request.Request(f"{address}/api/v1/briefs", text.encode(), headers)
    started = time.monotonic()
    with urllib.request.urlopen(request) as answer:
        lines = [(json.loads(line)["type"], time.monotonic() - started) for line in answer]
    assert lines[-1][0] == "brief" and len(lines) > 150
    assert lines[0][1] < 0.7 * lines[-1][1], "the first sentence does not wait for the last"


def resident(pid: int) -> float:
    """Megabytes of resident memory of a process and its children."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid,rss"], capture_output=True, text=True).stdout.split("\n")[1:]
    rows = [tuple(map(int, line.split())) for line in listed if line.strip()]
    family = {pid} | {child for child, parent, _ in rows if parent == pid}
    return sum(rss for child, _, rss in rows if child in family) / 1024


def test_many_clients_at_once_get_what_one_gets(process):
    from concurrent.futures import ThreadPoolExecutor

    _, address = process
    texts = [article(f"{n:02}")[1].encode() for n in range(1, 9)]
    alone = [translation(address, post(address, text)) for text in texts]
    with ThreadPoolExecutor(16) as clients:
        found = list(clients.map(lambda text: post(address, text), texts * 4))
    assert len(set(found)) == 32
    assert [translation(address, location) for location in found] == alone * 4


def test_it_stops_when_asked(process):
    running, address = process
    running.terminate()
    started = time.monotonic()
    assert running.wait(timeout=30) == 0 and time.monotonic() - started < 30
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
    done = subprocess.run(
        [sys.executable, "-m", "service"], cwd=registry.ROOT, env=environment(settings, **{name: value}),
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2 and told in done.stderr and "Traceback" not in done.stderr


def test_a_model_that_is_refused_stops_it_with_an_error(settings, tmp_path):
    folder = tiny.make_model(tmp_path / "untrained", epochs=0)
    done = subprocess.run(
        [sys.executable, "-m", "service"],
        cwd=registry.ROOT,
        env=environment(settings, MUJAZ_MODEL=str(folder), PORT=str(free_port())),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode != 0 and "will not be used" in done.stderr and "Traceback" not in done.stderr
