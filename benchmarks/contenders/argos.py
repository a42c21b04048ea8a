"""Argos Translate's own pipeline, run by a Python of its own: `translate` on each article, as its README shows.

python -m benchmarks.contenders.argos --install PACKAGE.argosmodel    (also for LibreTranslate, which uses it)
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.contenders.protocol import Contender, main


class Argos(Contender):
    """All settings are Argos's defaults but the sentence splitter (ARGOS_CHUNK_TYPE); see README.md."""

    def __init__(self) -> None:
        from argostranslate import settings, translate

        self._settings = settings
        self._translation = translate.get_translation_from_codes("ar", "en")

    def about(self) -> dict[str, Any]:
        names = ("inter_threads", "intra_threads", "batch_size", "compute_type", "beam_size")
        found = {name: getattr(self._settings, name) for name in names}
        splitter = str(self._settings.chunk_type)
        return {"argostranslate": version("argostranslate"), "ctranslate2": version("ctranslate2"), **found,
                "splitter": splitter}  # fmt: skip

    def run(self, work: list[dict], **options: Any) -> list[str]:
        return [self._translation.translate(article["text"]) for article in work]


def install(package: Path) -> None:
    """Install a package with Argos's own function, and beside it the spaCy pipeline that splits its sentences."""
    import spacy
    from argostranslate import package as packages
    from argostranslate import settings

    packages.install_from_path(package)
    for metadata in settings.package_data_dir.glob("*/metadata.json"):
        spacy.blank("ar").to_disk(metadata.parent / "spacy")


if __name__ == "__main__":
    if sys.argv[1] == "--install":
        install(Path(sys.argv[2]))
    else:
        main(Argos)
