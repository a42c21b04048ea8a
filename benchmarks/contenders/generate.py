"""transformers' `generate`: sentence by sentence, as a naive service would, or (`batch`) sorted, in batches."""

from __future__ import annotations

import argparse
from typing import Any

from benchmarks.contenders.protocol import Contender, joined, serve


class Generate(Contender):
    """As transformers' documentation has it, in float32; its threads are its own default, one a core."""

    def __init__(self, folder: str, no_repeat: int) -> None:
        import torch
        import transformers

        self._torch = torch
        self._versions = {"torch": str(torch.__version__), "transformers": transformers.__version__}
        self._tokenizer = transformers.MarianTokenizer.from_pretrained(folder, local_files_only=True)
        load = transformers.AutoModelForSeq2SeqLM.from_pretrained
        self._model = load(folder, local_files_only=True, use_safetensors=True, dtype=torch.float32).eval()
        self._options = {"num_beams": 4, "no_repeat_ngram_size": no_repeat, "early_stopping": True}

    def about(self) -> dict[str, Any]:
        return {**self._versions, "threads": self._torch.get_num_threads(), **self._options}

    def run(self, work: list[dict], *, batch: int = 1, **options: Any) -> list[str]:
        sentences = [sentence for article in work for sentence in article["sentences"]]
        order = list(range(len(sentences)))
        if batch > 1:
            order.sort(key=lambda i: -len(sentences[i]))
        found: dict[int, str] = {}
        for start in range(0, len(order), batch):
            taken = order[start : start + batch]
            found.update(zip(taken, self._translate([sentences[i] for i in taken]), strict=True))
        return joined(work, [found[i] for i in range(len(sentences))])

    def first(self, article: dict, *, batch: int = 1, **options: Any) -> None:
        sentences = article["sentences"][:1] if batch == 1 else article["sentences"]
        self.run([{"sentences": sentences}], batch=batch)

    def _translate(self, sentences: list[str]) -> list[str]:
        with self._torch.inference_mode():
            inputs = self._tokenizer(sentences, return_tensors="pt", padding=True, truncation=True)
            out = self._model.generate(**inputs, **self._options)
        return self._tokenizer.batch_decode(out, skip_special_tokens=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--no-repeat", type=int, required=True)
    args = parser.parse_args()
    serve(Generate(args.model, args.no_repeat))
