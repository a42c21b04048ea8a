"""The model that ships with Mujaz, served as a newcomer gets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import sacrebleu

from models.engines.registry import DEFAULT_CACHE, ROOT, SHIPPED, resolve
from models.evaluation.translations import as_sentences, health
from models.translation.loader import load_translator
from service import create_app
from service.config import Settings
from tests.pages import sample

SEED = ROOT.parent / "shared" / "seed" / "article-ar.txt"
LOAD = """
import sys, time
started = time.monotonic()
import service
service.create_app().extensions["mujaz"].wait()
seconds = time.monotonic() - started
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
heavy = sorted({"torch", "transformers"} & {*sys.modules})
print(seconds, int(status["VmRSS"].split()[0]) / 1024, heavy)
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    app = create_app(Settings(data=tmp_path_factory.mktemp("data"), cache=DEFAULT_CACHE))
    app.extensions["mujaz"].wait()
    return app.test_client()


def brief(client, title, text):
    answer = client.post("/api/v1/briefs", json={"title": title, "text": text})
    assert answer.status_code == 201
    return answer.get_json()


def assert_whole(record, text):
    """Every sentence is there, in order, selects its source, and is translated; every source of the brief is valid."""
    sentences = record["translation"]["sentences"]
    assert [sentence["index"] for sentence in sentences] == list(range(len(sentences)))
    assert all(text[s["start"] : s["end"]] == s["source"] and s["text"].strip() for s in sentences)
    assert sum(s["end"] - s["start"] for s in sentences) >= len("".join(text.split()))
    statements = record["brief"]["sentences"]
    assert statements and all(0 <= i < len(sentences) for s in statements for i in s["sources"])
    assert all(s["exact"] and sentences[s["sources"][0]]["text"] == s["text"] for s in statements)


def test_it_is_served_without_torch_and_transformers(client, tmp_path):
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("MUJAZ_")}
    environment = {**inherited, "MUJAZ_DATA": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", LOAD], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    seconds, megabytes, heavy = done.stdout.split(maxsplit=2)
    print(f"loaded in {seconds} s, {megabytes} MB")
    assert heavy.strip() == "[]"


def test_the_sample_article(client):
    title, text = sample()
    record = brief(client, title, text)
    assert_whole(record, text)
    assert record["model"]["name"] == "mujaz-ar-en" and "BLEU" in record["model"]["quality"]


SAID_IN_THE_SEED_ARTICLE = (
    "gaza, united states, egypt, indonesia, azerbaijan, turkey, axios, united nations, jordan, palestinian, police, "
    "central command, ceasefire, humanitarian, tuesday, islamic, international force"
)


@pytest.mark.slow
def test_the_seed_article_and_again_from_memory(client):
    if not SEED.exists():
        pytest.skip("../shared/seed is not here")
    title, _, text = SEED.read_text(encoding="utf-8").partition("\n")
    record = brief(client, title, text)
    assert_whole(record, text)
    assert record["title"]["source"] == title.strip()
    again = brief(client, title, text)
    assert again["translation"] == record["translation"] and again["brief"] == record["brief"]
    english = f"{record['title']['text']} {record['translation']['text']}".lower()
    lost = [words for words in SAID_IN_THE_SEED_ARTICLE.split(", ") if words not in english]
    assert len(lost) <= 2, lost  # none here; on another CPU a near-tie may fall otherwise


def test_the_readme_and_the_card_state_the_measured_quality():
    for name, folder in SHIPPED.items():
        release = json.loads((resolve(name) / "mujaz.json").read_text(encoding="utf-8"))
        bleu, chrf = release["quality"].split(" on ")[0].removeprefix("BLEU ").split(", chrF ")
        for page in (ROOT / "README.md", folder / "README.md"):
            assert any(bleu in line and chrf in line for line in page.read_text(encoding="utf-8").splitlines()), page
        assert all(path.stat().st_size < 70_000_000 for path in folder.iterdir())
        assert {"NOTICE", "GEMMA_TERMS.md"} <= {path.name for path in folder.iterdir()}


def test_the_fast_one_is_served_by_its_name(tmp_path):
    app = create_app(Settings(model="embedded-fast", data=tmp_path, cache=DEFAULT_CACHE))
    app.extensions["mujaz"].wait()
    title, text = sample()
    record = brief(app.test_client(), title, text)
    assert_whole(record, text)
    assert record["model"]["name"] == "mujaz-ar-en-fast" and "BLEU" in record["model"]["quality"]
    assert "killed 19 people" in record["translation"]["text"]


@pytest.mark.slow
def test_second_chances_lose_no_number_and_cost_no_bleu():
    folder = ROOT.parent / "shared" / "eval"
    if not folder.is_dir():
        pytest.skip("../shared/eval is not here")
    sources, references = (
        (folder / f"flores-dev.{language}").read_text(encoding="utf-8").splitlines()[:300] for language in ("ar", "en")
    )
    lost, bleu = {}, {}
    for effort in ("normal", "quick"):
        translator = load_translator(effort=effort, cache=DEFAULT_CACHE)
        texts = [translation.text for translation in translator.translate(as_sentences(sources))]
        lost[effort] = 1 - health(sources, texts).numbers
        bleu[effort] = sacrebleu.corpus_bleu(texts, [references]).score
    print(f"numbers lost and BLEU, {lost} {bleu}")
    assert lost["normal"] <= lost["quick"] and bleu["normal"] > bleu["quick"] - 0.5
