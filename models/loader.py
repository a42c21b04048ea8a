"""From a model's name to a translator that has passed its golden sentence."""

from __future__ import annotations

from pathlib import Path

from models import registry
from models.batching import BATCH_PIECES, Decoding, Engine
from models.ctranslate import COMPUTE_TYPES, CTranslate2Engine, prepare
from models.errors import SettingError
from models.torch_backend import TorchEngine
from models.translator import SequenceTranslator
from models.types import ModelInfo

BACKENDS = ("ctranslate2", "torch")


def load_translator(
    name: str = registry.EMBEDDED,
    *,
    backend: str = "ctranslate2",
    compute_type: str = "int8",
    beam: int = 4,
    decoding: Decoding | None = None,
    threads: int = 2,
    batch_pieces: int = BATCH_PIECES,
    repairs: bool = True,
    cache: Path = registry.DEFAULT_CACHE,
) -> SequenceTranslator:
    """Load the model `name` (see `registry.resolve`), to decode with `beam` and what its release says, or `decoding`.

    Raises ModelError if its files are missing, of the wrong kind, or give nonsense for a known sentence.
    """
    folder = registry.resolve(name, cache)
    decoding = decoding or Decoding(beam, no_repeat_ngram=int(registry.release_of(folder).get("no_repeat_ngram", 0)))
    engine: Engine
    if backend == "torch":
        engine = TorchEngine(folder, threads)
    elif backend == "ctranslate2" and compute_type in COMPUTE_TYPES:
        positions = int(registry.read_json(folder / "config.json")["max_position_embeddings"])
        converted = prepare(folder, cache, compute_type)
        engine = CTranslate2Engine(converted, positions, compute_type, threads)
    else:
        raise SettingError(
            f"backend {backend!r}, compute type {compute_type!r}: choose {' or '.join(BACKENDS)}, "
            f"and {' or '.join(COMPUTE_TYPES)} for ctranslate2"
        )
    public = registry.PUBLIC.get(name)
    prefix = public.target_token if public else None
    info = describe(name, folder, engine)
    translator = SequenceTranslator(engine, folder, info, decoding, prefix, batch_pieces, repairs)
    translator.check_golden()
    return translator


def describe(name: str, folder: Path, engine: Engine) -> ModelInfo:
    """What every result says of its model. A folder with a mujaz.json says its own name, quality and warning."""
    release = registry.release_of(folder)
    public = registry.PUBLIC.get(name)
    version = registry.content_hash(folder)[:12]
    return ModelInfo(
        name=str(release.get("name") or (name if public else folder.name)),
        version=f"{release['version']}+{version}" if "version" in release else version,
        backend=engine.name,
        compute_type=engine.compute_type,
        quality=release.get("quality") or (public.quality if public else None),
        warning=release.get("warning"),
    )
