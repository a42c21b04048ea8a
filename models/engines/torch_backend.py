"""transformers and torch: the reference backend, and the way to a GPU. Both come with requirements.txt."""

from __future__ import annotations

from pathlib import Path

from models import places
from models.engines import registry, weights
from models.engines.batching import Decoding, Hypothesis
from models.engines.pieces import CONTROL_PIECES, SentencePieces
from models.errors import SettingError


class TorchEngine:
    """Implements `batching.Engine` on `transformers` generation, in float32."""

    name = "torch"
    compute_type = "float32"
    workers = 1  # torch spreads one batch over the threads by itself

    def __init__(self, folder: Path, threads: int):
        try:
            import torch
            from transformers import AutoModelForSeq2SeqLM
        except ImportError as error:
            raise SettingError(f"{error}: for the torch backend, {places.install('full')}") from error
        if registry.kind_of(folder) in registry.DECODER_ONLY or weights.rounded(folder):
            raise SettingError(
                f"{folder.name} is decoder-only or comes as int8 rows, neither of which the torch backend runs: "
                "choose ctranslate2"
            )
        self.version = str(torch.__version__)
        torch.set_num_threads(threads)
        self._torch = torch
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        model = AutoModelForSeq2SeqLM.from_pretrained(
            folder, use_safetensors=True, local_files_only=True, dtype=torch.float32
        )
        self._model = model.to(self._device).eval()
        self.positions = self.scorable = int(model.config.max_position_embeddings)
        self._ids: dict[str, int] = registry.read_json(folder / "vocab.json")
        self._unknown, self._end = self._ids["<unk>"], SentencePieces.end
        self._pieces = {i: piece for piece, i in self._ids.items()}
        self._pad = int(model.config.pad_token_id)
        control = sorted({self._ids[piece] for piece in CONTROL_PIECES if piece in self._ids} | {self._pad})
        # Set so that the search is CTranslate2's: it ends with the beam full, never gives an empty hypothesis,
        # and masks pieces before it normalises.
        self._options = {
            "suppress_tokens": control,
            "renormalize_logits": True,
            "do_sample": False,
            "bad_words_ids": None,
            "forced_eos_token_id": None,
            "forced_bos_token_id": None,
            "max_length": None,
            "return_dict_in_generate": True,
            "output_scores": True,
        }

    def decode(self, batch: list[list[str]], limit: int, decoding: Decoding) -> list[list[Hypothesis]]:
        """See `Engine.decode`."""
        torch = self._torch
        rows = [self._numbers(source) for source in batch]
        width = max(map(len, rows))
        ids = torch.tensor([row + [self._pad] * (width - len(row)) for row in rows], device=self._device)
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows], device=self._device)
        with torch.inference_mode():
            out = self._model.generate(
                input_ids=ids,
                attention_mask=mask,
                max_new_tokens=min(limit, self.positions - 1),
                min_new_tokens=1,
                num_beams=decoding.beam,
                num_return_sequences=decoding.hypotheses,
                length_penalty=decoding.length_penalty,
                no_repeat_ngram_size=decoding.no_repeat_ngram,
                early_stopping=decoding.beam > 1,
                **self._options,
            )
            scores = self._model.compute_transition_scores(
                out.sequences, out.scores, getattr(out, "beam_indices", None), normalize_logits=False
            )
        pairs = zip(out.sequences[:, 1:].tolist(), scores.tolist(), strict=True)
        found, n = [self._hypothesis(*pair) for pair in pairs], decoding.hypotheses
        return [found[i : i + n] for i in range(0, len(found), n)]

    def score(self, pairs: list[tuple[list[str], list[str]]]) -> list[list[float]]:
        """See `Engine.score`; one pair after the other."""
        return [self._scored(self._numbers(source), self._numbers([*target, self._end])) for source, target in pairs]

    def _scored(self, source: list[int], target: list[int]) -> list[float]:
        torch = self._torch
        ids, labels = (torch.tensor([row], device=self._device) for row in (source, target))
        with torch.inference_mode():
            chances = self._model(input_ids=ids, labels=labels).logits.log_softmax(-1)
        return chances[0].gather(1, labels[0, :, None])[:, 0].tolist()

    def _numbers(self, pieces: list[str]) -> list[int]:
        return [self._ids.get(piece, self._unknown) for piece in pieces]

    def _hypothesis(self, ids: list[int], scores: list[float]) -> Hypothesis:
        end = self._ids[SentencePieces.end]
        finished = end in ids
        pieces = ids[: ids.index(end)] if finished else ids
        counted = scores[: len(pieces) + finished]
        score = sum(counted) / max(1, len(counted))
        return Hypothesis([self._pieces[i] for i in pieces], score, finished)
