"""What the tests of jobs share: a translator that can be held, and a look at a job until it has ended."""

from __future__ import annotations

import threading
import time

import pytest

from tests.conftest import Counting

HOLD = "قف هنا"  # a sentence that is not translated before `gate` opens
LIVE = ("queued", "running")


class Held(Counting):
    """The real translator; a sentence with HOLD in it waits until `gate` is open."""

    def __init__(self, translator):
        super().__init__(translator, ahead=1)
        self.gate = threading.Event()

    def begin(self, sentences, *place):
        if any(HOLD in sentence.text for sentence in sentences):
            assert self.gate.wait(60)
        return super().begin(sentences, *place)


@pytest.fixture
def held(core, app):
    """The app's translator, held."""
    held = core.pipeline.translator = Held(core.pipeline.translator)
    yield held
    held.gate.set()
    app.extensions["mujaz.jobs"].stop()


@pytest.fixture
def runner(app):
    return app.extensions["mujaz.jobs"]


def until(holds, seconds=60):
    """Wait until it holds."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)
    return found


def ended(client, location):
    """The job's record once it has ended."""
    until(lambda: client.get(location).get_json()["state"] not in LIVE)
    return client.get(location).get_json()
