import csv
import gzip
import json
import shutil
import signal
import subprocess
import time

import pytest

from models.pipeline import Pipeline
from models.types import Document
from service.articles.readers import Failure
from service.batch.__main__ import main
from service.batch.journal import Journal, journal_folder
from service.batch.progress import Progress
from service.batch.run import Order, Run, local_engine
from tests import tiny
from tests.conftest import Counting, article, jsonl
from tests.processes import begun, environment, python
from tests.tiny import SUMMARIZERS


def alone(settings):
    """The environment of a run with those settings, which translates with one thread."""
    return environment(settings, MUJAZ_THREADS="1")


def run(arguments, settings, **options):
    return python("-m", "service.batch", *arguments, env=alone(settings), **options)


def start(arguments, settings, **options):
    """A run that goes on beside the test."""
    return begun("-m", "service.batch", *arguments, env=alone(settings), **{"stderr": subprocess.PIPE, **options})


@pytest.fixture
def folder(tmp_path):
    """All the articles of tests/data, and four files that cannot be briefed."""
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
    (folder / "noise.txt").write_bytes(bytes(range(128, 256)) * 20)
    return folder


def batch(output, items, engine, order=Order(), signature="s"):  # noqa: B008 - frozen
    """A run in this process; what it wrote."""
    with Journal(output) as journal:
        progress = Progress(output, 0)
        run = Run(output, journal, progress, signature, order)
        run.work(items, engine)
        failed = run.write("jsonl")
        progress.end("complete")
    return jsonl(output), failed, progress.counts


def test_a_folder_of_articles(folder, tmp_path, settings):
    out = tmp_path / "out.jsonl"
    done = run([folder, "--output", out], settings)
    assert done.returncode == 3, done.stderr
    records = jsonl(out)
    names = [p.relative_to(folder).as_posix() for p in sorted(folder.rglob("*.txt"))]
    bad = {"empty.txt", "english.txt", "noise.txt", "gone.txt"}
    assert [record["id"] for record in records] == [name for name in names if name not in bad]
    assert len(records) >= 20 and "sub folder/تقرير.txt" in {record["id"] for record in records}
    for record in records:
        assert list(record) == ["id", "file", "title", "brief", "translation", "model", "signature"]
        text = (folder / record["id"]).read_bytes().decode("utf-8")
        assert all(text[s["start"] : s["end"]] == s["source"] for s in record["translation"]["sentences"])
        assert record["brief"]["sentences"]
    failed = {failure["where"]: failure["reason"] for failure in jsonl(tmp_path / "out.jsonl.failed.jsonl")}
    assert set(failed) == bad and "Latin" in failed["english.txt"]
    assert all(f"failed: {name}: {reason}" in done.stderr for name, reason in failed.items())
    assert f"{len(records)}  articles done now" in done.stderr and "Traceback" not in done.stderr


def test_what_is_not_read_is_listed_and_is_no_failure(known_articles, tmp_path, settings):
    folder, out = tmp_path / "in", tmp_path / "out.jsonl"
    folder.mkdir()
    shutil.move(known_articles(2), folder / "a.jsonl")
    for name in ("b.png", "c.PNG", "d.doc"):
        (folder / name).write_bytes(b"x")
    done = run([folder, "--output", out], settings)
    assert done.returncode == 0 and len(jsonl(out)) == 2, done.stderr
    assert "2  files not read: .png" in done.stderr and "1  files not read: .doc" in done.stderr
    listed = jsonl(tmp_path / "out.jsonl.failed.jsonl")
    assert [(entry["where"], entry["passed_over"]) for entry in listed] == [
        (n, True) for n in ("b.png", "c.PNG", "d.doc")
    ]
    assert listed[2]["reason"] == "is of no kind that is read here (.doc); save it as .docx"
    assert (
        f"files that are not read are listed in {out}.failed.jsonl" in done.stderr
        and "failed articles" not in done.stderr
    )
    told = run([folder, "--output", out, "--dry-run"], settings).stdout
    assert "3  files not read" in told and "0  that cannot be used" in told


def test_subtitles_come_out_as_subtitles(tmp_path, settings):
    (one, english), (two, other) = tiny.trained_pairs()[1:3]
    folder, out = tmp_path / "in", tmp_path / "out"
    (folder / "season").mkdir(parents=True)
    times = "1\n00:00:01,000 --> 00:00:03,000\n{}\n\n2\n00:00:03,100 --> 00:00:05,000\n{}\n"
    (folder / "season" / "film.srt").write_bytes(times.format(one, two).encode("cp1256"))
    (folder / "b.vtt.gz").write_bytes(gzip.compress(f"WEBVTT\n\n{times.format(two, one).replace(',', '.')}".encode()))
    done = run([folder, "--output", out, "--format", "subtitles"], settings)
    assert done.returncode == 0, done.stderr
    assert (out / "season" / "film.srt").read_text(encoding="utf-8") == times.format(english, other)
    assert (out / "b.vtt").read_text(encoding="utf-8") == f"WEBVTT\n\n{times.replace(',', '.').format(other, english)}"
    (folder / "c.txt").write_text(one, encoding="utf-8")
    refused = run([folder, "--output", tmp_path / "no", "--format", "subtitles"], settings)
    assert refused.returncode == 2 and "subtitles are made of .srt, .vtt files only; c.txt is none" in refused.stderr


