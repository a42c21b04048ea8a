"""From a model's name to a translator that has passed its golden sentence."""

from __future__ import annotations

import logging
from pathlib import Path

from models.checks import fidelity
from models.engines import ctranslate, pieces, registry
from models.engines.batching import BATCH_PIECES, Decoding, Engine
from models.engines.conversion import COMPUTE_TYPES, prepare
from models.engines.torch_backend import TorchEngine
from models.errors import ModelRefused, SettingError
from models.translation.planning import Planner
from models.translation.repair import EFFORTS
from models.translation.translator import SequenceTranslator
from models.types import ModelInfo

BACKENDS = ("ctranslate2", "torch")
BEAM = 4  # of a model whose release does not say

log = logging.getLogger("mujaz")


def load_translator(
    name: str = registry.EMBEDDED,
    *,
    backend: str = "ctranslate2",
    compute_type: str = "int8",
    beam: int | None = None,
    decoding: Decoding | None = None,
    threads: int = 2,
    batch_pieces: int = BATCH_PIECES,
    effort: str = "normal",
    cache: Path = registry.DEFAULT_CACHE,
) -> SequenceTranslator:
    """Load the model `name` (see `registry.resolve`), to decode with `decoding`, or `beam`, or what its release says.

    Raises ModelError if its files are missing, of the wrong kind, or give nonsense for a known sentence. In int8 that
    may be the CPU's doing: without VNNI some sums overflow. So float32 is tried then, which is slow, but right.
    """
    how = (beam, decoding, threads, batch_pieces, effort, cache)
    try:
        return _load(name, backend, compute_type, *how)
    except ModelRefused as refused:
        if (backend, compute_type) != ("ctranslate2", "int8"):
            raise
        try:
            translator = _load(name, backend, "float32", *how)
        except ModelRefused:
            raise refused from None
        log.warning("%s; it is right in float32, which is used: slower, in more memory", refused)
        return translator


def _load(
    name: str, backend: str, compute_type: str, beam: int | None, decoding: Decoding | None, threads: int,
    batch_pieces: int, effort: str, cache: Path,
) -> SequenceTranslator:  # fmt: skip
    if effort not in EFFORTS:
        raise SettingError(f"effort {effort!r}: choose {', '.join(EFFORTS)}")
    folder = registry.resolve(name, cache)
    release = registry.release_of(folder)
    decoding = decoding or Decoding(beam or int(release.get("beam", BEAM)))
    engine: Engine
    if backend == "torch":
        engine = TorchEngine(folder, threads)
    elif backend == "ctranslate2" and compute_type in COMPUTE_TYPES:
        engine = ctranslate.load(folder, prepare(folder, cache, compute_type), compute_type, threads)
    else:
        raise SettingError(
            f"backend {backend!r}, compute type {compute_type!r}: choose {' or '.join(BACKENDS)}, "
            f"and {' or '.join(COMPUTE_TYPES)} for ctranslate2"
        )
    public = registry.PUBLIC.get(name)
    spelling = pieces.load(folder, public.target_token if public else None)
    planner = Planner(folder, spelling, engine.positions)
    info = describe(name, folder, engine)
    translator = SequenceTranslator(
        engine, planner, info, decoding, batch_pieces, effort, float(release.get("unsure", fidelity.UNSURE))
    )
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
