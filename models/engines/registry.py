"""Which models there are and where their files lie. Nothing in Mujaz goes online but `get`.

A model folder is in Hugging Face format: config.json, *.safetensors and a vocabulary: source.spm, target.spm and
vocab.json of a Marian or BART that translates, tokenizer.json and spelt.json (see `pieces`) of a decoder-only
model that does, vocab.json and merges.txt (byte-level BPE) of one that summarizes. Pickled weights are never read.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from models import places
from models.command_line import interruptible
from models.engines.whole import written_whole
from models.errors import ModelNotFetched, UnknownModel, UnsupportedModel

ROOT, DEFAULT_CACHE = places.ROOT, places.CACHE
EMBEDDED, EMBEDDED_FAST = "embedded", "embedded-fast"
EMBEDDED_FOLDER = ROOT / "models" / "mujaz-ar-en"
SHIPPED = {EMBEDDED: EMBEDDED_FOLDER, EMBEDDED_FAST: ROOT / "models" / "mujaz-ar-en-fast"}
TRANSLATE, SUMMARIZE = "translate", "summarize"
FETCHED = ["*.json", "*.safetensors", "*.spm", "merges.txt", "README.md"]
DECODER_ONLY = ("gemma3_text",)
_SENTENCEPIECE, _BPE = ("source.spm", "target.spm", "vocab.json"), ("vocab.json", "merges.txt")
_SPELT = ("tokenizer.json", "spelt.json")
# {task: {kind of model: the files of its vocabulary}}
ARCHITECTURES: dict[str, dict[str, tuple[str, ...]]] = {
    TRANSLATE: {"marian": _SENTENCEPIECE, "bart": _SENTENCEPIECE, **dict.fromkeys(DECODER_ONLY, _SPELT)},
    SUMMARIZE: {"bart": _BPE},
}


@dataclass(frozen=True, slots=True)
class PublicModel:
    """A model on the public hub. `target_token` is the `>>xxx<<` piece it wants before the source, if any.

    `task` is TRANSLATE (Arabic into English) or SUMMARIZE (English).
    """

    name: str
    revision: str
    megabytes: int
    licence: str
    quality: str
    target_token: str | None = None
    task: str = TRANSLATE


# Of each a revision that carries safetensors (for the smaller ones that is a pull request, which the hub
# never merged; it could be changed there). Both that translate do so into English only: no target token.
PUBLIC = {
    model.name: model
    for model in (
        PublicModel(
            "Helsinki-NLP/opus-mt-ar-en", "refs/pr/6", 310, "Apache-2.0", "BLEU 33.9, chrF 61.0 on FLORES-200 devtest"
        ),
        PublicModel(
            "Helsinki-NLP/opus-mt-tc-big-ar-en",
            "633b76a46252ccfe8a18920198e06bca8a7d7c17",
            610,
            "CC BY 4.0",
            "BLEU 42.6 on FLORES-101 devtest (as published)",
        ),
        PublicModel(
            "sshleifer/distilbart-cnn-12-6",
            "refs/pr/18",
            1220,
            "Apache-2.0",
            "ROUGE-2 21.26, ROUGE-L 30.59 on CNN/DailyMail (as published)",
            task=SUMMARIZE,
        ),
        PublicModel(
            "facebook/bart-large-cnn",
            "37f520fa929c961707657b28798b30c003dd100b",
            1630,
            "MIT",
            "ROUGE-2 20.81, ROUGE-L 30.62 on CNN/DailyMail (as published)",
            task=SUMMARIZE,
        ),
    )
}


def resolve(name: str, cache: Path = DEFAULT_CACHE, task: str = TRANSLATE) -> Path:
    """The local folder of a model: a shipped or a public one's name, or a path. Goes nowhere near the network.

    Raises UnknownModel, ModelNotFetched or UnsupportedModel.
    """
    if name in SHIPPED and task == TRANSLATE:
        return check(SHIPPED[name])
    choices = [model.name for model in PUBLIC.values() if model.task == task]
    if name in choices:
        folder = fetched_folder(name, cache)
        if not folder.is_dir():
            where = "" if cache == DEFAULT_CACHE else f" --cache {cache}"
            raise ModelNotFetched(
                f"{name} is not on this machine. To download it ({PUBLIC[name].megabytes} MB): "
                f"{places.COMMAND} model get {name}{where}"
            )
        return check(folder, task)
    if Path(name).is_dir():
        return check(Path(name), task)
    if task == TRANSLATE:
        choices = [*SHIPPED, *choices]
    raise UnknownModel(f"no model {name!r} to {task} with; choose {', '.join(choices)}, or a local folder")


def fetched_folder(name: str, cache: Path) -> Path:
    """Where `get` puts a public model."""
    return cache / "hub" / name.replace("/", "--")


def task_of(folder: Path) -> str:
    """What the model in `folder` is for, by its vocabulary."""
    return SUMMARIZE if (folder / "merges.txt").is_file() and not (folder / "source.spm").is_file() else TRANSLATE


def check(folder: Path, task: str = TRANSLATE) -> Path:
    """`folder` itself, if it holds a model that Mujaz reads; otherwise UnsupportedModel says what is wrong."""
    kind = kind_of(folder)
    if kind not in ARCHITECTURES[task]:
        known = ", ".join(ARCHITECTURES[task])
        raise UnsupportedModel(f"{folder} is of type {kind!r}; to {task}, Mujaz reads {known}")
    lacking = [name for name in ARCHITECTURES[task][kind] if not (folder / name).is_file()]
    if lacking:
        raise UnsupportedModel(f"{folder} lacks {', '.join(lacking)}")
    if not isinstance(read_json(folder / "config.json").get("max_position_embeddings"), int):
        raise UnsupportedModel(f"{folder} does not say its max_position_embeddings in config.json")
    tokenizer = folder / "tokenizer_config.json"
    if tokenizer.is_file() and read_json(tokenizer).get("separate_vocabs"):
        raise UnsupportedModel(f"{folder} has separate vocabularies; Mujaz reads models whose languages share one")
    if not list(folder.glob("*.safetensors")):
        raise UnsupportedModel(f"{folder} has no *.safetensors weights (pickled ones are never read)")
    return folder


def kind_of(folder: Path) -> str:
    """The kind of model in `folder`, by transformers' name (`model_type`); UnsupportedModel if it does not say."""
    path = folder / "config.json"
    if not path.is_file():
        raise UnsupportedModel(f"{folder} lacks config.json")
    return str(read_json(path).get("model_type"))


