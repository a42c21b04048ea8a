import json
import os
import signal
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import InputError
from models.types import Document
from service.batch.journal import Journal, is_running, journal_folder, key_of
from tests.processes import begun, python


def keys(count):
    return [key_of(Document(str(i), f"نص {i}"), "signature") for i in range(count)]


def records(count):
    return [(key, {"title": f"قافلة {i}", "n": i}) for i, key in enumerate(keys(count))]


def test_what_is_appended_is_there_in_the_next_run(tmp_path):
    output = tmp_path / "out.jsonl"
    with Journal(output) as journal:
        journal.append(records(3))
        assert journal.get(keys(2)[1]) == {"title": "قافلة 1", "n": 1}
        journal.append(records(5)[3:])
    with Journal(output) as journal:
        assert all(key in journal for key in keys(5)) and keys(6)[5] not in journal and not journal.broken
        assert [journal.get(key) for key in keys(5)] == [record for _, record in records(5)]


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_cut_anywhere_it_keeps_every_whole_line_and_goes_on(tmp_path_factory, data):
    output = tmp_path_factory.mktemp("cut") / "out.jsonl"
    with Journal(output) as journal:
        journal.append(records(4))
    entries = journal_folder(output) / "entries"
    whole = entries.read_bytes()
    cut = data.draw(st.integers(0, len(whole)))
    entries.write_bytes(whole[:cut])
    with Journal(output) as journal:
        kept = [key in journal for key in keys(4)]
        assert kept == sorted(kept, reverse=True) and sum(kept) == whole[:cut].count(b"\n")
        journal.append([pair for pair, there in zip(records(4), kept, strict=True) if not there])
    assert entries.read_bytes() == whole


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_a_changed_byte_is_never_taken_for_a_record(tmp_path_factory, data):
    output = tmp_path_factory.mktemp("rot") / "out.jsonl"
    with Journal(output) as journal:
        journal.append(records(3))
    entries = journal_folder(output) / "entries"
    rotten = bytearray(entries.read_bytes())
    rotten[data.draw(st.integers(0, len(rotten) - 2))] ^= data.draw(st.integers(1, 255))
    entries.write_bytes(rotten)
    good = dict(records(3))
    with Journal(output) as journal:
        found = {key: journal.get(key) for key in good if key in journal}
        assert len(found) >= 1 and all(record == good[key] for key, record in found.items())


def test_articles_are_known_by_content_and_signature_not_by_name():
    one = Document("a.txt", "نص", "عنوان")
    assert key_of(one, "s") == key_of(Document("b.txt", "نص", "عنوان"), "s")
    others = [key_of(Document("a.txt", "نص", None), "s"), key_of(Document("a.txt", "نص آخر", "عنوان"), "s")]
    assert len({key_of(one, "s"), key_of(one, "t"), *others}) == 4


def test_an_output_of_ones_own_is_not_touched(tmp_path):
    output, folder = tmp_path / "out.jsonl", tmp_path / "Documents"
    with Journal(output):
        pass  # begun, but it wrote no output
    output.write_text("precious")
    folder.mkdir()
    for own in (output, folder):
        with pytest.raises(InputError) as error:
            Journal(own)
        assert "exists already" in str(error.value)
    assert output.read_text() == "precious"
    output.unlink()
    with Journal(output) as journal:
        journal.claim()
    output.write_text("ours")
    with Journal(output):
        pass


HOLD = "import sys; from pathlib import Path; from service.batch.journal import Journal\n" + (
    "with Journal(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
)


def test_two_runs_on_one_output_refuse_each_other_and_a_killed_one_does_not(tmp_path):
    output = tmp_path / "out.jsonl"
    holder = begun("-c", HOLD, output, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout.readline() == "held\n" and is_running(output)
    with pytest.raises(InputError) as error:
        Journal(output)
    assert f"process {holder.pid}" in str(error.value) and str(output) in str(error.value)
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    assert not is_running(output)
    with Journal(output):
        pass


FILL = """
import resource, sys
from pathlib import Path
from service.batch.journal import Journal
from tests.service.batch.test_journal import records
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
journal = Journal(Path(sys.argv[1]))
try:
    with journal:
        for pair in records(100):
            journal.append([pair])
except OSError as error:
    print(error)
"""


def test_a_full_disk_loses_nothing_that_was_written(tmp_path):
    output = tmp_path / "out.jsonl"
    done = python("-c", FILL, output)
    assert "File too large" in done.stdout and done.returncode == 0, done.stderr
    with Journal(output) as journal:
        there = [key for key in keys(100) if key in journal]
        assert 10 < len(there) < 100 and there == keys(len(there))
        journal.append(records(100)[len(there) :])
    lines = (journal_folder(output) / "entries").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line[42:])["n"] for line in lines] == list(range(100))
