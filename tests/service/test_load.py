"""Too much at once: who is told to come back, and what ends unfinished."""

from __future__ import annotations

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection
from threading import Event

import pytest

from models.text.segment import split_sentences
from service.access.browsers import HEADERS
from service.config import Settings
from service.errors import TOO_LARGE
from service.load import SHARES, Load, Overloaded, TooLate
from tests.conftest import article
from tests.service.test_metrics import samples, value
from tests.service.test_service import serving

BODY = article("03")[1]
WAYS = {
    "/api/v1/briefs": {"json": {"text": BODY}},
    "/api/v1/translations": {"json": {"texts": [BODY, BODY]}},
    "/api/v1/checks": {"json": {"pairs": [{"arabic": BODY, "english": "News."}]}},
    "/translate": {"json": {"q": BODY, "source": "ar", "target": "en"}},
}
PATIENCE = 120  # seconds that a test waits for what must come


_, ARTICLE, LONG = SHARES


def filled(load: Load) -> list:
    """The places that were free, all taken."""
    held = []
    for size in SHARES:
        with suppress(Overloaded):
            while ticket := load.admit(size):
                held.append(ticket)
    return held


def test_each_length_has_places_that_the_others_cannot_take():
    load = Load(6, 60)
    held = []
    for size, most in ((LONG, 3), (1, 2), (ARTICLE, 1)):  # of the six, three are kept for the other two lengths
        held += [load.admit(size) for _ in range(most)]
        with pytest.raises(Overloaded, match="this length"):
            load.admit(size)
    assert load.running == 6 and load.refused["full"] == 3
    held[0].leave()
    assert load.admit(ARTICLE - 1), "what is left is for whoever comes"
    for ticket in held[-2:]:
        ticket.leave()
        ticket.leave()
    assert load.running == 4


@pytest.mark.parametrize("places", range(1, 9))
def test_no_length_takes_them_all(places):
    for size in SHARES:
        load = Load(places, 60)
        assert load.admit(size)
        with suppress(Overloaded):
            while load.admit(size):
                pass
        if places >= 6:
            assert all(load.admit(other) for other in SHARES if other != size)
    assert len(filled(Load(places, 60))) == places


def test_one_place_takes_long_texts_too():
    assert Load(1, 60).admit(LONG)


def test_what_ends_a_request():
    load, gone = Load(4, 60), Event()
    ticket = load.admit(1, gone.is_set)
    ticket.check()
    gone.set()
    with pytest.raises(Overloaded, match="hung up"):
        ticket.check()
    with pytest.raises(TooLate, match="0 seconds"):
        Load(4, 0).admit(1).check()
    running = load.admit(1)
    load.drain(0)
    running.check()
    with pytest.raises(Overloaded, match="stopped"):
        load.admit(1)
    load.stop()
    with pytest.raises(Overloaded, match="stopped"):
        running.check()
    assert dict(load.refused) == {"gone": 1, "draining": 1, "stopped": 1}


def told(answer):
    """The sentence of an error, in the form of the endpoint's clients."""
    problem = answer.get_json()
    return problem["error"] if set(problem) == {"error"} else problem["detail"]


@pytest.mark.parametrize("path", WAYS)
def test_beyond_the_places_it_is_503_at_once_and_the_rest_answers(client, core, path):
    held = filled(core.load)
    refused = client.post(path, **WAYS[path])
    assert refused.status_code == 503 and int(refused.headers["Retry-After"]) > 0 and "ask again" in told(refused)
    plain = path == "/translate"
    assert refused.mimetype == ("application/json" if plain else "application/problem+json")
    for page in ("/", "/briefs", "/api/v1/briefs", "/healthz", "/readyz", "/languages"):
        assert client.get(page).status_code == 200
    found = samples(client)
    assert value(found, "mujaz_requests_running") == len(held)
    assert value(found, "mujaz_refused_total", reason="full") == len(SHARES) + 1
    for ticket in held:
        ticket.leave()
    assert client.post(path, **WAYS[path]).status_code in (200, 201)
    assert core.load.running == 0


def test_the_form_keeps_what_was_typed(client, core):
    filled(core.load)
    answer = client.post("/", data={"text": BODY, "sentences": "3"})
    assert answer.status_code == 503 and answer.headers["Retry-After"] and BODY[:40] in answer.text
    core.load = Load(1, 0)
    answer = client.post("/", data={"text": BODY, "sentences": "3"})
    assert answer.status_code == 504 and BODY[:40] in answer.text


@pytest.mark.parametrize("path", WAYS)
def test_what_takes_too_long_ends_and_nothing_of_it_is_left_waiting(client, core, path):
    core.load = Load(1, 0)
    late = client.post(path, **WAYS[path])
    assert late.status_code == 504 and "MUJAZ_TIME_LIMIT" in told(late)
    assert core.load.running == 0 and core.pipeline.translator.waiting() == 0
    assert value(samples(client), "mujaz_refused_total", reason="late") == 1


def test_a_wrong_request_leaves_its_place(client, core):
    assert client.post("/api/v1/briefs", json={"text": ""}).status_code == 422 and core.load.running == 0


