"""Workers do shards, the driver journals them: the output has what the local engine's has, whatever was killed."""

import os
import re
import signal
import subprocess
import sys
import time
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from models.engines import registry
from models.errors import InputError
from models.types import USUAL, Document
from service.batch import shards
from service.batch.distributed import DEADLY, Cluster, Worker, ray_engine
from service.batch.journal import Journal, journal_folder
from service.batch.run import Order, local_engine
from tests.conftest import jsonl
from tests.processes import python
from tests.service.batch.test_batch import alone, batch, run, start
from tests.service.batch.test_kills import outputs

pytest.importorskip("ray", reason="pip install -r requirements/ray.txt")
RAY = ["--engine", "ray", "--workers", "2"]
POISON = "وصلت القافلة السامة."


class Deadly(Worker):
    """A worker that one article kills, as a fault in a library would."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        engine = self._engine

        def deadly(articles, stopped):
            def passed():
                for article in articles:
                    if article.text == POISON:
                        os.kill(os.getpid(), signal.SIGKILL)
                    yield article

            return engine(passed(), stopped)

        self._engine = deadly


@pytest.fixture
def texts(known_articles):
    """As many short Documents."""

    def load(count):
        return [Document(**record) for record in jsonl(known_articles(count))]

    return load


@pytest.fixture
def worker(settings, pipeline):
    """A worker as Ray makes them, without Ray."""
    return Worker(settings, Order(), pipeline.signature(USUAL))


@pytest.fixture
def folder(tmp_path):
    """Of a run's shards."""
    folder = tmp_path / "out.jsonl.journal" / shards.FOLDER / "run"
    folder.mkdir(parents=True)
    return folder


