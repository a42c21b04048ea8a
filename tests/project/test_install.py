"""What a newcomer installs from the locks, in an environment with nothing else in it, does what it is installed for."""

from __future__ import annotations

import gzip
import subprocess
import venv

import pytest

from models.engines.registry import ROOT
from tests.service.articles.test_readers import ARTICLES, parquet, word, written

READ = """
import sys
from pathlib import Path
from service.articles.readers import Fields, find_sources, read
sources, failures = find_sources([Path(sys.argv[1])])
assert not failures, failures
for source in sources:
    for item in read([source], Fields(), None, print):
        print("read", source.name, len(item.text) > 100)
for name in ("torch", "transformers"):
    try:
        __import__(name)
    except ImportError:
        continue
    raise SystemExit(f"{name} is there")
"""


@pytest.mark.slow
def test_one_file_of_each_kind_is_read_in_a_clean_environment(tmp_path):
    _, title, text = ARTICLES[0]
    folder = tmp_path / "inputs"
    folder.mkdir()
    for suffix in (".txt", ".html", ".jsonl", ".csv", ".tsv"):
        (folder / f"a{suffix}").write_text(written(suffix), encoding="utf-8")
    (folder / "a.docx").write_bytes(word(*text.split("\n"), title=title))
    (folder / "a.parquet").write_bytes(parquet({"text": [text]}))
    (folder / "b.txt.gz").write_bytes(gzip.compress(text.encode()))
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    lock = ROOT / "requirements" / "batch.txt"
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock]
    installed = subprocess.run(pip, capture_output=True, text=True)
    assert installed.returncode == 0, installed.stderr
    done = subprocess.run([python, "-c", READ, folder], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    read = [line.split() for line in done.stdout.splitlines() if line.startswith("read ")]
    assert {name for _, name, _ in read} == {path.name for path in folder.iterdir()}
    assert all(long == "True" for *_, long in read)
