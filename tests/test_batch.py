import json
import os
import shutil
import subprocess
import sys

import pytest

from models import registry
from service.batch import Failure, JsonFields, count_articles, find_files, main, make_records, read_articles
from tests import tiny
from tests.conftest import article


def run(arguments, settings):
    ours = {"MUJAZ_MODEL": settings.model, "MUJAZ_DATA": str(settings.data), "MUJAZ_CACHE": str(settings.cache)}
    environment = {**os.environ, **ours}
    command = [sys.executable, "-m", "service.batch", *map(str, arguments)]
    return subprocess.run(command, cwd=registry.ROOT, env=environment, capture_output=True, text=True)


@pytest.fixture
def folder(tmp_path):
    """All the articles of tests/data, and three files that cannot be briefed."""
    folder = tmp_path / "articles"
    (folder / "sub folder").mkdir(parents=True)
    for path in tiny.ARTICLES.glob("*.txt"):
        if not path.name.endswith(".en.txt"):
            shutil.copy(path, folder)
    shutil.move(folder / "28-drought-report.txt", folder / "sub folder" / "تقرير.txt")
    (folder / "empty.txt").write_text("")
    (folder / "english.txt").write_text("Nothing to translate here.")
    (folder / "old.txt").write_bytes("قافلة".encode("windows-1256"))
    return folder


def test_a_folder_of_articles(folder, tmp_path, settings):
    out = tmp_path / "out.jsonl"
    done = run([folder, "--output", out], settings)
    assert done.returncode == 3, done.stderr
    records = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*.txt"))
    bad = {"empty.txt", "english.txt", "old.txt"}
    assert [record["id"] for record in records] == [name for name in names if name not in bad]
    assert len(records) >= 20 and "sub folder/تقرير.txt" in {record["id"] for record in records}
    for record in records:
        assert list(record) == ["id", "title", "brief", "translation", "model", "signature"]
        text = (folder / record["id"]).read_text(encoding="utf-8")
        assert all(text[s["start"] : s["end"]] == s["source"] for s in record["translation"]["sentences"])
        assert record["brief"]["sentences"]
    for name, reason in (("empty.txt", "empty"), ("english.txt", "Latin"), ("old.txt", "not UTF-8")):
        assert f"failed: {name}: " in done.stderr and reason in done.stderr
    assert f"{len(records)} briefs" in done.stderr and "3 failed" in done.stderr and "Traceback" not in done.stderr


def test_jsonl_with_fields_of_ones_own_and_broken_lines(pipeline, tmp_path):
    title, body = article("03")
    path = tmp_path / "in.jsonl"
    lines = [
        json.dumps({"body": body, "key": 7, "title": title}),
        "{broken",
        "",
        json.dumps(["a list"]),
        json.dumps({"text": body}),
        json.dumps({"body": body}),
        json.dumps({"body": "\ud800 قافلة"}),
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    articles = read_articles(find_files([path]), JsonFields("body", "key"))
    results = list(make_records(articles, pipeline, "extractive", 2))
    assert count_articles(find_files([path])) == len(results)
    good = [r for r in results if not isinstance(r, Failure)]
    assert [r["id"] for r in good] == ["7", "in.jsonl:6"] and good[0]["title"]["source"] == title
    failures = {r.where: r.reason for r in results if isinstance(r, Failure)}
    assert set(failures) == {"in.jsonl:2", "in.jsonl:4", "in.jsonl:5", "in.jsonl:7"}
    assert "not JSON" in failures["in.jsonl:2"] and "--text-field" in failures["in.jsonl:5"]
    assert "surrogate" in failures["in.jsonl:7"]


def test_the_same_as_the_endpoint_gives(client, pipeline, tmp_path):
    title, body = article("05")
    (tmp_path / "in.jsonl").write_text(json.dumps({"text": body, "title": title}), encoding="utf-8")
    (record,) = make_records(read_articles(find_files([tmp_path]), JsonFields()), pipeline, "extractive", 3)
    answer = client.post("/api/v1/briefs", json={"text": body, "title": title}).get_json()
    assert {k: record[k] for k in ("title", "brief", "translation", "signature")} == {
        k: answer[k] for k in ("title", "brief", "translation", "signature")
    }


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda folder: folder / "none.txt", "does not exist"),
        (lambda folder: folder / "image.png", "choose .txt, .jsonl or a folder"),
        (lambda folder: folder / "bare", "holds no .txt, .jsonl file"),
    ],
)
def test_inputs_that_cannot_be_used_stop_before_anything_is_written(make, told, tmp_path, capsys):
    (tmp_path / "image.png").write_bytes(b"")
    (tmp_path / "bare").mkdir()
    out = tmp_path / "out.jsonl"
    assert main([str(make(tmp_path)), "--output", str(out)]) == 2
    assert told in capsys.readouterr().err and not out.exists()


def test_an_output_that_exists_is_left_alone(tmp_path, capsys):
    (tmp_path / "a.txt").write_text("قافلة", encoding="utf-8")
    out = tmp_path / "out.jsonl"
    out.write_text("precious")
    assert main([str(tmp_path / "a.txt"), "--output", str(out)]) == 2
    assert out.read_text() == "precious" and "exists already" in capsys.readouterr().err
