"""`mujaz model`: the models known by name, and how a public one comes onto this machine."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from models import places
from models.command_line import command
from models.engines import registry
from models.engines.conversion import COMPUTE_TYPES, converted_folder, prepare
from models.errors import ModelNotFetched, ModelRefused
from models.translation.loader import load_translator
from service.config import Settings

NEEDED = ("huggingface_hub", "torch", "transformers")  # to fetch a model, and to convert it


def get(name: str, settings: Settings) -> Iterator[str]:
    """Fetch a public model, convert it and have it translate a known sentence, telling each step. Raises ModelError.

    A model that is refused is removed again if it has just been downloaded.
    """
    model = registry.public(name)
    lacking = [package for package in NEEDED if not find_spec(package)]
    if lacking:
        raise ModelNotFetched(f"{', '.join(lacking)} not found: for a public model, {places.install('full')}")
    folder = registry.fetched_folder(name, settings.cache)
    new = not folder.is_dir()
    yield _told(model)
    yield f"Downloading it to {folder}" if new else f"It is already in {folder}"
    registry.get(model, settings.cache)
    yield f"Converting it to {settings.compute_type}, once"
    prepare(folder, settings.cache, settings.compute_type)
    if model.task == registry.TRANSLATE:
        yield "Having it translate a sentence that is known"
        try:
            load_translator(name, compute_type=settings.compute_type, threads=settings.workers, cache=settings.cache)
        except ModelRefused as error:
            if not new:
                raise
            for tried in COMPUTE_TYPES:
                shutil.rmtree(converted_folder(folder, settings.cache, tried), ignore_errors=True)
            shutil.rmtree(folder)
            raise ModelRefused(f"{error}. What was downloaded is removed again.") from None
    setting = "MUJAZ_MODEL" if model.task == registry.TRANSLATE else "MUJAZ_SEQ2SEQ"
    yield f"It is ready, in {folder}. To use it: {setting}={name} {places.COMMAND}"


def _told(model: registry.PublicModel) -> str:
    return f"{model.name} (to {model.task}): {model.megabytes} MB, {model.licence}, {model.quality}"


@command
def main(argv: list[str] | None = None) -> Iterator[object]:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog=f"{places.COMMAND} model", description="The models Mujaz knows by name.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="the models known by name")
    fetch = commands.add_parser("get", help="download and convert a public model; nothing else in Mujaz goes online")
    fetch.add_argument("name", metavar="NAME")
    fetch.add_argument("--cache", type=Path, help="where to keep it (default: MUJAZ_CACHE)")
    args = parser.parse_args(argv)
    settings = Settings.from_environment()
    if args.command == "get":
        yield from get(args.name, replace(settings, cache=args.cache or settings.cache))
        return
    for name, folder in registry.SHIPPED.items():
        yield f"{name}: ships with Mujaz, {registry.release_of(folder)['quality']}"
    for model in registry.PUBLIC.values():
        yield _told(model)
