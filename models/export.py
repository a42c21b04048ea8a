"""From a training run to the model folder that Mujaz ships, and the proof that CTranslate2 decodes it alike.

python -m models.export folder --run RUN --out FOLDER     average the last checkpoints, write the folder
python -m models.export prove  --model FOLDER             ask of it what the lines below say; exit status 1 if it fails
python -m models.export split  --run RUN --out PARTS      the average in files of at most 15 MB, to carry about
python -m models.export join   --parts PARTS --run RUN    and back: a run with one checkpoint

A folder is what `transformers` itself loads (a MarianTokenizer, half-precision weights), with mujaz.json beside it.
Before it is shipped, on 100 sentences float32 CTranslate2 must give the very texts that torch gives, and int8 must
stay within 0.3 BLEU of float32.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from models.errors import MujazError
from models.evaluate import as_sentences
from models.loader import load_translator

PART_BYTES = 15_000_000
LARGEST_FILE = 95_000_000
LARGEST_LOSS = 0.3  # BLEU, int8 against float32
RUN_FILES = ("recipe.toml", "joint.spm", "log.jsonl")
AVERAGE = "ckpt-0000001.pt"


# ---------------------------------------------------------------- the folder


def write_folder(model: Any, sp: Any, out: Path, release: dict[str, Any]) -> None:
    """Write `model` (transformers, float32) in half precision with its tokenizer, and `release` as mujaz.json.

    ValueError if the <pad> row is not zero: CTranslate2 drops it, and would decode otherwise than torch.
    """
    vocabulary = {sp.id_to_piece(i): i for i in range(sp.get_piece_size())}
    vocabulary |= {"<bt>": len(vocabulary), "<pad>": len(vocabulary) + 1}
    if model.get_input_embeddings().weight[vocabulary["<pad>"]].abs().max() != 0:
        raise ValueError("the <pad> row is not zero; it was not held there in training")
    bias = model.final_logits_bias[:, : len(vocabulary)].clone()
    model.resize_token_embeddings(len(vocabulary))  # the rows beyond are filling for the GPU
    model.final_logits_bias = bias
    out.mkdir(parents=True, exist_ok=True)
    model.half().save_pretrained(out, max_shard_size=LARGEST_FILE)
    for name in ("source.spm", "target.spm"):
        (out / name).write_bytes(sp.serialized_model_proto())
    for name, value in tokenizer_files(vocabulary, model.config).items():
        (out / name).write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (out / "mujaz.json").write_text(json.dumps(release, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for file in out.iterdir():
        file.chmod(0o644)


def tokenizer_files(vocabulary: dict[str, int], config: Any) -> dict[str, dict]:
    """{file name: content} of what transformers reads beside the weights."""
    special = {"eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>", "bos_token": "<s>"}
    tokenizer = {"tokenizer_class": "MarianTokenizer", "source_lang": "ar", "target_lang": "en", **special}
    search = {"num_beams": 4, "early_stopping": True, "length_penalty": 1.0, "min_new_tokens": 1, "max_length": 256}
    ids = ("pad_token_id", "eos_token_id", "bos_token_id", "decoder_start_token_id")
    return {
        "vocab.json": vocabulary,
        "special_tokens_map.json": special,
        "tokenizer_config.json": {**tokenizer, "model_max_length": config.max_position_embeddings},
        "generation_config.json": {**search, **{name: getattr(config, name) for name in ids}},
    }


# ---------------------------------------------------------------- the proof


def prove(folder: Path, sources: list[str], references: list[str], beams: tuple[int, ...] = (1, 4)) -> dict[str, Any]:
    """What `passed` rests on, for each beam: how many texts are alike, BLEU in float32 and int8.

    The conversions go to a temporary cache, so what is proved is the folder as it is now.
    """
    import sacrebleu

    report: dict[str, Any] = {"sentences": len(sources)}
    with tempfile.TemporaryDirectory() as cache:

        def texts(backend: str, compute_type: str, beam: int) -> list[str]:
            translator = load_translator(
                str(folder), backend=backend, compute_type=compute_type, beam=beam, repairs=False, cache=Path(cache)
            )  # the engines' own words: a repair could hide where they differ
            return [translation.text for translation in translator.translate(as_sentences(sources))]

        for beam in beams:
            torch_texts, float_texts, int8_texts = (
                texts(*engine, beam)
                for engine in (("torch", "float32"), ("ctranslate2", "float32"), ("ctranslate2", "int8"))
            )
            report[f"beam {beam}"] = {
                "alike": sum(a == b for a, b in zip(torch_texts, float_texts, strict=True)),
                "float32": round(sacrebleu.corpus_bleu(float_texts, [references]).score, 2),
                "int8": round(sacrebleu.corpus_bleu(int8_texts, [references]).score, 2),
            }
    found = [report[f"beam {beam}"] for beam in beams]
    report["passed"] = all(f["alike"] == len(sources) and f["float32"] - f["int8"] <= LARGEST_LOSS for f in found)
    return report


# ---------------------------------------------------------------- carrying it about


def split(run: Path, out: Path, keep: int) -> list[Path]:
    """The average of the last `keep` checkpoints and the run's small files, as parts of at most PART_BYTES."""
    import torch

    from models.train import averaged

    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / AVERAGE
        torch.save({name: value.half() for name, value in averaged(run, keep).items()}, whole)
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            for path in (whole, *(run / name for name in RUN_FILES)):
                tar.add(path, path.name)
    data = archive.getvalue()
    starts = range(0, len(data), PART_BYTES)
    parts = [out / f"part-{number + 1:02}-of-{len(starts):02}" for number in range(len(starts))]
    for part, start in zip(parts, starts, strict=True):
        part.write_bytes(data[start : start + PART_BYTES])
    return parts


