"""Mujaz's own pipeline, as `python -m service.batch` uses it: articles in, briefs out, with the translation memory."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from benchmarks.contenders.protocol import Contender, main
from models.bulk import briefs
from models.pipeline import joined
from models.types import Brief, Document
from service.config import Settings
from service.core import load_pipeline
from service.store.briefs import Store
from service.store.database import DATABASE


class Mujaz(Contender):
    """The pipeline over a memory in `data`, an empty folder."""

    def __init__(self, data: str, cache: str, **more: Any):
        settings = Settings(data=Path(data), cache=Path(cache), **more)
        self._pipeline = load_pipeline(settings, Store(settings.data / DATABASE))
        self._numbers = itertools.count()

    def about(self) -> dict[str, Any]:
        return {"signature": self._pipeline.translator.signature}

    def run(self, work: list[dict], *, single: bool = False, **options: Any) -> list[str]:
        """With `single`, each article by itself, as the service does it; otherwise all together."""
        documents = [Document(str(next(self._numbers)), article["text"]) for article in work]
        if single:
            return [joined(self._pipeline.start(document).brief().translations) for document in documents]
        return [self._text(result) for _, result in briefs(self._pipeline, documents)]

    def first(self, article: dict, **options: Any) -> None:
        next(iter(self._pipeline.start(Document("first", article["text"]))))

    @staticmethod
    def _text(result: Brief | Exception) -> str:
        if isinstance(result, Exception):
            raise result
        return joined(result.translations)


if __name__ == "__main__":
    main(Mujaz)