def test_the_same_as_the_endpoint_gives(client, pipeline, tmp_path):
    title, body = article("05")
    items = [("f", Document("1", body, title))]  # the memory is shared, so that the model is asked once
    ((record,), _, _) = batch(tmp_path / "o.jsonl", items, local_engine(pipeline, Order()))
    answer = client.post("/api/v1/briefs", json={"text": body, "title": title}).get_json()
    fields = ("title", "brief", "translation", "model", "signature")
    assert {k: record[k] for k in fields} == {k: answer[k] for k in fields}


def test_what_is_refused_keeps_its_place_and_is_told(pipeline, tmp_path):
    title, body = article("03")
    items = [
        ("a", Document("7", body, title)),
        ("a", Failure("a:2", "is not JSON")),
        ("a", Document("7", body)),
        ("a", Document("half", "\ud800 قافلة")),
        ("a", Document("long", body * 100)),
        ("b", Document("again", body, title)),
        ("b", Document("latin", "Nothing.")),
    ]
    order = Order(max_chars=10_000)
    records, failed, counts = batch(tmp_path / "o.jsonl", items, local_engine(pipeline, order), order)
    assert [(r["id"], r["file"]) for r in records] == [("7", "a"), ("again", "b")]
    assert {**records[0], "id": "", "file": ""} == {**records[1], "id": "", "file": ""} and counts.done == 1
    reasons = {f["where"]: f["reason"] for f in failed}
    assert list(reasons) == ["a:2", "7", "half", "long", "latin"]
    assert "same id" in reasons["7"] and "surrogate" in reasons["half"] and "MUJAZ_MAX_CHARS" in reasons["long"]
    assert failed == jsonl(tmp_path / "o.jsonl.failed.jsonl")


def test_only_what_is_new_or_changed_is_done_again(pipeline, tmp_path):
    def articles(*texts):
        return [("f", Document(f"n{i}", text)) for i, text in enumerate(texts)]

    one, two, three = [article(number)[1] for number in ("03", "05", "07")]
    engine, out = local_engine(pipeline, Order()), tmp_path / "o.jsonl"
    assert batch(out, articles(one, two), engine)[2].done == 2
    first = out.read_bytes()
    assert batch(out, articles(one, two), engine)[2].done == 0 and out.read_bytes() == first
    records, _, counts = batch(out, articles(three, one, two), engine)
    assert (counts.done, counts.before) == (1, 2) and [r["id"] for r in records] == ["n0", "n1", "n2"]
    assert batch(out, articles(one, two), engine, signature="another model")[2].done == 2


def test_an_article_is_journalled_before_many_more_are_read(known_articles, pipeline, tmp_path):
    """A kill a third of the way through loses what is on its way, and no more."""
    out = tmp_path / "o.jsonl"
    ahead = []

    def articles():
        for i, line in enumerate(known_articles(120).read_text(encoding="utf-8").splitlines()):
            ahead.append(i - (journal_folder(out) / "entries").read_bytes().count(b"\n"))
            yield "f", Document(**json.loads(line))

    assert len(batch(out, articles(), local_engine(pipeline, Order()))[0]) == 120
    assert max(ahead) <= pipeline.translator.ahead // 3 + 1, "of three sentences each"


def test_failed_articles_are_tried_again_and_never_pass_for_done(translator, pipeline, tmp_path):
    failing = Counting(translator, poison="القافلة")
    items = [("f", Document("1", "وصلت القافلة.")), ("f", Document("2", "لم يكن قراره سهلاً."))]
    out = tmp_path / "o.jsonl"
    records, failed, _ = batch(out, items, local_engine(Pipeline(failing, SUMMARIZERS), Order()))
    assert [r["id"] for r in records] == ["2"] and failed[0]["reason"] == "RuntimeError: out of memory"
    records, failed, counts = batch(out, items, local_engine(pipeline, Order()))
    assert [r["id"] for r in records] == ["1", "2"] and not failed and counts.done == 1
    assert not (tmp_path / "o.jsonl.failed.jsonl").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["none.txt", "--output", "out.jsonl"], "does not exist"),
        (["image.png", "--output", "out.jsonl"], "choose .txt"),
        (["bare", "--output", "out.jsonl"], "holds no .txt"),
        (["a.txt", "--output", "out.xyz"], "choose --format"),
        (["a.txt", "--output", "out.jsonl", "--encoding", "klingon"], "windows-1256"),
        (["a.txt"], "both are needed"),
        (["--output", "out.jsonl"], "both are needed"),
    ],
)
def test_what_cannot_be_begun_stops_before_anything_is_written(arguments, told, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "image.png").write_bytes(b"")
    (tmp_path / "a.txt").write_text("قافلة", encoding="utf-8")
    (tmp_path / "bare").mkdir()
    before = sorted(tmp_path.iterdir())
    assert main(arguments) == 2
    assert told in capsys.readouterr().err and sorted(tmp_path.iterdir()) == before


