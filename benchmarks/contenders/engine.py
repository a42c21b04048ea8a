"""CTranslate2 alone, on ready pieces sorted by length: no text comes in or out, so nothing in Mujaz can be faster."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.contenders.protocol import Contender, serve
from models.normalize import spaced_numbers
from models.planning import CONTROL_PIECES, EOS
from models.registry import release_of
from models.segment import normalize, split_long


class Ceiling(Contender):
    """`translate_batch` with the options that Mujaz decodes with, a call for each length limit, all queued at once."""

    def __init__(self, folder: Path, converted: Path, threads: int, window: int, no_repeat: int):
        import ctranslate2
        import sentencepiece

        self._source = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
        self._target = sentencepiece.SentencePieceProcessor(model_file=str(folder / "target.spm"))
        self._window = window
        self._spaced = release_of(folder).get("spaced_numbers") is True
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
        parts = [(i, part) for i, article in enumerate(articles) for part in self._parts(article["sentences"])]
        pieces = [(i, [*self._pieces(part), EOS]) for i, part in parts]
        groups: dict[int, list[tuple[int, int, list[str]]]] = {}
        for number, (i, source) in enumerate(pieces):
            groups.setdefault(2 * (-(-len(source) // 32) * 32) + 32, []).append((i, number, source))
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

    def _pieces(self, part: str) -> list[str]:
        return self._source.encode(spaced_numbers(part) if self._spaced else part, out_type=str)

    def _parts(self, sentences: list[str]) -> list[str]:
        def fits(part: str) -> bool:
            return len(self._pieces(part)) <= self._window - 1

        return [part for sentence in sentences for part in split_long(normalize(sentence), fits)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--converted", type=Path, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--window", type=int, required=True)
    parser.add_argument("--no-repeat", type=int, required=True)
    args = parser.parse_args()
    serve(Ceiling(args.model, args.converted, args.threads, args.window, args.no_repeat))
