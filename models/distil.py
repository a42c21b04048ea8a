"""Self-training (sequence-level distillation): a model's own translations of Arabic news, filtered, to learn from.

python -m models.distil --pack PACK --text ar-NAME --model FOLDER    through CTranslate2: several times faster on CPU
python -m models.distil --pack PACK --text ar-NAME --run RUN         through torch, greedily: for a GPU

Reads PACK/mono-ar-NAME.npz (`models.pack` packs it where a recipe's `mono` names it) and writes PACK/st-ar-NAME.npz,
which a recipe mixes as "st:ar-NAME": the source is Arabic as people wrote it, the target what the teacher made of it.
A pair is kept if the translation earns no flag at all (`models.fidelity`: it loops, is too short or too long, changes,
loses or adds a number or a name, loses a denial, was cut off, the teacher was unsure, ...), and, of those, if it is
among the surest `--share`. The teacher may be any model that Mujaz runs, better ones than the student above all; its
licence then goes with the student.

The source carries no tag, unlike that of a back-translation. There the tag says that the source is a machine's, which
it never is later; here the source is just what the model will be given, and what it learns of it is what it shall do.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece

from models import fidelity, pack, train
from models.errors import MujazError
from models.evaluate import as_sentences
from models.loader import load_translator

STEP = 512  # sentences translated between two looks at the clock


@dataclass(frozen=True, slots=True)
class Lesson:
    """An Arabic sentence, what the teacher made of it, its mean log-probability a piece, and why not to trust it."""

    source: str
    text: str
    score: float
    flags: tuple[str, ...]


Teacher = Callable[[list[str]], list[Lesson]]


def model_teacher(name: str, beam: int, threads: int, **options: Any) -> Teacher:
    """A model as the service runs it, but for repairs: what needs one is left out. Raises ModelError if it fails."""
    translator = load_translator(name, beam=beam, threads=threads, repairs=False, **options)

    def teach(texts: list[str]) -> list[Lesson]:
        found = translator.translate(as_sentences(texts))
        return [Lesson(x.sentence.text, x.text, -np.inf if x.score is None else x.score, x.flags) for x in found]

    return teach


def run_teacher(run: Path, keep: int, device: str) -> Teacher:
    """The average of a training run's last `keep` checkpoints, decoded greedily. Raises ValueError if it has none."""
    model, sp = train.load_run(run, keep)
    model.to(device)

    def teach(texts: list[str]) -> list[Lesson]:
        outputs = train.decode(model, sp, texts, device)
        nats = train.nats(model, sp, texts, outputs, device)
        scores = [-n / (len(ids) + 1) for n, ids in zip(nats, sp.encode(outputs), strict=True)]
        return [
            Lesson(source, text, score, (*fidelity.check(source, text), *["unsure"] * fidelity.is_unsure(score)))
            for source, text, score in zip(texts, outputs, scores, strict=True)
        ]

    return teach


def packed_texts(file: Path, sp: Any, most: int) -> list[str]:
    """The first `most` sentences of a packed monolingual set; ValueError if it is not there."""
    if not file.is_file():
        raise ValueError(f"{file} is not there: name its text in a recipe's `mono` and pack it (models.pack --add)")
    packed = np.load(file)
    flat, offset = packed["t"], packed["to"][: most + 1]
    return [sp.decode(flat[a:b].tolist()) for a, b in pairwise(offset)]


def lessons(teach: Teacher, texts: list[str], stop: float) -> Iterator[Lesson]:
    """What `teach` makes of `texts`, until the clock `stop` (time.time()) has come."""
    for start in range(0, len(texts), STEP):
        if time.time() >= stop:
            return
        yield from teach(texts[start : start + STEP])


def surest(found: list[Lesson], share: float) -> list[Lesson]:
    """Those without a flag, in their order; of these the `share` (0 to 1) with the highest scores."""
    sound = [lesson for lesson in found if not lesson.flags]
    if not sound:
        return []
    least = sorted((lesson.score for lesson in sound), reverse=True)[max(1, round(share * len(sound))) - 1]
    return [lesson for lesson in sound if lesson.score >= least]


def distil(packed: Path, name: str, teach: Teacher, most: int, minutes: float, share: float) -> str:
    """Write PACK/st-NAME.npz; returns a line that says what was kept and why the rest was not."""
    sp = sentencepiece.SentencePieceProcessor(model_file=str(packed / "joint.spm"))
    texts = packed_texts(packed / f"mono-{name}.npz", sp, most)
    found = list(lessons(teach, texts, time.time() + 60 * minutes))
    kept = surest(found, share)
    rows = [sp.encode([side for side in (lesson.source, lesson.text)]) for lesson in kept]
    rows = [row for row in rows if all(0 < len(ids) <= pack.LONGEST for ids in row)]
    if not rows:
        raise ValueError(f"none of {len(found)} translations of {name} can be trusted: {_reasons(found)}")
    source, target = ([np.array(row[i], np.uint16) for row in rows] for i in (0, 1))
    pack.save(packed / f"st-{name}.npz", s=source, t=target)
    return f"{name}: {len(rows)} of {len(found)} translations kept; flags: {_reasons(found)}"


def _reasons(found: list[Lesson]) -> str:
    counts = Counter(chain.from_iterable(lesson.flags for lesson in found))
    return ", ".join(f"{flag} {count}" for flag, count in counts.most_common()) or "none"


def main(argv: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m models.distil", description="Arabic news -> pairs to learn from.")
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--text", required=True, help="a packed monolingual Arabic text")
    teachers = parser.add_mutually_exclusive_group(required=True)
    teachers.add_argument("--model", help="a name or folder as models.registry knows them")
    teachers.add_argument("--run", type=Path, help="a training run")
    parser.add_argument("--keep", type=int, default=4, help="of --run: checkpoints to average")
    parser.add_argument("--beam", type=int, default=4, help="of --model")
    parser.add_argument("--threads", type=int, default=1, help="of --model")
    parser.add_argument("--most", type=int, default=10**9, help="translate the first so many sentences")
    parser.add_argument("--minutes", type=float, default=1e6, help="stop after about so many")
    parser.add_argument("--share", type=float, default=1.0, help="of those without a flag keep the surest share")
    args = parser.parse_args(argv)
    try:
        if args.model:
            teach = model_teacher(args.model, args.beam, args.threads)
        else:
            teach = run_teacher(args.run, args.keep, train.available_device())
        print(distil(args.pack, args.text, teach, args.most, args.minutes, args.share))
    except (MujazError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
