"""What is attacked: an app that is open on loopback, one that demands keys, and a real server; shared, to be quick."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from dataclasses import replace

import pytest

from models.pipeline import Pipeline
from service import create_app
from service.config import Settings
from service.store.briefs import Store
from service.store.keys import Keys
from tests import tiny
from tests.processes import begun, environment

TEXT, ENGLISH = tiny.trained_pairs()[1]
ASKED = {"q": TEXT, "source": "ar", "target": "en"}


@pytest.fixture(scope="package")
def kept_settings(tmp_path_factory, model_folder, cache) -> Settings:
    return Settings(model=str(model_folder), data=tmp_path_factory.mktemp("attacked"), cache=cache)


@pytest.fixture(scope="package")
def attacked(kept_settings, translator):
    """The app on loopback, where all are let in."""
    store = Store(kept_settings.data / "mujaz.sqlite3")
    return create_app(kept_settings, pipeline=Pipeline(translator, tiny.SUMMARIZERS, store))


@pytest.fixture
def client(attacked):
    return attacked.test_client()


@pytest.fixture(scope="package")
def key(kept_settings) -> str:
    return Keys(kept_settings.data / "mujaz.sqlite3").make("owner", {})


@pytest.fixture
def fort(kept_settings, attacked, key):
    """A client of an app that others can reach, behind a proxy at 10.0.0.1, and that demands keys."""
    settings = replace(kept_settings, host="0.0.0.0", proxies="10.0.0.1", hosts="mujaz.example")
    pipeline = attacked.extensions["mujaz"].pipeline
    return create_app(settings, pipeline=pipeline).test_client()


@pytest.fixture(scope="package")
def port(kept_settings, translator):
    """Where a real server of ours listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        number = found.getsockname()[1]
    told = {"PORT": str(number), "MUJAZ_PROXIES": "127.0.0.1", "MUJAZ_RATE": "1000"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "start_new_session": True}
    process = begun("-m", "service", env=environment(kept_settings, **told), **pipes)
    try:
        assert any("Mujaz is ready" in line for line in process.stdout), "it never became ready"
        yield number
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
