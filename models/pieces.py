"""Vocabularies for `models.pack`: trained on text, or cut out of multilingual-e5-small's 250,000 pieces."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable

from models.e5 import E5File


def sentencepiece_model(lines: Iterable[str], size: int) -> bytes:
    """A unigram SentencePiece model trained on `lines`, ids 0, 1, 2 for <unk>, <s>, </s>."""
    import sentencepiece

    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=out, vocab_size=size, hard_vocab_limit=False, minloglevel=2,
        character_coverage=1.0, normalization_rule_name="nmt_nfkc",
    )  # fmt: skip
    return out.getvalue()


def with_pieces(pieces: list[str], scores: Iterable[float]) -> bytes:
    """A SentencePiece unigram model that holds just these pieces, ids from 3 on."""
    from sentencepiece import sentencepiece_model_pb2

    model = sentencepiece_model_pb2.ModelProto()  # type: ignore[attr-defined]
    model.ParseFromString(sentencepiece_model(["a b c d e f g h i j k l m"] * 50, 20))
    del model.pieces[3:]
    for piece, score in zip(pieces, scores, strict=True):
        entry = model.pieces.add()
        entry.piece, entry.score, entry.type = piece, float(score), 1
    model.trainer_spec.vocab_size = len(model.pieces)
    return model.SerializeToString()


def choose_pieces(e5: E5File, texts: list[tuple[float, str, list[str]]], size: int) -> list[int]:
    """The e5 ids to keep: the most frequent ones (both languages count alike) and every letter of both scripts.

    `texts` are (how much one line counts, side, lines).
    """
    import sentencepiece

    full = [i for i in range(4, len(e5.pieces)) if e5.pieces[i]]
    model = with_pieces([e5.pieces[i] for i in full], e5.scores[full])
    processor = sentencepiece.SentencePieceProcessor(model_proto=model)
    counts: dict[str, dict[int, float]] = {"ar": defaultdict(float), "en": defaultdict(float)}
    for share, side, lines in texts:
        for line in lines:
            for i in processor.encode(line):
                counts[side][i] += share
    shares: dict[int, float] = defaultdict(float)
    for found in counts.values():
        total = sum(found.values()) or 1
        for i, n in found.items():
            shares[i] += n / total
    kept = {full[i - 3] for i in sorted(shares, key=lambda i: -shares[i])[:size] if i >= 3}
    return sorted(kept | {i for i in full if _is_letter(e5.pieces[i].lstrip("▁"))})


def single_digits(model: bytes) -> bytes:
    """A SentencePiece model that writes a number digit by digit: other pieces with a digit stay, but are not used.

    The ids stay what they were, so that weights made with the pieces of `model` can learn on with these.
    """
    from sentencepiece import sentencepiece_model_pb2

    changed = sentencepiece_model_pb2.ModelProto()  # type: ignore[attr-defined]
    changed.ParseFromString(model)
    for entry in changed.pieces:
        if len(entry.piece.lstrip("▁")) > 1 and any(character.isdigit() for character in entry.piece):
            entry.type = entry.UNUSED
    return changed.SerializeToString()


def _is_letter(piece: str) -> bool:
    return len(piece) <= 1 and all(ord(c) < 0x180 or 0x600 <= ord(c) <= 0x6FF or c in "“”‘’–—…€№" for c in piece)
