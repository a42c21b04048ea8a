"""Killed at random moments, and begun again with the same line, a run ends with the bytes of an unbroken one."""

import json
import random
import shutil
import subprocess
import time

import pytest

from models import registry
from service.journal import journal_folder
from tests import tiny
from tests.test_batch import command, environment, run

SLOW = pytest.mark.slow


@pytest.fixture
def articles(tmp_path):
    """500 short articles, no two alike, and a few that fail."""
    rng = random.Random(7)
    known = [arabic for arabic, _ in tiny.trained_pairs()]
    lines = []
    for i in range(500):
        text = "\n\n".join([f"التقرير رقم {i}: {rng.choice(known)}", *rng.sample(known, 4)])
        lines.append(json.dumps({"id": f"n{i}", "text": text}) if i % 100 else "{broken")
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def outputs(out):
    """The bytes of all that a run leaves beside its journal."""
    return {path.name: path.read_bytes() for path in sorted(out.parent.glob(f"{out.name}*")) if path.is_file()}


@pytest.mark.parametrize(
    ("engine", "most"),
    [("local", 8), pytest.param("local", 30, marks=SLOW), pytest.param("ray", 30, marks=SLOW)],
)
def test_killed_at_random_moments_the_output_is_that_of_an_unbroken_run(engine, most, articles, settings, tmp_path):
    line = [articles, "--engine", engine]
    began = time.time()
    whole = tmp_path / "whole" / "out.jsonl"
    whole.parent.mkdir()
    unbroken = run([*line, "--output", whole], settings)
    assert unbroken.returncode == 3, unbroken.stderr
    took = time.time() - began
    shutil.rmtree(settings.data)  # the translation memory must not spare the killed runs the work
    rng, kills, ends = random.Random(11), 0, 0
    out = tmp_path / "killed" / "out.jsonl"
    out.parent.mkdir()
    while kills < most:
        going = subprocess.Popen(
            command([*line, "--output", out]), cwd=registry.ROOT, env=environment(settings), stderr=subprocess.DEVNULL
        )
        try:
            going.wait(rng.uniform(0, took))
        except subprocess.TimeoutExpired:
            going.kill()
            going.wait()
            kills += 1
            continue
        assert outputs(out) == outputs(whole)  # this run came to its end: check it, and begin from nothing
        ends += 1
        shutil.rmtree(journal_folder(out))
        shutil.rmtree(settings.data)
        for path in out.parent.iterdir():
            path.unlink()
    last = run([*line, "--output", out], settings)
    assert last.returncode == 3 and outputs(out) == outputs(whole)
    print(f"{kills} kills of a run of 500 articles ({engine}), {ends + 1} runs came to their end: all bytes equal")
