"""What Mujaz is compared with: each program in a virtual environment of its own, and our model as its package."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.runner import Failed
from models.engines import registry

HERE = Path(__file__).parent
ROOT = HERE.parent
PEERS = ("argos", "libretranslate")
PATIENCE = 1800  # seconds for pip


class Peer:
    """One program under `cache`: its environment, its home folder, and our model installed there as a package."""

    def __init__(self, name: str, cache: Path):
        self.name = name
        self._requirements = HERE / f"peers-{name}.txt"
        self._venv = cache / name
        self.home = cache / f"{name}-home"
        self.python = self._venv / "bin" / "python"

    def set_up(self, folder: Path, converted: Path) -> None:
        """Install what is not there yet. Failed says why it cannot be."""
        self._install()
        package = f"{converted.name} {_hash(HERE / 'contenders' / 'argos.py')} {_hash(Path(__file__))}"
        stamp = self.home / "package.txt"
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == package:
            return
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        with tempfile.TemporaryDirectory() as temporary:
            model = argos_package(folder, converted, Path(temporary))
            self._run([self.python, "-m", "benchmarks.contenders.argos", "--install", model], self.environment())
        stamp.write_text(package, encoding="utf-8")

    def environment(self) -> dict[str, str]:
        """All that Argos keeps lies in the home folder; it splits sentences with spaCy, and downloads nothing.

        Argos wants to fetch a spaCy model of many languages as soon as it is imported, though a package brings its
        own, unless a file of that name lies in its cache.
        """
        fetched = self.home / "cache" / "argos-translate" / "spacy" / "senter" / "model"
        fetched.parent.mkdir(parents=True, exist_ok=True)
        fetched.touch()
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("ARGOS_", "LT_"))}
        return {
            **inherited,
            "HOME": str(self.home),
            "XDG_DATA_HOME": str(self.home / "data"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            "ARGOS_CHUNK_TYPE": "SPACY",
        }

    def _install(self) -> None:
        wanted = _hash(self._requirements)
        stamp = self._venv / "installed.txt"
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
            return
        print(f"Installing {self.name} into {self._venv}: some minutes, the first time.", file=sys.stderr, flush=True)
        self._run([sys.executable, "-m", "venv", "--clear", self._venv], dict(os.environ))
        pip = [self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        self._run([*pip, "-r", self._requirements], dict(os.environ))
        stamp.write_text(wanted, encoding="utf-8")

    def _run(self, command: list, environment: dict[str, str]) -> None:
        words = [str(word) for word in command]
        try:
            done = subprocess.run(  # noqa: S603 - our own words
                words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Failed(f"{self.name} could not be set up: {error}") from error
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise Failed(f"{self.name} could not be set up: {' '.join(words[1:4])} ... ended with: {last}")


def argos_package(folder: Path, converted: Path, target: Path) -> Path:
    """Our model as an .argosmodel file in `target`.

    Argos encodes with SentencePiece and appends no `</s>`, so CTranslate2 is told to (`add_source_eos`). It reads one
    SentencePiece model for both languages, which ours share. A second package, of no model, is in the archive because
    LibreTranslate goes online to update itself where it finds fewer than two.
    """
    if registry.kind_of(folder) in registry.DECODER_ONLY:
        raise Failed("Argos and LibreTranslate run no decoder-only model; --model takes a Marian-shaped one")
    if (folder / "source.spm").read_bytes() != (folder / "target.spm").read_bytes():
        raise Failed("Argos's packages hold one SentencePiece model; this model has two")
    root = target / "package" / "translate-ar_en-1_0"
    shutil.copytree(converted, root / "model")
    config = root / "model" / "config.json"
    settings = json.loads(config.read_text(encoding="utf-8"))
    config.write_text(json.dumps({**settings, "add_source_eos": True}), encoding="utf-8")
    shutil.copy(folder / "source.spm", root / "sentencepiece.model")
    names = {"from_code": "ar", "from_name": "Arabic", "to_code": "en", "to_name": "English"}
    _metadata(root, {"package_version": "1.0", "argos_version": "1.11", **names})
    _metadata(root.parent / "none", {"package_version": "1.0", "argos_version": "1.11", "type": "none"})
    archive = shutil.make_archive(str(target / "model"), "zip", target / "package")
    return Path(archive).rename(target / "translate-ar_en-1_0.argosmodel")


def _metadata(folder: Path, values: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "metadata.json").write_text(json.dumps(values), encoding="utf-8")


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
