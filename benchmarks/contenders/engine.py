"""CTranslate2 alone, on ready pieces sorted by length: no text comes in or out, so nothing in Mujaz can be faster."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.contenders.protocol import Contender, serve
from models.planning import CONTROL_PIECES, Planner
from models.segment import normalize


class Ceiling(Contender):
    """`translate_batch` with the options that Mujaz decodes with, a call for each length limit, all queued at once."""

    def __init__(self, folder: Path, converted: Path, threads: int, positions: int, no_repeat: int):
        import ctranslate2
        import sentencepiece

        self._planner = Planner(folder, positions, None)
        self._target = sentencepiece.SentencePieceProcessor(model_file=str(folder / "target.spm"))
        self._translator = ctranslate2.Translator(
            str(converted), device="cpu", compute_type="int8", inter_threads=threads, intra_threads=1
        )
        known = set(json.loads((converted / "shared_vocabulary.json").read_text(encoding="utf-8")))
        self._options = {
            "beam_size": 4,
            "length_penalty": 1.0,
            "no_repeat_ngram_size": no_repeat,
            "suppress_sequences": [[piece] for piece in CONTROL_PIECES if piece in known],
            "max_input_length": 0,
            "return_scores": True,
        }
        self._about = {"ctranslate2": ctranslate2.__version__, "inter_threads": threads, "intra_threads": 1}

    def about(self) -> dict[str, Any]:
        return self._about

    def prepare(self, articles: list[dict], **options: Any) -> Any:
        sentences = [(i, sentence) for i, article in enumerate(articles) for sentence in article["sentences"]]
        parts = [(i, part) for i, sentence in sentences for part in self._planner.plan(normalize(sentence))]
        groups: dict[int, list[tuple[int, int, list[str]]]] = {}
        for number, (i, part) in enumerate(parts):
            if part.pieces:
                groups.setdefault(part.limit, []).append((i, number, part.pieces))
        for group in groups.values():
            group.sort(key=lambda item: -len(item[2]))
        return len(articles), sorted(groups.items(), reverse=True)

    def run(self, work: Any, *, batch: int = 1024, kind: str = "tokens", **options: Any) -> list[str]:
        articles, groups = work
        waiting = [
            self._translator.translate_batch(
                [source for _, _, source in group],
                max_batch_size=batch, batch_type=kind, max_decoding_length=limit, asynchronous=True, **self._options,
            )
            for limit, group in groups
        ]  # fmt: skip
        found: list[list[tuple[int, list[str]]]] = [[] for _ in range(articles)]
        for (_, group), results in zip(groups, waiting, strict=True):
            for (i, number, _), result in zip(group, results, strict=True):
                found[i].append((number, result.result().hypotheses[0]))
        return [" ".join(self._target.decode([pieces for _, pieces in sorted(parts)])) for parts in found]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--converted", type=Path, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--positions", type=int, required=True)
    parser.add_argument("--no-repeat", type=int, required=True)
    args = parser.parse_args()
    serve(Ceiling(args.model, args.converted, args.threads, args.positions, args.no_repeat))
