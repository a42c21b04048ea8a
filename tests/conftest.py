"""Real small things for the tests: a model trained in seconds, a store on disk, the app itself."""

from __future__ import annotations

import hashlib
import json
import random
import re
import threading
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from models.engines.registry import DEFAULT_CACHE, written_whole
from models.pipeline import Pipeline
from models.training import cut, finetune, weights
from models.translation.loader import load_translator
from models.types import Sentence, Translation
from service import create_app
from service.config import Settings
from service.core import Core
from service.store.briefs import Store
from tests import tiny, tinygemma
from tests.tiny import SUMMARIZERS

HOLD = "قف هنا"  # see `Held`
DATA = Path(__file__).parent / "data"

hypothesis_settings.register_profile("mujaz", deadline=None)  # how long an example takes depends on the machine
hypothesis_settings.load_profile("mujaz")


@pytest.fixture(scope="session")
def cache() -> Path:
    """Trained and converted models, kept from run to run under the hash of what made them."""
    made_by = hashlib.sha256()
    modules = (tiny, tinygemma, cut, finetune, weights)
    for path in (*(Path(module.__file__) for module in modules), *sorted(tiny.ARTICLES.iterdir())):
        made_by.update(path.read_bytes())
    return DEFAULT_CACHE / "tests" / made_by.hexdigest()[:16]


@pytest.fixture(scope="session")
def model_folder(cache) -> Path:
    """A BART in Hugging Face format that knows some sentences of tests/data/articles by heart."""
    return kept(cache / "tiny-bart", "bart", 40)


@pytest.fixture(scope="session")
def marian_folder(cache) -> Path:
    """The same as a Marian model, which learns more slowly, and not all of them."""
    return kept(cache / "tiny-marian", "marian", 110)


@pytest.fixture(scope="session")
def gemma_folder(cache) -> Path:
    """The same as a decoder-only model, in the form of the embedded one."""
    return kept(cache / "tiny-gemma", "gemma", 40)


def kept(folder: Path, kind: str, epochs: int) -> Path:
    """The model in `folder`, trained now if it is not there."""
    if not folder.is_dir():
        with written_whole(folder) as temporary:
            (tinygemma if kind == "gemma" else tiny).make_model(temporary, kind, epochs)
    return folder


@pytest.fixture(scope="session")
def translator(model_folder, cache):
    """The tiny model as the service loads it: CTranslate2, int8."""
    return load_translator(str(model_folder), cache=cache)


class Counting:
    """The real translator, and what it was asked; it fails where a sentence has `poison`."""

    def __init__(self, translator, ahead=None, poison=None):
        self.info, self.signature, self.ahead = translator.info, translator.signature, ahead or translator.ahead
        self._translator, self._poison = translator, poison
        self.asked = []

    def begin(self, sentences, turn=None):
        self.asked += [sentence.text for sentence in sentences]
        if self._poison and any(self._poison in sentence.text for sentence in sentences):
            raise RuntimeError("out of memory")
        return self._translator.begin(sentences, turn)


class Held(Counting):
    """The real translator; a sentence with HOLD in it waits until `gate` is open."""

    def __init__(self, translator):
        super().__init__(translator, ahead=1)
        self.gate = threading.Event()

    def begin(self, sentences, *place):
        if any(HOLD in sentence.text for sentence in sentences):
            assert self.gate.wait(60)
        return super().begin(sentences, *place)


@pytest.fixture
def settings(tmp_path, model_folder, cache) -> Settings:
    """Settings of a service with its own empty store."""
    return Settings(model=str(model_folder), data=tmp_path / "data", cache=cache)


@pytest.fixture
def store(settings) -> Store:
    """An empty store on disk."""
    return Store(settings.data / "mujaz.sqlite3")


@pytest.fixture
def pipeline(translator, store) -> Pipeline:
    """The pipeline of a service, with its translation memory."""
    return Pipeline(translator, SUMMARIZERS, store)


@pytest.fixture
def app(settings, pipeline):
    """The app, ready to answer."""
    app = create_app(settings, pipeline=pipeline)
    yield app
    app.extensions["mujaz.jobs"].stop()


@pytest.fixture
def held(core, app):
    """The app's translator, whose sentences with HOLD wait for its gate."""
    held = core.pipeline.translator = Held(core.pipeline.translator)
    yield held
    held.gate.set()
    app.extensions["mujaz.jobs"].stop()


@pytest.fixture
def client(app):
    """Flask's client of the app."""
    return app.test_client()


@pytest.fixture
def core(app) -> Core:
    """What the app's endpoints share."""
    return app.extensions["mujaz"]


@pytest.fixture
def known_articles(tmp_path):
    """A function that writes COUNT short articles, of sentences that the tiny model knows, as JSON lines."""

    def write(count, name="in.jsonl"):
        rng = random.Random(count)
        sentences = [arabic for arabic, _ in tiny.trained_pairs()]
        with (tmp_path / name).open("w", encoding="utf-8") as file:
            for i in range(count):
                parts = [f"التقرير رقم {i} {rng.choice(sentences)}", *rng.sample(sentences, 2)]
                file.write(json.dumps({"id": f"n{i}", "text": "\n\n".join(parts)}) + "\n")
        return tmp_path / name

    return write


def jsonl(path: Path) -> list:
    """The values of a file of JSON lines; lines that begin with # are notes."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line and not line.startswith("#")]


def cases(name: str) -> list:
    """The golden cases of tests/data/cases/NAME.jsonl, for a parametrized test."""
    return jsonl(DATA / "cases" / f"{name}.jsonl")


def repeated(parts: list) -> str:
    """The text of parts, each a text or [text, how often]."""
    return "".join(part if isinstance(part, str) else part[0] * part[1] for part in parts)


def translations(pairs, score: float | None = None) -> list[Translation]:
    """(Arabic, English) pairs as the sentences of one document."""
    return [Translation(Sentence(i, 0, 0, len(a), a), e, score) for i, (a, e) in enumerate(pairs)]


def article(prefix: str) -> tuple[str, str]:
    """(title, body) of the article in tests/data/articles whose name starts so."""
    (path,) = (p for p in tiny.ARTICLES.glob(f"{prefix}*.txt") if not p.name.endswith(".en.txt"))
    title, _, body = path.read_text(encoding="utf-8").partition("\n")
    return title, body.strip()


def words(text: str) -> list[str]:
    """The words of an English text, in lower case."""
    return re.findall(r"\w+", text.lower())
