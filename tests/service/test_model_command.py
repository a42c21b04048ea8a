"""`mujaz model get`, run for real: a public model's name, and a hub on this machine that has a tiny model under it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from models.engines import registry
from tests import tiny
from tests.hubserver import hub

NAME = "Helsinki-NLP/opus-mt-ar-en"
MODEL = (NAME, registry.PUBLIC[NAME].revision)


def started(words, tmp_path, hub_url="http://127.0.0.1:9", stdout=subprocess.PIPE, **more):
    """`python -m service WORDS` with a home and a cache of its own, and that hub."""
    ours = {"HF_ENDPOINT": hub_url, "HOME": str(tmp_path), "MUJAZ_CACHE": str(tmp_path / "cache")} | more
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MUJAZ_", "HF_", "XDG_"))}
    command = [sys.executable, "-m", "service", *words]
    pipes = {"stdout": stdout, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=registry.ROOT, env=kept | ours, **pipes)


def mujaz(*words, **more):
    """The same, when it has ended."""
    with started(*words, **more) as process:
        out, err = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def left(tmp_path):
    """What lies in the cache: files, and folders that are not there to hold them."""
    return sorted(path for path in (tmp_path / "cache").rglob("*") if path.is_file() or path.name.startswith("."))


def test_a_downloaded_model_makes_briefs(marian_folder, known_articles, tmp_path):
    with hub(marian_folder, MODEL) as server:
        done = mujaz(["model", "get", NAME], tmp_path, server.url)
        assert done.returncode == 0, done.stderr
        folder = registry.fetched_folder(NAME, tmp_path / "cache")
        for told in ("310 MB, Apache-2.0", "int8", str(folder), f"MUJAZ_MODEL={NAME} python -m service"):
            assert told in done.stdout
        assert registry.content_hash(folder) == registry.content_hash(marian_folder)
        asked = len(server.sent)
        again = mujaz(["model", "get", NAME], tmp_path, server.url)
        assert again.returncode == 0 and "already" in again.stdout and len(server.sent) == asked
    out = tmp_path / "out.jsonl"
    briefs = ["batch", str(known_articles(2)), "--output", str(out)]
    done = mujaz(briefs, tmp_path, MUJAZ_MODEL=NAME, MUJAZ_DATA=str(tmp_path / "data"))
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len(records) == 2 and all(r["model"]["name"] == NAME and r["brief"]["sentences"] for r in records)


def hub_of(kind, tmp_path, marian_folder):
    """A hub on which something is wrong."""
    if kind == "another model":
        return hub(marian_folder, (NAME, "another"))
    if kind == "breaks off":
        return hub(marian_folder, MODEL, breaking="model.safetensors")
    if kind == "nonsense":
        return hub(tiny.make_model(tmp_path / "untrained", epochs=0), MODEL)
    (tmp_path / "hub").mkdir()
    (tmp_path / "hub" / "config.json").write_text('{"model_type": "marian"}')
    return hub(tmp_path / "hub", MODEL)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("breaks off", [f"{NAME} could not be downloaded", "{url}, model.safetensors: "]),
        ("another model", [f"{NAME} could not be downloaded", "404"]),
        ("no model", ["lacks source.spm"]),
        pytest.param("nonsense", ["will not be used. What was downloaded is removed"], marks=pytest.mark.slow),
    ],
)
def test_what_cannot_be_had_is_told_and_leaves_nothing(kind, told, marian_folder, tmp_path):
    with hub_of(kind, tmp_path, marian_folder) as server:
        done = mujaz(["model", "get", NAME], tmp_path, server.url)
    assert done.returncode == 2 and all(words.format(url=server.url) in done.stderr for words in told), done.stderr
    assert "Traceback" not in done.stderr and not left(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_download_ends_at_once_and_leaves_nothing_for_long(number, marian_folder, tmp_path):
    with (
        hub(marian_folder, MODEL, breaking="model.safetensors", hold=True) as server,
        started(["model", "get", NAME], tmp_path, server.url) as process,
    ):
        assert server.held.wait(60)
        process.send_signal(number)
        _, err = process.communicate(timeout=120)  # the hub is still holding the other half back
    if number == signal.SIGINT:
        assert process.returncode == 130 and err.endswith("interrupted\n") and "Traceback" not in err, err
    else:
        assert any(path.name.startswith(".") for path in left(tmp_path))
        mujaz(["model", "get", NAME], tmp_path)  # from a hub that is not there
    assert not left(tmp_path)


@pytest.mark.parametrize("words", [["model", "list"], ["--help"]])
def test_it_ends_quietly_where_nobody_reads_on(words, tmp_path):
    read, write = os.pipe()
    os.close(read)
    done = mujaz(words, tmp_path, stdout=write)
    os.close(write)
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, "")


def test_a_hub_that_is_not_there_is_said(tmp_path):
    done = mujaz(["model", "get", NAME], tmp_path)
    assert done.returncode == 2 and f"{NAME} could not be downloaded" in done.stderr, done.stderr
    assert "Traceback" not in done.stderr and not left(tmp_path)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["model", "get", "nonsense"], NAME),
        (["model", "fetch"], "'list', 'get'"),
        (["bach"], "serve, batch, digest, check, evaluate, model"),
    ],
)
def test_a_wrong_name_gives_the_choices(words, told, tmp_path):
    done = mujaz(words, tmp_path)
    assert done.returncode == 2 and told in done.stderr.replace("choose from list, get", "'list', 'get'")
    assert "Traceback" not in done.stderr


def test_the_models_and_commands_are_listed(tmp_path):
    listed = mujaz(["model", "list"], tmp_path).stdout
    assert all(name in listed for name in (*registry.SHIPPED, *registry.PUBLIC))
    told = mujaz(["--help"], tmp_path).stdout
    assert all(f"  mujaz {command} " in told for command in ("serve", "batch", "digest", "evaluate", "model"))
