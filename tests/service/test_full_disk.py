"""A full disk is told as such (507), the service stays up for reading, and jobs wait for room.

One disk is a file system of two megabytes, which takes root to mount; one is this process's limit for the size of a
file, which the database meets in the same way.
"""

from __future__ import annotations

import io
import resource
import subprocess
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from models.pipeline import Pipeline
from service import create_app
from service.jobs import runner as jobs
from service.store.briefs import Store
from service.store.database import DATABASE
from tests import tiny
from tests.conftest import HOLD, Held, article
from tests.jobs import ended, until
from tests.pages import Page
from tests.tiny import SUMMARIZERS

TITLE, BODY = article("03")
HTML = {"Accept": "text/html"}


class Mounted:
    """A small file system of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def full(self):
        with (self.folder / "fill").open("wb", buffering=0) as file:
            while True:
                try:
                    file.write(b"0" * 4096)
                except OSError:
                    break
        try:
            yield
        finally:
            (self.folder / "fill").unlink()


class Limited:
    """No file of this process may grow beyond what the database has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def full(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture(params=["mounted", "limited"])
def disk(request, tmp_path):
    if request.param == "limited":
        yield Limited(tmp_path)
        return
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("a file system cannot be mounted here")
    yield Mounted(folder)
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def served(disk, settings, translator):
    settings = replace(settings, data=disk.folder / "data")
    app = create_app(settings, pipeline=Pipeline(translator, SUMMARIZERS, Store(settings.data / DATABASE)))
    yield app
    app.extensions["mujaz.jobs"].stop()


def test_it_says_so_and_stays_up_for_reading(served, disk):
    client = served.test_client()
    made = client.post("/api/v1/briefs", json={"text": BODY, "title": TITLE})
    assert made.status_code == 201
    with disk.full():
        refused = client.post("/api/v1/briefs", json={"text": BODY, "title": TITLE})
        assert refused.status_code == 507 and refused.mimetype == "application/problem+json"
        assert "no room on the disk" in refused.get_json()["detail"]
        assert client.post("/api/v1/jobs", json={"text": BODY}).status_code == 507
        page = client.post("/", data={"text": BODY, "title": TITLE}, headers=HTML)
        assert page.status_code == 507 and "no room on the disk" in Page(page.text).one("p", role="alert").text
        assert Page(page.text).one("textarea").text.removeprefix("\n") == BODY, "what was typed is kept"
        file = {"file": (io.BytesIO(BODY.encode() * 20), "a.txt"), "source": "ar", "target": "en"}
        told = client.post("/translate_file", data=file)
        assert told.status_code == 507 and "no room on the disk" in told.get_json()["error"]
        translated = client.post("/translate", json={"q": BODY, "source": "ar", "target": "en"})
        assert translated.status_code == 200 and translated.get_json()["translatedText"]
        for path in (made.location, f"/briefs/{made.get_json()['id']}", "/", "/briefs", "/api/v1/jobs", "/metrics"):
            assert client.get(path, headers=HTML).status_code == 200, path
    assert client.post("/api/v1/briefs", json={"text": BODY, "title": TITLE}).status_code == 201


def test_a_job_waits_for_room_and_loses_nothing(served, disk, monkeypatch):
    monkeypatch.setattr(jobs, "AGAIN", 0.1)
    client, pipeline = served.test_client(), served.extensions["mujaz"].pipeline
    held = pipeline.translator = Held(pipeline.translator)
    texts = [{"text": text} for text in (tiny.trained_pairs()[1][0], f"{HOLD} اليوم.")]
    location = client.post("/api/v1/jobs", json={"articles": texts}).headers["Location"]
    until(lambda: client.get(location).get_json()["progress"]["briefs"] == 1)
    with disk.full():
        held.gate.set()
        until(lambda: client.get(location).get_json()["progress"]["waits"] == jobs.NO_ROOM)
    job = ended(client, location)
    assert job["state"] == "done" and job["progress"]["briefs"] == 2 and job["progress"]["waits"] is None
