"""Memory stays flat however long the input is."""

import json
import subprocess
import time
from pathlib import Path

import pytest

from benchmarks.runner import peak_bytes
from tests import tiny
from tests.service.batch.test_batch import run, start


def peak(count, folder, settings):
    """The most resident memory (bytes) of a run over `count` short articles, no two alike."""
    known = [arabic for arabic, _ in tiny.trained_pairs()]
    path, out = folder / f"{count}.jsonl", folder / f"{count}.out.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for i in range(count):
            text = f"التقرير رقم {i}: {known[i % len(known)]}\n\n{known[i * 7 % len(known)]}"
            file.write(json.dumps({"id": f"article {i}", "text": text}) + "\n")
    going = start([path, "--output", out], settings, stderr=subprocess.DEVNULL)
    most = 0
    while going.poll() is None:  # not ru_maxrss, which starts with what the parent had when it forked
        most = max(most, peak_bytes(going.pid))
        time.sleep(0.05)
    assert going.returncode == 0 and sum(1 for _ in out.open("rb")) == count
    return most


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the peak memory from /proc")
def test_twenty_times_the_articles_take_no_more_memory(tmp_path, settings):
    (tmp_path / "warm.txt").write_text("لم يكن قراره سهلاً.", encoding="utf-8")
    run([tmp_path / "warm.txt", "--output", tmp_path / "warm.jsonl"], settings)  # converts the model, if need be
    small, large = (peak(count, tmp_path, settings) for count in (1_000, 20_000))
    print(f"1,000 articles: {small / 2**20:.0f} MiB, 20,000: {large / 2**20:.0f} MiB, ratio {large / small:.2f}")
    assert large < 1.2 * small