def test_dry_run_counts_and_estimates_and_status_tells(known_articles, settings, tmp_path):
    path, out = known_articles(30), tmp_path / "out.csv.gz"
    dry = run([path, "--output", out, "--dry-run"], settings)
    assert dry.returncode == 0, dry.stderr
    counted = dict(line.split(None, 1)[::-1] for line in dry.stdout.splitlines())
    assert counted["articles to do"] == "30" and counted["sentences"] == "90" and "words a second" in dry.stdout
    assert not out.exists() and not journal_folder(out).exists()
    assert run(["--status", out], settings).returncode == 2
    done = run([path, "--output", out], settings)
    assert done.returncode == 0, done.stderr
    with gzip.open(out, "rt", encoding="utf-8-sig", newline="") as lines:
        assert [row["id"] for row in csv.DictReader(lines)] == [f"n{i}" for i in range(30)]
    told = run(["--status", out], settings)
    assert told.returncode == 0 and "complete" in told.stdout and "30 of 30 articles" in told.stdout
    assert "30  done before" in run([path, "--output", out, "--dry-run"], settings).stdout


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_finishes_the_sentences_at_hand_and_the_same_line_goes_on(
    number, code, known_articles, settings, tmp_path
):
    path, out = known_articles(1500), tmp_path / "out.jsonl"
    going = start([path, "--output", out], settings)
    wait_for_entries(out, going)
    assert "running" in run(["--status", out], settings).stdout
    refused = run([path, "--output", out], settings)
    assert refused.returncode == 2 and f"process {going.pid}" in refused.stderr
    going.send_signal(number)
    told = going.communicate(timeout=120)[1]
    assert going.returncode == code and "the same line goes on" in told and "Traceback" not in told
    assert not out.exists() and "interrupted" in run(["--status", out], settings).stdout
    partial = run([path, "--output", out, "--partial"], settings)
    assert partial.returncode == 3 and 0 < len(jsonl(out)) < 1500
    last = run([path, "--output", out], settings)
    assert last.returncode == 0 and [r["id"] for r in jsonl(out)] == [f"n{i}" for i in range(1500)]


def wait_for_entries(out, going):
    """Until the run has journalled something."""
    entries = journal_folder(out) / "entries"
    deadline = time.time() + 120
    while not entries.exists() or not entries.stat().st_size:
        assert going.poll() is None and time.time() < deadline
        time.sleep(0.02)


FULL = """
import resource, sys
from service.batch.__main__ import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
sys.exit(main(sys.argv[2:]))
"""


def test_a_full_disk_stops_the_run_and_the_same_line_goes_on(known_articles, settings, tmp_path):
    path, out = known_articles(600), tmp_path / "out.jsonl"
    full = python("-c", FULL, 600_000, path, "--output", out, env=alone(settings))
    assert full.returncode == 4 and "the same line goes on" in full.stderr, full.stderr
    assert not out.exists() and (journal_folder(out) / "entries").stat().st_size > 0
    done = run([path, "--output", out], settings)
    assert done.returncode == 0 and len(jsonl(out)) == 600, done.stderr


def test_how_sure_the_briefs_must_be_can_be_asked(known_articles, tmp_path, settings):
    source, out = known_articles(3), tmp_path / "out.jsonl"
    plain = run([source, "--output", out], settings)
    assert plain.returncode == 0, plain.stderr
    first = jsonl(out)
    again = run([source, "--output", out, "--min-confidence", "0.5"], settings)
    assert again.returncode == 0, again.stderr
    second = jsonl(out)
    assert [r["translation"] for r in second] == [r["translation"] for r in first]
    for before, after in zip(first, second, strict=True):
        assert before["brief"]["notes"] == [] and before["signature"].endswith("|confidence:0")
        assert after["brief"]["notes"] and after["signature"].endswith("|confidence:0.5"), "nothing stale is kept"
    for wrong in ("1.5", "x", "nan"):
        told = run([source, "--output", out, "--min-confidence", wrong], settings)
        assert told.returncode == 2 and "no number from 0 to 1" in told.stderr
