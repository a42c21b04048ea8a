"""Many clients at once, of the models that are served by default; and for long, of a tiny one. Each takes minutes."""

from __future__ import annotations

import itertools
import random
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles

import pytest

from models.text.segment import split_sentences
from service.config import Settings
from tests import tiny
from tests.service.test_load import post
from tests.service.test_service import serving

CLIENTS, LONG, SECONDS = 64, 15, 120  # of the clients LONG send articles, one the largest text, the others a few lines
IDLE = 40  # short requests of which the time on an idle server is taken
HEAD_START = 3  # seconds for the largest text to be begun
TIMES = 5  # what it may be on a busy one
PATIENCE = 1900  # seconds that a client waits for the longest answer
FIRST = 100_000  # each sentence has a number of its own from here on, so that none is another's
pytestmark = pytest.mark.slow


class Texts:
    """Texts of sentences that nobody sent before."""

    def __init__(self) -> None:
        self._numbers = itertools.count(FIRST)
        self._sentences = [arabic for arabic, _ in tiny.pairs()]

    def sentence(self, choice: random.Random) -> str:
        return f"التقرير رقم {next(self._numbers)}: {choice.choice(self._sentences)}"

    def of(self, choice: random.Random, sentences: int) -> str:
        return "\n\n".join(self.sentence(choice) for _ in range(sentences))

    def largest(self, choice: random.Random, characters: int) -> str:
        parts: list[str] = []
        while sum(len(part) + 2 for part in parts) < characters:
            parts += [self.sentence(choice) for _ in range(50)]
        return "\n\n".join(parts)[:characters].rpartition("\n\n")[0]


def check(text: str, answer: dict) -> None:
    """All sentences of the text and no other client's."""
    assert [one["source"] for one in answer["sentences"]] == [one.text for one in split_sentences(text)]
    assert all(one["text"].strip() for one in answer["sentences"])
    said = {int(number) for number in re.findall(r"\b1\d{5}\b", answer["text"])}
    assert said <= {int(number) for number in re.findall(r"\b1\d{5}\b", text)}


class Client:
    """One that asks again and again until the time is over, and comes back when it is told to."""

    def __init__(self, address: str, made, kind: str) -> None:
        self.kind, self.statuses, self.seconds = kind, Counter(), []
        self._address, self._made, self._text = address, made, ""

    def once(self) -> None:
        text = self._text = self._text or self._made()
        began = time.perf_counter()
        status, answer, headers = post(self._address, "/api/v1/translations", {"text": text}, PATIENCE)
        self.statuses[status] += 1
        if status == 503:
            time.sleep(int(headers["Retry-After"]))
        else:
            assert status == 200, answer
            self._text = ""
            self.seconds.append(time.perf_counter() - began)
            check(text, answer)

    def run(self, until: float) -> None:
        while time.perf_counter() < until:
            self.once()


def p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1]


@pytest.fixture
def server(tmp_path):
    """A server as it is by default; the process and its address."""
    with serving(None, MUJAZ_DATA=str(tmp_path)) as found:
        yield found


def test_many_clients_and_the_longest_texts(server):
    _, address = server
    texts, choice = Texts(), random.Random(1)
    idle = Client(address, lambda: texts.of(choice, choice.randint(1, 3)), "idle")
    for _ in range(IDLE):
        idle.once()
    clients = [Client(address, lambda: texts.largest(choice, Settings().waited_chars), "largest")]
    clients += [Client(address, lambda: texts.of(choice, choice.randint(20, 60)), "long") for _ in range(LONG)]
    short = CLIENTS - len(clients)
    clients += [Client(address, lambda: texts.of(choice, choice.randint(1, 3)), "short") for _ in range(short)]
    until = time.perf_counter() + SECONDS
    with ThreadPoolExecutor(len(clients)) as threads:
        running = [threads.submit(clients[0].run, until)]
        time.sleep(HEAD_START)  # or it might be told all the time to come back later
        running += [threads.submit(client.run, until) for client in clients[1:]]
        for done in running:
            done.result()
    seconds = {kind: [s for c in clients if c.kind == kind for s in c.seconds] for kind in ("short", "long", "largest")}
    statuses = sum((client.statuses for client in clients), Counter())
    print(f"\nidle: median {sorted(idle.seconds)[IDLE // 2]:.2f} s, p95 {p95(idle.seconds):.2f} s; answers {statuses}")
    for kind, found in seconds.items():
        told = f"median {sorted(found)[len(found) // 2]:.2f} s, " if found else ""
        print(f"{kind}: {len(found)} answered, {told}p95 {p95(found) if len(found) > 1 else found} s")
    assert set(statuses) <= {200, 503}
    assert all(seconds.values()), "none starves"
    assert p95(seconds["short"]) < TIMES * p95(idle.seconds)


def resident(pid: int) -> int:
    """Bytes of memory that a process has."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


def test_memory_does_not_grow(settings):
    texts, choice = Texts(), random.Random(2)
    with serving(settings, MUJAZ_QUEUE="16") as (running, address), ThreadPoolExecutor(8) as threads:
        for count, name in ((500, "first"), (4500, "last")):
            clients = [Client(address, lambda: texts.of(choice, 1), name) for _ in range(count)]
            list(threads.map(lambda client: client.once(), clients))
            assert sum((client.statuses for client in clients), Counter()) == {200: count}
            if name == "first":
                early = resident(running.pid)
        late = resident(running.pid)
    print(f"\nresident after 500 requests {early / 1e6:.0f} MB, after 5,000 {late / 1e6:.0f} MB")
    assert late < 1.1 * early
