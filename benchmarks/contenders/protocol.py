"""How the harness talks to a contender: one JSON object a line, requests on standard input, answers on standard output.

    {"do": "first", "article": {...}}       -> {"seconds": until the first translated sentence is there}
    {"do": "run", "articles": [{...}, ...]} -> {"seconds": ..., "texts": [one translation an article]}

An article is {"text", "sentences"}. Requests may hold "options", settings of the contender (a batch size, clients).
The contender begins with {"ready": true, "about": {...}, "pids": [whose memory counts]}; an answer with "error" says
what went wrong. Standard library only: the peers' virtual environments run this file too.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any


class Contender:
    """What a contender overrides. `prepare` is not timed; `run` and what it returns to its user are."""

    def about(self) -> dict[str, Any]:
        """Versions and settings, for the report."""
        return {}

    def stop(self) -> None:
        """End what the contender has started."""

    def pids(self) -> list[int]:
        """The roots of the process trees whose memory counts."""
        return [os.getpid()]

    def prepare(self, articles: list[dict], **options: Any) -> Any:
        """What `run` takes."""
        return articles

    def run(self, work: Any, **options: Any) -> list[str]:
        """The translation of each article."""
        raise NotImplementedError

    def first(self, article: dict, **options: Any) -> None:
        """Return as soon as the user would have the first translated sentence."""
        self.run(self.prepare([article], **options), **options)


def main(make: Callable[..., Contender]) -> None:
    """Serve the contender that the command line describes: the arguments of `make`, as a JSON object."""
    contender = make(**json.loads(sys.argv[1]))
    try:
        serve(contender)
    finally:
        contender.stop()


def serve(contender: Contender) -> None:
    """Answer requests until standard input ends. What libraries print goes to standard error."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(answer: dict) -> None:
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")
        out.flush()

    say({"ready": True, "about": contender.about(), "pids": contender.pids()})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            say(_answer(contender, request, request.get("options", {})))
        except Exception:
            say({"error": traceback.format_exc()})


def _answer(contender: Contender, request: dict, options: dict) -> dict:
    if request["do"] == "first":
        started = time.perf_counter()
        contender.first(request["article"], **options)
        return {"seconds": time.perf_counter() - started}
    work = contender.prepare(request["articles"], **options)
    started = time.perf_counter()
    texts = contender.run(work, **options)
    return {"seconds": time.perf_counter() - started, "texts": texts}


def joined(articles: list[dict], sentences: list[str]) -> list[str]:
    """A text an article out of all the sentences' translations in order."""
    remaining = iter(sentences)
    return [" ".join(next(remaining) for _ in article["sentences"]) for article in articles]
