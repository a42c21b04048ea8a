import io
import json
import os
import shutil
import subprocess
import sys

import pytest
from tqdm import tqdm

from models import registry
from models.pipeline import Pipeline
from service.batch import Failure, JsonFields, _write, count_articles, find_files, main, make_records, read_articles
from service.core import SUMMARIZERS
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
    crlf = (folder / "03-camp-winter.txt").read_text(encoding="utf-8").replace("\n", "\r\n")
    (folder / "03-camp-winter.txt").write_bytes(crlf.encode())
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    (folder / "empty.txt").write_text("")
    (folder / "english.txt").write_text("Nothing to translate here.")
    (folder / "old.txt").write_bytes("قافلة".encode("windows-1256"))
    return folder


def test_a_folder_of_articles(folder, tmp_path, settings):
    out = tmp_path / "out.jsonl"
    done = run([folder, "--output", out], settings)
    assert done.returncode == 3, done.stderr
    records = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    names = [p.relative_to(folder).as_posix() for p in sorted(folder.rglob("*.txt"))]
    bad = {"empty.txt", "english.txt", "old.txt", "gone.txt"}
    assert [record["id"] for record in records] == [name for name in names if name not in bad]
    assert len(records) >= 20 and "sub folder/تقرير.txt" in {record["id"] for record in records}
    for record in records:
        assert list(record) == ["id", "title", "brief", "translation", "model", "signature"]
        text = (folder / record["id"]).read_bytes().decode("utf-8")
        assert all(text[s["start"] : s["end"]] == s["source"] for s in record["translation"]["sentences"])
        assert record["brief"]["sentences"]
    for name, reason in (("empty.txt", "empty"), ("english.txt", "Latin"), ("old.txt", "not UTF-8"), ("gone.txt", "")):
        assert f"failed: {name}: " in done.stderr and reason in done.stderr
    assert f"{len(records)} briefs" in done.stderr and "4 failed" in done.stderr and "Traceback" not in done.stderr


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
        json.dumps({"body": body, "key": 7}),
        json.dumps({"body": body, "key": [7]}),
        json.dumps({"body": body, "title": 7}),
        json.dumps({"body": body * 100, "key": "long"}),
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    files, _ = find_files([path])
    results = list(make_records(read_articles(files, JsonFields("body", "key")), pipeline, "extractive", 2, 10_000))
    assert count_articles(files) == len(results)
    good = [r for r in results if not isinstance(r, Failure)]
    assert [r["id"] for r in good] == ["7", "in.jsonl:6"] and good[0]["title"]["source"] == title
    failures = {r.where: r.reason for r in results if isinstance(r, Failure)}
    numbers = (2, 4, 5, 7, 9, 10)
    assert set(failures) == {*(f"in.jsonl:{number}" for number in numbers), "7", "long"}
    assert "not JSON" in failures["in.jsonl:2"] and "--text-field" in failures["in.jsonl:5"]
    assert "surrogate" in failures["in.jsonl:7"] and "same id" in failures["7"]
    assert "--id-field" in failures["in.jsonl:9"] and "--title-field" in failures["in.jsonl:10"]
    assert "MUJAZ_MAX_CHARS" in failures["long"]


def test_the_same_as_the_endpoint_gives(client, pipeline, tmp_path):
    title, body = article("05")
    (tmp_path / "in.jsonl").write_text(json.dumps({"text": body, "title": title}), encoding="utf-8")
    files, _ = find_files([tmp_path])
    (record,) = make_records(read_articles(files, JsonFields()), pipeline, "extractive", 3, 10_000)
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


def test_folders_through_links_once_and_names_that_stay_apart(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "same.txt").write_text("قافلة", encoding="utf-8")
    (tmp_path / "a" / "link").symlink_to(tmp_path / "b")
    (tmp_path / "a" / "loop").symlink_to(tmp_path / "a")
    (tmp_path / "a" / os.fsdecode(b"caf\xe9.txt")).write_text("قافلة", encoding="utf-8")
    files, failures = find_files([tmp_path / "a"])
    assert {name for _, name in files} >= {"same.txt", "link/same.txt", "caf\\xe9.txt"} and not failures
    both, _ = find_files([tmp_path / "a", tmp_path / "b"])
    assert len({name for _, name in both}) == len(both)


def test_one_article_that_breaks_the_engine_stops_no_other(translator, tmp_path):
    class Failing:
        """The real translator, but for one article."""

        info, signature = translator.info, translator.signature

        def translate(self, sentences):
            sentences = list(sentences)
            if any("القافلة" in sentence.text for sentence in sentences):
                raise RuntimeError("out of memory")
            return translator.translate(sentences)

    for name, text in (("1", "وصلت القافلة."), ("2", "لم يكن قراره سهلاً.")):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    articles = read_articles(find_files([tmp_path])[0], JsonFields())
    first, second = make_records(articles, Pipeline(Failing(), SUMMARIZERS), "extractive", 3, 10_000)
    assert first == Failure("1.txt", "RuntimeError: out of memory") and second["id"] == "2.txt"


def test_a_full_disk_and_an_interruption_keep_what_was_done(tmp_path, capsys):
    class Full(io.StringIO):
        name = "out.jsonl"

        def write(self, text):
            raise OSError(28, "No space left on device")

    record = {"translation": {"sentences": []}}
    with tqdm(disable=True) as bar:
        assert _write(iter([Failure("x", "y"), record]), Full(), bar) == 4
        told = capsys.readouterr().err
        assert "No space left" in told and "failed: x: y" in told and "0 briefs" in told

        def interrupted():
            yield record
            raise KeyboardInterrupt

        with (tmp_path / "out.jsonl").open("w") as output:
            assert _write(interrupted(), output, bar) == 130
    assert (tmp_path / "out.jsonl").read_text().count("\n") == 1 and "1 briefs" in capsys.readouterr().err
