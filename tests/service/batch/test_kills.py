"""Killed at random moments, and begun again with the same line, a run ends with every article once, and what was
finished before a kill is kept as it was, byte for byte."""

import json
import os
import random
import resource
import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.corpus import Corpus
from service.batch.journal import journal_folder
from tests.conftest import jsonl
from tests.service.batch.test_batch import run, start

SLOW = pytest.mark.slow


@pytest.fixture
def articles(known_articles):
    """500 short articles, no two alike, and a few that fail."""
    path = known_articles(500)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line if i % 100 else "{broken" for i, line in enumerate(lines)) + "\n", encoding="utf-8")
    return path


def outputs(out):
    """All that a run leaves beside its journal, but for what the model wrote, and the headline, which is chosen by its
    flags: a near-tie may fall otherwise in another batch."""
    sources = [(r["id"], r["file"], [s["source"] for s in r["translation"]["sentences"]]) for r in jsonl(out)]
    return sources, jsonl(out.with_name(f"{out.name}.failed.jsonl")) if failed(out) else []


def failed(out):
    return out.with_name(f"{out.name}.failed.jsonl").exists()


def finished(out):
    """The whole lines of a run's journal, in which a kill may have left half of another."""
    entries = journal_folder(out) / "entries"
    return entries.read_bytes().rpartition(b"\n")[0] if entries.exists() else b""


@pytest.mark.parametrize(
    ("engine", "most"), [pytest.param("local", 30, marks=SLOW), pytest.param("ray", 30, marks=SLOW)]
)
def test_killed_at_random_moments_a_run_loses_nothing(engine, most, articles, settings, tmp_path):
    line = [articles, "--engine", engine]
    began = time.time()
    whole = tmp_path / "whole" / "out.jsonl"
    whole.parent.mkdir()
    unbroken = run([*line, "--output", whole], settings)
    assert unbroken.returncode == 3, unbroken.stderr
    took = time.time() - began
    shutil.rmtree(settings.data)  # the translation memory must not spare the killed runs the work
    rng, kills, ends, before = random.Random(11), 0, 0, b""
    out = tmp_path / "killed" / "out.jsonl"
    out.parent.mkdir()
    while kills < most:
        going = start([*line, "--output", out], settings, stderr=subprocess.DEVNULL)
        try:
            going.wait(rng.uniform(0, took))
        except subprocess.TimeoutExpired:
            going.kill()
            going.wait()
            kills += 1
            assert finished(out).startswith(before)
            before = finished(out)
            continue
        assert outputs(out) == outputs(whole)  # this run came to its end: check it, and begin from nothing
        assert finished(out).startswith(before)
        ends, before = ends + 1, b""
        shutil.rmtree(journal_folder(out))
        shutil.rmtree(settings.data)
        for path in out.parent.iterdir():
            path.unlink()
    last = run([*line, "--output", out], settings)
    assert last.returncode == 3 and outputs(out) == outputs(whole) and finished(out).startswith(before)
    print(f"{kills} kills of a run of 500 articles ({engine}), {ends + 1} ended: nothing lost")


def used_by_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def used_by(process):
    """Seconds of a processor that a living process has used."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@SLOW
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads the time used from /proc")
def test_killed_after_a_third_of_its_time_a_run_has_a_quarter_in_its_journal(tmp_path, settings):
    """The time is the processor's, which other programs on the machine change little."""
    path, corpus = tmp_path / "in.jsonl", Corpus(1)
    articles = [{"id": f"n{i}", "text": corpus.article(8).text} for i in range(120)]
    path.write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
    settings = replace(settings, model="embedded-fast")
    before = used_by_children()
    whole = run([path, "--output", tmp_path / "whole.jsonl"], settings)
    assert whole.returncode == 0, whole.stderr
    took, out = used_by_children() - before, tmp_path / "out.jsonl"
    shutil.rmtree(settings.data)
    going = start([path, "--output", out], settings, stderr=subprocess.DEVNULL)
    while used_by(going) < took / 3:
        assert going.poll() is None
        time.sleep(0.05)
    going.kill()
    going.wait()
    kept = (journal_folder(out) / "entries").read_bytes().count(b"\n")
    print(f"{kept} of {len(articles)} articles in the journal after a third of {took:.0f} s")
    assert kept >= len(articles) / 4