def positions(folder: Path) -> int:
    """The longest sequence that the model in `folder` takes: what each of its layers sees at once."""
    config = read_json(folder / "config.json")
    longest = int(config["max_position_embeddings"])
    return min(longest, int(config.get("sliding_window") or longest)) if kind_of(folder) in DECODER_ONLY else longest


def read_json(path: Path) -> dict:
    """A JSON object from a model's folder; UnsupportedModel if it is none."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UnsupportedModel(f"{path} is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise UnsupportedModel(f"{path} does not hold a JSON object")
    return value


def release_of(folder: Path) -> dict:
    """What a model's makers say of it in mujaz.json, {} where there is none: name, version, quality, warning, and
    `window`, `part` and `beam`, with which it translates best, `unsure` (see `checks.fidelity`), `spaced_numbers`."""
    path = folder / "mujaz.json"
    return read_json(path) if path.is_file() else {}


def content_hash(folder: Path) -> str:
    """SHA-256 (hex) over everything that can change a model's text: weights, configuration, vocabulary."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        read = path.suffix in (".json", ".safetensors", ".spm") or path.name == "merges.txt"
        if read and path.name != "mujaz.json":
            state = path.stat()
            digest.update(path.name.encode() + b"\0" + _file_hash(path.resolve(), state.st_size, state.st_mtime_ns))
    return digest.hexdigest()


@lru_cache(maxsize=64)
def _file_hash(path: Path, size: int, modified: int) -> bytes:
    """Of a file, read once while its size and time stay; a start asks for the same weights several times."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def public(name: str) -> PublicModel:
    """The public model of that name; UnknownModel names the choices."""
    if name not in PUBLIC:
        raise UnknownModel(f"no public model {name!r}; choose {', '.join(PUBLIC)}")
    return PUBLIC[name]


def get(model: PublicModel, cache: Path) -> Path:
    """The folder of a public model, downloaded into the cache if it is not there; it appears whole or not at all.

    ModelNotFetched says what failed; UnsupportedModel as `check`.
    """
    target = fetched_folder(model.name, cache)
    if not target.is_dir():
        with written_whole(target) as temporary:
            with interruptible():  # the hub's client can swallow a Ctrl-C
                _download(model.name, model.revision, temporary)
            shutil.rmtree(temporary / ".cache", ignore_errors=True)
            check(temporary, model.task)
    return check(target, model.task)


def _download(name: str, revision: str, folder: Path) -> None:
    """In this thread, file by file: `snapshot_download` has threads of its own, which Ctrl-C would wait for."""
    from huggingface_hub import HfApi, hf_hub_download
    from huggingface_hub.utils import filter_repo_objects

    hub, file = HfApi(), "the list of its files"
    try:
        commit = hub.model_info(name, revision=revision).sha
        for file in filter_repo_objects(hub.list_repo_files(name, revision=commit), allow_patterns=FETCHED):
            hf_hub_download(name, file, revision=commit, local_dir=folder)
    except Exception as error:  # the hub's library has no one root of what it raises
        why = " ".join(line for line in str(error).splitlines()[:3] if line)  # what follows is advice for its members
        raise ModelNotFetched(
            f"{name} could not be downloaded, and nothing of it is kept. {hub.endpoint}, {file}: {why}"
        ) from error
