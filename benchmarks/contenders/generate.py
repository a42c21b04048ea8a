"""transformers' `generate`: sentence by sentence, as a naive service would, or (`batch`) sorted, in batches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.contenders.protocol import Contender, joined, main
from models.engines import gemma, pieces, registry, weights
from models.text.segment import normalize


class Generate(Contender):
    """As transformers' documentation has it, in float32; its threads are its own default, one a core."""

    def __init__(self, model: str | Path, beam: int) -> None:
        import torch
        import transformers

        from models.training.weights import read

        folder = Path(model)
        self._torch = torch
        self._versions = {"torch": str(torch.__version__), "transformers": transformers.__version__}
        self._options = {"num_beams": beam, "early_stopping": beam > 1, "do_sample": False}
        self._translate = self._prompted if registry.kind_of(folder) in registry.DECODER_ONLY else self._translated
        if registry.kind_of(folder) in registry.DECODER_ONLY:
            self._model, self._pieces, self._rows = read(folder).eval(), pieces.load(folder), gemma.tokens(folder)
            self._arabic = weights.no_arabic(self._rows).nonzero()[0].tolist()
            self._ids = {token: i for i, token in enumerate(self._rows)}
        else:
            self._tokenizer = transformers.MarianTokenizer.from_pretrained(folder, local_files_only=True)
            load = transformers.AutoModelForSeq2SeqLM.from_pretrained
            self._model = load(folder, local_files_only=True, use_safetensors=True, dtype=torch.float32).eval()

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

    def _translated(self, sentences: list[str]) -> list[str]:
        with self._torch.inference_mode():
            inputs = self._tokenizer(sentences, return_tensors="pt", padding=True, truncation=True)
            out = self._model.generate(**inputs, **self._options)
        return self._tokenizer.batch_decode(out, skip_special_tokens=True)

    def _prompted(self, sentences: list[str]) -> list[str]:
        torch = self._torch
        rows = [[self._ids[piece] for piece in self._pieces.source(normalize(text))] for text in sentences]
        width = max(map(len, rows))
        ids = torch.tensor([[0] * (width - len(row)) + row for row in rows])
        limit = 32 + width * 3 // 2
        with torch.inference_mode():
            out = self._model.generate(
                ids, attention_mask=(ids != 0).long(), max_new_tokens=limit, eos_token_id=1, pad_token_id=0,
                suppress_tokens=[0, 2, 3, *self._arabic], **self._options,
            )  # fmt: skip
        written = ([self._rows[i] for i in row if i not in (0, 1)] for row in out[:, width:].tolist())
        return [self._pieces.join(row) for row in written]


if __name__ == "__main__":
    main(Generate)