def join(parts: Path, run: Path) -> Path:
    """A run folder with one checkpoint out of `split`'s parts; ValueError if they are not all there."""
    found = sorted(parts.glob("part-*-of-*"))
    if not found or len(found) != int(found[0].name[-2:]):
        raise ValueError(f"{parts} holds {len(found)} parts; one or more is missing")
    run.mkdir(parents=True, exist_ok=True)
    data = io.BytesIO(b"".join(part.read_bytes() for part in found))
    with tarfile.open(fileobj=data) as tar:
        tar.extractall(run, filter="data")
    return run / AVERAGE


# ---------------------------------------------------------------- the command line


def main(argv: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    args = _arguments(argv)
    try:
        if args.command == "prove":
            sources, references = (
                path.read_text(encoding="utf-8").splitlines()[: args.sentences]
                for path in (args.source, args.reference)
            )
            report = prove(args.model, sources, references)
            print(json.dumps(report, indent=1))
            return 0 if report["passed"] else 1
        if args.command == "folder":
            from models.train import load_run

            model, sp = load_run(args.run, args.keep)
            fields = ("version", "licence", "window", "no_repeat_ngram", "quality", "warning")
            release = {name: getattr(args, name) for name in fields if getattr(args, name) is not None}
            write_folder(model, sp, args.out, {"name": args.out.name, **release, "spaced_numbers": True})
            print(f"{args.out}: {sum(p.numel() for p in model.parameters()) / 1e6:.1f} M parameters")
        elif args.command == "split":
            print(*split(args.run, args.out, args.keep), sep="\n")
        else:
            print(join(args.parts, args.run))
    except (MujazError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.export", description="Training run -> model folder.")
    commands = parser.add_subparsers(dest="command", required=True)
    folder = commands.add_parser("folder", help="average and write the folder")
    folder.add_argument("--out", type=Path, required=True)
    folder.add_argument("--version", default="0.1")
    folder.add_argument("--licence", default="CC BY-SA 4.0")
    folder.add_argument("--quality", help="a figure that the service shows, as measured by models.evaluate")
    folder.add_argument("--warning", help="what a reader must know before trusting it; the service shows it")
    folder.add_argument("--window", type=int, default=100, help="longest source in pieces: what it was trained on")
    folder.add_argument("--no-repeat-ngram", type=int, default=0, help="no run of so many pieces comes twice (0: any)")
    proof = commands.add_parser("prove", help="hold CTranslate2 against torch")
    proof.add_argument("--model", type=Path, required=True)
    proof.add_argument("--source", type=Path, default=Path("../shared/eval/flores-dev.ar"))
    proof.add_argument("--reference", type=Path, default=Path("../shared/eval/flores-dev.en"))
    proof.add_argument("--sentences", type=int, default=100)
    parts = commands.add_parser("split", help="write part files")
    parts.add_argument("--out", type=Path, required=True)
    for command in (folder, parts):
        command.add_argument("--run", type=Path, required=True)
        command.add_argument("--keep", type=int, default=4, help="checkpoints to average")
    back = commands.add_parser("join", help="make a run of part files")
    back.add_argument("--parts", type=Path, required=True)
    back.add_argument("--run", type=Path, required=True)
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