@pytest.mark.parametrize("read", [True, False])
def test_a_stream_has_its_place_until_it_ends_or_is_left(client, core, read):
    headers = {"Accept": "application/x-ndjson"}
    with client.post("/api/v1/translations", json={"text": BODY}, headers=headers, buffered=False) as answer:
        lines = iter(answer.response)
        next(lines)
        assert core.load.running == 1
        if read:
            assert list(lines)
    assert core.load.running == 0


# What follows is asked of a server of its own, over sockets.


@pytest.fixture(scope="module")
def address(tmp_path_factory, translator, model_folder, cache):
    """The address of a server."""
    settings = Settings(model=str(model_folder), data=tmp_path_factory.mktemp("load"), cache=cache)
    with serving(settings, MUJAZ_WAIT_CHARS="200000") as (_, address):
        yield address


def connect(address, patience=PATIENCE) -> HTTPConnection:
    return HTTPConnection(address.removeprefix("http://"), timeout=patience)


def get(address, path) -> tuple[int, bytes]:
    connection = connect(address)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read()


def post(address, path, payload, patience=PATIENCE) -> tuple[int, dict, dict]:
    connection = connect(address, patience)
    connection.request("POST", path, json.dumps(payload), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read()), dict(answer.headers)


def number(address, name) -> float:
    """A number of /metrics."""
    text = get(address, "/metrics")[1].decode()
    return float(next(line.split()[-1] for line in text.splitlines() if line.startswith(name)))


def until(condition) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def long_text(characters=190_000) -> str:
    """New sentences all the way, which the memory does not know."""
    parts, size = [], 0
    while size < characters:
        parts.append(f"قال المتحدث رقم {len(parts)} إن القافلة وصلت إلى المدينة يوم الأحد ومعها 40 شاحنة من الدقيق.")
        size += len(parts[-1]) + 1
    return " ".join(parts)[:characters]


def begin(address, text) -> socket.socket:
    """A connection on which a text was posted, and on which nothing was read."""
    body = json.dumps({"text": text}).encode()
    host, port = address.removeprefix("http://").split(":")
    sent = socket.create_connection((host, int(port)), timeout=PATIENCE)
    head = f"POST /api/v1/translations HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
    sent.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    return sent


def test_a_client_that_hangs_up_stops_its_work(address):
    sent = begin(address, long_text())
    until(lambda: number(address, "mujaz_requests_running") == 1 and number(address, "mujaz_queue_length") > 0)
    sent.close()
    until(lambda: number(address, "mujaz_requests_running") == 0 and number(address, "mujaz_queue_length") == 0)
    assert number(address, 'mujaz_refused_total{reason="gone"}') == 1
    assert post(address, "/api/v1/translations", {"text": BODY})[0] == 200


def test_slow_clients_hold_nobody_up(address):
    host, port = address.removeprefix("http://").split(":")
    slow = [socket.create_connection((host, int(port)), timeout=PATIENCE) for _ in range(100)]
    for i, one in enumerate(slow):
        head = f"POST /api/v1/briefs HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        one.sendall((head if i % 2 else f"{head}Content-Length: 1000\r\n\r\n{{").encode())
    assert get(address, "/readyz")[0] == 200
    assert post(address, "/api/v1/translations", {"text": BODY})[0] == 200
    for one in slow:
        one.close()


def test_asked_to_stop_it_finishes_what_runs_and_refuses_the_rest(settings, translator):
    text = long_text(1000)
    with serving(settings, MUJAZ_WAIT_CHARS="200000") as (running, address), ThreadPoolExecutor(1) as client:
        longest = begin(address, long_text())
        coming = client.submit(post, address, "/api/v1/translations", {"text": text})
        until(lambda: number(address, "mujaz_requests_running") == 2 or coming.done())
        running.terminate()
        until(lambda: get(address, "/readyz")[0] == 503)
        assert json.loads(get(address, "/readyz")[1]) == {"status": "draining"} and get(address, "/healthz")[0] == 200
        status, problem, headers = post(address, "/api/v1/translations", {"text": BODY})
        assert status == 503 and int(headers["Retry-After"]) > 0 and "stopped" in problem["detail"]
        status, answer, _ = coming.result(PATIENCE)
        assert status == 200 and [s["source"] for s in answer["sentences"]] == [s.text for s in split_sentences(text)]
        assert running.poll() is None, "the longest is still on its way"
        longest.close()
        assert running.wait(PATIENCE) == 0


def test_a_file_may_be_as_large_as_uploads_and_one_that_is_larger_is_told_how_large(address):
    def sent(size):
        connection = connect(address)
        head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
        body = head + b"x" * size + b"\r\n--b--\r\n"
        connection.request("POST", "/api/v1/jobs", body, {"Content-Type": "multipart/form-data; boundary=b"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())["detail"]

    most = Settings().upload_bytes
    assert sent(most // 2)[0] == 422, "it is read, and holds no Arabic"
    assert sent(most + 1000) == (413, TOO_LARGE.format(most=most))


def test_what_cannot_be_read_is_answered_as_other_errors_are(address):
    connection = connect(address)
    connection.putrequest("POST", "/api/v1/briefs")
    connection.putheader("Content-Length", str(10**9))
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 413 and answer.headers["Content-Type"] == "application/problem+json"
    assert HEADERS.items() <= dict(answer.headers).items()
    assert json.loads(answer.read())["status"] == 413
