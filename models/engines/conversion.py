"""A model folder in CTranslate2's form, made once and kept in the cache.

python -m models.engines.conversion [NAME]    convert a model now, not at the first start

A Marian folder, or a BART that summarizes, takes transformers and torch; the others numpy alone.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from models import code, places
from models.command_line import command
from models.engines import bart, gemma, registry
from models.errors import UnsupportedModel

MADE_BY = [f"engines/{name}.py" for name in ("conversion", "bart", "gemma", "weights")]
MAKERS = {bart.KIND: bart.specification, gemma.KIND: gemma.specification}
COMPUTE_TYPES = ("int8", "float32")
YOUNG = 3600  # seconds
# What CTranslate2's converter asks of a BART configuration and transformers 5 no longer writes.
BART_SHAPE = {
    "normalize_before": False,
    "normalize_embedding": True,
    "add_final_layer_norm": False,
    "static_position_embeddings": False,
}


def release() -> str:
    """What a conversion is made by: CTranslate2's release, and our code."""
    import ctranslate2

    return f"{ctranslate2.__version__}-{code.fingerprint(*MADE_BY)}"


def converted_folder(folder: Path, cache: Path, compute_type: str) -> Path:
    """Where the conversion of this very content lies or will lie."""
    return cache / "ctranslate2" / f"{folder.name}-{registry.content_hash(folder)[:16]}-{compute_type}-{release()}"


def prepare(folder: Path, cache: Path, compute_type: str = "int8") -> Path:
    """The converted form of `folder`, made now in a process of its own if it is not in the cache.

    In a process of its own so that torch, and what a conversion takes in memory, never enter the one that serves.
    Raises UnsupportedModel.
    """
    target = converted_folder(folder, cache, compute_type)
    if not target.is_dir():
        command = [sys.executable, "-m", "models.engines.conversion", str(folder.resolve())]
        command += ["--cache", str(cache.resolve()), "--compute-type", compute_type, "--task", registry.task_of(folder)]
        done = subprocess.run(command, cwd=registry.ROOT, capture_output=True, text=True)  # noqa: S603 - our own words
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise UnsupportedModel(f"{folder} could not be converted for CTranslate2: {last}")
    return target


def convert(folder: Path, cache: Path, compute_type: str) -> Path:
    """Convert `folder` in this process and return the converted folder, which appears whole."""
    target = converted_folder(folder, cache, compute_type)
    if not target.is_dir():
        ours = registry.kind_of(folder) in MAKERS and registry.task_of(folder) == registry.TRANSLATE
        with registry.written_whole(target) as temporary:
            (_convert if ours else _convert_with_transformers)(folder, temporary, compute_type)
        _remove_older(target)
    return target


def _remove_older(target: Path) -> None:
    """Remove what other releases or other code made of the same content. Who has it open reads on.

    What is younger than YOUNG stays: it may be another checkout's, that shares the cache and is about to open it.
    """
    same = target.name.removesuffix(release())
    for other in target.parent.iterdir():
        with suppress(OSError):  # another process was faster
            if other != target and other.name.startswith(same) and time.time() - other.stat().st_mtime > YOUNG:
                with tempfile.TemporaryDirectory(dir=target.parent, ignore_cleanup_errors=True) as gone:
                    other.rename(Path(gone) / other.name)  # at once, lest half of it be taken for a conversion


def _convert(folder: Path, target: Path, compute_type: str) -> None:
    kind = registry.kind_of(folder)
    try:
        spec = MAKERS[kind](folder)
        spec.validate()
    except (KeyError, ValueError) as error:
        raise UnsupportedModel(f"{folder} is no {kind} that Mujaz reads: {error}") from error
    spec.optimize(quantization=None if compute_type == "float32" else compute_type)
    spec.save(str(target))


def _convert_with_transformers(folder: Path, target: Path, compute_type: str) -> None:
    try:
        import transformers
        from ctranslate2.converters import TransformersConverter
    except ImportError as error:
        raise UnsupportedModel(f"{error}: to convert a model, {places.install('full')}") from error

    class Converter(TransformersConverter):
        def load_model(self, model_class, path, **kwargs):
            model = model_class.from_pretrained(path, use_safetensors=True, local_files_only=True, **kwargs)
            for key, value in BART_SHAPE.items():
                if not hasattr(model.config, key):
                    setattr(model.config, key, value)
            return model

        def load_tokenizer(self, tokenizer_class, path, **kwargs):
            if registry.task_of(folder) == registry.SUMMARIZE:
                return transformers.BartTokenizer.from_pretrained(path, local_files_only=True)
            tokenizer = transformers.MarianTokenizer.from_pretrained(path, local_files_only=True)
            if tokenizer.bos_token is None:  # asked for, and never used: sources are sent as ready pieces
                tokenizer.bos_token = tokenizer.eos_token
            return tokenizer

    Converter(str(folder)).convert(str(target), quantization=compute_type, force=True)


@command
def main(argv: list[str] | None = None) -> Iterator[object]:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m models.engines.conversion", description="Convert a model for CTranslate2."
    )
    parser.add_argument("name", nargs="?", default=registry.EMBEDDED)
    parser.add_argument("--cache", type=Path, default=registry.DEFAULT_CACHE)
    parser.add_argument("--compute-type", default="int8", choices=COMPUTE_TYPES)
    parser.add_argument("--task", default=registry.TRANSLATE, choices=registry.ARCHITECTURES)
    args = parser.parse_args(argv)
    yield convert(registry.resolve(args.name, args.cache, args.task), args.cache, args.compute_type)


if __name__ == "__main__":
    sys.exit(main())