def processes():
    """{pid: (parent's pid, command line)} of all that run on this machine."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    fields = (line.split(None, 2) for line in listed.splitlines()[1:])
    return {int(pid): (int(parent), " ".join(args)) for pid, parent, *args in fields}


def below(pid):
    """{pid: command line} of the processes that `pid` has begun, and those that they have."""
    every, found = processes(), {}
    while more := {p: args for p, (parent, args) in every.items() if parent in {pid, *found} and p not in found}:
        found |= more
    return found


def waited(found, going, what, seconds=240):
    """What `found` gives once it gives anything."""
    deadline = time.time() + seconds
    while not (there := found()):
        assert going is None or going.poll() is None, going.communicate()[1]
        assert time.time() < deadline, what
        time.sleep(0.02)
    return there


def kill_a_worker_at_work(out, going):
    """SIGKILL for a worker that has a shard in its hands."""

    def found():
        for pid in [pid for pid, args in below(going.pid).items() if args.startswith("ray::MapWorker")]:
            os.kill(pid, signal.SIGSTOP)  # so that it still has it when it is killed
            if any(str(journal_folder(out)) in os.path.realpath(fd) for fd in Path(f"/proc/{pid}/fd").iterdir()):
                os.kill(pid, signal.SIGKILL)
                return True
            os.kill(pid, signal.SIGCONT)
        return False

    waited(found, going, "no worker at work")


def kill_the_driver(going):
    """SIGKILL; returns the ids of the processes that it had started."""
    started = below(going.pid)
    assert any("raylet" in args for args in started.values())
    going.kill()
    going.communicate()
    return started.keys()


@pytest.mark.slow
def test_two_workers_do_what_the_local_engine_does(known_articles, settings, tmp_path):
    path = known_articles(60)
    path.write_text(path.read_text(encoding="utf-8") + '{"id": "latin", "text": "Nothing."}\n', encoding="utf-8")
    local, distributed = tmp_path / "local" / "out.jsonl", tmp_path / "ray" / "out.jsonl"
    for out, engine in ((local, []), (distributed, RAY)):
        out.parent.mkdir()
        done = run([path, "--output", out, *engine], settings)
        assert done.returncode == 3 and "failed: latin: text has no Arabic" in done.stderr, done.stderr
        assert "60  articles done now" in done.stderr and "Traceback" not in done.stderr
    assert outputs(distributed) == outputs(local) and len(jsonl(local)) == 60
    assert not list((journal_folder(distributed) / shards.FOLDER).glob("*/*"))


@pytest.mark.slow
def test_a_killed_run_goes_on_and_the_shard_of_a_killed_worker_is_done_again(known_articles, settings, tmp_path):
    path, out, whole = known_articles(800), tmp_path / "out.jsonl", tmp_path / "whole" / "out.jsonl"
    whole.parent.mkdir()
    assert run([path, "--output", whole], settings).returncode == 0
    going = start([path, "--output", out, *RAY], settings)
    waited(lambda: Journal.keys(journal_folder(out)), going, "nothing was journalled")
    orphans = kill_the_driver(going)
    assert not out.exists()
    going = start([path, "--output", out, *RAY], settings)
    kill_a_worker_at_work(out, going)
    waited(lambda: list((journal_folder(out) / shards.FOLDER).glob("*/*.try1")), going, "no shard was done again")
    told = going.communicate()[1]
    assert going.returncode == 0 and outputs(out) == outputs(whole), told
    before = int(re.search(r"(\d+)  done before", told)[1])
    assert before > 0 and f"{800 - before}  articles done now" in told
    # Most end with the driver; two agents of Ray's look for its head for another minute.
    waited(lambda: not orphans & processes().keys(), None, "processes of the killed driver live on")


@pytest.mark.slow
@pytest.mark.parametrize(("send", "number", "code"), [(os.killpg, signal.SIGINT, 130), (os.kill, signal.SIGTERM, 143)])
def test_a_signal_finishes_the_shards_at_hand(send, number, code, known_articles, settings, tmp_path):
    path, out = known_articles(3000), tmp_path / "out.jsonl"
    going = start([path, "--output", out, *RAY], settings, start_new_session=send is os.killpg)
    waited(lambda: Journal.keys(journal_folder(out)), going, "nothing was journalled")
    send(going.pid, number)  # a terminal sends SIGINT to the processes of the cluster, too
    told = going.communicate(timeout=240)[1]
    assert going.returncode == code and "the same line goes on" in told and "Traceback" not in told, told
    assert not out.exists()
    last = run([path, "--output", out, *RAY], settings)
    assert last.returncode == 0 and [r["id"] for r in jsonl(out)] == [f"n{i}" for i in range(3000)]


@pytest.mark.slow
def test_an_article_that_kills_its_workers_fails_alone(texts, settings, pipeline, tmp_path):
    good = [("f", article) for article in texts(40)]
    items = [*good[:20], ("f", Document("poison", POISON)), *good[20:]]
    out = tmp_path / "out.jsonl"
    signature = pipeline.signature(USUAL)
    engine = ray_engine(settings, Order(), journal_folder(out), signature, Cluster(2), Deadly)
    records, failed, _ = batch(out, items, engine, signature=signature)
    assert [(f["where"], f["reason"]) for f in failed] == [("poison", DEADLY)]
    assert [r["id"] for r in records] == [article.id for _, article in good]


@pytest.mark.slow
def test_a_cluster_that_runs_already(known_articles, settings, tmp_path, monkeypatch):
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setenv("RAY_AUTH_TOKEN", uuid.uuid4().hex)
    ray = Path(sys.executable).with_name("ray")
    start = [ray, "start", "--head", "--num-cpus=2", "--port=0", f"--temp-dir=/tmp/{tmp_path.name}"]
    start += ["--include-dashboard=false", "--disable-usage-stats", "--object-store-memory=100000000", "--block"]
    path, out = known_articles(30), tmp_path / "out.jsonl"
    head = subprocess.Popen(start, stdout=subprocess.PIPE, text=True, cwd=registry.ROOT)
    try:
        address = next(found[1] for line in head.stdout if (found := re.search(r"--address='([\d.:]+)'", line)))
        done = run([path, "--output", out, *RAY, "--ray-address", address], settings)
        assert done.returncode == 0 and len(jsonl(out)) == 30, done.stderr
        assert head.poll() is None
    finally:
        head.terminate()
        head.wait(60)


def test_no_such_cluster_is_told(known_articles, settings, tmp_path):
    done = run([known_articles(3), "--output", tmp_path / "out.jsonl", *RAY, "--ray-address", "nowhere"], settings)
    assert done.returncode == 2 and "--ray-address: nowhere" in done.stderr, done.stderr


def test_without_ray_it_says_what_to_install(known_articles, settings, tmp_path):
    blocked = "import sys; sys.modules['ray'] = None; from service.batch.__main__ import main as m; sys.exit(m())"
    done = python("-c", blocked, known_articles(3), "--output", tmp_path / "out.jsonl", *RAY, env=alone(settings))
    assert done.returncode == 2 and "pip install -r requirements/ray.txt" in done.stderr, done.stderr


def test_at_least_one_worker(settings, tmp_path):
    with pytest.raises(InputError, match="--workers: 0 is too few"):
        ray_engine(settings, Order(), tmp_path, "s", Cluster(0))


def test_shards_are_small_at_first_and_then_of_like_cost(texts):
    articles = [replace(article, text=article.text * 10) for article in texts(1000)]
    cut = list(shards.cut(iter(articles), 2))
    assert [article for shard in cut for article in shard] == articles
    sizes = [sum(len(article.text) for article in shard) for shard in cut]
    longest = max(len(article.text) for article in articles)
    wanted = [min(shards.SHARD_CHARS, shards.FIRST_CHARS * 2 ** (i // 2)) for i in range(len(cut))]
    assert all(size < most + longest for size, most in zip(sizes, wanted, strict=True))
    assert all(size >= least for size, least in zip(sizes[:-1], wanted, strict=False)) and len(cut) > 12


def sources(result):
    """The Arabic of a record's sentences, or why there is none."""
    return result if isinstance(result, str) else [s["source"] for s in result["translation"]["sentences"]]


def test_a_worker_does_a_shard_once(worker, pipeline, folder, texts):
    articles = [*texts(10), Document("latin", "Nothing.", "title", "url")]
    path = shards.write(folder, articles)
    assert list(shards.read(path)) == articles
    assert worker({"path": str(path)}) == {"path": str(path), "state": "done", "detail": ""}
    expected = [result for (result,) in local_engine(pipeline, Order())(articles, lambda: False)]
    found = shards.results_of(path)
    assert [(key, sources(result)) for key, result in found] == [(key, sources(result)) for key, result in expected]
    assert isinstance(expected[-1][1], str) and found[-1] == expected[-1]
    files = sorted(folder.iterdir())
    assert len(files) == 3 and worker({"path": str(path)})["state"] == "done" and sorted(folder.iterdir()) == files
    shards.remove(path)
    assert not list(folder.iterdir())


def test_a_worker_gives_up_what_killed_others_and_begins_nothing_once_told(worker, folder, texts):
    path = shards.write(folder, texts(3))
    assert [shards.tried(path) for _ in range(5)] == [0, 1, 2, shards.TRIES, shards.TRIES]
    assert worker({"path": str(path)})["state"] == "deadly" and not shards.is_done(path)
    path = shards.write(folder, texts(3))
    wish = []
    with shards.passing_on(lambda: bool(wish), folder):
        assert not shards.is_stopped(path)
        wish.append("stop")
        waited(lambda: shards.is_stopped(path), None, "nothing was passed on", 10)
    assert worker({"path": str(path)})["state"] == "dropped" and not shards.is_done(path)


def test_a_worker_that_would_do_other_than_the_driver_refuses(settings, folder, texts):
    path = shards.write(folder, texts(1))
    other = Worker(replace(settings, beam=1), Order(), "model:ours")({"path": str(path)})
    assert other["state"] == "refused" and "has the signature model:" in other["detail"]
    without = Worker(replace(settings, model="not-there"), Order(), "model:ours")({"path": str(path)})
    assert without["state"] == "refused" and "no model 'not-there'" in without["detail"]


def test_a_disk_that_takes_no_more_is_told(worker, folder, texts):
    path = shards.write(folder, texts(1))
    path.unlink()  # a drive that is gone
    assert worker({"path": str(path)})["state"] == "failed"


def test_finished_shards_of_a_killed_run_are_journalled_and_half_written_ones_are_not(worker, folder, texts, tmp_path):
    one, two, three, four = texts(40)[:10], texts(40)[10:20], texts(40)[20:30], texts(40)[30:]
    keyed = [[replace(article, id=f"{i:032x}") for i, article in enumerate(some, 10 * n)]
             for n, some in enumerate((one, two, three, four))]  # fmt: skip
    paths = [shards.write(folder, some) for some in keyed]
    for path in paths[:3]:
        worker({"path": str(path)})
    torn = paths[1].with_suffix(".out")
    torn.write_bytes(torn.read_bytes()[:-100])
    paths[2].with_suffix(".out").rename(paths[2].with_suffix(".half"))
    expected = dict(shards.results_of(paths[0]))
    with Journal(tmp_path / "out.jsonl") as journal:
        journal.append([(keyed[0][0].id, {"done": "before"})])
        assert shards.recover(journal) == 9
        assert journal.get(keyed[0][0].id) == {"done": "before"}
        assert all(journal.get(article.id) == expected[article.id] for article in keyed[0][1:])
        assert not any(article.id in journal for some in keyed[1:] for article in some)
        assert not folder.parent.exists() and shards.recover(journal) == 0
